"""
Microsoft SQL Server through pyodbc.

The ODBC driver is named in the URL (``?driver=ODBC+Driver+18+for+SQL+Server``) or by a data source (DSN).
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Sequence
from typing import Any

from relvar import types as sqltypes
from relvar.dialect.odbc import PyODBCConnector, braced
from relvar.dialects.mssql import types as mstypes
from relvar.dialects.mssql.drivers import _odbc_types as odbctypes
from relvar.dialects.mssql.drivers._odbc_errors import (
    CANCELLED,
    LOST,
    NOT_THERE,
    QUERY_TIMEOUT,
    server_number,
)
from relvar.dialects.mssql.drivers._timeout import DriverTimeout
from relvar.dialects.mssql.execution import MSExecutionContext
from relvar.util.warning import warn

# The type DATETIMEOFFSET, which pyodbc gives as bytes: six numbers, nanoseconds, hours and minutes.
# Source: https://github.com/mkleehammer/pyodbc/wiki/Using-an-Output-Converter-function
_SQL_SS_TIMESTAMPOFFSET = -155
_OFFSET = struct.Struct("<6hI2h")

# Azure Synapse: there is no transaction to roll back.
_NO_TRANSACTION = "111214"


class MSExecutionContext_pyodbc(MSExecutionContext):  # SQLAlchemy's name
    """
    One execution through pyodbc.
    """


class MSDialect_pyodbc(PyODBCConnector, DriverTimeout):  # SQLAlchemy's name
    """
    SQL Server through pyodbc.

    Args:
        fast_executemany: See `PyODBCConnector`; pyodbc then holds all rows in memory at once.
        use_setinputsizes: See `PyODBCConnector`: the driver need not ask the server for types.
    """

    supports_statement_cache = True
    supports_sane_rowcount_returning = False
    supports_sane_multi_rowcount = False
    # what is prepared is a scope of its own, whose identity is gone when it ends
    scope_identity_must_be_embedded = True
    execution_ctx_cls: Any = MSExecutionContext_pyodbc
    colspecs: dict[Any, Any] = {  # read-only by convention
        **DriverTimeout.colspecs,
        sqltypes.String: odbctypes.OdbcString,
        sqltypes.Unicode: odbctypes.OdbcUnicode,
        sqltypes.UnicodeText: odbctypes.OdbcUnicodeText,
        sqltypes.Enum: sqltypes.Enum,
        sqltypes.DateTime: odbctypes.OdbcDateTime,
        mstypes.DATETIMEOFFSET: odbctypes.OdbcDateTimeOffset,
        sqltypes.LargeBinary: odbctypes.OdbcLargeBinary,
        sqltypes.BINARY: odbctypes.OdbcBINARY,
        sqltypes.VARBINARY: odbctypes.OdbcVARBINARY,
        mstypes.VARBINARY: odbctypes.OdbcVARBINARY,
        sqltypes.JSON: odbctypes.OdbcJSON,
        sqltypes.JSON.JSONIndexType: odbctypes.OdbcJSONIndex,
        sqltypes.JSON.JSONPathType: odbctypes.OdbcJSONPath,
    }
    _odbc_without_user = ("Trusted_Connection=Yes",)

    def __init__(self, fast_executemany: bool = False, use_setinputsizes: bool = True, **params: Any) -> None:
        super().__init__(use_setinputsizes=use_setinputsizes, fast_executemany=fast_executemany, **params)

    def _odbc_server(self, host: str, port: int | None) -> Sequence[str]:
        return [f"Server={braced(host)}{f',{port}' if port else ''}"]

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Read DATETIMEOFFSET, limit the time of statements."""

        def connected(dbapi_connection: Any) -> None:
            dbapi_connection.add_output_converter(_SQL_SS_TIMESTAMPOFFSET, _with_offset)
            self._set_query_timeout(dbapi_connection)

        return connected

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back, though there may be nothing to (``ignore_no_transaction_on_rollback``)."""
        try:
            super().do_rollback(dbapi_connection)
        except self.loaded_dbapi.ProgrammingError as err:
            if not self.ignore_no_transaction_on_rollback or _NO_TRANSACTION not in str(err):
                raise
            warn(
                "ProgrammingError 111214 'No corresponding transaction found.' has been suppressed via "
                "ignore_no_transaction_on_rollback=True"
            )

    # -- errors ---------------------------------------------------------------------

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost, by SQLSTATE or message."""
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        text = str(e)
        if e.args and e.args[0] in LOST:
            return QUERY_TIMEOUT not in text
        return isinstance(e, self.loaded_dbapi.ProgrammingError) and (
            "The cursor's connection has been closed." in text
            or "Attempt to use a closed connection." in text
        )

    def _error_code(self, e: BaseException) -> Any:
        return server_number(str(e.args[-1])) if e.args else None

    def _is_unreachable(self, e: BaseException) -> bool:
        return bool(e.args) and e.args[0] in NOT_THERE and QUERY_TIMEOUT not in str(e)

    def _is_cancelled(self, e: BaseException) -> bool:
        return QUERY_TIMEOUT in str(e) or (bool(e.args) and e.args[0] == CANCELLED)

    def _is_unsent(self, e: BaseException) -> bool:
        # pyodbc's own words: it asked no driver
        return "Attempt to use a closed connection." in str(e)


def _with_offset(data: bytes) -> dt.datetime:
    year, month, day, hour, minute, second, nanoseconds, off_hours, off_minutes = _OFFSET.unpack(data)
    zone = dt.timezone(dt.timedelta(hours=off_hours, minutes=off_minutes))
    return dt.datetime(year, month, day, hour, minute, second, nanoseconds // 1000, zone)


dialect = MSDialect_pyodbc
