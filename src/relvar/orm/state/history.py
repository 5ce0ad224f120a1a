"""
Say how an attribute's value differs from the committed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar._kernels.attributes import get_state, remembers
from relvar.orm.state.flags import NO_VALUE, PASSIVE_NO_RESULT
from relvar.util.fields import NamedTuple

__all__ = ["HISTORY_BLANK", "History"]

_MISSING: Any = object()


class History(NamedTuple):
    """
    Values added to, unchanged in and deleted from an attribute.

    Each is a sequence, empty where there is nothing; for a scalar attribute
    at most one item long.
    """

    added: Sequence[Any]
    unchanged: Sequence[Any]
    deleted: Sequence[Any]

    def __bool__(self) -> bool:
        return self != HISTORY_BLANK

    def empty(self) -> bool:
        """
        Tell whether nothing was added, deleted or left.
        """
        return not bool((self.added or self.deleted) or self.unchanged)

    def sum(self) -> Sequence[Any]:
        """
        Return all values together.
        """
        return [*(self.added or ()), *(self.unchanged or ()), *(self.deleted or ())]

    def non_deleted(self) -> Sequence[Any]:
        """
        Return added and unchanged values.
        """
        return [*(self.added or ()), *(self.unchanged or ())]

    def non_added(self) -> Sequence[Any]:
        """
        Return unchanged and deleted values.
        """
        return [*(self.unchanged or ()), *(self.deleted or ())]

    def has_changes(self) -> bool:
        """
        Tell whether anything was added or deleted.
        """
        return bool(self.added or self.deleted)

    def as_state(self) -> History:
        """
        Return the same history with states in the place of objects.
        """
        return History(*([_state_or_none(item) for item in part] for part in self))

    @classmethod
    def from_scalar_attribute(cls, attribute: Any, state: Any, current: Any) -> History:
        """
        Compare a scalar value with what is remembered of it.
        """
        original = _original(state, attribute.key, current)
        if original is _MISSING:
            return HISTORY_BLANK if current is NO_VALUE else cls((), [current], ())
        if (
            current is not NO_VALUE
            and original is not NO_VALUE
            and attribute.is_equal(current, original) is True
        ):
            return cls((), [current], ())
        deleted: Sequence[Any] = () if original in _SYMBOLS else [original]
        if original is NO_VALUE and current is NO_VALUE:
            return cls([None], (), ()) if state.pk is not None else HISTORY_BLANK
        return cls(() if current is NO_VALUE else [current], (), deleted)

    @classmethod
    def from_object_attribute(
        cls, attribute: Any, state: Any, current: Any, original: Any = _MISSING
    ) -> History:
        """
        Compare a reference to another object with what is remembered of it.
        """
        if original is _MISSING and attribute.writes:
            original = _original(state, attribute.key, current)
        if original is _MISSING:
            return HISTORY_BLANK if current is NO_VALUE else cls((), [current], ())
        if current is None and original is NO_VALUE and attribute.active_history:
            # nothing was there before, and the attribute looks
            original = None
        if current is original and current is not NO_VALUE:
            return cls((), [current], ())
        deleted: Sequence[Any] = () if _is_symbol(original) else [original]
        if current is NO_VALUE and original is PASSIVE_NO_RESULT:
            # deleted, whatever it was: nobody looked
            return cls([None], (), ())
        if current is NO_VALUE or current is PASSIVE_NO_RESULT:
            return cls((), (), deleted)
        return cls([current], (), deleted)

    @classmethod
    def from_collection(cls, attribute: Any, state: Any, current: Any) -> History:
        """
        Compare the members of a collection, by identity, with the remembered ones.
        """
        if current is NO_VALUE:
            return HISTORY_BLANK
        items = list(attribute.members(current))
        original = _original(state, attribute.key, current) if attribute.writes else _MISSING
        if original is _MISSING:
            return cls((), items, ())
        if original is NO_VALUE:
            return cls(items, [], [])
        before = {id(item) for item in original}
        now = {id(item) for item in items}
        return cls(
            [item for item in items if id(item) not in before],
            [item for item in items if id(item) in before],
            [item for item in original if id(item) not in now],
        )


HISTORY_BLANK = History((), (), ())

_SYMBOLS = (NO_VALUE, PASSIVE_NO_RESULT)


def _is_symbol(value: Any) -> bool:
    return value is NO_VALUE or value is PASSIVE_NO_RESULT


def _state_or_none(obj: Any) -> Any:
    return None if obj is None else get_state(obj)


def _original(state: Any, key: str, current: Any) -> Any:
    old = state.old
    if old is not None and key in old:
        return old[key]
    # what an object without identity holds is new, but for what was given to it as if it had been loaded
    is_new = current is not NO_VALUE and not remembers(state, key)
    return NO_VALUE if is_new else _MISSING
