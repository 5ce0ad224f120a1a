"""
INSERT with what only PostgreSQL has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from relvar.expr import coerce_rows
from relvar.stmt.onconflict import ConflictInsert, OnConflictClause, OnConflictDoNothing, OnConflictDoUpdate

__all__ = ["Insert", "OnConflictClause", "OnConflictDoNothing", "OnConflictDoUpdate", "insert"]


class Insert(ConflictInsert):
    """
    ``INSERT`` with ``ON CONFLICT``.
    """

    inherit_cache: bool = True

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

        >>> from relvar import column, table
        >>> from relvar.dialects.postgresql import dialect, insert
        >>> one = insert(table("hits", column("id"), column("n"))).values(id=1, n=1)
        >>> upsert = one.on_conflict_do_update(index_elements=["id"], set_={"n": one.excluded.n})
        >>> print(upsert.compile(dialect=dialect()))
        INSERT INTO hits (id, n) VALUES (%(id)s, %(n)s) ON CONFLICT (id) DO UPDATE SET n = excluded.n
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

        >>> from relvar import column, table
        >>> from relvar.dialects.postgresql import dialect, insert
        >>> users = table("users", column("id"), column("name"))
        >>> upsert = insert(users).values(id=1).on_conflict_do_nothing(constraint="pk_users")
        >>> print(upsert.compile(dialect=dialect()))
        INSERT INTO users (id) VALUES (%(id)s) ON CONFLICT ON CONSTRAINT pk_users DO NOTHING
        """
        return self._with_conflict_clause(OnConflictDoNothing(constraint, index_elements, index_where))


def insert(table: Any) -> Insert:
    """
    Return an INSERT into *table*, with PostgreSQL's methods.

    >>> from relvar import column, table
    >>> from relvar.dialects.postgresql import dialect, insert
    >>> users = table("users", column("id"), column("name"))
    >>> print(insert(users).values(id=1).on_conflict_do_nothing().compile(dialect=dialect()))
    INSERT INTO users (id) VALUES (%(id)s) ON CONFLICT DO NOTHING
    """
    return Insert(coerce_rows.dml_table(table))
