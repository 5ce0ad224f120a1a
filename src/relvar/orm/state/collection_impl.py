"""
The attribute that holds a collection of mapped objects.

A collection that is not loaded may change all the same, through the other side of a
two-way relationship.  Such changes wait as *pending* in the state and are applied when the collection is
loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from relvar._kernels.attributes import (
    MODIFIED,
    extras,
    forget,
    get_state,
    mark_modified,
    probe,
    remembers,
    set_loaded,
)
from relvar.orm.exc import ObjectDereferencedError
from relvar.orm.state.adapter import CollectionAdapter, bulk_replace, duck_type
from relvar.orm.state.flags import (
    CALLABLES_OK,
    INCLUDE_PENDING_MUTATIONS,
    INIT_OK,
    NO_KEY,
    NO_VALUE,
    PASSIVE_NO_FETCH,
    PASSIVE_NO_RESULT,
    PASSIVE_OFF,
    PASSIVE_ONLY_PERSISTENT,
    SQL_OK,
)
from relvar.orm.state.history import HISTORY_BLANK, History
from relvar.orm.state.impl import AttributeImpl, member_state
from relvar.orm.state.instrument_collection import prepare_factory
from relvar.orm.state.listeners import OP_BULK_REPLACE, AttributeEventToken
from relvar.orm.state.owners import adopt, release

__all__ = ["CollectionAttribute", "PendingCollection"]


class PendingCollection:
    """
    Changes of a collection that is not loaded.
    """

    __slots__ = ("added_items", "deleted_items", "returned_items")

    def __init__(self) -> None:
        self.added_items: list[Any] = []
        self.deleted_items: list[Any] = []
        # added ones that may have been members before they left
        self.returned_items: list[Any] = []

    @staticmethod
    def _without(items: list[Any], value: Any) -> bool:
        for at, item in enumerate(items):
            if item is value:
                del items[at]
                return True
        return False

    def append(self, value: Any) -> None:
        """
        Note a member that came in.
        """
        if not self._without(self.deleted_items, value):
            if not any(item is value for item in self.added_items):
                self.added_items.append(value)

    def take(self, value: Any) -> None:
        """
        Note a member that came in, whether or not it was one before it left.
        """
        if self._without(self.deleted_items, value):
            self.returned_items.append(value)
        self.append(value)

    def remove(self, value: Any) -> None:
        """
        Note a member that left.
        """
        if not self._without(self.added_items, value) or self._without(self.returned_items, value):
            self.deleted_items.append(value)

    def merge_with_history(self, history: History) -> History:
        """
        Add these changes to the history of the loaded content.
        """
        gone = {id(item) for item in self.deleted_items}
        return History(
            _once(*history.added, *self.added_items),
            [item for item in history.unchanged if id(item) not in gone],
            _once(*history.deleted, *self.deleted_items),
        )


def _once(*members: Any) -> list[Any]:
    """Return each object once; they need not be hashable, and equal ones are not the same."""
    return list({id(member): member for member in members}.values())


class CollectionAttribute(AttributeImpl):
    """
    A collection of mapped objects: list, set, dict or a class of the user's.
    """

    uses_objects = True
    collection = True
    default_accepts_scalar_loader = False

    admit: Callable[[Any, Any, Any], Any] | None = None
    """
    Called with the state, a member that is about to come in, and the initiator; raises to keep it outside.
    """

    def __init__(
        self, class_: type[Any], key: str, *, typecallable: Callable[[], Any] | None = None, **kw: Any
    ) -> None:
        super().__init__(class_, key, **kw)
        self.collection_factory: Any = prepare_factory(typecallable if typecallable is not None else list)
        self._duck_typed_as = duck_type(self.collection_factory())
        self._bulk_replace_token = AttributeEventToken(self, OP_BULK_REPLACE)

    # -- reading ---------------------------------------------------------------

    def members(self, value: Any) -> Iterable[Any]:
        if value is None:
            return ()
        adapter: CollectionAdapter | None = getattr(value, "_sa_adapter", None)
        return adapter if adapter is not None else value

    def get(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        value = probe(obj, self.key)
        if value is not NO_VALUE:
            return value
        if state.pk is None and passive & INIT_OK:
            empty = self._empty(state)
            if empty is not None:
                return empty
        return AttributeImpl.get(self, state, obj, passive)

    def _empty(self, state: Any) -> Any:
        """Return the empty collection that reading has made, if it is not stored yet."""
        extra = state.extra
        return None if extra is None else extra.get("empty", {}).get(self.key)

    def _default_value(self, state: Any, obj: Any) -> Any:
        """Return an empty collection, not stored before something comes in."""
        collection = self._empty(state)
        if collection is not None:
            return collection
        collection = self._make(state)
        collection._sa_adapter.empty = True
        extras(state).setdefault("empty", {})[self.key] = collection
        return collection

    def _make(self, state: Any, collection: Any = None) -> Any:
        if collection is None:
            collection = self.collection_factory()
        adapter = CollectionAdapter(self, state, collection)
        for fn in self.listeners.init_collection:
            fn(state, collection, adapter)
        return collection

    def store_empty(self, adapter: CollectionAdapter) -> None:
        """
        Store a collection that was made by reading, now that something happens to it.
        """
        adapter.empty = False
        state = adapter.owner_state
        empty = (state.extra or {}).get("empty")
        if empty is not None and empty.get(self.key) is adapter.data:
            del empty[self.key]
            obj = state.obj()
            if obj is not None and probe(obj, self.key) is NO_VALUE:
                set_loaded(obj, self.key, adapter.data)

    def initialize(self, state: Any, obj: Any) -> Any:
        """
        Store a new empty collection, as if loaded, and return it.
        """
        collection = self._make(state)
        set_loaded(obj, self.key, collection)
        if state.extra is not None:
            state.extra.get("empty", {}).pop(self.key, None)
        return collection

    def get_collection(self, state: Any, obj: Any, user_data: Any = None, passive: int = PASSIVE_OFF) -> Any:
        """
        Return the adapter of the attribute's collection, or `PASSIVE_NO_RESULT` when it was not to be loaded.
        """
        if user_data is None:
            fetched = self.get(state, obj, passive)
            if fetched is PASSIVE_NO_RESULT or fetched is NO_VALUE:
                return fetched
            user_data = fetched
        return user_data._sa_adapter

    def get_history(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> History:
        current = self.get(state, obj, passive)
        if current is PASSIVE_NO_RESULT or current is NO_VALUE:
            pending = self._pending(state)
            if passive & INCLUDE_PENDING_MUTATIONS and pending is not None:
                return pending.merge_with_history(HISTORY_BLANK)
            return HISTORY_BLANK
        return History.from_collection(self, state, current)

    # -- loading -----------------------------------------------------------------

    def set_committed_value(self, state: Any, obj: Any, value: Any) -> Any:
        collection = self._empty(state)
        if collection is None:
            collection = self._make(state)
        adapter: CollectionAdapter = collection._sa_adapter
        adapter.empty = False
        if value:
            if isinstance(value, dict):
                value = value.values()
            adapter.append_multiple_without_event(value)
        return self.set_loaded_collection(state, obj, collection)

    def set_loaded_collection(self, state: Any, obj: Any, collection: Any) -> Any:
        """
        Store a collection filled from the database, then apply the changes that waited for it.
        """
        adapter: CollectionAdapter = collection._sa_adapter
        previous = probe(obj, self.key)
        if previous is not NO_VALUE and previous is not None:
            self._dispose(state, previous)
        set_loaded(obj, self.key, collection)
        state.forget_old(self.key)
        extra = state.extra
        if extra is None:
            return collection
        extra.get("empty", {}).pop(self.key, None)
        if state.pk is None:
            extra.setdefault("committed", set()).add(self.key)
        pending_of = extra.get("pending")
        pending = pending_of.pop(self.key, None) if pending_of else None
        if pending is not None:
            self.modified(state, obj, list(adapter))
            present = {id(item) for item in adapter}
            for item in pending.added_items:
                if id(item) not in present:
                    adapter.append_without_event(item)
            for item in pending.deleted_items:
                if id(item) in present:
                    adapter.remove_without_event(item)
        return collection

    # -- writing -----------------------------------------------------------------

    def _pending(self, state: Any) -> PendingCollection | None:
        extra = state.extra
        if extra is None or "pending" not in extra:
            return None
        return extra["pending"].get(self.key)  # type: ignore[no-any-return]  # filled below only

    def _pending_to_change(self, state: Any) -> PendingCollection:
        pending = extras(state).setdefault("pending", {})
        if self.key not in pending:
            pending[self.key] = PendingCollection()
        return pending[self.key]  # type: ignore[no-any-return]  # see above

    def _note_change(self, state: Any, obj: Any) -> None:
        if obj is None:
            if not state.flags & MODIFIED:
                raise ObjectDereferencedError(
                    f"Can't emit change event for attribute '{self}' - parent object of type "
                    f"<{state.class_.__name__}> has been garbage collected."
                )
            return
        if not self.writes:
            return
        old = state.old
        previous: Any = NO_VALUE
        if remembers(state, self.key) and (old is None or self.key not in old):
            collection = probe(obj, self.key)
            if collection is not NO_VALUE:
                previous = list(self.members(collection))
        if previous is NO_VALUE and state.pk is not None:
            # nothing loaded, nothing to remember: the pending changes say all
            mark_modified(state, obj)
            return
        self.modified(state, obj, previous)

    def fire_append_event(self, state: Any, obj: Any, value: Any, initiator: Any, key: Any = NO_KEY) -> Any:
        """
        Tell listeners that *value* comes in; return what to add.
        """
        token = initiator or self._append_token
        if self.admit is not None:
            self.admit(state, value, token)
        given = get_state(value) if self.tracks_owners and value is not None else None
        if given is None:
            for fn in self.listeners.append:
                value = fn(state, value, token, key=key)
        else:
            # first of all: a listener lets the former owner go, and what nobody owns leaves its session
            before = adopt(given, self.parent_token, state)
            try:
                for fn in self.listeners.append:
                    value = fn(state, value, token, key=key)
            except BaseException:
                adopt(given, self.parent_token, before)
                raise
        member = None if value is None else member_state(value)
        self._note_change(state, obj)
        if self.tracks_owners and member is not None and member is not given:
            if given is not None:
                adopt(given, self.parent_token, before)
            adopt(member, self.parent_token, state)
        return value

    def fire_append_wo_mutation_event(
        self, state: Any, obj: Any, value: Any, initiator: Any, key: Any = NO_KEY
    ) -> Any:
        """
        Tell listeners that *value* was added though it is a member already.
        """
        for fn in self.listeners.append_wo_mutation:
            value = fn(state, value, initiator or self._append_token, key=key)
        return value

    def fire_pre_remove_event(self, state: Any, obj: Any, initiator: Any, key: Any = NO_KEY) -> None:
        """
        Remember the content before a member leaves.
        """
        self._note_change(state, obj)

    def fire_remove_event(self, state: Any, obj: Any, value: Any, initiator: Any, key: Any = NO_KEY) -> None:
        """
        Tell listeners that *value* leaves.
        """
        if self.tracks_owners and value is not None:
            release(get_state(value), self.parent_token, state)
        for fn in self.listeners.remove:
            fn(state, value, initiator or self._remove_token, key=key)
        self._note_change(state, obj)

    def append(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        adapter = self.get_collection(state, obj, passive=passive)
        if adapter is PASSIVE_NO_RESULT:
            value = self.fire_append_event(state, obj, value, initiator)
            self._pending_to_change(state).append(value)
        else:
            adapter.append_with_event(value, initiator)

    def remove(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        adapter = self.get_collection(state, obj, passive=passive)
        if adapter is PASSIVE_NO_RESULT:
            self.fire_remove_event(state, obj, value, initiator)
            self._pending_to_change(state).remove(value)
        else:
            adapter.remove_with_event(value, initiator)

    def pop(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        adapter = self.get_collection(state, obj, passive=passive)
        if adapter is not PASSIVE_NO_RESULT and not any(item is value for item in adapter):
            return
        self.remove(state, obj, value, initiator, passive)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
        _adapt: bool = True,
    ) -> None:
        given = value
        collection = self._make(state)
        adapter: CollectionAdapter = collection._sa_adapter
        items, keys = self._members_to_set(adapter, value)
        token = self._bulk_replace_token if initiator is None else initiator
        for fn in self.listeners.bulk_replace:
            fn(state, items, token, keys=keys)
        old = self.get(state, obj, PASSIVE_ONLY_PERSISTENT)
        if old is PASSIVE_NO_RESULT or old is NO_VALUE:
            old = self._default_value(state, obj)
        elif old is given:
            # obj.items = obj.items: the very same collection is no change
            return
        old_adapter: CollectionAdapter = old._sa_adapter
        if old_adapter.empty:
            self.store_empty(old_adapter)
        self._note_change(state, obj)
        set_loaded(obj, self.key, collection)
        # members that came in tell their other side; the old content is already remembered
        bulk_replace(items, old_adapter, adapter, initiator=token)
        self._dispose(state, old)
        # what was replaced is the program's own again: a plain collection
        old._sa_adapter = None

    def _members_to_set(self, adapter: CollectionAdapter, value: Any) -> tuple[list[Any], list[Any] | None]:
        wanted = self._duck_typed_as
        given = duck_type(value)
        if given is not wanted:
            found = value.__name__ if isinstance(value, type) else type(value).__name__
            shown = wanted.__name__ if wanted is not None else "None"
            if value is None:
                found = "None"
            raise TypeError(f"Incompatible collection type: {found} is not {shown}-like")
        inner = getattr(value, "_sa_adapter", None)
        if wanted is dict:
            if inner is not None:
                return list(inner), list(value)
            return list(value.values()), list(value.keys())
        if inner is not None:
            return list(inner), None
        iterator = getattr(value, "_sa_iterator", None)
        return list(iterator() if iterator is not None else value), None

    def _dispose(self, state: Any, collection: Any) -> None:
        adapter = getattr(collection, "_sa_adapter", None)
        if adapter is None:
            return
        adapter.invalidated = True
        for fn in self.listeners.dispose_collection:
            fn(state, collection, adapter)

    def delete(self, state: Any, obj: Any) -> None:
        collection = self.get(state, obj, PASSIVE_OFF)
        if probe(obj, self.key) is NO_VALUE:
            return
        self._note_change(state, obj)
        collection._sa_adapter.clear_with_event()
        forget(obj, self.key)

    def get_committed_value(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        old = state.old
        if old is not None and self.key in old:
            value = old[self.key]
            return None if value is NO_VALUE else value
        return self.get(state, obj, passive)

    def get_all_pending(
        self, state: Any, obj: Any, passive: int = PASSIVE_NO_FETCH & ~CALLABLES_OK
    ) -> list[Any]:
        """
        Return every object that is or was a member in this transaction, as far as known: cascades visit all.
        """
        found: dict[int, Any] = {}
        current = probe(obj, self.key)
        if current is NO_VALUE:
            current = self._empty(state)
        if current is None and passive & CALLABLES_OK and passive & SQL_OK:
            current = self.get(state, obj, passive)
        for item in self.members(current) if current is not None else ():
            if item is not None:
                found[id(item)] = item
        old = state.old.get(self.key) if state.old is not None else None
        for item in old if isinstance(old, list) else ():
            if item is not None:
                found.setdefault(id(item), item)
        pending = self._pending(state)
        if pending is not None:
            for item in pending.added_items:
                found.setdefault(id(item), item)
        return list(found.values())
