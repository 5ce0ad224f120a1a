"""
Hierarchical queries: ``CONNECT BY``.

Source: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Hierarchical-Queries.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.expr import coerce
from relvar.expr.boolean import and_
from relvar.expr.column import literal_column
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.node import NODE, NODES, VALUE, Field
from relvar.stmt.base import SyntaxExtension
from relvar.types import Integer

__all__ = [
    "ConnectBy",
    "HierarchyRules",
    "connect_by",
    "connect_by_root",
    "is_cycle",
    "is_leaf",
    "level",
    "prior",
]

_T = TypeVar("_T")

level: Any = literal_column("LEVEL", Integer)
"How deep a row is: 1 for a root."

is_leaf: Any = literal_column("CONNECT_BY_ISLEAF", Integer)
"1 for a row without children, else 0."

is_cycle: Any = literal_column("CONNECT_BY_ISCYCLE", Integer)
"1 for a row that has an ancestor as a child, else 0; only with ``nocycle``."


class _OfOtherRow(ColumnElement[_T]):
    """
    A value of another row of the hierarchy: that of the parent, or of the root.
    """

    __visit_name__ = "of_other_row"
    _fields = (Field("word", VALUE), Field("element", NODE), Field("type", VALUE))

    def __init__(self, word: str, element: Any) -> None:
        self.word = word
        self.element = coerce.column_expression(element)
        self.type = self.element.type


def prior(column: ColumnElement[_T]) -> ColumnElement[_T]:
    """
    Return the value that a column has in the parent row: ``PRIOR column``.
    """
    return _OfOtherRow("PRIOR", column)


def connect_by_root(column: ColumnElement[_T]) -> ColumnElement[_T]:
    """
    Return the value that a column has in the root row: ``CONNECT_BY_ROOT column``.
    """
    return _OfOtherRow("CONNECT_BY_ROOT", column)


class ConnectBy(SyntaxExtension, ClauseElement):
    """
    ``START WITH ... CONNECT BY ...``; see `connect_by`.
    """

    __visit_name__ = "connect_by"
    _fields = (
        Field("condition", NODE),
        Field("start_with", NODE),
        Field("nocycle", VALUE),
        Field("order_siblings_by", NODES),
    )
    stringify_dialect = "oracle"

    def __init__(
        self, condition: Any, start_with: Any, nocycle: bool, order_siblings_by: Sequence[Any]
    ) -> None:
        self.condition = condition
        self.start_with = start_with
        self.nocycle = nocycle
        self.order_siblings_by: tuple[Any, ...] = tuple(order_siblings_by)

    def apply_to_select(self, select_stmt: Any) -> None:
        """
        Put the clause behind WHERE; a later one takes its place.
        """
        select_stmt.apply_syntax_extension_point(self.append_replacing_same_type, "post_criteria")


def connect_by(
    *condition: Any, start_with: Any = None, nocycle: bool = False, order_siblings_by: Sequence[Any] = ()
) -> ConnectBy:
    """
    Make a SELECT hierarchical.

    Args:
        condition: Which rows are children of which; `prior` says what is of the parent.
        start_with: Which rows are roots; all of them when not given.
        nocycle: Return rows though one be its own ancestor.
        order_siblings_by: How children of one parent are ordered, each followed by its own.

    >>> from relvar import column, select, table
    >>> from relvar.dialects import oracle
    >>> staff = table("staff", column("id"), column("boss"))
    >>> tree = select(staff.c.id, oracle.level).ext(
    ...     oracle.connect_by(oracle.prior(staff.c.id) == staff.c.boss, start_with=staff.c.boss.is_(None))
    ... )
    >>> print(tree.compile(dialect=oracle.dialect()))
    SELECT staff.id, LEVEL
    FROM staff
    START WITH staff.boss IS NULL CONNECT BY PRIOR staff.id = staff.boss
    """
    if not condition:
        raise exc.ArgumentError("connect_by() takes a condition: connect_by(prior(t.c.id) == t.c.parent_id)")
    roots = None if start_with is None else coerce.where_criterion(start_with)
    order = [coerce.order_by_item(item) for item in order_siblings_by]
    return ConnectBy(and_(*condition), roots, nocycle, order)


class HierarchyRules(SQLCompiler):
    """
    Rules for hierarchical queries.
    """

    def visit_connect_by(self, clause: Any, **kw: Any) -> str:
        """
        Render ``START WITH ... CONNECT BY ...``.
        """
        select = self.stack[-1]["selectable"]
        if select._group_by_clauses or select._having_criteria:
            raise exc.CompileError(
                "CONNECT BY and GROUP BY of one SELECT: make the hierarchy a subquery(), and group that"
            )
        start = "" if clause.start_with is None else f"START WITH {self.process(clause.start_with, **kw)} "
        word = "CONNECT BY NOCYCLE" if clause.nocycle else "CONNECT BY"
        text = f"{start}{word} {self.process(clause.condition, **kw)}"
        if clause.order_siblings_by:
            order = ", ".join(self.process(item, **kw) for item in clause.order_siblings_by)
            text += f" ORDER SIBLINGS BY {order}"
        return text

    def visit_of_other_row(self, element: Any, **kw: Any) -> str:
        """
        Render ``PRIOR column``.
        """
        return f"{element.word} {self.process(element.element, **kw)}"
