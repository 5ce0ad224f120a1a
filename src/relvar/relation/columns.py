"""
Collections of columns: ``table.c``.

Columns are found by key, as attribute or item.  The first access to an
attribute puts the column into the view's ``__dict__``, from where Python reads
it next time; names of methods, and names with an underscore, always go the
long way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NoReturn, overload

from relvar import exc
from relvar._kernels.parts import early_column
from relvar.expr import make
from relvar.expr import operators as op
from relvar.util import OrderedSet
from relvar.util.generics import TypeVar

__all__ = [
    "ColumnCollection",
    "ColumnSet",
    "DedupeColumnCollection",
    "EarlyView",
    "ReadOnlyColumnCollection",
    "WriteableColumnCollection",
]


def _absent(key: Any, collection: Iterable[tuple[str, Any]]) -> str:
    """
    Say that there is no such column, and which there are.
    """
    return (
        f"There is no column {key!r}; there are {', '.join([repr(name) for name, _ in collection]) or 'none'}"
    )


_OF_VIEWS = ("_parent", "_collection", "_index")
"What a view has of its collection."

_D = TypeVar("_D")
_Key = TypeVar("_Key", default=str, covariant=True)
_Col = TypeVar("_Col", default=Any, covariant=True)


class ColumnCollection(Generic[_Key, _Col]):
    """
    Columns by key, in order; a key may occur more than once.

    >>> from relvar.expr.column import column
    >>> columns = ColumnCollection([("a", column("a")), ("b", column("b"))])
    >>> columns.a is columns["a"] is columns[0]
    True
    """

    _collection: list[tuple[Any, Any]]
    _index: dict[Any, Any]
    _by_lineage: dict[Any, list[Any]] | None

    def __init__(self, columns: Iterable[tuple[str, Any]] | None = None) -> None:
        values = self.__dict__
        values["_collection"] = []
        values["_index"] = {}
        values["_by_lineage"] = None
        values["_view"] = None
        if columns:
            self._fill(columns)

    def __class_getitem__(cls, _item: Any) -> Any:
        return cls

    def _fill(self, items: Iterable[tuple[str, Any]]) -> None:
        """
        Add columns under keys; the first of a key is the one found by it.
        """
        collection, index = self._collection, self._index
        position = len(collection)
        for item in items:
            key, column = item
            collection.append((key, column))
            index[position] = column
            index.setdefault(key, column)
            position += 1

    def _populate_separate_keys(self, items: Iterable[tuple[str, Any]]) -> None:
        """
        Fill the empty collection.
        """
        self._fill(items)

    def keys(self) -> list[_Key]:
        """
        Return the keys, in order.
        """
        return [key for key, _ in self._collection]

    def values(self) -> list[_Col]:
        """
        Return the columns, in order.
        """
        return [column for _, column in self._collection]

    def items(self) -> list[tuple[_Key, _Col]]:
        """
        Return pairs of key and column.
        """
        return list(self._collection)

    @property
    def _all_columns(self) -> list[Any]:
        return [column for _, column in self._collection]

    def __bool__(self) -> bool:
        return len(self._collection) > 0

    def __len__(self) -> int:
        return len(self._collection)

    def __iter__(self) -> Iterator[_Col]:
        return iter([column for _, column in self._collection])

    @overload
    def __getitem__(self, key: str | int) -> _Col: ...
    @overload
    def __getitem__(self, key: tuple[str | int, ...] | slice) -> ReadOnlyColumnCollection[_Key, _Col]: ...
    def __getitem__(self, key: Any) -> Any:
        """
        Return a column by key or position; a collection, for several keys or a slice.
        """
        try:
            if isinstance(key, (tuple, slice)):
                if isinstance(key, slice):
                    items: Iterable[tuple[str, Any]] = self._collection[key]
                else:
                    items = [(str(k), self._index[k]) for k in key]
                return ReadOnlyColumnCollection(ColumnCollection(items))
            return self._index[key]
        except KeyError as err:
            if isinstance(err.args[0], int):
                raise IndexError(err.args[0]) from err
            raise KeyError(_absent(err.args[0], self._collection)) from None

    def __getattr__(self, key: str) -> _Col:
        index = self.__dict__.get("_index")
        if index is None:
            raise AttributeError(key)
        try:
            column = index[key]
        except KeyError:
            # names with an underscore are asked for by who wants to know what this is
            text = key if key[:1] == "_" else _absent(key, self._collection)
            raise AttributeError(text, name=key, obj=self) from None
        if key[:1] != "_":
            self.__dict__[key] = column
        return column  # type: ignore[no-any-return]  # as declared

    def __setattr__(self, key: str, value: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} object is immutable and/or readonly")

    def __setitem__(self, key: str, value: Any) -> NoReturn:
        self.__setattr__(key, value)

    def __delitem__(self, key: str) -> NoReturn:
        self.__setattr__(key, None)

    def __contains__(self, key: object) -> bool:
        """
        Tell whether there is a column of that key.

        Raises:
            ArgumentError: *key* is no string; see `contains_column`.
        """
        if not isinstance(key, str):
            raise exc.ArgumentError("__contains__ requires a string argument")
        return key in self._index

    @overload
    def get(self, key: str, default: None = None) -> _Col | None: ...
    @overload
    def get(self, key: str, default: _D) -> _Col | _D: ...
    def get(self, key: str, default: Any = None) -> Any:
        """
        Return the column of that key, or *default*.
        """
        return self._index.get(key, default)

    def contains_column(self, col: Any) -> bool:
        """
        Tell whether this very column is here.

        Raises:
            ArgumentError: *col* is a string.
        """
        if isinstance(col, str):
            raise exc.ArgumentError(
                "contains_column cannot be used with string arguments. Use ``col_name in table.c`` instead."
            )
        wanted = hash(col)
        return any(column is col or hash(column) == wanted for _, column in self._collection)

    def compare(self, other: ColumnCollection) -> bool:
        """
        Tell whether both hold the same columns.
        """
        return len(self) == len(other) and all(a is b for a, b in zip(self, other))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ColumnCollection) and self.compare(other)

    __hash__: Any = object.__hash__

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(str(c) for c in self)})"

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__name__} object at 0x{id(self):x}>"

    def corresponding_column(self, column: Any, require_embedded: bool = False) -> _Col | None:
        """
        Return the column here that stands for *column*, or for the same column as it does.

        The one with most of the lineage in common wins; among equals, the nearest.

        Args:
            require_embedded: Only if all that *column* stands for is also stood for here.
        """
        collection = self._source()
        lineage = collection._lineage_index()
        if column in lineage and any(column is c for c in lineage[column]):
            return column  # type: ignore[no-any-return]  # as declared
        target = column.proxy_set
        if len(target) == 1:
            # stands for itself only, as a table's column does: one here stands for it, or none
            (own,) = target
            standing = lineage.get(own, ())
            if len(standing) < 2:
                return standing[0] if standing else None
        candidates: dict[int, Any] = {}
        for proxied in target:
            for candidate in lineage.get(proxied, ()):
                candidates[id(candidate)] = candidate
        best: Any = None
        best_common: frozenset[Any] = frozenset()
        for candidate in candidates.values():
            expanded = candidate._expanded_proxy_set
            common = expanded & target
            if not common or (require_embedded and not _embedded(expanded, target)):
                continue
            if best is None or len(common) > len(best_common):
                best, best_common = candidate, common
            elif len(common) == len(best_common) and _distance(candidate, common) < _distance(best, common):
                best, best_common = candidate, common
        return best  # type: ignore[no-any-return]  # as declared

    def __clause_element__(self) -> Any:
        """
        Return the columns as a list, for SELECT.
        """
        return make.ClauseList._construct_raw(op.comma_op, self.values())

    def _source(self) -> ColumnCollection[Any, Any]:
        """
        Return the collection that owns the columns.
        """
        return self

    def _lineage_index(self) -> dict[Any, list[Any]]:
        """
        Return: column stood for -> columns here that stand for it.
        """
        made = self._by_lineage
        if made is None:
            made = {}
            for _, column in self._collection:
                for proxied in column._expanded_proxy_set:
                    made.setdefault(proxied, []).append(column)
            self.__dict__["_by_lineage"] = made
        return made

    def as_readonly(self) -> ReadOnlyColumnCollection[_Key, _Col]:
        """
        Return a view that does not change this collection.
        """
        view = self.__dict__["_view"]
        if view is None:
            view = self.__dict__["_view"] = ReadOnlyColumnCollection(self)
        return view  # type: ignore[no-any-return]  # made here

    def _as_readonly(self) -> ReadOnlyColumnCollection[_Key, _Col]:
        return self.as_readonly()


def _embedded(expanded: frozenset[Any], target: frozenset[Any]) -> bool:
    """
    Tell whether all of *target* beyond what is shared is related to *expanded*.
    """
    return all(set(_cloned(t)) & expanded for t in target - expanded)


def _cloned(column: Any) -> list[Any]:
    found = []
    while column is not None:
        found.append(column)
        column = column._is_clone_of
    return found


def _distance(column: Any, common: frozenset[Any]) -> int:
    """
    Return how deep below *column* the columns in *common* are.
    """
    wanted = {hash(c) for c in common}
    return sum(depth for depth, c in enumerate(column._uncached_proxy_list()) if hash(c) in wanted)


class ReadOnlyColumnCollection(ColumnCollection[_Key, _Col]):
    """
    A view of a collection; it changes with it.
    """

    def __init__(self, collection: ColumnCollection[Any, Any]) -> None:
        values = self.__dict__
        values["_parent"] = collection
        values["_collection"] = collection._collection
        values["_index"] = collection._index

    def _readonly(self) -> NoReturn:
        """
        Refuse a change; programs see by this method that there is a ``_parent``, which can be changed.
        """
        raise TypeError(f"{type(self).__name__} object is immutable and/or readonly.")

    def _source(self) -> ColumnCollection[Any, Any]:
        return self.__dict__["_parent"]  # type: ignore[no-any-return]  # set by the constructor

    def as_readonly(self) -> ReadOnlyColumnCollection[_Key, _Col]:
        return self

    def _forget(self) -> None:
        """
        Drop the columns kept as attributes: the collection has changed.
        """
        values = self.__dict__
        kept = {name: values[name] for name in _OF_VIEWS}
        values.clear()
        values.update(kept)

    def __getstate__(self) -> dict[str, Any]:
        return {"_parent": self.__dict__["_parent"]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        ReadOnlyColumnCollection.__init__(self, state["_parent"])


class EarlyView(ReadOnlyColumnCollection[Any, Any]):
    """
    The view of a collection that is not made yet: that of an alias or subquery.

    A statement names few of the columns: one that is asked for by its key is made alone.  For any other
    question all are made, with those that were made before, and this is a view like others.
    """

    def __init__(self, owner: Any, below: Any) -> None:
        """
        Take what columns are made of.

        Args:
            owner: Has a column made before the others (``_early_columns``), or makes all (``_collections``).
            below: By key, each column that one of the owner's is going to stand for.
        """
        self.__dict__["_unmade"] = owner, below

    def _made(self) -> Any:
        owner, _ = self.__dict__["_unmade"]
        collection = owner._collections[0]
        if collection._view is None:
            collection.__dict__["_view"] = self
        # at once, for other threads
        self.__dict__.update(_parent=collection, _collection=collection._collection, _index=collection._index)
        object.__setattr__(self, "__class__", ReadOnlyColumnCollection)
        return self

    def _early(self, key: Any) -> Any:
        """
        Return a column; None if there is none of that key, or the collection was made meanwhile.
        """
        owner, below = self.__dict__["_unmade"]
        return early_column(owner, below, key) if isinstance(key, str) else None

    def __getattr__(self, key: str) -> Any:
        column = None if key in _OF_VIEWS else self._early(key)
        if column is None:
            return getattr(self._made(), key)
        if key[:1] != "_":
            self.__dict__[key] = column
        return column

    def __getitem__(self, key: Any) -> Any:
        column = self._early(key)
        return self._made()[key] if column is None else column

    def get(self, key: str, default: Any = None) -> Any:
        column = self._early(key)
        return self._made().get(key, default) if column is None else column

    def __contains__(self, key: object) -> bool:
        return key in (self.__dict__["_unmade"][1] if isinstance(key, str) else self._made())

    def _source(self) -> Any:
        return self._made()._source()

    def __str__(self) -> str:
        return str(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._made().__reduce_ex__(protocol)


class WriteableColumnCollection(ColumnCollection[_Key, _Col]):
    """
    A collection columns can be added to.
    """

    def _changed(self) -> None:
        values = self.__dict__
        values["_by_lineage"] = None
        for name in [n for n in values if n[:1] != "_"]:
            del values[name]
        if values["_view"] is not None:
            values["_view"]._forget()

    def add(self, column: Any, key: str | None = None) -> None:
        """
        Add a column under its own key or another.
        """
        self._fill([(column.key if key is None else key, column)])
        self._changed()

    def extend(self, columns: Iterable[Any]) -> None:
        """
        Add several columns under their keys.
        """
        self._fill([(column.key, column) for column in columns])
        self._changed()

    def update(self, items: Iterable[tuple[str, Any]]) -> None:
        """
        Add several columns under keys.
        """
        self._fill(items)
        self._changed()

    def remove(self, column: Any) -> None:
        """
        Remove a column.

        Raises:
            ValueError: it is not here.
        """
        left = [(key, c) for key, c in self._collection if c is not column]
        if len(left) == len(self._collection):
            raise ValueError(f"Can't remove column {column!r}; column is not in this collection")
        self._rebuild(left)

    def clear(self) -> None:
        """
        Remove all columns.
        """
        self._rebuild([])

    def _rebuild(self, items: Sequence[tuple[str, Any]]) -> None:
        # In place: views share the list and the index.
        items = list(items)
        self._collection.clear()
        self._index.clear()
        self._fill(items)
        self._changed()

    def __getstate__(self) -> dict[str, Any]:
        return {"_collection": self._collection}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]  # a fresh start
        self._fill(state["_collection"])


class DedupeColumnCollection(WriteableColumnCollection[_Key, _Col]):
    """
    A collection with one column per key, as a table has.
    """

    def add(self, column: Any, key: str | None = None, *, index: int | None = None) -> None:
        """
        Add a column, at the end or at *index*.

        Raises:
            ArgumentError: it was to be added under a key not its own.
        """
        if key is not None and column.key != key:
            raise exc.ArgumentError(
                "DedupeColumnCollection requires columns be under the same key as their .key"
            )
        key = column.key
        if key is None:
            raise exc.ArgumentError("Can't add unnamed column to column collection")
        if key in self._index:
            if self._index[key] is column:
                return
            self.replace(column)
            return
        if index is None:
            self._fill([(key, column)])
            self._changed()
        else:
            items = list(self._collection)
            items.insert(index, (key, column))
            self._rebuild(items)

    def extend(self, columns: Iterable[Any]) -> None:
        for column in columns:
            self.add(column)

    def replace(
        self, column: Any, extra_remove: Iterable[Any] | None = None, index: int | None = None
    ) -> None:
        """
        Add a column in place of those with its key or its name.

        Args:
            index: Where to put it, counted before the others are removed.
        """
        gone = {id(c) for c in extra_remove or ()}
        replaced = [
            c
            for key, c in self._collection
            if id(c) in gone or key == column.key or (c.name == column.name and c.name == c.key)
        ]
        gone.update(id(c) for c in replaced)
        items = list(self._collection)
        if index is None:
            index = next((i for i, (_, c) in enumerate(items) if id(c) in gone), len(items))
        items.insert(index, (column.key, column))
        self._rebuild([item for item in items if id(item[1]) not in gone])


class ColumnSet(OrderedSet[Any]):
    """
    A set of columns, in order.
    """

    def contains_column(self, col: Any) -> bool:
        """
        Tell whether this very column is here.
        """
        return col in self

    def extend(self, columns: Iterable[Any]) -> None:
        """
        Add several columns.
        """
        for column in columns:
            self.add(column)

    @property
    def columns(self) -> list[Any]:
        """
        The columns, in order.
        """
        return list(self)


def _columns_of_function(function: Any) -> ReadOnlyColumnCollection:
    """
    Return what a function has for columns: itself, or those it was given.
    """
    elements = getattr(function.type, "_elements", None) or [function]
    made = ColumnCollection(
        [(column.key if column._is_named else column._anon_name_label, column) for column in elements]
    )
    return made.as_readonly()


make.register(column_collection_of_function=_columns_of_function)
