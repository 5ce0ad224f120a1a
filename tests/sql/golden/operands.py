"""
A table with a column of every family of types, and an operand of every kind, for the cases of operators.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    collate,
    exists,
    extract,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    type_coerce,
)
from relvar.dialects import postgresql

Case = tuple[str, Any]
Cases = Callable[[], Iterator[Case]]


def registering(cases: dict[str, Any]) -> Callable[[str], Callable[[Cases], Cases]]:
    """Return a decorator that puts the cases of a feature row into *cases*, made without warnings."""

    def row(name: str) -> Callable[[Cases], Cases]:
        def register(function: Cases) -> Cases:
            def made() -> list[Case]:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return list(function())

            cases[name] = made
            return function

        return register

    return row


class Color(enum.Enum):
    RED = 1
    BLUE = 2


t = Table(
    "t",
    MetaData(),
    Column("int", Integer),
    Column("big", BigInteger),
    Column("num", Numeric(10, 2)),
    Column("flt", Float),
    Column("dbl", Double),
    Column("str", String(20)),
    Column("txt", Text),
    Column("boo", Boolean),
    Column("day", Date),
    Column("at", DateTime),
    Column("tim", Time),
    Column("span", Interval),
    Column("raw", LargeBinary),
    Column("js", JSON),
    Column("arr", ARRAY(Integer)),
    Column("arr2", ARRAY(Integer, dimensions=2)),
    Column("arr0", ARRAY(Integer, zero_indexes=True)),
    Column("strs", ARRAY(String)),
    Column("color", Enum(Color)),
    Column("uid", Uuid),
    Column("pga", postgresql.ARRAY(Integer)),
    Column("pgj", postgresql.JSONB),
)
s = Table("s", MetaData(), Column("id", Integer), Column("name", String(30)))
c = t.c


def operands() -> dict[str, Any]:
    """Return one operand of each kind, made anew: anonymous names count."""
    return {
        "int": c.int,
        "num": c.num,
        "str": c.str,
        "bool": c.boo,
        "date": c.day,
        "interval": c.span,
        "value int": 5,
        "value negative": -5,
        "value float": 1.5,
        "value str": "it's 100%",
        "value decimal": decimal.Decimal("1.5"),
        "value date": dt.date(2020, 1, 2),
        "value delta": dt.timedelta(hours=3),
        "value bytes": b"by",
        "value none": None,
        "value true": True,
        "null": null(),
        "true": true(),
        "scalar": select(s.c.id).scalar_subquery(),
        "tuple": tuple_(c.int, c.str),
        "text": text("foo + 1"),
        "literal column": literal_column("bar"),
        "label": c.int.label("lab"),
        "label of sum": (c.int + 1).label("sum"),
        "case": case((c.int == 1, c.str), else_="z"),
        "cast": cast(c.str, Integer),
        "coerce": type_coerce(c.int + 1, String),
        "function": func.foo(c.int),
        "named bind": bindparam("named", 5),
        "literal": literal(7),
        "collate": collate(c.str, "C"),
        "sum": c.int + c.big,
        "product": c.int * c.num,
        "difference": c.int - 1,
        "division": c.int / c.num,
        "comparison": c.int == 1,
        "and": and_(c.int == 1, c.str == "x"),
        "or": or_(c.int == 1, c.str == "x"),
        "not": not_(and_(c.int == 1, c.str == "x")),
        "negative": -c.int,
        "concat": c.str + c.txt,
        "like": c.str.like("x"),
        "in": c.int.in_([1, 2]),
        "not in": c.int.not_in([1, 2]),
        "between": c.int.between(1, 2),
        "is": c.int.is_(None),
        "op": c.int.op("@@")(1),
        "tight op": c.int.op("@@", precedence=9)(1),
        "bitwise": c.int.bitwise_or(3),
        "exists": exists(s.c.id),
        "extract": extract("year", c.day),
        "window": func.sum(c.int).over(order_by=c.str),
    }


def pairs(name: str, apply: Callable[[Any, Any], Any], lefts: str = "int str") -> Iterator[Case]:
    """Yield an operator with each kind on the right, and the expressions among them on the left."""
    for kind, right in operands().items():
        for left in lefts.split():
            yield f"{left} {name} {kind}", apply(c[left], right)
        if kind != "tuple" and hasattr(right, "self_group") and hasattr(right, "operate") and kind != "text":
            yield f"{kind} on the left of {name}", apply(right, c.big)
            yield f"{kind} {name} a value", apply(right, 3)


def named(cases: dict[str, Callable[[], Any]]) -> Iterator[Case]:
    for name, make in cases.items():
        yield name, make()
