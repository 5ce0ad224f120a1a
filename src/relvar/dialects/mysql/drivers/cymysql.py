"""
MySQL and MariaDB through CyMySQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.dialects.mysql.dialect import MariaDBDialect
from relvar.dialects.mysql.drivers.mysqldb import MySQLDialect_mysqldb
from relvar.util.immutable import immutabledict

# CR_CONN_HOST_ERROR
_NO_CONNECTION = 2003


class MySQLDialect_cymysql(MySQLDialect_mysqldb):  # SQLAlchemy's name
    """
    MySQL through CyMySQL.
    """

    driver = "cymysql"
    supports_statement_cache = True
    _rowcount_attribute = "_rowcount"
    supports_sane_multi_rowcount = False
    # its only cursor fetches all rows
    supports_server_side_cursors: bool = False
    description_encoding = None
    # what it raises where the network fails has no name of PEP 249
    dbapi_exception_translation_map: immutabledict[str, str] = immutabledict({"Error": "OperationalError"})

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("cymysql")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "cymysql") from err

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect; where the driver lets an error of the network through, it is the driver's after all."""
        try:
            return super().connect(*cargs, **cparams)
        except OSError as err:
            raise self.loaded_dbapi.OperationalError(_NO_CONNECTION, str(err)) from err

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
        dbapi = self.loaded_dbapi
        if isinstance(e, dbapi.InterfaceError) or super().is_disconnect(e, connection, cursor):
            return True
        # a failure to write: its class is the first argument
        return type(e) is dbapi.Error and _is_network_error(e.args[0] if e.args else None)


def _is_network_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, OSError)


class MariaDBDialect_cymysql(MariaDBDialect, MySQLDialect_cymysql):
    """
    MariaDB through CyMySQL.
    """

    supports_statement_cache = True


dialect = MySQLDialect_cymysql
mariadb_dialect = MariaDBDialect_cymysql
