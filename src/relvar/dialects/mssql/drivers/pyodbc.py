"""
Microsoft SQL Server through pyodbc.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_plus

from relvar.dialects.mssql.dialect import MSDialect
from relvar.util.convert import asbool

# https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes, and the driver's own
_LOST = ("08S01", "01000", "01002", "08003", "08007", "08S02", "08001", "HYT00", "HY010", "10054")


class MSDialect_pyodbc(MSDialect):  # SQLAlchemy's name
    """
    SQL Server through pyodbc.
    """

    driver = "pyodbc"
    supports_statement_cache = True
    default_paramstyle = "named"
    supports_sane_rowcount_returning = False
    scope_identity_must_be_embedded = True
    pyodbc_driver_name: str | None = None

    def __init__(self, fast_executemany: bool = False, use_setinputsizes: bool = True, **params: Any) -> None:
        super().__init__(**params)
        self.fast_executemany = fast_executemany
        self.use_setinputsizes = use_setinputsizes

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            return __import__("pyodbc")
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "pyodbc") from err

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into an ODBC connection string."""
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
            parts.append(f"dsn={_braced(opts.pop('host', '') or opts.pop('dsn', ''))}")
        else:
            driver = opts.pop("driver", self.pyodbc_driver_name)
            if driver is not None:
                parts.append(f"DRIVER={{{driver}}}")
            port = opts.pop("port", None)
            parts.append(f"Server={_braced(opts.pop('host'))}{f',{int(port)}' if port else ''}")
            parts.append(f"Database={_braced(opts.pop('database', ''))}")
        user = opts.pop("user", None)
        if user:
            parts.append(f"UID={_braced(user)}")
            password = opts.pop("password", None)
            if password is not None:
                parts.append(f"PWD={_braced(password)}")
        elif "authentication" not in opts:
            parts.append("Trusted_Connection=Yes")
        if "authentication" in opts:
            parts.append(f"Authentication={_braced(opts.pop('authentication'))}")
        parts.extend(f"{name}={_braced(value)}" for name, value in opts.items())
        return [";".join(parts)], connect_args

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows."""
        if self.fast_executemany:
            cursor.fast_executemany = True
        super().do_executemany(cursor, statement, parameters, context)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            super().set_isolation_level(dbapi_connection, level)

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return [*super().get_isolation_level_values(dbapi_connection), "AUTOCOMMIT"]

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by SQLSTATE or message."""
        if isinstance(e, self.loaded_dbapi.ProgrammingError):
            return "The cursor's connection has been closed." in str(e) or (
                "Attempt to use a closed connection." in str(e)
            )
        return isinstance(e, self.loaded_dbapi.Error) and bool(e.args) and e.args[0] in _LOST


def _braced(value: Any) -> str:
    text = str(value)
    return "{" + text.replace("}", "}}") + "}" if any(char in text for char in ";{}") else text


dialect = MSDialect_pyodbc
