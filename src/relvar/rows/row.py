"""
The row: a tuple that also knows its columns by name and by Column object.

Every layout makes its own subclass of `Row`, with one descriptor per column
name.  Reading ``row.name`` is then Python's own attribute access, in compiled
and in pure mode alike; the row itself holds nothing but its values.

Rule 1: a column's name wins over ``count``, ``index``, ``t`` and ``tuple``;
names that start with an underscore and are ours (``_mapping``, ...) win over columns.
Rule 2: a name that two columns share raises when read by name; positions work.
"""

from __future__ import annotations

from _collections import _tuplegetter  # type: ignore[import-not-found]  # the C descriptor behind namedtuple
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TYPE_CHECKING, Any, NoReturn, TypeVarTuple

from relvar import exc
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.rows.layout import Layout

_Ts = TypeVarTuple("_Ts")
# Inside `Row` the name ``tuple`` is its own method.
_Plain = tuple[Any, ...]


_UNPACKS = (
    "The Row.{} is deprecated, Row now behaves like a tuple and can unpack types directly. "
    "(deprecated since: 2.1.0)"
)


class Row(tuple[*_Ts]):
    """
    One row of a result.

    Acts as a named tuple: index, slice, unpack, compare; ``row.name``;
    ``row._mapping`` to read by string or by Column.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     row = connection.execute(text("SELECT 1 AS id, 'ann' AS name")).one()
    >>> row.name, row[0], row._mapping["name"], row == (1, "ann"), row._asdict()
    ('ann', 1, 'ann', True, {'id': 1, 'name': 'ann'})
    """

    __slots__ = ()

    _layout: Layout

    def __init_subclass__(cls) -> None:
        # Subclasses are made per layout, in the path of a first execution.
        pass

    @property
    def _mapping(self) -> RowMapping:
        """Read the row as a mapping, by column name or Column object."""
        return RowMapping(self._layout, self)

    @property
    def _fields(self) -> tuple[str, ...]:
        """Give the names of the columns, as ``namedtuple`` does."""
        return tuple([key for key in self._layout.keys if key is not None])

    def _asdict(self) -> dict[str, Any]:
        """Make a dictionary of the row."""
        return dict(self._mapping)

    def _tuple(self) -> tuple[*_Ts]:
        """Give the row itself; it is a tuple already."""
        warn_deprecated(_UNPACKS.format("_tuple() method"), "2.1.0")
        return self

    @property
    def _t(self) -> tuple[*_Ts]:
        """Give the row itself; it is a tuple already."""
        warn_deprecated(_UNPACKS.format("_t attribute"), "2.1.0")
        return self

    def tuple(self) -> Row[*_Ts]:
        """Give the row itself; use ``_tuple()``, which no column name can hide."""
        warn_deprecated(
            "The Row.tuple() method is deprecated in favor of Row._tuple(); all Row methods and "
            "library-level "
            "attributes are intended to be underscored to avoid name conflicts.  Please use Row._tuple().",
            "2.0.19",
        )
        return self

    @property
    def t(self) -> Row[*_Ts]:
        """Give the row itself; use ``_t``, which no column name can hide."""
        warn_deprecated(
            "The Row.t attribute is deprecated in favor of Row._t; all Row methods and library-level "
            "attributes are "
            "intended to be underscored to avoid name conflicts.  Please use Row._t.",
            "2.0.19",
        )
        return self

    @property
    def _data(self) -> _Plain:
        plain: Any = self
        return _Plain(plain)

    def __getattr__(self, name: str) -> Any:
        # reached only when the class has no such attribute
        raise AttributeError(f"Could not locate column in row for column '{name}'")

    def __reduce__(self) -> Any:
        return self._layout.rebuild_row, (self._layout.keys, self._data)

    def __repr__(self) -> str:
        return repr(self._data)

    __str__ = __repr__


class _Ambiguous:
    """Raise for a name that several columns share."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        raise_ambiguous(self.name)

    def __set__(self, row: Any, value: Any) -> None:
        raise AttributeError("can't set attribute")


def raise_ambiguous(name: str) -> NoReturn:
    """Refuse to choose between columns of one name."""
    raise exc.InvalidRequestError(f"Ambiguous column name '{name}' in result set column descriptions")


_OURS = frozenset(name for name in dir(Row) if name.startswith("_"))


def row_class(layout: Layout) -> type[Row[Any]]:
    """
    Make the row class of *layout*.

    Cost: about 8 µs, once per plan.
    """
    names: dict[str, Any] = {
        "__slots__": (),
        "_layout": layout,
        "__module__": Row.__module__,
        "__qualname__": "Row",
    }
    for name, index in layout.index.items():
        if name not in _OURS:
            names[name] = _Ambiguous(name) if index is None else _tuplegetter(index, None)
    return type("Row", (Row,), names)


class RowMapping(Mapping[Any, Any]):
    """
    A row read by key: column name, or Column object.
    """

    __slots__ = ("_layout", "_row")

    def __init__(self, layout: Layout, row: tuple[Any, ...]) -> None:
        self._layout = layout
        self._row = row

    def __getitem__(self, key: Any) -> Any:
        return self._row[self._layout.index_of_key(key)]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._layout.keys if key is not None)

    def __len__(self) -> int:
        return len(self._row)

    def __contains__(self, key: Any) -> bool:
        return self._layout.has_key(key)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        raise TypeError("'RowMapping' object does not support item assignment")

    def __reduce__(self) -> Any:
        return self._layout.rebuild_mapping, (self._layout.keys, tuple(self._row))

    def __eq__(self, other: Any) -> bool:
        return dict(self) == (dict(other) if isinstance(other, RowMapping) else other)

    def __hash__(self) -> int:
        return hash(tuple(self._row))

    def keys(self) -> RMKeyView:
        """List the column names."""
        return RMKeyView(self._layout)

    def values(self) -> ROMappingKeysValuesView:
        """List the values."""
        return ROMappingKeysValuesView(self)

    def items(self) -> ROMappingItemsView:
        """List names and values, a name used twice twice."""
        return ROMappingItemsView(self)


class RMKeyView(KeysView[Any]):
    """
    The column names of a result or a row.
    """

    __slots__ = ("_layout",)

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[str]:
        # an item may have no name: an ORM alias that was given none
        return (key for key in self._layout.keys if key is not None)

    def __contains__(self, item: Any) -> bool:
        if isinstance(item, int):
            return False
        return self._layout.has_key(item)

    def __eq__(self, other: Any) -> bool:
        return list(other) == list(self)

    def __ne__(self, other: Any) -> bool:
        return list(other) != list(self)

    __hash__ = None  # type: ignore[assignment]  # compares by content

    def __repr__(self) -> str:
        return f"RMKeyView({list(self)!r})"


class ROMappingKeysValuesView(ValuesView[Any]):
    """
    The values of a row mapping, in column order.
    """

    __slots__ = ("_mapping",)

    def __init__(self, mapping: RowMapping) -> None:
        self._mapping = mapping

    def __len__(self) -> int:
        return len(self._mapping)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._mapping._row)

    def __contains__(self, value: Any) -> bool:
        return value in self._mapping._row

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._mapping!r})"


class ROMappingItemsView(ItemsView[Any, Any]):
    """
    Names and values of a row mapping, in column order.
    """

    __slots__ = ("_mapping",)

    def __init__(self, mapping: RowMapping) -> None:
        self._mapping = mapping

    def __len__(self) -> int:
        return len(self._mapping)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(zip(self._mapping._layout.keys, self._mapping._row, strict=True))

    def __contains__(self, item: Any) -> bool:
        return any(item == pair for pair in self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._mapping!r})"
