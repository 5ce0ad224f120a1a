"""
What the pool decides, as functions of plain values.

Nothing here connects, waits or looks at a clock: the pools pass in what they
know and do what they are told.
"""

from __future__ import annotations

import math
from enum import Enum

# A moment that does not come, where there is no limit.
NEVER = math.inf


class Reuse(Enum):
    """
    What to do with the connection of a record that is about to be used.
    """

    KEEP = "keep"
    CONNECT = "connect"
    TOO_OLD = "Connection %r exceeded timeout; recycling"
    POOL_INVALIDATED = "Connection %r invalidated due to pool invalidation; recycling"
    SOFT_INVALIDATED = "Connection %r invalidated due to local soft invalidation; recycling"

    @property
    def reconnects(self) -> bool:
        """
        Whether there is a connection to be closed and replaced.
        """
        return self not in (Reuse.KEEP, Reuse.CONNECT)


def plan_reuse(
    *,
    connected: bool,
    started: float,
    now: float,
    recycle: float,
    pool_invalidated: float,
    soft_invalidated: float,
) -> Reuse:
    """
    Decide whether a record's connection can be used as it is.

    Args:
        started, now: Seconds; when it was made, and now.
        recycle: Greatest age in seconds; negative for none.
        pool_invalidated, soft_invalidated: When all connections, or this one,
            were declared stale; 0 for never.

    >>> plan_reuse(connected=True, started=5, now=70, recycle=60, pool_invalidated=0, soft_invalidated=0)
    <Reuse.TOO_OLD: 'Connection %r exceeded timeout; recycling'>
    """
    if not connected:
        return Reuse.CONNECT
    if recycle > -1 and now - started > recycle:
        return Reuse.TOO_OLD
    if pool_invalidated > started:
        return Reuse.POOL_INVALIDATED
    if soft_invalidated > started:
        return Reuse.SOFT_INVALIDATED
    return Reuse.KEEP


def may_connect(*, existing: int, size: int, max_overflow: int) -> bool:
    """
    Tell whether another connection may be made beyond *existing* ones.

    A *size* of 0 and a negative *max_overflow* set no limit.

    >>> may_connect(existing=15, size=5, max_overflow=10)
    False
    """
    return size == 0 or max_overflow < 0 or existing < size + max_overflow


def keeps_returned(*, idle: int, size: int) -> bool:
    """
    Tell whether a connection that comes back stays in the pool.

    >>> keeps_returned(idle=5, size=5)
    False
    """
    return size == 0 or idle < size


class OnReturn(Enum):
    """
    What to do to the transaction of a connection that comes back.
    """

    ROLLBACK = "rollback"
    COMMIT = "commit"
    NOTHING = "nothing"
    ALREADY_DONE = "already done"


def plan_reset(style: OnReturn, *, transaction_was_reset: bool, is_usable: bool) -> OnReturn:
    """
    Decide how to reset a connection.

    Args:
        transaction_was_reset: The caller has rolled back already.
        is_usable: I/O is possible now; it is not when an asyncio connection
            comes back from the garbage collector.
    """
    if not is_usable:
        return OnReturn.NOTHING
    if style is OnReturn.ROLLBACK and transaction_was_reset:
        return OnReturn.ALREADY_DONE
    return style
