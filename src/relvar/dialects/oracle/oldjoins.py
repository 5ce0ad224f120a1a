"""
Joins as Oracle 8 has them, for ``use_ansi=False``: tables between commas, conditions in WHERE, ``(+)`` at
outer ones.

Rule 1: each column of the table that may be missing is marked in the condition of its join.
Rule 2: what can't be said so, and would mean something else, is refused.

Source: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Joins.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.expr.column import ColumnClause
from relvar.expr.element import ColumnElement
from relvar.expr.node import NODE, VALUE, Field
from relvar.expr.traverse import replacement_traverse

__all__ = ["OldJoinRules"]


class _Missing(ColumnElement[Any]):
    """
    A column of a table whose rows may be missing: ``column(+)``.
    """

    __visit_name__ = "outer_join_column"
    _fields = (Field("element", NODE), Field("type", VALUE))

    def __init__(self, element: Any) -> None:
        self.element = element
        self.type = element.type


class OldJoinRules(SQLCompiler):
    """
    Rules for joins without JOIN.
    """

    def _without_join_words(self, select: Any) -> Any:
        """
        Return *select*, or with the conditions of its joins in WHERE.
        """
        conditions = [
            condition
            for element in select._select_state.get_display_froms()
            if element._is_join
            for condition in _conditions(element)
        ]
        if not conditions or getattr(select, "_has_join_conditions", False):
            return select
        made = select.where(*conditions)
        made._has_join_conditions = True
        return made

    def visit_join(self, join: Any, asfrom: bool = False, from_linter: Any = None, **kwargs: Any) -> str:
        if self.dialect.use_ansi:
            return super().visit_join(join, asfrom=asfrom, from_linter=from_linter, **kwargs)
        kwargs["asfrom"] = True
        if from_linter is not None:
            # WHERE connects them
            kwargs["from_linter"] = from_linter
        return f"{self.process(join.left, **kwargs)}, {self.process(_ungrouped(join.right), **kwargs)}"

    def visit_outer_join_column(self, column: Any, **kw: Any) -> str:
        """
        Render ``column(+)``.
        """
        return f"{self.process(column.element, **kw)}(+)"


def _ungrouped(element: Any) -> Any:
    """
    Return a join that stands in parentheses without these.
    """
    inner = getattr(element, "element", None)
    return (
        inner
        if inner is not None and getattr(inner, "_is_join", False) and not element._is_table
        else element
    )


def _conditions(join: Any) -> Iterator[Any]:
    """
    Give the conditions of a join and of those within it.

    Raises:
        CompileError: Marks can't say what it means.
    """
    right = _ungrouped(join.right)
    if join.full or (join.isouter and right._is_join):
        what = "FULL OUTER JOIN" if join.full else "an outer join to a join"
        raise exc.CompileError(f"{what} can't be said with (+), as use_ansi=False wants it; leave that out")
    if join.isouter:
        yield replacement_traverse(join.onclause, {}, _marker(right))
    else:
        yield join.onclause
    for side in (join.left, right):
        if side._is_join:
            yield from _conditions(side)


def _marker(relation: Any) -> Any:
    def mark(element: Any, **kw: Any) -> Any:
        if isinstance(element, ColumnClause) and element.table is relation:
            return _Missing(element)
        return None

    return mark
