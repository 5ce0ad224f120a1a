"""
Faces of other objects: methods and attributes that are passed on by name.

A class that has ``_proxied``, the object it stands for, says ``commit = called(Session.commit)`` and
``info = Attribute(Session, "info")``.  Type checkers see the signatures of the object's own methods,
overloads included: faces stand in modules of their own, whose stubs ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Attribute", "called", "summary"]

_T = TypeVar("_T")
_P = ParamSpec("_P")


def summary(method: Any) -> str | None:
    """
    Give the first paragraph of a docstring: its examples are for the proxied object.
    """
    text: str | None = method.__doc__
    return text and text.strip().partition("\n\n")[0]


def called(method: Callable[Concatenate[Any, _P], _T]) -> Callable[Concatenate[Any, _P], _T]:
    """
    Make a method that calls *method* of the proxied object.
    """
    name = method.__name__

    def run(self: Any, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        result: _T = getattr(self._proxied, name)(*args, **kwargs)
        return result

    functools.update_wrapper(run, method)
    run.__doc__ = summary(method)
    return run


class Attribute(Generic[_T]):
    """
    An attribute of the proxied object.

    Args:
        owner: The object's class, which has the docstring if it is a property.
    """

    def __init__(self, owner: type[Any], name: str) -> None:
        self.owner = owner
        self.name = name
        found = getattr(owner, name, None)
        self.__doc__ = found.__doc__ if isinstance(found, property) else None

    @overload
    def __get__(self, instance: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> _T: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else getattr(instance._proxied, self.name)

    def __set__(self, instance: Any, value: _T) -> None:
        setattr(instance._proxied, self.name, value)
