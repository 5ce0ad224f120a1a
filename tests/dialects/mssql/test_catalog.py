"""
Reflection of SQL Server: what is asked for is documented for each version, and how each row is read.

The rows are given here, not by a server; ``test_bulk_reflection.py`` runs the queries.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relvar import MetaData, Table, create_engine, exc
from relvar import types as sqltypes
from relvar.dialect.answers import ObjectKind, ObjectScope
from relvar.dialects import mssql
from relvar.dialects.mssql.catalog import _NAMES_AT_ONCE
from relvar.schema import CreateIndex, CreateTable

sys.path.insert(0, str(Path(__file__).parent))

from mssql_documented import COLUMNS  # beside this file, not a package

_VIEW = re.compile(r"\bsys\.(\w+) AS (\w+)\b")
_COLUMN = re.compile(r"(?<![.\w\]])([a-z]{1,2})\.\[?(\w+)\b")


class Connection:
    """Notes queries, and answers each with the rows that were put in for a piece of its text."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers
        self.queries: list[str] = []
        self.parameters: list[dict[str, Any]] = []

    def execute(self, statement: Any, parameters: Any) -> Any:
        query = str(statement)
        self.queries.append(query)
        self.parameters.append(parameters)
        rows = next((rows for piece, rows in self.answers.items() if f"sys.{piece} " in query), [])
        return type("Result", (), {"all": lambda self: rows})()


def make_dialect(version: tuple[int, ...] = (16,)) -> Any:
    dialect = mssql.dialect()
    dialect.server_version_info = version
    dialect.default_schema_name = "dbo"
    return dialect


def every_query(version: tuple[int, ...]) -> Iterator[str]:
    dialect = make_dialect(version)
    connection = Connection(sql_modules=[("CREATE VIEW v AS SELECT 1 AS a",)])
    every = {"kind": ObjectKind.ANY, "scope": ObjectScope.ANY}
    for schema in (None, "my db.own"):
        for fact in (
            "columns",
            "pk_constraint",
            "unique_constraints",
            "foreign_keys",
            "indexes",
            "check_constraints",
            "table_comment",
            "table_options",
        ):
            ask = getattr(dialect, f"get_multi_{fact}")
            list(ask(connection, schema=schema, filter_names=["a", "#b"], **every))
            list(ask(connection, schema=schema, **every))
        for names in ("schema", "table", "view", "temp_table", "sequence"):
            getattr(dialect, f"get_{names}_names")(connection, schema=schema)
        dialect.get_view_definition(connection, "v", schema)
        dialect.has_table(connection, "t", schema)
        dialect.has_sequence(connection, "q", schema)
        dialect.has_schema(connection, schema or "dbo")
    yield from dict.fromkeys(connection.queries)


@pytest.mark.parametrize("version", [(10,), (12,), (16,)])
def test_columns_are_documented(version: tuple[int, ...]) -> None:
    for query in every_query(version):
        views = {alias: view for view, alias in _VIEW.findall(query)}
        assert views, query
        read = [(views[alias], column) for alias, column in _COLUMN.findall(query)]
        assert read, query
        assert not {(view, column) for view, column in read if column not in COLUMNS[view]}, query
        if version < (13,):
            assert "periods" not in views.values()
            assert not {("tables", "history_table_id"), ("tables", "temporal_type")} & set(read)
        if version < (12,):
            assert ("tables", "is_memory_optimized") not in read


def column(name: str, type_name: str, **facts: Any) -> tuple[Any, ...]:
    given = {
        "base": type_name,
        "length": 4,
        "precision": 0,
        "scale": 0,
        "collation": None,
        "nullable": True,
        "default": None,
        "computed": None,
        "persisted": None,
        "seed": None,
        "increment": None,
        "identity": False,
        "filestream": False,
        "sparse": False,
        "comment": None,
        **facts,
    }
    return ("t", name, type_name, *given.values())


def test_many_tables_are_one_query_each() -> None:
    dialect = make_dialect()
    connection = Connection(columns=[column("id", "int"), ("u", *column("n", "bigint")[1:])])
    names = [f"t{n}" for n in range(_NAMES_AT_ONCE)]
    found = dict(dialect.get_multi_columns(connection, filter_names=names))
    assert len(connection.queries) == 1
    assert {key: [c["name"] for c in columns] for key, columns in found.items()} == {
        (None, "t"): ["id"],
        (None, "u"): ["n"],
    }
    # more names than parameters fit
    dict(dialect.get_multi_columns(connection, filter_names=[*names, "more"]))
    assert [len(p["names"]) for p in connection.parameters[1:]] == [_NAMES_AT_ONCE, 1]


