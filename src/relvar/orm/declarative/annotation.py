"""
Read ``name: Mapped[...]``: which mapped kind, which Python type or class name, optional or not.

Rule 1: an annotation is evaluated with the module's and the class's names; a
    name that is not there (yet, or only for type checkers) stands for itself
    and is resolved when mappers are configured.
Rule 2: ``Optional[X]`` and ``X | None`` say nullable; they are taken off.
Rule 3: of ``Annotated[X, ...]`` the type is X, or the whole if the type map has it.
"""

from __future__ import annotations

import builtins
import collections.abc
import enum
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, ForwardRef, Literal, NewType, Union, get_args, get_origin

import typing_extensions

from relvar import types as sqltypes
from relvar.orm.mapping.interfaces import DynamicMapped, Mapped, MappedSQLExpression, ORMDescriptor, Unmapped, WriteOnlyMapped

__all__ = ["MappedAnnotation", "column_type", "read_annotation"]

MAPPED_KINDS = (Mapped, DynamicMapped, WriteOnlyMapped, MappedSQLExpression, ORMDescriptor, Unmapped)
_NONE = (type(None), None)
_TYPE_ALIASES: tuple[Any, ...] = tuple(
    kind
    for kind in (getattr(typing, "TypeAliasType", None), getattr(typing_extensions, "TypeAliasType", None))
    if kind is not None
)


@dataclass
class MappedAnnotation:
    """
    What an annotation says of a mapped attribute.

    ``kind`` is `Mapped` or one of its variants; ``inner`` the type inside, with
    Optional; ``python_type`` without it, and without a collection around it: a
    type, or a str where the name could not be resolved.  ``metadata`` are the
    further arguments of ``Annotated``.
    """

    kind: Any
    inner: Any
    python_type: Any = None
    is_optional: bool = False
    collection_class: Any = None
    metadata: tuple[Any, ...] = ()
    candidates: list[Any] = field(default_factory=list)
    """What to look up in a type map, in this order."""


