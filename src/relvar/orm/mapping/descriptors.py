"""
Properties without a column of their own: synonyms and composites.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from relvar import exc
from relvar._kernels.keys import next_serial
from relvar.expr.boolean import and_
from relvar.expr.operators import OperatorType
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.columns import ColumnProperty, MappedColumn
from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions, Mapped, MapperProperty, PropComparator
from relvar.orm.state.flags import PASSIVE_OFF
from relvar.orm.state.history import History
from relvar.schema import Column

__all__ = [
    "Composite",
    "CompositeProperty",
    "ProxyAttribute",
    "Synonym",
    "SynonymProperty",
    "composite",
    "synonym",
]


class ProxyAttribute(QueryableAttribute[Any]):
    """
    A class attribute that hands reading and writing on to a Python descriptor, and SQL to another attribute.
    """

    _is_internal_proxy = True

    def __init__(
        self, class_: Any, key: str, descriptor: Any, comparator: Any, parententity: Any, original: Any = None
    ) -> None:
        QueryableAttribute.__init__(self, class_, key, parententity, comparator)
        self.descriptor = descriptor
        self.original_property = original

    @property
    def _effective_comparator(self) -> Any:
        comparator = self.comparator
        return comparator() if isinstance(comparator, FunctionType) else comparator

    @property
    def _is_join_target(self) -> bool:
        attribute = self._join_attribute
        return attribute is not self and attribute._is_join_target

    @property
    def _join_attribute(self) -> QueryableAttribute[Any]:
        if getattr(self.original_property, "_is_synonym", False):
            return self.comparator._proxied()._join_attribute  # type: ignore[no-any-return]  # as declared
        return self

    def __get__(self, obj: Any, owner: Any) -> Any:
        found = self.descriptor.__get__(obj, owner)
        return self if obj is None else found

    def __set__(self, obj: Any, value: Any) -> None:
        self.descriptor.__set__(obj, value)

    def __delete__(self, obj: Any) -> None:
        self.descriptor.__delete__(obj)

    def adapt_to_entity(self, adapt_to_entity: Any) -> QueryableAttribute[Any]:
        return ProxyAttribute(
            adapt_to_entity.entity,
            self.key,
            self.descriptor,
            self.comparator.adapt_to_entity(adapt_to_entity),
            adapt_to_entity,
            self.original_property,
        )


class DescriptorProperty(MapperProperty):
    """
    A property whose values are made from other attributes.
    """

    descriptor: Any = None

    def instrument_class(self, mapper: Any) -> None:
        descriptor = self._descriptor_for(mapper)
        comparator = self._comparator_for(mapper)
        attribute = ProxyAttribute(mapper.class_, self.key, descriptor, comparator, mapper, self)
        if self.doc is not None:
            attribute.__doc__ = self.doc
        manager = mapper.class_manager
        manager.install_descriptor(self.key, attribute)

    def _descriptor_for(self, mapper: Any) -> Any:
        raise NotImplementedError

    def _comparator_for(self, mapper: Any) -> Any:
        raise NotImplementedError


class SynonymProperty(DescriptorProperty):
    """
    Another name for an attribute.
    """

    _is_synonym = True
    inherit_cache = True

    def __init__(
        self,
        name: str,
        map_column: bool | None = None,
        descriptor: Any = None,
        comparator_factory: Any = None,
        attribute_options: AttributeOptions | None = None,
        info: dict[Any, Any] | None = None,
        doc: str | None = None,
    ) -> None:
        self.name = name
        self.map_column = map_column
        self.descriptor = descriptor
        self.comparator_factory = comparator_factory
        self.attribute_options = attribute_options or AttributeOptions()
        self.has_dataclass_arguments = bool(self.attribute_options.field_arguments())
        self.doc = doc or (descriptor.__doc__ if descriptor is not None else None)
        if info:
            self.__dict__["info"] = dict(info)

    @property
    def uses_objects(self) -> bool:
        """Whether the attribute refers to mapped objects."""
        return bool(getattr(self.parent.class_, self.name).impl.uses_objects)

    @property
    def _proxied_object(self) -> Any:
        return getattr(self.parent.class_, self.name)

    def set_parent(self, parent: Any, init: bool) -> None:
        if self.map_column:
            table = parent.persist_selectable
            if self.key not in table.c:
                raise exc.ArgumentError(
                    f"Can't compile synonym '{self.name}': no column on table '{table.description}' named "
                    f"'{self.key}'"
                )
            column = table.c[self.key]
            if column in parent._columntoproperty and parent._columntoproperty[column].key == self.name:
                raise exc.ArgumentError(
                    f"Can't call map_column=True for synonym {self.key!r}={self.name!r}, a ColumnProperty "
                    "already "
                    f"exists keyed to the name {self.name!r} for column {self.key!r}"
                )
            prop = ColumnProperty(column)
            parent._configure_property(self.name, prop)
        self.parent = parent

    def _descriptor_for(self, mapper: Any) -> Any:
        if self.descriptor is not None:
            return self.descriptor
        existing = mapper.class_.__dict__.get(self.key)
        if existing is not None and not isinstance(existing, (QueryableAttribute, SynonymProperty)):
            if hasattr(existing, "__get__") and hasattr(existing, "__set__"):
                return existing
        name = self.name
        return property(
            lambda obj: getattr(obj, name),
            lambda obj, value: setattr(obj, name, value),
            lambda obj: delattr(obj, name),
        )

    def _comparator_for(self, mapper: Any) -> Any:
        return SynonymComparator(self, mapper)

    def get_history(self, state: Any, dict_: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the attribute of an object differs from its committed value.
        """
        return state.get_history(self.name, passive)  # type: ignore[no-any-return]  # History by contract


