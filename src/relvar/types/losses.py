"""
Values that a column can't hold as they are, where the database says nothing.

Two kinds, found by asking the servers (what each answers: `docs/design/0007-nothing-silent.md`):

1. another meaning: an offset from UTC that is dropped, NaN that becomes NULL, digits of a Decimal beyond
   the column's scale or what a number of the database has.  Told by default.
2. less precision, as the column itself declares: fractions of a second, the time of a ``Date``.  Told to
   who asked for strictness.

Of precision, only values to be stored are looked at, not those compared.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any

from relvar._kernels.convert import Checked, CheckedFloat, CheckedZone, to_float
from relvar.types.enum import Enum
from relvar.types.numeric import Float, Integer, Numeric
from relvar.types.temporal import Date, DateTime, Interval, Time
from relvar.types.text import String

__all__ = ["checked"]

Check = Callable[[Any], str | None]

_MYSQL = ("mysql", "mariadb")
_WITHOUT_ZONES = ("sqlite", *_MYSQL)
_NAN = "NaN becomes NULL; give None if that is meant"
_DIGITS = "SQLite has floating point only, which has fewer digits; keep it as an Integer or as text"
_SHIFTED = (
    "its offset from UTC is lost, as the database keeps none; convert it to UTC, or to a time without zone"
)


def checked(type_: Any, dialect: Any, process: Any, is_stored: bool, tell: Callable[[str], None]) -> Any:
    """
    Return a bind processor that tells what of a value is lost; *process* itself where nothing can be.

    A `TypeDecorator` says itself what becomes of its values: nothing is checked.

    Args:
        process: The processor of the type, or None.
        is_stored: The value is for a column of an INSERT or UPDATE; otherwise it is only compared.
        tell: Is told what is lost; may raise.
    """
    if process is to_float and dialect.name == "sqlite":
        scale: int = type_._effective_decimal_return_scale
        process = CheckedFloat(
            scale, isinstance(type_, Float) or type_.scale is not None, _NAN, _DIGITS, tell
        )
    if isinstance(type_, (DateTime, Time)):
        zone = _of_zones(type_, dialect)
        if zone is not None:
            process = CheckedZone(process, zone, tell)
    check: Check | None = None
    if is_stored:
        check = _of_stored(type_, dialect) if dialect.strict else _of_decimals(type_, dialect)
    return process if check is None else Checked(process, check, tell)


def _of_stored(type_: Any, dialect: Any) -> Check | None:
    """
    Return what says which precision is lost, for a column of a strict engine.
    """
    if isinstance(type_, (DateTime, Time)):
        return _of_fractions(type_, dialect)
    if isinstance(type_, (Numeric, Float)):
        return _of_numbers(type_, dialect)
    if isinstance(type_, Date):
        return _time_of_date
    if isinstance(type_, Integer):
        return _fraction_of_integer
    if isinstance(type_, Enum):
        return _not_among(type_)
    if isinstance(type_, String) and type_.length:
        return _longer_than(type_.length)
    if isinstance(type_, Interval) and dialect.name in _MYSQL and not type_.second_precision:
        return lambda value: _finer(value.microseconds, 0)
    return None


def _of_decimals(type_: Any, dialect: Any) -> Check | None:
    """
    Return what says which digits of a Decimal are lost, for any engine.
    """
    if not isinstance(type_, Numeric) or isinstance(type_, Float):
        return None
    # SQLite's own limit is found with the conversion
    return None if type_.scale is None and dialect.name == "sqlite" else _of_numbers(type_, dialect)


# -- dates and times -----------------------------------------------------------------------------


def _of_zones(type_: Any, dialect: Any) -> Check | None:
    if dialect.name in _WITHOUT_ZONES:
        return _zone_is_lost if dialect.strict else _offset_is_lost
    if dialect.name == "postgresql" and dialect.strict:
        return None if type_.timezone else _zone_is_lost
    return None


def _of_fractions(type_: Any, dialect: Any) -> Check | None:
    if dialect.name in _MYSQL:
        digits: int = getattr(type_.dialect_impl(dialect), "fsp", None) or 0
        return None if digits >= 6 else lambda value: _finer(getattr(value, "microsecond", 0), digits)
    return _zone_is_missing if dialect.name == "postgresql" and type_.timezone else None


def _offset_is_lost(value: Any) -> str | None:
    return _SHIFTED if getattr(value, "tzinfo", None) is not None and value.utcoffset() else None


def _zone_is_lost(value: Any) -> str | None:
    return _SHIFTED if getattr(value, "tzinfo", None) is not None else None


def _zone_is_missing(value: Any) -> str | None:
    if isinstance(value, (dt.datetime, dt.time)) and value.tzinfo is None:
        return "it has no time zone, and the server takes that of the session; give it one"
    return None


def _finer(microseconds: int, digits: int) -> str | None:
    if microseconds % 10 ** (6 - digits):
        return f"the column has {digits} digits of a second; round the value, or give the type more (fsp)"
    return None


def _time_of_date(value: Any) -> str | None:
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return "the time of day is lost; give a date, or make the column a DateTime"
    return None


# -- numbers ----------------------------------------------------------------------------------------


def _of_numbers(type_: Any, dialect: Any) -> Check | None:
    if isinstance(type_, Float):
        visited = type_.dialect_impl(dialect).__visit_name__
        single = dialect.name in _MYSQL and visited in ("float", "FLOAT") and not type_.precision
        return _not_for_single if single else _not_for_double
    scale = type_.scale
    if scale is None:
        scale = {"sqlite": type_._effective_decimal_return_scale, "mysql": 0, "mariadb": 0}.get(dialect.name)
    return None if scale is None else _finer_than(scale)


def _finer_than(scale: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, Decimal) or not value.is_finite():
            return None
        _, digits, exponent = value.as_tuple()
        beyond = -int(exponent) - scale
        if beyond > 0 and any(digits[-beyond:]):
            return f"the column has {scale} digits after the point; round the value first"
        return None

    return check


def _not_for_double(value: Any) -> str | None:
    if isinstance(value, int) and float(value) != value:
        return "so many digits do not fit a Float; use an Integer or a Numeric"
    return None


def _not_for_single(value: Any) -> str | None:
    if isinstance(value, float) and value - value == 0:
        # the server shows six digits of what it keeps
        if abs(value) > 3.4e38 or float(f"{struct.unpack('f', struct.pack('f', value))[0]:.6g}") != value:
            return "FLOAT has six digits; use a Double"
        return None
    return _not_for_double(value)


def _fraction_of_integer(value: Any) -> str | None:
    if isinstance(value, (float, Decimal)) and value != int(value):
        return "the fraction is lost; round the value, or make the column a Numeric"
    return None


# -- text ---------------------------------------------------------------------------------------------


def _not_among(type_: Enum) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, Hashable) and value not in type_._valid_lookup:
            return f"it is none of the values of the enum {type_.name}, and can't be read again"
        return None

    return check


def _longer_than(length: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, str) and len(value) > length:
            return (
                f"the column has {length} characters, the value {len(value)}; shorten one, or widen the other"
            )
        return None

    return check
