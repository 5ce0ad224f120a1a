"""
Microsoft SQL Server through mssql-python, Microsoft's driver, which has its ODBC driver inside.

Source: https://github.com/microsoft/mssql-python/wiki
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialect.odbc import braced
from relvar.dialects.mssql.drivers._odbc_errors import QUERY_TIMEOUT
from relvar.dialects.mssql.drivers._timeout import DriverTimeout

# What the driver says in place of the SQLSTATEs of a lost connection (08S01, 01002, 08001, 08003, 08007).
# Source: mssql_python/exceptions.py
_LOST = (
    "Communication link failure",
    "Disconnect error",
    "Client unable to establish connection",
    "Connection not open",
    "Connection failure during transaction",
    "The cursor's connection has been closed.",
    "Attempt to use a closed connection.",
    "on closed connection",
)
_NOT_THERE = ("Client unable to establish connection", "Connection timeout expired", "Timeout expired")
_CANCELLED = "Operation canceled"

# The driver has no numbers of the server either: 40001 is a deadlock (1205) or an update conflict (3960).
# Source: https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes
_SERIALIZATION_FAILURE = "Serialization failure"
_CODES_BY_TEXT = {
    "was deadlocked on": 1205,
    "Lock request time out period exceeded": 1222,
    "Snapshot isolation transaction aborted due to update conflict": 3960,
}


class MSDialect_mssqlpython(DriverTimeout):  # SQLAlchemy's name
    """
    SQL Server through mssql-python.
    """

    driver = "mssqlpython"
    supports_statement_cache = True
    supports_sane_rowcount_returning = True
    scope_identity_must_be_embedded = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import mssql_python
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "mssql-python") from err
        return mssql_python

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into a connection string."""
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        opts.update(url.query)
        port = opts.pop("port", None)
        parts = [
            f"Server={braced(opts.pop('host', ''))}{f',{int(port)}' if port else ''}",
            f"Database={braced(opts.pop('database', ''))}",
        ]
        user, password = opts.pop("user", None), opts.pop("password", None)
        if user:
            parts.append(f"UID={braced(user)}")
            if password is not None:
                parts.append(f"PWD={braced(password)}")
        elif "authentication" in opts:
            parts.append(f"Authentication={braced(opts.pop('authentication'))}")
        parts.extend(f"{name}={braced(value)}" for name, value in opts.items())
        return (";".join(parts),), {}

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Limit the time of statements."""
        return self._set_query_timeout if self.query_timeout else None

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    # -- errors ---------------------------------------------------------------------

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by the driver's words."""
        return isinstance(e, self.loaded_dbapi.Error) and any(known in str(e) for known in _LOST)

    def _error_code(self, e: BaseException) -> Any:
        text = str(e)
        return next((code for words, code in _CODES_BY_TEXT.items() if words in text), None)

    def is_retryable(self, e: BaseException) -> bool:
        """Tell whether a transaction may succeed if it is tried again: a conflict with another one."""
        return getattr(e, "driver_error", None) == _SERIALIZATION_FAILURE or super().is_retryable(e)

    def _is_unreachable(self, e: BaseException) -> bool:
        return getattr(e, "driver_error", None) in _NOT_THERE and QUERY_TIMEOUT not in str(e)

    def _is_cancelled(self, e: BaseException) -> bool:
        return QUERY_TIMEOUT in str(e) or getattr(e, "driver_error", None) == _CANCELLED


dialect = MSDialect_mssqlpython
