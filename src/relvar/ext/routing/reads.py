"""
Which statements a replica can run: those that are known to read only.

Rule 1: what is not known to be a read is none. Text may do anything, so only what is said about the very
    statement, ``text(...).execution_options(read_from="replica")``, makes a read of it.
Rule 2: a SELECT that locks rows, takes a value of a sequence or has an INSERT, UPDATE or DELETE in it is
    none, wherever in it that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar._kernels.keys import statement_key
from relvar.engine import register_execution_options
from relvar.sql import visitors
from relvar.sql.functions import next_value
from relvar.util.lru import LRUCache

__all__ = ["is_read", "where_to_read"]

register_execution_options("read_from")

PLACES = ("auto", "primary", "replica", "stale_replica")

_UNREAD = frozenset({"replica", "stale_replica"})

# Walking through a statement costs more than its key, which says the same for all of its kind.
_judged: LRUCache[Any, bool] = LRUCache(1000)


def is_read(statement: Any) -> bool:
    """
    Tell whether a statement is known to read only.

    >>> from relvar import column, insert, select, table, text
    >>> users = table("users", column("id"))
    >>> is_read(select(users)), is_read(select(users).with_for_update()), is_read(insert(users))
    (True, False, False)
    >>> is_read(select(insert(users).returning(users.c.id).cte("made")))
    False
    >>> is_read(text("SELECT 1")), is_read(text("SELECT 1").execution_options(read_from="replica"))
    (False, True)
    """
    if statement is None:
        return False
    said = statement._execution_options.get("read_from") in _UNREAD
    judged = statement.element if getattr(statement, "is_from_statement", False) else statement
    if getattr(judged, "is_text", False):
        return said or judged._execution_options.get("read_from") in _UNREAD
    if not getattr(judged, "is_select", False):
        return False
    key = statement_key(judged)[0]
    known = None if key is None else _judged.get(key)
    if known is None:
        known = not any(map(_writes, visitors.iterate(judged)))
        if key is not None:
            _judged[key] = known
    return known


def _writes(part: Any) -> bool:
    return (
        getattr(part, "_for_update_arg", None) is not None
        or getattr(part, "is_dml", False)
        or part.__visit_name__ == "textual_select"
        or isinstance(part, next_value)
    )


def where_to_read(session: Any, statement: Any, options: Mapping[str, Any]) -> str:
    """
    Return what the option ``read_from`` says of a statement: the call's, its own, or the session's.

    Raises:
        ArgumentError: There is no such place.
    """
    own: Mapping[str, Any] = {} if statement is None else statement._execution_options
    for said in (options, own, session.execution_options):
        place = said.get("read_from")
        if place is not None:
            if place not in PLACES:
                listed = ", ".join(map(repr, PLACES))
                raise exc.ArgumentError(f"The execution option 'read_from' is one of {listed}; got {place!r}")
            return str(place)
    return "auto"
