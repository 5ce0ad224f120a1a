"""
Databases reached through pyodbc: a URL becomes an ODBC connection string, types become input sizes.

Source: https://github.com/mkleehammer/pyodbc/wiki
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialect.driver import DriverMethods, ignores_context
from relvar.dialect.interface import BindTyping
from relvar.util.convert import asbool
from relvar.util.warning import warn

__all__ = ["PyODBCConnector"]


class PyODBCConnector(DriverMethods):
    """
    What the dialects for pyodbc have in common.

    Args:
        use_setinputsizes: Tell the driver the types of parameters, where types have one
            (``get_dbapi_type()``), so that it need not ask the server or guess from values.
        fast_executemany: Send the rows of an ``executemany()`` as arrays, in few round trips.
    """

    driver = "pyodbc"
    default_paramstyle = "named"
    # What to write as DRIVER={...} if the URL has no ``driver``.
    pyodbc_driver_name: str | None = None
    # What the connection string says where the URL has no user.
    _odbc_without_user: Sequence[str] = ()

    def __init__(self, use_setinputsizes: bool = False, fast_executemany: bool = False, **kw: Any) -> None:
        super().__init__(**kw)
        self.fast_executemany = fast_executemany
        if use_setinputsizes:
            self.bind_typing = BindTyping.SETINPUTSIZES
        if fast_executemany:
            # INSERT of many rows without RETURNING is executemany(), the faster way
            self.use_insertmanyvalues_wo_returning = False

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

        Cases:
            1. ``odbc_connect`` in the query is the whole string;
            2. a host without a database is the name of a data source (DSN), and so is ``dsn``;
            3. else host, port and database go to the driver named ``driver``.
        """
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        opts.update(url.query)
        connect_args: dict[str, Any] = {}
        for name in ("ansi", "unicode_results", "autocommit"):
            if name in opts:
                connect_args[name] = asbool(opts.pop(name))
        if "odbc_connect" in opts:
            return (opts.pop("odbc_connect"),), connect_args
        parts: list[str] = []
        if "dsn" in opts or ("host" in opts and "database" not in opts):
            parts.append(f"dsn={braced(opts.pop('host', '') or opts.pop('dsn', ''))}")
        else:
            driver = opts.pop("driver", self.pyodbc_driver_name)
            if driver is None:
                warn("No driver name specified; this is expected by PyODBC when using DSN-less connections")
            else:
                parts.append(f"DRIVER={{{driver.replace('}', '}}')}}}")
            port = opts.pop("port", None)
            parts.extend(self._odbc_server(opts.pop("host", ""), int(port) if port else None))
            parts.append(f"Database={braced(opts.pop('database', ''))}")
        user = opts.pop("user", None)
        if user:
            parts.append(f"UID={braced(user)}")
            password = opts.pop("password", None)
            if password is not None:
                parts.append(f"PWD={braced(password)}")
        elif "authentication" in opts:
            parts.append(f"Authentication={braced(opts.pop('authentication'))}")
        else:
            parts.extend(self._odbc_without_user)
        parts.extend(f"{name}={braced(value)}" for name, value in opts.items())
        return (";".join(parts),), connect_args

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        """Give the parts of the connection string that say where the server is."""
        return [f"Server={braced(host)}", *([f"Port={port}"] if port else [])]

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        """Tell the driver the types; it decides by the value where there is none."""
        if self.fast_executemany and context.executemany and context.plan.insertmanyvalues is None:
            # arrays are made of the types that pyodbc finds itself: with text of no length it crashes (5.5)
            return
        cursor.setinputsizes(
            [size if isinstance(size, tuple) else (size, None, None) for _, size, _ in list_of_tuples]
        )

    @ignores_context
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows, as arrays if so told."""
        if self.fast_executemany:
            cursor.fast_executemany = True
        super().do_executemany(cursor, statement, parameters, context)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)


def braced(value: Any) -> str:
    """
    Return a value of a connection string, in braces where it would end the value else.
    """
    text = str(value)
    return "{" + text.replace("}", "}}") + "}" if any(char in text for char in ";{}") else text
