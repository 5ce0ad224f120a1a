"""
What the columns of a result are: names, objects, processors.

One layout belongs to one plan and is shared by all its results.  Columns can
be looked up by name, by position, or by the expression they came from.

An expression is looked up by identity first (a ``Column`` is one object per
process), then by structure: a statement that is built anew for every call has
new label and function objects each time, but equal ones.

Rule 1: a layout is frozen once made, but for columns of equal statements that it notes (`note_columns`).
Rule 2: an index of None in `Layout.index` marks a name that several columns share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, ClassVar, NoReturn
from weakref import ref

from relvar import exc
from relvar._kernels.rows import make_row
from relvar.rows.row import RMKeyView, Row, RowMapping, raise_ambiguous, row_class

Processor = Callable[[Any], Any]


class Layout:
    """
    The columns of a result.

    Attributes:
        keys: The column names, in order.
        index: Name -> position, or None when several columns have the name.
        objects: Expression (or further name) -> position, or None as above.
        processors: One callable or None per column; None when no column needs one.
        unique_filters: Per column what stands for its value in ``unique()``, if any needs that.
        structures: Tells the structural key of an expression; None turns that look-up off.
    """

    has_rows: ClassVar[bool] = True
    rebuild_row: ClassVar[Callable[..., Any]]
    rebuild_mapping: ClassVar[Callable[..., Any]]

    __slots__ = (
        "_by_structure",
        "_noted",
        "_row_class",
        "from_pickle",
        "index",
        "keys",
        "objects",
        "processors",
        "structures",
        "unique_filters",
    )

    def __init__(
        self,
        keys: Sequence[str],
        *,
        index: Mapping[str, int | None] | None = None,
        objects: Mapping[Any, int | None] | None = None,
        processors: Sequence[Processor | None] | None = None,
        unique_filters: Sequence[Callable[[Any], Any] | None] | None = None,
        structures: Callable[[Any], Any] | None = None,
        from_pickle: bool = False,
    ) -> None:
        self.keys: tuple[str, ...] = tuple(keys)
        self.index: Mapping[str, int | None] = (
            {key: i for i, key in enumerate(self.keys)} if index is None else index
        )
        self.objects: Mapping[Any, int | None] = {} if objects is None else objects
        self.processors: tuple[Processor | None, ...] | None = (
            tuple(processors) if processors is not None and any(p is not None for p in processors) else None
        )
        self.unique_filters: Any = (
            tuple(unique_filters)
            if unique_filters is not None and any(f is not None for f in unique_filters)
            else None
        )
        self.structures: Any = structures
        self.from_pickle: bool = from_pickle
        self._row_class: type[Row[Any]] | None = None
        self._by_structure: dict[Any, int | None] | None = None
        self._noted: dict[int, tuple[Any, int]] | None = None

    def __reduce__(self) -> Any:
        # of a frozen result: names remain, objects and functions do not
        return unpickled_layout, (self.keys,)

    @property
    def row_class(self) -> type[Row[Any]]:
        """Make or give the class of this layout's rows."""
        cls = self._row_class
        if cls is None:
            cls = self._row_class = row_class(self)
        return cls

    def make_row(self, values: Any) -> Row[Any]:
        """Make a row of finished values."""
        row: Row[Any] = make_row(self.row_class, values, None)
        return row

    def index_of_key(self, key: Any) -> int:
        """
        Find a column by name or expression.

        Raises:
            NoSuchColumnError: No such column.
            InvalidRequestError: Several columns have the name.
        """
        index = self._find(key)
        if index is None:
            raise_ambiguous(key if isinstance(key, str) else str(getattr(key, "key", key)))
        if index < 0:
            self._raise_missing(key)
        return index

    def index_of(self, key: Any) -> int:
        """
        Find a column by position, name or expression.

        Raises:
            IndexError: The position is out of range.
        """
        if isinstance(key, int):
            count = len(self.keys)
            if not -count <= key < count:
                raise IndexError("list index out of range")
            return key if key >= 0 else key + count
        return self.index_of_key(key)

    def has_key(self, key: Any) -> bool:
        """Tell whether a name or expression is among the columns."""
        index = self._find(key)
        return index is None or index >= 0

    def _find(self, key: Any) -> int | None:
        """Give the position, None if ambiguous, -1 if there is none."""
        if isinstance(key, str):
            if key in self.index:
                return self.index[key]
            return self.objects.get(key, -1)
        try:
            if key in self.objects:
                return self.objects[key]
        except TypeError:  # unhashable
            return -1
        if self._noted is not None:
            noted = self._noted.get(id(key))
            if noted is not None and noted[0]() is key:
                return noted[1]
        if self.structures is None:
            return -1
        wanted = self.structures(key)
        if wanted is None:
            return -1
        return self._structure_index().get(wanted, -1)

    def _structure_index(self) -> dict[Any, int | None]:
        """
        Give the position of each structure, None where several columns have it.
        """
        known = self._by_structure
        if known is None:
            known = {}
            for obj, index in self.objects.items():
                if not isinstance(obj, str) and self.structures is not None:
                    structure = self.structures(obj)
                    if structure is not None:
                        same = known.get(structure, index) == index
                        known[structure] = index if same else None
            self._by_structure = known
        return known

    def has_twins(self) -> bool:
        """
        Tell whether different columns have one structure, as those of two aliases of one table.
        """
        return self.structures is not None and None in self._structure_index().values()

    def note_columns(self, columns: Sequence[Any]) -> None:
        """
        Find these as well, by identity and as long as they live: columns of an equal statement.
        """
        if len(columns) != len(self.keys):
            return
        noted = self._noted
        if noted is None:
            noted = self._noted = {}
        for index, column in enumerate(columns):
            at = id(column)
            if column in self.objects or at in noted and noted[at][0]() is column:
                continue
            noted[at] = ref(column, partial(_forget, noted, at)), index

    def _raise_missing(self, key: Any) -> NoReturn:
        if self.from_pickle and not isinstance(key, str):
            raise exc.NoSuchColumnError("Row was unpickled; lookup by ColumnElement is unsupported")
        described = getattr(key, "description", None) if not isinstance(key, str) else None
        table = getattr(getattr(key, "table", None), "description", None)
        if described is not None and table is not None:
            described = f"{table}.{described}"
        raise exc.NoSuchColumnError(
            f"Could not locate column in row for column '{key if described is None else described}'"
        )

    def reduce(self, positions: Sequence[int]) -> Layout:
        """
        Give the layout of some columns only.
        """
        keys = [self.keys[i] for i in positions]
        index: dict[str, int | None] = {}
        objects: dict[Any, int | None] = {}
        for new, old in enumerate(positions):
            for name, at in self.index.items():
                if at == old:
                    index[name] = new
            for obj, at in self.objects.items():
                if at == old:
                    objects[obj] = new
        for new, key in enumerate(keys):
            index.setdefault(key, new)
        made = Layout(
            keys,
            index=index,
            objects=objects,
            processors=None if self.processors is None else [self.processors[i] for i in positions],
            unique_filters=None
            if self.unique_filters is None
            else [self.unique_filters[i] for i in positions],
            structures=self.structures,
            from_pickle=self.from_pickle,
        )
        if self._noted is not None:
            places = {old: new for new, old in enumerate(positions)}
            made._noted = {
                at: (column, places[old]) for at, (column, old) in list(self._noted.items()) if old in places
            }
        return made

    def without_processors(self) -> Layout:
        """
        Give the layout of values that went through the processors already.
        """
        if self.processors is None:
            return self
        plain = Layout(
            self.keys,
            index=self.index,
            objects=self.objects,
            unique_filters=self.unique_filters,
            structures=self.structures,
            from_pickle=self.from_pickle,
        )
        plain._noted = self._noted
        return plain

    def joined(self, other: Layout) -> Layout:
        """
        Give the layout of the columns of both, side by side.
        """
        shift = len(self.keys)
        index: dict[str, int | None] = dict(self.index)
        for name, at in other.index.items():
            index[name] = None if name in index or at is None else at + shift
        objects: dict[Any, int | None] = dict(self.objects)
        for obj, at in other.objects.items():
            objects[obj] = None if at is None else at + shift
        return Layout(
            (*self.keys, *other.keys),
            index=index,
            objects=objects,
            structures=self.structures or other.structures,
        )

    @property
    def _keys(self) -> RMKeyView:
        return RMKeyView(self)


