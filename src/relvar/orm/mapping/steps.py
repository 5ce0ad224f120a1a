"""
What loading a row of a class does, step by step, as far as the mapping alone says it.

Most attributes are columns that come with the row, or relationships that are loaded when they are read.
Those that stand one after the other are one step, which a plan takes as a whole unless an option names
one of them, or all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = [
    "ColumnStep",
    "LazyStep",
    "Mappings",
    "column_props",
    "loading_steps",
    "mappings",
    "polymorphic_mappers",
    "props_of",
    "steps_of",
]


class Mappings:
    """
    What stands for all mappings as they are now: another object when any of them has changed.
    """

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state: object = object()


mappings: Mappings = Mappings()


class ColumnStep:
    """
    Attributes that are one column each, which comes with the row.
    """

    __slots__ = ("columns", "keys", "props")

    def __init__(self, props: tuple[Any, ...]) -> None:
        self.props: tuple[Any, ...] = props
        self.keys: tuple[str, ...] = tuple([prop.key for prop in props])
        self.columns: tuple[Any, ...] = tuple([prop.columns[0] for prop in props])


class LazyStep:
    """
    Relationships that are loaded when they are read.
    """

    __slots__ = ("keys", "props")

    def __init__(self, props: tuple[Any, ...]) -> None:
        self.props: tuple[Any, ...] = props
        self.keys: tuple[str, ...] = tuple([prop.key for prop in props])


def loading_steps(props: Iterable[Any]) -> list[Any]:
    """
    Return the steps of loading properties: a property by itself is one about which more has to be known.
    """
    steps: list[Any] = []
    gathered: list[Any] = []
    kind: Any = None
    for prop in (*props, None):
        found = None if prop is None else _kind_of(prop)
        if found is not kind:
            if kind is not None:
                steps.append(kind(tuple(gathered)))
            gathered, kind = [], found
        if kind is not None:
            gathered.append(prop)
        elif prop is not None:
            steps.append(prop)
    return steps


def props_of(step: Any) -> tuple[Any, ...]:
    """
    Return the properties that a step loads.
    """
    found: tuple[Any, ...] = step.props if step.__class__ in (ColumnStep, LazyStep) else (step,)
    return found


def polymorphic_mappers(entity: Any) -> Sequence[Any]:
    """Return the mappers whose columns an entity selects: itself, and what ``with_polymorphic`` adds."""
    mapper = entity.mapper
    extra = entity.with_polymorphic_mappers
    return [mapper, *[m for m in extra if m is not mapper]] if extra else [mapper]


def steps_of(entity: Any) -> list[Any]:
    """Return how the attributes of an entity are loaded, step by step."""
    mapper, extra = entity.mapper, entity.with_polymorphic_mappers
    if not extra or (len(extra) == 1 and extra[0] is mapper):
        return mapper._loading_steps  # type: ignore[no-any-return]  # as declared
    # those of subclasses one by one, as objects of the class itself do not have them
    steps = list(mapper._loading_steps)
    seen = {id(prop) for step in steps for prop in props_of(step)}
    for each in polymorphic_mappers(entity):
        for step in each._loading_steps:
            for prop in props_of(step):
                if id(prop) not in seen:
                    seen.add(id(prop))
                    steps.append(prop)
    return steps


def column_props(mappers: Sequence[Any]) -> list[Any]:
    """Return the column attributes of mappers in loading order, each once."""
    if len(mappers) == 1:
        return list(mappers[0]._column_props)
    return list({id(prop): prop for mapper in mappers for prop in mapper._column_props}.values())


def _kind_of(prop: Any) -> Any:
    """Return what kind of step a property can be part of; None if it is one by itself."""
    if prop._is_relationship:
        return LazyStep if prop.lazy == "select" else None
    is_plain = len(prop.columns) == 1 and prop.instrument and not (prop.deferred or prop.is_unset)
    return ColumnStep if is_plain else None
