"""
Pickles of ORM statements: they mean what is mapped in the process that reads them.

A statement over mapped classes is pickled by itself, within the pickle that it
was met in, by a pickler that knows what is mapped.  Loaded again, it is a
statement over the classes, tables and columns of that process, and a session there runs it.

Rule 1: A mapped class goes by its import path; its mapper, properties and attributes by the class.
Rule 2: A table goes by a class and its key, if it is mapped or in a `MetaData` with mapped
    tables; so do columns, and types that hold more than plain values.  All else goes by value.
Rule 3: Aliased classes, subqueries and other named FROM elements stay one object in
    everything that the whole pickle has: they are handed to the pickler around ours.
Rule 4: What cannot be found by its import path ends the pickling: nothing is left out.
"""

from __future__ import annotations

import io
import pickle
import re
import types
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

from relvar.expr.annotate import _of_entity
from relvar.expr.column import ColumnClause
from relvar.expr.deepcopy import KEPT, deeply_copied
from relvar.expr.element import REPETITIONS, ClauseElement, ColumnElement
from relvar.expr.names import _anonymous_label
from relvar.expr.node import Pickled
from relvar.orm.mapping.mapped_tables import MappedTables, has, has_columns, is_local, table_of
from relvar.orm.mapping.mapper import mapper_of_pickled
from relvar.relation.alias import AliasedReturnsRows
from relvar.relation.from_ import FromClause
from relvar.schema.metadata import MetaData
from relvar.schema.table import Table
from relvar.types.base import TypeEngine
from relvar.util.pattern import pattern

__all__ = ["ReferencePickler", "ReferenceUnpickler", "deepcopy", "reduce"]

# -- writing ---------------------------------------------------------------------------------


class ReferencePickler(pickle.Pickler):
    """
    Writes mapped tables and what belongs to them as references.

    ``kinds``: classes, and the method that returns the reference of such an object.
    The first that fits is asked.

    Args:
        protocol: 2 at least: older ones have no room for references; less is taken as 2.
    """

    kinds: ClassVar[tuple[tuple[type[Any], str], ...]] = (
        (Table, "reference_of_table"),
        (ColumnClause, "reference_of_column"),
        (MetaData, "_reference_of_metadata"),
        (TypeEngine, "_reference_of_type"),
        (FromClause, "_reference_of_selectable"),
        (ClauseElement, "_reference_of_expression"),
        (_anonymous_label, "_reference_of_name"),
    )
    _methods: ClassVar[weakref.WeakKeyDictionary[type[Any], str | None]] = weakref.WeakKeyDictionary()

    def __init_subclass__(cls) -> None:
        cls._methods = weakref.WeakKeyDictionary()

    def __init__(self, file: Any, protocol: int | None = None, **kw: Any) -> None:
        protocol = pickle.DEFAULT_PROTOCOL if protocol is None else protocol
        self._protocol = pickle.HIGHEST_PROTOCOL if protocol < 0 else max(protocol, 2)
        super().__init__(file, self._protocol, **kw)
        self.mapped: MappedTables = MappedTables()
        self._references: dict[int, tuple[Any, Any]] = {}
        # the numbers in anonymous names of what is referred to -> (element, which of its numbers)
        self._numbers: dict[int, tuple[Any, int]] = {}
        # mappers and FROM elements that were met: selected as a whole, their columns show in names only
        self._wholes: list[Any] = []

    def reference_of_table(self, table: Any) -> Any:
        """
        Return the reference of a table; None: it goes by value.
        """
        return self.mapped.table(table)

    def reference_of_column(self, column: Any) -> Any:
        """
        Return the reference of a column; None: it goes by value.
        """
        source = column.table
        if not isinstance(source, FromClause) or source._is_annotated:
            return None
        reference = self.persistent_id(source)
        if reference is None:
            return None
        if has(source, column):
            return "column", reference, column.key
        places = enumerate(_columns_of(source))
        return next((("column at", reference, place) for place, found in places if found is column), None)

    def persistent_id(self, obj: Any) -> Any:
        """
        Return what is written in place of an object that the program has when it reads; None for others.
        """
        cls = type(obj)
        try:
            method = self._methods[cls]
        except KeyError:
            method = self._methods[cls] = self._method_for(cls)
        if method is None:
            return None
        known = self._references.get(id(obj))
        if known is None:
            known = self._references[id(obj)] = (getattr(self, method)(obj), obj)
            if known[0] is None:
                return None
            if isinstance(obj, ColumnElement):
                self._note_numbers(obj)
            elif isinstance(obj, FromClause):
                self._wholes.append(obj)
        return known[0]

    def _note_numbers(self, element: Any) -> None:
        for position, number in enumerate(_numbers_of(element)):
            self._numbers.setdefault(number, (element, position))

    def _note_entity(self, element: Any) -> None:
        """
        Take note of a mapped column, or of what an entity is selected from.
        """
        if isinstance(element, ColumnElement):
            self._note_numbers(element)
        else:
            entity = element._annotations["parententity"]
            self._wholes += [entity.mapper, *entity.with_polymorphic_mappers]

    def _note_columns_of_wholes(self) -> None:
        wholes, self._wholes = self._wholes, []
        for whole in wholes:
            for column in _columns_of(whole):
                if self.persistent_id(column) is not None:
                    self._note_numbers(column)

    def _reference_of_name(self, name: Any) -> Any:
        """
        Return the reference of a name made from the numbers of what is referred to: others there have others.
        """
        numbers = _numbers_in(name)
        if self._wholes and any(number not in self._numbers for number in numbers):
            self._note_columns_of_wholes()
        known = [(number, *self._numbers[number]) for number in numbers if number in self._numbers]
        return ("name", str(name), name.quote, tuple(known)) if known else None

    @classmethod
    def _method_for(cls, kind: type[Any]) -> str | None:
        if getattr(kind, "_is_annotated", False):
            return None
        return next((method for base, method in cls.kinds if issubclass(kind, base)), None)

    def _reference_of_metadata(self, metadata: Any) -> Any:
        return self.mapped.metadata(metadata)

    def _reference_of_type(self, type_: Any) -> Any:
        return self.mapped.type(type_)

    def _reference_of_selectable(self, element: Any) -> Any:
        return self.mapped.selectable(element)

    def _reference_of_expression(self, element: Any) -> Any:
        return self.mapped.expression(element)

    def reducer_override(self, obj: Any) -> Any:
        """
        Return how an object is pickled; refuse classes and functions that could not be found again.
        """
        plainly = getattr(type(obj), "_reduce_plainly", None)
        if plainly is not None:
            reduced = plainly(obj, self._protocol)
            if reduced[0] is _of_entity:
                self._note_entity(obj)
            return reduced
        if isinstance(obj, (type, types.FunctionType)) and is_local(obj):
            what = "class" if isinstance(obj, type) else "function"
            raise pickle.PicklingError(
                f"the {what} {obj.__qualname__} of module {obj.__module__} has no name in the module, by "
                f"which the process that reads the pickle could find it; define the {what} at the module's "
                "top level"
            )
        return NotImplemented


