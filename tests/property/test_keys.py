"""
Cache keys: equal for equal structure, different where the text differs, free of values.

Statements are built from *plans*: plain data, so that one plan can be built twice with other values.
"""

from __future__ import annotations

import importlib.util
import re
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relvar
from relvar import Column, ForeignKey, Integer, MetaData, String, Table
from relvar._kernels import keys
from relvar.sql import (
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    tuple_,
    union,
    update,
)


def tables() -> tuple[Table, Table]:
    metadata = MetaData()
    a = Table(
        "a", metadata, Column("id", Integer, primary_key=True), Column("x", Integer), Column("y", String(20))
    )
    b = Table(
        "b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey("a.id")),
        Column("x", Integer),
    )
    return a, b


class Builder:
    """Turn plans into statements; values are counted up from a start."""

    def __init__(self, start: int, named: tuple[Table, Table]) -> None:
        self.a, self.b = named
        self.count = start
        self.aliases = [self.a.alias(), self.a.alias()]
        self.subqueries = [
            select(self.b.c.a_id, func.max(self.b.c.x)).group_by(self.b.c.a_id).subquery() for _ in "12"
        ]

    def value(self) -> int:
        self.count += 1
        return self.count

    def number(self, plan: Any) -> Any:
        kind, *rest = plan
        if kind == "column":
            return [
                self.a.c.id,
                self.a.c.x,
                self.b.c.x,
                self.aliases[0].c.x,
                self.aliases[1].c.x,
                self.subqueries[0].c[1],
            ][rest[0]]
        if kind == "value":
            return literal(self.value())
        if kind == "arithmetic":
            left, right = self.number(rest[1]), self.number(rest[2])
            return {"+": left + right, "-": left - right, "*": left * right}[rest[0]]
        if kind == "function":
            return getattr(func, rest[0])(self.number(rest[1]))
        if kind == "cast":
            return cast(self.number(rest[0]), Integer if rest[1] else String(7))
        if kind == "case":
            return case((self.condition(rest[0]), self.number(rest[1])), else_=self.number(rest[2]))
        if kind == "label":
            return self.number(rest[1]).label(rest[0])
        if kind == "bind":
            return bindparam(rest[0], self.value(), type_=Integer)
        if kind == "scalar":
            return select(self.b.c.x).where(self.b.c.a_id == self.number(rest[0])).scalar_subquery()
        return literal_column(rest[0], Integer)

    def condition(self, plan: Any) -> Any:
        kind, *rest = plan
        if kind == "compare":
            left, right = self.number(rest[1]), self.number(rest[2])
            return {"==": left == right, "<": left < right, "!=": left != right, "is": left.is_(None)}[
                rest[0]
            ]
        if kind == "short":
            column = [self.a.c.x, self.b.c.x][rest[0]]
            return column == self.value()
        if kind == "in":
            return self.number(rest[0]).in_([self.value() for _ in range(rest[1])])
        if kind == "like":
            return self.a.c.y.like(str(self.value()), escape="/" if rest[0] else None)
        if kind == "and":
            return and_(*[self.condition(p) for p in rest])
        if kind == "or":
            return or_(*[self.condition(p) for p in rest])
        if kind == "not":
            # of text alone there is no NOT
            return not_(and_(self.condition(rest[0]), self.a.c.x > 0))
        if kind == "exists":
            return exists().where(self.b.c.x == self.number(rest[0]))
        if kind == "tuple":
            return tuple_(self.a.c.id, self.a.c.x).in_([(self.value(), self.value()) for _ in range(rest[0])])
        return text(f"a.x > :{rest[0]}").bindparams(**{rest[0]: self.value()})

    def statement(self, plan: Any) -> Any:
        kind, *rest = plan
        if kind == "select":
            columns, criteria, order, extras = rest
            made = select(self.a.c.id, *[self.number(c) for c in columns])
            if "join" in extras:
                made = made.join(self.b, self.b.c.a_id == self.a.c.id, isouter="outer" in extras)
            for criterion in criteria:
                made = made.where(self.condition(criterion))
            for column in order:
                made = made.order_by(self.number(column))
            if "distinct" in extras:
                made = made.distinct()
            if "limit" in extras:
                made = made.limit(self.value())
            if "lock" in extras:
                made = made.with_for_update(nowait="outer" in extras)
            return made
        if kind == "union":
            return union(
                select(self.a.c.x).where(self.condition(rest[0])),
                select(self.b.c.x).where(self.condition(rest[1])),
            )
        if kind == "insert":
            return insert(self.a).values({key: self.value() for key in rest[0]})
        if kind == "update":
            return update(self.a).where(self.condition(rest[0])).values(x=self.number(rest[1]))
        return delete(self.a).where(self.condition(rest[0]))


