"""
SQLite's types.

SQLite has no types for dates and times: they are kept as text in a fixed format, so that they
sort and compare rightly.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.expr.function import func
from relvar.types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    CHAR,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INTEGER,
    NCHAR,
    NUMERIC,
    NVARCHAR,
    REAL,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    VARCHAR,
)
from relvar.types.jsonpath import DollarPath, spelled_key
from relvar.util.generics import TypeVar

__all__ = ["DATE", "DATETIME", "JSON", "JSONB", "TIME", "COLSPECS", "ISCHEMA_NAMES"]

_Process = Callable[[Any], Any]

_T = TypeVar("_T", bound=Any, default=Any)


class _StoredAsText(sqltypes.TypeEngine[Any]):
    """
    A date or time kept as text.

    Args:
        storage_format: ``%`` template over the value's fields; ISO 8601 when not given.
        regexp: Takes stored text apart; its groups are the fields, by name or in order.
    """

    _made: type[Any]
    _fields: tuple[str, ...]

    _storage_format: str
    _custom_format = False
    _reg: re.Pattern[str] | None

    def __init__(self, storage_format: str | None = None, regexp: str | None = None, **kw: Any) -> None:
        super().__init__(**kw)
        self._reg = None if regexp is None else re.compile(regexp)
        if storage_format is not None:
            self._storage_format = storage_format
            self._custom_format = True

    @property
    def format_is_text_affinity(self) -> bool:
        """
        Whether what is stored looks like text, so that SQLite does not make a number of it.
        """
        return bool(re.search(r"[^0-9]", self._storage_format % dict.fromkeys(self._fields, 0)))

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if issubclass(cls, _StoredAsText):
            if self._custom_format:
                kw["storage_format"] = self._storage_format
            if self._reg is not None:
                kw["regexp"] = self._reg.pattern
        return super().adapt(cls, **kw)

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        process = self.bind_processor(dialect)
        literal = sqltypes.STRINGTYPE.literal_processor(dialect)
        assert process is not None and literal is not None
        return lambda value: literal(process(value))

    def _from_text(self, parse: _Process) -> _Process:
        """
        Return how to read stored text: by the regular expression, or with *parse*.
        """
        reg, made = self._reg, self._made
        if reg is None:
            return parse
        pattern = reg

        def from_match(value: Any) -> Any:
            if value is None:
                return None
            if not isinstance(value, str):
                raise ValueError(
                    f"Couldn't parse {made.__name__} string '{value!r}' - value is not a string."
                )
            match = pattern.match(value)
            if match is None:
                raise ValueError(
                    f"Couldn't parse {made.__name__} string: {value!r}; the type's regexp does not match it: "
                    f"{pattern.pattern}"
                )
            named = match.groupdict(0)
            if named:
                return made(**{name: int(digits) for name, digits in named.items()})
            return made(*(int(digits) for digits in match.groups(0)))

        return from_match


class DATETIME(_StoredAsText, sqltypes.DateTime):
    """
    A ``datetime`` as text: ``2021-03-15 12:05:57.105542``.

    Args:
        truncate_microseconds: Leave the fraction of the second out.
    """

    _made = dt.datetime
    _fields = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    _storage_format = (
        "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d.%(microsecond)06d"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        truncate = kwargs.pop("truncate_microseconds", False)
        if truncate:
            _refuse_formats(args, kwargs)
        super().__init__(*args, **kwargs)
        if truncate:
            self._storage_format = "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d"
            self._custom_format = True

    def bind_processor(self, dialect: Any) -> _Process | None:
        if not self._custom_format:
            return convert.datetime_to_str
        template = self._storage_format

        def to_text(value: Any) -> Any:
            if value is None:
                return None
            if isinstance(value, dt.datetime):
                return template % _datetime_fields(value)
            if isinstance(value, dt.date):
                return template % _datetime_fields(dt.datetime(value.year, value.month, value.day))
            raise TypeError("SQLite DateTime type only accepts Python datetime and date objects as input.")

        return to_text

    def result_processor(self, dialect: Any, coltype: object) -> _Process | None:
        return self._from_text(convert.str_to_datetime)


class DATE(_StoredAsText, sqltypes.Date):
    """
    A ``date`` as text: ``2021-03-15``.
    """

    _made = dt.date
    _fields = ("year", "month", "day")
    _storage_format = "%(year)04d-%(month)02d-%(day)02d"

    def bind_processor(self, dialect: Any) -> _Process | None:
        template, custom, date = self._storage_format, self._custom_format, dt.date

        def to_text(value: Any) -> Any:
            if value is None:
                return None
            if not isinstance(value, date):
                raise TypeError("SQLite Date type only accepts Python date objects as input.")
            if custom or isinstance(value, dt.datetime):
                return template % {
                    "year": value.year,
                    "month": value.month,
                    "day": value.day,
                }
            return value.isoformat()

        return to_text

    def result_processor(self, dialect: Any, coltype: object) -> _Process | None:
        return self._from_text(convert.str_to_date)


class TIME(_StoredAsText, sqltypes.Time):
    """
    A ``time`` as text: ``12:05:57.105542``.

    Args:
        truncate_microseconds: Leave the fraction of the second out.
    """

    _made = dt.time
    _fields = ("hour", "minute", "second", "microsecond")
    _storage_format = "%(hour)02d:%(minute)02d:%(second)02d.%(microsecond)06d"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        truncate = kwargs.pop("truncate_microseconds", False)
        if truncate:
            _refuse_formats(args, kwargs)
        super().__init__(*args, **kwargs)
        if truncate:
            self._storage_format = "%(hour)02d:%(minute)02d:%(second)02d"
            self._custom_format = True

    def bind_processor(self, dialect: Any) -> _Process | None:
        template, time = self._storage_format, dt.time

        def to_text(value: Any) -> Any:
            if value is None:
                return None
            if not isinstance(value, time):
                raise TypeError("SQLite Time type only accepts Python time objects as input.")
            return template % {
                "hour": value.hour,
                "minute": value.minute,
                "second": value.second,
                "microsecond": value.microsecond,
            }

        return to_text

    def result_processor(self, dialect: Any, coltype: object) -> _Process | None:
        return self._from_text(convert.str_to_time)


class _ConvertedByDriver(_StoredAsText):
    """
    What the driver converts with ``native_datetime=True``; else as its other base.
    """

    def bind_processor(self, dialect: Any) -> _Process | None:
        return None if dialect.native_datetime else super().bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: object) -> _Process | None:
        return None if dialect.native_datetime else super().result_processor(dialect, coltype)

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        if not dialect.native_datetime:
            return super().literal_processor(dialect)
        literal = sqltypes.STRINGTYPE.literal_processor(dialect)
        assert literal is not None

        def write(value: Any) -> str:
            # as the driver sends it
            return literal(value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat())

        return write


class NativeTimestamp(_ConvertedByDriver, DATETIME):
    """
    A ``datetime`` in a column declared TIMESTAMP.
    """


class NativeDate(_ConvertedByDriver, DATE):
    """
    A ``date``.
    """


def _refuse_formats(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """
    Refuse a format besides ``truncate_microseconds``, which is one.

    Raises:
        AssertionError: as SQLAlchemy does.
    """
    for place, name in enumerate(("storage_format", "regexp")):
        if name in kwargs or len(args) > place:
            raise AssertionError(f"You can specify only one of truncate_microseconds or {name}.")


def _datetime_fields(value: dt.datetime) -> dict[str, int]:
    return {
        "year": value.year,
        "month": value.month,
        "day": value.day,
        "hour": value.hour,
        "minute": value.minute,
        "second": value.second,
        "microsecond": value.microsecond,
    }


class JSON(sqltypes.JSON[_T]):
    """
    JSON as text, queried by SQLite's JSON functions.
    """

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        loads = super().result_processor(dialect, coltype)
        assert loads is not None

        def process(value: Any) -> Any:
            # a column declared JSON has numeric affinity: "5" is kept as 5
            if isinstance(value, (int, float)):
                return value
            return loads(value)

        return process


class JSONB(JSON[_T]):
    """
    JSON in SQLite's binary form (SQLite 3.45 and later); it is sent and fetched as text.
    """

    __visit_name__ = "JSONB"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.jsonb(bindvalue, type_=self)

    def column_expression(self, colexpr: Any) -> Any:
        return func.json(colexpr, type_=self)


class _Path(DollarPath):
    """
    A path as the version of SQLite at hand reads it.
    """

    def _key(self, key: str, dialect: Any) -> str:
        """
        Return *key* in quotes; without them if there is one in it.

        Quotes end at the next one, whatever is before it.  Without quotes a key ends at ``.`` or
        ``[``; before version 3.45 it is compared with the spelling in the document.

        Raises:
            ValueError: There is no way to write the key.

        Source: the function ``jsonLookupStep`` of SQLite 3.38 to 3.45
        """
        if '"' not in key:
            return super()._key(key, dialect)
        is_newer = (dialect.server_version_info or _KEYS_ARE_DECODED) >= _KEYS_ARE_DECODED
        bare = key if is_newer else spelled_key(key, dialect)[1:-1]
        if "." in bare or "[" in bare or bare[0] == '"':
            raise ValueError(
                f"A JSON path of SQLite can't have the key {key!r}: it has a double quote at its start, or "
                "besides '.' or '['"
            )
        return bare


_KEYS_ARE_DECODED = (3, 45)


class JSONIndexType(_Path, sqltypes.JSON.JSONIndexType):
    """
    One step: a key or a position.
    """


class JSONPathType(_Path, sqltypes.JSON.JSONPathType):
    """
    Several steps.
    """

    _is_path = True


COLSPECS: dict[Any, Any] = {
    sqltypes.Date: DATE,
    sqltypes.DateTime: DATETIME,
    sqltypes.JSON: JSON,
    sqltypes.JSON.JSONIndexType: JSONIndexType,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.Time: TIME,
}
"Generic type -> what SQLite uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "BIGINT": BIGINT,
    "BLOB": BLOB,
    "BOOL": BOOLEAN,
    "BOOLEAN": BOOLEAN,
    "CHAR": CHAR,
    "DATE": sqltypes.DATE,
    "DATE_CHAR": sqltypes.DATE,
    "DATETIME": sqltypes.DATETIME,
    "DATETIME_CHAR": sqltypes.DATETIME,
    "DOUBLE": DOUBLE,
    "DECIMAL": DECIMAL,
    "FLOAT": FLOAT,
    "INT": INTEGER,
    "INTEGER": INTEGER,
    "JSON": JSON,
    "JSONB": JSONB,
    "NCHAR": NCHAR,
    "NUMERIC": NUMERIC,
    "REAL": REAL,
    "SMALLINT": SMALLINT,
    "TEXT": TEXT,
    "TIME": sqltypes.TIME,
    "TIME_CHAR": sqltypes.TIME,
    "TIMESTAMP": TIMESTAMP,
    "VARCHAR": VARCHAR,
    "NVARCHAR": NVARCHAR,
}
"Name of a declared type -> class, for reflection."
