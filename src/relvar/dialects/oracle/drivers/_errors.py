"""
What errors of the database and of the drivers mean.

The numbers of lost sessions are those that python-oracledb takes for one.

Source: https://docs.oracle.com/error-help/db/,
https://python-oracledb.readthedocs.io/en/latest/user_guide/exception_handling.html
"""

from __future__ import annotations

from typing import Any

__all__ = ["CANCELLED", "LOST", "RETRYABLE", "UNREACHABLE", "code_of"]

LOST: frozenset[Any] = frozenset(
    {
        *(
            22,
            28,
            31,
            45,
            378,
            602,
            603,
            609,
            1012,
            1033,
            1041,
            1043,
            1089,
            1092,
            2396,
            3113,
            3114,
            3122,
            3135,
        ),
        *(12153, 12537, 12547, 12570, 12571, 12583, 27146, 28511, 56600),
        # of python-oracledb itself: not connected, closed; of the client library: not connected, closed, dead
        *("DPY-1001", "DPY-4011", "DPI-1010", "DPI-1080"),
    }
)
"The session is gone."

RETRYABLE: frozenset[Any] = frozenset({60, 4020, 8177, 30006})
"Deadlock (two kinds), can't serialize, FOR UPDATE WAIT n waited so long."

CANCELLED: frozenset[Any] = frozenset({1013, "DPY-4024", "DPI-1067"})
"The user asked to stop; the limit of a call has passed."

UNREACHABLE: frozenset[Any] = LOST | {
    *(1034, 1090, 12170, 12505, 12514, 12516, 12518, 12519, 12520, 12526, 12527, 12528, 12541, 12543, 12545),
    *("DPY-4005", "DPY-6000", "DPY-6001", "DPY-6003", "DPY-6005"),
}
"While connecting: nobody listens, or the database is not up yet."

_TEXTS = ("not connected", "connection is closed", "closed the connection")


def code_of(err: BaseException) -> Any:
    """
    Return the code of a driver's error: the number of an ORA- error, else text as ``DPY-4011``; None if it
    has none.

    A driver may say DPY-4011 of an ORA- error, which has a number none the less.
    """
    told = err.args[0] if err.args else None
    return getattr(told, "code", 0) or getattr(told, "full_code", None) or None


def is_lost(err: BaseException) -> bool:
    """
    Tell whether an error says that the session is gone.
    """
    told = err.args[0] if err.args else None
    if code_of(err) in LOST or getattr(told, "full_code", None) in LOST:
        return True
    return code_of(err) is None and any(text in str(err).lower() for text in _TEXTS)
