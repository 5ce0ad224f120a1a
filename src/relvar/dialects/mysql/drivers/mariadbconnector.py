"""
MySQL and MariaDB through MariaDB Connector/Python (the module ``mariadb``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialect.driver import ignores_context
from relvar.dialects.mysql.dialect import MariaDBDialect, MySQLDialect
from relvar.util.convert import coerce_kw_type

_BOOLEANS = ("compress", "local_infile", "pool_reset_connection", "ssl", "ssl_verify_cert")
_NUMBERS = ("client_flag", "connect_timeout", "pool_size", "port", "read_timeout", "write_timeout")

# CLIENT.FOUND_ROWS: rowcount counts the rows matched, not only those changed.
_FOUND_ROWS = 2

_LOST_WORDS = ("not connected", "isn't valid anymore")


class MySQLDialect_mariadbconnector(MySQLDialect):  # SQLAlchemy's name
    """
    MySQL through MariaDB Connector/Python.
    """

    driver = "mariadbconnector"
    supports_statement_cache = True
    supports_unicode_statements = True
    encoding = "utf8mb4"
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = True
    supports_native_decimal = True
    supports_server_side_cursors = True
    default_paramstyle = "qmark"
    _joins_rows = False

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("mariadb")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "mariadb") from err

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``mariadb.connect``."""
        opts: dict[str, Any] = url.translate_connect_args()
        opts.update(url.query)
        for name in _BOOLEANS:
            coerce_kw_type(opts, name, bool)
        for name in _NUMBERS:
            coerce_kw_type(opts, name, int)
        opts["client_flag"] = opts.get("client_flag", 0) | _FOUND_ROWS
        return [], opts

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there."""
        dbapi_connection.ping()
        return True

    @ignores_context
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows; those without values go one by one, as the driver refuses them."""
        if parameters and not parameters[0]:
            for _ in parameters:
                cursor.execute(statement)
        else:
            super().do_executemany(cursor, statement, parameters, context)

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(buffered=False)

    def _thread_id(self, dbapi_connection: Any) -> int:
        return dbapi_connection.connection_id  # type: ignore[no-any-return]  # a number

    def _fileno(self, dbapi_connection: Any) -> int | None:
        # ``socket``, which is public, makes an object that closes the descriptor a second time
        return dbapi_connection._get_socket()  # type: ignore[no-any-return]  # a number

    def _extract_error_code(self, exception: Any) -> int | None:
        code = getattr(exception, "errno", None)
        return code if isinstance(code, int) else None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by error number or the driver's word."""
        if super().is_disconnect(e, connection, cursor):
            return True
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        said = str(e).lower()
        return any(words in said for words in _LOST_WORDS)


class MariaDBDialect_mariadbconnector(MariaDBDialect, MySQLDialect_mariadbconnector):  # SQLAlchemy's name
    """
    MariaDB through MariaDB Connector/Python.
    """

    supports_statement_cache = True


dialect = MySQLDialect_mariadbconnector
mariadb_dialect = MariaDBDialect_mariadbconnector
