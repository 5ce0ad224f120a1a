"""
The types of ranges and multiranges.

Values go to the server as text (``[1,5)``), which every driver can send, or as the
driver's own ranges where the dialect makes such (``_range_maker``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from relvar import types as sqltypes
from relvar.dialects.postgresql.operators import (
    ADJACENT_TO,
    CONTAINED_BY,
    CONTAINS,
    NOT_EXTEND_LEFT_OF,
    NOT_EXTEND_RIGHT_OF,
    OVERLAP,
    STRICTLY_LEFT_OF,
    STRICTLY_RIGHT_OF,
)
from relvar.dialects.postgresql.range_text import multirange_text, parse_multirange, range_text
from relvar.dialects.postgresql.range_value import MultiRange, Range, kind_of, register_types
from relvar.expr import operators as op
from relvar.expr.comparator import Comparator
from relvar.types import BOOLEANTYPE, NULLTYPE, OperatorClass

__all__ = [
    "DATEMULTIRANGE",
    "DATERANGE",
    "INT4MULTIRANGE",
    "INT4RANGE",
    "INT8MULTIRANGE",
    "INT8RANGE",
    "NUMMULTIRANGE",
    "NUMRANGE",
    "TSMULTIRANGE",
    "TSRANGE",
    "TSTZMULTIRANGE",
    "TSTZRANGE",
    "AbstractMultiRange",
    "AbstractRange",
    "AbstractSingleRange",
    "MultiRange",
    "Range",
]

_T = TypeVar("_T", bound=Any)
_V = TypeVar("_V", bound=Any)


class _RangeComparator(Comparator[Any]):
    """
    The operators of ranges.
    """

    __slots__ = ()

    def contains(self, other: Any, **kw: Any) -> Any:
        """
        ``@>``: *other*, a value or a range, is in the range.
        """
        return self.operate(CONTAINS, other, result_type=BOOLEANTYPE)

    def contained_by(self, other: Any) -> Any:
        """
        ``<@``: the range is in *other*.
        """
        return self.operate(CONTAINED_BY, other, result_type=BOOLEANTYPE)

    def overlaps(self, other: Any) -> Any:
        """
        ``&&``: there is a value in both.
        """
        return self.operate(OVERLAP, other, result_type=BOOLEANTYPE)

    def strictly_left_of(self, other: Any) -> Any:
        """
        ``<<``: each value is smaller than all of *other*.
        """
        return self.operate(STRICTLY_LEFT_OF, other, result_type=BOOLEANTYPE)

    __lshift__ = strictly_left_of

    def strictly_right_of(self, other: Any) -> Any:
        """
        ``>>``: each value is greater than all of *other*.
        """
        return self.operate(STRICTLY_RIGHT_OF, other, result_type=BOOLEANTYPE)

    __rshift__ = strictly_right_of

    def not_extend_right_of(self, other: Any) -> Any:
        """
        ``&<``: no value is greater than all of *other*.
        """
        return self.operate(NOT_EXTEND_RIGHT_OF, other, result_type=BOOLEANTYPE)

    def not_extend_left_of(self, other: Any) -> Any:
        """
        ``&>``: no value is smaller than all of *other*.
        """
        return self.operate(NOT_EXTEND_LEFT_OF, other, result_type=BOOLEANTYPE)

    def adjacent_to(self, other: Any) -> Any:
        """
        ``-|-``: there is nothing between the two.
        """
        return self.operate(ADJACENT_TO, other, result_type=BOOLEANTYPE)

    def union(self, other: Any) -> Any:
        """
        ``+``: the values of both.
        """
        return self.operate(op.add, other)

    def difference(self, other: Any) -> Any:
        """
        ``-``: the values that are not in *other*.
        """
        return self.operate(op.sub, other)

    def intersection(self, other: Any) -> Any:
        """
        ``*``: the values in both.
        """
        return self.operate(op.mul, other)


_RangeComparator.__name__ = "comparator_factory"  # which messages show


class AbstractRange(sqltypes.TypeEngine[_V]):
    """
    Base of range and multirange types.
    """

    render_bind_cast = True
    operator_classes = OperatorClass.NUMERIC

    Comparator = _RangeComparator
    comparator_factory = _RangeComparator

    @staticmethod
    def _to_text(value: Any) -> Any:
        """
        Return a value as the server reads it; what is no range stays as it is.
        """
        raise NotImplementedError

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """
        Render the text with a cast.
        """
        to_text = self._to_text
        string = sqltypes.STRINGTYPE.literal_processor(dialect)
        assert string is not None

        def process(value: Any) -> str:
            return f"{string(to_text(value))}::{self.__visit_name__}"

        return process


class AbstractSingleRange(AbstractRange[Range[_T]]):
    """
    Base of the range types; also the type of a `Range` of which no more is known.
    """

    __visit_name__ = "ABSTRACT_RANGE"

    def _resolve_for_literal(self, value: Any) -> sqltypes.TypeEngine[Any]:
        return _SINGLE.get(kind_of(value), NULLTYPE)

    @staticmethod
    def _to_text(value: Any) -> Any:
        return range_text(value) if isinstance(value, Range) else value

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        make = _makers(dialect, self.__visit_name__)[0]
        if make is None:
            return self._to_text
        to_driver = make

        def process(value: Any) -> Any:
            return to_driver(value) if isinstance(value, Range) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            return None if value is None else _from_driver(value)

        return process


class AbstractMultiRange(AbstractRange[Sequence[Range[_T]]]):
    """
    Base of the multirange types; also the type of a `MultiRange` of which no more is known.
    """

    __visit_name__ = "ABSTRACT_MULTIRANGE"

    def _resolve_for_literal(self, value: Any) -> sqltypes.TypeEngine[Any]:
        kinds = [kind for kind in map(kind_of, value) if kind is not None]
        if not kinds:
            return NULLTYPE
        return _MULTI["int8" if "int8" in kinds else kinds[0]]

    @staticmethod
    def _to_text(value: Any) -> Any:
        if isinstance(value, Range):
            value = (value,)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return multirange_text(value)
        return value

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        make, gather = _makers(dialect, self.__visit_name__)
        if make is None or gather is None:
            return self._to_text
        to_driver, to_multirange = make, gather

        def process(value: Any) -> Any:
            if isinstance(value, Range):
                value = (value,)
            if isinstance(value, Sequence) and not isinstance(value, str):
                return to_multirange([to_driver(item) for item in value])
            return value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        name = self.__visit_name__

        def process(value: Any) -> Any:
            if value is None:
                return None
            # a driver that does not know the type leaves the text
            return MultiRange(
                parse_multirange(value, name) if isinstance(value, str) else map(_from_driver, value)
            )

        return process


_Make = Callable[[Any], Any]


def _makers(dialect: Any, type_name: str) -> tuple[_Make | None, _Make | None]:
    """
    Return what makes a driver's range, and its multirange of such ranges; None: text is sent.
    """
    makers = getattr(dialect, "_range_makers", None)
    return (None, None) if makers is None else makers(type_name)


def _from_driver(value: Any) -> Range[Any]:
    """
    Return a driver's range as ours.
    """
    if isinstance(value, Range):
        return value
    # libpq's drivers agree on the names of its parts, pg8000 has others
    is_empty = value.isempty if hasattr(value, "isempty") else value.is_empty
    if is_empty:
        return Range(None, None, empty=True)
    bounds: Any = getattr(value, "bounds", None) or (
        ("[" if value.lower_inc else "(") + ("]" if value.upper_inc else ")")
    )
    return Range(value.lower, value.upper, bounds=bounds)


class INT4RANGE(AbstractSingleRange[int]):
    """
    A range of integers.
    """

    __visit_name__ = "INT4RANGE"


class INT8RANGE(AbstractSingleRange[int]):
    """
    A range of big integers.
    """

    __visit_name__ = "INT8RANGE"


class NUMRANGE(AbstractSingleRange[Decimal]):
    """
    A range of exact numbers.
    """

    __visit_name__ = "NUMRANGE"


class DATERANGE(AbstractSingleRange[date]):
    """
    A range of dates.
    """

    __visit_name__ = "DATERANGE"


class TSRANGE(AbstractSingleRange[datetime]):
    """
    A range of timestamps without time zone.
    """

    __visit_name__ = "TSRANGE"


class TSTZRANGE(AbstractSingleRange[datetime]):
    """
    A range of timestamps with time zone.
    """

    __visit_name__ = "TSTZRANGE"


class INT4MULTIRANGE(AbstractMultiRange[int]):
    """
    Ranges of integers.
    """

    __visit_name__ = "INT4MULTIRANGE"


class INT8MULTIRANGE(AbstractMultiRange[int]):
    """
    Ranges of big integers.
    """

    __visit_name__ = "INT8MULTIRANGE"


class NUMMULTIRANGE(AbstractMultiRange[Decimal]):
    """
    Ranges of exact numbers.
    """

    __visit_name__ = "NUMMULTIRANGE"


class DATEMULTIRANGE(AbstractMultiRange[date]):
    """
    Ranges of dates.
    """

    __visit_name__ = "DATEMULTIRANGE"


class TSMULTIRANGE(AbstractMultiRange[datetime]):
    """
    Ranges of timestamps without time zone.
    """

    __visit_name__ = "TSMULTIRANGE"


class TSTZMULTIRANGE(AbstractMultiRange[datetime]):
    """
    Ranges of timestamps with time zone.
    """

    __visit_name__ = "TSTZMULTIRANGE"


_SINGLE: dict[str | None, sqltypes.TypeEngine[Any]] = {
    "int4": INT4RANGE(),
    "int8": INT8RANGE(),
    "num": NUMRANGE(),
    "date": DATERANGE(),
    "ts": TSRANGE(),
    "tstz": TSTZRANGE(),
}
_MULTI: dict[str | None, sqltypes.TypeEngine[Any]] = {
    "int4": INT4MULTIRANGE(),
    "int8": INT8MULTIRANGE(),
    "num": NUMMULTIRANGE(),
    "date": DATEMULTIRANGE(),
    "ts": TSMULTIRANGE(),
    "tstz": TSTZMULTIRANGE(),
}

register_types(AbstractSingleRange(), AbstractMultiRange())
