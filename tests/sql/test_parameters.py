"""Bound parameters: how they are called and written, and what values they get."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Integer,
    String,
    bindparam,
    column,
    exc,
    func,
    insert,
    literal,
    select,
    table,
    text,
    tuple_,
    update,
)
from relvar.engine.default import DefaultDialect

t = table("t", column("id", Integer), column("name", String))
ids = select(t.c.id)
three = ids.where(t.c.id == 5, t.c.id.in_([1, 2]), t.c.name == "x")
EXPANDED = {"compile_kwargs": {"render_postcompile": True}}
LITERAL = {"compile_kwargs": {"literal_binds": True}}


def where(*criteria: Any, **options: Any) -> Any:
    """Return the text behind WHERE."""
    return str(ids.where(*criteria).compile(**options)).partition("WHERE ")[2]


@pytest.mark.parametrize(
    "paramstyle, plain, expanded, order",
    [
        ("named", (":id_1", ":name_1"), (":id_2_1, :id_2_2", ":name_1"), None),
        ("pyformat", ("%(id_1)s", "%(name_1)s"), ("%(id_2_1)s, %(id_2_2)s", "%(name_1)s"), None),
        ("qmark", ("?", "?"), ("?, ?", "?"), ["id_1", "id_2_1", "id_2_2", "name_1"]),
        ("format", ("%s", "%s"), ("%s, %s", "%s"), ["id_1", "id_2_1", "id_2_2", "name_1"]),
        ("numeric", (":1", ":2"), (":3, :4", ":2"), ["id_1", "name_1", "id_2_1", "id_2_2"]),
        ("numeric_dollar", ("$1", "$2"), ("$3, $4", "$2"), ["id_1", "name_1", "id_2_1", "id_2_2"]),
    ],
)
def test_the_driver_says_how_parameters_are_written(
    paramstyle: str, plain: Any, expanded: Any, order: Any
) -> None:
    dialect = DefaultDialect(paramstyle=paramstyle)
    compiled = three.compile(dialect=dialect)
    head = "SELECT t.id \nFROM t \nWHERE t.id = "
    assert str(compiled) == f"{head}{plain[0]} AND t.id IN (__[POSTCOMPILE_id_2]) AND t.name = {plain[1]}"
    assert compiled.params == {"id_1": 5, "id_2": [1, 2], "name_1": "x"}
    compiled = three.compile(dialect=dialect, **EXPANDED)
    assert str(compiled) == f"{head}{plain[0]} AND t.id IN ({expanded[0]}) AND t.name = {expanded[1]}"
    assert compiled.positiontup == order
    assert compiled.params == {"id_1": 5, "id_2_1": 1, "id_2_2": 2, "name_1": "x"}


def test_other_values_for_a_list() -> None:
    compiled = ids.where(t.c.id.in_([1, 2, 3])).compile(dialect=DefaultDialect(paramstyle="qmark"))
    expanded = compiled.construct_expanded_state({"id_1": [7, 8]})
    assert expanded.statement == "SELECT t.id \nFROM t \nWHERE t.id IN (?, ?)"
    assert expanded.parameters == {"id_1_1": 7, "id_1_2": 8}
    assert expanded.positional_parameters == (7, 8)
    assert expanded.parameter_expansion == {"id_1": ["id_1_1", "id_1_2"]}
    none = compiled.construct_expanded_state({"id_1": []})
    assert none.statement.endswith("t.id IN (NULL) AND (1 != 1)")


@pytest.mark.feature("D040")
@pytest.mark.parametrize(
    "criterion, text",
    [
        (t.c.id.in_([1, 2]), "t.id IN (:id_1_1, :id_1_2)"),
        (t.c.id.not_in([1]), "(t.id NOT IN (:id_1_1))"),
        (t.c.id.in_([]), "t.id IN (NULL) AND (1 != 1)"),
        (t.c.id.not_in([]), "(t.id NOT IN (NULL) OR (1 = 1))"),
        (t.c.name.in_([None, "x"]), "t.name IN (:name_1_1, :name_1_2)"),
        (t.c.id.in_([1, t.c.id + 2]), "t.id IN (:id_1, t.id + :id_2)"),
        (t.c.id.in_(bindparam("q", [1], expanding=True)), "t.id IN (:q_1)"),
        (
            tuple_(t.c.id, t.c.name).in_([(1, "a"), (2, "b")]),
            "(t.id, t.name) IN ((:param_1_1_1, :param_1_1_2), (:param_1_2_1, :param_1_2_2))",
        ),
        (tuple_(t.c.id, t.c.name).in_([]), "(t.id, t.name) IN ((NULL, NULL)) AND (1 != 1)"),
    ],
)
def test_lists(criterion: Any, text: str) -> None:
    assert where(criterion, **EXPANDED) == text


def test_names_that_drivers_cannot_have() -> None:
    compiled = select(bindparam("x.y", 1), bindparam("a b", 2), bindparam("p%(q)", 3)).compile()
    assert str(compiled) == "SELECT :x_y AS anon_1, :a_b AS anon_2, :pPAqZ AS anon_3"
    assert compiled.params == {"x_y": 1, "a_b": 2, "pPAqZ": 3}
    assert compiled.construct_params({"x.y": 5}, escape_names=False)["x.y"] == 5


@pytest.mark.feature("D048")
def test_which_value_a_parameter_gets() -> None:
    required = ids.where(t.c.id == bindparam("x")).compile()
    assert required.construct_params({"x": 5}) == {"x": 5} and required.params == {"x": None}
    with pytest.raises(exc.InvalidRequestError, match="A value is required for bind parameter 'x'"):
        required.construct_params()
    with pytest.raises(exc.InvalidRequestError, match="'x', in parameter group 2"):
        required.construct_params(_group_number=2)
    with pytest.raises(exc.InvalidRequestError, match="A value is required for bind parameter 'x'"):
        three.where(t.c.id == bindparam("x")).compile(**EXPANDED)
    assert ids.where(t.c.id == bindparam("x", required=False)).compile().construct_params() == {"x": None}
    assert ids.where(t.c.id == bindparam("x", callable_=lambda: 7)).compile().construct_params() == {"x": 7}
    default = ids.where(t.c.id == bindparam("x", 5)).compile()
    assert default.construct_params() == {"x": 5} and default.construct_params({"x": 6}) == {"x": 6}
    assert ids.where(t.c.id == bindparam("k")).params(k=7).compile().params == {"k": 7}
    assert text("a = :a and b = :b").bindparams(a=5).compile().params == {"a": 5, "b": None}
    with pytest.raises(exc.ArgumentError, match="doesn't define a bound parameter named 'c'"):
        text("a = :a").bindparams(c=5)
    with pytest.raises(NotImplementedError, match="params\\(\\) is not supported for INSERT/UPDATE/DELETE"):
        insert(t).params(name="x")


@pytest.mark.feature("D048")
def test_names() -> None:
    x = bindparam("x", 1, unique=True)
    assert where(t.c.id == x, t.c.id > bindparam("x", 2, unique=True)) == "t.id = :x_1 AND t.id > :x_2"
    assert where(t.c.id == bindparam("x", 1), t.c.id > bindparam("x", 1)) == "t.id = :x AND t.id > :x"
    assert (
        where(t.c.id == 1, t.c.id > 2, t.c.name == "q")
        == "t.id = :id_1 AND t.id > :id_2 AND t.name = :name_1"
    )
    assert (
        where(func.lower(t.c.name) == "a", literal(5) > 4)
        == "lower(t.name) = :lower_1 AND :param_1 > :param_2"
    )


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: ids.where(t.c.id == bindparam("id_1"), t.c.id == 5),
            "Bind parameter 'id_1' conflicts with unique bind parameter of the same name",
        ),
        (
            lambda: ids.where(t.c.id == bindparam("x"), t.c.id.in_(bindparam("x", expanding=True))),
            "Can't reuse bound parameter name 'x' in both 'expanding'",
        ),
        (
            lambda: update(t).values(name="x").where(t.c.name == bindparam("name")),
            "Bind parameter 'name' conflicts with unique bind parameter of the same name",
        ),
        (
            lambda: update(t).where(t.c.name == bindparam("name")),
            "bindparam\\(\\) name 'name' is reserved for automatic usage in the VALUES or SET clause",
        ),
    ],
)
def test_conflicts(make: Any, message: str) -> None:
    with pytest.raises(exc.CompileError, match=message):
        make().compile()


@pytest.mark.feature("D035")
def test_criteria_of_many_changes_have_names(engine: Any, metadata: Any) -> None:
    from relvar import Column, Table, delete

    users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("name", String(9)))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(users), [{"id": i, "name": "x"} for i in (1, 2, 3)])
        rename = update(users).where(users.c.id == bindparam("b_id")).values(name=bindparam("new"))
        connection.execute(rename, [{"b_id": 1, "new": "a"}, {"b_id": 2, "new": "b"}])
        implied = update(users).where(users.c.id == bindparam("b_id"))
        connection.execute(implied, [{"b_id": 3, "name": "c"}])
        found = connection.execute(select(users).order_by(users.c.id)).all()
        assert found == [(1, "a"), (2, "b"), (3, "c")]
        connection.execute(delete(users).where(users.c.id == bindparam("b_id")), [{"b_id": 1}, {"b_id": 3}])
        assert connection.scalars(select(users.c.id)).all() == [2]


def test_null_as_a_literal() -> None:
    with pytest.warns(exc.SAWarning, match="Bound parameter 'x' rendering literal NULL in a SQL expression"):
        assert where(t.c.name == bindparam("x", None), **LITERAL) == "t.name = NULL"
    assert where(t.c.name.is_(None), **LITERAL) == "t.name IS NULL"
    with pytest.raises(exc.CompileError, match="No literal value renderer is available for literal value"):
        where(column("o") == object(), **LITERAL)


def test_percent_signs_and_colons() -> None:
    doubled = DefaultDialect(paramstyle="format")
    assert str(text("a % b").compile(dialect=doubled)) == "a %% b"
    assert str(text("a % b").compile(dialect=DefaultDialect(paramstyle="qmark"))) == "a % b"
    assert where(t.c.id % 2 == 1, dialect=doubled) == "t.id %% %s = %s"
    assert where(t.c.name == "50%", dialect=doubled, **LITERAL) == "t.name = '50%%'"
    assert str(text(r"a\:b = :c::int and d = ':e'")) == "a:b = :c::int and d = ':e'"
    # no name ends before a colon, nor does its beginning
    assert sorted(text("ATTACH ':memory:' AS x; :abc: :d")._bindparams) == ["d"]
    assert str(text("ATTACH ':memory:' AS x").compile(dialect=doubled)) == "ATTACH ':memory:' AS x"
