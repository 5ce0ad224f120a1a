"""
Annotations: facts about an element that do not change its text.

An annotated element is a shallow copy that hashes and compares as the one it
was made from, so columns of an ORM entity are found in a table's collections.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from relvar._kernels.parts import annotated_copy
from relvar.util.immutable import EMPTY_DICT, immutabledict

__all__ = ["Annotated", "SupportsAnnotations"]

_S = TypeVar("_S", bound="SupportsAnnotations")

_annotated_classes: dict[type[Any], type[Any]] = {}


class SupportsAnnotations:
    """
    Something that can be annotated.
    """

    __slots__ = ()

    _annotations: Mapping[str, Any] = EMPTY_DICT
    _is_annotated = False

    def _annotate(self: _S, values: Mapping[str, Any]) -> _S:
        """
        Return a copy with *values* added to the annotations.
        """
        cls = type(self)
        return annotated_copy(  # type: ignore[no-any-return]  # a copy
            _annotated_classes.get(cls) or _annotated_class(cls),
            self,
            self,
            immutabledict({**self._annotations, **values}),
        )

    def _with_annotations(self: _S, values: Mapping[str, Any]) -> _S:
        """
        Return a copy with *values* as its only annotations.
        """
        return _annotated_copy(self, self, immutabledict(values))  # type: ignore[no-any-return]  # a copy

    def _deannotate(self: _S, values: Collection[str] | None = None, clone: bool = False) -> _S:
        """
        Return the element without annotations, or without those named.
        """
        return self._clone() if clone else self  # type: ignore[attr-defined]  # a node's method


class Annotated(SupportsAnnotations):
    """
    Mixed into the class of an annotated copy.
    """

    _is_annotated = True
    _annotated_element: Any
    _hash: int

    def __hash__(self) -> int:
        return self._hash

    def _annotate(self: Any, values: Mapping[str, Any]) -> Any:
        return _annotated_copy(self, self._annotated_element, immutabledict({**self._annotations, **values}))

    def _with_annotations(self: Any, values: Mapping[str, Any]) -> Any:
        return _annotated_copy(self, self._annotated_element, immutabledict(values))

    def _deannotate(self: Any, values: Collection[str] | None = None, clone: bool = False) -> Any:
        if values is None:
            return self._annotated_element
        left = {key: value for key, value in self._annotations.items() if key not in values}
        return _annotated_copy(self, self._annotated_element, immutabledict(left))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._reduce_to_entity() or super().__reduce_ex__(protocol)

    def __reduce__(self) -> Any:
        # what is kept of it in this process is the original's business
        return self._reduce_to_entity() or (_restore, (self._annotated_element, self._annotations))

    def _reduce_to_entity(self) -> Any:
        """
        Return what is pickled of a mapped column, or of what an entity is selected from; else None.

        An entity has its columns and its table in the other process as well.
        """
        entity, key = self._annotations.get("parententity"), self._annotations.get("proxy_key")
        if entity is not None and _of_entity(entity, key) is self:
            return _of_entity, (entity, key)
        return None


def _of_entity(entity: Any, key: str | None) -> Any:
    """
    Return the column of a mapped attribute, or without *key* what an entity is selected from.
    """
    source = entity if key is None else getattr(entity.entity, key, None)
    resolve = getattr(source, "__clause_element__", None)
    return None if resolve is None else resolve()


def _restore(element: Any, annotations: Mapping[str, Any]) -> Any:
    return _annotated_copy(element, element, immutabledict(annotations))


def _annotated_class(cls: type[Any]) -> type[Any]:
    found = _annotated_classes.get(cls)
    if found is None:
        found = type(f"Annotated{cls.__name__}", (Annotated, cls), {"inherit_cache": cls._cacheable})
        found.__module__ = cls.__module__
        _annotated_classes[cls] = found
    return found


def _annotated_copy(source: Any, element: Any, annotations: immutabledict[str, Any]) -> Any:
    """
    Return a copy of *source* that says it is *element*.
    """
    return annotated_copy(_annotated_class(type(element)), source, element, annotations)
