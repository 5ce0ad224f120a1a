"""
Print what a dialect makes of everything in the corpus, and what it tells a driver, as JSON.

Runs in an environment of one of the two libraries, which is imported as ``sqlalchemy``.  Nobody connects: the
driver is a recorder.  Usage: ``python probe.py URL``.
"""

from __future__ import annotations

import json
import re
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeEngine

sys.path.insert(0, __file__.rpartition("/")[0])

from corpus import IDENTIFIERS, STATEMENTS, TYPES, plain, t  # beside this file, not a package

_REFLECTION = {
    "get_schema_names": (),
    "get_table_names": (),
    "get_view_names": (),
    "has_table": ("t",),
    "get_columns": ("t",),
    "get_pk_constraint": ("t",),
    "get_foreign_keys": ("t",),
    "get_indexes": ("t",),
    "get_unique_constraints": ("t",),
    "get_check_constraints": ("t",),
    "get_table_comment": ("t",),
    "get_view_definition": ("t",),
    "get_sequence_names": (),
}


class Driver(types.ModuleType):
    """A driver that notes what it is told, and answers each statement with the rows that are set."""

    apilevel, threadsafety, paramstyle = "2.0", 2, "pyformat"
    version = __version__ = "9.9.9"
    version_info = (9, 9, 9)

    def __init__(self) -> None:
        super().__init__("recorder")
        self.told: list[Any] = []
        self.rows: list[tuple[Any, ...]] = []
        for name in ("Warning", "Error", "InterfaceError", "DatabaseError", "DataError", "OperationalError"):
            setattr(self, name, type(name, (Exception,), {}))
        for name in ("IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError"):
            setattr(self, name, type(name, (self.Error,), {}))  # type: ignore[attr-defined]  # set above
        for name in ("STRING", "BINARY", "NUMBER", "DATETIME", "ROWID"):
            setattr(self, name, name)

    def Binary(self, value: Any) -> Any:
        return value

    def connect(self, *args: Any, **kw: Any) -> Any:
        # passwords are text that does not show itself, but by str()
        self.told.append(["connect", [str(argument) for argument in args], sorted(kw)])
        return Recorder(self, "connection")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Recorder(self, name)


class Recorder:
    """A connection or cursor, or what one has."""

    arraysize, rowcount, lastrowid, autocommit, closed = 1, 1, 7, False, 0

    def __init__(self, driver: Driver, name: str) -> None:
        self._driver, self._name = driver, name
        self._left: list[Any] = []

    @property
    def description(self) -> Any:
        width = len(self._driver.rows[0]) if self._driver.rows else 1
        return [(f"c{n}", "STRING", None, None, None, None, True) for n in range(width)]

    def cursor(self, *args: Any, **kw: Any) -> Recorder:
        return Recorder(self._driver, "cursor")

    def execute(self, statement: Any, *parameters: Any, **kw: Any) -> Recorder:
        self._driver.told.append(["execute", str(statement), shown(parameters)])
        self._left = list(self._driver.rows)
        return self

    def executemany(self, statement: Any, *parameters: Any, **kw: Any) -> Recorder:
        self._driver.told.append(["executemany", str(statement), shown(parameters)])
        return self

    def fetchone(self) -> Any:
        return self._left.pop(0) if self._left else None

    def fetchmany(self, size: int = 1) -> Any:
        return self.fetchall()

    def fetchall(self) -> Any:
        rows, self._left = self._left, []
        return rows

    def __iter__(self) -> Any:
        return iter(self.fetchall())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        driver = self._driver

        def called(*args: Any, **kw: Any) -> Any:
            if name in ("commit", "rollback"):
                driver.told.append([name])

        return called


def shown(value: Any) -> str:
    """Return the text of values that a driver gets; of which kind a mapping or sequence is, is not told."""
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{name!r}: {shown(one)}" for name, one in sorted(value.items())) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    return repr(value)


def outcome(work: Callable[[], Any]) -> Any:
    """Return what came of something; of an error, which kind."""
    try:
        return work()
    except Exception as error:
        return {"error": type(error).__name__, "says": re.sub(r"0x[0-9a-f]+", "0x", str(error))[:300]}


def dialect_of(url: str) -> Any:
    return make_url(url).get_dialect()()


