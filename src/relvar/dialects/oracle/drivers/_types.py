"""
Types as python-oracledb and cx_Oracle take them.

Each says up to three things:

1. ``get_dbapi_type``: what the driver is told of a parameter (``setinputsizes``); None: it finds out by
the value;
2. ``out_type``: what kind of variable receives a value (RETURNING INTO, `outparam`); None: that of a
parameter;
3. processors, where the driver's values are not those that programs see.

Source: https://python-oracledb.readthedocs.io/en/latest/user_guide/appendix_a.html
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from typing import Any

from relvar import types as sqltypes
from relvar.dialects.oracle import types as oracle
from relvar.dialects.oracle.vector import VECTOR, SparseVector

__all__ = ["DRIVER_COLSPECS", "NCHAR_COLSPECS"]

_Processor = Callable[[Any], Any]


class _ByValue:
    """
    The driver finds out the type of a parameter by its value.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        """Return None."""
        return None


# -- numbers


def _to_decimal(value: Any) -> Any:
    return value if value is None or isinstance(value, decimal.Decimal) else decimal.Decimal(str(value))


def _to_float(value: Any) -> Any:
    return None if value is None else float(value)


class DriverInteger(_ByValue, sqltypes.Integer):
    """
    A whole number of any length.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return ``int``."""
        return int


class _DriverNumber(_ByValue):
    """
    An exact or a floating point number: a Decimal where the program wants that.
    """

    asdecimal: bool

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Return None: the driver takes all kinds of numbers."""
        return None

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return what makes a Decimal, or a float, of any number."""
        return _to_decimal if self.asdecimal else _to_float

    def out_type(self, dbapi: Any) -> Any:
        """Return what makes the driver give Decimals, or numbers of its own choice."""
        return decimal.Decimal if self.asdecimal else dbapi.NUMBER


class DriverNumeric(_DriverNumber, sqltypes.Numeric[Any]):
    """
    An exact number.
    """


class DriverFloat(_DriverNumber, sqltypes.Float[Any]):
    """
    A floating point number.
    """


class DriverNUMBER(_DriverNumber, oracle.NUMBER):  # type: ignore[misc]  # python_type depends on the scale
    """
    A NUMBER, which is an integer unless it has a scale.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        if not self.asdecimal and not self.scale:
            # of any number the driver gives what it is
            return None
        return super().result_processor(dialect, coltype)


class _DriverBinaryFloat(_ByValue):
    """
    A floating point number with NaN and infinity.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_BINARY_DOUBLE

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Return None: the driver takes all kinds of numbers."""
        return None


class DriverBINARY_DOUBLE(_DriverBinaryFloat, oracle.BINARY_DOUBLE):
    """
    64 bits.
    """


class DriverBINARY_FLOAT(_DriverBinaryFloat, oracle.BINARY_FLOAT):
    """
    32 bits.
    """


def _to_bool(value: Any) -> Any:
    return None if value is None else bool(value)


class DriverBoolean(_ByValue, sqltypes.Boolean):
    """
    True or false, or 1 or 0 before Oracle Database 23.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return what makes booleans of the numbers of an older column."""
        if coltype is not None and coltype == dialect.loaded_dbapi.DB_TYPE_NUMBER:
            return _to_bool
        return super().result_processor(dialect, coltype)

    @staticmethod
    def out_type_of_server(dialect: Any) -> Any:
        """Return BOOLEAN, or NUMBER where the server does not have it."""
        dbapi = dialect.loaded_dbapi
        return dbapi.DB_TYPE_BOOLEAN if dialect.supports_native_boolean else dbapi.NUMBER


# -- text


class DriverString(_ByValue, sqltypes.String):
    """
    Text.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return the driver's text."""
        return dbapi.STRING


class DriverUnicode(_ByValue, sqltypes.Unicode):
    """
    Text in the character set of the database.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return the driver's text."""
        return dbapi.STRING


