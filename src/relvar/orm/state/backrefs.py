"""
Keep the two sides of a relationship in step.

A change of one side is told to the other with an *initiator*: the token of the side where it began.

Rule 1: a side that hears of a change which began on the other side does not answer it.
Rule 2: but when it thereby gives up a former partner whose side is a collection, it tells that partner, with
its own token, as nobody else will.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import get_state, probe
from relvar.orm.state.flags import NO_KEY, NO_VALUE, PASSIVE_NO_FETCH, PASSIVE_NO_RESULT
from relvar.orm.state.listeners import OP_REPLACE, AttributeEventToken

__all__ = ["link_sides"]


def _is_object(value: Any) -> bool:
    return value is not None and value is not PASSIVE_NO_RESULT and value is not NO_VALUE


def _partner_state(impl: Any, value: Any) -> Any:
    state = get_state(value)
    if state is None:
        raise AttributeError(
            f"{type(value).__name__!r} object has no attribute '_sa_instance_state': "
            f"{impl.class_.__name__}.{impl.key} takes objects of a mapped class"
        )
    return state


def _other_side(impl: Any, partner: Any, key: str) -> Any:
    try:
        return partner.manager.impls[key]
    except KeyError:
        raise KeyError(
            f"{impl.class_.__name__}.{impl.key} takes objects that have the other side of the relationship, "
            f"{key!r}; a {partner.class_.__name__} has not"
        ) from None


def link_sides(impl: Any, other_key: str, other_token: Any) -> None:
    """
    Make one side tell the other.

    Args:
        impl: The attribute of this side.
        other_key: The name of the other side's attribute in the partner's class.
        other_token: The other side's ``parent_token``.
    """

    def began_there(initiator: Any) -> bool:
        return initiator is not None and initiator.parent_token is other_token

    def on_set(state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        if value is oldvalue:
            return value
        nested = began_there(initiator)
        obj = state.obj()
        if _is_object(oldvalue) and not (nested and value is None):
            old_state = _partner_state(impl, oldvalue)
            other = old_state.manager.impls[other_key]
            if not nested:
                other.pop(old_state, oldvalue, obj, initiator, passive=PASSIVE_NO_FETCH)
            elif other.collection:
                token = AttributeEventToken(impl, OP_REPLACE)
                other.pop(old_state, oldvalue, obj, token, passive=PASSIVE_NO_FETCH)
        if value is not None and not nested:
            new_state = _partner_state(impl, value)
            _other_side(impl, new_state, other_key).append(
                new_state, value, obj, initiator, passive=PASSIVE_NO_FETCH
            )
        return value

    def on_append(state: Any, value: Any, initiator: Any, key: Any = NO_KEY) -> Any:
        if value is None or began_there(initiator):
            return value
        partner = _partner_state(impl, value)
        _other_side(impl, partner, other_key).append(
            partner, value, state.obj(), initiator, passive=PASSIVE_NO_FETCH
        )
        return value

    def on_remove(state: Any, value: Any, initiator: Any, key: Any = NO_KEY) -> None:
        if not _is_object(value) or began_there(initiator):
            return
        if impl.collection and _still_member(impl, state, value):
            return
        partner = _partner_state(impl, value)
        partner.manager.impls[other_key].pop(partner, value, state.obj(), initiator, passive=PASSIVE_NO_FETCH)

    if impl.collection:
        impl.listen("append", on_append)
    else:
        impl.listen("set", on_set)
    impl.listen("remove", on_remove)


def _still_member(impl: Any, state: Any, value: Any) -> bool:
    """Tell whether a list holds an object more than once, so that removing one leaves the pair linked."""
    if impl._duck_typed_as is not list:
        return False
    collection = probe(state.obj(), impl.key)
    return isinstance(collection, list) and sum(1 for item in collection if item is value) > 1
