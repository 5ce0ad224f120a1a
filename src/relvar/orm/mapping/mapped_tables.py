"""
What is mapped in this process, and by which reference another process finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar.expr.column import ColumnClause
from relvar.expr.element import ClauseElement
from relvar.orm.mapping import configure
from relvar.relation.from_ import FromClause
from relvar.schema.metadata import MetaData
from relvar.schema.table import Table
from relvar.util.memoized import memoized_property

__all__ = ["MappedTables", "has", "has_columns", "is_local", "table_of"]

_PLAIN = (str, int, float, bool, bytes, type(None))


class MappedTables:
    """
    What is mapped in this process: tells how another process finds a table, a column, a type.
    """

    @memoized_property
    def _mappers(self) -> dict[Table, list[Any]]:
        found: dict[Table, list[Any]] = {}
        for mapper in _each_mapper():
            for table in mapper.tables:
                found.setdefault(table, []).append(mapper)
        return found

    @memoized_property
    def _selectables(self) -> dict[Any, Any]:
        """By what a class is mapped to that is no table: the mapper that it was made for."""
        found: dict[Any, Any] = {}
        for mapper in _each_mapper():
            if mapper.local_table is not None and not isinstance(mapper.local_table, Table):
                known = found.setdefault(mapper.local_table, mapper)
                if known.isa(mapper):
                    found[mapper.local_table] = mapper
        return found

    @memoized_property
    def _owners(self) -> dict[MetaData, Any]:
        """By collection of tables: the mapper by which it is found, the first by name."""
        found: dict[MetaData, Any] = {}
        for mappers in self._mappers.values():
            for mapper in mappers:
                # the first of a class's tables leads to the collection
                metadata = mapper.tables[0].metadata
                if metadata not in found or _named(mapper) < _named(found[metadata]):
                    found[metadata] = mapper
        return found

    @memoized_property
    def _types(self) -> dict[int, Any]:
        """The columns of mapped tables, by the number of their type."""
        # one type may be many columns': of those, one that other processes find
        tables = sorted(self._mappers, key=lambda table: not all(map(_is_nameless, self._mappers[table])))
        return {id(column.type): column for table in tables for column in table.columns}

    def table(self, table: Any) -> Any:
        """
        Return the reference of a table; None: it has nothing to do with a mapping.
        """
        mappers = self._mappers.get(table)
        if mappers is not None:
            mapper = min(mappers, key=lambda mapper: _remoteness(mapper, table))
            if table_of(mapper, table.key) is table:
                return "mapped table", mapper.class_, table.key
        class_ = self._class_in(table.metadata)
        if class_ is not None and table.metadata.tables.get(table.key) is table:
            return "table", class_, table.key
        return None

    def selectable(self, element: Any) -> Any:
        """
        Return the reference of a subquery, an alias or a join that a class is mapped to; None: it is no such.
        """
        mapper = self._selectables.get(element)
        return None if mapper is None else ("selectable", mapper.class_)

    def column(self, column: Any) -> Any:
        """
        Return the reference of a column of what is mapped; None: it is not in such a thing's columns.
        """
        source = column.table
        if not isinstance(source, FromClause) or source._is_annotated or not has(source, column):
            return None
        reference = self.table(source) if isinstance(source, Table) else self.selectable(source)
        return None if reference is None else ("column", reference, column.key)

    def expression(self, element: Any) -> Any:
        """
        Return the reference of what a `column_property` stands for; None: it is something else.
        """
        prop = element._pickled_as
        parent = getattr(prop, "parent", None)
        if parent is None or parent._props.get(prop.key) is not prop:
            return None
        # copies of the expression have the property too
        position = next((i for i, column in enumerate(prop.columns) if column is element), None)
        return None if position is None else ("expression", prop, position)

    def metadata(self, metadata: Any) -> Any:
        """
        Return the reference of a `MetaData`; None: no table in it is mapped.
        """
        class_ = self._class_in(metadata)
        return None if class_ is None else ("metadata", class_)

    def type(self, type_: Any) -> Any:
        """
        Return the reference of a type that is a mapped column's, unless its value is as good.
        """
        if all(isinstance(value, _PLAIN) for value in type_.__getstate__().values()) and not is_local(
            type(type_)
        ):
            return None
        column = self._types.get(id(type_))
        reference = None if column is None else self.column(column)
        if reference is None or is_local(reference[1][1]):
            return None
        return "type", reference

    def __contains__(self, element: Any) -> bool:
        if getattr(element, "_is_annotated", False):
            return False
        if isinstance(element, Table):
            return self.table(element) is not None
        if isinstance(element, ColumnClause):
            return self.column(element) is not None
        if isinstance(element, FromClause):
            return self.selectable(element) is not None
        return isinstance(element, ClauseElement) and self.expression(element) is not None

    def _class_in(self, metadata: Any) -> Any:
        owner = self._owners.get(metadata)
        return None if owner is None else owner.class_


def _each_mapper() -> Iterator[Any]:
    for registry in list(configure.registries or ()):
        yield from registry._each_mapper()


def _is_nameless(mapper: Any) -> bool:
    return is_local(mapper.class_)


def _remoteness(mapper: Any, table: Any) -> tuple[Any, ...]:
    """
    Order the mappers of one table: first the one that it was made for.
    """
    is_inherited = mapper.inherits is not None and table in mapper.inherits.tables
    return (is_inherited, mapper.local_table is not table, *_named(mapper))


def _named(mapper: Any) -> tuple[bool, str, str]:
    cls = mapper.class_
    return is_local(cls), cls.__module__, cls.__qualname__


def is_local(obj: Any) -> bool:
    return "<" in obj.__qualname__


def has(source: Any, column: Any) -> bool:
    """
    Tell whether a column is in the collection of its FROM element: if that was made, and under its own key.
    """
    return has_columns(source) and source.c.get(column.key) is column


def has_columns(source: Any) -> bool:
    # those of a subquery are made when they are first asked for
    known = source.__dict__
    return isinstance(source, Table) or "_collections" in known or "_early_columns" in known


def table_of(mapper: Any, key: str) -> Any:
    return next((table for table in mapper.tables if table.key == key), None)
