"""
Operators: every one with every kind of operand, its precedence, its negation.

Row ids as in features.tsv; those of `cases_core` begin the same rows.
"""

from __future__ import annotations

import datetime as dt
import operator as py
import uuid
from collections.abc import Callable, Iterator

from operands import Case, Color, c, named, operands, pairs, registering, s  # beside this file

from relvar import (
    Boolean,
    Integer,
    String,
    and_,
    between,
    bindparam,
    bitwise_not,
    case,
    cast,
    collate,
    column,
    false,
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
    union,
    values,
)
from relvar.sql.expression import quoted_name

CASES: dict[str, Callable[[], Iterator[Case]]] = {}
row = registering(CASES)


@row("D036")
def comparisons() -> Iterator[Case]:
    yield from pairs("==", py.eq)
    yield from pairs("is_distinct_from", lambda a, b: a.is_distinct_from(b), "int")
    for name in ("ne", "lt"):
        for kind, right in operands().items():
            if kind not in ("value none", "value true", "null", "true") or name == "ne":
                yield f"{name} {kind}", getattr(py, name)(c.num, right)
    for kind in ("value none", "value true", "null", "true", "int", "value int", "comparison", "scalar"):
        right = operands()[kind]
        for name in ("is_", "is_not", "isnot", "is_not_distinct_from", "isnot_distinct_from"):
            yield f"{name} {kind}", getattr(c.boo, name)(right)
            yield f"not {name} {kind}", ~getattr(c.boo, name)(right)
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        yield f"reflected {name}", getattr(py, name)(5, c.int)
        yield f"not {name}", not_(getattr(py, name)(c.int, c.big))
        yield f"chained {name}", getattr(py, name)(c.int == c.big, c.boo)


@row("D037")
def booleans() -> Iterator[Case]:
    for kind, right in operands().items():
        if not kind.startswith("value") and kind != "tuple":
            yield f"and {kind}", and_(c.boo, right)
            yield f"or {kind}", or_(right, c.boo)
            yield f"and or {kind}", and_(or_(c.int == 1, right), right)
            if kind != "text":
                yield f"not {kind}", not_(right)
                yield f"twice not {kind}", not_(not_(right))
                yield f"where not {kind}", select(c.int).where(~right)
    yield from named(
        {
            "bool of cast": lambda: select(c.int).where(cast(c.int, Boolean)),
            "not bool of cast": lambda: select(c.int).where(~cast(c.int, Boolean)),
            "bool label": lambda: select(c.int).where(c.boo.label("x")).where(~c.boo.label("y")),
            "selected not label": lambda: select(
                ~c.int.label("x"), ~(c.int == 1).label("y"), ~c.boo.label("z")
            ),
            "bool function": lambda: and_(func.f(type_=Boolean), ~func.g(type_=Boolean)),
            "bool scalar": lambda: not_(select(c.boo).scalar_subquery()),
            "flat and": lambda: and_(and_(c.boo, c.boo), and_(c.boo, and_(c.boo, c.boo))),
            "flat or": lambda: or_(or_(c.boo, c.boo), or_(c.boo)),
            "or in and in or": lambda: or_(and_(or_(c.boo, c.int == 1), c.boo), c.int == 2),
            "true first": lambda: and_(true(), c.boo, c.int == 1),
            "false first": lambda: or_(false(), c.boo),
            "true alone": lambda: and_(true()),
            "false and": lambda: and_(c.boo, false(), c.int == 1),
            "true or": lambda: or_(c.boo, true()),
            "python": lambda: and_(True, c.boo, None),
            "operators": lambda: (c.boo & (c.int == 1)) | ~(c.boo | (c.int == 2)),
            "coerce not": lambda: ~type_coerce(c.int + 1, String),
            "as condition": lambda: select(c.int).where(true(), c.boo).having(false()),
        }
    )


