# Compiled as it is, see setup.py.
"""
One flush from beginning to end.

Rule 1: all or nothing: everything runs in a subtransaction, and objects are told
    only after the last statement; when anything fails, the database is rolled
    back and objects stay as pending or changed as the rollback leaves them.
Rule 2: the order of subjects depends on mappers and relationships only, so it is
    kept; only cycles are ordered anew (`cycles.order_rows`).
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.attributes import (
    DELETED,
    INSERTED,
    MODIFIED,
    NO_VALUE,
    ORPHANED,
    PARTIAL,
    get_state,
    mark_clean,
    probe,
)
from relvar._kernels.flush import (
    by_manager,
    make_clean,
    make_deleted,
    make_persistent,
    only_manager,
    split_saved,
    stored_pk,
)
from relvar._kernels.lend import clock
from relvar.orm import exc as orm_exc
from relvar.orm.flush import emit, order
from relvar.orm.flush.emit import save_states
from relvar.orm.flush.facts import facts_of, is_orphan
from relvar.orm.flush.notice import flush_warning
from relvar.orm.flush.unit import UOWTransaction
from relvar.orm.state.flags import NO_AUTOFLUSH, PASSIVE_OFF
from relvar.orm.state.hooks import load_hook
from relvar.util.lru import LRUCache

__all__ = ["flush"]

State = Any

_MOST_ORDERS = 200
# So many states a session's snapshot may note before it looks for those whose objects are gone.
SWEPT_FROM = 10_000


def flush(session: Any, objects: Iterable[object] | None = None) -> None:
    """
    Write pending, changed and deleted objects of *session*.

    Args:
        objects: Restrict the flush to these objects.
    """
    unit = UOWTransaction(session)
    heard = session._quiet_at != clock.ticks and session._listens()
    if heard:
        session._events.before_flush(session, unit, objects)
    only = None if objects is None else {get_state(o) for o in objects}
    processed = _collect(session, unit, only)
    if not unit.has_work():
        _reset_clean(session, processed)
        return
    transaction = session._autobegin_t()
    if session._causality is not None:
        for known in session._causality.values():
            known.check_flush(session, processed)
    # Nobody sees the frame of a flush but listeners and, when it fails, the user.
    frame = transaction._begin() if heard else None
    # The cyclic collector finds nothing here; for a few objects it is not worth the switch.
    paused = len(processed) > 50 and gc.isenabled()
    if paused:
        gc.disable()
    try:
        unit.expand()
        session._warn_on_events = True
        try:
            _execute(unit)
        finally:
            session._warn_on_events = False
        if heard:
            session._events.after_flush(session, unit)
            if session._transaction is None and transaction._has_committed:
                _finish_committed(session, unit)
        _finish(session, unit, heard)
        if session.identity_map.modified:
            _reset_clean(session, processed)
        if heard:
            session._events.after_flush_postexec(session, unit)
        if frame is not None:
            frame.commit()
    except BaseException as err:
        if frame is None:
            frame = transaction._begin()
        frame.rollback(_capture_exception=err)
        raise
    finally:
        if paused:
            gc.enable()


def _collect(session: Any, unit: UOWTransaction, only: set[State] | None) -> list[State]:
    """
    Name the session's own pending, changed and deleted states.
    """
    deleted = session._deleted
    processed: list[State] = []
    last_manager: Any = None
    can_be_orphan = False
    saves: dict[State, Any] = {}
    deletes: dict[State, Any] = {}
    for states in (session._new, session.identity_map.modified):
        alike = only_manager(states) if len(states) > 1 and only is None and not deleted else None
        if alike is not None and not facts_of(alike.mapper).can_be_orphan:
            processed += states
            unit.save_all(alike.mapper.base_mapper, states)
            continue
        for state in list(states):
            if state in deleted or (only is not None and state not in only):
                continue
            processed.append(state)
            manager = state.manager
            if manager is not last_manager:
                last_manager = manager
                mapper = manager.mapper
                can_be_orphan = facts_of(mapper).can_be_orphan
                saves = unit.saves_of(mapper.base_mapper)
            if can_be_orphan and is_orphan(state):
                if state.pk is not None:
                    unit.register_object(state, isdelete=True)
                    continue
                if state.flags & ORPHANED:
                    session._expunge_states([state])
                    continue
            saves[state] = None
    last_manager = None
    alike = only_manager(deleted) if len(deleted) > 1 and only is None else None
    if alike is not None:
        processed += deleted
        saves = unit.saves_of(alike.mapper.base_mapper)
        unit.deletes[alike.mapper.base_mapper] = deleted.copy()
        for state in deleted if saves else ():
            saves.pop(state, None)
        return processed
    for state in list(deleted):
        if only is None or state in only:
            processed.append(state)
            manager = state.manager
            if manager is not last_manager:
                last_manager = manager
                saves = unit.saves_of(manager.mapper.base_mapper)
                deletes = unit.deletes[manager.mapper.base_mapper]
            saves.pop(state, None)
            deletes[state] = None
    return processed


def _orders_with(mapper: Any) -> LRUCache[Any, order.Order]:
    """
    Return the orders that are known for a mapper and others.

    They are kept with the mapper, so that they go when it goes.
    """
    known: LRUCache[Any, order.Order] | None = mapper.__dict__.get("_flush_orders")
    if known is None:
        known = mapper.__dict__["_flush_orders"] = LRUCache(_MOST_ORDERS)
    return known


def _execute(unit: UOWTransaction) -> None:
    """
    Run all steps in order.
    """
    if len(unit.saves) == 1 and not unit.rules:
        for base, states in unit.saves.items():
            members = _live(unit, states)
            if members:
                save_states(unit, base, members)
            members = _live(unit, unit.deletes[base])
            if members:
                emit.delete_states(unit, base, members)
        return
    bases = frozenset([base for base in unit.saves if unit.saves[base] or unit.deletes[base]])
    rules = tuple(unit.rules)
    key = (bases, rules)
    planned_before = _orders_with(next(iter(bases)))
    planned = planned_before.get(key)
    if planned is None:
        planned = planned_before[key] = order.plan_order(sorted(bases, key=order.subject_key), rules)
    steps: Iterable[order.Step] | None = planned.steps
    if steps is None:
        from relvar.orm.flush.cycles import order_rows  # not all programs have such tables

        steps, late = order_rows(planned, unit)
        for rule, state in late:
            if state.pk is None:
                rule.blank(state)
            unit.late.add((rule, state))
    for step in steps:
        _run_step(unit, step)


def _run_step(unit: UOWTransaction, step: order.Step) -> None:
    action, subject, states = step
    if action == order.SAVE:
        members = _live(unit, unit.saves.get(subject, ()) if states is None else states)
        if members:
            save_states(unit, subject, members)
    elif action == order.DELETE:
        members = _live(unit, unit.deletes.get(subject, ()) if states is None else states)
        if members:
            emit.delete_states(unit, subject, members)
    elif action == order.PROCESS:
        members = _having(subject, unit.saves.get(subject.parent, ()) if states is None else states)
        if members:
            subject.process_saves(unit, members)
    elif action == order.PROCESS_DELETE:
        members = _having(subject, unit.deletes.get(subject.parent, ()) if states is None else states)
        if members:
            subject.process_deletes(unit, members)
    else:
        emit.emit_post_updates(unit, subject)


def _live(unit: UOWTransaction, states: Collection[State]) -> Collection[State]:
    listed = unit.listed
    return [s for s in states if s not in listed] if listed else states


def _having(rule: Any, states: Iterable[State]) -> list[State]:
    """
    Return those states whose class has the rule's relationship.
    """
    mapper = rule.mapper
    return [s for s in states if s.manager.mapper is mapper or rule.is_of(s.manager.mapper)]


# -- telling the session ---------------------------------------------------------


def _finish(session: Any, unit: UOWTransaction, heard: bool) -> None:
    """
    Make written objects persistent or deleted, as the flush has succeeded.
    """
    inserted: list[State] = []
    gone: list[State] = []
    # Nothing but the session may hold the objects; listeners want them alive.
    held: list[Any] = []
    identity_map = session.identity_map
    snapshot = session._transaction._snapshot
    fresh = snapshot.new
    for base, states in unit.deletes.items():
        if states:
            members = list(states)
            if heard:
                held += [s() for s in members]
            if session._nested_transaction is not None:
                # what an orphan has let go comes back with it when the savepoint is rolled back
                snapshot.dirty.update(dict.fromkeys([s for s in members if s in identity_map.modified]))
            make_deleted(
                states,
                identity_map.tables.get(base, {}),
                identity_map.modified,
                session._deleted,
                snapshot.deleted,
            )
            gone += members
    for states in unit.saves.values():
        new, updated, _ = split_saved(_live(unit, states))
        inserted += new
        if updated:
            _clean(session, updated)
    if heard:
        held += [s() for s in inserted]
    for state in _persist_simple(session, inserted, fresh):
        _now_persistent(session, state)
    for state, keys in unit.to_load.items():
        load_hook[0](state, keys, PASSIVE_OFF | NO_AUTOFLUSH)
    if heard:
        _lifecycle_events(session, inserted, gone)
    del held
    if len(fresh) > SWEPT_FROM or len(snapshot.dirty) > SWEPT_FROM:
        snapshot.sweep()


def _finish_committed(session: Any, unit: UOWTransaction) -> None:
    """
    Finish a flush whose transaction a listener of ``after_flush`` has committed.

    Raises:
        ResourceClosedError: always, as what the flush ran in is gone; its rows are there, objects know it.
    """
    transaction = session._autobegin_t(begin=True)
    _finish(session, unit, True)
    transaction._keep(session)
    transaction.close()
    raise exc.ResourceClosedError("This transaction is closed")


def _persist_simple(session: Any, inserted: list[State], fresh: dict[State, bool]) -> list[State]:
    """
    Make inserted states persistent class by class.

    Args:
        fresh: Where the transaction notes them.

    Returns:
        Those that need a closer look.
    """
    left: list[State] = []
    for manager, states in by_manager(inserted).items():
        mapper = manager.mapper
        identity_map, identity_mapper = session.identity_map, mapper.identity_mapper
        facts = facts_of(mapper)
        table = identity_map.table(identity_mapper)
        left += make_persistent(states, facts.pk_keys, table, session._new, fresh)
        if facts.touched_by_insert:
            _expire_expressions(states, facts.touched_by_insert)
        identity_map.tidy(identity_mapper)
    return left


def _expire_expressions(states: Iterable[State], keys: Sequence[str]) -> None:
    """
    Forget what SQL expressions evaluated to before the flush; what the program set stays.
    """
    for state in states:
        obj = state()
        if obj is None:
            continue
        given = state.old or ()
        loaded = [key for key in keys if key not in given and probe(obj, key) is not NO_VALUE]
        if loaded:
            state.expire(loaded, deferred=False)


def _primary_key(state: State) -> Any:
    return stored_pk(state, facts_of(state.manager.mapper).pk_keys)


def _now_persistent(session: Any, state: State) -> None:
    pk = _primary_key(state)
    if pk.__class__ is tuple:
        mapper = state.manager.mapper
        missing = [not _is_value(v) for v in pk]
        is_null = all(missing) if mapper.allow_partial_pks else any(missing)
    else:
        is_null = not _is_value(pk)
    if is_null:
        raise orm_exc.FlushError(
            f"Instance <{state.manager.class_.__name__} at 0x{id(state()):x}> has a NULL "
            "identity key.  If this is an auto-generated value, check that the database "
            "table allows generation of new primary key values, and that the mapped "
            "Column object is configured to expect these generated values.  Ensure also "
            "that this flush() is not occurring at an inappropriate time, such as within "
            "a load() event."
        )
    session._new.pop(state, None)
    state.flags = (state.flags & ~MODIFIED) | INSERTED | PARTIAL
    state.old = None
    state.pk = pk
    extra = state.extra
    if extra is not None:
        extra.pop("committed", None)
        extra.pop("pending", None)
    known = session.identity_map.replace(state)
    if known is not None and known() is not None and not known.flags & DELETED:
        flush_warning(
            session,
            f"Identity map already had an identity for {state.key}, replacing it with "
            "newly flushed object.   Are there load operations occurring inside of an "
            "event handler within the flush?",
        )
        known.session_id = 0
    session._transaction._snapshot.new[state] = True


def _is_value(value: Any) -> bool:
    return value is not None and value is not NO_VALUE


def _clean(session: Any, updated: list[State]) -> None:
    """
    Take the current values of persistent objects as committed; follow changes
    of primary keys.
    """
    modified = session.identity_map.modified
    # a rollback to the root expires all objects, changed or not
    dirty = None if session._nested_transaction is None else session._transaction._snapshot.dirty
    # with the objects, which may be held by nothing else once they are clean
    switched: list[tuple[State, Any]] = []
    for manager, states in by_manager(updated).items():
        facts = facts_of(manager.mapper)
        keys = facts.pk_keys
        if facts.touched_by_update:
            _expire_expressions(states, facts.touched_by_update)
        for state in make_clean(states, keys, modified, dirty):
            if state.old and any(key in state.old for key in keys):
                switched.append((state, state.obj()))
            if state.extra is not None:
                state.extra.pop("pending", None)
            mark_clean(state)
    if switched:
        switch_keys(session, [state for state, _ in switched])


def switch_keys(session: Any, states: Iterable[State]) -> None:
    """
    Enter persistent objects under the primary keys that their attributes have now.
    """
    switched = []
    for state in states:
        before = state.pk
        new = _primary_key(state)
        if new.__class__ is tuple:
            # a part that was not loaded has not changed
            new = tuple([old if part is NO_VALUE else part for part, old in zip(new, before, strict=True)])
        if new != before and new is not NO_VALUE:
            switched.append((state, before, new))
    # all go out before one comes in: an object may get the key that another one had
    for state, _before, _new in switched:
        session.identity_map.discard(state)
    switches = session._transaction._snapshot.key_switches
    for state, before, new in switched:
        state.pk = new
        session.identity_map.replace(state)
        known = switches.get(state)
        switches[state] = (known[0] if known else before, new)


def _lifecycle_events(session: Any, inserted: Sequence[State], gone: Sequence[State]) -> None:
    dispatch = session._events
    for state in inserted:
        dispatch.pending_to_persistent(session, state())
    for state in gone:
        dispatch.persistent_to_deleted(session, state())


def _reset_clean(session: Any, processed: Iterable[State]) -> None:
    """
    Forget changes that came to nothing, as a flush has looked at them.
    """
    modified = session.identity_map.modified
    if modified:
        for state in processed:
            if state in modified:
                mark_clean(state)
