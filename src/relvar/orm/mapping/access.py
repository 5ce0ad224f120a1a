"""
From classes and objects to their mappers.
"""

from __future__ import annotations

from typing import Any, TypeVar

from relvar import exc
from relvar._kernels.attributes import class_element, get_state
from relvar._kernels.nodes import configure_coercions
from relvar.inspection import _inspects
from relvar.inspection import inspect as inspect
from relvar.orm.exc import UnmappedClassError, UnmappedInstanceError
from relvar.orm.mapping.mapper import Mapper

__all__ = ["class_mapper", "identity_key", "inspect", "mapper", "object_mapper"]

_O = TypeVar("_O")


@_inspects(type)
def _inspect_class(cls: type[Any]) -> Mapper | None:
    manager = cls.__dict__.get("_sa_class_manager")
    if manager is None or manager.mapper is None:
        if "_sa_pending" in cls.__dict__:
            raise cls.__dict__["_sa_pending"].unmapped()
        return None
    # not configured here: a class is inspected as soon as it is mapped, before those that it names are there
    mapper: Mapper = manager.mapper
    return mapper


configure_coercions(class_element)


@_inspects(object)
def _inspect_object(obj: Any) -> Any:
    return get_state(obj)


def class_mapper(class_: type[_O], configure: bool = True) -> Mapper[_O]:
    """
    Return the mapper of a class.

    Raises:
        UnmappedClassError: It is not mapped.
    """
    if isinstance(class_, Mapper):
        return class_
    if not isinstance(class_, type):
        raise exc.ArgumentError(f"Class object expected, got '{class_!r}'.")
    manager = class_.__dict__.get("_sa_class_manager")
    if manager is None or manager.mapper is None:
        pending = class_.__dict__.get("_sa_pending")
        raise UnmappedClassError(class_) if pending is None else pending.unmapped()
    mapper: Mapper = manager.mapper
    if configure:
        mapper._check_configure()
    return mapper


def mapper(*args: Any, **kw: Any) -> Any:
    """
    Refuse to map: ``registry.map_imperatively()`` does that.  As target of events it stands for all mappers.

    Raises:
        InvalidRequestError: Always.
    """
    raise exc.InvalidRequestError(
        "The 'sqlalchemy.orm.mapper()' function is removed as of SQLAlchemy 2.0.  Use the "
        "'sqlalchemy.orm.registry.map_imperatively()` method of the ``sqlalchemy.orm.registry`` class to "
        "perform classical mapping."
    )


mapper._sa_is_mapper_function = True  # type: ignore[attr-defined]  # recognised by the events


def object_mapper(instance: _O) -> Mapper[_O]:
    """
    Return the mapper of an object's class.

    Raises:
        UnmappedInstanceError: It is no mapped object.
    """
    state = get_state(instance)
    if state is None:
        raise UnmappedInstanceError(instance)
    return state.manager.mapper  # type: ignore[no-any-return]  # a Mapper


def identity_key(
    class_: Any = None,
    ident: Any = None,
    *,
    instance: Any = None,
    row: Any = None,
    identity_token: Any = None,
) -> tuple[Any, ...]:
    """
    Return an identity key: for a class and primary key, a class and row, or an object.
    """
    if class_ is not None:
        mapper = class_mapper(class_)
        if row is None:
            if ident is None:
                raise exc.ArgumentError("ident or row is required")
            values = tuple(ident) if isinstance(ident, (tuple, list)) else (ident,)
            return mapper.identity_key_from_primary_key(values, identity_token=identity_token)
        return mapper.identity_key_from_row(row, identity_token=identity_token)
    if instance is not None:
        return object_mapper(instance).identity_key_from_instance(instance)
    raise exc.ArgumentError("class or instance is required")
