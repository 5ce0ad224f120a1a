# Compiled as it is, see setup.py.
"""
Run the steps of a flush: per base mapper, save states or delete them.

States are taken mapper by mapper and table by table; what is written comes from
`changes`, how it is written is in `inserts` and `updates`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.attributes import EXPIRED, NO_VALUE, probe, set_loaded
from relvar._kernels.flush import managers_of, sort_by_key, split_saved
from relvar._kernels.lend import clock
from relvar._kernels.own import instance_dict
from relvar.orm.flush.changes import (
    Batch,
    changed_columns,
    insert_batches,
    post_update_batches,
    take_over_batch,
    update_batches,
)
from relvar.orm.flush.facts import MapperFacts, TableFacts, facts_of, has_uniques
from relvar.orm.flush.inserts import emit_insert
from relvar.orm.flush.notice import flush_warning, verify_versions
from relvar.orm.flush.updates import emit_delete, emit_update
from relvar.orm.state.instance import state_str
from relvar.util.warning import warn_limited

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = ["DefaultContext", "delete_states", "emit_post_updates", "save_states"]

State = Any


class DefaultContext:
    """
    What a function given as ``default=`` or ``onupdate=`` sees of the flush.
    """

    __slots__ = ("connection", "current_parameters", "isinsert", "isupdate")

    def __init__(self, connection: Any, parameters: dict[str, Any], isinsert: bool) -> None:
        self.connection: Any = connection
        self.current_parameters: dict[str, Any] = parameters
        self.isinsert: bool = isinsert
        self.isupdate: bool = not isinsert

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


class Contexts:
    """
    Makes what default functions see, from the values of a row.
    """

    __slots__ = ("connection", "isinsert")

    def __init__(self, connection: Any, isinsert: bool) -> None:
        self.connection: Any = connection
        self.isinsert: bool = isinsert

    def __call__(self, parameters: dict[str, Any]) -> DefaultContext:
        return DefaultContext(self.connection, parameters, self.isinsert)


# -- saving ------------------------------------------------------------------


def save_states(unit: UOWTransaction, base: Any, states: Collection[State]) -> None:
    """
    INSERT and UPDATE the rows of *states*, all of one base mapper.
    """
    for some in unit.session._by_connection(states):
        if base.batch:
            _save_together(unit, base, some)
        else:
            # listeners see one row done before the next begins
            for state in some:
                _save_together(unit, base, [state])


def _save_together(unit: UOWTransaction, base: Any, states: Collection[State]) -> None:
    session = unit.session
    connection = session._connection_for_flush(base)
    pending, persistent, expired = split_saved(states)
    for state in expired:
        _require_values(state)
    if len(persistent) > 1:
        sort_by_key(persistent)
    heard = _anybody_listens(base)
    if heard:
        _tell("before_insert", unit, connection, pending)
        _tell("before_update", unit, connection, persistent)
    taken_over = _take_overs(unit, base, pending) if pending else {}
    if taken_over:
        pending = [s for s in pending if s not in taken_over]
        unit.taken_over.update(taken_over)
    in_turn: Sequence[State] = ()
    if has_uniques(base):
        persistent, in_turn = _make_room(unit, connection, base, [*pending, *taken_over], persistent)
    is_alone = len(base.self_and_descendants) == 1
    mapper = None
    if not taken_over:
        mapper = base if is_alone else _only_mapper([*pending, *persistent, *in_turn])
    if mapper is not None:
        facts = facts_of(mapper)
        _set_discriminator(facts, pending)
        if not is_alone:
            _check_discriminators(persistent)
            _check_discriminators(in_turn)
        for table in facts.tables:
            if persistent:
                _update(unit, connection, facts, table, persistent)
            if in_turn:
                _update(unit, connection, facts, table, in_turn, in_order=True)
            if pending:
                _insert(unit, connection, facts, table, pending)
    else:
        _save_hierarchy(unit, connection, pending, persistent, in_turn, taken_over)
    if heard:
        _tell("after_insert", unit, connection, pending)
        _tell("after_update", unit, connection, [*persistent, *in_turn, *taken_over])


def _require_values(state: State) -> None:
    """
    Let an object be inserted that was expired before its first INSERT was rolled back, if it has new values.

    Raises:
        InvalidRequestError: One is not known.
    """
    obj, expired = state(), state.expired_keys or ()
    for prop in state.manager.mapper.column_attrs:
        if prop.key in expired and not prop.is_unset:
            getattr(obj, prop.key)
    state.expired_keys = None
    state.flags &= ~EXPIRED


def _make_room(
    unit: UOWTransaction, connection: Any, base: Any, entrants: list[State], movers: list[State]
) -> tuple[list[State], Sequence[State]]:
    """
    Let rows leave the unique values that others are to take.

    Returns:
        The states to update in any order, and those to update one after another behind them.
    """
    if len(movers) < 2 and not unit.deletes[base] and len(unit.saves[base]) == len(entrants) + len(movers):
        unit.written.update(entrants, movers)
        return movers, ()
    from relvar.orm.flush.handover import plan_handover, step_aside  # not all flushes can need it

    plan = plan_handover(unit, connection, base, entrants, movers)
    unit.written.update(entrants, movers)
    if plan is None:
        return movers, ()
    step_aside(unit, connection, plan)
    if plan.first:
        delete_states(unit, base, plan.first)
        unit.listed.update(plan.first)
    last = set(plan.in_turn)
    return [s for s in movers if s not in last], plan.in_turn


def _only_mapper(states: list[State]) -> Any:
    """
    Return the mapper that all *states* of a hierarchy have; None if they are of several.
    """
    managers = managers_of(states)
    return managers[0].mapper if len(managers) == 1 else None


def _save_hierarchy(
    unit: UOWTransaction,
    connection: Any,
    pending: Sequence[State],
    persistent: Sequence[State],
    in_turn: Sequence[State],
    taken_over: dict[State, State],
) -> None:
    """
    Save states of several mappers, table by table, those of base classes first.
    """
    for mapper in dict.fromkeys(s.manager.mapper for s in pending):
        facts = facts_of(mapper)
        _set_discriminator(facts, [s for s in pending if s.manager.mapper is mapper])
    _check_discriminators(persistent)
    _check_discriminators(in_turn)
    for table in _tables_of(pending, persistent, in_turn, taken_over):
        _update_classes(unit, connection, _by_mapper(table, persistent))
        for facts, table_facts, states in _by_mapper(table, in_turn):
            _update(unit, connection, facts, table_facts, states, in_order=True)
        for facts, table_facts, states in _by_mapper(table, list(taken_over)):
            for state in states:
                next_version = facts.version_generator or None
                batch = take_over_batch(table_facts, state, taken_over[state], next_version)
                if batch is not None:
                    emit_update(unit, connection, table_facts, batch)
        for facts, table_facts, states in _by_mapper(table, pending):
            _insert(unit, connection, facts, table_facts, states)


def _update_classes(
    unit: UOWTransaction, connection: Any, groups: Iterable[tuple[MapperFacts, TableFacts, list[State]]]
) -> None:
    """
    UPDATE rows of one table that are of several classes; those that set the same columns go together.
    """
    found: list[tuple[TableFacts, Batch]] = []
    same: dict[Any, Batch] = {}
    for facts, table, states in groups:
        for batch in _update_batches(connection, facts, table, states):
            if table.has_values_after_update or batch.expressions:
                # what becomes of the objects afterwards differs by class, or row
                found.append((table, batch))
                continue
            names = tuple([c.name for c in table.columns if batch.mask >> c.index & 1])
            known = same.setdefault((names, table.find), batch)
            if known is batch:
                found.append((table, batch))
            else:
                known.rows += batch.rows
                known.states += batch.states
    for table, batch in found:
        emit_update(unit, connection, table, batch)


def _update(
    unit: UOWTransaction,
    connection: Any,
    facts: MapperFacts,
    table: TableFacts,
    states: Sequence[State],
    in_order: bool = False,
) -> None:
    for batch in _update_batches(connection, facts, table, states, in_order):
        emit_update(unit, connection, table, batch)


def _update_batches(
    connection: Any, facts: MapperFacts, table: TableFacts, states: Sequence[State], in_order: bool = False
) -> list[Batch]:
    context = Contexts(connection, False)
    next_version = facts.version_generator if table.version is not None else None
    bumped: set[State] = set()
    if table.version is not None and len(facts.tables) > 1:
        bumped = {s for s in states if _any_table_changed(facts, s)}
    return update_batches(table, states, context, next_version or None, bumped, in_order)


def _insert(
    unit: UOWTransaction, connection: Any, facts: MapperFacts, table: TableFacts, states: list[State]
) -> None:
    context = Contexts(connection, True)
    version = table.version
    if version is not None and facts.version_generator:
        key = version.key
        unit.versioned.update(states)
        for state in states:
            set_loaded(state(), key, facts.version_generator(None))
    for batch in insert_batches(table, states, context):
        emit_insert(unit, connection, table, batch)
    if version is not None and not version.is_server_set:
        verify_versions(states, version.key, True)


def _tables_of(*groups: Iterable[State]) -> list[Any]:
    """
    Return tables in an order that inherited keys allow: parents first.
    """
    mappers = dict.fromkeys(s.manager.mapper for group in groups for s in group)
    tables: dict[Any, None] = {}
    for mapper in sorted(mappers, key=lambda m: len(facts_of(m).tables)):
        for table_facts in facts_of(mapper).tables:
            tables[table_facts.table] = None
    return list(tables)


def _by_mapper(
    table: Any, states: Sequence[State], same: str = "signature"
) -> list[tuple[MapperFacts, TableFacts, list[State]]]:
    """
    Split the states that write *table* into neighbours of one mapper, or of
    mappers for which that makes no difference.
    """
    found: list[tuple[MapperFacts, TableFacts, list[State]]] = []
    last_mapper: Any = None
    members: list[State] | None = None
    for state in states:
        mapper = state.manager.mapper
        if mapper is not last_mapper:
            last_mapper = mapper
            facts = facts_of(mapper)
            own = next((t for t in facts.tables if t.table is table), None)
            members = None
            if own is not None and found and getattr(found[-1][1], same) == getattr(own, same):
                members = found[-1][2]
            elif own is not None:
                members = []
                found.append((facts, own, members))
        if members is not None:
            members.append(state)
    return found


def _set_discriminator(facts: MapperFacts, states: Iterable[State]) -> None:
    """
    Give new objects the value that tells their class.
    """
    if facts.polymorphic is None:
        return
    key, identity = facts.polymorphic
    for state in states:
        value = probe(state(), key)
        if value is NO_VALUE or value is None:
            set_loaded(state(), key, identity)
        elif value != identity:
            _check_discriminator(state, key, identity)


def _check_discriminators(states: Iterable[State]) -> None:
    """
    Look at objects that may have been told that they are of another class.
    """
    for state in states:
        if state.old is None:
            continue
        polymorphic = facts_of(state.manager.mapper).polymorphic
        if polymorphic is not None and polymorphic[0] in state.old:
            _check_discriminator(state, *polymorphic)


def _check_discriminator(state: State, key: str, identity: Any) -> None:
    """
    Warn when an object says that it is of another class.
    """
    value = probe(state(), key)
    if value is None or value is NO_VALUE or value == identity:
        return
    if value not in {m.polymorphic_identity for m in state.manager.mapper.self_and_descendants}:
        warn_limited(
            "Flushing object %s with incompatible polymorphic identity %r; the object may not refresh and/or "
            "load correctly",
            (state_str(state), value),
        )


def _any_table_changed(facts: MapperFacts, state: State) -> bool:
    for table in facts.tables:
        names, _, expressions = changed_columns(table, state)
        if names or expressions:
            return True
    return False


def _take_overs(unit: UOWTransaction, base: Any, pending: list[State]) -> dict[State, State]:
    """
    Find new objects whose row exists already, under an object that goes away.

    Returns:
        New state -> the state of the deleted object.
    """
    found: dict[State, State] = {}
    tables = unit.session.identity_map.tables
    for state in pending:
        known = tables.get(state.manager.base)
        if not known:
            continue
        keys = facts_of(state.manager.mapper).pk_keys
        obj = state()
        first = probe(obj, keys[0])
        if first is None or first is NO_VALUE:
            continue
        pk = first if len(keys) == 1 else tuple([probe(obj, key) for key in keys])
        existing = known.get(pk)
        if existing is None or existing is state or existing() is None:
            continue
        if unit.is_deleted(existing):
            unit.take_over_row(existing)
            found[state] = existing
        else:
            flush_warning(
                unit.session,
                f"New instance {_name(state)} with identity key {existing.key} conflicts "
                f"with persistent instance {_name(existing)}",
            )
    return found


def _name(state: State) -> str:
    return f"<{state.manager.class_.__name__} at 0x{id(state()):x}>"


def emit_post_updates(unit: UOWTransaction, base: Any) -> None:
    """
    Set the columns that had to wait until both sides were saved.
    """
    waiting = unit.post_updates.pop(base, None)
    if not waiting:
        return
    for some in unit.session._by_connection(waiting):
        _emit_post_updates(unit, base, {state: waiting[state] for state in some})


def _emit_post_updates(unit: UOWTransaction, base: Any, waiting: dict[State, Any]) -> None:
    connection = unit.session._connection_for_flush(base)

    context = Contexts(connection, False)
    for table in _tables_of(waiting):
        for facts, table_facts, states in _by_mapper(table, list(waiting)):
            next_version = facts.version_generator if table_facts.version is not None else None
            rows = [(state, waiting[state], unit.is_saved(state)) for state in states]
            for batch in post_update_batches(
                table_facts, rows, context, next_version or None, unit.versioned
            ):
                emit_update(unit, connection, table_facts, batch)


# -- deleting ------------------------------------------------------------------


def delete_states(unit: UOWTransaction, base: Any, states: Collection[State]) -> None:
    """
    DELETE the rows of *states*, all of one base mapper.
    """
    for some in unit.session._by_connection(states):
        _delete_together(unit, base, some)


def _delete_together(unit: UOWTransaction, base: Any, states: Collection[State]) -> None:
    connection = unit.session._connection_for_flush(base)
    states = list(states)
    if has_uniques(base):
        unit.written.update(states)
    if len(states) > 1:
        sort_by_key(states)
    heard = _anybody_listens(base)
    if heard:
        _tell("before_delete", unit, connection, states)
    _read_expired(unit, base, states, heard)
    mapper = base if len(base.self_and_descendants) == 1 else _only_mapper(states)
    if mapper is not None:
        for table_facts in reversed(facts_of(mapper).tables):
            emit_delete(unit, connection, table_facts, states)
    else:
        for table in reversed(_tables_of(states)):
            for _, table_facts, members in _by_mapper(table, states, same="find"):
                emit_delete(unit, connection, table_facts, members)
    if heard:
        _tell("after_delete", unit, connection, states)


def _read_expired(unit: UOWTransaction, base: Any, states: list[State], heard: bool) -> None:
    """
    Read the rows of expired objects before the first of them goes: their versions are needed, or somebody
    looks at them when they are gone.
    """
    told = unit.session.dispatch
    if base.version_id_col is not None:
        key = base.get_property_by_column(base.version_id_col).key
    elif told.after_flush or told.after_flush_postexec:
        key = base._pk_keys[0]
    elif heard:
        key = base._pk_keys[0]
        states = [state for state in states if state.manager.mapper.dispatch.after_delete]
    else:
        return
    expired = [state for state in states if state.flags & EXPIRED]
    if len(expired) > 1:
        from relvar.orm.load.peers import load_expired  # few flushes delete such objects

        load_expired(unit.session, expired)
    for state in states:
        getattr(state(), key)


# -- mapper events -----------------------------------------------------------------

_EVENTS = (
    "before_insert",
    "after_insert",
    "before_update",
    "after_update",
    "before_delete",
    "after_delete",
)


def _any_listener(mappers: Iterable[Any]) -> bool:
    return any(getattr(m.dispatch, name) for m in mappers for name in _EVENTS)


def _anybody_listens(base: Any) -> bool:
    """
    Tell whether a hierarchy has listeners for flushes; asked anew only after
    a listener came or went.
    """
    own = instance_dict(base)
    known: tuple[int, int, bool] | None = own.get("_flush_heard")
    mappers = base.self_and_descendants
    if known is None or known[0] != clock.ticks or known[1] != len(mappers):
        heard = _any_listener(mappers)
        known = own["_flush_heard"] = (clock.ticks, len(mappers), heard)
    return known[2]


def _tell(name: str, unit: UOWTransaction, connection: Any, states: Iterable[State]) -> None:
    for state in states:
        mapper = state.manager.mapper
        listeners = getattr(mapper.dispatch, name)
        if listeners and state not in unit.listed:
            listeners(mapper, connection, state)
