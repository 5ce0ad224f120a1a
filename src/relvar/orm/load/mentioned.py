"""
Find the entities that only the WHERE clause of a statement brings into its FROM clause.

``select(Order.id).where(Order.car_id == Car.id)`` selects from the table of ``Car`` as well: the condition
that tells cars from other vehicles belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from relvar.expr import operators

__all__ = ["mentioned_entities"]

_OPAQUE = frozenset({"function", "select", "compound_select"})
"""What hides the entities below it, as do lists of values."""


def mentioned_entities(criteria: Iterable[Any], known: Iterable[Any], froms: Callable[[], Any]) -> list[Any]:
    """
    Return the entities whose columns conditions compare, where their tables are in the FROM clause for that.

    Args:
        criteria: The conditions of a WHERE clause.
        known: Entities that the statement selects or joins.
        froms: Returns the FROM elements; asked only where it matters.
    """
    columns: list[Any] = []
    for criterion in criteria:
        _collect(criterion, columns)
    found: dict[Any, Any] = {}
    for column in columns:
        entity = column._annotations.get("parententity")
        if entity is not None and entity.is_aliased_class:
            # a subclass within with_polymorphic(): the base alias is what is selected
            entity = entity._base_alias
        if entity is not None:
            found.setdefault(entity, column.table)
    for entity in known if found else ():
        found.pop(entity, None)
    if not found:
        return []
    there = set(froms())
    return [entity for entity, table in found.items() if table in there]


def _collect(node: Any, columns: list[Any]) -> None:
    name = node.__visit_name__
    if name == "column":
        columns.append(node)
        return
    if node._is_bind_parameter:
        return
    if name == "binary" and node.operator is not operators.comma_op:
        for side in (node.left, node.right):
            if side.__visit_name__ == "column":
                columns.append(side)
            elif not side._is_bind_parameter:
                _collect(side, columns)
        return
    if name in _OPAQUE or (name != "tuple" and getattr(node, "operator", None) is operators.comma_op):
        return
    for child in node.get_children():
        _collect(child, columns)
