"""
``upsert()``: what a statement's conflict rule means, and where databases say how they write it.

A compiler whose database has a clause for it overrides `conflict_clause`; one whose
database has MERGE, another statement, overrides `visit_upsert`.  Both find in
`plan_conflict` what is to be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from relvar import exc
from relvar.util.fields import NamedTuple


class Conflict(NamedTuple):
    """
    What an upsert does about a row that is there.

    Attributes:
        table: The table.
        target: Columns and expressions of the unique key; empty: any key.
        index_where: The condition of a partial unique index.
        assignments: Pairs of column and value; empty: the row is left alone.
        where: Only rows for which it holds are updated.
        excluded: The row that was not inserted, as a FROM element.
        given: The columns that the statement gives values for.
    """

    table: Any
    target: Sequence[Any]
    index_where: Any
    assignments: Sequence[tuple[Any, Any]]
    where: Any
    excluded: Any
    given: Sequence[Any]


def plan_conflict(stmt: Any, column_keys: Sequence[str] | None, dialect_name: str) -> Conflict:
    """
    Resolve the conflict rule of an upsert.

    Args:
        column_keys: What the execution gives values for; None: nothing is known of it.
        dialect_name: Whose condition of a partial index to take.

    Raises:
        CompileError: It names no key and the table has no primary key.
    """
    rule, table = stmt._post_values_clause, stmt.table
    given = _given(stmt, column_keys)
    target: Sequence[Any] = ()
    if not rule.is_any:
        target = rule.target or list(table.primary_key)
        if not target:
            raise exc.CompileError(
                f"{table.name} has no primary key: say by which unique key a row is known to be there, with "
                "upsert(...).on_conflict(...)"
            )
    new = rule.excluded.c
    pairs: list[tuple[Any, Any]] = []
    if rule.assignments is not None:
        pairs = [(column, new[column.key] if value is None else value) for column, value in rule.assignments]
    elif not rule.leaves:
        known = {*map(hash, target), *map(hash, table.primary_key)}
        pairs = [(column, new[column.key]) for column in given if hash(column) not in known]
    where = next((w for name, w in rule.index_where if name in ("*", dialect_name)), None)
    return Conflict(table, target, where, pairs, rule.where, rule.excluded, given)


def _given(stmt: Any, column_keys: Sequence[str] | None) -> list[Any]:
    """
    Return the columns that the statement or its execution gives values for, in the table's order.
    """
    values: Iterable[Any] = stmt._values or ()
    if stmt._multi_values:
        values = stmt._multi_values[0][0]
    names = {key if isinstance(key, str) else key.key for key in values}
    names.update(stmt._select_names or ())
    if column_keys is None and not names:
        return [column for column in stmt.table.c if not column._omit_from_statements]
    names.update(column_keys or ())
    return [column for column in stmt.table.c if column.key in names]
