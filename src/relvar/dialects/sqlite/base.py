"""
The dialect of SQLite and its compilers, under the address that older programs use.
"""

from relvar.dialects.sqlite.compiler import SQLiteCompiler as SQLiteCompiler
from relvar.dialects.sqlite.ddl import SQLiteDDLCompiler as SQLiteDDLCompiler
from relvar.dialects.sqlite.ddl import SQLiteTypeCompiler as SQLiteTypeCompiler
from relvar.dialects.sqlite.dialect import SQLiteDialect as SQLiteDialect
from relvar.dialects.sqlite.names import SQLiteIdentifierPreparer as SQLiteIdentifierPreparer
from relvar.dialects.sqlite.types import COLSPECS as colspecs
from relvar.dialects.sqlite.types import DATE as DATE
from relvar.dialects.sqlite.types import DATETIME as DATETIME
from relvar.dialects.sqlite.types import ISCHEMA_NAMES as ischema_names
from relvar.dialects.sqlite.types import TIME as TIME

__all__ = [
    "DATE",
    "DATETIME",
    "SQLiteCompiler",
    "SQLiteDDLCompiler",
    "SQLiteDialect",
    "SQLiteIdentifierPreparer",
    "SQLiteTypeCompiler",
    "TIME",
    "colspecs",
    "ischema_names",
]
