"""
INSERT with what only SQLite has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from relvar import exc
from relvar.expr import coerce_rows
from relvar.expr.grouping import ClauseList
from relvar.stmt.onconflict import ConflictInsert, OnConflictClause, OnConflictDoNothing, OnConflictDoUpdate

__all__ = ["Insert", "OnConflictClause", "OnConflictDoNothing", "OnConflictDoUpdate", "insert"]


class ConflictClauses(ClauseList):
    """
    Several ON CONFLICT clauses, tried in order.
    """

    __visit_name__ = "element_list"
    inherit_cache: bool = True


class Insert(ConflictInsert):
    """
    ``INSERT`` with ``ON CONFLICT``, of which there may be several.
    """

    stringify_dialect = "sqlite"
    inherit_cache: bool = True

    def on_conflict_do_update(
        self,
        index_elements: Iterable[Any] | None = None,
        index_where: Any = None,
        set_: Any = None,
        where: Any = None,
    ) -> Self:
        """
        Update the row that is there already.

        Args:
            index_elements: The columns of a unique index or constraint; without them, any constraint, and the
                clause must be the last one.
            index_where: The condition of the index, if it is a partial one.
            set_: Column or key -> value.
            where: Only update rows for which this holds.

        Raises:
            InvalidRequestError: an earlier clause is about any constraint already.

        >>> from relvar import Column, Integer, MetaData, Table, create_engine, select
        >>> from relvar.dialects.sqlite import insert
        >>> engine, metadata = create_engine("sqlite://"), MetaData()
        >>> hits = Table("hits", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
        >>> one = insert(hits).values(id=1, n=1)
        >>> upsert = one.on_conflict_do_update(index_elements=["id"], set_={"n": hits.c.n + one.excluded.n})
        >>> with engine.begin() as connection:
        ...     metadata.create_all(connection)
        ...     for _ in range(3):
        ...         _ = connection.execute(upsert)
        ...     connection.execute(select(hits)).all()
        [(1, 3)]
        """
        return self._with_conflict_clause(
            OnConflictDoUpdate(
                self.table,
                None,
                index_elements,
                index_where,
                set_,
                where,
                dialect_name="sqlite",
                target_required=False,
            )
        )

    def on_conflict_do_nothing(
        self, index_elements: Iterable[Any] | None = None, index_where: Any = None
    ) -> Self:
        """
        Leave the row that is there already.

        Args and errors are as for `on_conflict_do_update`.

        >>> from relvar import column, table
        >>> from relvar.dialects.sqlite import insert
        >>> users = table("users", column("id"), column("name"))
        >>> print(insert(users).values(id=1).on_conflict_do_nothing(index_elements=["id"]))
        INSERT INTO users (id) VALUES (?) ON CONFLICT (id) DO NOTHING
        """
        return self._with_conflict_clause(
            OnConflictDoNothing(None, index_elements, index_where, dialect_name="sqlite")
        )

    def _with_conflict_clause(self, clause: OnConflictClause) -> Self:
        made = self._clone()
        before = self._post_values_clause
        clauses: list[Any] = []
        if before is not None:
            clauses = list(before.clauses) if isinstance(before, ConflictClauses) else [before]
        if clauses and clauses[-1].inferred_target_elements is None:
            raise exc.InvalidRequestError(
                "This Insert construct already has an ON CONFLICT clause that omits a conflict target; such "
                "a clause must be the last ON CONFLICT clause in the statement"
            )
        made._post_values_clause = (
            ConflictClauses._construct_raw(None, [*clauses, clause]) if clauses else clause
        )
        return made


def insert(table: Any) -> Insert:
    """
    Return an INSERT into *table*, with SQLite's methods.

    >>> from relvar import column, table
    >>> from relvar.dialects.sqlite import insert
    >>> users = table("users", column("id"), column("name"))
    >>> print(insert(users).values(id=1).on_conflict_do_nothing())
    INSERT INTO users (id) VALUES (?) ON CONFLICT DO NOTHING
    """
    return Insert(coerce_rows.dml_table(table))
