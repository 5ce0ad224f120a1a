"""
Ranges and multiranges as the server writes and reads them.

Source: https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from relvar.dialects.postgresql.range_value import Range

__all__ = ["multirange_text", "parse_multirange", "range_text"]

_BOUND_OF: dict[str, Callable[[str], Any]] = {
    "INT4MULTIRANGE": int,
    "INT8MULTIRANGE": int,
    "NUMMULTIRANGE": Decimal,
    "DATEMULTIRANGE": dt.date.fromisoformat,
    "TSMULTIRANGE": dt.datetime.fromisoformat,
    "TSTZMULTIRANGE": dt.datetime.fromisoformat,
}

_BOUND = r'"(?:[^"\\]|\\.|"")*"|[^",\[\]()]*'
_RANGE = re.compile(rf"([\[(])({_BOUND}),({_BOUND})([\])])", re.S)


def range_text(value: Range[Any]) -> str:
    """
    Return a range as the server reads it.

    >>> range_text(Range(1, None))
    '["1",)'
    """
    if value.empty:
        return "empty"
    return f"{value.bounds[0]}{_bound_text(value.lower)},{_bound_text(value.upper)}{value.bounds[1]}"


def _bound_text(bound: Any) -> str:
    if bound is None:
        return ""
    text = str(bound).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def multirange_text(values: Iterable[Range[Any]]) -> str:
    """
    Return a multirange as the server reads it.
    """
    return f"{{{','.join(map(range_text, values))}}}"


def parse_multirange(text: str, type_name: str) -> list[Range[Any]]:
    """
    Return the ranges that the server wrote, in the ISO style of dates.

    Args:
        type_name: The type, as ``"INT4MULTIRANGE"``; bounds of another type stay text.

    >>> parse_multirange("{[1,3),[5,)}", "INT4MULTIRANGE")
    [Range(lower=1, upper=3, bounds='[)', empty=False), Range(lower=5, upper=None, bounds='[)', empty=False)]
    """
    convert = _BOUND_OF.get(type_name, str)

    def bound(spelled: str) -> Any:
        if not spelled:
            return None
        if spelled[0] == '"':
            spelled = re.sub(r'\\(.)|"(")', r"\1\2", spelled[1:-1], flags=re.S)
        return convert(spelled)

    return [
        Range(bound(lower), bound(upper), bounds=f"{opening}{closing}")  # type: ignore[arg-type]  # "[)", "()"
        for opening, lower, upper, closing in _RANGE.findall(text)
    ]
