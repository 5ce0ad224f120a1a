"""
Which rows of an INSERT with ON CONFLICT may go in one statement.

``DO NOTHING``: all may, one statement skips a row that an earlier one of it made.

``DO UPDATE``: one statement may not meet a row twice ("cannot affect row a second time"), so the rows' keys
have to differ, as the server sees them (`_seen`): a column rounds some values, CHAR ignores blanks, and
collations may ignore the case of letters. And what is SET may not look at other rows, where it could find
what an earlier row wrote (`_is_local`).

Source: https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from relvar.expr.traverse import iterate
from relvar.stmt.onconflict import OnConflictClause, OnConflictDoUpdate

__all__ = ["Check", "conflict_check"]

Check = Callable[[Sequence[Sequence[Any]]], bool]

_EXACT = frozenset({int, bool, bytes, datetime.date, uuid.UUID, type(None)})

_LOCAL = frozenset(
    ("null", "true", "false", "binary", "unary", "grouping", "clauselist", "expression_clauselist")
    + ("cast", "typeclause", "case")
)
_LOCAL_FUNCTIONS = frozenset({"coalesce", "nullif", "greatest", "least", "now", "current_timestamp"})


def conflict_check(clause: OnConflictClause | None, names: Sequence[str]) -> Check | None:
    """
    Return what tells whether rows may go in one statement; None if no rows ever may.

    Args:
        clause: ON CONFLICT of the statement.
        names: Of the rows' values, which are all of the statement's parameters.
    """
    if not isinstance(clause, OnConflictDoUpdate):
        return _always
    elements = clause.inferred_target_elements or ()
    keys = [element if isinstance(element, str) else getattr(element, "key", None) for element in elements]
    written = {key if isinstance(key, str) else key.key for key, _ in clause.update_values_to_set}
    if not keys or not set(keys) <= set(names) or not written.isdisjoint(keys):
        return None
    read = [value for _, value in clause.update_values_to_set]
    if clause.update_whereclause is not None:
        read.append(clause.update_whereclause)
    if not all(_is_local(element) for value in read for element in iterate(value)):
        return None
    places = [names.index(key) for key in keys if key is not None]
    return lambda rows: _differ(rows, places)


def _always(rows: Sequence[Sequence[Any]]) -> bool:
    return True


def _is_local(element: Any) -> bool:
    name = element.__visit_name__
    if name == "column":
        # literal_column() may have any SQL
        return not element.is_literal
    if name == "function":
        return element.name in _LOCAL_FUNCTIONS and not element.packagenames
    return name in _LOCAL


def _differ(rows: Sequence[Sequence[Any]], places: Sequence[int]) -> bool:
    """
    Tell whether no two rows have the same key, as far as that is sure.
    """
    columns = []
    for place in places:
        values = _seen([row[place] for row in rows])
        if values is None:
            return False
        columns.append(values)
    return len(set(zip(*columns, strict=True))) == len(rows)


def _seen(values: list[Any]) -> Sequence[Hashable] | None:
    """
    Return values that differ where the server says that *values* do; None if that is not known.
    """
    found = set(map(type, values))
    if found <= _EXACT:
        return values
    if found == {str} and "".join(values).isascii():
        return [value.rstrip().lower() for value in values]
    return None
