"""
Statements that loading sends on its own behalf, planned once and run with values.

A lazy load, a refresh, a selectin load are the same statement each time, so
each is made once, per mapper or relationship and shape of options, and found
again in the engine's cache by a serial number: no key is computed, nothing is
planned or compiled on the warm path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar._kernels.binds import Given
from relvar._kernels.keys import next_serial
from relvar._kernels.lend import clock
from relvar._kernels.loader import Run, finish, load_entities, load_rows
from relvar.engine.prepared import known_plan, plan_for
from relvar.engine.prepared import run as run_plan
from relvar.engine.send import fetch_all
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.heard import Told, distinct_rows, rows_heard
from relvar.orm.load.tree import NO_OPTIONS, OptionTree

__all__ = ["Given", "PlanSelect", "Prepared"]

PlanSelect = Callable[..., tuple[Any, LoadPlan]]
"""The type of `plan.plan_select`, which modules below it are given."""

Plan = Callable[[Any, OptionTree], tuple[Any, LoadPlan]]


class Prepared:
    """
    One statement of ours: how to make it, and under which key its plan is kept.

    Args:
        statement: Returns the SELECT of entities.
        plan: Returns the Core statement and its load plan, given that SELECT and loader options; both are
            called when the engine does not have them.
        binds: The bind parameters whose values come with each call, in the order of the values.
    """

    __slots__ = ("binds", "key", "plan", "statement")

    def __init__(self, statement: Callable[[], Any], plan: Plan, binds: Sequence[Any]) -> None:
        self.statement = statement
        self.plan = plan
        self.binds = tuple(binds)
        self.key = ("relvar.orm.load", next_serial())

    def fetch(
        self, conn: Any, values: Sequence[Any], tree: OptionTree | None = None, more: Sequence[Any] = ()
    ) -> tuple[LoadPlan, Any, list[Any]]:
        """
        Run the statement.

        Args:
            values: One value per bind parameter of the statement.
            tree: Loader options, of the same shape each time; their bind parameters bring values as well.
            more: Further bind parameters that bring values.

        Returns:
            The load plan, the result processors (or None), and the raw rows.
        """
        if tree is not None:
            more = (*more, *tree.binds)
        plan = known_plan(conn, self.key)
        if plan is None:
            plan = plan_for(
                conn,
                self.key,
                lambda: self.plan(self.statement(), NO_OPTIONS if tree is None else tree),
                binds=(*self.binds, *more),
            )
        given = (Given(values[0]),) if len(values) == 1 else tuple([Given(value) for value in values])
        cursor = run_plan(conn, plan, (*given, *more) if more else given)
        layout = plan.layout or plan.layout_for(cursor)
        return plan.load, layout.processors, fetch_all(conn, cursor)

    def objects(
        self, run: Run, conn: Any, values: Sequence[Any], tree: OptionTree | None, told: Told
    ) -> list[Any]:
        """
        Load the object of each row, in order, where the statement has one entity; its post loads are done.

        Args:
            told: What ``do_orm_execute`` listeners hear of it.
        """
        session = run.session
        if session._quiet_at != clock.ticks and session._events.do_orm_execute:
            return [row[0] for row in rows_heard(self, run, conn, values, tree, (), told)]
        plan, processors, rows = self.fetch(conn, values, tree)
        found: list[Any] = load_entities(rows, plan.bind(processors)[0], run)
        return list({id(obj): obj for obj in found}.values()) if plan.needs_unique else found

    def tuples(
        self,
        run: Run,
        conn: Any,
        values: Sequence[Any],
        tree: OptionTree | None,
        told: Told,
        more: Sequence[Any] = (),
    ) -> list[Any]:
        """Load a tuple per row, where the statement has several items; post loads are done."""
        session = run.session
        if session._quiet_at != clock.ticks and session._events.do_orm_execute:
            return rows_heard(self, run, conn, values, tree, more, told)
        plan, processors, rows = self.fetch(conn, values, tree, more)
        found: list[Any] = load_rows(rows, [run.activate(item) for item in plan.bind(processors)], run)
        finish(run)
        return distinct_rows(found) if plan.needs_unique else found
