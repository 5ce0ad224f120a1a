"""
Rows in the log: with ``echo="debug"`` each row is written down as it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from relvar.util.text import trunc

if TYPE_CHECKING:
    from relvar.engine.base import Connection

__all__ = ["LoggedCursor", "log_columns", "log_rows", "with_logged_rows"]

_LONGEST = 300


def with_logged_rows(conn: Connection, cursor: Any) -> Any:
    """
    Log the columns of an executed cursor; return one that logs its rows too, if it has any.
    """
    if cursor.description is None:
        return cursor
    log_columns(conn, cursor)
    return LoggedCursor(conn, cursor)


def log_columns(conn: Connection, cursor: Any) -> None:
    """
    Log the names of the columns, as the driver tells them.
    """
    conn._log_debug("Col %r", tuple([column[0] for column in cursor.description]))


def log_rows(conn: Connection, rows: Iterable[Any]) -> None:
    """
    Log rows, their long values shortened.
    """
    for row in rows:
        conn._log_debug("Row %s", _shown(row))


def _shown(row: Any) -> str:
    parts = [trunc(value, _LONGEST) for value in row]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


class LoggedCursor:
    """
    A driver's cursor that logs the rows it gives; anything else is the cursor's.
    """

    def __init__(self, conn: Connection, cursor: Any) -> None:
        self._conn = conn
        self._cursor = cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        for row in self._cursor:
            log_rows(self._conn, (row,))
            yield row

    def fetchone(self) -> Any:
        """Read a row."""
        row = self._cursor.fetchone()
        if row is not None:
            log_rows(self._conn, (row,))
        return row

    def fetchmany(self, *size: int) -> Any:
        """Read some rows."""
        rows = self._cursor.fetchmany(*size)
        log_rows(self._conn, rows)
        return rows

    def fetchall(self) -> Any:
        """Read the rows that are left."""
        rows = self._cursor.fetchall()
        log_rows(self._conn, rows)
        return rows
