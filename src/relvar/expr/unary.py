"""
Expressions with one operand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.element import ClauseElement, ColumnElement, _is_boolean_type
from relvar.expr.grouping import False_, Grouping, True_
from relvar.expr.node import NODE, OPERATOR, TYPE, Field
from relvar.expr.operators import OperatorType, is_comparison, mirror
from relvar.types.base import to_instance
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypedOperators
    from relvar.types.base import TypeEngine

__all__ = ["AsBoolean", "CollectionAggregate", "UnaryExpression", "ordered_expressions"]

_T = TypeVar("_T", default=Any)
_V = TypeVar("_V", default=Any)


class UnaryExpression(ColumnElement[_T]):
    """
    One operand with an operator before it (``NOT a``) or a modifier behind (``a DESC``).
    """

    __visit_name__ = "unary"
    _fields = (
        Field("element", NODE),
        Field("operator", OPERATOR),
        Field("modifier", OPERATOR),
        Field("type", TYPE),
    )

    element: Any
    operator: OperatorType | None
    modifier: OperatorType | None

    def __init__(
        self,
        element: Any,
        *,
        operator: OperatorType | None = None,
        modifier: OperatorType | None = None,
        type_: Any = None,
        wraps_column_expression: bool = False,
    ) -> None:
        self.operator = operator
        self.modifier = modifier
        self.element = element.self_group(against=operator or modifier)
        self._propagate_attrs = element._propagate_attrs
        self.type: TypeEngine[_T] = to_instance(type_)
        if wraps_column_expression:
            self._wraps = element

    @property
    def _order_by_label_element(self) -> Any:
        if op.is_order_by_modifier(self.modifier):
            return self.element._order_by_label_element
        return None

    _from_objects: Any = froms_in("element")

    def _negate(self) -> Any:
        if _is_boolean_type(self.type):
            return UnaryExpression(self.self_group(against=op.inv), operator=op.inv, type_=make.boolean_type)
        return ColumnElement._negate(self)

    def self_group(self, against: OperatorType | None = None) -> Any:
        if self.operator and op.is_precedent(self.operator, against):
            return Grouping(self)
        return self


class CollectionAggregate(UnaryExpression[_T]):
    """
    ``ANY (...)`` and ``ALL (...)``, the right side of a comparison.
    """

    inherit_cache: bool = True
    _is_collection_aggregate = True

    @classmethod
    def _create(cls, operator: OperatorType, expr: Any) -> Any:
        made = cls.__new__(cls)
        if getattr(expr, "_is_select_base", False):
            expr = expr.scalar_subquery()
        made.operator = operator
        made.modifier = None
        made.element = expr.self_group(against=operator)
        made.type = make.boolean_type
        made._propagate_attrs = expr._propagate_attrs
        return made

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        """
        Compare: the aggregate goes to the right side.

        Raises:
            ArgumentError: the operator is no comparison.
        """
        if not is_comparison(op):
            raise exc.ArgumentError("Only comparison operators may be used with ANY/ALL")
        kwargs["reverse"] = True
        kwargs["_any_all"] = True
        return self.comparator.operate(mirror(op), *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        raise exc.ArgumentError("Only comparison operators may be used with ANY/ALL")

    def _bind_param(
        self, operator: OperatorType | None, obj: Any, type_: Any = None, expanding: bool = False
    ) -> Any:
        """
        Return a bind parameter for a value: one like those that are looked through.
        """
        if type_ is None:
            members = self.element.type
            if members._type_affinity._is_array:
                members = members.item_type
            found = members.coerce_compared_value(operator, obj)
            type_ = None if found._isnull else found
        return super()._bind_param(operator, obj, type_, expanding)


class AsBoolean(UnaryExpression[bool]):
    """
    A boolean column where a condition is wanted: ``b``, or ``b = 1`` where there is no BOOLEAN.
    """

    inherit_cache: bool = True

    def __init__(self, element: Any, operator: OperatorType, negate: OperatorType) -> None:
        self.element = element
        self.type: TypeEngine[bool] = make.boolean_type
        self.operator: OperatorType = operator
        self.negate = negate
        self.modifier: None = None
        self._wraps = element
        self._is_implicitly_boolean = element._is_implicitly_boolean
        self._propagate_attrs = element._propagate_attrs

    @property
    def wraps_column_expression(self) -> bool:
        """
        True: there is a column in it.
        """
        return True

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self

    def _negate(self) -> Any:
        if isinstance(self.element, (True_, False_)):
            return self.element._negate()
        return AsBoolean(self.element, self.negate, self.operator)


def any_(expr: Any) -> CollectionAggregate[bool]:
    """
    ``ANY (expr)`` of an array or a SELECT, to be compared with.

    >>> from relvar import any_, column, select, table
    >>> print(column("a") == any_(select(table("t", column("x"))).scalar_subquery()))
    a = ANY (SELECT t.x
    FROM t)
    """
    return make.operand(expr).operate(op.any_op)  # type: ignore[no-any-return]  # the operator's result


def all_(expr: Any) -> CollectionAggregate[bool]:
    """
    ``ALL (expr)`` of an array or a SELECT, to be compared with.

    >>> from relvar import all_, column, select, table
    >>> print(column("a") > all_(select(table("t", column("x"))).scalar_subquery()))
    a > ALL (SELECT t.x
    FROM t)
    """
    return make.operand(expr).operate(op.all_op)  # type: ignore[no-any-return]  # the operator's result


def _modified(column: Any, modifier: OperatorType) -> UnaryExpression[Any]:
    element = make.order_by_label(column)
    if element._is_clause_list and not element._is_column_element:
        return UnaryExpression(element, modifier=modifier)
    return element.operate(modifier)  # type: ignore[no-any-return]  # the operator's result


def asc(column: TypedOperators[_V] | str | ClauseElement) -> UnaryExpression[_V]:
    """
    ``column ASC``; a string is the name of a label in the SELECT list.

    >>> from relvar import asc, column
    >>> print(asc(column("a")))
    a ASC
    """
    return _modified(column, op.asc_op)


def desc(column: TypedOperators[_V] | str | ClauseElement) -> UnaryExpression[_V]:
    """
    ``column DESC``; a string is the name of a label in the SELECT list.

    >>> from relvar import column, desc, func, select
    >>> print(select(func.count().label("n")).order_by(desc("n")))
    SELECT count(*) AS n ORDER BY n DESC
    """
    return _modified(column, op.desc_op)


def nulls_first(column: TypedOperators[_V] | str | ClauseElement) -> UnaryExpression[_V]:
    """
    ``column NULLS FIRST``.

    >>> from relvar import column, nulls_first
    >>> print(nulls_first(column("a")))
    a NULLS FIRST
    """
    return _modified(column, op.nulls_first_op)


def nulls_last(column: TypedOperators[_V] | str | ClauseElement) -> UnaryExpression[_V]:
    """
    ``column NULLS LAST``.

    >>> from relvar import column, nulls_last
    >>> print(nulls_last(column("a").desc()))
    a DESC NULLS LAST
    """
    return _modified(column, op.nulls_last_op)


nullsfirst = nulls_first
nullslast = nulls_last


def distinct(expr: TypedOperators[_V] | ClauseElement) -> UnaryExpression[_V]:
    """
    ``DISTINCT expr``, as inside of ``count()``.

    >>> from relvar import column, distinct, func
    >>> print(func.count(distinct(column("a"))))
    count(DISTINCT a)
    """
    return make.operand(expr).operate(op.distinct_op)  # type: ignore[no-any-return]  # the operator's result


def bitwise_not(expr: TypedOperators[_V] | ClauseElement) -> UnaryExpression[_V]:
    """
    ``~expr``.
    """
    return make.operand(expr).operate(op.bitwise_not_op)  # type: ignore[no-any-return]  # the operator's result


def ordered_expressions(clause: Any) -> list[Any]:
    """
    Return what an ORDER BY element orders by, without DESC, NULLS LAST and the like.
    """
    kind = clause.__visit_name__
    if kind == "label_reference" or isinstance(clause, Grouping):  # a scalar subquery is no grouping
        return ordered_expressions(clause.element)
    if kind == "unary" and clause.modifier is not None:
        return ordered_expressions(clause.element)
    if kind in ("clauselist", "expression_clauselist", "order_by_list", "tuple"):
        return [expression for part in clause.clauses for expression in ordered_expressions(part)]
    if kind in ("textual_label_reference", "textclause", "text"):
        return []
    return [clause]


make.register(
    AsBoolean=AsBoolean,
    CollectionAggregate=CollectionAggregate,
    UnaryExpression=UnaryExpression,
)
