"""
Microsoft SQL Server through pymssql, which has FreeTDS inside.

Source: https://www.pymssql.org/ref/pymssql.html,
https://www.freetds.org/reference/ (``sybdb.h`` has the numbers of DB-Library's messages)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.dialects.mssql.dialect import MSDialect
from relvar.dialects.mssql.names import MSIdentifierPreparer
from relvar.util.convert import coerce_kw_type

# 20002 Adaptive Server connection failed, 20003 it timed out, 20006 write to it failed, 20017 unexpected EOF,
# 20047 DBPROCESS is dead or not enabled
_LOST = (
    "Adaptive Server connection timed out",
    "Net-Lib error during Connection reset by peer",
    "message 20003",
    "Error 10054",
    "Not connected to any MS SQL server",
    "Connection is closed",
    "message 20006",
    "message 20017",
    "message 20047",
)
# As text: the number given with it may be that of an earlier error, on any connection (pymssql 2.4.6).
_NOT_THERE = "message 20009"
_TIMED_OUT = "message 20003"


class MSIdentifierPreparer_pymssql(MSIdentifierPreparer):  # SQLAlchemy's name
    """
    Quote names; a percent sign is what it is, though parameters are like ``%(name)s``.
    """

    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect)
        self._double_percents = False


class MSDialect_pymssql(MSDialect):  # SQLAlchemy's name
    """
    SQL Server through pymssql.
    """

    driver = "pymssql"
    supports_statement_cache = True
    preparer: Any = MSIdentifierPreparer_pymssql

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import pymssql
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "pymssql") from err
        return pymssql

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``pymssql.connect``; the port goes with the host."""
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        opts.update(url.query)
        port = opts.pop("port", None)
        if port and "host" in opts:
            opts["host"] = f"{opts['host']}:{port}"
        for name in ("timeout", "login_timeout"):
            coerce_kw_type(opts, name, int)
        for name in ("autocommit", "as_dict", "read_only", "use_datetime2"):
            coerce_kw_type(opts, name, bool)
        if self.query_timeout:
            opts.setdefault("timeout", self.query_timeout)
        return [], opts

    def _set_autocommit(self, dbapi_connection: Any, on: bool) -> None:
        dbapi_connection.autocommit(on)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit_state)

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        raise exc.InvalidRequestError(
            "pymssql can't limit the time of single statements: leave the option 'timeout' out and give "
            f"create_engine(query_timeout={max(1, round(seconds))}), which holds for all statements"
        )

    # -- errors ---------------------------------------------------------------------

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by the message."""
        text = str(e)
        return any(known in text for known in _LOST)

    def _error_code(self, e: BaseException) -> Any:
        # (number, text), or the two as one tuple
        first = e.args[0] if e.args else None
        if isinstance(first, tuple) and first:
            first = first[0]
        return first if isinstance(first, int) else None

    def _is_unreachable(self, e: BaseException) -> bool:
        return _NOT_THERE in str(e)

    def _is_cancelled(self, e: BaseException) -> bool:
        return _TIMED_OUT in str(e)


dialect = MSDialect_pymssql
