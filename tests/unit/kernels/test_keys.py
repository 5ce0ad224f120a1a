"""
Keys of statements: what must share one, what must not.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Integer, String, case, column, exists, func, literal_column, select, table
from relvar._kernels.keys import statement_key
from relvar.exc import SAWarning
from relvar.sql.functions import FunctionElement
from relvar.sql.visitors import InternalTraversal

t = table("t", column("a"))


def of_aliases(count: int, twice: int) -> Any:
    """Select from so many aliases, and once more from one of them."""
    aliases = [t.alias() for _ in range(count)]
    return select(*[alias.c.a for alias in aliases], aliases[twice].c.a)


@pytest.mark.parametrize("count", [3, 32, 33, 70])  # an alias and its column are two atoms
def test_which_alias_repeats_is_in_the_key(count: int) -> None:
    keys = {statement_key(of_aliases(count, twice))[0] for twice in (0, 1, count - 1)}
    assert len(keys) == 3
    assert keys == {statement_key(of_aliases(count, twice))[0] for twice in (0, 1, count - 1)}


@pytest.mark.parametrize("name", ["a", "100%", "%(a", "%(5", "%(5 a)s", "ü" * 200, "\ud800"])
def test_numbers_of_anonymous_names_are_not_in_the_key(name: str) -> None:
    def key(name: str) -> Any:
        return statement_key(select(table(name, column("a")).alias().c.a))[0]

    assert key(name) == key(name)
    assert key(name) != key(name + "b")


def test_one_exists_for_all_keeps_statements_apart() -> None:
    def key(value: Any, other: Any) -> Any:
        return statement_key(select(t).where(exists().where(t.c.a == value), exists().where(other)))[0]

    assert key(1, t.c.a > 2) == key(3, t.c.a > 4)
    assert key(1, t.c.a > 2) != key(1, t.c.a < 2)


def _of(*columns: Any, **clauses: Any) -> Any:
    """Return what makes a SELECT over a CTE anew, with its clauses in the order given."""
    counted = select(t.c.a, func.count().label("n")).group_by(t.c.a).cte("counted")
    statement = select(*[counted.c[name] for name in columns])
    for method, condition in clauses.items():
        statement = getattr(statement, method)(condition(counted))
    return statement


NEIGHBOURS: list[Any] = [
    lambda: _of("a"),
    lambda: _of("n"),
    lambda: _of("a", "n"),
    lambda: _of("a", "a"),
    lambda: _of("a", where=lambda c: c.c.n > 5),
    lambda: _of("a", where=lambda c: c.c.a > 5),
    lambda: _of("a", where=lambda c: c.c.a > 5, order_by=lambda c: c.c.n),
    lambda: _of("a", where=lambda c: c.c.a > 5, group_by=lambda c: c.c.n),
    lambda: _of("a", where=lambda c: case((c.c.n > 5, "many"), else_="few") == "x"),
    lambda: _of("a", where=lambda c: case((c.c.n > 5, "many")) == "x"),
    lambda: _of("a", where=lambda c: exists().where(c.c.a == t.c.a)),
    lambda: _of("a", where=lambda c: ~exists().where(c.c.a == t.c.a)),
    lambda: _of("a", where=lambda c: c.c.a.in_([1, 2])),
    lambda: _of("a", where=lambda c: c.c.a.not_in([1, 2])),
    lambda: _of("a", where=lambda c: func.count(c.c.a) > 1),
    lambda: _of("a", where=lambda c: func.count() > 1),
    lambda: select(select(t.c.a.label("x")).subquery().c.x),
    lambda: select(select(t.c.a.label("y")).subquery().c.y),
    lambda: select(select(t.c.a.label("x")).cte().c.x),
    lambda: select(select(t.c.a.label("x")).cte(nesting=True).c.x),
    lambda: select(select(t.c.a.label("x")).cte(recursive=True).c.x),
]


def test_neighbours_have_keys_of_their_own_which_stay() -> None:
    """Whether nodes were met never, once or several times."""
    keys = [statement_key(make())[0] for make in NEIGHBOURS]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert [statement_key(make())[0] for make in NEIGHBOURS] == keys


@pytest.mark.parametrize("make", NEIGHBOURS)
def test_parts_that_were_met_before_give_the_same_key(make: Any) -> None:
    statement = make()
    within = [statement_key(select(statement.subquery("s").c[0]))[0] for _ in range(4)]
    anew = [statement_key(select(make().subquery("s").c[0]))[0] for _ in range(2)]
    assert set(within) == set(anew)
    element = exists(statement)
    assert len({statement_key(select(t.c.a).where(element))[0] for _ in range(4)}) == 1
    assert statement_key(statement)[0] == statement_key(make())[0]


def test_the_order_of_calls_is_not_in_the_key() -> None:
    one = _of("a", where=lambda c: c.c.a > 5, order_by=lambda c: c.c.n + 1)
    other = _of("a", order_by=lambda c: c.c.n + 2, where=lambda c: c.c.a > 6)
    (key, binds), (other_key, other_binds) = statement_key(one), statement_key(other)
    assert key == other_key
    assert [bind.value for bind in binds] == [5, 1]
    assert [bind.value for bind in other_binds] == [6, 2]


def test_names_of_attributes_need_not_be_interned() -> None:
    made = select(t.c.a).where(t.c.a > 1)
    made.__dict__ = {name.encode().decode(): value for name, value in made.__dict__.items()}
    assert statement_key(made)[0] == statement_key(select(t.c.a).where(t.c.a > 1))[0]


def test_a_subquery_has_the_same_key_if_what_is_in_it_had_one_before() -> None:
    def keyed(first: bool) -> Any:
        inner = select(t.c.a, func.count().label("n")).where(t.c.a > 5)
        if first:
            statement_key(inner)
        made = inner.subquery()
        return statement_key(select(made.c.n, made.c.a).where(made.c.n > 1))

    assert keyed(True)[0] == keyed(False)[0]
    assert [bind.value for bind in keyed(True)[1]] == [bind.value for bind in keyed(False)[1]]


class Marked(FunctionElement[int]):
    """An element of a program, which sets it up as it likes."""

    name = "marked"
    inherit_cache = True
    _traverse_internals = [("mark", InternalTraversal.dp_string)]
    mark = "a"


@pytest.mark.parametrize("make", [lambda s: s.subquery("s"), lambda s: s.cte("s")])
def test_what_a_program_may_set_is_in_the_key_until_it_is_asked_for(make: Any) -> None:
    def of_table(added: bool) -> Any:
        rows = table("rows", column("a"))
        made = make(select(rows))
        if added:
            rows.append_column(column("b"))
        return statement_key(select(made.c.a))[0]

    def of_element(mark: str) -> Any:
        element = Marked()
        made = make(select(t.c.a, element.label("m")))
        element.mark = mark
        return statement_key(select(made.c.a))[0]

    def of_type(type_: Any) -> Any:
        word = literal_column("w")
        made = make(select(t.c.a, word.label("w")))
        word.type = type_
        return statement_key(select(made.c.a))[0]

    assert of_type(Integer()) == of_type(Integer()) != of_type(String())
    assert of_table(False) == of_table(False) != of_table(True)
    assert of_element("a") == of_element("a") != of_element("b")


def test_a_class_that_does_not_say_is_warned_of_when_a_key_is_asked_for() -> None:
    class Unsaid(FunctionElement[int]):
        name = "unsaid"

    made = select(Unsaid().label("u")).subquery()
    with pytest.warns(SAWarning, match="Class Unsaid will not make use of SQL compilation caching"):
        assert statement_key(select(made.c.u))[0] is None
