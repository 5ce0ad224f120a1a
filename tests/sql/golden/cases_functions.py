"""Functions and what follows them: windows, filters, ordered sets, grouping sets, functions as tables."""

from __future__ import annotations

import datetime
import decimal
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
    ForeignKey,
    Integer,
    Interval,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    distinct,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    union,
    update,
)
from relvar.dialects import postgresql
from relvar.sql import functions, quoted_name
from relvar.sql.functions import Function, FunctionElement, GenericFunction, ReturnTypeFromArgs

metadata = MetaData()
t = Table(
    "t",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("s", String(20)),
    Column("made", DateTime),
    Column("day", Date),
    Column("n", Numeric(10, 2)),
    Column("order", Integer),
    Column("list", ARRAY(Integer)),
    Column("doc", JSON),
)
u = Table(
    "u",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("t_id", ForeignKey("t.id")),
    Column("x", Integer),
)
c = t.c
related = select(u.c.x).where(u.c.t_id == c.id)
scalar = related.scalar_subquery()

Case = tuple[str, Any]
CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Any]], Callable[[], Iterator[Case]]]:
    def add(function: Callable[[], Any]) -> Callable[[], Iterator[Case]]:
        CASES[name] = lambda: iter(function().items())
        return CASES[name]

    return add


def each(values: Any, make: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: make(value) for name, value in values.items()}


@row("D058")
def any_function() -> dict[str, Any]:
    names = ["f", "F", "_f", "a b", "a-b", 'q"q', "q`q", "q]q", "select", "ORDER", "a.b", "a:b", "é", "1a"]
    values = {
        "none": None,
        "true": True,
        "string": "x",
        "number": 3,
        "decimal": decimal.Decimal("1.5"),
        "float": 2.5,
        "bytes": b"z",
        "date": datetime.date(2020, 1, 2),
        "datetime": datetime.datetime(2020, 1, 2, 3),
        "interval": datetime.timedelta(days=3),
        "column": c.x,
        "reserved": c.order,
        "arithmetic": c.x + 5,
        "comparison": c.x == 5,
        "or": or_(c.x == 5, c.x == 6),
        "negated": ~(c.x == 5),
        "descending": c.x.desc(),
        "label": c.x.label("l"),
        "tuple": tuple_(1, 2),
        "in": c.x.in_([1, 2]),
        "distinct": c.x.distinct(),
        "case": case((c.x == 1, 2), else_=3),
        "cast": cast(c.x, String),
        "subquery": scalar,
        "exists": exists(related),
        "text": text("a, b"),
        "null": null(),
        "bind": bindparam("p", type_=String),
        "named like it": bindparam("f_1", 3),
        "nested": func.f(func.g(func.f(1))),
        "constants": true(),
    }
    typed = func.f(c.x, type_=String)
    return {
        **{f"name {n}": getattr(func, n)(c.x) for n in names},
        **{f"package {n}": getattr(func, n).g(c.x) for n in names if n != "a.b"},
        **{f"argument {k}": v for k, v in each(values, lambda v: select(func.f(v, 7))).items()},
        "packages": func.one.two.three.four(1),
        "trailing underscore": func.print_(func.user_.from_(1)),
        "two underscores": func.print__(1),
        "quoted": Function(quoted_name("low", True), 1),
        "quoted odd": Function(quoted_name("Odd Name", True), 1),
        "not quoted": Function(quoted_name("odd name", False), 1),
        "packagenames": Function("f", 1, 2, packagenames=("a", "b c")),
        "type": typed + "x",
        "type of comparison": typed.like("x"),
        "operators": func.f(1) + func.g(2) * func.h(3) - 4,
        "concat": func.f(1) + "x",
        "negative": -func.f(1),
        "not": not_(func.f(1)),
        "not boolean": not_(func.f(1, type_=Boolean)),
        "in list": func.f(1).in_([1, 2]),
        "in select": func.f(1).in_(related),
        "is null": func.f(1).is_(None),
        "date arithmetic": func.f(type_=DateTime) - datetime.timedelta(days=1),
        "label": select(func.f(1).label("l"), func.f(2).label("l")),
        "names": select(func.f(1), func.f(2), func.F(3), func.pkg.f(4), getattr(func, "a b")(5)),
        "same twice": select(e := func.f(1), e),
        "everywhere": select(func.a(1))
        .where(func.b(2))
        .group_by(func.c(3))
        .having(func.d(4))
        .order_by(func.e(5).desc())
        .limit(func.f(6)),
        "columns of subquery": select(select(func.f(1), func.f(1) + 1, func.p.g(2)).subquery()),
        "insert": insert(t).values(x=func.f(1), s=func.lower("X")),
        "update": update(t).values(x=func.f(c.x)).where(func.g(c.s) == "x"),
        "delete": delete(t).where(func.f(c.x)).returning(func.g(c.x), c.id),
        "from select": insert(t).from_select(["x"], select(func.f(1))),
        "union": union(select(func.f(1)), select(func.g(2))).order_by("f_1"),
        "in from": select(literal_column("*")).select_from(func.f(1), func.g(c.x)),
        "own select": func.f(1).select().where(c.x == 1),
        "alias": select(func.f(1).alias("a")),
        "sample": select(func.f(1).tablesample(5, name="s")),
    }


