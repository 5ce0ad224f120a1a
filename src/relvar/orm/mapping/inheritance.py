"""
Mapped classes that inherit from mapped classes: tables, discriminators, what a SELECT of a hierarchy selects
from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr import make, operators
from relvar.expr.traverse import iterate
from relvar.orm.exc import UnmappedClassError
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.joincondition import join_tables
from relvar.orm.mapping.traverse import deannotated
from relvar.relation.adapt import ClauseAdapter
from relvar.schema import Column
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.orm.mapping.mapper import Mapper

__all__ = [
    "configure_inheritance",
    "configure_polymorphic",
    "normalise_with_polymorphic",
    "single_table_criterion",
    "tell_superclasses",
    "warn_when_combining",
    "with_polymorphic_mappers",
    "with_polymorphic_selectable",
]


def configure_inheritance(mapper: Mapper) -> None:
    """
    Find the table of a subclass, how it is joined, and what is taken over from the superclass.

    Three cases: no table of its own (single), a table joined to the superclass's, a table for itself
    (concrete).
    """
    parent = mapper.inherits
    assert parent is not None
    if not issubclass(mapper.class_, parent.class_):
        raise exc.ArgumentError(
            f"Class '{mapper.class_.__name__}' does not inherit from '{parent.class_.__name__}'"
        )
    mapper.base_mapper = parent.base_mapper
    if mapper.local_table is None or mapper.local_table is parent.local_table:
        # that it names the table itself says that all columns of that are its own, as of any other
        mapper.maps_whole_table = mapper.local_table is not None
        mapper.local_table = parent.local_table
        mapper.persist_selectable = parent.persist_selectable
        mapper.single = True
    elif mapper.concrete:
        mapper.persist_selectable = mapper.local_table
    else:
        _join_to_parent(mapper, parent)
    mapper.polymorphic_map = parent.polymorphic_map
    mapper.always_refresh = mapper.always_refresh or parent.always_refresh
    mapper.batch = mapper.batch and parent.batch
    if mapper.version_id_col is None:
        mapper.version_id_col = parent.version_id_col
        mapper.version_id_generator = parent.version_id_generator
    mapper.allow_partial_pks = mapper.allow_partial_pks and parent.allow_partial_pks
    mapper.validators = {**parent.validators, **mapper.validators}
    if not mapper.concrete:
        mapper.passive_deletes = mapper.passive_deletes or parent.passive_deletes


def _join_to_parent(mapper: Mapper, parent: Mapper) -> None:
    if mapper.inherit_condition is None:
        mapper.inherit_condition = join_tables(
            parent.local_table,
            mapper.local_table,
            consider_as_foreign_keys=mapper.inherit_foreign_keys,
            on_error=lambda error: _describe_inherit_error(mapper, parent, error),
        )
    mapper.persist_selectable = make.Join(
        parent.persist_selectable, mapper.local_table, mapper.inherit_condition
    )


def _describe_inherit_error(mapper: Mapper, parent: Mapper, error: Exception) -> Exception:
    if isinstance(error, exc.NoForeignKeysError):
        return exc.NoForeignKeysError(
            f"Can't determine the inherit condition between inherited table '{parent.local_table.name}' and "
            f"inheriting table '{mapper.local_table.name}'; tables have no foreign key relationships "
            "established.  Please ensure the inheriting table has a foreign key relationship to the "
            "inherited table, or provide an 'on clause' using the 'inherit_condition' mapper argument."
        )
    if isinstance(error, exc.AmbiguousForeignKeysError):
        return exc.AmbiguousForeignKeysError(
            f"Can't determine the inherit condition between inherited table '{parent.local_table.name}' and "
            f"inheriting table '{mapper.local_table.name}'; tables have more than one foreign key "
            "relationship established.  Please specify the 'on clause' using the 'inherit_condition' "
            "mapper argument."
        )
    return error


def tell_superclasses(mapper: Mapper) -> None:
    """
    Enter a new mapper with the one it inherits from.
    """
    parent = mapper.inherits
    if parent is None:
        return
    parent._inheriting_mappers.append(mapper)
    for ancestor in parent.iterate_to_root():
        ancestor._forget_memoized()
    mapper.dispatch._update(parent.dispatch)


def warn_when_combining(mapper: Mapper, inherited: Any, column: Any, key: str) -> None:
    """
    Warn when two unrelated columns of the same name become one attribute.
    """
    if column.primary_key and inherited.primary_key:
        return
    if column.references(inherited) or inherited.references(column):
        return
    warn(
        f"Implicitly combining column {inherited} with column {column} under attribute '{key}'.  Please "
        "configure one or more attributes for these same-named columns explicitly."
    )


def configure_polymorphic(mapper: Mapper, polymorphic_on: Any) -> None:
    """
    Find the discriminator, and enter the class under its value.

    Raises:
        ArgumentError: The discriminator is no attribute or column.
    """
    parent = mapper.inherits
    if polymorphic_on is None:
        if parent is not None and not mapper.concrete:
            mapper.polymorphic_on = parent.polymorphic_on
            mapper._polymorphic_attr_key = parent._polymorphic_attr_key
        elif parent is not None:
            mapper.polymorphic_on = None
    else:
        _set_discriminator(mapper, polymorphic_on)
    if mapper.polymorphic_abstract:
        if mapper.polymorphic_on is None:
            raise exc.InvalidRequestError(
                "The Mapper.polymorphic_abstract parameter may only be used on a mapper hierarchy which "
                "includes the Mapper.polymorphic_on parameter at the base of the hierarchy."
            )
        mapper.class_manager.on_new = refuse_instances(mapper)
    identity = mapper.polymorphic_identity
    if identity is None:
        if mapper.polymorphic_on is not None and parent is None:
            return
        if (
            parent is not None
            and mapper.polymorphic_on is not None
            and mapper.base_mapper.polymorphic_on is not None
            and not mapper.polymorphic_abstract
            and not mapper.concrete
        ):
            warn(
                f"{mapper} does not indicate a 'polymorphic_identity', yet is part of an inheritance "
                f"hierarchy that has a 'polymorphic_on' column of '{mapper.polymorphic_on}'. If this is an "
                "intermediary class that should not be instantiated, the class may either be left "
                "unmapped, or may include the 'polymorphic_abstract=True' parameter in its Mapper "
                "arguments. To leave the class unmapped when using Declarative, set the '__abstract__ = "
                "True' attribute on the class."
            )
        return
    known = mapper.polymorphic_map.get(identity)
    if known is not None and known is not mapper:
        warn(
            f"Reassigning polymorphic association for identity {identity!r} from {known!r} to {mapper!r}: "
            f"Check for duplicate use of {identity!r} as value for polymorphic_identity."
        )
    mapper.polymorphic_map[identity] = mapper
    key = mapper._polymorphic_attr_key
    if key is not None:
        manager = mapper.class_manager
        manager.on_new, manager.discriminator, manager.identity = None, key, identity


def _set_discriminator(mapper: Mapper, polymorphic_on: Any) -> None:
    if isinstance(polymorphic_on, str):
        if polymorphic_on not in mapper._props:
            raise exc.ArgumentError(
                f"Can't determine polymorphic_on value '{polymorphic_on}' - no attribute is mapped to this "
                f"name.  {mapper} has {', '.join(mapper._props)}."
            )
        prop = mapper._props[polymorphic_on]
        if not isinstance(prop, ColumnProperty):
            raise exc.ArgumentError(
                "Only direct column-mapped property or SQL expression can be passed for polymorphic_on; "
                f"'{polymorphic_on}' of {mapper} is neither"
            )
    elif isinstance(polymorphic_on, MappedColumn):
        prop = mapper._columntoproperty.get(polymorphic_on.column)
        polymorphic_on = polymorphic_on.column
    elif isinstance(polymorphic_on, ColumnProperty):
        prop = polymorphic_on
    else:
        element = polymorphic_on
        if not hasattr(element, "_annotations") and not hasattr(element, "__clause_element__"):
            raise exc.ArgumentError(
                "Column expression or string key expected for argument 'polymorphic_on'; got "
                f"{polymorphic_on!r}."
            )
        if not hasattr(element, "_annotations") or hasattr(element, "__clause_element__"):
            element = element.__clause_element__()
        polymorphic_on = deannotated(element)
        prop = mapper._columntoproperty.get(polymorphic_on)
        if prop is None and isinstance(polymorphic_on, Column) and not _can_select(mapper, polymorphic_on):
            raise exc.InvalidRequestError(
                f"Could not map polymorphic_on column '{polymorphic_on.description}' to the mapped table - "
                f"polymorphic loads will not function properly.  {mapper} selects from "
                f"'{mapper.persist_selectable.description}'; a column of another table can be read by a "
                "column_property() with a subquery."
            )
        if prop is None and _is_column_of_union(mapper, polymorphic_on):
            # SELECT has it, no object does
            prop = ColumnProperty(polymorphic_on, _instrument=False)
            mapper._configure_property(polymorphic_on.key, prop)
        elif prop is None and not isinstance(polymorphic_on, Column):
            # an expression: SELECT has it, nothing is written
            prop = ColumnProperty(polymorphic_on.label("_sa_polymorphic_on"), _instrument=False)
            mapper._configure_property("_sa_polymorphic_on", prop)
    mapper.polymorphic_on = prop.columns[0] if prop is not None else polymorphic_on
    if prop is not None and isinstance(prop.columns[0], Column):
        mapper._polymorphic_attr_key = prop.key


def refuse_instances(mapper: Mapper) -> Any:
    """
    Return what is called for a new object of an abstract class, and raises.
    """

    def refuse(state: Any, obj: Any) -> None:
        raise exc.InvalidRequestError(
            f"Can't instantiate class for {mapper}; mapper is marked polymorphic_abstract=True"
        )

    return refuse


def _can_select(mapper: Mapper, column: Any) -> bool:
    setting = mapper.with_polymorphic
    if setting is not None and setting[1] is not None:
        return setting[1].corresponding_column(column) is not None
    return mapper.persist_selectable.corresponding_column(column) is not None


def _is_column_of_union(mapper: Mapper, column: Any) -> bool:
    setting = mapper.with_polymorphic
    return setting is not None and setting[1] is not None and setting[1].c.contains_column(column)


def single_table_criterion(mapper: Mapper) -> Any:
    """
    Return the criterion that leaves only rows of a class (and below) in single-table inheritance, or None.
    """
    if not mapper.single or mapper.inherits is None or mapper.concrete or mapper.polymorphic_on is None:
        return None
    return mapper.polymorphic_on._annotate({"parententity": mapper, "parentmapper": mapper}).in_(
        mapper._identity_values
    )


def normalise_with_polymorphic(given: Any) -> Any:
    """
    Return a ``with_polymorphic`` setting as a pair of classes (or ``"*"``) and selectable, or None.
    """
    if given is None:
        return None
    if given == "*":
        return ("*", None)
    if isinstance(given, (list, tuple)):
        if given and (isinstance(given[0], (str, list, tuple))):
            return (given[0], given[1] if len(given) > 1 else None)
        return (list(given), None)
    raise exc.ArgumentError(f"Invalid setting for with_polymorphic: {given!r}")


def mappers_from_spec(mapper: Mapper, spec: Any, selectable: Any = None) -> list[Mapper]:
    """
    Return the mappers that a ``with_polymorphic`` setting names, superclasses first.

    Raises:
        InvalidRequestError: One does not inherit from *mapper*.
    """
    if spec == "*":
        return list(mapper.self_and_descendants)
    if not spec:
        return []
    wanted: set[Any] = set()
    for given in spec:
        manager = getattr(given, "_sa_class_manager", None)
        named = manager.mapper if manager is not None else given
        if not hasattr(named, "isa"):
            raise (
                UnmappedClassError(given)
                if isinstance(given, type)
                else exc.ArgumentError(
                    f"with_polymorphic takes subclasses of {mapper.class_.__name__}, got {given!r}"
                )
            )
        if not named.isa(mapper):
            raise exc.InvalidRequestError(f"{named!r} does not inherit from {mapper!r}")
        if selectable is None:
            wanted.update(named.iterate_to_root())
        else:
            wanted.add(named)
    return [m for m in mapper.self_and_descendants if m in wanted]


def with_polymorphic_mappers(mapper: Mapper) -> Sequence[Mapper]:
    """
    Return the subclasses that a plain SELECT of a class includes.

    ``polymorphic_load="inline"`` speaks to the class that a subclass inherits from, to none above.
    """
    setting = mapper.with_polymorphic
    inline = [m for m in mapper._inheriting_mappers if m.polymorphic_load == "inline"]
    if setting is None and not inline:
        return []
    if setting is not None:
        return mappers_from_spec(mapper, setting[0], setting[1])
    return mappers_from_spec(mapper, [mapper, *inline])


def with_polymorphic_selectable(
    mapper: Mapper, setting: Any, mappers: Any = None, innerjoin: bool = False
) -> Any:
    """
    Return what a SELECT of a hierarchy selects from: the tables of the subclasses joined to the class's own.
    """
    if setting is not None and setting[1] is not None:
        return setting[1]
    chosen: Iterable[Mapper] = mapper.with_polymorphic_mappers if mappers is None else mappers
    joined = mapper.persist_selectable
    seen = set(mapper.tables)
    for other in chosen:
        if other is mapper or other.local_table in seen:
            continue
        if other.concrete:
            raise exc.InvalidRequestError(
                "'with_polymorphic()' requires 'selectable' argument when concrete-inheriting mappers are "
                "used."
            )
        if not other.single:
            joined = make.Join(joined, other.local_table, other.inherit_condition, isouter=not innerjoin)
            seen.add(other.local_table)
    return joined


def selectable_adapter(mapper: Mapper) -> Any:
    """
    Return what moves columns of a class's tables to the selectable that its mapper names, or None.
    """
    setting = mapper.with_polymorphic
    if setting is None or setting[1] is None:
        return None
    return ClauseAdapter(setting[1], equivalents=equivalents(mapper))


def equivalents(mapper: Mapper) -> dict[Any, set[Any]]:
    """
    Return columns that joined inheritance makes equal: column -> the others.
    """
    found: dict[Any, set[Any]] = {}
    for each in mapper.self_and_descendants:
        for prop in each._columntoproperty.values():
            if len(prop.columns) > 1:
                for column in prop.columns:
                    found.setdefault(column, set()).update(c for c in prop.columns if c is not column)
    return found


def equated_columns(condition: Any) -> Iterator[tuple[Any, Any]]:
    """
    Yield the pairs of columns that a condition says are equal.
    """
    for node in iterate(condition):
        if node.__visit_name__ == "binary" and node.operator is operators.eq:
            left, right = deannotated(node.left), deannotated(node.right)
            if isinstance(left, Column) and isinstance(right, Column):
                yield left, right
