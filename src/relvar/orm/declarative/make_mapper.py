"""
Make the mapper of a declarative class that was read: which columns its arguments mean, what it inherits from.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.schema import Column

__all__ = ["make_mapper"]


def make_mapper(scan: Any, table: Any) -> None:
    """
    Map a class that was read to its table.

    Raises:
        InvalidRequestError: ``inherits`` names a class that is no superclass.
    """
    arguments = _arguments(scan)
    if "inherits" in arguments:
        named = getattr(arguments["inherits"], "class_", arguments["inherits"])
        if not (isinstance(named, type) and issubclass(scan.cls, named)):
            raise exc.InvalidRequestError(
                f"mapper inherits argument given for non-inheriting class {named!r}; class "
                f"{scan.cls.__name__} has to be a subclass of it in Python, too"
            )
    elif scan.parent is not None:
        arguments["inherits"] = scan.parent
    properties = {
        name: prop
        for name, prop in scan.properties.items()
        # what is in the table under that name needs no mention; a column that a subclass adds to its
        # superclass's table does
        if not (isinstance(prop, Column) and prop.key == name and prop.table is table)
    }
    explicit = arguments.pop("properties", None)
    if explicit:
        properties.update(explicit)
    mapper_class = getattr(scan.cls, "__mapper_cls__", None)
    try:
        mapper = scan.registry._map(scan.cls, table, {"properties": properties, **arguments}, mapper_class)
    except TypeError as error:
        if "unexpected keyword argument" in str(error):
            error.args = (f"{error}  (in __mapper_args__ of class {scan.cls.__name__})",)
        raise
    if mapper.exclude_properties is not None or mapper.include_properties is not None:
        from relvar.orm.declarative.complaints import warn_of_excluded  # few mappings need it

        warn_of_excluded(scan, mapper)
    if scan.field_defaults:
        from relvar.orm.declarative.dataclass import set_defaults  # as above

        set_defaults(mapper, scan.field_defaults)


def _arguments(scan: Any) -> dict[str, Any]:
    arguments = dict(scan.mapper_args)
    for key in ("version_id_col", "polymorphic_on"):
        value = arguments.get(key)
        if isinstance(value, MappedColumn):
            arguments[key] = _own_copy(scan, value.column)
        elif isinstance(value, Column):
            arguments[key] = _own_copy(scan, value)
    if "primary_key" in arguments:
        arguments["primary_key"] = [
            _own_copy(scan, c.column if isinstance(c, MappedColumn) else _named_column(scan, c))
            for c in arguments["primary_key"]
        ]
    for key in ("include_properties", "exclude_properties"):
        if key in arguments:
            arguments[key] = [
                item.column if isinstance(item, MappedColumn) else item for item in arguments[key]
            ]
    return arguments


def _named_column(scan: Any, given: Any) -> Any:
    if isinstance(given, str):
        prop = scan.properties.get(given)
        if prop is None:
            # of a table that the class was given
            return given
        return prop.columns[0] if isinstance(prop, ColumnProperty) else prop
    return given


def _own_copy(scan: Any, column: Column[Any]) -> Any:
    """Return the copy that this class has of a mixin's column."""
    if isinstance(column, str):
        return column
    if column.table is None and column not in scan.columns:
        for mine in scan.columns:
            if mine.name == column.name or mine.key == column.key:
                return mine
    return column
