"""
The two relationships of a two-way link: make one from the other, and let them know each other.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.orm.mapping.interfaces import MANYTOONE, ONETOMANY

__all__ = ["link_reverse", "make_backref"]


def make_backref(prop: Any) -> None:
    """
    Make the relationship that ``backref`` asks for, on the related class, and link both.

    Raises:
        ArgumentError: The class has an attribute of that name.
    """
    backref_key, settings = (prop.backref, {}) if isinstance(prop.backref, str) else prop.backref
    given: dict[str, Any] = dict(settings)
    mapper = prop.mapper
    if not mapper.concrete:
        for each in {*mapper.iterate_to_root(), *mapper.self_and_descendants}:
            if each.has_property(backref_key) and not each.concrete:
                raise exc.ArgumentError(
                    f"Error creating backref '{backref_key}' on relationship '{prop}': property of that name "
                    f"exists on mapper '{each}'"
                )
    condition = prop._join_condition
    if prop.secondary is not None:
        primaryjoin = given.pop("primaryjoin", condition.deannotated_secondaryjoin)
        secondaryjoin = given.pop("secondaryjoin", condition.deannotated_primaryjoin)
    else:
        primaryjoin = given.pop("primaryjoin", condition.primaryjoin_reverse_remote)
        secondaryjoin = given.pop("secondaryjoin", None)
        if secondaryjoin is not None:
            raise exc.InvalidRequestError(
                "Can't assign 'secondaryjoin' on a backref against a non-secondary relationship."
            )
    foreign_keys = given.pop("foreign_keys", prop._user_defined_foreign_keys or None)
    given.setdefault("viewonly", prop.viewonly)
    given.setdefault("post_update", prop.post_update)
    given.setdefault("passive_updates", prop.passive_updates)
    given.setdefault("sync_backref", prop.sync_backref)
    prop.back_populates = backref_key
    made = type(prop)(
        prop.parent.entity,
        prop.secondary,
        primaryjoin=primaryjoin,
        secondaryjoin=secondaryjoin,
        foreign_keys=foreign_keys,
        back_populates=prop.key,
        **given,
    )
    mapper._configure_property(backref_key, made)
    link_reverse(prop, backref_key)


def link_reverse(prop: Any, key: str) -> None:
    """
    Let a relationship and the one of the related class that it names know each other.

    Raises:
        ArgumentError: It does not lead back.
        InvalidRequestError: It is no relationship, or can't be kept in step.
    """
    other = prop.mapper.get_property(key, _configure_mappers=False)
    if not getattr(other, "_is_relationship", False):
        raise exc.InvalidRequestError(
            f"back_populates on relationship '{prop}' refers to attribute "
            f"'{prop.mapper.class_.__name__}.{key}' "
            "that is not a relationship.  The back_populates parameter should refer to the name of a "
            "relationship on the target class."
        )
    if prop.sync_backref and other.viewonly:
        raise exc.InvalidRequestError(
            f"Relationship {prop} cannot specify sync_backref=True since {other} includes viewonly=True."
        )
    prop._reverse_property.add(other)
    other._reverse_property.add(prop)
    other._setup_entity()
    if not other.mapper.common_parent(prop.parent):
        raise exc.ArgumentError(
            f"reverse_property {key!r} on relationship {prop} references relationship {other}, which does "
            f"not reference mapper {prop.parent}"
        )
    if prop.direction in (ONETOMANY, MANYTOONE) and prop.direction == other.direction:
        raise exc.ArgumentError(
            f"{other} and back-reference {prop} are both of the same direction {prop.direction!r}.  Did you "
            "mean to set remote_side on the many-to-one side ?"
        )
