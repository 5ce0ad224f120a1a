# Compiled as it is, see setup.py.
"""
A bounded cache that forgets what was not used lately.

Reading takes no lock and writes one integer: an entry remembers the "tick" of
its last use, and ticks pass only when entries are added.  Recency is therefore
exact between insertions and costs nothing on a cache that has settled.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, MutableMapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

_KT = TypeVar("_KT")
_VT = TypeVar("_VT")
_D = TypeVar("_D")


class Recent:
    """
    The part of a cache that is read: lists of a value and the tick of its last use, by key.
    """

    __slots__ = ("_data", "_tick")

    def __init__(self) -> None:
        self._tick = 0
        self._data: dict[Any, list[Any]] = {}

    def get(self, key: Any, default: Any = None, /) -> Any:
        """Return a value, or *default*."""
        found = self._value(key)
        return default if found is None else found

    def _value(self, key: Any) -> Any:
        entry = self._data.get(key)
        if entry is None:
            return None
        entry[1] = self._tick
        return entry[0]


class LRUCache(Recent, MutableMapping[_KT, _VT]):
    """
    Keep about *capacity* entries.

    Grows to ``capacity * (1 + threshold)``; then calls ``size_alert(self)``
    and drops the entries used longest ago until *capacity* are left.
    Reading and adding are safe from several threads.
    """

    __slots__ = ("_locks", "capacity", "size_alert", "threshold")

    def __init__(
        self,
        capacity: int = 100,
        threshold: float = 0.5,
        size_alert: Callable[[LRUCache[_KT, _VT]], None] | None = None,
    ) -> None:
        self.capacity: int = capacity
        self.threshold: float = threshold
        self.size_alert: Any = size_alert
        super().__init__()
        self._locks: dict[int, threading.Lock] = {}

    @property
    def size_threshold(self) -> float:
        return self.capacity + self.capacity * self.threshold

    if TYPE_CHECKING:

        @overload  # type: ignore[override]  # a class with fields in C is not generic
        def get(self, key: _KT, /) -> _VT | None: ...

        @overload
        def get(self, key: _KT, default: _VT | _D, /) -> _VT | _D: ...

        def get(self, key: Any, default: Any = None, /) -> Any: ...

    def __getitem__(self, key: _KT) -> _VT:
        entry = self._data[key]
        entry[1] = self._tick
        return entry[0]  # type: ignore[no-any-return]  # entries are [value, tick]

    def __setitem__(self, key: _KT, value: _VT) -> None:
        self._tick = tick = self._tick + 1
        self._data[key] = [value, tick]
        if len(self._data) > self.size_threshold:
            self._shrink()

    def __delitem__(self, key: _KT) -> None:
        del self._data[key]

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[_KT]:
        return iter(list(self._data))

    def __len__(self) -> int:
        return len(self._data)

    def clear(self) -> None:
        self._data.clear()

    def _shrink(self) -> None:
        # one thread prunes; the others go on adding meanwhile; one of a parent process is not here
        lock = self._locks.setdefault(os.getpid(), threading.Lock())
        if not lock.acquire(blocking=False):
            return
        try:
            if self.size_alert is not None:
                self.size_alert(self)
            by_age = sorted(
                [(key, entry[1]) for key, entry in list(self._data.items())],
                key=itemgetter(1),
            )
            for key, _ in by_age[: max(len(by_age) - self.capacity, 0)]:
                self._data.pop(key, None)
        finally:
            lock.release()
