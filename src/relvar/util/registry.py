"""
Objects kept per scope: one per thread, or per whatever a function names; objects loaded by name.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from relvar.util.moved import is_standing_in

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
        self.registry: Any = threading.local()

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


def entry_points(**select: str) -> Any:
    """
    Return what installed packages announce.
    """
    from importlib import metadata  # a fifth of the time of importing relvar, and rarely needed

    return metadata.entry_points(**select)


class PluginLoader:
    """
    Loads what is registered under a name.

    Args:
        group: Group of entry points.  One that starts with ``sqlalchemy.`` is looked for as ``relvar.``, and
            by its own name while relvar stands in for SQLAlchemy: what it announces imports that.
        auto_fn: Returns a loader for names that are built in, or ``None``.
    """

    # what `load` raises: NoSuchModuleError, once that is there
    missing: ClassVar[type[Exception]] = LookupError

    def __init__(self, group: str, auto_fn: Callable[[str], Callable[[], Any] | None] | None = None) -> None:
        self.group = group
        self.impls: dict[str, Callable[[], Any]] = {}
        self.auto_fn = auto_fn

    @property
    def groups(self) -> tuple[str, ...]:
        """
        The groups of entry points to look in, in order.
        """
        package, _, own = self.group.partition(".")
        if package != "sqlalchemy":
            return (self.group,)
        return (f"relvar.{own}", self.group) if is_standing_in() else (f"relvar.{own}",)

    def clear(self) -> None:
        """
        Forget everything that was registered or found.
        """
        self.impls.clear()

    def register(self, name: str, modulepath: str, objname: str) -> None:
        """
        Make *name* stand for the attribute *objname* of a module.

        The module is imported when first asked for.
        """

        def load() -> Any:
            return getattr(importlib.import_module(modulepath), objname)

        self.impls[name] = load

    def deregister(self, name: str) -> None:
        """
        Forget *name*.

        Raises:
            KeyError: it is not registered.
        """
        del self.impls[name]

    def load(self, name: str) -> Any:
        """
        Return what *name* stands for.

        Raises:
            NoSuchModuleError: nothing is known by that name.
        """
        loader = self.impls.get(name)
        if loader is None and self.auto_fn is not None:
            loader = self.auto_fn(name)
        if loader is not None:
            self.impls[name] = loader
            return loader()
        for group in self.groups:
            for entry in entry_points(group=group, name=name):
                self.impls[name] = entry.load
                return entry.load()
        raise self.missing(f"Can't load plugin: {self.group}:{name}{self._hint(name)}")

    def _hint(self, name: str) -> str:
        return ""
