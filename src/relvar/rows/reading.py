"""
Reading items from a source of raw rows: how many, which are duplicates, and when to close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from relvar import exc

if TYPE_CHECKING:
    from relvar.rows.result import Result

__all__ = ["END", "Reading", "UniqueStrategy", "raise_none_found", "raise_several_found"]

_R = TypeVar("_R")

UniqueStrategy = Callable[[Any], Any]

END: Any = object()
"What is given in the place of an item where there are no more."


class Reading(Generic[_R]):
    """
    Read items from a source of raw rows.

    Subclasses say what an item is (`_items`, `_item`); this says how many to
    take, which to skip as duplicates, and when to close.
    """

    # What was seen, and the strategy: None for the item itself.
    _unique: tuple[set[Any], UniqueStrategy | None] | None = None

    @property
    def _source(self) -> Result[*tuple[Any, ...]]:
        raise NotImplementedError

    def _items(self, raw_rows: list[Any]) -> list[_R]:
        raise NotImplementedError

    def _item(self, raw: Any) -> _R:
        return self._items([raw])[0]

    def _default_unique_strategy(self) -> UniqueStrategy | None:
        return None

    def _set_unique(self, strategy: UniqueStrategy | None) -> None:
        self._unique = (set(), strategy if strategy is not None else self._default_unique_strategy())

    def _only_new(self, items: Iterable[_R]) -> list[_R]:
        assert self._unique is not None
        seen, strategy = self._unique
        fresh: list[_R] = []
        for item in items:
            mark = item if strategy is None else strategy(item)
            if mark not in seen:
                seen.add(mark)
                fresh.append(item)
        return fresh

    def _read_all(self) -> list[_R]:
        items = self._items(self._source._raw_all())
        return items if self._unique is None else self._only_new(items)

    def _read_one(self) -> Any:
        """Give the next item, or ``END``."""
        source = self._source
        while True:
            raw = source._raw_one()
            if raw is END:
                return END
            item = self._item(raw)
            if self._unique is None or self._only_new((item,)):
                return item

    def _read_many(self, size: int | None) -> list[_R]:
        source = self._source
        if size is None:
            size = source._yield_per
        items = self._items(source._raw_many(size))
        if self._unique is None:
            return items
        wanted = len(items) if size is None else size
        fresh = self._only_new(items)
        while items and len(fresh) < wanted:
            items = self._items(source._raw_many(wanted - len(fresh)))
            fresh.extend(self._only_new(items))
        return fresh

    def _iterate(self) -> Iterator[_R]:
        source = self._source
        while True:
            pending = source._ahead()
            if pending is None:
                return
            for raw in pending:
                if source._hard_closed:
                    source._raise_hard_closed()
                item = self._item(raw)
                if self._unique is None or self._only_new((item,)):
                    yield item

    def _read_fetched(self) -> Any:
        """Give the next item of the rows that are here, or ``END`` where more have to be fetched."""
        for raw in self._source._pending or ():
            item = self._item(raw)
            if self._unique is None or self._only_new((item,)):
                return item
        return END

    def _read_ahead(self) -> Any:
        """Give the next item, fetching rows if there are none, or ``END``."""
        while self._source._ahead() is not None:
            item = self._read_fetched()
            if item is not END:
                return item
        return END

    def _read_partitions(self, size: int | None) -> Iterator[list[_R]]:
        if size is None:
            size = self._source._yield_per
        while True:
            part = self._read_many(size)
            if not part:
                return
            yield part

    def _only(self, needed: bool, single: bool) -> Any:
        """Read the one item there should be, and close."""
        source = self._source
        if single:
            item = self._read_one()
        else:
            # the first item is no duplicate: what `unique` demands of the rest does not matter
            raw = source._raw_one()
            item = raw if raw is END else self._item(raw)
        if item is END:
            source._soft_close(hard=True)
            if needed:
                raise_none_found()
            return None
        if single and self._read_one() is not END:
            source._soft_close(hard=True)
            raise_several_found(needed)
        source._soft_close(hard=True)
        return item


def raise_none_found() -> NoReturn:
    """Refuse a result without rows."""
    raise exc.NoResultFound("No row was found when one was required")


def raise_several_found(needed: bool) -> NoReturn:
    """Refuse a result with several rows."""
    wanted = "exactly one was required" if needed else "one or none was required"
    raise exc.MultipleResultsFound(f"Multiple rows were found when {wanted}")
