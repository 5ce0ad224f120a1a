"""
Find the entities that only the WHERE clause of a statement brings into its FROM clause.

``select(Order.id).where(Order.car_id == Car.id)`` selects from the table of ``Car`` as well: the condition
that tells cars from other vehicles belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from relvar.expr import operators

__all__ = ["mentioned_entities"]

_OPAQUE = frozenset({"function", "select", "compound_select"})
"""What hides the entities below it, as do lists of values."""


def mentioned_entities(criteria: Iterable[Any], known: Container[Any], froms: Callable[[], Any]) -> list[Any]:
    """
    Return the entities whose columns conditions compare, where their tables are in the FROM clause for that.

    Args:
        criteria: The conditions of a WHERE clause.
        known: Entities that the statement selects or joins.
        froms: Returns the FROM elements; asked only where it matters.
    """
    columns: list[Any] = []
    _collect(criteria, columns)
    found: dict[Any, Any] = {}
    for column in columns:
        said = column._annotations
        entity = said["parententity"] if "parententity" in said else None
        if entity is None or entity in known:
            continue
        if entity.is_aliased_class:
            # a subclass within with_polymorphic(): the base alias is what is selected
            entity = entity._base_alias
        if entity not in known:
            found.setdefault(entity, column.table)
    if not found:
        return []
    there = set(froms())
    return [entity for entity, table in found.items() if table in there]


def _collect(nodes: Iterable[Any], columns: list[Any]) -> None:
    for node in nodes:
        name = node.__visit_name__
        if name == "column":
            columns.append(node)
        elif node._is_bind_parameter or name in _OPAQUE:
            continue
        elif name == "binary" and node.operator is not operators.comma_op:
            for side in (node.left, node.right):
                if side.__visit_name__ == "column":
                    columns.append(side)
                elif not side._is_bind_parameter:
                    _collect((side,), columns)
        elif name == "tuple" or getattr(node, "operator", None) is not operators.comma_op:
            _collect(node.get_children(), columns)
