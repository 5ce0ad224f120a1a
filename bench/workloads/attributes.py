"""
Reading and setting attributes of a mapped object.
"""

from __future__ import annotations

import sys
from typing import Any

from bench.library import Library, make_model
from bench.workloads.floors import noticed_write, plain_attribute
from bench.workloads.registry import Job, row


def get_job(made: Any) -> Job:
    """Read an attribute of an object whose ``c0`` is 5."""

    def run() -> Any:
        for _ in range(5000):
            # Four reads a turn drown the loop's own cost.
            made.c0  # noqa: B018  # the read is the work
            made.c0  # noqa: B018
            made.c0  # noqa: B018
            made.c0  # noqa: B018
        return made.c0

    return Job(run, 20_000, 5)


@row(
    "attribute get",
    0.10 if sys.version_info < (3, 12) else 0.30,
    0.03,
    raw=lambda: plain_attribute(get_job),
)
def attribute_get(lib: Library) -> Job:
    return get_job(make_model(lib).Item(c0=5))


def set_job(made: Any) -> Job:
    """Set an attribute of an object."""

    def run() -> Any:
        for _ in range(5000):
            made.c0 = 1
            made.c0 = 2
            made.c0 = 3
            made.c0 = 4  # as above
        return made.c0

    return Job(run, 20_000, 4)


@row("attribute set", 0.15, 0.07, raw=lambda: noticed_write(set_job))
def attribute_set(lib: Library) -> Job:
    return set_job(make_model(lib).Item(c0=5))
