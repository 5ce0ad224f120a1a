"""
Call the driver within the execution option ``timeout``.

Rule 1: an error that a limit caused is found by `errors.handle_error` through ``Connection._overdue``.
Rule 2: each call has the whole time: an execution, with all its batches; and each fetch of its rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from relvar.expr.options import seconds_of

if TYPE_CHECKING:
    from relvar.engine.base import Connection
    from relvar.engine.transacting import TransactingConnection

__all__ = ["LimitedCursor", "call_within", "execute_within", "limiter"]


def call_within(
    conn: TransactingConnection,
    dbapi_connection: Any,
    seconds: float | None,
    call: Callable[..., Any],
    *args: Any,
    can_cancel: bool = True,
) -> Any:
    """
    Make a call that may take so many seconds; None: for ever.
    """
    if seconds is None:
        return call(*args)
    return _call_with(conn, _limit(conn, dbapi_connection, seconds, can_cancel), call, *args)


def _limit(conn: TransactingConnection, dbapi_connection: Any, seconds: float, can_cancel: bool) -> Any:
    return conn.dialect._limit(dbapi_connection, seconds, can_cancel=can_cancel)


def _call_with(conn: TransactingConnection, limit: Any, call: Callable[..., Any], *args: Any) -> Any:
    conn._overdue = limit
    with limit:
        given = call(*args)
    conn._overdue = None
    return given


def execute_within(
    conn: Connection,
    dbapi_connection: Any,
    cursor: Any,
    seconds: float | None,
    call: Callable[..., Any],
    *args: Any,
) -> Any:
    """
    Execute on a cursor, by *call*; gives a cursor whose fetches have the same limit.
    """
    if seconds is None:
        call(*args)
        return cursor
    limit = _limit(conn, dbapi_connection, seconds, True)
    _call_with(conn, limit, call, *args)
    # asyncio's cursors have read all rows, unless they are on the server's side
    if cursor.description is None or getattr(cursor, "server_side", True) is False:
        return cursor
    return LimitedCursor(conn, dbapi_connection, cursor, seconds, limit)


def limiter(conn: Connection, dbapi_connection: Any, options: Mapping[str, Any]) -> Callable[..., Any]:
    """
    Give a function that makes calls which may, together, take as long as the options say.

    It is called as ``within(call, *args)``.
    """
    seconds = seconds_of(options["timeout"])
    if seconds is None:
        return _call
    due = time.monotonic() + seconds

    def within(call: Callable[..., Any], *args: Any) -> Any:
        left = due - time.monotonic()
        if left <= 0:
            # a server may take a request to stop for the end of a SLEEP(), and go on without an error
            conn._overdue = _Spent()
            raise conn.dialect.loaded_dbapi.OperationalError("the time was up before all batches were sent")
        return call_within(conn, dbapi_connection, left, call, *args)

    return within


# The least time that closing a cursor has.
_CLOSING = 2.0


class _Spent:
    """A limit that left no time for a call."""

    severed = False

    def explains(self, err: BaseException, is_lost: bool) -> bool:
        return True


def _call(call: Callable[..., Any], *args: Any) -> Any:
    return call(*args)


class LimitedCursor:
    """
    A cursor of the driver, each of whose fetches may take so many seconds.

    A server that was stopped may have rows under way; then the error comes with a later fetch.
    """

    def __init__(
        self, conn: Connection, dbapi_connection: Any, cursor: Any, seconds: float, limit: Any
    ) -> None:
        self._conn = conn
        self._connection = dbapi_connection
        self._cursor = cursor
        self._seconds = seconds
        self._last = limit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def _within(self, call: Callable[..., Any], *args: Any) -> Any:
        before = self._last
        self._last = limit = _limit(self._conn, self._connection, self._seconds, True)
        try:
            rows = _call_with(self._conn, limit, call, *args)
        except Exception as err:
            if before.acted and not limit.acted and before.explains(err, False):
                self._conn._overdue = before
            raise
        if before.acted and not limit.acted:
            self._last = before
        return rows

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        return self._within(self._cursor.fetchone)

    def fetchmany(self, *size: int) -> Any:
        """Give the next rows."""
        return self._within(self._cursor.fetchmany, *size)

    def fetchall(self) -> Any:
        """Give the rows that are left."""
        return self._within(self._cursor.fetchall)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def close(self) -> None:
        """Close the cursor, which may have to tell the server."""
        # there is nothing to cancel; a short limit would cut off a connection that is whole
        conn = self._conn
        limit = _limit(conn, self._connection, max(self._seconds, _CLOSING), False)
        try:
            with limit:
                self._cursor.close()
        except BaseException as err:
            if limit.severed and not conn.closed and not conn.invalidated:
                conn.invalidate(err)
            raise
