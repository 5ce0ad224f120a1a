"""
Read a declarative class: its columns, properties, table and mapper settings, and map it.

The class and its bases are read in method resolution order, nearest first.  A base is one of three things:
the class itself, a *mixin* (not mapped: what it declares is copied or called for this class), or a mapped
superclass (it is inherited from, only cascading ``declared_attr`` are looked at).
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from relvar import exc
from relvar.expr.element import ColumnElement
from relvar.orm.declarative import annotations as reading
from relvar.orm.declarative import columns as column_scan
from relvar.orm.declarative import relations as relation_scan
from relvar.orm.declarative.declared import (
    begin_scan,
    declared_attr_directive,
    end_scan,
    is_declared,
)
from relvar.orm.declarative.deferred import Pending, is_pending
from relvar.orm.declarative.table import make_table
from relvar.orm.exc import MappedAnnotationError
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.interfaces import MapperProperty, Unmapped
from relvar.orm.mapping.relationship import RelationshipProperty
from relvar.schema import Column, MetaData
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn, warn_deprecated

__all__ = ["map_class"]

# bases that declare nothing, beside object and its like: typing.Generic and our own
_OWN_MODULES = ("typing", "relvar.orm.declarative.bases", "relvar.inspection", "relvar._kernels")

_RESERVED = {"metadata": "MetaData instance", "registry": "Declarative class registry"}
_DIRECTIVES = ("__tablename__", "__table_args__", "__mapper_args__")
_NOT_ATTRIBUTES = frozenset(
    (
        "__table__",
        "__tablename__",
        "__table_args__",
        "__mapper_args__",
        "__mapper__",
        "__annotations__",
        "__slots__",
    )
)


def _declares_nothing(base: type[Any]) -> bool:
    # by object, not by module: what a program makes with exec() says "builtins" too
    return base.__module__.startswith(_OWN_MODULES) or vars(builtins).get(base.__name__) is base


def map_class(registry: Any, cls: type[Any]) -> None:
    """
    Map a declarative class; an abstract one is left alone.
    """
    if cls.__dict__.get("__abstract__", False):
        return
    put_off = getattr(cls, "_sa_put_off", None)
    if put_off is not None and put_off(registry):
        return
    begin_scan(cls)
    try:
        DeclarativeScan(registry, cls).map()
    finally:
        end_scan(cls)


class DeclarativeScan:
    """
    What was read from one class.

    ``attributes``: name -> declared thing, in order; ``columns``: those that go into the table, with their
    sort order.
    """

    def __init__(self, registry: Any, cls: type[Any]) -> None:
        self.registry = registry
        self.cls = cls
        self.own_names = frozenset(cls.__dict__)
        self.attributes: dict[str, Any] = {}
        self.annotations: dict[str, tuple[Any, str, type[Any]]] = {}
        self.declared: dict[str, Any] = {}
        self.columns: dict[Column[Any], int] = {}
        self.mixin_columns: dict[str, Column[Any]] = {}
        self.column_order: dict[Column[Any], int] = {}
        self.properties: dict[str, Any] = {}
        self.tablename: str | None = None
        self.table_args: Any = None
        self.mapper_args: dict[str, Any] = {}
        self.field_defaults: dict[str, Any] = {}
        self.metadata = self._find_metadata()
        self.parent = self._find_parent()
        self.allow_unmapped = bool(getattr(cls, "__allow_unmapped__", False))
        self.is_dataclass_transform = cls.__dict__.get("_sa_apply_dc_transforms") is not None

    @memoized_property
    def has_given_table(self) -> bool:
        """Whether ``__table__`` is in the class body, or a mix-in makes it."""
        return "__table__" in self.own_names or any(
            "__table__" in base.__dict__ for base in self._mixins(self.cls)
        )

    def leave_to_table(self, table: Any) -> None:
        """
        Let the columns of mix-ins be those of a table that was given, where it has them.
        """
        for name, column in self.mixin_columns.items():
            held = table.c.get(column.key)
            if held is not None and column in self.columns:
                del self.columns[column]
                self.properties[name] = held

    def _find_metadata(self) -> Any:
        found = getattr(self.cls, "metadata", None)
        return found if isinstance(found, MetaData) else self.registry.metadata

    def _find_parent(self) -> Any:
        for base in self.cls.__mro__[1:]:
            manager = base.__dict__.get("_sa_class_manager")
            if manager is not None and manager.mapper is not None:
                return manager.mapper
            if is_pending(base):
                return base.__dict__["_sa_pending"]
        return None

    # -- steps -----------------------------------------------------------------------------

    def map(self) -> None:
        """
        Read the class, make its table, map it.
        """
        self._read_bases()
        if self.is_dataclass_transform:
            from relvar.orm.declarative.dataclass import make_dataclass  # few mappings need it

            make_dataclass(self)
        if getattr(self.cls, "_sa_maps_on_prepare", None) is not None:
            self._read_properties()
            type.__setattr__(self.cls, "_sa_pending", Pending(self, make_table(self)))
            return
        # from here on the class may have an ``__init__`` of ours around its own
        manager = self.registry._prepare_class(self.cls)
        manager.is_declarative = True
        try:
            self._read_properties()
            table = make_table(self)
            self._map(table)
        except BaseException:
            manager.unregister()
            self.registry._managers.pop(manager, None)
            raise

    def map_to(self, table: Any) -> None:
        """
        Map a class that was read before.
        """
        self.parent = self._find_parent()
        self.registry._prepare_class(self.cls).is_declarative = True
        self._map(table)

    def map_to_union(self, union: Any, arguments: Mapping[str, Any]) -> Any:
        """
        Map an abstract class to the union of its subclasses' tables; return the mapper.

        What the class declares as columns are those of the union.
        """
        self._read_bases()
        self._read_properties()
        manager = self.registry._prepare_class(self.cls)
        manager.is_declarative = True
        for name, prop in list(self.properties.items()):
            column = prop.columns[0] if isinstance(prop, ColumnProperty) else prop
            if isinstance(column, Column):
                self.properties[name] = union.c[column.key]
        self.mapper_args = {**self.mapper_args, **arguments}
        self._map(union)
        return manager.mapper

    def _read_bases(self) -> None:
        for base in self.cls.__mro__:
            if _declares_nothing(base):
                continue
            is_mapped = base is not self.cls and (_is_mapped(base) or is_pending(base))
            is_local = base is self.cls
            names = list(_ordered_names(base))
            metadata_key = getattr(base, "__sa_dataclass_metadata_key__", None)
            if metadata_key is not None and "__dataclass_fields__" in base.__dict__:
                from relvar.orm.declarative.dataclass import declared_in_fields  # few mappings need it

                names = list(declared_in_fields(base, metadata_key, names))
            if not is_local and not is_mapped:
                self._copy_columns(base, names)
            for name, value, annotation in names:
                self._read_name(base, name, value, annotation, is_local, is_mapped)

    def _read_name(
        self, base: type[Any], name: str, value: Any, annotation: Any, is_local: bool, is_mapped: bool
    ) -> None:
        if name in _DIRECTIVES:
            self._read_directive(base, name, value, is_mapped)
            return
        if name in _NOT_ATTRIBUTES or (
            name.startswith("__") and name.endswith("__") and not is_declared(value)
        ):
            return
        if is_mapped:
            self._read_cascading(base, name, value)
            return
        if is_declared(value):
            self._read_declared_attr(base, name, value)
            return
        if name in _RESERVED and (is_local or value is not _NO_VALUE):
            self._warn_of_reserved_name(name, value)
        if name in self.declared or (not is_local and name in self.attributes):
            return
        if not is_local:
            self._read_mixin_value(base, name, value, annotation)
        elif value is not _NO_VALUE or not self._is_for_a_mixin(name, annotation):
            self._add(base, name, value, annotation)

    def _warn_of_reserved_name(self, name: str, value: Any) -> None:
        if not isinstance(value, (MetaData, type(self.registry))):
            warn(
                f"Attribute name '{name}' should be left reserved for the {_RESERVED[name]} when using a "
                "Declarative class."
            )

    def _read_directive(self, base: type[Any], name: str, value: Any, is_mapped: bool) -> None:
        if is_mapped and not (is_declared(value) and value._cascading):
            return
        if name in self.declared or value is _NO_VALUE:
            return
        self.declared[name] = True
        found = getattr(self.cls, name)
        if name == "__tablename__":
            self.tablename = found
        elif name == "__table_args__":
            if found is not None and not isinstance(found, (tuple, dict)):
                raise exc.ArgumentError(
                    "__table_args__ value must be a tuple, dict, or None; that of class "
                    f"{self.cls.__name__} is {found!r}.  A tuple of one has a comma: (UniqueConstraint(...),)"
                )
            self.table_args = found
        else:
            self.mapper_args = dict(found)

    def _read_cascading(self, base: type[Any], name: str, value: Any) -> None:
        if not is_declared(value):
            manager = base.__dict__.get("_sa_class_manager")
            value = None if manager is None else manager.originals.get(name)
        if is_declared(value) and value._cascading and name not in self.declared:
            self._warn_of_cascading(name)
            self._use_declared(base, name, value.__get__(None, self.cls))

    def _warn_of_cascading(self, name: str) -> None:
        if name in self.own_names:
            warn(
                f"Attribute '{name}' on class {self.cls} cannot be processed due to "
                "@declared_attr.cascading; skipping"
            )

    def _read_declared_attr(self, base: type[Any], name: str, value: Any) -> None:
        if value._cascading and base is not self.cls:
            self._warn_of_cascading(name)
        elif name in self.attributes or name in self.declared or self._is_hidden(base, name):
            return
        if isinstance(value, declared_attr_directive):
            self.declared[name] = True
            return
        if value._cascading and base is self.cls:
            warn(
                "Use of @declared_attr.cascading only applies to Declarative 'mixin' and 'abstract' "
                f"classes.  Currently, this flag is ignored on mapped class {self.cls}"
            )
        if self._came_with_superclass(base) and not value._cascading:
            return
        made = value.__get__(None, self.cls)
        self._use_declared(base, name, made, value)

    def _use_declared(self, base: type[Any], name: str, made: Any, source: Any = None) -> None:
        self.declared[name] = True
        if isinstance(made, (Column, MappedColumn, MapperProperty)):
            if isinstance(made, MappedColumn) and made.column.table is not None:
                made = made.copy()
            self.attributes[name] = made
            annotation = self._annotation_of_declared(base, name, made, source)
            self.annotations.pop(name, None)
            if annotation is not None:
                self.annotations[name] = annotation
        elif made is None:
            return
        elif isinstance(made, ColumnElement):
            self._warn_of_expression(name)
        type.__setattr__(self.cls, name, made)

    def _annotation_of_declared(
        self, base: type[Any], name: str, made: Any, source: Any
    ) -> tuple[Any, str, type[Any]] | None:
        """Return the annotation that completes what a ``declared_attr`` made: the class's own, or its "
        "result's."""
        if not isinstance(made, (MappedColumn, RelationshipProperty)) and not getattr(
            made, "_is_composite", False
        ):
            return None
        if base is not self.cls and name not in self.own_names:
            own = _own_annotations(self.cls).get(name)
            if own is not None:
                return own, self.cls.__module__, self.cls
        returned = getattr(getattr(source, "fget", None), "__annotations__", {}).get("return")
        if isinstance(returned, str):
            known = "Mapped" in returned or "declared_attr" in returned
        else:
            known = (
                returned is not None
                and reading.read_annotation(returned, self.cls, base.__module__) is not None
            )
        return (returned, base.__module__, base) if known else None

    def _warn_of_expression(self, name: str) -> None:
        warn(
            f"Attribute '{name}' on class {self.cls} appears to be a non-schema SQLAlchemy expression "
            "object; "
            "this won't be part of the declarative mapping. To map arbitrary expressions, use "
            "``column_property()`` or a similar function such as ``deferred()``, ``query_expression()`` etc. "
        )

    def _is_hidden(self, base: type[Any], name: str, is_annotation: bool = False) -> bool:
        """
        Tell whether a class that comes before *base* gives a name another meaning.

        None does as well, where *base* gives it a value: that is how a class gives up a column of its mix-in.
        """
        for each in self.cls.__mro__:
            if each is base:
                break
            held = each.__dict__.get(name, _NO_VALUE)
            if held is not _NO_VALUE and not (is_annotation and held is None):
                return True
        return False

    def _mixins(self, after: type[Any]) -> Iterator[type[Any]]:
        """Yield the classes that are not mapped and come after one."""
        order = self.cls.__mro__
        for base in order[order.index(after) + 1 :]:
            if not (_declares_nothing(base) or _is_mapped(base) or is_pending(base)):
                yield base

    def _is_for_a_mixin(self, name: str, annotation: Any) -> bool:
        """
        Tell whether a mix-in declares an attribute that the class itself has an annotation of only.
        """
        if annotation is None:
            return False
        for base in self._mixins(self.cls):
            held = base.__dict__.get(name)
            if held is not None:
                return isinstance(held, (Column, MappedColumn, MapperProperty)) or is_declared(held)
            if self._is_mapped_annotation(base, _own_annotations(base).get(name)):
                return True
        return False

    def _is_mapped_annotation(self, base: type[Any], annotation: Any) -> bool:
        return (
            annotation is not None
            and not reading.is_class_variable(annotation)
            and reading.read_annotation(annotation, self.cls, base.__module__) is not None
        )

    def _copy_columns(self, base: type[Any], names: list[tuple[str, Any, Any]]) -> None:
        for name, value, annotation in names:
            if name in self.attributes or name in self.declared:
                continue
            if isinstance(value, (Column, MappedColumn)):
                if not self._is_hidden(base, name):
                    self._copy_column(base, name, value, annotation)
            elif (
                (value is _NO_VALUE or value is None)
                and not self.has_given_table
                and self._is_mapped_annotation(base, annotation)
                and not self._is_hidden(base, name, is_annotation=True)
                # an annotation tells of a value that comes later
                and (value is None or all(each.__dict__.get(name) is None for each in self._mixins(base)))
            ):
                read = reading.read_annotation(annotation, self.cls, base.__module__)
                made = _mapped_column()
                made.is_unmapped = read is not None and read.container is Unmapped
                self._copy_column(base, name, made, annotation)

    def _copy_column(self, base: type[Any], name: str, value: Any, annotation: Any) -> None:
        column = value.column if isinstance(value, MappedColumn) else value
        for fk in column.foreign_keys:
            constraint: Any = fk.constraint
            if constraint is not None and constraint.table is not None:
                raise exc.InvalidRequestError(
                    "Columns with foreign keys to non-string table-bound columns must be declared as "
                    "@declared_attr callables on declarative mixin classes. For dataclass field() "
                    "objects, use "
                    f"a lambda:.  ({base.__name__}.{name}, which class {self.cls.__name__} inherits; or name "
                    f'the column: ForeignKey("{fk.target_fullname}"))'
                )
        if self._came_with_superclass(base) and name in self.parent.class_manager.attributes:
            return
        copied = value.copy() if isinstance(value, MappedColumn) else value._copy()
        self.attributes[name] = copied
        self.mixin_columns[name] = copied.column if isinstance(copied, MappedColumn) else copied
        if annotation is not None:
            self.annotations[name] = (annotation, base.__module__, base)
        type.__setattr__(self.cls, name, copied)

    def _came_with_superclass(self, base: type[Any]) -> bool:
        """Tell whether what a mixin gives is on the mapped superclass already."""
        return self.parent is not None and base is not self.cls and issubclass(self.parent.class_, base)

    def _read_mixin_value(self, base: type[Any], name: str, value: Any, annotation: Any) -> None:
        if isinstance(value, (Column, MappedColumn)):
            return
        if isinstance(value, MapperProperty):
            if self._came_with_superclass(base):
                return
            if not getattr(value, "_is_column", False) or name not in self.attributes:
                raise exc.InvalidRequestError(
                    "Mapper properties (i.e. deferred,column_property(), relationship(), etc.) must be "
                    "declared as @declared_attr callables on declarative mixin classes.  For dataclass "
                    "field() "
                    f"objects, use a lambda:  ({base.__name__}.{name}, which class {self.cls.__name__} "
                    f"inherits: @declared_attr def {name}(cls): return ...)"
                )

    def _add(self, base: type[Any], name: str, value: Any, annotation: Any) -> None:
        if annotation is not None and reading.is_class_variable(annotation):
            annotation = None
            if value is _NO_VALUE:
                return
        if annotation is not None:
            if not self._accept_annotation(base, name, value, annotation):
                annotation = None
                if value is _NO_VALUE:
                    return
            else:
                self.annotations[name] = (annotation, base.__module__, base)
        if value is _NO_VALUE or (value is None and annotation is not None):
            value = _NO_VALUE_BUT_ANNOTATED
        elif not self._is_mappable(name, value):
            is_annotated = self.annotations.pop(name, None) is not None
            if isinstance(value, ColumnElement):
                self._warn_of_expression(name)
            elif is_annotated and not hasattr(value, "__get__") and not _has_stray_comma(value):
                self._report_plain_value(name, value)
            # an association proxy, which is not mapped, takes such arguments, too
            elif not self.is_dataclass_transform and getattr(value, "__dict__", {}).get(
                "has_dataclass_arguments"
            ):
                column_scan.refuse_dataclass_arguments(self, name, value)
            return
        self.attributes[name] = value

    def _report_plain_value(self, name: str, value: Any) -> None:
        exc.report_loss(
            f"Attribute '{name}' of class {self.cls.__name__} is annotated as mapped, but has the plain "
            "value "
            f"{value!r} and so is no column: nothing of it is stored.  A default is written "
            f"{name}: Mapped[...] = mapped_column(default={value!r}).",
            False,
        )

    def _accept_annotation(self, base: type[Any], name: str, value: Any, annotation: Any) -> bool:
        read = reading.read_annotation(annotation, self.cls, base.__module__)
        if read is not None:
            return True
        mapped = isinstance(value, (MappedColumn, MapperProperty)) or value is _NO_VALUE or value is None
        if not mapped or self.allow_unmapped:
            return False
        if isinstance(value, ColumnProperty):
            return False
        if self.is_dataclass_transform:
            from relvar.orm.declarative.dataclass import is_dataclass_field  # as above

            if is_dataclass_field(self, name):
                return False
        if isinstance(annotation, str) and "[" in annotation:
            reading.require_known_container(annotation, self.cls, base.__module__, name)
        raise MappedAnnotationError(
            f'Type annotation for "{self.cls.__name__}.{name}" can\'t be correctly interpreted for Annotated '
            "Declarative Table form.  ORM annotations should normally make use of the ``Mapped[]`` generic "
            "type, or "
            "other ORM-compatible generic type, as a container for the actual type, which indicates the "
            "intent that "
            "the attribute is mapped. Class variables that are not intended to be mapped by the ORM should "
            "use "
            "ClassVar[].  To allow Annotated Declarative to disregard legacy annotations which don't use "
            "Mapped[] to "
            'pass, set "__allow_unmapped__ = True" on the class or a superclass this class.',
            code="zlpr",
        )

    def _is_mappable(self, name: str, value: Any) -> bool:
        if _has_stray_comma(value):
            warn(
                f"Ignoring declarative-like tuple value of attribute '{name}': possibly a copy-and-paste "
                "error with a "
                "comma accidentally placed at the end of the line?"
            )
            return False
        if isinstance(value, QueryableAttribute) and value.class_ is not self.cls and value.key != name:
            # another attribute under a new name
            self.attributes[name] = _synonym(value.key)
            return False
        return isinstance(value, (Column, MappedColumn, MapperProperty))

    # -- from declarations to properties ---------------------------------------------------------

    def _read_properties(self) -> None:
        for name, value in list(self.attributes.items()):
            annotation = self.annotations.get(name)
            if value is _NO_VALUE_BUT_ANNOTATED:
                value = self._from_annotation_only(name, annotation)
                if value is None:
                    continue
            if isinstance(value, MappedColumn):
                self._take_mapped_column(name, value, annotation)
            elif isinstance(value, Column):
                self._take_column(name, value, 0)
                self.properties[name] = value
            elif isinstance(value, MapperProperty):
                self._take_property(name, value, annotation)
        self._name_clashes()

    def _from_annotation_only(self, name: str, annotation: Any) -> Any:
        read = reading.read_annotation(annotation[0], self.cls, annotation[1])
        if read is None:
            return None
        if relation_scan.is_relationship_container(read.container):
            return relation_scan.relationship_for(read)
        if self.has_given_table:
            return None  # the table says what columns there are; this is for type checkers
        made = column_scan.preset_in(read)
        return made if made is not None else _mapped_column()

    def _take_mapped_column(self, name: str, value: MappedColumn[Any], annotation: Any) -> None:
        column_scan.apply_annotation(self, name, value, annotation)
        if not self.is_dataclass_transform:
            column_scan.refuse_dataclass_arguments(self, name, value)
        column = value.column
        if value.use_existing_column and self.parent is not None:
            existing = column_scan.existing_column(self, name, column)
            if existing is not None:
                value.column = existing
                self.properties[name] = value.mapper_property_to_assign or existing
                return
        self._take_column(name, column, value.sort_order)
        if value.is_unmapped or (annotation is not None and column_scan.is_unmapped(self, annotation)):
            if not value.is_unmapped and name in self.cls.__dict__:
                raise exc.ArgumentError(
                    f'Attribute "{self.cls.__name__}.{name}" uses the Unmapped[] annotation, which must be '
                    "used with unmapped_column() or with no value on the right side"
                )
            self.mapper_args.setdefault("exclude_properties", [])
            self.mapper_args["exclude_properties"] = [*self.mapper_args["exclude_properties"], column]
            if name in self.cls.__dict__:
                type.__delattr__(self.cls, name)
            return
        prop = value.mapper_property_to_assign
        self.properties[name] = prop if prop is not None else column

    def _take_column(self, name: str, column: Column[Any], sort_order: int) -> None:
        if column.key is None:
            column.key = name
        if column.name is None:
            column.name = name
        if column.table is None and not any(c is column for c in self.columns):
            self.columns[column] = sort_order

    def _take_property(self, name: str, value: Any, annotation: Any) -> None:
        if not self.is_dataclass_transform:
            column_scan.refuse_dataclass_arguments(self, name, value)
        if isinstance(value, RelationshipProperty):
            relation_scan.apply_annotation(self, name, value, annotation)
        elif getattr(value, "_is_composite", False):
            column_scan.apply_composite(self, name, value, annotation)
        for column, sort_order in getattr(value, "columns_to_assign", ()):
            if getattr(value, "_is_composite", False):
                if not any(known is column for known in self.columns):
                    self._take_column(column.key or column.name or name, column, sort_order)
                    self.properties[column.key] = column
            else:
                self._take_column(name, column, sort_order)
        self.properties[name] = value

    def _name_clashes(self) -> None:
        by_name: dict[str, list[str]] = {}
        for name, prop in self.properties.items():
            column = prop.columns[0] if isinstance(prop, ColumnProperty) else prop
            if isinstance(column, Column) and column.name is not None and column in self.columns:
                by_name.setdefault(column.name, []).append(name)
        for column_name, names in by_name.items():
            if len(names) > 1:
                warn(
                    f"On class '{self.cls.__name__}', Column object '{column_name}' named directly multiple "
                    "times, only "
                    f"one will be used: {', '.join(names)}. Consider using orm.synonym instead"
                )

    # -- mapping -----------------------------------------------------------------------------------

    def _map(self, table: Any) -> None:
        arguments = self._mapper_arguments()
        if self.parent is not None:
            inherits = arguments.pop("inherits", self.parent)
            if arguments.get("concrete") or inherits is not None:
                arguments["inherits"] = inherits
        properties = {
            name: prop
            for name, prop in self.properties.items()
            # what is in the table under that name needs no mention; a column that a subclass adds to its
            # superclass's table does
            if not (isinstance(prop, Column) and prop.key == name and prop.table is table)
        }
        explicit = arguments.pop("properties", None)
        if explicit:
            properties.update(explicit)
        mapper_class = getattr(self.cls, "__mapper_cls__", None)
        try:
            mapper = self.registry._map(
                self.cls, table, {"properties": properties, **arguments}, mapper_class
            )
        except TypeError as error:
            if "unexpected keyword argument" in str(error):
                error.args = (f"{error}  (in __mapper_args__ of class {self.cls.__name__})",)
            raise
        if mapper.exclude_properties is not None or mapper.include_properties is not None:
            self._warn_of_excluded(mapper)
        if self.field_defaults:
            from relvar.orm.declarative.dataclass import set_defaults  # as above

            set_defaults(mapper, self.field_defaults)

    def _warn_of_excluded(self, mapper: Any) -> None:
        for name, prop in self.properties.items():
            if isinstance(prop, (Column, ColumnProperty)) and not mapper.has_property(name):
                warn_deprecated(
                    f"Attribute '{name}' declared on class {self.cls} is excluded from the mapping by the "
                    "exclude_properties / include_properties mapper arguments; excluding attributes that are "
                    "declared on the class is deprecated, and does not reliably remove them from the "
                    "mapping.  "
                    "To declare a column that is part of the Table but is not mapped, use the Unmapped[] "
                    "annotation with unmapped_column().",
                    "2.1",
                )

    def _mapper_arguments(self) -> dict[str, Any]:
        arguments = dict(self.mapper_args)
        for key in ("version_id_col", "polymorphic_on"):
            value = arguments.get(key)
            if isinstance(value, MappedColumn):
                arguments[key] = self._own_copy(value.column)
            elif isinstance(value, Column):
                arguments[key] = self._own_copy(value)
        if "primary_key" in arguments:
            arguments["primary_key"] = [
                self._own_copy(c.column if isinstance(c, MappedColumn) else self._named_column(c))
                for c in arguments["primary_key"]
            ]
        for key in ("include_properties", "exclude_properties"):
            if key in arguments:
                arguments[key] = [
                    item.column if isinstance(item, MappedColumn) else item for item in arguments[key]
                ]
        return arguments

    def _named_column(self, given: Any) -> Any:
        if isinstance(given, str):
            prop = self.properties.get(given)
            if prop is None:
                # of a table that the class was given
                return given
            return prop.columns[0] if isinstance(prop, ColumnProperty) else prop
        return given

    def _own_copy(self, column: Column[Any]) -> Any:
        """Return the copy that this class has of a mixin's column."""
        if isinstance(column, str):
            return column
        if column.table is None and column not in self.columns:
            for mine in self.columns:
                if mine.name == column.name or mine.key == column.key:
                    return mine
        return column