_LIKES = (
    "like",
    "not_like",
    "notlike",
    "ilike",
    "not_ilike",
    "notilike",
    "startswith",
    "endswith",
    "contains",
    "istartswith",
    "iendswith",
    "icontains",
)


@row("D038")
def likes() -> Iterator[Case]:
    rights = operands()
    kinds = (
        "str",
        "value str",
        "concat",
        "scalar",
        "text",
        "label",
        "case",
        "function",
        "collate",
        "sum",
        "and",
    )
    for name in _LIKES:
        for kind in kinds:
            if kind == "text" and "i" in (name[0], name[:5][4:]):
                continue
            yield f"{name} {kind}", getattr(c.str, name)(rights[kind])
        yield f"not {name}", ~getattr(c.str, name)("x")
        yield f"not not {name}", not_(~getattr(c.str, name)("x"))
        yield f"{name} escape", getattr(c.str, name)("x", escape="#")
        yield f"not {name} escape", ~getattr(c.str, name)("x", escape="#")
        yield f"{name} of concat", getattr(c.str + c.txt, name)("x")
        yield f"{name} in and", and_(getattr(c.str, name)("x"), c.boo)
        if "like" not in name:
            yield f"{name} autoescape", getattr(c.str, name)("a%b_c/d", autoescape=True)
            yield f"{name} autoescape own", getattr(c.str, name)("a%b_c#d", autoescape=True, escape="#")
            yield f"{name} literal", select(getattr(c.str, name)(literal_column("'a'")))


@row("D039")
def regular_expressions() -> Iterator[Case]:
    for kind in ("str", "value str", "concat", "scalar", "literal column", "function"):
        right = operands()[kind]
        yield f"match {kind}", c.str.match(right)
        yield f"regexp_match {kind}", c.str.regexp_match(right)
        yield f"regexp_replace {kind}", c.str.regexp_replace(right, "new")
        yield f"regexp_replace by {kind}", c.str.regexp_replace("old", right)
    yield from named(
        {
            "flags": lambda: c.str.regexp_match("^a", flags="i"),
            "not flags": lambda: ~c.str.regexp_match("^a", flags="i"),
            "replace flags": lambda: c.str.regexp_replace("a", "b", flags="g"),
            "not": lambda: ~c.str.regexp_match("^a"),
            "not not": lambda: not_(~c.str.regexp_match("^a")),
            "not match": lambda: ~c.str.match("a"),
            "in and": lambda: and_(c.str.regexp_match("a"), c.str.match("b")),
            "replace in sum": lambda: c.str.regexp_replace("a", "b") + "c",
            "replace compared": lambda: c.str.regexp_replace("a", "b") == "c",
            "of concat": lambda: (c.str + c.txt).regexp_match("a"),
            "multiline": lambda: c.str.regexp_match("a\nb\\d%"),
        }
    )


