"""
Events of mapped classes: of their objects, their attributes, their mappers.

Objects and attributes keep their listeners in tuples of their own (`relvar.orm.state.listeners`), so that
nothing is asked where nobody listens; the event package knows them for ``event.remove()`` and
``event.contains()``.

A class may be listened on before it is mapped: the listening is *held* and applied when a mapper appears.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar.event import EventKey, Events, EventTarget, clock
from relvar.event.registry import lock, remember
from relvar.orm.mapping import configure
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.hooks import instrumented as attribute_hooks
from relvar.orm.mapping.mapper import Mapper, mapper_hooks
from relvar.orm.state import hooks, interception
from relvar.orm.state.flags import NO_KEY
from relvar.orm.state.manager import ClassManager
from relvar.util.symbol import symbol

__all__ = [
    "EXT_CONTINUE",
    "EXT_SKIP",
    "EXT_STOP",
    "AttributeEvents",
    "InstanceEvents",
    "InstrumentationEvents",
    "MapperEvents",
]

EXT_CONTINUE = symbol("EXT_CONTINUE")
EXT_STOP = symbol("EXT_STOP")
EXT_SKIP = symbol("EXT_SKIP")
configure.skip_marker(EXT_SKIP)


class _Place:
    """
    A function in one of our tuples, as the event package's registry sees it.
    """

    __slots__ = ("__weakref__", "fn", "kind", "listeners", "told")

    def __init__(
        self, listeners: Any, kind: str, fn: Callable[..., Any], told: Callable[[], None] | None
    ) -> None:
        self.listeners = listeners
        self.kind = kind
        self.fn = fn
        self.told = told

    def discard(self, key: Any) -> None:
        """
        Take the function out.
        """
        self.listeners.discard(self.kind, self.fn)
        self.listeners.places = tuple([place for place in self.listeners.places if place is not self])
        if self.told is not None:
            self.told()


def _enter(
    event_key: EventKey,
    listeners: Any,
    fn: Callable[..., Any],
    insert: bool,
    told: Callable[[], None] | None = None,
) -> None:
    kind = event_key.identifier
    with lock:
        listeners.add(kind, fn, insert)
        place = _Place(listeners, kind, fn, told)
        listeners.places = (*listeners.places, place)
        remember(event_key._key, place)
        clock.ticks += 1
    if told is not None:
        told()


class InstrumentationFactory(EventTarget):
    """
    What classes get their instrumentation from; hears nothing itself.
    """


_factory = InstrumentationFactory()


class InstrumentationEvents(Events):
    """
    Events of the instrumentation of classes.

    The target is a class: listeners hear of it and, unless ``propagate=False``, of its subclasses.
    Of ``type`` they hear of all classes.
    """

    _target_class_doc = "SomeBaseClass"
    _dispatch_target = InstrumentationFactory

    def class_instrument(self, cls: Any) -> None:
        """Called after a class was instrumented."""

    def class_uninstrument(self, cls: Any) -> None:
        """Called before a class loses its instrumentation."""

    def attribute_instrument(self, cls: Any, key: Any, inst: Any) -> None:
        """Called when an attribute was instrumented."""

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        return target if isinstance(target, type) else None

    @classmethod
    def _listen(cls, event_key: EventKey, *, propagate: bool = True, **kw: Any) -> None:
        wanted, fn = event_key.dispatch_target, event_key._listen_fn
        hears_all = wanted in (type, InstrumentationFactory)

        def told(class_: type[Any], *args: Any) -> None:
            if hears_all or class_ is wanted or (propagate and issubclass(class_, wanted)):
                fn(class_, *args)

        event_key.with_dispatch_target(_factory).with_wrapper(told).base_listen(**kw)


hooks.instrument_hook[0] = _factory.dispatch


class _Held:
    """
    Listenings on classes that have no mapper yet.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[type[Any], EventKey, dict[str, Any]]] = []

    def hold(self, class_: type[Any], event_key: EventKey, options: dict[str, Any]) -> None:
        """
        Remember a listening.
        """
        if event_key.contains() and any(self._is_of(entry, event_key._key) for entry in self.entries):
            return
        self.entries.append((class_, event_key, options))
        with lock:
            remember(event_key._key, self)

    def discard(self, key: Any) -> None:
        """
        Forget a listening, as `event.remove` asks of every place that has it.
        """
        self.entries = [entry for entry in self.entries if not self._is_of(entry, key)]

    @staticmethod
    def _is_of(entry: tuple[type[Any], EventKey, dict[str, Any]], key: Any) -> bool:
        return bool(entry[1]._key == key)

    def apply(self, class_: type[Any], target: Any, listen: Callable[..., None]) -> None:
        """
        Apply what was remembered for a class that is mapped now, or for its bases with ``propagate``.
        """
        for held, event_key, options in self.entries:
            if held is class_ or (options.get("propagate") and issubclass(class_, held)):
                listen(event_key.with_dispatch_target(target), **options)


