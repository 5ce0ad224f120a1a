"""Long chains take linear time; deep nestings end in a clear error, never in a RecursionError or a crash."""

from __future__ import annotations

import operator
import pickle
import sys
import threading
import time
from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    collate,
    column,
    exc,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from relvar.sql import visitors

table = Table(
    "t", MetaData(), Column("a", Integer, primary_key=True), Column("b", Integer), Column("s", String(10))
)
a, b, s = table.c.a, table.c.b, table.c.s
MANY = 10_000


def grown(step: Callable[[Any, int], Any], start: Any, times: int = MANY) -> Any:
    """Return *start* after that many steps."""
    return reduce(step, range(times), start)


# Long ------------------------------------------------------------------------------------------------

LONG: dict[str, tuple[Callable[[int], Any], Callable[[int], str]]] = {
    "and_(*conditions)": (
        lambda n: and_(*[a == i for i in range(n)]),
        lambda n: " AND ".join(f"t.a = :a_{i}" for i in range(1, n + 1)),
    ),
    "condition & ...": (
        lambda n: grown(lambda x, i: x & (a > b), a == b, n),
        lambda n: "t.a = t.b" + " AND t.a > t.b" * n,
    ),
    "or_(condition, ...)": (
        lambda n: grown(lambda x, i: or_(x, a > b), a == b, n),
        lambda n: "t.a = t.b" + " OR t.a > t.b" * n,
    ),
    "two at a time": (
        lambda n: grown(lambda x, i: and_(x, a > b, a < b), a == b, n),
        lambda n: "t.a = t.b" + " AND t.a > t.b AND t.a < t.b" * n,
    ),
    "sum + column": (lambda n: grown(lambda x, i: x + b, a, n), lambda n: "t.a" + " + t.b" * n),
    "product * column": (lambda n: grown(lambda x, i: x * b, a, n), lambda n: "t.a" + " * t.b" * n),
    "text || column": (lambda n: grown(lambda x, i: x + s, s, n), lambda n: "t.s" + " || t.s" * n),
    "case(*whens)": (
        lambda n: case(*[(a > b, a)] * n),
        lambda n: "CASE" + " WHEN (t.a > t.b) THEN t.a" * n + " END",
    ),
    "tuple": (
        lambda n: tuple_(*[a] * n) == tuple_(*[b] * n),
        lambda n: f"({', '.join(['t.a'] * n)}) = ({', '.join(['t.b'] * n)})",
    ),
    "coalesce": (lambda n: func.coalesce(*[a] * n), lambda n: f"coalesce({', '.join(['t.a'] * n)})"),
}


@pytest.mark.parametrize("name", LONG)
def test_long_expressions(name: str) -> None:
    make, text = LONG[name]
    expression = make(MANY)
    assert str(expression) == text(MANY)
    assert expression.compare(make(MANY))
    assert expression._generate_cache_key() == make(MANY)._generate_cache_key()
    assert str(pickle.loads(pickle.dumps(expression))) == text(MANY)
    assert str(visitors.cloned_traverse(expression, {}, {})) == text(MANY)


def test_long_statements() -> None:
    where = grown(lambda x, i: x.where(a > b), select(a))
    assert str(where) == "SELECT t.a \nFROM t \nWHERE " + " AND ".join(["t.a > t.b"] * MANY)
    order = grown(lambda x, i: x.order_by(b), select(a))
    assert str(order) == "SELECT t.a \nFROM t ORDER BY " + ", ".join(["t.b"] * MANY)
    columns = grown(lambda x, i: x.add_columns(column(f"c{i}")), select(column("c")))
    assert str(columns) == "SELECT c, " + ", ".join(f"c{i}" for i in range(MANY))
    union = union_all(*[select(a)] * MANY)
    assert str(union) == " UNION ALL ".join(["SELECT t.a \nFROM t"] * MANY)
    rows = insert(table).values([{"a": i} for i in range(MANY)])
    assert str(rows) == "INSERT INTO t (a) VALUES " + ", ".join(f"(:a_m{i})" for i in range(MANY))


@pytest.mark.parametrize(
    "step", [operator.and_, operator.or_, operator.add, operator.mul], ids=lambda f: f.__name__
)
def test_building_a_chain_takes_linear_time(step: Any) -> None:
    """Eight times the length may take some twenty times as long, which a quadratic 64 would not fit."""
    more = (a > b) if step in (operator.and_, operator.or_) else b

    def spent(times: int) -> float:
        begun = time.process_time()
        grown(lambda x, i: step(x, more), more, times)
        return time.process_time() - begun

    spent(100)
    assert min(spent(16_000) for _ in range(3)) < 24 * max(min(spent(2_000) for _ in range(3)), 1e-4)


def test_chains_that_share_their_beginning() -> None:
    trunk = grown(lambda x, i: x & (a > i), a == b, 40)
    left, right = trunk & (s == "left"), trunk & (s == "right")
    again = left & (a < b)
    for chain, end in ((left, "left"), (right, "right"), (again, "left"), (trunk, None)):
        compiled = chain.compile()
        assert [v for v in compiled.params.values() if isinstance(v, int)] == list(range(40))
        assert [v for v in compiled.params.values() if isinstance(v, str)] == ([end] if end else [])
    assert str(again).endswith("t.s = :s_1 AND t.a < t.b")


