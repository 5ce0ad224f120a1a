"""
Base classes that type checkers see with parameters, and Python without.
"""

from __future__ import annotations

from typing import Any

__all__ = ["subscriptable"]


class subscriptable:
    """
    Stand for a class in a list of bases: ``subscriptable(cls)[anything]`` is *cls*; with None, no base.

    What is declared for type checkers alone then makes no way to a method longer.
    """

    __slots__ = ("_bases",)

    def __init__(self, cls: type[Any] | None) -> None:
        self._bases = () if cls is None else (cls,)

    def __getitem__(self, parameters: Any) -> Any:
        return self

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any], ...]:
        return self._bases
