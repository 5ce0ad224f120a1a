"""
A module of PEP 249 that notes what it is told. It is no database: answers are put in by the test.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

paramstyle = "qmark"
apilevel = "2.0"
threadsafety = 1
version = __version__ = "5.5.0"
log: list[tuple[Any, ...]] = []
answers: list[tuple[str, Any]] = []


class Error(Exception):
    pass


class InterfaceError(Error):
    pass


class DatabaseError(Error):
    pass


class OperationalError(DatabaseError):
    pass


class IntegrityError(DatabaseError):
    pass


class ProgrammingError(DatabaseError):
    pass


Warning = DataError = InternalError = NotSupportedError = DatabaseError
STRING, BINARY, NUMBER, DATETIME, ROWID = str, bytearray, float, datetime.datetime, int
SQL_VARCHAR, SQL_WVARCHAR = 12, -9
Binary = bytearray


class _Null:
    def __repr__(self) -> str:
        return "BinaryNull"


BinaryNull = _Null()


class Cursor:
    """Notes what is executed; a result is a list of rows, an answer one or several of them."""

    arraysize = 1
    fast_executemany = False
    lastrowid = None

    def __init__(self) -> None:
        self.rowcount = -1
        self.description: Any = None
        self._rows: list[Any] = []
        self._sets: list[Any] = []

    def _run(self, text: str) -> None:
        self.rowcount, self.description, self._rows, self._sets = 1, None, [], []
        for pattern, answer in answers:
            if re.search(pattern, text, re.S):
                if isinstance(answer, Exception):
                    raise answer
                self._sets = list(answer) if answer and isinstance(answer[0], list) else [answer]
                self.nextset()
                return

    def nextset(self) -> Any:
        if not self._sets:
            return None
        self._rows = list(self._sets.pop(0))
        self.description = None
        if self._rows:
            self.description = [(f"c{i}", int, *[None] * 5) for i in range(len(self._rows[0]))]
        return True

    def execute(self, text: str, *parameters: Any) -> None:
        log.append(("execute", text, *parameters))
        self._run(text)

    def executemany(self, text: str, parameters: Any) -> None:
        log.append(("executemany", text, list(parameters), *["fast"] * self.fast_executemany))
        self._run(text)

    def setinputsizes(self, sizes: Any) -> None:
        log.append(("sizes", *[getattr(size[0], "__name__", size[0]) for size in sizes]))

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> Any:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> Any:
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def close(self) -> None: ...


class Connection:
    autocommit = False
    timeout = 0

    def __setattr__(self, name: str, value: Any) -> None:
        log.append((f"{name} = {value}",))
        object.__setattr__(self, name, value)

    def cursor(self) -> Cursor:
        return Cursor()

    def commit(self) -> None:
        log.append(("commit",))

    def rollback(self) -> None: ...

    def close(self) -> None: ...

    def add_output_converter(self, code: int, function: Any) -> None: ...


def connect(*args: Any, **kw: Any) -> Connection:
    return Connection()