leaf = st.one_of(
    st.tuples(st.just("column"), st.integers(0, 5)),
    st.tuples(st.just("value")),
    st.tuples(st.just("bind"), st.sampled_from("pq")),
    st.tuples(st.just("literal"), st.sampled_from(["1", "a.id"])),
)
simple_condition = st.one_of(
    st.tuples(st.just("short"), st.integers(0, 1)),
    st.tuples(st.just("like"), st.booleans()),
    st.tuples(st.just("text"), st.sampled_from("vw")),
    st.tuples(st.just("tuple"), st.integers(1, 2)),
)
numbers = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(st.just("arithmetic"), st.sampled_from("+-*"), inner, inner),
        st.tuples(st.just("function"), st.sampled_from(["max", "lower", "count"]), inner),
        st.tuples(st.just("cast"), inner, st.booleans()),
        st.tuples(st.just("case"), simple_condition, inner, inner),
        st.tuples(st.just("scalar"), inner),
    ),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        simple_condition,
        st.tuples(st.just("compare"), st.sampled_from(["==", "<", "!=", "is"]), numbers, numbers),
        st.tuples(st.just("in"), numbers, st.integers(0, 3)),
        st.tuples(st.just("exists"), numbers),
    ),
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=3,
)
selected = st.one_of(numbers, st.tuples(st.just("label"), st.sampled_from(["l", "m"]), numbers))
statements = st.one_of(
    st.tuples(
        st.just("select"),
        st.lists(selected, max_size=3),
        st.lists(conditions, max_size=3),
        st.lists(numbers, max_size=2),
        st.sets(st.sampled_from(["join", "outer", "distinct", "limit", "lock"])),
    ),
    st.tuples(st.just("union"), conditions, conditions),
    st.tuples(st.just("insert"), st.sets(st.sampled_from(["x", "y"]), min_size=1)),
    st.tuples(st.just("update"), conditions, numbers),
    st.tuples(st.just("delete"), conditions),
)

NAMED = tables()
quickly = settings(max_examples=150, deadline=None)
pytestmark = pytest.mark.filterwarnings(
    "ignore::relvar.exc.SAWarning", "ignore::relvar.exc.SADeprecationWarning"
)


def compiled(statement: Any) -> str:
    """The text, and what executing it would send where: names and types."""
    made = statement.compile()
    kinds = {name: repr(bind.type) for name, bind in made.binds.items()}
    columns = [(re.sub(r"%\(-?\d+ ", "%(", str(c[1])), repr(c[3])) for c in made._result_columns or ()]
    return f"{made}\n{kinds}\n{columns}"


@quickly
@given(statements)
def test_equal_structure_gives_equal_keys_whatever_the_values(plan: Any) -> None:
    one, other = Builder(0, NAMED).statement(plan), Builder(1000, NAMED).statement(plan)
    key, binds = keys.statement_key(one)
    other_key, other_binds = keys.statement_key(other)
    assert key is not None
    assert key == other_key
    assert [b._orig_key for b in binds] == [b._orig_key for b in other_binds]
    assert [b.type for b in binds] == [b.type for b in other_binds] or len(binds) == len(other_binds)


@quickly
@given(statements, statements)
def test_equal_keys_mean_equal_text(plan: Any, other_plan: Any) -> None:
    one, other = Builder(0, NAMED).statement(plan), Builder(0, NAMED).statement(other_plan)
    if keys.statement_key(one)[0] == keys.statement_key(other)[0]:
        try:
            text_of_one = compiled(one)
        except (relvar.exc.CompileError, relvar.exc.InvalidRequestError):
            return
        assert text_of_one == compiled(other)


@quickly
@given(statements)
def test_binds_of_a_statement_are_those_of_its_text(plan: Any) -> None:
    statement = Builder(0, NAMED).statement(plan)
    try:
        made = statement.compile()
    except (relvar.exc.CompileError, relvar.exc.InvalidRequestError):
        return
    values = sorted(map(repr, made.params.values()))
    held = sorted({repr(b.effective_value): None for b in keys.statement_key(statement)[1]})
    assert set(values) <= set(held)


