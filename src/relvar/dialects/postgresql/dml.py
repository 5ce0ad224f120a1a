"""
INSERT with what only PostgreSQL has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from relvar.expr import coerce
from relvar.stmt.upsert import ConflictInsert, OnConflictClause, OnConflictDoNothing, OnConflictDoUpdate

__all__ = ["Insert", "OnConflictClause", "OnConflictDoNothing", "OnConflictDoUpdate", "insert"]


class Insert(ConflictInsert):
    """
    ``INSERT`` with ``ON CONFLICT``.
    """

    inherit_cache = True

    def on_conflict_do_update(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
    ) -> Self:
        """
        Update the row that is there already.

        Args:
            constraint: The constraint (or its name) that the new row would violate.
            index_elements: Instead of a constraint, the columns of a unique index.
            index_where: The condition of the index, if it is a partial one.
            set_: Column or key -> value.
            where: Only update rows for which this holds.
        """
        return self._with_conflict_clause(
            OnConflictDoUpdate(self.table, constraint, index_elements, index_where, set_, where)
        )

    def on_conflict_do_nothing(
        self,
        constraint: Any = None,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
    ) -> Self:
        """
        Leave the row that is there already.

        Args are as for `on_conflict_do_update`; none means any constraint.
        """
        return self._with_conflict_clause(OnConflictDoNothing(constraint, index_elements, index_where))


def insert(table: Any) -> Insert:
    """
    Return an INSERT into *table*, with PostgreSQL's methods.
    """
    return Insert(coerce.dml_table(table))
