"""
Follow relationships from one object to those that share its fate.

There are two occasions:

1. an operation on an object (``add``, ``delete``, ``expunge``, ``merge``,
   ``expire``) goes on to related objects: `cascade_states`;
2. a change of a relationship brings the new object into the session of the
   other, or takes an orphan out: `install` puts listeners on each
   relationship attribute.

Rule 1: a cascade visits every object once, and goes on from it.
Rule 2: only ``delete`` may load what is not loaded, and not with
    ``passive_deletes``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar._kernels.attributes import NO_VALUE, ORPHANED, extras, get_state, probe
from relvar._kernels.identity import find_identity_map
from relvar.orm.flush.facts import cascading, is_orphan
from relvar.orm.flush.history import related_states
from relvar.orm.mapping import hooks as mapping_hooks

__all__ = ["cascade_states", "cascading", "session_of"]

State = Any


def cascade_states(
    state: State, cascade: str, halt_on: Callable[[State], bool] | None = None
) -> Iterator[State]:
    """
    Yield the states that *cascade* reaches from *state*, each before those
    behind it.

    Args:
        cascade: ``save-update``, ``delete``, ``expunge``, ``refresh-expire``
            or ``merge``.

        halt_on: States for which it returns true are not visited, nor what
            lies behind them.

    Raises:
        AssertionError: a relationship holds an object of a foreign class.
    """
    visited = {state}
    stack = [_next_states(state, cascade)]
    while stack:
        for prop, other in stack[-1]:
            if other in visited or (halt_on is not None and halt_on(other)):
                continue
            visited.add(other)
            if not other.manager.mapper.isa(prop.mapper.class_manager.mapper):
                raise AssertionError(
                    f"Attribute '{prop.key}' on class '{prop.parent.class_}' "
                    f"doesn't handle objects of type '{other.manager.class_}'"
                )
            yield other
            stack.append(_next_states(other, cascade))
            break
        else:
            stack.pop()


def _next_states(state: State, cascade: str) -> Iterator[tuple[Any, State]]:
    """
    Yield the states one step away, with the relationship that leads there.
    """
    for prop in cascading(state.manager.mapper, cascade):
        for other in _reached(state, prop, cascade):
            yield prop, other


def _reached(state: State, prop: Any, cascade: str) -> list[State]:
    """
    Return the states that one relationship of *state* leads to.
    """
    if cascade == "save-update":
        # An object that was taken out of a collection is part of the change.
        return related_states(state, prop, load=False, removed=True)
    if cascade == "delete" and not prop.passive_deletes:
        # what was taken out may have another parent by now: the flush knows
        return related_states(state, prop, load=True, removed=False)
    if probe(state(), prop.key) is NO_VALUE and not state.manager.impls[prop.key].dynamic:
        # Who waits in a collection that is not loaded has changed: expiring it would lose that; and what
        # becomes of the members of one is the database's decision with ``passive_deletes``.  A collection
        # that never is loaded holds nobody else.
        return []
    return related_states(state, prop, load=False, removed=False)


def session_of(state: State) -> Any:
    """
    Return the session a state is in, or None.
    """
    if not state.session_id:
        return None
    identity_map = find_identity_map(state.session_id)
    if identity_map is None or identity_map.owner is None:
        return None
    return identity_map.owner()


def install(prop: Any, impl: Any) -> None:
    """
    Let one relationship attribute cascade its changes, see
    `relvar.orm.mapping.hooks.cascade_hooks`.
    """
    for mapper in prop.parent.self_and_descendants:
        mapper.class_manager.cascading = None
        mapper.class_manager.deletes_alone = False
    if prop.viewonly:
        return
    if impl.collection:
        impl.listen("append", _Append(prop, impl))
        impl.listen("append_wo_mutation", _Append(prop, impl))
        impl.listen("remove", _Remove(prop, impl))
    else:
        impl.listen("set", _Set(prop, impl))


class _Listener:
    """
    What the three listeners share: the relationship and its attribute.
    """

    __slots__ = ("impl", "key", "prop")

    def __init__(self, prop: Any, impl: Any) -> None:
        self.prop = prop
        self.impl = impl
        self.key: str = prop.key

    def _enter(self, session: Any, value: Any, initiator: Any) -> None:
        """
        Bring a related object into the session, unless the change came in
        through the other side of a back reference: that does not cascade, save
        for an object that was here until it lost its last parent.
        """
        other = get_state(value)
        if (
            other is not None
            and self.prop.cascade.save_update
            and (initiator is None or initiator.key == self.key or _was_let_go(session, other))
            and not session._contains_state(other)
        ):
            session._save_or_update_state(other)


def _let_go(session: Any, state: State) -> None:
    """
    Take a new object without a parent out of its session, which takes it back with its next parent.
    """
    session.expunge(state())
    extras(state)["let_go_by"] = session.hash_key


def _was_let_go(session: Any, state: State) -> bool:
    return state.extra is not None and state.extra.get("let_go_by") == session.hash_key


class _Append(_Listener):
    __slots__ = ()

    def __call__(self, state: State, value: Any, initiator: Any, key: Any = None) -> Any:
        if value is None or not state.session_id:
            return value
        session = session_of(state)
        if session is not None:
            if session._warn_on_events:
                session._flush_warning("collection append")
            self._enter(session, value, initiator)
        return value


class _Remove(_Listener):
    __slots__ = ()

    def __call__(self, state: State, value: Any, initiator: Any, key: Any = None) -> None:
        if value is None:
            return
        session = session_of(state)
        if session is not None and session._warn_on_events:
            session._flush_warning("collection remove")
        if not self.prop.cascade.delete_orphan or value is NO_VALUE:
            return
        other = get_state(value)
        if other is None or not is_orphan(other):
            return
        if session is not None and other in session._new:
            _let_go(session, other)
        else:
            other.flags |= ORPHANED


class _Set(_Listener):
    __slots__ = ()

    def __call__(self, state: State, new: Any, old: Any, initiator: Any) -> Any:
        if new is old or not state.session_id:
            return new
        session = session_of(state)
        if session is None:
            return new
        if session._warn_on_events:
            session._flush_warning("related attribute set")
        if new is not None:
            self._enter(session, new, initiator)
        if old is not None and self.prop.cascade.delete_orphan:
            replaced = get_state(old)
            if replaced is not None and replaced in session._new and is_orphan(replaced):
                _let_go(session, replaced)
        return new


mapping_hooks.cascade_hooks.append(install)
mapping_hooks.session_commands["cascade_states"] = cascade_states
