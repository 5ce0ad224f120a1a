"""
Values as pyodbc wants them for SQL Server, and the ODBC types of parameters.

Text of no length is told to the driver as "of any length" ``(type, 0, 0)``: else it prepares anew for each
length, or cuts long values.

Source: https://github.com/mkleehammer/pyodbc/wiki/Cursor#setinputsizeslist_of_value_tuples
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar.dialects.mssql import types as mstypes

__all__ = [
    "OdbcBINARY",
    "OdbcDateTime",
    "OdbcDateTimeOffset",
    "OdbcJSON",
    "OdbcJSONIndex",
    "OdbcJSONPath",
    "OdbcLargeBinary",
    "OdbcString",
    "OdbcUnicode",
    "OdbcUnicodeText",
    "OdbcVARBINARY",
]


class _OfAnyLength(sqltypes.TypeEngine[Any]):
    length: Any = None

    def _odbc_type(self, dbapi: Any) -> int:
        raise NotImplementedError

    def get_dbapi_type(self, dbapi: Any) -> Any:
        number = self._odbc_type(dbapi)
        return (number, 0, 0) if self.length in (None, "max") else number


class _Narrow(_OfAnyLength):
    def _odbc_type(self, dbapi: Any) -> int:
        return dbapi.SQL_VARCHAR  # type: ignore[no-any-return]  # a number


class _Wide(_OfAnyLength):
    def _odbc_type(self, dbapi: Any) -> int:
        return dbapi.SQL_WVARCHAR  # type: ignore[no-any-return]  # a number


class OdbcString(_Narrow, sqltypes.String):
    """
    Text in the code page of the column.
    """


class OdbcUnicode(_Wide, mstypes.MSUnicode):
    """
    Text in Unicode.
    """


class OdbcUnicodeText(_Wide, mstypes.MSUnicodeText):
    """
    Long text in Unicode.
    """


class OdbcJSON(_Wide, mstypes.JSON[Any]):
    """
    JSON, as text in Unicode.
    """


class OdbcJSONIndex(_Wide, mstypes.JSONIndexType):
    """
    One step into JSON.
    """


class OdbcJSONPath(_Wide, mstypes.JSONPathType):
    """
    Several steps into JSON.
    """


class _SendsOffset(sqltypes.DateTime):
    """
    Sends moments with an offset as text: pyodbc would drop the offset.
    """

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            if isinstance(value, dt.datetime):
                return value if value.tzinfo is None else value.isoformat(" ", "microseconds")
            if isinstance(value, dt.date):
                return dt.datetime(value.year, value.month, value.day)
            return value

        return process


class OdbcDateTime(_SendsOffset):
    """
    Date and time.
    """


class OdbcDateTimeOffset(_SendsOffset, mstypes.DATETIMEOFFSET):
    """
    Date and time with an offset.
    """


class _SendsTypedNull(sqltypes._Binary):
    """
    Sends NULL as binary: a NULL of unknown type is text, which does not convert.
    """

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        if dialect.dbapi is None:
            return None
        binary, null = dialect.dbapi.Binary, dialect.dbapi.BinaryNull
        return lambda value: null if value is None else binary(value)


class OdbcLargeBinary(_SendsTypedNull, sqltypes.LargeBinary):
    """
    Bytes.
    """


class OdbcBINARY(_SendsTypedNull, sqltypes.BINARY):
    """
    Bytes of a fixed number.
    """


class OdbcVARBINARY(_SendsTypedNull, mstypes.VARBINARY):
    """
    Bytes, up to a number.
    """
