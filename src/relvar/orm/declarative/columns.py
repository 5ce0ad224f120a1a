"""
Columns of a declarative class: what an annotation adds to a ``mapped_column()``.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any, ForwardRef, Literal, get_args, get_origin

from relvar import exc
from relvar.orm.declarative import annotations as reading
from relvar.orm.declarative.typemap import TypeResolve
from relvar.orm.exc import MappedAnnotationError
from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.interfaces import NO_ARG, Unmapped
from relvar.orm.mapping.mapped_column import mapped_column
from relvar.schema import Column
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan
    from relvar.orm.mapping.composite import CompositeProperty

__all__ = [
    "apply_annotation",
    "apply_composite",
    "existing_column",
    "is_unmapped",
    "new_mapped_column",
    "preset_in",
    "refuse_dataclass_arguments",
]


def new_mapped_column(name: str | None = None) -> MappedColumn[Any]:
    """
    Return an empty ``mapped_column()``, as an annotation alone stands for.
    """
    return mapped_column() if name is None else mapped_column(name)


def preset_in(read: reading.MappedAnnotation) -> Any:
    """
    Return a copy of the ``mapped_column()`` (or relationship) that an ``Annotated`` type brings along, or
    None.
    """
    inner, _ = reading.split_optional(read.inner)
    if get_origin(inner) is typing.Annotated:
        for item in get_args(inner)[1:]:
            if isinstance(item, MappedColumn):
                return new_mapped_column()
            if hasattr(item, "_is_relationship"):
                raise NotImplementedError(
                    f"Use of the {type(item)} construct inside an Annotated object is not yet supported."
                )
    return None


def refuse_dataclass_arguments(scan: DeclarativeScan, name: str, value: Any) -> None:
    """
    Raise when an attribute of a class that is no dataclass says how its field is to be.
    """
    given = value.attribute_options.field_arguments() if value.has_dataclass_arguments else {}
    if isinstance(value, MappedColumn):
        given.pop("default", None)  # of a column it is the default of the column, too
    if given:
        raise exc.ArgumentError(
            f"Attribute '{name}' on class {scan.cls} includes dataclasses argument(s): "
            f"{', '.join(map(repr, given))} but class does not specify SQLAlchemy native dataclass "
            "configuration."
        )


def is_unmapped(scan: DeclarativeScan, annotation: Any) -> bool:
    """
    Tell whether an annotation is ``Unmapped[...]``.
    """
    read = reading.read_annotation(annotation[0], scan.cls, annotation[1])
    return read is not None and read.container is Unmapped


def existing_column(scan: DeclarativeScan, name: str, column: Column[Any]) -> Column[Any] | None:
    """
    Return the superclass's column that ``use_existing_column`` means.
    """
    if scan.tablename is not None and "__tablename__" in scan.cls.__dict__:
        return None
    table = scan.parent.local_table
    found: Column[Any] | None = table.c.get(column.name or name)
    return found


def apply_annotation(scan: DeclarativeScan, name: str, value: MappedColumn[Any], annotation: Any) -> None:
    """
    Complete a column by its annotation: name, type, nullability, presets.

    Raises:
        ArgumentError: There is neither annotation nor type.
        MappedAnnotationError: The annotation has no SQL type.
    """
    column = value.column
    if annotation is None:
        if column.type._isnull and not column.foreign_keys and column.computed is None:
            raise exc.ArgumentError(
                f'Python typing annotation is required for attribute "{scan.cls.__name__}.{name}" when '
                'primary argument(s) for "MappedColumn" construct are None or not present'
            )
        return
    read = reading.read_annotation(annotation[0], scan.cls, annotation[1])
    if read is None:
        return
    told = TypeResolve(scan.registry, scan.cls, name, read.inner)
    preset = next((item for item in told.presets if isinstance(item, MappedColumn)), None)
    if preset is not None:
        _merge_preset(value, preset)
        column = value.column
    if not value.has_nullable:
        column.nullable = told.is_optional
    if column.name is None and column.key is None:
        column.key = column.name = name
    # without a type, a column with foreign keys takes that of the column it refers to
    if column.type._isnull and not column.foreign_keys:
        if read.inner is type(None):
            column.nullable = True
            return
        _require_resolved(scan, name, read)
        _set_type(column, told.sql_type())


def _set_type(column: Column[Any], type_: Any) -> None:
    # merging also ties a schema type (an Enum) to the column
    Column(type_)._merge(column)


def _require_resolved(scan: DeclarativeScan, name: str, read: reading.MappedAnnotation) -> None:
    inner, _ = reading.split_optional(read.inner)
    parts = () if get_origin(inner) is Literal else get_args(inner)
    # of what Annotated has, strings are no references
    unknown = [
        reading.reference_name(each)
        for each in (inner, *parts)
        if isinstance(each, (reading.Name, ForwardRef))
    ]
    if unknown:
        raise MappedAnnotationError(
            f'Could not resolve all types within mapped annotation: "{read.raw}".  Ensure all types are '
            f"written correctly and are imported within the module in use.  {scan.cls.__name__}.{name}: "
            f"{', '.join(map(repr, unknown))} is not known in module {scan.cls.__module__}."
        )


def _merge_preset(value: MappedColumn[Any], preset: MappedColumn[Any]) -> None:
    """Let a column take over what a preset says and itself leaves open."""
    if preset.column.name is not None:
        warn_deprecated(
            "Can't use the 'key' or 'name' arguments in Annotated with mapped_column(); this will be ignored",
            "2.0.22",
        )
        preset = preset.copy()
        preset.column.name = preset.column.key = None  # type: ignore[assignment]  # not named yet
    preset.column._merge(value.column)
    if preset.has_nullable and not value.has_nullable:
        value.has_nullable = True
    if preset.has_insert_default and not value.has_insert_default:
        value.has_insert_default = True
    if preset.has_sort_order and not value.has_sort_order:
        value.sort_order = preset.sort_order
        value.has_sort_order = True
    if preset.deferred and not value.deferred:
        value.deferred = True
        value.deferred_group = preset.deferred_group
        value.deferred_raiseload = preset.deferred_raiseload
        value.lazy = preset.lazy
    value.active_history = value.active_history or preset.active_history
    value.use_existing_column = value.use_existing_column or preset.use_existing_column
    given = preset.attribute_options.field_arguments()
    if given.keys() - {"default"}:
        # a default alone is that of the column
        for field_name in given:
            name = "dataclass_metadata" if field_name == "metadata" else field_name
            warn_deprecated(
                f"Argument '{name}' is a dataclass argument and cannot be specified within a mapped_column() "
                "bundled inside of an Annotated object",
                "2.0",
            )


def _all_none(*values: Any) -> bool:
    return all(value is None for value in values)


def apply_composite(scan: DeclarativeScan, name: str, prop: CompositeProperty, annotation: Any) -> None:
    """
    Complete a composite by its annotation: the class, and columns for the class's own arguments.
    """
    if annotation is not None and prop.composite_class is None:
        read = reading.read_annotation(annotation[0], scan.cls, annotation[1])
        if read is not None:
            inner, is_optional = reading.split_optional(read.inner)
            prop.composite_class = inner
            if is_optional and prop.return_none_on is NO_ARG:
                prop.return_none_on = _all_none
    _give_composite_columns(scan, name, prop)
    if prop.composite_class is None:
        raise exc.ArgumentError(
            f'Python typing annotation is required for attribute "{scan.cls.__name__}.{name}" when primary '
            'argument(s) for "Composite" construct are None or not present'
        )


def _give_composite_columns(scan: DeclarativeScan, name: str, prop: CompositeProperty) -> None:
    cls = prop.composite_class
    fields = _constructor_annotations(cls)
    attrs = list(prop.attrs)
    if fields and len(attrs) > len(fields):
        raise exc.ArgumentError(
            f"number of composite attributes {len(attrs)} exceeds that of the number of attributes in class "
            f"{cls.__name__} {len(fields)}"
        )
    attrs += [new_mapped_column(prop.column_name(field)) for field, _ in fields[len(attrs) :]]
    for position, attr in enumerate(attrs):
        # a column that is an attribute by itself has its own annotation
        if isinstance(attr, MappedColumn) and not any(attr is known for known in scan.attributes.values()):
            field = fields[position] if position < len(fields) else None
            if attr.column.name is None and field is not None:
                attr.column.name = attr.column.key = field[0]
            if field is not None and (attr.column.type._isnull or not attr.has_nullable):
                inner, is_optional = reading.split_optional(
                    reading.resolve(field[1], scan.cls, cls.__module__)
                )
                if not attr.has_nullable:
                    attr.column.nullable = is_optional
            if field is not None and attr.column.type._isnull:
                _set_type(attr.column, TypeResolve(scan.registry, scan.cls, name, inner).sql_type())
    prop.attrs = tuple(attrs)


def _constructor_annotations(cls: Any) -> list[tuple[str, Any]]:
    if cls is None:
        return []
    fields = getattr(cls, "__dataclass_fields__", None)
    if fields is not None:
        return [(f.name, f.type) for f in fields.values() if f.init]
    init = getattr(cls, "__init__", None)
    annotations = getattr(init, "__annotations__", {})
    return [(k, v) for k, v in annotations.items() if k != "return"]
