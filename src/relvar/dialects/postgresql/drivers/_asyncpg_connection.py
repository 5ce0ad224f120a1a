"""
Connections and cursors of asyncpg behind the face of PEP 249.

The driver commits each statement, prepares each, and has no cursors without
a transaction.  Hence

Rule 1: the first statement begins a transaction of the driver, unless autocommit is on.
Rule 2: prepared statements are kept per connection by their text.  When any
connection of the engine changes the schema, or a statement turns out to be
outdated, every connection forgets its own (``schema_version``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_terminate,
)
from relvar.dialects.postgresql.drivers._asyncpg_errors import AsyncpgErrors
from relvar.util.lru import LRUCache
from relvar.util.secret import Secret

AUTOCOMMIT = "autocommit"

# Statements that change what prepared ones refer to, by the first word of what the server answers.
_CHANGES_SCHEMA = ("CREATE", "ALTER", "DROP")


class AsyncAdapt_asyncpg_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ("arraysize", "description", "rowcount")

    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        super().__init__(adapt_connection)
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1

    @property
    def lastrowid(self) -> None:
        """Not known."""

    def _make_new_cursor(self, connection: Any) -> Any:
        # a prepared statement does the work
        return None

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            await adapted._begin_if_needed()
            statement, self.description = await adapted._prepare(operation)
            await self._run(statement, () if parameters is None else parameters)

    async def _run(self, statement: Any, parameters: Sequence[Any]) -> None:
        self._rows = deque(await statement.fetch(*parameters))
        self.rowcount = self._adapt_connection._done(statement.get_statusmsg())  # type: ignore[attr-defined]  # of ours

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            await adapted._begin_if_needed()
            await adapted._forget_outdated()
            self.description, self.rowcount = None, -1
            await adapted._connection.executemany(operation, seq_of_parameters)

    def setinputsizes(self, *inputsizes: Any) -> None:
        """Not needed: the text has casts."""


class AsyncAdapt_asyncpg_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_asyncpg_cursor
):  # SQLAlchemy's name
    """
    A cursor of the server; where there is no transaction for it to live in, all rows are read at once.
    """

    __slots__ = ()

    async def _run(self, statement: Any, parameters: Sequence[Any]) -> None:
        adapted: Any = self._adapt_connection
        if adapted._transaction is None:
            await super()._run(statement, parameters)
        else:
            self._cursor = await statement.cursor(*parameters)

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        if self._cursor is None:
            return AsyncAdapt_dbapi_cursor.fetchone(self)
        return self._wait(self._cursor.fetchrow)

    def fetchmany(self, size: int | None = None) -> Any:
        """Give the next *size* rows."""
        if self._cursor is None:
            return AsyncAdapt_dbapi_cursor.fetchmany(self, size)
        return self._wait(self._cursor.fetch, self.arraysize if size is None else size)

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        rows: list[Any] = []
        while part := self.fetchmany(_MANY):
            rows.extend(part)
        return rows

    def close(self) -> None:
        """Have the server drop the cursor; else it does so with the transaction."""
        self._rows.clear()
        cursor, self._cursor = self._cursor, None
        if cursor is not None and not self._connection.is_closed():
            self._wait(cursor._close_portal, None)


# Rows that are fetched at a time where all are wanted.
_MANY = 1000


class AsyncAdapt_asyncpg_connection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):  # SQLAlchemy's name
    """
    A connection of asyncpg.

    Args:
        prepared_statement_cache_size: How many prepared statements to keep; 0: none.
        prepared_statement_name_func: Gives the name of the next one; by default the driver does.
    """

    readonly: bool
    deferrable: bool

    __slots__ = (
        "_failed",
        "_isolation_setting",
        "_prepared_statement_cache",
        "_prepared_statement_name_func",
        "_schema_version",
        "_transaction",
        "deferrable",
        "isolation_level",
        "readonly",
    )

    _cursor_cls = AsyncAdapt_asyncpg_cursor
    _ss_cursor_cls = AsyncAdapt_asyncpg_ss_cursor

    isolation_level: str | None
    _isolation_setting: str | None

    def __init__(
        self,
        dbapi: Any,
        connection: Any,
        prepared_statement_cache_size: int = 100,
        prepared_statement_name_func: Callable[[], str | None] | None = None,
    ) -> None:
        super().__init__(dbapi, connection)
        self.isolation_level = self._isolation_setting = None
        self.readonly = self.deferrable = False
        self._transaction: Any = None
        # The driver does not tell: whether the server has given the transaction up, and whatever is
        # executed but a ROLLBACK TO fails.
        self._failed = False
        self._schema_version: int = dbapi.schema_version
        self._prepared_statement_cache: LRUCache[str, Any] | None = (
            LRUCache(prepared_statement_cache_size) if prepared_statement_cache_size else None
        )
        self._prepared_statement_name_func = prepared_statement_name_func or (lambda: None)

    # -- errors -----------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> NoReturn:
        if self._connection.is_closed():
            self._transaction = None
        elif self._transaction is not None and isinstance(error, self.dbapi.driver.PostgresError):
            self._failed = True
        super()._handle_exception(error)

    @classmethod
    def _handle_exception_no_connection(cls, dbapi: Any, error: Exception) -> NoReturn:
        translated = dbapi._translated(error)
        if isinstance(translated, dbapi.InvalidCachedStatementError):
            dbapi.schema_version += 1
        if translated is error:
            raise error
        raise translated from error

    # -- prepared statements ------------------------------------------------------

    async def _forget_outdated(self) -> None:
        if self._schema_version != self.dbapi.schema_version:
            self._schema_version = self.dbapi.schema_version
            if self._prepared_statement_cache is not None:
                self._prepared_statement_cache.clear()
            await self._connection.reload_schema_state()

    async def _prepare(self, operation: str) -> tuple[Any, Any]:
        """
        Give the prepared statement for a text, and the description of its rows.
        """
        await self._forget_outdated()
        cache = self._prepared_statement_cache
        found = None if cache is None else cache.get(operation)
        if found is None:
            statement = await self._connection.prepare(operation, name=self._prepared_statement_name_func())
            columns = [
                (column.name, column.type.oid, None, None, None, None, None)
                for column in statement.get_attributes()
            ]
            found = (statement, columns or None)
            if cache is not None:
                cache[operation] = found
        return found

    def _done(self, status: str) -> int:
        """
        Note what the server says it did, such as ``INSERT 0 3``; give the number of rows.
        """
        self._failed = False
        words = status.split()
        if words and words[0] in _CHANGES_SCHEMA:
            self.dbapi.schema_version += 1
        return int(words[-1]) if words and words[-1].isdigit() else -1

    # -- transactions --------------------------------------------------------------

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction of its own."""
        return self.isolation_level == AUTOCOMMIT

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self.isolation_level = AUTOCOMMIT if value else self._isolation_setting

    def set_isolation_level(self, level: str | None) -> None:
        """Set the isolation level of the transactions to come, or autocommit."""
        self.rollback()
        self.isolation_level = level
        if level != AUTOCOMMIT:
            self._isolation_setting = level

    async def _begin_if_needed(self) -> None:
        if self._transaction is not None or self.isolation_level == AUTOCOMMIT:
            return
        transaction = self._connection.transaction(
            isolation=self.isolation_level, readonly=bool(self.readonly), deferrable=bool(self.deferrable)
        )
        await transaction.start()
        self._transaction = transaction
        self._failed = False

    def commit(self) -> None:
        """Commit."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            self._wait(transaction.commit)

    def rollback(self) -> None:
        """Roll back."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            self._wait(transaction.rollback)

    # -- the connection --------------------------------------------------------------

    def ping(self) -> None:
        """Ask the server whether it is there."""
        self._wait(self._connection.execute, "SELECT 1")

    def close(self) -> None:
        """Close, rolling back."""
        self._transaction = None
        self._wait(self._connection.close)

    def _terminate_handled_exceptions(self) -> tuple[type[BaseException], ...]:
        driver = self.dbapi.driver
        return (*super()._terminate_handled_exceptions(), driver.PostgresError, driver.InterfaceError)

    async def _terminate_graceful_close(self) -> None:
        self._transaction = None
        await self._connection.close()

    def _terminate_force_close(self) -> None:
        self._connection.terminate()


class AsyncAdapt_asyncpg_dbapi(AsyncpgErrors, AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    asyncpg as a module of PEP 249.

    Attributes:
        schema_version: Grows with each change of the schema that is noticed.
    """

    paramstyle = "numeric_dollar"
    STRING = NUMBER = DATETIME = object()
    Binary = bytes
    _connection_cls = AsyncAdapt_asyncpg_connection

    def __init__(self, asyncpg: Any) -> None:
        super().__init__(asyncpg)
        self.schema_version = 0

    def connect(
        self,
        *arg: Any,
        async_creator_fn: Any = None,
        prepared_statement_cache_size: int = 100,
        prepared_statement_name_func: Callable[[], str | None] | None = None,
        **kw: Any,
    ) -> AsyncAdapt_dbapi_connection:
        """Connect."""
        password = kw.get("password")
        if isinstance(password, Secret):
            # asyncpg wants nothing but str, or what to call for it
            kw["password"] = partial(str, password) if async_creator_fn is None else str(password)
        return self._adapt(
            partial(async_creator_fn or self.driver.connect, *arg, **kw),
            prepared_statement_cache_size=prepared_statement_cache_size,
            prepared_statement_name_func=prepared_statement_name_func,
        )
