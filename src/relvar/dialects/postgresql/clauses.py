"""
Clauses that only PostgreSQL has: DISTINCT ON, and ORDER BY within an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr import coerce
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import ClauseList
from relvar.expr.node import NODE, NODES, TYPE, Field
from relvar.stmt.base import SyntaxExtension
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypedOperators
    from relvar.types.base import TypeEngine

__all__ = ["DistinctOnClause", "aggregate_order_by", "distinct_on"]

_T = TypeVar("_T", default=Any)


class DistinctOnClause(SyntaxExtension):
    """
    ``DISTINCT ON (...)``: the first row of each group.
    """

    __visit_name__ = "postgresql_distinct_on"
    _fields = (Field("_distinct_on", NODES),)
    stringify_dialect = "postgresql"

    def __init__(self, distinct_on: Sequence[Any]) -> None:
        self._distinct_on = tuple(coerce.by_of_item(element) for element in distinct_on)

    def apply_to_select(self, select_stmt: Any) -> None:
        """
        Put the clause before the columns.

        Raises:
            InvalidRequestError: ``distinct()`` has expressions already.
        """
        if select_stmt._distinct_on:
            raise exc.InvalidRequestError(
                "Cannot mix ``select.ext(distinct_on(...))`` and ``select.distinct(...)``"
            )
        select_stmt._distinct = True
        select_stmt.apply_syntax_extension_point(self._joined, "pre_columns")

    def _joined(self, existing: Sequence[Any]) -> Sequence[Any]:
        """
        Return *existing* with this clause's elements added to those of an earlier one.
        """
        before = [clause for clause in existing if isinstance(clause, DistinctOnClause)]
        made = DistinctOnClause([*(e for clause in before for e in clause._distinct_on), *self._distinct_on])
        return [*(clause for clause in existing if not isinstance(clause, DistinctOnClause)), made]


def distinct_on(*expr: Any) -> DistinctOnClause:
    """
    Return ``DISTINCT ON (...)`` for ``select(...).ext()``.

    >>> from relvar import column, select, table
    >>> from relvar.dialects import postgresql
    >>> t = table("t", column("a"), column("b"))
    >>> stmt = select(t).ext(postgresql.distinct_on(t.c.a))
    >>> str(stmt.compile(dialect=postgresql.dialect())).splitlines()
    ['SELECT DISTINCT ON (t.a) t.a, t.b ', 'FROM t']
    """
    return DistinctOnClause(expr)


class aggregate_order_by(ColumnElement[_T]):  # as SQLAlchemy spells it
    """
    ``target ORDER BY ...``, as an argument of an aggregate function.
    """

    __visit_name__ = "aggregate_order_by"
    _fields = (Field("target", NODE), Field("type", TYPE), Field("order_by", NODE))
    stringify_dialect = "postgresql"

    def __init__(self, target: TypedOperators[_T], *order_by: Any) -> None:
        """
        Raises:
            TypeError: There is nothing to order by.
        """
        if not order_by:
            raise TypeError("at least one ORDER BY element is required")
        self.target: Any = coerce.operand(target)
        self.type: TypeEngine[_T] = self.target.type
        self.order_by: Any | ClauseList = (
            coerce.operand(order_by[0]) if len(order_by) == 1 else ClauseList(*order_by)
        )

    @property
    def _from_objects(self) -> Sequence[Any]:
        return [*self.target._from_objects, *self.order_by._from_objects]
