"""
Types of Oracle Database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialects.oracle.vector import VECTOR
from relvar.types import BLOB, CHAR, CLOB, DOUBLE_PRECISION, NCHAR, NVARCHAR, VARCHAR
from relvar.types import BOOLEAN as _SQLBOOLEAN
from relvar.types import FLOAT as _SQLFLOAT
from relvar.types import REAL as _SQLREAL
from relvar.types import TIMESTAMP as _SQLTIMESTAMP
from relvar.types.emulated import NativeForEmulated
from relvar.util.generics import TypeVar

__all__ = [
    "BFILE",
    "BINARY_DOUBLE",
    "BINARY_FLOAT",
    "BOOLEAN",
    "COLSPECS",
    "DATE",
    "FLOAT",
    "INTERVAL",
    "ISCHEMA_NAMES",
    "JSON",
    "LONG",
    "NCLOB",
    "NUMBER",
    "NVARCHAR2",
    "RAW",
    "REAL",
    "ROWID",
    "TIMESTAMP",
    "VARCHAR2",
]

BOOLEAN = _SQLBOOLEAN
REAL = _SQLREAL
NVARCHAR2 = NVARCHAR

_T = TypeVar("_T", bound=Any, default=Any)


class RAW(sqltypes._Binary):
    """
    Bytes, up to a length.

    Args:
        length: How many.
    """

    __visit_name__ = "RAW"


OracleRaw = RAW


class NCLOB(sqltypes.Text):
    """
    Long text in the national character set.
    """

    __visit_name__ = "NCLOB"


class VARCHAR2(VARCHAR):
    """
    Text up to a length.
    """

    __visit_name__ = "VARCHAR2"


class NUMBER(sqltypes.Numeric[Any], sqltypes.Integer):  # type: ignore[misc]  # python_type depends on the scale
    """
    A number: an integer unless it has a scale.

    Args:
        precision: Digits in all.
        scale: Digits behind the point.
        asdecimal: Return Decimals; when not given, if there is a scale.
    """

    __visit_name__ = "NUMBER"

    def __init__(
        self, precision: int | None = None, scale: int | None = None, asdecimal: bool | None = None
    ) -> None:
        if asdecimal is None:
            asdecimal = bool(scale and scale > 0)
        super().__init__(precision=precision, scale=scale, asdecimal=asdecimal)

    @property
    def _type_affinity(self) -> Any:
        return sqltypes.Numeric if self.scale else sqltypes.Integer


class FLOAT(_SQLFLOAT[Any]):
    """
    A floating point number whose precision is in binary digits.

    Args:
        binary_precision: Binary digits, up to 126.
        asdecimal: Return Decimals.
        decimal_return_scale: Digits behind the point of these.
    """

    __visit_name__ = "FLOAT"

    def __init__(
        self,
        binary_precision: int | None = None,
        asdecimal: bool = False,
        decimal_return_scale: int | None = None,
    ) -> None:
        super().__init__(asdecimal=asdecimal, decimal_return_scale=decimal_return_scale)
        self.binary_precision = binary_precision


class BINARY_DOUBLE(sqltypes.Double[Any]):
    """
    A floating point number of 64 bits.
    """

    __visit_name__ = "BINARY_DOUBLE"


class BINARY_FLOAT(sqltypes.Float[Any]):
    """
    A floating point number of 32 bits.
    """

    __visit_name__ = "BINARY_FLOAT"


class BFILE(sqltypes.LargeBinary):
    """
    A file of the server.
    """

    __visit_name__ = "BFILE"


class LONG(sqltypes.Text):
    """
    Long text, the older type.
    """

    __visit_name__ = "LONG"


class ROWID(sqltypes.TypeEngine[Any]):
    """
    The address of a row.
    """

    __visit_name__ = "ROWID"
    operator_classes = sqltypes.OperatorClass.ANY


class _DateLiterals:
    """
    Renders dates and times as calls of the functions that read them.
    """

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        def process(value: Any) -> str:
            if not isinstance(value, dt.datetime):
                return f"TO_DATE('{value.isoformat()}', 'YYYY-MM-DD')"
            text = value.isoformat(sep=" ")
            zoned = value.tzinfo is not None
            zone = " TZH:TZM" if zoned else ""
            if zoned:
                text = f"{text[:-6]} {text[-6:]}"
            if not value.microsecond and not zoned:
                return f"TO_DATE('{text}', 'YYYY-MM-DD HH24:MI:SS')"
            fraction = ".FF" if value.microsecond else ""
            function = "TO_TIMESTAMP_TZ" if zoned else "TO_TIMESTAMP"
            return f"{function}('{text}', 'YYYY-MM-DD HH24:MI:SS{fraction}{zone}')"

        return process


class DATE(_DateLiterals, sqltypes.DateTime):
    """
    Date and time, to the second: this database's type has both.
    """

    __visit_name__ = "DATE"

    def _compare_type_affinity(self, other: Any) -> bool:
        return other._type_affinity in (sqltypes.DateTime, sqltypes.Date)


class OracleDate(_DateLiterals, sqltypes.Date):
    """
    A date without time of day.
    """


class TIMESTAMP(_DateLiterals, _SQLTIMESTAMP):
    """
    Date and time with fractions of seconds.

    Args:
        timezone: With a time zone.
        local_timezone: In the time zone of the session.
    """

    def __init__(self, timezone: bool = False, local_timezone: bool = False) -> None:
        if timezone and local_timezone:
            raise exc.ArgumentError("timezone and local_timezone are mutually exclusive")
        super().__init__(timezone=timezone)
        self.local_timezone = local_timezone


class INTERVAL(NativeForEmulated, sqltypes._AbstractInterval):
    """
    A span of time in days and seconds.

    Args:
        day_precision: Digits of the days.
        second_precision: Digits of the fraction of the second.
    """

    __visit_name__ = "INTERVAL"

    def __init__(self, day_precision: int | None = None, second_precision: int | None = None) -> None:
        self.day_precision = day_precision
        self.second_precision = second_precision

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> INTERVAL:
        """
        Return this database's type for the generic Interval *impl*.
        """
        return cls(day_precision=impl.day_precision, second_precision=impl.second_precision)

    @property
    def _type_affinity(self) -> type[sqltypes.TypeEngine[Any]]:
        return sqltypes.Interval

    def as_generic(self, allow_nulltype: bool = False) -> sqltypes.Interval:
        """
        Return the generic Interval.
        """
        return sqltypes.Interval(
            native=True, second_precision=self.second_precision, day_precision=self.day_precision
        )

    @property
    def python_type(self) -> type[dt.timedelta]:
        return dt.timedelta

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        def process(value: dt.timedelta) -> str:
            return f"NUMTODSINTERVAL({value.total_seconds()}, 'SECOND')"

        return process


class JSON(sqltypes.JSON[_T]):
    """
    JSON in a column of its own type, or of bytes where the server has no such type.

    Args:
        none_as_null: None is the SQL NULL, not the JSON one.
        use_blob: Keep it as bytes, whatever the server has; when not given, if it has to.
    """

    def __init__(self, none_as_null: bool = False, use_blob: bool | None = None) -> None:
        super().__init__(none_as_null=none_as_null)
        self.use_blob = use_blob


class _JSONFormatted(sqltypes.TypeEngine[Any]):
    """
    JSON keys and paths as this database writes them: ``$."key"[1]``.
    """

    def _steps(self, value: Any) -> Any:
        raise NotImplementedError

    def _format_value(self, value: Any) -> str:
        return "$" + "".join(
            f"[{step}]" if isinstance(step, int) else f'."{_escaped(step)}"' for step in self._steps(value)
        )

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        return self._format_value

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        string = sqltypes.STRINGTYPE.literal_processor(dialect)

        def process(value: Any) -> str:
            text = self._format_value(value)
            return text if string is None else string(text)

        return process


def _escaped(step: str) -> str:
    """
    Return a key as it stands between the quotes of a path.
    """
    return step.replace("\\", "\\\\").replace('"', '\\"')


class JSONIndexType(_JSONFormatted, sqltypes.JSON.JSONIndexType):
    """
    One step: a key or a position.
    """

    def _steps(self, value: Any) -> Any:
        return (value,)


class JSONPathType(_JSONFormatted, sqltypes.JSON.JSONPathType):
    """
    Several steps.
    """

    def _steps(self, value: Any) -> Any:
        return value


COLSPECS: dict[Any, Any] = {
    sqltypes.Interval: INTERVAL,
    sqltypes.DateTime: DATE,
    sqltypes.Date: OracleDate,
    sqltypes.TIMESTAMP: TIMESTAMP,
    sqltypes.JSON: JSON,
    sqltypes.JSON.JSONIndexType: JSONIndexType,
    sqltypes.JSON.JSONPathType: JSONPathType,
}
"Generic type -> what Oracle Database uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "VARCHAR2": VARCHAR,
    "NVARCHAR2": NVARCHAR,
    "CHAR": CHAR,
    "NCHAR": NCHAR,
    "DATE": DATE,
    "NUMBER": NUMBER,
    "BLOB": BLOB,
    "BFILE": BFILE,
    "CLOB": CLOB,
    "NCLOB": NCLOB,
    "TIMESTAMP": TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": TIMESTAMP,
    "TIMESTAMP WITH LOCAL TIME ZONE": TIMESTAMP,
    "INTERVAL DAY TO SECOND": INTERVAL,
    "RAW": RAW,
    "FLOAT": FLOAT,
    "DOUBLE PRECISION": DOUBLE_PRECISION,
    "REAL": REAL,
    "LONG": LONG,
    "BINARY_DOUBLE": BINARY_DOUBLE,
    "BINARY_FLOAT": BINARY_FLOAT,
    "ROWID": ROWID,
    "BOOLEAN": BOOLEAN,
    "VECTOR": VECTOR,
    "JSON": JSON,
}
"Name of a type in the catalogs -> class, for reflection."
