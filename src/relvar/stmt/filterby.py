"""
``filter_by(name=value)``: where names are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relvar import exc

__all__ = ["entity_namespace", "filter_by_criteria"]


def entity_namespace(element: Any) -> Any:
    """
    Return the object whose attributes are the columns of a FROM element or entity.
    """
    entity = element._annotations.get("parententity")
    if entity is not None:
        return entity.entity_namespace
    return element.entity_namespace


def _leaves(element: Any) -> Iterable[Any]:
    if element.__visit_name__ == "grouping":
        yield from _leaves(element.element)
    elif element._is_join and "parententity" not in element._annotations:
        yield from _leaves(element.left)
        yield from _leaves(element.right)
    else:
        yield element


def _search_places(statement: Any) -> list[Any]:
    """
    Return the FROM elements of a statement, each once, joins taken apart.
    """
    found: dict[Any, Any] = {}

    def add(element: Any) -> None:
        for leaf in _leaves(element):
            entity = leaf._annotations.get("parententity")
            found.setdefault(hash(leaf) if entity is None else id(entity), leaf)

    for target in getattr(statement, "_from_obj", ()):
        add(target)
    for column in getattr(statement, "_raw_columns", ()):
        if "parententity" in column._annotations:
            found.setdefault(id(column._annotations["parententity"]), column)
            continue
        for element in column._from_objects:
            add(element)
    for right, _onclause, left, _flags in getattr(statement, "_setup_joins", ()):
        for side in (left, right):
            if side is not None and hasattr(side, "_annotations"):
                if getattr(side, "_is_join_target", False):
                    found.setdefault(id(side), side)
                else:
                    add(side)
    table = getattr(statement, "table", None)
    if table is not None:
        add(table)
    return list(found.values())


def _named(element: Any) -> str:
    entity = element._annotations.get("parententity")
    if entity is not None:
        return str(entity)
    return str(element.description)


_MISSING = object()


def filter_by_criteria(statement: Any, values: Mapping[str, Any]) -> list[Any]:
    """
    Return the conditions ``name == value``.

    Raises:
        AmbiguousColumnError: a name is found in several places.
        InvalidRequestError: it is found nowhere.
    """
    places = _search_places(statement)
    criteria = []
    for name, value in values.items():
        matches = []
        for place in places:
            attribute = getattr(entity_namespace(place), name, _MISSING)
            if attribute is not _MISSING:
                matches.append((place, attribute))
        if len(matches) > 1:
            raise exc.AmbiguousColumnError(
                f'Attribute name "{name}" is ambiguous; it exists in multiple FROM clause entities '
                f"({', '.join(_named(place) for place, _ in matches)}). Use filter() with explicit column "
                "references instead of filter_by()."
            )
        if not matches:
            raise exc.InvalidRequestError(
                f'None of the FROM clause entities have a property "{name}". Searched entities: '
                f"{', '.join(_named(place) for place in places)}"
            )
        criteria.append(matches[0][1] == value)
    return criteria
