"""
The dialect of PostgreSQL and its compilers, under the address that older programs use.
"""

from relvar.dialects.postgresql.compiler import PGCompiler as PGCompiler
from relvar.dialects.postgresql.ddl import PGDDLCompiler as PGDDLCompiler
from relvar.dialects.postgresql.ddl import PGTypeCompiler as PGTypeCompiler
from relvar.dialects.postgresql.dialect import PGDialect as PGDialect
from relvar.dialects.postgresql.dialect import PGExecutionContext as PGExecutionContext
from relvar.dialects.postgresql.names import RESERVED_WORDS as RESERVED_WORDS
from relvar.dialects.postgresql.names import PGIdentifierPreparer as PGIdentifierPreparer
from relvar.dialects.postgresql.reflection import PGInspector as PGInspector
from relvar.dialects.postgresql.types import COLSPECS as colspecs
from relvar.dialects.postgresql.types import ISCHEMA_NAMES as ischema_names

__all__ = [
    "PGCompiler",
    "PGDDLCompiler",
    "PGDialect",
    "PGExecutionContext",
    "PGIdentifierPreparer",
    "PGInspector",
    "PGTypeCompiler",
    "RESERVED_WORDS",
    "colspecs",
    "ischema_names",
]
