"""
SQLite through the ``sqlite3`` module, under the address that older programs use.
"""

from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect_pysqlite
from relvar.dialects.sqlite.drivers.pysqlite import dialect as dialect

__all__ = ["SQLiteDialect_pysqlite", "dialect"]
