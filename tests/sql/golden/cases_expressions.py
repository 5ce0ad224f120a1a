"""
CASE, casts, parameters, labels, rows, JSON, arrays, own operators, names, dates.

Row ids as in features.tsv; those of `cases_core` begin the same rows.
"""

from __future__ import annotations

import datetime as dt
import operator as py
from collections.abc import Callable, Iterator
from typing import Any

from operands import Case, c, named, operands, registering, s, t  # beside this file

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
    all_,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    desc,
    distinct,
    extract,
    func,
    label,
    literal,
    not_,
    null,
    outparam,
    select,
    table,
    text,
    try_cast,
    tuple_,
    type_coerce,
    union,
)
from relvar.dialects import postgresql
from relvar.sql.expression import quoted_name
from relvar.sql.operators import custom_op

CASES: dict[str, Callable[[], Iterator[Case]]] = {}
row = registering(CASES)


@row("D045")
def cases() -> Iterator[Case]:
    for kind, given in operands().items():
        if kind != "tuple":
            yield f"result {kind}", case((c.int == 1, given), else_=given)
        if kind not in ("tuple",) and not kind.startswith("value"):
            yield f"condition {kind}", case((given, 1))
        if not kind.startswith("value none"):
            yield f"compared {kind}", case((given, 1), value=c.int)
    yield from named(
        {
            "several": lambda: case((c.int == 1, "a"), (c.int == 2, "b"), else_="c"),
            "shorthand": lambda: case({1: "a", 2: "b"}, value=c.int),
            "shorthand else": lambda: case({"a": c.int, "b": None}, value=c.str, else_=c.big),
            "shorthand conditions": lambda: case({c.int: 1}, value=5),
            "nothing": lambda: case(),
            "nested": lambda: case((c.int == 1, case((c.big == 2, 1), else_=2)), else_=3),
            "in sum": lambda: case((c.int == 1, 2), else_=3) + 1,
            "compared": lambda: case((c.int == 1, 2)) == 3,
            "negative": lambda: -case((c.int == 1, 2)),
            "as condition": lambda: select(c.int).where(case((c.int == 1, True), else_=False)),
            "ordered": lambda: select(x := case((c.int == 1, 2)).label("x")).order_by(x, desc("x")),
            "else null": lambda: case((c.int == 1, 2), else_=null()),
            "many": lambda: case(*[(c.int == i, i) for i in range(3)], else_=9),
        }
    )


_TYPES = {
    "integer": Integer(),
    "big": BigInteger(),
    "numeric": Numeric(10, 2),
    "float": Float(),
    "double": Double(),
    "string": String(),
    "string 5": String(5),
    "text": Text(),
    "boolean": Boolean(),
    "date": Date(),
    "datetime": DateTime(),
    "time": Time(),
    "interval": Interval(),
    "binary": LargeBinary(),
    "json": JSON(),
    "array": ARRAY(Integer),
    "enum": Enum("a", "b", name="e"),
    "uuid": Uuid(),
}


@row("D046")
def casts() -> Iterator[Case]:
    for name, type_ in _TYPES.items():
        yield f"cast to {name}", cast(c.str, type_)
        yield f"method to {name}", c.int.cast(type_)
        yield f"coerce to {name}", type_coerce(c.str, type_) == column("x", type_)
        yield f"try to {name}", try_cast(c.str, type_)
    for kind, given in operands().items():
        if kind not in ("tuple", "value bytes", "value date", "value delta"):
            yield f"cast {kind}", cast(given, String(7))
    yield from named(
        {
            "value": lambda: cast("5", Integer),
            "class": lambda: cast(c.int, String),
            "of cast": lambda: cast(cast(c.int, String), Integer),
            "name": lambda: select(cast(c.int, String), type_coerce(c.str, Integer)),
            "named in subquery": lambda: select(select(cast(c.int, String)).subquery()),
            "compared": lambda: cast(c.int, String) == "5",
            "coerced value": lambda: type_coerce({"a": 1}, JSON)["a"],
            "coerced bind": lambda: type_coerce(bindparam("j"), JSON),
            "coerce groups": lambda: type_coerce(c.int + 1, Numeric) * 2,
            "coerce label": lambda: select(type_coerce(c.int, String).label("x")),
            "any of cast": lambda: c.int == any_(cast(c.str, ARRAY(Integer))),
        }
    )