TYPES = [
    (column("c", "int"), "INTEGER"),
    (
        column("c", "nvarchar", length=60, collation="Latin1_General_BIN"),
        "NVARCHAR(30) COLLATE Latin1_General_BIN",
    ),
    (column("c", "nvarchar", length=-1), "NVARCHAR(max)"),
    (column("c", "varchar", length=30), "VARCHAR(30)"),
    (column("c", "nchar", length=6), "NCHAR(3)"),
    (column("c", "char", length=6), "CHAR(6)"),
    (column("c", "text", length=16), "TEXT"),
    (column("c", "ntext", length=16), "NTEXT"),
    (column("c", "xml", length=-1), "XML"),
    (column("c", "binary", length=8), "BINARY(8)"),
    (column("c", "varbinary", length=8), "VARBINARY(8)"),
    (column("c", "varbinary", length=-1, filestream=True), "VARBINARY(max) FILESTREAM"),
    (column("c", "decimal", length=9, precision=10, scale=2), "DECIMAL(10, 2)"),
    (column("c", "numeric", length=9, precision=10, scale=2), "NUMERIC(10, 2)"),
    (column("c", "float", length=8, precision=53), "FLOAT(53)"),
    (column("c", "real", precision=24), "REAL"),
    (column("c", "datetime2", length=7, precision=23, scale=3), "DATETIME2(3)"),
    (column("c", "datetimeoffset", length=10, precision=34, scale=7), "DATETIMEOFFSET"),
    (column("c", "time", length=5, precision=16, scale=7), "TIME"),
    (column("c", "datetime", length=8, precision=23, scale=3), "DATETIME"),
    (column("c", "money", length=8, precision=19, scale=4), "MONEY"),
    (column("c", "uniqueidentifier", length=16), "UNIQUEIDENTIFIER"),
    (column("c", "timestamp", length=8), "TIMESTAMP"),
    (column("c", "sql_variant", length=8016), "SQL_VARIANT"),
    (column("c", "bit", length=1), "BIT"),
    # of SQL Server 2025; without native_json documents are kept as text
    (column("c", "json", length=-1), "NVARCHAR(max)"),
    # a type that users made
    (column("c", "Phone", base="nvarchar", length=40), "NVARCHAR(20)"),
]


@pytest.mark.parametrize(("row", "expected"), TYPES)
def test_types(row: Any, expected: str) -> None:
    dialect = make_dialect()
    ((_, [found]),) = dialect.get_multi_columns(Connection(columns=[row]))
    assert found["type"].compile(dialect=dialect) == expected


def test_the_type_json_is_reflected_as_such() -> None:
    dialect = make_dialect()
    dialect.native_json, dialect.server_version_info = True, (17,)
    ((_, [found]),) = dialect.get_multi_columns(Connection(columns=[column("c", "json", length=-1)]))
    assert isinstance(found["type"], mssql.JSON)
    assert found["type"].compile(dialect=dialect) == "JSON"


def test_types_that_are_not_known() -> None:
    with pytest.warns(exc.SAWarning, match="Did not recognize type 'geography' of column 'c'"):
        ((_, [found]),) = make_dialect().get_multi_columns(
            Connection(columns=[column("c", "geography", base=None, length=-1)])
        )
    assert found["type"] is sqltypes.NULLTYPE


def test_columns() -> None:
    connection = Connection(
        columns=[
            column(
                "id",
                "decimal",
                nullable=False,
                identity=True,
                seed=Decimal(5),
                increment=Decimal(10),
                precision=9,
            ),
            column("a", "int", default="((1))", comment="what it is"),
            column("b", "int", computed="([a]+(1))", persisted=True),
            column("s", "int", sparse=True),
        ]
    )
    dialect = make_dialect()
    columns = dialect.get_columns(connection, "t")
    for found in columns:
        del found["type"]
    usual = {"nullable": True, "default": None, "autoincrement": False, "comment": None}
    assert columns == [
        {**usual, "name": "id", "nullable": False, "autoincrement": True}
        | {"identity": {"start": 5, "increment": 10}},
        {**usual, "name": "a", "default": "((1))", "comment": "what it is"},
        {**usual, "name": "b", "computed": {"sqltext": "([a]+(1))", "persisted": True}},
        {**usual, "name": "s", "dialect_options": {"mssql_sparse": True}},
    ]
    assert connection.parameters == [{"owner": "dbo", "names": ["t"]}]
    with pytest.raises(exc.NoSuchTableError, match=r"^s\.nothing$"):
        dialect.get_columns(Connection(), "nothing", schema="s")


