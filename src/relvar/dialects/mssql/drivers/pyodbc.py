"""
Microsoft SQL Server through pyodbc.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialect.driver import ignores_context
from relvar.dialect.odbc import PyODBCConnector, braced
from relvar.dialects.mssql.dialect import MSDialect

# https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes, and the driver's own
_LOST = ("08S01", "01000", "01002", "08003", "08007", "08S02", "08001", "HYT00", "HY010", "10054")


class MSDialect_pyodbc(PyODBCConnector, MSDialect):  # SQLAlchemy's name
    """
    SQL Server through pyodbc.
    """

    supports_statement_cache = True
    supports_sane_rowcount_returning = False
    scope_identity_must_be_embedded = True
    _odbc_without_user = ("Trusted_Connection=Yes",)

    def __init__(self, fast_executemany: bool = False, use_setinputsizes: bool = True, **params: Any) -> None:
        super().__init__(**params)
        self.fast_executemany = fast_executemany
        self.use_setinputsizes = use_setinputsizes

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        return [f"Server={braced(host)}{f',{port}' if port else ''}"]

    @ignores_context
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

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by SQLSTATE or message."""
        if isinstance(e, self.loaded_dbapi.ProgrammingError):
            return "The cursor's connection has been closed." in str(e) or (
                "Attempt to use a closed connection." in str(e)
            )
        return isinstance(e, self.loaded_dbapi.Error) and bool(e.args) and e.args[0] in _LOST


dialect = MSDialect_pyodbc
