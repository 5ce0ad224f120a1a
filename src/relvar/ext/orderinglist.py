"""
Keep the place of each member of a list in a column of the member.

>>> from relvar import ForeignKey
>>> from relvar.ext.orderinglist import ordering_list
>>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship
>>> class Base(DeclarativeBase): ...
>>> class Slide(Base):
...     __tablename__ = "slide"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     bullets: Mapped[list["Bullet"]] = relationship(
...         order_by="Bullet.position", collection_class=ordering_list("position")
...     )
>>> class Bullet(Base):
...     __tablename__ = "bullet"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     slide_id: Mapped[int] = mapped_column(ForeignKey("slide.id"))
...     position: Mapped[int | None]
>>> slide = Slide(bullets=[Bullet(), Bullet()])
>>> slide.bullets.insert(1, Bullet())
>>> [bullet.position for bullet in slide.bullets]
[0, 1, 2]

Rule 1: after a change in the middle (insert, remove, slices) all members are numbered anew.
Rule 2: a member that is appended gets its number unless it has one; ``reorder_on_append`` numbers it anyway.
Rule 3: ``sort()`` and ``reverse()`` number nothing: call ``reorder()`` after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, SupportsIndex, TypeVar

from relvar.orm.state.adapter import collection_adapter

__all__ = ["ordering_list"]

_T = TypeVar("_T")

OrderingFunc = Callable[[int, Sequence[Any]], Any]


def ordering_list(
    attr: str,
    count_from: int | None = None,
    ordering_func: OrderingFunc | None = None,
    reorder_on_append: bool = False,
) -> Callable[[], OrderingList[Any]]:
    """
    Return a factory for ``relationship(collection_class=...)``.

    Args:
        attr: The attribute of a member that has its place.
        count_from: The number of the first member, by default 0.
        ordering_func: ``(index, list) -> value`` for places that are no plain numbers.
        reorder_on_append: Number a member that is appended though it has a number.
    """
    func = _counting_func(count_from) if ordering_func is None else ordering_func

    def make() -> OrderingList[Any]:
        return OrderingList(attr, func, reorder_on_append)

    return make


def count_from_0(index: int, collection: Sequence[Any]) -> int:
    """
    Number members from 0.
    """
    return index


def count_from_1(index: int, collection: Sequence[Any]) -> int:
    """
    Number members from 1.
    """
    return index + 1


def count_from_n_factory(start: int) -> OrderingFunc:
    """
    Return a function that numbers members from *start*.

    >>> count_from_n_factory(10)(2, [])
    12
    """

    def count(index: int, collection: Sequence[Any]) -> int:
        return index + start

    count.__name__ = f"count_from_{start}"
    return count


def _counting_func(count_from: int | None) -> OrderingFunc:
    if count_from in (None, 0):
        return count_from_0
    return count_from_1 if count_from == 1 else count_from_n_factory(count_from or 0)


class OrderingList(list[_T]):
    """
    A list that keeps an attribute of its members in step with their places.

    Args:
        ordering_attr: The attribute.
        ordering_func: ``(index, list) -> value``.
        reorder_on_append: Number a member that is appended though it has a number.
    """

    ordering_attr: str
    ordering_func: OrderingFunc
    reorder_on_append: bool

    def __init__(
        self,
        ordering_attr: str,
        ordering_func: OrderingFunc | None = None,
        reorder_on_append: bool = False,
    ) -> None:
        self.ordering_attr = ordering_attr
        self.ordering_func = count_from_0 if ordering_func is None else ordering_func
        self.reorder_on_append = reorder_on_append

    def reorder(self) -> None:
        """
        Number all members by their places.
        """
        for index, member in enumerate(self):
            self._number(index, member, True)

    def _get_order_value(self, entity: Any) -> Any:
        return getattr(entity, self.ordering_attr)

    def _set_order_value(self, entity: Any, value: Any) -> None:
        setattr(entity, self.ordering_attr, value)

    def _number(self, index: int, member: Any, again: bool) -> None:
        has = self._get_order_value(member)
        if has is not None and not again:
            return
        value = self.ordering_func(index, self)
        if has != value:
            self._set_order_value(member, value)

    def append(self, entity: _T) -> None:
        super().append(entity)
        self._number(len(self) - 1, entity, self.reorder_on_append)

    def extend(self, entities: Iterable[_T]) -> None:
        for entity in list(entities):
            self.append(entity)

    def __iadd__(self, entities: Iterable[_T]) -> OrderingList[_T]:  # type: ignore[override, misc]  # of list
        self.extend(entities)
        return self

    def insert(self, index: SupportsIndex, entity: _T) -> None:
        super().insert(index, entity)
        self.reorder()

    def remove(self, entity: _T) -> None:
        super().remove(entity)
        adapter = collection_adapter(self)
        # members of a list that was replaced are on their way elsewhere
        if adapter is None or not adapter.invalidated:
            self.reorder()

    def pop(self, index: SupportsIndex = -1) -> _T:
        entity = super().pop(index)
        self.reorder()
        return entity

    def __setitem__(self, index: Any, entity: Any) -> None:
        super().__setitem__(index, entity)
        self.reorder()

    def __delitem__(self, index: SupportsIndex | slice) -> None:
        super().__delitem__(index)
        self.reorder()

    def __reduce__(self) -> Any:
        return _restored, (type(self), dict(self.__dict__), list(self))


def _restored(cls: type[OrderingList[Any]], attributes: dict[str, Any], members: list[Any]) -> Any:
    made = cls.__new__(cls)
    made.__dict__.update(attributes)
    list.extend(made, members)
    return made
