"""
The comparisons that are methods, by the short way.

``column.like("a%")``, ``column.in_([1, 2])`` and ``column.is_(None)`` need no comparator if class and
type of the column leave operators as they are; see the rules in `relvar._kernels.nodes`.  All other cases
go the way of `ColumnOperators`.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.nodes import Compares, plain_comparison, plain_in, plain_is_null
from relvar.expr import operators as op
from relvar.expr.operate import ColumnOperators

__all__ = ["ShortOperators"]


def _escape(escape: str | None) -> dict[str, Any] | None:
    return None if escape is None else {"escape": escape}


class ShortOperators(Compares, ColumnOperators):
    """
    Operators of column elements.
    """

    __slots__ = ()

    __hash__: Any = Compares.__hash__

    def like(self, other: Any, escape: str | None = None) -> Any:
        made = plain_comparison(self, other, op.like_op, op.not_like_op, _escape(escape))
        return super().like(other, escape) if made is None else made

    def not_like(self, other: Any, escape: str | None = None) -> Any:
        made = plain_comparison(self, other, op.not_like_op, op.like_op, _escape(escape))
        return super().not_like(other, escape) if made is None else made

    def ilike(self, other: Any, escape: str | None = None) -> Any:
        made = plain_comparison(self, other, op.ilike_op, op.not_ilike_op, _escape(escape))
        return super().ilike(other, escape) if made is None else made

    def not_ilike(self, other: Any, escape: str | None = None) -> Any:
        made = plain_comparison(self, other, op.not_ilike_op, op.ilike_op, _escape(escape))
        return super().not_ilike(other, escape) if made is None else made

    notlike = not_like
    notilike = not_ilike

    def startswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        if not autoescape:
            made = plain_comparison(self, other, op.startswith_op, op.not_startswith_op, _escape(escape))
            if made is not None:
                return made
        return super().startswith(other, escape, autoescape)

    def endswith(self, other: Any, escape: str | None = None, autoescape: bool = False) -> Any:
        if not autoescape:
            made = plain_comparison(self, other, op.endswith_op, op.not_endswith_op, _escape(escape))
            if made is not None:
                return made
        return super().endswith(other, escape, autoescape)

    def contains(self, other: Any, **kw: Any) -> Any:
        made = None if kw else plain_comparison(self, other, op.contains_op, op.not_contains_op, None)
        return super().contains(other, **kw) if made is None else made

    def is_distinct_from(self, other: Any) -> Any:
        made = plain_comparison(self, other, op.is_distinct_from, op.is_not_distinct_from, None)
        return super().is_distinct_from(other) if made is None else made

    def is_not_distinct_from(self, other: Any) -> Any:
        made = plain_comparison(self, other, op.is_not_distinct_from, op.is_distinct_from, None)
        return super().is_not_distinct_from(other) if made is None else made

    isnot_distinct_from = is_not_distinct_from

    def is_(self, other: Any) -> Any:
        made = plain_is_null(self, op.is_, op.is_not) if other is None else None
        return super().is_(other) if made is None else made

    def is_not(self, other: Any) -> Any:
        made = plain_is_null(self, op.is_not, op.is_) if other is None else None
        return super().is_not(other) if made is None else made

    isnot = is_not

    def in_(self, other: Any) -> Any:
        made = plain_in(self, other, op.in_op, op.not_in_op) if type(other) in _LISTS else None
        return super().in_(other) if made is None else made

    def not_in(self, other: Any) -> Any:
        made = plain_in(self, other, op.not_in_op, op.in_op) if type(other) in _LISTS else None
        return super().not_in(other) if made is None else made

    notin_ = not_in


_LISTS = frozenset((list, tuple, set, frozenset))
