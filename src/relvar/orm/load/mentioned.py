"""
Find the entities that only the WHERE clause of a statement brings into its FROM clause.

``select(Order.id).where(Order.car_id == Car.id)`` selects from the table of ``Car`` as well: the condition
that tells cars from other vehicles belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from relvar._kernels.froms import mentioned_columns
from relvar.expr import operators

__all__ = ["columns_of_others", "entities_in"]

_OPAQUE = frozenset({"function", "select", "compound_select"})
"""What hides the entities below it, as do lists of values."""


def columns_of_others(criteria: Iterable[Any], known: Container[Any]) -> list[Any]:
    """
    Return the columns of entities that conditions compare.

    Args:
        criteria: The conditions of a WHERE clause.
        known: Entities that the statement selects or joins, which are left out.
    """
    return mentioned_columns(criteria, known, _OPAQUE, operators.comma_op)


def entities_in(columns: Iterable[Any], known: Container[Any], froms: Callable[[], Any]) -> list[Any]:
    """
    Return the entities of columns whose tables are in the FROM clause for them.

    Args:
        columns: What `columns_of_others` says.
        froms: Returns the FROM elements; asked only where it matters.
    """
    found: dict[Any, Any] = {}
    for column in columns:
        entity = column._annotations["parententity"]
        if entity.is_aliased_class:
            # a subclass within with_polymorphic(): the base alias is what is selected
            entity = entity._base_alias
        if entity not in known:
            found.setdefault(entity, column.table)
    if not found:
        return []
    there = set(froms())
    return [entity for entity, table in found.items() if table in there]
