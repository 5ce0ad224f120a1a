"""
PostgreSQL through psycopg, under the address that older programs use.
"""

from relvar.dialects.postgresql.drivers.psycopg import PGDialect_psycopg as PGDialect_psycopg
from relvar.dialects.postgresql.drivers.psycopg import (
    PGExecutionContext_psycopg as PGExecutionContext_psycopg,
)
from relvar.dialects.postgresql.drivers.psycopg import dialect as dialect
from relvar.dialects.postgresql.drivers.psycopg_async import (
    AsyncAdapt_psycopg_connection as AsyncAdapt_psycopg_connection,
)
from relvar.dialects.postgresql.drivers.psycopg_async import (
    AsyncAdapt_psycopg_cursor as AsyncAdapt_psycopg_cursor,
)
from relvar.dialects.postgresql.drivers.psycopg_async import (
    AsyncAdapt_psycopg_ss_cursor as AsyncAdapt_psycopg_ss_cursor,
)
from relvar.dialects.postgresql.drivers.psycopg_async import PGDialectAsync_psycopg as PGDialectAsync_psycopg
from relvar.dialects.postgresql.drivers.psycopg_async import PsycopgAdaptDBAPI as PsycopgAdaptDBAPI
from relvar.dialects.postgresql.drivers.psycopg_async import dialect as dialect_async

__all__ = [
    "AsyncAdapt_psycopg_connection",
    "AsyncAdapt_psycopg_cursor",
    "AsyncAdapt_psycopg_ss_cursor",
    "PGDialectAsync_psycopg",
    "PGDialect_psycopg",
    "PGExecutionContext_psycopg",
    "PsycopgAdaptDBAPI",
    "dialect",
    "dialect_async",
]
