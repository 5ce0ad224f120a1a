"""
Relationships: attributes that hold related objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from relvar import exc
from relvar._kernels.attributes import values_of
from relvar.expr.element import ColumnElement
from relvar.expr.resolve import clause_element
from relvar.inspection import inspect
from relvar.orm.exc import LoaderStrategyException, UnmappedClassError
from relvar.orm.mapping import hooks
from relvar.orm.mapping.attribute import DataInstrumentedAttribute, InstrumentedAttribute
from relvar.orm.mapping.cascade_options import CascadeOptions
from relvar.orm.mapping.interfaces import (
    MANYTOMANY,
    MANYTOONE,
    NO_ARG,
    ONETOMANY,
    AttributeOptions,
    Mapped,
    PropComparator,
    StrategizedProperty,
)
from relvar.orm.mapping.joincondition import JoinCondition
from relvar.orm.mapping.overlaps import warn_when_overlapping
from relvar.orm.mapping.relationship_compare import Comparator as RelationshipComparator
from relvar.orm.mapping.traverse import deannotated
from relvar.orm.mapping.validators import listen_validators
from relvar.orm.state.backrefs import link_sides
from relvar.orm.state.collection_impl import CollectionAttribute
from relvar.orm.state.flags import NO_VALUE
from relvar.orm.state.impl import ScalarObjectAttribute
from relvar.util.convert import to_list
from relvar.util.generics import TypeVar
from relvar.util.log import ClassLogger
from relvar.util.memoized import memoized_property
from relvar.util.warning import warn, warn_deprecated

__all__ = ["Relationship", "RelationshipProperty"]

Argument = Any

_T = TypeVar("_T", default=Any)


class RelationshipProperty(StrategizedProperty):
    """
    A relationship between two mapped classes; see `relationship` for the arguments.

    Once mappers are configured: ``mapper`` and ``entity`` (what it leads to), ``direction``, ``uselist``,
    ``primaryjoin``, ``secondaryjoin``, ``local_remote_pairs``, ``synchronize_pairs``, ``remote_side``,
    ``local_columns``.
    """

    logger: ClassLogger = ClassLogger("orm.relationships.RelationshipProperty")
    logging_name: str | None = None

    strategy_wildcard_key: ClassVar[str] = "relationship"
    inherit_cache = True
    _is_relationship = True
    _links_to_entity = True
    _persists_link = True

    Comparator = RelationshipComparator

    def __init__(
        self,
        argument: Argument = None,
        secondary: Any = None,
        *,
        uselist: bool | None = None,
        collection_class: Any = None,
        primaryjoin: Any = None,
        secondaryjoin: Any = None,
        back_populates: Any = None,
        order_by: Any = False,
        backref: Any = None,
        overlaps: str | None = None,
        post_update: bool = False,
        cascade: Any = False,
        viewonly: bool = False,
        attribute_options: AttributeOptions | None = None,
        lazy: Any = "select",
        passive_deletes: Any = False,
        passive_updates: bool = True,
        active_history: bool = False,
        enable_typechecks: bool = True,
        foreign_keys: Any = None,
        remote_side: Any = None,
        join_depth: int | None = None,
        comparator_factory: type[PropComparator[Any]] | None = None,
        single_parent: bool = False,
        innerjoin: Any = False,
        distinct_target_key: bool | None = None,
        load_on_pending: bool = False,
        query_class: Any = None,
        info: dict[Any, Any] | None = None,
        omit_join: bool | None = None,
        sync_backref: bool | None = None,
        doc: str | None = None,
        bake_queries: bool = True,
        cascade_backrefs: bool = False,
        _local_remote_pairs: Any = None,
        _legacy_inactive_history_style: bool = False,
    ) -> None:
        if cascade_backrefs:
            raise exc.ArgumentError(
                "The 'cascade_backrefs' parameter passed to relationship() may only be set to False."
            )
        default = None if attribute_options is None else attribute_options.dataclasses_default
        if default is not None and default is not NO_ARG:
            raise exc.ArgumentError("Only 'None' is accepted as dataclass default for a relationship()")
        if back_populates and backref:
            raise exc.ArgumentError("backref and back_populates keyword arguments are mutually exclusive")
        if viewonly:
            _check_viewonly(
                sync_backref,
                passive_deletes=passive_deletes is not False,
                passive_updates=passive_updates is not True,
                enable_typechecks=enable_typechecks is not True,
                active_history=active_history is not False,
            )
        if omit_join:
            warn(
                "setting omit_join to True is not supported; selectin loading of this relationship may not "
                "work correctly if this flag is set explicitly.  omit_join optimization is automatically "
                "detected for conditions under which it is supported."
            )
        self.argument = argument
        self._given_secondary = secondary
        self._given_primary = primaryjoin
        self._given_secondary_join = secondaryjoin
        self._given_order_by = order_by
        self._given_foreign_keys = foreign_keys
        self._given_remote_side = remote_side
        self.uselist: Any = uselist
        self.collection_class = collection_class
        self.back_populates: Any = back_populates
        self.backref = backref
        self.post_update = post_update
        self.viewonly = viewonly
        self.lazy: Any = _lazy_name(lazy)
        self.passive_deletes = passive_deletes
        self.passive_updates = passive_updates
        self.active_history = active_history
        self.enable_typechecks = enable_typechecks
        self.join_depth = join_depth
        self.comparator_factory: Any = comparator_factory or RelationshipProperty.Comparator
        self.single_parent = single_parent
        self.innerjoin = innerjoin
        self.distinct_target_key = distinct_target_key
        self.load_on_pending = load_on_pending
        self.query_class = query_class
        self.omit_join = omit_join
        self.sync_backref = sync_backref
        self.doc = doc
        self.attribute_options: AttributeOptions = attribute_options or AttributeOptions()
        self.has_dataclass_arguments: bool = bool(self.attribute_options.field_arguments())
        self.local_remote_pairs: Any = _local_remote_pairs
        if info is not None:
            self.__dict__["info"] = dict(info)
        self._overlaps = set(overlaps.replace(" ", "").split(",")) if overlaps else set()
        self._reverse_property: set[RelationshipProperty] = set()
        self._resolver: Callable[..., Any] | None = None
        self._init_args = ()
        usual = "merge" if viewonly else "save-update, merge"
        self._cascade = CascadeOptions(usual if cascade is False else cascade)
        if viewonly:
            self._cascade = self._cascade.for_viewonly()
        self.order_by: Any = False
        self.secondary: Any = None
        self.direction: Any = None

    # -- settings ------------------------------------------------------------------------

    @property
    def cascade(self) -> CascadeOptions:
        """The cascades of this relationship."""
        return self._cascade

    @cascade.setter
    def cascade(self, cascade: Any) -> None:
        options = CascadeOptions(cascade)
        self._cascade = options.for_viewonly() if self.viewonly else options
        if "mapper" in self.__dict__:
            self._check_cascade()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at 0x{id(self):x}; {self.__dict__.get('key', 'no key')}>"

    def __str__(self) -> str:
        return f"{self.parent.class_.__name__}.{self.key}"

    @property
    def table(self) -> Any:
        """What the related class selects from."""
        return self.entity.selectable

    @property
    def target(self) -> Any:
        """What the related class is mapped to."""
        return self.entity.persist_selectable

    # -- the attribute -----------------------------------------------------------------------

    def instrument_class(self, mapper: Any) -> None:
        manager = mapper.class_manager
        cls = InstrumentedAttribute if manager.plain_set else DataInstrumentedAttribute
        comparator = self.comparator_factory(self, mapper)
        attribute: Any = cls(mapper.class_, self.key, mapper, comparator, None)
        if self.doc is not None:
            attribute.__doc__ = self.doc
        manager.install_descriptor(self.key, attribute)
        manager.attributes[self.key] = attribute
        manager.local_attrs[self.key] = attribute

    def post_instrument_class(self, mapper: Any) -> None:
        manager = mapper.class_manager
        attribute = manager.attributes.get(self.key)
        if attribute is None or attribute.impl is not None or self.direction is None:
            return
        impl = self._make_impl(mapper)
        impl.writes = not self.viewonly
        attribute.impl = impl
        manager.impls[self.key] = impl
        if hasattr(self, "field_default"):
            impl.set_field_default(self.field_default)
        if self.single_parent:
            _listen_single_parent(self, impl)
        listen_validators(mapper, self.key, impl)
        for cascade in hooks.cascade_hooks:
            cascade(self, impl)
        self._link_other_side(impl)
        for instrumented in hooks.instrumented:
            instrumented(self, mapper, attribute)
        for hook in hooks.attribute_hooks:
            hook(self, mapper, impl)

    def _make_impl(self, mapper: Any) -> Any:
        tracks_owners = self.single_parent or self.direction is ONETOMANY
        arguments: dict[str, Any] = {
            "parent_token": self,
            "tracks_owners": tracks_owners,
            "active_history": self.active_history or self.single_parent,
        }
        custom = hooks.custom_impl_hooks.get(self.lazy)
        if custom is not None:
            return custom(self, mapper, **arguments)
        if self.uselist:
            factory = mapper.class_manager.collection_factory(self.key, self.collection_class or list)
            return CollectionAttribute(mapper.class_, self.key, typecallable=factory, **arguments)
        impl = ScalarObjectAttribute(mapper.class_, self.key, **arguments)
        impl.deferred_history = not impl.active_history and not self._is_simple_many_to_one
        return impl

    @property
    def _is_simple_many_to_one(self) -> bool:
        """Whether the related object can be found by primary key alone."""
        if self.direction is not MANYTOONE or self.secondary is not None:
            return False
        pk = set(self.mapper.primary_key)
        remote_columns = {remote for _, remote in self.local_remote_pairs}
        return remote_columns == pk and len(self.local_remote_pairs) == len(pk)

    _use_get = _is_simple_many_to_one

    def _link_other_side(self, impl: Any) -> None:
        if not self.back_populates or self.sync_backref is False or self.viewonly:
            return
        for other in self._reverse_property:
            if other.key == self.back_populates and not other.viewonly and other.sync_backref is not False:
                link_sides(impl, other.key, other)

    # -- configuring ---------------------------------------------------------------------------

    def do_init(self) -> None:
        try:
            self._configure()
        except (
            exc.ArgumentError,
            exc.InvalidRequestError,
            exc.NoReferenceError,
            AttributeError,
            NameError,
            SyntaxError,
            TypeError,
            ValueError,
        ) as error:
            from relvar.orm.mapping.relationship_errors import name_relationship  # mistakes only

            name_relationship(error, self)
            raise

    def _configure(self) -> None:
        if self.lazy not in _LAZY:
            raise LoaderStrategyException(
                f"Can't find strategy (('lazy', {self.lazy!r}),) for {self}; lazy may be one of "
                f"{', '.join(sorted(_LAZY))}"
            )
        if self.lazy == "noload":
            warn_deprecated(
                "The ``noload`` loader strategy is deprecated and will be removed in a future release.  This "
                "option produces incorrect results by returning ``None`` for related items. (deprecated "
                "since: 2.1)",
                "2.1",
            )
        self._setup_entity()
        if self.mapper.registry is not self.parent.registry:
            self.parent.registry._set_depends_on(self.mapper.registry)
        self._setup_arguments()
        try:
            self._join_condition = JoinCondition(self)
        except exc.ArgumentError as error:
            from relvar.orm.mapping.relationship_errors import explain_join  # mistakes only

            explain_join(error, self)
            raise
        self._take_join_facts()
        self._check_cascade()
        if self.uselist is None:
            self.uselist = self.direction is not MANYTOONE
        self._generate_backref()
        if not self.viewonly:
            warn_when_overlapping(self)

    def _setup_entity(self) -> None:
        if "entity" in self.__dict__:
            return
        argument = self.argument
        if isinstance(argument, str):
            argument = self._resolve_name(argument, "argument")
        elif callable(argument) and not isinstance(argument, type) and not hasattr(argument, "mapper"):
            argument = argument()
        if isinstance(argument, type) or hasattr(type(argument), "__mro__"):
            manager = getattr(argument, "_sa_class_manager", None) if isinstance(argument, type) else None
            entity = manager.mapper if manager is not None else _inspected_entity(argument)
            if entity is None and isinstance(argument, type):
                from_exc = _unmapped_class(argument)
                raise from_exc
            if entity is None or not hasattr(entity, "mapper"):
                raise exc.ArgumentError(
                    f"relationship '{self.key}' expects a class or a mapper argument (received: "
                    f"{type(argument)})"
                )
            self.entity = entity
            self.mapper: Any = entity.mapper

    def _resolve_name(self, name: str, which: str) -> Any:
        return self._resolver_of_class(which)(name, self, name_only=True)

    def _clsregistry_resolve_name(self, argument: str) -> Callable[[], Any]:
        """
        Return a function that finds the class of a name, which Flask-Admin asks for.
        """
        return lambda: self._resolve_name(argument, "argument")

    def _resolver_of_class(self, which: str) -> Callable[..., Any]:
        registry = self.parent.registry
        return registry._resolver_for(self.parent.class_, which)  # type: ignore[no-any-return]  # by contract

    def _resolved(self, value: Any, which: str) -> Any:
        if isinstance(value, str):
            return self._resolver_of_class(which)(value, self)
        if callable(value) and not hasattr(value, "__clause_element__") and not isinstance(value, type):
            if not hasattr(value, "_annotations") and not hasattr(value, "columns"):
                return value()
        return value

    def _setup_arguments(self) -> None:
        secondary = self._given_secondary
        if isinstance(secondary, str):
            # the name of a table, never an expression
            resolve = self._resolver_of_class("secondary")
            secondary = resolve(secondary, self, name_only=True, favor_tables=True)
        elif callable(secondary) and not isinstance(secondary, type) and not hasattr(secondary, "columns"):
            secondary = secondary()
        self.secondary = _as_from(secondary)
        self._given_primaryjoin = self._condition(self._given_primary, "primaryjoin")
        self._given_secondaryjoin = self._condition(self._given_secondary_join, "secondaryjoin")
        self._user_defined_foreign_keys = self._columns(self._given_foreign_keys, "foreign_keys")
        self._user_defined_remote_side = self._columns(self._given_remote_side, "remote_side")
        order_by = self._resolved(self._given_order_by, "order_by")
        if order_by is False or order_by is None:
            self.order_by = False
        else:
            self.order_by = [_expression(item, "order_by") for item in to_list(order_by) or ()]
        back = self.back_populates
        if callable(back) and not isinstance(back, str) and not hasattr(back, "key"):
            back = back()
        if back is not None and not isinstance(back, str):
            if not hasattr(back, "key"):
                raise exc.ArgumentError(
                    f"Invalid back_populates value: {back!r}; it takes the name of a relationship, or the "
                    "attribute itself"
                )
            back = back.key
        self.back_populates = back

    def _condition(self, given: Any, which: str) -> Any:
        condition = self._resolved(given, which)
        return None if condition is None else _expression(condition, which)

    def _columns(self, given: Any, which: str) -> set[Any]:
        columns = self._resolved(given, which)
        if columns is None:
            return set()
        items: Iterable[Any] = columns if isinstance(columns, (list, tuple, set, frozenset)) else [columns]
        return {deannotated(_expression(item, which)) for item in items}

    def _take_join_facts(self) -> None:
        condition = self._join_condition
        # what loading finds out about the condition: once, not for each statement it plans
        self._load_facts: dict[Any, Any] = {}
        self.primaryjoin: Any = condition.primaryjoin
        self.secondaryjoin: Any = condition.secondaryjoin
        self.direction = condition.direction
        self.local_remote_pairs = condition.local_remote_pairs
        self.remote_side: set[Any] = condition.remote_columns
        self.local_columns: set[Any] = condition.local_columns
        self.synchronize_pairs: list[tuple[Any, Any]] = condition.synchronize_pairs
        self.secondary_synchronize_pairs: list[tuple[Any, Any]] = condition.secondary_synchronize_pairs
        self._calculated_foreign_keys = condition.foreign_key_columns

    @memoized_property
    def _is_self_referential(self) -> bool:
        return bool(self.mapper.common_parent(self.parent))

    def _check_cascade(self) -> None:
        if (
            self.cascade.delete_orphan
            and not self.single_parent
            and self.direction in (MANYTOONE, MANYTOMANY)
        ):
            direction = "many-to-one" if self.direction is MANYTOONE else "many-to-many"
            related, owner = self.mapper.class_.__name__, self.parent.class_.__name__
            raise exc.ArgumentError(
                f"For {direction} relationship {self}, delete-orphan cascade is normally configured only on "
                'the "one" side of a one-to-many relationship, and not on the "many" side of a many-to-one '
                "or many-to-many relationship.  To force this relationship to allow a particular "
                f'"{related}" object to be referenced by only a single "{owner}" object at a time via the '
                f"{self} relationship, which would allow delete-orphan cascade to take place in this "
                "direction, set the single_parent=True flag.",
                code="bbf0",
            )
        if self.passive_deletes == "all" and (self.cascade.delete or self.cascade.delete_orphan):
            raise exc.ArgumentError(
                f"On {self}, can't set passive_deletes='all' in conjunction with 'delete' or 'delete-orphan' "
                "cascade"
            )
        if self.cascade.delete_orphan:
            self.mapper._delete_orphans.append((self.key, self.parent.class_))

    # -- the other side ---------------------------------------------------------------------------

    def _generate_backref(self) -> None:
        makes = self.backref is not None and not self.parent.concrete
        if not makes and not self.back_populates:
            return
        from relvar.orm.mapping.two_sides import link_reverse, make_backref  # two-way links only

        if makes:
            make_backref(self)
        else:
            link_reverse(self, self.back_populates)

    def cascade_iterator(
        self,
        type_: str,
        state: Any,
        dict_: Any = None,
        visited_states: Any = None,
        halt_on: Callable[[Any], bool] | None = None,
    ) -> Iterator[Any]:
        """
        Yield related objects of one object as ``(object, mapper, state, dict)``, as far as loaded.
        """
        seen = visited_states if visited_states is not None else set()
        impl = state.manager.impls[self.key]
        for value in impl.members(impl.get(state, state.obj(), 22) or ()):
            if value is None or value is NO_VALUE:
                continue
            other = value._sa_instance_state
            if other in seen or (halt_on is not None and halt_on(other)):
                continue
            seen.add(other)
            yield value, other.manager.mapper, other, values_of(value)


class Relationship(RelationshipProperty, Mapped[_T]):
    """
    What ``relationship()`` returns.
    """

    inherit_cache = True

    __hash__ = object.__hash__
    __eq__: Any = object.__eq__
    __ne__: Any = object.__ne__


_LAZY = frozenset(
    (
        "select",
        "joined",
        "selectin",
        "subquery",
        "immediate",
        "noload",
        "peers",
        "raise",
        "raise_on_sql",
        "dynamic",
        "write_only",
    )
)


def _check_viewonly(sync_backref: Any, **writing: bool) -> None:
    """
    Refuse, or warn of, settings that mean something only for a relationship that writes.

    Args:
        writing: Name of a setting -> whether it was given.
    """
    if sync_backref:
        raise exc.ArgumentError("sync_backref and viewonly cannot both be True")
    for name, is_set in writing.items():
        if is_set:
            warn(
                f"Setting {name} on relationship() while also setting viewonly=True does not make sense, as "
                "a viewonly=True relationship does not perform persistence operations. This configuration "
                "may raise an error in a future release."
            )


def _lazy_name(lazy: Any) -> Any:
    return (
        {True: "select", False: "joined", None: "noload"}.get(lazy, lazy)
        if lazy in (True, False, None)
        else lazy
    )


def _inspected_entity(argument: Any) -> Any:
    return inspect(argument, raiseerr=False)


def _unmapped_class(cls: type[Any]) -> Exception:
    return UnmappedClassError(cls)


def _as_from(secondary: Any) -> Any:
    if secondary is None:
        return None
    if isinstance(secondary, type):
        manager = getattr(secondary, "_sa_class_manager", None)
        if manager is not None:
            return manager.mapper.local_table
    if hasattr(secondary, "columns"):
        return secondary
    if not isinstance(secondary, type):
        raise exc.ArgumentError(
            f"FROM expression, such as a Table or alias() object expected, got {secondary!r}."
        )
    raise exc.ArgumentError(
        f"secondary argument {secondary!r} passed to to relationship() must be a Table object or other FROM "
        "clause; can't send a mapped class directly as rows in 'secondary' are persisted independently of "
        "a class that is mapped to that same table."
    )


def _expression(given: Any, which: str) -> Any:
    if getattr(given, "_is_join_target", False) is True:  # ``func`` has every name
        raise exc.InvalidRequestError(
            f"Property '{given.key}' is not an instance of ColumnProperty (i.e. does not correspond directly "
            f"to a Column); '{which}' takes columns."
        )
    element = clause_element(given)
    column = getattr(element, "column", None) if getattr(element, "_is_mapped_column", False) else None
    element = column if column is not None else element
    if not isinstance(element, ColumnElement):
        raise exc.ArgumentError(f"Column expression expected for argument '{which}'; got {given!r}.")
    return element


def _listen_single_parent(prop: RelationshipProperty, impl: Any) -> None:
    """
    Refuse a related object that another parent holds already.
    """

    def check(state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        if value is not None and initiator.key == prop.key:
            other = value._sa_instance_state
            if impl.hasparent(other) and oldvalue is not value:
                raise exc.InvalidRequestError(
                    f"Instance {state_name(value)} is already associated with an instance of "
                    f"{prop.parent.class_} "
                    f"via its {prop} attribute, and is only allowed a single parent.",
                    code="bbf1",
                )
        return value

    if impl.collection:
        impl.admit = lambda state, value, initiator: check(state, value, None, initiator)
    else:
        impl.listen("set", check)


def state_name(obj: Any) -> str:
    """
    Return how messages name an object.
    """
    return f"<{type(obj).__name__} at 0x{id(obj):x}>"
