"""
PostgreSQL through psycopg 3, for asyncio.

Named ``postgresql+psycopg`` where an asyncio engine is made, and ``postgresql+psycopg_async`` anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_terminate,
)
from relvar.dialects.postgresql.drivers._libpq import CANCEL_PATIENCE
from relvar.dialects.postgresql.drivers.psycopg import SAFE_CANCEL, PGDialect_psycopg


class AsyncAdapt_psycopg_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    # the driver's has nothing to tell the server
    _awaitable_cursor_close = False

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def _has_rows(self) -> bool:
        # of no columns as well; the description is made anew each time it is read, six calls a column
        return self._cursor.rownumber is not None

    def _next_set(self) -> Any:
        # all results are here already
        return self._cursor.nextset()


class AsyncAdapt_psycopg_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_psycopg_cursor
):  # SQLAlchemy's name
    """
    A cursor declared on the server.
    """

    __slots__ = ("name", "withhold")

    def __init__(self, adapt_connection: Any, name: str, withhold: bool = False) -> None:
        self.name: str = name
        self.withhold: bool = withhold
        super().__init__(adapt_connection)

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection.cursor(self.name, withhold=self.withhold)

    def close(self) -> None:
        """Close the driver's cursor."""
        cursor = self._cursor
        try:
            super().close()
        finally:
            # also where it is cancelled
            if cursor is not None:
                cursor._closed = True


def _read(name: str) -> Any:
    """An attribute of the driver's connection."""
    return property(lambda self: getattr(self._connection, name))


def _set(name: str) -> Any:
    """An attribute that the driver wants set by awaiting ``set_<name>``."""

    def set_value(self: Any, value: Any) -> None:
        self._wait(getattr(self._connection, f"set_{name}"), value)

    return property(lambda self: getattr(self._connection, name), set_value)


def _waiting(name: str) -> Any:
    """A method that waits for the driver's."""

    def call(self: Any, *args: Any) -> Any:
        return self._wait(getattr(self._connection, name), *args)

    return call


class AsyncAdapt_psycopg_connection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):  # SQLAlchemy's name
    """
    A connection of psycopg.
    """

    __slots__ = ()

    _cursor_cls = AsyncAdapt_psycopg_cursor
    _ss_cursor_cls = AsyncAdapt_psycopg_ss_cursor

    @classmethod
    def _handle_exception_no_connection(cls, dbapi: Any, error: Exception) -> NoReturn:
        # psycopg 3.3 trips over an assertion where a task is cancelled as executemany() begins
        if isinstance(error, AssertionError) and isinstance(error.__context__, asyncio.CancelledError):
            raise error.__context__
        raise error

    adapters: Any = _read("adapters")
    broken: Any = _read("broken")
    closed: Any = _read("closed")
    info: Any = _read("info")
    autocommit: Any = _set("autocommit")
    deferrable: Any = _set("deferrable")
    isolation_level: Any = _set("isolation_level")
    read_only: Any = _set("read_only")
    set_autocommit: Any = _waiting("set_autocommit")
    set_deferrable: Any = _waiting("set_deferrable")
    set_isolation_level: Any = _waiting("set_isolation_level")
    set_read_only: Any = _waiting("set_read_only")
    tpc_begin: Any = _waiting("tpc_begin")
    tpc_commit: Any = _waiting("tpc_commit")
    tpc_prepare: Any = _waiting("tpc_prepare")
    tpc_recover: Any = _waiting("tpc_recover")
    tpc_rollback: Any = _waiting("tpc_rollback")

    def add_notice_handler(self, handler: Callable[[Any], None]) -> None:
        """Have *handler* called with each notice of the server."""
        self._connection.add_notice_handler(handler)

    def cursor(self, name: Any = None, /, *, withhold: bool = False) -> Any:
        """Make a cursor; with a name, one declared on the server."""
        return self._ss_cursor_cls(self, name, withhold) if name else self._cursor_cls(self)

    def _abandon_cursors(self) -> list[Any]:
        abandoned = super()._abandon_cursors()
        for cursor in abandoned:
            # psycopg would warn
            cursor._closed = True
        return abandoned

    async def _terminate_graceful_close(self) -> None:
        await self._connection.close()

    def _terminate_force_close(self) -> None:
        self._connection.pgconn.finish()


class PsycopgAdaptDBAPI(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    psycopg as a module that connects for asyncio.
    """

    _connection_cls = AsyncAdapt_psycopg_connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.driver, name)

    def connect(self, *arg: Any, async_creator_fn: Any = None, **kw: Any) -> AsyncAdapt_dbapi_connection:
        """Connect."""
        return self._adapt(partial(async_creator_fn or self.driver.AsyncConnection.connect, *arg, **kw))


class PGDialectAsync_psycopg(PGDialect_psycopg):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg 3, for asyncio.
    """

    is_async = True
    supports_statement_cache = True
    has_terminate = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        return PsycopgAdaptDBAPI(super().import_dbapi())

    def _fetch_type_info(self, dbapi_connection: Any, name: str) -> Any:
        from psycopg.types import TypeInfo

        return dbapi_connection.run_async(lambda connection: TypeInfo.fetch(connection, name))

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Send a cancel request, from another thread; waits for the server, for a limited time."""
        connection = dbapi_connection.driver_connection
        if self.psycopg_version >= SAFE_CANCEL:
            asyncio.run(connection.cancel_safe(timeout=CANCEL_PATIENCE))
        else:
            connection.cancel()

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection.driver_connection.fileno()  # type: ignore[no-any-return]  # a number

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def get_driver_connection(self, connection: Any) -> Any:
        """Give psycopg's connection."""
        return connection._connection


dialect = PGDialectAsync_psycopg