@row("D059")
def known() -> dict[str, Any]:
    arguments = {
        "": (),
        "column": (c.x,),
        "string": ("x",),
        "null and number": (None, 5),
        "two": (c.x, c.s),
        "subquery": (scalar,),
    }
    of_rows = ["max", "min", "sum", "coalesce", "pow", "array_agg", "concat", "count", "avg"]
    plain = [
        "now",
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_user",
        "session_user",
        "user",
        "sysdate",
        "random",
    ]
    numbered, typed = Sequence("numbers"), Sequence("Odd seq", schema="Sch ema", data_type=BigInteger)
    cases = {}
    for name in of_rows:
        for kind, args in arguments.items():
            if not (name == "count" and len(args) > 1):
                cases[f"{name} {kind}"] = select(getattr(func, name)(*args))
    for name in plain:
        made = getattr(func, name)
        cases |= {
            name: select(made()),
            f"{name} with argument": made(5),
            f"{name} upper": getattr(func, name.upper())(),
            f"{name} labelled": select(made().label("order")),
            f"{name} compared": select(t.c.id).where(made() == c.s),
            f"{name} in package": getattr(func.pkg, name)(),
        }
    return {
        **cases,
        "count": select(func.count()).select_from(t),
        "count star": func.count("*"),
        "count text": func.count(text("*")),
        "count distinct": select(func.count(c.x.distinct()), func.count(distinct(c.x))),
        "char_length": func.char_length(c.s) + 5,
        "max of strings": func.max(c.s) + "x",
        "max of dates": func.max(c.made) - func.min(c.made),
        "now and interval": func.now() + datetime.timedelta(days=1),
        "now minus now": func.now() - func.now(),
        "date minus date": c.day - func.current_date(),
        "coalesce strings": func.coalesce(c.s, "x").like("y"),
        "coalesce json": func.coalesce(c.doc, {"a": 1}),
        "coalesce list": func.coalesce(c.list, [1]),
        "power": c.x**c.x + 2**c.x,
        "array_agg item": func.array_agg(c.x)[1],
        "array_agg equal": func.array_agg(c.x) == [1, 2],
        "array_agg of arrays": func.array_agg(c.list),
        "array_agg typed": func.array_agg(c.x, type_=ARRAY(String)),
        "postgresql array_agg": postgresql.array_agg(c.x).contains([1]),
        "next_value": select(numbered.next_value(), func.next_value(numbered).label("l")),
        "next_value quoted": select(typed.next_value() + 1),
        "next_value insert": insert(t).values(x=numbered.next_value()),
        "next_value update": update(t).values(x=func.next_value(numbered)),
        "any": 5 == func.any(c.list),
        "all": c.x > func.all(c.list),
        "some": c.x != func.some(scalar),
        "any of select": c.x == func.any(related),
        "any of aggregate": c.x == any_(func.array_agg(u.c.x)),
        "any negated": not_(c.x == func.any(c.list)),
        "any underscore": c.x == func.any_(c.list),
        "cast": func.cast(c.x, String),
        "extract": func.extract("year", c.made),
        "classes": select(functions.max(c.x), functions.now(), functions.count(), functions.random()),
    }


