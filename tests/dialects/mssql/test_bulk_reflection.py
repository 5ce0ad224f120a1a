"""
Reflection of SQL Server: the queries that are sent to it, run.

On H2 in its mode for SQL Server, over ``sys`` views that have the columns and types, and the rows, which
Microsoft documents for the statements in `SCRIPT` (``mssql_documented.py``, ``mssql_catalog_rows.py``).
And on SQL Server itself after `SCRIPT`, where ``RELVAR_TEST_MSSQL`` has the URL of a database that may be
filled and emptied.  What is expected is the same.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, ClassVar

import pytest

from relvar import MetaData, StaticPool, create_engine, event, exc, inspect, make_url
from relvar.dialect.answers import ObjectKind, ObjectScope
from relvar.dialects import registry
from relvar.schema import CreateIndex, CreateTable
from relvar.types import NULLTYPE

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "sql" / "mssql")]

from mssql_catalog_rows import CatalogRows  # noqa: E402  # beside this file, not a package
from mssql_h2 import H2Dialect, Server, connect  # noqa: E402
from tsql_grammar import once, unparsable  # noqa: E402  # in that folder, not a package

URL = os.environ.get("RELVAR_TEST_MSSQL", "")

# what the catalog is after; `CatalogRows` has a call for each part
SCRIPT = [
    "CREATE SCHEMA sales",
    "CREATE TYPE dbo.Phone FROM nvarchar(20)",
    """
    CREATE TABLE dbo.countries (
        code nchar(2) NOT NULL, region int NOT NULL, name sysname NOT NULL, area geography NULL,
        CONSTRAINT pk_countries PRIMARY KEY CLUSTERED (region, code)
    )
    """,
    """
    CREATE TABLE sales.orders (
        id decimal(9, 0) NOT NULL IDENTITY(5, 10), region int NOT NULL, country nchar(2) NOT NULL,
        phone dbo.Phone NULL, price decimal(10, 2) NOT NULL CONSTRAINT df_price DEFAULT ((0)),
        amount int SPARSE NULL, total AS ([price]*[amount]), twice AS ([region]*(2)) PERSISTED,
        note varchar(max) COLLATE Latin1_General_BIN NULL, at datetime2(3) NULL, parent decimal(9, 0) NULL,
        CONSTRAINT pk_orders PRIMARY KEY NONCLUSTERED (id),
        CONSTRAINT uq_orders UNIQUE CLUSTERED (phone, at),
        CONSTRAINT fk_countries FOREIGN KEY (region, country) REFERENCES dbo.countries (region, code)
            ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT fk_parent FOREIGN KEY (parent) REFERENCES sales.orders (id),
        CONSTRAINT ck_orders CHECK ([amount]>(0))
    )
    """,
    """
    CREATE UNIQUE INDEX ix_open ON sales.orders (at DESC, region) INCLUDE (price, phone)
        WHERE ([region]>(5))
    """,
    "CREATE NONCLUSTERED COLUMNSTORE INDEX ix_columns ON sales.orders (price, region)",
    "CREATE TABLE dbo.heap (a int NULL)",
    "CREATE TABLE dbo.papers (id int NOT NULL CONSTRAINT pk_papers PRIMARY KEY, body xml NULL)",
    "CREATE PRIMARY XML INDEX ix_body ON dbo.papers (body)",
    """
    CREATE TABLE dbo.prices (
        id int NOT NULL CONSTRAINT pk_prices PRIMARY KEY,
        since datetime2 GENERATED ALWAYS AS ROW START NOT NULL,
        until datetime2 GENERATED ALWAYS AS ROW END NOT NULL,
        PERIOD FOR SYSTEM_TIME (since, until)
    ) WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = dbo.old_prices))
    """,
    "CREATE VIEW dbo.open_orders AS SELECT id, price FROM sales.orders WHERE region > 5",
    "CREATE SEQUENCE dbo.numbers",
    "EXEC sp_addextendedproperty 'MS_Description', 'what was ordered', 'schema', 'sales', 'table', 'orders'",
    "EXEC sp_addextendedproperty 'Caption', 'Orders', 'schema', 'sales', 'table', 'orders'",
    """
    EXEC sp_addextendedproperty 'MS_Description', 'to call back', 'schema', 'sales', 'table', 'orders',
        'column', 'phone'
    """,
    """
    EXEC sp_addextendedproperty 'MS_Description', 'by number', 'schema', 'sales', 'table', 'orders',
        'constraint', 'pk_orders'
    """,
    """
    EXEC sp_addextendedproperty 'MS_Description', 'of an index', 'schema', 'sales', 'table', 'orders',
        'index', 'ix_open'
    """,
    "CREATE TABLE #basket (id int NOT NULL PRIMARY KEY, what nvarchar(30) NULL)",
]
CLEANING = [
    "ALTER TABLE dbo.prices SET (SYSTEM_VERSIONING = OFF)",
    "DROP VIEW dbo.open_orders",
    "DROP SEQUENCE dbo.numbers",
    "DROP TABLE sales.orders, dbo.countries, dbo.heap, dbo.papers, dbo.prices, dbo.old_prices",
    "DROP TYPE dbo.Phone",
    "DROP SCHEMA sales",
]
EVERY = {"kind": ObjectKind.ANY, "scope": ObjectScope.ANY}
TABLES = ["countries", "heap", "old_prices", "papers", "prices"]


def fill_shop(connection: Any) -> CatalogRows:
    """Have the rows in the catalog that `SCRIPT` makes."""
    rows = CatalogRows(connection, ["dbo", "sales"])
    countries = rows.table("countries")
    rows.column(countries, "code", "nchar", max_length=4, is_nullable=0)
    rows.column(countries, "region", "int", is_nullable=0)
    rows.column(countries, "name", "sysname", max_length=256, is_nullable=0)
    rows.column(countries, "area", "geography")
    rows.key(countries, "PK", "pk_countries", ["region", "code"], "CLUSTERED")
    fill_orders(rows, countries)
    heap = rows.table("heap")
    rows.column(heap, "a", "int")
    rows.index(heap, "_WA_made_up", ["a"], is_hypothetical=1)
    papers = rows.table("papers")
    rows.column(papers, "id", "int", is_nullable=0)
    rows.column(papers, "body", "xml")
    rows.key(papers, "PK", "pk_papers", ["id"], "CLUSTERED")
    rows.index(papers, "ix_body", ["body"], "XML")
    # an XML index is an object, too
    rows.object("xml_index_nodes_1_256000", "IT", parent=papers)
    old = rows.table("old_prices", temporal_type=1, temporal_type_desc="HISTORY_TABLE")
    prices = rows.table("prices", temporal_type=2, history_table_id=old)
    for table in (prices, old):
        rows.column(table, "id", "int", is_nullable=0)
        rows.column(table, "since", "datetime2", is_nullable=0, scale=7)
        rows.column(table, "until", "datetime2", is_nullable=0, scale=7)
    rows.key(prices, "PK", "pk_prices", ["id"], "CLUSTERED")
    rows.index(old, "ix_old_prices", ["until", "since"], "CLUSTERED")
    rows.period(prices, "since", "until")
    view = rows.view("open_orders", SCRIPT[-8].strip())
    rows.column(view, "id", "decimal", precision=9, scale=0, is_nullable=0)
    rows.column(view, "price", "decimal", precision=10, scale=2, is_nullable=0)
    rows.sequence("numbers")
    # what a server brings along, and what is no relation
    rows.table("spt_fallback_db", is_ms_shipped=1)
    rows.object("a_procedure", "P")
    rows.object("a_synonym", "SN")
    return rows


def fill_orders(rows: CatalogRows, countries: int) -> None:
    orders = rows.table("orders", "sales")
    rows.column(orders, "id", "decimal", precision=9, scale=0, is_nullable=0, identity=(5, 10))
    rows.column(orders, "region", "int", is_nullable=0)
    rows.column(orders, "country", "nchar", max_length=4, is_nullable=0)
    rows.column(orders, "phone", "Phone", max_length=40, comment="to call back")
    rows.column(
        orders, "price", "decimal", precision=10, scale=2, is_nullable=0, default="((0))", schema="sales"
    )
    rows.column(orders, "amount", "int", is_sparse=1)
    rows.column(orders, "total", "decimal", precision=21, scale=2, computed="([price]*[amount])")
    rows.column(orders, "twice", "int", computed="([region]*(2))", is_persisted=1)
    rows.column(orders, "note", "varchar", max_length=-1, collation_name="Latin1_General_BIN")
    rows.column(orders, "at", "datetime2", precision=23, scale=3)
    rows.column(orders, "parent", "decimal", precision=9, scale=0)
    primary = rows.key(orders, "PK", "pk_orders", ["id"], "NONCLUSTERED", "sales")
    rows.key(orders, "UQ", "uq_orders", ["phone", "at"], "CLUSTERED", "sales")
    rows.foreign_key(
        orders,
        "fk_countries",
        {"region": "region", "country": "code"},
        countries,
        schema="sales",
        on_delete="CASCADE",
        on_update="CASCADE",
    )
    rows.foreign_key(orders, "fk_parent", {"parent": "id"}, orders, schema="sales")
    rows.check(orders, "ck_orders", "([amount]>(0))", "sales")
    index = rows.index(
        orders,
        "ix_open",
        ["at", "region"],
        include=["price", "phone"],
        descending=["at"],
        is_unique=1,
        filter_definition="([region]>(5))",
    )
    rows.index(orders, "ix_columns", ["price", "region"], "NONCLUSTERED COLUMNSTORE")
    rows.comment(orders, "what was ordered")
    rows.comment(orders, "Orders", name="Caption")
    rows.comment(primary, "by number")
    # the number of an index, which is that of a column as well
    rows.comment(orders, "of an index", index, class_=7)


def fill_archive(connection: Any) -> CatalogRows:
    """Have the rows of another database, whose numbers are those of other things in the first."""
    rows = CatalogRows(connection, ["dbo", "old"])
    years = rows.table("years", "old")
    rows.column(years, "year", "int", is_nullable=0)
    rows.key(years, "PK", "pk_years", ["year"], "CLUSTERED", "old")
    orders = rows.table("orders")
    rows.column(orders, "id", "bigint", is_nullable=0)
    rows.column(orders, "year", "int")
    rows.key(orders, "PK", "pk_archive", ["id"], "CLUSTERED")
    rows.foreign_key(orders, "fk_years", {"year": "year"}, years)
    return rows


def fill_tempdb(connection: Any) -> CatalogRows:
    """
    Have the rows of temporary tables, and the functions that know whose they are.

    Names are filled up with underscores to 116 characters, and a number of the session.
    Source: https://learn.microsoft.com/sql/t-sql/statements/create-table-transact-sql
    """
    rows = CatalogRows(connection)
    for session, column in (("00000000000A", "not_mine"), ("00000000000B", "id")):
        table = rows.table("#basket".ljust(116, "_") + session)
        rows.column(table, column, "int", is_nullable=0)
        rows.key(table, "PK", f"PK__#basket_{session}", [column], "CLUSTERED")
    rows.column(table, "what", "nvarchar", max_length=60)
    rows.table("##shared")
    connection.execute(f"CREATE TABLE sys.own AS SELECT '#basket' AS name, {table} AS object_id")
    connection.execute(
        'CREATE ALIAS QUOTENAME AS \'String quoted(String s) { return "[" + s.replace("]", "]]") + "]"; }\''
    )
    connection.execute(
        """
        CREATE ALIAS OBJECT_ID AS '
        Integer find(java.sql.Connection connection, String name) throws java.sql.SQLException {
            String bare = name.substring(name.indexOf("[") + 1, name.length() - 1);
            var statement = connection.prepareStatement("SELECT object_id FROM sys.own WHERE name = ?");
            statement.setString(1, bare);
            var found = statement.executeQuery();
            return found.next() ? (Integer) found.getInt(1) : null;
        }'
        """
    )
    return rows


DATABASES = {"shop": fill_shop, "archive": fill_archive, "tempdb": fill_tempdb}


class CatalogDialect(H2Dialect):
    """Connects to the databases that a test filled."""

    supports_statement_cache = True
    server: Any = None
    rows: ClassVar[dict[str, CatalogRows]] = {}

    def connect(self, *args: Any, **kw: Any) -> Any:
        return self.server

    def _get_default_schema_name(self, connection: Any) -> str:
        return "dbo"

    def _has_extended_properties(self, connection: Any) -> bool:
        return True


@pytest.fixture
def h2_server(h2_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An engine on databases of H2 that have the catalog of SQL Server."""
    if shutil.which("javac") is None:
        pytest.skip("H2 makes functions with the compiler of a JDK (make servers installs one)")
    url = make_url(h2_url)
    address = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    connections: dict[str, Any] = {}
    with ExitStack() as opened:
        for name, fill in DATABASES.items():
            connections[name] = opened.enter_context(closing(connect(dbname=f"mem:{name}", **address)))
            rows = fill(connections[name])
            rows.write()
            monkeypatch.setitem(CatalogDialect.rows, name, rows)
        monkeypatch.setattr(CatalogDialect, "server", Server(connections))
        monkeypatch.setitem(registry.impls, "mssql.catalog", lambda: CatalogDialect)
        engine = create_engine("mssql+catalog://", poolclass=StaticPool)
        yield engine
        engine.dispose()


