# Compiled as it is, see setup.py.
"""
The column list of the statement that loading emits.

Two lists: *primary* columns are what the program asked for, *secondary* ones
are added by joined eager loading and stay outside when the statement is
wrapped in a subquery.  A place in them is a number; places of secondary
columns are negative until the number of primary ones is known (`absolute`).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq
from typing import Any

from relvar import exc
from relvar.orm.load.adapt import Adapter, EntityAdapter, adapted_column

__all__ = ["Columns", "Places"]


class Columns:
    """The columns to select, and the place of each."""

    __slots__ = ("_primary_places", "_secondary_places", "extra", "primary", "secondary")

    def __init__(self) -> None:
        self.primary: list[Any] = []
        self.secondary: list[Any] = []
        self.extra: int = 0
        self._primary_places: dict[Any, int] = {}
        self._secondary_places: dict[Any, int] = {}

    def add(self, column: Any, secondary: bool = False) -> int:
        """Return the place of an entity's column; a column that is there already is not repeated."""
        places = self._secondary_places if secondary else self._primary_places
        place = places.get(column)
        if place is None:
            columns = self.secondary if secondary else self.primary
            place = places[column] = ~len(columns) if secondary else len(columns)
            columns.append(column)
        return place

    def add_new(self, columns: Sequence[Any], adapter: Adapter | None) -> bool:
        """
        Add the columns of an entity behind those that are there.

        Returns:
            Whether that was done: False, and nothing is added, where one is there already or has nothing that
            stands for it.
        """
        known = self._primary_places
        first = len(self.primary)
        moved: dict[Any, Any] = {}
        if adapter.__class__ is EntityAdapter:
            moved = adapter.moved
            if columns and columns[-1] not in moved:
                adapter.take(columns)
        places: dict[Any, int] = {}
        for column in columns:
            if adapter is None:
                made = column
            else:
                made = moved[column] if column in moved else adapted_column(column, adapter)
            if made is None or made in known:
                return False
            places[made] = first + len(places)
        if len(places) != len(columns):
            return False
        known.update(places)
        self.primary.extend(places)
        return True

    def append(self, column: Any, *, secondary: bool = False) -> int:
        """Return the place of a column that the program named itself, added even if it is there."""
        columns, places = (
            (self.secondary, self._secondary_places) if secondary else (self.primary, self._primary_places)
        )
        columns.append(column)
        place = ~(len(columns) - 1) if secondary else len(columns) - 1
        places.setdefault(column, place)
        return place

    def absolute(self, place: int) -> int:
        """Return the index in the final column list, ``extra`` columns standing between the two lists."""
        return place if place >= 0 else len(self.primary) + self.extra + ~place


def _moved(column: Any, adapter: Adapter) -> Any:
    """Return what stands for a column of a mapper; None if nothing does."""
    made = adapter.moved.get(column) if adapter.__class__ is EntityAdapter else None
    return adapted_column(column, adapter) if made is None else made


class Places:
    """
    The places of one entity's columns.

    Attributes:
        adapter: Moves columns of the mapper to what stands for them; None if they stand for themselves.
        secondary: They are those of a joined eager load.
        known: Column of the mapper -> place.
    """

    __slots__ = ("_columns", "adapter", "known", "secondary")

    def __init__(self, columns: Columns, adapter: Adapter | None, secondary: bool) -> None:
        self._columns = columns
        self.adapter: Adapter | None = adapter
        self.secondary: bool = secondary
        self.known: dict[Any, int] = {}

    def add(self, column: Any) -> int | None:
        """Return the place of a column; None where it is not among those that are given or there."""
        place = self.known.get(column)
        if place is None:
            adapter = self.adapter
            made = column if adapter is None else _moved(column, adapter)
            if made is None:
                return None
            place = self.known[column] = self._columns.add(made, self.secondary)
        return place

    def add_all(self, columns: Sequence[Any], keys: Sequence[str], attributes: dict[str, int]) -> bool:
        """
        Enter the places of columns as those of attributes that have none yet; tell whether all are there.
        """
        is_whole = True
        for i, column in enumerate(columns):
            place = self.add(column)
            if place is None:
                is_whole = False
            elif keys[i] not in attributes:
                attributes[keys[i]] = place
        return is_whole

    def find_all(
        self,
        columns: Sequence[Any],
        keys: Sequence[str],
        others: dict[str, int],
        attributes: dict[str, int],
    ) -> bool:
        """
        Enter the places of columns that are there as those of attributes; tell whether all are.

        Args:
            others: Attributes whose columns have places, too.
        """
        is_whole = True
        for i, column in enumerate(columns):
            place = self.known.get(column)
            if place is None:
                place = others.get(keys[i])
            if place is None:
                is_whole = False
            else:
                attributes[keys[i]] = place
        return is_whole

    def are_new(self, first: int) -> bool:
        """
        Tell whether these columns, one after the other, are those of the column list from a place on.
        """
        known = self.known
        last = len(self._columns.primary)
        return last - first == len(known) and all(map(eq, known.values(), range(first, last)))

    def need_all(self, columns: Sequence[Any]) -> tuple[int, ...]:
        """
        Return the places of columns, which have to be there, see `need`.
        """
        return tuple([self.need(column) for column in columns])

    def need(self, column: Any) -> int:
        """
        Return the place of a column.

        Raises:
            NoSuchColumnError: It is not there.
        """
        place = self.add(column)
        if place is None:
            raise exc.NoSuchColumnError(f"Could not locate column in row for column '{column}'")
        return place
