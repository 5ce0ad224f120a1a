"""
Taking a connection from the pool and giving it back.
"""

from __future__ import annotations

from typing import Any

from bench.library import Library, null_engine
from bench.workloads.floors import lent_objects, together
from bench.workloads.registry import Job, row


def checkout_job(engine: Any) -> Job:
    """Take a connection and give it back."""
    engine.connect().close()

    def run() -> Any:
        for _ in range(500):
            engine.connect().close()
        return engine.pool.checkedout()

    return Job(run, 500, 0)


@row("connect() + close() on a null driver", 0.15, 0.06, raw=lambda: lent_objects(500))
def checkout(lib: Library) -> Job:
    return checkout_job(null_engine(lib))


@row(
    "connect() + close(), 8 threads on 4 connections",
    0.15,
    0.06,
    raw=lambda: lent_objects(200, threads=8),
    rounds=7,
)
def checkout_threads(lib: Library) -> Job:
    engine = null_engine(lib, pool_size=4, max_overflow=0)
    engine.connect().close()

    def work() -> None:
        for _ in range(200):
            engine.connect().close()

    def run() -> Any:
        together(work, 8)
        return engine.pool.checkedout()

    return Job(run, 1600, 0)
