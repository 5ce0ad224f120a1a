"""
Attributes that come to a mapped class after it was mapped.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.descriptors import synonym
from relvar.orm.mapping.interfaces import MapperProperty
from relvar.schema import Column
from relvar.util.warning import warn_deprecated

__all__ = ["add_attribute", "remove_attribute"]


def add_attribute(cls: type[Any], key: str, value: Any) -> None:
    """
    Set an attribute of a mapped class; map it if it is a column, property or relationship.
    """
    mapper = cls.__dict__.get("__mapper__")
    if mapper is None:
        type.__setattr__(cls, key, value)
    elif isinstance(value, (Column, MappedColumn)):
        column = value.column if isinstance(value, MappedColumn) else value
        _check_replaced(mapper, key, column)
        _add_column(cls, key, column)
        mapper.add_property(key, value)
    elif isinstance(value, MapperProperty):
        if isinstance(value, ColumnProperty):
            _check_replaced(mapper, key, None)
        for column, _ in getattr(value, "columns_to_assign", ()):
            _add_column(cls, key, column)
        mapper.add_property(key, value)
    elif isinstance(value, QueryableAttribute) and value.key != key:
        mapper.add_property(key, synonym(value.key))
    else:
        type.__setattr__(cls, key, value)
        mapper._forget_memoized()


def _check_replaced(mapper: Any, key: str, column: Column[Any] | None) -> None:
    """
    Raise when a column would take the place of another one; warn when a property does.
    """
    known = mapper._props.get(key)
    if not isinstance(known, ColumnProperty) or known.parent is not mapper:
        return
    if column is not None and column not in known.columns:
        raise exc.InvalidRequestError(
            f"Implicitly combining column {known.columns[0]} with column "
            f"{mapper.local_table}.{column.name or key} under attribute '{key}'.  Please configure one or "
            "more attributes for these same-named columns explicitly."
        )
    warn_deprecated(
        f"User-placed attribute {mapper.class_.__name__}.{key} on {mapper} is replacing an existing "
        "ORM-mapped attribute.  Behavior is not fully defined in this case.  This use is deprecated and "
        "will raise an error in a future release",
        "2.0",
    )


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