_NUMBER = pattern(r"(?<=%\()-?\d+(?= )")
"A number in a template of an anonymous name."


def _numbers_in(name: str) -> list[int]:
    """
    Return the numbers of the elements that an anonymous name is made from.
    """
    return [_split(int(found))[0] for found in _NUMBER.findall(name)]


def _split(number: int) -> tuple[int, int | None]:
    """
    Return the number of an element, and for that of a repetition which it is.
    """
    return (number, None) if number >= 0 else divmod(-number, REPETITIONS)


def _numbers_of(element: Any) -> list[int]:
    """
    Return the numbers of which an element's anonymous names are made: as many for the same element elsewhere.
    """
    found = [element._anon_serial]
    if isinstance(element.__dict__.get("name"), _anonymous_label):
        found += _numbers_in(element.name)
    wrapped = element._wraps
    return found + _numbers_of(wrapped) if isinstance(wrapped, ColumnElement) else found


def _columns_of(whole: Any) -> list[Any]:
    """
    Return the columns of a mapper or a FROM element, as far as there are any by now.
    """
    if isinstance(whole, FromClause):
        return [column for _key, column in whole._columns._collection] if has_columns(whole) else []
    return [column for prop in whole.column_attrs for column in prop.columns]


class _UnitPickler(ReferencePickler):
    """
    Writes one element; what others may have as well is handed to the pickler around.
    """

    kinds = (
        (AliasedReturnsRows, "_share_from"),
        *ReferencePickler.kinds,
        # what is no element but pickled as such: aliases of classes
        (Pickled, "_share"),
    )

    def __init__(self, file: Any, protocol: int, root: Any) -> None:
        super().__init__(file, protocol)
        self.shared: list[Any] = []
        self._root = root

    def _share(self, obj: Any) -> Any:
        if obj is self._root:
            return None
        self.shared.append(obj)
        return "shared", len(self.shared) - 1

    def _share_from(self, element: Any) -> Any:
        reference = self.mapped.selectable(element)
        return reference or (None if element is self._root else self._share(_share_of(element)))


class _Share:
    """
    Stands for a named FROM element in the pickle around statements, as long as that is written.
    """

    __slots__ = ("__weakref__", "element")

    def __init__(self, element: Any) -> None:
        self.element = element

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _written(self.element, protocol)


