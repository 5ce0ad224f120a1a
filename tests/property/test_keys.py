"""
Cache keys: what they are made of, in both modes; that they tell statements apart is in `test_statements`.
"""

from __future__ import annotations

import gc
import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from statement_builder import NAMED, Builder, tables  # beside this file, not a package
from statement_plans import REFUSED, statements

import relvar
from relvar import Integer, String
from relvar._kernels import keys
from relvar.sql import bindparam, cast, func, literal, literal_column, select
from relvar.sql.operators import custom_op

quickly = settings(max_examples=150, deadline=None)
pytestmark = pytest.mark.filterwarnings(
    "ignore::relvar.exc.SAWarning", "ignore::relvar.exc.SADeprecationWarning"
)


@quickly
@given(statements)
def test_binds_of_a_statement_are_those_of_its_text(plan: Any) -> None:
    try:
        statement = Builder().statement(plan)
        made = statement.compile(dialect=relvar.dialects.postgresql.dialect())
    except REFUSED:
        assume(False)
    held = {repr(b.effective_value) for b in keys.statement_key(statement)[1]}
    assert {repr(value) for value in made.params.values()} <= held


def pure_kernel() -> Any:
    """The kernel's source, interpreted, beside the one in use."""
    path = Path(keys.__file__).with_name("keys.py")
    loader = SourceFileLoader("pure_keys", str(path))
    spec = importlib.util.spec_from_loader("pure_keys", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    # both mark nodes that they share
    module._MET = getattr(keys, "_MET", module._MET)
    return module


PURE, PURE_NAMED = pure_kernel(), tables()


@quickly
@given(statements, statements)
def test_both_modes_find_the_same_statements_equal(plan: Any, other_plan: Any) -> None:
    def equal(kernel: Any, named: Any) -> bool:
        try:
            one = Builder(named=named).statement(plan)
            other = Builder(5 * 10**12, named).statement(other_plan)
        except REFUSED:
            assume(False)
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


def test_values_that_do_not_come_back_are_forgotten_others_keep_their_key() -> None:
    x = NAMED[0].c.x

    def key(sign: str) -> Any:
        return keys.statement_key(select(x.op(sign)(1)))[0]

    def number_of_operators() -> int:
        gc.collect()
        return sum(isinstance(held, custom_op) for held in gc.get_objects())

    steady = key("@steady@")
    for number in range(50_000):
        key(f"@{number}@")
        if not number % 10_000:
            assert key("@steady@") == steady
    # two generations of 16384, and what other tests left
    assert number_of_operators() < 40_000
