"""
SQLite through aiosqlite, under the address that older programs use.
"""

from relvar.dialects.sqlite.drivers.aiosqlite import (
    AsyncAdapt_aiosqlite_connection as AsyncAdapt_aiosqlite_connection,
)
from relvar.dialects.sqlite.drivers.aiosqlite import (
    AsyncAdapt_aiosqlite_cursor as AsyncAdapt_aiosqlite_cursor,
)
from relvar.dialects.sqlite.drivers.aiosqlite import AsyncAdapt_aiosqlite_dbapi as AsyncAdapt_aiosqlite_dbapi
from relvar.dialects.sqlite.drivers.aiosqlite import (
    AsyncAdapt_aiosqlite_ss_cursor as AsyncAdapt_aiosqlite_ss_cursor,
)
from relvar.dialects.sqlite.drivers.aiosqlite import SQLiteDialect_aiosqlite as SQLiteDialect_aiosqlite
from relvar.dialects.sqlite.drivers.aiosqlite import dialect as dialect

__all__ = [
    "AsyncAdapt_aiosqlite_connection",
    "AsyncAdapt_aiosqlite_cursor",
    "AsyncAdapt_aiosqlite_dbapi",
    "AsyncAdapt_aiosqlite_ss_cursor",
    "SQLiteDialect_aiosqlite",
    "dialect",
]
