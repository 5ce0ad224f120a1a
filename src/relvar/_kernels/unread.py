"""
The raw rows of a cursor of which nobody has read anything yet, and the usual way to read them: all at once.

Rule: reading to the end closes the cursor.
"""

from __future__ import annotations

from typing import Any


def fetch_all(connection: Any, cursor: Any) -> Any:
    """
    Read a cursor to its end and close it; *connection* says what becomes of errors.
    """
    rows: Any = None
    try:
        rows = cursor.fetchall()
    except BaseException as err:
        connection._fetch_failed(err, cursor)
    try:
        cursor.close()
    except BaseException as err:
        connection._close_failed(err)
    return rows if type(rows) is list else list(rows)


class CursorRows:
    """
    The raw rows of a cursor, where nothing of a cursor's result is needed but them.
    """

    connection: Any
    cursor: Any
    _soft_closed: bool

    def __init__(self, connection: Any, cursor: Any) -> None:
        self.connection = connection
        self.cursor = cursor
        self._soft_closed = False

    @property
    def context(self) -> None:
        """Nothing: no context was made."""

    def _raw_all(self) -> Any:
        """
        Read all rows that are left.
        """
        if self._soft_closed:
            return []
        self._soft_closed = True
        return fetch_all(self.connection, self.cursor)

    def _raw_many(self, size: Any) -> Any:
        if self._soft_closed:
            return []
        try:
            rows = list(self.cursor.fetchmany(size))
        except BaseException as err:
            self.connection._handle_error(err, None, None, self.cursor, None)
            raise
        if not rows:
            self._soft_close()
        return rows

    def _soft_close(self, hard: Any = False) -> None:
        if not self._soft_closed:
            self._soft_closed = True
            self.connection._close_cursor(self.cursor)

    def yield_per(self, num: Any) -> None:
        """Take note of nothing: whoever reads says how many rows."""
