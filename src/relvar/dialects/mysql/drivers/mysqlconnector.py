"""
MySQL and MariaDB through MySQL Connector/Python (the module ``mysql.connector``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialects.mysql.dialect import MariaDBDialect, MySQLDialect
from relvar.util.convert import coerce_kw_type

_BOOLEANS = (
    "allow_local_infile",
    "autocommit",
    "buffered",
    "compress",
    "consume_results",
    "force_ipv6",
    "get_warnings",
    "raise_on_warnings",
    "raw",
    "ssl_verify_cert",
    "use_pure",
    "use_unicode",
)
_NUMBERS = ("client_flag", "client_flags", "connect_timeout", "connection_timeout", "pool_size")

# https://dev.mysql.com/doc/mysql-errors/8.0/en/client-error-reference.html
_INVALID_HANDLE = 2048
_LOST_WORDS = ("MySQL Connection not available", "Connection to MySQL is not available")


class MySQLDialect_mysqlconnector(MySQLDialect):  # SQLAlchemy's name
    """
    MySQL through MySQL Connector/Python.
    """

    driver = "mysqlconnector"
    supports_statement_cache = True
    _rowcount_attribute = "_rowcount"
    supports_sane_multi_rowcount = True
    supports_native_decimal = True
    # the driver makes numbers of them
    supports_native_bit = True
    default_paramstyle = "format"
    # it replaces ``%(name)s`` and leaves other percent signs alone
    _percents_are_plain = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            from mysql import connector
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "mysql-connector-python") from err
        return connector

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, without reconnecting."""
        dbapi_connection.ping(False)
        return True

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of ``mysql.connector.connect``.

        Rows are fetched at once (``buffered``), as the driver refuses another statement while there are
        some left; ``rowcount`` counts the rows matched.
        """
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        opts.update(url.query)
        for name in _BOOLEANS:
            coerce_kw_type(opts, name, bool)
        for name in _NUMBERS:
            coerce_kw_type(opts, name, int)
        opts.setdefault("buffered", True)
        if self.dbapi is not None:
            from mysql.connector.constants import ClientFlag

            flags = opts.get("client_flags", ClientFlag.get_default())
            opts["client_flags"] = flags | ClientFlag.FOUND_ROWS
        return [], opts

    def _thread_id(self, dbapi_connection: Any) -> int:
        return dbapi_connection.connection_id  # type: ignore[no-any-return]  # a number

    def _fileno(self, dbapi_connection: Any) -> int | None:
        # the implementation in C shows no socket, and so can't be cut off
        return dbapi_connection._socket.sock.fileno()  # type: ignore[no-any-return]  # a number

    def _extract_error_code(self, exception: Any) -> int | None:
        code = getattr(exception, "errno", None)
        return code if isinstance(code, int) else None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by error number or the driver's word."""
        if super().is_disconnect(e, connection, cursor):
            return True
        dbapi = self.loaded_dbapi
        return isinstance(e, (dbapi.OperationalError, dbapi.InterfaceError, dbapi.ProgrammingError)) and (
            self._extract_error_code(e) == _INVALID_HANDLE or any(words in str(e) for words in _LOST_WORDS)
        )


class MariaDBDialect_mysqlconnector(MariaDBDialect, MySQLDialect_mysqlconnector):  # SQLAlchemy's name
    """
    MariaDB through MySQL Connector/Python.
    """

    supports_statement_cache = True


dialect = MySQLDialect_mysqlconnector
mariadb_dialect = MariaDBDialect_mysqlconnector
