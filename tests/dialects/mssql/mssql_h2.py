"""
SQL Server's dialect on H2, which speaks its language in part; through PostgreSQL's protocol and driver.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import psycopg

from relvar.dialects.mssql.dialect import MSDialect

sys.path.insert(0, str(Path(__file__).parents[1]))

from h2_connection import QuickConnection  # in the folder above, not a package


def connect(**arguments: Any) -> Any:
    """Connect to a database of H2, and have it speak SQL Server's language."""
    connection = QuickConnection.connect(
        cursor_factory=psycopg.ClientCursor, prepare_threshold=None, **arguments
    )
    connection.execute("SET MODE MSSQLServer")
    connection.commit()
    return connection


class H2Dialect(MSDialect):
    """SQL Server's statements, H2's server, PostgreSQL's driver."""

    driver = "h2"
    supports_statement_cache = True
    default_paramstyle = "pyformat"

    @classmethod
    def import_dbapi(cls) -> Any:
        return psycopg

    def create_connect_args(self, url: Any) -> Any:
        return [], url.translate_connect_args(username="user", database="dbname")

    def connect(self, *args: Any, **kw: Any) -> Any:
        return connect(**kw)

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        return (16,)

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        raise NotImplementedError


class Server:
    """
    A connection to the several databases of one server: H2 refuses names of another than its own.

    A statement goes to the database that its names with three parts have, or to the first one.

    Args:
        connections: Name of a database -> connection of the driver.
    """

    def __init__(self, connections: dict[str, Any]) -> None:
        self.connections = connections

    def cursor(self) -> _Cursor:
        return _Cursor(self.connections)

    def __getattr__(self, name: str) -> Any:
        def on_all(*args: Any) -> None:
            for connection in self.connections.values():
                getattr(connection, name)(*args)

        if name not in {"commit", "rollback", "close"}:
            return getattr(next(iter(self.connections.values())), name)
        return on_all


class _Cursor:
    """A cursor of the database that the statement is about."""

    def __init__(self, connections: dict[str, Any]) -> None:
        self.connections = connections
        self.cursor = next(iter(connections.values())).cursor()

    def execute(self, statement: str, *parameters: Any) -> Any:
        named = set(re.findall(r"(?<![.\w\]])\[?(\w+)\]?\.sys\.", statement))
        assert len(named) <= 1, statement
        if named:
            self.cursor = self.connections[named.pop()].cursor()
        return self.cursor.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)