class _LateName:
    """
    A name that does not exist yet; it may be subscripted, joined with ``|`` and qualified.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, name: str) -> _LateName:
        if name[:2] == "__":
            raise AttributeError(name)
        return _LateName(f"{self.name}.{name}")

    def __call__(self) -> None:
        """
        Be callable: `typing` takes only types and callables as arguments.
        """

    def __getitem__(self, item: Any) -> _LateName:
        return self

    def __or__(self, other: Any) -> Any:
        return Union[ForwardRef(self.name), other]

    def __ror__(self, other: Any) -> Any:
        return Union[other, ForwardRef(self.name)]


class _Names(Mapping[str, Any]):
    """
    The names an annotation sees; what is missing becomes a `_LateName`.
    """

    def __init__(self, *places: Mapping[str, Any]) -> None:
        self.places = places

    def __getitem__(self, name: str) -> Any:
        for place in self.places:
            if name in place:
                return place[name]
        return _LateName(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_annotation(cls: type, annotation: Any, names: Mapping[str, Any] | None = None) -> MappedAnnotation | None:
    """
    Return what an annotation of a class says, or None if it is not ``Mapped[...]`` of any kind.

    Args:
        cls: The class in whose module the names are looked up.
        annotation: A type, or the text of one.
        names: Further names: mapped classes by name.
    """
    module = sys.modules.get(cls.__module__)
    places = _Names(cls.__dict__, vars(module) if module is not None else {}, names or {}, vars(builtins))
    annotation = _evaluate(annotation, places)
    origin = get_origin(annotation)
    if annotation is ClassVar or origin is ClassVar:
        return None
    if not (isinstance(origin, type) and issubclass(origin, MAPPED_KINDS)):
        if isinstance(annotation, type) and issubclass(annotation, MAPPED_KINDS):
            return MappedAnnotation(annotation, None)
        return None
    arguments = get_args(annotation)
    inner = _evaluate(arguments[0], places) if arguments else None
    return _read_inner(MappedAnnotation(origin, inner), places)


def _evaluate(annotation: Any, names: _Names) -> Any:
    """
    Evaluate text and forward references, one level at a time.
    """
    while True:
        if isinstance(annotation, ForwardRef):
            annotation = annotation.__forward_arg__
        if not isinstance(annotation, str):
            return annotation
        try:
            annotation = eval(annotation, {"__builtins__": {}}, names)
        except (SyntaxError, TypeError, AttributeError):
            return _LateName(annotation)


def _read_inner(found: MappedAnnotation, names: _Names) -> MappedAnnotation:
    """
    Take Optional, Annotated, type aliases and a collection off, noting what each says.
    """
    current = found.inner
    while True:
        if isinstance(current, _LateName):
            current = current.name
            break
        found.candidates.append(current)
        origin = get_origin(current)
        if origin is Annotated:
            arguments = get_args(current)
            found.metadata += arguments[1:]
            current = _evaluate(arguments[0], names)
        elif origin in (Union, types.UnionType):
            members = [_evaluate(a, names) for a in get_args(current)]
            rest = [m for m in members if m not in _NONE]
            found.is_optional = found.is_optional or len(rest) < len(members)
            if len(rest) != 1:
                bare = Union[tuple(_named(m) for m in rest)]
                if bare not in found.candidates:
                    found.candidates.append(bare)
                break
            current = rest[0]
        elif isinstance(current, _TYPE_ALIASES):
            current = _evaluate(current.__value__, names)
            found.is_optional = found.is_optional or _is_optional(current)
        elif _is_collection(origin) and found.collection_class is None and get_args(current):
            found.collection_class = _concrete(origin)
            current = _evaluate(get_args(current)[-1], names)
        else:
            break
    found.python_type = current
    return found


def _named(member: Any) -> Any:
    return ForwardRef(member.name) if isinstance(member, _LateName) else member


def _is_optional(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and any(a in _NONE for a in get_args(annotation))


def _is_collection(origin: Any) -> bool:
    return (
        isinstance(origin, type)
        and issubclass(origin, collections.abc.Collection)
        and not issubclass(origin, (str, bytes, tuple))
    )


def _concrete(origin: Any) -> Any:
    """
    Return a class to make collections of, for the abstract ones too.
    """
    if origin in (collections.abc.Collection, collections.abc.Sequence, collections.abc.MutableSequence):
        return list
    if origin in (collections.abc.Set, collections.abc.MutableSet):
        return set
    if origin in (collections.abc.Mapping, collections.abc.MutableMapping):
        return dict
    return origin


def column_type(found: MappedAnnotation, type_map: Mapping[Any, Any], defaults: Mapping[Any, Any]) -> Any:
    """
    Return the SQL type for an annotation, or None if neither map knows one.

    Each form of the annotation, from the whole to the bare type, is looked up in
    *type_map* before the *defaults* are asked.  Enumerations and ``Literal``
    take the type of `enum.Enum` and `typing.Literal` in the maps.
    """
    candidates = [*found.candidates, found.python_type]
    if found.collection_class is not None:
        # A column has no members: dict[str, int] is looked up as it stands, then as dict.
        candidates = [*found.candidates, found.collection_class]
    for mapping in (type_map, defaults):
        for candidate in candidates:
            made = _look_up(candidate, mapping)
            if made is not None:
                return made
    return None


def _look_up(candidate: Any, mapping: Mapping[Any, Any]) -> Any:
    try:
        made = mapping.get(candidate)
    except TypeError:  # not hashable
        return None
    if made is not None:
        return _instance(made)
    if isinstance(candidate, NewType):
        return _look_up(candidate.__supertype__, mapping)
    if get_origin(candidate) in (Literal, typing_extensions.Literal):
        return _enumerated(mapping.get(Literal) or mapping.get(enum.Enum), candidate)
    if isinstance(candidate, type):
        if issubclass(candidate, enum.Enum):
            for base in candidate.__mro__:
                if base in mapping:
                    return _enumerated(mapping[base], candidate)
            return None
        for base in candidate.__mro__[1:-1]:
            if base in mapping:
                return _instance(mapping[base]) if _stored_as(base, candidate) else None
    return None


def _stored_as(base: type, candidate: type) -> bool:
    """
    Tell whether values of a subclass are stored by its base's type: only uuid.UUID's and the like, never str's.
    """
    return base not in (str, int, float, bytes, dict, list) and issubclass(candidate, base)


def _enumerated(made: Any, candidate: Any) -> Any:
    """
    Return an Enum type of the members of an enumeration or of a Literal.
    """
    if made is None:
        return None
    type_ = _instance(made)
    if not isinstance(type_, sqltypes.Enum):
        return type_
    return type_._resolve_for_python_type(candidate, candidate, candidate)


def _instance(made: Any) -> Any:
    return made() if isinstance(made, type) else made
