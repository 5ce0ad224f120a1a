"""
PostgreSQL through psycopg, under the address that older programs use.
"""

from relvar.dialects.postgresql.drivers.psycopg import PGDialect_psycopg as PGDialect_psycopg
from relvar.dialects.postgresql.drivers.psycopg import (
    PGExecutionContext_psycopg as PGExecutionContext_psycopg,
)
from relvar.dialects.postgresql.drivers.psycopg import dialect as dialect

__all__ = ["PGDialect_psycopg", "PGExecutionContext_psycopg", "dialect"]
