"""
Statements that take their time, on each backend; and the drivers that the tests here run with.
"""

from __future__ import annotations

from typing import Any

from relvar import exc

POSTGRESQL = ("postgresql+psycopg", "postgresql+psycopg2", "postgresql+pg8000")
MARIADB = (
    "mariadb+pymysql",
    "mariadb+mysqldb",
    "mariadb+cymysql",
    "mariadb+mariadbconnector",
    "mariadb+mysqlconnector",
)
# run in an event loop, see conftest.py of all tests
ASYNCIO = ("postgresql+asyncpg", "postgresql+psycopg_async", "mariadb+asyncmy", "mariadb+aiomysql")
SERVERS = (*POSTGRESQL, *MARIADB, *ASYNCIO)
# each database by its usual driver, and all drivers of asyncio
EACH = ("sqlite", "postgresql", "mariadb", "sqlite+aiosqlite", *ASYNCIO)
ALL = ("sqlite", "sqlite+aiosqlite", *SERVERS)


def lost_errors(dialect: Any) -> tuple[type[exc.DBAPIError], ...]:
    """The errors by which a driver says that its connection is lost."""
    # asyncpg has no class of PEP 249 for it, as with SQLAlchemy
    return (exc.DBAPIError,) if dialect.driver == "asyncpg" else (exc.OperationalError, exc.InterfaceError)


# Steps per second of the query below, roughly
_PACE = 3_000_000


def sleeping(connection: Any, seconds: float) -> str:
    """A query of one row that takes so long; on SQLite it counts, roughly as long."""
    name = connection.dialect.name
    if name == "sqlite":
        return (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            f"WHERE i < {int(seconds * _PACE)}) SELECT count(*) FROM n"
        )
    if name in ("mysql", "mariadb"):
        # a request to stop may be taken for the end of one SLEEP(), without an error; the next row heeds it
        rows = " UNION ALL ".join(["SELECT 1 AS x"] * 8)
        return f"SELECT sum({taking(connection, seconds / 8)}) FROM ({rows}) AS t"
    return f"SELECT {taking(connection, seconds)}"


def taking(connection: Any, seconds: float) -> str:
    """An expression of a server that takes so long."""
    if connection.dialect.name == "postgresql":
        return f"CAST(pg_sleep({seconds}) AS VARCHAR(1))"
    return f"sleep({seconds})"
