"""
How connections are reset when they come back, by public names.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from relvar import exc
from relvar.pool.plan import OnReturn


class ResetStyle(Enum):
    """
    Values of ``reset_on_return``.
    """

    reset_rollback = 0
    reset_commit = 1
    reset_none = 2


reset_rollback, reset_commit, reset_none = list(ResetStyle)

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
