"""
Read, write and compare attributes of each kind: column values, one object, a collection of objects.

Rule 1: listeners run before the value is stored; what they return is stored.
Rule 2: the value before the first change is remembered once (`relvar._kernels.attributes.remember`).
Rule 3: the other side of a two-way relationship is kept in step by listeners only (see `backrefs`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from relvar import exc
from relvar._kernels.attributes import (
    INSERTED,
    extras,
    forget,
    get_state,
    mark_modified,
    probe,
    remember,
    set_loaded,
    values_of,
    write_plain,
)
from relvar._kernels.attributes import (
    AttributeImpl as KernelImpl,
)
from relvar.orm.state import hooks
from relvar.orm.state.flags import (
    ATTR_EMPTY,
    ATTR_WAS_SET,
    CALLABLES_OK,
    DEFERRED_HISTORY_LOAD,
    DONT_SET,
    INIT_OK,
    LOAD_AGAINST_COMMITTED,
    NO_AUTOFLUSH,
    NO_RAISE,
    NO_VALUE,
    PASSIVE_NO_FETCH,
    PASSIVE_NO_RESULT,
    PASSIVE_OFF,
    PASSIVE_ONLY_PERSISTENT,
)
from relvar.orm.state.history import HISTORY_BLANK, History
from relvar.orm.state.listeners import OP_APPEND, OP_REMOVE, OP_REPLACE, AttributeEventToken, Listeners
from relvar.orm.state.owners import adopt, is_owned, release

__all__ = [
    "AttributeImpl",
    "ScalarAttribute",
    "ScalarObjectAttribute",
    "member_state",
]


class AttributeImpl(KernelImpl):
    """
    What all kinds of attributes share.

    ``parent_token`` names the attribute across a class hierarchy: all impls of one property carry the same.
    ``tracks_owners``: children remember whom they belong to by this attribute (for delete-orphan).
    ``inserted``: an INSERT writes the value, or NULL if there is none.
    ``writes``: changes are for the database; those of a viewonly relationship are not, and change no state.
    ``optional``: a SELECT may leave it out, whatever is asked for.
    ``loader``: ``(state, passive) -> value``, set by the loading layer.
    """

    collection = False
    uses_objects = False
    dynamic = False
    writes = True
    default_accepts_scalar_loader = True

    def __init__(
        self,
        class_: type[Any],
        key: str,
        *,
        parent_token: Any = None,
        active_history: bool = False,
        tracks_owners: bool = False,
        compare: Callable[[Any, Any], Any] | None = None,
        load_on_unexpire: bool = True,
    ) -> None:
        KernelImpl.__init__(self, key)
        self.class_ = class_
        self.active_history = active_history
        self.tracks_owners = tracks_owners
        self.parent_token: Any = parent_token if parent_token is not None else self
        self.is_equal: Callable[[Any, Any], Any] = compare if compare is not None else operator.eq
        self.listeners: Listeners = Listeners()
        self.load_on_unexpire = load_on_unexpire
        self.scalar_loader = False
        self.inserted = False
        self.optional = False
        self.is_hooked = False
        self.field_default: Any = DONT_SET
        self._append_token = AttributeEventToken(self, OP_APPEND)
        self._remove_token = AttributeEventToken(self, OP_REMOVE)
        self._replace_token = AttributeEventToken(self, OP_REPLACE)
        self.listeners_changed()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.class_.__name__}.{self.key}>"

    def __str__(self) -> str:
        return f"{self.class_.__name__}.{self.key}"

    def listen(self, kind: str, fn: Callable[..., Any], first: bool = False) -> None:
        """
        Let *fn* hear of changes of one kind (see `listeners`).
        """
        self.listeners.add(kind, fn, first)
        self.listeners_changed()

    def listeners_changed(self) -> None:
        """
        Note that writes now do, or no longer do, more than store a value.
        """
        self.plain = False

    def set_field_default(self, value: Any) -> None:
        """
        Say what a dataclass field reads as until it is set; ``DONT_SET`` then sets nothing.
        """
        self.field_default = value
        self.plain: bool = False

    # -- reading ---------------------------------------------------------------

    def get(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        """
        Return the value; load or make it where *passive* allows.

        Returns:
            The value, or `NO_VALUE` / `PASSIVE_NO_RESULT` when it was not to be loaded.
        """
        value = probe(obj, self.key)
        if value is not NO_VALUE:
            return value
        old = state.old
        if old is not None and old.get(self.key, NO_VALUE) is not NO_VALUE:
            # deleted: loading it again would undo that
            value = ATTR_EMPTY
        elif not passive & CALLABLES_OK:
            return PASSIVE_NO_RESULT
        else:
            try:
                value = self._load(state, obj, passive)
            except exc.MissingGreenlet:
                from relvar.orm.state.unawaited import unawaited  # for those who forgot

                raise unawaited(state, self.key) from None
        if value is PASSIVE_NO_RESULT or value is NO_VALUE:
            return value
        if value is ATTR_WAS_SET:
            value = probe(obj, self.key)
            if value is NO_VALUE and self.optional:
                state.unexpire(self.key)
                return self._default_value(state, obj) if passive & INIT_OK else NO_VALUE
            if value is NO_VALUE:
                raise KeyError(f"Deferred loader for attribute {self.key!r} failed to populate correctly")
            return value
        if value is not ATTR_EMPTY:
            return self.set_committed_value(state, obj, value)
        if not passive & INIT_OK:
            return NO_VALUE
        return self._default_value(state, obj)

    def _load(self, state: Any, obj: Any, passive: int) -> Any:
        key = self.key
        expired = state.expired_keys
        if expired is not None and key in expired and self.scalar_loader:
            return hooks.load_hook[0](state, expired, passive)
        extra = state.extra
        if extra is not None:
            callables = extra.get("callables")
            if callables is not None and key in callables:
                return callables[key](state, passive)
        if self.loader is not None:
            return self.loader(state, passive)
        if self.scalar_loader and state.pk is not None:
            if self.inserted and state.flags & INSERTED:
                return ATTR_EMPTY
            return hooks.load_hook[0](state, (key,), passive)
        return ATTR_EMPTY

    def _default_value(self, state: Any, obj: Any) -> Any:
        """Return the value of an attribute that was never set; scalars are not stored."""
        value = None if self.field_default is DONT_SET else self.field_default
        for fn in self.listeners.init_scalar:
            value = fn(state, value, values_of(obj))
        return value

    def old_value(self, state: Any, obj: Any) -> Any:
        """
        Load the value that is about to be overwritten.
        """
        return self.get(state, obj, PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED)

    def get_committed_value(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        """
        Return the value as of the last flush; None if there was none.
        """
        old = state.old
        if old is not None and self.key in old:
            value = old[self.key]
            return None if value is NO_VALUE or value is PASSIVE_NO_RESULT else value
        return self.get(state, obj, passive)

    # -- writing -----------------------------------------------------------------

    def set_committed_value(self, state: Any, obj: Any, value: Any) -> Any:
        """
        Store a value as if it came from the database.
        """
        set_loaded(obj, self.key, value)
        if state.pk is None:
            extras(state).setdefault("committed", set()).add(self.key)
        state.forget_old(self.key)
        return value

    def modified(self, state: Any, obj: Any, previous: Any) -> None:
        """
        Remember the value before this change and tell the session.
        """
        if not self.writes:
            return
        remember(state, self.key, previous)
        if state.expired_keys is not None:
            state.unexpire(self.key)
        mark_modified(state, obj)

    def append(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        """
        Take *value* as the other side's partner (a member, or the one object).
        """
        self.set(state, obj, value, initiator, passive=passive)

    def remove(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        """
        Lose *value*, which must be there.
        """
        self.set(state, obj, None, initiator, passive=passive, check_old=value)

    def pop(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        """
        Lose *value* if it is there.
        """
        self.set(state, obj, None, initiator, passive=passive, check_old=value, pop=True)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
    ) -> None:
        raise NotImplementedError

    def get_history(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the value differs from the committed one.
        """
        raise NotImplementedError

    def members(self, value: Any) -> Iterable[Any]:
        """
        Return the objects that a value refers to.
        """
        return () if value is None else (value,)

    def hasparent(self, state: Any, optimistic: bool = False) -> bool:
        """
        Tell whether an object is known to have an owner by this attribute.

        Args:
            optimistic: The answer where nothing is known.
        """
        if not self.tracks_owners:
            raise exc.InvalidRequestError(f"The attribute {self} does not keep track of who owns its objects")
        return is_owned(state, self.parent_token, optimistic)