def test_keys() -> None:
    dialect = make_dialect()
    rows = [("t", "pk_t", "b", 1, None), ("t", "pk_t", "a", 1, None), ("u", None, None, None, None)]
    assert dict(dialect.get_multi_pk_constraint(Connection(key_constraints=rows))) == {
        (None, "t"): {
            "name": "pk_t",
            "constrained_columns": ["b", "a"],
            "comment": None,
            "dialect_options": {"mssql_clustered": True},
        },
        (None, "u"): {"name": None, "constrained_columns": []},
    }
    rows = [("t", "one", "a", 2, "why"), ("t", "two", "b", 2, None)]
    found = dialect.get_unique_constraints(Connection(key_constraints=rows), "t")
    assert [(k["name"], k["column_names"], k["comment"]) for k in found] == [
        ("one", ["a"], "why"),
        ("two", ["b"], None),
    ]


def test_foreign_keys() -> None:
    dialect = make_dialect()
    rows = [
        ("t", "fk1", "a", "dbo", "u", "x", "NO_ACTION", "CASCADE"),
        ("t", "fk1", "b", "dbo", "u", "y", "NO_ACTION", "CASCADE"),
        ("t", "fk2", "c", "far", "w", "id", "SET_NULL", "NO_ACTION"),
    ]
    first, second = dialect.get_foreign_keys(Connection(foreign_keys=rows), "t")
    assert first == {
        "name": "fk1",
        "constrained_columns": ["a", "b"],
        "referred_schema": None,
        "referred_table": "u",
        "referred_columns": ["x", "y"],
        "options": {"onupdate": "CASCADE"},
    }
    assert (second["referred_schema"], second["options"]) == ("far", {"ondelete": "SET NULL"})
    there = dialect.get_foreign_keys(Connection(foreign_keys=rows), "t", schema="db.dbo")
    assert [key["referred_schema"] for key in there] == ["db.dbo", "db.far"]


def test_indexes() -> None:
    rows = [
        ("t", "cc", 5, False, False, None, "a", False, True),
        ("t", "filtered", 2, True, False, "([a]>(5))", "a", True, False),
        ("t", "filtered", 2, True, False, "([a]>(5))", "b", False, False),
        ("t", "filtered", 2, True, False, "([a]>(5))", "c", False, True),
        ("t", "nc", 6, False, False, None, "a", False, True),
        ("t", "uq", 1, True, True, None, "d", False, False),
    ]
    found = {index["name"]: index for index in make_dialect().get_indexes(Connection(indexes=rows), "t")}
    assert found["filtered"] == {
        "name": "filtered",
        "unique": True,
        "column_names": ["a", "b"],
        "column_sorting": {"a": ("desc",)},
        "include_columns": ["c"],
        "dialect_options": {
            "mssql_clustered": False,
            "mssql_include": ["c"],
            "mssql_where": "([a]>(5))",
        },
    }
    assert (found["cc"]["column_names"], found["nc"]["column_names"]) == ([], ["a"])
    assert found["cc"]["dialect_options"]["mssql_columnstore"]
    assert found["cc"]["dialect_options"]["mssql_clustered"]
    assert found["uq"]["duplicates_constraint"] == "uq"


def test_checks_comments_options() -> None:
    dialect = make_dialect()
    rows: list[Any] = [("t", "ck", "([a]>(0))")]
    assert dialect.get_check_constraints(Connection(check_constraints=rows), "t") == [
        {"name": "ck", "sqltext": "[a]>(0)"}
    ]
    rows = [("t", "words"), ("u", None)]
    assert dict(dialect.get_multi_table_comment(Connection(extended_properties=rows))) == {
        (None, "t"): {"text": "words"},
        (None, "u"): {"text": None},
    }
    rows = [
        ("m", 1, True, "SCHEMA_ONLY", None, None, None, None),
        ("v", 2, False, "SCHEMA_AND_DATA", "dbo", "v_history", "since", "until"),
        ("x", 3, False, "SCHEMA_AND_DATA", None, None, None, None),
    ]
    assert dict(dialect.get_multi_table_options(Connection(tables=rows))) == {
        (None, "m"): {"mssql_memory_optimized": True, "mssql_durability": "SCHEMA_ONLY"},
        (None, "v"): {"mssql_system_versioning": "dbo.v_history", "mssql_period": ("since", "until")},
        (None, "x"): {},
    }
    dialect.supports_comments = False
    with pytest.raises(NotImplementedError, match="comments"):
        dialect.get_table_comment(Connection(), "t")