@row("D047")
def extracts() -> Iterator[Case]:
    for field in (
        "year month day hour minute second microsecond milliseconds quarter week dow doy epoch isodow isoyear"
    ).split():
        yield field, extract(field, c.at)
    for kind in ("date", "interval", "function", "scalar", "cast", "literal column", "text", "sum", "label"):
        yield f"year of {kind}", extract("year", operands()[kind])
    yield from named(
        {
            "of time": lambda: extract("hour", c.tim),
            "of value": lambda: extract("year", dt.date(2020, 1, 2)),
            "of difference": lambda: extract("epoch", c.at - c.at),
            "compared": lambda: extract("year", c.day) == 2020,
            "in sum": lambda: extract("year", c.day) + 1,
            "selected": lambda: select(extract("year", c.day), extract("month", c.day).label("m")),
            "grouped": lambda: select(func.count()).select_from(t).group_by(extract("year", c.day)),
        }
    )


@row("D048")
def binds() -> Iterator[Case]:
    for kind, given in operands().items():
        if kind.startswith("value"):
            yield f"literal {kind}", literal(given)
            yield f"selected {kind}", select(literal(given).label("x"))
    yield from named(
        {
            "typed": lambda: literal(5, String(3)),
            "none typed": lambda: literal(None, Integer),
            "literal execute": lambda: select(literal("it's", literal_execute=True)),
            "named": lambda: bindparam("a"),
            "named value": lambda: c.int == bindparam("a", 5),
            "type of the other side": lambda: c.day == bindparam("a"),
            "own type": lambda: c.int == bindparam("a", type_=String),
            "unique": lambda: bindparam("a", 5, unique=True) + bindparam("a", 6, unique=True),
            "unique and not": lambda: bindparam("a", 5) + bindparam("a", 6, unique=True),
            "same": lambda: bindparam("a", 5) + bindparam("a", 5),
            "unnamed": lambda: bindparam(None, 5),
            "empty name": lambda: bindparam("", 5),
            "called": lambda: select(bindparam("a", callable_=lambda: 5)),
            "required": lambda: select(bindparam("a", required=True), bindparam("b", required=False)),
            "quoted": lambda: select(bindparam("a b", 5, quote=True)),
            "out": lambda: outparam("a", Integer),
            "out in function": lambda: func.f(outparam("a", Integer), bindparam("b", 1, isoutparam=True)),
            "literal execute bind": lambda: select(c.int).where(
                c.int == bindparam("a", 5, literal_execute=True)
            ),
            "limit": lambda: select(c.int).order_by(c.int).limit(bindparam("l", 5, literal_execute=True)),
            "odd names": lambda: [bindparam(n, 5) for n in ("select", "é", "1")][1],
            "null": lambda: select(null(), null().label("x")),
            "in insert": lambda: s.insert().values(id=bindparam("x", 5), name=literal("y")),
            "in update": lambda: s.update().where(s.c.id == bindparam("b")).values(name=bindparam("n")),
            "null in update": lambda: s.update().values(name=null(), id=None),
        }
    )