class ScalarAttribute(AttributeImpl):
    """
    A value of one or more columns.
    """

    def listeners_changed(self) -> None:
        self.plain: bool = not self.listeners and self.field_default is DONT_SET

    def get_history(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> History:
        value = probe(obj, self.key)
        if value is NO_VALUE:
            old = state.old
            if old is None or self.key not in old:
                value = self.get(state, obj, passive & ~INIT_OK)
                if value is PASSIVE_NO_RESULT:
                    return HISTORY_BLANK
        return History.from_scalar_attribute(self, state, value)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
    ) -> None:
        if value is DONT_SET:
            return
        if self.listeners.set:
            previous = probe(obj, self.key)
            if previous is NO_VALUE and self.active_history:
                previous = self.old_value(state, obj)
            token = initiator or self._replace_token
            for fn in self.listeners.set:
                value = fn(state, value, previous, token)
        write_plain(state, self, obj, self.key, value)

    def delete(self, state: Any, obj: Any) -> None:
        previous = probe(obj, self.key)
        if previous is NO_VALUE and (self.active_history or state.pk is not None):
            previous = self.old_value(state, obj)
        if self.listeners.remove:
            for fn in self.listeners.remove:
                fn(state, previous, self._remove_token)
        found = forget(obj, self.key)
        if not found and not (state.expired_keys and self.key in state.expired_keys):
            raise AttributeError(f"{self} object does not have a value")
        self.modified(state, obj, previous)


