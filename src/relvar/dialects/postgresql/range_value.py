"""
Ranges as Python values: `Range` and `MultiRange`.

Each end of a range is a *cut* between two values: before or after its bound.  All questions
about ranges are comparisons of cuts.  Where values are discrete (``int``, ``date``), the cut
after one value is the cut before the next, as in PostgreSQL.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from typing import Any, Generic, Literal, TypeVar

__all__ = ["MultiRange", "Range"]

_T = TypeVar("_T", bound=Any)

_Bounds = Literal["()", "[)", "(]", "[]"]
_BOUNDS = ("()", "[)", "(]", "[]")
_DAY = dt.timedelta(days=1)

# (side of infinity, bound, 0 before it or 1 after it); the bound is only looked at between finite cuts
_Cut = tuple[Any, ...]
_START: _Cut = (-1,)
_END: _Cut = (1,)


@dataclasses.dataclass(frozen=True, eq=False)
class Range(Generic[_T]):
    """
    A range of values.

    Args:
        lower, upper: The bounds; None for none.
        bounds: Whether each bound belongs to the range: ``[`` and ``]`` say yes.
        empty: It holds no value at all.

    Raises:
        ValueError: other *bounds*.

    >>> week = Range(1, 8)
    >>> 7 in week, 8 in week, week.overlaps(Range(7, 9)), week * Range(5, None), str(week)
    (True, False, True, Range(lower=5, upper=8, bounds='[)', empty=False), '[1,8)')
    """

    lower: _T | None = None
    upper: _T | None = None
    _: dataclasses.KW_ONLY
    bounds: _Bounds = "[)"
    empty: bool = False

    def __post_init__(self) -> None:
        if self.bounds not in _BOUNDS:
            raise ValueError(f"bounds must be one of {', '.join(map(repr, _BOUNDS))}, not {self.bounds!r}")

    @property
    def __sa_type_engine__(self) -> Any:
        return _type_of_single

    def __setstate__(self, saved: Any) -> None:
        # SQLAlchemy pickles a list, in the order of the fields
        named = saved if isinstance(saved, dict) else dict(zip(("lower", "upper", "bounds", "empty"), saved))
        vars(self).update(named)

    # ------------------------------------------------------------------ bounds

    @property
    def lower_inc(self) -> bool:
        """
        Whether the lower bound belongs to the range.
        """
        return self.bounds[0] == "["

    @property
    def upper_inc(self) -> bool:
        """
        Whether the upper bound belongs to the range.
        """
        return self.bounds[1] == "]"

    @property
    def lower_inf(self) -> bool:
        """
        Whether there is no lower bound.
        """
        return not self.empty and self.lower is None

    @property
    def upper_inf(self) -> bool:
        """
        Whether there is no upper bound.
        """
        return not self.empty and self.upper is None

    @property
    def is_empty(self) -> bool:
        """
        Whether no value is in the range.
        """
        start, end = self._cuts()
        return not start < end

    @property
    def isempty(self) -> bool:
        """
        The same as `is_empty`.
        """
        return self.is_empty

    def _cuts(self) -> tuple[_Cut, _Cut]:
        """
        Return where the range starts and ends.
        """
        if self.empty:
            return _END, _START
        lower, upper = self.lower, self.upper
        discrete = all(bound is None or _is_discrete(bound) for bound in (lower, upper))
        start = _START if lower is None else _cut(lower, not self.lower_inc, discrete)
        end = _END if upper is None else _cut(upper, self.upper_inc, discrete)
        return start, end

    # --------------------------------------------------------------- questions

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Range):
            return NotImplemented
        if self.is_empty or other.is_empty:
            return self.is_empty and other.is_empty
        return self._cuts() == other._cuts()

    def __hash__(self) -> int:
        return hash(None if self.is_empty else self._cuts())

    def __bool__(self) -> bool:
        return not self.is_empty

    def contains(self, value: _T | Range[_T]) -> bool:
        """
        Tell whether *value*, or each value of a range, is in this range.
        """
        start, end = self._cuts()
        if isinstance(value, Range):
            other_start, other_end = value._cuts()
            return value.is_empty or (start <= other_start and other_end <= end)
        if self.empty:
            return False
        above = self.lower is None or (value >= self.lower if self.lower_inc else value > self.lower)
        return above and (
            self.upper is None or (value <= self.upper if self.upper_inc else value < self.upper)
        )

    __contains__ = contains

    def contained_by(self, other: Range[_T]) -> bool:
        """
        Tell whether each value of this range is in *other*.
        """
        return other.contains(self)

    def overlaps(self, other: Range[_T]) -> bool:
        """
        Tell whether there is a value in both.
        """
        if self.is_empty or other.is_empty:
            return False
        start, end = self._cuts()
        other_start, other_end = other._cuts()
        return start < other_end and other_start < end

    def strictly_left_of(self, other: Range[_T]) -> bool:
        """
        Tell whether each value is smaller than all of *other*.
        """
        if self.is_empty or other.is_empty:
            return False
        return self._cuts()[1] <= other._cuts()[0]

    __lshift__ = strictly_left_of

    def strictly_right_of(self, other: Range[_T]) -> bool:
        """
        Tell whether each value is greater than all of *other*.
        """
        return other.strictly_left_of(self)

    __rshift__ = strictly_right_of

    def not_extend_left_of(self, other: Range[_T]) -> bool:
        """
        Tell whether no value is smaller than all of *other*.
        """
        if self.is_empty or other.is_empty:
            return False
        return other._cuts()[0] <= self._cuts()[0]

    def not_extend_right_of(self, other: Range[_T]) -> bool:
        """
        Tell whether no value is greater than all of *other*.
        """
        if self.is_empty or other.is_empty:
            return False
        return self._cuts()[1] <= other._cuts()[1]

    def adjacent_to(self, other: Range[_T]) -> bool:
        """
        Tell whether there is nothing between the two, and nothing in both.
        """
        if self.is_empty or other.is_empty:
            return False
        start, end = self._cuts()
        other_start, other_end = other._cuts()
        return end == other_start or other_end == start

    # -------------------------------------------------------------- arithmetic

    def union(self, other: Range[_T]) -> Range[_T]:
        """
        Return the range of all values of both.

        Raises:
            ValueError: there is something between them.
        """
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        if not self.overlaps(other) and not self.adjacent_to(other):
            raise ValueError("Adding non-overlapping and non-adjacent ranges is not implemented")
        first = self if self._cuts()[0] < other._cuts()[0] else other
        last = self if self._cuts()[1] > other._cuts()[1] else other
        return _between(first.lower, first.bounds[0], last.upper, last.bounds[1])

    __add__ = union

    def difference(self, other: Range[_T]) -> Range[_T]:
        """
        Return the range of the values that are not in *other*.

        Raises:
            ValueError: *other* lies inside, and would leave two ranges.
        """
        if not self.overlaps(other):
            return self
        start, end = self._cuts()
        other_start, other_end = other._cuts()
        if other_start <= start and end <= other_end:
            return Range(None, None, empty=True)
        if start < other_start and other_end < end:
            raise ValueError("Subtracting a strictly inner range is not implemented")
        if other_start <= start:
            return _between(other.upper, "(" if other.upper_inc else "[", self.upper, self.bounds[1])
        return _between(self.lower, self.bounds[0], other.lower, ")" if other.lower_inc else "]")

    __sub__ = difference

    def intersection(self, other: Range[_T]) -> Range[_T]:
        """
        Return the range of the values in both.
        """
        if not self.overlaps(other):
            return Range(None, None, empty=True)
        first = self if self._cuts()[0] >= other._cuts()[0] else other
        last = self if self._cuts()[1] <= other._cuts()[1] else other
        return _between(first.lower, first.bounds[0], last.upper, last.bounds[1])

    __mul__ = intersection

    # -------------------------------------------------------------------- text

    def __str__(self) -> str:
        if self.empty:
            return "empty"
        lower = "" if self.lower is None else self.lower
        upper = "" if self.upper is None else self.upper
        return f"{self.bounds[0]}{lower},{upper}{self.bounds[1]}"


class MultiRange(list[Range[_T]]):
    """
    Several ranges, the value of a multirange column.
    """

    __slots__ = ()

    @property
    def __sa_type_engine__(self) -> Any:
        return _type_of_multi


# What a plain value's SQL type is taken from; the types register theirs.
_type_of_single: Any = None
_type_of_multi: Any = None


def register_types(single: Any, multi: Any) -> None:
    """
    Say which types stand for ranges and multiranges in ``literal()`` and comparisons.
    """
    global _type_of_single, _type_of_multi
    _type_of_single, _type_of_multi = single, multi


def _is_discrete(bound: Any) -> bool:
    return isinstance(bound, int) or (isinstance(bound, dt.date) and not isinstance(bound, dt.datetime))


def _cut(bound: Any, after: bool, discrete: bool) -> _Cut:
    if after and discrete:
        try:
            return (0, bound + (1 if isinstance(bound, int) else _DAY), False)
        except OverflowError:
            # nothing comes after the last date
            pass
    return (0, bound, after)


def _between(lower: Any, opening: str, upper: Any, closing: str) -> Range[Any]:
    bounds: Any = opening + closing
    return Range(lower, upper, bounds=bounds)


def kind_of(value: Range[Any]) -> str | None:
    """
    Return the family of a range's values: ``int4``, ``int8``, ``num``, ``date``, ``ts`` or ``tstz``.
    """
    bounds = [bound for bound in (value.lower, value.upper) if bound is not None]
    if not bounds:
        return None
    if all(isinstance(bound, int) for bound in bounds):
        return "int4" if all(bound.bit_length() < 32 for bound in bounds) else "int8"
    first = bounds[0]
    if isinstance(first, (int, float, decimal.Decimal)):
        return "num"
    if isinstance(first, dt.datetime):
        return "ts" if first.tzinfo is None else "tstz"
    return "date" if isinstance(first, dt.date) else None