def arguments(url: str) -> Any:
    parsed = make_url(url)
    positional, by_name = dialect_of(url).create_connect_args(parsed)
    # passwords are text that does not show itself, but by str()
    plain = {name: list(map(str, v)) if isinstance(v, list) else str(v) for name, v in by_name.items()}
    texts = {name: re.sub("0x[0-9a-f]+", "0x", str(value)) for name, value in plain.items()}
    return [[str(a) for a in positional], sorted(texts.items())]


def written(url: str, found: dict[str, Any]) -> None:
    """Compile everything."""
    for name, statement in STATEMENTS.items():
        for literal in (False, True):
            options = {"literal_binds": True} if literal else {}
            found[f"{name}, {'literals' if literal else 'parameters'}"] = outcome(
                lambda s=statement, o=options: str(s.compile(dialect=dialect_of(url), compile_kwargs=o))
            )
    for name, type_ in TYPES.items():
        found[f"type {name}"] = outcome(lambda t=type_: t.compile(dialect=dialect_of(url)))
    for name in IDENTIFIERS:
        found[f"name {name}"] = outcome(lambda n=name: dialect_of(url).identifier_preparer.quote(n))


def own_types(url: str, found: dict[str, Any]) -> None:
    """Compile the types that the dialect knows from the catalog, but for those that are SQLAlchemy's."""
    for name, cls in sorted(getattr(dialect_of(url), "ischema_names", {}).items(), key=str):
        if not isinstance(cls, type) or not issubclass(cls, TypeEngine):
            continue
        if cls.__module__.startswith(("sqlalchemy.", "relvar.")):
            continue
        found[f"own type {name}"] = outcome(lambda c=cls: c().compile(dialect=dialect_of(url)))


def told(url: str, found: dict[str, Any]) -> None:
    """Run statements and reflection on an engine whose driver is a recorder."""
    driver = Driver()
    driver.rows = [("10.1.2",)]
    own = make_url(url).get_dialect()
    driver.paramstyle = own.default_paramstyle if own.default_paramstyle != "named" else "named"

    def noting(work: Callable[[], Any]) -> Any:
        driver.told.clear()
        ended = outcome(work)
        kept = ended["error"] if isinstance(ended, dict) and "error" in ended else "done"
        # addresses of objects, which differ
        return json.loads(re.sub("0x[0-9a-f]+", "0x", json.dumps([*driver.told, kept])))

    made = outcome(lambda: sa.create_engine(url, module=driver))
    if isinstance(made, dict):
        found["engine"] = made
        return

    def use(work: Callable[[Any], Any], commit: bool = True) -> Callable[[], Any]:
        def run() -> Any:
            with made.connect() as connection:
                work(connection)
                if commit:
                    connection.commit()

        return run

    found["told: connect"] = noting(use(lambda connection: None))
    rows = [{"name": "a", "x": 1}, {"name": "b", "x": 2}]
    for name, work in {
        "select": lambda c: c.execute(STATEMENTS["in"]).all(),
        "insert": lambda c: c.execute(sa.insert(t), rows[0]).inserted_primary_key,
        "insert many": lambda c: c.execute(sa.insert(t), rows),
        "update": lambda c: c.execute(STATEMENTS["update"]).rowcount,
        "create": lambda c: plain.create(c, checkfirst=False),
        "sequence": lambda c: c.scalar(sa.Sequence("q")),
        "savepoint": lambda c: c.begin_nested().rollback(),
    }.items():
        # whether a sequence by itself begins a transaction is a difference that is known
        found[f"told: {name}"] = noting(use(work, commit=name != "sequence"))
    driver.rows = []
    for name, names in _REFLECTION.items():
        method = getattr(own, name, None)
        found[f"told: {name}"] = noting(use(lambda c, n=name, a=names: getattr(sa.inspect(c), n)(*a)))
        found[f"inherited: {name}"] = method is None or method.__module__.startswith(
            ("sqlalchemy.", "relvar.")
        )


def main(url: str) -> None:
    warnings.simplefilter("ignore")
    found: dict[str, Any] = {}
    found["class"] = outcome(lambda: f"{(c := make_url(url).get_dialect()).__module__}.{c.__qualname__}")
    if isinstance(found["class"], str):
        found["arguments"] = outcome(lambda: arguments(url))
        written(url, found)
        for more in (own_types, told):
            ended = outcome(lambda m=more: m(url, found))
            if ended is not None:
                found[more.__name__] = ended
    print("\n" + json.dumps(found, default=repr))


if __name__ == "__main__":
    main(sys.argv[1])
