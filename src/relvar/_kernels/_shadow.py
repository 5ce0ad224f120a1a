"""
Stand in for the ``cython`` module where Cython is not installed.

Kernels are written in Cython's pure Python mode and name C types and
directives through this module.  Interpreted, all of these do nothing: types
are never looked at, decorators return what they decorate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

compiled = False


def _same(item: T) -> T:
    return item


def _decorator(*_args: Any, **_kwargs: Any) -> Callable[[T], T]:
    return _same


cclass = cfunc = ccall = inline = final = nogil = internal = _same
no_gc = no_gc_clear = trashcan = _same
locals = returns = exceptval = boundscheck = wraparound = freelist = cdivision = binding = _decorator
profile = total_ordering = auto_pickle = _decorator
# of a C type
pointer = _same


def declare(_type: Any = None, value: Any = None, **_names: Any) -> Any:
    """Return the initial value; the C type only matters to the compiler."""
    return value


def cast(_type: Any, value: T, **_options: Any) -> T:
    """Return the value as it is."""
    return value


def likely(condition: T) -> T:
    """Return the condition; compiled code takes it as a hint."""
    return condition


unlikely = likely


class _Type:
    """Be any C type: subscriptable and callable as in ``cython.int[8]`` and ``cython.int(x)``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, _item: Any) -> _Type:
        return self

    def __call__(self, value: T = None, **_options: Any) -> T:  # type: ignore[assignment]  # None stands for "no value"
        return value


_TYPES = (
    "void char short int long longlong uchar ushort uint ulong ulonglong size_t"
    " Py_ssize_t Py_hash_t bint float double p_char p_void object"
)


def __getattr__(name: str) -> Any:
    if name in _TYPES.split() or name.startswith(("p_", "int", "uint")):
        made = _Type(name)
        globals()[name] = made
        return made
    raise AttributeError(name)
