"""
Types of Firebird.

A parameter that is not assigned to a column needs a type of its own, so all types are rendered with a
cast (``CAST(? AS BIGINT)``); see `casting`.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes

__all__ = [
    "COLSPECS",
    "FBBIGINT",
    "FBBINARY",
    "FBBLOB",
    "FBBOOLEAN",
    "FBCHAR",
    "FBDATE",
    "FBDECFLOAT",
    "FBDECIMAL",
    "FBDOUBLE_PRECISION",
    "FBFLOAT",
    "FBINT128",
    "FBINTEGER",
    "FBNCHAR",
    "FBNUMERIC",
    "FBNVARCHAR",
    "FBREAL",
    "FBSMALLINT",
    "FBTEXT",
    "FBTIME",
    "FBTIMESTAMP",
    "FBVARBINARY",
    "FBVARCHAR",
]

_Processor = Callable[[Any], Any]


def _to_int(value: Any) -> Any:
    return int(value) if value.__class__ is decimal.Decimal else value


def _to_decimal(value: Any) -> Any:
    return decimal.Decimal(repr(value)) if isinstance(value, float) else value


class _Cast:
    """A type whose parameters are cast to it."""

    render_bind_cast = True


# Numbers ------------------------------------------------------------------------------------------


class _WholeNumbers(_Cast):
    """
    Makes integers of what the driver gives as Decimal: sums and products of INT128.
    """

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Convert where there are such numbers: since Firebird 4 a BIGINT times another is one."""
        return _to_int if dialect._has_version_4 else None


class FBInteger(_WholeNumbers, sqltypes.Integer):
    """Any integer type of another database."""


class FBINTEGER(_WholeNumbers, sqltypes.INTEGER):
    """An integer of 32 bits."""


class FBSMALLINT(_WholeNumbers, sqltypes.SMALLINT):
    """An integer of 16 bits."""


class FBBIGINT(_WholeNumbers, sqltypes.BIGINT):
    """An integer of 64 bits."""


class FBINT128(_WholeNumbers, sqltypes.Integer):
    """
    An integer of 128 bits; Firebird 4 and later.
    """

    __visit_name__ = "INT128"


class _ExactNumbers(_Cast):
    """
    Gives Decimals where the driver does, and makes them of the floats that Firebird 3 computes with.
    """

    asdecimal: bool

    def result_processor(self, dialect: Any, coltype: object) -> _Processor | None:
        """Convert to float or to Decimal."""
        return _to_decimal if self.asdecimal else _to_float


def _to_float(value: Any) -> Any:
    return None if value is None else float(value)


class FBNumeric(_ExactNumbers, sqltypes.Numeric[Any]):
    """An exact number."""


class FBNUMERIC(_ExactNumbers, sqltypes.NUMERIC[Any]):
    """
    An exact number, of up to 18 digits, or 38 in Firebird 4 and later.
    """


class FBDECIMAL(_ExactNumbers, sqltypes.DECIMAL[Any]):
    """
    An exact number that may keep more digits than it was declared with.
    """


class FBDECFLOAT(_ExactNumbers, sqltypes.Numeric[Any]):
    """
    A decimal floating point number; Firebird 4 and later.

    Args:
        precision: 16 or 34 digits; 34 if not given.
    """

    __visit_name__ = "DECFLOAT"

    def __init__(self, precision: int | None = None, asdecimal: bool = True) -> None:
        super().__init__(precision=precision, asdecimal=asdecimal)


class FBFloat(_Cast, sqltypes.Float[Any]):
    """A floating point number."""


class FBFLOAT(_Cast, sqltypes.FLOAT[Any]):
    """A floating point number of 32 bits, or of 64 with more than 24 binary digits of precision."""


class FBREAL(_Cast, sqltypes.REAL[Any]):
    """A floating point number of 32 bits."""


class FBDOUBLE_PRECISION(_Cast, sqltypes.DOUBLE_PRECISION[Any]):  # the name that clients use
    """A floating point number of 64 bits."""


class FBBOOLEAN(_Cast, sqltypes.BOOLEAN):
    """True, false or unknown."""


class _Boolean(_Cast, sqltypes.Boolean):
    """A Boolean, or a SMALLINT in Firebird 2.5."""


# Text and bytes -----------------------------------------------------------------------------------


class _CharacterSet(_Cast):
    """
    Text with a character set other than the database's.

    Args:
        length: How many characters.
        charset: The character set, ``"WIN1252"`` say.
        collation: The collation.
    """

    def __init__(
        self, length: int | None = None, charset: str | None = None, collation: str | None = None
    ) -> None:
        super().__init__(length, collation)  # type: ignore[call-arg]  # the string type's own
        self.charset = charset


class FBCHAR(_CharacterSet, sqltypes.CHAR):
    """Text of one length, filled up with blanks."""