def _has_stray_comma(value: Any) -> bool:
    return (
        isinstance(value, (tuple, list))
        and len(value) == 1
        and isinstance(value[0], (Column, MappedColumn, MapperProperty))
    )


_NO_VALUE: Any = object()
_NO_VALUE_BUT_ANNOTATED: Any = object()


def _is_mapped(cls: type[Any]) -> bool:
    manager = cls.__dict__.get("_sa_class_manager")
    return manager is not None and manager.mapper is not None


def _mapped_column() -> MappedColumn[Any]:
    from_factory: MappedColumn[Any] = column_scan.new_mapped_column()
    return from_factory


def _synonym(name: str) -> Any:
    return relation_scan.synonym_for_name(name)


def _ordered_names(cls: type[Any]) -> Iterator[tuple[str, Any, Any]]:
    """
    Yield what a class body defines, as ``(name, value, annotation)``.

    Values and annotations are two dictionaries, each in order; names that are in both tie them together.
    """
    values: Mapping[str, Any] = cls.__dict__
    annotations: Mapping[str, Any] = _own_annotations(cls)
    shared = [name for name in annotations if name in values]
    declared_first = [name for name in values.get("_sa_declared_order", ()) if name in values]
    value_names, annotation_names = list(dict.fromkeys([*declared_first, *values])), list(annotations)
    ordered: list[str] = []
    v = a = 0
    first = True
    for name in [*shared, None]:
        v_end = value_names.index(name) if name is not None else len(value_names)
        a_end = annotation_names.index(name) if name is not None else len(annotation_names)
        value_part, annotation_part = value_names[v:v_end], annotation_names[a:a_end]
        ordered.extend(value_part + annotation_part if first else annotation_part + value_part)
        first = False
        if name is not None:
            ordered.append(name)
            v, a = max(v, v_end + 1), max(a, a_end + 1)
    for name in dict.fromkeys(ordered):
        yield name, values.get(name, _NO_VALUE), annotations.get(name)


def _own_annotations(cls: type[Any]) -> Mapping[str, Any]:
    found = cls.__dict__.get("__annotations__")
    if found is not None:
        return found  # type: ignore[no-any-return]  # a dict
    # Python 3.14 computes them on demand
    getter = cls.__dict__.get("__annotate_func__") or cls.__dict__.get("__annotate__")
    return getter(2) if callable(getter) else {}
