"""
How far an attribute read may go, and what it says when it did not go there.
"""

from __future__ import annotations

from enum import Enum, IntFlag

from relvar._kernels.attributes import LoaderCallableStatus as LoaderCallableStatus

__all__ = ["ABANDONED", "NO_KEY", "LoaderCallableStatus", "PassiveFlag"]

PASSIVE_NO_RESULT = LoaderCallableStatus.PASSIVE_NO_RESULT
PASSIVE_CLASS_MISMATCH = LoaderCallableStatus.PASSIVE_CLASS_MISMATCH
ATTR_WAS_SET = LoaderCallableStatus.ATTR_WAS_SET
ATTR_EMPTY = LoaderCallableStatus.ATTR_EMPTY
NO_VALUE = LoaderCallableStatus.NO_VALUE
NEVER_SET = NO_VALUE
DONT_SET = LoaderCallableStatus.DONT_SET


class PassiveFlag(IntFlag):
    """
    What reading an attribute is allowed to do.
    """

    NO_CHANGE = 0
    CALLABLES_OK = 1
    SQL_OK = 2
    RELATED_OBJECT_OK = 4
    INIT_OK = 8
    NON_PERSISTENT_OK = 16
    LOAD_AGAINST_COMMITTED = 32
    NO_AUTOFLUSH = 64
    NO_RAISE = 128
    DEFERRED_HISTORY_LOAD = 256
    INCLUDE_PENDING_MUTATIONS = 512

    PASSIVE_OFF = 31
    PASSIVE_RETURN_NO_VALUE = PASSIVE_OFF ^ INIT_OK
    PASSIVE_NO_INITIALIZE = PASSIVE_RETURN_NO_VALUE ^ CALLABLES_OK
    PASSIVE_NO_FETCH = PASSIVE_OFF ^ SQL_OK
    PASSIVE_NO_FETCH_RELATED = PASSIVE_OFF ^ RELATED_OBJECT_OK
    PASSIVE_ONLY_PERSISTENT = PASSIVE_OFF ^ NON_PERSISTENT_OK
    PASSIVE_MERGE = PASSIVE_OFF | NO_RAISE


# Plain integers: testing bits of an IntFlag makes a new flag object each time.
CALLABLES_OK = 1
SQL_OK = 2
RELATED_OBJECT_OK = 4
INIT_OK = 8
NON_PERSISTENT_OK = 16
LOAD_AGAINST_COMMITTED = 32
NO_AUTOFLUSH = 64
NO_RAISE = 128
DEFERRED_HISTORY_LOAD = 256
INCLUDE_PENDING_MUTATIONS = 512
PASSIVE_OFF = 31
PASSIVE_RETURN_NO_VALUE = 23
PASSIVE_NO_INITIALIZE = 22
PASSIVE_NO_FETCH = 29
PASSIVE_NO_FETCH_RELATED = 27
PASSIVE_ONLY_PERSISTENT = 15
PASSIVE_MERGE = 159
NO_CHANGE = 0


class EventConstants(Enum):
    """
    Markers that attribute listeners meet.
    """

    NO_KEY = 1
    """
    An item came into a keyed collection without its key being known.
    """


NO_KEY = EventConstants.NO_KEY

# The number of no session: of objects whose transaction run() has given up.
ABANDONED = -1
