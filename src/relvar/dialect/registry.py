"""
Find dialects (and plugins) by name.

``load("postgresql.psycopg")`` looks, in this order,

1. among names registered in this process: ``register(name, module, class)``;
2. in relvar itself: the package ``relvar.dialects.<database>`` has the
   default class as ``dialect``, the module ``.drivers.<driver>`` in it one per
   driver (``mariadb_dialect`` is MariaDB's, in the drivers of MySQL);
3. in the entry point groups ``relvar.dialects`` and ``sqlalchemy.dialects``,
   where other packages announce theirs.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from relvar import exc

_PACKAGE = __name__.partition(".")[0] + ".dialects"

# database -> distribution that has its dialect
_ELSEWHERE = {
    "access": "sqlalchemy-access",
    "awsathena": "PyAthena",
    "bigquery": "sqlalchemy-bigquery",
    "clickhouse": "clickhouse-sqlalchemy",
    "cockroachdb": "sqlalchemy-cockroachdb",
    "crate": "sqlalchemy-cratedb",
    "databricks": "databricks-sqlalchemy",
    "duckdb": "duckdb-engine",
    "firebird": "sqlalchemy-firebird",
    "hana": "sqlalchemy-hana",
    "redshift": "sqlalchemy-redshift",
    "snowflake": "snowflake-sqlalchemy",
    "trino": "trino",
}

_ALIASES = {"postgres": "postgresql", "mssqlserver": "mssql", "sqlite3": "sqlite"}


def _entry_points(**select: str) -> Any:
    """
    Return what installed packages announce.
    """
    from importlib import metadata  # a fifth of the time of importing relvar, and rarely needed

    return metadata.entry_points(**select)


def _modules_in(path: Any) -> Any:
    """
    Return what modules a package has; only error texts need it.
    """
    import pkgutil  # brings zip files along

    return pkgutil.iter_modules(path)


class PluginLoader:
    """
    Loads what is registered under a name.

    Args:
        group: Name of the group, without the package; also in error texts.
        auto_fn: Returns a loader for names that are built in, or ``None``.
    """

    def __init__(self, group: str, auto_fn: Callable[[str], Callable[[], Any] | None] | None = None) -> None:
        self.group = f"sqlalchemy.{group}"
        self.groups = (f"relvar.{group}", self.group)
        self.impls: dict[str, Callable[[], Any]] = {}
        self.auto_fn = auto_fn

    def clear(self) -> None:
        """
        Forget everything that was registered or found.
        """
        self.impls.clear()

    def register(self, name: str, modulepath: str, objname: str) -> None:
        """
        Make *name* stand for the attribute *objname* of a module.

        The module is imported when first asked for.
        """

        def load() -> Any:
            return getattr(importlib.import_module(modulepath), objname)

        self.impls[name] = load

    def deregister(self, name: str) -> None:
        """
        Forget *name*.

        Raises:
            KeyError: it is not registered.
        """
        del self.impls[name]

    def load(self, name: str) -> Any:
        """
        Return what *name* stands for.

        Raises:
            NoSuchModuleError: nothing is known by that name.
        """
        loader = self.impls.get(name)
        if loader is None and self.auto_fn is not None:
            loader = self.auto_fn(name)
        if loader is not None:
            self.impls[name] = loader
            return loader()
        for group in self.groups:
            for entry in _entry_points(group=group, name=name):
                self.impls[name] = entry.load
                return entry.load()
        raise exc.NoSuchModuleError(f"Can't load plugin: {self.group}:{name}{self._hint(name)}")

    def _hint(self, name: str) -> str:
        return ""


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
            names.update(_entry_points(group=group).names)
        return names

    def _databases(self) -> set[str]:
        names = {name.partition(".")[0] for name in self._announced()}
        package = importlib.import_module(_PACKAGE)
        names.update(info.name for info in _modules_in(package.__path__) if info.ispkg)
        if "mysql" in names:
            names.add("mariadb")
        return names


def _drivers(database: str) -> set[str]:
    """
    Return the drivers relvar has for *database*.
    """
    package = f"{_PACKAGE}.{'mysql' if database == 'mariadb' else database}.drivers"
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


def _built_in(name: str) -> Callable[[], Any] | None:
    """
    Return a loader for a dialect of relvar, ``None`` if it is not one.
    """
    database, _, driver = name.partition(".")
    attribute = "dialect"
    if database == "mariadb":
        database, attribute = "mysql", "mariadb_dialect"
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


registry = DialectLoader("dialects", _built_in)
plugins = PluginLoader("plugins")
