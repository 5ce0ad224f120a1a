"""
Instrument a class: descriptors for its attributes, states for its instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from weakref import ref

from relvar import exc
from relvar._kernels.attributes import (
    AttributeImpl,
    ConstructedObject,
    LoadListeners,
    Manager,
    MappedObject,
    State,
    attach_state,
    get_state,
    new_instance,
    values_of,
)
from relvar.orm.exc import UnmappedClassError, UnmappedInstanceError
from relvar.orm.state import hooks
from relvar.orm.state.instance import InstanceState
from relvar.orm.state.interception import install_interception, intercepts_writes, remove_interception

__all__ = [
    "ClassManager",
    "InstanceListeners",
    "has_identity",
    "instance_dict",
    "instance_state",
    "is_instrumented",
    "manager_of_class",
    "opt_manager_of_class",
    "register_class",
    "unregister_class",
]

INSTANCE_EVENTS = (
    "first_init",
    "init",
    "init_failure",
    "load",
    "refresh",
    "refresh_flush",
    "expire",
    "pickle",
    "unpickle",
)


class InstanceListeners(LoadListeners):
    """
    Who wants to hear what happens to objects of one class; one tuple per kind, mostly empty.
    """

    __slots__ = (*[name for name in INSTANCE_EVENTS if name not in ("load", "refresh")], "places")

    places: tuple[Any, ...]
    """What the registry of listeners refers to weakly."""

    first_init: tuple[Callable[..., Any], ...]
    init: tuple[Callable[..., Any], ...]
    init_failure: tuple[Callable[..., Any], ...]
    load: tuple[Callable[..., Any], ...]
    refresh: tuple[Callable[..., Any], ...]
    refresh_flush: tuple[Callable[..., Any], ...]
    expire: tuple[Callable[..., Any], ...]
    pickle: tuple[Callable[..., Any], ...]
    unpickle: tuple[Callable[..., Any], ...]

    def __init__(self, parent: InstanceListeners | None = None) -> None:
        for kind in INSTANCE_EVENTS:
            setattr(self, kind, ())
        self.places = ()

    def add(self, kind: str, fn: Callable[..., Any], first: bool = False) -> None:
        """
        Let *fn* hear of one kind of event.
        """
        if kind == "expire":
            hooks.expiry_heard[0] = True
        known = getattr(self, kind)
        setattr(self, kind, (fn, *known) if first else (*known, fn))

    def discard(self, kind: str, fn: Callable[..., Any]) -> None:
        """
        Let *fn* hear no more.
        """
        setattr(self, kind, tuple(known for known in getattr(self, kind) if known is not fn))


class InstanceDispatch:
    """
    Tells the listeners to objects of one class, by the name of the event.
    """

    __slots__ = ("manager",)

    def __init__(self, manager: ClassManager) -> None:
        self.manager: ClassManager = manager

    def __getattr__(self, kind: str) -> Callable[..., None]:
        if kind not in INSTANCE_EVENTS:
            raise AttributeError(f"There is no event {kind!r}; there are {', '.join(INSTANCE_EVENTS)}")

        def tell(*args: Any) -> None:
            for fn in getattr(self.manager.listeners, kind):
                fn(*args)

        return tell


class ClassManager(Manager):
    """
    The instrumentation of one mapped class: attribute name -> `InstrumentedAttribute`.

    Args:
        class_: The class; the manager is found in its ``_sa_class_manager``.
    """

    STATE_ATTR = "_sa_instance_state"
    MANAGER_ATTR = "_sa_class_manager"

    def __init__(self, class_: type[Any]) -> None:
        Manager.__init__(self, class_)
        self.attributes: dict[str, Any] = {}
        self.local_attrs: dict[str, Any] = {}
        self.registry: Any = None
        self.declarative_scan: Any = None
        self.info: dict[Any, Any] = {}
        # names of values that are made from attributes, and kept beside them
        self.derived: list[str] = []
        self.listeners: InstanceListeners = InstanceListeners()
        self.state_class = InstanceState
        self.new_init: Any = None
        self.finalized = False
        self.originals: dict[str, Any] = {}
        self.plain_new: bool = _makes_plain_instances(class_)
        self.values_of: Any = self.values_getter()
        self.plain_set: bool = self.values_of is None and not intercepts_writes(class_)
        parent = opt_parent_manager(class_)
        if parent is not None:
            for kind in INSTANCE_EVENTS:
                for fn in getattr(parent.listeners, kind):
                    if getattr(fn, "_sa_propagate", False):
                        self.listeners.add(kind, fn)
        self.place_manager()
        install_interception(class_, self)
        told = hooks.instrument_hook[0].class_instrument
        if told:
            told(class_)

    # -- as a mapping ------------------------------------------------------------

    def __contains__(self, key: object) -> bool:
        return key in self.attributes

    def __getitem__(self, key: str) -> Any:
        return self.attributes[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.attributes)

    def __len__(self) -> int:
        return len(self.attributes)

    def __bool__(self) -> bool:
        return True

    def keys(self) -> list[str]:
        """
        Return the names of mapped attributes.
        """
        return list(self.attributes)

    def values(self) -> list[Any]:
        """
        Return the mapped attributes.
        """
        return list(self.attributes.values())

    def items(self) -> list[tuple[str, Any]]:
        """
        Return names with mapped attributes.
        """
        return list(self.attributes.items())

    def get(self, key: str, default: Any = None) -> Any:
        """
        Return a mapped attribute.
        """
        return self.attributes.get(key, default)

    @property
    def is_mapped(self) -> bool:
        """Whether a mapper is set up for the class."""
        return self.mapper is not None

    def get_impl(self, key: str) -> AttributeImpl:
        """
        Return how an attribute is read and written.
        """
        impl: AttributeImpl = self.impls[key]
        return impl

    # -- attributes ------------------------------------------------------------------

    def install_descriptor(self, key: str, descriptor: Any) -> None:
        """
        Put a descriptor into the class.

        Raises:
            InvalidRequestError: The name is reserved.
        """
        if key in (self.STATE_ATTR, self.MANAGER_ATTR):
            raise exc.InvalidRequestError(
                f"{key!r}: requested attribute name conflicts with instrumentation attribute of the same "
                "name."
            )
        if key in self.class_.__dict__ and key not in self.originals:
            self.originals[key] = self.class_.__dict__[key]
        self.place_descriptor(key, descriptor)
        told = hooks.instrument_hook[0].attribute_instrument
        if told:
            told(self.class_, key, descriptor)

    def instrument_attribute(self, key: str, descriptor: Any, impl: AttributeImpl) -> None:
        """
        Make a class attribute a mapped one.
        """
        self.install_descriptor(key, descriptor)
        self.attributes[key] = descriptor
        self.local_attrs[key] = descriptor
        self.impls[key] = impl

    def uninstrument_attribute(self, key: str) -> None:
        """
        Take a mapped attribute out of the class.
        """
        self.attributes.pop(key, None)
        self.local_attrs.pop(key, None)
        self.impls.pop(key, None)
        if key in self.class_.__dict__:
            self.take_descriptor(key)
        if key in self.originals:
            type.__setattr__(self.class_, key, self.originals.pop(key))

    def set_expirable(self) -> None:
        """
        Note which attributes expiring forgets: all of them; those with a column loader are loaded again at
            once.
        """
        loaded = [key for key, impl in self.impls.items() if impl.scalar_loader and impl.load_on_unexpire]
        self.expirable_set: frozenset[str] = frozenset(loaded)
        rest = [key for key in (*self.impls, *self.derived) if key not in self.expirable_set]
        self.expirable: tuple[str, ...] = (*loaded, *rest)
        self.loaded_count: int = len(loaded)

    # -- instances ---------------------------------------------------------------------

    def prepare(self) -> None:
        hooks.configure_hook[0](self)

    @property
    def dispatch(self) -> InstanceDispatch:
        """
        The listeners as functions: who makes objects without ``__init__`` calls ``dispatch.init()``.
        """
        return InstanceDispatch(self)

    def new_instance(self, state: State | None = None) -> Any:
        """
        Return an instance with a state, without calling ``__init__``.
        """
        obj = new_instance(self)
        if state is not None:
            object.__setattr__(obj, self.STATE_ATTR, state)
        elif get_state(obj) is None:
            attach_state(obj, self)
        return obj

    def setup_instance(self, obj: Any, state: State | None = None) -> State:
        """
        Give an existing object a state.
        """
        if state is not None:
            object.__setattr__(obj, self.STATE_ATTR, state)
            return state
        return attach_state(obj, self)

    def has_state(self, obj: Any) -> bool:
        """
        Tell whether an object has a state.
        """
        return get_state(obj) is not None

    def has_parent(self, state: State, key: str, optimistic: bool = False) -> bool:
        """
        Tell whether an object is known to have a parent by an attribute of this class.
        """
        return self.impls[key].hasparent(state, optimistic=optimistic)  # type: ignore[no-any-return]  # bool

    def subclass_managers(self, recursive: bool) -> list[ClassManager]:
        """
        Return the managers of mapped subclasses.
        """
        found = []
        for sub in _subclasses(self.class_):
            manager = opt_manager_of_class(sub)
            if manager is not None and manager is not self:
                found.append(manager)
                if recursive:
                    found.extend(manager.subclass_managers(True))
        return found

    def unregister(self) -> None:
        """
        Give the class back as it was.
        """
        told = hooks.instrument_hook[0].class_uninstrument
        if told:
            told(self.class_)
        for key in list(self.local_attrs):
            if key in self.class_.__dict__ and self.class_.__dict__[key] is self.local_attrs[key]:
                self.take_descriptor(key)
        for key, value in self.originals.items():
            type.__setattr__(self.class_, key, value)
        remove_interception(self.class_, self)
        self.attributes.clear()
        self.local_attrs.clear()
        self.impls.clear()
        self.mapper: Any = None
        self.take_manager()

    def dispose(self) -> None:
        """
        Give the class back as it was.
        """
        self.unregister()

    # -- what stands in the class; an instrumentation of another kind does this in its own way ---------

    def place_manager(self) -> None:
        """
        Let the class know its manager.
        """
        type.__setattr__(self.class_, self.MANAGER_ATTR, self)

    def take_manager(self) -> None:
        """
        Let the class forget its manager.
        """
        if self.class_.__dict__.get(self.MANAGER_ATTR) is self:
            type.__delattr__(self.class_, self.MANAGER_ATTR)

    def place_descriptor(self, key: str, descriptor: Any) -> None:
        """
        Put the descriptor of a mapped attribute into the class.
        """
        type.__setattr__(self.class_, key, descriptor)

    def take_descriptor(self, key: str) -> None:
        """
        Take the descriptor of a mapped attribute out of the class.
        """
        type.__delattr__(self.class_, key)

    def install_member(self, key: str, implementation: Any) -> None:
        """
        Put something that is no mapped attribute into the class, such as ``__init__``.
        """
        type.__setattr__(self.class_, key, implementation)

    def uninstall_member(self, key: str) -> None:
        """
        Take out what `install_member` put in.
        """
        type.__delattr__(self.class_, key)

    def values_getter(self) -> Callable[[Any], dict[str, Any]] | None:
        """
        Return what finds the dictionary of an object's values; None where that is its ``__dict__``.
        """
        return None

    def collection_factory(self, key: str, factory: Callable[..., Any]) -> Any:
        """
        Return what makes the collections of an attribute, given what the mapping says of it.
        """
        return factory

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.class_!r} at {id(self):x}>"


def _makes_plain_instances(cls: Any) -> bool:
    return cls.__new__ in (object.__new__, MappedObject.__new__, ConstructedObject.__new__)


def _subclasses(cls: type[Any]) -> list[type[Any]]:
    return list(type.__subclasses__(cls))


def opt_manager_of_class(cls: Any) -> ClassManager | None:
    """
    Return the manager of exactly this class, or None.
    """
    return cls.__dict__.get("_sa_class_manager") if isinstance(cls, type) else None


def opt_parent_manager(cls: type[Any]) -> ClassManager | None:
    """
    Return the manager of the nearest mapped base class, or None.
    """
    for base in cls.__mro__[1:]:
        manager = base.__dict__.get("_sa_class_manager")
        if manager is not None:
            return manager  # type: ignore[no-any-return]  # always a ClassManager
    return None


def manager_of_class(cls: type[Any]) -> ClassManager:
    """
    Return the manager of a class.

    Raises:
        UnmappedClassError: The class is not instrumented.
    """
    manager = opt_manager_of_class(cls)
    if manager is None:
        raise UnmappedClassError(cls, f"Can't locate an instrumentation manager for class {cls}")
    return manager


def register_class(class_: type[Any]) -> ClassManager:
    """
    Return the manager of a class, made if it has none.
    """
    manager = opt_manager_of_class(class_)
    if manager is None:
        manager = hooks.manager_hook[0](class_) or ClassManager(class_)
    return manager


def unregister_class(class_: type[Any]) -> None:
    """
    Take the instrumentation out of a class.
    """
    manager_of_class(class_).unregister()


def is_instrumented(instance: Any, key: str) -> bool:
    """
    Tell whether an object's class maps this attribute.
    """
    return manager_of_class(type(instance)).impls.get(key) is not None


def instance_state(instance: Any) -> InstanceState:
    """
    Return the state of a mapped object.

    Raises:
        AttributeError: The object has none.
    """
    return instance._sa_instance_state  # type: ignore[no-any-return]  # made by ClassManager only


def instance_dict(instance: Any) -> dict[str, Any]:
    """
    Return the dictionary of an object's values: its ``__dict__``, unless its class is instrumented otherwise.
    """
    return values_of(instance)


def has_identity(instance: Any) -> bool:
    """
    Tell whether an object has, or had, a row.
    """
    return require_state(instance).has_identity


def require_state(instance: Any) -> InstanceState:
    """
    Return the state of a mapped object.

    Raises:
        UnmappedInstanceError: It is no mapped object.
    """
    state = get_state(instance)
    if state is None:
        raise UnmappedInstanceError(instance)
    return state  # type: ignore[return-value]  # ClassManager makes InstanceStates


ManagerRef = ref[ClassManager]
