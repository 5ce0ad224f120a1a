"""
Sets that keep the order of insertion, and sets that go by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_S = TypeVar("_S")


class OrderedSet(Generic[_T]):
    """
    A set that iterates in order of insertion.

    >>> OrderedSet([3, 1, 3, 2]) | [0]
    OrderedSet([3, 1, 2, 0])
    """

    __slots__ = ("_items",)

    _items: dict[_T, None]

    def __init__(self, d: Iterable[_T] | None = None) -> None:
        self._items = dict.fromkeys(d) if d is not None else {}

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[_T]:
        return iter(self._items)

    def __reversed__(self) -> Iterator[_T]:
        return reversed(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, key: int) -> _T:
        return list(self._items)[key]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._items)!r})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OrderedSet):
            return self._items.keys() == other._items.keys()
        if isinstance(other, AbstractSet):
            return self._items.keys() == other
        return NotImplemented

    __hash__: Any = None

    def copy(self) -> OrderedSet[_T]:
        """
        Return a set with the same elements in the same order.
        """
        return OrderedSet(self._items)

    def add(self, element: _T) -> None:
        """
        Add an element at the end, unless it is there already.
        """
        self._items[element] = None

    append = add

    def insert(self, pos: int, element: _T) -> None:
        """
        Add *element* at *pos*, unless it is there already.
        """
        if element not in self._items:
            items = list(self._items)
            items.insert(pos, element)
            self._items = dict.fromkeys(items)

    def remove(self, element: _T) -> None:
        """
        Remove an element; KeyError if it is not there.
        """
        del self._items[element]

    def discard(self, element: _T) -> None:
        """
        Remove an element if it is there.
        """
        self._items.pop(element, None)

    def pop(self) -> _T:
        """
        Remove and return the element added last.
        """
        try:
            return self._items.popitem()[0]
        except KeyError:
            raise KeyError("pop from an empty set") from None

    def clear(self) -> None:
        """
        Remove all elements.
        """
        self._items.clear()

    def update(self, *iterables: Iterable[_T]) -> None:
        """
        Add the elements of each iterable at the end, in its order.
        """
        for iterable in iterables:
            self._items.update(dict.fromkeys(iterable))

    def union(self, *other: Iterable[_S]) -> OrderedSet[_T | _S]:
        """
        Return the elements of this set, then those of the others.
        """
        result: OrderedSet[_T | _S] = OrderedSet(self._items)
        result.update(*other)
        return result

    def intersection(self, *other: Collection[Hashable]) -> OrderedSet[_T]:
        """
        Return the elements that each of the others has too.
        """
        return OrderedSet(a for a in self._items if all(a in o for o in other))

    def difference(self, *other: Iterable[Any]) -> OrderedSet[_T]:
        """
        Return the elements that none of the others has.
        """
        out = set().union(*other)
        return OrderedSet(a for a in self._items if a not in out)

    def symmetric_difference(self, other: Iterable[_T]) -> OrderedSet[_T]:
        """
        Return the elements that only this set has, then those that only the other has.
        """
        others = dict.fromkeys(other)
        result = OrderedSet(a for a in self._items if a not in others)
        result.update(a for a in others if a not in self._items)
        return result

    def issubset(self, other: Iterable[Any]) -> bool:
        """
        Tell whether the other has all elements of this set.
        """
        return self._items.keys() <= set(other)

    def issuperset(self, other: Iterable[Any]) -> bool:
        """
        Tell whether this set has all elements of the other.
        """
        return self._items.keys() >= set(other)

    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """
        Tell whether the two have no element in common.
        """
        return self._items.keys().isdisjoint(other)

    def intersection_update(self, *other: Collection[Hashable]) -> None:
        """
        Keep only what each of the others has too.
        """
        self._items = self.intersection(*other)._items

    def difference_update(self, *other: Iterable[Any]) -> None:
        """
        Remove what any of the others has.
        """
        self._items = self.difference(*other)._items

    def __or__(self, other: Iterable[_S]) -> OrderedSet[_T | _S]:
        return self.union(other)

    def __and__(self, other: Collection[Hashable]) -> OrderedSet[_T]:
        return self.intersection(other)

    def __sub__(self, other: Iterable[Any]) -> OrderedSet[_T]:
        return self.difference(other)

    def __xor__(self, other: Iterable[_T]) -> OrderedSet[_T]:
        return self.symmetric_difference(other)

    def symmetric_difference_update(self, other: Iterable[_T]) -> None:
        """
        Keep what only this set has, and add what only the other has.
        """
        self._items = self.symmetric_difference(other)._items

    def __ior__(self, other: Iterable[_T]) -> OrderedSet[_T]:  # type: ignore[misc]  # in place, the type cannot widen
        self.update(other)
        return self

    def __isub__(self, other: Iterable[Any]) -> OrderedSet[_T]:
        self.difference_update(other)
        return self

    def __iand__(self, other: Collection[Hashable]) -> OrderedSet[_T]:
        self.intersection_update(other)
        return self


class IdentitySet:
    """
    A set of objects compared by identity; keeps the order of insertion.

    Members may be unhashable or define ``__eq__`` as they like.
    """

    __slots__ = ("_members",)

    _members: dict[int, Any]

    def __init__(self, iterable: Iterable[Any] | None = None) -> None:
        self._members = {id(obj): obj for obj in iterable} if iterable else {}

    @classmethod
    def _of(cls, members: dict[int, Any]) -> IdentitySet:
        new = cls()
        new._members = members
        return new

    @staticmethod
    def _members_of(iterable: Iterable[Any]) -> dict[int, Any]:
        if isinstance(iterable, IdentitySet):
            return iterable._members
        return {id(obj): obj for obj in iterable}

    def add(self, value: Any) -> None:
        self._members[id(value)] = value

    def __contains__(self, value: object) -> bool:
        return id(value) in self._members

    def remove(self, value: Any) -> None:
        del self._members[id(value)]

    def discard(self, value: Any) -> None:
        self._members.pop(id(value), None)

    def pop(self) -> Any:
        try:
            return self._members.popitem()[1]
        except KeyError:
            raise KeyError("pop from an empty set") from None

    def clear(self) -> None:
        self._members.clear()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, IdentitySet):
            return self._members.keys() == other._members.keys()
        return False

    __hash__: Any = None

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._members.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._members.values())!r})"

    def copy(self) -> IdentitySet:
        return self._of(dict(self._members))

    __copy__ = copy

    def issubset(self, iterable: Iterable[Any]) -> bool:
        return self._members.keys() <= self._members_of(iterable).keys()

    def issuperset(self, iterable: Iterable[Any]) -> bool:
        return self._members.keys() >= self._members_of(iterable).keys()

    def __le__(self, other: IdentitySet) -> bool:
        return self.issubset(other)

    def __lt__(self, other: IdentitySet) -> bool:
        return len(self) < len(other) and self.issubset(other)

    def __ge__(self, other: IdentitySet) -> bool:
        return self.issuperset(other)

    def __gt__(self, other: IdentitySet) -> bool:
        return len(self) > len(other) and self.issuperset(other)

    def union(self, iterable: Iterable[Any]) -> IdentitySet:
        return self._of({**self._members, **self._members_of(iterable)})

    def update(self, iterable: Iterable[Any]) -> None:
        self._members.update(self._members_of(iterable))

    def difference(self, iterable: Iterable[Any]) -> IdentitySet:
        other = self._members_of(iterable)
        return self._of({k: v for k, v in self._members.items() if k not in other})

    def difference_update(self, iterable: Iterable[Any]) -> None:
        self._members = self.difference(iterable)._members

    def intersection(self, iterable: Iterable[Any]) -> IdentitySet:
        other = self._members_of(iterable)
        return self._of({k: v for k, v in self._members.items() if k in other})

    def intersection_update(self, iterable: Iterable[Any]) -> None:
        self._members = self.intersection(iterable)._members

    def symmetric_difference(self, iterable: Iterable[Any]) -> IdentitySet:
        other = self._members_of(iterable)
        mine = {k: v for k, v in self._members.items() if k not in other}
        theirs = {k: v for k, v in other.items() if k not in self._members}
        return self._of({**mine, **theirs})

    def __or__(self, other: IdentitySet) -> IdentitySet:
        return self.union(other)

    def __sub__(self, other: IdentitySet) -> IdentitySet:
        return self.difference(other)

    def __and__(self, other: IdentitySet) -> IdentitySet:
        return self.intersection(other)

    def __xor__(self, other: IdentitySet) -> IdentitySet:
        return self.symmetric_difference(other)

    def __ior__(self, other: IdentitySet) -> IdentitySet:
        self.update(other)
        return self

    def __isub__(self, other: IdentitySet) -> IdentitySet:
        self.difference_update(other)
        return self

    def __iand__(self, other: IdentitySet) -> IdentitySet:
        self.intersection_update(other)
        return self


OrderedIdentitySet = IdentitySet


def unique_list(seq: Iterable[_T], hashfunc: Callable[[_T], Any] | None = None) -> list[_T]:
    """
    Return the items of *seq* without repetitions, in order.

    >>> unique_list([2, 1, 2])
    [2, 1]
    """
    if hashfunc is None:
        return list(dict.fromkeys(seq))
    seen: dict[Any, _T] = {}
    for item in seq:
        seen.setdefault(hashfunc(item), item)
    return list(seen.values())
