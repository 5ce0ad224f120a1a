"""
SQL Anywhere through sqlanydb, the driver of SAP.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialects.sybase.dialect import AnywhereDialect
from relvar.util.secret import Secret

# Server or database not found, communication error, connection terminated, not connected ...
# SQL Anywhere 16, Error Messages: by SQLCODE
_LOST = frozenset({-101, -121, -308, -85, -86, -64})
_NOT_THERE = frozenset({-83, -100, -853, -1057})
_CANCELLED = frozenset({-299})


class SQLAnyDialect_sqlanydb(AnywhereDialect):  # SQLAlchemy's name
    """
    SQL Anywhere through sqlanydb.
    """

    driver = "sqlanydb"
    supports_statement_cache = True
    _CANCELLED_CODES = _CANCELLED

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver; SAP's library is loaded with the first connection."""
        try:
            import sqlanydb  # type: ignore[import-untyped]  # it has no types
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "sqlanydb") from err
        return sqlanydb

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into connection parameters; all of them are text.

        Source: SQL Anywhere 16, Database Administration: connection parameters.
        """
        options: dict[str, Any] = dict(url.query)
        if url.host:
            options["host"] = f"{url.host}:{url.port}" if url.port else url.host
        for name, value in (("uid", url.username), ("pwd", url.password), ("dbn", url.database)):
            if value:
                options[name] = value
        return [], options

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect."""
        plain = {name: str(value) if isinstance(value, Secret) else value for name, value in cparams.items()}
        return super().connect(*cargs, **plain)

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Begin transactions as PEP 249 has them."""

        def connected(dbapi_connection: Any) -> None:
            cursor = dbapi_connection.cursor()
            cursor.execute("SET TEMPORARY OPTION chained = 'On'")
            cursor.close()

        return connected

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost."""
        return isinstance(e, self.loaded_dbapi.Error) and self._error_code(e) in _LOST

    def _error_code(self, e: BaseException) -> Any:
        # (text, SQLCODE)
        return e.args[1] if len(e.args) > 1 else None

    def _is_unreachable(self, e: BaseException) -> bool:
        return self._error_code(e) in _NOT_THERE


dialect = sqlany_dialect = SQLAnyDialect_sqlanydb
