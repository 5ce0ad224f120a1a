"""
Run a function in a transaction, again if it fails by a conflict: `Engine.run`, and those of sessions.

Rule 1: a try is a whole transaction. What can be tried again is an error after which nothing of it is left: a
conflict with other transactions (`Dialect.is_retryable`), a connection lost before COMMIT was sent, or none.
Rule 2: a commit whose answer is lost is not tried again, unless the function may run twice.
Rule 3: the function does not end the transaction; its value is given only after the commit.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict, TypeVar

from relvar import exc
from relvar.engine.transactions import RootTransaction
from relvar.rows.result import FilterResult, Result
from relvar.util.concurrency import sleep

if TYPE_CHECKING:
    from relvar.engine.base import Connection, Engine

__all__ = ["Retry", "RetryOptions", "begin_whole", "check_value", "run_in_connection"]

_T = TypeVar("_T")

# what functions are being run with, in this thread or task
_running: ContextVar[tuple[Any, ...]] = ContextVar("relvar_running", default=())

_HOW_TO_END = (
    "the function given to run() must not end its transaction: run() commits when the function returns, and "
    "rolls back when it raises. To undo a part of it, use begin_nested()"
)


class RetryOptions(TypedDict, total=False):
    """
    The options of `run`, as `Engine.run` describes them.
    """

    attempts: int
    deadline: float | None
    backoff: float
    max_backoff: float
    idempotent: bool


class Retry:
    """
    How often, and how long, a function is tried.

    Raises:
        ArgumentError: A number that makes no sense.
    """

    def __init__(
        self,
        *,
        attempts: int = 10,
        deadline: float | None = None,
        backoff: float = 0.02,
        max_backoff: float = 2.0,
        idempotent: bool = False,
    ) -> None:
        if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 1:
            raise exc.ArgumentError(f"run(): attempts is a whole number, 1 or more; got {attempts!r}")
        for name, value in (("deadline", deadline), ("backoff", backoff), ("max_backoff", max_backoff)):
            if value is None and name == "deadline":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise exc.ArgumentError(f"run(): {name} is a number of seconds, 0 or more; got {value!r}")
        self._attempts = attempts
        self._deadline = deadline
        self._backoff = backoff
        self._max_backoff = max_backoff
        self._idempotent = idempotent

    def pause(self, number: int) -> float:
        """
        Give the seconds to wait after try *number*, counted from 1: anything up to a limit that doubles.

        Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
        """
        import random  # with the first conflict

        return random.uniform(0, min(self._max_backoff, self._backoff * 2 ** min(number - 1, 60)))

    def allows(self, err: exc.DBAPIError | OSError) -> bool:
        """
        Tell whether another try is safe, and may help.
        """
        if isinstance(err, OSError):
            # asyncpg has no error of its own for a server that can't be reached
            return getattr(err, "_while_connecting", False)
        if isinstance(err, exc.CommitUnknown):
            return self._idempotent
        if isinstance(err, exc.StatementTimeout):
            return False
        if err.connection_invalidated:
            return True
        dialect = err._dialect
        if dialect is None:
            return False
        may_help = dialect._is_unreachable if err._while_connecting else dialect.is_retryable
        return bool(may_help(err.orig))

    def run(self, attempt: Callable[[], _T]) -> _T:
        """
        Make an attempt until it succeeds, or must not be repeated.
        """
        started = time.monotonic()
        number = 1
        while True:
            try:
                return attempt()
            except (exc.DBAPIError, OSError) as err:
                if number >= self._attempts or not self.allows(err):
                    raise
                pause = self.pause(number)
                if self._deadline is not None and time.monotonic() + pause - started >= self._deadline:
                    raise
            sleep(pause)
            number += 1


class RunTransaction(RootTransaction):
    """
    A transaction that only `run_in_connection` ends.
    """

    __slots__ = ("may_end",)

    may_end: bool

    def __init__(self, connection: Connection) -> None:
        self.may_end = False
        super().__init__(connection)

    def _end(self, commit: bool) -> None:
        if not self.may_end:
            refuse_end("commit" if commit else "roll back")
        super()._end(commit)


def refuse_end(what: str) -> NoReturn:
    """
    Say that the function must not do *what*.
    """
    raise exc.InvalidRequestError(f"Can't {what}: {_HOW_TO_END}")


def check_function(fn: Any, may_await: bool = False) -> None:
    """
    Refuse a function whose work would happen after `run` is over.

    Args:
        may_await: Whether it is awaited.
    """
    import inspect  # few programs need it

    if not callable(fn):
        raise exc.ArgumentError(f"run() takes a function, not {fn!r}")
    if inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        raise exc.ArgumentError(
            f"run() takes a function that does its work before it returns; {fn!r} is a generator function, "
            "whose work would be done after the transaction is over. Return a list"
        )
    if inspect.iscoroutinefunction(fn) and not may_await:
        raise exc.ArgumentError(
            f"run() takes an ordinary function; {fn!r} is an async function, which AsyncEngine.run() "
            "and AsyncSession.run() take"
        )


def check_value(value: _T) -> _T:
    """
    Refuse what can't outlive its transaction, before that is committed.
    """
    if isinstance(value, GeneratorType | CoroutineType | AsyncGeneratorType):
        if not isinstance(value, AsyncGeneratorType):
            value.close()
        raise exc.InvalidRequestError(
            f"The function given to run() returned {value!r}, whose work is not done when the transaction is "
            "over; it was rolled back"
        )
    if isinstance(value, Result | FilterResult) and not value._soft_closed:
        value.close()
        raise exc.InvalidRequestError(
            "The function given to run() returned a result whose rows are not read, and can't be when the "
            "transaction is over; it was rolled back. Return result.all(), or what you need of it"
        )
    return value


@contextlib.contextmanager
def running(owner: Any) -> Iterator[None]:
    """
    Note that a function runs with *owner*, an engine or the like.

    Raises:
        InvalidRequestError: One does already: its transaction would wait for, or not see, the one inside.
    """
    owners = _running.get()
    if any(each is owner for each in owners):
        raise exc.InvalidRequestError(
            "run() was called by a function that run() is running with the same database: the inner "
            "transaction would be on another connection. Give the connection or session you have "
            "to the inner function and call it, or use begin_nested()"
        )
    token = _running.set((*owners, owner))
    try:
        yield
    finally:
        _running.reset(token)


def begin_whole(connection: Connection) -> None:
    """
    Have the transaction just begun hold everything, reads and DDL too.

    Raises:
        InvalidRequestError: The connection is in AUTOCOMMIT mode, and has no transactions.
    """
    if connection._is_autocommit():
        raise exc.InvalidRequestError(
            "run() needs transactions, and this engine's isolation level is AUTOCOMMIT: give run() an engine "
            "with another one, as by engine.execution_options(isolation_level=...)"
        )
    connection.dialect._begin_whole(connection)


def require_intact(connection: Connection) -> None:
    """
    Refuse to commit what the database would roll back without a word.
    """
    loan = connection._dbapi_connection
    if loan is not None and connection.dialect._is_failed(loan.dbapi_connection):
        raise exc.InvalidRequestError(
            "A statement failed in the function given to run(), which went on nevertheless; the database has "
            "given the transaction up. Let the error pass, or guard the statement by begin_nested()"
        )


def run_in_connection(engine: Engine, fn: Callable[[Connection], _T], policy: Retry) -> _T:
    """
    Run a function in transactions of an engine until one is committed.
    """
    check_function(fn)

    def attempt() -> _T:
        with engine.connect() as connection:
            transaction = RunTransaction(connection)
            try:
                begin_whole(connection)
                value = check_value(fn(connection))
                require_intact(connection)
            except BaseException:
                transaction.may_end = True
                # the error that ended the try is the one to be seen
                with contextlib.suppress(Exception):
                    transaction.close()
                raise
            transaction.may_end = True
            transaction.commit()
            return value

    with running(engine._option_root):
        return policy.run(attempt)
