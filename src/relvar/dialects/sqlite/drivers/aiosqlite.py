"""
SQLite through aiosqlite, for asyncio.

aiosqlite runs the ``sqlite3`` module in a thread per connection.  A statement
is one trip to that thread here: cursor, execution, rows and close together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_terminate,
)
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite
from relvar.dialects.sqlite.limit import SQLiteLimit
from relvar.pool import AsyncAdaptedQueuePool, StaticPool
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from typing import Self

_T = TypeVar("_T")


def _run_and_read(
    connection: Any, method: str, operation: str, parameters: Any
) -> tuple[list[Any], dict[str, Any]]:
    """
    Execute on a new cursor and close it; give the rows and what the cursor knew.
    """
    cursor = connection.cursor()
    try:
        getattr(cursor, method)(operation, parameters)
        rows = cursor.fetchall() if cursor.description is not None else []
        return rows, {
            "description": cursor.description,
            "rowcount": cursor.rowcount,
            "lastrowid": cursor.lastrowid,
        }
    finally:
        cursor.close()


def _run_each(
    connection: Any, operation: str, rows: Sequence[Any]
) -> tuple[list[int | None], Exception | None]:
    """
    Execute for each row; give the ``lastrowid`` of each, and the error that ended it before the last.
    """
    cursor = connection.cursor()
    made: list[int | None] = []
    try:
        for row in rows:
            cursor.execute(operation, row)
            made.append(cursor.lastrowid)
    except Exception as error:
        return made, error
    finally:
        cursor.close()
    return made, None


class _Calls:
    """
    The way to a connection's thread, which goes on when an event loop has closed that waits for an answer.

    A task that is cancelled does not wait for what it sent.  When the answer comes after the end of its event
    loop, aiosqlite's thread ends with an error, and the connection stays open.
    """

    __slots__ = ("_queue",)

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def put_nowait(self, call: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        """Have a function called, and its result set in a future if there is one."""
        future, function = call
        self._queue.put_nowait(call if future is None else (None, partial(_answer, future, function)))


def _answer(future: asyncio.Future[Any], function: Callable[[], Any]) -> Any:
    # in the thread
    result = error = None
    try:
        result = function()
    except BaseException as caught:
        error = caught
    try:
        future.get_loop().call_soon_threadsafe(_settle, future, result, error)
    except RuntimeError:
        if not future.get_loop().is_closed():
            raise
    # by which aiosqlite tells whether its thread has to end
    return result


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    # in the event loop
    if future.done():  # cancelled
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


class AsyncAdapt_aiosqlite_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ("arraysize",)

    def __init__(self, adapt_connection: Any) -> None:
        super().__init__(adapt_connection)
        self.arraysize = 1
        self._soft_closed_memoized = {"description": None, "rowcount": -1, "lastrowid": None}

    def _make_new_cursor(self, connection: Any) -> Any:
        # `sqlite3` makes one for each execution, in its thread
        return None

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._run("execute", operation, () if parameters is None else parameters)
        return self

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        await self._run("executemany", operation, seq_of_parameters)
        return self

    def execute_each(self, operation: str, rows: Sequence[Any]) -> Any:
        """Execute once for each row; give the ``lastrowid`` of each, and the error that ended it, or None."""
        return self._adapt_connection._wait(self._each_async, operation, rows)

    async def _each_async(self, operation: str, rows: Sequence[Any]) -> Any:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            return await adapted._in_thread(_run_each, adapted._driver_raw, operation, rows)

    async def _run(self, method: str, operation: Any, parameters: Any) -> None:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            rows, self._soft_closed_memoized = await adapted._in_thread(
                _run_and_read, adapted._driver_raw, method, operation, parameters
            )
            self._rows = deque(rows)


class AsyncAdapt_aiosqlite_ss_cursor(AsyncAdapt_dbapi_ss_cursor):  # SQLAlchemy's name
    """
    A cursor that steps through the database file as rows are asked for.
    """

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return self._call(self._adapt_connection._driver_raw.cursor)  # type: ignore[attr-defined]  # of ours

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def _call(self, fn: Callable[..., _T], *args: Any) -> _T:
        adapted: Any = self._adapt_connection
        return self._wait(adapted._in_thread, fn, *args)  # type: ignore[no-any-return]  # what fn returned

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            await adapted._in_thread(
                self._cursor.execute, operation, () if parameters is None else parameters
            )
        return self

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        return self._call(self._cursor.fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        """Give the next *size* rows."""
        return self._call(self._cursor.fetchmany, self.arraysize if size is None else size)

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        rows: Sequence[Any] = self._call(self._cursor.fetchall)
        return rows

    def close(self) -> None:
        """Close the cursor."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            self._call(cursor.close)


