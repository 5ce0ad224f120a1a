"""
PostgreSQL through pg8000, under the address that older programs use.
"""

from relvar.dialects.postgresql.drivers._pg8000_compiler import PGCompiler_pg8000 as PGCompiler_pg8000
from relvar.dialects.postgresql.drivers._pg8000_compiler import (
    PGIdentifierPreparer_pg8000 as PGIdentifierPreparer_pg8000,
)
from relvar.dialects.postgresql.drivers.pg8000 import PGDialect_pg8000 as PGDialect_pg8000
from relvar.dialects.postgresql.drivers.pg8000 import PGExecutionContext_pg8000 as PGExecutionContext_pg8000
from relvar.dialects.postgresql.drivers.pg8000 import dialect as dialect

__all__ = [
    "PGCompiler_pg8000",
    "PGDialect_pg8000",
    "PGExecutionContext_pg8000",
    "PGIdentifierPreparer_pg8000",
    "dialect",
]
