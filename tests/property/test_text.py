"""
SQL means what Python means.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    between,
    bindparam,
    case,
    create_engine,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite

quickly = settings(max_examples=50, deadline=None)
pytestmark = pytest.mark.filterwarnings("ignore:.*cartesian product.*")

metadata = MetaData()
a = Table(
    "a", metadata, Column("id", Integer, primary_key=True), Column("x", Integer), Column("y", String(9))
)
b = Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
DIALECTS = [sqlite.dialect(), postgresql.dialect(), mysql.dialect(), mssql.dialect()]

# An expression as a pair: what SQL is given, and what Python finds for x = 3.
X = 3
leaves = st.one_of(
    st.integers(-9, 9).map(lambda n: (literal(n, Integer), n)),
    st.just((a.c.x, X)),
    st.integers(0, 9).map(lambda n: (bindparam(None, n, type_=Integer), n)),
)


def numbers_over(inner: Any) -> Any:
    def arithmetic(parts: Any) -> Any:
        (left, p), (right, q), sign = parts
        return {"+": (left + right, p + q), "-": (left - right, p - q), "*": (left * right, p * q)}[sign]

    def cases(parts: Any) -> Any:
        (left, p), (right, q), (one, r), (two, s) = parts
        return case((left < right, one), else_=two), r if p < q else s

    return st.one_of(
        st.tuples(inner, inner, st.sampled_from("+-*")).map(arithmetic),
        inner.map(lambda pair: (-pair[0], -pair[1])),
        inner.map(lambda pair: (func.abs(pair[0], type_=Integer), abs(pair[1]))),
        st.tuples(inner, inner, inner, inner).map(cases),
        inner.map(lambda pair: (select(pair[0]).correlate(a).scalar_subquery(), pair[1])),
        st.tuples(inner, inner).map(lambda two: (func.max(two[0][0], two[1][0]), max(two[0][1], two[1][1]))),
    )


numbers = st.recursive(leaves, numbers_over, max_leaves=6)


def _compared(parts: Any) -> Any:
    (left, p), (right, q), sign = parts
    return {
        "==": (left == right, p == q),
        "!=": (left != right, p != q),
        "<": (left < right, p < q),
        ">=": (left >= right, p >= q),
        "is": (left.is_not_distinct_from(right), p == q),
    }[sign]


comparisons = st.one_of(
    st.tuples(numbers, numbers, st.sampled_from(["==", "!=", "<", ">=", "is"])).map(_compared),
    st.tuples(numbers, numbers, numbers).map(
        lambda three: (
            between(three[0][0], three[1][0], three[2][0]),
            three[1][1] <= three[0][1] <= three[2][1],
        )
    ),
    st.tuples(numbers, st.lists(st.integers(-5, 5), max_size=4)).map(
        lambda pair: (pair[0][0].in_(pair[1]), pair[0][1] in pair[1])
    ),
    st.tuples(numbers, st.lists(st.integers(-5, 5), max_size=4)).map(
        lambda pair: (pair[0][0].not_in(pair[1]), pair[0][1] not in pair[1])
    ),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(
            lambda c: (and_(*[p[0] for p in c]), all(p[1] for p in c))
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda c: (or_(*[p[0] for p in c]), any(p[1] for p in c))
        ),
        inner.map(lambda pair: (not_(pair[0]), not pair[1])),
    ),
    max_leaves=5,
)


engine = create_engine("sqlite://")
metadata.create_all(engine)
with engine.begin() as _conn:
    _conn.execute(insert(a), {"id": 1, "x": X, "y": "y"})


@quickly
@given(numbers)
def test_numbers_mean_what_python_means(pair: Any) -> None:
    expression, expected = pair
    with engine.connect() as conn:
        for _ in "12":
            assert conn.scalar(select(expression).select_from(a)) == expected
        literally = select(expression).select_from(a).compile(engine, compile_kwargs={"literal_binds": True})
        assert conn.exec_driver_sql(str(literally)).scalar() == expected


@quickly
@given(conditions, conditions)
def test_conditions_mean_what_python_means(one: Any, other: Any) -> None:
    with engine.connect() as conn:
        for condition, expected in (one, other, one):
            assert conn.scalars(select(a.c.id).where(condition)).all() == ([1] if expected else [])
            assert conn.scalars(select(a.c.id).where(not_(condition))).all() == ([] if expected else [1])
