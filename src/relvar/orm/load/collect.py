"""
Put loaded collections and objects where they belong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.util.warning import warn

__all__ = ["collector", "many_warning", "store_related"]


def collector(prop: Any) -> Callable[[Any, Any, list[Any]], None] | None:
    """Return what stores a finished collection of a relationship; None for one that holds a single object."""
    if not prop.uselist:
        return None
    key = prop.key

    def collect(state: Any, obj: Any, values: list[Any]) -> None:
        state.manager.impls[key].set_committed_value(state, obj, values)

    return collect


def many_warning(prop: Any) -> Callable[[Any], None] | None:
    """
    Return what warns when a relationship that holds a single object finds several; None for a collection.
    """
    if prop.uselist:
        return None

    def many(_state: Any) -> None:
        warn(f"Multiple rows returned with uselist=False for eagerly-loaded attribute '{prop}' ")

    return many


def store_related(prop: Any, state: Any, obj: Any, values: list[Any]) -> None:
    """Store what was loaded for one parent: the collection, or its only member."""
    impl = state.manager.impls[prop.key]
    if prop.uselist:
        impl.set_committed_value(state, obj, values)
        return
    if len(values) > 1:
        warn(f"Multiple rows returned with uselist=False for eagerly-loaded attribute '{prop}' ")
    impl.set_committed_value(state, obj, values[0] if values else None)
