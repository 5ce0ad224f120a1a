"""
What happens to connections when they come back; ways to reset them, by public names.
"""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING, Any

from relvar import exc, util
from relvar.pool.plan import OnReturn, plan_reset
from relvar.util.fields import NamedTuple
from relvar.util.log import DEBUG, say

if TYPE_CHECKING:
    from relvar.pool.base import Pool
    from relvar.pool.record import ConnectionRecord


class ResetStyle(Enum):
    """
    Values of ``reset_on_return``.
    """

    reset_rollback = 0
    reset_commit = 1
    reset_none = 2


reset_rollback: ResetStyle = ResetStyle.reset_rollback
reset_commit: ResetStyle = ResetStyle.reset_commit
reset_none: ResetStyle = ResetStyle.reset_none

_STYLES: dict[Any, ResetStyle] = {
    "rollback": reset_rollback,
    True: reset_rollback,
    reset_rollback: reset_rollback,
    "commit": reset_commit,
    reset_commit: reset_commit,
    "none": reset_none,
    None: reset_none,
    False: reset_none,
    reset_none: reset_none,
}

AS_PLANNED = {
    reset_rollback: OnReturn.ROLLBACK,
    reset_commit: OnReturn.COMMIT,
    reset_none: OnReturn.NOTHING,
}


def parse_style(value: Any) -> ResetStyle:
    """
    Return the style that an argument names.

    Raises:
        ArgumentError: it names none.
    """
    try:
        return _STYLES[value]
    except (KeyError, TypeError):
        raise exc.ArgumentError(f"Invalid value for 'reset_on_return': {value!r}") from None


class PoolResetState(NamedTuple):
    """
    The circumstances of a reset, for listeners of the ``reset`` event.

    Attributes:
        transaction_was_reset: The connection has been rolled back already.
        terminate_only: It will be closed, not used again.
        asyncio_safe: I/O is possible; if false it is cleaned up by the
            garbage collector outside of an event loop.
    """

    transaction_was_reset: bool
    terminate_only: bool
    asyncio_safe: bool


FOR_RETURN = PoolResetState(False, False, True)


def give_back(
    pool: Pool,
    connection: Any,
    record: ConnectionRecord | None,
    state: PoolResetState,
) -> None:
    """
    Reset a connection, and return it or (if it is detached) close it.

    Cases:
      1. it was invalidated: only the place goes back;
      2. I/O is not possible (an asyncio connection in the garbage
         collector): it is terminated, if the driver can, with a warning;
      3. the reset fails: it is invalidated, the place goes back; one that
         is detached is terminated;
      4. it was made by the parent of this process, who will return it.
    """
    if pool._is_inherited(record):
        return
    is_reset = False
    try:
        if connection is not None:
            _reset_or_throw_away(pool, connection, record, state)
        is_reset = True
    finally:
        if record is not None and record.checked_out:
            # an interrupt may come between the reset that fails and its end
            if is_reset:
                record.checkin()
            else:
                record._checkin_unreset()


def _reset_or_throw_away(
    pool: Pool, connection: Any, record: ConnectionRecord | None, state: PoolResetState
) -> None:
    detached = record is None
    if detached and not state.terminate_only:
        state = PoolResetState(state.transaction_was_reset, True, state.asyncio_safe)
    if not detached and pool._should_log_debug():
        say(pool.logger, DEBUG, "Connection %r being returned to pool", connection)
    if not state.asyncio_safe:
        state = PoolResetState(state.transaction_was_reset, True, False)
        if record is not None:
            # the place goes on without it
            record._let_go()
    try:
        reset(pool, connection, record, state)
        if state.terminate_only:
            _end(pool, connection, state)
    except BaseException as err:
        if detached:
            pool._close_connection(connection, terminate=True)
        pool._reset_failed(record, err)
        if not isinstance(err, Exception):
            raise


def _end(pool: Pool, connection: Any, state: PoolResetState) -> None:
    if state.asyncio_safe:
        if pool.dispatch.close_detached:
            pool.dispatch.close_detached(connection)
        pool._close_connection(connection)
        return
    if pool._dialect.has_terminate:
        pool._close_connection(connection, terminate=True)
        how = "which will be terminated."
    else:
        how = "which will be dropped, as it cannot be safely terminated."
    if sys.is_finalizing():
        # what the program holds at its end is no leak
        return
    util.warn(
        "The garbage collector is trying to clean up non-checked-in connection "
        f"{connection!r}, {how}  Please ensure that SQLAlchemy pooled connections are returned to "
        "the pool explicitly, either by calling ``close()`` or by using appropriate context "
        "managers to manage their lifecycle."
    )


def reset(pool: Pool, connection: Any, record: ConnectionRecord | None, state: PoolResetState) -> None:
    """
    Reset the transaction of a connection as the pool is set up to.
    """
    if pool.dispatch.reset:
        pool.dispatch.reset(connection, record, state)
    decision = plan_reset(
        pool._on_return,
        transaction_was_reset=state.transaction_was_reset,
        is_usable=state.asyncio_safe,
    )
    logs = pool._should_log_debug()
    if decision is OnReturn.ROLLBACK:
        if logs:
            say(pool.logger, DEBUG, "Connection %s rollback-on-return", connection)
        pool._dialect.do_rollback(connection)
    elif decision is OnReturn.COMMIT:
        if logs:
            say(pool.logger, DEBUG, "Connection %s commit-on-return", connection)
        pool._dialect.do_commit(connection)
    elif decision is OnReturn.ALREADY_DONE and logs:
        say(pool.logger, DEBUG, "Connection %s reset, transaction already reset", connection)
