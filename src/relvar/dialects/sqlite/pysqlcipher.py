"""
SQLite through sqlcipher3, under the address that older programs use.
"""

from relvar.dialects.sqlite.drivers.pysqlcipher import SQLiteDialect_pysqlcipher as SQLiteDialect_pysqlcipher
from relvar.dialects.sqlite.drivers.pysqlcipher import dialect as dialect

__all__ = ["SQLiteDialect_pysqlcipher", "dialect"]
