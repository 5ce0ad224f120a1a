"""
Joins that old programs write without `aliased()`, though tables would be there twice.

In ``select(Person).join(Engineer, ...)`` the join that a subclass is has the table of ``Person``, too.
The target becomes an alias, and the subclass means that alias in all of the statement.  As it is easily
taken for something else, it warns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.inspection import inspect
from relvar.orm.load.adapt import adapter_of
from relvar.orm.load.joins import entity_of, is_relationship
from relvar.orm.mapping.aliased import AliasedClass
from relvar.orm.mapping.traverse import find_tables, replaced
from relvar.util.warning import warn

__all__ = ["with_aliased_targets"]

_CLAUSES = (
    "_raw_columns",
    "_where_criteria",
    "_having_criteria",
    "_order_by_clauses",
    "_group_by_clauses",
    "_distinct_on",
)


def with_aliased_targets(statement: Any, targets: Sequence[Any]) -> Any:
    """
    Return the statement with an alias in place of each target of a join that needs one.

    Args:
        targets: What `joined_entities` says.
    """
    for target in targets:
        if target is not None and not target.is_aliased_class and target.selectable._is_join:
            return _with_aliases(statement, targets)
    return statement


def _with_aliases(statement: Any, targets: Sequence[Any]) -> Any:
    aliases: dict[Any, Any] = {}
    joins = list(statement._setup_joins)
    for number, (right, onclause, from_, flags) in enumerate(joins):
        target = targets[number]
        if target is not None and _needs_alias(target, statement, number):
            alias = aliases[target] = inspect(AliasedClass(target.class_, flat=True, use_mapper_path=True))
            onclause = right if is_relationship(right) else onclause
            joins[number] = alias._annotated_selectable, onclause, from_, flags
    return _about_aliases(statement, aliases, joins) if aliases else statement


def _needs_alias(target: Any, statement: Any, number: int) -> bool:
    """Tell whether a class is a join with tables that the statement has to the left of it."""
    if target.is_aliased_class or not target.selectable._is_join:
        return False
    left = [*statement._from_obj, *statement._raw_columns]
    left += [entity_of(join[0]) or join[0] for join in statement._setup_joins[:number]]
    present: set[Any] = set()
    for item in left:
        entity = entity_of(item) or getattr(item, "_annotations", {}).get("parententity")
        if entity is not target:
            places = item._from_objects if entity is None else (entity.selectable,)
            present.update(table for place in places for table in find_tables(place))
    if present.isdisjoint(find_tables(target.selectable)):
        return False
    warn(
        f"An alias is being generated automatically against joined entity {target} due to overlapping "
        "tables.  This is a legacy pattern which may be deprecated in a later release.  Use the "
        "aliased(<entity>, flat=True) construct explicitly, see the linked example.",
        code="xaj2",
    )
    return True


def _about_aliases(statement: Any, aliases: dict[Any, Any], joins: list[Any]) -> Any:
    """Return the statement with these joins, and what it says of classes said of their aliases."""

    def replace(node: Any) -> Any:
        entity = node._annotations.get("parententity")
        alias = aliases.get(entity)
        if alias is None:
            return None
        if node._is_from_clause:
            return alias._annotated_selectable
        made: Any = adapter_of(alias)(node)  # type: ignore[misc]  # an alias has one
        return made._annotate({**node._annotations, "parententity": alias})

    made = statement._clone()
    for name in _CLAUSES:
        clauses = [replaced(clause, replace) for clause in getattr(statement, name)]
        setattr(made, name, clauses if name == "_raw_columns" else tuple(clauses))
    made._setup_joins = tuple(
        [
            (
                right,
                onclause if onclause is None or is_relationship(onclause) else replaced(onclause, replace),
            )
            + (from_, flags)
            for right, onclause, from_, flags in joins
        ]
    )
    return made
