"""
Find dialects (and plugins) by name.

``load("postgresql.psycopg")`` looks, in this order,

1. among names registered in this process: ``register(name, module, class)``;
2. in relvar itself: the package ``relvar.dialects.<database>`` has the
   default class as ``dialect``, the module ``.drivers.<driver>`` in it one per
   driver (``mariadb_dialect`` is MariaDB's, in the drivers of MySQL; ``sqlany_dialect`` SQL Anywhere's);
   variants of a database, as CockroachDB is one of PostgreSQL, are made of its drivers' dialects.
   Variants, and the databases that SQLAlchemy has no dialect for, come after 3.;
3. in the entry point group ``relvar.dialects``, where other packages announce theirs, and in
   ``sqlalchemy.dialects`` while relvar stands in for SQLAlchemy, which what is there imports.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from relvar.util.registry import PluginLoader, entry_points

_PACKAGE = __name__.partition(".")[0] + ".dialects"

# database -> distribution that has its dialect
_ELSEWHERE = {
    "access": "sqlalchemy-access",
    "awsathena": "PyAthena",
    "bigquery": "sqlalchemy-bigquery",
    "clickhouse": "clickhouse-sqlalchemy",
    "crate": "sqlalchemy-cratedb",
    "databricks": "databricks-sqlalchemy",
    "duckdb": "duckdb-engine",
    "hana": "sqlalchemy-hana",
    "redshift": "relvar-redshift",
    "snowflake": "snowflake-sqlalchemy",
    "trino": "trino",
}

# database -> package that has its dialect besides its own, and what it is called there
_WITHIN = {"mariadb": ("mysql", "mariadb_dialect"), "sqlany": ("sybase", "sqlany_dialect")}

# databases that SQLAlchemy leaves to others: an installed package's dialect comes first
_LEFT_TO_OTHERS = ("firebird", "sqlany", "sybase")

# distributed databases that speak another one's language -> that one; here too
_VARIANTS = {"citus": "postgresql", "cockroachdb": "postgresql", "tidb": "mysql", "yugabytedb": "postgresql"}

_ALIASES = {"postgres": "postgresql", "mssqlserver": "mssql", "sqlite3": "sqlite"}


def _modules_in(path: Any) -> Any:
    """
    Return what modules a package has; only error texts need it.
    """
    import pkgutil  # brings zip files along

    return pkgutil.iter_modules(path)


class DialectLoader(PluginLoader):
    """
    Loads dialect classes; errors say what would be right.
    """

    def _hint(self, name: str) -> str:
        """
        Return what to write or to install instead of *name*.

        Cases: a database of another package, one misspelled, an unknown
        driver of a known one.
        """
        database, _, driver = name.partition(".")
        if database in _ELSEWHERE:
            return f" (install {_ELSEWHERE[database]}, which has a dialect for {database})"
        known = self._databases()
        if database not in known:
            meant = _ALIASES.get(database)
            guess = f"did you mean {meant!r}? " if meant else ""
            return f" ({guess}known dialects: {', '.join(sorted(known))})"
        drivers = _drivers(database)
        drivers.update(n.partition(".")[2] for n in self._announced() if n.startswith(database + "."))
        return f" (known drivers of {database}: {', '.join(sorted(drivers - {''}))})" if driver else ""

    def _announced(self) -> set[str]:
        names = set(self.impls)
        for group in self.groups:
            names.update(entry_points(group=group).names)
        return names

    def _databases(self) -> set[str]:
        names = {name.partition(".")[0] for name in self._announced()}
        package = importlib.import_module(_PACKAGE)
        names.update(info.name for info in _modules_in(package.__path__) if info.ispkg)
        names.update(_WITHIN, _VARIANTS)
        return names


def _drivers(database: str) -> set[str]:
    """
    Return the drivers relvar has for *database*.
    """
    home = _VARIANTS.get(database) or _WITHIN.get(database, (database,))[0]
    package = f"{_PACKAGE}.{home}.drivers"
    try:
        path = importlib.import_module(package).__path__
    except ImportError:
        return set()
    return {info.name for info in _modules_in(path) if not info.name.startswith("_")}


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _is_announced(name: str) -> bool:
    """
    Tell whether an installed package has a dialect of that name.
    """
    return any(name in entry_points(group=group).names for group in registry.groups)


def _built_in(name: str) -> Callable[[], Any] | None:
    """
    Return a loader for a dialect of relvar, ``None`` if it is not one.
    """
    database, _, driver = name.partition(".")
    if (database in _VARIANTS or database in _LEFT_TO_OTHERS) and _is_announced(name):
        return None
    if database in _VARIANTS:
        return _variant(name)
    database, attribute = _WITHIN.get(database, (database, "dialect"))
    if not database.isidentifier() or not _exists(f"{_PACKAGE}.{database}"):
        return None
    module = f"{_PACKAGE}.{database}"
    if driver:
        module = f"{module}.drivers.{driver}"
        if not driver.isidentifier() or not _exists(module):
            return None

    def load() -> Any:
        return getattr(importlib.import_module(module), attribute)

    return load


def _variant(name: str) -> Callable[[], Any] | None:
    """
    Return a loader for a distributed database.
    """
    database, _, driver = name.partition(".")
    home = _VARIANTS[database]
    of_driver = _built_in(f"{home}.{driver}" if driver else home)
    if of_driver is None:
        return None

    def load() -> Any:
        return importlib.import_module(f"{_PACKAGE}.{home}.variants").variant(database, of_driver())

    return load


registry: DialectLoader = DialectLoader("sqlalchemy.dialects", _built_in)
plugins: PluginLoader = PluginLoader("sqlalchemy.plugins")
