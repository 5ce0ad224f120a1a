"""
Keep, per attribute, who wants to hear of its changes.

One tuple per kind of change, empty for most attributes of most programs: asking "is anybody there?" is
a truth test.  Backrefs, cascades, validators and user events all stand in these tuples, in the order they
came.

The functions get states, not objects:

* ``append(state, value, initiator, key=NO_KEY) -> value``; also ``append_wo_mutation``
* ``remove(state, value, initiator, key=NO_KEY)``
* ``set(state, value, oldvalue, initiator) -> value``
* ``bulk_replace(state, values, initiator, keys=None)``: may change the list *values* in place
* ``modified(state, initiator)``
* ``init_scalar(state, value, dict_) -> value``
* ``init_collection(state, collection, adapter)``, ``dispose_collection(state, collection, adapter)``
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["KINDS", "AttributeEventToken", "Listeners"]

KINDS = (
    "append",
    "append_wo_mutation",
    "remove",
    "set",
    "bulk_replace",
    "modified",
    "init_scalar",
    "init_collection",
    "dispose_collection",
)

OP_REMOVE = "REMOVE"
OP_APPEND = "APPEND"
OP_REPLACE = "REPLACE"
OP_BULK_REPLACE = "BULK_REPLACE"
OP_MODIFIED = "MODIFIED"


class Listeners:
    """
    The functions listening to one attribute of one class.
    """

    __slots__ = (*KINDS, "places")

    places: tuple[Any, ...]
    """What the registry of listeners refers to weakly."""

    append: tuple[Callable[..., Any], ...]
    append_wo_mutation: tuple[Callable[..., Any], ...]
    remove: tuple[Callable[..., Any], ...]
    set: tuple[Callable[..., Any], ...]
    bulk_replace: tuple[Callable[..., Any], ...]
    modified: tuple[Callable[..., Any], ...]
    init_scalar: tuple[Callable[..., Any], ...]
    init_collection: tuple[Callable[..., Any], ...]
    dispose_collection: tuple[Callable[..., Any], ...]

    def __init__(self) -> None:
        for kind in KINDS:
            setattr(self, kind, ())
        self.places = ()

    def __bool__(self) -> bool:
        return any(getattr(self, kind) for kind in KINDS)

    def add(self, kind: str, fn: Callable[..., Any], first: bool = False) -> None:
        """
        Let *fn* hear of changes of one kind, after those who are there already.
        """
        known = getattr(self, kind)
        setattr(self, kind, (fn, *known) if first else (*known, fn))

    def discard(self, kind: str, fn: Callable[..., Any]) -> None:
        """
        Let *fn* hear no more.
        """
        setattr(self, kind, tuple(known for known in getattr(self, kind) if known is not fn))


class AttributeEventToken:
    """
    Where a chain of attribute changes began, passed along the chain as ``initiator``.
    """

    __slots__ = ("impl", "op", "parent_token")

    def __init__(self, impl: Any, op: str) -> None:
        self.impl: Any = impl
        self.op: str = op
        self.parent_token: Any = impl.parent_token

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttributeEventToken) and other.impl is self.impl and other.op == self.op

    def __hash__(self) -> int:
        return hash((id(self.impl), self.op))

    @property
    def key(self) -> str:
        """The name of the attribute."""
        return self.impl.key  # type: ignore[no-any-return]  # impl is typed loosely to avoid a cycle

    def hasparent(self, state: Any) -> bool:
        """
        Tell whether an object is known to have a parent by this attribute.
        """
        return bool(self.impl.hasparent(state))

    def __repr__(self) -> str:
        return f"AttributeEventToken({self.impl.key!r}, {self.op})"
