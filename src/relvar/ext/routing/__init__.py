"""
Read from replicas, and see what was written all the same: `ReplicatedEngine`.
"""

from relvar.ext.routing.causality import causal_token, follow
from relvar.ext.routing.engine import ReplicatedEngine, Routed
from relvar.ext.routing.errors import NoReplica
from relvar.ext.routing.positions import (
    GaleraPositions,
    MariaDBPositions,
    MySQLPositions,
    Positions,
    PostgreSQLPositions,
)

__all__ = [
    "GaleraPositions",
    "MariaDBPositions",
    "MySQLPositions",
    "NoReplica",
    "Positions",
    "PostgreSQLPositions",
    "ReplicatedEngine",
    "Routed",
    "causal_token",
    "follow",
]
