"""
What a relationship of one object was, and what it is now, as states.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import NO_VALUE, get_state, probe
from relvar.orm.state.flags import (
    INCLUDE_PENDING_MUTATIONS,
    LOAD_AGAINST_COMMITTED,
    NO_RAISE,
    PASSIVE_NO_INITIALIZE,
    PASSIVE_OFF,
)
from relvar.orm.state.history import HISTORY_BLANK, History

__all__ = ["has_changes", "related_states", "relation_history"]

State = Any

_WITHOUT_LOAD = PASSIVE_NO_INITIALIZE | INCLUDE_PENDING_MUTATIONS
# What is loaded is what the database has: by the key as of the last flush.
_WITH_LOAD = PASSIVE_OFF | LOAD_AGAINST_COMMITTED | NO_RAISE


def has_changes(state: State, key: str) -> bool:
    """
    Tell whether a relationship of *state* was touched since the last flush.

    An object without identity has no past: whatever it holds is new.
    """
    if state.pk is None:
        if probe(state(), key) is not NO_VALUE:
            return True
    elif state.old is not None and key in state.old:
        return True
    extra = state.extra
    if extra is None:
        return False
    pending = extra.get("pending")
    return pending is not None and key in pending


def relation_history(state: State, prop: Any, load: bool = False) -> History:
    """
    Compare what a relationship holds with what it held after the last flush.

    Args:
        load: Load the attribute if it is not there; otherwise an attribute
            that is not there has no history, save for changes that are known
            without it.

    Returns:
        Lists of states; a scalar that is None is the state None.
    """
    obj = state()
    if obj is None:
        return HISTORY_BLANK
    if state.pk is None:
        fresh = _all_new(state, obj, prop)
        if fresh is not None:
            return History(fresh, (), ())
    impl = state.manager.impls[prop.key]
    history = impl.get_history(state, obj, _WITH_LOAD if load else _WITHOUT_LOAD)
    result: History = history.as_state() if history else HISTORY_BLANK
    return result


def _all_new(state: State, obj: Any, prop: Any) -> list[Any] | None:
    """
    Return what an object without identity refers to: all of it is new.

    Returns:
        None where it has to be looked at more closely.
    """
    key = prop.key
    value = probe(obj, key)
    if value is NO_VALUE:
        return None
    extra = state.extra
    if (state.old is not None and key in state.old) or (
        extra is not None and ("pending" in extra or key in extra.get("committed", ()))
    ):
        return None
    if not prop.uselist:
        if value is None and state.manager.impls[key].active_history:
            return None
        return [None if value is None else get_state(value)]
    return [None if item is None else get_state(item) for item in state.manager.impls[key].members(value)]


def related_states(state: State, prop: Any, load: bool, removed: bool) -> list[State]:
    """
    Return the states a relationship leads to, without those that are None.

    Args:
        removed: Include what was taken out since the last flush.
    """
    if not load and not has_changes(state, prop.key):
        value = probe(state(), prop.key)
        if value is NO_VALUE or value is None:
            return []
    history = relation_history(state, prop, load=load)
    if not history:
        return []
    if not removed:
        return [s for s in (*history.unchanged, *history.added) if s is not None]
    return [s for s in (*history.unchanged, *history.added, *history.deleted) if s is not None]
