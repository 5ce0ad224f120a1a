"""
Run the steps of a flush against the database.

The only module of the flush that does I/O.  For each batch of `changes` there is
one prepared statement; how it runs depends on what has to come back:

1. nothing: one executemany;
2. a key that the driver tells (SQLite, MySQL): one execute per row and its
   ``lastrowid``, which is exact and, measured on SQLite, faster than batched
   ``RETURNING``;
3. keys or server defaults otherwise: batched ``INSERT ... RETURNING``, rows in
   the order of the parameters;
4. a row with SQL expressions among its values: a statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.attributes import NO_VALUE, probe, set_loaded
from relvar._kernels.flush import store_values
from relvar.engine.execute import run_counted, run_each, run_many, run_returning
from relvar.orm import exc as orm_exc
from relvar.orm.flush.changes import (
    Batch,
    UpdateBatch,
    changed_columns,
    delete_rows,
    identity_values,
    insert_batches,
    take_over_batch,
    update_batches,
)
from relvar.orm.flush.facts import MapperFacts, TableFacts, facts_of
from relvar.orm.flush.notice import flush_warning
from relvar.orm.flush.statements import (
    criteria,
    prepare_delete,
    prepare_insert,
    prepare_update,
)
from relvar.stmt.insert import insert
from relvar.stmt.update import update

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = ["delete_states", "emit_association_rows", "emit_post_updates", "save_states"]

State = Any


class DefaultContext:
    """
    What a function given as ``default=`` or ``onupdate=`` sees of the flush.
    """

    __slots__ = ("connection", "current_parameters", "isinsert", "isupdate")

    def __init__(self, connection: Any, parameters: dict[str, Any], isinsert: bool) -> None:
        self.connection = connection
        self.current_parameters = parameters
        self.isinsert = isinsert
        self.isupdate = not isinsert

    @property
    def dialect(self) -> Any:
        """
        The dialect of the connection.
        """
        return self.connection.dialect

    @property
    def engine(self) -> Any:
        """
        The engine of the connection.
        """
        return self.connection.engine

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """
        Return the values of the row so far, by column key.
        """
        return self.current_parameters


# -- saving ------------------------------------------------------------------


def save_states(unit: UOWTransaction, base: Any, states: Sequence[State]) -> None:
    """
    INSERT and UPDATE the rows of *states*, all of one base mapper.
    """
    session = unit.session
    pending, persistent = _split(session, states)
    connection = session._connection_for_flush(base)
    _before_events(unit, connection, pending, persistent)
    taken_over = _take_overs(unit, pending)
    if taken_over:
        pending = [s for s in pending if s not in taken_over]
    for mapper_facts in _facts_of_states(pending):
        _set_discriminator(mapper_facts, pending)
    for table in _tables_of(base, pending, persistent, taken_over):
        _save_table(unit, connection, table, pending, persistent, taken_over)
    for state in taken_over:
        unit.taken_over[state] = taken_over[state]
    _after_events(unit, connection, [*pending, *taken_over], persistent)


def _split(session: Any, states: Sequence[State]) -> tuple[list[State], list[State]]:
    """
    Separate new rows, in the order they were added, from existing ones, by key.
    """
    pending = [s for s in states if s.pk is None]
    persistent = [s for s in states if s.pk is not None]
    if len(pending) > 1:
        position = session._insert_positions()
        pending.sort(key=lambda s: position.get(s, 0))
    if len(persistent) > 1:
        try:
            persistent.sort(key=lambda s: s.pk)
        except TypeError:  # keys that do not compare stay in the order of the flush
            pass
    return pending, persistent


def _facts_of_states(states: Iterable[State]) -> list[MapperFacts]:
    return [facts_of(m) for m in dict.fromkeys(s.manager.mapper for s in states)]


def _tables_of(base: Any, *groups: Iterable[State]) -> list[Any]:
    """
    Return tables in an order that inherited keys allow: parents first.
    """
    mappers = dict.fromkeys(s.manager.mapper for group in groups for s in group)
    tables: dict[Any, None] = {}
    for mapper in sorted(mappers, key=lambda m: len(facts_of(m).tables)):
        for table_facts in facts_of(mapper).tables:
            tables[table_facts.table] = None
    return list(tables)


def _set_discriminator(facts: MapperFacts, states: Iterable[State]) -> None:
    """
    Give new objects the value that tells their class.
    """
    if facts.polymorphic is None:
        return
    key, identity = facts.polymorphic
    for state in states:
        if state.manager.mapper is facts.mapper and probe(state(), key) in (NO_VALUE, None):
            set_loaded(state(), key, identity)


def _take_overs(unit: UOWTransaction, pending: Sequence[State]) -> dict[State, State]:
    """
    Find new objects whose row exists already, under an object that goes away.

    Returns:
        New state -> the state of the deleted object.
    """
    found: dict[State, State] = {}
    identity_map = unit.session.identity_map
    for state in pending:
        keys = facts_of(state.manager.mapper).pk_keys
        obj = state()
        pk = [probe(obj, key) for key in keys]
        if any(value is None or value is NO_VALUE for value in pk):
            continue
        existing = identity_map.table(state.manager.base).get(pk[0] if len(pk) == 1 else tuple(pk))
        if existing is None or existing is state or existing() is None:
            continue
        if not unit.is_deleted(existing):
            flush_warning(
                unit.session,
                f"New instance {_name(state)} with identity key {existing.key} conflicts "
                f"with persistent instance {_name(existing)}"
            )
            continue
        unit.take_over_row(existing)
        found[state] = existing
    return found


def _name(state: State) -> str:
    return f"<{state.manager.class_.__name__} at 0x{id(state()):x}>"


def _save_table(
    unit: UOWTransaction,
    connection: Any,
    table: Any,
    pending: Sequence[State],
    persistent: Sequence[State],
    taken_over: dict[State, State],
) -> None:
    for facts, states in _by_facts(table, persistent):
        mapper_facts = facts_of(states[0].manager.mapper)
        next_version = mapper_facts.version_generator if facts.version is not None else None

        def context(parameters: dict[str, Any]) -> Any:
            return DefaultContext(connection, parameters, isinsert=False)

        bumped: set[State] = set()
        if next_version is not None and len(mapper_facts.tables) > 1:
            bumped = {s for s in states if _any_table_changed(mapper_facts, s)}
        for batch in update_batches(facts, states, context, next_version or None, bumped):
            emit_update(connection, facts, batch)
    for facts, states in _by_facts(table, list(taken_over)):
        for state in states:
            taken = take_over_batch(facts, state)
            if taken is not None:
                emit_update(connection, facts, taken)
    for facts, states in _by_facts(table, pending):
        if facts.version is not None:
            _first_version(facts, states)

        def insert_context(parameters: dict[str, Any]) -> Any:
            return DefaultContext(connection, parameters, isinsert=True)

        for insert_batch in insert_batches(facts, states, insert_context):
            emit_insert(connection, facts, insert_batch)


def _by_facts(table: Any, states: Sequence[State]) -> list[tuple[TableFacts, list[State]]]:
    """
    Split states into neighbours of one mapper that writes *table*.
    """
    found: list[tuple[TableFacts, list[State]]] = []
    last_mapper: Any = None
    facts: TableFacts | None = None
    for state in states:
        mapper = state.manager.mapper
        if mapper is not last_mapper:
            last_mapper = mapper
            facts = next((t for t in facts_of(mapper).tables if t.table is table), None)
            if facts is not None:
                found.append((facts, []))
        if facts is not None:
            found[-1][1].append(state)
    return found


def _any_table_changed(facts: MapperFacts, state: State) -> bool:
    for table in facts.tables:
        names, _, expressions = changed_columns(table, state)
        if names or expressions:
            return True
    return False


def _first_version(table: TableFacts, states: Iterable[State]) -> None:
    """
    Give new rows their first version, unless the program gave one.
    """
    assert table.version is not None
    key = table.version.key
    for state in states:
        generator = facts_of(state.manager.mapper).version_generator
        if generator and probe(state(), key) in (NO_VALUE, None):
            set_loaded(state(), key, generator(None))


# -- INSERT --------------------------------------------------------------------


def emit_insert(connection: Any, table: TableFacts, batch: Batch) -> None:
    """
    Insert the rows of *batch* and put what the database made into the objects.
    """
    if batch.expressions:
        _insert_expressions(connection, table, batch)
        return
    _store_computed(batch)
    given = set(batch.names)
    missing_pk = [c for c in table.pk if c.name not in given]
    wanted = _wanted_defaults(connection, table, batch, given)
    fetch = [*missing_pk, *wanted]
    if not fetch:
        prepared = prepare_insert(connection, table, batch.names, ())
        run_many(connection, prepared.plan, prepared.arrange(batch.rows))
    elif not wanted and _tells_lastrowid(connection.dialect, table, missing_pk, batch):
        prepared = prepare_insert(connection, table, batch.names, ())
        ids = run_each(connection, prepared.plan, prepared.arrange(batch.rows))
        key = missing_pk[0].key
        process = missing_pk[0].column.type._cached_result_processor(connection.dialect, None)
        store_values(batch.states, key, ids if process is None else [process(i) for i in ids])
    elif connection.dialect.insert_returning:
        _insert_returning(connection, table, batch, fetch)
    else:
        prepared = prepare_insert(connection, table, batch.names, ())
        run_many(connection, prepared.plan, prepared.arrange(batch.rows))
    fetched = {c.key for c in fetch} if connection.dialect.insert_returning else set()
    stale = [c.key for c in table.server_set if c.name not in given and c.key not in fetched]
    if stale:
        for state in batch.states:
            expire_keys(state, stale)


def _wanted_defaults(
    connection: Any, table: TableFacts, batch: Batch, given: set[str]
) -> list[Any]:
    """
    Return the columns whose server default is fetched along with the INSERT.
    """
    if not table.server_set or not connection.dialect.insert_returning:
        return []
    eager = batch.states[0].manager.mapper.eager_defaults
    if not eager:
        return []
    return [c for c in table.server_set if c.name not in given]


def _tells_lastrowid(dialect: Any, table: TableFacts, missing: list[Any], batch: Batch) -> bool:
    """
    Tell whether ``lastrowid`` is the way to learn the generated key.
    """
    if not dialect.postfetch_lastrowid or len(missing) != 1 or missing[0] is not table.generated:
        return False
    # A server far away: one round trip for many rows beats one per row.
    return dialect.name == "sqlite" or len(batch.rows) == 1 or not dialect.insert_returning


def _insert_returning(
    connection: Any, table: TableFacts, batch: Batch, fetch: Sequence[Any]
) -> None:
    prepared = prepare_insert(connection, table, batch.names, tuple(c.column for c in fetch))
    rows = run_returning(connection, prepared.plan, prepared.arrange(batch.rows))
    layout = prepared.plan.layout
    processors = layout.processors if layout is not None else None
    keys = [c.key for c in fetch]
    for state, row in zip(batch.states, rows, strict=True):
        obj = state()
        for i, key in enumerate(keys):
            process = processors[i] if processors else None
            value = row[i]
            set_loaded(obj, key, value if process is None else process(value))


def _insert_expressions(connection: Any, table: TableFacts, batch: Batch) -> None:
    """
    Insert one row that has SQL expressions among its values.
    """
    assert batch.expressions is not None
    state = batch.states[0]
    _store_computed(batch)
    stmt = insert(table.table).values(
        {column.key: value for column, value in batch.expressions.items()}
    )
    params = dict(zip(batch.names, batch.rows[0], strict=True))
    result = connection.execute(stmt, params)
    obj = state()
    for column, value in zip(table.pk, result.inserted_primary_key or (), strict=False):
        if value is not None:
            set_loaded(obj, column.key, value)
    stale = [table.by_name[c.key].key for c in batch.expressions if not table.by_name[c.key].is_pk]
    stale += [c.key for c in table.server_set if c.name not in params]
    expire_keys(state, list(dict.fromkeys(stale)))


def _store_computed(batch: Batch) -> None:
    """
    Put the values of Python-side defaults into the objects.
    """
    if not batch.computed:
        return
    keys = [(i, batch.keys[i]) for i in batch.computed]
    for state, row in zip(batch.states, batch.rows, strict=True):
        obj = state()
        for i, key in keys:
            set_loaded(obj, key, row[i])


def expire_keys(state: State, keys: Iterable[str]) -> None:
    """
    Let attributes be loaded when they are read next.
    """
    obj = state()
    if obj is not None:
        state.expire(list(keys))


# -- UPDATE --------------------------------------------------------------------


def emit_update(connection: Any, table: TableFacts, batch: UpdateBatch) -> None:
    """
    Update the rows of *batch*.

    Raises:
        StaleDataError: fewer rows were there than expected.
    """
    mapper = batch.states[0].manager.mapper
    if batch.expressions:
        matched = _update_expressions(connection, table, batch)
    else:
        prepared = prepare_update(connection, table, batch.names, batch.find)
        rows = prepared.arrange(batch.rows)
        dialect = connection.dialect
        if table.version is not None and not dialect.supports_sane_multi_rowcount:
            matched = sum(run_counted(connection, prepared.plan, rows))
        else:
            matched = run_many(connection, prepared.plan, rows)
            if len(rows) > 1 and not dialect.supports_sane_multi_rowcount:
                matched = -1
    if connection.dialect.supports_sane_rowcount and matched not in (-1, len(batch.rows)):
        raise orm_exc.StaleDataError(
            f"UPDATE statement on table '{table.table.description}' expected to update "
            f"{len(batch.rows)} row(s); {matched} were matched."
        )
    _after_update(mapper, table, batch)


def _update_expressions(connection: Any, table: TableFacts, batch: UpdateBatch) -> int:
    assert batch.expressions is not None
    condition, find_names = criteria(table, batch.find)
    values = {column.key: value for column, value in batch.expressions.items()}
    stmt = update(table.table).where(condition).values(values)
    params = dict(zip((*batch.names, *find_names), batch.rows[0], strict=True))
    result = connection.execute(stmt, params)
    count: int = result.rowcount
    return count


def _after_update(mapper: Any, table: TableFacts, batch: UpdateBatch) -> None:
    """
    Put new versions and ``onupdate`` values into the objects; expire what the
    server has computed.
    """
    stored = []
    if table.version is not None and table.version.name in batch.names:
        stored.append((batch.names.index(table.version.name), table.version.key))
    stored += [
        (batch.names.index(c.name), c.key) for c in table.with_onupdate if c.name in batch.names
    ]
    stale = [c.key for c in table.server_updated if c.name not in batch.names]
    if batch.expressions:
        stale += [table.by_name[column.key].key for column in batch.expressions]
    if not stored and not stale:
        return
    for state, row in zip(batch.states, batch.rows, strict=True):
        obj = state()
        for i, key in stored:
            set_loaded(obj, key, row[i])
        if stale:
            expire_keys(state, stale)


def emit_post_updates(unit: UOWTransaction, base: Any) -> None:
    """
    Set the columns that had to wait until both sides were saved.
    """
    waiting = unit.post_updates.pop(base, None)
    if not waiting:
        return
    connection = unit.session._connection_for_flush(base)
    pending, persistent = _split(unit.session, list(waiting))
    for table in _tables_of(base, pending, persistent):
        for facts, states in _by_facts(table, [*pending, *persistent]):
            batches: dict[tuple[str, ...], UpdateBatch] = {}
            for state in states:
                names, values, _ = changed_columns(facts, state, waiting[state])
                if not names:
                    continue
                shape = tuple(names)
                batch = batches.get(shape)
                if batch is None:
                    batch = batches[shape] = UpdateBatch(
                        shape, (), tuple(c.name for c in facts.pk)
                    )
                batch.rows.append((*values, *identity_values(facts, state)))
                batch.states.append(state)
            for batch in batches.values():
                emit_update(connection, facts, batch)


# -- DELETE --------------------------------------------------------------------


def delete_states(unit: UOWTransaction, base: Any, states: Sequence[State]) -> None:
    """
    DELETE the rows of *states*, all of one base mapper.
    """
    session = unit.session
    states = [s for s in states if s not in unit.listed]
    if not states:
        return
    _, states = _split(session, states)
    connection = session._connection_for_flush(base)
    for state in states:
        mapper = state.manager.mapper
        if mapper.dispatch.before_delete:
            mapper.dispatch.before_delete(mapper, connection, state())
    for table in reversed(_tables_of(base, states)):
        for facts, members in _by_facts(table, states):
            _delete_rows(unit, connection, facts, members)
    for state in states:
        mapper = state.manager.mapper
        if mapper.dispatch.after_delete:
            mapper.dispatch.after_delete(mapper, connection, state())


def _delete_rows(
    unit: UOWTransaction, connection: Any, table: TableFacts, states: Sequence[State]
) -> None:
    mapper = states[0].manager.mapper
    if mapper.inherits is not None and mapper.passive_deletes and table.table is mapper.local_table:
        # ON DELETE CASCADE of the base table takes this row along.
        return
    version = table.version
    find = (*(c.name for c in table.pk), *((version.name,) if version else ()))
    prepared = prepare_delete(connection, table, find)
    rows = prepared.arrange(delete_rows(table, states))
    dialect = connection.dialect
    if version is not None and not dialect.supports_sane_multi_rowcount:
        matched = sum(run_counted(connection, prepared.plan, rows))
    else:
        matched = run_many(connection, prepared.plan, rows)
        if len(rows) > 1 and not dialect.supports_sane_multi_rowcount:
            matched = -1
    if not mapper.confirm_deleted_rows or not dialect.supports_sane_rowcount:
        return
    if matched in (-1, len(rows)):
        return
    message = (
        f"DELETE statement on table '{table.table.description}' expected to delete "
        f"{len(rows)} row(s); {matched} were matched."
    )
    if version is not None:
        raise orm_exc.StaleDataError(message)
    flush_warning(
        unit.session,
        f"{message}  Please set confirm_deleted_rows=False within the mapper "
        "configuration to prevent this warning."
    )


# -- association tables ----------------------------------------------------------


def emit_association_rows(
    unit: UOWTransaction,
    secondary: Any,
    mapper: Any,
    deletes: Sequence[dict[str, Any]],
    inserts: Sequence[dict[str, Any]],
) -> None:
    """
    Delete and insert rows of an association table.

    Raises:
        StaleDataError: a row to delete was not there.
    """
    if not deletes and not inserts:
        return
    connection = unit.session._connection_for_flush(mapper)
    facts = unit.association_facts(secondary)
    if deletes:
        names = tuple(c.name for c in facts.columns if c.name in deletes[0])
        prepared = prepare_delete(connection, facts, names)
        rows = prepared.arrange([tuple(row[n] for n in names) for row in deletes])
        matched = run_many(connection, prepared.plan, rows)
        dialect = connection.dialect
        is_sane = dialect.supports_sane_rowcount and (
            len(rows) == 1 or dialect.supports_sane_multi_rowcount
        )
        if is_sane and matched not in (-1, len(rows)):
            raise orm_exc.StaleDataError(
                f"DELETE statement on table '{secondary.description}' expected to delete "
                f"{len(rows)} row(s); Only {matched} were matched."
            )
    if inserts:
        names = tuple(c.name for c in facts.columns if c.name in inserts[0])
        prepared = prepare_insert(connection, facts, names, ())
        run_many(
            connection,
            prepared.plan,
            prepared.arrange([tuple(row[n] for n in names) for row in inserts]),
        )


# -- mapper events -----------------------------------------------------------------


def _before_events(
    unit: UOWTransaction,
    connection: Any,
    pending: Sequence[State],
    persistent: Sequence[State],
) -> None:
    for states, name in ((pending, "before_insert"), (persistent, "before_update")):
        for mapper in dict.fromkeys(s.manager.mapper for s in states):
            listeners = getattr(mapper.dispatch, name)
            if not listeners:
                continue
            for state in states:
                if state.manager.mapper is mapper and state not in unit.listed:
                    listeners(mapper, connection, state())


def _after_events(
    unit: UOWTransaction,
    connection: Any,
    pending: Sequence[State],
    persistent: Sequence[State],
) -> None:
    for states, name in ((pending, "after_insert"), (persistent, "after_update")):
        for mapper in dict.fromkeys(s.manager.mapper for s in states):
            listeners = getattr(mapper.dispatch, name)
            if not listeners:
                continue
            for state in states:
                if state.manager.mapper is mapper and state not in unit.listed:
                    listeners(mapper, connection, state())
