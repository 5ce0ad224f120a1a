"""
Warn of relationships that write the same column without knowing of each other.
"""

from __future__ import annotations

import weakref
from typing import Any
from weakref import WeakKeyDictionary

from relvar.util.warning import warn

__all__ = ["warn_when_overlapping"]

# foreign column -> relationship -> the column it is copied from, which is of the same schema
_writers: WeakKeyDictionary[Any, WeakKeyDictionary[Any, weakref.ref[Any]]] = WeakKeyDictionary()


def warn_when_overlapping(prop: Any) -> None:
    """
    Enter the columns that a relationship writes; warn when another writes one of them too.
    """
    for source, target in [*prop.synchronize_pairs, *prop.secondary_synchronize_pairs]:
        writers = _writers.get(target)
        if writers is None:
            writers = _writers[target] = WeakKeyDictionary()
        others = [
            (other, other_source())
            for other, other_source in writers.items()
            if other.direction is not None and _conflicts(prop, other)
        ]
        if others:
            _warn(prop, source, target, others)
        writers[prop] = weakref.ref(source)


def _conflicts(prop: Any, other: Any) -> bool:
    if other is prop or other.parent.registry is None or other.parent._disposed:
        return False
    if other in prop._reverse_property or prop in other._reverse_property:
        return False
    if other.key in prop._overlaps or prop.key in other._overlaps:
        return False
    if "__*" in prop._overlaps or "__*" in other._overlaps:
        return False
    if prop.parent.is_sibling(other.parent) or prop.mapper.is_sibling(other.mapper):
        return False
    return bool(prop.key != other.key or not prop.parent.common_parent(other.parent))


def _warn(prop: Any, source: Any, target: Any, others: list[tuple[Any, Any]]) -> None:
    described = ", ".join(
        f"'{other}' (copies {fr} to {target})" for other, fr in sorted(others, key=lambda p: str(p[0]))
    )
    keys = ",".join(sorted(other.key for other, _ in others))
    warn(
        f"relationship '{prop}' will copy column {source} to column {target}, which conflicts with "
        f"relationship(s): {described}. If this is not the intention, consider if these relationships "
        "should be linked with back_populates, or if viewonly=True should be applied to one or more if "
        "they are read-only. For the less common case that foreign key constraints are partially "
        "overlapping, the orm.foreign() annotation can be used to isolate the columns that should be "
        f"written towards.   To silence this warning, add the parameter 'overlaps=\"{keys}\"' to the "
        f"'{prop}' relationship.",
        code="qzyx",
    )
