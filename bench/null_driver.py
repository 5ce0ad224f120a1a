"""
A DB-API driver that does nothing: it answers every query with fixed rows.

What is left when a statement runs on it is the library's own work.
"""

from __future__ import annotations

from typing import Any

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version_info = (3, 40, 0)
sqlite_version = version = "3.40.0"
PARSE_DECLTYPES = PARSE_COLNAMES = 0


class Error(Exception):
    """The root of the driver's errors."""


class Warning(Exception):  # PEP 249 names it so
    """Required by PEP 249."""


InterfaceError = DatabaseError = DataError = OperationalError = IntegrityError = Error
InternalError = ProgrammingError = NotSupportedError = Error
Binary = bytes

DESCRIPTION = tuple((name, None, None, None, None, None, None) for name in ("id", "name"))


class Cursor:
    """Answer one row of ``(1, 'x')`` to everything."""

    arraysize = 1
    rowcount = -1
    lastrowid = 1
    description: Any = DESCRIPTION

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, _sql: str, _parameters: Any = ()) -> Cursor:
        self._rows = [(1, "x")]
        return self

    def executemany(self, _sql: str, _rows: Any) -> Cursor:
        return self

    def fetchone(self) -> Any:
        return self._rows.pop() if self._rows else None

    def fetchall(self) -> Any:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, _size: int | None = None) -> Any:
        return self.fetchall()

    def close(self) -> None:
        pass


class Connection:
    """Accept everything."""

    isolation_level: Any = ""
    in_transaction = False

    def cursor(self, *_args: Any) -> Cursor:
        return Cursor()

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        return Cursor().execute(sql, parameters)

    def create_function(self, *_args: Any, **_options: Any) -> None:
        pass

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        pass


def connect(*_args: Any, **_options: Any) -> Connection:
    """Return a connection to nowhere."""
    return Connection()