@quickly
@given(statements)
def test_a_copy_has_the_key_of_the_original(plan: Any) -> None:
    statement = Builder(0, NAMED).statement(plan)
    assert keys.statement_key(statement._clone())[0] == keys.statement_key(statement)[0]


def pure_kernel() -> Any:
    """The kernel's source, interpreted, beside the one in use."""
    path = Path(keys.__file__).with_name("keys.py")
    loader = SourceFileLoader("pure_keys", str(path))
    spec = importlib.util.spec_from_loader("pure_keys", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


PURE, PURE_NAMED = pure_kernel(), tables()


@quickly
@given(statements, statements)
def test_both_modes_find_the_same_statements_equal(plan: Any, other_plan: Any) -> None:
    def equal(kernel: Any, named: Any) -> bool:
        one, other = Builder(0, named).statement(plan), Builder(9, named).statement(other_plan)
        return kernel.statement_key(one)[0] == kernel.statement_key(other)[0]  # type: ignore[no-any-return]

    assert equal(keys, NAMED) == equal(PURE, PURE_NAMED)


@pytest.mark.parametrize(
    "one, other",
    [
        (lambda a: select(literal_column("1")), lambda a: select(literal_column("2"))),
        (lambda a: select(a.c.x).limit(1), lambda a: select(a.c.x).offset(1)),
        (lambda a: select(a.c.x).where(a.c.x == 1), lambda a: select(a.c.x).having(a.c.x == 1)),
        (lambda a: select(func.a.b()), lambda a: select(func.b())),
        (lambda a: select(a.c.x.label("p")), lambda a: select(a.c.x.label("q"))),
        (lambda a: select(cast(a.c.x, String(5))), lambda a: select(cast(a.c.x, String(6)))),
        (lambda a: select(a.c.x).where(a.c.x.is_(True)), lambda a: select(a.c.x).where(a.c.x.is_(None))),
        (lambda a: select(a.c.x.op("-1")(a.c.x)), lambda a: select(a.c.x.op("-2")(a.c.x))),
        (lambda a: select(a.c.x).order_by(a.c.x), lambda a: select(a.c.x).group_by(a.c.x)),
        (lambda a: select(bindparam("p", 1)), lambda a: select(bindparam("q", 1))),
        (
            lambda a: select(a.c.x).join_from(a, a.alias(), a.c.x == 1),
            lambda a: select(a.c.x).outerjoin_from(a, a.alias(), a.c.x == 1),
        ),
    ],
)
def test_what_is_written_differently_has_different_keys(one: Any, other: Any) -> None:
    a = NAMED[0]
    assert keys.statement_key(one(a))[0] != keys.statement_key(other(a))[0]


def test_one_object_twice_is_not_two_objects() -> None:
    a = NAMED[0]
    alias, other = a.alias(), a.alias()
    same = select(alias.c.x, alias.c.y)
    different = select(alias.c.x, other.c.y)
    assert keys.statement_key(same)[0] != keys.statement_key(different)[0]
    assert keys.statement_key(different)[0] == keys.statement_key(select(a.alias().c.x, a.alias().c.y))[0]
    bind = literal(5)
    assert (
        keys.statement_key(select(a.c.x + bind, bind))[0]
        != keys.statement_key(select(a.c.x + literal(5), literal(5)))[0]
    )


def test_an_element_that_cannot_be_keyed_makes_the_statement_so() -> None:
    class Plain(relvar.ColumnElement[int]):
        inherit_cache = False
        type = Integer()

    a = NAMED[0]
    inner = select(a.c.x).where(a.c.x == Plain(), a.c.x == 5).subquery()
    key, binds = keys.statement_key(select(inner.c.x))
    assert key is None
    assert [b.value for b in binds] == [5]


def test_a_class_that_does_not_say_is_warned_of_once_and_not_cached() -> None:
    class Unsaid(relvar.sql.expression.FunctionElement[int]):
        name = "unsaid"

    with pytest.warns(
        relvar.exc.SAWarning, match="Class Unsaid will not make use of SQL compilation caching"
    ):
        assert keys.statement_key(select(Unsaid()))[0] is None
    assert keys.statement_key(select(Unsaid()))[0] is None


def test_a_shared_part_is_walked_once() -> None:
    a = NAMED[0]
    statement = select(a.c.x)
    assert keys.structure(statement) is keys.structure(statement)
    assert keys.structure(a.c.x) is keys.structure(a.c.x)
