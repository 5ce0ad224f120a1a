"""
MySQL and MariaDB through PyMySQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialect.version import VersionInfo
from relvar.dialects.mysql.dialect import MariaDBDialect
from relvar.dialects.mysql.drivers.mysqldb import MySQLDialect_mysqldb


class MySQLDialect_pymysql(MySQLDialect_mysqldb):  # SQLAlchemy's name
    """
    MySQL through PyMySQL.
    """

    driver = "pymysql"
    supports_statement_cache = True
    description_encoding = None

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import pymysql
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "pymysql") from err
        return pymysql

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the driver's own version: ``__version__`` is that of the MySQLdb it stands in for."""
        version = getattr(dbapi, "VERSION", None)
        return version and VersionInfo(part for part in version if isinstance(part, int))

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Do nothing: the driver has set the character set."""
        return None

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, without reconnecting."""
        dbapi_connection.ping(False)
        return True

    def create_connect_args(
        self, url: Any, _translate_args: dict[str, str] | None = None
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``pymysql.connect``; dialects of others have further names."""
        return self._connect_args(url, _translate_args or {"username": "user"})

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection._sock.fileno()  # type: ignore[no-any-return]  # a number

    def _extract_error_code(self, exception: Any) -> int | None:
        if isinstance(exception.args[0] if exception.args else None, Exception):
            exception = exception.args[0]
        return super()._extract_error_code(exception)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost."""
        if super().is_disconnect(e, connection, cursor):
            return True
        return isinstance(e, self.loaded_dbapi.Error) and "already closed" in str(e).lower()


class MariaDBDialect_pymysql(MariaDBDialect, MySQLDialect_pymysql):  # SQLAlchemy's name
    """
    MariaDB through PyMySQL.
    """

    supports_statement_cache = True


dialect = MySQLDialect_pymysql
mariadb_dialect = MariaDBDialect_pymysql
