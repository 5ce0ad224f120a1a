"""
Read a declarative class: its columns, properties, table and mapper settings, and map it.

The class and its bases are read in method resolution order, nearest first.  A base is one of three things:
the class itself, a *mixin* (not mapped: what it declares is copied or called for this class), or a mapped
superclass (it is inherited from, only cascading ``declared_attr`` are looked at).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relvar import exc
from relvar.expr.element import ColumnElement
from relvar.orm.declarative import annotations as reading
from relvar.orm.declarative import columns as column_scan
from relvar.orm.declarative import relations as relation_scan
from relvar.orm.declarative.body import (
    ANNOTATED_ONLY,
    NO_VALUE,
    declares_nothing,
    has_stray_comma,
    ordered_names,
    own_annotations,
)
from relvar.orm.declarative.declared import (
    begin_scan,
    declared_attr_directive,
    end_scan,
    is_declared,
)
from relvar.orm.declarative.deferred import Pending, is_pending
from relvar.orm.declarative.make_mapper import make_mapper
from relvar.orm.declarative.table import make_table
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.interfaces import MapperProperty, Unmapped
from relvar.orm.mapping.relationship import RelationshipProperty
from relvar.schema import Column, MetaData
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn

__all__ = ["map_class"]

_RESERVED = ("metadata", "registry")
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

    parent: Any

    def __init__(self, registry: Any, cls: type[Any]) -> None:
        self.registry = registry
        self.cls = cls
        self.own_names: frozenset[str] = frozenset(cls.__dict__)
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
        self.metadata: Any = self._find_metadata()
        self.parent = self._find_parent()
        self.allow_unmapped: bool = bool(getattr(cls, "__allow_unmapped__", False))
        self.is_dataclass_transform: bool = cls.__dict__.get("_sa_apply_dc_transforms") is not None

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
            make_mapper(self, table)
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
        make_mapper(self, table)

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
        make_mapper(self, union)
        return manager.mapper

    def _read_bases(self) -> None:
        for base in self.cls.__mro__:
            if declares_nothing(base):
                continue
            is_mapped = base is not self.cls and (_is_mapped(base) or is_pending(base))
            is_local = base is self.cls
            names = list(ordered_names(base))
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
        if name in _RESERVED and (is_local or value is not NO_VALUE):
            _complaints().warn_of_reserved_name(self.registry, name, value)
        if name in self.declared or (not is_local and name in self.attributes):
            return
        if not is_local:
            self._read_mixin_value(base, name, value, annotation)
        elif value is not NO_VALUE or not self._is_for_a_mixin(name, annotation):
            self._add(base, name, value, annotation)

    def _read_directive(self, base: type[Any], name: str, value: Any, is_mapped: bool) -> None:
        if is_mapped and not (is_declared(value) and value._cascading):
            return
        if name in self.declared or value is NO_VALUE:
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
            if name in self.own_names:
                _complaints().warn_of_cascading(self.cls, name)
            self._use_declared(base, name, value.__get__(None, self.cls))

    def _read_declared_attr(self, base: type[Any], name: str, value: Any) -> None:
        if value._cascading and base is not self.cls:
            if name in self.own_names:
                _complaints().warn_of_cascading(self.cls, name)
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
            _complaints().warn_of_expression(self.cls, name)
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
            own = own_annotations(self.cls).get(name)
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

    def _is_hidden(self, base: type[Any], name: str, is_annotation: bool = False) -> bool:
        """
        Tell whether a class that comes before *base* gives a name another meaning.

        None does as well, where *base* gives it a value: that is how a class gives up a column of its mix-in.
        """
        for each in self.cls.__mro__:
            if each is base:
                break
            held = each.__dict__.get(name, NO_VALUE)
            if held is not NO_VALUE and not (is_annotation and held is None):
                return True
        return False

    def _mixins(self, after: type[Any]) -> Iterator[type[Any]]:
        """Yield the classes that are not mapped and come after one."""
        order = self.cls.__mro__
        for base in order[order.index(after) + 1 :]:
            if not (declares_nothing(base) or _is_mapped(base) or is_pending(base)):
                yield base

    def _is_for_a_mixin(self, name: str, annotation: Any) -> bool:
        """
        Tell whether a mix-in declares an attribute that the class itself has an annotation of only.
        """
        if annotation is None:
            return False
        for base in self._mixins(self.cls):
            held = base.__dict__.get(name)
            if is_declared(held):
                return True
            if self._came_with_superclass(base):
                continue
            if held is not None:
                return isinstance(held, (Column, MappedColumn, MapperProperty))
            if self._is_mapped_annotation(base, own_annotations(base).get(name)):
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
                (value is NO_VALUE or value is None)
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
                    "@declared_attr callables on declarative mixin classes. For dataclass field() objects, "
                    f"use a lambda:.  ({base.__name__}.{name}, which class {self.cls.__name__} inherits; or "
                    "name "
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
                    f"field() objects, use a lambda:  ({base.__name__}.{name}, which class "
                    f"{self.cls.__name__} inherits: @declared_attr def {name}(cls): return ...)"
                )

    def _add(self, base: type[Any], name: str, value: Any, annotation: Any) -> None:
        if annotation is not None and reading.is_class_variable(annotation):
            annotation = None
            if value is NO_VALUE:
                return
        if annotation is not None:
            if not self._accept_annotation(base, name, value, annotation):
                annotation = None
                if value is NO_VALUE:
                    return
            else:
                self.annotations[name] = (annotation, base.__module__, base)
        if value is NO_VALUE or (value is None and annotation is not None):
            value = ANNOTATED_ONLY
        elif not self._is_mappable(name, value):
            is_annotated = self.annotations.pop(name, None) is not None
            if isinstance(value, ColumnElement):
                _complaints().warn_of_expression(self.cls, name)
            elif is_annotated and not hasattr(value, "__get__") and not has_stray_comma(value):
                _complaints().report_plain_value(self.cls, name, value)
            # an association proxy, which is not mapped, takes such arguments, too
            elif not self.is_dataclass_transform and getattr(value, "__dict__", {}).get(
                "has_dataclass_arguments"
            ):
                column_scan.refuse_dataclass_arguments(self, name, value)
            return
        self.attributes[name] = value

    def _accept_annotation(self, base: type[Any], name: str, value: Any, annotation: Any) -> bool:
        read = reading.read_annotation(annotation, self.cls, base.__module__)
        if read is not None:
            return True
        mapped = isinstance(value, (MappedColumn, MapperProperty)) or value is NO_VALUE or value is None
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
        raise _complaints().wrong_annotation(self.cls, name)

    def _is_mappable(self, name: str, value: Any) -> bool:
        if has_stray_comma(value):
            _complaints().warn_of_comma(name)
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
            if value is ANNOTATED_ONLY:
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
        named = [column.name for column in self._declared_columns()]
        if len(set(named)) < len(named):
            _complaints().warn_of_shared_columns(self)

    def _declared_columns(self) -> Iterator[Column[Any]]:
        """Yield the column of each attribute that has one which goes into the table."""
        for prop in self.properties.values():
            column = prop.columns[0] if isinstance(prop, ColumnProperty) else prop
            if isinstance(column, Column) and column.name is not None and column in self.columns:
                yield column

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


def _complaints() -> Any:
    """Return the module that has the words for what is wrong; few mappings need it."""
    from relvar.orm.declarative import complaints

    return complaints


def _is_mapped(cls: type[Any]) -> bool:
    manager = cls.__dict__.get("_sa_class_manager")
    return manager is not None and manager.mapper is not None


def _mapped_column() -> MappedColumn[Any]:
    from_factory: MappedColumn[Any] = column_scan.new_mapped_column()
    return from_factory


def _synonym(name: str) -> Any:
    return relation_scan.synonym_for_name(name)
