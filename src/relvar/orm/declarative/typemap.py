"""
From Python types to SQL types.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import types
import typing
import uuid
from typing import Any, Union, get_args, get_origin

from relvar.orm.exc import MappedAnnotationError
from relvar.types import (
    Boolean,
    Date,
    DateTime,
    Double,
    Enum,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    Time,
    TypeEngine,
    Uuid,
)

__all__ = ["DEFAULTS", "TypeResolve", "resolve_type"]

DEFAULTS: dict[Any, Any] = {
    bool: Boolean(),
    bytes: LargeBinary(),
    datetime.date: Date(),
    datetime.datetime: DateTime(),
    datetime.time: Time(),
    datetime.timedelta: Interval(),
    decimal.Decimal: Numeric(),
    enum.Enum: Enum(enum.Enum),
    float: Double(),
    int: Integer(),
    str: String(),
    uuid.UUID: Uuid(),
    typing.Literal: Enum(enum.Enum),
}


class TypeResolve:
    """
    What a listener of ``RegistryEvents.resolve_type_annotation`` is told.

    ``cls`` and ``attribute_name``: where; ``python_type``: what the annotation says;
    ``resolve(python_type)`` returns the type that would be used, or None.
    """

    def __init__(
        self, registry: Any, cls: type[Any], attribute_name: str, raw: Any, python_type: Any
    ) -> None:
        self.registry = registry
        self.cls = cls
        self.attribute_name = attribute_name
        self.raw_python_type = raw
        self.python_type = python_type

    def resolve(self, python_type: Any) -> TypeEngine[Any] | None:
        """
        Return the SQL type of a Python type, or None.
        """
        return lookup(self.registry.type_annotation_map, python_type)


def resolve_type(
    registry: Any, cls: type[Any], key: str, raw: Any, inner: Any, candidates: list[Any]
) -> TypeEngine[Any]:
    """
    Return the SQL type of a mapped attribute.

    Args:
        raw: The annotation within ``Mapped[...]``.
        inner: The same without ``None``.
        candidates: Types to try, the most specific first.

    Raises:
        MappedAnnotationError: None of them has a SQL type.
    """
    listeners = registry.dispatch.resolve_type_annotation
    for candidate in candidates:
        if listeners:
            told = TypeResolve(registry, cls, key, raw, candidate)
            for fn in listeners:
                found = fn(told)
                if found is not None:
                    made: TypeEngine[Any] = found() if isinstance(found, type) else found
                    return made
        found = lookup(registry.type_annotation_map, candidate)
        if found is not None:
            return found
    raise MappedAnnotationError(
        f"Could not locate SQLAlchemy Core type when resolving for Python type indicated by '{shown(inner)}' "
        "inside "
        f"the Mapped[] annotation for the '{key}' attribute; the type object is not resolvable by the "
        "registry"
    )


def shown(annotation: Any) -> str:
    """
    Return how messages show a type.
    """
    return repr(annotation)


def lookup(type_map: Any, python_type: Any) -> TypeEngine[Any] | None:
    """
    Return the SQL type that a map (or the defaults) has for a Python type, or None.

    Tried in turn: the type itself; what is behind a ``NewType``, alias or ``Annotated``; literals; unions in
    another order; for classes, their bases, whose SQL type may refuse.
    """
    direct = _instance(_from(type_map, python_type))
    if direct is not None:
        return direct._resolve_for_python_type(python_type, python_type, python_type)
    origin = get_origin(python_type)
    if origin is typing.Literal:
        template = _instance(_from(type_map, typing.Literal) or _from(type_map, enum.Enum))
        if template is None:
            return None
        return template._resolve_for_python_type(python_type, typing.Literal, typing.Literal)
    if origin is typing.Annotated:
        return lookup(type_map, get_args(python_type)[0])
    if isinstance(python_type, typing.NewType):
        return lookup(type_map, python_type.__supertype__)
    if type(python_type).__name__ == "TypeAliasType":
        return lookup(type_map, python_type.__value__)
    if origin is Union or origin is types.UnionType:
        return _union(type_map, python_type)
    if isinstance(python_type, type) and origin is None:
        for parent in python_type.__mro__[1:]:
            found = _instance(_from(type_map, parent))
            if found is not None:
                adapted = found._resolve_for_python_type(python_type, parent, parent)
                if adapted is not None:
                    return adapted
    return None


def _from(type_map: Any, key: Any) -> Any:
    try:
        found = type_map.get(key)
        return found if found is not None else DEFAULTS.get(key)
    except TypeError:
        # a type that cannot be a dictionary key
        return None


def _union(type_map: Any, python_type: Any) -> TypeEngine[Any] | None:
    wanted = set(get_args(python_type))
    for key, value in type_map.items():
        if get_origin(key) in (Union, types.UnionType) and set(get_args(key)) == wanted:
            return _instance(value)
    return None


def _instance(found: Any) -> TypeEngine[Any] | None:
    if found is None:
        return None
    made: TypeEngine[Any] = found() if isinstance(found, type) else found
    return made