class DriverEnum(_ByValue, sqltypes.Enum):
    """
    Text that is one of some.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return the driver's text."""
        return dbapi.STRING


class DriverNationalUnicode(sqltypes.Unicode):
    """
    Text in the national character set.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NVARCHAR


class DriverNVARCHAR(sqltypes.NVARCHAR):
    """
    Text in the national character set.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NVARCHAR


class DriverCHAR(sqltypes.CHAR):
    """
    Text filled up with blanks, and compared so.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_CHAR


class DriverNCHAR(sqltypes.NCHAR):
    """
    The same in the national character set.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NCHAR


class DriverUuid(_ByValue, sqltypes.Uuid[Any]):
    """
    A UUID as 32 characters.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return the driver's text."""
        return dbapi.STRING


class DriverLONG(_ByValue, oracle.LONG):
    """
    Long text, the older type.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return LONG."""
        return dbapi.DB_TYPE_LONG


class DriverROWID(oracle.ROWID):
    """
    The address of a row, as text.
    """

    def out_type(self, dbapi: Any) -> Any:
        """Return ROWID."""
        return dbapi.ROWID


# -- LOBs: sent as long text or bytes, which is one trip less than a LOB of their own takes


class _DriverLob:
    """
    Long text or bytes; the driver may give an object to read it from.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return what reads a LOB; None where the driver was told to give text and bytes."""
        return None if dialect.auto_convert_lobs else dialect.read_lob


class DriverText(_DriverLob, sqltypes.Text):
    """
    CLOB.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NVARCHAR

    def out_type(self, dbapi: Any) -> Any:
        """Return CLOB."""
        return dbapi.DB_TYPE_CLOB


class DriverUnicodeText(_DriverLob, sqltypes.UnicodeText):
    """
    CLOB in the character set of the database.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NVARCHAR

    def out_type(self, dbapi: Any) -> Any:
        """Return CLOB."""
        return dbapi.DB_TYPE_CLOB


class DriverNationalUnicodeText(DriverUnicodeText):
    """
    NCLOB.
    """

    def out_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NCLOB


class DriverNCLOB(_DriverLob, oracle.NCLOB):
    """
    NCLOB.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_NVARCHAR

    def out_type(self, dbapi: Any) -> Any:
        """Return NCLOB."""
        return dbapi.DB_TYPE_NCLOB


class DriverLargeBinary(_DriverLob, sqltypes.LargeBinary):
    """
    BLOB.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_RAW

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Return None: the driver takes bytes."""
        return None

    def out_type(self, dbapi: Any) -> Any:
        """Return BLOB."""
        return dbapi.DB_TYPE_BLOB


class DriverBFILE(oracle.BFILE):
    """
    A file of the server, which the driver always gives as an object to read from.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        return dialect.read_lob  # type: ignore[no-any-return]  # a function


class DriverRAW(_ByValue, oracle.RAW):
    """
    Bytes, up to a length.
    """

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Return None: the driver takes bytes."""
        return None

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return None: the driver gives bytes."""
        return None

    def out_type(self, dbapi: Any) -> Any:
        """Return RAW."""
        return dbapi.DB_TYPE_RAW


# -- dates and times


def _to_date(value: Any) -> Any:
    return value if value is None else value.date()


class DriverDate(oracle.OracleDate):
    """
    A date, for which the driver has a datetime.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        return _to_date


class DriverTIMESTAMP(oracle.TIMESTAMP):
    """
    Date and time with fractions of seconds.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_TIMESTAMP


class DriverINTERVAL(oracle.INTERVAL):
    """
    A timedelta.
    """

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DB_TYPE_INTERVAL_DS


# -- documents and vectors


