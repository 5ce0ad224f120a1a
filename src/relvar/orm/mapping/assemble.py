"""
Find out which columns and properties a new mapper has, and what tells its rows apart.

What the class has under a name counts: a property given for it, or anything else that stands there; then
come the properties of the superclass, then the columns that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.flush import next_version
from relvar.orm.mapping import inheritance
from relvar.orm.mapping.arguments import as_property
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.interfaces import MapperProperty, NotExtension
from relvar.orm.mapping.traverse import deannotated, find_tables, unique
from relvar.schema import Column
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.orm.mapping.mapper import Mapper

__all__ = ["all_columns", "assemble"]


def assemble(mapper: Mapper) -> None:
    """
    Find out what a mapper's tables, primary key and properties are.
    """
    mapper.tables = unique(find_tables(mapper.persist_selectable))
    mapper._pks_by_table = {}
    for table in unique([*mapper.tables, mapper.persist_selectable]):
        mapper._pks_by_table[table] = list(table.primary_key)
    if mapper.inherits is not None and not mapper._pks_by_table.get(mapper.local_table, True):
        warn(
            "Could not assemble any primary keys for locally mapped table "
            f"'{mapper.local_table.description}' - "
            f"no rows will be persisted in this Table.  Give a column of {mapper.class_.__name__} "
            "primary_key=True, usually the one that refers to the table of the superclass."
        )
    _configure_primary_key(mapper)
    _configure_properties(mapper)
    if mapper.version_id_col is not None:
        mapper.version_id_prop = mapper._columntoproperty.get(deannotated(mapper.version_id_col))
        if mapper.version_id_generator is None:
            mapper.version_id_generator = next_version


def _configure_primary_key(mapper: Mapper) -> None:
    if mapper._primary_key_argument is not None:
        mapper.primary_key = tuple(
            _primary_key_column(mapper, given) for given in mapper._primary_key_argument
        )
    elif mapper.inherits is not None and not mapper.concrete:
        mapper.primary_key = mapper.inherits.primary_key
    else:
        given = _given_columns(mapper)
        mapper.primary_key = tuple(
            column
            for column in mapper._pks_by_table.get(mapper.persist_selectable, ())
            if column in given
            or not (
                _excludes(mapper, column.key, column) or _is_taken(mapper, mapper.column_prefix + column.key)
            )
        )
    if not mapper.primary_key:
        raise exc.ArgumentError(
            f"Mapper {mapper} could not assemble any primary key columns for mapped table "
            f"'{mapper.persist_selectable.description}'.  Give a column of {mapper.class_.__name__} "
            "primary_key=True, or name columns that tell rows apart: "
            "__mapper_args__ = {'primary_key': [...]}"
        )
    mapper.has_composite_pk = len(mapper.primary_key) > 1


def _primary_key_column(mapper: Mapper, given: Any) -> Any:
    """Return the column that an item of the ``primary_key`` argument means."""
    if isinstance(given, str):
        found = mapper._init_properties.get(given, mapper.persist_selectable.c.get(given))
        if found is None:
            raise exc.ArgumentError(
                f"Can't determine primary_key column '{given}' - no attribute is mapped to this name.  "
                f"{mapper} has {', '.join(mapper.persist_selectable.c.keys())}."
            )
        given = as_property(found).columns[0]
    column = mapper.persist_selectable.corresponding_column(given)
    return given if column is None else column


def _configure_properties(mapper: Mapper) -> None:
    explicit: dict[Any, tuple[str, Any]] = {}
    columns = all_columns(mapper)
    own = {id(column) for column in columns}
    is_concrete = mapper.concrete and mapper.inherits is not None
    for key, given in mapper._init_properties.items():
        prop = as_property(given)
        if isinstance(given, Column):
            _check_column(mapper, key, given)
        column = prop.columns[0] if isinstance(prop, ColumnProperty) else None
        if column is not None and isinstance(column, Column) and id(column) in own:
            for each in prop.columns:
                explicit[each] = (key, prop)
        else:
            mapper._configure_property(key, prop)
    if is_concrete:
        from relvar.orm.mapping.concrete import reserve_places, take_over_properties  # few mappings need it

        reserve_places(mapper)
    elif mapper.inherits is not None:
        for key, inherited in list(mapper.inherits._props.items()):
            if (
                key not in mapper._props
                and not _is_taken(mapper, key)
                and not _excludes(mapper, key, inherited)
            ):
                _inherit_property(mapper, key, inherited, explicit)
    for column in columns:
        if column in mapper._columntoproperty:
            continue
        if column in explicit:
            key, prop = explicit[column]
            if mapper._props.get(key) is not prop:
                mapper._configure_property(key, prop)
            continue
        key = mapper.column_prefix + column.key
        if _excludes(mapper, column.key, column) or _is_taken(mapper, key):
            continue
        mapper._configure_property(key, _property_from_column(mapper, key, column))
    if is_concrete:
        take_over_properties(mapper)


def _check_column(mapper: Mapper, key: str, column: Any) -> None:
    """Raise for a column of another table, unless ``column_property()`` says that this is meant."""
    if mapper.persist_selectable.corresponding_column(column) is None and not any(
        each.local_table.c.contains_column(column) for each in mapper.iterate_to_root()
    ):
        assigned = ""
        if column.table is not None and getattr(mapper.local_table, "_is_table", False):
            assigned = f"Column object '{column.name}' already assigned to Table '{column.table}'.  "
        raise exc.ArgumentError(
            f"{assigned}When configuring property '{key}' on {mapper}, column '{column}' is not "
            "represented in "
            "the mapper's table. Use the `column_property()` function to force this column to be mapped as a "
            f"read-only attribute, or give {mapper.class_.__name__} a column of its own."
        )


def all_columns(mapper: Mapper) -> list[Any]:
    """
    Return the columns that a mapper could map, in the order of its tables.
    """
    if mapper.concrete or mapper.inherits is None:
        return list(mapper.persist_selectable.columns)
    if mapper.maps_whole_table:
        return list(mapper.local_table.columns)
    if mapper.single:
        declared, mapped = _given_columns(mapper), mapper.inherits._columntoproperty
        return [c for c in mapper.local_table.columns if c in declared or c in mapped]
    inherited = all_columns(mapper.inherits)
    declared, mapped = _given_columns(mapper), mapper.inherits._columntoproperty
    return [*[c for c in inherited if c in mapped or c in declared], *mapper.local_table.columns]


def _given_columns(mapper: Mapper) -> set[Any]:
    """Return the columns that the class itself names: in single-table inheritance, those it added."""
    own: set[Any] = set()
    for given in mapper._init_properties.values():
        columns = given.columns if isinstance(given, ColumnProperty) else [given]
        own.update(c for c in columns if isinstance(c, Column))
    return own


def _is_taken(mapper: Mapper, key: str) -> bool:
    """Tell whether the class itself has something else under a name, which then is not mapped."""
    held = mapper.class_.__dict__.get(key)
    return not (
        held is None
        or isinstance(held, (Column, MappedColumn, MapperProperty))
        or getattr(held, "extension_type", None) is NotExtension.NOT_EXTENSION
        or key in mapper.class_.__dict__.get("__dataclass_fields__", ())
    )


def _excludes(mapper: Mapper, name: str, prop_or_column: Any) -> bool:
    inherits = mapper.inherits
    if mapper.include_properties is not None and name not in mapper.include_properties:
        if prop_or_column not in mapper.include_properties:
            return True
    if mapper.exclude_properties is not None and (
        name in mapper.exclude_properties or prop_or_column in mapper.exclude_properties
    ):
        return True
    return bool(inherits is not None and mapper.concrete and isinstance(prop_or_column, MapperProperty))


def _inherit_property(mapper: Mapper, key: str, inherited: Any, explicit: dict[Any, tuple[str, Any]]) -> None:
    if mapper.concrete:
        return
    if isinstance(inherited, ColumnProperty) and not mapper.single:
        mine = mapper.local_table.columns.get(key)
        if mine is not None and mine in explicit and explicit[mine][0] != key:
            mine = None
        declared = next((c for c, (name, _) in explicit.items() if name == key), None)
        column = declared if declared is not None else mine
        if (
            column is not None
            and column not in inherited.columns
            and isinstance(inherited.columns[0], Column)
        ):
            if declared is None or inherited.columns[0] not in explicit[declared][1].columns:
                inheritance.warn_when_combining(mapper, inherited.columns[0], column, key)
            if declared is not None:
                prop = explicit[declared][1]
                for extra in inherited.columns:
                    if extra not in prop.columns:
                        prop.columns.append(extra)
            else:
                prop = inherited.merge_existing(column)
            mapper._configure_property(key, prop)
            return
    mapper._configure_property(key, inherited, set_parent=False)


def _property_from_column(mapper: Mapper, key: str, column: Any) -> ColumnProperty:
    existing = mapper._props.get(key)
    if isinstance(existing, ColumnProperty):
        if existing.parent is mapper and not existing.columns[0].shares_lineage(column):
            raise exc.InvalidRequestError(
                f"Implicitly combining column {existing.columns[0]} with column {column} under attribute "
                f"'{key}'.  Please configure one or more attributes for these same-named columns "
                "explicitly."
            )
        return existing.merge_existing(column)
    if existing is not None:
        raise exc.ArgumentError(
            f"WARNING: when configuring property '{key}' on {mapper}, column '{column}' conflicts with "
            f"property '{existing!r}'. To resolve this, map the column to the class under a different name "
            "in the 'properties' dictionary.  Or, to remove all awareness of the column entirely (i.e. "
            "prevent its value from being available), use the 'include_properties' or 'exclude_properties' "
            "mapper arguments to control specifically which table columns get mapped."
        )
    return ColumnProperty(column)