@pytest.fixture
def sql_server() -> Iterator[Any]:
    """An engine on SQL Server itself, after `SCRIPT`; of one connection, as temporary tables are its own."""
    engine = create_engine(URL, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        try:
            for statement in SCRIPT:
                connection.exec_driver_sql(statement)
            yield engine
        finally:
            for statement in CLEANING:
                connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(params=["h2_server", *(["sql_server"] if URL else [])])
def server(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def shown(columns: list[dict[str, Any]], dialect: Any) -> dict[str, str]:
    return {c["name"]: c["type"].compile(dialect=dialect) + " NOT" * (not c["nullable"]) for c in columns}


@pytest.mark.feature("E066")
@pytest.mark.filterwarnings("ignore:Did not recognize type 'geography' of column 'area'")
def test_columns(server: Any) -> None:
    columns = inspect(server).get_multi_columns(filter_names=TABLES)
    assert set(columns) == {(None, name) for name in TABLES}
    area = columns[None, "countries"].pop()
    assert area["type"] is NULLTYPE
    assert shown(columns[None, "countries"], server.dialect) == {
        "code": "NCHAR(2) NOT",
        "region": "INTEGER NOT",
        "name": "NVARCHAR(128) NOT",
    }
    assert shown(columns[None, "papers"], server.dialect) == {"id": "INTEGER NOT", "body": "XML"}
    orders = inspect(server).get_multi_columns(schema="sales")["sales", "orders"]
    assert shown(orders, server.dialect) == {
        "id": "DECIMAL(9, 0) NOT",
        "region": "INTEGER NOT",
        "country": "NCHAR(2) NOT",
        "phone": "NVARCHAR(20)",
        "price": "DECIMAL(10, 2) NOT",
        "amount": "INTEGER",
        "total": "DECIMAL(21, 2)",
        "twice": "INTEGER",
        "note": "VARCHAR(max) COLLATE Latin1_General_BIN",
        "at": "DATETIME2(3)",
        "parent": "DECIMAL(9, 0)",
    }
    of = {c["name"]: c for c in orders}
    assert of["id"]["identity"] == {"start": 5, "increment": 10} and of["id"]["autoincrement"]
    assert [name for name, c in of.items() if "identity" in c] == ["id"]
    assert {name: c["default"] for name, c in of.items() if c["default"]} == {"price": "((0))"}
    assert {name: c["computed"] for name, c in of.items() if "computed" in c} == {
        "total": {"sqltext": "([price]*[amount])", "persisted": False},
        "twice": {"sqltext": "([region]*(2))", "persisted": True},
    }
    assert {name: c["comment"] for name, c in of.items() if c["comment"]} == {"phone": "to call back"}
    assert of["amount"]["dialect_options"] == {"mssql_sparse": True}


@pytest.mark.feature("E066")
def test_keys(server: Any) -> None:
    inspector = inspect(server)
    keys = inspector.get_multi_pk_constraint(filter_names=["countries", "heap"])
    assert keys[None, "countries"]["constrained_columns"] == ["region", "code"]
    assert keys[None, "countries"]["dialect_options"] == {"mssql_clustered": True}
    assert keys[None, "heap"] == {"name": None, "constrained_columns": []}
    assert inspector.get_multi_pk_constraint(schema="sales") == {
        ("sales", "orders"): {
            "name": "pk_orders",
            "constrained_columns": ["id"],
            "comment": "by number",
            "dialect_options": {"mssql_clustered": False},
        }
    }
    assert inspector.get_multi_unique_constraints(schema="sales") == {
        ("sales", "orders"): [
            {
                "name": "uq_orders",
                "column_names": ["phone", "at"],
                "comment": None,
                "dialect_options": {"mssql_clustered": True},
            }
        ]
    }
    assert inspector.get_multi_foreign_keys(schema="sales")["sales", "orders"] == [
        {
            "name": "fk_countries",
            "constrained_columns": ["region", "country"],
            "referred_schema": "dbo",
            "referred_table": "countries",
            "referred_columns": ["region", "code"],
            "options": {"ondelete": "CASCADE", "onupdate": "CASCADE"},
        },
        {
            "name": "fk_parent",
            "constrained_columns": ["parent"],
            "referred_schema": "sales",
            "referred_table": "orders",
            "referred_columns": ["id"],
            "options": {},
        },
    ]
    assert inspector.get_multi_check_constraints(schema="sales") == {
        ("sales", "orders"): [{"name": "ck_orders", "sqltext": "[amount]>(0)"}]
    }
    assert inspector.get_foreign_keys("heap") == []


@pytest.mark.feature("E066")
def test_indexes(server: Any) -> None:
    inspector = inspect(server)
    columns, opened, unique = inspector.get_multi_indexes(schema="sales")["sales", "orders"]
    assert (columns["name"], columns["column_names"]) == ("ix_columns", ["price", "region"])
    assert columns["dialect_options"]["mssql_columnstore"]
    assert opened == {
        "name": "ix_open",
        "unique": True,
        "column_names": ["at", "region"],
        "column_sorting": {"at": ("desc",)},
        "include_columns": ["price", "phone"],
        "dialect_options": {
            "mssql_clustered": False,
            "mssql_include": ["price", "phone"],
            "mssql_where": "([region]>(5))",
        },
    }
    assert (unique["name"], unique["duplicates_constraint"]) == ("uq_orders", "uq_orders")
    # no index of a primary key, no heap, none of XML, none that is only of the optimiser
    here = inspector.get_multi_indexes(filter_names=["countries", "heap", "papers"])
    assert all(indexes == [] for indexes in here.values()) and len(here) == 3
    (kept,) = inspector.get_indexes("old_prices")
    assert (kept["column_names"], kept["dialect_options"]["mssql_clustered"]) == (["until", "since"], True)


@pytest.mark.feature("E066")
def test_comments_and_options(server: Any) -> None:
    inspector = inspect(server)
    assert inspector.get_multi_table_comment(schema="sales") == {
        ("sales", "orders"): {"text": "what was ordered"}
    }
    assert inspector.get_table_comment("heap") == {"text": None}
    options = inspector.get_multi_table_options(filter_names=["heap", "prices", "old_prices"])
    assert options == {
        (None, "heap"): {},
        (None, "old_prices"): {},
        (None, "prices"): {"mssql_system_versioning": "dbo.old_prices", "mssql_period": ("since", "until")},
    }


@pytest.mark.feature("E066")
def test_names(server: Any) -> None:
    inspector = inspect(server)
    assert inspector.get_table_names(schema="sales") == ["orders"]
    assert {"dbo", "sales"} <= set(inspector.get_schema_names())
    assert {"countries", "heap", "prices"} <= set(inspector.get_table_names())
    assert "spt_fallback_db" not in inspector.get_table_names()
    assert "open_orders" in inspector.get_view_names() and "numbers" in inspector.get_sequence_names()
    assert "FROM sales.orders" in inspector.get_view_definition("open_orders")
    assert inspector.has_table("orders", schema="sales") and inspector.has_table("open_orders")
    # names are compared as the collation of the database does, which is usually blind to case
    assert inspector.has_table("HEAP") and [c["name"] for c in inspector.get_columns("HEAP")] == ["a"]
    assert not inspector.has_table("orders") and not inspector.has_table("a_procedure")
    assert inspector.has_sequence("numbers") and not inspector.has_sequence("heap")
    views = inspector.get_multi_columns(kind=ObjectKind.VIEW, filter_names=["open_orders", "heap"])
    assert [c["name"] for c in views[None, "open_orders"]] == ["id", "price"] and len(views) == 1
    with pytest.raises(exc.NoSuchTableError, match=r"^sales\.heap$"):
        inspector.get_columns("heap", schema="sales")


@pytest.mark.feature("E066")
def test_temporary_tables(server: Any) -> None:
    inspector = inspect(server)
    assert "#basket" in inspector.get_temp_table_names()
    columns = inspector.get_multi_columns(filter_names=["#basket"], scope=ObjectScope.TEMPORARY)
    assert shown(columns[None, "#basket"], server.dialect) == {"id": "INTEGER NOT", "what": "NVARCHAR(30)"}
    assert inspector.get_pk_constraint("#basket")["constrained_columns"] == ["id"]
    assert inspector.has_table("#basket") and not inspector.has_table("#other")
    # asked for together with others
    assert set(inspector.get_multi_indexes(filter_names=["#basket", "heap"], **EVERY)) == {
        (None, "#basket"),
        (None, "heap"),
    }


@pytest.mark.feature("E066")
def test_another_database(h2_server: Any) -> None:
    inspector = inspect(h2_server)
    assert inspector.get_table_names(schema="archive.dbo") == ["orders"]
    assert inspector.get_multi_pk_constraint(schema="[archive].old") == {
        ("[archive].old", "years"): {
            "name": "pk_years",
            "constrained_columns": ["year"],
            "comment": None,
            "dialect_options": {"mssql_clustered": True},
        }
    }
    (key,) = inspector.get_foreign_keys("orders", schema="archive.dbo")
    assert (key["referred_schema"], key["referred_table"]) == ("archive.old", "years")
    assert inspector.has_schema("archive.old") and not inspector.has_schema("archive.sales")
    assert shown(inspector.get_columns("orders", schema="archive.dbo"), h2_server.dialect) == {
        "id": "BIGINT NOT",
        "year": "INTEGER",
    }


@pytest.mark.feature("E066")
@pytest.mark.filterwarnings("ignore:Did not recognize type 'geography' of column 'area'")
def test_tables_are_written_as_they_were(server: Any) -> None:
    metadata = MetaData()
    metadata.reflect(server, schema="sales", views=True)
    assert set(metadata.tables) == {"sales.orders", "dbo.countries"}
    orders = metadata.tables["sales.orders"]
    assert " ".join(str(CreateTable(orders).compile(server)).split()) == (
        "CREATE TABLE sales.orders ( id DECIMAL(9, 0) NOT NULL IDENTITY(5,10), region INTEGER NOT NULL, "
        "country NCHAR(2) NOT NULL, phone NVARCHAR(20) NULL, price DECIMAL(10, 2) NOT NULL DEFAULT ((0)), "
        "amount INTEGER SPARSE NULL, total AS (([price]*[amount])), twice AS (([region]*(2))) PERSISTED, "
        "note VARCHAR(max) COLLATE Latin1_General_BIN NULL, at DATETIME2(3) NULL, "
        "parent DECIMAL(9, 0) NULL, CONSTRAINT pk_orders PRIMARY KEY NONCLUSTERED (id), "
        "CONSTRAINT fk_countries FOREIGN KEY(region, country) REFERENCES dbo.countries (region, code) "
        "ON DELETE CASCADE ON UPDATE CASCADE, "
        "CONSTRAINT fk_parent FOREIGN KEY(parent) REFERENCES sales.orders (id), "
        "CONSTRAINT uq_orders UNIQUE CLUSTERED (phone, at), CONSTRAINT ck_orders CHECK ([amount]>(0)) )"
    )
    columns, opened = sorted(" ".join(str(CreateIndex(ix).compile(server)).split()) for ix in orders.indexes)
    assert columns == "CREATE NONCLUSTERED COLUMNSTORE INDEX ix_columns ON sales.orders (price, region)"
    assert opened == (
        "CREATE UNIQUE NONCLUSTERED INDEX ix_open ON sales.orders (at DESC, region) "
        "INCLUDE (price, phone) WHERE ([region]>(5))"
    )


def statements_of(engine: Any, work: Any) -> list[str]:
    sent: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


@pytest.mark.feature("E066")
def test_as_many_queries_for_many_tables_as_for_one(h2_server: Any) -> None:
    def one() -> None:
        MetaData().reflect(h2_server, only=["heap"])

    few = statements_of(h2_server, one)
    rows = CatalogDialect.rows["archive"]
    previous = None
    for number in range(200):
        table = rows.table(f"t{number}", "old")
        rows.column(table, "id", "int", is_nullable=0)
        rows.column(table, "before", "int")
        rows.key(table, "PK", f"pk_t{number}", ["id"], "CLUSTERED", "old")
        if previous is not None:
            rows.foreign_key(table, f"fk_t{number}", {"before": "id"}, previous, schema="old")
        previous = table
    rows.write()
    metadata = MetaData()
    many = statements_of(h2_server, lambda: metadata.reflect(h2_server, schema="archive.old"))
    assert len(metadata.tables) == 201 and len(metadata.tables["archive.old.t7"].foreign_keys) == 1
    assert len(many) == len(few) == 9


@once
def test_what_is_sent_is_in_the_grammar(h2_server: Any) -> None:
    def everything() -> None:
        inspector = inspect(h2_server)
        for schema in (None, "archive.dbo"):
            for fact in (
                "pk_constraint",
                "unique_constraints",
                "foreign_keys",
                "indexes",
                "check_constraints",
            ):
                getattr(inspector, f"get_multi_{fact}")(
                    schema=schema, filter_names=["orders", "#basket"], **EVERY
                )
            inspector.get_multi_columns(schema=schema, filter_names=["orders"])
            inspector.get_multi_table_options(schema=schema)
            inspector.get_multi_table_comment(schema=schema)
            inspector.get_table_names(schema=schema)
        inspector.get_temp_table_names()
        inspector.get_sequence_names()

    sent = list(dict.fromkeys(statements_of(h2_server, everything)))
    assert len(sent) > 20
    assert [(text, found) for text in sent if (found := unparsable(text))] == []
    # ODBC drivers give no SQL_VARIANT
    for name in ("e.value", "i.seed_value", "i.increment_value"):
        assert not any(re.search(rf"(?<!CAST\(){re.escape(name)}\b", text) for text in sent)
    # the grammar has no XML indexes
    assert [text for text in SCRIPT if unparsable(text) and " XML INDEX " not in text] == []
