"""
What the arguments of a mapper may be given as, and what each stands for.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.interfaces import MapperProperty
from relvar.orm.mapping.traverse import deannotated

__all__ = ["as_column", "as_list", "as_mapper", "as_property", "as_selectable"]


def as_list(given: Any) -> list[Any] | None:
    """
    Return one column, or several, as a list.
    """
    if given is None:
        return None
    return list(given) if isinstance(given, (list, tuple, set, frozenset)) else [given]


def as_column(given: Any) -> Any:
    """
    Return the column of a table that is given as such, as an attribute or as a declaration.
    """
    if given is None:
        return None
    if isinstance(given, MappedColumn):
        return given.column
    if isinstance(given, str):
        raise exc.ArgumentError(
            f"version_id_col takes a column, not a name: got {given!r}; in __mapper_args__ name "
            "the column that the class body has under that name, without quotes"
        )
    element = given.__clause_element__() if hasattr(given, "__clause_element__") else given
    return element.column if isinstance(element, MappedColumn) else deannotated(element)


def as_property(given: Any) -> Any:
    """
    Return a property, or the one that a column, several of them or an expression stand for.
    """
    if isinstance(given, MapperProperty):
        return given
    if isinstance(given, MappedColumn):
        prop = given.mapper_property_to_assign
        return prop if prop is not None else ColumnProperty(given.column)
    # several columns under one name: those that a join equates
    return ColumnProperty(*given) if isinstance(given, (list, tuple)) and given else ColumnProperty(given)


def as_selectable(table: Any) -> Any:
    """
    Return what a class is to be mapped to.

    Raises:
        ArgumentError: It has no columns and key.
    """
    if table is None or hasattr(table, "primary_key"):
        return table
    more = ""
    if getattr(table, "_is_select_base", False):
        more = f" To create a FROM clause from a {type(table)} object, use the .subquery() method."
    raise exc.ArgumentError(
        "FROM expression, such as a Table or alias() object expected for argument 'local_table'; got "
        f"{table!r}.{more}"
    )


def as_mapper(inherits: Any) -> Any:
    """
    Return the mapper of a class that another inherits from, or a mapper as it is.

    Raises:
        ArgumentError: The class is not mapped.
    """
    if inherits is None or getattr(inherits, "is_mapper", False):
        return inherits
    manager = inherits.__dict__.get("_sa_class_manager")
    if manager is None or manager.mapper is None:
        raise exc.ArgumentError(f"Class {inherits!r} is not mapped")
    return manager.mapper
