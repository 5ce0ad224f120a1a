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

from relvar.orm.declarative.annotations import split_optional
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

__all__ = ["DEFAULTS", "TypeResolve", "lookup"]

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
    What an annotation says, taken apart.

    A listener of ``RegistryEvents.resolve_type_annotation`` is told this.

    Attributes:
        registry, cls, key: Where: registry, mapped class, name of the attribute.
        raw_type: What ``Mapped[...]`` holds.
        resolved_type: The Python type that is left without ``None``, alias and ``Annotated``.
        raw_pep_593_type, pep_593_resolved_argument: ``Annotated[...]``, and the type in it.
        raw_pep_695_type, pep_695_resolved_value: A type alias, and what it stands for.
        is_optional: ``None`` is among the types.
    """

    is_optional: bool

    def __init__(self, registry: Any, cls: type[Any], key: str, raw_type: Any) -> None:
        self.registry = registry
        self.cls = cls
        self.key = key
        self.raw_type = raw_type
        self.raw_pep_593_type: Any = None
        self.pep_593_resolved_argument: Any = None
        self.raw_pep_695_type: Any = None
        self.pep_695_resolved_value: Any = None
        self.is_optional = False
        self._candidates: list[Any] = []
        found = self._without_none(raw_type)
        if type(found).__name__ == "TypeAliasType":
            self.raw_pep_695_type = found
            found = self.pep_695_resolved_value = self._without_none(found.__value__)
        if get_origin(found) is typing.Annotated:
            self.raw_pep_593_type = found
            found = self._without_none(get_args(found)[0])
            self.pep_593_resolved_argument = found
        self.resolved_type: Any = found

    def _without_none(self, annotation: Any) -> Any:
        """Return a type without None; note both as what the type map may have."""
        rest, is_optional = split_optional(annotation)
        if is_optional:
            self.is_optional = True
            self._candidates.append(annotation)
        self._candidates.append(rest)
        return rest

    @property
    def presets(self) -> tuple[Any, ...]:
        """What stands in ``Annotated`` after the type."""
        found = self.raw_pep_593_type
        return () if found is None else get_args(found)[1:]

    def resolve(self, python_type: Any) -> TypeEngine[Any] | None:
        """
        Return the SQL type that the registry has for a Python type, or None.
        """
        return lookup(self.registry.type_annotation_map, python_type)

    def sql_type(self) -> TypeEngine[Any]:
        """
        Return the SQL type of the attribute.

        Raises:
            MappedAnnotationError: There is none.
        """
        for fn in self.registry.dispatch.resolve_type_annotation:
            found = fn(self)
            if found is not None:
                made: TypeEngine[Any] = found() if isinstance(found, type) else found
                return made
        for candidate in self._candidates:
            known = self.resolve(candidate)
            if known is not None:
                return known
        raise MappedAnnotationError(self._not_found())

    def _not_found(self) -> str:
        where = f"inside the '{self.key}' attribute Mapped annotation is"
        found = self.resolved_type
        if isinstance(found, TypeEngine) or (isinstance(found, type) and issubclass(found, TypeEngine)):
            written = found.__name__ if isinstance(found, type) else repr(found)
            return (
                f"The type provided {where} the SQLAlchemy type {found}. Expected a Python type instead, "
                f"and the SQL type as an argument: {self.cls.__name__}.{self.key} = "
                f"mapped_column({written})."
            )
        if isinstance(found, (int, float, bytes)):
            return (
                f"The object provided {where} not a Python type, it's the object {found!r}. Expected a "
                "Python type."
            )
        return f"{self._not_resolvable()}.  {self._advice(found)}"

    def _not_resolvable(self) -> str:
        first = split_optional(self.raw_type)[0]
        shown = repr(self.resolved_type)
        if self.raw_pep_695_type is not None or self.raw_pep_593_type is not None:
            tried = " nor ".join(f"'{each}'" for each in dict.fromkeys([repr(first), shown]))
            why = f"neither {tried} are resolvable by the registry"
        else:
            why = "the type object is not resolvable by the registry"
        return (
            "Could not locate SQLAlchemy Core type when resolving for Python type indicated by "
            f"'{first!r}' inside the Mapped[] annotation for the '{self.key}' attribute; {why}"
        )

    def _advice(self, found: Any) -> str:
        attribute = f"{self.cls.__name__}.{self.key}"
        for part in (found, *get_args(found)):
            if isinstance(part, type) and "_sa_class_manager" in part.__dict__:
                return f"{part.__name__} is a mapped class: {attribute} = relationship()."
        return (
            f"Name the SQL type of {attribute}, as in mapped_column(JSON), or enter the Python type in "
            "type_annotation_map."
        )


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
        template = _instance(_from(type_map, typing.Literal))
        if template is None:
            return None
        return template._resolve_for_python_type(python_type, origin, python_type)
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
