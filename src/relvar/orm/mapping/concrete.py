"""
Concrete inheritance: every class has a table with all of its columns.

What the superclass has and a class's own table lacks is an attribute that says so when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar.orm.mapping.descriptors import DescriptorProperty

if TYPE_CHECKING:
    from relvar.orm.mapping.mapper import Mapper

__all__ = ["ConcreteInheritedProperty", "put_below", "reserve_places", "take_over_properties"]


class ConcreteInheritedProperty(DescriptorProperty):
    """
    An attribute that only the superclass of a concrete class has: using it in an object raises.
    """

    _is_concrete_gap = True
    inherit_cache = True

    def __init__(self) -> None:
        self.doc: None = None

    def init(self) -> None:
        self._configure_started = self._configure_finished = True

    def _descriptor_for(self, mapper: Mapper) -> Any:
        return _Gap(mapper, self.key)

    def _comparator_for(self, mapper: Mapper) -> Any:
        parent = mapper.inherits
        inherited = None if parent is None else getattr(parent.class_, self.key, None)
        return getattr(inherited, "comparator", None)


class _Gap:
    """The descriptor of an attribute that a concrete class lacks."""

    def __init__(self, mapper: Mapper, key: str) -> None:
        self.text = (
            f"Concrete {mapper} does not implement attribute {key!r} at the instance level.  "
            f"Add this property explicitly to {mapper}."
        )

    def __get__(self, obj: Any, owner: Any) -> Any:
        if obj is not None:
            raise AttributeError(self.text)
        return None

    def __set__(self, obj: Any, value: Any) -> None:
        raise AttributeError(self.text)

    def __delete__(self, obj: Any) -> None:
        raise AttributeError(self.text)


def reserve_places(mapper: Mapper) -> None:
    """
    Put what a concrete class does not declare, but its superclass has, first among its attributes.
    """
    for key in _not_defined(mapper):
        mapper._props[key] = None


def take_over_properties(mapper: Mapper) -> None:
    """
    Give a concrete class what its superclass has and it lacks, as attributes that say so.
    """
    for key in _not_defined(mapper):
        mapper._configure_property(key, ConcreteInheritedProperty())


def _not_defined(mapper: Mapper) -> list[str]:
    parent = mapper.inherits
    assert parent is not None
    return [
        key for key in parent._props if mapper._props.get(key) is None and not _defines(mapper, parent, key)
    ]


def _defines(mapper: Mapper, parent: Mapper, key: str) -> bool:
    """Tell whether a class, or a mix-in between it and its superclass, has an attribute of its own."""
    mro = mapper.class_.__mro__
    return any(key in base.__dict__ for base in mro[: mro.index(parent.class_)])


def put_below(mapper: Mapper, parent: Mapper) -> None:
    """
    Let a concrete class that was mapped by itself inherit from a superclass that was mapped later.
    """
    mapper.inherits = parent
    parent.polymorphic_map.update(mapper.polymorphic_map)
    for each in mapper.self_and_descendants:
        each.polymorphic_map = parent.polymorphic_map
        each.base_mapper = parent.base_mapper
    parent._inheriting_mappers.append(mapper)
    for ancestor in parent.iterate_to_root():
        ancestor._forget_memoized()
    take_over_properties(mapper)