@row("D040")
def in_lists() -> Iterator[Case]:
    sub = select(s.c.id)
    for name in ("in_", "not_in", "notin_"):
        yield from (
            (f"{name} {kind}", getattr(left, name)(right))
            for kind, left, right in (
                ("list", c.int, [1, 2]),
                ("tuple", c.int, (1, 2)),
                ("range", c.int, range(2)),
                ("generator", c.int, (n for n in (1, 2))),
                ("mapping", c.int, {1: 2}),
                ("empty", c.int, []),
                ("none in it", c.int, [1, None]),
                ("only none", c.int, [None]),
                ("null in it", c.int, [1, null()]),
                ("expressions", c.int, [c.big, 2, c.int + 1, None]),
                ("scalar in it", c.int, [sub.scalar_subquery(), 2]),
                ("comparison in it", c.boo, [c.int == 1, True]),
                ("strings", c.str, ["it's", "b%"]),
                ("enum", c.color, [Color.RED, Color.BLUE]),
                ("dates", c.day, [dt.date(2020, 1, 2)]),
                ("bools", c.boo, [True, False]),
                ("uuids", c.uid, [uuid.UUID(int=5)]),
                ("bytes", c.raw, [b"x"]),
                ("strings for numbers", c.int, ["x"]),
                ("select", c.int, sub),
                ("union", c.int, union(sub, sub)),
                ("scalar", c.int, sub.scalar_subquery()),
                ("text", c.int, text("1, 2")),
                ("values", c.int, values(column("v", Integer), name="v").data([(1,), (2,)])),
                ("bind", c.int, bindparam("list")),
                ("bind with value", c.int, bindparam("list", [1, 2])),
                ("expanding", c.int, bindparam("list", expanding=True)),
                ("literal execute", c.int, bindparam("list", [1, 2], expanding=True, literal_execute=True)),
                ("row values", tuple_(c.int, c.str), [(1, "a"), (2, "b")]),
                ("no row values", tuple_(c.int, c.str), []),
                ("row bind", tuple_(c.int, c.str), bindparam("rows", [(1, "a")], expanding=True)),
                ("row select", tuple_(c.int, c.str), select(s.c.id, s.c.name)),
                ("row elements", tuple_(c.int, c.str), [tuple_(c.big, "x")]),
                ("rows of values", tuple_(c.int, c.str), [tuple_(1, "x"), tuple_(2, "y")]),
                ("sum", c.int + 1, [1]),
                ("label", c.int.label("x"), [1]),
                ("function", func.f(c.int), [1]),
                ("case", case((c.int == 1, 2)), [1]),
                ("value", literal(5), [1, 5]),
            )
        )
        yield f"~{name}", ~getattr(c.int, name)([1])
        yield f"~~{name}", not_(~getattr(c.int, name)([1]))
        yield f"~{name} select", ~getattr(c.int, name)(sub)
        yield f"{name} in and", and_(getattr(c.int, name)([1]), or_(getattr(c.int, name)([2]), c.boo))
        yield f"{name} compared", getattr(c.int, name)([1]) == c.boo
        yield f"{name} selected", select(getattr(c.int, name)([1]).label("x"))


@row("D041")
def betweens() -> Iterator[Case]:
    for kind, bound in operands().items():
        if kind not in ("tuple", "text"):
            yield f"to {kind}", c.int.between(1, bound)
            yield f"from {kind}", c.int.between(bound, c.big)
    yield from named(
        {
            "symmetric": lambda: c.int.between(5, 1, symmetric=True),
            "not": lambda: ~c.int.between(1, 5),
            "not symmetric": lambda: not_(c.int.between(5, 1, symmetric=True)),
            "not not": lambda: not_(~c.int.between(1, 5)),
            "function": lambda: between(c.int, 1, 5),
            "function symmetric": lambda: between(c.int, 5, 1, symmetric=True),
            "function of value": lambda: between(3, c.int, c.big),
            "in and": lambda: and_(c.int.between(1, 2), c.boo),
            "of sum": lambda: (c.int + 1).between(c.big + 1, c.num * 2),
            "of comparison": lambda: (c.int == 1).between(False, True),
            "compared": lambda: c.int.between(1, 2) == c.boo,
            "nested": lambda: c.int.between(1, 2).between(c.boo, c.boo),
            "rows": lambda: tuple_(c.int, c.str).between((1, "a"), (2, "b")),
            "selected": lambda: select(c.day.between(dt.date(2020, 1, 1), dt.date(2020, 2, 1))),
        }
    )


