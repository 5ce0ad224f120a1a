"""
Bring the kernel's hooks into classes that do not derive from `MappedObject`.

Four cases, told apart when the class is mapped:

1. it derives from `MappedObject` (all declarative bases do): nothing to do;
2. it defines ``__setattr__`` itself: its attributes become data descriptors, see `intercepts_writes`;
3. any other class: it gets ``__setattr__`` and ``__delattr__``;
4. and, in 2 and 3, its ``__init__`` is wrapped so that a new object gets its state first.
"""

from __future__ import annotations

import functools
from typing import Any

from relvar._kernels.attributes import MappedObject, adopt_class, attach_state, begin, erase, get_state, write

__all__ = ["install_interception", "intercepts_writes", "remove_interception"]


def intercepts_writes(cls: type[Any]) -> bool:
    """
    Tell whether a class (or one it derives from) defines its own ``__setattr__`` or ``__delattr__``.
    """
    for base in cls.__mro__:
        if base is object or base is MappedObject:
            return False
        for name in ("__setattr__", "__delattr__"):
            own = base.__dict__.get(name)
            if (
                own is not None
                and own is not MappedObject.__dict__.get(name)
                and not hasattr(own, "_sa_installed")
            ):
                return True
    return False


def _mapped_setattr(self: Any, name: str, value: Any) -> None:
    write(self, name, value)


def _mapped_delattr(self: Any, name: str) -> None:
    erase(self, name)


_mapped_setattr._sa_installed = True  # type: ignore[attr-defined]  # tells it from the user's own
_mapped_delattr._sa_installed = True  # type: ignore[attr-defined]  # as above


def install_interception(cls: type[Any], manager: Any) -> None:
    """
    Make a class see writes and give new objects a state.
    """
    if issubclass(cls, MappedObject):
        adopt_class(cls)
        return
    if manager.plain_set:
        if getattr(cls.__setattr__, "_sa_installed", False) is False:
            manager.install_member("__setattr__", _mapped_setattr)
            manager.install_member("__delattr__", _mapped_delattr)
    wrap_init(cls, manager)


def wrap_init(cls: type[Any], manager: Any) -> None:
    """
    Wrap ``__init__`` of a class: the state first, then listeners, then the original.
    """
    if manager.new_init is not None:
        return
    original = cls.__init__

    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        own = type(self).__dict__.get("_sa_class_manager") or manager
        if own.new_init is not __init__ and own is not manager and own.new_init is not None:
            # an inherited __init__ called by a subclass's: that one did all this
            original(self, *args, **kwargs)
            return
        state = get_state(self)
        if state is None:
            if not own.prepared:
                own.prepare()
            state = attach_state(self, own)
            begin(state, self)
        listeners = own.listeners
        if listeners.first_init:
            once, listeners.first_init = listeners.first_init, ()
            for fn in once:
                fn(own, cls)
        for fn in listeners.init:
            fn(state, args, kwargs)
        if not listeners.init_failure:
            original(self, *args, **kwargs)
            return
        try:
            original(self, *args, **kwargs)
        except BaseException:
            for fn in listeners.init_failure:
                fn(state, args, kwargs)
            raise

    __init__._sa_original_init = original  # type: ignore[attr-defined]  # to give it back
    manager.new_init = __init__
    manager.had_own_init = "__init__" in cls.__dict__
    manager.install_member("__init__", __init__)


def remove_interception(cls: type[Any], manager: Any) -> None:
    """
    Take out what `install_interception` put into a class.
    """
    for name, ours in (("__setattr__", _mapped_setattr), ("__delattr__", _mapped_delattr)):
        if cls.__dict__.get(name) is ours:
            manager.uninstall_member(name)
    if manager.new_init is not None and cls.__dict__.get("__init__") is manager.new_init:
        if manager.had_own_init:
            manager.install_member("__init__", vars(manager.new_init)["_sa_original_init"])
        else:
            manager.uninstall_member("__init__")
    manager.new_init = None