def test_where_tables_are() -> None:
    dialect = make_dialect()
    connection = Connection(objects=[("#t______0001", 1)])
    # a temporary table has another name in the catalog
    assert dialect.has_table(connection, "#t")
    assert "tempdb.sys.objects" in connection.queries[-1]
    assert connection.parameters[-1] == {"temporary": "tempdb..[#t]"}
    connection = Connection(objects=[("T", 1)])
    assert dialect.has_multi_table(connection, ["t", "u"]) == {(None, "t"): True, (None, "u"): False}
    dialect.get_table_names(connection, schema="[my.db].[own.er]")
    assert "[my.db].sys.objects" in connection.queries[-1]
    assert connection.parameters[-1] == {"owner": "own.er"}


def test_a_table_is_loaded_and_written_again() -> None:
    """Through an engine, a `Table`, and back to CREATE TABLE; the driver is a recorder."""
    import mssql_calls as calls  # a module beside this file, not needed for anything else here
    import mssql_recorder as recorder

    recorder.answers[:] = [
        (
            "sys.identity_columns",
            [
                column("id", "int", nullable=False, identity=True, seed=Decimal(5), increment=Decimal(10)),
                column("name", "nvarchar", length=60, collation="Latin1_General_BIN", comment="what"),
                column("n", "int", default="((7))", sparse=True),
                column("twice", "int", computed="([n]*(2))", persisted=True),
                column("since", "datetime2", nullable=False, scale=7),
                column("until", "datetime2", nullable=False, scale=7),
            ],
        ),
        ("k.type = 'PK'", [("t", "pk_t", "id", 1, None)]),
        ("k.type = 'UQ'", [("t", "uq_t", "name", 2, None)]),
        ("sys.foreign_keys", [("t", "fk_t", "n", "dbo", "t", "id", "NO_ACTION", "NO_ACTION")]),
        (
            "sys.index_columns",
            [
                ("t", "ix", 2, False, False, "([n]>(5))", "n", False, False),
                ("t", "uq_t", 2, True, True, None, "name", False, False),
            ],
        ),
        ("sys.check_constraints", [("t", "ck", "([n]>(0))")]),
        ("sys.tables", [("t", 1, False, None, "dbo", "old_t", "since", "until")]),
        ("sys.extended_properties", [("t", "things")]),
        ("sys.objects", [("t", 1)]),
        *calls.ANSWERS,
    ]
    engine = create_engine("mssql+pyodbc://u:p@h/db?driver=D", module=recorder)
    table = Table("t", MetaData(), autoload_with=engine)
    assert table.comment == "things"
    assert " ".join(str(CreateTable(table).compile(engine)).split()) == (
        "CREATE TABLE t ( id INTEGER NOT NULL IDENTITY(5,10), "
        "name NVARCHAR(30) COLLATE Latin1_General_BIN NULL, n INTEGER SPARSE NULL DEFAULT ((7)), "
        "twice AS (([n]*(2))) PERSISTED, since DATETIME2 GENERATED ALWAYS AS ROW START NOT NULL, "
        "until DATETIME2 GENERATED ALWAYS AS ROW END NOT NULL, "
        "CONSTRAINT pk_t PRIMARY KEY CLUSTERED (id), CONSTRAINT fk_t FOREIGN KEY(n) REFERENCES t (id), "
        "CONSTRAINT uq_t UNIQUE NONCLUSTERED (name), CONSTRAINT ck CHECK ([n]>(0)), "
        "PERIOD FOR SYSTEM_TIME (since, until) ) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.old_t))"
    )
    (index,) = table.indexes
    assert str(CreateIndex(index).compile(engine)) == "CREATE NONCLUSTERED INDEX ix ON t (n) WHERE ([n]>(5))"