class ScalarObjectAttribute(AttributeImpl):
    """
    A reference to one mapped object, or None.
    """

    uses_objects = True
    default_accepts_scalar_loader = False

    deferred_history = False
    """
    The object before the first change is loaded when its history is asked for, if it was not loaded then.
    """

    def get_history(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> History:
        value = probe(obj, self.key)
        # what is not there and has a past was deleted: to load it would bring it back
        if value is NO_VALUE and (state.old is None or self.key not in state.old):
            value = self.get(state, obj, passive & ~INIT_OK)
            if value is PASSIVE_NO_RESULT:
                return HISTORY_BLANK
        if self.deferred_history:
            self._load_original(state, obj, passive)
        return History.from_object_attribute(self, state, value)

    def _load_original(self, state: Any, obj: Any, passive: int) -> None:
        """Find the object that was there before the first change, where a change did not load it."""
        old = state.old
        if old is None or old.get(self.key) is not PASSIVE_NO_RESULT:
            return
        flags = PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED | NO_RAISE
        original = self._load(state, obj, passive | flags | DEFERRED_HISTORY_LOAD)
        if original is ATTR_EMPTY or original is ATTR_WAS_SET:
            original = NO_VALUE
        old[self.key] = original
        if self.tracks_owners and original is not probe(obj, self.key):
            # what the change could not say, as it did not know the object
            owned = get_state(original)
            if owned is not None:
                release(owned, self.parent_token, state)

    def previous(self, state: Any, obj: Any) -> Any:
        """
        Return the object that is about to be replaced, loaded only where its history matters.
        """
        if self.active_history:
            return self.get(state, obj, PASSIVE_ONLY_PERSISTENT | NO_AUTOFLUSH | LOAD_AGAINST_COMMITTED)
        return self.get(state, obj, (PASSIVE_NO_FETCH & ~INIT_OK) | LOAD_AGAINST_COMMITTED | NO_RAISE)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
    ) -> None:
        if value is DONT_SET:
            return
        previous = self.previous(state, obj)
        if (
            check_old is not None
            and previous is not PASSIVE_NO_RESULT
            and previous is not NO_VALUE
            and check_old is not previous
        ):
            if pop:
                return
            raise ValueError(f"Object {check_old!r} not associated with {state} on attribute '{self.key}'")
        value = self.fire_replace_event(state, obj, value, previous, initiator)
        set_loaded(obj, self.key, value)

    def delete(self, state: Any, obj: Any) -> None:
        if state.pk is None and probe(obj, self.key) is NO_VALUE:
            raise AttributeError(f"{self} object does not have a value")
        previous = self.previous(state, obj)
        self._fire_remove(state, obj, previous, self._remove_token)
        forget(obj, self.key)

    def _fire_remove(self, state: Any, obj: Any, value: Any, initiator: Any) -> None:
        real = value is not None and value is not PASSIVE_NO_RESULT and value is not NO_VALUE
        if self.tracks_owners and real:
            release(get_state(value), self.parent_token, state)
        for fn in self.listeners.remove:
            fn(state, value if real else None, initiator or self._remove_token)
        self.modified(state, obj, value)

    def fire_replace_event(self, state: Any, obj: Any, value: Any, previous: Any, initiator: Any) -> Any:
        """
        Tell listeners of the change; return what is to be stored.
        """
        if (
            self.tracks_owners
            and previous is not value
            and previous is not None
            and previous is not PASSIVE_NO_RESULT
            and previous is not NO_VALUE
        ):
            release(get_state(previous), self.parent_token, state)
        token = initiator or self._replace_token
        for fn in self.listeners.set:
            value = fn(state, value, previous, token)
        other = None if value is None else member_state(value)
        self.modified(state, obj, previous)
        if self.tracks_owners and other is not None:
            adopt(other, self.parent_token, state)
        return value


def member_state(obj: Any) -> Any:
    """
    Return the state of an object that a relationship is about to refer to.

    Raises:
        AttributeError: It is no mapped object.
    """
    state = get_state(obj)
    if state is None:
        raise AttributeError(f"{type(obj).__name__!r} object has no attribute '_sa_instance_state'")
    return state
