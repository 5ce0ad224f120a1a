"""
``orm.join()``: a join of entities, along a relationship, to be given to ``select_from()``.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr import make
from relvar.orm.load.joins import contains_from, entity_of, is_relationship, join_relationship

__all__ = ["join", "outerjoin"]


def join(left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> Any:
    """
    Join two entities (or FROM elements).

    Args:
        left: A class, an alias, or a join made before.
        right: What is joined to it.
        onclause: A relationship attribute of something on the left, or a condition; by default the foreign
            keys say.

    Raises:
        ArgumentError: The relationship does not start on the left side.
    """
    left_entity, target = entity_of(left), entity_of(right) or right
    selectable = left if left_entity is None else left_entity.selectable
    if is_relationship(onclause):
        parent = onclause.parent
        if not contains_from(selectable, parent.selectable):
            raise exc.ArgumentError(f"Left side {left} of the join does not have the relationship {onclause}")
        target = onclause._of_type if onclause._of_type is not None else target
        made = join_relationship(selectable, onclause.property, parent, target, isouter=isouter, full=full)
    else:
        right_from = target.selectable if hasattr(target, "mapper") else target
        made = make.Join(selectable, right_from, onclause, isouter=isouter, full=full)
    subject = getattr(left_entity, "mapper", None)
    if subject is not None:
        made = made._set_propagate_attrs({"compile_state_plugin": "orm", "plugin_subject": subject})
    return made


def outerjoin(left: Any, right: Any, onclause: Any = None, full: bool = False) -> Any:
    """Join two entities, keeping rows of the left one that find no partner; see `join`."""
    return join(left, right, onclause, True, full)
