"""
Functions that read and change attributes of mapped objects from outside.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar._kernels.attributes import extras, get_state, mark_modified, probe
from relvar.orm.exc import UnmappedInstanceError
from relvar.orm.state.adapter import CollectionAdapter
from relvar.orm.state.flags import NO_VALUE, PASSIVE_OFF
from relvar.orm.state.history import History
from relvar.util.text import did_you_mean

__all__ = [
    "del_attribute",
    "flag_dirty",
    "flag_modified",
    "get_attribute",
    "get_history",
    "get_state_history",
    "has_parent",
    "init_collection",
    "init_state_collection",
    "set_attribute",
    "set_committed_value",
]


def _state(instance: Any) -> Any:
    state = get_state(instance)
    if state is None:
        raise UnmappedInstanceError(instance)
    return state


def _impl(state: Any, key: str) -> Any:
    """
    Return what an attribute is read and written by; of a synonym, that of the attribute it stands for.
    """
    impl = state.manager.impls.get(key)
    if impl is not None:
        return impl
    prop = state.manager.mapper._props.get(key)
    if prop is not None and prop._is_synonym:
        return _impl(state, prop.name)
    # a composite has no value of its own in the state, but may hold one
    impl = None if prop is None else getattr(getattr(state.class_, key), "impl", None)
    if impl is None:
        known = state.manager.mapper._props
        raise KeyError(f"{state.class_.__name__} has no mapped attribute {key!r}{did_you_mean(key, known)}")
    return impl


def get_history(obj: Any, key: str, passive: int = PASSIVE_OFF) -> History:
    """
    Return how an attribute of an object differs from its committed value.

    Args:
        passive: How far to go for a value that is not loaded, see `PassiveFlag`.
    """
    if passive is True or passive is False:
        raise exc.ArgumentError("'passive' is a PassiveFlag, not a bool")
    return get_state_history(_state(obj), key, passive)


def get_state_history(state: Any, key: str, passive: int = PASSIVE_OFF) -> History:
    """
    Return the history of an attribute, given the object's state.
    """
    return state.get_history(key, passive)  # type: ignore[no-any-return]  # History by contract


def has_parent(cls: type[Any], obj: Any, key: str, optimistic: bool = False) -> bool:
    """
    Tell whether an object has a parent by attribute *key* of *cls*.
    """
    manager: Any = vars(cls)["_sa_class_manager"]
    return bool(manager.has_parent(_state(obj), key, optimistic=optimistic))


def set_attribute(instance: Any, key: str, value: Any, initiator: Any = None) -> None:
    """
    Set an attribute, with history and events, as ``instance.key = value`` does.
    """
    state = _state(instance)
    _impl(state, key).set(state, instance, value, initiator)


def get_attribute(instance: Any, key: str) -> Any:
    """
    Return an attribute's value, loaded if need be.
    """
    state = _state(instance)
    return _impl(state, key).get(state, instance)


def del_attribute(instance: Any, key: str) -> None:
    """
    Delete an attribute's value, with history and events.
    """
    state = _state(instance)
    _impl(state, key).delete(state, instance)


def set_committed_value(instance: Any, key: str, value: Any) -> None:
    """
    Set an attribute as if its value came from the database: no history, no events.

    A composite's columns stay as they are.

    Raises:
        KeyError: The class has no such mapped attribute.
    """
    state = _state(instance)
    _impl(state, key).set_committed_value(state, instance, value)


def init_collection(obj: Any, key: str) -> CollectionAdapter:
    """
    Give an object a new empty collection and return its adapter, to be filled without events.
    """
    return init_state_collection(_state(obj), obj, key)


def init_state_collection(state: Any, obj: Any, key: str) -> CollectionAdapter:
    """
    Give an object a new empty collection and return its adapter, given the object's state.
    """
    adapter: CollectionAdapter = state.manager.impls[key].initialize(state, obj)._sa_adapter
    if state.pk is None:
        # what is put into it without events is no change
        extras(state).setdefault("committed", set()).add(key)
    return adapter


def flag_modified(instance: Any, key: str) -> None:
    """
    Mark an attribute as changed, so that the next flush writes it.

    Raises:
        InvalidRequestError: The attribute has no value.
    """
    state = _state(instance)
    impl = _impl(state, key)
    key = impl.key
    token = impl._replace_token
    for fn in impl.listeners.modified:
        fn(state, token)
    value = probe(instance, key)
    if value is NO_VALUE:
        raise exc.InvalidRequestError(
            f"Can't flag attribute '{key}' modified; it's not present in the object state"
        )
    if state.pk is not None:
        # no old value: whatever is there now differs from it
        state.remember(key, NO_VALUE)
        state.old[key] = NO_VALUE
    mark_modified(state, instance)


def flag_dirty(instance: Any) -> None:
    """
    Mark an object as changed without naming an attribute; listeners of the flush will see it.
    """
    mark_modified(_state(instance), instance)
