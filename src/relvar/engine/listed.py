"""
Statements that have the values of many rows each, in place of a statement for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relvar.engine.base import Connection
    from relvar.engine.plan import Plan


def list_writer(conn: Connection, plan: Plan, count: int) -> Any:
    """
    Return what writes *count* rows of a plan as few statements, None if nothing does.
    """
    writer = plan.list_writer
    if writer is None:
        writer = plan.list_writer = conn.dialect._list_writer(plan) or False
    return None if writer is False or count < writer.fewest else writer


def listed_statements(
    dbapi_connection: Any, writer: Any, rows: Sequence[Sequence[Any]]
) -> list[tuple[Sequence[Sequence[Any]], str, Any]] | None:
    """
    Return the rows, text and parameters of each statement; None where some rows can't go so.
    """
    made: list[tuple[Sequence[Sequence[Any]], str, Any]] = []
    for start in range(0, len(rows), writer.most):
        part = rows[start : start + writer.most]
        statement = writer.statement(part, dbapi_connection)
        if statement is None:
            return None
        made.append((part, *statement))
    return made
