"""
The home of mappers: classes by name, their tables, and the types that annotations stand for.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, dataclass_transform, get_args, get_origin, overload
from weakref import WeakSet

from relvar import exc
from relvar._kernels.attributes import default_constructor, keyword_checks
from relvar.event import dispatcher as dispatcher
from relvar.orm.mapping import clsregistry, configure
from relvar.orm.mapping import events as events
from relvar.orm.mapping.mapper import Mapper
from relvar.orm.mapping.steps import mappings
from relvar.orm.state.manager import ClassManager, register_class
from relvar.schema import MetaData

if TYPE_CHECKING:
    from relvar.orm.mapping.columns import column_property, deferred, query_expression
    from relvar.orm.mapping.composite import composite
    from relvar.orm.mapping.descriptors import synonym
    from relvar.orm.mapping.mapped_column import mapped_column
    from relvar.orm.mapping.relate import relationship

__all__ = ["registry"]

_T = TypeVar("_T", bound=type[Any])
_O = TypeVar("_O")


def _report_keyword(cls: type, name: str) -> None:
    """
    Report a constructor's keyword that is an attribute of the class which is no place for a value.
    """
    for parent in cls.__mro__:
        if name in parent.__dict__:
            held = parent.__dict__[name]
            if isinstance(held, (FunctionType, classmethod, staticmethod, MetaData, registry)):
                what = "method" if not isinstance(held, (MetaData, registry)) else type(held).__name__
                exc.report_loss(
                    f"{name!r} is no mapped attribute of {cls.__name__} but its {what}: the value given to "
                    "the constructor hides that on this object and is not stored in the database.",
                    False,
                )
            return


keyword_checks.append(_report_keyword)
configure.registries = WeakSet()
configure.mapper_class.append(Mapper)


class registry:
    """
    Map classes, with or without a declarative base.

    Args:
        metadata: Where tables are entered; default: a new one.
        class_registry: Class name -> class, for names in relationships.
        type_annotation_map: Python type -> SQL type, in addition to the defaults.
        constructor: The ``__init__`` of mapped classes that have none.

    >>> from relvar import Column, Integer, Table, select
    >>> from relvar.orm import registry
    >>> mapping = registry()
    >>> class User: ...
    >>> users = Table("users", mapping.metadata, Column("id", Integer, primary_key=True))
    >>> _ = mapping.map_imperatively(User, users)
    >>> print(select(User))
    SELECT users.id
    FROM users
    """

    def __init__(
        self,
        *,
        metadata: MetaData | None = None,
        class_registry: Any = None,
        type_annotation_map: Mapping[Any, Any] | None = None,
        constructor: Callable[..., None] | None = default_constructor,
    ) -> None:
        self.metadata: MetaData = metadata if metadata is not None else MetaData()
        self._class_registry: dict[str, Any] = class_registry if class_registry is not None else {}
        self.type_annotation_map: dict[Any, Any] = {}
        self.constructor = constructor
        self._managers: dict[ClassManager, None] = {}
        self._dependencies: set[registry] = set()
        self._dependents: set[registry] = set()
        self._new_mappers = False
        self._resolvers: dict[str, Any] = {}
        # what maps classes that wait for others, called before mappers are configured
        self._mapped_late: dict[Callable[[], None], None] = {}
        if type_annotation_map is not None:
            self.update_type_annotation_map(type_annotation_map)
        configure.registries.add(self)

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} object at 0x{id(self):x}>"

    def update_type_annotation_map(self, type_annotation_map: Mapping[Any, Any]) -> None:
        """
        Add SQL types for Python types.
        """
        for python_type, sql_type in type_annotation_map.items():
            self.type_annotation_map[python_type] = sql_type
            if get_origin(python_type) in (Union, types.UnionType):
                # what holds for Optional[str] holds for str, unless the map says otherwise
                rest = [each for each in get_args(python_type) if each is not type(None)]
                if len(rest) < len(get_args(python_type)):
                    self.type_annotation_map.setdefault(Union[tuple(rest)], sql_type)  # noqa: UP007  # a tuple

    # -- mapping classes ----------------------------------------------------------------

    def generate_base(
        self, mapper: Any = None, cls: Any = object, name: str = "Base", metaclass: Any = None
    ) -> Any:
        """
        Return a new declarative base class.
        """
        return _declarative("generate_base")(self, mapper, cls, name, metaclass)

    def as_declarative_base(self, **kw: Any) -> Callable[[type[Any]], Any]:
        """
        Return a decorator that makes a class a declarative base.
        """

        def decorate(cls: type[Any]) -> Any:
            kw["cls"] = cls
            kw["name"] = cls.__name__
            return self.generate_base(**kw)

        return decorate

    def mapped(self, cls: _T) -> _T:
        """
        Map a class declaratively, without a base; for use as a decorator.
        """
        _declarative("map_declaratively")(self, cls)
        return cls

    def map_declaratively(self, cls: type[_O]) -> Mapper[_O]:
        """
        Map a class declaratively and return its mapper.
        """
        _declarative("map_declaratively")(self, cls)
        mapper: Mapper = vars(cls)["__mapper__"]
        return mapper

    if TYPE_CHECKING:

        @overload
        def mapped_as_dataclass(self, __cls: type[_O], /) -> type[_O]: ...
        @overload
        def mapped_as_dataclass(
            self, __cls: None = None, /, **options: Any
        ) -> Callable[[type[_O]], type[_O]]: ...
        @dataclass_transform(
            field_specifiers=(
                mapped_column,
                relationship,
                composite,
                synonym,
                column_property,
                deferred,
                query_expression,
            )
        )
        def mapped_as_dataclass(self, __cls: Any = None, /, **options: Any) -> Any: ...

    else:

        def mapped_as_dataclass(self, __cls=None, /, **options):
            """
            Map a class declaratively and make it a dataclass; for use as a decorator.
            """

            def decorate(cls):
                cls._sa_apply_dc_transforms = options
                _declarative("map_declaratively")(self, cls)
                return cls

            return decorate if __cls is None else decorate(__cls)

    def map_imperatively(self, class_: type[_O], local_table: Any = None, **kw: Any) -> Mapper[_O]:
        """
        Map a class to a table given as such.
        """
        if not isinstance(class_, type):
            raise exc.ArgumentError(
                f"Argument 'cls_' is expected to be of type '<class 'type'>', got '{type(class_)}'"
            )
        if self.constructor is not None and class_.__init__ is object.__init__:
            type.__setattr__(class_, "__init__", self.constructor)
        return self._map(class_, local_table, kw)

    def _map(
        self, class_: type[Any], local_table: Any, kw: dict[str, Any], mapper_class: Any = None
    ) -> Mapper:
        manager = self._prepare_class(class_)
        try:
            made: Mapper = (mapper_class or Mapper)(class_, local_table, **kw)
        except BaseException:
            manager.mapper = None
            manager.unregister()
            self._managers.pop(manager, None)
            raise
        clsregistry.add_class(class_.__name__, class_, self._class_registry)
        return made

    def _prepare_class(self, class_: type[Any]) -> ClassManager:
        known = class_.__dict__.get("_sa_class_manager")
        if known is not None and known.mapper is not None:
            raise exc.ArgumentError(f"Class '{class_}' already has a primary mapper defined. ")
        manager = register_class(class_)
        manager.registry = self
        self._managers[manager] = None
        return manager

    # -- its mappers -----------------------------------------------------------------------

    @property
    def mappers(self) -> frozenset[Mapper]:
        """All mappers of this registry."""
        return frozenset(manager.mapper for manager in self._managers if manager.mapper is not None)

    def _each_mapper(self) -> Iterator[Mapper]:
        for manager in list(self._managers):
            if manager.mapper is not None:
                yield manager.mapper

    def _flag_new_mapper(self, mapper: Mapper) -> None:
        if mapper.inherits is not None and mapper.inherits.registry is not self:
            self._set_depends_on(mapper.inherits.registry)
        if not self._new_mappers:
            self._new_mappers = True
            for each in _connected(self):
                each._new_mappers = True if each is self else each._new_mappers
                for manager in each._managers:
                    manager.prepared = False
        mapper.class_manager.prepared = False
        mappings.state = object()

    def _set_depends_on(self, other: registry) -> None:
        self._dependencies.add(other)
        other._dependents.add(self)

    def _mappers_to_configure(self) -> Iterable[Mapper]:
        return [mapper for mapper in self._each_mapper() if not mapper.configured]

    def _configure_all(self) -> None:
        configure.configure_registries([self], cascade=True)

    def configure(self, cascade: bool = False) -> None:
        """
        Set up all mappers of this registry that are not yet.

        Args:
            cascade: Also those of registries that this one depends on.
        """
        configure.configure_registries([self], cascade=cascade)

    def _finish_two_way_links(self) -> None:
        """Instrument relationships that came into being while mappers were set up."""
        for mapper in self._each_mapper():
            for prop in list(mapper._props.values()):
                if prop._configure_finished:
                    prop.post_instrument_class(mapper)

    def _release_managers(self) -> None:
        """Let objects be made."""
        for manager in self._managers:
            if manager.mapper is not None:
                manager.set_expirable()
                manager.prepared = manager.mapper.configured

    def _before_configured(self) -> None:
        for late in list(self._mapped_late):
            late()
        self._call_hooks("__declare_first__")

    def _after_configured(self) -> None:
        self._call_hooks("__declare_last__")

    def _call_hooks(self, name: str) -> None:
        """Call a method of each class that has it itself, or from a base that is not mapped."""
        for mapper in list(self._each_mapper()):
            for base in mapper.class_.__mro__:
                if name in base.__dict__:
                    if base is mapper.class_ or not _is_mapped(base):
                        getattr(mapper.class_, name)()
                    break

    def dispose(self, cascade: bool = False) -> None:
        """
        Take all mappers away from their classes.

        Args:
            cascade: Also those of registries that depend on this one; otherwise there must be none.
        """
        if self._dependents and not cascade:
            raise exc.InvalidRequestError(
                f"Registry {self} has dependent registries that are not disposed; pass cascade=True to clear "
                "these also"
            )
        for dependent in list(self._dependents):
            self._dependents.discard(dependent)
            dependent.dispose(cascade=True)
        for mapper in list(self._each_mapper()):
            self._dispose_mapper(mapper)
        self._managers.clear()
        self._new_mappers = False
        for other in self._dependencies:
            other._dependents.discard(self)
        self._dependencies.clear()

    def _dispose_mapper(self, mapper: Mapper) -> None:
        clsregistry.remove_class(mapper.class_.__name__, mapper.class_, self._class_registry)
        mapper.configured = True
        mapper._disposed = True
        manager = mapper.class_manager
        if mapper.inherits is not None and mapper in mapper.inherits._inheriting_mappers:
            mapper.inherits._inheriting_mappers.remove(mapper)
            mapper.inherits._forget_memoized()
        manager.unregister()
        if mapper.class_.__dict__.get("__mapper__") is mapper:
            type.__delattr__(mapper.class_, "__mapper__")

    def _resolver_for(self, cls: type[Any], which: str) -> Callable[..., Any]:
        return clsregistry.resolver(cls, which, declarative["expression_name"])


def _is_mapped(cls: type[Any]) -> bool:
    manager = cls.__dict__.get("_sa_class_manager")
    return manager is not None and manager.mapper is not None


def _connected(start: registry) -> list[registry]:
    found = [start]
    for each in found:
        found.extend(other for other in (*each._dependents, *each._dependencies) if other not in found)
    return found


# functions of the declarative layer, which stands above
declarative: dict[str, Callable[..., Any]] = {}


def _declarative(name: str) -> Callable[..., Any]:
    return declarative[name]