@row("D049")
def labels() -> Iterator[Case]:
    for kind, given in operands().items():
        if not kind.startswith("value") and kind != "text":
            yield f"{kind} selected", select(given.label("x"))
            yield f"{kind} ordered", select(x := given.label("x")).order_by(x)
    for name in ("x y", "select", "A", "%", "a.b", "é", 'q"u', quoted_name("up", True)):
        yield f"name {name}", select(c.int.label(name)).order_by(name)
    yield from named(
        {
            "function": lambda: select(label("x", c.int + 1)),
            "value": lambda: select(label("x", 5)),
            "typed": lambda: select(label("x", c.int, String)).where(label("x", c.int, String) == "a"),
            "anonymous": lambda: select((c.int + 1).label(None), c.int.label(None), literal(5).label(None)),
            "of label": lambda: select(c.int.label("x").label("y")),
            "in where": lambda: select(x := c.int.label("x")).where(x == 5).having(x > 1),
            "grouped": lambda: select(x := (c.int + 1).label("x")).group_by(x).order_by("x"),
            "descending": lambda: select(x := (c.int + 1).label("x")).order_by(
                x.desc().nulls_last(), desc("x")
            ),
            "in an expression": lambda: select(x := (c.int + 1).label("x")).order_by(x + 1, func.f(x), -x),
            "elsewhere": lambda: select(c.int).order_by((c.int + 1).label("x")),
            "negated": lambda: select(~(c.int == 1).label("x")),
            "subquery": lambda: select(select(c.int.label("x")).subquery().c.x),
            "union": lambda: union(select(c.int.label("x")), select(c.big.label("y"))).order_by("x"),
            "of bind": lambda: select(bindparam("a", 5).label(None), bindparam("b", 6)),
            "in set": lambda: s.update().values(name=c.str.label("x")),
        }
    )


@row("D050")
def any_and_all() -> Iterator[Case]:
    sub = select(s.c.id)
    for word, make in {"any": any_, "all": all_}.items():
        for kind, given in {
            "array": c.arr,
            "scalar": sub.scalar_subquery(),
            "select": sub,
            "function": func.f(type_=ARRAY(Integer)),
            "literal": postgresql.array([1, 2]),
            "bind": bindparam("a", type_=ARRAY(Integer)),
            "text": text("x"),
        }.items():
            for name in ("eq", "ne", "lt", "ge"):
                yield f"int {name} {word} {kind}", getattr(py, name)(c.int, make(given))
            yield f"{word} {kind} > 5", make(given) > 5
            yield f"not {word} {kind}", ~(c.int == make(given))
        yield f"value {word}", make(c.arr) == 5
        yield f"none {word}", make(c.arr) == None
        yield f"bool {word}", make(c.arr) == True
        yield f"like {word}", c.str.like(make(c.strs))
        yield f"ilike {word}", ~c.str.ilike(make(c.strs))
        yield f"{word} like", make(c.strs).like("x")
        yield f"distinct {word}", c.int.is_distinct_from(make(c.arr))
        yield f"method {word}", getattr(c.arr, f"{word}_")() == c.int
        yield f"function {word}", getattr(func, word)(c.arr) == 5
        yield f"function of select {word}", c.int > getattr(func, word)(sub.scalar_subquery())
    yield "some", func.some(c.arr) == 5


@row("D051")
def tuples() -> Iterator[Case]:
    pair = tuple_(c.int, c.str)
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        yield f"{name} values", getattr(py, name)(pair, (1, "a"))
        yield f"{name} tuple", getattr(py, name)(pair, tuple_(c.big, c.txt))
        yield f"not {name}", ~getattr(py, name)(pair, (1, "a"))
    yield from named(
        {
            "select": lambda: pair == select(s.c.id, s.c.name).scalar_subquery(),
            "any": lambda: pair == any_(select(s.c.id, s.c.name).scalar_subquery()),
            "values": lambda: tuple_(1, "x") == (c.int, c.str)[0:0] if False else tuple_(1, "x"),
            "types": lambda: tuple_(1, 2, types=[String, Integer]),
            "null": lambda: tuple_(None, True),
            "nested": lambda: tuple_(c.int, tuple_(1, 2)),
            "ordered": lambda: select(c.int).order_by(pair),
            "selected": lambda: select(pair),
            "label": lambda: select(pair.label("x")),
            "function": lambda: func.f(pair),
            "empty": lambda: tuple_(),
            "one": lambda: tuple_(c.int) == (1,),
            "is null": lambda: pair.is_(None),
            "distinct": lambda: pair.is_distinct_from((1, "a")),
            "in function": lambda: func.count(distinct(pair)),
        }
    )


_JSON_INDEXES: tuple[Any, ...] = (
    "a",
    1,
    -1,
    ("a", 1, "b"),
    (),
    ("a",),
    "it's",
    'q"',
    "a.b",
    "é",
    "",
    "$",
    "%",
    "a b",
)


