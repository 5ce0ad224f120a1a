"""
The limit of one call into the database: the execution option ``timeout``.

When the time is up the server is asked to stop, again and again, and if it does not answer for `GRACE`
seconds, the connection is cut; see ``docs/design/0006-deadlines.md``.

Rule 1: when a limit has ended, nothing of it is under way: the next statement is never hit.
Rule 2: where that is not certain, the connection is cut.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from relvar.util.concurrency import await_only
from relvar.util.watchdog import Watch

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["GRACE", "AsyncLimit", "Limit"]

# Seconds that a server has to stop when it was asked to. Requests are answered in milliseconds; what takes
# long is undoing the work of the statement, which goes on when the connection is cut.
GRACE = 2.0

# Seconds after which it is asked again: between two statements of one call there was nothing to stop.
_AGAIN = 0.25


class _Escalation:
    """
    What is done to a connection whose call takes too long: ask the server to stop, then cut it.
    """

    def __init__(self, dialect: Any, dbapi_connection: Any, can_cancel: bool) -> None:
        self._dialect = dialect
        self._connection = dbapi_connection
        self._can_cancel = can_cancel
        self._gives_up_at: float | None = None
        self._asked = 0
        self._refusal: Exception | None = None
        self.is_certain = True
        self.severed = False

    def __call__(self, acted: int) -> float | None:
        now = time.monotonic()
        if self._gives_up_at is None:
            self._gives_up_at = now + GRACE
        patience = self._gives_up_at - now
        if not self._can_cancel or patience <= 0:
            self.sever()
            return None
        self._asked += 1
        try:
            # the request itself may have to wait for the server
            with Watch(patience, self.sever):
                self._dialect.do_cancel(self._connection)
        except NotImplementedError:
            self.sever()
        except Exception as err:
            # it may have been sent, and arrive any time
            self.is_certain = False
            self._refusal = err
        return None if self.severed else _AGAIN

    def sever(self, acted: int = 0) -> None:
        self.severed = True
        self._dialect.do_sever(self._connection)

    def account(self) -> str:
        """Say why the connection was cut."""
        if not self._asked:
            return "The connection was cut, as this call can't be stopped in another way."
        times = "once" if self._asked == 1 else f"{self._asked} times"
        why = "did not answer in time" if self._refusal is None else f"a request failed: {self._refusal!r}"
        return f"The connection was cut: the server was asked to stop, {times}; {why}."


class Limit:
    """
    A context manager that lets a call of the driver take so many seconds.
    """

    def __init__(self, dialect: Any, dbapi_connection: Any, seconds: float, can_cancel: bool) -> None:
        self._dialect = dialect
        self._seconds = seconds
        self._escalation = _Escalation(dialect, dbapi_connection, can_cancel)

    @property
    def severed(self) -> bool:
        """Whether the connection was cut."""
        return self._escalation.severed

    def account(self) -> str:
        """Say why the connection was cut, if it was."""
        return self._escalation.account()

    @property
    def acted(self) -> bool:
        """Whether the time was up."""
        return self._watch.acted > 0

    def explains(self, err: BaseException, is_lost: bool) -> bool:
        """Tell whether an error of the call is due to the limit."""
        return self.severed or (self.acted and (is_lost or self._dialect._is_cancelled(err)))

    def _end(self) -> bool:
        """End the watch; tell whether its action is over."""
        return self._watch.end(0 if self.severed else GRACE)

    def __enter__(self) -> Self:
        self._watch = Watch(self._seconds, self._escalation)
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        escalation = self._escalation
        try:
            is_over = self._end()
        except BaseException:
            escalation.sever()
            raise
        if not (is_over and escalation.is_certain or escalation.severed):
            escalation.sever()
        if escalation.severed and type_ is None:
            raise self._dialect.loaded_dbapi.OperationalError(
                "the connection was cut, as the call took too long"
            )


class AsyncLimit(Limit):
    """
    What `Limit` is, where the event loop must go on while a request to the server is under way.
    """

    def _end(self) -> bool:
        if self._watch.end(0) or self.severed:
            return True
        import asyncio  # few limits act

        return await_only(asyncio.to_thread(self._watch.end, GRACE))