class moment_of(GenericFunction[Any]):  # its name in SQL
    type = DateTime()
    inherit_cache = True


class Area(GenericFunction[Any]):
    type = Integer()
    package = "maps"
    name = "ST_Area"
    identifier = "area"
    inherit_cache = True


class Quoted(GenericFunction[Any]):
    name = quoted_name("Quoted F", True)
    identifier = "quoted_function"
    type = String()
    inherit_cache = True


class best_of(ReturnTypeFromArgs[Any]):  # its name in SQL
    inherit_cache = True


class Own(FunctionElement[Any]):
    name = "own"
    inherit_cache = True
    type = Integer()


@row("D066")
def own_functions() -> dict[str, Any]:
    return {
        "by name": select(func.moment_of(c.made), func.MOMENT_OF()),
        "arithmetic": func.moment_of(c.made) - datetime.timedelta(days=1),
        "package": select(func.maps.area(c.x) + 1, func.maps.AREA(c.x)),
        "other package": select(func.area(c.x), func.shapes.area(c.x), func.maps.st_area(c.x)),
        "quoted": select(func.quoted_function(c.x)),
        "class": select(moment_of(c.made), Area(5)),
        "from arguments": func.best_of(c.s, "x") + "y",
        "from values": func.best_of(5, c.x) + 1,
        "typed": func.moment_of(c.made, type_=String) + "x",
        "over": func.moment_of(c.made).over(partition_by=func.maps.area(c.x)),
        "table": select(func.moment_of(c.made).table_valued("a", "b")),
        "ansi": select(functions.current_date(), functions.user("x")),
        "modern": select(func.uuidv7(monotonic=True), func.uuidv7(type_=Uuid, monotonic=True) == None),
    }


@row("D067")
def comparisons() -> dict[str, Any]:
    compared = func.contains(c.s, u.c.x).as_comparison(1, 2)
    return {
        "alone": compared,
        "reversed": func.contains(c.s, u.c.x).as_comparison(2, 1),
        "join": select(t).join(u, compared),
        "where": select(t).where(compared),
        "selected": select(compared, compared.label("l")),
        "not": not_(compared),
        "and": and_(compared, c.x == 5),
        "or": or_(compared, c.x == 5),
        "true": compared == True,
        "with value": func.instr(c.s, c.s + "/").as_comparison(1, 2),
        "package": func.geo.within(c.s, u.c.x, 5).as_comparison(1, 3),
        "typed": func.inside(c.s, u.c.x, type_=Boolean).as_comparison(1, 2),
    }


