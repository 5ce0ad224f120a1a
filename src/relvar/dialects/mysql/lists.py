"""
UPDATE of many rows, each found by its key, in one statement.

::

    UPDATE (SELECT %s AS v0, %s AS v1 UNION ALL SELECT %s, %s) AS sent STRAIGHT_JOIN t ON t.id = sent.v1
    SET x=sent.v0

STRAIGHT_JOIN has the database read the values first, in their order, and find each row by its key, so that
no other rows are locked.  All rows of a column are given one type that holds their values; what is not of
that type in the end goes row by row: `_CARRIED` has what is.  Keys are numbers: strings that are compared
with a column bring a collation of their own, which literals do not.

Source: https://mariadb.com/kb/en/update/, https://dev.mysql.com/doc/refman/8.0/en/union.html
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from relvar import types as sqltypes

__all__ = ["ListedUpdate"]

_SET, _WHERE = " SET ", " WHERE "
_PLACEHOLDER = re.compile(r"%%|%s|%\(([^)]*)\)s")
# of all strings in a statement; the server takes 16 MB by default (max_allowed_packet)
_MOST_CHARACTERS = 1_000_000
# https://mariadb.com/kb/en/decimal/: 65 digits, of which MySQL has 30 behind the point
_MOST_BEFORE_POINT, _MOST_BEHIND_POINT = 35, 30


def _any(values: Sequence[Any]) -> bool:
    return True


def _are_of_64_bits(values: Sequence[int]) -> bool:
    return all(-(2**63) <= value < 2**64 for value in values)


def _are_short(values: Sequence[str]) -> bool:
    return sum(map(len, values)) <= _MOST_CHARACTERS


def _fit_one_decimal(values: Sequence[Any]) -> bool:
    for value in map(decimal.Decimal, values):
        exponent = value.as_tuple().exponent
        # an exponent above zero is written as a float
        if not isinstance(exponent, int) or not -_MOST_BEHIND_POINT <= exponent <= 0 or "E" in str(value):
            return False
        if value.adjusted() >= _MOST_BEFORE_POINT:
            return False
    return True


_CARRIED: tuple[tuple[type[Any], frozenset[type], Callable[[Sequence[Any]], bool]], ...] = (
    (sqltypes.Boolean, frozenset({bool, int}), _are_of_64_bits),
    (sqltypes.Integer, frozenset({int}), _are_of_64_bits),
    (sqltypes.Float, frozenset({float}), _any),
    (sqltypes.Numeric, frozenset({decimal.Decimal, int}), _fit_one_decimal),
    (sqltypes.String, frozenset({str}), _are_short),
    (sqltypes.Date, frozenset({datetime.date}), _any),
    (sqltypes.DateTime, frozenset({datetime.datetime}), _any),
)


class ListedUpdate:
    """
    What sends an UPDATE of many rows as one: made once for a plan, by `make`.
    """

    fewest = 2
    most = 500

    def __init__(
        self, plan: Any, parts: tuple[str, str, str], slots: Sequence[int], checks: Sequence[Any]
    ) -> None:
        self.plan = plan
        self.parts = parts
        self.checks = checks
        processors = plan.processors or (None,) * len(slots)
        # per placeholder: where a row has the value, and what makes the driver's of it
        self.slots: list[tuple[int, Any]] = [
            (place, processors[i if plan.positional else place]) for i, place in enumerate(slots)
        ]
        self.prefix: str = "v"
        self.name: str = "sent"
        while self.name in plan.text:
            self.name += "_"
        while f"{self.prefix}0" in plan.text:
            self.prefix += "v"

    @classmethod
    def make(cls, plan: Any) -> ListedUpdate | None:
        """
        Make it, None if the driver does not write values into the text, or a type is not carried.
        """
        text, compiled = plan.text, plan.compiled
        if compiled.bindtemplate not in ("%s", "%%(%(name)s)s") or plan.expands:
            return None
        if text.count(_WHERE) != 1 or text.count(_SET) != 1:
            return None
        slots = _slots(plan)
        types = [compiled.binds[plan.names[place]].type for place in slots]
        impls = [type_._unwrapped_dialect_impl(plan.dialect) for type_ in types]
        checks = [next((rest for class_, *rest in _CARRIED if isinstance(i, class_)), None) for i in impls]
        head, _, condition = text.partition(_WHERE)
        finding = sum(found[0] != "%%" for found in _PLACEHOLDER.finditer(condition))
        if None in checks or not all(isinstance(impl, sqltypes.Integer) for impl in impls[-finding:]):
            return None
        table, _, values = head.partition(_SET)
        return cls(plan, (table.removeprefix("UPDATE "), values, condition), slots, checks)

    def statement(self, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        """
        Give text and parameters for rows of values; None if they cannot go so.

        Args:
            rows: Values in the order of the plan's names.
            dbapi_connection: Not needed here.
        """
        columns: list[list[Any]] = []
        for (place, processor), (classes, check) in zip(self.slots, self.checks, strict=True):
            values = [row[place] for row in rows]
            if processor is not None:
                values = [processor(value) for value in values]
            there = [value for value in values if value is not None]
            if not classes.issuperset(map(type, there)) or not check(there):
                return None
            columns.append(values)
        return self._text(len(rows)), tuple(chain.from_iterable(zip(*columns, strict=True)))

    def _text(self, count: int) -> str:
        table, values, condition = self.parts
        width = len(self.slots)
        first = ", ".join([f"%s AS {self.prefix}{i}" for i in range(width)])
        more = f" UNION ALL SELECT {', '.join(['%s'] * width)}" * (count - 1)
        numbers = iter(range(width))

        def column(found: re.Match[str]) -> str:
            return "%%" if found[0] == "%%" else f"{self.name}.{self.prefix}{next(numbers)}"

        values = _PLACEHOLDER.sub(column, values)
        condition = _PLACEHOLDER.sub(column, condition)
        return (
            f"UPDATE (SELECT {first}{more}) AS {self.name} STRAIGHT_JOIN {table} ON {condition} SET {values}"
        )


def _slots(plan: Any) -> list[int]:
    """
    Return for each placeholder, in the order of the text, which of the plan's names it is.
    """
    if plan.positional:
        return list(plan.slots or range(len(plan.names)))
    places = {key: place for place, key in enumerate(plan.keys)}
    return [places[found[1]] for found in _PLACEHOLDER.finditer(plan.text) if found[0] != "%%"]
