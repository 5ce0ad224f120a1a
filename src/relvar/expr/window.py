"""
What follows a function: OVER, FILTER, WITHIN GROUP, ORDER BY of an aggregate.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, overload

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.bind import BindParameter, literal
from relvar.expr.coerce import by_of_item, where_criterion
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.grouping import ClauseList, Grouping
from relvar.expr.node import NODE, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.types import INTEGERTYPE
from relvar.util.convert import is_non_string_iterable
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import Condition, TypedOperators

__all__ = [
    "AggregateOrderBy",
    "FrameClause",
    "FrameClauseType",
    "FunctionFilter",
    "OrderByList",
    "OrderedArguments",
    "Over",
    "WithinGroup",
    "aggregate_order_by",
    "funcfilter",
    "over",
    "within_group",
]

_T = TypeVar("_T", default=Any)
_V = TypeVar("_V")


class OrderByList(ClauseList):
    """
    The elements of an ORDER BY inside of a function.
    """

    __visit_name__ = "order_by_list"
    inherit_cache: bool = True

    def __init__(self, clauses: Any) -> None:
        """
        Make the list of *clauses*: one, or several in a list or other iterable.
        """
        several = is_non_string_iterable(clauses) and not isinstance(clauses, ClauseElement)
        super().__init__(*[by_of_item(each) for each in (clauses if several else (clauses,))])


class FrameClauseType(enum.Enum):
    """
    Kinds of bounds of a window's frame.
    """

    UNBOUNDED = 0
    CURRENT = 1
    PRECEDING = 2
    FOLLOWING = 3


class FrameClause(ClauseElement):
    """
    The frame of a window: its lower and upper bound.
    """

    __visit_name__ = "frame_clause"
    _fields = (
        Field("lower_bind", NODE),
        Field("upper_bind", NODE),
        Field("lower_type", VALUE),
        Field("upper_type", VALUE),
    )

    lower_bind: Any = None
    upper_bind: Any = None

    def __init__(
        self,
        start: Any,
        end: Any,
        start_frame_type: FrameClauseType,
        end_frame_type: FrameClauseType,
        _validate: bool = True,
    ) -> None:
        self.lower_type: FrameClauseType = FrameClauseType(start_frame_type)
        self.upper_type: FrameClauseType = FrameClauseType(end_frame_type)
        for kind, value, name in ((self.lower_type, start, "start"), (self.upper_type, end, "end")):
            needs = kind in (FrameClauseType.PRECEDING, FrameClauseType.FOLLOWING)
            if needs and value is None:
                raise exc.ArgumentError(f"A value is required for {name} with frame type {kind.name}")
            if not needs and value is not None:
                raise exc.ArgumentError(f"Cannot specify a value for {name} with frame type {kind.name}")
        if start is not None:
            self.lower_bind = _bound(start)
        if end is not None:
            self.upper_bind = _bound(end)

    @classmethod
    def _parse(cls, range_: Any, number_of: Callable[[Any], int]) -> FrameClause:
        """
        Return the frame of a pair: None is unbounded, 0 the current row, negative preceding.
        """
        if isinstance(range_, cls):
            return range_
        try:
            first, last = range_
        except (TypeError, ValueError) as err:
            raise exc.ArgumentError("2-tuple expected for range/rows/groups") from err
        lower, upper = _parsed_bound(first, number_of), _parsed_bound(last, number_of)
        return cls(lower[1], upper[1], lower[0], upper[0])


def _bound(value: Any) -> Any:
    if isinstance(value, BindParameter):
        return value
    if isinstance(value, int):
        return BindParameter(None, value, type_=INTEGERTYPE, unique=True)
    return literal(value)


def _row_bound(value: Any) -> int:
    try:
        return int(value)
    except ValueError as err:
        raise exc.ArgumentError("Integer or None expected for values in rows/groups frame") from err


def _range_bound(value: Any) -> int:
    if not isinstance(value, int):
        raise exc.ArgumentError(
            "When using a tuple to specify a range only integer or none values are allowed in the range "
            "frame. To specify a different type use the FrameClause directly."
        )
    return value


def _parsed_bound(value: Any, number_of: Callable[[Any], int]) -> tuple[FrameClauseType, Any]:
    if value is None:
        return FrameClauseType.UNBOUNDED, None
    number = number_of(value)
    if number == 0:
        return FrameClauseType.CURRENT, None
    if number < 0:
        return FrameClauseType.PRECEDING, abs(number)
    return FrameClauseType.FOLLOWING, number


class Over(ColumnElement[_T]):
    """
    ``element OVER (PARTITION BY ... ORDER BY ... ROWS BETWEEN ...)``.
    """

    __visit_name__ = "over"
    _fields = (
        Field("element", NODE),
        Field("partition_by", NODE),
        Field("order_by", NODE),
        Field("range_", NODE),
        Field("rows", NODE),
        Field("groups", NODE),
        Field("exclude", VALUE),
    )

    partition_by: Any = None
    order_by: Any = None
    range_: FrameClause | None = None
    rows: FrameClause | None = None
    groups: FrameClause | None = None
    exclude: str | None = None

    def __init__(
        self,
        element: Any,
        partition_by: Any = None,
        order_by: Any = None,
        range_: Any = None,
        rows: Any = None,
        groups: Any = None,
        exclude: str | None = None,
    ) -> None:
        self.element = element
        if order_by is not None:
            self.order_by = OrderByList(order_by)
        if partition_by is not None:
            self.partition_by = OrderByList(partition_by)
        if sum(item is not None for item in (range_, rows, groups)) > 1:
            raise exc.ArgumentError("only one of 'rows', 'range_', or 'groups' may be provided")
        if range_ is not None:
            self.range_ = FrameClause._parse(range_, _range_bound)
        elif rows is not None:
            self.rows = FrameClause._parse(rows, _row_bound)
        elif groups is not None:
            self.groups = FrameClause._parse(groups, _row_bound)
        elif exclude is not None:
            raise exc.ArgumentError(
                "'exclude' requires that one of 'rows', 'range_', or 'groups' is also specified"
            )
        if exclude is not None:
            self.exclude = exclude
        if getattr(element, "_propagate_attrs", None):
            self._propagate_attrs = element._propagate_attrs

    @property
    def type(self) -> Any:  # type: ignore[override]  # the function's
        return self.element.type

    _from_objects: Any = froms_in("element", "partition_by", "order_by")


class _OrderedFunction(ColumnElement[_T]):
    """
    What functions followed by an ORDER BY have in common.
    """

    _fields = (Field("element", NODE), Field("order_by", NODE))

    def __init__(self, element: Any, *order_by: Any) -> None:
        if not order_by:
            raise TypeError("at least one ORDER BY element is required")
        self.element = element
        self.order_by: OrderByList = OrderByList(order_by)
        if element._propagate_attrs:
            self._propagate_attrs = element._propagate_attrs

    @property
    def packagenames(self) -> tuple[str, ...]:
        """
        The names before that of the function: its schema, its package.
        """
        return self.element.packagenames  # type: ignore[no-any-return]  # as declared there

    @property
    def _anon_base(self) -> str:
        return self.element._anon_base  # type: ignore[no-any-return]  # as declared there

    @property
    def _proxy_key(self) -> str | None:
        return self.element._proxy_key  # type: ignore[no-any-return]  # as declared there

    @property
    def type(self) -> Any:  # type: ignore[override]  # the function's, or what it says
        special = getattr(self.element, "within_group_type", None)
        return (special(self) if special is not None else None) or self.element.type

    @property
    def _from_objects(self) -> Sequence[Any]:
        return [
            found
            for part in (self.element, self.order_by)
            if part is not None
            for found in part._from_objects
        ]

    def over(
        self,
        *,
        partition_by: Any = None,
        order_by: Any = None,
        rows: Any = None,
        range_: Any = None,
        groups: Any = None,
        exclude: str | None = None,
    ) -> Over[_T]:
        """
        Return it OVER a window.
        """
        return Over(
            self,
            partition_by=partition_by,
            order_by=order_by,
            rows=rows,
            range_=range_,
            groups=groups,
            exclude=exclude,
        )

    @overload
    def filter(self) -> Self: ...
    @overload
    def filter(self, __first: Condition, /, *criterion: Condition) -> FunctionFilter[_T]: ...
    def filter(self, *criterion: Any) -> Any:
        """
        Return it FILTER (WHERE ...).
        """
        return FunctionFilter(self, *criterion) if criterion else self


class WithinGroup(_OrderedFunction[_T]):
    """
    ``element WITHIN GROUP (ORDER BY ...)``.
    """

    __visit_name__ = "withingroup"
    inherit_cache: bool = True


class AggregateOrderBy(_OrderedFunction[_T]):
    """
    ``function(... ORDER BY ...)``.
    """

    __visit_name__ = "aggregateorderby"
    inherit_cache: bool = True

    @property
    def type(self) -> Any:  # type: ignore[override]  # the function's
        return self.element.type


class OrderedArguments(ClauseElement):
    """
    ``arguments ORDER BY ...``: what stands in the parentheses of an ordered aggregate function.
    """

    __visit_name__ = "aggregate_orderby_inline"
    _fields = (Field("element", NODE), Field("order_by", NODE))

    def __init__(self, arguments: Any, order_by: Any) -> None:
        self.element = arguments
        self.order_by = order_by

    @classmethod
    def _function_of(cls, ordered: AggregateOrderBy[Any]) -> Any:
        """
        Return the function of *ordered*, the ORDER BY among its arguments.
        """
        made = ordered.element._clone()
        made.clause_expr = Grouping(cls(made.clauses, ordered.order_by))
        return made


class FunctionFilter(ColumnElement[_T]):
    """
    ``func FILTER (WHERE criterion)``.
    """

    __visit_name__ = "funcfilter"
    _fields = (Field("func", NODE), Field("criterion", NODE))

    criterion: Any = None

    def __init__(self, func: Any, *criterion: Any) -> None:
        self.func = func
        self._add(criterion)
        if func._propagate_attrs:
            self._propagate_attrs = func._propagate_attrs

    def _add(self, criterion: tuple[Any, ...]) -> None:
        for given in criterion:
            made = where_criterion(given)
            self.criterion = made if self.criterion is None else self.criterion & made

    def filter(self, *criterion: Condition) -> FunctionFilter[_T]:
        """
        Return a copy with more conditions.
        """
        made = self._clone()
        made._add(criterion)
        return made

    def over(
        self,
        partition_by: Any = None,
        order_by: Any = None,
        range_: Any = None,
        rows: Any = None,
        groups: Any = None,
        exclude: str | None = None,
    ) -> Over[_T]:
        """
        Return it OVER a window.
        """
        return Over(
            self,
            partition_by=partition_by,
            order_by=order_by,
            range_=range_,
            rows=rows,
            groups=groups,
            exclude=exclude,
        )

    def within_group(self, *order_by: Any) -> WithinGroup[_T]:
        """
        Return it WITHIN GROUP (ORDER BY ...).
        """
        return WithinGroup(self, *order_by)

    def within_group_type(self, within_group: Any) -> Any:
        """
        Return None: the type is that of the function.
        """
        return None

    def self_group(self, against: OperatorType | None = None) -> Any:
        if op.is_precedent(op.filter_op, against):
            return Grouping(self)
        return self

    @property
    def type(self) -> Any:  # type: ignore[override]  # the function's
        return self.func.type

    @property
    def _from_objects(self) -> Sequence[Any]:
        return [
            found for part in (self.func, self.criterion) if part is not None for found in part._from_objects
        ]


def over(
    element: TypedOperators[_V],
    partition_by: Any = None,
    order_by: Any = None,
    range_: Any = None,
    rows: Any = None,
    groups: Any = None,
    exclude: str | None = None,
) -> Over[_V]:
    """
    Return a function OVER a window.

    Args:
        rows: Lower and upper bound of the frame, counted in rows: None is
            unbounded, 0 the current row, negative numbers precede it.
        range_: The same, counted in values.
        groups: The same, counted in groups of equal rows.

    >>> from relvar import column, func, over
    >>> print(over(func.row_number(), partition_by=column("team"), order_by=column("points").desc()))
    row_number() OVER (PARTITION BY team ORDER BY points DESC)
    >>> print(over(func.sum(column("x")), order_by=column("at"), rows=(None, 0)))
    sum(x) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    """
    return Over(element, partition_by, order_by, range_, rows, groups, exclude)


def within_group(element: TypedOperators[_V], *order_by: Any) -> WithinGroup[_V]:
    """
    Return a function WITHIN GROUP (ORDER BY ...).

    >>> from relvar import column, func, within_group
    >>> print(within_group(func.percentile_cont(column("p")), column("age")))
    percentile_cont(p) WITHIN GROUP (ORDER BY age)
    """
    return WithinGroup(element, *order_by)


def aggregate_order_by(element: TypedOperators[_V], *order_by: Any) -> AggregateOrderBy[_V]:
    """
    Return an aggregate function over ordered rows.
    """
    return AggregateOrderBy(element, *order_by)


def funcfilter(func: TypedOperators[_V], *criterion: Condition) -> FunctionFilter[_V]:
    """
    Return a function FILTER (WHERE ...).

    >>> from relvar import column, func, funcfilter
    >>> print(funcfilter(func.count(), column("age") > 18))
    count(*) FILTER (WHERE age > :age_1)
    """
    return FunctionFilter(func, *criterion)


make.register(
    AggregateOrderBy=AggregateOrderBy,
    FunctionFilter=FunctionFilter,
    Over=Over,
    WithinGroup=WithinGroup,
)