class AsyncAdapt_aiosqlite_connection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):  # SQLAlchemy's name
    """
    A connection of ``sqlite3`` in its thread.
    """

    __slots__ = ("_is_unsure",)

    _cursor_cls = AsyncAdapt_aiosqlite_cursor
    _ss_cursor_cls = AsyncAdapt_aiosqlite_ss_cursor

    @property
    def _driver_raw(self) -> Any:
        """The connection of ``sqlite3``; an error where aiosqlite has closed it."""
        try:
            return self._connection._conn
        except ValueError as error:
            self._handle_exception(error)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        connection: Any = self._connection
        if hasattr(connection, "stop"):  # before 0.22 the queue has other things in it
            connection._tx = _Calls(connection._tx)
        # what a task sent that was cancelled may not have been done yet
        self._is_unsure = False

    async def _in_thread(self, fn: Callable[..., Any], *args: Any) -> Any:
        """
        Give what *fn* returns in the connection's thread.

        aiosqlite's own methods do this too, but one trip each.
        """
        self._is_unsure = True
        try:
            result = await self._connection._execute(fn, *args)
        except Exception:
            self._is_unsure = False
            raise
        # what was sent before is done as well
        self._is_unsure = False
        return result

    @property
    def _has_transaction(self) -> bool:
        """Whether a transaction may be open: else to end it need not go to the thread."""
        return self._is_unsure or self.in_transaction

    def _do(self, fn: Callable[..., Any], *args: Any) -> Any:
        return self._wait(self._in_thread, fn, *args)

    @classmethod
    def _handle_exception_no_connection(cls, dbapi: Any, error: Exception) -> NoReturn:
        if isinstance(error, ValueError) and str(error).lower() in _CLOSED:
            raise dbapi.OperationalError("no active connection") from error
        super()._handle_exception_no_connection(dbapi, error)

    def create_function(self, *args: Any, **kw: Any) -> None:
        """Have a function in SQL."""
        self._do(partial(self._driver_raw.create_function, *args, **kw))

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._driver_raw.in_transaction  # type: ignore[no-any-return]  # of sqlite3

    @property
    def isolation_level(self) -> str | None:
        """How ``sqlite3`` begins transactions; None: not at all."""
        return self._driver_raw.isolation_level  # type: ignore[no-any-return]  # of sqlite3

    @isolation_level.setter
    def isolation_level(self, value: str | None) -> None:
        # it may commit, so it belongs into the thread
        self._do(setattr, self._driver_raw, "isolation_level", value)

    @property
    def autocommit(self) -> Any:
        """``sqlite3``'s other way to begin transactions, since Python 3.12."""
        return self._driver_raw.autocommit

    @autocommit.setter
    def autocommit(self, value: Any) -> None:
        self._do(setattr, self._driver_raw, "autocommit", value)

    def commit(self) -> None:
        """Commit."""
        if self._has_transaction:
            self._do(self._driver_raw.commit)

    def rollback(self) -> None:
        """Roll back."""
        if self._has_transaction:
            self._do(self._driver_raw.rollback)

    def close(self) -> None:
        """Close; closing twice is no error."""
        self._wait(self._connection.close)

    def _abandon_cursors(self) -> list[Any]:
        abandoned = super()._abandon_cursors()
        for cursor in abandoned:
            # before the connection: a cursor that lives on keeps its lock
            self._connection._tx.put_nowait((None, cursor.close))
        return abandoned

    async def _terminate_graceful_close(self) -> None:
        # Not close(), which waits for its thread even when it is cancelled: a statement that waits for a lock
        # does so to the end of its time.
        await self._connection.interrupt()
        await self._connection.stop()

    def _terminate_force_close(self) -> None:
        # the thread closes the connection before it ends
        self._connection.stop()


