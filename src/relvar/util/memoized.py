"""
Attributes that are computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from relvar._kernels.own import own_dict
from relvar._kernels.sealed import Sealed

_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T")
_R = TypeVar("_R")


class memoized_property(Generic[_T_co], metaclass=Sealed):
    """
    A read-only property whose value replaces it in the instance.

    Unlike `functools.cached_property` it takes no lock on any Python version
    and may be overridden in the instance's ``__dict__`` beforehand.
    """

    fget: Callable[[Any], _T_co]

    def __init__(self, fget: Callable[[Any], _T_co], doc: str | None = None) -> None:
        self.fget = fget
        self.__doc__ = doc or fget.__doc__
        self.__name__: str = fget.__name__

    @overload
    def __get__(self, obj: None, cls: Any) -> memoized_property[_T_co]: ...

    @overload
    def __get__(self, obj: object, cls: Any) -> _T_co: ...

    def __get__(self, obj: object | None, cls: Any) -> Any:
        if obj is None:
            return self
        result = self.fget(obj)
        own_dict(obj)[self.__name__] = result
        return result

    @staticmethod
    def reset(obj: Any, name: str) -> None:
        """
        Forget the memoized value of *name*, if there is one.
        """
        obj.__dict__.pop(name, None)


ro_memoized_property = memoized_property
