"""
AND, OR, NOT.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.coerce import operand, where_criterion
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import ExpressionClauseList, False_, Grouping, True_, false, true
from relvar.expr.operators import OperatorType
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.expr.typed import Condition

__all__ = ["BooleanClauseList", "and_", "criteria_that_count", "not_", "or_", "where_clause"]


class BooleanClauseList(ExpressionClauseList[bool]):
    """
    ``a AND b AND c``, or the same with OR.
    """

    __visit_name__ = "expression_clauselist"
    inherit_cache: bool = True
    _is_implicitly_boolean = True
    _negated: Any = None
    "What NOT makes of it, where that is not simply NOT; a changed copy has none."

    def __init__(self, *arg: Any, **kw: Any) -> None:
        raise NotImplementedError("BooleanClauseList has a private constructor")

    def _clone(self, **kw: Any) -> Any:
        made = super()._clone(**kw)
        made.__dict__.pop("_negated", None)
        return made

    @classmethod
    def _construct(
        cls,
        operator: OperatorType,
        continue_on: True_ | False_,
        skip_on: True_ | False_,
        initial_clause: Any,
        clauses: tuple[Any, ...],
    ) -> Any:
        """
        Join conditions, simplifying TRUE and FALSE away.

        Args:
            continue_on: The constant that changes nothing (TRUE for AND).
            skip_on: The constant that decides the whole (FALSE for AND).
            initial_clause: The first condition; may be the `continue_on` constant alone.
        """
        conditions = [where_criterion(given) for given in (initial_clause, *clauses)]
        kept = _simplified(conditions, continue_on, skip_on)
        if len(kept) == 1:
            return kept[0].self_group(against=op._asbool)
        return cls._flat(operator, kept)

    @classmethod
    def _flat(cls, operator: OperatorType, conditions: list[Any]) -> Any:
        """
        Make one of conditions, of which some may be joined by the same operator already.
        """
        first, *others = conditions
        parts: list[Any] = []
        for clause in others:
            if isinstance(clause, BooleanClauseList) and clause.operator is operator:
                parts.extend(clause.clauses)
            else:
                parts.append(clause)
        if isinstance(first, BooleanClauseList) and first.operator is operator:
            return first._followed_by(parts, make.boolean_type)
        return cls._construct_raw(operator, [part.self_group(against=operator) for part in (first, *parts)])

    @classmethod
    def _construct_raw(cls, operator: OperatorType, clauses: Any = ()) -> Any:
        """
        Make one of conditions that are grouped already.
        """
        made = cls.__new__(cls)
        made.operator = operator
        made.clauses = tuple(clauses)
        made.group = True
        made.type = make.boolean_type
        for clause in made.clauses:
            if clause._propagate_attrs:
                made._propagate_attrs = clause._propagate_attrs
                break
        return made

    @classmethod
    def _construct_for_op(cls, left: Any, right: Any, operator: OperatorType, **kw: Any) -> Any:
        """
        Return ``left operator right`` without simplification.
        """
        return cls._flat(operator, [left, right])

    @classmethod
    def and_(cls, *clauses: Any) -> ColumnElement[bool]:
        """
        Return the conditions joined by AND, as `relvar.and_` does.
        """
        if not clauses:
            return cls._empty("and_", op.and_)  # type: ignore[no-any-return]  # an element
        return cls._construct(op.and_, true(), false(), clauses[0], clauses[1:])  # type: ignore[no-any-return]  # an element

    @classmethod
    def or_(cls, *clauses: Any) -> ColumnElement[bool]:
        """
        Return the conditions joined by OR, as `relvar.or_` does.
        """
        if not clauses:
            return cls._empty("or_", op.or_)  # type: ignore[no-any-return]  # an element
        return cls._construct(op.or_, false(), true(), clauses[0], clauses[1:])  # type: ignore[no-any-return]  # an element

    @classmethod
    def _empty(cls, name: str, operator: OperatorType) -> Any:
        """
        Return a list of no conditions; deprecated.
        """
        constant = "True" if operator is op.and_ else "False"
        literal = "true()" if operator is op.and_ else "false()"
        warn_deprecated(
            f"Invoking {name}() without arguments is deprecated, and will be disallowed in a future "
            f"release.   For an empty {name}() construct, use '{name}({literal}, *args)' or "
            f"'{name}({constant}, *args)'.",
            version="1.4",
        )
        return cls._construct_raw(operator)

    @property
    def _select_iterable(self) -> Any:
        return (self,)

    def self_group(self, against: OperatorType | None = None) -> Any:
        if not self.clauses:
            return self
        return super().self_group(against=against)

    def _negate(self) -> Any:
        if self._negated is not None:
            return self._negated
        return make.UnaryExpression(Grouping(self), operator=op.inv)


CONSTANTS = frozenset((True_, False_))
"Classes of conditions that are left out, or decide alone."


def _simplified(conditions: list[Any], continue_on: True_ | False_, skip_on: True_ | False_) -> list[Any]:
    """
    Return the conditions that count: without *continue_on*, and only *skip_on* if that is among them.
    """
    kept: list[Any] = []
    constant: Any = continue_on
    for clause in conditions:
        if clause.__class__ is skip_on.__class__:
            return [clause]
        if clause.__class__ is continue_on.__class__:
            constant = clause
        else:
            kept.append(clause)
    return kept or [constant]


def criteria_that_count(criteria: Sequence[Any]) -> list[Any]:
    """
    Return the criteria of a WHERE that are to be joined by AND: TRUE is left out, FALSE decides.
    """
    return _simplified([where_criterion(given) for given in criteria], true(), false())


def where_clause(criteria: Sequence[Any]) -> Any:
    """
    Return the criteria of a WHERE as one condition, as they are written there; None if there are none.
    """
    if not criteria:
        return None
    conditions = criteria_that_count(criteria)
    if len(conditions) == 1:
        return conditions[0].self_group(against=op._asbool)
    return BooleanClauseList._construct_raw(op.and_, [c.self_group(against=op.and_) for c in conditions])


def and_(*clauses: Condition) -> ColumnElement[bool]:
    """
    Return the conditions joined by AND.

    TRUE is left out and FALSE decides; ``and_(true(), *conditions)`` may have none.

    >>> from relvar import and_, column, true
    >>> print(and_(column("a") == 1, column("b") == 2))
    a = :a_1 AND b = :b_1
    >>> print(and_(true(), column("a") == 1))
    a = :a_1
    """
    return BooleanClauseList.and_(*clauses)


def or_(*clauses: Condition) -> ColumnElement[bool]:
    """
    Return the conditions joined by OR.

    FALSE is left out and TRUE decides; ``or_(false(), *conditions)`` may have none.

    >>> from relvar import and_, column, or_
    >>> print(or_(column("a") == 1, and_(column("b") == 2, column("c") == 3)))
    a = :a_1 OR b = :b_1 AND c = :c_1
    >>> print(and_(or_(column("a") == 1, column("b") == 2), column("c") == 3))
    (a = :a_1 OR b = :b_1) AND c = :c_1
    """
    return BooleanClauseList.or_(*clauses)


def not_(clause: Condition) -> ColumnElement[bool]:
    """
    Return the condition negated.

    >>> from relvar import and_, column, not_
    >>> print(not_(column("a") == 1))
    a != :a_1
    >>> print(not_(and_(column("a") == 1, column("b") == 2)))
    NOT (a = :a_1 AND b = :b_1)
    """
    return ~operand(clause)  # type: ignore[no-any-return]  # an element


make.register(BooleanClauseList=BooleanClauseList, and_=and_, or_=or_)
