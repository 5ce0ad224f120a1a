"""
The workloads: each is set up once per process and then run for many short rounds.

A builder returns a ``Job``: what to run, how many operations one run is, and
what it must return.  ``Row.first`` and ``Row.goal`` are the ratios to
SQLAlchemy that this project holds itself to (docs/design).
"""

from bench.workloads import (
    attributes,
    mapping,
    points,
    pool,
    process,
    relationships,
    rows,
    statements,
    threads,
    writes,
)
from bench.workloads.registry import SIBLING_LIMIT, Job, Row, rows_of
from bench.workloads.servers import TOPICS as SERVERS
from bench.workloads.siblings import TOPICS as SIBLINGS

__all__ = ["ROWS", "SIBLING_LIMIT", "SUITES", "Job", "Row"]


def _beside(rows: list[Row], others: list[Row]) -> list[Row]:
    """Put the siblings after their workloads."""
    return [found for row in rows for found in (row, *(s for s in others if s.of == row.name))]


TOPICS = (points, rows, writes, relationships, statements, attributes, mapping, pool, process)
SUITES: dict[str, list[Row]] = {
    "sqlite": _beside(
        [row for topic in TOPICS for row in rows_of(topic)],
        [row for topic in SIBLINGS for row in rows_of(topic)],
    ),
    "servers": [row for topic in SERVERS for row in rows_of(topic)],
    "threads": rows_of(threads),
}
ROWS: list[Row] = [row for suite in SUITES.values() for row in suite]
