"""
``AS OF SYSTEM TIME``: read what was there at a time in the past.

Source: https://www.cockroachlabs.com/docs/stable/as-of-system-time
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from relvar.expr.bind import literal
from relvar.expr.node import NODE, Field
from relvar.stmt.base import SyntaxExtension

__all__ = ["AsOfSystemTime", "as_of_system_time"]


class AsOfSystemTime(SyntaxExtension):
    """
    The clause, to be put into a SELECT with ``ext()``.
    """

    __visit_name__ = "as_of_system_time"
    _fields = (Field("when", NODE),)

    def __init__(self, when: Any) -> None:
        self.when = when

    def apply_to_select(self, select_stmt: Any) -> None:
        """Note it in a SELECT; the compiler writes it behind the tables."""
        select_stmt.apply_syntax_extension_point(self._instead, "post_criteria")

    def _instead(self, existing: Sequence[Any]) -> Sequence[Any]:
        return self.append_replacing_same_type(existing)


def as_of_system_time(when: dt.datetime | dt.timedelta | str | Any) -> AsOfSystemTime:
    """
    Have a SELECT on CockroachDB read the rows as of a time in the past.

    Args:
        when: A datetime with its time zone; a timedelta before now; text that CockroachDB takes, ``"-10s"``;
            or a function: ``func.follower_read_timestamp()``.

    Raises:
        ArgumentError: It is in the future, or a datetime without a time zone.

    >>> from relvar import column, select, table
    >>> from relvar.dialects.postgresql.drivers.psycopg import PGDialect_psycopg
    >>> from relvar.dialects.postgresql.variants import as_of_system_time, variant
    >>> users = table("users", column("id"))
    >>> then = select(users.c.id).where(users.c.id > 5).ext(as_of_system_time("-10s"))
    >>> cockroach = variant("cockroachdb", PGDialect_psycopg)()
    >>> print(then.compile(dialect=cockroach, compile_kwargs={"literal_binds": True}))
    SELECT users.id
    FROM users AS OF SYSTEM TIME '-10s'
    WHERE users.id > 5
    """
    spelled = _spelled(when)
    # in the text: the server takes no parameter there
    return AsOfSystemTime(literal(spelled, literal_execute=True) if isinstance(spelled, str) else spelled)


def _spelled(when: Any) -> Any:
    from relvar import exc  # only errors need it

    if isinstance(when, dt.timedelta):
        if when <= dt.timedelta(0):
            raise exc.ArgumentError(f"A time in the past is wanted, and {when!r} before now is none")
        return f"-{when.total_seconds():f}s"
    if isinstance(when, dt.datetime):
        if when.tzinfo is None:
            raise exc.ArgumentError(f"{when!r} has no time zone, so it is not known which moment is meant")
        return when.isoformat(sep=" ")
    return when
