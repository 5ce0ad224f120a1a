"""
Composites: a value object made from several column attributes.

The value is kept in the object (`CompositeProperty.held_as`), beside the columns it is made from.

Rule 1: it is made when it is first read, and given up when one of its columns is set, loaded or expired.
Rule 2: setting it sets the columns.
Rule 3: what the value object does inside is not seen (unless it is a `relvar.ext.mutable.MutableComposite`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar._kernels.attributes import values_of
from relvar._kernels.keys import next_serial
from relvar.expr import make
from relvar.expr.boolean import and_
from relvar.expr.operators import OperatorType
from relvar.orm.mapping import hooks
from relvar.orm.mapping.columns import MappedColumn
from relvar.orm.mapping.descriptors import DescriptorProperty
from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions, Mapped, PropComparator
from relvar.orm.state.flags import NO_VALUE, PASSIVE_OFF
from relvar.orm.state.history import History
from relvar.orm.state.listeners import OP_REPLACE, AttributeEventToken, Listeners
from relvar.schema import Column
from relvar.util.generics import TypeVar

__all__ = ["Composite", "CompositeProperty", "composite"]

# called as (prop, state, value, previous value) for each value that an object is to hold, return what it
# holds; `ext.mutable` adds itself
composite_hooks: list[Callable[[Any, Any, Any, Any], Any]] = []

_T = TypeVar("_T", default=Any)


class CompositeImpl:
    """
    Who listens to a composite of one class; its columns have impls of their own.
    """

    uses_objects = False
    collection = False
    active_history = False

    def __init__(self, class_: type[Any], prop: CompositeProperty) -> None:
        self.class_ = class_
        self.key: str = prop.key
        self.parent_token = prop
        self.listeners: Listeners = Listeners()
        self.token: AttributeEventToken = AttributeEventToken(self, OP_REPLACE)

    def listen(self, kind: str, fn: Callable[..., Any], first: bool = False) -> None:
        """
        Let *fn* hear of changes of one kind.
        """
        self.listeners.add(kind, fn, first)

    def set_committed_value(self, state: Any, obj: Any, value: Any) -> None:
        """
        Let an object hold a value until its columns are set, loaded or expired; they stay as they are.
        """
        prop = self.parent_token
        previous = values_of(obj).get(prop.held_as, NO_VALUE)
        values_of(obj)[prop.held_as] = prop._held(state, value, previous)

    def listeners_changed(self) -> None:
        """
        Nothing to note: listeners are asked for at each write.
        """


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
        if self.composite_class is not None and not callable(self.composite_class):
            raise exc.ArgumentError(
                f"composite() expects a class, or a column to start with, got {self.composite_class!r}"
            )
        for attr in attrs:
            if not isinstance(attr, (Mapped, str, Column, MappedColumn)):
                raise exc.ArgumentError(
                    "Composite expects Column objects or mapped attributes/attribute names as arguments, "
                    f"got: {attr!r}"
                )
        self.attrs: tuple[Any, ...] = attrs
        self._key_serial = next_serial()
        self.return_none_on = return_none_on
        self.attribute_options: AttributeOptions = attribute_options or AttributeOptions()
        self.has_dataclass_arguments: bool = bool(self.attribute_options.field_arguments())
        self.active_history = active_history
        self.deferred = deferred
        self.group = group
        self.raiseload = raiseload
        self.column_template: str | None = _checked_template(column_template)
        self.comparator_factory: Any = comparator_factory or CompositeProperty.Comparator
        self.doc = doc
        if info is not None:
            self.__dict__["info"] = dict(info)

    @property
    def held_as(self) -> str:
        """The name of the value in the object's ``__dict__``; under its own, it would be seen as a write."""
        return f"_sa_composite_{self.key}"

    def column_name(self, argument: str) -> str:
        """
        Return the name of the column for an argument of the value's class.
        """
        return argument if self.column_template is None else self.column_template % argument

    @property
    def columns_to_assign(self) -> list[tuple[Any, int]]:
        """The table columns that a declarative class takes from this property."""
        columns = [attr.column if isinstance(attr, MappedColumn) else attr for attr in self.attrs]
        return [(column, 0) for column in columns if isinstance(column, Column) and column.table is None]

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

    # -- setting up -------------------------------------------------------------------------

    def do_init(self) -> None:
        for prop in self.props:
            prop.active_history = prop.active_history or self.active_history
            if self.deferred:
                prop.deferred = True
                prop.group = self.group
                prop.raiseload = self.raiseload

    def post_instrument_class(self, mapper: Any) -> None:
        attribute = mapper.class_.__dict__.get(self.key)
        if attribute is None or attribute.impl is not None:
            return
        attribute.impl = CompositeImpl(mapper.class_, self)
        for instrumented in hooks.instrumented:
            instrumented(self, mapper, attribute)
        manager = mapper.class_manager
        manager.derived.append(self.held_as)
        for prop in self.props:
            impl = manager.impls[prop.key]
            impl.active_history = prop.active_history or impl.active_history
            impl.load_on_unexpire = impl.inserted = not prop.deferred
            impl.listen("set", self._column_set)
        keys = frozenset(self._attribute_keys)

        def forget(state: Any, *args: Any) -> None:
            changed = args[-1]
            if changed is None or not keys.isdisjoint(changed):
                state.dict.pop(self.held_as, None)

        for kind in ("expire", "refresh", "refresh_flush"):
            manager.listeners.add(kind, forget)

    def _column_set(self, state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        state.dict.pop(self.held_as, None)
        return value

    # -- values -----------------------------------------------------------------------------

    def value_of(self, *parts: Any) -> Any:
        """
        Return the value that *parts* make: an object, or None where ``return_none_on`` says so.
        """
        rule = self.return_none_on
        if rule is not NO_ARG and rule is not None and rule(*parts):
            return None
        return self.composite_class(*parts)

    def parts_of(self, value: Any) -> tuple[Any, ...]:
        """
        Return what a value object is made from; of None, as many None.
        """
        if value is None:
            return (None,) * len(self.attrs)
        if hasattr(value, "__composite_values__"):
            return tuple(value.__composite_values__())
        if hasattr(type(value), "__dataclass_fields__"):
            from dataclasses import fields  # loaded by who made the class

            return tuple(getattr(value, field.name) for field in fields(value) if field.init)
        name = getattr(self.composite_class, "__name__", str(self.composite_class))
        if isinstance(self.composite_class, type) and not isinstance(value, self.composite_class):
            raise exc.ArgumentError(f"Composite attribute {self} takes {name} objects or None, got {value!r}")
        raise exc.InvalidRequestError(
            f"Composite class {name} is not a dataclass and does not define a __composite_values__() method; "
            "can't get state"
        )

    def put_values(self, row: dict[str, Any], value: Any) -> None:
        """Put the parts of a value object into a row of a bulk operation."""
        row.update(zip(self._attribute_keys, self.parts_of(value), strict=True))

    def put_parts(self, obj: Any, value: Any) -> None:
        """
        Set the columns of an object to what a value consists of, and keep the value.
        """
        for key, part in zip(self._attribute_keys, self.parts_of(value), strict=True):
            setattr(obj, key, part)
        values_of(obj)[self.held_as] = value

    def _held(self, state: Any, value: Any, previous: Any) -> Any:
        for hook in composite_hooks:
            value = hook(self, state, value, previous)
        return value

    def _descriptor_for(self, mapper: Any) -> Any:
        key, name = self.key, self.held_as

        def fget(obj: Any) -> Any:
            held = values_of(obj)
            value = held.get(name, NO_VALUE)
            if value is NO_VALUE:
                value = self.value_of(*[getattr(obj, part) for part in self._attribute_keys])
            # also for a value that came with a pickle
            held[name] = value = self._held(obj._sa_instance_state, value, value)
            return value

        def fset(obj: Any, value: Any) -> None:
            self.parent._check_configure()
            state = obj._sa_instance_state
            previous = values_of(obj).get(name, NO_VALUE)
            impl = getattr(type(obj), key).impl
            for fn in impl.listeners.set:
                value = fn(state, value, previous, impl.token)
            self.put_parts(obj, self._held(state, value, previous))

        def fdel(obj: Any) -> None:
            impl = getattr(type(obj), key).impl
            if impl.listeners.remove:
                for fn in impl.listeners.remove:
                    fn(obj._sa_instance_state, fget(obj), impl.token)
            for part in self._attribute_keys:
                setattr(obj, part, None)

        return property(fget, fset, fdel)

    def _comparator_for(self, mapper: Any) -> Any:
        return self.comparator_factory(self, mapper)

    def get_history(self, state: Any, dict_: Any, passive: int = PASSIVE_OFF) -> History:
        """
        Return how the value of an object differs from its committed one.
        """
        added: list[Any] = []
        deleted: list[Any] = []
        has_changes = False
        for prop in self.props:
            history = state.get_history(prop.key, passive)
            has_changes = has_changes or history.has_changes()
            current = history.non_deleted()
            added.append(current[0] if current else None)
            deleted.append(history.deleted[0] if history.deleted else (current[0] if current else None))
        if has_changes:
            return History([self.value_of(*added)], (), [self.value_of(*deleted)])
        return History((), [self.value_of(*added)], ())

    class Comparator(PropComparator[Any]):
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
            return hooks.make_bundle[0](self.prop, self._parts(), self._parententity)

        def _compare(self, compare: Callable[[Any, Any], Any], other: Any) -> Any:
            comparator = getattr(other, "comparator", other)
            if isinstance(comparator, CompositeProperty.Comparator):
                values: Any = comparator._parts()
            else:
                values = self.prop.parts_of(other)
            return and_(*(compare(part, value) for part, value in zip(self._parts(), values, strict=True)))

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            if other:
                return super().operate(op, *other, **kwargs)
            # ``desc()`` and the like: of each column
            parts = [op(part, **kwargs) for part in self._parts()]
            return make.ClauseList(*parts)

        __hash__: Any = object.__hash__

        def __eq__(self, other: Any) -> Any:
            return self._compare(operator.eq, other)

        def __ne__(self, other: Any) -> Any:
            return ~self.__eq__(other)

        def __lt__(self, other: Any) -> Any:
            return self._compare(operator.lt, other)

        def __le__(self, other: Any) -> Any:
            return self._compare(operator.le, other)

        def __gt__(self, other: Any) -> Any:
            return self._compare(operator.gt, other)

        def __ge__(self, other: Any) -> Any:
            return self._compare(operator.ge, other)

        def _bulk_update_tuples(self, value: Any) -> list[tuple[Any, Any]]:
            values = self.prop.parts_of(value)
            return list(zip((part.__clause_element__() for part in self._parts()), values, strict=True))

    def __str__(self) -> str:
        return f"{self.parent.class_.__name__}.{self.key}"


def _checked_template(template: str | None) -> str | None:
    if template is None:
        return None
    try:
        if template % "x" != template % "y":
            return template
    except (TypeError, ValueError):
        pass
    raise exc.ArgumentError(
        f"column_template {template!r} is not a valid template; expected a string containing exactly one "
        "'%s' placeholder"
    )


class Composite(CompositeProperty, Mapped[_T]):
    """
    What ``composite()`` returns.
    """

    __hash__ = object.__hash__
    __eq__: Any = object.__eq__
    __ne__: Any = object.__ne__


def composite(
    _class_or_attr: type[_T] | Callable[..., _T] | Any = None,
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
) -> Composite[Any]:
    """
    Map a value object that is made from several columns.

    Args:
        _class_or_attr: Its class (may come from the annotation), else the first column.
        attrs: Columns, attributes or their names, in the order of the class's arguments.
        column_template: How to name columns that the class's arguments ask for: ``"home_%s"``.
        deferred, group, raiseload: As for ``deferred()``, for all its columns.
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
