"""
What compilers and types of other programs take from below: values of statements, operators, memos.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ColumnElement, Integer, MetaData, OrderByList, Table, func, insert, select, update
from relvar.engine.default import DefaultDialect
from relvar.sql import column, operators
from relvar.sql.base import CompileState
from relvar.sql.compiler import SQLCompiler
from relvar.sql.crud import REQUIRED, _get_crud_params
from relvar.sql.default_comparator import operator_lookup
from relvar.sql.dml import DMLState
from relvar.sql.selectable import SelectState

T = Table("t", MetaData(), Column("a", Integer, primary_key=True), Column("b", Integer, default=5))


def crud_of(statement: Any) -> Any:
    """What a compiler that renders INSERT and UPDATE by itself is told."""
    told: list[Any] = []

    class OwnCompiler(SQLCompiler):
        def visit_insert(self, stmt: Any, *args: Any, **kw: Any) -> str:
            state = stmt._compile_state_factory(stmt, self, **kw)
            self.stack.append({"correlate_froms": set(), "asfrom_froms": set(), "selectable": stmt})
            told.append((state, _get_crud_params(self, state.statement, state, True, **kw)))
            self.stack.pop()
            return "own text"

        visit_update = visit_insert

    class OwnDialect(DefaultDialect):
        statement_compiler = OwnCompiler

    compiled = statement.compile(dialect=OwnDialect())
    assert str(compiled) == "own text"
    ((state, params),) = told
    return state, params, compiled.params


def short(row: Any) -> list[tuple[str, str, str]]:
    return [(column.name, name, text) for column, name, text, _ in row]


def test_values_of_an_insert() -> None:
    state, crud, params = crud_of(insert(T).values(a=column("x", Integer) + 1))
    assert (state.isinsert, state.isupdate, state.isdelete, state.dml_table) == (True, False, False, T)
    assert short(crud.single_params) == [("a", "a", "(x + :x_1)"), ("b", "b", ":b")]
    assert (crud.all_multi_params, crud.is_default_metavalue_only) == ([], False)
    assert params == {"x_1": 1, "b": None}


def test_values_of_several_rows() -> None:
    state, crud, params = crud_of(insert(T).values([{"a": 5, "b": 3}, {"a": 6, "b": 4}]))
    assert state._has_multi_parameters
    assert [short(row) for row in crud.all_multi_params] == [
        [("a", "a", ":a_m0"), ("b", "b", ":b_m0")],
        [("a", "a", ":a_m1"), ("b", "b", ":b_m1")],
    ]
    assert params == {"a_m0": 5, "b_m0": 3, "a_m1": 6, "b_m1": 4}


def test_values_of_an_update() -> None:
    state, crud, params = crud_of(update(T).values(b=T.c.a + 1))
    assert state.isupdate and not state._has_multi_parameters
    assert short(crud.single_params) == [("b", "b", "(t.a + :a_1)")]
    assert params == {"a_1": 1}
    assert repr(REQUIRED) == "symbol('REQUIRED')"


def test_states_by_kind_of_statement() -> None:
    assert CompileState.get_plugin_class(select(T)) is SelectState
    assert CompileState.get_plugin_class(update(T)) is DMLState
    assert CompileState.get_plugin_class(T) is None
    compiler = select(T).compile()
    assert isinstance(CompileState.create_for_statement(select(T), compiler), SelectState)


@pytest.mark.parametrize(
    ("operator", "others", "text"),
    [
        (operators.eq, [column("y")], "x = y"),
        (operators.in_op, [[1, 2]], "x IN (__[POSTCOMPILE_x_1])"),
        (operators.between_op, [1, 2], "x BETWEEN :x_1 AND :x_2"),
        (operators.is_, [None], "x IS NULL"),
        (operators.desc_op, [], "x DESC"),
        (operators.neg, [], "-x"),
    ],
)
def test_operators_by_name(operator: Any, others: Any, text: str) -> None:
    function, keywords = operator_lookup[operator.__name__]
    assert str(function(column("x", Integer), operator, *others, **keywords)) == text


def test_operators_by_name_from_the_right() -> None:
    function, keywords = operator_lookup["sub"]
    assert str(function(column("x", Integer), operators.sub, 5, reverse=True, **keywords)) == ":x_1 - x"
    assert "custom_op" in operator_lookup


def test_lists_of_order_by() -> None:
    x, y = column("x"), column("y")
    assert [str(OrderByList([x, y.desc()])), str(OrderByList(x))] == ["x, y DESC", "x"]
    assert str(func.f().over(order_by=[x, y.desc()])) == "f() OVER (ORDER BY x, y DESC)"


def test_methods_that_remember() -> None:
    calls: list[int] = []

    class Own(ColumnElement[int]):
        inherit_cache = True

        @ColumnElement.memoized_instancemethod
        def size(self, number: int) -> int:
            """How much."""
            calls.append(number)
            return number

    own = Own()
    assert [own.size(4), own.size(5), own._clone().size(6), own.size(7)] == [4, 4, 6, 4]
    assert (calls, Own.size.__doc__) == ([4, 6], "How much.")
