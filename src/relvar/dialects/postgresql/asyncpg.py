"""
PostgreSQL through asyncpg, under the address that older programs use.
"""

from typing import Any

from relvar.dialects.postgresql.drivers._asyncpg_connection import (
    AsyncAdapt_asyncpg_connection as AsyncAdapt_asyncpg_connection,
)
from relvar.dialects.postgresql.drivers._asyncpg_connection import (
    AsyncAdapt_asyncpg_cursor as AsyncAdapt_asyncpg_cursor,
)
from relvar.dialects.postgresql.drivers._asyncpg_connection import (
    AsyncAdapt_asyncpg_dbapi as AsyncAdapt_asyncpg_dbapi,
)
from relvar.dialects.postgresql.drivers._asyncpg_connection import (
    AsyncAdapt_asyncpg_ss_cursor as AsyncAdapt_asyncpg_ss_cursor,
)
from relvar.dialects.postgresql.drivers._asyncpg_errors import ERRORS
from relvar.dialects.postgresql.drivers.asyncpg import PGDialect_asyncpg as PGDialect_asyncpg
from relvar.dialects.postgresql.drivers.asyncpg import (
    PGExecutionContext_asyncpg as PGExecutionContext_asyncpg,
)
from relvar.dialects.postgresql.drivers.asyncpg import dialect as dialect

__all__ = [
    "AsyncAdapt_asyncpg_connection",
    "AsyncAdapt_asyncpg_cursor",
    "AsyncAdapt_asyncpg_dbapi",
    "AsyncAdapt_asyncpg_ss_cursor",
    "PGDialect_asyncpg",
    "PGExecutionContext_asyncpg",
    "dialect",
]


def __getattr__(name: str) -> Any:
    # the errors say that they are from here, and are pickled so
    try:
        return ERRORS[name]
    except KeyError:
        raise AttributeError(name) from None
