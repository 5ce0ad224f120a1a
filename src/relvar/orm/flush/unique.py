"""
Unique constraints as a flush sees them: columns whose values only one row may have.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from relvar.schema.constraint import UniqueConstraint
from relvar.types.decorator import TypeDecorator
from relvar.types.enum import Enum
from relvar.types.numeric import Integer, Numeric
from relvar.types.temporal import Date, DateTime
from relvar.types.text import String
from relvar.types.uuid import Uuid

if TYPE_CHECKING:
    from relvar.orm.flush.facts import ColumnFacts

__all__ = ["Unique", "uniques_of"]


class Unique:
    """
    Columns of one table that together are unique, by a constraint or an index.

    Of an index on expressions, the columns in them: rows that agree in these agree in the expressions.
    """

    __slots__ = ("columns", "constraint", "keys", "nulls_conflict")

    def __init__(self, constraint: Any, columns: tuple[ColumnFacts, ...]) -> None:
        self.constraint: Any = constraint
        self.columns: tuple[ColumnFacts, ...] = columns
        self.keys: frozenset[str] = frozenset([column.key for column in columns])
        options = constraint.dialect_options["postgresql"]
        self.nulls_conflict: bool = bool(options.get("nulls_not_distinct"))

    def is_deferred(self, dialect: Any) -> bool:
        """
        Tell whether the database looks at it only at the end of the transaction.
        """
        return dialect.name in ("postgresql", "oracle") and (
            str(getattr(self.constraint, "initially", None)).upper() == "DEFERRED"
        )

    def step_aside(self, keys: frozenset[str] | None, dialect: Any) -> tuple[ColumnFacts, Any] | None:
        """
        Return a column and a value that no row has, for a row that must make room.

        NULL if possible, else a random value of the column's type.

        Args:
            keys: The attributes that may be set; None for any.

        Returns:
            None if there is no such value: foreign keys, types of the program's own ...
        """
        usable = [c for c in self.columns if keys is None or c.key in keys]
        if not self.nulls_conflict and dialect.name != "mssql":
            for column in usable:
                if column.column.nullable:
                    return column, None
        for column in usable:
            if not column.column.foreign_keys:
                made = _random_value(column.column.type)
                if made is not None:
                    return column, made
        return None


def uniques_of(table: Any, columns: Mapping[Any, ColumnFacts]) -> tuple[Unique, ...]:
    """
    Return what is unique in a table besides its primary key.

    Args:
        columns: The columns that have attributes; constraints on others are left out.
    """
    found = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    found += [index for index in table.indexes if index.unique]
    found.sort(key=lambda constraint: [column.name for column in constraint.columns])
    return tuple(
        Unique(constraint, tuple([columns[c] for c in constraint.columns]))
        for constraint in found
        if len(constraint.columns) and all(c in columns for c in constraint.columns)
    )


_INTEGER_BITS = {
    "tinyint": 6,
    "smallint": 14,
    "small_integer": 14,
    "mediumint": 22,
    "bigint": 62,
    "big_integer": 62,
}


def _randrange(start: int, stop: int) -> int:
    from random import randrange  # with the first values that change places

    return randrange(start, stop)


def _random_integer(type_: Any) -> int:
    # the upper half of what fits: not negative, as checks and unsigned columns may refuse that
    bits = _INTEGER_BITS.get(type_.__visit_name__.lower(), 30)
    return _randrange(2**bits, 2 ** (bits + 1))


def _random_number(type_: Any) -> int:
    digits = (type_.precision or 9) - (type_.scale or 0)
    return _randrange(10 ** max(digits - 1, 0), 10**digits) if digits > 0 else 0


def _random_text(type_: Any) -> str:
    return uuid.uuid4().hex[: type_.length or None]


def _random_uuid(type_: Any) -> Any:
    made = uuid.uuid4()
    return made if type_.as_uuid else str(made)


def _random_date(type_: Any) -> datetime.date:
    return datetime.date.fromordinal(_randrange(3_000_000, datetime.date.max.toordinal()))


def _random_time(type_: Any) -> datetime.datetime:
    zone = datetime.UTC if type_.timezone else None
    # seconds, as some databases keep no smaller parts; years before 2038, the end of MySQL's TIMESTAMP
    return datetime.datetime(1971, 1, 1, tzinfo=zone) + datetime.timedelta(
        seconds=_randrange(0, 2_000_000_000)
    )


_RANDOM: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Integer, _random_integer),
    (Numeric, _random_number),
    (String, _random_text),
    (Uuid, _random_uuid),
    (DateTime, _random_time),
    (Date, _random_date),
)


def _random_value(type_: Any) -> Any:
    """
    Return a value that is very likely in no row, None for types that have few or unknown values.
    """
    if isinstance(type_, (TypeDecorator, Enum)):
        return None
    for kind, make in _RANDOM:
        if isinstance(type_, kind):
            return make(type_)
    return None
