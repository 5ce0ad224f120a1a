"""
MySQL and MariaDB through CyMySQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.dialects.mysql.dialect import MariaDBDialect
from relvar.dialects.mysql.drivers.mysqldb import MySQLDialect_mysqldb


class MySQLDialect_cymysql(MySQLDialect_mysqldb):  # SQLAlchemy's name
    """
    MySQL through CyMySQL.
    """

    driver = "cymysql"
    supports_statement_cache = True
    _rowcount_attribute = "_rowcount"
    supports_sane_multi_rowcount = False
    # its only cursor fetches all rows
    supports_server_side_cursors = False
    description_encoding = None

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("cymysql")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "cymysql") from err

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Do nothing: the driver has set the character set."""
        return None

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Ask the server whether the connection is in autocommit mode; the driver does not know."""
        cursor = dbapi_conn.cursor()
        try:
            cursor.execute("SELECT @@autocommit")
            return bool(cursor.fetchone()[0])
        finally:
            cursor.close()

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection.socket._sock.fileno()  # type: ignore[no-any-return]  # a number

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost: an InterfaceError of this driver always says so."""
        return isinstance(e, self.loaded_dbapi.InterfaceError) or super().is_disconnect(e, connection, cursor)


class MariaDBDialect_cymysql(MariaDBDialect, MySQLDialect_cymysql):
    """
    MariaDB through CyMySQL.
    """

    supports_statement_cache = True


dialect = MySQLDialect_cymysql
mariadb_dialect = MariaDBDialect_cymysql
