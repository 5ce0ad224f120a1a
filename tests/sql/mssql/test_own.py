"""What SQLAlchemy's dialect of SQL Server has not: MERGE for upsert(), options of tables, the type JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    JSON,
    Column,
    DateTime,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    Unicode,
    exc,
    func,
    select,
    upsert,
)
from relvar.dialects import mssql
from relvar.dialects.mssql.names import schema_parts
from relvar.schema import CreateTable

sys.path.insert(0, str(Path(__file__).parent))

from tsql_grammar import once, unparsable  # beside this file, not a package

m = MetaData()
pages = Table(
    "pages",
    m,
    Column("id", Integer, primary_key=True),
    Column("address", Unicode(50), unique=True),
    Column("reads", Integer, default=1),
    Column("since", DateTime, server_default=func.getdate()),
)
two = Table(
    "two",
    m,
    Column("a", Integer, primary_key=True, autoincrement=False),
    Column("order", String(10), primary_key=True),
    Column("doc", JSON),
    schema="s",
)
put = upsert(pages).on_conflict(pages.c.address)
recent = select(pages.c.address).where(pages.c.id > 5).cte("recent")


def text_of(statement: Any, **options: Any) -> str:
    return " ".join(str(statement.compile(dialect=mssql.dialect(**options))).split())


SOURCE = "MERGE INTO pages WITH (HOLDLOCK) USING (SELECT CAST(:address AS NVARCHAR(50)) AS address"
ON = "AS excluded ON (pages.address = excluded.address)"
MERGES: list[Any] = [
    (
        put.values(address="/", reads=4),
        f"""{SOURCE}, CAST(:reads AS INTEGER) AS reads) {ON}
        WHEN MATCHED THEN UPDATE SET reads = excluded.reads
        WHEN NOT MATCHED THEN INSERT (address, reads) VALUES (excluded.address, excluded.reads);""",
    ),
    (
        put.values(address="/").update(reads=pages.c.reads + put.excluded.reads).where(pages.c.reads < 9),
        f"""{SOURCE}, CAST(:reads AS INTEGER) AS reads) {ON}
        WHEN MATCHED AND pages.reads < :reads_1 THEN UPDATE SET reads = (pages.reads + excluded.reads)
        WHEN NOT MATCHED THEN INSERT (address, reads) VALUES (excluded.address, excluded.reads);""",
    ),
    (
        put.values(address="/").do_nothing().returning(pages.c.id, pages.c.address),
        f"""{SOURCE}) {ON}
        WHEN NOT MATCHED THEN INSERT (address, reads) VALUES (excluded.address, :reads)
        OUTPUT inserted.id, inserted.address;""",
    ),
    (
        put.from_select(["address"], select(recent.c.address)),
        f"""WITH recent AS (SELECT pages.address AS address FROM pages WHERE pages.id > :id_1)
        MERGE INTO pages WITH (HOLDLOCK) USING (SELECT anon_1.address AS address, anon_1.anon_2 AS reads
        FROM (SELECT recent.address AS address, :reads AS anon_2 FROM recent) AS anon_1) {ON}
        WHEN NOT MATCHED THEN INSERT (address, reads) VALUES (excluded.address, excluded.reads);""",
    ),
    (
        upsert(two).values([{"a": 1, "order": "x", "doc": {}}, {"a": 2, "order": "y", "doc": {}}]),
        """MERGE INTO s.two WITH (HOLDLOCK) USING (SELECT CAST(:a_m0 AS INTEGER) AS a,
        CAST(:order_m0 AS VARCHAR(10)) AS [order], CAST(:doc_m0 AS NVARCHAR(max)) AS doc UNION ALL
        SELECT CAST(:a_m1 AS INTEGER) AS a, CAST(:order_m1 AS VARCHAR(10)) AS [order],
        CAST(:doc_m1 AS NVARCHAR(max)) AS doc) AS excluded
        ON (s.two.a = excluded.a AND s.two.[order] = excluded.[order])
        WHEN MATCHED THEN UPDATE SET doc = excluded.doc
        WHEN NOT MATCHED THEN INSERT (a, [order], doc)
        VALUES (excluded.a, excluded.[order], excluded.doc);""",
    ),
]


@pytest.mark.parametrize(("statement", "expected"), MERGES)
def test_merge(statement: Any, expected: str) -> None:
    assert text_of(statement) == " ".join(expected.split())


def test_what_merge_can_not() -> None:
    numbered = Table(
        "numbered", MetaData(), Column("id", Integer, Sequence("q"), primary_key=True), Column("n", Integer)
    )
    for statement, message in [
        (put.values(address="/").update(id=5), "can't update id, an IDENTITY column"),
        (upsert(numbered).values(n=1).on_conflict("n"), "no NEXT VALUE FOR in MERGE: give a value for id"),
        (upsert(pages).on_any_conflict().values(address="/"), "name it with on_conflict"),
    ]:
        with pytest.raises(exc.CompileError, match=message):
            text_of(statement)


versioned = Table(
    "versioned",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer, mssql_sparse=True),
    Column("since", mssql.DATETIME2, nullable=False),
    Column("until", mssql.DATETIME2, nullable=False),
    mssql_period=("since", "until"),
    mssql_period_hidden=True,
    mssql_system_versioning="history of it",
)
elsewhere = Table(
    "elsewhere",
    m,
    Column("a", mssql.DATETIME2, nullable=False),
    Column("b", mssql.DATETIME2, nullable=False),
    mssql_period=("a", "b"),
    mssql_system_versioning=True,
    schema="s",
)
in_memory = Table(
    "in_memory",
    m,
    Column("id", Integer, autoincrement=False),
    PrimaryKeyConstraint("id", mssql_clustered=False),
    mssql_memory_optimized=True,
    mssql_durability="SCHEMA_ONLY",
)
compressed = Table(
    "compressed", m, Column("id", Integer), mssql_on="fast disks", mssql_data_compression="PAGE"
)
TABLES = [
    (
        versioned,
        """CREATE TABLE versioned ( id INTEGER NOT NULL IDENTITY, x INTEGER SPARSE NULL,
        since DATETIME2 GENERATED ALWAYS AS ROW START HIDDEN NOT NULL,
        until DATETIME2 GENERATED ALWAYS AS ROW END HIDDEN NOT NULL, PRIMARY KEY (id),
        PERIOD FOR SYSTEM_TIME (since, until) )
        WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.[history of it]))""",
    ),
    (
        elsewhere,
        """CREATE TABLE s.elsewhere ( a DATETIME2 GENERATED ALWAYS AS ROW START NOT NULL,
        b DATETIME2 GENERATED ALWAYS AS ROW END NOT NULL, PERIOD FOR SYSTEM_TIME (a, b) )
        WITH (SYSTEM_VERSIONING = ON)""",
    ),
    (
        in_memory,
        """CREATE TABLE in_memory ( id INTEGER NOT NULL, PRIMARY KEY NONCLUSTERED (id) )
        WITH (MEMORY_OPTIMIZED = ON, DURABILITY = SCHEMA_ONLY)""",
    ),
    (
        compressed,
        "CREATE TABLE compressed ( id INTEGER NULL ) ON [fast disks] WITH (DATA_COMPRESSION = PAGE)",
    ),
]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_options_of_tables(table: Any, expected: str) -> None:
    assert text_of(CreateTable(table)) == " ".join(expected.split())


def test_a_period_has_columns() -> None:
    wrong = Table("wrong", MetaData(), Column("a", mssql.DATETIME2), mssql_period=("a", "z"))
    with pytest.raises(exc.CompileError, match="mssql_period of wrong names 'z', which is no column of it"):
        text_of(CreateTable(wrong))


def test_native_json() -> None:
    assert text_of(JSON()) == "NVARCHAR(max)"
    assert text_of(JSON(), native_json=True) == "JSON"
    older = mssql.dialect(native_json=True)
    older.server_version_info = (16, 0)
    with pytest.raises(exc.CompileError, match="since SQL Server 2025"):
        JSON().compile(dialect=older)


def test_regular_expressions_since_2025() -> None:
    address = pages.c.address
    dialect = mssql.dialect()
    dialect.server_version_info = (17, 0, 1000, 7)
    statement = select(address.regexp_replace("a+", "b", "i"), address.regexp_replace("a+", "b")).where(
        address.regexp_match("^/"), ~address.regexp_match("x", flags="i")
    )
    assert " ".join(str(statement.compile(dialect=dialect)).split()) == (
        "SELECT REGEXP_REPLACE(pages.address, :address_1, :address_2, 1, 0, 'i') AS anon_1, "
        "REGEXP_REPLACE(pages.address, :address_3, :address_4) AS anon_2 FROM pages "
        "WHERE REGEXP_LIKE(pages.address, :address_5) AND NOT REGEXP_LIKE(pages.address, :address_6, 'i')"
    )
    dialect.server_version_info = (16, 0, 1000, 6)
    with pytest.raises(exc.CompileError, match="does not support regular expressions"):
        select(address.regexp_match("x")).compile(dialect=dialect)


def test_parts_of_schemas() -> None:
    for schema, parts in {
        "dbo": (None, "dbo"),
        "db.dbo": ("db", "dbo"),
        "[my.db].[own er]": ("my.db", "own er"),
        "server.db.dbo": ("server.db", "dbo"),
    }.items():
        assert schema_parts(schema) == parts


@once
def test_grammar() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "dialects" / "mssql"))
    from test_catalog import every_query

    texts = [text_of(statement) for statement, _ in MERGES]
    texts += [text_of(CreateTable(table)) for table, _ in TABLES]
    texts += every_query((16,))
    assert {text: pieces for text in texts if (pieces := unparsable(text))} == {}
