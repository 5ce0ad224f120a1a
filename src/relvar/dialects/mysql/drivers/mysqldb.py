"""
MySQL and MariaDB through mysqlclient (the module ``MySQLdb``).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialects.mysql.dialect import MariaDBDialect, MySQLDialect
from relvar.util.convert import coerce_kw_type

_BOOLEANS = ("compress", "use_unicode", "local_infile")
_NUMBERS = ("connect_timeout", "read_timeout", "write_timeout", "client_flag")
_SSL = ("ssl_ca", "ssl_key", "ssl_cert", "ssl_capath", "ssl_cipher")

# CLIENT.FOUND_ROWS: rowcount counts the rows matched, not only those changed.
_FOUND_ROWS = 2


class MySQLDialect_mysqldb(MySQLDialect):  # SQLAlchemy's name
    """
    MySQL through mysqlclient.
    """

    driver = "mysqldb"
    supports_statement_cache = True
    supports_unicode_statements = True
    supports_sane_rowcount = True
    supports_sane_multi_rowcount = True
    supports_native_decimal = True
    supports_server_side_cursors = True
    default_paramstyle = "format"

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("MySQLdb")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "mysqlclient") from err

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Say which character set is in use, as the server may not know it; note where the connection is."""

        def set_up(dbapi_connection: Any) -> None:
            if hasattr(dbapi_connection, "fileno"):
                dbapi_connection._relvar_place = self._place(dbapi_connection)
            charset = getattr(dbapi_connection, "character_set_name", None)
            if charset is not None:
                cursor = dbapi_connection.cursor()
                cursor.execute(f"SET NAMES {charset()}")
                cursor.close()

        return set_up

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there."""
        dbapi_connection.ping()
        return True

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``MySQLdb.connect``."""
        return self._connect_args(url, {"database": "db", "username": "user", "password": "passwd"})

    def _connect_args(self, url: Any, names: dict[str, str]) -> tuple[Sequence[Any], dict[str, Any]]:
        opts: dict[str, Any] = url.translate_connect_args(**names)
        opts.update(url.query)
        for name in _BOOLEANS:
            coerce_kw_type(opts, name, bool)
        for name in _NUMBERS:
            coerce_kw_type(opts, name, int)
        ssl = {name[4:]: opts.pop(name) for name in _SSL if name in opts}
        if "ssl_check_hostname" in opts:
            coerce_kw_type(opts, "ssl_check_hostname", bool)
            ssl["check_hostname"] = opts.pop("ssl_check_hostname")
        if ssl:
            opts["ssl"] = ssl
        opts["client_flag"] = opts.get("client_flag", 0) | _FOUND_ROWS
        return [], opts

    def _set_autocommit(self, dbapi_connection: Any, on: bool) -> None:
        dbapi_connection.autocommit(on)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.get_autocommit())

    # While a connection waits for its server, mysqlclient answers no question from another thread (2.3:
    # "already in use from another thread"); so what it takes to stop it is noted when it is made.

    def _place(self, dbapi_connection: Any) -> tuple[int, int, Any]:
        fileno = dbapi_connection.fileno()
        with socket.socket(fileno=os.dup(fileno)) as shared:
            return dbapi_connection.thread_id(), fileno, _ends(shared)

    def _thread_id(self, dbapi_connection: Any) -> int:
        place = getattr(dbapi_connection, "_relvar_place", None)
        return super()._thread_id(dbapi_connection) if place is None else place[0]

    def _shared_socket(self, dbapi_connection: Any) -> Any:
        place = getattr(dbapi_connection, "_relvar_place", None)
        if place is None:
            return super()._shared_socket(dbapi_connection)
        try:
            shared = socket.socket(fileno=os.dup(place[1]))
            if _ends(shared) == place[2]:
                return shared
        except OSError:
            return None
        # the driver has closed its own, and the number is that of another file
        shared.close()
        return None

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        module = __import__(f"{self.loaded_dbapi.__name__}.cursors", fromlist=["SSCursor"])
        return dbapi_connection.cursor(module.SSCursor)


def _ends(connected: socket.socket) -> tuple[Any, Any]:
    return connected.getsockname(), connected.getpeername()


class MariaDBDialect_mysqldb(MariaDBDialect, MySQLDialect_mysqldb):  # SQLAlchemy's name
    """
    MariaDB through mysqlclient.
    """

    supports_statement_cache = True


dialect = MySQLDialect_mysqldb
mariadb_dialect = MariaDBDialect_mysqldb
