"""
Stand between an attribute and the collection object it holds.

The collection may be of any class: the adapter knows how to add, remove and
list members (through the class's *roles*), and tells the attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from weakref import ref

from relvar._kernels.attributes import probe
from relvar.orm.state.flags import NO_KEY
from relvar.util.warning import warn

__all__ = ["CollectionAdapter", "bulk_replace", "collection_adapter"]


def collection_adapter(collection: Any) -> CollectionAdapter | None:
    """
    Return the adapter of a collection that belongs to a mapped object.
    """
    return getattr(collection, "_sa_adapter", None)


class CollectionAdapter:
    """
    Bind one collection object to one attribute of one mapped object.

    ``invalidated``: the attribute holds another collection by now.
    ``empty``: the collection was made by reading and nobody has put anything in yet; it is not stored.
    ``filling``: loaded members get in, of which nobody is told, whatever methods the class uses for that.
    """

    __slots__ = ("_data", "_key", "attr", "empty", "filling", "invalidated", "owner_state")

    attr: Any
    owner_state: Any
    invalidated: bool
    empty: bool
    filling: bool

    def __init__(self, attr: Any, owner_state: Any, data: Any) -> None:
        self.attr = attr
        self._key = attr.key
        self._data: Callable[[], Any] = ref(data)
        self.owner_state = owner_state
        self.invalidated = False
        self.empty = False
        self.filling = False
        data._sa_adapter = self

    @property
    def data(self) -> Any:
        """The collection."""
        return self._data()

    def get_state(self) -> Any:
        """
        Return the state of the object that owns the collection.
        """
        return self.owner_state

    # -- changing ------------------------------------------------------------

    def append_with_event(self, item: Any, initiator: Any = None) -> None:
        """
        Add a member and tell the attribute.
        """
        self._data()._sa_appender(item, _sa_initiator=initiator)

    def append_without_event(self, item: Any) -> None:
        """
        Add a member and tell nobody.
        """
        self._data()._sa_appender(item, _sa_initiator=False)

    def append_multiple_without_event(self, items: Iterable[Any]) -> None:
        """
        Add members and tell nobody; how loaded members get in.
        """
        data = self._data()
        if type(data).__dict__.get("_sa_plain_list", False):
            list.extend(data, items)
            return
        appender = data._sa_appender
        self.filling = True
        try:
            for item in items:
                appender(item, _sa_initiator=False)
        finally:
            self.filling = False

    def remove_with_event(self, item: Any, initiator: Any = None) -> None:
        """
        Take a member out and tell the attribute.
        """
        self._data()._sa_remover(item, _sa_initiator=initiator)

    def remove_without_event(self, item: Any) -> None:
        """
        Take a member out and tell nobody.
        """
        self._data()._sa_remover(item, _sa_initiator=False)

    def clear_with_event(self, initiator: Any = None) -> None:
        """
        Take all members out and tell the attribute of each.
        """
        for item in list(self):
            self.remove_with_event(item, initiator)

    def clear_without_event(self) -> None:
        """
        Take all members out and tell nobody.
        """
        for item in list(self):
            self.remove_without_event(item)

    def adapt_like_to_iterable(self, obj: Any) -> Iterable[Any]:
        """
        Return the members of a collection of the same kind as this one.

        Raises:
            TypeError: *obj* is of another kind.
        """
        converter = getattr(self._data(), "_sa_converter", None)
        if converter is not None:
            return converter(obj)  # type: ignore[no-any-return]  # the user's function
        wanted = duck_type(self._data())
        given = duck_type(obj)
        if wanted is None or given is not wanted:
            name = type(obj).__name__ if not isinstance(obj, type) else obj.__name__
            raise TypeError(
                f"Incompatible collection type: {name} is not {wanted.__name__ if wanted else 'None'}-like"
            )
        members: Iterable[Any] = obj.values() if wanted is dict else obj
        return iter(members)

    # -- looking -------------------------------------------------------------

    def __iter__(self) -> Iterator[Any]:
        return iter(self._data()._sa_iterator())

    def __len__(self) -> int:
        return len(list(self._data()._sa_iterator()))

    def __bool__(self) -> bool:
        return True

    # -- telling -------------------------------------------------------------

    def _begin(self) -> tuple[Any, Any]:
        """
        Return the owner's state and the owner, once the collection is stored; warn if another one is by now.
        """
        state = self.owner_state
        obj = state.obj()
        if self.empty:
            self.attr.store_empty(self)
        elif self.invalidated or (obj is not None and probe(obj, self._key) is not self._data()):
            warn("This collection has been invalidated.")
        return state, obj

    def fire_append_event(self, item: Any, initiator: Any = None, key: Any = NO_KEY) -> Any:
        """
        Tell the attribute that *item* is about to come in; return what to add.
        """
        if initiator is False or self.filling:
            return item
        state, obj = self._begin()
        return self.attr.fire_append_event(state, obj, item, initiator, key)

    def fire_append_wo_mutation_event(self, item: Any, initiator: Any = None, key: Any = NO_KEY) -> Any:
        """
        Tell the attribute that *item* was added, but is there already.
        """
        if initiator is False or self.filling:
            return item
        state, obj = self._begin()
        return self.attr.fire_append_wo_mutation_event(state, obj, item, initiator, key)

    def fire_remove_event(self, item: Any, initiator: Any = None, key: Any = NO_KEY) -> None:
        """
        Tell the attribute that *item* is about to leave.
        """
        if initiator is False or self.filling:
            return
        state, obj = self._begin()
        self.attr.fire_remove_event(state, obj, item, initiator, key)

    def fire_pre_remove_event(self, initiator: Any = None, key: Any = NO_KEY) -> None:
        """
        Tell the attribute that some member is about to leave, which one the collection decides.
        """
        if self.empty:
            return
        state, obj = self._begin()
        self.attr.fire_pre_remove_event(state, obj, initiator, key)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "key": self._key,
            "owner_state": self.owner_state,
            "owner_cls": self.owner_state.class_,
            "data": self.data,
            "invalidated": self.invalidated,
            "empty": self.empty,
        }

    def __setstate__(self, saved: dict[str, Any]) -> None:
        self._key = saved["key"]
        self.owner_state = saved["owner_state"]
        self._data = ref(saved["data"])
        saved["data"]._sa_adapter = self
        self.invalidated = saved["invalidated"]
        self.empty = saved.get("empty", False)
        self.filling = False
        self.attr = saved["owner_cls"]._sa_class_manager.impls[self._key]


def bulk_replace(
    values: Iterable[Any],
    existing_adapter: CollectionAdapter,
    new_adapter: CollectionAdapter,
    initiator: Any = None,
) -> None:
    """
    Fill a new collection and tell of what came and what went against the existing one.

    Members only in the new one get an append event; those in both one that says that they were there;
    those only in the old one a remove event (and stay in the old collection).
    """
    if not isinstance(values, list):
        raise AssertionError("values must be a list")
    old = list(existing_adapter)
    before = {id(item) for item in old}
    after = {id(item) for item in values}
    appender = new_adapter.data._sa_appender
    for item in values:
        if id(item) in before:
            appender(item, _sa_initiator=False)
        else:
            appender(item, _sa_initiator=initiator)
    # not through the adapter: the attribute holds the new collection already
    attr, state = existing_adapter.attr, existing_adapter.owner_state
    obj = state.obj()
    if attr.listeners.append_wo_mutation:
        for item in {id(item): item for item in values if id(item) in before}.values():
            attr.fire_append_wo_mutation_event(state, obj, item, initiator)
    for item in {id(item): item for item in old if id(item) not in after}.values():
        attr.fire_remove_event(state, obj, item, initiator)


def duck_type(specimen: Any) -> type | None:
    """
    Return list, set or dict, whichever a collection (or collection class) behaves like; None for others.
    """
    emulates = getattr(specimen, "__emulates__", _UNSET)
    if emulates is not _UNSET:
        return emulates  # type: ignore[no-any-return]  # as the class declares
    cls: type = specimen if isinstance(specimen, type) else type(specimen)
    for kind in (list, set, dict):
        if issubclass(cls, kind):
            return kind
    if hasattr(specimen, "append"):
        return list
    if hasattr(specimen, "add"):
        return set
    if hasattr(specimen, "set"):
        return dict
    return None


_UNSET: Any = object()


CollectionFactory = Callable[[], Any]
