"""
Types of MySQL and MariaDB.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.expr.cast import type_coerce
from relvar.types import (
    BINARY,
    BLOB,
    BOOLEAN,
    DATE,
    JSON,
    UUID,
    VARBINARY,
    OperatorClass,
)
from relvar.types.emulated import NativeForEmulated
from relvar.types.jsonpath import DollarPath
from relvar.types.text import WrittenAsText
from relvar.util import GenericRepr

__all__ = [
    "BIGINT",
    "BIT",
    "CHAR",
    "COLSPECS",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "ENUM",
    "FLOAT",
    "INET4",
    "INET6",
    "INTEGER",
    "ISCHEMA_NAMES",
    "LONGBLOB",
    "LONGTEXT",
    "MEDIUMBLOB",
    "MEDIUMINT",
    "MEDIUMTEXT",
    "NCHAR",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SET",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TINYBLOB",
    "TINYINT",
    "TINYTEXT",
    "VARCHAR",
    "YEAR",
]


# Options of strings, with their defaults.
_STRING_OPTIONS = {
    "charset": None,
    "collation": None,
    "ascii": False,
    "binary": False,
    "unicode": False,
    "national": False,
}


def _made_of(type_: Any, **defaults: Any) -> GenericRepr:
    """
    Return a repr of the attributes in *defaults*, in their order, that have other values.
    """
    return GenericRepr(type_, list(defaults.items()), to_inspect=[])


class _NumericOptions:
    """
    ``UNSIGNED`` and ``ZEROFILL``.
    """

    unsigned: bool
    zerofill: bool

    def _take_options(self, unsigned: bool, zerofill: bool) -> None:
        self.unsigned = unsigned
        self.zerofill = zerofill


class _FloatType(_NumericOptions, sqltypes.Float[Any]):
    """
    Base of the approximate numbers, which may be given a precision and a scale.

    Raises:
        ArgumentError: only one of precision and scale was given where both are needed.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        if isinstance(self, (REAL, DOUBLE)) and (precision is None) != (scale is None):
            raise exc.ArgumentError("You must specify both precision and scale or omit both altogether.")
        super().__init__(precision=precision, asdecimal=asdecimal, **kw)
        self.scale = scale
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return _made_of(self, precision=None, scale=None, asdecimal=False, unsigned=False, zerofill=False)


class NUMERIC(_NumericOptions, sqltypes.NUMERIC[Any]):
    """
    A fixed number.
    """

    __visit_name__ = "NUMERIC"

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(precision=precision, scale=scale, asdecimal=asdecimal, **kw)
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return _made_of(self, unsigned=False, zerofill=False, precision=None, scale=None, asdecimal=True)


class DECIMAL(_NumericOptions, sqltypes.DECIMAL[Any]):
    """
    A fixed number.
    """

    __visit_name__ = "DECIMAL"

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(precision=precision, scale=scale, asdecimal=asdecimal, **kw)
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return _made_of(self, unsigned=False, zerofill=False, precision=None, scale=None, asdecimal=True)


class DOUBLE(_FloatType, sqltypes.DOUBLE[Any]):
    """
    A number of double precision.
    """

    __visit_name__ = "DOUBLE"


class REAL(_FloatType, sqltypes.REAL[Any]):
    """
    A number of double precision.
    """

    __visit_name__ = "REAL"


class FLOAT(_FloatType, sqltypes.FLOAT[Any]):
    """
    A number of single precision.
    """

    __visit_name__ = "FLOAT"

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = False,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(
            precision=precision,
            scale=scale,
            asdecimal=asdecimal,
            unsigned=unsigned,
            zerofill=zerofill,
            **kw,
        )

    def bind_processor(self, dialect: Any) -> None:
        return None


