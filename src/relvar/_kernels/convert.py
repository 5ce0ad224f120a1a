"""
Convert what drivers return: text to dates, Decimal, JSON, UUID.

Every function takes one value and lets ``None`` through.  The C forms parse
the common spelling themselves and leave the rest to the standard library, so
the answers are the same in both modes.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import datetime as _dt
import json as _json
from decimal import Decimal as _Decimal
from typing import Any
from uuid import UUID as _UUID
from uuid import SafeUUID

if cython.compiled:
    from cython.cimports.cpython.datetime import (
        date_new,
        datetime_day,
        datetime_hour,
        datetime_microsecond,
        datetime_minute,
        datetime_month,
        datetime_new,
        datetime_second,
        datetime_year,
        import_datetime,
        time_new,
    )
    from cython.cimports.cpython.unicode import PyUnicode_AsUTF8AndSize, PyUnicode_DecodeASCII
    from cython.cimports.libc.math import signbit

    import_datetime()

_date = _dt.date
_datetime = _dt.datetime
_datetime_from_iso = _dt.datetime.fromisoformat
_date_from_iso = _dt.date.fromisoformat
_time_from_iso = _dt.time.fromisoformat
_json_loads = _json.loads
_scan_json = _json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in the stubs
_UNKNOWN_SAFETY = SafeUUID.unknown
_new_object = object.__new__
_set_attribute = object.__setattr__


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _digits(text: cython.p_char, count: cython.int) -> cython.int:
    """
    Return the number that *count* ASCII digits spell, -1 if one is none.
    """
    number: cython.int = 0
    index: cython.int
    digit: cython.int
    for index in range(count):
        digit = cython.cast(cython.int, text[index]) - 48
        if digit < 0 or digit > 9:
            return -1
        number = number * 10 + digit
    return number


@cython.cfunc
@cython.exceptval(check=False)
def _fraction(text: cython.p_char, size: cython.Py_ssize_t) -> cython.int:
    """
    Return microseconds from ``""`` or ``.ffffff``, -1 for any other spelling.
    """
    if size == 0:
        return 0
    if size == 7 and text[0] == b"."[0]:
        return _digits(text + 1, 6)
    return -1


if cython.compiled:

    @cython.cfunc
    @cython.exceptval(check=False)
    def _spell(text: cython.p_char, number: cython.int, count: cython.int, end: cython.char) -> cython.p_char:
        """
        Write *number* with *count* digits, and *end*; return the place behind it.
        """
        index: cython.int
        for index in range(count - 1, -1, -1):
            text[index] = cython.cast(cython.char, 48 + number % 10)
            number = number // 10
        text[count] = end
        return text + count + 1

    @cython.cfunc
    def _spelled(value: object) -> object:
        """
        Do what ``isoformat`` does, which has the C library's ``printf`` do it: eight times dearer.
        """
        buffer = cython.declare(cython.char[27])
        text: cython.p_char = buffer
        text = _spell(text, datetime_year(value), 4, b"-"[0])
        text = _spell(text, datetime_month(value), 2, b"-"[0])
        text = _spell(text, datetime_day(value), 2, b" "[0])
        text = _spell(text, datetime_hour(value), 2, b":"[0])
        text = _spell(text, datetime_minute(value), 2, b":"[0])
        text = _spell(text, datetime_second(value), 2, b"."[0])
        _spell(text, datetime_microsecond(value), 6, 0)
        return PyUnicode_DecodeASCII(buffer, 26, cython.NULL)


def datetime_to_str(value: Any) -> Any:
    """
    Return ``YYYY-MM-DD HH:MM:SS.ffffff`` of a ``datetime`` or ``date``; a time zone is left out.

    Raises:
        TypeError: it is neither.
    """
    if value is None:
        return None
    if cython.compiled and type(value) is _datetime:
        return _spelled(value)
    if type(value) is not _datetime and not isinstance(value, _datetime):
        if not isinstance(value, _date):
            raise TypeError("SQLite DateTime type only accepts Python datetime and date objects as input.")
        value = _datetime(value.year, value.month, value.day)
    if value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    return value.isoformat(" ", "microseconds")


def str_to_datetime(value: Any) -> Any:
    """
    Return a ``datetime`` from ``YYYY-MM-DD HH:MM:SS[.ffffff]`` or other ISO 8601.

    Raises:
        ValueError: it is not a date and time.
    """
    if value is None:
        return None
    if cython.compiled:
        if type(value) is str:
            size: cython.Py_ssize_t = 0
            text: cython.p_char = cython.cast(
                cython.p_char, PyUnicode_AsUTF8AndSize(value, cython.address(size))
            )
            if (
                size >= 19
                and text[4] == b"-"[0]
                and text[7] == b"-"[0]
                and text[13] == b":"[0]
                and text[16] == b":"[0]
            ):
                separator: cython.int = text[10]
                year: cython.int = _digits(text, 4)
                month: cython.int = _digits(text + 5, 2)
                day: cython.int = _digits(text + 8, 2)
                hour: cython.int = _digits(text + 11, 2)
                minute: cython.int = _digits(text + 14, 2)
                second: cython.int = _digits(text + 17, 2)
                micro: cython.int = _fraction(text + 19, size - 19)
                if (
                    (separator == 32 or separator == 84)
                    and year > 0
                    and month > 0
                    and day > 0
                    and hour >= 0
                    and minute >= 0
                    and second >= 0
                    and micro >= 0
                ):
                    return datetime_new(year, month, day, hour, minute, second, micro, None)
    return _datetime_from_iso(value)


def str_to_date(value: Any) -> Any:
    """
    Return a ``date`` from ``YYYY-MM-DD`` or other ISO 8601.

    Raises:
        ValueError: it is not a date.
    """
    if value is None:
        return None
    if cython.compiled:
        if type(value) is str:
            size: cython.Py_ssize_t = 0
            text: cython.p_char = cython.cast(
                cython.p_char, PyUnicode_AsUTF8AndSize(value, cython.address(size))
            )
            if size == 10 and text[4] == b"-"[0] and text[7] == b"-"[0]:
                year: cython.int = _digits(text, 4)
                month: cython.int = _digits(text + 5, 2)
                day: cython.int = _digits(text + 8, 2)
                if year > 0 and month > 0 and day > 0:
                    return date_new(year, month, day)
    return _date_from_iso(value)


def str_to_time(value: Any) -> Any:
    """
    Return a ``time`` from ``HH:MM:SS[.ffffff]`` or other ISO 8601.

    Raises:
        ValueError: it is not a time.
    """
    if value is None:
        return None
    if cython.compiled:
        if type(value) is str:
            size: cython.Py_ssize_t = 0
            text: cython.p_char = cython.cast(
                cython.p_char, PyUnicode_AsUTF8AndSize(value, cython.address(size))
            )
            if size >= 8 and text[2] == b":"[0] and text[5] == b":"[0]:
                hour: cython.int = _digits(text, 2)
                minute: cython.int = _digits(text + 3, 2)
                second: cython.int = _digits(text + 6, 2)
                micro: cython.int = _fraction(text + 8, size - 8)
                if hour >= 0 and minute >= 0 and second >= 0 and micro >= 0:
                    return time_new(hour, minute, second, micro, None)
    return _time_from_iso(value)


if cython.compiled:

    @cython.cfunc
    def _fixed(value: cython.double, scale: cython.int, power: cython.double) -> object:
        """
        Return what ``"%.{scale}f" % value`` does, which is ten times dearer.

        Args:
            power: Ten to the power of *scale*, which is 15 at most: then that is exact.

        Returns:
            None, where the product of two floats does not tell how the number is rounded.
        """
        is_negative: cython.bint = signbit(value)
        scaled: cython.double = value * power
        if is_negative:
            scaled = -scaled
        # the error of the product is below .001 up to there; NaN is neither above nor below
        if not scaled < 8796093022208.0:
            return None
        number: cython.longlong = cython.cast(cython.longlong, scaled)
        rest: cython.double = scaled - number
        if rest > 0.498:
            if rest < 0.502:
                return None
            number += 1
        buffer = cython.declare(cython.char[40])
        place: cython.int = 40
        count: cython.int = 0
        while number > 0 or count <= scale:
            if count == scale and scale > 0:
                place -= 1
                buffer[place] = b"."[0]
            place -= 1
            buffer[place] = cython.cast(cython.char, 48 + number % 10)
            number = number // 10
            count += 1
        if is_negative:
            place -= 1
            buffer[place] = b"-"[0]
        text: cython.p_char = buffer
        return PyUnicode_DecodeASCII(text + place, 40 - place, cython.NULL)


@cython.final
@cython.cclass
class _ToDecimal:
    """
    Turn numbers into ``Decimal`` with a fixed number of digits.
    """

    template = cython.declare(str)
    scale = cython.declare(cython.int)
    # ten to the power of it; 0 where that is not to be used
    power = cython.declare(cython.double)

    def __init__(self, scale: int) -> None:
        self.template = f"%.{int(scale)}f"
        self.scale = scale
        self.power = 10.0**scale if 0 <= scale <= 15 else 0.0

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        if cython.compiled and self.power != 0.0 and (type(value) is float or type(value) is int):
            text = _fixed(value, self.scale, self.power)
            if text is not None:
                return _Decimal(text)
        return _Decimal(self.template % value)


def to_decimal_processor(scale: int) -> _ToDecimal:
    """
    Return a converter of numbers to ``Decimal`` with *scale* digits.

    >>> to_decimal_processor(2)(1.5)
    Decimal('1.50')
    """
    return _ToDecimal(scale)


@cython.final
@cython.cclass
class Checked:
    """
    Look at a value before it is processed, and tell what would be lost.

    Args:
        process: The processor, or None.
        check: Says what would be lost of a value that is not None; None if nothing.
        tell: Is told so; may raise.
    """

    process = cython.declare(object)
    check = cython.declare(object)
    tell = cython.declare(object)

    def __init__(self, process: Any, check: Any, tell: Any) -> None:
        self.process = process
        self.check = check
        self.tell = tell

    def __call__(self, value: Any) -> Any:
        if value is not None:
            lost = self.check(value)
            if lost is not None:
                self.tell(lost)
        return value if self.process is None else self.process(value)


@cython.final
@cython.cclass
class CheckedZone:
    """
    As `Checked`, for datetimes and times: only those with a time zone are looked at.
    """

    process = cython.declare(object)
    check = cython.declare(object)
    tell = cython.declare(object)

    def __init__(self, process: Any, check: Any, tell: Any) -> None:
        self.process = process
        self.check = check
        self.tell = tell

    def __call__(self, value: Any) -> Any:
        if value is not None and (type(value) is not _datetime or value.tzinfo is not None):
            lost = self.check(value)
            if lost is not None:
                self.tell(lost)
        return value if self.process is None else self.process(value)


@cython.final
@cython.cclass
class CheckedFloat:
    """
    Make a float, and tell if it is NaN or has not the digits of a ``Decimal``.

    Args:
        scale: How many digits after the point are read back.
        is_declared: Whether further ones do not count.
        nan: What is told of NaN.
        digits: What is told of too many digits.
        tell: Is told so; may raise.
    """

    limit = cython.declare(cython.double)
    template = cython.declare(str)
    tolerance = cython.declare(object)
    nan = cython.declare(object)
    digits = cython.declare(object)
    tell = cython.declare(object)

    def __init__(self, scale: int, is_declared: bool, nan: str, digits: str, tell: Any) -> None:
        # a float has fifteen digits whatever they are
        self.limit = 10.0 ** (15 - scale) if is_declared else 0.0
        self.template = f"%.{int(scale)}f"
        self.tolerance = _Decimal(5).scaleb(-scale - 1) if is_declared else 0
        self.nan = nan
        self.digits = digits
        self.tell = tell

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        number: cython.double = float(value)
        if number != number:
            self.tell(self.nan)
        elif (number >= self.limit or number <= -self.limit) and isinstance(value, _Decimal):
            if value.is_finite() and abs(_Decimal(self.template % number) - value) > self.tolerance:
                self.tell(self.digits)
        return number


def to_float(value: Any) -> Any:
    """
    Return *value* as a ``float``.
    """
    return None if value is None else float(value)


def to_str(value: Any) -> Any:
    """
    Return *value* as a ``str``.
    """
    return None if value is None else str(value)


def int_to_boolean(value: Any) -> Any:
    """
    Return *value* as a ``bool``.
    """
    if value is None:
        return None
    return True if value else False


def json_loads(value: Any) -> Any:
    """
    Return the document that JSON text (or bytes) spells.

    Goes to the scanner directly: the standard entry spends more time on white
    space around the document, and on finding out which encoding bytes are in,
    than on small documents.
    """
    if value is None:
        return None
    # UTF-8 without a mark at its start is what has ASCII there, and zeros nowhere
    if type(value) is bytes and value[:1] < b"\x80" and b"\0" not in value:
        value = value.decode("utf-8", "surrogatepass")
    if type(value) is str and value:
        try:
            document, end = _scan_json(value, 0)
        except StopIteration:
            return _json_loads(value)
        if end == len(value):
            return document
    return _json_loads(value)


def str_to_uuid(value: Any) -> Any:
    """
    Return a ``UUID`` from its hex digits, with or without dashes.

    Raises:
        ValueError: it is not a UUID.
    """
    if value is None:
        return None
    if cython.compiled:
        if type(value) is str and len(value) == 32 and value.isascii() and value.isalnum():
            made = _new_object(_UUID)
            _set_attribute(made, "int", int(value, 16))
            _set_attribute(made, "is_safe", _UNKNOWN_SAFETY)
            return made
    return _UUID(value)
