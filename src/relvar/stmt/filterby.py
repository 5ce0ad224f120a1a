"""
``filter_by(name=value)``: where names are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relvar import exc
from relvar.expr.nesting import refusing_depth

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


def _each_once(elements: Iterable[Any]) -> list[Any]:
    """
    Return FROM elements, each once; those of one entity count as one.
    """
    found: dict[Any, Any] = {}
    for element in elements:
        entity = element._annotations.get("parententity")
        found.setdefault(hash(element) if entity is None else id(entity), element)
    return list(found.values())


def _from_elements(statement: Any) -> Iterable[Any]:
    """
    Return what a statement selects from or changes: columns of a join are its own, called as in ``join.c``.
    """
    yield from getattr(statement, "_from_obj", ())
    for column in getattr(statement, "_raw_columns", ()):
        if "parententity" in column._annotations:
            yield column
        else:
            yield from column._from_objects
    for right, _onclause, _left, _flags in getattr(statement, "_setup_joins", ()):
        yield right
    if statement.is_dml:
        yield statement.table
        yield from statement._extra_froms()


def _joined_tables(statement: Any, places: list[Any]) -> Iterable[Any]:
    """
    Return the tables within joins, and the left sides of joins: where names that nothing else has are found.
    """
    for left in [*places, *(join[2] for join in getattr(statement, "_setup_joins", ()))]:
        if left is not None and not getattr(left, "_is_join_target", False):
            yield from _leaves(left)


def _named(element: Any) -> str:
    entity = element._annotations.get("parententity")
    if entity is not None:
        return str(entity)
    return str(element if getattr(element, "_is_join", False) else element.description)


_MISSING = object()


def _having(name: str, places: list[Any]) -> list[tuple[Any, Any]]:
    """
    Return each place that has an attribute, and the attribute.
    """
    found = ((place, getattr(entity_namespace(place), name, _MISSING)) for place in places)
    return [(place, attribute) for place, attribute in found if attribute is not _MISSING]


@refusing_depth("looked into")
def filter_by_criteria(statement: Any, values: Mapping[str, Any]) -> list[Any]:
    """
    Return the conditions ``name == value``.

    Raises:
        AmbiguousColumnError: a name is found in several places.
        InvalidRequestError: it is found nowhere.
    """
    places = _each_once(_from_elements(statement))
    criteria = []
    for name, value in values.items():
        matches = _having(name, places)
        if not matches:
            places = _each_once([*places, *_joined_tables(statement, places)])
            matches = _having(name, places)
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
