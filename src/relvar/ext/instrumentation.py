"""
Let classes keep their mapped values, and what the ORM knows of each object, in places of their own.

For programs whose objects are managed by something else already.  A class says how by
``__sa_instrumentation_manager__``: a callable that gets the class and returns an `InstrumentationManager`
(or a ``ClassManager``).  It, and `instrumentation_finders`, are asked once this module is imported; classes
that were mapped before are as they were.

>>> from relvar import create_engine
>>> from relvar.ext.instrumentation import InstrumentationManager
>>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
>>> class Base(DeclarativeBase): ...
>>> class Boxed(InstrumentationManager):
...     def initialize_instance_dict(self, class_, instance):
...         instance.__dict__["box"] = {}
...     def get_instance_dict(self, class_, instance):
...         return instance.__dict__["box"]
>>> class City(Base):
...     __tablename__ = "city"
...     __sa_instrumentation_manager__ = Boxed
...     id: Mapped[int] = mapped_column(primary_key=True)
...     name: Mapped[str]
>>> City(name="Oslo").__dict__["box"]
{'name': 'Oslo'}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar._kernels.attributes import State, keep_elsewhere
from relvar.orm.mapping.events import InstrumentationFactory
from relvar.orm.state import hooks
from relvar.orm.state.instrument_collection import prepare_factory
from relvar.orm.state.manager import (
    ClassManager,
    instance_dict,
    instance_state,
    manager_of_class,
    opt_manager_of_class,
    unregister_class,
)

__all__ = [
    "INSTRUMENTATION_MANAGER",
    "ExtendedInstrumentationRegistry",
    "InstrumentationManager",
    "find_native_user_instrumentation_hook",
    "instrumentation_finders",
]

INSTRUMENTATION_MANAGER = "__sa_instrumentation_manager__"
"""
The attribute by which a class, or one it derives from, says what instruments it.
"""


def find_native_user_instrumentation_hook(cls: type[Any]) -> Any:
    """
    Return what a class names in ``__sa_instrumentation_manager__``; None where it names nothing.
    """
    return getattr(cls, INSTRUMENTATION_MANAGER, None)


instrumentation_finders: list[Callable[[type[Any]], Any]] = [find_native_user_instrumentation_hook]
"""
What is asked for the instrumentation of each class, in this order, until one returns something but None.

