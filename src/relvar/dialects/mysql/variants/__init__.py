"""
Distributed databases that speak MySQL: TiDB.

A mixin, put upon the dialect of any driver: ``variant("tidb", MySQLDialect_pymysql)``.  The name of the
dialect stays "mysql", so what is said for MySQL holds.  Galera is MariaDB or MySQL itself, and needs none.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from relvar.dialects.mysql.variants.tidb import TiDBVariant as TiDBVariant

__all__ = ["TiDBVariant", "variant"]

_MIXINS: dict[str, Any] = {"tidb": TiDBVariant}


@cache
def variant(name: str, of_driver: Any) -> Any:
    """
    Return the dialect of a distributed database, by the driver that *of_driver* is for.
    """
    mixin = _MIXINS[name]
    return type(
        f"{mixin.__name__}_{of_driver.driver}", (mixin, of_driver), {"supports_statement_cache": True}
    )
