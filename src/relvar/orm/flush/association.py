"""
Write rows of association tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar.engine.prepared import run_many
from relvar.orm import exc as orm_exc
from relvar.orm.flush.emit import DefaultContext
from relvar.orm.flush.facts import ColumnFacts, TableFacts
from relvar.orm.flush.statements import (
    Prepared,
    delete_listed,
    may_be_listed,
    prepare_delete,
    prepare_insert,
    prepare_update,
)

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = ["emit_association_rows"]

Row = dict[str, Any]


def emit_association_rows(
    unit: UOWTransaction,
    secondary: Any,
    mapper: Any,
    deletes: Sequence[Row],
    inserts: Sequence[Row],
    moved: Sequence[tuple[Row, Row]],
    doubtful: Sequence[Row],
) -> None:
    """
    Delete, change and insert rows of an association table.

    Args:
        moved: Rows before and after.
        doubtful: Rows to delete that may not be there.

    Raises:
        StaleDataError: a row to delete or change was not there.
    """
    if not deletes and not inserts and not moved:  # what is doubtful is inserted as well
        return
    connection = unit.session._connection_for_flush(mapper)
    facts = _facts_of(secondary)
    if deletes:
        names = _names(facts, deletes[0])
        rows = [_values(row, names) for row in deletes]
        if may_be_listed(connection, facts, rows):
            # not counted, as where there is a statement for each
            delete_listed(connection, facts, names, rows)
        else:
            _run(connection, secondary, "DELETE", prepare_delete(connection, facts, names), rows)
    if doubtful:
        names = _names(facts, doubtful[0])
        prepared = prepare_delete(connection, facts, names)
        rows = [_values(row, names) for row in doubtful]
        run_many(connection, prepared.plan, prepared.arrange(connection, rows))
    if moved:
        _compute(connection, facts, [after for _, after in moved], isinsert=False)
        find, names = (_names(facts, row) for row in moved[0])
        prepared = prepare_update(connection, facts, names, find)
        rows = [(*_values(after, names), *_values(before, find)) for before, after in moved]
        _run(connection, secondary, "UPDATE", prepared, rows)
    if inserts:
        _compute(connection, facts, inserts, isinsert=True)
        names = _names(facts, inserts[0])
        prepared = prepare_insert(connection, facts, names)
        rows = [_values(row, names) for row in inserts]
        run_many(connection, prepared.plan, prepared.arrange(connection, rows))


def _compute(connection: Any, facts: TableFacts, rows: Sequence[Row], isinsert: bool) -> None:
    """Add the values of further columns that have a Python-side default."""
    for column in facts.columns:
        compute = column.default if isinsert else column.onupdate
        if compute is None:
            continue
        for row in rows:
            if column.name not in row:
                row[column.name] = compute(DefaultContext(connection, row, isinsert))


def _run(
    connection: Any, secondary: Any, action: str, prepared: Prepared, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run a statement for rows that must be there."""
    matched = run_many(connection, prepared.plan, prepared.arrange(connection, rows))
    dialect = connection.dialect
    if not dialect.supports_sane_rowcount:
        return
    if len(rows) > 1 and not dialect.supports_sane_multi_rowcount:
        return
    if matched not in (-1, len(rows)):
        raise orm_exc.StaleDataError(
            f"{action} statement on table '{secondary.description}' expected to {action.lower()} "
            f"{len(rows)} row(s); Only {matched} were matched."
        )


def _facts_of(secondary: Any) -> TableFacts:
    """
    Return the columns of an association table as statements want them.
    """
    facts: TableFacts | None = secondary.__dict__.get("_association_facts")
    if facts is None:
        columns = [ColumnFacts(c, c.key, i, False) for i, c in enumerate(secondary.c)]
        facts = secondary.__dict__["_association_facts"] = TableFacts(secondary, columns, None)
    return facts


def _values(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple([row[name] for name in names])


def _names(facts: TableFacts, row: Row) -> tuple[str, ...]:
    return tuple([c.name for c in facts.columns if c.name in row])
