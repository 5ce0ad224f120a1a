"""
Dates and times of MySQL and MariaDB.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar.types import OperatorClass


class _WithFraction:
    """
    What the types with a fraction of seconds have in common.
    """

    fsp: int | None


class TIME(_WithFraction, sqltypes.TIME):
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


class TIMESTAMP(_WithFraction, sqltypes.TIMESTAMP):
    """
    A point in time.

    Args:
        fsp: Digits of the fraction of the second.
    """

    __visit_name__ = "TIMESTAMP"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.fsp = fsp


class DATETIME(_WithFraction, sqltypes.DATETIME):
    """
    Date and time.

    Args:
        fsp: Digits of the fraction of the second.
    """

    __visit_name__ = "DATETIME"

    def __init__(self, timezone: bool = False, fsp: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.fsp = fsp


class YEAR(sqltypes.TypeEngine[int]):
    """
    A year.
    """

    __visit_name__ = "YEAR"

    operator_classes = OperatorClass.INTEGER

    literal_processor: Any = sqltypes.Integer.literal_processor

    def __init__(self, display_width: int | None = None) -> None:
        self.display_width = display_width
