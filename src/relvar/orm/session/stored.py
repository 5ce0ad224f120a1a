"""
What is certain about values in a database, seen from Python.

Two questions decide whether a WHERE clause can be answered for objects in memory:

1. `is_kept`: does the column hold just this value?  A ``CHAR`` pads it, a ``NUMERIC(10, 2)`` rounds it, a
   type of the program makes something else of it;
2. `compare`: does the database compare two values as Python does?  Text is ordered by the locale on
   PostgreSQL; MariaDB and MySQL find ``'a'``, ``'A'`` and ``'a '`` equal, by default.

Both answer only what holds whatever the server's settings are.  What is not listed is `UNSURE`.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import operator as py
import uuid
from collections.abc import Callable
from typing import Any

from relvar import types
from relvar.util.moved import module_of

__all__ = ["UNSURE", "are_surely_different", "compare", "is_kept", "is_null_kept", "keeper"]


class _Unsure:
    def __repr__(self) -> str:
        return "UNSURE"


UNSURE: Any = _Unsure()
"""
Only the database knows.
"""

_MYSQL = frozenset({"mysql", "mariadb"})
_KNOWN = frozenset({"sqlite", "postgresql"}) | _MYSQL

_INTEGERS = frozenset(
    {
        types.Integer,
        types.SmallInteger,
        types.BigInteger,
        types.INTEGER,
        types.SMALLINT,
        types.BIGINT,
    }
)
_TEXTS = frozenset(
    {types.String, types.Text, types.Unicode, types.UnicodeText, types.VARCHAR, types.TEXT, types.NVARCHAR}
)
_NUMERICS = frozenset({types.Numeric, types.NUMERIC, types.DECIMAL})
_FLOATS = frozenset({types.Float, types.Double, types.FLOAT, types.REAL, types.DOUBLE})
_DATETIMES = frozenset({types.DateTime, types.DATETIME, types.TIMESTAMP})
_TIMES = frozenset({types.Time, types.TIME})
_BINARIES = frozenset({types.LargeBinary, types.BLOB})


def is_null_kept(type_: Any) -> bool:
    """
    Tell whether None in memory is NULL in the column, and the other way round.
    """
    return module_of(type_).startswith("relvar.") and not (
        isinstance(type_, types.TypeDecorator) or getattr(type_, "should_evaluate_none", False)
    )


def is_kept(value: Any, type_: Any, dialect: Any) -> bool:
    """
    Tell whether a column of a type, once it was given a value, holds what equals it.
    """
    return keeper(type_, dialect)(value)


def keeper(type_: Any, dialect: Any) -> Callable[[Any], bool]:
    """
    Return `is_kept` for one type.
    """
    name = dialect.name
    type_ = type_._variant_mapping.get(name, type_)
    if name in _KNOWN and type(type_) in _INTEGERS:
        return _is_integer_or_null
    test = _KEPT.get(type(type_)) if name in _KNOWN else None
    if test is None:
        return _is_null if is_null_kept(type_) else _is_never
    return lambda value: value is None or test(value, type_, name)


def _is_integer_or_null(value: Any) -> bool:
    return value is None or type(value) is int


def _is_null(value: Any) -> bool:
    return value is None


def _is_never(value: Any) -> bool:
    return False


def _keeps_boolean(value: Any, type_: Any, name: str) -> bool:
    return type(value) is bool


def _keeps_text(value: Any, type_: Any, name: str) -> bool:
    return type(value) is str and type_.collation is None


def _keeps_member(value: Any, type_: Any, name: str) -> bool:
    return isinstance(value, enum.Enum) or (type(value) is str and value in type_.enums)


def _keeps_decimal(value: Any, type_: Any, name: str) -> bool:
    if name == "sqlite" or type(value) is not decimal.Decimal or not value.is_finite():
        return False
    if type_.scale is None and name == "postgresql" and type_.precision is None:
        return True
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= (type_.scale or 0)


def _keeps_float(value: Any, type_: Any, name: str) -> bool:
    return name == "sqlite" and type(value) is float and math.isfinite(value)


def _keeps_date(value: Any, type_: Any, name: str) -> bool:
    return type(value) is datetime.date


def _keeps_datetime(value: Any, type_: Any, name: str) -> bool:
    if type(value) is not datetime.datetime or (type(type_) is types.TIMESTAMP and name in _MYSQL):
        return False
    if value.tzinfo is not None:
        return name == "postgresql" and bool(type_.timezone)
    return not type_.timezone and (name not in _MYSQL or value.microsecond == 0)


def _keeps_time(value: Any, type_: Any, name: str) -> bool:
    return (
        type(value) is datetime.time
        and value.tzinfo is None
        and not type_.timezone
        and (name not in _MYSQL or value.microsecond == 0)
    )


def _keeps_bytes(value: Any, type_: Any, name: str) -> bool:
    return type(value) is bytes


def _keeps_uuid(value: Any, type_: Any, name: str) -> bool:
    return type(value) is uuid.UUID


_KEPT: dict[type[Any], Callable[[Any, Any, str], bool]] = {
    **dict.fromkeys(_TEXTS, _keeps_text),
    **dict.fromkeys(_NUMERICS, _keeps_decimal),
    **dict.fromkeys(_FLOATS, _keeps_float),
    **dict.fromkeys(_DATETIMES, _keeps_datetime),
    **dict.fromkeys(_TIMES, _keeps_time),
    **dict.fromkeys(_BINARIES, _keeps_bytes),
    types.Boolean: _keeps_boolean,
    types.BOOLEAN: _keeps_boolean,
    types.Enum: _keeps_member,
    types.Date: _keeps_date,
    types.DATE: _keeps_date,
    types.Uuid: _keeps_uuid,
}

_ORDERED = frozenset({int, float, decimal.Decimal, datetime.date, datetime.datetime, datetime.time, bytes})
_EQUAL = frozenset({*_ORDERED, bool, uuid.UUID})
_NUMBERS = frozenset({int, decimal.Decimal})


def compare(operator: Any, left: Any, right: Any, name: str) -> Any:
    """
    Return what a database finds when it compares two values, both kept and none NULL.

    Args:
        operator: One of ``==``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, from `operator`.
        name: The dialect's.
    """
    kind = type(left)
    is_equality = operator in (py.eq, py.ne)
    if kind is not type(right):
        both_numbers = kind in _NUMBERS and type(right) in _NUMBERS and name != "sqlite"
        return operator(left, right) if both_numbers else UNSURE
    if kind is str:
        return _compare_text(operator, left, right, name)
    if issubclass(kind, enum.Enum):
        return operator(left, right) if is_equality else UNSURE
    if kind in (datetime.datetime, datetime.time) and (left.tzinfo is None) != (right.tzinfo is None):
        return UNSURE
    return operator(left, right) if kind in (_EQUAL if is_equality else _ORDERED) else UNSURE


def _compare_text(operator: Any, left: str, right: str, name: str) -> Any:
    if left == right or name == "sqlite":
        return operator(left, right)
    if operator not in (py.eq, py.ne):
        return UNSURE
    if name in _MYSQL and not are_surely_different(left, right):
        return UNSURE
    return operator(left, right)


def are_surely_different(left: str, right: str) -> bool:
    """
    Tell whether no collation finds two texts equal: they differ in more than case and trailing blanks.

    Said of ASCII letters and digits only: of anything else some collation thinks nothing.
    """
    one, two = left.rstrip(" "), right.rstrip(" ")
    plain = (one + two).replace(" ", "")
    return plain.isascii() and (plain.isalnum() or not plain) and one.lower() != two.lower()
