"""
Recognise join conditions that are nothing but "these columns are the key".

Loading takes a shorter way for them: the identity map instead of a statement,
``IN`` over keys without a join.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from relvar import exc
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.inspection import inspect
from relvar.orm.load.adapt import columns_in
from relvar.orm.mapping.aliased import aliased, with_polymorphic

__all__ = [
    "anonymous_alias",
    "covers_key",
    "fact_of",
    "finds_by_key",
    "key_in",
    "key_name",
    "uses_get",
    "with_subclasses",
]


def key_name(mapper: Any, column: Any) -> str:
    """Return the name of a mapper's attribute for a column."""
    return str(mapper.get_property_by_column(column).key)


def uses_get(prop: Any) -> bool:
    """Tell whether a relationship is many to one by the target's primary key."""
    return prop.direction.name == "MANYTOONE" and finds_by_key(prop)


def fact_of(prop: Any, name: Any, found: Callable[[], Any]) -> Any:
    """Return something that follows from a relationship's join condition, found once."""
    facts = prop._load_facts
    if name not in facts:
        facts[name] = found()
    return facts[name]


def finds_by_key(prop: Any) -> bool:
    """Tell whether a relationship leads to one object whose primary key the parent has, on either side."""
    return bool(fact_of(prop, "finds_by_key", lambda: _finds_by_key(prop)))


def _finds_by_key(prop: Any) -> bool:
    if prop.secondary is not None or (prop.uselist and prop.direction.name != "MANYTOONE"):
        return False
    pairs = [(remote, local) for local, remote in prop.local_remote_pairs]
    return covers_key(prop.mapper, pairs, prop.primaryjoin)


def covers_key(mapper: Any, pairs: Iterable[tuple[Any, Any]], primaryjoin: Any) -> bool:
    """
    Tell whether a condition says that other columns equal a mapper's primary key, and nothing else.

    Args:
        pairs: ``(column of the mapper, other column)``.
    """
    pairs = list(pairs)
    key = {key_name(mapper, column) for column in mapper.primary_key}
    try:
        found = {key_name(mapper, column) for column, _other in pairs}
    except exc.InvalidRequestError:  # a column that has no attribute
        return False
    if found != key or len(pairs) != len(key):
        return False
    # a column of an overlapping key is compared with itself
    columns = {column for pair in pairs for column in pair}
    return len(columns_in([primaryjoin])) == len(columns) and _is_equalities(primaryjoin)


def _is_equalities(clause: Any) -> bool:
    """Tell whether a condition consists of comparisons of columns for equality, joined by AND."""
    if clause.__visit_name__ == "grouping":
        return _is_equalities(clause.element)
    clauses = getattr(clause, "clauses", None)
    if clauses is not None:
        return clause.operator.__name__ == "and_" and all(_is_equalities(part) for part in clauses)
    return bool(clause.__visit_name__ == "binary" and clause.operator.__name__ == "eq")


def key_in(columns: Sequence[Any]) -> tuple[Any, Any]:
    """
    Return the condition that columns are one of many keys.

    Returns:
        The condition, and the bind parameter that takes the list of keys.
    """
    key = columns[0] if len(columns) == 1 else make.Tuple(*columns)
    criterion = key.in_(BindParameter("primary_keys", None, expanding=True, type_=key.type))
    return criterion, criterion.right


def with_subclasses(mapper: Any, *subs: Any) -> Any:
    """
    Return what eager loading of ``relationship.of_type(Subclass)`` selects: all rows, with the columns of the
    subclasses.
    """
    several = len(subs) > 1
    classes = [sub.class_ for sub in subs]
    return inspect(with_polymorphic(mapper.class_, classes, aliased=not several, flat=several))


def anonymous_alias(mapper: Any) -> Any:
    """Return a new alias of a mapper, named by the compiler: ``users_1``."""
    return inspect(aliased(mapper.class_, flat=True))
