"""
What an element may stand for in a statement: bits, not base classes.

`ROLES` maps the documented role names to bits, and `relvar.sql.roles` gives
each a class for ``isinstance`` tests.
"""

from __future__ import annotations

from enum import IntFlag, auto

__all__ = ["Role"]


class Role(IntFlag):
    """
    Bits of ``ClauseElement._roles``.
    """

    NONE = 0
    EXPRESSION = auto()
    "A value: usable on either side of an operator."
    COLUMNS_CLAUSE = auto()
    "Stands in the list of a SELECT or RETURNING."
    WHERE = auto()
    "Stands in WHERE, HAVING, ON."
    ORDER_BY = auto()
    "Stands in ORDER BY, GROUP BY."
    LABELED = auto()
    "A column with a name of its own."
    FROM = auto()
    "Stands in FROM."
    JOIN_TARGET = auto()
    STATEMENT = auto()
    "Can be executed."
    SELECT = auto()
    "A SELECT or a combination of them."
    SUBQUERY = auto()
    "A SELECT that has been made a FROM element."
    DML_TABLE = auto()
    RETURNS_ROWS = auto()
    LIMIT_OFFSET = auto()
    IN_ELEMENT = auto()
    "Right side of IN."
    DDL = auto()
    CTE = auto()
    TEXT = auto()
    CONST = auto()
    "NULL, TRUE, FALSE."
    TRUNCATED = auto()
    TYPE = auto()