@row("D042")
def arithmetic() -> Iterator[Case]:
    for sign, apply in {
        "+": py.add,
        "-": py.sub,
        "*": py.mul,
        "/": py.truediv,
        "//": py.floordiv,
        "%": py.mod,
    }.items():
        if sign in "+/":
            yield from pairs(sign, apply, "int")
        for kind in ("value int", "value float", "value decimal"):
            yield f"reflected {sign} {kind}", apply(operands()[kind], c.int)
        for left in ("int", "num", "flt", "dbl"):
            for right in ("int", "num", "flt"):
                yield f"selected {left} {sign} {right}", select(apply(c[left], c[right]))
        yield f"{sign} to the left", apply(apply(c.int, c.big), c.num)
        yield f"{sign} to the right", apply(c.int, apply(c.big, c.num))
        yield f"{sign} after +", apply(c.int + c.big, c.num)
        yield f"sum after {sign}", c.int + apply(c.big, c.num)
        yield f"{sign} compared", apply(c.int, c.big) > apply(c.num, 2)
        yield f"{sign} negative", apply(-c.int, -c.big)
    yield from named(
        {
            "power": lambda: c.int**2,
            "power of power": lambda: c.int**c.big**2,
            "reflected power": lambda: 2**c.int,
            "function power": lambda: func.pow(c.int, 2),
            "power in sum": lambda: (c.int + 1) ** 2 + 1,
            "negative of sum": lambda: -(c.int + 1),
            "negative twice": lambda: py.neg(-c.int),
            "minus negative": lambda: c.int - -c.big,
            "minus negative value": lambda: c.int - (-1),
            "null": lambda: c.int + null(),
            "none": lambda: c.int + None,
            "long sum": lambda: c.int + c.big + 1 + c.int + 2,
            "sum of sums": lambda: (c.int + 1) + (c.big + 2),
            "mixed families": lambda: c.int + c.big + c.flt + c.num,
            "unknown types": lambda: column("a") + column("b") + column("c"),
            "matmul": lambda: c.int.op("@")(5),
        }
    )


@row("D043")
def bitwise() -> Iterator[Case]:
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_lshift", "bitwise_rshift"):
        for kind in ("int", "value int", "negative", "bitwise", "scalar", "function", "named bind"):
            yield f"{name} {kind}", getattr(c.int, name)(operands()[kind])
        if name != "bitwise_xor":
            yield f"{name} compared", getattr(c.int, name)(1) == 0
            yield f"selected {name}", select(getattr(c.int, name)(1).label("bits"))
    yield from named(
        {
            "not": lambda: c.int.bitwise_not(),
            "function not": lambda: bitwise_not(c.int),
            "not of value": lambda: bitwise_not(5),
            "not in sum": lambda: c.int.bitwise_not() + 1,
            "shifts": lambda: c.int.bitwise_lshift(1).bitwise_rshift(2),
        }
    )


@row("D044")
def concatenation() -> Iterator[Case]:
    for kind in (
        "str",
        "value str",
        "case",
        "function",
        "scalar",
        "label",
        "collate",
        "coerce",
        "null",
        "concat",
    ):
        yield f"+ {kind}", c.str + operands()[kind]
        yield f"concat {kind}", c.str.concat(operands()[kind])
    yield from named(
        {
            "reflected": lambda: "a" + c.str,
            "chain": lambda: c.str + " " + c.txt + "!",
            "to the right": lambda: c.str + (c.txt + "!"),
            "compared": lambda: c.str + "a" == "b",
            "number": lambda: c.str.concat(c.int),
            "of numbers": lambda: c.int.concat(c.big),
            "collate": lambda: c.str.collate("de_DE"),
            "collate function": lambda: collate(c.str, "C"),
            "collate value": lambda: collate("x", "C"),
            "collate schema": lambda: c.str.collate("C", collation_schema="pg_catalog"),
            "collate function schema": lambda: collate(c.str, "de-x", "My Schema"),
            "collate quoted": lambda: c.str.collate(quoted_name("c", True)),
            "collate compared": lambda: c.str.collate("C") == "a",
            "collate of sum": lambda: (c.str + "a").collate("C"),
            "collate in sum": lambda: c.str.collate("C") + "a",
            "collate on the right": lambda: c.str.like(c.txt.collate("C")),
            "collate ordered": lambda: select(c.str).order_by(c.str.collate("C").desc()),
            "collate in": lambda: c.str.collate("C").in_(["a"]),
        }
    )
