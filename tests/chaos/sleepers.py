"""
Statements that take their time, on each backend; and the drivers that the tests here run with.
"""

from __future__ import annotations

from typing import Any

POSTGRESQL = ("postgresql+psycopg", "postgresql+psycopg2", "postgresql+pg8000")
MARIADB = (
    "mariadb+pymysql",
    "mariadb+mysqldb",
    "mariadb+cymysql",
    "mariadb+mariadbconnector",
    "mariadb+mysqlconnector",
)
SERVERS = (*POSTGRESQL, *MARIADB)
ALL = ("sqlite", *SERVERS)

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
    return f"SELECT {taking(connection, seconds)}"


def taking(connection: Any, seconds: float) -> str:
    """An expression of a server that takes so long."""
    if connection.dialect.name == "postgresql":
        return f"CAST(pg_sleep({seconds}) AS VARCHAR(1))"
    return f"sleep({seconds})"
