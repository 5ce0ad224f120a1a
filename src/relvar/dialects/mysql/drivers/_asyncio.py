"""
What the two asyncio drivers of MySQL share: both speak as PyMySQL does, with ``await``.
"""

from __future__ import annotations

from typing import Any

from relvar.connectors.asyncio import AsyncAdapt_dbapi_connection, AsyncAdapt_terminate
from relvar.dialects.mysql.drivers.pymysql import MySQLDialect_pymysql
from relvar.util.concurrency import run_apart

__all__ = ["AsyncMySQLConnection", "AsyncMySQLDialect"]


class AsyncMySQLConnection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):
    """
    A connection of one of these drivers.
    """

    __slots__ = ()

    def ping(self, reconnect: bool = False) -> None:
        """Ask the server whether it is there."""
        self._wait(self._connection.ping, reconnect)

    def character_set_name(self) -> Any:
        """Give the character set."""
        return self._connection.character_set_name()

    def autocommit(self, value: Any) -> None:
        """Turn autocommit on or off."""
        self._wait(self._connection.autocommit, value)

    def get_autocommit(self) -> bool:
        """Tell whether autocommit is on."""
        return bool(self._connection.get_autocommit())

    def close(self) -> None:
        """Close, telling the server."""
        self._wait(self._connection.ensure_closed)

    async def _terminate_graceful_close(self) -> None:
        await self._connection.ensure_closed()

    def _terminate_force_close(self) -> None:
        self._connection.close()


class AsyncMySQLDialect(MySQLDialect_pymysql):
    """
    MySQL through one of these drivers.
    """

    supports_statement_cache = True
    supports_server_side_cursors: bool = True
    is_async = True
    _serves_one_loop = True
    has_terminate = True

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection."""
        return connection._connection

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost."""
        if super().is_disconnect(e, connection, cursor):
            return True
        return isinstance(e, self.loaded_dbapi.Error) and "not connected" in str(e).lower()

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Stop the statement by ``KILL QUERY`` on another connection, which has an event loop of its own."""
        run_apart(super().do_cancel, dbapi_connection)

    def _thread_id(self, dbapi_connection: Any) -> int:
        return dbapi_connection._connection.thread_id()  # type: ignore[no-any-return]  # a number

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return self._transport(dbapi_connection._connection).get_extra_info("socket").fileno()  # type: ignore[no-any-return]  # a number

    def _transport(self, connection: Any) -> Any:
        """Give the transport of a connection of the driver."""
        raise NotImplementedError

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(server_side=True)
