"""
Firebird's codes of errors.

An error has one or several of them, the general one first (``deadlock``, ``update conflicts with concurrent
update``).  firebird-driver has no class of errors but DatabaseError, so classes are chosen by them here.

Source: https://firebirdsql.org/file/documentation/html/en/refdocs/fblangref50/firebird-50-language-reference.html
(appendix B, SQLSTATE and GDSCODE), and what the servers were seen to send.
"""

from __future__ import annotations

from typing import Any

# deadlock, update conflict, read conflict, lock conflict of a transaction that does not wait, lock
# time-out, object in use
RETRYABLE = frozenset({335544336, 335544451, 335545096, 335544345, 335544510, 335544453})

# operation was cancelled
CANCELLED = 335544794
# a time-out of the engine, the attachment or the statement
STATEMENT_TIMEOUTS = frozenset({335545206, 335545207, 335545208})
# nothing to cancel
NOTHING_TO_CANCEL = 335544933

# lost connection, network error, read and write errors of the network, shutdown of the database, the
# attachment or the engine, attachment gone, bad handle of a database
LOST = frozenset(
    {
        335544741, 335544721, 335544726, 335544727, 335544528, 335544856, 335545133, 335544648, 335544324,
        335545131,
    }
)  # fmt: skip

_INTEGRITY = frozenset(
    {
        335544665,  # violation of PRIMARY or UNIQUE KEY
        335544349,  # duplicate value of a unique index
        335544466,  # violation of FOREIGN KEY
        335544347,  # validation error: NULL, or a domain's CHECK
        335544558,  # violation of CHECK
        335544879,  # validation error of a variable
    }
)
_DATA = frozenset(
    {
        335544321,  # arithmetic exception, numeric overflow, or string truncation
        335544334,  # conversion error
        335544914,  # string right truncation
        335544916,  # numeric value is out of range
        335544565,  # malformed string
        335544849,  # malformed string
    }
)
# login, permission, no such file, read-only, limits
_OPERATIONAL = frozenset({335544472, 335544352, 335544344, 335544361, 335544375, 335544794, 335544381})
# Dynamic SQL Error, unsuccessful metadata update, the number of an SQL error
_PROGRAMMING = frozenset({335544569, 335544351, 335544436, 335544343, 335544652})

# SQLCODE of values that do not fit, or can't be converted
_DATA_SQLCODES = frozenset({-303, -413, -802})

_CLASSES = (
    (LOST | RETRYABLE | _OPERATIONAL | STATEMENT_TIMEOUTS, "OperationalError"),
    (_INTEGRITY, "IntegrityError"),
    (_DATA, "DataError"),
    (_PROGRAMMING, "ProgrammingError"),
)


def codes_of(error: BaseException) -> tuple[int, ...]:
    """
    Return the codes of a driver's error, whatever the driver.
    """
    codes: Any = getattr(error, "gds_codes", None)
    if codes is None:
        # fdb: (message, SQL code, code)
        codes = error.args[2:3]
    return tuple(code for code in codes if isinstance(code, int))


def class_name(error: BaseException) -> str | None:
    """
    Return the name of the class of PEP 249 for a driver's error; None: its own.
    """
    codes = codes_of(error)
    if not hasattr(error, "gds_codes") and not _DATA_SQLCODES.isdisjoint(error.args[1:2]):
        # fdb tells the first code only, "Dynamic SQL Error" of all kinds
        return "DataError"
    return next((name for known, name in _CLASSES if not known.isdisjoint(codes)), None)
