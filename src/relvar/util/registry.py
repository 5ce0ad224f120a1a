"""
Objects kept per scope: one per thread, or per whatever a function names.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class ScopedRegistry(Generic[_T]):
    """
    Keep one object per value of ``scopefunc()``.

    Args:
        createfunc: Makes the object of a new scope.
        scopefunc: Returns a hashable that names the current scope.
    """

    __slots__ = ("createfunc", "registry", "scopefunc")

    createfunc: Callable[[], _T]
    scopefunc: Callable[[], Any]
    registry: Any

    def __init__(self, createfunc: Callable[[], _T], scopefunc: Callable[[], Any]) -> None:
        self.createfunc = createfunc
        self.scopefunc = scopefunc
        self.registry = {}

    def __call__(self) -> _T:
        key = self.scopefunc()
        try:
            return self.registry[key]  # type: ignore[no-any-return]  # values are what createfunc made
        except KeyError:
            return self.registry.setdefault(key, self.createfunc())  # type: ignore[no-any-return]  # as above

    def has(self) -> bool:
        """
        Tell whether the current scope has an object.
        """
        return self.scopefunc() in self.registry

    def set(self, obj: _T) -> None:
        """
        Make *obj* the object of the current scope.
        """
        self.registry[self.scopefunc()] = obj

    def clear(self) -> None:
        """
        Forget the object of the current scope.
        """
        self.registry.pop(self.scopefunc(), None)


class ThreadLocalRegistry(ScopedRegistry[_T]):
    """
    Keep one object per thread.
    """

    __slots__ = ()

    def __init__(self, createfunc: Callable[[], _T]) -> None:
        self.createfunc = createfunc
        self.registry = threading.local()

    def __call__(self) -> _T:
        try:
            return self.registry.value  # type: ignore[no-any-return]  # what createfunc made
        except AttributeError:
            value = self.registry.value = self.createfunc()
            return value

    def has(self) -> bool:
        return hasattr(self.registry, "value")

    def set(self, obj: _T) -> None:
        self.registry.value = obj

    def clear(self) -> None:
        try:
            del self.registry.value
        except AttributeError:
            pass
