# Compiled as it is, see setup.py.
"""
Statements that loading sends on its own behalf, planned once and run with values.

A lazy load, a refresh, a selectin load are the same statement each time, so
each is made once, per mapper or relationship and shape of options, and found
again in the engine's cache by a serial number: no key is computed, nothing is
planned or compiled on the warm path.

Such a statement may contain bind parameters of the one it follows: a subquery load
repeats it, loader options bring conditions of their own.  The statement is made from the
first one of its shape, and run with the values of the one at hand: `Followed` is
what it was made from, ``Run.given`` what it is run with, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from relvar._kernels.binds import given_values
from relvar._kernels.keys import next_serial
from relvar._kernels.lend import clock
from relvar._kernels.loader import Run, connects, finish, load_entities, load_rows
from relvar._kernels.unread import fetch_all
from relvar.engine.prepared import known_plan, plan_for
from relvar.engine.prepared import run as run_plan
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.heard import Told, distinct_rows, rows_heard
from relvar.orm.load.run import passed_on
from relvar.orm.load.tree import NO_OPTIONS, OptionTree
from relvar.util.fields import NamedTuple

__all__ = ["Followed", "PlanSelect", "Prepared", "new_followed"]

PlanSelect = Callable[..., tuple[Any, LoadPlan]]
"""The type of `plan.plan_select`, which modules below it are given."""

Plan = Callable[[Any, OptionTree, tuple[Any, ...]], tuple[Any, LoadPlan]]


class Followed(NamedTuple):
    """
    What a further statement is made from: the first statement of its shape that it follows.

    Attributes:
        tree: Its loader options, or None.
        binds: Its bind parameters, and those of its options.
        plan: `plan_select`, for modules below it.
    """

    tree: OptionTree | None
    binds: tuple[Any, ...]
    plan: PlanSelect

    @classmethod
    def options(cls, tree: OptionTree | None, plan: PlanSelect) -> Followed:
        """Make one where options are all there is: those that a loaded object keeps, say."""
        return cls(tree, () if tree is None else tree.binds, plan)


new_followed: Callable[[tuple[Any, ...]], Followed] = partial(tuple.__new__, Followed)
"""Make one of its fields, without the function of Python that its class goes through."""


class Prepared:
    """
    One statement of ours: how to make it, and under which key its plan is kept.

    Args:
        statement: Returns the SELECT of entities.
        plan: Returns the Core statement and its load plan, given that SELECT, loader options, and all bind
            parameters that a call has values for; both are called when the engine does not have them.
        binds: The bind parameters whose values come with each call, in the order of the values.
        followed: What else the statement is made from.
    """

    __slots__ = ("binds", "followed", "key", "plan", "statement")

    def __init__(
        self, statement: Callable[[], Any], plan: Plan, binds: Sequence[Any], followed: Followed
    ) -> None:
        self.statement: Any = statement
        self.plan: Plan = plan
        self.binds: tuple[Any, ...] = tuple(binds)
        self.followed: Followed = followed
        self.key: tuple[str, int] = ("relvar.orm.load", next_serial())

    def fetch(
        self,
        run: Run,
        conn: Any,
        values: Sequence[Any],
        followed: tuple[Any, ...],
        options: Mapping[str, Any],
    ) -> tuple[LoadPlan, Any, list[Any]]:
        """
        Run the statement.

        Args:
            run: What its rows are loaded by; takes note of the values.
            conn: Where it is executed.
            values: One value per bind parameter of the statement's own.
            followed: The values of the statement that this one follows: what ``run.given`` was before.
            options: Execution options.

        Returns:
            The load plan, the result processors (or None), and the raw rows.
        """
        if options:
            options = passed_on(options)
        plan = None if options else known_plan(conn, self.key)
        if plan is None:
            plan = _planned(self, conn, options)
        given = given_values(values)
        if followed:
            given = (*given, *followed)
        run.given = given
        cursor = run_plan(conn, plan, given, None, options)
        layout = plan.layout or plan.layout_for(cursor)
        return plan.load, layout.processors, fetch_all(conn, cursor)

    def objects(self, run: Run, values: Sequence[Any], tree: OptionTree | None, told: Told) -> list[Any]:
        """
        Load the object of each row, in order, where the statement has one entity; its post loads are done.

        Args:
            tree: Loader options at hand, for listeners.
            told: What ``do_orm_execute`` listeners hear of it.
        """
        session: Any = run.session
        if session._quiet_at != clock.ticks and session._events.do_orm_execute:
            return [row[0] for row in rows_heard(self, run, values, tree, told)]
        conn = connects.by.to_load(session, run.context, told[0], self.statement)
        plan, processors, rows = self.fetch(run, conn, values, run.given, run.context.execution_options)
        found: list[Any] = load_entities(rows, plan.bind(processors)[0], run)
        return list({id(obj): obj for obj in found}.values()) if plan.needs_unique else found

    def tuples(self, run: Run, values: Sequence[Any], tree: OptionTree | None, told: Told) -> list[Any]:
        """Load a tuple per row, where the statement has several items; post loads are done."""
        session: Any = run.session
        if session._quiet_at != clock.ticks and session._events.do_orm_execute:
            return rows_heard(self, run, values, tree, told)
        conn = connects.by.to_load(session, run.context, told[0], self.statement)
        plan, processors, rows = self.fetch(run, conn, values, run.given, run.context.execution_options)
        found: list[Any] = load_rows(rows, [run.activate(item) for item in plan.bind(processors)], run)
        finish(run)
        return distinct_rows(found) if plan.needs_unique else found


def _planned(prepared: Prepared, conn: Any, options: Mapping[str, Any]) -> Any:
    """
    Plan a statement that the engine does not have.
    """
    tree = prepared.followed.tree
    binds = (*prepared.binds, *prepared.followed.binds)
    return plan_for(
        conn,
        prepared.key,
        lambda: prepared.plan(prepared.statement(), NO_OPTIONS if tree is None else tree, binds),
        binds=binds,
        options=options,
    )
