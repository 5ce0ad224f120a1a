"""
Types of Microsoft SQL Server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.types import (
    BIGINT,
    BINARY,
    CHAR,
    DATETIME,
    DECIMAL,
    FLOAT,
    INTEGER,
    NCHAR,
    NUMERIC,
    NVARCHAR,
    SMALLINT,
    TEXT,
    VARCHAR,
)
from relvar.types import DATE as _SQLDATE
from relvar.types.jsonpath import DollarPath
from relvar.util.generics import TypeVar

__all__ = [
    "BIT",
    "COLSPECS",
    "DATE",
    "DATETIME2",
    "DATETIMEOFFSET",
    "DOUBLE_PRECISION",
    "IMAGE",
    "ISCHEMA_NAMES",
    "JSON",
    "MONEY",
    "NTEXT",
    "REAL",
    "ROWVERSION",
    "SMALLDATETIME",
    "SMALLMONEY",
    "SQL_VARIANT",
    "TIME",
    "TIMESTAMP",
    "TINYINT",
    "UNIQUEIDENTIFIER",
    "VARBINARY",
    "XML",
]

_T = TypeVar("_T", bound=Any, default=Any)


class REAL(sqltypes.REAL[Any]):
    """
    A number of single precision, the same as ``FLOAT(24)``.
    """

    def __init__(self, **kw: Any) -> None:
        kw["precision"] = 24
        super().__init__(**kw)

    def __repr__(self) -> str:
        return "REAL()"


class DOUBLE_PRECISION(sqltypes.DOUBLE_PRECISION[Any]):
    """
    A number of double precision, the same as ``FLOAT(53)``.
    """

    def __init__(self, **kw: Any) -> None:
        kw["precision"] = 53
        super().__init__(**kw)

    def __repr__(self) -> str:
        return "DOUBLE_PRECISION()"


class TINYINT(sqltypes.Integer):
    """
    An integer of 1 byte, without sign.
    """

    __visit_name__ = "TINYINT"


class DATE(_SQLDATE):
    """
    A date; datetimes are cut to their date.
    """

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        date, datetime = dt.date, dt.datetime

        def process(value: Any) -> Any:
            # older drivers only know the type DATETIME
            if type(value) is date:
                return datetime(value.year, value.month, value.day)
            return value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            if isinstance(value, dt.datetime):
                return value.date()
            if isinstance(value, str):
                return dt.date.fromisoformat(value)
            return value

        return process


class TIME(sqltypes.TIME):
    """
    A time of day.

    Args:
        precision: Digits of the fraction of the second.
    """

    def __init__(self, precision: int | None = None, **kwargs: Any) -> None:
        self.precision = precision
        super().__init__()

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            if isinstance(value, dt.datetime):
                return dt.datetime.combine(dt.date(1900, 1, 1), value.time())
            if isinstance(value, dt.time):
                # as text: drivers know no time with a fraction of the second
                return str(value)
            return value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            if isinstance(value, dt.datetime):
                return value.time()
            if isinstance(value, str):
                return dt.time.fromisoformat(value)
            return value

        return process


class MSDateTime(sqltypes.DateTime):
    """
    Date and time; a date is its midnight.
    """

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        date, datetime = dt.date, dt.datetime

        def process(value: Any) -> Any:
            if type(value) is date:
                return datetime(value.year, value.month, value.day)
            return value

        return process


class SMALLDATETIME(sqltypes.DateTime):
    """
    Date and time, to the minute.
    """

    __visit_name__ = "SMALLDATETIME"


class DATETIME2(sqltypes.DateTime):
    """
    Date and time, to 100 ns.

    Args:
        precision: Digits of the fraction of the second.
    """

    __visit_name__ = "DATETIME2"

    def __init__(self, precision: int | None = None, **kw: Any) -> None:
        super().__init__(**kw)
        self.precision = precision

    def __repr__(self) -> str:
        shown = "" if self.precision is None else f"precision={self.precision}"
        return f"{type(self).__name__}({shown})"


class DATETIMEOFFSET(sqltypes.DateTime):
    """
    Date and time with an offset from UTC.

    Args:
        precision: Digits of the fraction of the second.
    """

    __visit_name__ = "DATETIMEOFFSET"

    def __init__(self, precision: int | None = None, **kw: Any) -> None:
        super().__init__(timezone=True)
        self.precision = precision

    def __repr__(self) -> str:
        shown = "" if self.precision is None else f"precision={self.precision}"
        return f"{type(self).__name__}({shown})"


class TIMESTAMP(sqltypes._Binary):
    """
    A number that changes with each change of the row; not a time.

    Args:
        convert_int: Return it as an integer.
    """

    __visit_name__ = "TIMESTAMP"

    length: None = None

    def __init__(self, convert_int: bool = False) -> None:
        self.convert_int = convert_int

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        before = super().result_processor(dialect, coltype)
        if not self.convert_int:
            return before

        def process(value: Any) -> Any:
            if before is not None:
                value = before(value)
            return None if value is None else int.from_bytes(value, "big")

        return process


class ROWVERSION(TIMESTAMP):
    """
    The same as `TIMESTAMP`, under the name the server recommends.
    """

    __visit_name__ = "ROWVERSION"


class NTEXT(sqltypes.UnicodeText):
    """
    Long text in Unicode.
    """

    __visit_name__ = "NTEXT"


class VARBINARY(sqltypes.VARBINARY, sqltypes.LargeBinary):
    """
    Bytes.

    Args:
        length: How many; "max" for no limit.
        filestream: Keep them in the file system.
    """

    __visit_name__ = "VARBINARY"

    def __init__(self, length: int | Literal["max"] | None = None, filestream: bool = False) -> None:
        self.filestream = filestream
        if self.filestream and length not in (None, "max"):
            raise ValueError("length must be None or 'max' when setting filestream")
        super().__init__(length=length)  # type: ignore[arg-type]  # "max" is a length here


class IMAGE(sqltypes.LargeBinary):
    """
    Long bytes, the older type.
    """

    __visit_name__ = "IMAGE"


class XML(sqltypes.Text):
    """
    A document.
    """

    __visit_name__ = "XML"


class BIT(sqltypes.Boolean):
    """
    True or false, as 1 or 0.
    """

    __visit_name__ = "BIT"

    def __repr__(self) -> str:
        return "BIT()"


class MONEY(sqltypes.TypeEngine[Any]):
    """
    A currency amount.
    """

    __visit_name__ = "MONEY"
    operator_classes = sqltypes.OperatorClass.NUMERIC


class SMALLMONEY(sqltypes.TypeEngine[Any]):
    """
    A small currency amount.
    """

    __visit_name__ = "SMALLMONEY"
    operator_classes = sqltypes.OperatorClass.NUMERIC


class UNIQUEIDENTIFIER(sqltypes.Uuid[Any]):
    """
    A UUID.

    Args:
        as_uuid: Return UUID objects, not strings.
    """

    __visit_name__ = "UNIQUEIDENTIFIER"

    def __init__(self, as_uuid: bool = True) -> None:
        super().__init__(as_uuid=as_uuid, native_uuid=True)


class _Uuid(sqltypes.Uuid[Any]):
    """
    UUIDs for drivers that take and give the objects.
    """

    def _is_character_based(self, dialect: Any) -> bool:
        return not self.native_uuid

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        return super().bind_processor(dialect) if self._is_character_based(dialect) else None

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if self.as_uuid:
            return convert.str_to_uuid
        # the server writes upper case
        return lambda value: None if value is None else str(value).lower()

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        if self._is_character_based(dialect):
            return super().literal_processor(dialect)
        string = sqltypes.STRINGTYPE.literal_processor(dialect)
        assert string is not None
        return lambda value: string(str(value))


class _UnicodeLiteral(sqltypes.String):
    """
    Marks literals as Unicode.
    """

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        literal = super().literal_processor(dialect)
        assert literal is not None
        return lambda value: f"N{literal(value)}"


class MSUnicode(_UnicodeLiteral, sqltypes.Unicode):
    """
    Text in Unicode.
    """


class MSUnicodeText(_UnicodeLiteral, sqltypes.UnicodeText):
    """
    Long text in Unicode.
    """


class SQL_VARIANT(sqltypes.TypeEngine[Any]):
    """
    A value of any type.
    """

    __visit_name__ = "SQL_VARIANT"
    operator_classes = sqltypes.OperatorClass.ANY


class JSON(sqltypes.JSON[_T]):
    """
    JSON, kept as text.
    """


class JSONIndexType(DollarPath, sqltypes.JSON.JSONIndexType):
    """
    One step: a key or a position.
    """


class JSONPathType(DollarPath, sqltypes.JSON.JSONPathType):
    """
    Several steps.
    """

    _is_path = True


COLSPECS: dict[Any, Any] = {
    sqltypes.Date: DATE,
    sqltypes.DateTime: MSDateTime,
    sqltypes.DATETIME: DATETIME,
    sqltypes.JSON: JSON,
    sqltypes.JSON.JSONIndexType: JSONIndexType,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.Time: TIME,
    sqltypes.Unicode: MSUnicode,
    sqltypes.UnicodeText: MSUnicodeText,
    sqltypes.Uuid: _Uuid,
}
"Generic type -> what SQL Server uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "int": INTEGER,
    "bigint": BIGINT,
    "smallint": SMALLINT,
    "tinyint": TINYINT,
    "varchar": VARCHAR,
    "nvarchar": NVARCHAR,
    "char": CHAR,
    "nchar": NCHAR,
    "text": TEXT,
    "ntext": NTEXT,
    "decimal": DECIMAL,
    "numeric": NUMERIC,
    "float": FLOAT,
    "datetime": DATETIME,
    "datetime2": DATETIME2,
    "datetimeoffset": DATETIMEOFFSET,
    "date": DATE,
    "time": TIME,
    "smalldatetime": SMALLDATETIME,
    "binary": BINARY,
    "varbinary": VARBINARY,
    "bit": BIT,
    "real": REAL,
    "double precision": DOUBLE_PRECISION,
    "image": IMAGE,
    "xml": XML,
    "timestamp": TIMESTAMP,
    "money": MONEY,
    "smallmoney": SMALLMONEY,
    "uniqueidentifier": UNIQUEIDENTIFIER,
    "sql_variant": SQL_VARIANT,
    "json": JSON,
}
"Name of a type in the catalogs -> class, for reflection."
