"""
Where a class really is, when it says another module for the sake of programs that ask.

While relvar stands in for SQLAlchemy (`relvar.compat`), public classes say the module in which programs
look for them.  relvar's own code asks here.
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_standing_in", "module_of", "say_module"]

_moved: dict[type, str] = {}


def say_module(cls: type, module: str) -> None:
    """
    Let a class say that it is of another module.  A class that cannot be changed, being compiled, stays.
    """
    was = cls.__module__
    try:
        cls.__module__ = module
    except TypeError:
        return
    _moved.setdefault(cls, was)


def is_standing_in() -> bool:
    """
    Tell whether relvar stands in for SQLAlchemy.
    """
    return bool(_moved)


def module_of(thing: Any) -> str:
    """
    Return the module that defines a class or function, or the class of an object; "" if it has none.
    """
    module: str = getattr(thing, "__module__", "")
    return _moved.get(thing if isinstance(thing, type) else type(thing), module)
