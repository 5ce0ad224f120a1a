"""
What an association proxy over a collection reads as: a list, set or dict of values that stand for objects.

Each is a view: it holds nothing but a way to the real collection, and makes an object for each value it is
given.  Views of one collection are made anew whenever the proxy is read.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from collections.abc import Set as AbstractSet
from typing import Any, NoReturn, TypeVar

__all__ = ["AssociationCollection", "AssociationDict", "AssociationList", "AssociationSet", "restored_view"]

_T = TypeVar("_T")


class AssociationCollection:
    """
    What the three kinds share.

    Args:
        lazy_collection: Called for the real collection.
        creator: Makes an object for a value.
        getter: Returns the value of an object.
        setter: ``(object, value)``, or ``(object, key, value)`` in a dict: changes the value of an object.
        parent: The `AssociationProxyInstance`.
    """

    def __init__(
        self,
        lazy_collection: Callable[[], Any],
        creator: Callable[..., Any],
        getter: Callable[[Any], Any],
        setter: Callable[..., Any],
        parent: Any,
    ) -> None:
        self.lazy_collection = lazy_collection
        self.creator = creator
        self.getter = getter
        self.setter = setter
        self.parent = parent

    @property
    def col(self) -> Any:
        """The real collection."""
        return self.lazy_collection()

    def replace(self, values: Any) -> None:
        """
        Take *values* in the place of all there are.
        """
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.col)

    def __bool__(self) -> bool:
        return bool(self.col)

    def __hash__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} objects are unhashable")

    def __reduce__(self) -> Any:
        # a view is found again by its object; functions of the proxy need not be in the pickle
        return restored_view, (self.lazy_collection, self.parent.attribute_name)


def restored_view(lazy_collection: Any, name: str) -> Any:
    """
    Return the view that a pickle has: the attribute *name* of the object.
    """
    return getattr(lazy_collection.obj, name)


def _like(*names: str) -> Callable[[type[_T]], type[_T]]:
    """Decorate a view class: these operators are those of a plain copy."""

    def decorate(cls: Any) -> Any:
        for name in names:
            function = getattr(operator, name)

            def method(self: Any, other: Any, function: Callable[[Any, Any], Any] = function) -> Any:
                return function(self.copy(), other.copy() if isinstance(other, type(self)) else other)

            method.__name__ = method.__qualname__ = name
            setattr(cls, name, method)
        return cls

    return decorate


@_like("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__add__", "__mul__")
class AssociationList(AssociationCollection, MutableSequence[Any]):
    """
    A list of values, over a list of objects.
    """

    __hash__: Any = AssociationCollection.__hash__

    def __iter__(self) -> Iterator[Any]:
        return map(self.getter, self.col)

    def __getitem__(self, index: Any) -> Any:
        found = self.col[index]
        return [self.getter(member) for member in found] if isinstance(index, slice) else self.getter(found)

    def __setitem__(self, index: Any, value: Any) -> None:
        if not isinstance(index, slice):
            self.setter(self.col[index], value)
            return
        values = list(value)
        if index.step is None or index.step == 1:
            self.col[index] = [self.creator(item) for item in values]
            return
        members = self.col[index]
        if len(members) != len(values):
            raise ValueError(
                f"attempt to assign sequence of size {len(values)} to extended slice of size {len(members)}"
            )
        for member, item in zip(members, values, strict=True):
            self.setter(member, item)

    def __delitem__(self, index: Any) -> None:
        del self.col[index]

    def insert(self, index: int, value: Any) -> None:
        self.col.insert(index, self.creator(value))

    def append(self, value: Any) -> None:
        self.col.append(self.creator(value))

    def extend(self, values: Iterable[Any]) -> None:
        for value in list(values):
            self.append(value)

    def pop(self, index: int = -1) -> Any:
        return self.getter(self.col.pop(index))

    def remove(self, value: Any) -> None:
        for index, known in enumerate(self):
            if known == value:
                del self.col[index]
                return
        raise ValueError("value not in list")

    def clear(self) -> None:
        del self.col[0 : len(self.col)]

    def index(self, value: Any, *bounds: int) -> int:
        return list(self).index(value, *bounds)

    def copy(self) -> list[Any]:
        """
        Return the values in a plain list.
        """
        return list(self)

    def reverse(self) -> NoReturn:
        """
        Refuse: the place of an object is not a matter of its value.
        """
        raise NotImplementedError("reverse() of an association proxy; reverse the list of objects")

    def sort(self, *args: Any, **kw: Any) -> NoReturn:
        """
        Refuse: the place of an object is not a matter of its value.
        """
        raise NotImplementedError("sort() of an association proxy; sort the list of objects")

    def __radd__(self, other: list[Any]) -> list[Any]:
        return other + list(self)

    def __rmul__(self, times: int) -> list[Any]:
        return list(self) * times

    def __imul__(self, times: int) -> AssociationList:
        if times <= 0:
            self.clear()
        else:
            self.extend(list(self) * (times - 1))
        return self

    def __repr__(self) -> str:
        return repr(list(self))

    def replace(self, values: Iterable[Any]) -> None:
        """
        Take *values* in the place of all there are.
        """
        values = list(values)
        self.clear()
        self.parent.fill(self, values)


class AssociationSet(AssociationCollection, MutableSet[Any]):
    """
    A set of values, over a set of objects.
    """

    __hash__: Any = AssociationCollection.__hash__

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        # what operators make is a plain set
        return set(it)

    def __iter__(self) -> Iterator[Any]:
        return map(self.getter, self.col)

    def __contains__(self, value: object) -> bool:
        return any(known == value for known in self)

    def add(self, value: Any) -> None:
        if value not in self:
            self.col.add(self.creator(value))

    def discard(self, value: Any) -> None:
        for member in self.col:
            if self.getter(member) == value:
                self.col.discard(member)
                return

    def remove(self, value: Any) -> None:
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self) -> Any:
        if not self.col:
            raise KeyError("pop from an empty set")
        return self.getter(self.col.pop())

    def clear(self) -> None:
        self.col.clear()

    def copy(self) -> set[Any]:
        """
        Return the values in a plain set.
        """
        return set(self)

    def update(self, *others: Iterable[Any]) -> None:
        """
        Add all values of *others*.
        """
        for other in others:
            for value in list(other):
                self.add(value)

    def difference_update(self, *others: Iterable[Any]) -> None:
        """
        Remove all values of *others*.
        """
        for other in others:
            for value in list(other):
                self.discard(value)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """
        Keep only values that are in all *others*.
        """
        self._become(set(self).intersection(*others))

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """
        Keep what is in one of both only.
        """
        self._become(set(self).symmetric_difference(other))

    def _become(self, wanted: AbstractSet[Any]) -> None:
        for value in set(self) - wanted:
            self.discard(value)
        self.update(wanted)

    def union(self, *others: Iterable[Any]) -> set[Any]:
        """
        Return the values and those of *others*.
        """
        return set(self).union(*others)

    def difference(self, *others: Iterable[Any]) -> set[Any]:
        """
        Return the values that are in none of *others*.
        """
        return set(self).difference(*others)

    def intersection(self, *others: Iterable[Any]) -> set[Any]:
        """
        Return the values that are in all *others*.
        """
        return set(self).intersection(*others)

    def symmetric_difference(self, other: Iterable[Any]) -> set[Any]:
        """
        Return what is in one of both only.
        """
        return set(self).symmetric_difference(other)

    def issubset(self, other: Iterable[Any]) -> bool:
        """
        Tell whether all values are in *other*.
        """
        return set(self).issubset(other)

    def issuperset(self, other: Iterable[Any]) -> bool:
        """
        Tell whether all of *other* are here.
        """
        return set(self).issuperset(other)

    def __repr__(self) -> str:
        return repr(set(self))

    def replace(self, values: Iterable[Any]) -> None:
        """
        Take *values* in the place of all there are; objects of values that stay, stay.
        """
        wanted = set(values)
        for value in set(self) - wanted:
            self.discard(value)
        self.parent.fill(self, wanted)


class AssociationDict(AssociationCollection, MutableMapping[Any, Any]):
    """
    A dict of values, over a dict of objects.
    """

    __hash__: Any = AssociationCollection.__hash__

    def __iter__(self) -> Iterator[Any]:
        return iter(self.col)

    def __contains__(self, key: object) -> bool:
        return key in self.col

    def __getitem__(self, key: Any) -> Any:
        return self.getter(self.col[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        if key in self.col:
            self.setter(self.col[key], key, value)
        else:
            self.col[key] = self.creator(key, value)

    def __delitem__(self, key: Any) -> None:
        del self.col[key]

    def clear(self) -> None:
        self.col.clear()

    def popitem(self) -> tuple[Any, Any]:
        key, member = self.col.popitem()
        return key, self.getter(member)

    def update(self, *given: Any, **values: Any) -> None:
        for key, value in dict(*given, **values).items():
            self[key] = value

    def copy(self) -> dict[Any, Any]:
        """
        Return the values in a plain dict.
        """
        return dict(self.items())

    def __repr__(self) -> str:
        return repr(self.copy())

    def replace(self, values: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> None:
        """
        Take *values* in the place of all there are; objects of keys that stay, stay.
        """
        wanted = dict(values)
        for key in [key for key in self.col if key not in wanted]:
            del self[key]
        self.parent.fill(self, wanted)