_held_instances = _Held()
_held_mappers = _Held()


class InstanceEvents(Events):
    """
    Events of the objects of a mapped class.

    Listeners get the object; with ``raw=True`` its `InstanceState`.  With
    ``propagate=True`` they hear of subclasses too.
    """

    _target_class_doc = "SomeClass"

    def first_init(self, manager: Any, cls: Any) -> None:
        """Called when the first object of a class is made."""

    def init(self, target: Any, args: Any, kwargs: Any) -> None:
        """Called before ``__init__``; *kwargs* may be changed in place."""

    def init_failure(self, target: Any, args: Any, kwargs: Any) -> None:
        """Called when ``__init__`` raised."""

    def load(self, target: Any, context: Any) -> None:
        """Called after an object was made from a row."""

    def refresh(self, target: Any, context: Any, attrs: Any) -> None:
        """Called after attributes were loaded again."""

    def refresh_flush(self, target: Any, flush_context: Any, attrs: Any) -> None:
        """Called after a flush brought values back."""

    def expire(self, target: Any, attrs: Any) -> None:
        """Called after attributes were expired."""

    def pickle(self, target: Any, state_dict: Any) -> None:
        """Called when the state of an object is pickled."""

    def unpickle(self, target: Any, state_dict: Any) -> None:
        """Called when the state of an object was unpickled."""

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        if isinstance(target, ClassManager):
            return target
        if isinstance(target, Mapper):
            return target.class_manager
        if target is Mapper or getattr(target, "_sa_is_mapper_function", False):
            return object
        if isinstance(target, type):
            manager = target.__dict__.get("_sa_class_manager")
            return manager if manager is not None else target
        return None

    @classmethod
    def _listen(
        cls,
        event_key: EventKey,
        *,
        raw: bool = False,
        propagate: bool = False,
        restore_load_context: bool = False,
        insert: bool = False,
        named: bool = False,
        **_options: Any,
    ) -> None:
        target = event_key.dispatch_target
        options = {"raw": raw, "propagate": propagate, "insert": insert, "named": named}
        if not isinstance(target, ClassManager):
            _held_instances.hold(
                target, event_key, options if target is not object else {**options, "propagate": True}
            )
            if propagate or target is object:
                for manager in _managers_below(target):
                    cls._listen_on(event_key, manager, raw, propagate, insert, named)
            return
        cls._listen_on(event_key, target, raw, propagate, insert, named)
        if propagate:
            _held_instances.hold(target.class_, event_key, {**options, "only_below": True})
            for manager in target.subclass_managers(True):
                cls._listen_on(event_key, manager, raw, propagate, insert, named)

    @classmethod
    def _listen_on(
        cls, event_key: EventKey, manager: ClassManager, raw: bool, propagate: bool, insert: bool, named: bool
    ) -> None:
        fn = cls._event(event_key.identifier).adapted(event_key._listen_fn, named)

        def told(state: Any, *args: Any) -> Any:
            return fn(state if raw or event_key.identifier == "first_init" else state.obj(), *args)

        _enter(event_key, manager.listeners, told, insert)
        if event_key.identifier in ("init", "init_failure", "first_init"):
            interception.wrap_init(manager.class_, manager)


def _managers_below(cls: type[Any]) -> list[ClassManager]:
    if cls is object:
        return [
            manager
            for registry in list(configure.registries or ())
            for manager in list(registry._managers)
            if manager.mapper is not None
        ]
    found = []
    stack = list(type.__subclasses__(cls))
    while stack:
        sub = stack.pop()
        manager = sub.__dict__.get("_sa_class_manager")
        if manager is not None:
            found.append(manager)
        stack.extend(type.__subclasses__(sub))
    return found


