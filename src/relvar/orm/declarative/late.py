"""
Attributes that come to a mapped class after it was mapped.
"""

from __future__ import annotations

from typing import Any

from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.descriptors import synonym
from relvar.orm.mapping.interfaces import MapperProperty
from relvar.schema import Column

__all__ = ["add_attribute", "remove_attribute"]


def add_attribute(cls: type[Any], key: str, value: Any) -> None:
    """
    Set an attribute of a mapped class; map it if it is a column, property or relationship.
    """
    mapper = cls.__dict__.get("__mapper__")
    if mapper is None:
        type.__setattr__(cls, key, value)
    elif isinstance(value, Column):
        _add_column(cls, key, value)
        mapper.add_property(key, value)
    elif isinstance(value, MappedColumn):
        _add_column(cls, key, value.column)
        mapper.add_property(key, value)
    elif isinstance(value, MapperProperty):
        for column, _ in getattr(value, "columns_to_assign", ()):
            _add_column(cls, key, column)
        mapper.add_property(key, value)
    elif isinstance(value, QueryableAttribute) and value.key != key:
        mapper.add_property(key, synonym(value.key))
    else:
        type.__setattr__(cls, key, value)
        mapper._forget_memoized()


def _add_column(cls: type[Any], key: str, column: Column[Any]) -> None:
    if column.key is None:
        column.key = key
    if column.name is None:
        column.name = key
    if column.table is None:
        table: Any = cls.__table__
        table.append_column(column, replace_existing=True)
        cls.__mapper__._columns_added()


def remove_attribute(cls: type[Any], key: str) -> None:
    """
    Delete an attribute of a mapped class.

    Raises:
        NotImplementedError: It is a mapped one.
    """
    if key in cls.__dict__ and "__mapper__" in cls.__dict__:
        manager: Any = cls._sa_class_manager
        if key in manager.attributes:
            raise NotImplementedError("Can't un-map individual mapped attributes on a mapped class.")
    type.__delattr__(cls, key)
