"""What follows a function: windows, filters, ordered sets and aggregates; grouping sets, joined strings."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Iterator
from typing import Any

from cases_functions import Case, c, each, related, scalar, t, u

from relvar import (
    Boolean,
    FrameClause,
    FrameClauseType,
    Integer,
    String,
    aggregate_order_by,
    bindparam,
    cast,
    desc,
    distinct,
    exists,
    func,
    funcfilter,
    literal,
    literal_column,
    not_,
    null,
    nulls_last,
    or_,
    over,
    select,
    text,
    tuple_,
    within_group,
)
from relvar.dialects import postgresql
from relvar.sql import functions

CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Any]], Callable[[], Iterator[Case]]]:
    def add(function: Callable[[], Any]) -> Callable[[], Iterator[Case]]:
        CASES[name] = lambda: iter(function().items())
        return CASES[name]

    return add


@row("D060")
def windows() -> dict[str, Any]:
    p, f = FrameClauseType.PRECEDING, FrameClauseType.FOLLOWING
    here, unbounded = FrameClauseType.CURRENT, FrameClauseType.UNBOUNDED
    z = (c.x + 1).label("z")
    ranked = func.rank()
    day = datetime.timedelta(days=1)
    ends = [None, 0, -3, 2]
    pairs = [(lower, upper) for lower in ends for upper in ends]
    excluded = ["CURRENT ROW", "GROUP", "TIES", "NO OTHERS", "current row", "ties"]
    cases = {}
    for kind in ("rows", "range_", "groups"):
        for pair in pairs:
            cases[f"{kind} {pair}"] = select(func.sum(c.x).over(order_by=c.id, **{kind: pair}))
        for phrase in excluded:
            cases[f"{kind} exclude {phrase}"] = ranked.over(order_by=c.x, exclude=phrase, **{kind: (None, 0)})
        for name, frame in {
            "numbers": FrameClause(1, 2, p, f),
            "preceding": FrameClause(3, 1, p, p),
            "current": FrameClause(None, 2, here, f),
            "unbounded": FrameClause(None, None, unbounded, unbounded),
            "interval": FrameClause(day, None, p, here),
            "bind": FrameClause(bindparam("n", type_=Integer), None, p, here),
            "literal": FrameClause(literal(2), literal(3), p, f),
            "float": FrameClause(1.5, None, p, here),
            "decimal": FrameClause(decimal.Decimal(2), None, p, unbounded),
            "string": FrameClause("1 day", None, p, here),
            "by number": FrameClause(1, 1, 2, 3),
        }.items():
            cases[f"{kind} frame {name}"] = select(ranked.over(order_by=c.made, **{kind: frame}))
    return {
        **cases,
        "empty": select(func.row_number().over()),
        "partition": select(ranked.over(partition_by=c.x)),
        "partitions": select(ranked.over(partition_by=[c.x, func.lower(c.s)], order_by=(c.id, c.s.desc()))),
        "empty lists": ranked.over(partition_by=[], order_by=()),
        "nulls": ranked.over(order_by=nulls_last(c.x.desc())),
        "none": ranked.over(partition_by=None, order_by=null()),
        "text": ranked.over(order_by=text("x DESC")),
        "strings": select(t.c.id, c.s, ranked.over(order_by="s", partition_by=["id", "x"])),
        "string descending": select(t.c.id, ranked.over(order_by=[desc("x"), nulls_last("s")])),
        "string alone": ranked.over(order_by="x"),
        "label": select(z, ranked.over(order_by=z, partition_by=z)),
        "label descending": select(z, ranked.over(order_by=[z.desc(), nulls_last(z)])),
        "ordered by window": select(t.c.id).order_by(ranked.over(order_by="x")),
        "labelled": select(w := ranked.over(order_by=c.x).label("w")).order_by(w).group_by("w"),
        "arithmetic": select(ranked.over(order_by=c.x) * 2 + 1),
        "compared": select(c.id).where(ranked.over(order_by=c.x) == 1),
        "negated": -ranked.over(order_by=c.x),
        "two": select(func.sum(c.x).over(), func.sum(c.x).over(), func.max(c.s).over(order_by=c.s)),
        "function": over(func.f(1), partition_by=c.x, order_by=c.s, range_=(None, 0), exclude="TIES"),
        "of column": over(c.x, order_by=c.s),
        "of expression": over(c.x + 5, order_by=c.s),
        "of literal": over(literal_column("f()"), order_by=c.s),
        "of text": over(text("f()"), order_by=c.s),
        "nested": func.f(func.g().over()).over(order_by=func.h().over()),
        "subquery": select(select(c.id, func.row_number().over(order_by=c.x).label("rn")).subquery()).where(
            literal_column("rn") == 1
        ),
        "from both tables": select(func.sum(c.x).over(partition_by=u.c.x)),
        "over select": select(func.max(scalar).over(partition_by=scalar)),
        "cast": cast(ranked.over(), String),
        "order by cast": ranked.over(order_by=cast(c.x, String).desc()),
    }


@row("D061")
def filters() -> dict[str, Any]:
    counted = func.count(c.id).filter(c.x > 5)
    return {
        "one": select(counted),
        "several": func.count().filter(c.x > 5, c.s == "x"),
        "again": counted.filter(c.s == "x").filter(or_(c.x == 1, c.x == 2)),
        "none": func.count().filter(),
        "or": func.count().filter(or_(c.x > 5, c.x < 3), c.s == "q"),
        "true": func.count().filter(True),
        "column": func.count().filter(c.x),
        "text": func.count().filter(text("x > 5")),
        "in": func.count().filter(c.x.in_([1, 2])),
        "exists": func.count().filter(exists(related)),
        "scalar": func.count().filter(scalar > 5),
        "over": counted.over(partition_by=c.s, order_by=c.x, rows=(None, 0)),
        "over range": counted.over(c.s, c.x, (-1, 1)),
        "within group": func.mode().filter(c.x > 5).within_group(c.x),
        "arithmetic": counted + 5,
        "grouped": func.array_agg(c.x).filter(c.x > 5)[1],
        "compared": select(c.s).group_by(c.s).having(counted > 5),
        "negated": not_(func.bool_and(c.x, type_=Boolean).filter(c.x > 5)),
        "cast": cast(counted, String),
        "labels": select(counted.label("a"), func.count().filter(c.x > 6)).group_by("a"),
        "function": funcfilter(func.count(), c.x > 5, c.x < 9),
        "function alone": funcfilter(func.count(c.x), c.x.is_(None)),
        "other table": select(func.count(u.c.id).filter(c.x > 5)),
        "aggregate order by": func.f(c.x).aggregate_order_by(c.s).filter(c.x > 5).over(order_by=c.x),
    }


@row("D062")
def ordered_sets() -> dict[str, Any]:
    made = {
        "mode": func.mode(),
        "percentile_cont": func.percentile_cont(0.5),
        "percentile_disc": func.percentile_disc(0.5),
        "several percentiles": func.percentile_cont(0.25, 0.75),
        "rank": func.rank(5),
        "dense_rank": func.dense_rank(5, "x"),
        "percent_rank": func.percent_rank(5),
        "cume_dist": func.cume_dist(5),
        "other": func.listagg(c.s, ","),
    }
    median = func.percentile_cont(0.5).within_group(c.x)
    z = c.x.label("z")
    return {
        **each(made, lambda f: select(f.within_group(c.x))),
        **{f"{k} descending": f.within_group(c.x.desc(), nulls_last(c.s)) for k, f in made.items()},
        "function": within_group(func.f(), c.x, c.s.desc()),
        "string": within_group(func.f(), "x", desc("y")),
        "over": select(median.over(partition_by=c.s, order_by=c.x, rows=(None, 0))),
        "filter": median.filter(c.s == "q"),
        "filter over": median.filter(c.s == "q").over(partition_by=c.s),
        "arithmetic": median + 5,
        "names": select(median, func.percentile_cont(0.7).within_group(c.x), median.label("m")),
        "label": select(z, func.percentile_cont(0.5).within_group(z)).group_by(z),
        "other table": select(func.mode().within_group(u.c.x)),
    }


@row("D063")
def ordered_aggregates() -> dict[str, Any]:
    joined = func.string_agg(c.s, literal_column("','"))
    z = c.x.label("z")
    own = postgresql.aggregate_order_by
    return {
        "one": select(func.array_agg(c.x).aggregate_order_by(c.s)),
        "several": func.array_agg(c.x).aggregate_order_by(c.s.desc(), nulls_last(c.x)),
        "string": func.array_agg(c.x).aggregate_order_by("x", desc("y")),
        "arguments": joined.aggregate_order_by(c.s),
        "no arguments": func.f().aggregate_order_by(c.x),
        "without parentheses": func.current_user().aggregate_order_by(c.x),
        "package": func.a.b(c.x).aggregate_order_by(c.s),
        "distinct": func.array_agg(distinct(c.x)).aggregate_order_by(c.x),
        "over": joined.aggregate_order_by(c.s).over(partition_by=c.x),
        "filter": joined.aggregate_order_by(c.s).filter(c.x > 5),
        "filter over": joined.aggregate_order_by(c.s).filter(c.x > 5).over(order_by=c.x),
        "arithmetic": func.f(c.x).aggregate_order_by(c.s) + 5,
        "parameters": func.f(1, "x").aggregate_order_by(c.x + 2),
        "function": aggregate_order_by(func.f(c.x), c.s, c.x.desc()),
        "names": select(func.f(c.x).aggregate_order_by(c.s), func.f(c.x).aggregate_order_by(c.x)),
        "label": select(z, func.f(z).aggregate_order_by(z)).group_by(z),
        "group_concat": func.group_concat(c.s).aggregate_order_by(c.s),
        "strings": func.aggregate_strings(c.s, "x").aggregate_order_by(c.s.desc(), c.x),
        "postgresql": func.array_agg(own(c.x, c.s)),
        "postgresql several": func.array_agg(own(c.x, c.s, c.x.desc())),
        "postgresql separator": func.string_agg(c.s, own(literal_column("','"), c.s)),
        "postgresql filter": func.array_agg(own(c.x.distinct(), c.x)).filter(c.x > 1).over(partition_by=c.s),
        "postgresql parameters": func.f(own(c.x + 1, c.x + 2), c.x + 3),
        "postgresql item": func.array_agg(own(c.x, c.s))[1],
    }


@row("D064")
def grouping_sets() -> dict[str, Any]:
    z = c.x.label("z")
    total = func.sum(c.id)
    sets = {
        "cube": func.cube(c.x, c.s),
        "rollup": func.rollup(c.x, c.s),
        "sets": func.grouping_sets(c.x, c.s),
        "cube of tuples": func.cube(tuple_(c.x, c.s), c.id),
        "rollup of tuples": func.rollup(tuple_(c.x, c.s), c.id),
        "sets of tuples": func.grouping_sets(tuple_(c.x, c.s), tuple_(c.s), tuple_()),
        "sets of sets": func.grouping_sets(func.cube(c.x), func.rollup(c.x, c.s), c.s),
        "empty": func.grouping_sets(tuple_()),
        "expressions": func.rollup(c.x + 1, func.lower(c.s)),
        "one": func.cube(c.x),
        "reserved": func.rollup(c.order),
        "string": func.rollup("z"),
    }
    return {
        **each(sets, lambda e: select(total).group_by(e)),
        **{f"{k} and column": select(c.id, total).group_by(e, c.id) for k, e in sets.items()},
        "upper": select(total).group_by(func.CUBE(c.x)),
        "grouping": select(c.x, func.grouping(c.x))
        .group_by(func.rollup(c.x))
        .having(func.grouping(c.x) == 0)
        .order_by(func.grouping(c.x)),
        "label": select(z).group_by(func.rollup(z)),
        "label in sets": select(z).group_by(func.grouping_sets(z, tuple_(z, c.s))),
    }


@row("D065")
def joined_strings() -> dict[str, Any]:
    separators = {
        "comma": ",",
        "empty": "",
        "quote": ", ' ",
        "percent": "%",
        "colon": ":x",
        "backslash": "\\",
        "column": c.s,
        "literal column": literal_column("'x'"),
        "bind": bindparam("q"),
        "number": 5,
        "null": None,
    }
    joined = func.aggregate_strings(c.s, ",")
    return {
        **each(separators, lambda s: select(func.aggregate_strings(c.s, s))),
        "distinct": func.aggregate_strings(distinct(c.s), ","),
        "expression": func.aggregate_strings(c.s + "x", ","),
        "cast": func.aggregate_strings(cast(c.x, String), ","),
        "value": func.aggregate_strings("a", ","),
        "label": joined.label("l"),
        "concatenated": joined + "x",
        "over": joined.over(partition_by=c.x),
        "filter": joined.filter(c.x > 5),
        "order by": joined.aggregate_order_by(c.x.desc(), c.s),
        "order by filter": joined.aggregate_order_by(c.x).filter(c.x > 5),
        "order by over": joined.aggregate_order_by(c.x).over(partition_by=c.x),
        "having": select(c.x).group_by(c.x).having(joined == "a,b"),
        "two": select(joined, func.aggregate_strings(c.s, ";")),
        "class": functions.aggregate_strings(c.s, ","),
    }