def apply_held(mapper: Mapper) -> None:
    """
    Apply listenings that waited for a class, when its mapper is made.
    """
    manager = mapper.class_manager
    for held, event_key, options in _held_instances.entries:
        below = options.get("propagate") and issubclass(mapper.class_, held)
        if (held is mapper.class_ and not options.get("only_below")) or (below and held is not mapper.class_):
            InstanceEvents._listen_on(
                event_key, manager, options["raw"], options["propagate"], options["insert"], options["named"]
            )
    _held_mappers.apply(mapper.class_, mapper, MapperEvents._listen)


mapper_hooks.append(apply_held)


_OF_REGISTRIES = ("before_configured", "after_configured")


class MapperEvents(Events):
    """
    Events of mappers: configuring, and the rows a flush writes.
    """

    _target_class_doc = "SomeClass"
    _dispatch_target = Mapper

    def instrument_class(self, mapper: Any, class_: Any) -> None:
        """Called when a mapper is made, before its class is instrumented."""

    def after_mapper_constructed(self, mapper: Any, class_: Any) -> None:
        """Called when a mapper was made."""

    def before_mapper_configured(self, mapper: Any, class_: Any) -> None:
        """Called before a mapper is configured; returning ``EXT_SKIP`` leaves it out, until the next time."""

    def mapper_configured(self, mapper: Any, class_: Any) -> None:
        """Called when a mapper was configured."""

    def before_configured(self) -> None:
        """Called before mappers are configured."""

    def after_configured(self) -> None:
        """Called after mappers were configured."""

    def before_insert(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called before an object is inserted."""

    def after_insert(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called after an object was inserted."""

    def before_update(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called before an object is updated (or found to need no UPDATE)."""

    def after_update(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called after an object was updated."""

    def before_delete(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called before an object is deleted."""

    def after_delete(self, mapper: Any, connection: Any, target: Any) -> None:
        """Called after an object was deleted."""

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        if isinstance(target, Mapper) or target is Mapper:
            return target
        if getattr(target, "_sa_is_mapper_function", False):
            return Mapper
        if isinstance(target, type) and not issubclass(target, Mapper):
            if not identifier.startswith(("before_", "after_", "mapper_", "instrument_class")):
                return None
            manager = target.__dict__.get("_sa_class_manager")
            if manager is None and hasattr(target, "registry") and identifier in _OF_REGISTRIES:
                return None  # a declarative base stands for its registry
            return manager.mapper if manager is not None and manager.mapper is not None else target
        return None

    @classmethod
    def _listen(
        cls,
        event_key: EventKey,
        *,
        raw: bool = False,
        retval: bool = False,
        propagate: bool = False,
        insert: bool = False,
        named: bool = False,
        **_options: Any,
    ) -> None:
        target = event_key.dispatch_target
        identifier = event_key.identifier
        if identifier in ("before_configured", "after_configured") and target is not Mapper:
            raise exc.InvalidRequestError(
                f"'{identifier}' ORM event only applies to the Mapper class. You can use the "
                "'before_configured' and 'after_configured' events of a registry for one of them."
            )
        if isinstance(target, type) and target is not Mapper:
            options = {"raw": raw, "retval": retval, "propagate": propagate, "insert": insert, "named": named}
            _held_mappers.hold(target, event_key, options)
            if propagate:
                for manager in _managers_below(target):
                    if manager.mapper is not None:
                        cls._listen(event_key.with_dispatch_target(manager.mapper), **options)
            return
        if not raw and identifier.endswith(("_insert", "_update", "_delete")):
            event_key = event_key.with_wrapper(
                _with_object(event_key._listen_fn, cls._event(identifier), named)
            )
            named = False
        if propagate and isinstance(target, Mapper):
            for mapper in target.self_and_descendants:
                event_key.with_dispatch_target(mapper).base_listen(propagate=True, insert=insert, named=named)
        else:
            event_key.base_listen(insert=insert, named=named)


def _with_object(fn: Callable[..., Any], event: Any, named: bool) -> Callable[..., Any]:
    adapted = event.adapted(fn, named)

    def with_object(mapper: Any, connection: Any, state: Any) -> Any:
        return adapted(mapper, connection, state.obj())

    return with_object


class AttributeEvents(Events):
    """
    Events of attributes.

    Options: ``raw`` (the state instead of the object), ``retval`` (what the
    listener returns is stored), ``propagate`` (subclasses too),
    ``active_history`` (old values are loaded), ``include_key`` (the key in a
    keyed collection is passed as *key*).
    """

    _target_class_doc = "SomeClass.some_attribute"

    def append(self, target: Any, value: Any, initiator: Any, *, key: Any = NO_KEY) -> Any:
        """Called before a member is added."""

    def append_wo_mutation(self, target: Any, value: Any, initiator: Any, *, key: Any = NO_KEY) -> Any:
        """Called when a member is added that is there already."""

    def bulk_replace(self, target: Any, values: Any, initiator: Any, *, keys: Any = None) -> None:
        """Called before a whole collection is replaced; *values* may be changed in place."""

    def remove(self, target: Any, value: Any, initiator: Any, *, key: Any = NO_KEY) -> None:
        """Called before a member is removed."""

    def set(self, target: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        """Called before a value is set."""

    def init_scalar(self, target: Any, value: Any, dict_: Any) -> Any:
        """Called when an attribute is read that was never set."""

    def init_collection(self, target: Any, collection: Any, collection_adapter: Any) -> None:
        """Called when a collection was made."""

    def dispose_collection(self, target: Any, collection: Any, collection_adapter: Any) -> None:
        """Called when a collection was replaced."""

    def modified(self, target: Any, initiator: Any) -> None:
        """Called when `flag_modified` marks the attribute."""

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        return target if isinstance(target, QueryableAttribute) else None

    @classmethod
    def _listen(
        cls,
        event_key: EventKey,
        *,
        active_history: bool = False,
        raw: bool = False,
        retval: bool = False,
        propagate: bool = False,
        include_key: bool = False,
        insert: bool = False,
        named: bool = False,
        **_options: Any,
    ) -> None:
        target = event_key.dispatch_target
        fn = cls._event(event_key.identifier).adapted(event_key._listen_fn, named)
        wrapped = _attribute_listener(fn, event_key.identifier, raw, retval, include_key or named)
        entry = (event_key, wrapped, insert, active_history)
        _listen_on_attribute(target, entry)
        if propagate:
            prop = target.comparator.prop
            prop.__dict__.setdefault("_propagated_listeners", []).append((target.class_, entry))
            manager = target.class_._sa_class_manager
            for sub in manager.subclass_managers(True):
                attribute = sub.attributes.get(target.key)
                if attribute is not None:
                    _listen_on_attribute(attribute, entry)


_Entry = tuple[EventKey, Callable[..., Any], bool, bool]


def _listen_on_attribute(attribute: Any, entry: _Entry) -> None:
    event_key, wrapped, insert, active_history = entry
    impl = attribute.impl
    if impl is None:
        # a relationship gets its impl when mappers are configured
        attribute.__dict__.setdefault("_pending_listeners", []).append(entry)
        return
    _enter(event_key, impl.listeners, wrapped, insert, impl.listeners_changed)
    if active_history:
        impl.active_history = True


def attribute_instrumented(prop: Any, mapper: Any, attribute: Any) -> None:
    """
    Apply listenings that waited for an attribute, or come from a superclass's.
    """
    for entry in attribute.__dict__.pop("_pending_listeners", ()):
        _listen_on_attribute(attribute, entry)
    for class_, entry in prop.__dict__.get("_propagated_listeners", ()):
        if class_ is not mapper.class_ and issubclass(mapper.class_, class_):
            _listen_on_attribute(attribute, entry)


def _attribute_listener(
    fn: Callable[..., Any], identifier: str, raw: bool, retval: bool, include_key: bool
) -> Callable[..., Any]:
    if identifier in ("append", "append_wo_mutation", "remove"):

        def member_changed(state: Any, value: Any, initiator: Any, key: Any = NO_KEY) -> Any:
            target = state if raw else state.obj()
            given = fn(target, value, initiator, key=key) if include_key else fn(target, value, initiator)
            return given if retval else value

        return member_changed
    if identifier == "set":

        def value_set(state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
            given = fn(state if raw else state.obj(), value, oldvalue, initiator)
            return given if retval else value

        return value_set
    if identifier == "bulk_replace":

        def replaced(state: Any, values: Any, initiator: Any, keys: Any = None) -> None:
            target = state if raw else state.obj()
            if include_key:
                fn(target, values, initiator, keys=keys)
            else:
                fn(target, values, initiator)

        return replaced

    def other(state: Any, *args: Any) -> Any:
        given = fn(state if raw else state.obj(), *args)
        return given if retval or identifier != "init_scalar" else args[0]

    return other


attribute_hooks.append(attribute_instrumented)
