"""
A read-only namespace: names to values, readable as attributes and as items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from relvar.util.text import did_you_mean

__all__ = ["ReadOnlyProperties"]

_T = TypeVar("_T")


class ReadOnlyProperties(Generic[_T]):
    """
    Show a dictionary as attributes; iterating gives the *values*.
    """

    __slots__ = ("_data",)

    _data: dict[str, _T]

    def __init__(self, data: dict[str, _T]) -> None:
        object.__setattr__(self, "_data", data)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[_T]:
        return iter(list(self._data.values()))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(str(key) for key in self._data)]

    def __add__(self, other: Any) -> list[Any]:
        return [*self, *other]

    def __getitem__(self, key: str) -> _T:
        return self._data[key]

    def __getattr__(self, key: str) -> _T:
        try:
            return self._data[key]
        except KeyError:
            raise AttributeError(f"{key}{did_you_mean(key, self._data)}") from None

    def __setattr__(self, key: str, value: Any) -> None:
        raise TypeError(f"{type(self).__name__} object is immutable and/or readonly")

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __reduce__(self) -> Any:
        return type(self), (self._data,)

    def as_readonly(self) -> ReadOnlyProperties[_T]:
        """
        Return this namespace.
        """
        return self

    def get(self, key: str, default: Any = None) -> Any:
        """
        Return the value of a name, or *default*.
        """
        return self._data.get(key, default)

    def keys(self) -> list[str]:
        """
        Return the names.
        """
        return list(self._data)

    def values(self) -> list[_T]:
        """
        Return the values.
        """
        return list(self._data.values())

    def items(self) -> list[tuple[str, _T]]:
        """
        Return names with values.
        """
        return list(self._data.items())

    def has_key(self, key: str) -> bool:
        """
        Tell whether there is such a name.
        """
        return key in self._data
