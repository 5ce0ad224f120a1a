"""
``upsert()`` in Firebird: UPDATE OR INSERT where it means the same, MERGE otherwise.

``UPDATE OR INSERT INTO t (...) VALUES (...) MATCHING (key)`` updates all columns that it would insert, and
takes NULL for equal to NULL.  So it is written for one row without defaults, whose key can't be NULL.

Source: https://firebirdsql.org/file/documentation/html/en/refdocs/fblangref50/firebird-50-language-reference.html
(6.3 and 6.5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar.compile.merge import MergeRules
from relvar.dialects.firebird.casting import CastRules

if TYPE_CHECKING:
    from relvar.compile.assignment import Crud
    from relvar.compile.upsert import Conflict


class FBMergeRules(MergeRules, CastRules):
    """
    Rules for an upsert.
    """

    # one row before Firebird 5
    _merge_returns = True

    def _merge_text(self, stmt: Any, crud: Crud, conflict: Conflict, kw: dict[str, Any]) -> str:
        if not _is_update_or_insert(stmt, crud, conflict):
            return super()._merge_text(stmt, crud, conflict, kw)
        names = ", ".join(assignment.name for assignment in crud.single)
        values = ", ".join(assignment.text for assignment in crud.single)
        key = ", ".join(self.preparer.quote(column.name) for column in conflict.target)
        table = self.preparer.format_table(stmt.table)
        return f"UPDATE OR INSERT INTO {table} ({names}) VALUES ({values}) MATCHING ({key})"

    def _merge_value(self, column: Any, text: str) -> str:
        # a parameter in a list of columns has no type
        table = self.preparer.format_table(column.table)
        return f"CAST({text} AS TYPE OF COLUMN {table}.{self.preparer.quote(column.name)})"


def _is_update_or_insert(stmt: Any, crud: Crud, conflict: Conflict) -> bool:
    """
    Tell whether UPDATE OR INSERT means what an upsert says.
    """
    if stmt.select is not None or crud.rows or conflict.where is not None or not conflict.assignments:
        return False
    if any(column.nullable for column in conflict.target):
        return False
    new = conflict.excluded.c
    changed = {column.key for column, value in conflict.assignments if value is new[column.key]}
    keys = {column.key for column in conflict.target}
    return len(changed) == len(conflict.assignments) and changed | keys == {
        assignment.column.key for assignment in crud.single
    }
