"""
Expressions with two operands.
"""

from __future__ import annotations

import operator as _operator
from collections.abc import Mapping
from typing import Any, TypeVar

from relvar._kernels.froms import froms_in
from relvar._kernels.nodes import BinaryFields
from relvar._kernels.parts import in_parentheses
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import ExpressionClauseList, Grouping, _needs_grouping
from relvar.expr.node import DICT, NODE, OPERATOR, TYPE, Field
from relvar.expr.operators import OperatorType
from relvar.types.base import NULLTYPE, TypeEngine, to_instance
from relvar.util.immutable import immutabledict

__all__ = ["NO_MODIFIERS", "BinaryExpression", "OperatorExpression"]

_T = TypeVar("_T")


class _NoModifiers(immutabledict[str, Any]):
    """
    No modifiers, of all operators without; compilers of dialects take out what they render themselves.
    """

    def pop(self, key: str, *default: Any) -> Any:
        """Return the default: there is nothing to take out."""
        if not default:
            raise KeyError(key)
        return default[0]


NO_MODIFIERS = _NoModifiers()


class BinaryExpression(BinaryFields, ColumnElement[_T]):
    """
    ``left operator right``.

    Attributes:
        negate: The operator that says the opposite, or None.
        modifiers: Further arguments of the operator, as ``escape``.
    """

    __visit_name__ = "binary"
    _has_fields_in_c = True
    _fields = (
        Field("left", NODE),
        Field("right", NODE),
        Field("operator", OPERATOR),
        Field("type", TYPE),
        Field("modifiers", DICT),
    )

    left: Any
    right: Any
    operator: OperatorType
    negate: OperatorType | None
    modifiers: Mapping[str, Any]
    group = True

    def __init__(
        self,
        left: Any,
        right: Any,
        operator: OperatorType,
        type_: Any = None,
        negate: OperatorType | None = None,
        modifiers: Mapping[str, Any] | None = None,
    ) -> None:
        self.left = left.self_group(against=operator)
        self.right = right.self_group(against=operator)
        self.operator = operator
        self.type: Any = to_instance(type_) if type_ is not None else NULLTYPE
        self.negate = negate
        self.modifiers = modifiers or NO_MODIFIERS
        attrs = left._propagate_attrs or right._propagate_attrs
        if attrs:
            self._propagate_attrs = attrs

    @classmethod
    def _construct_for_op(
        cls,
        left: Any,
        right: Any,
        operator: OperatorType,
        *,
        type_: TypeEngine[Any],
        negate: OperatorType | None = None,
        modifiers: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Return the expression; associative operators join operands into one flat list.
        """
        if (
            op.is_associative(operator)
            and not modifiers
            and (isinstance(left, _OF_OPERANDS) or isinstance(right, _OF_OPERANDS))
        ):
            right_parts = _flattened(right, operator, type_)
            if _is_chain(left, operator, type_):
                return left._followed_by(right_parts, type_)
            left_parts = _flattened(left, operator, type_)
            if len(left_parts) > 1 or len(right_parts) > 1:
                return ExpressionClauseList._of_grouped(
                    operator,
                    type_,
                    (*left_parts, *right_parts),
                    left._propagate_attrs or right._propagate_attrs,
                )
        return cls(left, right, operator, type_=type_, negate=negate, modifiers=modifiers)

    @property
    def is_comparison(self) -> bool:
        """
        Whether the operator compares, so that the result is a truth value.
        """
        return op.is_comparison(self.operator)

    @property
    def _is_implicitly_boolean(self) -> bool:  # type: ignore[override]  # computed here
        return op.is_boolean(self.operator)

    @property
    def _flattened_iterator(self) -> Any:
        return iter((self.left, self.right))

    _from_objects: Any = froms_in("left", "right")

    def __bool__(self) -> bool:
        """
        Tell whether both sides are the same element: what makes columns usable in sets.
        """
        if self.operator in (_operator.eq, _operator.ne):
            # Both hash by identity, annotated copies as what they were made from.
            same = hash(self.left) == hash(self.right)
            return same if self.operator is _operator.eq else not same
        raise TypeError("Boolean value of this clause is not defined")

    def self_group(self, against: OperatorType | None = None) -> Any:
        operator = self.operator
        needed = _grouped.get((operator, against))
        if needed is None:
            needed = _needs_grouping(operator, against)
            if operator in op.PRECEDENCE and (against is None or against in op.PRECEDENCE):
                # of the operators that there are; programs may make others without end
                _grouped[operator, against] = needed
        return in_parentheses(self) if needed else self

    def _negate(self) -> Any:
        if self.negate is not None:
            made = self._clone()
            made.operator, made.negate = self.negate, self.operator
            right = self.right
            if right._is_bind_parameter and right.expand_op is self.operator:
                made.right = right._negate_in_binary(self.negate, self.operator)
            return made
        return self.self_group()._negate()

    def _compare_special(self, other: Any, kw: dict[str, Any]) -> bool | None:
        if (
            isinstance(other, BinaryExpression)
            and op.is_commutative(self.operator)
            and self.operator is other.operator
            and self.left.compare(other.right, **kw)
            and self.right.compare(other.left, **kw)
        ):
            return True
        return None


OperatorExpression = BinaryExpression

_grouped: dict[tuple[OperatorType, OperatorType | None], bool] = {}
"Operator, and the one around it -> whether there are parentheses between them."

_OF_OPERANDS = (BinaryExpression, ExpressionClauseList, Grouping)


def _is_chain(element: Any, operator: OperatorType, type_: TypeEngine[Any]) -> bool:
    return (
        isinstance(element, ExpressionClauseList)
        and element.operator is operator
        and type_._compare_type_affinity(element.type)
    )


def _flattened(element: Any, operator: OperatorType, type_: TypeEngine[Any]) -> tuple[Any, ...]:
    """
    Return the operands of a chain of the same operator with this type of result, or the element alone.

    They have the parentheses they need.
    """
    inner = element.element if isinstance(element, Grouping) else element
    if isinstance(inner, (ExpressionClauseList, BinaryExpression)) and inner.operator is operator:
        if not type_._compare_type_affinity(inner.type):
            return (element.self_group(against=operator),)
        if isinstance(inner, ExpressionClauseList):
            return inner.clauses
        if not inner.modifiers:
            return (inner.left, inner.right)
    return (element.self_group(against=operator),)


make.register(BinaryExpression=BinaryExpression)
