"""
Declarative bases, and the functions that make them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform, overload

from relvar import exc
from relvar._kernels.attributes import ConstructedObject, MappedObject, default_constructor
from relvar.inspection import Inspectable
from relvar.orm.declarative.late import add_attribute, remove_attribute
from relvar.orm.declarative.scan import map_class
from relvar.orm.mapping import registry as registry_module
from relvar.orm.mapping import registry_events as registry_events
from relvar.orm.mapping.descriptors import Synonym, synonym
from relvar.orm.mapping.interfaces import NO_ARG
from relvar.orm.mapping.registry import registry
from relvar.schema import MetaData
from relvar.util.moved import module_of

if TYPE_CHECKING:
    from relvar.orm.mapping.columns import column_property, deferred, query_expression
    from relvar.orm.mapping.composite import composite
    from relvar.orm.mapping.mapped_column import mapped_column
    from relvar.orm.mapping.mapper import Mapper
    from relvar.orm.mapping.relate import relationship
    from relvar.relation.from_ import FromClause

    class _Constructed:
        """
        `ConstructedObject`, without its ``__setattr__``: attributes that are not declared are an error.
        """

        def __init__(self, **kw: Any) -> None: ...

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
    class _Dataclass:
        """
        What makes dataclasses of its subclasses.
        """

else:
    _Constructed, _Dataclass = ConstructedObject, object

__all__ = [
    "DeclarativeAttributeIntercept",
    "DeclarativeBase",
    "DeclarativeBaseNoMeta",
    "DeclarativeMeta",
    "MappedAsDataclass",
    "add_mapped_attribute",
    "as_declarative",
    "declarative_base",
    "declarative_mixin",
    "has_inherited_table",
    "mapped_as_dataclass",
    "synonym_for",
    "unmapped_dataclass",
]

_T = TypeVar("_T", bound=type[Any])
_F = TypeVar("_F", bound=Callable[..., Any])


class DeclarativeAttributeIntercept(type):
    """
    The metaclass of `DeclarativeBase`: attributes set later on a mapped class are mapped too.
    """

    def __setattr__(cls, key: str, value: Any) -> None:
        if "__mapper__" in cls.__dict__:
            add_attribute(cls, key, value)
        else:
            type.__setattr__(cls, key, value)

    def __delattr__(cls, key: str) -> None:
        if "__mapper__" in cls.__dict__:
            remove_attribute(cls, key)
        else:
            type.__delattr__(cls, key)


class DeclarativeMeta(DeclarativeAttributeIntercept):
    """
    The metaclass of bases made by ``declarative_base()``: it maps each subclass.
    """

    metadata: MetaData
    registry: registry

    def __init__(cls, classname: Any, bases: Any, dict_: Any, **kw: Any) -> None:
        found = getattr(cls, "_sa_registry", None)
        if found is None:
            found = cls.__dict__.get("registry")
            if not isinstance(found, registry):
                raise exc.InvalidRequestError(
                    "Declarative base class has no 'registry' attribute, or registry is not a "
                    "sqlalchemy.orm.registry() "
                    "object"
                )
            type.__setattr__(cls, "_sa_registry", found)
        if not cls.__dict__.get("__abstract__", False):
            map_class(found, cls)
        type.__init__(cls, classname, bases, dict_)


def _set_up_base(cls: type[Any]) -> None:
    """
    Give a new declarative base its registry and metadata.
    """
    metadata = getattr(cls, "metadata", None)
    type_map = getattr(cls, "type_annotation_map", None)
    found = cls.__dict__.get("registry")
    if found is None:
        found = registry(metadata=metadata, type_annotation_map=type_map)
        type.__setattr__(cls, "registry", found)
    else:
        if not isinstance(found, registry):
            raise exc.InvalidRequestError(
                "Declarative base class has a 'registry' attribute that is not an instance of "
                "sqlalchemy.orm.registry()"
            )
        if type_map is not None:
            raise exc.InvalidRequestError(
                "Declarative base class has both a 'registry' attribute and a type_annotation_map entry.  "
                "Per-base type_annotation_maps are not supported.  Please apply the type_annotation_map to "
                "this registry directly."
            )
    type.__setattr__(cls, "_sa_registry", found)
    if "metadata" not in cls.__dict__:
        type.__setattr__(cls, "metadata", found.metadata)
    if found.constructor is not default_constructor and "__init__" not in cls.__dict__:
        type.__setattr__(
            cls, "__init__", found.constructor if found.constructor is not None else object.__init__
        )


def _refuse_both(cls: type[Any], base: type[Any]) -> None:
    if "__table__" in cls.__dict__ or isinstance(cls.__dict__.get("__tablename__"), str):
        raise exc.InvalidRequestError(
            f"Cannot use {base.__name__!r} directly as a declarative base class. Create a Base by creating "
            "a subclass of it."
        )


class MappedAsDataclass(_Dataclass):
    """
    Mix-in for declarative bases or mapped classes: mapped classes become dataclasses.

    Options are given with the class: ``class User(MappedAsDataclass, Base, kw_only=True)``.

    >>> from relvar.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
    >>> class Base(MappedAsDataclass, DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(init=False, primary_key=True)
    ...     name: Mapped[str] = mapped_column(default="nobody")
    >>> User(), User("ann") == User("ann")
    (User(id=None, name='nobody'), True)
    """

    def __init_subclass__(
        cls,
        init: Any = NO_ARG,
        repr: Any = NO_ARG,
        eq: Any = NO_ARG,
        order: Any = NO_ARG,
        unsafe_hash: Any = NO_ARG,
        match_args: Any = NO_ARG,
        kw_only: Any = NO_ARG,
        dataclass_callable: Any = NO_ARG,
        **kw: Any,
    ) -> None:
        options: dict[str, Any] = {
            "init": init,
            "repr": repr,
            "eq": eq,
            "order": order,
            "unsafe_hash": unsafe_hash,
            "match_args": match_args,
            "kw_only": kw_only,
            "dataclass_callable": dataclass_callable,
        }
        inherited = next(
            (
                b.__dict__["_sa_apply_dc_transforms"]
                for b in cls.__mro__[1:]
                if "_sa_apply_dc_transforms" in b.__dict__
            ),
            None,
        )
        if inherited is not None:
            options = {
                name: (value if value is not NO_ARG else inherited.get(name, NO_ARG))
                for name, value in options.items()
            }
        type.__setattr__(cls, "_sa_apply_dc_transforms", options)
        super().__init_subclass__(**kw)
        if not _will_be_mapped(cls):
            from relvar.orm.declarative.dataclass import make_mixin_dataclass  # few mappings need it

            is_base = DeclarativeBase in cls.__bases__ or DeclarativeBaseNoMeta in cls.__bases__
            make_mixin_dataclass(cls, has_init=not is_base)


def _will_be_mapped(cls: type[Any]) -> bool:
    if cls.__dict__.get("__abstract__", False):
        return False
    if DeclarativeBase in cls.__bases__ or DeclarativeBaseNoMeta in cls.__bases__:
        return False
    return hasattr(cls, "_sa_registry")


class _DeclarativeTyping:
    """
    What every declarative class has.
    """

    __slots__ = ()

    # for type checkers: programs that ask a mapped class for its annotations ask for their own
    if TYPE_CHECKING:
        registry: ClassVar[registry]
        metadata: ClassVar[MetaData]
        __tablename__: Any
        __mapper_args__: Any
        __table_args__: Any
        __mapper__: ClassVar[Mapper[Any]]
        __table__: ClassVar[FromClause]


class DeclarativeBase(
    _Constructed, Inspectable[Any], _DeclarativeTyping, metaclass=DeclarativeAttributeIntercept
):
    """
    Base of declarative bases: subclass it once, then map subclasses of that.

    ``metadata``, ``registry`` and ``type_annotation_map`` may be given in the subclass.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User).where(User.name == "ann"))
    SELECT users.id, users.name
    FROM users
    WHERE users.name = :name_1
    """

    def __init_subclass__(cls, **kw: Any) -> None:
        # MappedAsDataclass, where it comes later among the bases, has to be heard first
        super().__init_subclass__(**kw)
        if DeclarativeBase in cls.__bases__:
            _refuse_both(cls, DeclarativeBase)
            _set_up_base(cls)
        else:
            map_class(cls._sa_registry, cls)  # type: ignore[attr-defined]  # set by _set_up_base


class DeclarativeBaseNoMeta(_Constructed, Inspectable[Any], _DeclarativeTyping):
    """
    Same as `DeclarativeBase` without a metaclass: attributes cannot be added by assignment later.
    """

    def __init_subclass__(cls, **kw: Any) -> None:
        # MappedAsDataclass, where it comes later among the bases, has to be heard first
        super().__init_subclass__(**kw)
        if DeclarativeBaseNoMeta in cls.__bases__:
            _refuse_both(cls, DeclarativeBaseNoMeta)
            _set_up_base(cls)
        else:
            map_class(cls._sa_registry, cls)  # type: ignore[attr-defined]  # set by _set_up_base


def _generate_base(of: registry, mapper: Any, cls: Any, name: str, metaclass: Any) -> Any:
    """
    Make the base class of ``declarative_base()`` and ``registry.generate_base()``.
    """
    metaclass = DeclarativeMeta if metaclass is None else metaclass
    given = () if cls is object else (cls if isinstance(cls, tuple) else (cls,))
    constructed = of.constructor is default_constructor
    kernel = ConstructedObject if constructed else MappedObject
    bases = given if any(issubclass(base, MappedObject) for base in given) else (*given, kernel)
    body: dict[str, Any] = {"registry": of, "metadata": of.metadata, "_sa_registry": of, "__abstract__": True}
    if isinstance(cls, type) and cls is not object:
        body["__doc__"] = cls.__doc__
        body["__module__"] = cls.__module__
    if of.constructor is not None:
        body["__init__"] = ConstructedObject.__init__ if constructed else of.constructor
    if any(hasattr(base, "__class_getitem__") for base in given):
        # ``Base[int]`` of a generic base is for type checkers
        body["__class_getitem__"] = classmethod(lambda cls, key: cls)
    if mapper is not None:
        body["__mapper_cls__"] = staticmethod(mapper) if not isinstance(mapper, type) else mapper
    return metaclass(name, bases, body)


def declarative_base(
    *,
    metadata: MetaData | None = None,
    mapper: Any = None,
    cls: Any = object,
    name: str = "Base",
    class_registry: Any = None,
    type_annotation_map: Mapping[Any, Any] | None = None,
    constructor: Callable[..., None] | None = default_constructor,
    metaclass: Any = DeclarativeMeta,
) -> Any:
    """
    Return a new base class for declarative mappings.

    Args:
        cls: What it derives from.
        name: Its name.
        constructor: The ``__init__`` of mapped classes; None: they have none.

    >>> from relvar import Column, Integer, select
    >>> from relvar.orm import declarative_base
    >>> Base = declarative_base()
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id = Column(Integer, primary_key=True)
    >>> print(select(User))
    SELECT users.id
    FROM users
    """
    return registry(
        metadata=metadata,
        class_registry=class_registry,
        type_annotation_map=type_annotation_map,
        constructor=constructor,
    ).generate_base(mapper=mapper, cls=cls, name=name, metaclass=metaclass)


def as_declarative(**kw: Any) -> Callable[[type[Any]], Any]:
    """
    Return a decorator that makes a class a declarative base.
    """
    metadata, class_registry = kw.pop("metadata", None), kw.pop("class_registry", None)
    return registry(metadata=metadata, class_registry=class_registry).as_declarative_base(**kw)


def has_inherited_table(cls: type[Any]) -> bool:
    """
    Tell whether a base of the class has a table.
    """
    return any(getattr(base, "__table__", None) is not None for base in cls.__mro__[1:])


def synonym_for(name: str, map_column: bool = False) -> Callable[[Callable[..., Any]], Synonym[Any]]:
    """
    Decorate a property: it becomes a synonym for a mapped attribute, which SQL then uses.
    """

    def decorate(fn: Any) -> Synonym[Any]:
        return synonym(name, map_column=map_column, descriptor=fn)

    return decorate


def add_mapped_attribute(target: type[Any], key: str, attr: Any) -> None:
    """
    Map one more attribute of a mapped class.
    """
    add_attribute(target, key, attr)


def declarative_mixin(cls: _T) -> _T:
    """
    Mark a class as a mix-in; for readers.
    """
    return cls


if TYPE_CHECKING:

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
    def mapped_as_dataclass(
        registry: registry,
        /,
        *,
        init: Any = NO_ARG,
        repr: Any = NO_ARG,
        eq: Any = NO_ARG,
        order: Any = NO_ARG,
        unsafe_hash: Any = NO_ARG,
        match_args: Any = NO_ARG,
        kw_only: Any = NO_ARG,
        dataclass_callable: Any = NO_ARG,
    ) -> Callable[[_T], _T]: ...

else:

    def mapped_as_dataclass(
        registry,
        /,
        *,
        init=NO_ARG,
        repr=NO_ARG,
        eq=NO_ARG,
        order=NO_ARG,
        unsafe_hash=NO_ARG,
        match_args=NO_ARG,
        kw_only=NO_ARG,
        dataclass_callable=NO_ARG,
    ):
        """
        Return a decorator that maps a class with a registry and makes it a dataclass.
        """
        return registry.mapped_as_dataclass(
            init=init,
            repr=repr,
            eq=eq,
            order=order,
            unsafe_hash=unsafe_hash,
            match_args=match_args,
            kw_only=kw_only,
            dataclass_callable=dataclass_callable,
        )


if TYPE_CHECKING:

    @overload
    def unmapped_dataclass(__cls: _T, /) -> _T: ...
    @overload
    def unmapped_dataclass(__cls: None = None, /, **options: Any) -> Callable[[_T], _T]: ...
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
    def unmapped_dataclass(__cls: Any = None, /, **options: Any) -> Any: ...

else:

    def unmapped_dataclass(__cls=None, /, **options):
        """
        Make a mix-in or abstract class a dataclass whose fields mapped dataclasses inherit.
        """

        def decorate(cls: Any) -> Any:
            type.__setattr__(cls, "_sa_apply_dc_transforms", options)
            from relvar.orm.declarative.dataclass import make_mixin_dataclass  # as above

            make_mixin_dataclass(cls)
            return cls

        return decorate if __cls is None else decorate(__cls)


def _map_declaratively(of: registry, cls: type[Any]) -> None:
    if "__mapper__" in cls.__dict__:
        raise exc.InvalidRequestError(f"Class {cls!r} already has been instrumented declaratively")
    if not hasattr(cls, "_sa_registry"):
        type.__setattr__(cls, "_sa_registry", of)
    is_made = cls.__dict__.get("_sa_apply_dc_transforms", {"init": False}).get("init") is not False
    if of.constructor is not None and not is_made and cls.__init__ is object.__init__:
        type.__setattr__(cls, "__init__", of.constructor)
    map_class(of, cls)


@functools.cache
def _expression_name(name: str) -> Any:
    """Return what SQL can be written with, by its name: functions, types, elements; else None."""
    import relvar  # only relationships described by strings need it
    from relvar import sql, types

    type_ = getattr(types, name, None)
    if isinstance(type_, type) and issubclass(type_, types.TypeEngine):
        return type_
    value = None if name.startswith("_") else getattr(sql, name, None)
    if value is None and name in vars(relvar):
        value = getattr(relvar, name)
        if not module_of(value).startswith("relvar.expr."):
            return None  # engines, modules, ...: no part of an expression
    return None if isinstance(value, ModuleType) else value


registry_module.declarative["generate_base"] = _generate_base
registry_module.declarative["map_declaratively"] = _map_declaratively
registry_module.declarative["expression_name"] = _expression_name