class SynonymComparator(PropComparator[Any]):
    """
    The operators of a synonym: those of the attribute it stands for.
    """

    __slots__ = ()

    _is_stable = False

    def _proxied(self) -> Any:
        entity = self._parententity
        owner = entity.entity if entity.is_aliased_class else entity.class_
        attribute = getattr(owner, self.prop.name)
        factory = self.prop.comparator_factory
        if factory is not None:
            return factory(
                attribute.comparator.prop, entity.mapper, entity if entity.is_aliased_class else None
            )
        return attribute

    def __clause_element__(self) -> Any:
        made = self._proxied().__clause_element__()
        if not getattr(made, "_is_column_element", False):
            return made
        return made._annotate({"proxy_key": self.prop.key})

    def __getattr__(self, key: str) -> Any:
        if key[:1] == "_":
            raise AttributeError(key)
        return getattr(self._proxied(), key)

    def _bulk_update_tuples(self, value: Any) -> Any:
        return self._proxied()._bulk_update_tuples(value)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        return op(self._proxied(), *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        return op(other, self._proxied(), **kwargs)


class Synonym(SynonymProperty, Mapped[Any]):
    """
    What ``synonym()`` returns.
    """

    __hash__ = object.__hash__
    __eq__ = object.__eq__  # type: ignore[assignment]  # no expression: objects
    __ne__ = object.__ne__  # type: ignore[assignment]  # as above


def synonym(
    name: str,
    *,
    map_column: bool | None = None,
    descriptor: Any = None,
    comparator_factory: Any = None,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    dataclass_metadata: Any = NO_ARG,
) -> Any:
    """
    Give an attribute another name.

    Args:
        map_column: The column has the synonym's name; map it under *name*.
        descriptor: A Python property that reads and writes in its place.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, synonym
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    ...     login: Mapped[str] = synonym("name")
    >>> print(select(User.id).where(User.login == "ann"))
    SELECT users.id
    FROM users
    WHERE users.name = :name_1
    >>> User(login="ann").name
    'ann'
    """
    return Synonym(
        name,
        map_column=map_column,
        descriptor=descriptor,
        comparator_factory=comparator_factory,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        info=info,
        doc=doc,
    )


class CompositeProperty(DescriptorProperty):
    """
    A value object made from several column attributes.
    """

    _is_composite = True
    inherit_cache = True

    def __init__(
        self,
        _class_or_attr: Any = None,
        *attrs: Any,
        return_none_on: Any = NO_ARG,
        attribute_options: AttributeOptions | None = None,
        active_history: bool = False,
        deferred: bool = False,
        group: str | None = None,
        comparator_factory: Any = None,
        column_template: str | None = None,
        raiseload: bool = False,
        info: dict[Any, Any] | None = None,
        doc: str | None = None,
    ) -> None:
        if isinstance(_class_or_attr, (Mapped, str, Column, MappedColumn)) and not isinstance(
            _class_or_attr, type
        ):
            attrs = (_class_or_attr, *attrs)
            self.composite_class: Any = None
        else:
            self.composite_class = _class_or_attr
        self.attrs: tuple[Any, ...] = attrs
        self._key_serial = next_serial()
        self.return_none_on = return_none_on
        self.attribute_options = attribute_options or AttributeOptions()
        self.has_dataclass_arguments = bool(self.attribute_options.field_arguments())
        self.active_history = active_history
        self.deferred = deferred
        self.group = group
        self.raiseload = raiseload
        self.column_template = column_template
        self.comparator_factory = comparator_factory or CompositeComparator
        self.doc = doc
        if info is not None:
            self.__dict__["info"] = dict(info)

    @property
    def columns_to_assign(self) -> list[tuple[Any, int]]:
        """The table columns that a declarative class takes from this property."""
        return [
            (attr.column if isinstance(attr, MappedColumn) else attr, 0)
            for attr in self.attrs
            if isinstance(attr, (MappedColumn, Column))
            and (attr.column if isinstance(attr, MappedColumn) else attr).table is None
        ]

    @property
    def props(self) -> list[Any]:
        """The properties of the attributes the value is made from."""
        found = []
        for attr in self.attrs:
            if isinstance(attr, str):
                found.append(self.parent.get_property(attr))
            elif isinstance(attr, MappedColumn):
                found.append(self.parent._columntoproperty[attr.column])
            elif isinstance(attr, Column):
                found.append(self.parent._columntoproperty[attr])
            else:
                found.append(attr.comparator.prop)
        return found

    @property
    def columns(self) -> list[Any]:
        """The columns the value is made from."""
        return [prop.columns[0] for prop in self.props]

    @property
    def _attribute_keys(self) -> list[str]:
        return [prop.key for prop in self.props]

    def do_init(self) -> None:
        for prop in self.props:
            prop.active_history = prop.active_history or self.active_history
            if self.deferred:
                prop.deferred = True
                prop.group = self.group
            impl = self.parent.class_manager.impls.get(prop.key)
            if impl is not None:
                impl.active_history = prop.active_history or impl.active_history
        self._listen_for_changes()

    def _listen_for_changes(self) -> None:
        """Forget the value object when its parts are loaded again."""
        manager = self.parent.class_manager
        keys = set(self._attribute_keys)
        key = self.key

        def forget(state: Any, *args: Any) -> None:
            names = args[-1] if args else None
            obj = state.obj()
            if obj is not None and (names is None or keys.intersection(names)):
                obj.__dict__.pop(_cache_name(key), None)

        forget._sa_propagate = True  # type: ignore[attr-defined]  # subclasses too
        manager.listeners.add("expire", forget)
        manager.listeners.add("refresh", forget)
        manager.listeners.add("refresh_flush", forget)

    def _values_of(self, value: Any) -> tuple[Any, ...]:
        """Return the parts of a value object."""
        if value is None:
            return tuple(None for _ in self._attribute_keys)
        if hasattr(value, "__composite_values__"):
            return tuple(value.__composite_values__())
        if hasattr(type(value), "__dataclass_fields__"):
            from dataclasses import fields  # loaded by who made the class

            return tuple(getattr(value, field.name) for field in fields(value))
        raise exc.InvalidRequestError(
            f"Composite class {self.composite_class.__name__} is not a dataclass and does not define a "
            "__composite_values__() method; can't get state"
        )

    def put_values(self, row: dict[str, Any], value: Any) -> None:
        """Put the parts of a value object into a row of a bulk operation."""
        row.update(zip(self._attribute_keys, self._values_of(value), strict=True))

    def _none_rule(self) -> Callable[..., bool] | None:
        rule = self.return_none_on
        if rule is NO_ARG:
            return None
        return rule  # type: ignore[no-any-return]  # the user's function or None

    def _descriptor_for(self, mapper: Any) -> Any:
        cached = _cache_name(self.key)

        def fget(instance: Any) -> Any:
            held = instance.__dict__
            values = [getattr(instance, key) for key in self._attribute_keys]
            known = held.get(cached)
            if known is not None and list(self._values_of(known)) == values:
                return known
            state = instance._sa_instance_state
            rule = self._none_rule()
            if rule is not None and rule(*values):
                if state.pk is None and known is None:
                    return None
                return None
            held[cached] = made = self.composite_class(*values)
            _link_mutable(self, state, made)
            return made

        def fset(instance: Any, value: Any) -> None:
            attribute = getattr(type(instance), self.key)
            for key, part in zip(self._attribute_keys, self._values_of(value), strict=True):
                setattr(instance, key, part)
            instance.__dict__.pop(cached, None)
            if value is not None:
                instance.__dict__[cached] = value
                _link_mutable(self, instance._sa_instance_state, value)
            del attribute

        def fdel(instance: Any) -> None:
            instance.__dict__.pop(cached, None)
            for key in self._attribute_keys:
                setattr(instance, key, None)

        return property(fget, fset, fdel)

    def _comparator_for(self, mapper: Any) -> Any:
        return self.comparator_factory(self, mapper)

    def get_history(self, state: Any, dict_: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the value of an object differs from its committed one.
        """
        added: list[Any] = []
        deleted: list[Any] = []
        has_history = False
        for prop in self.props:
            history = state.get_history(prop.key, passive)
            has_history = has_history or history.has_changes()
            current = history.non_deleted()
            added.append(current[0] if current else None)
            deleted.append(history.deleted[0] if history.deleted else (current[0] if current else None))
        made = self.composite_class(*added)
        if has_history:
            return History([made], (), [self.composite_class(*deleted)])
        return History((), [made], ())

    def __str__(self) -> str:
        return f"{self.parent.class_.__name__}.{self.key}"


def _cache_name(key: str) -> str:
    return f"_sa_composite_{key}"


# called as (prop, state, value) for each value object that an object holds; `ext.mutable` adds itself
composite_hooks: list[Callable[[Any, Any, Any], None]] = []


def _link_mutable(prop: CompositeProperty, state: Any, value: Any) -> None:
    for hook in composite_hooks:
        hook(prop, state, value)


class CompositeComparator(PropComparator[Any]):
    """
    The operators of a composite: each part by itself, joined by AND.
    """

    __slots__ = ()

    _is_stable = False

    def _parts(self) -> list[Any]:
        entity = self._parententity
        owner = entity.entity if entity.is_aliased_class else entity.class_
        return [getattr(owner, key) for key in self.prop._attribute_keys]

    def __clause_element__(self) -> Any:
        return self._bundle()

    def _bundle(self) -> Any:
        made = make_bundle[0]
        return made(self.prop, self._parts(), self._parententity)

    def _compare(self, operator: Callable[[Any, Any], Any], other: Any) -> Any:
        if isinstance(other, CompositeComparator):
            values: Any = other._parts()
        elif isinstance(getattr(other, "comparator", None), CompositeComparator):
            values = other.comparator._parts()
        else:
            values = self.prop._values_of(other)
        return and_(*(operator(part, value) for part, value in zip(self._parts(), values, strict=True)))

    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> Any:
        return self._compare(lambda a, b: a == b, other)

    def __ne__(self, other: Any) -> Any:
        return ~self.__eq__(other)

    def __lt__(self, other: Any) -> Any:
        return self._compare(lambda a, b: a < b, other)

    def __le__(self, other: Any) -> Any:
        return self._compare(lambda a, b: a <= b, other)

    def __gt__(self, other: Any) -> Any:
        return self._compare(lambda a, b: a > b, other)

    def __ge__(self, other: Any) -> Any:
        return self._compare(lambda a, b: a >= b, other)

    def _bulk_update_tuples(self, value: Any) -> list[tuple[Any, Any]]:
        values = self.prop._values_of(value)
        return list(zip((part.__clause_element__() for part in self._parts()), values, strict=True))


CompositeProperty.Comparator = CompositeComparator  # type: ignore[attr-defined]  # its documented name


def _no_bundle(*_args: Any) -> Any:
    raise RuntimeError("relvar.orm is not imported")


# makes the bundle that SELECT shows for a composite; set by loading
make_bundle: list[Callable[..., Any]] = [_no_bundle]


class Composite(CompositeProperty, Mapped[Any]):
    """
    What ``composite()`` returns.
    """

    __hash__ = object.__hash__
    __eq__ = object.__eq__  # type: ignore[assignment]  # no expression: objects
    __ne__ = object.__ne__  # type: ignore[assignment]  # as above


def composite(
    _class_or_attr: Any = None,
    *attrs: Any,
    group: str | None = None,
    deferred: bool = False,
    raiseload: bool = False,
    return_none_on: Any = NO_ARG,
    comparator_factory: Any = None,
    active_history: bool = False,
    column_template: str | None = None,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    info: dict[Any, Any] | None = None,
    doc: str | None = None,
    dataclass_metadata: Any = NO_ARG,
    **_kw: Any,
) -> Any:
    """
    Map a value object that is made from several columns.

    Args:
        _class_or_attr: Its class (may come from the annotation), else the first column.
        attrs: Columns, attributes or their names, in the order of the class's arguments.
        return_none_on: Called with the parts; when true the value is None.  Default for an
            ``Optional`` annotation: all parts are None.

    >>> from dataclasses import dataclass
    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, composite, mapped_column
    >>> @dataclass
    ... class Point:
    ...     x: int
    ...     y: int
    >>> class Base(DeclarativeBase): ...
    >>> class Dot(Base):
    ...     __tablename__ = "dot"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     at: Mapped[Point] = composite(mapped_column("x"), mapped_column("y"))
    >>> Dot(at=Point(1, 2)).at
    Point(x=1, y=2)
    >>> print(select(Dot.id).where(Dot.at == Point(1, 2)))
    SELECT dot.id
    FROM dot
    WHERE dot.x = :x_1 AND dot.y = :y_1
    """
    return Composite(
        _class_or_attr,
        *attrs,
        return_none_on=return_none_on,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        active_history=active_history,
        deferred=deferred,
        group=group,
        raiseload=raiseload,
        comparator_factory=comparator_factory,
        column_template=column_template,
        info=info,
        doc=doc,
    )
