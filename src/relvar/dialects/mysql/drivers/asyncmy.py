"""
MySQL and MariaDB through asyncmy, for asyncio.
"""

from __future__ import annotations

from typing import Any

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
)
from relvar.dialect.version import VersionInfo
from relvar.dialects.mysql.dialect import MariaDBDialect
from relvar.dialects.mysql.drivers._asyncio import AsyncMySQLConnection, AsyncMySQLDialect


class AsyncAdapt_asyncmy_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor


class AsyncAdapt_asyncmy_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_asyncmy_cursor
):  # SQLAlchemy's name
    """
    A cursor that reads rows as they are asked for.
    """

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection.cursor(self._adapt_connection.dbapi.driver.cursors.SSCursor)


class AsyncAdapt_asyncmy_connection(AsyncMySQLConnection):  # SQLAlchemy's name
    """
    A connection of asyncmy.
    """

    __slots__ = ()

    _cursor_cls = AsyncAdapt_asyncmy_cursor
    _ss_cursor_cls = AsyncAdapt_asyncmy_ss_cursor


class AsyncAdapt_asyncmy_dbapi(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    asyncmy as a module of PEP 249.
    """

    paramstyle = "format"
    Binary = bytes
    _connection_cls = AsyncAdapt_asyncmy_connection

    def __init__(self, asyncmy: Any) -> None:
        super().__init__(asyncmy, dbapi_module=asyncmy.errors)
        self._take_errors()


class MySQLDialect_asyncmy(AsyncMySQLDialect):  # SQLAlchemy's name
    """
    MySQL through asyncmy.
    """

    driver = "asyncmy"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import asyncmy
            import asyncmy.cursors
            import asyncmy.errors
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "asyncmy") from err
        return AsyncAdapt_asyncmy_dbapi(asyncmy)

    def _transport(self, connection: Any) -> Any:
        return connection._transport

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the driver's version."""
        from asyncmy.version import __VERSION__

        return VersionInfo.parse(__VERSION__)


class MariaDBDialect_asyncmy(MariaDBDialect, MySQLDialect_asyncmy):  # SQLAlchemy's name
    """
    MariaDB through asyncmy.
    """

    supports_statement_cache = True


dialect = MySQLDialect_asyncmy
mariadb_dialect = MariaDBDialect_asyncmy
