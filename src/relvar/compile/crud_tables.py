"""
UPDATE of several tables: whose columns may be set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from relvar import exc

if TYPE_CHECKING:
    from relvar.compile.crud_plan import Plan


def check_tables(plan: Plan, given: Iterable[Any]) -> None:
    """
    Refuse columns of tables that the UPDATE does not have; aliases of its own table stand for that.
    """
    own, others = plan.stmt.table, []
    for column in given:
        table = getattr(column, "table", None)
        if table is None or table in own._from_objects or table in plan.extra_tables:
            continue
        named = own.c.get(column.key)
        if named is None or not named.shares_lineage(column):
            others.append(table)
    if others:
        names = ", ".join(f"'{name}'" for name in sorted({table.name for table in others}))
        problem = (
            "Statement is not a multi-table UPDATE statement"
            if plan.compiler.render_table_with_column_in_update_from
            else "Backend does not support additional tables in the SET clause"
        )
        raise exc.CompileError(f"{problem}; cannot include columns from table(s) {names} in SET clause")


def assign_further_tables(plan: Plan, parameters: dict[str, Any], given: Mapping[Any, Any]) -> None:
    """
    Assign columns of further tables that an UPDATE names.
    """
    others = [column for column in given if column.table in plan.extra_tables]
    if not others:
        return
    if not plan.compiler.render_table_with_column_in_update_from:
        names = ", ".join(f"'{name}'" for name in sorted({c.table.name for c in others}))
        raise exc.CompileError(
            "Backend does not support additional tables in the SET clause; cannot include columns from "
            f"table(s) {names} in SET clause"
        )
    order = {table: i for i, table in enumerate(plan.extra_tables)}
    places = {column: i for table in order for i, column in enumerate(table.c)}
    for column in sorted(others, key=lambda c: (order[c.table], places[c])):
        key = plan.key_of(column)
        plan._given(column, key, parameters[key])
    for table in dict.fromkeys(column.table for column in others):
        for column in table.c:
            if column in given:
                continue
            if column.onupdate is not None or column.server_onupdate is not None:
                plan._update_default(column)