class _IntegerType(_NumericOptions, sqltypes.Integer):
    """
    Base of the integers, which may be given a display width.
    """

    def __init__(
        self,
        display_width: int | None = None,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(**kw)
        self.display_width = display_width
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return _made_of(self, display_width=None, unsigned=False, zerofill=False)


class INTEGER(_IntegerType, sqltypes.INTEGER):
    """
    An integer of 4 bytes.
    """

    __visit_name__ = "INTEGER"


class BIGINT(_IntegerType, sqltypes.BIGINT):
    """
    An integer of 8 bytes.
    """

    __visit_name__ = "BIGINT"


class MEDIUMINT(_IntegerType):
    """
    An integer of 3 bytes.
    """

    __visit_name__ = "MEDIUMINT"


class TINYINT(_IntegerType):
    """
    An integer of 1 byte.
    """

    __visit_name__ = "TINYINT"


class SMALLINT(_IntegerType, sqltypes.SMALLINT):
    """
    An integer of 2 bytes.
    """

    __visit_name__ = "SMALLINT"


class BIT(sqltypes.TypeEngine[Any]):
    """
    Up to 64 bits; values are integers.

    Args:
        length: How many bits.
    """

    __visit_name__ = "BIT"

    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON | OperatorClass.BITWISE

    literal_processor = sqltypes.Integer.literal_processor

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.supports_native_bit:
            return None

        def to_int(value: Any) -> Any:
            return value if value is None or isinstance(value, int) else int.from_bytes(value, "big")

        return to_int


class _TimeType:
    """
    What the types with a fraction of seconds have in common.
    """

    fsp: int | None


class TIME(_TimeType, sqltypes.TIME):
    """
    A time of day.

    Args:
        fsp: Digits of the fraction of the second.
    """

    __visit_name__ = "TIME"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.fsp = fsp

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        time = dt.time

        def to_time(value: Any) -> Any:
            # drivers return a span: a TIME of MySQL may be longer than a day
            if value is None or isinstance(value, time):
                return value
            seconds = value.seconds
            minutes = seconds // 60
            return time(minutes // 60, minutes % 60, seconds - minutes * 60, microsecond=value.microseconds)

        return to_time


class TIMESTAMP(_TimeType, sqltypes.TIMESTAMP):
    """
    A point in time.

    Args:
        fsp: Digits of the fraction of the second.
    """

    __visit_name__ = "TIMESTAMP"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.fsp = fsp


class DATETIME(_TimeType, sqltypes.DATETIME):
    """
    Date and time.

    Args:
        fsp: Digits of the fraction of the second.
    """

    __visit_name__ = "DATETIME"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.fsp = fsp


class YEAR(sqltypes.TypeEngine[Any]):
    """
    A year.
    """

    __visit_name__ = "YEAR"

    operator_classes = OperatorClass.INTEGER

    literal_processor = sqltypes.Integer.literal_processor

    def __init__(self, display_width: int | None = None) -> None:
        self.display_width = display_width


class INET4(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    An IPv4 address (MariaDB).
    """

    __visit_name__ = "INET4"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON


class INET6(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    An IPv6 address (MariaDB).
    """

    __visit_name__ = "INET6"
    operator_classes = OperatorClass.BASE | OperatorClass.COMPARISON


class _StringType(sqltypes.String):
    """
    Base of the strings, which may be given a character set.

    Args:
        charset: ``CHARACTER SET``.
        collation: ``COLLATE``.
        ascii: ``ASCII``, short for latin1.
        binary: ``BINARY``, short for the binary collation.
        unicode: ``UNICODE``, short for ucs2.
        national: ``NATIONAL``, the server's national character set.
    """

    def __init__(
        self,
        charset: str | None = None,
        collation: str | None = None,
        ascii: bool = False,  # as documented
        binary: bool = False,
        unicode: bool = False,
        national: bool = False,
        **kw: Any,
    ) -> None:
        self.charset = charset
        kw.setdefault("collation", kw.pop("collate", collation))
        self.ascii = ascii
        self.unicode = unicode
        self.binary = binary
        self.national = national
        super().__init__(**kw)

    def repr_struct(self) -> GenericRepr:
        return _made_of(
            self,
            charset=None,
            collation=None,
            ascii=False,
            binary=False,
            unicode=False,
            national=False,
            length=None,
        )


class TEXT(_StringType, sqltypes.TEXT):
    """
    Text of up to 2**16 bytes.
    """

    __visit_name__ = "TEXT"

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        super().__init__(length=length, **kw)


class TINYTEXT(_StringType):
    """
    Text of up to 2**8 bytes.
    """

    __visit_name__ = "TINYTEXT"


class MEDIUMTEXT(_StringType):
    """
    Text of up to 2**24 bytes.
    """

    __visit_name__ = "MEDIUMTEXT"


class LONGTEXT(_StringType):
    """
    Text of up to 2**32 bytes.
    """

    __visit_name__ = "LONGTEXT"


class VARCHAR(_StringType, sqltypes.VARCHAR):
    """
    Text of limited length.
    """

    __visit_name__ = "VARCHAR"

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        super().__init__(length=length, **kw)


class CHAR(_StringType, sqltypes.CHAR):
    """
    Text of fixed length.
    """

    __visit_name__ = "CHAR"

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        super().__init__(length=length, **kw)


class NVARCHAR(_StringType, sqltypes.NVARCHAR):
    """
    Text of limited length in the national character set.
    """

    __visit_name__ = "NVARCHAR"

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        kw["national"] = True
        super().__init__(length=length, **kw)


class NCHAR(_StringType, sqltypes.NCHAR):
    """
    Text of fixed length in the national character set.
    """

    __visit_name__ = "NCHAR"

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        kw["national"] = True
        super().__init__(length=length, **kw)


class TINYBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**8.
    """

    __visit_name__ = "TINYBLOB"


class MEDIUMBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**24.
    """

    __visit_name__ = "MEDIUMBLOB"


class LONGBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**32.
    """

    __visit_name__ = "LONGBLOB"


class ENUM(NativeForEmulated, sqltypes.Enum, _StringType):
    """
    One of several strings.

    Args:
        enums: The strings, or one Python enum class.
        strict: Refuse other values on the way to the database.
        charset, collation, ascii, unicode, binary: As for other strings.
    """

    __visit_name__ = "ENUM"

    native_enum = True

    def __init__(self, *enums: Any, **kw: Any) -> None:
        kw.pop("strict", None)
        options = {name: kw.pop(name) for name in _STRING_OPTIONS if name in kw}
        kw.pop("native_enum", None)
        self._enum_init(enums, kw)
        length = self.length
        _StringType.__init__(self, length=length, **options)

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> ENUM:
        """
        Return the native type for the generic Enum *impl*.
        """
        kw = impl._make_enum_kw(kw)
        kw.pop("native_enum", None)
        return cls(*impl._enums_argument, **kw)

    def _options(self) -> dict[str, Any]:
        return {name: value for name in _STRING_OPTIONS if (value := getattr(self, name))}

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if issubclass(cls, ENUM):
            kw.setdefault("_create_events", False)
            kw.setdefault("_adapted_from", self)
            return cls.adapt_emulated_to_native(self, **{**self._options(), **kw})
        return sqltypes.Enum.adapt(self, cls, **kw)

    def copy(self, **kw: Any) -> Any:
        kw = self._make_enum_kw({**self._options(), **kw})
        kw.setdefault("_create_events", True)
        made = type(self)(*self._enums_argument, **kw)
        made._variant_mapping = self._variant_mapping
        return made

    def repr_struct(self) -> GenericRepr:
        return GenericRepr(self, [*_STRING_OPTIONS.items()])


class SET(_StringType):
    """
    Any number of several strings; values are Python sets.

    Args:
        values: The strings.
        retrieve_as_bitwise: Fetch the number that the set is stored as, which also tells an
            empty string from an empty set.

    Raises:
        ArgumentError: an empty string among *values* without *retrieve_as_bitwise*.
    """

    __visit_name__ = "SET"

    def __init__(self, *values: str, **kw: Any) -> None:
        self.retrieve_as_bitwise = kw.pop("retrieve_as_bitwise", False)
        self.values = tuple(values)
        if not self.retrieve_as_bitwise and "" in values:
            raise exc.ArgumentError(
                "Can't use the blank value '' in a SET without setting retrieve_as_bitwise=True"
            )
        if self.retrieve_as_bitwise:
            self._bitmap: dict[Any, Any] = {
                value: 1 << position for position, value in enumerate(self.values)
            }
            self._bitmap.update({1 << p: value for p, value in enumerate(self.values)})
        kw.setdefault("length", max((len(value) for value in values), default=0))
        super().__init__(**kw)

    @property
    def _static_cache_key(self) -> tuple[Any, ...]:
        return (type(self), self.values, self.retrieve_as_bitwise, self.charset, self.collation)

    def column_expression(self, colexpr: Any) -> Any:
        if not self.retrieve_as_bitwise:
            return colexpr
        return type_coerce(type_coerce(colexpr, sqltypes.Integer()) + 0, self)

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if self.retrieve_as_bitwise:

            def from_number(value: Any) -> Any:
                if value is None:
                    return None
                return {text for bit, text in self._numbers() if int(value) & bit}

            return from_number

        def from_text(value: Any) -> Any:
            if isinstance(value, str):
                found = set(value.split(","))
                found.discard("")
                return found
            return value

        return from_text

    def _numbers(self) -> list[tuple[int, str]]:
        return [(1 << position, value) for position, value in enumerate(self.values)]

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        if self.retrieve_as_bitwise:

            def to_number(value: Any) -> Any:
                if value is None or isinstance(value, int):
                    return value
                if isinstance(value, str):
                    return self._bitmap[value]
                number = 0
                for text in value:
                    number |= self._bitmap[text]
                return number

            return to_number

        def to_text(value: Any) -> Any:
            if value is None or isinstance(value, (int, str)):
                return value
            # in the order of the type, as the server writes it: it compares the text
            known = [text for text in self.values if text in value]
            return ",".join(known + [text for text in value if text not in known])

        return to_text

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        to_driver = self.bind_processor(dialect)
        string = super().literal_processor(dialect)
        assert to_driver is not None and string is not None
        convert, spell = to_driver, string

        def process(value: Any) -> str:
            sent = convert(value)
            return str(sent) if isinstance(sent, int) else spell(sent)

        return process

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if not issubclass(cls, SET):
            return super().adapt(cls, **kw)
        kw["retrieve_as_bitwise"] = self.retrieve_as_bitwise
        return cls(
            *self.values,
            **{name: getattr(self, name) for name in _STRING_OPTIONS},
            **kw,
        )

    def copy(self, **kw: Any) -> Any:
        made = self.adapt(type(self))
        made._variant_mapping = self._variant_mapping
        return made

    def repr_struct(self) -> GenericRepr:
        return GenericRepr(self, [*_STRING_OPTIONS.items(), ("retrieve_as_bitwise", False)])


class _MatchType(sqltypes.Float[Any], sqltypes.MatchType):  # type: ignore[misc]  # a number, where others have bool
    """
    What ``MATCH ... AGAINST`` returns: how well the row matches.
    """

    def __init__(self, **kw: Any) -> None:
        # those of a Boolean mean nothing here
        super().__init__()


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
    sqltypes.Time: TIME,
    sqltypes.Enum: ENUM,
    sqltypes.JSON.JSONIndexType: JSONIndexType,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.MatchType: _MatchType,
}
"Generic type -> what MySQL uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "bigint": BIGINT,
    "binary": BINARY,
    "bit": BIT,
    "blob": BLOB,
    "boolean": BOOLEAN,
    "char": CHAR,
    "date": DATE,
    "datetime": DATETIME,
    "decimal": DECIMAL,
    "double": DOUBLE,
    "enum": ENUM,
    "fixed": DECIMAL,
    "float": FLOAT,
    "inet4": INET4,
    "inet6": INET6,
    "int": INTEGER,
    "integer": INTEGER,
    "json": JSON,
    "longblob": LONGBLOB,
    "longtext": LONGTEXT,
    "mediumblob": MEDIUMBLOB,
    "mediumint": MEDIUMINT,
    "mediumtext": MEDIUMTEXT,
    "nchar": NCHAR,
    "nvarchar": NVARCHAR,
    "numeric": NUMERIC,
    "set": SET,
    "smallint": SMALLINT,
    "text": TEXT,
    "time": TIME,
    "timestamp": TIMESTAMP,
    "tinyblob": TINYBLOB,
    "tinyint": TINYINT,
    "tinytext": TINYTEXT,
    "uuid": UUID,
    "varbinary": VARBINARY,
    "varchar": VARCHAR,
    "year": YEAR,
}
"Name of a type in the catalogs -> class, for reflection."
