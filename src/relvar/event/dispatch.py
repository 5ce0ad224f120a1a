"""
From an object to the functions that listen on it.

``obj.dispatch.some_event`` is a collection: false when nobody listens, else
iterated or called.  It has two sources, in this order:

1. listeners of the object's class and of its bases;
2. listeners of the object itself.

A dispatch that was joined to a parent (a connection to its engine) runs its own
listeners, then all of the parent's, which those of classes are among.

Collections hold tuples that are replaced when they change, so a listener may
come or go while others run.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from relvar.event import registry

if TYPE_CHECKING:
    from relvar.event.events import Events

_Entry = tuple[float, registry.Key, Callable[..., Any]]


class RefCollection:
    """
    Base of what holds listeners.
    """

    __slots__ = ("__weakref__",)


class Listeners(RefCollection):
    """
    Listeners on one target: their functions in order, and where they are from.
    """

    __slots__ = ("_entries", "_sink", "fns", "propagate")

    def __init__(self, sink: Callable[[], None] | None = None) -> None:
        self._entries: list[_Entry] = []
        self.fns: tuple[Callable[..., Any], ...] = ()
        self.propagate: set[registry.Key] = set()
        self._sink = sink

    def holds(self, key: registry.Key) -> bool:
        return any(entry[1] == key for entry in self._entries)

    def add(self, key: registry.Key, fn: Callable[..., Any], *, insert: bool, propagate: bool) -> None:
        order = _order.before() if insert else _order.after()
        self._entries.append((order, key, fn))
        if propagate:
            self.propagate.add(key)
        self._changed()

    def discard(self, key: registry.Key) -> None:
        self._entries = [entry for entry in self._entries if entry[1] != key]
        self.propagate.discard(key)
        self._changed()

    def clear(self) -> None:
        self._entries = []
        self.propagate.clear()
        registry.forget_collection(self)
        self._changed()

    def _changed(self) -> None:
        self._entries.sort(key=_by_order)
        self.fns = tuple([entry[2] for entry in self._entries])
        if self._sink is not None:
            self._sink()

    def update(self, other: Listeners, only_propagate: bool) -> None:
        """
        Take over the listeners of *other*.
        """
        for entry in other._entries:
            key = entry[1]
            if (not only_propagate or key in other.propagate) and not self.holds(key):
                self._entries.append(entry)
                if key in other.propagate:
                    self.propagate.add(key)
                registry.remember(key, self, entry[2])
        self._changed()


def _by_order(entry: _Entry) -> float:
    return entry[0]


class _Order:
    """
    Numbers listenings; inserted ones run before all others so far.
    """

    def __init__(self) -> None:
        self.last = 0
        self.first = 0

    def after(self) -> int:
        self.last += 1
        return self.last

    def before(self) -> int:
        self.first -= 1
        return self.first


_order = _Order()


class ClassFunctions:
    """
    What listens on a class through itself and its bases.
    """

    __slots__ = ("fns",)

    def __init__(self) -> None:
        self.fns: tuple[Callable[..., Any], ...] = ()


_NOBODY = ClassFunctions()


class ClassEvent:
    """
    One event: its arguments, and the listeners that classes have.
    """

    __slots__ = ("_classes", "_merged", "argnames", "has_kw", "legacy", "name", "signature_text")

    def __init__(
        self,
        name: str,
        argnames: tuple[str, ...],
        has_kw: bool,
        legacy: list[Any],
        signature_text: str,
    ) -> None:
        self.name: str = name
        self.argnames: tuple[str, ...] = argnames
        self.has_kw: bool = has_kw
        self.legacy: list[Any] = legacy
        self.signature_text: str = signature_text
        self._classes: weakref.WeakKeyDictionary[type, Listeners] = weakref.WeakKeyDictionary()
        self._merged: weakref.WeakKeyDictionary[type, ClassFunctions] = weakref.WeakKeyDictionary()

    def adapted(self, fn: Callable[..., Any], named: bool) -> Callable[..., Any]:
        """
        Return *fn* as the event calls it: by position, all arguments.
        """
        if named:
            argnames = self.argnames

            def by_name(*args: Any, **kw: Any) -> Any:
                kw.update(zip(argnames, args))
                return fn(**kw)

            return by_name
        for older in self.legacy:
            wrapped = older.wrap(self, fn)
            if wrapped is not None:
                return wrapped  # type: ignore[no-any-return]  # a callable like fn
        return fn

    def class_listeners(self, cls: type) -> Listeners:
        """
        Return the listeners put on *cls* itself.
        """
        found = self._classes.get(cls)
        if found is None:
            found = self._classes[cls] = Listeners(self._merge_all)
        return found

    def for_class(self, cls: type) -> ClassFunctions:
        """
        Return what instances of *cls* get from classes; kept up to date.
        """
        found = self._merged.get(cls)
        if found is None:
            found = ClassFunctions()
            self._merge(cls, found)
            self._merged[cls] = found
        return found

    def _merge_all(self) -> None:
        for cls, functions in list(self._merged.items()):
            self._merge(cls, functions)

    def _merge(self, cls: type, functions: ClassFunctions) -> None:
        entries: list[_Entry] = []
        for base in cls.__mro__:
            listeners = self._classes.get(base)
            if listeners is not None:
                entries.extend(listeners._entries)
        entries.sort(key=_by_order)
        functions.fns = tuple([entry[2] for entry in entries])

    def clear(self) -> None:
        for listeners in list(self._classes.values()):
            listeners.clear()


class EventCollection(RefCollection):
    """
    All that listens for one event of one object.
    """

    __slots__ = ("_class", "_done", "_locks", "_own", "_parent", "name")

    def __init__(
        self,
        name: str,
        of_class: ClassFunctions,
        own: Listeners,
        parent: EventCollection | None,
    ) -> None:
        self.name: str = name
        self._class = of_class
        self._own = own
        self._parent = parent
        self._done = False
        self._locks: dict[int, Any] | None = None

    def __bool__(self) -> bool:
        if self._own.fns or self._class.fns:
            return True
        return self._parent is not None and bool(self._parent)

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        if self._parent is not None:
            return chain(self._own.fns, self._parent)
        return chain(self._class.fns, self._own.fns)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, fn: object) -> bool:
        return fn in list(iter(self))

    def __call__(self, *args: Any, **kw: Any) -> None:
        for fn in self:
            fn(*args, **kw)

    def exec_once(self, *args: Any, **kw: Any) -> None:
        """
        Run the listeners, once in the life of this collection.
        """
        self._exec_once(False, *args, **kw)

    def exec_once_unless_exception(self, *args: Any, **kw: Any) -> None:
        """
        Run the listeners, once; a run that raised does not count.
        """
        self._exec_once(True, *args, **kw)

    def _exec_once(self, retry: bool, *args: Any, **kw: Any) -> None:
        if self._done:
            return
        if self._locks is None:
            with registry.lock:
                if self._locks is None:
                    self._locks = {}
        # one per process: another thread of the parent may have been in here as it forked
        with self._locks.setdefault(os.getpid(), threading.RLock()):
            if not self._done:
                try:
                    self(*args, **kw)
                except BaseException:
                    self._done = not retry
                    raise
                self._done = True

    def clear(self) -> None:
        self._own.clear()


class Dispatch:
    """
    The events of one object (or, made for a class, of that class).

    Collections are made when first asked for.
    """

    _events: type[Events]

    def __init__(
        self,
        events: type[Events],
        cls: type,
        parent: Dispatch | None = None,
    ) -> None:
        values = self.__dict__
        values["_events"] = events
        values["_cls"] = cls
        values["_parent"] = parent
        values["_listeners"] = {}

    def __getattr__(self, name: str) -> EventCollection:
        if name.startswith("_"):
            raise AttributeError(name)
        event = self._events._events_by_name.get(name)
        if event is None:
            raise AttributeError(name)
        parent: Dispatch | None = self.__dict__["_parent"]
        collection = EventCollection(
            name,
            event.for_class(self.__dict__["_cls"]) if parent is None else _NOBODY,
            self._own(name),
            getattr(parent, name) if parent is not None else None,
        )
        return self.__dict__.setdefault(name, collection)  # type: ignore[no-any-return]  # what was just made

    def _own(self, name: str) -> Listeners:
        listeners: dict[str, Listeners] = self.__dict__["_listeners"]
        found = listeners.get(name)
        if found is None:
            found = listeners.setdefault(name, Listeners())
        return found

    def _join(self, other: Dispatch) -> Dispatch:
        """
        Return a dispatch that runs its own listeners, then those of *other*.
        """
        return Dispatch(self._events, self.__dict__["_cls"], other)

    def _update(self, other: Dispatch, only_propagate: bool = True) -> None:
        """
        Take over listeners of *other*, those that propagate or all.
        """
        with registry.lock:
            for name, listeners in list(other.__dict__["_listeners"].items()):
                if listeners._entries:
                    self._own(name).update(listeners, only_propagate)
            registry.clock.ticks += 1

    def _clear(self) -> None:
        for listeners in self.__dict__["_listeners"].values():
            listeners.clear()
        registry.clock.ticks += 1

    def _any(self) -> bool:
        """
        Tell whether anybody listens for any event.
        """
        return any(bool(getattr(self, name)) for name in self._events._events_by_name)

    def __reduce__(self) -> Any:
        return _restored, (self._events, self.__dict__["_cls"])


def _restored(events: type[Events], cls: type) -> Dispatch:
    return Dispatch(events, cls)


class dispatcher:
    """
    The ``dispatch`` attribute of a class whose objects have events.

    Put on the target class by `Events`; on first access an instance gets a
    `Dispatch` of its own in its ``__dict__``.
    """

    __slots__ = ("_by_class", "events")

    def __init__(self, events: type[Events]) -> None:
        self.events: type[Events] = events
        self._by_class: weakref.WeakKeyDictionary[type, Dispatch] = weakref.WeakKeyDictionary()

    def __class_getitem__(cls, _events: Any) -> type[dispatcher]:
        return cls

    def __get__(self, obj: Any, cls: Any) -> Any:
        if obj is None:
            found = self._by_class.get(cls)
            if found is None:
                found = self._by_class[cls] = Dispatch(self.events, cls)
            return found
        made = Dispatch(self.events, type(obj))
        try:
            values = obj.__dict__
        except AttributeError:
            raise TypeError(
                f"target {obj!r} doesn't have __dict__, should it be defining _slots_dispatch?"
            ) from None
        return values.setdefault("dispatch", made)
