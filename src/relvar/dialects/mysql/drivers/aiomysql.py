"""
MySQL and MariaDB through aiomysql, for asyncio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
)
from relvar.dialect.version import VersionInfo
from relvar.dialects.mysql.dialect import MariaDBDialect
from relvar.dialects.mysql.drivers._asyncio import AsyncMySQLConnection, AsyncMySQLDialect


def _adjusted(cursor_class: Any) -> Any:
    """
    Derive a cursor

    1. that does not ask the server for its warnings: a round trip, and a Python warning for each;
    2. that can send bytes: aiomysql 0.3.2 calls a function that PyMySQL 1.2 has no more
       (https://github.com/PyMySQL/PyMySQL/issues/1274).
    """

    def escaped(value: Any, conn: Any) -> Any:
        return f"X'{value.hex()}'" if isinstance(value, bytes) else conn.escape(value)

    class Adjusted(cursor_class):  # type: ignore[misc]  # the class is the driver's
        async def _show_warnings(self, conn: Any) -> None: ...

        def _escape_args(self, args: Any, conn: Any) -> Any:
            if isinstance(args, (tuple, list)):
                return tuple([escaped(value, conn) for value in args])
            if isinstance(args, dict):
                return {name: escaped(value, conn) for name, value in args.items()}
            return escaped(args, conn)

    return Adjusted


class AsyncAdapt_aiomysql_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        connection._ensure_alive()
        return self._adapt_connection.dbapi.Cursor(connection)

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor


class AsyncAdapt_aiomysql_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_aiomysql_cursor
):  # SQLAlchemy's name
    """
    A cursor that reads rows as they are asked for.
    """

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        connection._ensure_alive()
        return self._adapt_connection.dbapi.SSCursor(connection)


class AsyncAdapt_aiomysql_connection(AsyncMySQLConnection):  # SQLAlchemy's name
    """
    A connection of aiomysql.
    """

    __slots__ = ()

    _cursor_cls = AsyncAdapt_aiomysql_cursor
    _ss_cursor_cls = AsyncAdapt_aiomysql_ss_cursor


class AsyncAdapt_aiomysql_dbapi(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    aiomysql, with the errors of PyMySQL, as a module of PEP 249.
    """

    paramstyle = "format"
    _connection_cls = AsyncAdapt_aiomysql_connection

    def __init__(self, aiomysql: Any, pymysql: Any) -> None:
        super().__init__(aiomysql, dbapi_module=pymysql)
        self._take_errors("Binary", "NUMBER", "STRING", "DATETIME", "BINARY", "TIMESTAMP")
        self.Cursor: Any = _adjusted(aiomysql.Cursor)
        self.SSCursor: Any = _adjusted(aiomysql.SSCursor)


def _ssl_context(options: Mapping[str, Any]) -> Any:
    """
    Make what the driver wants of the ``ssl_...`` words of a URL: as PyMySQL reads them.
    """
    import ssl

    names_issuer = "ca" in options or "capath" in options
    context = ssl.create_default_context(cafile=options.get("ca"), capath=options.get("capath"))
    context.check_hostname = bool(options.get("check_hostname", names_issuer)) and names_issuer
    context.verify_mode = ssl.CERT_REQUIRED if names_issuer else ssl.CERT_NONE
    if "cert" in options:
        context.load_cert_chain(options["cert"], keyfile=options.get("key"))
    if "cipher" in options:
        context.set_ciphers(options["cipher"])
    return context


class MySQLDialect_aiomysql(AsyncMySQLDialect):  # SQLAlchemy's name
    """
    MySQL through aiomysql.
    """

    driver = "aiomysql"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import aiomysql
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "aiomysql") from err
        return AsyncAdapt_aiomysql_dbapi(aiomysql, super().import_dbapi())

    def _transport(self, connection: Any) -> Any:
        return connection._writer.transport

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the driver's version."""
        return VersionInfo.parse(dbapi.driver.__version__)

    def _outlive_loop(self, dbapi_connection: Any) -> None:
        super()._outlive_loop(dbapi_connection)
        # else the collector would have it closed, by a loop that is closed
        dbapi_connection._connection._writer = None

    def create_connect_args(
        self, url: Any, _translate_args: dict[str, str] | None = None
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``aiomysql.connect``."""
        args, opts = self._connect_args(url, _translate_args or {"username": "user", "database": "db"})
        if isinstance(opts.get("ssl"), dict):
            opts["ssl"] = _ssl_context(opts["ssl"])
        return args, opts


class MariaDBDialect_aiomysql(MariaDBDialect, MySQLDialect_aiomysql):  # SQLAlchemy's name
    """
    MariaDB through aiomysql.
    """

    supports_statement_cache = True


dialect = MySQLDialect_aiomysql
mariadb_dialect = MariaDBDialect_aiomysql