class DriverJSON(oracle.JSON[Any]):
    """
    JSON: sent as text, or as bytes where the column is a BLOB.

    The driver decodes columns of the type JSON itself.
    """

    def _as_bytes(self, dialect: Any) -> bool:
        return not dialect._supports_oracle_json if self.use_blob is None else self.use_blob

    def bind_processor(self, dialect: Any) -> _Processor:
        """Return what encodes a value."""
        encode = super().bind_processor(dialect)
        assert encode is not None  # of all JSON types
        to_text: _Processor = encode
        if not self._as_bytes(dialect):
            return to_text

        def process(value: Any) -> Any:
            text = to_text(value)
            return None if text is None else text.encode()

        return process

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return what decodes a value, unless the driver did."""
        if coltype is not None and coltype == getattr(dialect.dbapi, "DB_TYPE_JSON", None):
            return None
        decode = super().result_processor(dialect, coltype)
        assert decode is not None  # of all JSON types
        to_value: _Processor = decode

        def process(value: Any) -> Any:
            return to_value(dialect.read_lob(value))

        return process

    def out_type_of_server(self, dialect: Any) -> Any:
        """Return JSON, or BLOB where the column is one."""
        dbapi = dialect.loaded_dbapi
        return dbapi.DB_TYPE_BLOB if self._as_bytes(dialect) else dbapi.DB_TYPE_JSON


class DriverVECTOR(VECTOR):
    """
    A list of numbers, or a `SparseVector`.
    """

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Return what makes arrays, and the driver's sparse vectors."""
        dense = super().bind_processor(dialect)
        assert dense is not None  # of all vectors
        to_array: _Processor = dense

        def process(value: Any) -> Any:
            if isinstance(value, SparseVector):
                make = dialect.loaded_dbapi.SparseVector
                return make(value.num_dimensions, value.indices, value.values)
            return to_array(value)

        return process

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Return what makes lists, and our sparse vectors."""
        dense = super().result_processor(dialect, coltype)
        assert dense is not None  # of all vectors
        to_list: _Processor = dense

        def process(value: Any) -> Any:
            if hasattr(value, "num_dimensions"):
                return SparseVector(value.num_dimensions, value.indices, value.values)
            return to_list(value)

        return process

    def out_type(self, dbapi: Any) -> Any:
        """Return VECTOR."""
        return dbapi.DB_TYPE_VECTOR


DRIVER_COLSPECS: Mapping[type[Any], type[Any]] = {
    sqltypes.Integer: DriverInteger,
    sqltypes.Numeric: DriverNumeric,
    sqltypes.Float: DriverFloat,
    oracle.NUMBER: DriverNUMBER,
    oracle.BINARY_DOUBLE: DriverBINARY_DOUBLE,
    oracle.BINARY_FLOAT: DriverBINARY_FLOAT,
    sqltypes.Boolean: DriverBoolean,
    sqltypes.String: DriverString,
    sqltypes.Unicode: DriverUnicode,
    sqltypes.Enum: DriverEnum,
    sqltypes.NVARCHAR: DriverNVARCHAR,
    sqltypes.CHAR: DriverCHAR,
    sqltypes.NCHAR: DriverNCHAR,
    sqltypes.Uuid: DriverUuid,
    sqltypes.Text: DriverText,
    sqltypes.UnicodeText: DriverUnicodeText,
    sqltypes.LargeBinary: DriverLargeBinary,
    sqltypes.Date: DriverDate,
    sqltypes.TIMESTAMP: DriverTIMESTAMP,
    sqltypes.Interval: DriverINTERVAL,
    sqltypes.JSON: DriverJSON,
    oracle.NCLOB: DriverNCLOB,
    oracle.BFILE: DriverBFILE,
    oracle.LONG: DriverLONG,
    oracle.ROWID: DriverROWID,
    oracle.RAW: DriverRAW,
    oracle.INTERVAL: DriverINTERVAL,
    oracle.JSON: DriverJSON,
    VECTOR: DriverVECTOR,
}
"Type -> what these drivers use for it."

NCHAR_COLSPECS: Mapping[type[Any], type[Any]] = {
    sqltypes.Unicode: DriverNationalUnicode,
    sqltypes.UnicodeText: DriverNationalUnicodeText,
}
"The same, where Unicode types are of the national character set."
