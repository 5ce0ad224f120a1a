"""
Databases reached through aioodbc: pyodbc, each call in a thread of its own, for asyncio.

What pyodbc does without asking the driver (input sizes, options of a cursor) is done at once: a thread
would cost more than the call.

Source: https://aioodbc.readthedocs.io
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_terminate,
)
from relvar.dialect.odbc import PyODBCConnector
from relvar.dialect.version import VersionInfo

__all__ = [
    "AioODBCConnector",
    "AsyncAdapt_aioodbc_connection",
    "AsyncAdapt_aioodbc_cursor",
    "AsyncAdapt_aioodbc_dbapi",
    "AsyncAdapt_aioodbc_ss_cursor",
]


class AsyncAdapt_aioodbc_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    @property
    def fast_executemany(self) -> bool:
        """Whether `executemany` sends arrays."""
        return bool(self._cursor._impl.fast_executemany)

    @fast_executemany.setter
    def fast_executemany(self, value: bool) -> None:
        self._cursor._impl.fast_executemany = value

    def setinputsizes(self, *inputsizes: Any) -> None:
        """Tell the driver the types of parameters."""
        self._reopen()
        self._cursor._impl.setinputsizes(*inputsizes)


class AsyncAdapt_aioodbc_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_aioodbc_cursor
):  # SQLAlchemy's name
    """
    A cursor that reads rows as they are asked for.
    """

    __slots__ = ()


class AsyncAdapt_aioodbc_connection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):  # SQLAlchemy's name
    """
    A connection of aioodbc.
    """

    __slots__ = ()

    _cursor_cls = AsyncAdapt_aioodbc_cursor
    _ss_cursor_cls = AsyncAdapt_aioodbc_ss_cursor

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction."""
        return bool(self._pyodbc.autocommit)

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._pyodbc.autocommit = value

    @property
    def timeout(self) -> int:
        """How many seconds a statement may take; 0: as many as it wants."""
        return int(self._pyodbc.timeout)

    @timeout.setter
    def timeout(self, value: int) -> None:
        self._pyodbc.timeout = value

    def add_output_converter(self, sqltype: int, func: Any) -> None:
        """Have values of an ODBC type made by a function of their bytes."""
        self._pyodbc.add_output_converter(sqltype, func)

    @property
    def _pyodbc(self) -> Any:
        connection = self._connection._conn
        if connection is None:
            raise self.dbapi.ProgrammingError("Attempt to use a closed connection.")
        return connection

    def cursor(self, server_side: bool = False) -> Any:
        """Make a cursor."""
        _ = self._pyodbc
        return super().cursor(server_side)

    async def _terminate_graceful_close(self) -> None:
        await self._connection.close()

    def _terminate_force_close(self) -> None:
        # a statement may be under way in a thread: the last one to hold pyodbc's connection closes it
        self._connection._conn = None


class AsyncAdapt_aioodbc_dbapi(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    aioodbc, with the errors, types and constants of pyodbc, as a module of PEP 249.
    """

    paramstyle = "qmark"
    _connection_cls = AsyncAdapt_aioodbc_connection

    def __init__(self, aioodbc: Any, pyodbc: Any) -> None:
        super().__init__(aioodbc, dbapi_module=pyodbc)
        self._take_errors()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["dbapi_module"], name)


class AioODBCConnector(PyODBCConnector):
    """
    What the dialects for aioodbc have in common.
    """

    driver = "aioodbc"
    is_async = True
    _serves_one_loop = True
    has_terminate = True
    supports_server_side_cursors: Any = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        pyodbc = super().import_dbapi()
        try:
            import aioodbc
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "aioodbc") from err
        return AsyncAdapt_aioodbc_dbapi(aioodbc, pyodbc)

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the version of pyodbc, which does the work."""
        return VersionInfo.parse(dbapi.dbapi_module.version)

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into an ODBC connection string, as ``dsn``."""
        (text,), options = super().create_connect_args(url)
        return (), {"dsn": text, **options}

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def get_driver_connection(self, connection: Any) -> Any:
        """Give the driver's own connection."""
        return connection._connection

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(server_side=True)
