"""
Databases reached through pyodbc: a URL becomes an ODBC connection string.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_plus

from relvar.dialect.driver import DriverMethods
from relvar.util.convert import asbool

__all__ = ["PyODBCConnector"]


class PyODBCConnector(DriverMethods):
    """
    What the dialects for pyodbc have in common.
    """

    driver = "pyodbc"
    default_paramstyle = "named"
    # What to write as DRIVER={...} if the URL has no ``driver``.
    pyodbc_driver_name: str | None = None
    # What the connection string says where the URL has no user.
    _odbc_without_user: Sequence[str] = ()

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("pyodbc")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "pyodbc") from err

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into an ODBC connection string.

        Cases: ``odbc_connect`` in the query is the whole string; a host without a database is the name of a
        data source (DSN); else host, port and database go to the driver named ``driver``.
        """
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        opts.update(url.query)
        connect_args: dict[str, Any] = {}
        for name in ("ansi", "unicode_results", "autocommit"):
            if name in opts:
                connect_args[name] = asbool(opts.pop(name))
        if "odbc_connect" in opts:
            return [unquote_plus(opts.pop("odbc_connect"))], connect_args
        parts: list[str] = []
        if "host" not in opts or ("database" not in opts and not url.database):
            parts.append(f"dsn={braced(opts.pop('host', '') or opts.pop('dsn', ''))}")
        else:
            driver = opts.pop("driver", self.pyodbc_driver_name)
            if driver is not None:
                parts.append(f"DRIVER={{{driver}}}")
            port = opts.pop("port", None)
            parts.extend(self._odbc_server(opts.pop("host"), int(port) if port else None))
            parts.append(f"Database={braced(opts.pop('database', ''))}")
        user = opts.pop("user", None)
        if user:
            parts.append(f"UID={braced(user)}")
            password = opts.pop("password", None)
            if password is not None:
                parts.append(f"PWD={braced(password)}")
        elif "authentication" not in opts:
            parts.extend(self._odbc_without_user)
        if "authentication" in opts:
            parts.append(f"Authentication={braced(opts.pop('authentication'))}")
        parts.extend(f"{name}={braced(value)}" for name, value in opts.items())
        return [";".join(parts)], connect_args

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        """Give the parts of the connection string that say where the server is."""
        return [f"Server={braced(host)}", *([f"Port={port}"] if port else [])]

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)


def braced(value: Any) -> str:
    """
    Return a value of a connection string, in braces where it would end the value else.
    """
    text = str(value)
    return "{" + text.replace("}", "}}") + "}" if any(char in text for char in ";{}") else text
