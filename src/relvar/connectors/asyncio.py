"""
A PEP 249 face over drivers that must be awaited.

The engine knows blocking drivers only.  Each class here holds an object of the
driver and, where PEP 249 has a call that blocks, hands the driver's awaitable
to the event loop through `await_only`: so the engine's code runs unchanged in a
greenlet.  A dialect derives from these classes and says what its driver does
otherwise.

Rule 1: an ordinary cursor has all its rows when ``execute`` returns, and the
driver's cursor is closed by then; only a `server_side` one waits for rows.
Rule 2: one statement at a time: ``_execute_mutex`` makes tasks that share a
connection take turns.
Rule 3: an error of the driver leaves through ``_handle_exception``, which may
raise another one.  Cancellation is no error of the driver.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import WeakSet

from relvar.dialect.interface import AdaptedConnection
from relvar.exc import EmulatedDBAPIException
from relvar.util.concurrency import await_only, going_on, greenlet_spawn, in_greenlet, to_the_end
from relvar.util.immutable import EMPTY_DICT

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "AsyncAdapt_Error",
    "AsyncAdapt_dbapi_connection",
    "AsyncAdapt_dbapi_cursor",
    "AsyncAdapt_dbapi_module",
    "AsyncAdapt_dbapi_ss_cursor",
    "AsyncAdapt_terminate",
]

# How long a connection that is thrown away may take to say goodbye, in seconds.
_GOODBYE = 2

# How long a connection that nobody waits for any more may take to come, in seconds.  A busy machine does
# take some, and a driver that is stopped half way leaves something behind: asyncpg an error for nobody.
_ARRIVAL = 20

_PEP249 = (
    "Warning",
    "Error",
    "InterfaceError",
    "DatabaseError",
    "DataError",
    "OperationalError",
    "IntegrityError",
    "InternalError",
    "ProgrammingError",
    "NotSupportedError",
)


class AsyncAdapt_Error(EmulatedDBAPIException):  # SQLAlchemy's name
    """
    An error raised in the name of a driver that has no PEP 249 errors.
    """


class AsyncAdapt_dbapi_module:  # SQLAlchemy's name
    """
    A driver as PEP 249 wants a module to be.

    Args:
        driver: The module of the driver, which has ``connect``.
        dbapi_module: The module that has the errors, if it is another one.
    """

    paramstyle: str
    # What `connect` makes.
    _connection_cls: type[AsyncAdapt_dbapi_connection]

    def __init__(self, driver: Any, *, dbapi_module: Any = None) -> None:
        self.driver = driver
        self.dbapi_module = dbapi_module

    @property
    def exceptions_module(self) -> Any:
        """The module that has the errors."""
        return self.driver if self.dbapi_module is None else self.dbapi_module

    def _take_errors(self, *more: str) -> None:
        """
        Have the errors of PEP 249, and other names, of the module that has them.
        """
        for name in (*_PEP249, *more):
            setattr(self, name, getattr(self.exceptions_module, name))

    def connect(self, *arg: Any, async_creator_fn: Any = None, **kw: Any) -> AsyncAdapt_dbapi_connection:
        """
        Connect.

        Args:
            async_creator_fn: Called in place of the driver's ``connect``.
        """
        return self._adapt(partial(async_creator_fn or self.driver.connect, *arg, **kw))

    def _adapt(self, connect: Callable[[], Awaitable[Any]], **kw: Any) -> AsyncAdapt_dbapi_connection:
        async def connecting() -> AsyncAdapt_dbapi_connection:
            # asyncpg and aiosqlite, cancelled in the middle, leave something behind: so they are not
            making = going_on(self._connection_cls.create(self, connect(), **kw))
            try:
                return await asyncio.shield(making)
            except asyncio.CancelledError:
                going_on(_unwanted(making))
                raise

        # the driver is not called where nobody can wait for it
        return await_only(connecting())


async def _unwanted(making: asyncio.Task[AsyncAdapt_dbapi_connection]) -> None:
    """
    Close a connection that nobody waits for any more, if it comes at all.
    """
    with contextlib.suppress(Exception):
        connection = await asyncio.wait_for(making, _ARRIVAL)
        await greenlet_spawn(getattr(connection, "terminate", connection.close))


class AsyncAdapt_dbapi_cursor:  # SQLAlchemy's name
    """
    A cursor over an awaitable one.
    """

    __slots__ = (
        "__weakref__",
        "_adapt_connection",
        "_connection",
        "_cursor",
        "_rows",
        "_soft_closed_memoized",
    )

    server_side = False
    # Whether closing the driver's cursor is to be awaited.
    _awaitable_cursor_close: bool = True

    _adapt_connection: AsyncAdapt_dbapi_connection
    _connection: Any
    _cursor: Any
    _rows: deque[Any]
    # What was known of the driver's cursor when it was closed.
    _soft_closed_memoized: Mapping[str, Any]

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = self._aenter_cursor(self._make_new_cursor(self._connection))
        self._rows = deque()
        self._soft_closed_memoized = EMPTY_DICT

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection.cursor()

    def _aenter_cursor(self, cursor: Any) -> Any:
        try:
            return await_only(cursor.__aenter__())
        except Exception as error:
            self._adapt_connection._handle_exception(error)

    # -- what PEP 249 has -------------------------------------------------------

    @property
    def description(self) -> Any:
        """The columns; None without rows."""
        memoized = self._soft_closed_memoized
        return memoized["description"] if memoized else self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the statement met, as the driver says."""
        memoized = self._soft_closed_memoized
        return memoized["rowcount"] if memoized else self._cursor.rowcount  # type: ignore[no-any-return]  # the driver's

    @rowcount.setter
    def rowcount(self, value: int) -> None:
        # a dialect that counts itself, for executions in several parts
        self._soft_closed_memoized = {**self._known(), "rowcount": value}

    @property
    def lastrowid(self) -> Any:
        """The key of the row inserted last, as the driver says."""
        memoized = self._soft_closed_memoized
        return memoized["lastrowid"] if memoized else getattr(self._cursor, "lastrowid", None)

    @property
    def arraysize(self) -> int:
        """How many rows ``fetchmany()`` gives."""
        return self._cursor.arraysize  # type: ignore[no-any-return]  # the driver's

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._cursor.arraysize = value

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Execute, and read all rows."""
        self._reopen()
        try:
            return await_only(self._execute_async(operation, parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        """Execute once per set of parameters."""
        self._reopen()
        try:
            return await_only(self._executemany_async(operation, seq_of_parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        async with self._adapt_connection._execute_mutex:
            if parameters is None:
                result = await self._cursor.execute(operation)
            else:
                result = await self._cursor.execute(operation, parameters)
            if not self.server_side and self._has_rows():
                self._rows = deque(await self._cursor.fetchall())
                await self._async_soft_close()
            return result

    def _has_rows(self) -> bool:
        """
        Tell whether the driver's cursor has rows to read.
        """
        return bool(self._cursor.description)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        async with self._adapt_connection._execute_mutex:
            return await self._cursor.executemany(operation, seq_of_parameters)

    async def _async_soft_close(self) -> None:
        """
        Close the driver's cursor, where that takes waiting, and remember what it knew.
        """
        if not self._awaitable_cursor_close or self.server_side:
            return
        self._soft_closed_memoized = self._known()
        await self._cursor.close()

    def _known(self) -> dict[str, Any]:
        return {"description": self.description, "rowcount": self.rowcount, "lastrowid": self.lastrowid}

    def _reopen(self) -> None:
        """
        Have a cursor of the driver again, if the one of the last execution is closed.
        """
        if self._soft_closed_memoized:
            self._soft_closed_memoized = EMPTY_DICT
            self._cursor = self._aenter_cursor(self._make_new_cursor(self._connection))

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """Give the next *size* rows."""
        rows = self._rows
        wanted = self.arraysize if size is None else size
        return [rows.popleft() for _ in range(min(wanted, len(rows)))]

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def __iter__(self) -> Iterator[Any]:
        while self._rows:
            yield self._rows.popleft()

    def setinputsizes(self, *inputsizes: Any) -> None:
        """Tell the driver the types of parameters."""
        await_only(self._cursor.setinputsizes(*inputsizes))

    def nextset(self) -> Any:
        """Go on to the next result of a statement that has several; falsy: there is none."""
        there_is = self._next_set()
        self._rows.clear()
        if not self.server_side and self._has_rows():
            self._rows = deque(await_only(self._cursor.fetchall()))
        return there_is

    def _next_set(self) -> Any:
        return await_only(self._cursor.nextset())

    def close(self) -> None:
        """Forget the rows; the driver's cursor is closed already."""
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncAdapt_dbapi_ss_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor whose rows stay on the server until they are asked for.
    """

    __slots__ = ()

    server_side = True

    def __init__(self, adapt_connection: Any, *args: Any) -> None:
        super().__init__(adapt_connection, *args)
        adapt_connection._server_cursors.add(self)

    def _wait(self, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        return self._adapt_connection._wait(call, *args)

    def close(self) -> None:
        """Close the driver's cursor."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            self._wait(cursor.close)

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        return self._wait(self._cursor.fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        """Give the next *size* rows."""
        return self._wait(self._cursor.fetchmany, self.arraysize if size is None else size)

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        return self._wait(self._cursor.fetchall)  # type: ignore[no-any-return]  # the driver's rows

    def __iter__(self) -> Iterator[Any]:
        while (row := self.fetchone()) is not None:
            yield row


class AsyncAdapt_dbapi_connection(AdaptedConnection):  # SQLAlchemy's name
    """
    A connection over an awaitable one.
    """

    __slots__ = ("_execute_mutex", "_server_cursors", "dbapi")

    _cursor_cls: type[Any] = AsyncAdapt_dbapi_cursor
    _ss_cursor_cls: type[Any] = AsyncAdapt_dbapi_ss_cursor

    @classmethod
    async def create(cls, dbapi: Any, connection_awaitable: Awaitable[Any], **kw: Any) -> Self:
        """Await a connection of the driver, and adapt it."""
        try:
            connection = await connection_awaitable
        except Exception as error:
            if isinstance(error, OSError):
                # no error of the driver, so it leaves as it is; `run()` knows by this that it may try again
                error._while_connecting = True  # type: ignore[attr-defined]  # a note of ours
            cls._handle_exception_no_connection(dbapi, error)
        return cls(dbapi, connection, **kw)

    def __init__(self, dbapi: Any, connection: Any) -> None:
        self.dbapi: Any = dbapi
        self._connection = connection
        self._execute_mutex = asyncio.Lock()
        self._server_cursors: WeakSet[AsyncAdapt_dbapi_ss_cursor] = WeakSet()

    def cursor(self, server_side: bool = False) -> Any:
        """Make a cursor."""
        return (self._ss_cursor_cls if server_side else self._cursor_cls)(self)

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Execute on a new cursor, and give that."""
        cursor = self.cursor()
        cursor.execute(operation, parameters)
        return cursor

    def _handle_exception(self, error: Exception) -> NoReturn:
        """Raise what the caller is to see in place of an error of the driver."""
        self._handle_exception_no_connection(self.dbapi, error)

    @classmethod
    def _handle_exception_no_connection(cls, dbapi: Any, error: Exception) -> NoReturn:
        """Do so where there is no connection (yet)."""
        raise error

    def _wait(self, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        # the driver may refuse at the call already
        try:
            return await_only(call(*args))
        except Exception as error:
            self._handle_exception(error)

    def _abandon_cursors(self) -> list[Any]:
        """
        Have no cursors on the server, as the connection ends; give the driver's.
        """
        abandoned = []
        for cursor in list(self._server_cursors):
            if cursor._cursor is not None:
                abandoned.append(cursor._cursor)
                cursor._cursor = None
        return abandoned

    def rollback(self) -> None:
        """Roll back."""
        self._wait(self._connection.rollback)

    def commit(self) -> None:
        """Commit."""
        self._wait(self._connection.commit)

    def close(self) -> None:
        """Close."""
        self._wait(self._connection.close)


class AsyncAdapt_terminate:  # SQLAlchemy's name
    """
    Connections that can be ended at any time, by the garbage collector as well.

    Cases:
      1. an event loop runs and we may wait: close, saying goodbye, within seconds, cancelled or not;
      2. that fails, takes too long, or the loop ends: drop the connection;
      3. nobody can wait: drop it.
    """

    __slots__ = ()

    # of the connection
    _abandon_cursors: Callable[[], list[Any]]

    def terminate(self) -> None:
        """End the connection."""
        self._abandon_cursors()
        if not in_greenlet():
            # without a loop any more, the connection goes with its objects
            with contextlib.suppress(RuntimeError):
                self._terminate_force_close()
            return
        await_only(to_the_end(self._terminate()))

    async def _terminate(self) -> None:
        try:
            await asyncio.wait_for(self._terminate_graceful_close(), _GOODBYE)
        except self._terminate_handled_exceptions():
            self._terminate_force_close()

    def _terminate_handled_exceptions(self) -> tuple[type[BaseException], ...]:
        """List the errors of saying goodbye after which the connection is dropped."""
        # RuntimeError: the loop that the connection belongs to is closed, or another one
        return (asyncio.TimeoutError, asyncio.CancelledError, OSError, RuntimeError)

    async def _terminate_graceful_close(self) -> None:
        """Close, telling the server."""
        raise NotImplementedError

    def _terminate_force_close(self) -> None:
        """Drop the connection; must not wait."""
        raise NotImplementedError