_shares: weakref.WeakValueDictionary[int, _Share] = weakref.WeakValueDictionary()


def _share_of(element: Any) -> _Share:
    # the share has the element, so the number is nobody else's while it is there
    share = _shares.get(id(element))
    if share is None:
        share = _shares[id(element)] = _Share(element)
    return share


def reduce(obj: Any, protocol: int) -> Any:
    """
    Return what is pickled of a statement, an expression, a FROM element or an alias.

    Returns:
        What ``__reduce_ex__`` returns.

    Raises:
        PicklingError: Something in it cannot be found by another process, or cannot be pickled.
    """
    if isinstance(obj, AliasedReturnsRows) and not obj._is_annotated:
        return _same, (_share_of(obj),)
    return _written(obj, protocol)


def _written(obj: Any, protocol: int) -> Any:
    file = io.BytesIO()
    pickler = _UnitPickler(file, protocol, obj)
    try:
        pickler.dump(obj)
    except (pickle.PicklingError, AttributeError, TypeError) as err:
        raise pickle.PicklingError(f"Can't pickle this {type(obj).__name__}: {err}") from err
    return _read, (file.getvalue(), pickler.shared)


def _same(obj: Any) -> Any:
    return obj


# -- reading ---------------------------------------------------------------------------------


class ReferenceUnpickler(pickle.Unpickler):
    """
    Finds what references of a `ReferencePickler` mean in this process.

    Subclasses add to `finders`.
    """

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.finders: dict[str, Callable[..., Any]] = {
            "mapped table": self._mapped_table,
            "table": self._table,
            "selectable": self._selectable,
            "metadata": self._metadata,
            "column": self._column,
            "column at": self._column_at,
            "type": self._type,
            "expression": _expression,
            "name": _name,
        }

    def persistent_load(self, pid: Any) -> Any:
        """
        Return the object of the program for what stands in its place.
        """
        kind, *facts = pid
        return self.finders[kind](*facts)

    def _mapped_table(self, class_: Any, key: str) -> Any:
        mapper = mapper_of_pickled(class_)
        table = table_of(mapper, key)
        if table is None:
            names = ", ".join(repr(each.key) for each in mapper.tables)
            raise pickle.UnpicklingError(
                f"The pickle has table {key!r} of {mapper}, which is mapped to {names} here"
            )
        return table

    def _table(self, class_: Any, key: str) -> Any:
        table = self._metadata(class_).tables.get(key)
        if table is None:
            raise pickle.UnpicklingError(
                f"The pickle has a table {key!r} that is not in the MetaData of {mapper_of_pickled(class_)} "
                "here; import the module that defines the table first"
            )
        return table

    def _metadata(self, class_: Any) -> Any:
        return mapper_of_pickled(class_).tables[0].metadata

    def _selectable(self, class_: Any) -> Any:
        return mapper_of_pickled(class_).local_table

    def _column(self, source: Any, key: str) -> Any:
        source = self.persistent_load(source)
        column = source.c.get(key)
        if column is None:
            raise pickle.UnpicklingError(
                f"The pickle has column {key!r} of {source.description!r}, which has no such column here"
            )
        return column

    def _column_at(self, source: Any, position: int) -> Any:
        return _columns_of(self.persistent_load(source))[position]

    def _type(self, column: Any) -> Any:
        return self.persistent_load(column).type


class _UnitUnpickler(ReferenceUnpickler):
    def __init__(self, data: bytes, shared: list[Any]) -> None:
        super().__init__(io.BytesIO(data))
        self.finders["shared"] = shared.__getitem__


def _expression(prop: Any, position: int) -> Any:
    return prop.columns[position]


def _name(text: str, quote: bool | None, known: tuple[tuple[int, Any, int], ...]) -> Any:
    numbers = {number: _numbers_of(element)[position] for number, element, position in known}

    def number_here(match: re.Match[str]) -> str:
        number, repetition = _split(int(match[0]))
        number = numbers.get(number, number)
        return str(number if repetition is None else -(number * REPETITIONS + repetition))

    return _anonymous_label(_NUMBER.sub(number_here, text), quote)


def _read(data: bytes, shared: list[Any]) -> Any:
    return _UnitUnpickler(data, shared).load()


# -- copying ---------------------------------------------------------------------------------


def deepcopy(obj: Any, memo: dict[Any, Any]) -> Any:
    """
    Return a deep copy of a statement, an expression, a FROM element or an alias.

    Mapped tables and their columns stay themselves.
    """
    if KEPT in memo:
        return deeply_copied(obj, memo)
    memo[KEPT] = MappedTables().__contains__
    try:
        return deeply_copied(obj, memo)
    finally:
        del memo[KEPT]
