"""
Find mapped classes by name: what the strings in ``relationship("Address")`` mean.

A name may be a class name, ``module.Class``, a table name, or any expression over those; expressions are
evaluated (see `relvar.util.evaluate`) with a namespace that looks names up here, and has no other.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any
from weakref import WeakSet

from relvar import exc
from relvar.orm.mapping.joincondition import foreign, remote
from relvar.schema import MetaData
from relvar.util.pattern import pattern
from relvar.util.text import did_you_mean
from relvar.util.warning import warn

__all__ = ["ClassRegistry", "add_class", "remove_class", "resolver"]

ClassRegistry = MutableMapping[str, Any]

_MODULES = "_sa_module_registry"


class MultipleClasses:
    """
    All classes of one name.
    """

    def __init__(self, classes: list[type[Any]]) -> None:
        self.contents: WeakSet[type[Any]] = WeakSet(classes)

    def add(self, cls: type[Any]) -> None:
        """
        Add a class; warn when it has the module of one that is there.
        """
        for other in self.contents:
            if other.__module__ == cls.__module__:
                warn(
                    "This declarative base already contains a class with the same class name and module "
                    f"name as {cls.__module__}.{cls.__name__}, and will be replaced in the string-lookup "
                    "table."
                )
        self.contents.add(cls)

    def the_only(self, path: str) -> type[Any]:
        """
        Return the class, if there is one only.

        Raises:
            InvalidRequestError: There are several.
        """
        found = list(self.contents)
        if len(found) > 1:
            raise exc.InvalidRequestError(
                f'Multiple classes found for path "{path}" in the registry of this declarative base. Please '
                "use a fully module-qualified path."
            )
        return found[0]


class _Module:
    """A package or module by which classes are found: ``myapp.models.User``."""

    def __init__(self, path: str = "") -> None:
        self.path = path
        self.parts: dict[str, Any] = {}

    def enter(self, path: list[str], cls: type[Any]) -> None:
        here = self
        for name in path:
            inner = here.parts.get(name)
            if not isinstance(inner, _Module):
                inner = here.parts[name] = _Module(f"{here.path}.{name}".lstrip("."))
            here = inner
        known = here.parts.get(cls.__name__)
        if isinstance(known, MultipleClasses):
            known.contents.add(cls)
        else:
            here.parts[cls.__name__] = MultipleClasses([cls])

    def remove(self, path: list[str], cls: type[Any]) -> None:
        here = self
        for name in path:
            inner = here.parts.get(name)
            if not isinstance(inner, _Module):
                return
            here = inner
        known = here.parts.get(cls.__name__)
        if isinstance(known, MultipleClasses):
            known.contents.discard(cls)
            if not known.contents:
                del here.parts[cls.__name__]


def add_class(classname: str, cls: type[Any], registry: ClassRegistry) -> None:
    """
    Enter a class under its name and under its module path.
    """
    known = registry.get(classname)
    if known is None:
        registry[classname] = cls
    elif isinstance(known, MultipleClasses):
        known.add(cls)
    elif known is not cls:
        made = registry[classname] = MultipleClasses([known])
        made.add(cls)
    modules = registry.get(_MODULES)
    if modules is None:
        modules = registry[_MODULES] = _Module()
    parts = cls.__module__.split(".")
    # every tail of the path finds it: "models.User" as well as "myapp.models.User"
    while parts:
        modules.enter(parts, cls)
        parts = parts[1:]


def remove_class(classname: str, cls: type[Any], registry: ClassRegistry) -> None:
    """
    Take a class out.
    """
    known = registry.get(classname)
    if isinstance(known, MultipleClasses):
        known.contents.discard(cls)
        if not known.contents:
            registry.pop(classname, None)
    elif known is cls:
        registry.pop(classname, None)
    modules = registry.get(_MODULES)
    if modules is not None:
        parts = cls.__module__.split(".")
        while parts:
            modules.remove(parts, cls)
            parts = parts[1:]


class _ClassColumns:
    """A class within an expression: its attributes as SQL."""

    __slots__ = ("cls",)

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls

    def __getattr__(self, key: str) -> Any:
        manager = self.cls.__dict__.get("_sa_class_manager")
        mapper = None if manager is None else manager.mapper
        if mapper is not None:
            if key not in mapper.all_orm_descriptors:
                known = mapper.all_orm_descriptors.keys()
                raise AttributeError(
                    f"Class {self.cls!r} does not have a mapped column named {key!r}"
                    + (did_you_mean(key, known) or f"; it has {', '.join(known)}")
                )
            described = mapper.all_orm_descriptors[key]
            prop = mapper._props.get(key)
            if prop is not None and prop._is_synonym:
                return getattr(self.cls, prop.name)
            if described.extension_type.name == "NOT_EXTENSION":
                return getattr(self.cls, key)
        return getattr(self.cls, key)


class _Tables:
    """A schema within an expression: its tables."""

    __slots__ = ("key", "metadata")

    def __init__(self, key: str, metadata: Any) -> None:
        self.key = key
        self.metadata = metadata

    def __getattr__(self, key: str) -> Any:
        return self.metadata.tables[f"{self.key}.{key}"]


class _ModulePath:
    """A module within an expression."""

    __slots__ = ("module",)

    def __init__(self, module: _Module) -> None:
        self.module = module

    def __getattr__(self, key: str) -> Any:
        found = self.module.parts.get(key)
        if found is None:
            raise AttributeError(
                f"Module {self.module.path!r} has no mapped classes registered under the name {key!r}"
            )
        if isinstance(found, _Module):
            return _ModulePath(found)
        return _ClassColumns(found.the_only(f"{self.module.path}.{key}"))


class _Namespace:
    """What names mean in an expression of one class."""

    def __init__(
        self, cls: type[Any], prop: Any, expression_name: Callable[[str], Any], favor_tables: bool
    ) -> None:
        self.cls = cls
        self.prop = prop
        self.expression_name = expression_name
        self.favor_tables = favor_tables
        self.registry: Any = cls._sa_class_manager.registry
        self.seen_class: type[Any] | None = None

    def __getitem__(self, key: str) -> Any:
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found

    def _find(self, key: str) -> Any:
        metadata = self._metadata()
        if self.favor_tables and key in metadata.tables:
            return metadata.tables[key]
        registered = self.registry._class_registry
        if key in registered and key != _MODULES:
            known = registered[key]
            return _ClassColumns(known.the_only(key) if isinstance(known, MultipleClasses) else known)
        if key in metadata.tables:
            return metadata.tables[key]
        if key in {table.schema for table in metadata.tables.values() if table.schema}:
            return _Tables(key, metadata)
        modules = registered.get(_MODULES)
        if modules is not None and key in modules.parts:
            part = modules.parts[key]
            return _ModulePath(part) if isinstance(part, _Module) else None
        if key in self.registry._resolvers:
            return self.registry._resolvers[key]
        return _ANNOTATIONS.get(key) or self.expression_name(key)

    def names(self) -> list[str]:
        """Return the names of all classes and tables."""
        return [
            *(name for name in self.registry._class_registry if name != _MODULES),
            *self._metadata().tables,
        ]

    def _metadata(self) -> Any:
        found = getattr(self.cls, "metadata", None)
        return found if isinstance(found, MetaData) else self.registry.metadata


_ANNOTATIONS = {"foreign": foreign, "remote": remote}


def resolver(cls: type[Any], which: str, expression_name: Callable[[str], Any]) -> Callable[..., Any]:
    """
    Return a function that evaluates a string given for a relationship of a class.

    Args:
        expression_name: Returns what SQL is written with (``and_``, ``func``, ``Integer``) by its name, or
            None.
    """

    def resolve(text: str, prop: Any, name_only: bool = False, favor_tables: bool = False) -> Any:
        if name_only:
            return _resolve_name(_Namespace(cls, prop, _no_expression, favor_tables), text)
        namespace = _Namespace(cls, prop, expression_name, favor_tables)
        from relvar.util.evaluate import ExpressionError, evaluate  # with the first expression

        try:
            value = evaluate(text, _Locals(namespace))
        except ExpressionError as error:
            raise exc.InvalidRequestError(
                f"When initializing mapper {prop.parent}: {error}; names, attributes, calls, operators and "
                "plain values are."
            ) from error
        except NameError as error:
            _raise_for_name(namespace, text, repr(str(error)), error)
        except KeyError as error:
            _raise_for_name(namespace, text, str(error), error)
        return _unwrapped(value)

    return resolve


def _no_expression(name: str) -> None:
    """Where a class or table is meant, names mean nothing else."""


class _Locals(dict[str, Any]):
    """The local variables of an evaluated expression."""

    def __init__(self, namespace: _Namespace) -> None:
        super().__init__()
        self.namespace = namespace

    def __missing__(self, key: str) -> Any:
        return self.namespace[key]


def _unwrapped(value: Any) -> Any:
    if isinstance(value, _ClassColumns):
        return value.cls
    if isinstance(value, (list, tuple)):
        return [_unwrapped(item) for item in value]
    return value


def _resolve_name(namespace: _Namespace, text: str) -> Any:
    if namespace.favor_tables and text in namespace._metadata().tables:
        return namespace._metadata().tables[text]  # a name may have dots in it
    value: Any = None
    for position, part in enumerate(text.split(".")):
        try:
            value = namespace[part] if position == 0 else getattr(value, part)
        except (KeyError, AttributeError) as error:
            _raise_for_name(namespace, text, repr(text), error)
    return value.cls if isinstance(value, _ClassColumns) else value


def _raise_for_name(namespace: _Namespace, text: str, name: str, error: Exception) -> None:
    prop = namespace.prop
    generic = _GENERIC.match(text)
    if generic is not None:
        container, member = generic.groups()
        raise exc.InvalidRequestError(
            f'When initializing mapper {prop.parent}, expression "relationship({text!r})" seems to be using '
            "a generic class as the argument to relationship(); please state the generic argument using an "
            f"annotation, e.g. \"{prop.key}: Mapped[{container}['{member}']] = relationship()\""
        ) from error
    raise exc.InvalidRequestError(
        f"When initializing mapper {prop.parent}, expression {text!r} failed to locate a name ({name}). If "
        f"this is a class name, consider adding this relationship() to the {namespace.cls!r} class after "
        f"both dependent classes have been defined{did_you_mean(_missing(text, error), namespace.names())}"
    ) from error


# a collection with its members' class in a string
_GENERIC = pattern(r"^\s*(?:\w+\.)*(\w+)\[\s*['\"]?(\w+)['\"]?\s*\]\s*$")


def _missing(text: str, error: Exception) -> str:
    """Return the name that was not found within an expression."""
    name = error.name if isinstance(error, NameError) else None
    return name or (error.args[0] if isinstance(error, KeyError) else text.rpartition(".")[2])
