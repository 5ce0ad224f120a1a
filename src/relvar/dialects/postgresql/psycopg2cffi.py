"""
PostgreSQL through psycopg2cffi, under the address that older programs use.
"""

from relvar.dialects.postgresql.drivers.psycopg2cffi import PGDialect_psycopg2cffi as PGDialect_psycopg2cffi
from relvar.dialects.postgresql.drivers.psycopg2cffi import dialect as dialect

__all__ = ["PGDialect_psycopg2cffi", "dialect"]
