"""
The type of ``left op right`` for every pair of types.

``python table.py`` writes ``table.json``; run with SQLAlchemy importable as ``relvar``, whose types are
the contract.  The file holds, per operator and left type, the pairs whose result is not the left type.
"""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import json
import operator as py
import uuid
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from relvar import (
    ARRAY,
    BIGINT,
    CHAR,
    DATE,
    DECIMAL,
    DOUBLE,
    DOUBLE_PRECISION,
    FLOAT,
    INTEGER,
    JSON,
    NUMERIC,
    NVARCHAR,
    REAL,
    TIMESTAMP,
    UUID,
    VARCHAR,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PickleType,
    SmallInteger,
    String,
    Text,
    Time,
    TypeDecorator,
    Unicode,
    Uuid,
    case,
    column,
    func,
    null,
    true,
)
from relvar.dialects import mysql, postgresql
from relvar.types import NullType, UserDefinedType

FILE = Path(__file__).parent / "table.json"


class Own(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "OWN"


class OwnInteger(Integer):
    pass


class OwnNumeric(Numeric[Any]):
    pass


class OnString(TypeDecorator[Any]):
    impl = String
    cache_ok = True


class OnInteger(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True


class OnNumeric(TypeDecorator[Any]):
    impl = Numeric(10, 3)
    cache_ok = True


class OnDate(TypeDecorator[Any]):
    impl = Date
    cache_ok = True


TYPES: list[Any] = [
    Integer(),
    BigInteger(),
    SmallInteger(),
    INTEGER(),
    BIGINT(),
    OwnInteger(),
    Numeric(),
    Numeric(10, 2),
    Numeric(12, 4, asdecimal=False),
    NUMERIC(8, 1),
    DECIMAL(7, 3),
    OwnNumeric(3, 1),
    Float(),
    Float(5),
    Float(asdecimal=True),
    FLOAT(),
    REAL(),
    Double(),
    Double(53),
    DOUBLE(),
    DOUBLE_PRECISION(),
    String(),
    String(20),
    String(30, collation="C"),
    Text(),
    Unicode(5),
    VARCHAR(9),
    CHAR(3),
    NVARCHAR(4),
    Boolean(),
    Date(),
    DATE(),
    DateTime(),
    DateTime(timezone=True),
    TIMESTAMP(),
    Time(),
    Interval(),
    LargeBinary(),
    JSON(),
    ARRAY(Integer),
    ARRAY(String),
    Enum("a", "b", name="e"),
    Uuid(),
    UUID(),
    PickleType(),
    NullType(),
    Own(),
    OnString(),
    OnInteger(),
    OnNumeric(),
    OnDate(),
    String(3).with_variant(Text(), "mysql"),
    Integer().with_variant(BigInteger(), "mysql"),
    postgresql.JSONB(),
    postgresql.ARRAY(Integer),
    postgresql.INTERVAL(),
    mysql.INTEGER(unsigned=True),
    mysql.DECIMAL(5, 1),
]

VALUES: list[Any] = [
    5,
    2**40,
    1.5,
    "x",
    None,
    decimal.Decimal("1.5"),
    dt.date(2020, 1, 1),
    dt.datetime(2020, 1, 1),
    dt.time(1),
    dt.timedelta(1),
    b"x",
    uuid.UUID(int=1),
]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": py.add,
    "-": py.sub,
    "*": py.mul,
    "/": py.truediv,
    "//": py.floordiv,
    "%": py.mod,
    "**": py.pow,
    "||": lambda a, b: a.concat(b),
    "=": py.eq,
    "BETWEEN": lambda a, b: a.between(b, b),
    "&": lambda a, b: a.bitwise_and(b),
    "CASE": lambda a, b: case((true(), a), else_=b),
    "CASE NULL": lambda a, b: case((true(), null()), else_=b),
    "coalesce": lambda a, b: func.coalesce(a, b),
    "sum": lambda a, b: func.sum(a),
    "minus": lambda a, b: -a,
    "COLLATE": lambda a, b: a.collate("C"),
}
ONE_SIDED = ("sum", "minus", "COLLATE")


# of the few types of operands, many times
shown_as = functools.cache(repr)


def result(make: Callable[[], Any]) -> str:
    """Return the type of an expression, or the class of the error."""
    try:
        made = make()
    except Exception as error:
        return f"!{type(error).__name__}"
    return shown_as(made.type)


def table() -> dict[str, dict[str, dict[str, Any]]]:
    """Return operator -> left type -> the most frequent result as "", and others -> right types."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    rights: list[tuple[str, Any]] = [(shown_as(r), column("b", r)) for r in TYPES]
    rights += [(f"value {v!r}", v) for v in VALUES]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, apply in OPERATORS.items():
            for left in TYPES:
                a = column("a", left)
                results: dict[str, list[str]] = {}
                for shown, right in rights if name not in ONE_SIDED else rights[:1]:
                    type_ = result(lambda: apply(a, right))  # noqa: B023  # called at once
                    results.setdefault(type_, []).append(shown)
                most = max(results, key=lambda type_: len(results[type_]))  # called at once
                rest = {type_: shown for type_, shown in results.items() if type_ != most}
                found.setdefault(name, {})[shown_as(left)] = {"": most, **rest}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(table(), indent=0) + "\n")
