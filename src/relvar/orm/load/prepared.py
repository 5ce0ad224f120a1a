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
from relvar._kernels.loader import Run, finish, load_entities, load_rows
from relvar.engine.prepared import known_plan, plan_for
from relvar.engine.prepared import run as run_plan
from relvar.engine.send import fetch_all
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.tree import NO_OPTIONS, OptionTree

__all__ = ["Given", "PlanSelect", "Prepared", "load_objects", "load_tuples"]

PlanSelect = Callable[..., tuple[Any, LoadPlan]]
"""The type of `plan.plan_select`, which modules below it are given."""


class Prepared:
    """
    One statement of ours: how to make it, and under which key its plan is kept.

    Args:
        make: Returns the Core statement and its load plan, given loader options; called when the
            engine does not have them.
        binds: The bind parameters whose values come with each call, in the order of the values.
    """

    __slots__ = ("binds", "key", "make")

    def __init__(self, make: Callable[[OptionTree], tuple[Any, LoadPlan]], binds: Sequence[Any]) -> None:
        self.make = make
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
                lambda: self.make(NO_OPTIONS if tree is None else tree),
                binds=(*self.binds, *more),
            )
        given = (Given(values[0]),) if len(values) == 1 else tuple([Given(value) for value in values])
        cursor = run_plan(conn, plan, (*given, *more) if more else given)
        layout = plan.layout or plan.layout_for(cursor)
        return plan.load, layout.processors, fetch_all(conn, cursor)


def load_objects(plan: LoadPlan, processors: Any, rows: list[Any], run: Run) -> list[Any]:
    """Return the object of each row, in order, for a plan of one entity; its post loads are done."""
    found: list[Any] = load_entities(rows, plan.bind(processors)[0], run)
    return found


def load_tuples(plan: LoadPlan, processors: Any, rows: list[Any], run: Run) -> list[Any]:
    """Return a tuple per row for a plan of several items; post loads are done."""
    found: list[Any] = load_rows(rows, [run.activate(item) for item in plan.bind(processors)], run)
    finish(run)
    return found
