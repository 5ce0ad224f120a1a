"""
What loading a row of a class does, step by step, as far as the mapping alone says it.

Most attributes are columns that come with the row, or relationships that are loaded when they are read.
Those that stand one after the other are one step, which a plan takes as a whole unless an option names
one of them, or all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["ColumnStep", "LazyStep", "Mappings", "loading_steps", "mappings", "props_of"]


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


def _kind_of(prop: Any) -> Any:
    """Return what kind of step a property can be part of; None if it is one by itself."""
    if prop._is_relationship:
        return LazyStep if prop.lazy == "select" else None
    is_plain = len(prop.columns) == 1 and prop.instrument and not (prop.deferred or prop.is_unset)
    return ColumnStep if is_plain else None
