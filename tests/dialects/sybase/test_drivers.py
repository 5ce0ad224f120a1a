"""Drivers of SAP ASE and SQL Anywhere: loading, what a URL becomes, errors, what is sent around an INSERT."""

from __future__ import annotations

from typing import Any

import pyodbc
import pytest
import sqlanydb

from relvar import Column, Identity, Integer, MetaData, String, Table, create_engine, exc, insert, make_url
from relvar.dialects.sybase.drivers import pyodbc as odbc
from relvar.dialects.sybase.drivers import sqlanydb as anywhere

t = Table("t", MetaData(), Column("id", Integer, Identity(), primary_key=True), Column("s", String(5)))


@pytest.mark.feature("S018")
@pytest.mark.feature("E068")
def test_dialects_by_name() -> None:
    assert make_url("sybase://h/x").get_dialect() is odbc.SybaseDialect_pyodbc
    assert make_url("sybase+pyodbc://h/x").get_dialect() is odbc.SybaseDialect_pyodbc
    assert make_url("sqlany://h/x").get_dialect() is anywhere.SQLAnyDialect_sqlanydb
    assert make_url("sqlany+sqlanydb://h/x").get_dialect() is anywhere.SQLAnyDialect_sqlanydb
    assert make_url("sqlany+pyodbc://h/x").get_dialect() is odbc.SQLAnyDialect_pyodbc
    with pytest.raises(exc.NoSuchModuleError, match="known drivers of sqlany: pyodbc, sqlanydb"):
        create_engine("sqlany+other://h/x")


def odbc_text(url: str) -> str:
    made = make_url(url)
    (text,), options = made.get_dialect()(dbapi=pyodbc).create_connect_args(made)
    assert options == {}
    return str(text)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("sybase://sa:pw@dsn_name", "dsn=dsn_name;UID=sa;PWD=pw"),
        (
            "sybase+pyodbc://sa:pw@h:5000/pubs2",
            "DRIVER={Adaptive Server Enterprise};Server=h;Port=5000;Database=pubs2;UID=sa;PWD=pw",
        ),
        (
            "sybase+pyodbc://sa:pw@h:5000/pubs2?driver=FreeTDS&TDS_Version=5.0",
            "DRIVER={FreeTDS};Server=h;Port=5000;Database=pubs2;UID=sa;PWD=pw;TDS_Version=5.0",
        ),
        (
            "sqlany+pyodbc://dba:sql@h:2638/demo",
            "DRIVER={SQL Anywhere 17};Host=h:2638;Database=demo;UID=dba;PWD=sql",
        ),
    ],
)
def test_odbc_strings(address: str, text: str) -> None:
    assert odbc_text(address) == text


@pytest.mark.feature("S018")
def test_parameters_of_sqlanydb() -> None:
    url = make_url("sqlany://dba:sql@h:2638/demo?eng=server&charset=utf-8")
    assert anywhere.dialect(dbapi=sqlanydb).create_connect_args(url) == (
        [],
        {"host": "h:2638", "uid": "dba", "pwd": "sql", "dbn": "demo", "eng": "server", "charset": "utf-8"},
    )


@pytest.mark.feature("S018")
def test_odbc_says_that_there_is_no_driver() -> None:
    engine = create_engine("sybase+pyodbc://sa:secretive@127.0.0.1:1/pubs2?driver=No+Such+Driver")
    with pytest.raises(exc.DBAPIError, match="No Such Driver|Can't open lib|Data source name") as caught:
        engine.connect()
    assert "secretive" not in str(caught.value)


@pytest.mark.feature("S018")
def test_sqlanydb_says_that_there_is_no_library() -> None:
    engine = create_engine("sqlany://dba:sql@127.0.0.1:1/demo")
    with pytest.raises(exc.DBAPIError, match="Could not load dbcapi|server not found"):
        engine.connect()


@pytest.mark.parametrize(
    ("error", "lost", "retryable"),
    [
        (pyodbc.OperationalError("08S01", "[08S01] [SAP][ASE ODBC Driver]lost (30012)"), True, False),
        (pyodbc.Error("40001", "[40001] [SAP][ASE ODBC Driver]deadlock (1205) (SQLExecute)"), False, True),
        (pyodbc.IntegrityError("23000", "[23000] duplicate key (2601)"), False, False),
    ],
)
def test_errors_of_ase(error: Exception, lost: bool, retryable: bool) -> None:
    dialect = odbc.dialect(dbapi=pyodbc)
    assert dialect.is_disconnect(error, None, None) is lost
    assert dialect.is_retryable(error) is retryable


