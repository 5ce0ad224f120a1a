"""
Connection pools.
"""

from relvar.pool.base import Pool as Pool
from relvar.pool.events import PoolEvents as PoolEvents
from relvar.pool.pools import AssertionPool as AssertionPool
from relvar.pool.pools import AsyncAdaptedQueuePool as AsyncAdaptedQueuePool
from relvar.pool.pools import NullPool as NullPool
from relvar.pool.pools import QueuePool as QueuePool
from relvar.pool.pools import SingletonThreadPool as SingletonThreadPool
from relvar.pool.pools import StaticPool as StaticPool
from relvar.pool.record import ConnectionFairy as ConnectionFairy
from relvar.pool.record import ConnectionPoolEntry as ConnectionPoolEntry
from relvar.pool.record import ConnectionRecord as ConnectionRecord
from relvar.pool.record import ManagesConnection as ManagesConnection
from relvar.pool.record import PoolProxiedConnection as PoolProxiedConnection
from relvar.pool.reset import PoolResetState as PoolResetState
from relvar.pool.reset import ResetStyle as ResetStyle
from relvar.pool.reset import reset_commit as reset_commit
from relvar.pool.reset import reset_none as reset_none
from relvar.pool.reset import reset_rollback as reset_rollback

__all__ = [
    "AssertionPool",
    "AsyncAdaptedQueuePool",
    "ConnectionPoolEntry",
    "ManagesConnection",
    "NullPool",
    "Pool",
    "PoolEvents",
    "PoolProxiedConnection",
    "PoolResetState",
    "QueuePool",
    "SingletonThreadPool",
    "StaticPool",
    "reset_commit",
    "reset_none",
    "reset_rollback",
]
