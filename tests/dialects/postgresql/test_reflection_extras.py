"""What only PostgreSQL's inspector tells: named types, foreign tables, OIDs, options, search paths."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Index, Integer, MetaData, Table, cast, create_engine, exc, inspect, select, text
from relvar.dialects import postgresql
from relvar.dialects.postgresql import ARRAY, DOMAIN, ENUM, pg_catalog
from relvar.schema import CreateTable

SETUP = """
CREATE SCHEMA s;
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TYPE s."Odd mood" AS ENUM ('x, y');
CREATE TYPE s.mood AS ENUM ('other');
CREATE DOMAIN small AS INTEGER DEFAULT 5 NOT NULL CONSTRAINT is_positive CHECK (VALUE > 0)
  CONSTRAINT is_small CHECK (VALUE < 100);
CREATE DOMAIN s.email AS VARCHAR(50) COLLATE "C" CHECK (VALUE ~ '@');
CREATE DOMAIN s.moody AS mood;
CREATE TABLE parent (id SERIAL PRIMARY KEY, name VARCHAR(5));
CREATE TABLE s.parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (
  id INTEGER PRIMARY KEY,
  near INTEGER CONSTRAINT near_fk REFERENCES parent, far INTEGER CONSTRAINT far_fk REFERENCES s.parent,
  m mood, o s."Odd mood"[], other s.mood, n small, e s.email, list small[], deep s.moody);
CREATE TABLE s.child (
  id INTEGER CONSTRAINT up_fk REFERENCES parent, own INTEGER CONSTRAINT own_fk REFERENCES s.parent);
