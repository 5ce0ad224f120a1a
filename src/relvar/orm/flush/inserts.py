# Compiled as it is, see setup.py.
"""
Run the INSERTs of a flush.

How a batch runs depends on what has to come back (`Way.how`):

``many``
    nothing: one executemany;
``each``
    a key that the driver tells (SQLite, MySQL): one execute per row and its
    ``lastrowid``, which is exact and, measured on SQLite, faster than batched
    ``RETURNING``;
``returning``
    keys or server defaults otherwise: batched ``INSERT ... RETURNING``, rows in
    the order of the parameters.

A row with SQL expressions among its values has a statement of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar._kernels.attributes import probe, set_loaded
from relvar._kernels.flush import COMPUTE, store_values
from relvar.engine.prepared import run_each, run_many, run_returning
from relvar.expr import make
from relvar.orm.flush.changes import Batch
from relvar.orm.flush.facts import ColumnFacts, TableFacts
from relvar.orm.flush.notice import tell_refreshed
from relvar.orm.flush.statements import (
    Prepared,
    prepare_insert,
    prepare_insert_for_key,
    returns_inserted,
)

__all__ = ["emit_insert", "expire_keys", "store_returned"]

State = Any

MANY, EACH, RETURNING = "many", "each", "returning"


class Way:
    """
    How rows of one shape are inserted into one table on one kind of database.
    """

    how: str
    how_one: str
    refreshed: list[str]

    __slots__ = (
        "_known",
        "computed",
        "fetch",
        "how",
        "how_one",
        "names",
        "refreshed",
        "returning",
        "stale",
    )

    def __init__(self, table: TableFacts, mask: int, dialect: Any, is_eager: bool) -> None:
        given = [c for c in table.columns if mask >> c.index & 1]
        left_out = [c for c in table.columns if not mask >> c.index & 1]
        # A key that nobody generates is not asked for; the database will say that it is missing.
        missing = [c for c in table.pk if c in left_out and (c is table.generated or c.is_server_set)]
        defaults = [c for c in table.server_set if c in left_out]
        returns = returns_inserted(table.table, dialect)
        wanted = defaults if is_eager and returns else []
        self._known: tuple[Any, Prepared, Any] | None = None
        self.names: tuple[str, ...] = tuple(c.name for c in given)
        self.computed: tuple[tuple[int, str], ...] = tuple(
            (i, c.key) for i, c in enumerate(given) if c.when_missing == COMPUTE
        )
        self.fetch: list[ColumnFacts] = [*missing, *wanted]
        self.returning: tuple[Any, ...] = tuple(c.column for c in self.fetch)
        self.stale: list[str] = [c.key for c in defaults if c not in wanted]
        self.refreshed = [key for i, key in self.computed if not given[i].is_pk]
        self.refreshed += [c.key for c in self.fetch if not c.is_pk] + table.counted
        tells = (
            not wanted
            and len(missing) == 1
            and missing[0] is table.generated
            and bool(dialect.postfetch_lastrowid)
            and not (returns and dialect.favor_returning_over_lastrowid)
        )
        if not self.fetch:
            self.how = self.how_one = MANY
        else:
            self.how = self.how_one = RETURNING if returns else MANY
            if tells:
                self.how_one = EACH
                # A server far away: one round trip for many rows beats one per row.
                if dialect.name == "sqlite" or not returns:
                    self.how = EACH

    def prepared(self, connection: Any, table: TableFacts, for_key: bool) -> tuple[Prepared, Any]:
        """
        Return the statement that has values for parameters only, and the processor of the key that it makes.

        The last answer is kept together with the cache it came from: a session
        with one object asks the same question each time.

        Args:
            for_key: Each row tells its key; a way has either such a statement or another.
        """
        cache = connection.engine._compiled_cache
        known = self._known
        if known is not None and known[0] is cache and not connection._execution_options:
            return known[1], known[2]
        process = None
        if for_key:
            prepared = prepare_insert_for_key(connection, table, self.names)
            process = self.fetch[0].column.type._cached_result_processor(connection.dialect, None)
        else:
            prepared = prepare_insert(connection, table, self.names)
        if cache is not None and not connection._execution_options:
            self._known = (cache, prepared, process)
        return prepared, process


def way_for(table: TableFacts, mask: int, dialect: Any, is_eager: bool) -> Way:
    """
    Return how to insert rows with the columns of *mask*.
    """
    key = (mask, is_eager, dialect.name, dialect.insert_returning, dialect.postfetch_lastrowid)
    way: Way | None = table.ways.get(key)
    if way is None:
        way = table.ways[key] = Way(table, mask, dialect, is_eager)
    return way


def emit_insert(unit: Any, connection: Any, table: TableFacts, batch: Batch) -> None:
    """
    Insert the rows of *batch* and put what the database made into the objects.
    """
    dialect = connection.dialect
    states, rows = batch.states, batch.rows
    is_eager = bool(table.server_set) and bool(states[0].manager.mapper.eager_defaults)
    way = way_for(table, batch.mask, dialect, is_eager)
    for i, key in way.computed:
        store_values(states, key, [row[i] for row in rows])
    for key, inherited in table.copied:
        store_values(states, key, [probe(state(), inherited) for state in states])
    if batch.expressions:
        _insert_expressions(unit, connection, table, batch, way, is_eager)
        return
    how = way.how_one if len(rows) == 1 else way.how
    if how == RETURNING:
        # Rows without any value cannot stand in one VALUES list.
        many = len(rows) > 1 and bool(way.names)
        prepared = prepare_insert(connection, table, way.names, way.returning, many)
        returned = run_returning(connection, prepared.plan, prepared.arrange(connection, rows))
        layout = prepared.plan.layout
        store_returned(states, way.fetch, returned, layout.processors if layout else None)
    elif how == EACH:
        prepared, process = way.prepared(connection, table, True)
        ids = run_each(connection, prepared.plan, prepared.arrange(connection, rows))
        key = way.fetch[0].key
        store_values(states, key, ids if process is None else [process(i) for i in ids])
    else:
        prepared, _ = way.prepared(connection, table, False)
        run_many(connection, prepared.plan, prepared.arrange(connection, rows))
    if way.refreshed:
        tell_refreshed(unit, states, way.refreshed)
    if way.stale:
        unit.expire_written(states, way.stale)


def store_returned(
    states: list[State],
    fetch: Sequence[ColumnFacts],
    returned: Sequence[Sequence[Any]],
    processors: Sequence[Any] | None,
) -> None:
    """
    Put returned columns into the objects.
    """
    for i, column in enumerate(fetch):
        process = processors[i] if processors else None
        if process is None:
            values = [row[i] for row in returned]
        else:
            values = [process(row[i]) for row in returned]
        store_values(states, column.key, values)


def _insert_expressions(
    unit: Any, connection: Any, table: TableFacts, batch: Batch, way: Way, is_eager: bool
) -> None:
    """
    Insert one row that has SQL expressions among its values.
    """
    assert batch.expressions is not None
    (state,) = batch.states
    stmt = make.Insert(table.table).values({column.key: value for column, value in batch.expressions.items()})
    params = dict(zip(way.names, batch.rows[0], strict=True))
    written = [table.by_name[column.key] for column in batch.expressions]
    wanted = [c for c in written if c.is_pk or (is_eager and c.is_server_set)]
    fetch = [*wanted, *[c for c in way.fetch if c not in written]]
    fetch.sort(key=lambda column: (not column.is_pk, column.index))
    if fetch and returns_inserted(table.table, connection.dialect):
        row = connection.execute(stmt.returning(*[c.column for c in fetch]), params).one()
        store_returned(batch.states, fetch, [row], None)
    else:
        fetch = []
        obj = state()
        result = connection.execute(stmt, params)
        for column, value in zip(table.pk, result.inserted_primary_key or (), strict=False):
            if value is not None:
                set_loaded(obj, column.key, value)
    refreshed = {key for i, key in way.computed if not table.by_key[key].is_pk}
    refreshed.update(table.counted, (c.key for c in fetch if not c.is_pk))
    if refreshed:
        tell_refreshed(unit, batch.states, refreshed)
    expire_keys(state, [c.key for c in written if not c.is_pk and c not in fetch])
    stale = [c.key for c in table.server_set if c.name not in params and c not in written and c not in fetch]
    if stale:
        unit.expire_written(batch.states, stale)


def expire_keys(state: State, keys: Sequence[str]) -> None:
    """
    Let attributes be loaded when they are read next.
    """
    if keys and state() is not None:
        state.expire(list(keys))