# What aiosqlite says (0.17 to 0.22).
_CLOSED = ("no active connection", "connection closed")


class AsyncAdapt_aiosqlite_dbapi(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    aiosqlite and ``sqlite3`` as one module.
    """

    paramstyle = "qmark"
    _connection_cls = AsyncAdapt_aiosqlite_connection

    def __init__(self, aiosqlite: Any, sqlite: Any) -> None:
        super().__init__(aiosqlite, dbapi_module=sqlite)
        self._take_errors("sqlite_version", "sqlite_version_info", "Binary")

    def connect(self, *arg: Any, async_creator_fn: Any = None, **kw: Any) -> AsyncAdapt_dbapi_connection:
        """Connect; the thread does not keep the program from ending."""

        def connect() -> Any:
            connection = self.driver.connect(*arg, **kw)
            # before 0.22 the connection is the thread
            getattr(connection, "_thread", connection).daemon = True
            return connection

        return self._adapt(async_creator_fn or connect)


class _LimitInThread(SQLiteLimit):
    """
    The limit of one call in the connection's thread.
    """

    def __init__(self, dialect: Any, adapted: Any, seconds: float) -> None:
        super().__init__(dialect, adapted._driver_raw, seconds)
        self._adapted = adapted

    def __enter__(self) -> Self:
        try:
            self._adapted._do(super().__enter__)
        except BaseException:
            # A task that is cancelled does not wait for its thread, which sets the limit all the same:
            # without this, for all statements to come.
            self._adapted._connection._tx.put_nowait((None, partial(super().__exit__, None, None, None)))
            raise
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._adapted._do(super().__exit__, type_, value, traceback)


class SQLiteDialect_aiosqlite(SQLiteDialect_pysqlite):  # SQLAlchemy's name
    """
    SQLite through aiosqlite.

    >>> import asyncio
    >>> from relvar import text
    >>> from relvar.ext.asyncio import create_async_engine
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.connect() as connection:
    ...         found = await connection.scalar(text("SELECT 'hello'"))
    ...     await engine.dispose()
    ...     return found
    >>> asyncio.run(main())
    'hello'
    """

    driver = "aiosqlite"
    supports_statement_cache = True
    supports_server_side_cursors = True
    is_async = True
    has_terminate: bool = True
    # a fork leaves the threads behind that have the connections
    is_in_process = False
    # all rows are here
    fetch_chunk = 0
    # in the connection's thread
    _executes_each = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # since 0.22
        self.has_terminate = self.dbapi is None or hasattr(self.dbapi.driver.Connection, "stop")

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import aiosqlite
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "aiosqlite") from err
        return AsyncAdapt_aiosqlite_dbapi(aiosqlite, super().import_dbapi())

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the version of aiosqlite."""
        return super(SQLiteDialect_pysqlite, self).retrieve_dbapi_version(dbapi.driver)

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Any]:
        """Give a memory database one connection for all, else a queue."""
        if cls._is_url_file_db(url):
            return AsyncAdaptedQueuePool
        if url.query.get("mode", None) == "memory":
            warn_deprecated(
                "Selection of the StaticPool pool class based on the 'mode=memory' query string argument is "
                "deprecated; a future release will use AsyncAdaptedQueuePool for this URL.  Indicate the "
                "intended pool class using the create_engine.poolclass parameter.",
                "2.1",
                code="sqmp",
            )
        return StaticPool

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``sqlite3.connect``."""
        args, opts = super().create_connect_args(url)
        # aiosqlite sees to it that each connection stays in its thread
        opts["check_same_thread"] = False
        return args, opts

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        return _LimitInThread(self, dbapi_connection, seconds)

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Stop what runs on a connection, from another thread."""
        dbapi_connection._driver_raw.interrupt()

    # nothing else could end a call
    do_sever = do_cancel

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def get_driver_connection(self, connection: Any) -> Any:
        """Give aiosqlite's connection."""
        return connection._connection

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(server_side=True)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the database was closed."""
        if isinstance(e, self.loaded_dbapi.OperationalError) and "no active connection" in str(e):
            return True
        return super().is_disconnect(e, connection, cursor)


dialect = SQLiteDialect_aiosqlite
