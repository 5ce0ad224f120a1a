"""
What relationships forget, and what they do to other objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from relvar.cli.check.finding import Finding, of_relationship
from relvar.orm import Mapper, RelationshipDirection

__all__ = ["check_relations", "foreign_columns", "relationships"]


def relationships(mappers: Sequence[Mapper[Any]]) -> Iterator[Any]:
    """
    Yield each relationship once, where it is defined.
    """
    for mapper in mappers:
        for relation in mapper.relationships:
            if relation.parent is mapper:
                yield relation


def foreign_columns(relation: Any) -> list[Any]:
    """
    Return the columns that hold the foreign key of a relationship.
    """
    return [column for _, column in relation.synchronize_pairs]


def check_relations(mappers: Sequence[Mapper[Any]]) -> Iterator[Finding]:
    """
    Yield what is likely wrong with each relationship that is written.
    """
    known = [relation for relation in relationships(mappers) if not relation.viewonly]
    told: set[Any] = set()
    for relation in known:
        if not relation._reverse_property and relation not in told:
            yield from _other_side(relation, known, told)
        yield from _cascades(relation)
        if relation.direction is RelationshipDirection.ONETOMANY:
            yield from _deletes(relation)


def _other_side(relation: Any, known: Sequence[Any], told: set[Any]) -> Iterator[Finding]:
    """
    A relationship that has no other side, or does not know it.
    """
    where = of_relationship(relation)
    for other in known:
        if other is not relation and not other._reverse_property and _mirrors(relation, other):
            told.update((relation, other))
            yield Finding(
                where,
                "RV201",
                f"{of_relationship(other)} is along the same foreign key; neither sees changes of the other",
                f'write back_populates="{other.key}" here and back_populates="{relation.key}" there',
            )
            return
    if relation.direction is RelationshipDirection.ONETOMANY and not relation.backref:
        child = relation.mapper.class_.__name__
        yield Finding(
            where,
            "RV202",
            f"{child} has no reference back to {relation.parent.class_.__name__}",
            f'add a relationship to {child} with back_populates="{relation.key}"',
        )


def _mirrors(one: Any, other: Any) -> bool:
    """
    Tell whether two relationships are the two sides of one foreign key or association.
    """
    if not (one.mapper.isa(other.parent) or other.parent.isa(one.mapper)):
        return False
    if not (other.mapper.isa(one.parent) or one.parent.isa(other.mapper)):
        return False
    if one.secondary is not None or other.secondary is not None:
        its = set(other.secondary_synchronize_pairs or ())
        return one.secondary is other.secondary and set(one.synchronize_pairs) == its
    same = set(one.synchronize_pairs) == set(other.synchronize_pairs)
    return same and one.direction is not other.direction


def _cascades(relation: Any) -> Iterator[Finding]:
    """
    A delete that reaches what other objects use as well.
    """
    is_one = relation.direction is RelationshipDirection.MANYTOONE
    is_shared = relation.direction is RelationshipDirection.MANYTOMANY
    if not relation.cascade.delete or not (is_one or is_shared) or relation.single_parent:
        return
    target, own = relation.mapper.class_.__name__, relation.parent.class_.__name__
    what = "the" if is_one else "every"
    yield Finding(
        of_relationship(relation),
        "RV301",
        f'cascade="{_written(relation)}" deletes {what} {target} with any {own} that refers to it',
        "leave delete out of the cascade, or say single_parent=True where no other refers to it",
    )


def _deletes(relation: Any) -> Iterator[Finding]:
    """
    What becomes of the members when their owner is deleted.
    """
    where, columns = of_relationship(relation), foreign_columns(relation)
    child = relation.mapper.class_.__name__
    rules = {(key.ondelete or "").upper() for column in columns for key in column.foreign_keys}
    names = ", ".join(column.name for column in columns)
    # "all", or the database's own rule
    is_left = bool(relation.passive_deletes)
    cannot_be_null = any(not column.nullable for column in columns)
    if (
        cannot_be_null
        and not relation.cascade.delete
        and not is_left
        and rules <= {"", "NO ACTION", "RESTRICT"}
    ):
        yield Finding(
            where,
            "RV302",
            f"deleting {relation.parent.class_.__name__} sets {child}'s {names} to NULL, which cannot be",
            'write cascade="all, delete-orphan" to delete them too, or passive_deletes="all" to refuse',
        )
    if rules & {"CASCADE", "SET NULL"} and not is_left:
        rule = next(rule for rule in sorted(rules) if rule in ("CASCADE", "SET NULL"))
        fix = "write passive_deletes=True"
        if rule == "CASCADE" and not relation.cascade.delete:
            fix = 'write cascade="all, delete-orphan", passive_deletes=True'
        yield Finding(
            where,
            "RV303",
            f"{names} is ON DELETE {rule}, but each {child} is loaded and written one by one",
            fix,
        )
    if relation.passive_deletes is True and rules <= {"", "NO ACTION", "RESTRICT"}:
        yield Finding(
            where,
            "RV304",
            f"passive_deletes=True leaves {child}s to the database, where {names} has no ON DELETE",
            'write ondelete="CASCADE" in the foreign key, or leave passive_deletes out',
        )


def _written(relation: Any) -> str:
    cascade = relation.cascade
    return ", ".join(sorted(cascade)) if len(cascade) < 5 else "all"
