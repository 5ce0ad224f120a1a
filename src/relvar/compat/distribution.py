"""
What `importlib.metadata` says of SQLAlchemy, when relvar stands in for it.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

from relvar.compat.places import API_LEVEL

_EXTRAS = (
    "asyncio mypy mssql mssql-pymssql mssql-pyodbc mysql mysql-connector mariadb-connector oracle "
    "oracle-oracledb postgresql postgresql-pg8000 postgresql-asyncpg postgresql-psycopg2binary "
    "postgresql-psycopg2cffi postgresql-psycopg postgresql-psycopgbinary pymysql cymysql aiomysql aioodbc "
    "asyncmy aiosqlite aiosqlite sqlcipher"
).split()
_METADATA = "\n".join(
    [
        "Metadata-Version: 2.1",
        "Name: SQLAlchemy",
        f"Version: {API_LEVEL}",
        "Summary: relvar, standing in for SQLAlchemy",
        *(f"Provides-Extra: {extra}" for extra in _EXTRAS),
        "",
    ]
)


class StandIn(metadata.Distribution):
    """
    The distribution ``SQLAlchemy``, of which there are no files.
    """

    def read_text(self, filename: str) -> str | None:
        return _METADATA if filename in ("METADATA", "PKG-INFO") else None

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(f"{path}: relvar stands in for SQLAlchemy, of which there are no files")
