"""
PostgreSQL through psycopg2, under the address that older programs use.
"""

from relvar.dialects.postgresql.drivers.psycopg2 import PGDialect_psycopg2 as PGDialect_psycopg2
from relvar.dialects.postgresql.drivers.psycopg2 import (
    PGExecutionContext_psycopg2 as PGExecutionContext_psycopg2,
)
from relvar.dialects.postgresql.drivers.psycopg2 import dialect as dialect

__all__ = ["PGDialect_psycopg2", "PGExecutionContext_psycopg2", "dialect"]
