"""
``orm.join()``: a join of entities, along a relationship, to be given to ``select_from()``.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr import make
from relvar.orm.load.joins import contains_from, entity_of, is_relationship, join_relationship
from relvar.orm.mapping.interfaces import MapperProperty
from relvar.relation.join import Join

__all__ = ["join", "outerjoin"]


class EntityJoin(Join):
    """
    A join of entities, which goes on along relationships.
    """

    inherit_cache: bool = True

    _joined_last: Any = None
    """The entity on the right, None if it is none: what a join goes on from."""

    @classmethod
    def _of(cls, made: Join) -> EntityJoin:
        found = cls.__new__(cls)
        found.__dict__.update(made.__dict__)
        return found

    def join(self, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> EntityJoin:
        """Join one more entity, see `relvar.orm.join`."""
        made: EntityJoin = join(self, right, onclause, isouter, full)
        return made

    def outerjoin(self, right: Any, onclause: Any = None, full: bool = False) -> EntityJoin:
        """Join one more entity, keeping rows that find no partner."""
        return self.join(right, onclause, True, full)


def join(left: Any, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> Any:
    """
    Join two entities (or FROM elements).

    Args:
        left: A class, an alias, or a join made before.
        right: What is joined to it.
        onclause: A relationship attribute of something on the left, or of the class of which that is an
            alias; or a condition; by default the foreign keys say.

    Raises:
        ArgumentError: The relationship does not start on the left side.
    """
    left_entity, target = entity_of(left), entity_of(right) or right
    selectable = left if left_entity is None else left_entity.selectable
    if isinstance(onclause, MapperProperty):
        onclause = onclause.class_attribute
    if is_relationship(onclause):
        parent = onclause.parent
        if not contains_from(selectable, parent.selectable):
            # of the class, where an alias of it is joined
            parent = left_entity if left_entity is not None else getattr(left, "_joined_last", None)
        if parent is None or not parent.mapper.isa(onclause.parent.mapper):
            raise exc.ArgumentError(f"Left side {left} of the join does not have the relationship {onclause}")
        target = onclause._of_type if onclause._of_type is not None else target
        made = join_relationship(selectable, onclause.property, parent, target, isouter=isouter, full=full)
    else:
        right_from = target.selectable if hasattr(target, "mapper") else target
        made = make.Join(selectable, right_from, onclause, isouter=isouter, full=full)
    if left_entity is not None:
        attrs: Any = {"compile_state_plugin": "orm", "plugin_subject": left_entity.mapper}
    else:
        attrs = getattr(left, "_propagate_attrs", None)
    joined = EntityJoin._of(made)
    if attrs:
        joined = joined._set_propagate_attrs(attrs)
    joined._joined_last = entity_of(right)
    return joined


def outerjoin(left: Any, right: Any, onclause: Any = None, full: bool = False) -> Any:
    """Join two entities, keeping rows of the left one that find no partner; see `join`."""
    return join(left, right, onclause, True, full)
