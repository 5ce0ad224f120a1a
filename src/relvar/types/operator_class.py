"""
Which families of operators a type takes part in.
"""

from __future__ import annotations

from enum import Flag, auto


class OperatorClass(Flag):
    """
    Families of SQL operators; a type declares its own in ``operator_classes``.
    """

    UNSPECIFIED = auto()
    "Nothing declared: every operator is let through."

    BASE = auto()
    BOOLEAN_ALGEBRA = auto()
    EQUALITY = auto()
    ORDERING = auto()
    INDEXABLE = auto()
    CONTAINS = auto()
    CONCATENABLE = auto()
    STRING_MATCH = auto()
    MATH = auto()
    BITWISE = auto()
    DATE_ARITHEMETIC = auto()
    JSON_GETITEM = auto()

    COMPARISON = EQUALITY | ORDERING
    STRING = BASE | COMPARISON | CONCATENABLE | CONTAINS | INDEXABLE | STRING_MATCH
    INTEGER = BASE | COMPARISON | MATH | BITWISE
    NUMERIC = INTEGER
    BOOLEAN = BASE | COMPARISON | BOOLEAN_ALGEBRA
    BINARY = BASE | COMPARISON | CONCATENABLE | CONTAINS | INDEXABLE
    DATETIME = BASE | COMPARISON | DATE_ARITHEMETIC
    JSON = BASE | COMPARISON | INDEXABLE | JSON_GETITEM
    ARRAY = BINARY
    TUPLE = BINARY
    ANY = (
        BASE
        | BOOLEAN_ALGEBRA
        | COMPARISON
        | INDEXABLE
        | CONTAINS
        | CONCATENABLE
        | STRING_MATCH
        | MATH
        | BITWISE
        | DATE_ARITHEMETIC
        | JSON_GETITEM
    )
