"""
The lines of the table: workloads register themselves here, each under its topic.

Beside a workload stand its siblings, which do the same with another shape: what made the
workload fast must reach them.  ``SIBLING_LIMIT`` says how far a sibling's ratio may be from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bench.library import Library


@dataclass
class Job:
    """A piece of work: ``run()`` does ``operations`` of them and returns ``expected``."""

    run: Callable[[], Any]
    operations: int
    expected: Any = None
    before: Callable[[], Any] | None = None
    # "time" is measured around run(); "value": run() returns the figure itself.
    kind: str = "time"


Builder = Callable[[Library], Job]

SIBLING_LIMIT = 1.5


@dataclass
class Row:
    """One line of the table; ``of`` names the workload that a sibling stands beside."""

    name: str
    unit: str
    first: float
    goal: float
    build: Builder
    raw: Callable[[], Job] | None = None
    rounds: int = 15
    of: str = ""
    # host and port that must answer
    server: tuple[str, int] | None = None


_registered: dict[str, list[Row]] = defaultdict(list)


def row(
    name: str,
    first: float,
    goal: float,
    unit: str = "µs",
    raw: Callable[[], Job] | None = None,
    rounds: int = 15,
    server: tuple[str, int] | None = None,
) -> Callable[[Builder], Builder]:
    """Register a builder as a line of the table."""

    def register(build: Builder) -> Builder:
        made = Row(name, unit, first, goal, build, raw, rounds, server=server)
        _registered[build.__module__].append(made)
        return build

    return register


def sibling(
    of: str, shape: str, raw: Callable[[], Job] | None = None, rounds: int = 7
) -> Callable[[Builder], Builder]:
    """Register a builder as the sibling of the workload of that name, with another shape."""

    def register(build: Builder) -> Builder:
        (base,) = (row for rows in _registered.values() for row in rows if row.name == of)
        first, goal = base.first * SIBLING_LIMIT, base.goal * SIBLING_LIMIT
        made = Row(f"{of}: {shape}", base.unit, first, goal, build, raw, rounds, of, base.server)
        _registered[build.__module__].append(made)
        return build

    return register


def rows_of(topic: ModuleType) -> list[Row]:
    """Return the rows that the functions of a module were registered as, in order."""
    return _registered[topic.__name__]
