"""
Tell what a flush met: warnings (saying so when the program did not ask for the flush), refreshed attributes,
objects that a relationship is not for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relvar._kernels.flush import lacks_value, managers_of
from relvar.orm import exc as orm_exc
from relvar.util.warning import warn

__all__ = ["flush_warning", "tell_refreshed", "verify_class", "verify_versions"]

_BY_ITSELF = (
    " (This warning originated from the Session 'autoflush' process, which was invoked "
    "automatically in response to a user-initiated operation. Consider using "
    "``no_autoflush`` context manager if this warning happened while initializing objects.)"
)


def flush_warning(session: Any, text: str) -> None:
    """
    Warn during a flush of *session*.
    """
    warn(text + _BY_ITSELF if session._autoflushing else text)


def tell_refreshed(unit: Any, states: list[Any], keys: Iterable[str]) -> None:
    """
    Tell listeners that defaults gave attributes of *states* new values.

    Args:
        unit: The flush; primary keys are not among *keys*.
    """
    heard = [m for m in managers_of(states) if m.listeners.refresh_flush]
    if not heard:
        return
    keys = set(keys)
    for state in states:
        if state() is not None:
            for fn in state.manager.listeners.refresh_flush:
                fn(state, unit, keys)


def verify_versions(states: list[Any], key: str, is_new: bool) -> None:
    """
    Raise `FlushError` if a row was left without a version: no UPDATE would ever find it again.

    Args:
        key: The attribute that has the version.

        is_new: The rows are new, so what has no value is NULL.
    """
    if lacks_value(states, key, is_new):
        raise orm_exc.FlushError(
            "Instance does not contain a non-NULL version value; with version_id_generator=False, the "
            "program gives each object one, or the database by a server_default"
        )


def verify_class(prop: Any, mapper: Any) -> None:
    """
    Raise `FlushError` if a relationship is not for objects of a mapper.

    Rows of a hierarchy without a discriminator are read as objects of the superclass: objects of its
    subclasses are taken only with ``enable_typechecks=False``.
    """
    is_subclass = mapper.isa(prop.mapper)
    if is_subclass and (prop.mapper.polymorphic_on is not None or not prop.enable_typechecks):
        return
    given, expected = mapper.class_, prop.mapper.class_
    message = (
        f'Attempting to flush an item of type {given} as a member of collection "{prop}". '
        f"Expected an object of type {expected} or a polymorphic subclass of this type."
    )
    if is_subclass:
        message += (
            f' If {given} is a subclass of {expected}, configure mapper "{prop.mapper}" to load this '
            "subtype polymorphically, or set enable_typechecks=False to allow any subtype to be "
            "accepted for flush."
        )
    raise orm_exc.FlushError(message)
