"""
SAP ASE and SQL Anywhere through pyodbc, by the ODBC drivers of SAP (or FreeTDS, for ASE).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from relvar.dialect.odbc import PyODBCConnector, braced
from relvar.dialects.sybase.dialect import AnywhereDialect, AseDialect

# [SQLSTATE] [vendor][driver][server]text (number) (function)
_NUMBER = re.compile(r"\((-?\d+)\)")
# Connection exceptions, communication link failure:
# https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes
_LOST = frozenset({"08S01", "08003", "08007", "01002", "JZ0C0", "JZ006"})
_NOT_THERE = frozenset({"08001", "08004", "08S01", "HYT01"})
_TIMED_OUT = frozenset({"HYT00", "HY008"})


class _ByODBC(PyODBCConnector):
    """
    Errors as ODBC gives them: a state, and text with the server's number in parentheses.  AUTOCOMMIT is
    pyodbc's.
    """

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return [*super().get_isolation_level_values(dbapi_connection), "AUTOCOMMIT"]

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the connection."""
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            super().set_isolation_level(dbapi_connection, level)

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by SQLSTATE."""
        return isinstance(e, self.loaded_dbapi.Error) and bool(e.args) and e.args[0] in _LOST

    def _error_code(self, e: BaseException) -> Any:
        found = _NUMBER.search(str(e.args[-1])) if e.args else None
        return None if found is None else int(found[1])

    def _is_unreachable(self, e: BaseException) -> bool:
        return bool(e.args) and e.args[0] in _NOT_THERE

    def _is_cancelled(self, e: BaseException) -> bool:
        return bool(e.args) and e.args[0] in _TIMED_OUT


class SybaseDialect_pyodbc(_ByODBC, AseDialect):  # SQLAlchemy's name
    """
    SAP ASE through pyodbc.
    """

    supports_statement_cache = True
    pyodbc_driver_name: str | None = "Adaptive Server Enterprise"


class SQLAnyDialect_pyodbc(_ByODBC, AnywhereDialect):  # SQLAlchemy's name
    """
    SQL Anywhere through pyodbc.
    """

    supports_statement_cache = True
    pyodbc_driver_name: str | None = "SQL Anywhere 17"

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        # SQL Anywhere 16, Database Administration: Host connection parameter
        return [f"Host={braced(f'{host}:{port}' if port else host)}"]


dialect = SybaseDialect_pyodbc
sqlany_dialect = SQLAnyDialect_pyodbc