What it returns is called with the class, as the value of ``__sa_instrumentation_manager__`` is.
"""


class InstrumentationManager:
    """
    How a class gets its mapped attributes, and where its objects keep values and state.

    All methods do what is done for any other class; override those that should not.

    Args:
        class_: The class that is mapped.
    """

    def __init__(self, class_: type[Any]) -> None:
        pass

    def manage(self, class_: Any, manager: ClassManager) -> None:
        """
        Hear which manager a class has from now on.
        """
        class_._default_class_manager = manager

    def unregister(self, class_: type[Any], manager: ClassManager) -> None:
        """
        Hear that a class has no manager any more.
        """
        delattr(class_, "_default_class_manager")

    def manager_getter(self, class_: type[Any]) -> Callable[[type[Any]], Any]:
        """
        Return what finds the manager of a class.
        """
        return lambda cls: cls._default_class_manager

    def instrument_attribute(self, class_: type[Any], key: str, inst: Any) -> None:
        """
        Hear that a class has a mapped attribute.
        """

    def post_configure_attribute(self, class_: type[Any], key: str, inst: Any) -> None:
        """
        Hear that a mapped attribute is complete, after all mappers were configured.
        """

    def install_descriptor(self, class_: type[Any], key: str, inst: Any) -> None:
        """
        Put the descriptor of a mapped attribute into a class.
        """
        setattr(class_, key, inst)

    def uninstall_descriptor(self, class_: type[Any], key: str) -> None:
        """
        Take the descriptor of a mapped attribute out of a class.
        """
        delattr(class_, key)

    def install_member(self, class_: type[Any], key: str, implementation: Any) -> None:
        """
        Put something else into a class, such as ``__init__``.
        """
        setattr(class_, key, implementation)

    def uninstall_member(self, class_: type[Any], key: str) -> None:
        """
        Take out what `install_member` put into a class.
        """
        delattr(class_, key)

    def instrument_collection_class(
        self, class_: type[Any], key: str, collection_class: Callable[..., Any]
    ) -> Callable[..., Any]:
        """
        Return what makes the collections of an attribute.
        """
        return prepare_factory(collection_class)

    def get_instance_dict(self, class_: type[Any], instance: Any) -> dict[str, Any]:
        """
        Return where the values of an object are.
        """
        found: dict[str, Any] = instance.__dict__
        return found

    def initialize_instance_dict(self, class_: type[Any], instance: Any) -> None:
        """
        Make the place for the values of a new object, before it gets its state.
        """

    def install_state(self, class_: type[Any], instance: Any, state: Any) -> None:
        """
        Give an object its state.
        """
        instance._default_state = state

    def remove_state(self, class_: type[Any], instance: Any) -> None:
        """
        Take its state from an object.
        """
        delattr(instance, "_default_state")

    def state_getter(self, class_: type[Any]) -> Callable[[Any], Any]:
        """
        Return what finds the state of an object, or raises where it has none.
        """
        return lambda instance: instance._default_state

    def dict_getter(self, class_: type[Any]) -> Callable[[Any], dict[str, Any]]:
        """
        Return what finds the values of an object.
        """
        return lambda instance: self.get_instance_dict(class_, instance)


class _StatePlace:
    """
    Stand in a class where the ORM looks for states of objects, and ask the class's instrumentation.
    """

    def __init__(self, adapted: InstrumentationManager, class_: type[Any]) -> None:
        self._adapted = adapted
        self._class = class_
        self._find = adapted.state_getter(class_)

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if instance is not None:
            try:
                return self._find(instance)
            except (AttributeError, LookupError):
                # each instrumentation has its own way to say that there is none
                pass
        raise AttributeError(f"{owner.__name__!r} object has no attribute {ClassManager.STATE_ATTR!r}")

    def __set__(self, instance: Any, state: State) -> None:
        self._adapted.initialize_instance_dict(self._class, instance)
        self._adapted.install_state(self._class, instance, state)


class _ClassInstrumentationAdapter(ClassManager):
    """
    The manager of a class that an `InstrumentationManager` instruments.
    """

    def __init__(self, class_: type[Any], adapted: InstrumentationManager) -> None:
        self._adapted = adapted
        self._told: set[str] = set()
        super().__init__(class_)

    # -- the class -----------------------------------------------------------------------------

    def place_manager(self) -> None:
        super().place_manager()
        type.__setattr__(self.class_, self.STATE_ATTR, _StatePlace(self._adapted, self.class_))
        self._adapted.manage(self.class_, self)

    def take_manager(self) -> None:
        self._adapted.unregister(self.class_, self)
        type.__delattr__(self.class_, self.STATE_ATTR)
        super().take_manager()

    def place_descriptor(self, key: str, descriptor: Any) -> None:
        self._adapted.install_descriptor(self.class_, key, descriptor)
        self._adapted.instrument_attribute(self.class_, key, descriptor)

    def take_descriptor(self, key: str) -> None:
        self._adapted.uninstall_descriptor(self.class_, key)

    def install_member(self, key: str, implementation: Any) -> None:
        self._adapted.install_member(self.class_, key, implementation)

    def uninstall_member(self, key: str) -> None:
        self._adapted.uninstall_member(self.class_, key)

    def collection_factory(self, key: str, factory: Callable[..., Any]) -> Any:
        return self._adapted.instrument_collection_class(self.class_, key, factory)

    def set_expirable(self) -> None:
        super().set_expirable()
        # attributes are complete whenever this is asked
        for key, descriptor in self.attributes.items():
            if key not in self._told and getattr(descriptor, "impl", None) is not None:
                self._told.add(key)
                self._adapted.post_configure_attribute(self.class_, key, descriptor)

    # -- its objects ----------------------------------------------------------------------------

    def values_getter(self) -> Callable[[Any], dict[str, Any]]:
        return self._adapted.dict_getter(self.class_)

    def teardown_instance(self, instance: Any) -> None:
        """
        Take its state from an object.
        """
        self._adapted.remove_state(self.class_, instance)


class ExtendedInstrumentationRegistry(InstrumentationFactory):
    """
    Find how classes are instrumented, and what they are instrumented with.
    """

    def manager_for(self, class_: type[Any]) -> ClassManager | None:
        """
        Make the manager of a class that is instrumented in a way of its own; None for any other class.

        Raises:
            TypeError: A class it derives from, or that derives from it, is instrumented in another way.
        """
        factory = _find_factory(class_)
        for related in _line(class_):
            other = _factory_in_use(related)
            if other not in (None, factory) and (factory is not None or other is not ClassManager):
                raise TypeError(
                    "multiple instrumentation implementations specified in "
                    f"{class_.__name__} inheritance hierarchy: [{other!r}] of {related.__name__}; "
                    f"all its classes take the same, got {factory or ClassManager!r}"
                )
        if factory is None:
            return None
        made: Any = factory(class_)
        if not isinstance(made, ClassManager):
            _require_methods(class_, made)
            keep_elsewhere()
            made = _ClassInstrumentationAdapter(class_, made)
        made._sa_instrumentation_factory = factory
        return made  # type: ignore[no-any-return]  # checked above

    def unregister(self, class_: type[Any]) -> None:
        """
        Take the instrumentation out of a class.
        """
        unregister_class(class_)

    def opt_manager_of_class(self, cls: Any) -> ClassManager | None:
        """
        Return the manager of exactly this class, or None.
        """
        return opt_manager_of_class(cls)

    def manager_of_class(self, cls: type[Any]) -> ClassManager:
        """
        Return the manager of a class.

        Raises:
            UnmappedClassError: The class is not instrumented.
        """
        return manager_of_class(cls)

    def state_of(self, instance: Any) -> Any:
        """
        Return the state of a mapped object.

        Raises:
            AttributeError: The object has none.
        """
        return instance_state(instance)

    def dict_of(self, instance: Any) -> dict[str, Any]:
        """
        Return where the values of an object are.
        """
        return instance_dict(instance)


def _find_factory(class_: type[Any]) -> Any:
    return next((found for find in instrumentation_finders if (found := find(class_)) is not None), None)


def _factory_in_use(class_: type[Any]) -> Any:
    """Return what made the manager of a class, or would make it; None for a class that nothing is said of."""
    manager = opt_manager_of_class(class_)
    if manager is None:
        return _find_factory(class_)
    return getattr(manager, "_sa_instrumentation_factory", ClassManager)


def _line(class_: type[Any]) -> Iterator[type[Any]]:
    """Yield the classes that a class derives from, and those that derive from it."""
    yield from class_.__mro__[1:-1]
    below = type.__subclasses__(class_)
    for sub in below:
        yield sub
        below.extend(each for each in type.__subclasses__(sub) if each not in below)


def _require_methods(class_: type[Any], made: Any) -> None:
    lacking = [name for name in vars(InstrumentationManager) if name[0] != "_" and not hasattr(made, name)]
    if lacking:
        raise TypeError(
            f"the instrumentation of {class_.__name__} is {made!r}, which has no {', '.join(lacking)}; "
            "derive it from InstrumentationManager"
        )


instrumentation_registry: ExtendedInstrumentationRegistry = ExtendedInstrumentationRegistry()
hooks.manager_hook[0] = instrumentation_registry.manager_for
