"""
What the driver is told, without a database: connections of python-oracledb that were never opened.

Cursors, variables and types are the driver's own, with all its checks; what would go over the wire is
noted, and
the rows that a test wants are handed out in place of a server's. So these tests say what relvar asks the
driver
for, and what it makes of the driver's values; not that a server takes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import oracledb
import pytest
from oracledb import thin_impl

from relvar import create_engine


class Recorder:
    """The calls of one engine, and the answers to them."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.calls: list[tuple[Any, ...]] = []
        # part of a statement -> columns (name, type) and rows
        self.answers: dict[str, tuple[list[tuple[str, Any]], list[Any]]] = {}
        # variables of RETURNING, in order -> for each execution the values of its rows
        self.returned: list[list[list[Any]]] = []
        self.fails: dict[str, Exception] = {}
        self.answer("SYS_CONTEXT", [("S", oracledb.DB_TYPE_VARCHAR)], [("SCOTT",)])

    def answer(self, part: str, columns: list[tuple[str, Any]], rows: list[Any]) -> None:
        self.answers[part] = (columns, rows)

    def note(self, *call: Any) -> None:
        self.calls.append(call)

    def returned_as(self, variable: Any) -> Returned:
        return Returned(variable, self.returned.pop(0))

    def take(self, *kinds: str) -> list[tuple[Any, ...]]:
        """Return the calls so far, of these kinds if any are named, and forget all."""
        calls, self.calls = self.calls, []
        return [call for call in calls if not kinds or call[0] in kinds]


class Returned:
    """A variable of the driver whose values are those that a test wants."""

    def __init__(self, variable: Any, values: list[list[Any]]) -> None:
        self.variable = variable
        self.type = variable.type
        self.values = values

    def getvalue(self, position: int = 0) -> Any:
        return self.values[position]


class Cursor(oracledb.Cursor):
    description: Any = None
    rowcount = 1
    lastrowid = None

    def execute(self, statement: Any, parameters: Any = None, **kw: Any) -> Any:
        self._send("execute", statement, parameters)

    def executemany(self, statement: Any, parameters: Any, **kw: Any) -> None:
        self._send("executemany", statement, parameters)

    def _send(self, call: str, statement: str, parameters: Any) -> None:
        recorder = self.connection.recorder
        recorder.note(call, " ".join(statement.split()), parameters)
        self.description, self.waiting = None, []
        for part, error in recorder.fails.items():
            if part in statement:
                raise error
        for part, (columns, rows) in recorder.answers.items():
            if part in statement:
                self.description = [(name, type_, None, None, None, None, None) for name, type_ in columns]
                self.waiting = list(rows)

    def setinputsizes(self, *args: Any, **kw: Any) -> Any:
        self.connection.recorder.note("setinputsizes", kw)
        return super().setinputsizes(*args, **kw)

    def var(self, *args: Any, **kw: Any) -> Any:
        recorder = self.connection.recorder
        made: Any = super().var(*args, **kw)
        recorder.note("var", *args, kw)
        return recorder.returned_as(made) if recorder.returned else made

    def fetchone(self) -> Any:
        return self.waiting.pop(0) if self.waiting else None

    def fetchmany(self, size: Any = None, numRows: Any = None) -> Any:
        rows, self.waiting = self.waiting[:size], self.waiting[size:]
        return rows

    def fetchall(self) -> Any:
        rows, self.waiting = self.waiting, []
        return rows

    def close(self) -> None: ...


class Connection(oracledb.Connection):
    """Never opened, so attributes that a server knows are here."""

    version: Any = None
    autocommit: Any = False
    call_timeout: Any = 0
    outputtypehandler: Any = None
    max_identifier_length: Any = None

    def __init__(self, recorder: Recorder) -> None:
        self._impl = thin_impl.ThinConnImpl()
        self.recorder = recorder
        self.version = recorder.version

    def __del__(self) -> None: ...

    def cursor(self, scrollable: bool = False) -> Any:
        return Cursor(self)

    def _noting(name: str) -> Any:  # type: ignore[misc]  # called in the class body
        def call(self: Any, *args: Any) -> Any:
            self.recorder.note(name, *args)
            return {"tpc_prepare": True, "tpc_recover": [(1, b"g", b"b")]}.get(name)

        return call

    close = _noting("close")
    commit = _noting("commit")
    rollback = _noting("rollback")
    ping = _noting("ping")
    tpc_begin = _noting("tpc_begin")
    tpc_commit = _noting("tpc_commit")
    tpc_prepare = _noting("tpc_prepare")
    tpc_recover = _noting("tpc_recover")
    tpc_rollback = _noting("tpc_rollback")


@pytest.fixture
def make_recorder() -> type[Recorder]:
    """The class of recorders."""
    return Recorder


@pytest.fixture
def recorded() -> Iterator[Any]:
    """A function: version and options of an engine -> the engine, connected once, and its `Recorder`."""
    engines: list[Any] = []

    def make(version: str = "19.3.0.0.0", **options: Any) -> tuple[Any, Recorder]:
        recorder = Recorder(version)
        engine = create_engine(
            "oracle://scott:tiger@localhost/?service_name=x", creator=lambda: Connection(recorder), **options
        )
        engines.append(engine)
        with engine.connect():
            pass
        recorder.take()
        return engine, recorder

    yield make
    for engine in engines:
        engine.dispose()