CREATE VIEW seen AS SELECT id FROM parent;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM parent;
CREATE TABLE dup (a INTEGER, b INTEGER);
INSERT INTO dup VALUES (1, 1), (1, 2);
"""


@pytest.fixture
def filled(pg_engine: Any) -> Any:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(SETUP)
    return pg_engine


@pytest.mark.feature("E033")
def test_enums(filled: Any) -> None:
    inspector = inspect(filled)
    assert isinstance(inspector, postgresql.base.PGInspector)
    mood = {"name": "mood", "schema": "public", "visible": True, "labels": ["sad", "it's ok", "happy"]}
    odd = {"name": "Odd mood", "schema": "s", "visible": False, "labels": ["x, y"]}
    other = {"name": "mood", "schema": "s", "visible": False, "labels": ["other"]}
    assert inspector.get_enums() == [mood]
    assert inspector.get_enums(schema="s") == [odd, other]
    assert inspector.get_enums(schema="*") == [mood, odd, other]
    assert inspector.get_enums(schema="nope") == []


@pytest.mark.feature("E033")
def test_domains(filled: Any) -> None:
    inspector = inspect(filled)
    (small,) = inspector.get_domains()
    assert small == {
        "name": "small",
        "schema": "public",
        "visible": True,
        "type": "integer",
        "nullable": False,
        "default": "5",
        "constraints": [
            {"name": "is_positive", "check": "VALUE > 0"},
            {"name": "is_small", "check": "VALUE < 100"},
        ],
        "collation": None,
        "collation_schema": None,
    }
    email, moody = inspector.get_domains(schema="s")
    assert (email["name"], email["type"], email["collation"]) == ("email", "character varying(50)", "C")
    assert email["constraints"] == [{"name": "email_check", "check": "VALUE::text ~ '@'::text"}]
    assert (moody["name"], moody["type"]) == ("moody", "mood")
    names = [domain["name"] for domain in inspector.get_domains(schema="*")]
    assert {"small", "email", "moody"} <= set(names)


@pytest.mark.feature("E033")
def test_types_of_columns(filled: Any) -> None:
    found = {column["name"]: column for column in inspect(filled).get_columns("child")}
    types = {name: column["type"] for name, column in found.items()}
    assert isinstance(types["m"], ENUM)
    assert (types["m"].name, types["m"].schema, types["m"].enums) == (
        "mood",
        None,
        ["sad", "it's ok", "happy"],
    )
    assert (types["other"].name, types["other"].schema) == ("mood", "s")
    assert isinstance(types["o"], ARRAY)
    assert (types["o"].item_type.name, types["o"].item_type.schema) == ("Odd mood", "s")
    small = types["n"]
    assert isinstance(small, DOMAIN)
    assert isinstance(small.data_type, Integer)
    assert (small.default, small.not_null, small.constraint_name) == ("5", True, "is_positive")
    assert (types["m"].create_type, small.create_type) == (True, False)
    assert (found["n"]["nullable"], found["n"]["default"]) == (False, "5")
    assert (types["e"].schema, types["e"].collation, types["e"].data_type.length) == ("s", "C", 50)
    assert isinstance(types["list"].item_type, DOMAIN)
    assert isinstance(types["deep"].data_type, ENUM)
    written = str(CreateTable(Table("child", MetaData(), autoload_with=filled)).compile(filled))
    for line in ("m mood", 'o s."Odd mood"[]', "other s.mood", "n small", "e s.email", "list small[]"):
        assert line in written


@pytest.mark.feature("E033")
def test_oids_and_types(filled: Any) -> None:
    inspector = inspect(filled)
    with filled.connect() as connection:
        for name, schema in [("parent", None), ("parent", "s"), ("seen", None), ("kept", None)]:
            qualified = f"{schema or 'public'}.{name}"
            expected = connection.scalar(text(f"SELECT CAST('{qualified}' AS regclass)::oid"))
            assert inspector.get_table_oid(name, schema=schema) == expected
    with pytest.raises(exc.NoSuchTableError, match="nope"):
        inspector.get_table_oid("nope")
    with pytest.raises(exc.NoSuchTableError):
        inspector.get_table_oid("dup", schema="s")
    for name, schema, expected in [
        ("mood", None, True),
        ("mood", "s", True),
        ("Odd mood", "s", True),
        ("Odd mood", None, False),
        ("small", None, True),
        ("email", "*", True),
        ("email", None, False),
        ("parent", None, True),  # a table is a type
        ("nope", None, False),
        ("int4", None, False),  # those of the system are asked for with their schema
        ("int4", "pg_catalog", True),
    ]:
        assert inspector.has_type(name, schema=schema) is expected, name
    assert not inspector.has_table("pg_class")
    assert inspector.has_table("pg_class", schema="pg_catalog")


@pytest.mark.feature("E033")
def test_foreign_tables(filled: Any) -> None:
    with filled.begin() as connection:
        connection.exec_driver_sql(
            "CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;"
            "CREATE FOREIGN TABLE far_table (a INTEGER, b TEXT NOT NULL DEFAULT 'x') SERVER far;"
            "CREATE FOREIGN TABLE s.far_table (c mood) SERVER far"
        )
    inspector = inspect(filled)
    assert inspector.get_foreign_table_names() == ["far_table"]
    assert inspector.get_foreign_table_names(schema="s") == ["far_table"]
    assert "far_table" not in inspector.get_table_names()
    assert inspector.has_table("far_table")
    table = Table("far_table", MetaData(), autoload_with=filled)
    assert (table.c.keys(), table.c.b.nullable, table.c.b.server_default.arg.text) == (
        ["a", "b"],
        False,
        "'x'::text",
    )


@pytest.mark.feature("E033")
def test_invalid_indexes(filled: Any) -> None:
    """An index whose concurrent creation failed stays, unusable; the inspector says so."""
    table = Table("dup", MetaData(), autoload_with=filled)
    index = Index("once", table.c.a, unique=True, postgresql_concurrently=True)
    with pytest.raises(exc.IntegrityError):
        index.create(filled.execution_options(isolation_level="AUTOCOMMIT"))
    with filled.connect() as connection:
        valid = text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass")
        assert connection.scalar(valid) is False
    inspector = inspect(filled)
    (found,) = inspector.get_indexes("dup")
    assert found["dialect_options"]["postgresql_invalid"] is True
    assert (found["name"], found["column_names"], found["unique"]) == ("once", ["a"], True)
    (reflected,) = Table("dup", MetaData(), autoload_with=filled).indexes
    assert (reflected.name, "postgresql_invalid" in reflected.dialect_kwargs) == ("once", False)
    index.drop(filled.execution_options(isolation_level="AUTOCOMMIT"))
    assert not inspect(filled).has_index("dup", "once")
    Index("ready", table.c.b).create(filled)
    (found,) = inspect(filled).get_indexes("dup")
    assert "postgresql_invalid" not in found["dialect_options"]


@pytest.mark.feature("E033")
def test_options_of_tables(filled: Any) -> None:
    with filled.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE heir () INHERITS (parent, dup) WITH (fillfactor = 50, autovacuum_enabled = false);"
            "CREATE TABLE parted (a INTEGER) PARTITION BY LIST (a);"
            "CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1) TABLESPACE pg_default"
        )
    inspector = inspect(filled)
    with_ = {"fillfactor": "50", "autovacuum_enabled": "false"}
    assert inspector.get_table_options("heir") == {
        "postgresql_inherits": ("parent", "dup"),
        "postgresql_with": with_,
    }
    assert inspector.get_table_options("parent") == {}
    assert inspector.get_table_options("part_1") == {"postgresql_inherits": ("parted",)}
    table = Table("heir", MetaData(), autoload_with=filled)
    assert table.dialect_options["postgresql"]["inherits"] == ("parent", "dup")
    assert table.dialect_kwargs["postgresql_with"] == with_
    written = str(CreateTable(table).compile(filled))
    assert "INHERITS (parent, dup)\n WITH (fillfactor = 50, autovacuum_enabled = false)" in written
    multi = inspector.get_multi_table_options(filter_names=["heir", "parent"])
    assert set(multi) == {(None, "heir"), (None, "parent")}


@pytest.mark.feature("E033")
def test_search_path(filled: Any) -> None:
    """A schema is left out where the search path finds the table without it."""
    inspector = inspect(filled)

    def referred(inspector: Any, table: str, schema: str | None, **options: Any) -> dict[str, Any]:
        found = inspector.get_foreign_keys(table, schema=schema, **options)
        return {key["name"]: key["referred_schema"] for key in found}

    assert referred(inspector, "child", None) == {"near_fk": None, "far_fk": "s"}
    assert referred(inspector, "child", "s") == {"up_fk": None, "own_fk": "s"}
    along = create_engine(filled.url.update_query_dict({"options": "-csearch_path=public,s"}))
    try:
        with along.connect() as connection:
            inspector = inspect(connection)
            assert inspector.default_schema_name == "public"
            names = inspector.get_foreign_keys("child", schema="s")
            assert {key["name"] for key in names} == {"up_fk", "own_fk"}
            tables = {}
            for ignore in (False, True):
                metadata = MetaData()
                Table(
                    "child",
                    metadata,
                    schema="s",
                    autoload_with=connection,
                    postgresql_ignore_search_path=ignore,
                )
                tables[ignore] = sorted(metadata.tables)
            assert tables == {
                False: ["parent", "s.child", "s.parent"],
                True: ["parent", "s.child", "s.parent"],
            }
            assert inspector.get_enums() and inspector.has_type("Odd mood")
    finally:
        along.dispose()


@pytest.mark.feature("E033")
def test_search_path_hides_the_schema(filled: Any) -> None:
    with filled.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE s.only_here (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE refers (id INTEGER REFERENCES s.only_here)")
    along = create_engine(filled.url.update_query_dict({"options": "-csearch_path=public,s"}))
    try:
        for options, expected in [
            ({}, ["only_here", "refers"]),
            ({"postgresql_ignore_search_path": False}, ["only_here", "refers"]),
            ({"postgresql_ignore_search_path": True}, ["refers", "s.only_here"]),
        ]:
            metadata = MetaData()
            Table("refers", metadata, autoload_with=along, **options)
            assert sorted(metadata.tables) == expected
            inspector = inspect(along)
            (key,) = inspector.get_foreign_keys("refers", **options)
            assert key["referred_schema"] == ("s" if expected[1] == "s.only_here" else None)
        metadata = MetaData()
        metadata.reflect(along, only=["refers"], postgresql_ignore_search_path=True)
        assert sorted(metadata.tables) == ["refers", "s.only_here"]
    finally:
        along.dispose()


def test_catalogs_as_tables(filled: Any) -> None:
    tables = pg_catalog.pg_catalog_meta.tables.values()
    assert len(tables) == 15
    with filled.connect() as connection:
        for table in tables:
            connection.execute(select(table).limit(3)).all()  # every column is there
        relations, spaces = pg_catalog.pg_class, pg_catalog.pg_namespace
        kept = (
            select(relations.c.relname, pg_catalog.pg_get_viewdef(relations.c.oid))
            .join(spaces, spaces.c.oid == relations.c.relnamespace)
            .where(relations.c.relkind == "m", spaces.c.nspname == "public")
        )
        ((name, definition),) = connection.execute(kept)
        assert (name, definition.split()[-2:]) == ("kept", ["FROM", "parent;"])
        indexes = pg_catalog.pg_index
        keys = select(indexes.c.indkey, indexes.c.indclass).where(
            indexes.c.indrelid == cast("parent", postgresql.REGCLASS)
        )
        found = connection.execute(keys).one()
        assert found.indkey == [1]
        assert [type(oid) for oid in found.indclass] == [int]


def test_tables_are_looked_for_at_once(pg_engine: Any, sql_log: Any) -> None:
    metadata = MetaData()
    for number in range(5):
        Table(f"t{number}", metadata, Column("id", Integer))
    log = sql_log(pg_engine)
    for run in (metadata.create_all, metadata.create_all, metadata.drop_all, metadata.drop_all):
        log.clear()
        run(pg_engine)
        assert [text.startswith("SELECT") for text in log.texts()].count(True) == 1
    with pg_engine.begin() as connection:
        metadata.tables["t1"].create(connection)
        found = pg_engine.dialect.has_multi_table(connection, ["t0", "t1", "pg_class"])
        assert found == {(None, "t0"): False, (None, "t1"): True, (None, "pg_class"): False}
        assert pg_engine.dialect.has_multi_table(connection, ["t1"], schema="s") == {("s", "t1"): False}