@row("D052")
def json_members() -> Iterator[Case]:
    for index in _JSON_INDEXES:
        yield f"{index!r}", c.js[index]
        yield f"pg {index!r}", c.pgj[index]
        for name in ("as_string", "as_integer", "as_float", "as_boolean", "as_json"):
            yield f"{index!r} {name}", getattr(c.js[index], name)()
        yield f"{index!r} as_numeric", c.js[index].as_numeric(10, 2)
    yield from named(
        {
            "chain": lambda: c.js["a"]["b"][1],
            "path after index": lambda: c.js["a"][("b", 1)].as_string(),
            "compared": lambda: c.js["a"] == 5,
            "compared string": lambda: c.js["a"].as_string() == "x",
            "compared integer": lambda: c.js["a"].as_integer() > 5,
            "none": lambda: c.js["a"] == None,
            "json null": lambda: c.js["a"] == JSON.NULL,
            "is null": lambda: c.js["a"].is_(None),
            "in": lambda: c.js["a"].as_integer().in_([1, 2]),
            "like": lambda: c.js["a"].as_string().like("x%"),
            "in sum": lambda: c.js["a"].as_integer() + 1,
            "in and": lambda: and_(c.js["a"].as_boolean(), c.js["b"]),
            "not": lambda: not_(c.js["a"].as_boolean()),
            "concatenated": lambda: c.js["a"] + c.js["b"] + c.js["c"],
            "ordered": lambda: select(c.js["a"]).order_by(c.js["a"].as_integer().desc()),
            "label": lambda: select(c.js["a"].label("x")).order_by("x"),
            "column index": lambda: c.js[c.str],
            "coerced": lambda: type_coerce(c.str, JSON)["a"].as_integer(),
            "cast": lambda: cast(c.str, JSON)["a"],
            "function": lambda: func.f(c.js["a"], c.js[("a", 1)]),
            "whole": lambda: c.js == {"a": 1},
        }
    )


@row("D053")
def arrays() -> Iterator[Case]:
    for name in ("arr", "arr2", "arr0", "pga"):
        array = c[name]
        for what, index in {
            "1": 1,
            "column": c.int,
            "sum": c.int + 1,
            "bind": bindparam("i"),
            "1:2": slice(1, 2),
            "1:": slice(1, None),
            ":": slice(None, None),
            "columns": slice(c.int, c.big),
        }.items():
            if name != "arr0" or what not in ("1:", ":"):  # relvar's own: open slices counted from 0
                yield f"{name}[{what}]", array[index]
        yield f"{name} compared", array == [1, 2]
        yield f"{name} none", array == None
        yield f"{name} concat", array + [1]
        yield f"{name} item compared", array[1] == 5
    yield from named(
        {
            "two": lambda: c.arr2[1][2],
            "slice item": lambda: c.arr[1:2][1],
            "concat index": lambda: (c.arr + c.arr)[1],
            "function index": lambda: func.f(type_=ARRAY(Integer))[1],
            "in sum": lambda: c.arr[1] + c.arr[2],
            "contains": lambda: c.pga.contains([1, 2]),
            "contains column": lambda: c.pga.contains(c.arr),
            "contains label": lambda: c.pga.contains((c.arr + c.arr).label("x")),
            "contained": lambda: c.pga.contained_by([1, 2]),
            "overlap": lambda: c.pga.overlap([1, 2]),
            "not overlap": lambda: ~c.pga.overlap([1, 2]),
            "overlap in and": lambda: and_(c.pga.overlap([1]), ~c.pga.contains([2])),
            "contains compared": lambda: c.pga.contains([1]) == c.boo,
            "literal": lambda: postgresql.array([1, c.int, 3]),
            "literal nested": lambda: postgresql.array([postgresql.array([1]), postgresql.array([2])]),
            "literal typed": lambda: postgresql.array([], type_=Integer),
            "literal index": lambda: postgresql.array([1, 2])[1],
            "literal concat": lambda: postgresql.array([1]) + postgresql.array([2]),
            "cast": lambda: cast(postgresql.array([1]), ARRAY(Integer)),
            "selected": lambda: select(c.arr[1], c.arr[1:2].label("x")),
        }
    )


