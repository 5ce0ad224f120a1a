"""
What an element may stand for in a statement: bits, not base classes.

The documented names of roles, each a class for ``isinstance`` tests, are in ``rolenames.py``, and under
`relvar.sql.roles`.
"""

from __future__ import annotations

__all__ = ["Role"]


class Role:
    """
    Bits of ``ClauseElement._roles``: plain integers, as testing a bit of an ``IntFlag`` makes an object.
    """

    NONE = 0
    EXPRESSION = 1 << 0
    "A value: usable on either side of an operator."
    COLUMNS_CLAUSE = 1 << 1
    "Stands in the list of a SELECT or RETURNING."
    WHERE = 1 << 2
    "Stands in WHERE, HAVING, ON."
    ORDER_BY = 1 << 3
    "Stands in ORDER BY, GROUP BY."
    LABELED = 1 << 4
    "A column with a name of its own."
    FROM = 1 << 5
    "Stands in FROM."
    JOIN_TARGET = 1 << 6
    STATEMENT = 1 << 7
    "Can be executed."
    SELECT = 1 << 8
    "A SELECT or a combination of them."
    SUBQUERY = 1 << 9
    "A SELECT that has been made a FROM element."
    DML_TABLE = 1 << 10
    RETURNS_ROWS = 1 << 11
    LIMIT_OFFSET = 1 << 12
    IN_ELEMENT = 1 << 13
    "Right side of IN."
    DDL = 1 << 14
    CTE = 1 << 15
    TEXT = 1 << 16
    CONST = 1 << 17
    "NULL, TRUE, FALSE."
    TRUNCATED = 1 << 18
    TYPE = 1 << 19
