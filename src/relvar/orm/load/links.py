"""
Which attributes may be named where, in a chain of loader options.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relvar import exc
from relvar.inspection import inspect
from relvar.orm.load.path import Step, entity_name
from relvar.orm.mapping.aliased import aliased

__all__ = ["alias_entity", "check_link", "check_one_entity", "entity_leads_to"]


def entity_leads_to(entity: Any, parent: Any) -> bool:
    """Tell whether an attribute of ``parent`` may be named where ``entity`` stands."""
    if entity is parent:
        return True
    if entity.is_aliased_class:
        if entity._use_mapper_path and entity._stands_for(parent):
            return True
        if parent.is_aliased_class:
            return _is_sub_alias(entity, parent)
        return parent is not entity.mapper and parent in entity.with_polymorphic_mappers
    if parent.is_aliased_class:
        return False
    mapper, other = entity.mapper, parent.mapper
    return bool(mapper.isa(other) or other.isa(mapper))


def _is_sub_alias(entity: Any, parent: Any) -> bool:
    """Tell whether ``parent`` is one of the per-class aliases inside ``with_polymorphic()``."""
    return any(sub is parent for sub in entity._with_polymorphic_entities)


def check_link(previous: Step, step: Step, subclasses: tuple[Any, ...] = ()) -> None:
    """
    Raise unless ``step`` starts where ``previous`` ends.

    Args:
        subclasses: Those of the entity there whose attributes may be named.
    """
    if previous.prop is None or not hasattr(previous.prop, "direction"):
        raise exc.ArgumentError(
            f'Attribute "{previous}" of entity "{previous.parent}" does not refer to a mapped entity'
        )
    entity, parent = previous.entity, step.parent
    if not entity.is_aliased_class and not parent.is_aliased_class:
        links = entity.mapper.isa(parent.mapper) or any(sub.isa(parent.mapper) for sub in subclasses)
    else:
        links = entity_leads_to(entity, parent)
    if not links:
        of_type = "" if previous.target is None else f".of_type({entity_name(previous.target)})"
        raise exc.ArgumentError(
            f'ORM mapped entity or attribute "{step}" does not link from relationship "{previous}{of_type}".'
            + (
                f'  Did you mean to use "{previous}.of_type({entity_name(parent)})" or '
                f'"loadopt.options(selectin_polymorphic({entity.mapper.class_.__name__}, '
                f'[{entity_name(parent)}]), ...)" ?'
                if previous.target is None and parent.mapper.isa(entity.mapper)
                else ""
            )
        )


def alias_entity(alias: Any, step: Step) -> Any:
    """
    Return the entity that ``contains_eager(alias=...)`` means.

    A plain selectable (a subquery, say) is taken as an alias of the
    relationship's entity.
    """
    from_alias = inspect(alias, raiseerr=False)
    if from_alias is not None and hasattr(from_alias, "mapper"):
        return from_alias
    return inspect(aliased(step.prop.mapper.class_, alias))


def check_one_entity(attrs: Iterable[Any]) -> None:
    """Raise where something other than attributes of one entity is given."""
    parents: list[Any] = []
    for attr in attrs:
        parent = getattr(getattr(attr, "_join_attribute", attr), "parent", None)
        if parent is None:
            raise exc.ArgumentError(
                f"expected ORM mapped attribute for loader strategy argument, got {attr!r}."
            )
        parents.append(parent)
    if any(not entity_leads_to(parents[0], parent) for parent in parents[1:]):
        raise exc.ArgumentError(
            "Can't apply wildcard ('*') or load_only() loader option to multiple entities in the same "
            "option. Use separate options per entity."
        )
