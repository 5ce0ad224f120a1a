"""
What type checkers know of generic classes, and Python, or an older one, does not.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

__all__ = ["TypeVar", "subscriptable"]

if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVar
else:

    def TypeVar(name, *constraints, default=None, **kwargs):
        """
        Return a ``typing.TypeVar``; its *default* (PEP 696) is for type checkers, of all Python versions.
        """
        return typing.TypeVar(name, *constraints, **kwargs)


class subscriptable:
    """
    Stand for classes in a list of bases: ``subscriptable(cls)[anything]`` is *cls*.

    What is declared for type checkers alone then makes no way to a method longer.
    """

    __slots__ = ("_bases",)

    def __init__(self, *bases: type[Any]) -> None:
        self._bases = bases

    def __getitem__(self, parameters: Any) -> Any:
        return self

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any], ...]:
        return self._bases
