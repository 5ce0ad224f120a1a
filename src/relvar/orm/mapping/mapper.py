"""
The mapper: which class belongs to which table, and by which properties.

It is set up in two steps.  When a class is mapped, all that follows from the class and its table is done.
What needs other classes (relationships, above all) waits until mappers are *configured*: at first use, see
`configure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, Generic

from relvar import exc
from relvar._kernels.attributes import values_of
from relvar._kernels.keys import next_serial
from relvar.expr.grouping import null
from relvar.inspection import _self_inspects
from relvar.orm.exc import UnmappedClassError, UnmappedColumnError
from relvar.orm.mapping import hooks, inheritance
from relvar.orm.mapping.arguments import as_column, as_list, as_mapper, as_property, as_selectable
from relvar.orm.mapping.assemble import all_columns, assemble
from relvar.orm.mapping.collections_view import MappedColumns
from relvar.orm.mapping.columns import ColumnProperty
from relvar.orm.mapping.interfaces import InspectionAttr
from relvar.orm.mapping.steps import loading_steps, mappings
from relvar.orm.mapping.traverse import deannotated
from relvar.orm.mapping.validators import find_validators
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.orm.state.manager import ClassManager, register_class
from relvar.orm.state.properties import ReadOnlyProperties
from relvar.schema import Column
from relvar.util.generics import TypeVar
from relvar.util.log import ClassLogger, logs_info
from relvar.util.memoized import memoized_property
from relvar.util.text import did_you_mean
from relvar.util.warning import warn

__all__ = ["Mapper"]

_O = TypeVar("_O", default=Any)


@_self_inspects
class Mapper(InspectionAttr, Generic[_O]):
    """
    Map one class to one selectable.

    Args:
        class_: The class.
        local_table: Its table (or other selectable); None for single-table inheritance.
        properties: Attribute name -> `MapperProperty` or column.
        primary_key: Columns that tell rows apart, where the selectable does not say.
        inherits: The mapped class (or its mapper) whose properties this one has too.
        inherit_condition: How the two tables of joined inheritance belong together.
        polymorphic_on, polymorphic_identity: The column that tells the class of a row, and this class's
        value in it. version_id_col, version_id_generator: Column that counts the versions of a row, and how.
        concrete: The table has all columns, also those of the superclass.
        include_properties, exclude_properties: Names of columns to map, or not to.
        eager_defaults: Fetch server defaults in the flush; ``"auto"``: when INSERT can return them.
    """

    version_id_generator: Any

    # Set per mapper; the class has it too, which tells the kernel of keys to go by it.
    _key_serial: int | None = None

    is_mapper = True
    is_aliased_class = False
    represents_outer_join = False
    uses_inspection = True
    inherit_cache = True
    allows_lambda = True
    _disposed = False
    _flush_facts: Any = None  # what a flush knows of it, see `orm.flush.facts`

    def __init__(
        self,
        class_: type[_O],
        local_table: Any = None,
        properties: Mapping[str, Any] | None = None,
        primary_key: Iterable[Any] | None = None,
        inherits: Any = None,
        inherit_condition: Any = None,
        inherit_foreign_keys: Sequence[Any] | None = None,
        always_refresh: bool = False,
        version_id_col: Any = None,
        version_id_generator: Any = None,
        polymorphic_on: Any = None,
        _polymorphic_map: dict[Any, Mapper] | None = None,
        polymorphic_identity: Any = None,
        concrete: bool = False,
        with_polymorphic: Any = None,
        polymorphic_abstract: bool = False,
        polymorphic_load: str | None = None,
        allow_partial_pks: bool = True,
        batch: bool = True,
        column_prefix: str | None = None,
        include_properties: Sequence[str] | None = None,
        exclude_properties: Sequence[str] | None = None,
        passive_updates: bool = True,
        passive_deletes: bool = False,
        confirm_deleted_rows: bool = True,
        eager_defaults: Any = "auto",
        legacy_is_orphan: bool = False,
        _compiled_cache_size: int = 100,
    ) -> None:
        if not isinstance(class_, type):
            raise exc.ArgumentError(f"Class object expected, got '{class_!r}'.")
        self._key_serial = next_serial()
        self.class_ = class_
        self.local_table: Any = as_selectable(local_table)
        self.inherits: Mapper | None = as_mapper(inherits)
        self.inherit_condition = inherit_condition
        self.inherit_foreign_keys: list[Any] | None = as_list(inherit_foreign_keys)
        self.always_refresh = always_refresh
        self.version_id_col: Any = as_column(version_id_col)
        self.version_id_prop: Any = None
        self.version_id_generator = version_id_generator
        self.polymorphic_on: Any = polymorphic_on
        self.polymorphic_identity = polymorphic_identity
        self.polymorphic_map: dict[Any, Mapper] = {} if _polymorphic_map is None else _polymorphic_map
        self.concrete = concrete
        self.single = False
        self.maps_whole_table: bool = False
        self.polymorphic_abstract = polymorphic_abstract
        self.polymorphic_load = polymorphic_load
        self.allow_partial_pks = allow_partial_pks
        self.batch = batch
        self.column_prefix: str = column_prefix or ""
        self.include_properties: set[str] | None = (
            set(include_properties) if include_properties is not None else None
        )
        self.exclude_properties: set[str] | None = (
            set(exclude_properties) if exclude_properties is not None else None
        )
        self.passive_updates = passive_updates
        self.passive_deletes = passive_deletes
        self.confirm_deleted_rows = confirm_deleted_rows
        self.eager_defaults = eager_defaults
        self.legacy_is_orphan = legacy_is_orphan
        self.with_polymorphic: Any = inheritance.normalise_with_polymorphic(with_polymorphic)
        self._primary_key_argument = (
            [c if isinstance(c, str) else as_column(c) for c in primary_key]
            if primary_key is not None
            else None
        )
        self._init_properties: dict[str, Any] = dict(properties or {})
        self._props: dict[str, Any] = {}
        self._columntoproperty: dict[Any, ColumnProperty] = {}
        self._columns: list[tuple[str, Any]] = []
        self._inheriting_mappers: list[Mapper] = []
        self._delete_orphans: list[tuple[str, type[Any]]] = []
        self._polymorphic_attr_key: str | None = None
        self.configured = False
        self._configure_failed: Any = None
        self._ready = False
        self._reads_configured = False
        self.validators: Any = find_validators(class_, self)
        if self.inherits is None and self.local_table is None:
            raise exc.ArgumentError(
                f"Mapper[{class_.__name__}(None)] has None for a primary table argument and does not specify "
                "'inherits'"
            )
        if self.inherits is not None and polymorphic_load not in (None, "selectin", "inline"):
            raise exc.ArgumentError(f"unknown argument for polymorphic_load: {polymorphic_load!r}")
        self._configure_inheritance()
        self._configure_class()
        for hook in mapper_hooks:
            hook(self)
        self.dispatch.instrument_class(self, self.class_)
        assemble(self)
        inheritance.configure_polymorphic(self, polymorphic_on)
        self._forget_memoized()
        self.registry._flag_new_mapper(self)
        self._ready = True
        inheritance.tell_superclasses(self)
        if logs_info("orm"):
            from relvar.orm.mapping.journal import note_constructed  # few programs look

            note_constructed(self)
        self.dispatch.after_mapper_constructed(self, self.class_)

    dispatch: Any
    tables: list[Any]
    primary_key: tuple[Any, ...]
    has_composite_pk: bool
    _pks_by_table: dict[Any, list[Any]]

    # -- setting up ---------------------------------------------------------------------

    def _configure_inheritance(self) -> None:
        if self.inherits is None:
            self.base_mapper: Mapper = self
            self.persist_selectable: Any = self.local_table
        else:
            inheritance.configure_inheritance(self)
        # The root of the classes whose objects are told apart by one primary key: rows of a concrete class's
        # table are numbered by themselves.
        own = self.inherits is None or self.concrete
        self.identity_mapper: Mapper = self if own else self.inherits.identity_mapper  # type: ignore[union-attr]
        self.identity_class: type[Any] = self.identity_mapper.class_

    def _configure_class(self) -> None:
        existing = self.class_.__dict__.get("_sa_class_manager")
        if existing is not None and existing.mapper is not None:
            raise exc.ArgumentError(f"Class '{self.class_}' already has a primary mapper defined. ")
        manager: ClassManager = register_class(self.class_)
        self.class_manager = manager
        manager.mapper = self
        manager.base = self.identity_mapper
        manager.is_kept = not self.always_refresh
        if manager.registry is None:
            raise exc.InvalidRequestError(
                "The _mapper() function and Mapper() constructor may not be invoked directly outside of a "
                "declarative registry. Please use the sqlalchemy.orm.registry.map_imperatively() function "
                "for a classical mapping."
            )
        self.registry: Any = manager.registry
        type.__setattr__(self.class_, "__mapper__", self)
        for base in self.class_.__mro__:
            for name, method in base.__dict__.items():
                if callable(method) and getattr(method, "__sa_reconstructor__", False):
                    if getattr(self.class_, name) is method or base is self.class_:
                        manager.listeners.add("load", _call_reconstructor(name))
                    return

    def _configure_property(self, key: str, prop: Any, set_parent: bool = True) -> None:
        # The key of a column may be a quoted_name; kernels want the very type.  What programs write in their
        # text is interned: a key that is as well is found by its address, not by comparing letters.
        key = intern(str.__str__(key))
        prop = as_property(prop)
        if isinstance(prop, ColumnProperty):
            self._map_columns(key, prop)
        if set_parent or not hasattr(prop, "parent"):
            if not isinstance(prop, ColumnProperty) or getattr(prop, "key", None) is None:
                prop.key = key
            prop.set_parent(self, True)
        self._warn_when_hiding(key, prop)
        self._props[key] = prop
        prop.instrument_class(self)
        if self._ready:
            self._property_added(key, prop)

    def _warn_when_hiding(self, key: str, prop: Any) -> None:
        old = self._props.get(key)
        if old is None or old is prop:
            return
        if isinstance(old, ColumnProperty) and isinstance(prop, ColumnProperty):
            return
        if getattr(old, "_is_relationship", False) and not getattr(prop, "_is_relationship", False):
            warn(
                f"Property {prop} on {self} being replaced with new property {prop}; the old property will "
                "be discarded"
            )

    def _map_columns(self, key: str, prop: ColumnProperty) -> None:
        first = prop.columns[0]
        for column in prop.columns:
            plain = deannotated(column)
            mapped = self._columntoproperty.get(plain)
            if mapped is None or mapped is prop or mapped.key == key or plain is first:
                self._columntoproperty[plain] = prop
            if not any(name == key and known is plain for name, known in self._columns):
                self._columns.append((key, plain))
        self.__dict__.pop("columns", None)
        self.__dict__.pop("c", None)

    def _property_added(self, key: str, prop: Any) -> None:
        """Hand a property that came late to subclasses, and set it up."""
        self._forget_memoized()
        for sub in self._inheriting_mappers:
            if sub.concrete:
                from relvar.orm.mapping.concrete import take_over_properties  # few mappings need it

                take_over_properties(sub)
            elif key not in sub._props:
                sub._configure_property(key, prop, set_parent=False)
        if self.configured:
            if not prop._configure_started:
                prop.init()
            for mapper in self.self_and_descendants:
                if mapper._props.get(key) is prop and prop is not None:
                    prop.post_instrument_class(mapper)
                    mapper.class_manager.set_expirable()
        else:
            self.registry._flag_new_mapper(self)

    def _columns_added(self) -> None:
        """Take notice of columns that were added to a table of the hierarchy."""
        for mapper in self.base_mapper.self_and_descendants:
            joined = mapper.persist_selectable
            while joined is not None and joined.__visit_name__ == "join":
                joined._reset_column_collection()
                joined = joined.left

    def _forget_memoized(self) -> None:
        mappings.state = object()
        for name in _MEMOIZED:
            self.__dict__.pop(name, None)

    # -- the second step --------------------------------------------------------------------

    def _check_configure(self) -> None:
        if self.registry._new_mappers:
            self.registry._configure_all()

    def _post_configure_properties(self) -> None:
        """
        Set up every property that needs other mappers.
        """
        set_up: set[Any] = set()
        while True:
            # setting up one property may add others (the other side of a relationship to the same class); one
            # of a program's own class may not say that it was set up
            left = [
                p
                for p in self._props.values()
                if p.parent is self and not p._configure_started and p not in set_up
            ]
            if not left:
                break
            for prop in left:
                prop.init()
            set_up.update(left)
        for prop in list(self._props.values()):
            if prop._configure_finished:
                prop.post_instrument_class(self)
        self.class_manager.set_expirable()
        self._forget_memoized()

    def add_properties(self, dict_of_properties: Mapping[str, Any]) -> None:
        """
        Add several properties.
        """
        for key, value in dict_of_properties.items():
            self.add_property(key, value)

    def add_property(self, key: str, prop: Any) -> None:
        """
        Add one property, or a column that is in the table.
        """
        prop = as_property(prop)
        if isinstance(prop, ColumnProperty):
            key_column = prop.columns[0]
            if isinstance(key_column, Column) and key_column.table is None:
                raise exc.ArgumentError(
                    f"When configuring property '{key}' on {self}, column '{key_column}' is not represented "
                    "in the mapper's table. Use the `column_property()` function to force this column to be "
                    "mapped as a read-only attribute."
                )
        self._init_properties[key] = prop
        self._configure_property(key, prop)

    # -- the family --------------------------------------------------------------------------

    def iterate_to_root(self) -> Iterator[Mapper]:
        """
        Yield this mapper and those it inherits from, nearest first.
        """
        mapper: Mapper | None = self
        while mapper is not None:
            yield mapper
            mapper = mapper.inherits

    @memoized_property
    def self_and_descendants(self) -> list[Mapper]:
        """This mapper and all that inherit from it, level by level."""
        found = [self]
        for mapper in found:
            found.extend(mapper._inheriting_mappers)
        return found

    def polymorphic_iterator(self) -> Iterator[Mapper]:
        """
        Yield this mapper and all that inherit from it.
        """
        return iter(self.self_and_descendants)

    def isa(self, other: Any) -> bool:
        """
        Tell whether this mapper is, or inherits from, another.
        """
        mapper: Mapper | None = self
        while mapper is not None:
            if mapper is other:
                return True
            mapper = mapper.inherits
        return False

    def is_sibling(self, other: Mapper) -> bool:
        """
        Tell whether both belong to one hierarchy but neither inherits from the other.
        """
        return self.base_mapper is other.base_mapper and not self.isa(other) and not other.isa(self)

    def common_parent(self, other: Any) -> bool:
        """
        Tell whether both belong to one hierarchy.
        """
        return self.base_mapper is other.mapper.base_mapper

    def primary_mapper(self) -> Mapper:
        """
        Return this mapper; a class has only one.
        """
        return self

    @property
    def primary_base_mapper(self) -> Mapper:
        """The mapper at the top of the hierarchy."""
        return self.base_mapper

    @memoized_property
    def _identity_values(self) -> list[Any]:
        return [
            mapper.polymorphic_identity
            for mapper in self.self_and_descendants
            if not mapper.polymorphic_abstract and mapper.polymorphic_identity is not None
        ]

    @memoized_property
    def _single_table_criterion(self) -> Any:
        """The criterion that leaves only rows of this class and below, in single-table inheritance."""
        return inheritance.single_table_criterion(self)

    def _select_hierarchy_from(self, selectable: Any, discriminator: Any) -> None:
        """
        Let a SELECT of this class and those below select from the union of their tables.
        """
        self.with_polymorphic = ("*", selectable)
        inheritance.configure_polymorphic(self, discriminator)
        for mapper in self.iterate_to_root():
            mapper._forget_memoized()

    @memoized_property
    def with_polymorphic_mappers(self) -> Sequence[Mapper]:
        """The subclasses whose columns a plain SELECT of this class has too."""
        return inheritance.with_polymorphic_mappers(self)

    @memoized_property
    def _with_polymorphic_selectable(self) -> Any:
        return inheritance.with_polymorphic_selectable(self, self.with_polymorphic)

    @memoized_property
    def _adapter(self) -> Any:
        """What moves columns of the table to what the class is selected from; None if that is the table."""
        return inheritance.selectable_adapter(self)

    # -- as an entity -----------------------------------------------------------------------------

    @property
    def mapper(self) -> Mapper:
        """This mapper."""
        return self

    @property
    def entity(self) -> type[_O]:
        """The class."""
        return self.class_

    @property
    def entity_namespace(self) -> type[Any]:
        """Where ``filter_by()`` looks names up: the class."""
        return self.class_

    @memoized_property
    def selectable(self) -> Any:
        """What a SELECT of this class selects from."""
        return self._with_polymorphic_selectable

    @property
    def select_identity_token(self) -> Any:
        """
        What a statement selects to have the identity token in its rows: of which database a row is.

        It is no column: the token is the one that the statement is executed with.

        >>> from relvar import create_engine, select
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class City(Base):
        ...     __tablename__ = "city"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        >>> statement = select(City.id, City.__mapper__.select_identity_token)
        >>> print(statement)
        SELECT city.id
        FROM city
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(City(id=1))
        ...     session.flush()
        ...     session.execute(statement, execution_options={"identity_token": "north"}).all()
        [(1, 'north')]
        """
        return null()._annotate(
            {
                "entity_namespace": self,
                "parententity": self,
                "parentmapper": self,
                "identity_token": True,
            }
        )

    @memoized_property
    def _annotated_selectable(self) -> Any:
        made = self.selectable._annotate(
            {"entity_namespace": self, "parententity": self, "parentmapper": self}
        )
        return made._set_propagate_attrs({"compile_state_plugin": "orm", "plugin_subject": self})

    def __clause_element__(self) -> Any:
        return self._annotated_selectable

    # -- properties ----------------------------------------------------------------------------------

    def has_property(self, key: str) -> bool:
        """
        Tell whether there is a property of this name.
        """
        return key in self._props

    def get_property(self, key: str, _configure_mappers: bool = False) -> Any:
        """
        Return a property by name.

        Raises:
            InvalidRequestError: There is none.
        """
        if _configure_mappers:
            self._check_configure()
        try:
            return self._props[key]
        except KeyError:
            raise exc.InvalidRequestError(
                f"Mapper '{self}' has no property '{key}'.  If this property was indicated from other "
                f"mappers or configure events, ensure registry.configure() has been called{self._near(key)}"
            ) from None

    def _near(self, key: str) -> str:
        """Return a hint at the attribute that a name may mean."""
        return did_you_mean(key, self._props) or f"; there are {', '.join(self._props)}"

    def get_property_by_column(self, column: Any) -> ColumnProperty:
        """
        Return the property that a column belongs to.

        Raises:
            UnmappedColumnError: The column is not mapped here.
        """
        prop = self._columntoproperty.get(deannotated(column))
        if prop is None:
            mine = self._columntoproperty.get(column)
            if mine is not None:
                return mine
            raise UnmappedColumnError(f"No column {column} is configured on mapper {self}...")
        return prop

    @property
    def iterate_properties(self) -> Iterator[Any]:
        """All properties."""
        return iter(list(self._props.values()))

    @property
    def attrs(self) -> ReadOnlyProperties[Any]:
        """All properties by name."""
        self._check_configure()
        return ReadOnlyProperties(self._props)

    def _filtered(self, kind: Callable[[Any], bool]) -> ReadOnlyProperties[Any]:
        self._check_configure()
        return ReadOnlyProperties({key: prop for key, prop in self._props.items() if kind(prop)})

    @memoized_property
    def _column_props(self) -> list[ColumnProperty]:
        """The column properties, also while other classes are not known yet."""
        return [prop for prop in self._props.values() if isinstance(prop, ColumnProperty)]

    @memoized_property
    def _loading_steps(self) -> list[Any]:
        """
        Column properties and relationships in the order in which they are loaded, taken together where
        nothing has to be decided for each: see `loading_steps`.
        """
        self._check_configure()
        return loading_steps(
            [
                prop
                for prop in self._props.values()
                if prop._is_relationship or isinstance(prop, ColumnProperty)
            ]
        )

    @memoized_property
    def _aliases_to_join(self) -> list[Any]:
        """Aliases that joined eager loading has made, and uses again."""
        return []

    @memoized_property
    def column_attrs(self) -> ReadOnlyProperties[ColumnProperty]:
        """Column properties by name."""
        return self._filtered(lambda prop: isinstance(prop, ColumnProperty))

    @memoized_property
    def relationships(self) -> ReadOnlyProperties[Any]:
        """Relationships by name."""
        return self._filtered(lambda prop: prop._is_relationship)

    @memoized_property
    def synonyms(self) -> ReadOnlyProperties[Any]:
        """Synonyms by name."""
        return self._filtered(lambda prop: prop._is_synonym)

    @memoized_property
    def composites(self) -> ReadOnlyProperties[Any]:
        """Composites by name."""
        return self._filtered(lambda prop: prop._is_composite)

    @memoized_property
    def columns(self) -> MappedColumns:
        """Mapped columns by attribute name."""
        # expressions come first, then what the tables have, in their order
        place = {column: i for i, column in enumerate(all_columns(self))}
        return MappedColumns(sorted(self._columns, key=lambda item: place.get(item[1], -1)))

    @property
    def c(self) -> MappedColumns:
        """Same as ``columns``."""
        return self.columns

    @property
    def all_orm_descriptors(self) -> ReadOnlyProperties[Any]:
        """All attributes that mean something to the ORM: mapped ones, hybrids, proxies."""
        found: dict[str, Any] = {}
        for base in self.class_.__mro__:
            for name, value in base.__dict__.items():
                if name in found or not isinstance(value, InspectionAttr) or value.is_mapper:
                    continue
                if value.is_attribute and getattr(value, "extension_type", None) is not None:
                    found[name] = value
        return ReadOnlyProperties(found)

    # -- identity ----------------------------------------------------------------------------------------

    @memoized_property
    def _pk_keys(self) -> tuple[str, ...]:
        return tuple(self.get_property_by_column(c).key for c in self.primary_key)

    def primary_key_from_instance(self, instance: Any) -> tuple[Any, ...]:
        """
        Return an object's primary key, as its attributes have it now.
        """
        state = instance._sa_instance_state
        return tuple([state.manager.impls[key].get(state, instance, PASSIVE_OFF) for key in self._pk_keys])

    def identity_key_from_row(
        self, row: Any, identity_token: Any = None, adapter: Any = None
    ) -> tuple[Any, ...]:
        """
        Return the identity key that a row has.
        """
        columns = [adapter.columns[c] if adapter is not None else c for c in self.primary_key]
        mapping = getattr(row, "_mapping", None)
        values = row if mapping is None else [mapping[c] for c in columns]
        return (self.identity_class, tuple(values[: len(columns)]), identity_token)

    def identity_key_from_primary_key(self, primary_key: Any, identity_token: Any = None) -> tuple[Any, ...]:
        """
        Return the identity key for a primary key.
        """
        return (self.identity_class, tuple(primary_key), identity_token)

    def identity_key_from_instance(self, instance: Any) -> tuple[Any, ...]:
        """
        Return the identity key of an object, as its attributes have it now.
        """
        state = instance._sa_instance_state
        return self.identity_key_from_primary_key(
            self.primary_key_from_instance(instance), state.identity_token
        )

    def _is_orphan(self, state: Any) -> bool:
        possible = False
        for mapper in self.iterate_to_root():
            for key, cls in mapper._delete_orphans:
                possible = True
                has_parent = cls._sa_class_manager.has_parent(state, key, optimistic=state.pk is not None)
                if self.legacy_is_orphan and has_parent:
                    return False
                if not self.legacy_is_orphan and not has_parent:
                    return True
        return possible and self.legacy_is_orphan

    def cascade_iterator(
        self, type_: str, state: Any, halt_on: Callable[[Any], bool] | None = None
    ) -> Iterator[tuple[Any, Any, Any, Any]]:
        """
        Yield objects that a cascade reaches, as ``(object, mapper, state, dict)``.
        """
        from_session = hooks.session_commands["cascade_states"]
        for reached in from_session(state, type_, halt_on):
            obj = reached.obj()
            yield obj, reached.manager.mapper, reached, values_of(obj)

    # -- shown -------------------------------------------------------------------------------------------

    logger: ClassLogger = ClassLogger("orm.mapper.Mapper")
    logging_name: str | None = None

    def path_string(self) -> str:
        """
        Return the name of this entity within the path of a loader option.
        """
        return self.class_.__name__

    @property
    def _entity_name(self) -> str:
        table = self.local_table
        name = table.description if getattr(table, "description", None) else str(table)
        return f"{self.class_.__name__}({name})"

    def __reduce__(self) -> Any:
        # in a pickle (of an object's loader options, say) a mapper is its class's mapper, wherever that is
        # read
        return mapper_of_pickled, (self.class_,)

    def __str__(self) -> str:
        return f"Mapper[{self._entity_name if self.local_table is not None else self.class_.__name__}]"

    def __repr__(self) -> str:
        return f"<Mapper at 0x{id(self):x}; {self.class_.__name__}>"


# called for each new mapper; `events` applies the listenings that waited for the class
mapper_hooks: list[Callable[[Mapper], None]] = []

_MEMOIZED = (
    "_adapter",
    "_aliases_to_join",
    "_annotated_selectable",
    "_column_props",
    "_identity_values",
    "_loading_adapter",
    "_loading_steps",
    "_pk_keys",
    "_single_table_criterion",
    "_with_polymorphic_selectable",
    "c",
    "column_attrs",
    "columns",
    "composites",
    "relationships",
    "selectable",
    "self_and_descendants",
    "synonyms",
    "with_polymorphic_mappers",
)


def mapper_of_pickled(class_: Any) -> Any:
    """
    Return the mapper of a class that a pickle names.

    Raises:
        UnmappedClassError: It is not mapped in this process.
    """
    manager = getattr(class_, "__dict__", {}).get("_sa_class_manager")
    if manager is None or manager.mapper is None:
        name = f"{class_.__module__}.{class_.__qualname__}"
        raise UnmappedClassError(class_, f"The pickle has a mapped class {name}, which is not mapped here")
    return manager.mapper


def _call_reconstructor(name: str) -> Callable[..., Any]:
    def reconstruct(state: Any, context: Any = None) -> None:
        getattr(state.obj(), name)()

    reconstruct._sa_propagate = True  # type: ignore[attr-defined]  # subclasses have it too
    return reconstruct
