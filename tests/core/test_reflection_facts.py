"""Single facts that databases tell, from schemas written in their own SQL."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import MetaData, Table, exc, inspect
from relvar.dialects import postgresql
from relvar.schema import CreateIndex, CreateTable


def _run(engine: Any, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.feature("C033")
def test_reflect_table_completes_a_table(engine: Any) -> None:
    _run(engine, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER, c INTEGER)")
    inspector = inspect(engine)
    some, rest = Table("t", MetaData()), Table("t", MetaData())
    inspector.reflect_table(some, include_columns=["a", "b"])
    inspector.reflect_table(rest, None, exclude_columns=["a"])
    assert (some.c.keys(), rest.c.keys()) == (["a", "b"], ["b", "c"])
    assert some.primary_key.columns.keys() == ["a"]
    with pytest.raises(exc.NoSuchTableError, match="^nobody$"):
        inspector.reflect_table(Table("nobody", MetaData()), None)


@pytest.mark.feature("C031")
def test_options_of_tables_of_postgresql(pg_engine: Any) -> None:
    _run(
        pg_engine,
        "CREATE TABLE parent (a INTEGER) WITH (fillfactor = 70)",
        "CREATE TABLE child (b INTEGER) INHERITS (parent)",
    )
    inspector = inspect(pg_engine)
    assert inspector.get_table_options("parent") == {"postgresql_with": {"fillfactor": "70"}}
    assert inspector.get_table_options("child") == {"postgresql_inherits": ("parent",)}
    metadata = MetaData()
    metadata.reflect(pg_engine)
    assert "WITH (fillfactor = 70)" in str(CreateTable(metadata.tables["parent"]).compile(pg_engine))
    assert "INHERITS (parent)" in str(CreateTable(metadata.tables["child"]).compile(pg_engine))
    with pytest.raises(exc.NoSuchTableError):
        inspector.get_table_options("nobody")


@pytest.mark.feature("C031")
def test_indexes_of_postgresql_are_written_as_they_were(pg_engine: Any) -> None:
    indexes = {
        "CREATE INDEX a ON t ((x + y), (x * 2) DESC, x DESC NULLS LAST)",
        "CREATE INDEX b ON t (name text_pattern_ops) WHERE (x > 5)",
        "CREATE UNIQUE INDEX c ON t (x) INCLUDE (y) NULLS NOT DISTINCT",
        "CREATE INDEX d ON t USING gin (doc jsonb_path_ops)",
        "CREATE INDEX e ON t (x) WITH (fillfactor = 50)",
    }
    _run(pg_engine, "CREATE TABLE t (x INTEGER, y INTEGER, name TEXT, doc JSONB)", *sorted(indexes))
    table = Table("t", MetaData(), autoload_with=pg_engine)
    assert {str(CreateIndex(index).compile(pg_engine)) for index in table.indexes} == indexes


@pytest.mark.feature("C033")
def test_types_of_other_schemas_of_postgresql(pg_engine: Any) -> None:
    _run(
        pg_engine,
        "CREATE SCHEMA other",
        'CREATE COLLATION other.mine FROM "C"',
        "CREATE TYPE other.mood AS ENUM ('x', 'it''s')",
        "CREATE DOMAIN other.code AS VARCHAR(9) COLLATE other.mine CONSTRAINT low CHECK (VALUE < 'm')",
        "CREATE SEQUENCE other.counter",
        "CREATE TABLE other.t (a other.mood, b other.code, c TEXT COLLATE other.mine, d REGCONFIG, "
        "e NUMERIC(3, -2), f INTEGER DEFAULT nextval('other.counter'))",
    )
    inspector = inspect(pg_engine)
    (domain,) = inspector.get_domains("other")
    assert (domain["collation"], domain["collation_schema"], domain["type"]) == (
        "mine",
        "other",
        "character varying(9)",
    )
    assert inspector.get_enums("other") == [
        {"name": "mood", "schema": "other", "visible": False, "labels": ["x", "it's"]}
    ]
    assert inspector.get_sequence_names("other") == ["counter"]
    types = {column["name"]: column["type"] for column in inspector.get_columns("t", schema="other")}
    assert isinstance(types["a"], postgresql.ENUM)
    assert (types["a"].schema, types["a"].enums) == ("other", ["x", "it's"])
    assert (types["b"].name, types["b"].data_type.length, types["b"].collation) == ("code", 9, "mine")
    assert (types["c"].collation, types["c"].collation_schema) == ("mine", "other")
    assert isinstance(types["d"], postgresql.REGCONFIG)
    assert (types["e"].precision, types["e"].scale) == (3, -2)


@pytest.mark.feature("C031")
def test_options_and_unique_columns_of_sqlite(sqlite_engine: Any) -> None:
    _run(
        sqlite_engine,
        "CREATE TABLE both (k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID",
        'CREATE TABLE odd (a INTEGER UNIQUE, "b""c" TEXT UNIQUE, d TEXT DEFAULT \'UNIQUE (a)\' CONSTRAINT u '
        "UNIQUE, e INT AS (a * 2) VIRTUAL, f INT AS (a + length(d)) STORED)",
        "CREATE TEMPORARY TABLE fleeting (a INTEGER UNIQUE)",
    )
    inspector = inspect(sqlite_engine)
    assert inspector.get_table_options("both") == {"sqlite_with_rowid": False, "sqlite_strict": True}
    assert inspector.get_table_options("odd") == {}
    found = {tuple(unique["column_names"]) for unique in inspector.get_unique_constraints("odd")}
    assert found == {("a",), ('b"c',), ("d",)}
    computed = {c["name"]: c["computed"] for c in inspector.get_columns("odd") if "computed" in c}
    assert computed == {
        "e": {"sqltext": "a * 2", "persisted": False},
        "f": {"sqltext": "a + length(d)", "persisted": True},
    }
    assert inspector.get_foreign_keys("fleeting", schema="temp") == []
    assert inspector.get_unique_constraints("fleeting", schema="temp")[0]["column_names"] == ["a"]
    again = Table("both", MetaData(), autoload_with=sqlite_engine)
    assert str(CreateTable(again).compile(sqlite_engine)).split("\n")[-4:-2] == [" WITHOUT ROWID,", " STRICT"]


@pytest.mark.feature("C031")
def test_partitions_and_defaults_of_mariadb(mariadb_engine: Any) -> None:
    _run(
        mariadb_engine,
        "CREATE TABLE hashed (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 4",
        "CREATE TABLE ranged (id INT PRIMARY KEY) PARTITION BY RANGE (id) "
        "(PARTITION p0 VALUES LESS THAN (9), PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "CREATE TABLE t (a BIT(3) DEFAULT b'101', b VARCHAR(9) DEFAULT (concat('a', 'b')), "
        "c INT, d INT AS (c + 1) STORED)",
    )
    inspector = inspect(mariadb_engine)
    hashed, ranged = inspector.get_table_options("hashed"), inspector.get_table_options("ranged")
    assert (hashed["mariadb_partition_by"], hashed["mariadb_partitions"]) == ("HASH (`id`)", "4")
    assert ranged["mariadb_partition_by"] == "RANGE (`id`)"
    assert ranged["mariadb_partition_definitions"] == (
        "PARTITION `p0` VALUES LESS THAN (9) ENGINE = InnoDB, "
        "PARTITION `p1` VALUES LESS THAN MAXVALUE ENGINE = InnoDB"
    )
    columns = {column["name"]: column for column in inspector.get_columns("t")}
    assert columns["a"]["default"] == "b'101'"
    assert columns["b"]["default"] == "concat('a','b')"
    assert columns["d"]["computed"] == {"sqltext": "(`c` + 1)", "persisted": True}
    metadata = MetaData()
    metadata.reflect(mariadb_engine, only=["hashed", "t"])
    metadata.drop_all(mariadb_engine)
    metadata.create_all(mariadb_engine)
    assert inspect(mariadb_engine).get_table_options("hashed") == hashed
