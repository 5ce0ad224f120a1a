"""
The limit of one call into SQLite, which runs in the caller's own thread.

Not by ``sqlite3_interrupt``: that stays in effect as long as rows of any statement are left to be read, and
hits statements to come (https://www.sqlite.org/c3ref/interrupt.html).  A progress handler acts only while the
call runs.  It is not asked while the call waits for another connection's lock; that wait is shortened.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["SQLiteLimit"]

# Steps of SQLite's virtual machine between two looks at the clock: some 20 us, of which the look takes 0.2.
_STEPS = 1000

# https://www.sqlite.org/rescode.html
_BUSY, _INTERRUPT = 5, 9


class SQLiteLimit:
    """
    A context manager that lets a call of the driver take so many seconds.
    """

    acted: bool

    # there is no server that could fail to answer
    severed = False

    def __init__(self, dialect: Any, dbapi_connection: Any, seconds: float) -> None:
        self._dialect = dialect
        self._connection = dbapi_connection
        self._seconds = seconds
        self._shortened = False
        self.acted = False

    def _is_up(self) -> bool:
        self.acted = time.monotonic() >= self._due
        return self.acted

    def explains(self, err: BaseException, is_lost: bool) -> bool:
        """Tell whether an error of the call is due to the limit."""
        code = self._dialect._error_code(err)
        return (self.acted and code == _INTERRUPT) or (
            code == _BUSY and self._shortened and time.monotonic() > self._due - 0.05
        )

    def __enter__(self) -> Self:
        connection = self._connection
        self._patience = patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        milliseconds = int(self._seconds * 1000)
        self._shortened = milliseconds < patience
        if self._shortened:
            connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
        self._due = time.monotonic() + self._seconds
        connection.set_progress_handler(self._is_up, _STEPS)
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        connection = self._connection
        connection.set_progress_handler(None, 0)
        if self._shortened:
            connection.execute(f"PRAGMA busy_timeout = {self._patience}")
