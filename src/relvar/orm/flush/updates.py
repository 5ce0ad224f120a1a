# Compiled as it is, see setup.py.
"""
Run the UPDATEs and DELETEs of a flush, and count the rows they meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.flush import store_values
from relvar.engine.prepared import run_counted, run_many, run_returning
from relvar.expr import make
from relvar.orm import exc as orm_exc
from relvar.orm.flush.changes import Batch, delete_rows
from relvar.orm.flush.facts import ColumnFacts, TableFacts
from relvar.orm.flush.inserts import expire_keys, store_returned
from relvar.orm.flush.notice import flush_warning, tell_refreshed, verify_versions
from relvar.orm.flush.statements import (
    Prepared,
    criteria,
    delete_listed,
    may_be_listed,
    prepare_delete,
    prepare_update,
    update_listed,
)

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = ["emit_delete", "emit_update"]


def emit_update(unit: UOWTransaction, connection: Any, table: TableFacts, batch: Batch) -> None:
    """
    Update the rows of *batch*.

    Raises:
        StaleDataError: fewer rows were there than expected.
    """
    names = tuple([c.name for c in table.columns if batch.mask >> c.index & 1])
    find = table.find
    fetch = _wanted_values(connection, table, batch, names) if table.server_updated else []
    if batch.expressions:
        matched = _update_expressions(connection, table, batch, names, find, fetch)
    elif fetch:
        matched = _update_returning(connection, table, batch, names, find, fetch)
    else:
        prepared = prepare_update(connection, table, names, find)
        rows = prepared.arrange(connection, batch.rows)
        listed = update_listed(connection, table, prepared, rows)
        matched = _run(connection, prepared, rows, table.version is not None) if listed is None else listed
    if matched not in (-1, len(batch.rows)) and connection.dialect.supports_sane_rowcount:
        raise orm_exc.StaleDataError(
            f"UPDATE statement on table '{table.table.description}' expected to update "
            f"{len(batch.rows)} row(s); {matched} were matched."
        )
    if table.has_values_after_update or batch.expressions:
        _after_update(unit, table, batch, names, fetch)


def _wanted_values(
    connection: Any, table: TableFacts, batch: Batch, names: tuple[str, ...]
) -> list[ColumnFacts]:
    """
    Return the columns that the server computes and the mapper wants at once.
    """
    if not connection.dialect.update_returning or not table.table.implicit_returning:
        return []
    eager = batch.states[0].manager.mapper.eager_defaults is True
    # the next UPDATE needs the version, so it is fetched in any case
    return [c for c in table.server_updated if c.name not in names and (eager or c is table.version)]


def _update_returning(
    connection: Any,
    table: TableFacts,
    batch: Batch,
    names: tuple[str, ...],
    find: tuple[str, ...],
    fetch: list[ColumnFacts],
) -> int:
    """
    Update row by row and put what the server computed into the objects.

    Returns:
        The number of rows that were there.
    """
    prepared = prepare_update(connection, table, names, find, tuple(c.column for c in fetch))
    states: list[Any] = []
    returned: list[Any] = []
    for state, row in zip(batch.states, prepared.arrange(connection, batch.rows), strict=True):
        found = run_returning(connection, prepared.plan, [row])
        if found:
            states.append(state)
            returned += found[:1]
    layout = prepared.plan.layout
    store_returned(states, fetch, returned, layout.processors if layout else None)
    return len(states)


def _run(connection: Any, prepared: Prepared, rows: Sequence[tuple[Any, ...]], must_count: bool) -> int:
    """
    Run one statement for all rows.

    Args:
        rows: In the plan's order.
        must_count: Run row by row where the driver does not count otherwise.

    Returns:
        The number of rows matched, -1 if it is not known.
    """
    if len(rows) > 1 and not connection.dialect.supports_sane_multi_rowcount:
        if must_count:
            return sum(run_counted(connection, prepared.plan, rows))
        run_many(connection, prepared.plan, rows)
        return -1
    count: int = run_many(connection, prepared.plan, rows)
    return count


def _update_expressions(
    connection: Any,
    table: TableFacts,
    batch: Batch,
    names: tuple[str, ...],
    find: tuple[str, ...],
    fetch: list[ColumnFacts],
) -> int:
    assert batch.expressions is not None
    condition, parameters = criteria(table, find)
    values = {column.key: value for column, value in batch.expressions.items()}
    stmt = make.Update(table.table).where(condition).values(values)
    params = dict(zip((*names, *parameters), batch.rows[0], strict=True))
    if fetch:
        rows = connection.execute(stmt.returning(*[c.column for c in fetch]), params).all()
        store_returned(batch.states[: len(rows)], fetch, rows, None)
        return len(rows)
    count: int = connection.execute(stmt, params).rowcount
    return count


def _after_update(
    unit: UOWTransaction, table: TableFacts, batch: Batch, names: tuple[str, ...], fetched: list[ColumnFacts]
) -> None:
    """
    Put new versions and ``onupdate`` values into the objects; expire what the
    server has computed.
    """
    stored = [*table.with_onupdate]
    if table.version is not None:
        unit.versioned.update(batch.states)
        stored.append(table.version)
        verify_versions(batch.states, table.version.key, False)
    refreshed = [c.key for c in fetched]
    for column in stored:
        if column.name in names:
            i = names.index(column.name)
            store_values(batch.states, column.key, [row[i] for row in batch.rows])
            refreshed.append(column.key)
    if refreshed:
        tell_refreshed(unit, batch.states, refreshed)
    stale = [c.key for c in table.server_updated if c.name not in names and c not in fetched]
    if stale:
        unit.expire_written(batch.states, stale)
    if batch.expressions:
        expire_keys(batch.states[0], [table.by_name[column.key].key for column in batch.expressions])


def emit_delete(unit: UOWTransaction, connection: Any, table: TableFacts, states: list[Any]) -> None:
    """
    Delete the rows of *states*; warn when rows were not there.

    Raises:
        StaleDataError: rows were not there, and have a version.
    """
    mapper = states[0].manager.mapper
    if mapper.passive_deletes and mapper.inherits is not None and table.table is mapper.local_table:
        # ON DELETE CASCADE of the base table takes this row along.
        return
    rows = delete_rows(table, states)
    if table.version is None and may_be_listed(connection, table, rows):
        matched = delete_listed(connection, table, table.find, rows)
    else:
        prepared = prepare_delete(connection, table, table.find)
        arranged = prepared.arrange(connection, rows)
        matched = _run(connection, prepared, arranged, table.version is not None)
    if matched in (-1, len(rows)) or not connection.dialect.supports_sane_rowcount:
        return
    if not mapper.base_mapper.confirm_deleted_rows:
        return
    message = (
        f"DELETE statement on table '{table.table.description}' expected to delete "
        f"{len(rows)} row(s); {matched} were matched.  Please set confirm_deleted_rows=False within the "
        "mapper configuration to prevent this warning."
    )
    if table.version is not None:
        raise orm_exc.StaleDataError(message)
    flush_warning(unit.session, message)
