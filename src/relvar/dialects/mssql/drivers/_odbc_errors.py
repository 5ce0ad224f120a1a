"""
What errors of an ODBC driver of SQL Server say: SQLSTATE, and the server's own number in the message.

Source: https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-a-odbc-error-codes,
https://learn.microsoft.com/sql/relational-databases/native-client-odbc-error-messages/native-error-numbers
"""

from __future__ import annotations

import re

__all__ = ["CANCELLED", "LOST", "NOT_THERE", "QUERY_TIMEOUT", "server_number"]

# The connection is gone; what has no number in the standard is the driver's or Winsock's.
LOST = frozenset({"08S01", "01000", "01002", "08003", "08007", "08S02", "08001", "HYT00", "HY010", "10054"})

# Nobody listens there, or nobody answers in time.
NOT_THERE = frozenset({"08001", "HYT00", "HYT01", "08S01"})

# A statement was cancelled.
CANCELLED = "HY008"

# A statement took longer than it may (HYT00, as with a login that took too long); the connection goes on.
QUERY_TIMEOUT = "Query timeout expired"

# "... was deadlocked ... Rerun the transaction. (1205) (SQLExecDirectW)"
_NUMBER = re.compile(r"\((\d+)\)(?= \(SQL\w+\))")


def server_number(message: str) -> int | None:
    """
    Give the first number of the server in an error's message; None: the driver itself speaks.
    """
    found = _NUMBER.search(message)
    number = int(found.group(1)) if found else 0
    return number or None
