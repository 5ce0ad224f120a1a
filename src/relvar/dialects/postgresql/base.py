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
from relvar.dialects.postgresql.types import BIT as PGBit
from relvar.dialects.postgresql.types import CIDR as PGCidr
from relvar.dialects.postgresql.types import COLSPECS as colspecs
from relvar.dialects.postgresql.types import INET as PGInet
from relvar.dialects.postgresql.types import INTERVAL as PGInterval
from relvar.dialects.postgresql.types import ISCHEMA_NAMES as ischema_names
from relvar.dialects.postgresql.types import MACADDR as PGMacAddr
from relvar.dialects.postgresql.types import MACADDR8 as PGMacAddr8
from relvar.types import UUID as PGUuid

__all__ = [
    "PGBit",
    "PGCidr",
    "PGCompiler",
    "PGDDLCompiler",
    "PGDialect",
    "PGExecutionContext",
    "PGIdentifierPreparer",
    "PGInet",
    "PGInspector",
    "PGInterval",
    "PGMacAddr",
    "PGMacAddr8",
    "PGTypeCompiler",
    "PGUuid",
    "RESERVED_WORDS",
    "colspecs",
    "ischema_names",
]
