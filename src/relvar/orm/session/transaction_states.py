"""
The states of a session's transaction: what is allowed in which, and what is said when it is not.
"""

from __future__ import annotations

import enum

from relvar import exc

__all__ = [
    "ACTIVE",
    "ALLOWED",
    "CLOSED",
    "COMMITTED",
    "DEACTIVE",
    "PREPARED",
    "PROVISIONING",
    "REFUSALS",
    "TransactionState",
]


class TransactionState(enum.Enum):
    """
    Where a transaction is in its life.
    """

    ACTIVE = "active"
    PREPARED = "prepared"
    COMMITTED = "committed"
    DEACTIVE = "inactive"
    CLOSED = "closed"
    PROVISIONING = "provisioning"


ACTIVE = TransactionState.ACTIVE
PREPARED = TransactionState.PREPARED
COMMITTED = TransactionState.COMMITTED
DEACTIVE = TransactionState.DEACTIVE
CLOSED = TransactionState.CLOSED
PROVISIONING = TransactionState.PROVISIONING

ALLOWED: dict[str, frozenset[TransactionState]] = {
    "begin": frozenset({ACTIVE}),
    "connection": frozenset({ACTIVE}),
    "prepare": frozenset({ACTIVE}),
    "commit": frozenset({ACTIVE, PREPARED}),
    "rollback": frozenset({ACTIVE, PREPARED, DEACTIVE}),
}

_NO_MORE_SQL = "; no further SQL can be emitted within this transaction."

REFUSALS: dict[TransactionState, tuple[type[exc.InvalidRequestError], str]] = {
    COMMITTED: (
        exc.InvalidRequestError,
        "This session is in 'committed' state" + _NO_MORE_SQL,
    ),
    PREPARED: (
        exc.InvalidRequestError,
        "This session is in 'prepared' state" + _NO_MORE_SQL,
    ),
    DEACTIVE: (
        exc.InvalidRequestError,
        "This session is in 'inactive' state, due to the SQL transaction being rolled back" + _NO_MORE_SQL,
    ),
    PROVISIONING: (
        exc.InvalidRequestError,
        "This session is provisioning a new connection; concurrent operations are not permitted",
    ),
    CLOSED: (exc.ResourceClosedError, "This transaction is closed"),
}
