"""Classes to map in tests: made by keywords, compared by what they hold."""

from __future__ import annotations

from typing import Any

from relvar import exc, inspection
from relvar.orm.exc import DetachedInstanceError, ObjectDereferencedError

_comparing: set[tuple[int, int]] = set()


class BasicEntity:
    """Take attributes by keyword."""

    def __init__(self, **kw: Any) -> None:
        for name, value in kw.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        if id(self) in _shown:
            return object.__repr__(self)
        _shown.add(id(self))
        try:
            held = (f"{name}={value!r}" for name, value in sorted(_held(self).items()))
            return f"{type(self).__name__}({', '.join(held)})"
        finally:
            _shown.discard(id(self))


_shown: set[int] = set()


class ComparableMixin:
    """
    Compare by attributes, through whole graphs.

    The one that is not in a session says what is compared: what it does not hold is not asked for.
    """

    __hash__: Any = object.__hash__

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        pair = (id(self), id(other))
        if pair in _comparing:
            # a graph that comes back to where it started is equal as far as the rest of it is
            return True
        _comparing.add(pair)
        try:
            wanted, found = (self, other) if _state_key(self) is None else (other, self)
            return all(_equal(value, _attribute(found, name)) for name, value in _held(wanted).items())
        finally:
            _comparing.discard(pair)

    def __ne__(self, other: object) -> bool:
        return not self == other


class ComparableEntity(ComparableMixin, BasicEntity):
    """Both."""


_MISSING = object()


def _held(instance: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(instance).items() if not name.startswith("_")}


def _state_key(instance: Any) -> Any:
    state = inspection.inspect(instance, raiseerr=False)
    return getattr(state, "key", None)


def _attribute(instance: Any, name: str) -> Any:
    try:
        return getattr(instance, name)
    except (AttributeError, exc.UnboundExecutionError, DetachedInstanceError, ObjectDereferencedError):
        return _MISSING


def _equal(wanted: Any, found: Any) -> bool:
    if found is _MISSING:
        return False
    if isinstance(wanted, (set, frozenset)):
        left = list(found)
        for one in wanted:
            for other in left:
                if one == other:
                    left.remove(other)
                    break
            else:
                return False
        return not left
    if hasattr(wanted, "__iter__") and not isinstance(wanted, (str, bytes, dict)):
        return list(wanted) == list(found)
    return bool(wanted == found)


__all__ = ["BasicEntity", "ComparableEntity", "ComparableMixin"]