def _forget(noted: dict[int, tuple[Any, int]], at: int, column: Any) -> None:
    noted.pop(at, None)


@lru_cache(maxsize=256)
def unpickled_layout(keys: tuple[str, ...]) -> Layout:
    """
    Give the layout of rows that come out of a pickle: names only.
    """
    return Layout(keys, from_pickle=True)


def rebuild_row(keys: tuple[str, ...], values: tuple[Any, ...]) -> Row[Any]:
    """Make a row out of its pickle."""
    return unpickled_layout(keys).make_row(values)


def rebuild_mapping(keys: tuple[str, ...], values: tuple[Any, ...]) -> RowMapping:
    """Make a row mapping out of its pickle."""
    return RowMapping(unpickled_layout(keys), values)


# Reached by rows through their layout, so that `row` need not import this module.
Layout.rebuild_row = staticmethod(rebuild_row)
Layout.rebuild_mapping = staticmethod(rebuild_mapping)


def SimpleResultMetaData(  # SQLAlchemy's name, a class there
    keys: Sequence[str],
    extra: Sequence[Any] | None = None,
    _unique_filters: Sequence[Callable[[Any], Any] | None] | None = None,
) -> Layout:
    """
    Describe the columns of a synthetic result.

    Args:
        keys: The column names.
        extra: Per column, further keys it answers to.
        _unique_filters: Per column, what stands for its value in ``unique()``.
    """
    objects = {
        obj: i
        for i, group in enumerate(extra or ())
        for obj in (group if isinstance(group, tuple) else (group,))
    }
    return Layout(keys, objects=objects, unique_filters=_unique_filters)


def result_tuple(
    fields: Sequence[str], extra: Sequence[Any] | None = None
) -> Callable[[Iterable[Any]], Row[Any]]:
    """
    Make a function that turns sequences of values into rows with *fields*.
    """
    return SimpleResultMetaData(fields, extra).make_row
