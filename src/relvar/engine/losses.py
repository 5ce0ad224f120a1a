"""
What a program gives for a statement and nothing takes.

SQLAlchemy drops it without a word.  Here it is found when the plan is made, which is once per
statement and names given; later rows of an executemany are looked at only if their lengths differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc

if TYPE_CHECKING:
    from relvar.engine.base import Connection
    from relvar.engine.plan import Plan


def report_unused_of_rows(conn: Connection, plan: Plan, rows: Sequence[Mapping[str, Any]]) -> None:
    """
    Report what rows of parameters have and the plan, made for the names of the first, has no use for.
    """
    if plan.unused is not None:
        exc.report_loss(plan.unused, conn._strict)
    taken = plan.taken().union(rows[0])
    for number, row in enumerate(rows):
        left = row.keys() - taken
        if left:
            exc.report_loss(
                f"Parameter set {number} has {_listed(left)}, which the first set does not have: the "
                "statement is made for the names of the first, and what else there is gets lost. Give all "
                "sets the same names, or execute them apart.",
                conn._strict,
            )
            return


def sentence_of(plan: Plan, left: Iterable[Any]) -> str:
    """
    Say that names given with an execution have no use for a plan, and which would have.
    """
    listed = _listed(left)
    compiled = plan.compiled
    if plan.is_insert or plan.is_update:
        table = compiled.statement.table
        absent = [name for name in left if name not in table.c]
        if absent:
            return (
                f"Nothing in the statement takes {listed}: table {table.description!r} has no column of that "
                f"name. Its columns are {_listed(table.c.keys())}."
            )
        return (
            f"Nothing in the statement takes {listed}, though table {table.description!r} has such a column: "
            "the values of the statement come from elsewhere. Give them all in one place."
        )
    right = f"It has {_listed(plan.names)}." if plan.names else "It has none."
    return f"The statement has no bind parameter {listed}: the value is lost. {right}"


def _listed(names: Iterable[Any]) -> str:
    return ", ".join([repr(name) for name in sorted(map(str, names))])
