"""
The columns of a mapper by attribute name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar.util.text import did_you_mean

__all__ = ["MappedColumns"]


class MappedColumns:
    """
    Columns in order, found by attribute name, as item or attribute.

    A name may stand for several columns (joined inheritance): then it gives the first.
    """

    def __init__(self, items: list[tuple[str, Any]]) -> None:
        self._items = list(items)
        self._by_key: dict[str, Any] = {}
        for key, column in items:
            self._by_key.setdefault(key, column)

    def keys(self) -> list[str]:
        """
        Return the attribute names.
        """
        return [key for key, _ in self._items]

    def values(self) -> list[Any]:
        """
        Return the columns.
        """
        return [column for _, column in self._items]

    def items(self) -> list[tuple[str, Any]]:
        """
        Return names with columns.
        """
        return list(self._items)

    def get(self, key: str, default: Any = None) -> Any:
        """
        Return a column by attribute name.
        """
        return self._by_key.get(key, default)

    def contains_column(self, column: Any) -> bool:
        """
        Tell whether a column is mapped.
        """
        return any(known is column for _, known in self._items)

    def __getitem__(self, key: str | int) -> Any:
        if isinstance(key, int):
            return self._items[key][1]
        return self._by_key[key]

    def __getattr__(self, key: str) -> Any:
        if key[:1] == "_":
            raise AttributeError(key)
        try:
            return self._by_key[key]
        except KeyError:
            raise AttributeError(f"{key}{did_you_mean(key, self._by_key)}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())

    def __len__(self) -> int:
        return len(self._items)
