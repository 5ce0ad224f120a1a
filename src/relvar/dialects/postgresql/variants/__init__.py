"""
Distributed databases that speak PostgreSQL: CockroachDB, YugabyteDB, Citus.

Each is a mixin, put upon the dialect of any driver: ``variant("citus", PGDialect_psycopg)``.  The name of
the dialect stays "postgresql", so what is said for PostgreSQL (``with_variant()``, ``ddl_if()``,
``postgresql_...`` options, Alembic) holds for them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from relvar.dialects.postgresql.variants.as_of import as_of_system_time as as_of_system_time
from relvar.dialects.postgresql.variants.citus import CitusVariant as CitusVariant
from relvar.dialects.postgresql.variants.cockroachdb import CockroachVariant as CockroachVariant
from relvar.dialects.postgresql.variants.yugabytedb import YugabyteVariant as YugabyteVariant

__all__ = ["CitusVariant", "CockroachVariant", "YugabyteVariant", "as_of_system_time", "variant"]

_MIXINS: dict[str, Any] = {
    "citus": CitusVariant,
    "cockroachdb": CockroachVariant,
    "yugabytedb": YugabyteVariant,
}


@cache
def variant(name: str, of_driver: Any) -> Any:
    """
    Return the dialect of a distributed database, by the driver that *of_driver* is for.

    >>> from relvar.dialects.postgresql.drivers.pg8000 import PGDialect_pg8000
    >>> variant("citus", PGDialect_pg8000).__mro__[1].__name__
    'CitusVariant'
    """
    mixin = _MIXINS[name]
    return type(
        f"{mixin.__name__}_{of_driver.driver}", (mixin, of_driver), {"supports_statement_cache": True}
    )
