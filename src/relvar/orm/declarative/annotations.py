"""
Read annotations of mapped attributes: ``Mapped[Optional[str]]``, in any spelling.

An annotation may be a string, contain strings, or name classes that do not exist yet.  Names that are not
found are kept as names; for a relationship that is enough.
"""

from __future__ import annotations

import builtins
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any, ForwardRef, Union, get_args, get_origin

from relvar.orm.exc import MappedAnnotationError
from relvar.orm.mapping.columns import MappedSQLExpression
from relvar.orm.mapping.interfaces import (
    DynamicMapped,
    Mapped,
    Unmapped,
    WriteOnlyMapped,
)
from relvar.util.fields import NamedTuple
from relvar.util.pattern import pattern
from relvar.util.text import did_you_mean

__all__ = ["MappedAnnotation", "Name", "is_class_variable", "read_annotation", "resolve", "split_optional"]


class Name(str):
    """
    A name in an annotation that means nothing yet.
    """

    def __or__(self, other: Any) -> Any:
        return Union[ForwardRef(str(self)), other]  # noqa: UP007  # ``|`` does not take forward references

    def __ror__(self, other: Any) -> Any:
        return Union[other, ForwardRef(str(self))]  # noqa: UP007  # as above

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return Name(f"{self}.{key}")

    def __getitem__(self, item: Any) -> Any:
        return Name(f"{self}[{item}]")

    __hash__: Any = str.__hash__


class MappedAnnotation(NamedTuple):
    """
    ``container[inner]``: the container is one of ours, inner is what the attribute holds.
    """

    container: Any
    inner: Any
    raw: Any


_CONTAINERS = (DynamicMapped, WriteOnlyMapped, MappedSQLExpression, Unmapped, Mapped)
_CLASSVAR = pattern(r"^(?:typing\.|t\.)?ClassVar(?:\[|$)")


class _Names(dict[str, Any]):
    def __init__(self, cls: type[Any], module: str) -> None:
        super().__init__()
        self.cls = cls
        self.module = sys.modules.get(module)

    def __missing__(self, key: str) -> Any:
        found = getattr(self.module, key, _MISSING) if self.module is not None else _MISSING
        registry = getattr(self.cls, "_sa_registry", None) or getattr(self.cls, "registry", None)
        if found is not _MISSING:
            # a class of that name that was mapped before, as where a cell of a notebook is run again
            is_foreign = isinstance(found, type) and "_sa_class_manager" in found.__dict__
            if is_foreign and getattr(found, "registry", registry) is not registry:
                return Name(key)
            return found
        found = getattr(builtins, key, _MISSING)
        if isinstance(found, type):
            # list, int, ...; functions are none of an annotation's business
            return found
        if key == self.cls.__name__:
            return self.cls
        known = getattr(registry, "_class_registry", {}).get(key)
        if isinstance(known, type):
            return known
        return Name(key)


_MISSING: Any = object()


def evaluate(text: str, cls: type[Any], module: str, locals_: Mapping[str, Any] | None = None) -> Any:
    """
    Return what an annotation written as a string means; unknown names stay names.

    Raises:
        MappedAnnotationError: It is no Python expression.
    """
    names = _Names(cls, module)
    if locals_:
        names.update(locals_)
    from relvar.util.evaluate import evaluate as safely_evaluated  # few annotations are text

    try:
        return safely_evaluated(text, names, is_annotation=True)
    except Exception as error:
        raise MappedAnnotationError(
            f"Could not interpret annotation {text}.  Check that it uses names that are correctly imported "
            "at the module level. See chained stack trace for more hints."
        ) from error


def resolve(annotation: Any, cls: type[Any], module: str) -> Any:
    """
    Return an annotation with strings and forward references in it replaced by what they mean, where known.
    """
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        if isinstance(annotation, Name):
            return annotation
        found = evaluate(annotation, cls, module)
        return found if isinstance(found, Name) else resolve(found, cls, module)
    origin = get_origin(annotation)
    if origin is None or origin is typing.Literal:
        return annotation
    arguments = get_args(annotation)
    if origin is typing.Annotated:
        inner = resolve(arguments[0], cls, module)
        if inner is arguments[0]:
            return annotation
        return typing.Annotated[(inner, *arguments[1:])]
    if origin is Union or origin is types.UnionType:
        parts = tuple(_as_reference(resolve(a, cls, module)) for a in arguments)
        if all(new is old for new, old in zip(parts, arguments, strict=True)):
            return annotation
        return Union[parts]  # noqa: UP007  # built from a tuple
    return annotation


def _as_reference(part: Any) -> Any:
    return ForwardRef(str(part)) if isinstance(part, Name) else part


def is_class_variable(annotation: Any) -> bool:
    """
    Tell whether an annotation is ``ClassVar``.
    """
    if isinstance(annotation, str):
        return bool(_CLASSVAR.match(annotation))
    return annotation is typing.ClassVar or get_origin(annotation) is typing.ClassVar


def read_annotation(annotation: Any, cls: type[Any], module: str) -> MappedAnnotation | None:
    """
    Return container and content of a mapped attribute's annotation; None if it has none of our containers.
    """
    if isinstance(annotation, str):
        annotation = evaluate(annotation, cls, module)
    origin = get_origin(annotation)
    if origin is None and isinstance(annotation, type) and issubclass(annotation, _CONTAINERS):
        return None
    if not (isinstance(origin, type) and issubclass(origin, _CONTAINERS)):
        return None
    arguments = get_args(annotation)
    if len(arguments) != 1:
        raise MappedAnnotationError(f"Expected sub-type for {origin.__name__} annotation")
    inner = arguments[0]
    return MappedAnnotation(origin, resolve(inner, cls, module), annotation)


def require_known_container(annotation: str, cls: type[Any], module: str, name: str) -> None:
    """
    Raise when what is before the bracket of an annotation is not known: ``Mappd[int]``.

    Raises:
        MappedAnnotationError: It is not.
    """
    container = annotation.partition("[")[0].strip()
    if isinstance(evaluate(container, cls, module), Name):
        raise MappedAnnotationError(
            f"Could not interpret annotation {annotation}.  Check that it uses names that are correctly "
            f"imported at the module level.  {cls.__name__}.{name}: '{container}' is not known in module "
            f"{module}{did_you_mean(container, [each.__name__ for each in _CONTAINERS])}"
        )


def split_optional(annotation: Any) -> tuple[Any, bool]:
    """
    Return an annotation without ``None``, and whether it allowed it.
    """
    origin = get_origin(annotation)
    if origin is Union or origin is types.UnionType:
        arguments = get_args(annotation)
        if type(None) in arguments:
            left = tuple(a for a in arguments if a is not type(None))
            return (left[0] if len(left) == 1 else Union[left]), True  # noqa: UP007  # built from a tuple
    return annotation, False


def reference_name(annotation: Any) -> str | None:
    """
    Return the name that a forward reference holds; None for anything else.
    """
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    if isinstance(annotation, str):
        return str(annotation)
    return None
