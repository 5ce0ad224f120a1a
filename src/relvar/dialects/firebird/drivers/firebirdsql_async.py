"""
Firebird through firebirdsql, for asyncio.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Sequence
from typing import Any

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
)
from relvar.dialects.firebird.drivers._corrections import drop_all_statements, with_blobs
from relvar.dialects.firebird.drivers.firebirdsql import FBDialect_firebirdsql

__all__ = ["FBDialect_firebirdsql_async", "dialect"]


class AsyncAdapt_firebirdsql_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's way to name it
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    @property
    def transaction(self) -> Any:
        """The driver's transaction."""
        return self._cursor.transaction

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        if parameters:
            async with self._adapt_connection._execute_mutex:
                parameters = await with_blobs(self._cursor, parameters)
        return await self._freeing(super()._execute_async(operation, parameters))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        async with self._adapt_connection._execute_mutex:
            rows = [await with_blobs(self._cursor, row) for row in seq_of_parameters]
        return await self._freeing(super()._executemany_async(operation, rows))

    async def _freeing(self, execution: Awaitable[Any]) -> Any:
        """
        Await an execution, and have the server forget its statement, which failed or has no rows.
        """
        try:
            result = await execution
        except Exception:
            # what went wrong is told, not what that leads to
            with contextlib.suppress(Exception):
                await self._free()
            raise
        await self._free()
        return result

    async def _free(self) -> None:
        async with self._adapt_connection._execute_mutex:
            if self._cursor.stmt is not None:
                await self._cursor.stmt.drop()
                self._cursor.stmt = None


class AsyncAdapt_firebirdsql_connection(AsyncAdapt_dbapi_connection):  # SQLAlchemy's way to name it
    """
    A connection of firebirdsql.
    """

    __slots__ = ("_relvar_state",)
    _cursor_cls = AsyncAdapt_firebirdsql_cursor

    @property
    def _transaction(self) -> Any:
        return self._connection._transaction

    def commit(self, retaining: bool = False) -> None:
        """Commit, and go on with the same transaction if asked to."""
        self._wait(self._connection.commit, retaining)


class AsyncAdapt_firebirdsql_dbapi(AsyncAdapt_dbapi_module):  # SQLAlchemy's way to name it
    """
    firebirdsql.aio, with the errors of firebirdsql, as a module of PEP 249.
    """

    paramstyle = "qmark"
    _connection_cls = AsyncAdapt_firebirdsql_connection

    def __init__(self, aio: Any, firebirdsql: Any) -> None:
        super().__init__(aio, dbapi_module=firebirdsql)
        self._take_errors("Binary", "__version__")


class FBDialect_firebirdsql_async(FBDialect_firebirdsql):  # SQLAlchemy's way to name it
    """
    Firebird through firebirdsql, for asyncio.
    """

    driver = "firebirdsql_async"
    supports_statement_cache = True
    is_async = True
    _serves_one_loop = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        firebirdsql = super().import_dbapi()
        import firebirdsql.aio as aio

        drop_all_statements(aio.fbcore.AsyncStatement)
        return AsyncAdapt_firebirdsql_dbapi(aio, firebirdsql)

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Any]:
        """Give this class."""
        return cls

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection."""
        return connection._connection

    def _connection_of(self, cursor: Any) -> Any:
        return cursor._adapt_connection


dialect = FBDialect_firebirdsql_async
