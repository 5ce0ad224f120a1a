"""
Who listens where: what ``remove()`` and ``contains()`` look up.

A listening is known by *(target, event, function)*.  One call of ``listen()``
may end in several collections (a listener of a class that propagates, or one
wrapped for another signature); the registry remembers them all.

`clock` lets hot paths skip the whole machinery: its ``ticks`` change whenever
any listener comes or goes, so "nobody listens" can be kept as a flag together
with the tick it was found at.
"""

from __future__ import annotations

import os
import threading
import types
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from relvar import exc
from relvar._kernels.lend import clock as clock

if TYPE_CHECKING:
    from relvar.event.dispatch import Listeners
    from relvar.event.events import Events

Key = tuple[int, str, Any]


class Place(Protocol):
    """
    Where a listening stands.
    """

    def discard(self, key: Any) -> None:
        """Forget it."""


lock: Any = threading.RLock()


def _start_over() -> None:
    # the thread that held it when this process was forked is not here
    global lock
    lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over)

# key -> [(weak collection, the function that is in it)]
# The function of a pool holds its engine, which so is there when a loan is found by the garbage collector:
# what is collected together with its pool could not be given back (Rule 3 of `relvar.pool.places`).
_places: dict[Key, list[tuple[weakref.ref[Any], Any]]] = {}


def _identity(fn: Any) -> Any:
    """
    Return what tells *fn* from others; bound methods are made anew each time.
    """
    if isinstance(fn, types.MethodType):
        return id(fn.__func__), id(fn.__self__)
    return id(fn)


def remember(key: Key, collection: Place, fn: Any = None) -> None:
    """
    Note that a function stands in *collection* because of *key*.

    Args:
        fn: The function, if it is to live as long as the collection does.
    """

    def forget(dead: weakref.ref[Any]) -> None:
        places = _places.get(key)
        if places is not None:
            places[:] = [place for place in places if place[0] is not dead]
            if not places:
                _places.pop(key, None)

    _places.setdefault(key, []).append((weakref.ref(collection, forget), fn))


def forget_collection(collection: Listeners) -> None:
    """
    Forget all listenings in *collection*.
    """
    with lock:
        for key, places in list(_places.items()):
            places[:] = [place for place in places if place[0]() is not collection]
            if not places:
                _places.pop(key, None)


class EventKey:
    """
    One listening on its way to the collections it belongs in.

    Passed to ``Events._listen``, which may wrap the function or redirect it
    and then calls `base_listen`.
    """

    __slots__ = ("_listen_fn", "dispatch_target", "family", "fn", "fn_key", "identifier", "target")

    def __init__(
        self,
        target: Any,
        identifier: str,
        fn: Callable[..., Any],
        dispatch_target: Any,
        family: type[Events],
        _listen_fn: Callable[..., Any] | None = None,
    ) -> None:
        self.target: Any = target
        self.identifier: str = identifier
        self.fn: Any = fn
        self.fn_key: Any = _identity(fn)
        self.dispatch_target: Any = dispatch_target
        self.family: type[Events] = family
        self._listen_fn = _listen_fn if _listen_fn is not None else fn

    @property
    def _key(self) -> Key:
        return id(self.target), self.identifier, self.fn_key

    def with_wrapper(self, fn_wrap: Callable[..., Any]) -> EventKey:
        """
        Return this listening with *fn_wrap* called in place of the function.
        """
        if fn_wrap is self._listen_fn:
            return self
        return EventKey(
            self.target, self.identifier, self.fn, self.dispatch_target, self.family, _listen_fn=fn_wrap
        )

    def with_dispatch_target(self, dispatch_target: Any) -> EventKey:
        """
        Return this listening for another object.
        """
        if dispatch_target is self.dispatch_target:
            return self
        return EventKey(
            self.target, self.identifier, self.fn, dispatch_target, self.family, _listen_fn=self._listen_fn
        )

    def listen(self, *args: Any, **kw: Any) -> None:
        """
        Hand the listening to the event class, ``once`` and ``named`` done.
        """
        if not callable(self.fn):
            raise exc.ArgumentError(f"a listener is a function; got {self.fn!r} for {self.identifier!r}")
        once = kw.pop("once", False)
        once_unless_exception = kw.pop("_once_unless_exception", False)
        key = self
        if once or once_unless_exception:
            key = key.with_wrapper(_only_once(key._listen_fn, once_unless_exception))
        self.family._listen(key, *args, **kw)

    def base_listen(
        self,
        propagate: bool = False,
        insert: bool = False,
        named: bool = False,
        retval: bool | None = None,
        asyncio: bool = False,
    ) -> None:
        """
        Put the function into the collection of its target.
        """
        target = self.dispatch_target
        dispatch = target.dispatch
        event = dispatch._events._event(self.identifier)
        listen_fn = event.adapted(self._listen_fn, named)
        with lock:
            if isinstance(target, type):
                collection = event.class_listeners(target)
            else:
                collection = dispatch._own(self.identifier)
            if collection.holds(self._key):
                return
            collection.add(self._key, listen_fn, insert=insert, propagate=propagate)
            remember(self._key, collection, listen_fn)
            clock.ticks += 1

    def contains(self) -> bool:
        return self._key in _places

    def remove(self) -> None:
        """
        Take the function out of all collections.

        Raises:
            InvalidRequestError: it is in none.
        """
        with lock:
            places = _places.pop(self._key, None)
            if places is None:
                raise exc.InvalidRequestError(
                    f"No listeners found for event {self.target} / {self.identifier!r} / {self.fn} "
                )
            for reference, _ in places:
                collection = reference()
                if collection is not None:
                    collection.discard(self._key)
            clock.ticks += 1


def _only_once(fn: Callable[..., Any], retry_on_exception: bool) -> Callable[..., Any]:
    # who takes the call out makes it; no lock, which a process that forks might never get
    left = [fn]

    def go(*arg: Any, **kw: Any) -> Any:
        try:
            call = left.pop()
        except IndexError:
            return None
        try:
            return call(*arg, **kw)
        except BaseException:
            if retry_on_exception:
                left.append(call)
            raise

    return go
