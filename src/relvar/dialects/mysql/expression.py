"""
Expressions that only MySQL and MariaDB have: full text search with its modes.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr import coerce
from relvar.expr import operators as op
from relvar.expr.binary import BinaryExpression
from relvar.expr.boolean import BooleanClauseList
from relvar.expr.grouping import Grouping
from relvar.expr.unary import UnaryExpression
from relvar.types import NULLTYPE
from relvar.util.immutable import immutabledict

__all__ = ["match"]


class match(BinaryExpression[Any]):  # as SQLAlchemy spells it
    """
    ``MATCH (columns) AGAINST (text)``.

    As a condition it is true for rows that match, as a value it tells how well.
    """

    __visit_name__ = "mysql_match"
    inherit_cache: bool = True
    stringify_dialect = "mysql"

    def __init__(self, *cols: Any, **kw: Any) -> None:
        """
        Args:
            cols: The columns to search.
            against: What to search for.
            in_boolean_mode: ``+`` and ``-`` before words are operators.
            in_natural_language_mode: Words are words (the default).
            with_query_expansion: Search again with words of the best matches.

        Raises:
            ArgumentError: There are no columns, or nothing to search for.
        """
        if not cols:
            raise exc.ArgumentError("columns are required")
        against = kw.pop("against", None)
        if against is None:
            raise exc.ArgumentError("against is required")
        against = coerce.operand(against)
        left = BooleanClauseList._construct_raw(op.comma_op, [coerce.operand(column) for column in cols])
        left.group = False
        modes = {
            "mysql_boolean_mode": kw.pop("in_boolean_mode", False),
            "mysql_natural_language": kw.pop("in_natural_language_mode", False),
            "mysql_query_expansion": kw.pop("with_query_expansion", False),
        }
        if kw:
            raise exc.ArgumentError(f"unknown arguments: {', '.join(kw)}")
        super().__init__(left, against, op.match_op, modifiers=immutabledict(modes))
        self.type = NULLTYPE

    def _negate(self) -> Any:
        return UnaryExpression(Grouping(self), operator=op.inv, type_=self.type)

    def _with_mode(self, name: str) -> Any:
        made = self._clone()
        made.modifiers = immutabledict({**self.modifiers, name: True})
        return made

    def in_boolean_mode(self) -> Any:
        """
        Return a copy that searches ``IN BOOLEAN MODE``.
        """
        return self._with_mode("mysql_boolean_mode")

    def in_natural_language_mode(self) -> Any:
        """
        Return a copy that searches ``IN NATURAL LANGUAGE MODE``.
        """
        return self._with_mode("mysql_natural_language")

    def with_query_expansion(self) -> Any:
        """
        Return a copy that searches ``WITH QUERY EXPANSION``.
        """
        return self._with_mode("mysql_query_expansion")
