"""
A dictionary that never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

_KT = TypeVar("_KT")
_VT = TypeVar("_VT")


class immutabledict(dict[_KT, _VT]):
    """
    A ``dict`` whose mutators raise; combining makes a new one.

    >>> d = immutabledict({"a": 1})
    >>> d.union({"b": 2})
    immutabledict({'a': 1, 'b': 2})
    >>> d["a"] = 2
    Traceback (most recent call last):
    TypeError: immutabledict object is immutable
    """

    __slots__ = ()

    def _immutable(self, *arg: Any, **kw: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} object is immutable")

    __setitem__: Any = _immutable
    __delitem__: Any = _immutable
    clear: Any = _immutable
    update: Any = _immutable
    pop: Any = _immutable
    popitem: Any = _immutable
    setdefault: Any = _immutable
    __ior__: Any = _immutable

    def __setattr__(self, key: str, value: Any) -> None:
        self._immutable()

    def __repr__(self) -> str:
        return f"immutabledict({dict.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return immutabledict, (dict(self),)

    def copy(self) -> immutabledict[_KT, _VT]:
        """
        Return the dictionary itself: it cannot change.
        """
        return self

    def __or__(self, other: Any) -> immutabledict[_KT, _VT]:  # type: ignore[override]  # always immutable
        if not isinstance(other, Mapping):
            return NotImplemented
        return immutabledict(dict.__or__(self, dict(other)))

    def __ror__(self, other: Any) -> immutabledict[_KT, _VT]:  # type: ignore[override]  # always immutable
        if not isinstance(other, Mapping):
            return NotImplemented
        return immutabledict(dict(other) | dict(self))

    def union(self, other: Mapping[_KT, _VT] | None = None, /) -> immutabledict[_KT, _VT]:
        """
        Return a dictionary with the items of *other* added or replaced.
        """
        if not other:
            return self
        merged = dict(self)
        merged.update(other)
        return immutabledict(merged)

    def merge_with(self, *dicts: Mapping[_KT, _VT] | None) -> immutabledict[_KT, _VT]:
        """
        Return the union with all of *dicts*, of which some may be ``None``.
        """
        merged: dict[_KT, _VT] | None = None
        for other in dicts:
            if other:
                if merged is None:
                    merged = dict(self)
                merged.update(other)
        return self if merged is None else immutabledict(merged)


EMPTY_DICT: immutabledict[Any, Any] = immutabledict()
