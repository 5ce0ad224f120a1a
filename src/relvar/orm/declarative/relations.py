"""
Relationships of a declarative class: what an annotation adds to a ``relationship()``.
"""

from __future__ import annotations

import collections.abc
import typing
from typing import TYPE_CHECKING, Any, ForwardRef, get_args, get_origin

from relvar import exc
from relvar.orm.declarative import annotations as reading
from relvar.orm.exc import MappedAnnotationError
from relvar.orm.mapping.descriptors import synonym
from relvar.orm.mapping.interfaces import DynamicMapped, WriteOnlyMapped
from relvar.orm.mapping.relate import relationship
from relvar.orm.mapping.relationship import RelationshipProperty

if TYPE_CHECKING:
    from relvar.orm.declarative.scan import DeclarativeScan

__all__ = ["apply_annotation", "is_relationship_container", "relationship_for", "synonym_for_name"]

_LAZY = {DynamicMapped: "dynamic", WriteOnlyMapped: "write_only"}


def is_relationship_container(container: Any) -> bool:
    """
    Tell whether an annotation's container is for relationships only.
    """
    return container in _LAZY


def relationship_for(read: reading.MappedAnnotation) -> Any:
    """
    Return the relationship that an annotation alone stands for.
    """
    return relationship(lazy=_LAZY[read.container])


def synonym_for_name(name: str) -> Any:
    """
    Return a synonym for another attribute.
    """
    return synonym(name)


def apply_annotation(scan: DeclarativeScan, name: str, prop: RelationshipProperty, annotation: Any) -> None:
    """
    Complete a relationship by its annotation: related class, kind of collection, way of loading.

    Raises:
        ArgumentError: There is neither annotation nor related class.
        MappedAnnotationError: The annotation names no class.
    """
    if annotation is None:
        if prop.argument is None:
            raise exc.ArgumentError(
                f'Python typing annotation is required for attribute "{scan.cls.__name__}.{name}" when '
                'primary argument(s) for "Relationship" construct are None or not present'
            )
        return
    read = reading.read_annotation(annotation[0], scan.cls, annotation[1])
    if read is None:
        return
    inner, _ = reading.split_optional(read.inner)
    if get_origin(inner) is typing.Annotated:
        inner = get_args(inner)[0]
    if read.container in _LAZY:
        prop.lazy = _LAZY[read.container]
        if prop.uselist is None:
            prop.uselist = True
    target = inner
    name_of = reading.reference_name(inner)
    if name_of is not None and "[" in name_of:
        # a string such as "list[Child]" whose member is not known yet
        target = _evaluated(name_of, scan, annotation[1])
    origin = get_origin(target)
    if origin is not None and origin is not typing.Union:
        target = _collection_member(scan, name, prop, target, origin)
    elif prop.uselist is None and prop.collection_class is None:
        prop.uselist = False
    if prop.argument is not None:
        return
    named = reading.reference_name(target)
    if named is not None:
        prop.argument = named
    elif isinstance(target, type):
        prop.argument = target
    else:
        resolved = reading.resolve(target, scan.cls, annotation[1])
        if isinstance(resolved, ForwardRef):
            resolved = resolved.__forward_arg__
        if resolved is None or (not isinstance(resolved, (str, type)) and not hasattr(resolved, "mapper")):
            raise MappedAnnotationError(
                f"Annotation {read.raw} for relationship '{name}' is not a class or the name of one"
            )
        prop.argument = str(resolved) if isinstance(resolved, str) else resolved


def _evaluated(text: str, scan: DeclarativeScan, module: str) -> Any:
    return reading.evaluate(text, scan.cls, module)


def _collection_member(
    scan: DeclarativeScan, name: str, prop: RelationshipProperty, target: Any, origin: Any
) -> Any:
    arguments = get_args(target)
    if not isinstance(origin, type) or not issubclass(origin, collections.abc.Collection):
        if isinstance(origin, type):
            # a generic mapped class
            if prop.uselist is None:
                prop.uselist = False
            return origin
        return target
    if prop.collection_class is None:
        if origin in _ABSTRACT:
            concrete = _ABSTRACT[origin]
            if concrete is None:
                raise exc.ArgumentError(
                    f"Collection annotation type {origin} cannot be instantiated; please provide an "
                    "explicit 'collection_class' parameter (e.g. list, set, etc.) to the relationship() "
                    "function to accompany this annotation"
                )
            prop.collection_class = concrete
        elif read_only(prop):
            pass
        else:
            prop.collection_class = origin
    if prop.uselist is None:
        prop.uselist = True
    member = arguments[-1] if arguments else None
    if member is None:
        raise MappedAnnotationError(f"Generic alias {target} requires an argument")
    return member


_ABSTRACT: dict[Any, Any] = {
    collections.abc.Collection: None,
    collections.abc.Sequence: None,
    collections.abc.MutableSequence: list,
    collections.abc.Set: None,
    collections.abc.MutableSet: set,
    collections.abc.Mapping: None,
    collections.abc.MutableMapping: None,
}


def read_only(prop: RelationshipProperty) -> bool:
    """
    Tell whether a relationship holds no collection object of its own.
    """
    return prop.lazy in ("dynamic", "write_only")
