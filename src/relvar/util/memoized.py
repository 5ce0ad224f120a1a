"""
Attributes that are computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T")
_R = TypeVar("_R")


class memoized_property(Generic[_T_co]):
    """
    A read-only property whose value replaces it in the instance.

    Unlike `functools.cached_property` it takes no lock on any Python version
    and may be overridden in the instance's ``__dict__`` beforehand.
    """

    fget: Callable[[Any], _T_co]

    def __init__(self, fget: Callable[[Any], _T_co], doc: str | None = None) -> None:
        self.fget = fget
        self.__doc__ = doc or fget.__doc__
        self.__name__ = fget.__name__

    @overload
    def __get__(self, obj: None, cls: Any) -> memoized_property[_T_co]: ...

    @overload
    def __get__(self, obj: object, cls: Any) -> _T_co: ...

    def __get__(self, obj: object | None, cls: Any) -> Any:
        if obj is None:
            return self
        obj.__dict__[self.__name__] = result = self.fget(obj)
        return result

    @staticmethod
    def reset(obj: Any, name: str) -> None:
        """
        Forget the memoized value of *name*, if there is one.
        """
        obj.__dict__.pop(name, None)


ro_memoized_property = memoized_property


def memoized_instancemethod(fn: Callable[..., _R]) -> Callable[..., _R]:
    """
    Decorate a method without varying arguments: its first result is kept.
    """

    def once(self: Any, *args: Any, **kw: Any) -> _R:
        result = fn(self, *args, **kw)

        def again(*a: Any, **kw: Any) -> _R:
            return result

        again.__name__ = fn.__name__
        again.__doc__ = fn.__doc__
        self.__dict__[fn.__name__] = again
        return result

    once.__name__ = fn.__name__
    once.__doc__ = fn.__doc__
    return once


class classproperty(Generic[_T_co]):
    """
    A property that is read from the class as well as from instances.
    """

    def __init__(self, fget: Callable[[Any], _T_co]) -> None:
        self.fget = fget
        self.__doc__ = fget.__doc__

    def __get__(self, obj: Any, cls: Any) -> _T_co:
        return self.fget(cls)


class hybridproperty(Generic[_T]):
    """
    A property with one reading for the instance and one for the class.
    """

    __slots__ = ("clslevel", "func")

    def __init__(self, func: Callable[[Any], _T]) -> None:
        self.func = func
        self.clslevel: Callable[[Any], Any] = func

    def __get__(self, instance: Any, owner: Any) -> _T:
        if instance is None:
            return self.clslevel(owner)  # type: ignore[no-any-return]  # as the caller declares
        return self.func(instance)

    def classlevel(self, func: Callable[[Any], Any]) -> hybridproperty[_T]:
        self.clslevel = func
        return self


class hybridmethod(Generic[_T]):
    """
    A method with one body for the instance and one for the class.
    """

    __slots__ = ("clslevel", "func")

    def __init__(self, func: Callable[..., _T]) -> None:
        self.func = func
        self.clslevel: Callable[..., Any] = func

    def __get__(self, instance: Any, owner: Any) -> Callable[..., _T]:
        if instance is None:
            return self.clslevel.__get__(owner, owner.__class__)  # type: ignore[no-any-return]  # bound method
        return self.func.__get__(instance, owner)  # type: ignore[no-any-return]  # bound method

    def classlevel(self, func: Callable[..., Any]) -> hybridmethod[_T]:
        self.clslevel = func
        return self
