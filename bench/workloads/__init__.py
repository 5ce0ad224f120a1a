"""
The workloads: each is set up once per process and then run for many short rounds.

A builder returns a ``Job``: what to run, how many operations one run is, and
what it must return.  ``Row.first`` and ``Row.goal`` are the ratios to
SQLAlchemy that this project holds itself to (docs/design).
"""

from bench.workloads import (
    asynchronous,
    attributes,
    mapping,
    points,
    pool,
    process,
    relationships,
    rows,
    statements,
    writes,
)
from bench.workloads.registry import Job, Row, rows_of

__all__ = ["ROWS", "Job", "Row"]

TOPICS = (points, rows, writes, relationships, statements, attributes, mapping, pool, process, asynchronous)
ROWS: list[Row] = [row for topic in TOPICS for row in rows_of(topic)]
