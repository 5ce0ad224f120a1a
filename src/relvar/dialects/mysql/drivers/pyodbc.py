"""
MySQL and MariaDB through pyodbc and the ODBC driver of either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialect.odbc import PyODBCConnector
from relvar.dialects.mysql.dialect import MariaDBDialect, MySQLDialect

# rowcount counts the rows matched, not only those changed:
# https://mariadb.com/kb/en/about-mariadb-connector-odbc/
_FOUND_ROWS = 2
_CODE = re.compile(r"\((\d+)\)")

# SQLSTATEs of a lost connection, which the ODBC drivers may give without the server's number:
# https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes
_LOST_STATES = ("08S01", "08003", "08007")
_CLOSED = "Attempt to use a closed connection"


class MySQLDialect_pyodbc(PyODBCConnector, MySQLDialect):  # SQLAlchemy's name
    """
    MySQL through pyodbc.
    """

    supports_statement_cache = True
    supports_unicode_statements = True
    supports_native_decimal = True
    pyodbc_driver_name: str = "MySQL"
    _lastrowid_is_native = False
    _joins_rows = False

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        return [*super()._odbc_server(host, port), f"Option={_FOUND_ROWS}"]

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Read and write text as UTF-8, which the ODBC drivers give and take, whatever they declare."""

        def set_encoding(dbapi_connection: Any) -> None:
            pyodbc = self.loaded_dbapi
            dbapi_connection.setdecoding(pyodbc.SQL_CHAR, encoding="utf-8")
            dbapi_connection.setdecoding(pyodbc.SQL_WCHAR, encoding="utf-8")
            dbapi_connection.setencoding(encoding="utf-8")

        return set_encoding

    def _lastrowid(self, cursor: Any) -> Any:
        """Ask for the key the server made: ODBC has no attribute for it."""
        again = cursor.connection.cursor()
        try:
            return again.execute("SELECT LAST_INSERT_ID()").fetchone()[0]
        finally:
            again.close()

    def _extract_error_code(self, exception: Any) -> int | None:
        found = _CODE.findall(str(exception.args[-1])) if exception.args else None
        return int(found[-1]) if found else None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by SQLSTATE or the server's number."""
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        if e.args and (e.args[0] in _LOST_STATES or _CLOSED in str(e.args[0])):
            return True
        return super().is_disconnect(e, connection, cursor)


class MariaDBDialect_pyodbc(MariaDBDialect, MySQLDialect_pyodbc):  # SQLAlchemy's name
    """
    MariaDB through pyodbc.
    """

    supports_statement_cache = True


dialect = MySQLDialect_pyodbc
mariadb_dialect = MariaDBDialect_pyodbc
