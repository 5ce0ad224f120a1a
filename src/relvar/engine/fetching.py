"""
Rows that the execution context of a dialect has read before the result is made.

Contexts of others say so by ``cursor_fetch_strategy``, which they set in ``post_exec()``: where the rows
are, or that there are none for the program, although something was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["NO_CURSOR_DML", "CursorFetchStrategy", "FullyBufferedCursorFetchStrategy"]


class CursorFetchStrategy:
    """
    Rows come from the driver's cursor.
    """

    def over(self, cursor: Any) -> Any:
        """
        Return what the result is to read instead of the driver's cursor.
        """
        return cursor


class FullyBufferedCursorFetchStrategy(CursorFetchStrategy):
    """
    All rows were read.

    Args:
        alternate_description: Their columns, if not the cursor's.
        initial_buffer: The rows; the cursor's, if they are not given.
    """

    def __init__(
        self,
        dbapi_cursor: Any,
        alternate_description: Sequence[Any] | None = None,
        initial_buffer: Iterable[Any] | None = None,
    ) -> None:
        self._description = alternate_description or dbapi_cursor.description
        self._rows = list(dbapi_cursor.fetchall() if initial_buffer is None else initial_buffer)

    def over(self, cursor: Any) -> Any:
        return _ReadCursor(cursor, self._description, self._rows)


class _NoRows(CursorFetchStrategy):
    """
    A statement without rows for the program.
    """

    def over(self, cursor: Any) -> Any:
        return _ReadCursor(cursor, None, [])


NO_CURSOR_DML = _NoRows()


class _ReadCursor:
    """
    A cursor whose rows were read; the rest is the driver's.
    """

    def __init__(self, cursor: Any, description: Any, rows: list[Any]) -> None:
        self._cursor = cursor
        self._rows = rows
        self.description = description

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        found, self._rows = self._rows[:size], self._rows[size:]
        return found

    def fetchall(self) -> list[Any]:
        found, self._rows = self._rows, []
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)