def test_chains_that_grow_in_several_threads() -> None:
    trunk = grown(lambda x, i: x | (a > i), a == b, 40)
    found: dict[int, Any] = {}

    def grow(number: int) -> None:
        chain = trunk
        for i in range(500):
            chain = chain | (b == number * 1000 + i)
        found[number] = chain

    threads = [threading.Thread(target=grow, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, chain in found.items():
        values = [v for v in chain.compile().params.values() if v >= 1000]
        assert values == [number * 1000 + i for i in range(500)]
    assert len(trunk.compile().params) == 40


# Deep ------------------------------------------------------------------------------------------------

DEEP: dict[str, Callable[[int], Any]] = {
    "difference": lambda n: select(grown(lambda x, i: x - b, a, n)),
    "difference of values": lambda n: select(grown(lambda x, i: x - 1, a, n)),
    "on the right": lambda n: select(grown(lambda x, i: b - x, a, n)),
    "and, or": lambda n: select(a).where(
        grown(lambda x, i: x & (a == b) if i % 2 else x | (a == b), a == b, n)
    ),
    "negative": lambda n: select(grown(lambda x, i: -x, a, n)),
    "operator": lambda n: select(grown(lambda x, i: x.op("#")(b), a, n)),
    "function": lambda n: select(grown(lambda x, i: func.f(x), a, n)),
    "case": lambda n: select(grown(lambda x, i: case((a == b, b), else_=x), a, n)),
    "cast": lambda n: select(grown(lambda x, i: cast(x, Integer), a, n)),
    "collation": lambda n: select(grown(lambda x, i: collate(x, "C"), s, n)),
    "window": lambda n: select(grown(lambda x, i: func.sum(x).over(), a, n)),
    "subquery": lambda n: grown(lambda x, i: select(x.subquery()), select(a), n),
    "scalar subquery": lambda n: grown(lambda x, i: select(x.scalar_subquery()), select(a), n),
    "exists": lambda n: grown(lambda x, i: select(a).where(x.exists()), select(a), n),
    "in": lambda n: grown(lambda x, i: select(b).where(b.in_(x)), select(a), n),
    "cte": lambda n: grown(lambda x, i: select(x.cte(f"c{i}")), select(a), n),
    "join": lambda n: grown(lambda x, i: x.join(table.alias(f"t{i}"), true()), select(a), n),
    "union": lambda n: grown(lambda x, i: union_all(x, select(b)), select(a), n),
}

DOINGS: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "compile": lambda x: x.compile(),
    "key": lambda x: x._generate_cache_key(),
    "compare": lambda x: x.compare(x._clone()),
    "iterate": lambda x: sum(1 for _ in visitors.iterate(x)),
    "clone": lambda x: visitors.cloned_traverse(x, {}, {}),
    "replace": lambda x: visitors.replacement_traverse(x, {}, lambda element, **kw: None),
    "params": lambda x: x.params(none=1),
    "froms": lambda x: x.get_final_froms() if hasattr(x, "get_final_froms") else None,
    "froms of columns": lambda x: getattr(x, "columns_clause_froms", None),
    "selected columns": lambda x: list(x.selected_columns),
    "exported columns": lambda x: list(x.exported_columns),
    "descriptions": lambda x: x.column_descriptions,
    "corresponding": lambda x: x.corresponding_column(a),
    "columns of a subquery": lambda x: list(x.subquery().c),
    "columns of a CTE": lambda x: list(x.cte().c),
    "columns of a union": lambda x: list(union_all(x, x).selected_columns),
    "scalar": lambda x: x.scalar_subquery().type,
    "exists": lambda x: str(x.exists()),
    "filter by": lambda x: x.filter_by(b=1) if hasattr(x, "filter_by") else None,
}
# What a statement that can be looked into may find wrong.
OTHER_FAULTS = ("None of the FROM clause entities have", "is ambiguous; it exists in multiple FROM clause")


@pytest.mark.parametrize("times", [MANY, 1_000], ids=str)
@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_said(name: str, times: int) -> None:
    """What is not refused takes bounded time; what is refused says why."""
    statement = DEEP[name](times)
    with pytest.raises(exc.CompileError, match="nest too deeply for Python's recursion limit"):
        str(statement)
    for doing, do in DOINGS.items():
        try:
            do(statement)
        except exc.CompileError as error:
            assert "and_(*conditions)" in str(error), doing
        except exc.InvalidRequestError as error:
            assert any(fault in str(error) for fault in OTHER_FAULTS), doing


@pytest.mark.parametrize("name", DEEP)
def test_deep_statements_are_refused_when_executed(name: str, sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        with pytest.raises(exc.CompileError, match="nest too deeply"):
            connection.execute(DEEP[name](MANY))
        assert connection.scalar(select(1)) == 1


def test_a_thousand_limits_do_not_end_the_process() -> None:
    """Keys are made in C when compiled, where nothing else bounds the depth."""
    chain = grown(lambda x, i: x - 1, a, 100_000)
    with pytest.raises(exc.CompileError, match="nest too deeply"):
        select(chain)._generate_cache_key()


def test_a_raised_limit_allows_more() -> None:
    limit = sys.getrecursionlimit()
    chain = select(grown(lambda x, i: x - b, a, 1500))
    try:
        sys.setrecursionlimit(20_000)
        assert str(chain) == f"SELECT {'(' * 1499}t.a{' - t.b)' * 1499} - t.b AS anon_1 \nFROM t"
    finally:
        sys.setrecursionlimit(limit)


def test_iterating_nested_subqueries_takes_linear_time() -> None:
    """A subquery stands in the columns and in FROM: looked into at each, forty levels were 2**40 visits."""
    statement = DEEP["subquery"](40)
    assert sum(1 for _ in visitors.iterate(statement)) < 1000
