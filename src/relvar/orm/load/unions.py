"""
Entities whose mapper selects from something other than its table (``with_polymorphic=("*", union)``).

What a statement says about the table's columns is moved to those of the union, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from relvar.orm.load.adapt import adapt, adapter_of

__all__ = ["over_unions"]


def over_unions(core: Any, entities: Iterable[Any]) -> Any:
    """
    Return a Core SELECT with the columns of its entities' tables replaced by those of their unions.

    Args:
        entities: Those that have one.
    """
    adapters = [adapter_of(entity) for entity in dict.fromkeys(entities)]

    def move(clause: Any) -> Any:
        for adapter in adapters:
            clause = adapt(clause, adapter)
        return clause

    made = core._clone()
    made._raw_columns = [move(column) for column in core._raw_columns]
    made._from_obj = tuple(_moved_join(item, move) for item in core._from_obj)
    for name in _CLAUSES:
        setattr(made, name, tuple(move(clause) for clause in getattr(core, name)))
    return made


_CLAUSES = (
    "_where_criteria",
    "_order_by_clauses",
    "_group_by_clauses",
    "_having_criteria",
    "_distinct_on",
)


def _moved_join(item: Any, move: Callable[[Any], Any]) -> Any:
    """Return a join with its conditions moved; other FROM elements are what columns are moved to."""
    if item.__visit_name__ != "join":
        return item
    made = item._clone()
    made.left, made.right = _moved_join(item.left, move), _moved_join(item.right, move)
    made.onclause = move(item.onclause)
    return made