@pytest.mark.parametrize(
    ("code", "lost", "retryable", "cancelled"),
    [
        (-101, True, False, False),
        (-308, True, False, False),
        (-306, False, True, False),
        (-210, False, True, False),
        (-299, False, False, True),
        (-196, False, False, False),
    ],
)
def test_errors_of_sql_anywhere(code: int, lost: bool, retryable: bool, cancelled: bool) -> None:
    dialect = anywhere.dialect(dbapi=sqlanydb)
    error = sqlanydb.OperationalError("text", code)
    assert dialect.is_disconnect(error, None, None) is lost
    assert dialect.is_retryable(error) is retryable
    assert dialect._is_cancelled(error) is cancelled


class Recorder:
    """A connection that notes what is sent, and hands out what a test wants: nothing is a database here."""

    def __init__(self, version: str) -> None:
        self.sent: list[Any] = []
        self.answers = {
            "@@version": version,
            "USER": "dbo",
            "@@identity": 7,
            "@@isolation": 1,
            "CONNECTION_PROPERTY": "0",
        }

    def cursor(self) -> Any:
        return RecorderCursor(self)

    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...


class RecorderCursor:
    description: Any = None
    rowcount = 1

    def __init__(self, connection: Recorder) -> None:
        self.connection = connection
        self.rows: list[Any] = []

    def execute(self, statement: str, parameters: Any = ()) -> None:
        self.connection.sent.append(statement)
        if "fails" in parameters:
            raise pyodbc.IntegrityError("23000", "[23000] no (547)")
        self.rows = [(value,) for part, value in self.connection.answers.items() if part in statement][:1]
        self.description = [("c", None, None, None, None, None, None)] if self.rows else None

    def fetchone(self) -> Any:
        return self.rows.pop(0) if self.rows else None

    def fetchall(self) -> list[Any]:
        rows, self.rows = self.rows, []
        return rows

    def close(self) -> None: ...


def recorded(
    version: str = "Adaptive Server Enterprise/16.0 SP03 PL08/EBF", url: str = "sybase://dsn"
) -> Any:
    connection = Recorder(version)
    engine = create_engine(url, creator=lambda: connection)
    with engine.connect():
        pass
    connection.sent.clear()
    return engine, connection


@pytest.mark.feature("E068", "S018")
def test_new_keys_and_values_for_identity_columns() -> None:
    engine, connection = recorded()
    with engine.begin() as conn:
        assert conn.execute(insert(t).values(s="x")).inserted_primary_key == (7,)
        assert connection.sent == ["INSERT INTO t (s) VALUES (?)", "SELECT @@identity AS lastrowid"]
        connection.sent.clear()
        assert conn.execute(insert(t).values(id=5, s="x")).inserted_primary_key == (5,)
        assert connection.sent == [
            "SET IDENTITY_INSERT t ON",
            "INSERT INTO t (id, s) VALUES (?, ?)",
            "SET IDENTITY_INSERT t OFF",
        ]
        connection.sent.clear()
        with pytest.raises(exc.IntegrityError):
            conn.execute(insert(t).values(id=5, s="fails"))
        assert connection.sent[-1] == "SET IDENTITY_INSERT t OFF"


@pytest.mark.feature("S018")
def test_versions_of_ase() -> None:
    for version, number, pages in (
        ("Adaptive Server Enterprise/16.0 SP03 PL08/EBF 30000", (16, 0, 3), True),
        ("Adaptive Server Enterprise/16.0/EBF 22385", (16, 0, 0), False),
        ("Adaptive Server Enterprise/15.7/EBF 21341 SMP SP101", (15, 7, 101), False),
    ):
        dialect = recorded(version)[0].dialect
        assert (dialect.server_version_info, dialect.rows_limit) == (number, pages)
        assert dialect.default_schema_name == "dbo"


@pytest.mark.feature("S018")
def test_isolation_levels() -> None:
    engine, connection = recorded()
    with engine.connect().execution_options(isolation_level="SERIALIZABLE"):
        assert connection.sent == ["SET TRANSACTION ISOLATION LEVEL 3"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT"):
        assert connection.autocommit
    assert not connection.autocommit
    engine, connection = recorded("17.0.11.1234", "sqlany+pyodbc://dsn")
    connection.answers["CONNECTION_PROPERTY"] = "snapshot"
    with engine.connect().execution_options(isolation_level="SNAPSHOT") as conn:
        assert connection.sent == ["SET TEMPORARY OPTION isolation_level = 'snapshot'"]
        assert conn.get_isolation_level() == "SNAPSHOT"
    assert engine.dialect.server_version_info == (17, 0, 11, 1234)
