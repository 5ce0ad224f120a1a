"""
The time that getting a connection may take, whatever the server does.

There is one limit over waiting for a place, connecting, setting the
connection up and pinging it: a moment of `time.monotonic`.

* A call on a connection that is there (`Limit`) is cut off by its socket.
* To connect there is nothing to cut off yet: it is an `Errand`, done in a
  thread that can be left behind.
* In an event loop, all of it is cancelled (`AsyncLimit`).
"""

from __future__ import annotations

import _thread
import contextvars
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.util.concurrency import await_only
from relvar.util.watchdog import Watch

if TYPE_CHECKING:
    from types import TracebackType

    from relvar.pool.record import ConnectionRecord

# Seconds between two attempts to cut: a new connection may have taken the place of the first.
_AGAIN = 0.2


def overdue(record: ConnectionRecord, doing: str) -> exc.TimeoutError:
    """
    Make the error that says what the server did not do in time.
    """
    pool = record._pool
    return exc.TimeoutError(
        f"{type(pool).__name__} could not give out a connection within the timeout of "
        f"{pool._timeout:0.2f} seconds: {doing}",
        code="3o7r",
    )


class Limit:
    """
    Ends calls on the connection of a record when the time is up.

    Args:
        record: Whatever connection it has at that moment is cut.
        until: When, in seconds of `time.monotonic`.
        doing: What the server has not done then; goes into the error.

    Raises:
        TimeoutError: On leaving the ``with`` block, if the time was up.
    """

    __slots__ = ("_cut", "_doing", "_record", "_watch")

    def __init__(self, record: ConnectionRecord, until: float, doing: str) -> None:
        self._record = record
        self._doing = doing
        left = until - time.monotonic()
        if left <= 0:
            raise overdue(record, doing)
        # the connections that were cut
        self._cut: list[Any] = []
        self._watch = Watch(left, _cutter(record, self._cut))

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, err: BaseException | None, _traceback: object) -> None:
        self._watch.end()
        if self._cut and (err is None or isinstance(err, Exception)):
            raise overdue(self._record, self._doing) from err


def _cutter(record: ConnectionRecord, done: list[Any]) -> Callable[[int], float | None]:
    """
    Make what cuts a record's connection; it must not refer to the limit, see `relvar.util.watchdog`.
    """

    def cut(_acted: int) -> float | None:
        connection = record.dbapi_connection
        if connection is not None:
            done.append(connection)
            record._pool._dialect.do_sever(connection)
        return _AGAIN

    return cut


class AsyncLimit:
    """
    What `Limit` is, for drivers of asyncio.
    """

    __slots__ = ("_cut", "_cutting", "_doing", "_record", "_timeout")

    def __init__(self, record: ConnectionRecord, until: float, doing: str) -> None:
        import asyncio  # programs without an event loop go without

        self._record = record
        self._doing = doing
        left = until - time.monotonic()
        if left <= 0:
            raise overdue(record, doing)
        # a driver that goes on though cancelled (psycopg asks the server first) ends when it is cut
        self._cut: list[Any] = []
        self._cutting = asyncio.get_running_loop().call_later(left, _cutter(record, self._cut), 0)
        self._timeout = asyncio.timeout(left + _AGAIN)

    def __enter__(self) -> None:
        await_only(self._timeout.__aenter__())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cutting.cancel()
        try:
            await_only(self._timeout.__aexit__(kind, err, traceback))
        except TimeoutError:
            raise overdue(self._record, self._doing) from err
        if self._cut and (err is None or isinstance(err, Exception)):
            raise overdue(self._record, self._doing) from err


def limit(record: ConnectionRecord, until: float, doing: str) -> Limit | AsyncLimit:
    """
    Make the limit that suits the driver; *doing* is what it will be said to have failed in.
    """
    return (AsyncLimit if record._pool._dialect.is_async else Limit)(record, until, doing)


class Errand:
    """
    A call in a thread of its own, with the caller's context variables.

    If the caller does not wait to the end, the result is an heir's.
    """

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call: Callable[[], Any] | None = call
        self._lock = threading.Lock()
        self._done = threading.Lock()
        self._done.acquire()
        self._is_done = False
        self.result: Any = None
        self._error: BaseException | None = None
        self._heir: Callable[[Any], None] | None = None
        context = contextvars.copy_context()
        # Thread.start() would wait for the thread, and turn an interrupt into a RuntimeError
        _thread.start_new_thread(context.run, (self._run,))

    def _run(self) -> None:
        try:
            self.result = self._call()  # type: ignore[misc]  # it is there until it has run
        except BaseException as err:
            self._error = err
        self._call = None
        with self._lock:
            self._is_done = True
            heir = self._heir
        self._done.release()
        if heir is not None:
            heir(self.result)

    def wait(self, seconds: float) -> bool:
        """
        Return whether the call ended in that time.
        """
        return self._done.acquire(timeout=max(seconds, 0))

    def leave(self, record: ConnectionRecord) -> bool:
        """
        Have the place of *record* and the result, ``None`` if there was an error, go to an heir.

        Returns:
            False if the result is here already.
        """
        with self._lock:
            if self._is_done:
                return False
            self._heir = record._bequeath()._arrive
            return True

    def take(self) -> Any:
        """
        Return what the call returned, or raise its error.
        """
        error, self._error = self._error, None
        if error is not None:
            try:
                raise error
            finally:
                # the traceback refers to this frame
                error = None
        result, self.result = self.result, None
        return result


def call_in_time(call: Callable[[], Any], record: ConnectionRecord, until: float, doing: str) -> Any:
    """
    Return what *call* returns, or raise what it raises, before the time is up.

    Otherwise, also when the caller is interrupted, the record's place goes to
    an heir, which takes the result when it comes.

    Raises:
        TimeoutError: The time is up.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise overdue(record, doing)
    errand = Errand(call)
    try:
        if errand.wait(left) or not errand.leave(record):
            return errand.take()
    except BaseException:
        if not errand.leave(record) and errand.result is not None:
            record._pool._close_connection(errand.result, terminate=True)
        raise
    raise overdue(record, doing)
