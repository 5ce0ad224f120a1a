"""
Strategies of plans for statements of every kind; `statement_builder` makes the statements.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import relvar
from relvar.dialects import mssql, mysql, oracle, postgresql, sqlite
from relvar.engine.default import DefaultDialect

DIALECTS = [
    DefaultDialect(),
    *(d.dialect() for d in (sqlite, postgresql, mysql, mssql, oracle)),
]


def plan(kind: str, *parts: Any) -> Any:
    return st.tuples(st.just(kind), *parts)


words = st.sampled_from(["p", "q", "odd name"])
leaf = st.one_of(
    plan("column", st.integers(0, 12), st.sampled_from(["id", "x"])),
    plan("column", st.integers(0, 3), st.sampled_from(["id", "x"])),
    plan("value"),
    plan("called"),
    plan("bind", words),
    plan("inline", st.sampled_from(["1", "a.id"])),
    plan("extract", st.sampled_from(["year", "month"])),
    plan("json", st.sampled_from(["k", "l"])),
    plan("strings", st.sampled_from([",", ";"])),
)
simple_condition = st.one_of(
    plan("short", st.integers(0, 1)),
    plan(
        "like",
        st.sampled_from(["like", "escape", "ilike", "contains", "starts", "regexp", "collate", "concat"]),
    ),
    plan("text", words.filter(str.isalpha)),
    plan("tuple", st.integers(1, 2)),
    plan("expanding", words, st.booleans()),
    plan("comparison"),
)
frames = st.tuples(
    st.sampled_from([None, "rows", "range_", "groups"]),
    st.sampled_from([None, 0, -1, -2]),
    st.sampled_from([None, 0, 1, 2]),
    st.sampled_from([None, "TIES", "GROUP"]),
)
numbers = st.recursive(
    leaf,
    lambda inner: st.one_of(
        plan("arithmetic", st.sampled_from("+-*%/&@"), inner, inner),
        plan("minus", inner),
        plan("function", st.sampled_from(["max", "lower", "count", "known_to_program", "coalesce"]), inner),
        plan("package", inner),
        plan("own", inner),
        plan("doubled", st.sampled_from(["twice", "thrice"]), inner),
        plan("cast", inner, st.sampled_from([None, 5, 6])),
        plan("coerced", inner),
        plan("case", simple_condition, inner, inner),
        plan("scalar", inner),
        plan("window", st.sampled_from(["sum", "rank"]), frames, st.booleans(), inner),
        plan("filter", inner, simple_condition),
        plan("within", st.sampled_from(["mode", "percentile_cont"]), inner),
        plan("ordered", inner),
    ),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        simple_condition,
        plan("compare", st.sampled_from(["==", "<", "!=", "is", "distinct", "between"]), numbers, numbers),
        plan("in", numbers, st.integers(0, 3)),
        plan("in_select", numbers, st.booleans()),
        plan("any", numbers),
        plan("exists", numbers),
    ),
    lambda inner: st.one_of(plan("and", inner, inner), plan("or", inner, inner), plan("not", inner)),
    max_leaves=3,
)
selected = st.tuples(st.sampled_from([None, None, "l", "m"]), numbers)
extras = st.sets(
    st.sampled_from(
        [
            *("join", "outer", "group", "distinct", "distinct on", "limit", "offset", "fetch", "lock"),
            *("prefix", "hint", "labels", "by name", "options"),
        ]
    ),
    max_size=4,
)
queries = st.one_of(
    plan(
        "select",
        st.lists(selected, max_size=3),
        st.lists(conditions, max_size=3),
        st.lists(numbers, max_size=2),
        extras,
    ),
    plan(
        "combined",
        st.sampled_from(["union", "all", "except", "intersect"]),
        conditions,
        conditions,
        st.booleans(),
    ),
    plan("text", words.filter(str.isalpha)),
)
changes = st.one_of(
    plan("insert", st.sets(st.sampled_from(["x", "y", "made", "doc"]), min_size=1), st.booleans()),
    plan("insert_many", st.integers(1, 3)),
    plan("insert_select", conditions),
    plan("insert_default", numbers),
    plan(
        "upsert", st.sampled_from(["sqlite", "postgresql", "mysql"]), st.sampled_from(["nothing", "update"])
    ),
    plan("update", conditions, numbers, st.sampled_from(["plain", "ordered", "returning", "from"])),
    plan("delete", conditions, st.booleans()),
    plan("changed", conditions),
)
statements = st.one_of(
    queries,
    queries,
    plan("wrapped", st.sampled_from(["subquery", "cte", "nested"]), queries),
    changes,
)


# A database cannot say it, or the names in it clash.
REFUSED = (relvar.exc.CompileError, relvar.exc.InvalidRequestError, NotImplementedError)


def written(statement: Any, dialect: Any) -> Any:
    """
    Return the text and the parameters, in order; the error, if the database cannot say it.
    """
    try:
        compiled = statement.compile(dialect=dialect)
    except REFUSED as error:
        return type(error).__name__
    return str(compiled), list(compiled.params.items()), compiled.positiontup


def inlined(statement: Any, dialect: Any) -> Any:
    """
    Return the text with the values in it.
    """
    try:
        return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except REFUSED as error:
        return type(error).__name__


def everywhere(statement: Any) -> list[Any]:
    """Return what *statement* is on each dialect."""
    return [written(statement, dialect) for dialect in DIALECTS]