class FBNCHAR(_CharacterSet, sqltypes.NCHAR):
    """Text of one length in ISO8859_1."""


class FBVARCHAR(_CharacterSet, sqltypes.VARCHAR):
    """Text up to a length."""


class FBNVARCHAR(_CharacterSet, sqltypes.NVARCHAR):
    """Text up to a length in ISO8859_1."""


class FBString(_Cast, sqltypes.String):
    """Any text."""


class FBText(_Cast, sqltypes.Text):
    """Any long text."""


class FBEnum(_Cast, sqltypes.Enum):
    """A choice, kept as text."""


class _Bytes(_Cast):
    """
    Bytes as they are: the drivers have no ``Binary``.
    """

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Make bytes of what is like them."""
        return _to_bytes


def _to_bytes(value: Any) -> bytes | None:
    if value is None or type(value) is bytes:
        return value
    if isinstance(value, str):
        raise TypeError("LargeBinary takes bytes, got text; encode it first")
    return bytes(value)


class FBBLOB(_Bytes, sqltypes.BLOB):
    """
    A blob of bytes.

    Args:
        subtype: Its number: 0 is plain bytes, those below it are the program's own.
        segment_size: A hint to old tools.
    """

    def __init__(self, subtype: int | None = None, segment_size: int | None = None) -> None:
        super().__init__()
        self.subtype = subtype
        self.segment_size = segment_size


class FBTEXT(_Cast, sqltypes.TEXT):
    """
    A blob of text.

    Args:
        segment_size: A hint to old tools.
        charset: The character set, if not the database's.
        collation: The collation.
    """

    def __init__(
        self, segment_size: int | None = None, charset: str | None = None, collation: str | None = None
    ) -> None:
        super().__init__(collation=collation)
        self.segment_size = segment_size
        self.charset = charset


class FBBINARY(_Bytes, sqltypes.BINARY):
    """Bytes of one length, filled up with zeros."""


class FBVARBINARY(_Bytes, sqltypes.VARBINARY):
    """Bytes up to a length."""


class FBLargeBinary(_Bytes, sqltypes.LargeBinary):
    """Any bytes."""


# Dates and times ----------------------------------------------------------------------------------


def _fraction(value: Any) -> str:
    """Return seconds' fraction with the four digits that there are."""
    return f".{value.microsecond // 100:04d}" if value.microsecond else ""


def _zone(value: Any) -> str:
    offset = value.utcoffset()
    if offset is None:
        return ""
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f" {sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


class _Timestamps(_Cast):
    """
    Hands the driver dates and times as it wants them.
    """

    timezone: bool

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Convert values for the driver."""
        return dialect._timestamp_converter(self.timezone)  # type: ignore[no-any-return]  # a function

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """Write ``TIMESTAMP '...'``."""

        def process(value: dt.datetime) -> str:
            # strftime() writes the year 32 as 32
            text = value.replace(microsecond=0, tzinfo=None).isoformat(sep=" ")
            return f"TIMESTAMP '{text}{_fraction(value)}{_zone(value)}'"

        return process


class FBTIMESTAMP(_Timestamps, sqltypes.TIMESTAMP):
    """
    Date and time, to a tenth of a millisecond.

    Args:
        timezone: With a time zone; Firebird 4 and later.
    """


class FBDateTime(_Timestamps, sqltypes.DateTime):
    """Any date and time."""


class FBDate(_Cast, sqltypes.Date):
    """A date."""

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """Write ``DATE '...'``."""
        return lambda value: f"DATE '{value.isoformat()[:10]}'"


FBDATE = FBDate


class _Times(_Cast):
    timezone: bool

    def bind_processor(self, dialect: Any) -> _Processor | None:
        """Convert values for the driver."""
        return dialect._time_converter(self.timezone)  # type: ignore[no-any-return]  # a function

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """Write ``TIME '...'``."""
        return lambda value: f"TIME '{value:%H:%M:%S}{_fraction(value)}{_zone(value)}'"


class FBTIME(_Times, sqltypes.TIME):
    """
    A time of day, to a tenth of a millisecond.

    Args:
        timezone: With a time zone; Firebird 4 and later.
    """


class FBTime(_Times, sqltypes.Time):
    """Any time of day."""


COLSPECS: dict[Any, Any] = {
    sqltypes.Integer: FBInteger,
    sqltypes.Numeric: FBNumeric,
    sqltypes.Float: FBFloat,
    sqltypes.Boolean: _Boolean,
    sqltypes.String: FBString,
    sqltypes.Text: FBText,
    sqltypes.Enum: FBEnum,
    sqltypes.LargeBinary: FBLargeBinary,
    sqltypes.BINARY: FBBINARY,
    sqltypes.VARBINARY: FBVARBINARY,
    sqltypes.DateTime: FBDateTime,
    sqltypes.Date: FBDate,
    sqltypes.Time: FBTime,
}
"Generic type -> what Firebird uses for it."