@row("D054")
def own_operators() -> Iterator[Case]:
    for kind, given in operands().items():
        if kind not in ("value none",):
            yield f"op {kind}", c.int.op("->")(given)
            yield f"tight op {kind}", c.int.op("->", precedence=9)(given)
    yield from named(
        {
            "percent": lambda: c.int.op("%%")(1),
            "colon": lambda: c.int.op(":x")(1),
            "words": lambda: c.str.op("SOUNDS LIKE", is_comparison=True)("x"),
            "not comparison": lambda: ~c.str.op("~~", is_comparison=True)("x"),
            "return type": lambda: c.js.op("->>", return_type=String)("a") + "b",
            "comparison": lambda: select(c.int).where(c.int.bool_op("&&")(1), ~c.int.bool_op("&&")(2)),
            "precedence in sum": lambda: [c.int + c.big.op("@", precedence=p)(1) for p in (6, 7, 10)][1],
            "around a sum": lambda: c.int.op("@", precedence=5)(c.big + 1),
            "chain": lambda: c.int.op("@")(1).op("@")(2),
            "self precedent": lambda: custom_op("@", natural_self_precedent=True)(
                custom_op("@", natural_self_precedent=True)(c.int, 1), 2
            ),
            "eager": lambda: custom_op("@", eager_grouping=True)(c.int, 1) + 1,
            "eager alone": lambda: custom_op("@", eager_grouping=True)(c.int, 1),
            "operate": lambda: c.int.operate(custom_op("@"), 1),
            "visit name": lambda: c.int.op("@", visit_name="mod")(3),
        }
    )


@row("D056")
def quoting() -> Iterator[Case]:
    for name in (
        "a",
        "A",
        "select",
        "a b",
        "1a",
        "$a",
        "_a",
        'a"b',
        "a`b",
        "a]b",
        "a%b",
        "a.b",
        "a:b",
        "a(b)",
        "é",
        "",
    ):
        yield f"column {name!r}", column(name)
        yield f"column of {name!r}", select(table(name or "x", column(name)))
        for quote in (True, False, None):
            yield f"{name!r} {quote}", column(quoted_name(name, quote))
    yield from named(
        {
            "table": lambda: select(table(quoted_name("t", True), column("x"))),
            "alias": lambda: select(s.alias(quoted_name("a", True))),
            "subquery": lambda: select(s).subquery(quoted_name("Sub", False)).select(),
            "cte": lambda: select(s).cte(quoted_name("q", True)).select(),
            "label": lambda: select(c.int.label(quoted_name("L", False))),
            "function": lambda: getattr(func, quoted_name("Foo", True))(),
            "bind": lambda: bindparam(quoted_name("P", True), 5),
            "table argument": lambda: Table(
                "x", MetaData(), Column("Y", Integer, quote=False), quote=True
            ).select(),
        }
    )


@row("D057")
def dates() -> Iterator[Case]:
    kinds = {"day": c.day, "at": c.at, "tim": c.tim, "span": c.span, "int": c.int}
    given: dict[str, Any] = {
        "date": dt.date(2020, 1, 2),
        "datetime": dt.datetime(2020, 1, 2, 3, 4, 5),
        "time": dt.time(1, 2),
        "delta": dt.timedelta(days=1, seconds=5),
    }
    for left, one in kinds.items():
        for right, other in {**kinds, **given}.items():
            yield f"{left} + {right}", one + other
            yield f"{left} - {right}", one - other
        yield f"{left} now", func.now() - one
    yield from named(
        {
            "difference compared": lambda: c.at - c.at > dt.timedelta(1),
            "multiplied": lambda: c.span * 2,
            "negative": lambda: -c.span,
            "sum of intervals": lambda: c.span + c.span + dt.timedelta(1),
            "literal": lambda: literal(dt.timedelta(hours=2)),
            "cast": lambda: cast("2020-01-02", Date) + c.span,
            "difference of dates in days": lambda: (c.day - c.day) + 1,
            "epoch": lambda: extract("epoch", c.at - dt.datetime(2020, 1, 1)),
        }
    )
