"""
Small tools for programs that extend relvar; nothing in relvar itself needs those defined here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from relvar import exc
from relvar.util.convert import asbool as asbool
from relvar.util.convert import asint as asint
from relvar.util.convert import bool_or_str as bool_or_str
from relvar.util.convert import coerce_kw_type as coerce_kw_type
from relvar.util.memoized import memoized_property as _memoized_property  # noqa: F401  # SQLAlchemy's name of it
from relvar.util.memoized import memoized_property as memoized_property
from relvar.util.registry import PluginLoader as PluginLoader
from relvar.util.reprs import generic_repr as generic_repr
from relvar.util.symbol import symbol as symbol
from relvar.util.text import md5_hex as md5_hex
from relvar.util.warning import warn as warn
from relvar.util.warning import warn_limited as warn_limited

_F = TypeVar("_F", bound=Callable[..., Any])

_creation_order = count(1)


def set_creation_order(instance: Any) -> None:
    """
    Number *instance* (``_creation_order``) after all that were numbered before it.
    """
    instance._creation_order = next(_creation_order)


def assert_arg_type(arg: Any, argtype: tuple[type[Any], ...] | type[Any], name: str) -> Any:
    """
    Return *arg* if it is of the type, or of one of the types.

    Raises:
        ArgumentError: It is not.

    >>> assert_arg_type(5, int, "size")
    5
    """
    if isinstance(arg, argtype):
        return arg
    if isinstance(argtype, tuple):
        types = " or ".join(f"'{each}'" for each in argtype)
        raise exc.ArgumentError(f"Argument '{name}' is expected to be one of type {types}, got '{type(arg)}'")
    raise exc.ArgumentError(f"Argument '{name}' is expected to be of type '{argtype}', got '{type(arg)}'")


def update_copy(d: dict[Any, Any], _new: dict[Any, Any] | None = None, **kw: Any) -> dict[Any, Any]:
    """
    Return a copy of *d* with more items.

    >>> update_copy({"a": 1}, b=2)
    {'a': 1, 'b': 2}
    """
    return {**d, **(_new or {}), **kw}


class classproperty(property):
    """
    A property of a class: ``Class.name`` calls the function with the class.
    """

    def __init__(self, fget: Callable[[Any], Any], *arg: Any, **kw: Any) -> None:
        super().__init__(fget, *arg, **kw)
        self.__doc__ = fget.__doc__

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self.fget(owner)  # type: ignore[misc]  # the constructor wants a function


def decorator(target: Callable[..., Any]) -> Callable[[_F], _F]:
    """
    Return a decorator: ``target(fn, *args, **kw)`` is called instead of *fn*, whose signature stays.

    Arguments arrive as *fn* would receive them, defaults included.
    """

    def decorate(fn: _F) -> _F:
        signature = inspect.signature(fn)

        @functools.wraps(fn)
        def call(*args: Any, **kw: Any) -> Any:
            bound = signature.bind(*args, **kw)
            bound.apply_defaults()
            return target(fn, *bound.args, **bound.kwargs)

        return call  # type: ignore[return-value]  # called like fn

    return decorate


def preload_module(*deps: str) -> Callable[[_F], _F]:
    """
    Return a decorator that changes nothing: relvar's modules find each other without.
    """
    return lambda fn: fn


def has_compiled_ext(raise_: bool = False) -> bool:
    """
    Tell whether relvar's kernels run compiled.

    Raises:
        ImportError: They do not, and *raise_* is true.
    """
    from relvar._kernels import keys

    is_compiled = not keys.__file__.endswith(".py")
    if raise_ and not is_compiled:
        raise ImportError("relvar's kernels are not compiled here; `make build` compiles them")
    return is_compiled


def duck_type_collection(specimen: Any, default: type[Any] | None = None) -> type[Any] | None:
    """
    Return which of list, set and dict an object or class is most like.

    >>> duck_type_collection({1}), duck_type_collection(dict), duck_type_collection(5, list)
    (<class 'set'>, <class 'dict'>, <class 'list'>)
    """
    said: Any = getattr(specimen, "__emulates__", None)
    if said is not None or hasattr(specimen, "__emulates__"):
        return set if said is not None and issubclass(said, set) else said
    cls = specimen if isinstance(specimen, type) else type(specimen)
    for kind, method in ((list, "append"), (set, "add"), (dict, "set")):
        if issubclass(cls, kind) or hasattr(specimen, method):
            return kind
    return default
