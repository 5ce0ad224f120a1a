"""
SQLite and PostgreSQL through their ODBC drivers, to run what relvar does with pyodbc and aioodbc.

relvar's own dialects for pyodbc are for SQL Server and MySQL; these two put the same connector, and the
types that SQL Server has through pyodbc, in front of another database.
"""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from relvar import types as sqltypes
from relvar.connectors.aioodbc import AioODBCConnector
from relvar.dialect.odbc import PyODBCConnector
from relvar.dialects import registry
from relvar.dialects.mssql.drivers import _odbc_types as odbctypes
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.sqlite.dialect import SQLiteDialect

DRIVERS = {"sqlite": "SQLite3", "postgresql": "PostgreSQL Unicode"}


def load(driver: str) -> Any:
    """Import a driver, and pyodbc; skip where one is not installed."""
    try:
        importlib.import_module(driver)
        return importlib.import_module("pyodbc")
    except ImportError as error:
        pytest.skip(f"{driver} is not installed: {error}")


class SQLiteBridge(PyODBCConnector, SQLiteDialect):
    """SQLite through pyodbc."""

    supports_statement_cache = True
    pyodbc_driver_name = DRIVERS["sqlite"]
    default_paramstyle = "qmark"
    insert_returning = update_returning = delete_returning = False
    use_insertmanyvalues = use_insertmanyvalues_wo_returning = True
    supports_sane_rowcount = False
    colspecs: Any = {
        **SQLiteDialect.colspecs,
        sqltypes.String: odbctypes.OdbcString,
        sqltypes.Unicode: odbctypes.OdbcUnicode,
        sqltypes.LargeBinary: odbctypes.OdbcLargeBinary,
    }

    def __init__(self, dbapi: Any = None, **kw: Any) -> None:
        # the dialect would ask the module which SQLite it has
        super().__init__(**kw)
        self.dbapi = dbapi

    def _lastrowid(self, cursor: Any) -> Any:
        again = cursor.connection.cursor()
        return again.execute("SELECT last_insert_rowid()").fetchone()[0]

    def get_isolation_level_values(self, dbapi_connection: Any) -> Any:
        return ("SERIALIZABLE", "AUTOCOMMIT")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        dbapi_connection.autocommit = level == "AUTOCOMMIT"

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        return "AUTOCOMMIT" if dbapi_connection.autocommit else "SERIALIZABLE"


class PostgreSQLBridge(PyODBCConnector, PGDialect):
    """PostgreSQL through pyodbc."""

    supports_statement_cache = True
    pyodbc_driver_name = DRIVERS["postgresql"]
    use_insertmanyvalues_wo_returning = True

    def get_isolation_level_values(self, dbapi_connection: Any) -> Any:
        return (*super().get_isolation_level_values(dbapi_connection), "AUTOCOMMIT")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            super().set_isolation_level(dbapi_connection, level)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        return bool(e.args) and e.args[0] in ("08S01", "08003", "57P01") or "closed connection" in str(e)


class AsyncSQLiteBridge(AioODBCConnector, SQLiteBridge):
    """SQLite through aioodbc."""

    supports_statement_cache = True
    _lastrowid_is_native = True

    def _lastrowid(self, cursor: Any) -> Any:
        return cursor._adapt_connection.execute("SELECT last_insert_rowid()").fetchone()[0]


class AsyncPostgreSQLBridge(AioODBCConnector, PostgreSQLBridge):
    """PostgreSQL through aioodbc."""

    supports_statement_cache = True


for name, cls in {
    "sqlitebridge.pyodbc": "SQLiteBridge",
    "sqlitebridge.aioodbc": "AsyncSQLiteBridge",
    "pgbridge.pyodbc": "PostgreSQLBridge",
    "pgbridge.aioodbc": "AsyncPostgreSQLBridge",
}.items():
    registry.register(name, __name__, cls)
