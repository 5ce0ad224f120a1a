"""
Values that pg8000 sends or reads in a way of its own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.dialects.postgresql.array import parse_array
from relvar.dialects.postgresql.casting import CAST_COLSPECS, CastInterval
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.interval_text import parse_interval
from relvar.dialects.postgresql.numeric import PGFloat, PGNumeric
from relvar.types.base import BindProcessor, ResultProcessor

__all__ = ["COLSPECS", "read_interval", "read_intervals"]


class _Time(sqltypes.Time):
    """
    Times; the driver leaves those with a time zone as text.
    """

    render_bind_cast = True

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        if not self.timezone:
            return None

        def process(value: Any) -> Any:
            return dt.time.fromisoformat(value) if isinstance(value, str) else value

        return process


class _Boolean(sqltypes.Boolean):
    render_bind_cast = True


class _Numeric(PGNumeric):
    render_bind_cast = True


class _Float(PGFloat):
    render_bind_cast = True

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return convert.to_float


COLSPECS = {  # read-only by convention
    **PGDialect.colspecs,
    **CAST_COLSPECS,
    sqltypes.Numeric: _Numeric,
    sqltypes.Float: _Float,
    sqltypes.Interval: CastInterval,
    sqltypes.Boolean: _Boolean,
    sqltypes.Time: _Time,
}
"Generic type -> what this driver uses for it."


def read_interval(text: str) -> Any:
    """
    Read an interval; the driver (1.31) loses the sign of ``-00:00:05``.

    Returns:
        A timedelta, or the driver's own class where there are months.
    """
    from pg8000.converters import interval_in

    parts = parse_interval(text)
    if parts is not None and not parts.months:
        return parts.time + dt.timedelta(days=parts.days)
    made = interval_in(text)
    if parts is not None and parts.time < dt.timedelta(0):
        made.minutes = made.minutes and -made.minutes
        made.seconds = made.seconds and -made.seconds
    return made


def read_intervals(text: str) -> Any:
    """
    Read an array of intervals.
    """

    def read(item: Any) -> Any:
        if isinstance(item, list):
            return [read(inner) for inner in item]
        return None if item is None else read_interval(item)

    return read(parse_array(text))
