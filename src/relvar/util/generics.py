"""
Base classes that type checkers see with parameters, and Python without.
"""

from __future__ import annotations

from typing import Any

__all__ = ["subscriptable"]


class subscriptable:
    """
    Stand for a class in a list of bases: ``subscriptable(cls)[anything]`` is *cls*.

    What is declared for type checkers alone then makes no way to a method longer.
    """

    __slots__ = ("_cls",)

    def __init__(self, cls: type[Any]) -> None:
        self._cls = cls

    def __getitem__(self, parameters: Any) -> type[Any]:
        return self._cls
