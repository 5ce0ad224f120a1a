"""
Intervals as the server writes them, for drivers that read them wrong or not at all.

Source: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

__all__ = ["IntervalParts", "parse_interval"]

_INTERVAL = re.compile(
    r"(?:([+-]?\d+) years? ?)?(?:([+-]?\d+) mons? ?)?(?:([+-]?\d+) days? ?)?"
    r"(?:([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?"
)


class IntervalParts(NamedTuple):
    """
    What the server keeps apart: months, days and the rest have no fixed relation.
    """

    months: int
    days: int
    time: dt.timedelta


def parse_interval(text: str) -> IntervalParts | None:
    """
    Return the parts of an interval in the style ``postgres``; None if it has another.

    >>> parse_interval("1 mon -2 days -00:00:05.5")
    IntervalParts(months=1, days=-2, time=datetime.timedelta(days=-1, seconds=86394, microseconds=500000))
    """
    found = _INTERVAL.fullmatch(text)
    if found is None or not text:
        return None
    years, months, days, sign, hours, minutes, seconds, fraction = found.groups(default="")
    time = dt.timedelta(
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int(fraction.ljust(6, "0")),
    )
    return IntervalParts(
        12 * int(years or 0) + int(months or 0), int(days or 0), -time if sign == "-" else time
    )
