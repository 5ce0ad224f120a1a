"""Functions: types of what they return, errors, warnings, and what their objects show."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

from relvar import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    FrameClause,
    FrameClauseType,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Time,
    Unicode,
    Uuid,
    aggregate_order_by,
    bindparam,
    cast,
    column,
    desc,
    distinct,
    func,
    funcfilter,
    literal,
    literal_column,
    null,
    over,
    select,
    text,
    true,
    within_group,
)
from relvar.dialects import postgresql
from relvar.sql import functions, quoted_name
from relvar.sql.functions import Function, GenericFunction, OrderedSetAgg, register_function

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")))
c = t.c
related = select(u.c.id).where(u.c.t_id == c.id)
numbers, big = Sequence("numbers"), Sequence("big", data_type=BigInteger)
P, F = FrameClauseType.PRECEDING, FrameClauseType.FOLLOWING
HERE, UNBOUNDED = FrameClauseType.CURRENT, FrameClauseType.UNBOUNDED

TYPES: dict[str, Any] = {
    "integer": Integer(),
    "string": String(20),
    "unicode": Unicode(5),
    "numeric": Numeric(10, 2),
    "float": Float(),
    "datetime": DateTime(),
    "date": Date(),
    "time": Time(),
    "interval": Interval(),
    "boolean": Boolean(),
    "enum": Enum("p", "q", name="pq"),
    "json": JSON(),
    "array": ARRAY(Integer),
    "binary": LargeBinary(),
    "uuid": Uuid(),
    "none": None,
}
FROM_ARGUMENTS = ["max", "min", "sum", "coalesce", "pow", "array_agg"]
FIXED = [
    *("count", "char_length", "concat", "rank", "dense_rank", "percent_rank", "cume_dist", "random"),
    *("mode", "percentile_cont", "percentile_disc", "cube", "rollup", "grouping_sets"),
    *("now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate"),
    *("current_user", "session_user", "user", "any", "all", "some", "lower", "anything"),
    *(
        "to_tsvector",
        "to_tsquery",
        "plainto_tsquery",
        "phraseto_tsquery",
        "websearch_to_tsquery",
        "ts_headline",
    ),
]
SETS = ["mode", "percentile_cont", "percentile_disc", "rank", "dense_rank", "percent_rank", "cume_dist", "f"]


def typed(type_: Any) -> Any:
    return column("c", type_)


def warned(*names: str, package: str = "_default") -> Any:
    for name in names:
        register_function(name, functions.max, package)
    return tuple(type(getattr(func, n)(c.x) if package == "_default" else None).__name__ for n in names)


def defined(base: Any, **attributes: Any) -> Any:
    return type(attributes.pop("class_name", "made_here"), (base,), {"inherit_cache": True, **attributes})


CASES: dict[str, Any] = {
    # types
    **{
        f"type of {name}({kind})": lambda name=name, type_=type_: getattr(func, name)(typed(type_)).type
        for name in FROM_ARGUMENTS
        for kind, type_ in TYPES.items()
    },
    **{f"type of {name}": lambda name=name: getattr(func, name)(c.s).type for name in FIXED},
    **{
        f"type of {name} within group by {kind}": lambda name=name, type_=type_: (
            getattr(func, name)(0.5).within_group(typed(type_).desc()).type
        )
        for name in SETS
        for kind, type_ in TYPES.items()
    },
    "type of values": lambda: (
        func.max(5).type,
        func.max("x").type,
        func.max(5, "x").type,
        func.coalesce(None, "x").type,
        func.coalesce(None, None).type,
        func.coalesce(datetime.date(2020, 1, 1)).type,
        func.sum(decimal.Decimal(1)).type,
    ),
    "type given": lambda: (
        func.f(type_=String).type,
        func.max(c.x, type_=String).type,
        func.now(type_=String).type,
        func.count(type_=BigInteger).type,
        func.array_agg(c.x, type_=String).type,
        func.to_tsvector("english", c.s, type_=String).type,
    ),
    "type of several percentiles": lambda: (
        func.percentile_cont(0.5, 0.7).within_group(c.x).type,
        func.percentile_disc([0.5, 0.7]).within_group(c.x).type,
    ),
    "type through": lambda: (
        func.sum(c.x).over().type,
        func.sum(c.x).filter(c.x > 1).type,
        func.array_agg(c.s).aggregate_order_by(c.x).type,
        func.foo(type_=Integer).within_group(c.s).type,
        postgresql.aggregate_order_by(c.x, c.s).type,
        func.f(1, type_=Integer).column_valued("x").type,
        func.f(1).scalar_table_valued("x", String).type,
        func.f(1).table_valued(column("x", JSON)).c.x.type,
        func.f(c.x, c.s).as_comparison(1, 2).type,
    ),
    "type of arrays": lambda: (
        func.array_agg(func.array_agg(c.x)).type,
        postgresql.array_agg(c.x).type,
        postgresql.array_agg(c.x, type_=ARRAY(String)).type,
        func.array_agg(postgresql.array([1, 2])).type,
    ),
    "type of sequences": lambda: (numbers.next_value().type, big.next_value().type),
    # the namespace
    "names": lambda: (
        func.f(1).name,
        func.a.b.f(1).packagenames,
        func.f(1).packagenames,
        func.f_(1).name,
        func.f__(1).name,
        repr(func.f(1)),
        func.f(1).description,
        func.f(1).key,
    ),
    "dunder": lambda: func.__nothing__,
    "unknown argument": lambda: func.f(bad=1),
    "type of a string": lambda: func.f(type_="bad").type,
    "table as argument": lambda: func.f(t),
    "alias as argument": lambda: func.f(t.alias("a")),
    "subquery as argument": lambda: func.f(related.subquery()),
    "select as argument": lambda: func.f(related),
    "clauses": lambda: (func.f(1, "x").clauses, len(func.f(1, "x").clauses), func.f().clauses),
    "columns": lambda: (func.f(1).c.keys(), func.f(1).columns.keys(), func.f(1).exported_columns.keys()),
    "unknown attribute": lambda: func.f(1).nothing,
    "truth": lambda: bool(func.f(1)),
    "options": lambda: func.f(1).execution_options(a=1).select().get_execution_options(),
    "compare": lambda: (
        func.f(1).compare(func.f(2)),
        func.f(1).compare(func.f(1)),
        func.f(1).compare(func.F(1)),
        func.a.f(1).compare(func.f(1)),
        func.f(1, type_=Integer).compare(func.f(1)),
        func.f(1).over(order_by=c.x).compare(func.f(1).over(order_by=c.x)),
        func.f(1).over(order_by=c.x).compare(func.f(1).over(partition_by=c.x)),
        func.f(1).over(rows=(1, 2)).compare(func.f(1).over(rows=(1, 3))),
        func.f(1).over(rows=(1, 2)).compare(func.f(1).over(range_=(1, 2))),
        func.f(1).over(rows=(1, 2)).compare(func.f(1).over(rows=(-1, 2))),
        func.f(1).over(rows=(1, 2), exclude="TIES").compare(func.f(1).over(rows=(1, 2))),
        func.f(1).filter(c.x > 5).compare(func.f(1).filter(c.x > 5)),
        func.f(1).filter(c.x > 5).compare(func.f(1).filter(c.x < 5)),
        within_group(func.f(), c.x).compare(within_group(func.f(), c.x)),
        within_group(func.f(), c.x).compare(within_group(func.f(), c.s)),
        numbers.next_value().compare(numbers.next_value()),
        numbers.next_value().compare(big.next_value()),
        func.f(c.x, c.s).as_comparison(1, 2).compare(func.f(c.x, c.s).as_comparison(1, 2)),
        func.f(c.x, c.s).as_comparison(1, 2).compare(func.f(c.x, c.s).as_comparison(2, 1)),
        func.f(1).table_valued("a").c.a.compare(func.f(1).table_valued("b").c.b),
    ),
    # known functions
    "count of two": lambda: func.count(c.x, c.s),
    "char_length of nothing": lambda: func.char_length(),
    "char_length of two": lambda: func.char_length(c.s, c.s),
    "next_value of nothing": lambda: func.next_value(),
    "next_value of a string": lambda: func.next_value("numbers"),
    "next_value of a column": lambda: func.next_value(c.x),
    "all: next_value": lambda: select(numbers.next_value()),
    "all: aggregate_strings": lambda: select(func.aggregate_strings(c.s, ",")),
    "str: aggregate_strings": lambda: func.aggregate_strings(c.s, ","),
    "str: next_value": lambda: numbers.next_value(),
    "aggregate_strings alone": lambda: func.aggregate_strings(c.s),
    "aggregate_strings of three": lambda: func.aggregate_strings(c.s, ",", 5),
    "any on the left": lambda: func.any(c.x) == 5,
    "array contains": lambda: func.array_agg(c.x).contains([1]),
    "str: parameters of another dialect": lambda: select(
        c.x + 5,
        func.array_agg(postgresql.array([6])),
        func.f(postgresql.aggregate_order_by("q", c.x + 7)),
        c.x + 8,
    ),
    # windows
    **{
        f"{kind} {frame!r}": lambda kind=kind, frame=frame: func.f().over(**{kind: frame})
        for kind in ("rows", "range_", "groups")
        for frame in (
            *(5, "ab", "abc", (1,), (1, 2, 3), [1, 2], (), (5, 1), (5, -5), {1: 2, 3: 4}),
            *(("x", 0), ("3", "-4"), (1.5, 2.7), (True, None), (0, decimal.Decimal(3))),
            (datetime.timedelta(1), 0),
        )
    },
    **{
        f"exclude {phrase!r}": lambda phrase=phrase: func.f().over(rows=(None, 0), exclude=phrase)
        for phrase in ("CURRENT ROW", "no others", "no  others", "xx", "ties; drop", "", " TIES", 5)
    },
    "frame of a column": lambda: func.f().over(rows=FrameClause(c.x, None, P, HERE)),
    "frame of a function": lambda: func.f().over(rows=FrameClause(text("1"), None, P, HERE)),
    "frame with a value too much": lambda: FrameClause(1, None, HERE, HERE),
    "frame with a value too much behind": lambda: FrameClause(None, 1, UNBOUNDED, UNBOUNDED),
    "frame of no kind": lambda: FrameClause(1, 1, "x", P),
    "frame of none": lambda: FrameClause(1, 1, None, None),
    "frame without kinds": lambda: FrameClause(1, 1),
    "frame": lambda: FrameClause(1, 2, P, F),
    "frame parts": lambda: (
        FrameClause(1, 2, P, F).lower_type,
        FrameClause(1, 2, 3, 2).upper_type,
        FrameClause(1, 2, P, F).lower_bind.value,
        FrameClause(None, None, HERE, UNBOUNDED).upper_bind,
    ),
    "frame kinds": lambda: list(FrameClauseType),
    "rows and range": lambda: func.f().over(rows=(1, 2), range_=(1, 2)),
    "rows and groups": lambda: func.f().over(rows=(1, 2), groups=(1, 2)),
    "all three": lambda: over(func.f(), rows=(1, 2), groups=(1, 2), range_=(1, 2)),
    "exclude alone": lambda: func.f().over(order_by=c.x, exclude="TIES"),
    "over positional": lambda: func.f().over(c.x),
    "over table": lambda: func.f().over(order_by=t),
    "over value": lambda: func.f().over(partition_by=5),
    "over select": lambda: func.f().over(partition_by=related),
    "over set": lambda: func.f().over(partition_by={c.x}, order_by=iter([c.s])),
    "order by unknown name": lambda: select(c.x, func.f().over(order_by="nope")),
    "order by label": lambda: select(c.x.label("q"), func.f().over(order_by="q")),
    "order by qualified name": lambda: select(c.x, func.f().over(order_by="t.x")),
    "name without a FROM": lambda: select(func.f().over(order_by="x")),
    "name of the FROM": lambda: select(func.f().over(order_by="x")).select_from(t),
    "name in brackets": lambda: select(t, func.f().over(order_by=[desc("x"), "s"])),
    # filters, ordered sets
    "filter by value": lambda: func.f().filter(5),
    "filter by string": lambda: func.f().filter("x"),
    "filter by none": lambda: func.f().filter(None),
    "filter by list": lambda: func.f().filter([c.x > 5]),
    "filter columns": lambda: func.f().filter(c.x > 5).columns,
    "filter then aggregate order by": lambda: func.f().filter(c.x > 5).aggregate_order_by(c.x),
    "filter of a window": lambda: func.f().over().filter(c.x > 5),
    "within group of nothing": lambda: func.f().within_group(),
    "within group function of nothing": lambda: within_group(func.f()),
    "within group of filter": lambda: func.f().filter(c.x > 5).within_group(),
    "within group list": lambda: func.f().within_group([c.x, c.s]),
    "within group none": lambda: func.f().within_group(None),
    "within group value": lambda: func.f().within_group(5),
    "within group twice": lambda: func.f().within_group(c.x).within_group(c.x),
    "aggregate order by nothing": lambda: func.f(c.x).aggregate_order_by(),
    "aggregate order by function": lambda: aggregate_order_by(func.f(c.x)),
    "aggregate order by twice": lambda: func.f(c.x).aggregate_order_by(c.s).aggregate_order_by(c.x),
    "all: aggregate order by": lambda: func.f(c.x).aggregate_order_by(c.s),
    "default,sqlite,postgresql,mssql: postgresql order by": lambda: func.f(
        postgresql.aggregate_order_by(c.x, c.s)
    ),
    "postgresql order by nothing": lambda: postgresql.aggregate_order_by(c.x),
    "postgresql order by parts": lambda: (
        postgresql.aggregate_order_by(c.x, c.s).target,
        postgresql.aggregate_order_by(c.x, c.s).order_by,
    ),
    "str: postgresql order by": lambda: postgresql.aggregate_order_by(c.x, c.s) + 5,
    "all: distinct in a power": lambda: func.max(func.pow(distinct(c.x), 2)),
    "all: distinct in a length": lambda: func.max(func.char_length(distinct(c.s))),
    "sqlite,postgresql,mysql,oracle,mssql: distinct strings in order": lambda: func.aggregate_strings(
        distinct(c.s), ", "
    ).aggregate_order_by(c.x),
    "funcfilter of nothing": lambda: funcfilter(func.count()),
    # own functions
    "registered twice": lambda: warned("twice_a", "TWICE_A", "Twice_a"),
    "registered in a package": lambda: warned("twice_b", "twice_b", package="pkg"),
    "registered known name": lambda: register_function("random", functions.random),
    "registered quoted": lambda: warned("twice_c", quoted_name("Twice_C", True)),
    "defined twice": lambda: (
        defined(GenericFunction, name="twice_d").__name__,
        defined(GenericFunction, name="TWICE_d").__name__,
    ),
    "defined by identifier": lambda: (
        defined(GenericFunction, name="n_e", identifier="id_e", type=Integer()) is not None,
        func.id_e(1),
        func.n_e(1).type,
        func.ID_E(1).type,
    ),
    "defined in a package": lambda: (
        defined(GenericFunction, name="n_f", package="p_f", type=Integer()) is not None,
        func.p_f.n_f(1).type,
        func.n_f(1).type,
        func.P_F.n_f(1).type,
        func.x.p_f.n_f(1).type,
    ),
    "not registered": lambda: (
        defined(GenericFunction, name="n_g", _register=False, type=Integer())("a"),
        func.n_g(1).type,
    ),
    "ordered set of one's own": lambda: (
        defined(OrderedSetAgg, name="n_h", array_for_multi_clause=True)(1, 2).within_group(c.x).type,
        func.n_h(1).within_group(c.s).type,
    ),
    "ANSI function without a name": lambda: functions.AnsiFunction("x"),
    "Function": lambda: (Function("f", 1, type_=Integer).type, Function("f", packagenames=[]), Function("F")),
    # functions as tables
    **{
        f"table valued {kind}": lambda given=given: func.f(1).table_valued("a", given).c.keys()
        for kind, given in {
            "column": c.x,
            "label": c.x.label("l"),
            "value": 5,
            "none": None,
            "text": text("x"),
            "literal column": literal_column("x"),
            "function": func.g(),
            "list": ["a", "b"],
        }.items()
    },
    "table valued unknown argument": lambda: func.f(1).table_valued("a", bad=True),
    "table valued keys": lambda: (
        func.f(1).table_valued("a", "b", with_ordinality="o").c.keys(),
        func.f(1).table_valued("a", name="n").name,
        func.f(1).table_valued("a").c.a.table.alias("z").c.keys(),
        func.f(1).alias("z").c.keys(),
        func.f(1).column_valued("z").name,
    ),
    "table valued unknown column": lambda: func.f(1).table_valued("a").c.b,
    "table valued compare": lambda: (
        func.f(1).column_valued("x", True),
        func.f(1).column_valued(name="x", joins_implicitly=True),
    ),
    "scalar table valued": lambda: func.f(1).scalar_table_valued(),
    "join to a column": lambda: select(c.id).join(func.f(1).column_valued("x"), true()),
    # comparisons
    "comparison parts": lambda: (
        func.f(c.x, c.s).as_comparison(1, 2).left,
        func.f(c.x, c.s).as_comparison(2, 1).left,
        func.f(c.x, c.s).as_comparison(1, 2).right,
        func.f(c.x, c.s).as_comparison(1, 2).sql_function,
        func.f(c.x, c.s).as_comparison(1, 2).left_index,
        func.f(c.x, c.s).as_comparison(1, 2).operator.__name__,
        func.f(c.x, c.s).as_comparison(1, 2).negate,
    ),
    "comparison without indexes": lambda: func.f(c.x, c.s).as_comparison(),
    # the rest
    "monotonic": lambda: (
        func.uuidv7(monotonic=True).monotonic,
        func.uuidv7().monotonic,
        func.p.uuidv7(monotonic=True, type_=Uuid).monotonic,
    ),
    "monotonic known function": lambda: func.now(monotonic=True),
    "search configuration": lambda: (
        func.to_tsvector("english", c.s).clauses.clauses[0].type,
        func.to_tsvector(literal("english"), c.s).clauses.clauses[0].type,
        func.to_tsvector(bindparam("config"), c.s).clauses.clauses[0].type,
        func.to_tsvector("a text").clauses.clauses[0].type,
        func.to_tsquery(null(), c.s).clauses.clauses[0].type,
        func.ts_headline("x", "y").clauses.clauses[0].type,
        func.ts_headline("x", func.to_tsquery("y")).clauses.clauses[0].type,
        func.ts_headline("x", cast("y", postgresql.TSQUERY), "z").clauses.clauses[0].type,
    ),
}
