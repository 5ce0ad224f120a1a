"""
The lines of the table: workloads register themselves here, each under its topic.
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


@dataclass
class Row:
    """One line of the table."""

    name: str
    unit: str
    first: float
    goal: float
    build: Builder
    raw: Callable[[], Job] | None = None
    rounds: int = 15


_registered: dict[str, list[Row]] = defaultdict(list)


def row(
    name: str,
    first: float,
    goal: float,
    unit: str = "µs",
    raw: Callable[[], Job] | None = None,
    rounds: int = 15,
) -> Callable[[Builder], Builder]:
    """Register a builder as a line of the table."""

    def register(build: Builder) -> Builder:
        _registered[build.__module__].append(Row(name, unit, first, goal, build, raw, rounds))
        return build

    return register


def rows_of(topic: ModuleType) -> list[Row]:
    """Return the rows that the functions of a module were registered as, in order."""
    return _registered[topic.__name__]