@row("table valued")
def tables() -> dict[str, Any]:
    def numbers(*names: Any, **kw: Any) -> Any:
        return func.generate_series(1, 4).table_valued(*names, **kw)

    typed = (column("a", Integer), column("b", String(5)))
    objects = func.json_each('{"a": 1}').table_valued("key", "value", name="je")
    perhaps = func.unnest(c.list).column_valued("item")
    odd = numbers("odd name", "select", name="Up")
    return {
        "anonymous": select(numbers("v")),
        "named": select(numbers("v", name="n")),
        "columns": select(objects.c.key, objects.c.value.label("l")).where(objects.c.value == "x"),
        "typed": select(func.f(1).table_valued(column("a", Integer)).c.a + 1),
        "ordinality": select(numbers("v", with_ordinality="i", name="n")),
        "derived": select(numbers("v").render_derived()),
        "derived name": select(numbers("v", name="n").render_derived(name="m")),
        "derived types": select(func.f(1).table_valued(*typed).render_derived(with_types=True, name="r")),
        "derived ordinality": select(numbers("v", with_ordinality="i").render_derived()),
        "odd names": select(odd),
        "odd names derived": select(odd.render_derived(name="sel ect")),
        "alias": select(numbers("v").alias("z").c.v),
        "alias derived": select(numbers("v", name="o").alias("z").render_derived()),
        "lateral": select(c.id, func.f(c.x).table_valued("v").lateral("l").c.v),
        "join": select(c.id, objects.c.key).join(objects, true()),
        "outer join": select(c.id, objects.c.key).outerjoin_from(t, objects, objects.c.key == c.s),
        "implicit": select(c.id, func.f(c.x).table_valued("v", name="n", joins_implicitly=True)),
        "two": select(numbers("v", name="n"), numbers("v", name="m")),
        "anonymous twice": select(numbers("v"), numbers("v")),
        "whole row": select(objects.column, objects.column.label("l")),
        "row of table": select(func.row_to_json(t.table_valued()), func.f(t.alias("z").table_valued())),
        "row of subquery": select(func.row_to_json(related.subquery("q").table_valued())),
        "column": select(perhaps, perhaps + 1).where(perhaps > 2).order_by(perhaps),
        "column typed": select((i := func.f(1, type_=Integer).column_valued()), i + 1),
        "column label": select(func.f(1).column_valued("select").label("l")),
        "column aggregated": select(c.id, select(func.sum(perhaps)).scalar_subquery()),
        "alias column": select(func.f(1).alias("x").column + 5),
        "scalar": select(
            func.f(c.x).scalar_table_valued("a"), func.f(c.x).scalar_table_valued("b c", Integer) + 1
        ),
        "exists": select(t).where(exists().where(objects.c.key == c.s)),
        "update": update(t).values(x=objects.c.value).where(objects.c.key == c.s),
        "delete": delete(t).where(c.s == objects.c.key),
        "insert": insert(t).from_select(["s"], select(objects.c.key)),
        "union": union(select(objects.c.key), select(objects.c.value)),
        "cte": select(select(objects.c.key).cte("q")),
    }


@row("text search")
def text_search() -> dict[str, Any]:
    query = func.to_tsquery("english", "x & y")
    document = func.to_tsvector("english", func.coalesce(c.s, ""))
    cases = {}
    for name in ["to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"]:
        made, own = getattr(func, name), getattr(postgresql, name)
        cases |= {
            f"{name} one": made("a b"),
            f"{name} column": made(c.s),
            f"{name} configured": select(made("english", c.s)),
            f"{name} values": own("english", "a b"),
            f"{name} bind": own(bindparam("config"), bindparam("words")),
            f"{name} literal": own(literal("english"), c.s),
            f"{name} null": own("english", None),
        }
    return {
        **cases,
        "headline": func.ts_headline(c.s, query),
        "headline value": func.ts_headline("a text", query, "MaxWords=3"),
        "headline configured": func.ts_headline("english", c.s, query, "MaxWords=3"),
        "headline string query": func.ts_headline("english", c.s, "x"),
        "headline typed": func.ts_headline("a text", cast("x", postgresql.TSQUERY)),
        "match": select(t).where(document.bool_op("@@")(query)),
        "match operator": document.match("x", postgresql_regconfig="english"),
        "rank": select(func.ts_rank(document, query)).order_by(func.ts_rank(document, query).desc()),
        "concatenated": document.concat(func.to_tsvector("x")),
        "interval": func.f(c.made, type_=Interval),
    }
