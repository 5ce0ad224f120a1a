"""
The dialect of SQLite and its compilers, under the address that older programs use.
"""

from relvar.dialects.sqlite.compiler import SQLiteCompiler as SQLiteCompiler
from relvar.dialects.sqlite.ddl import SQLiteDDLCompiler as SQLiteDDLCompiler
from relvar.dialects.sqlite.ddl import SQLiteTypeCompiler as SQLiteTypeCompiler
from relvar.dialects.sqlite.dialect import SQLiteDialect as SQLiteDialect
from relvar.dialects.sqlite.names import SQLiteIdentifierPreparer as SQLiteIdentifierPreparer
from relvar.dialects.sqlite.types import COLSPECS as colspecs
from relvar.dialects.sqlite.types import ISCHEMA_NAMES as ischema_names

__all__ = [
    "SQLiteCompiler",
    "SQLiteDDLCompiler",
    "SQLiteDialect",
    "SQLiteIdentifierPreparer",
    "SQLiteTypeCompiler",
    "colspecs",
    "ischema_names",
]
