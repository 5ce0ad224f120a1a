"""Statements: methods return changed copies; columns of what stands in FROM."""

from __future__ import annotations

from typing import Any

import pytest

import relvar
from relvar import Column, ForeignKey, Integer, MetaData, String, Table
from relvar.sql import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    table,
    text,
    union,
    update,
    values,
)


@pytest.fixture
def pair() -> tuple[Table, Table]:
    metadata = MetaData()
    a = Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("yy", String, key="y"),
    )
    b = Table(
        "b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey("a.id")),
        Column("x", Integer),
    )
    return a, b


METHODS: list[Any] = [
    lambda s, a, b: s.where(a.c.x == 1),
    lambda s, a, b: s.filter_by(y="q"),
    lambda s, a, b: s.having(a.c.x == 1),
    lambda s, a, b: s.join(b, b.c.a_id == a.c.id),
    lambda s, a, b: s.outerjoin(b, b.c.a_id == a.c.id),
    lambda s, a, b: s.join_from(a, b),
    lambda s, a, b: s.select_from(b),
    lambda s, a, b: s.order_by(a.c.x),
    lambda s, a, b: s.group_by(a.c.x),
    lambda s, a, b: s.limit(5),
    lambda s, a, b: s.offset(5),
    lambda s, a, b: s.slice(5, 10),
    lambda s, a, b: s.fetch(5, with_ties=True),
    lambda s, a, b: s.distinct(),
    lambda s, a, b: s.with_for_update(),
    lambda s, a, b: s.add_columns(a.c.x),
    lambda s, a, b: s.with_only_columns(a.c.x),
    lambda s, a, b: s.correlate(b),
    lambda s, a, b: s.prefix_with("P"),
    lambda s, a, b: s.suffix_with("S"),
    lambda s, a, b: s.with_statement_hint("h"),
    lambda s, a, b: s.with_hint(a, "h"),
    lambda s, a, b: s.execution_options(q=1),
    lambda s, a, b: s.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL),
    lambda s, a, b: s.add_cte(select(b.c.x).cte("c")),
]


@pytest.mark.feature("D023")
@pytest.mark.parametrize("number", range(len(METHODS)))
def test_a_method_returns_a_new_statement(number: int, pair: tuple[Table, Table]) -> None:
    a, b = pair
    original = select(a.c.id)
    before = str(original)
    changed = METHODS[number](original, a, b)
    assert changed is not original
    assert str(original) == before
    for statement, change in (
        (insert(a), lambda s: s.values(x=1)),
        (insert(a), lambda s: s.returning(a.c.id)),
        (update(a), lambda s: s.values(x=1)),
        (delete(a), lambda s: s.where(a.c.x == 1)),
    ):
        text_before = str(statement)
        assert change(statement) is not statement
        assert str(statement) == text_before


def test_a_changed_copy_forgets_what_was_computed(pair: tuple[Table, Table]) -> None:
    a, b = pair
    first = select(a.c.id)
    assert first.selected_columns.keys() == ["id"]
    assert [str(f) for f in first.get_final_froms()] == ["a"]
    second = first.add_columns(b.c.id)
    assert second.selected_columns.keys() == ["id", "id_1"]
    assert [str(f) for f in second.get_final_froms()] == ["a", "b"]
    assert first.selected_columns.keys() == ["id"]


def test_none_takes_order_and_grouping_away(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    assert str(select(a.c.x).order_by(a.c.x).order_by(None)) == str(select(a.c.x))
    assert str(select(a.c.x).group_by(a.c.x).group_by(None)) == str(select(a.c.x))
    assert str(select(a.c.x).limit(5).limit(None)) == str(select(a.c.x))


def test_columns_by_key_position_name_and_group(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    assert a.c.y is a.c["y"] is a.c[2]
    assert a.c.y.name == "yy"
    assert a.c["id", "x"].keys() == ["id", "x"]
    assert a.c[1:].keys() == ["x", "y"]
    assert "y" in a.c and "yy" not in a.c
    assert a.c.contains_column(a.c.x)
    assert a.c.keys() == ["id", "x", "y"]
    assert len(a.c) == 3
    assert str(select(a.c["id", "y"])) == "SELECT a.id, a.yy \nFROM a"
    with pytest.raises(AttributeError):
        a.c.nope
    with pytest.raises(KeyError):
        a.c["nope"]
    with pytest.raises(relvar.exc.ArgumentError, match="__contains__ requires a string argument"):
        assert a.c.x in a.c


def test_a_name_like_a_method_is_found_by_item() -> None:
    odd = table("odd", column("keys"), column("get"), column("add"), column("_c"))
    assert callable(odd.c.keys)
    assert odd.c["keys"].name == "keys"
    assert odd.c.add.name == "add"
    assert odd.c._c.name == "_c"


def test_columns_of_a_subquery_stand_for_those_below(pair: tuple[Table, Table]) -> None:
    a, b = pair
    inner = select(a.c.id, b.c.id, a.c.y, func.count().label("n")).subquery("q")
    assert inner.c.keys() == ["id", "id_1", "y", "n"]
    assert inner.corresponding_column(b.c.id) is inner.c.id_1
    assert inner.corresponding_column(b.c.x) is None
    assert inner.c.id.shares_lineage(a.c.id)
    assert list(inner.primary_key) == [inner.c.id, inner.c.id_1]
    outer = select(inner).subquery()
    assert outer.corresponding_column(a.c.y) is outer.c.y
    both = union(select(a.c.id), select(b.c.id)).subquery()
    assert both.corresponding_column(b.c.id) is both.c.id
    joined = a.join(b)
    assert joined.c.keys() == ["a_id", "a_x", "a_y", "b_id", "b_a_id", "b_x"]
    assert joined.corresponding_column(b.c.x) is b.c.x


def test_filter_by_finds_names_in_all_froms(pair: tuple[Table, Table]) -> None:
    a, b = pair
    assert "WHERE b.a_id = :a_id_1" in str(select(a).join(b).filter_by(a_id=5))
    with pytest.raises(relvar.exc.AmbiguousColumnError, match='Attribute name "x" is ambiguous'):
        select(a).join(b).filter_by(x=5)
    with pytest.raises(
        relvar.exc.InvalidRequestError, match='None of the FROM clause entities have a property "nope"'
    ):
        select(a).filter_by(nope=5)


def test_where_to_join_must_be_clear(pair: tuple[Table, Table]) -> None:
    a, b = pair
    c = Table(
        "c",
        a.metadata,
        Column("id", Integer),
        Column("a_id", ForeignKey("a.id")),
        Column("b_id", ForeignKey("b.id")),
    )
    with pytest.raises(
        relvar.exc.InvalidRequestError, match="Can't determine which FROM clause to join from"
    ):
        select(a, b).join(c).get_final_froms()
    with pytest.raises(relvar.exc.InvalidRequestError, match="Don't know how to join to"):
        select(literal(1)).join(a).get_final_froms()
    assert "FROM a JOIN c ON a.id = c.a_id, b" in str(select(a, b).join_from(a, c))


def test_descriptions_say_what_is_selected(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    found = select(a.c.y, func.max(a.c.x).label("m"), text("q")).column_descriptions
    assert [(d["name"], type(d["type"]).__name__) for d in found] == [
        ("y", "String"),
        ("m", "Integer"),
        (None, "NullType"),
    ]


def test_values_come_in_several_forms(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    for given in ({"x": 5, "y": "q"}, {a.c.x: 5, a.c.y: "q"}):
        assert insert(a).values(given).compile().params == {"x": 5, "y": "q"}
    assert insert(a).values((1, 2, "q")).compile().params == {"id": 1, "x": 2, "y": "q"}
    assert insert(a).values([{"x": 1}, {"x": 2}]).compile().params == {"x_m0": 1, "x_m1": 2}
    assert insert(a).values(x=1).values(y="q").compile().params == {"x": 1, "y": "q"}
    with pytest.raises(relvar.exc.InvalidRequestError, match="Can't mix single and multiple VALUES"):
        insert(a).values([{"x": 1}]).values(x=2)
    with pytest.raises(relvar.exc.InvalidRequestError, match="UPDATE construct does not support multiple"):
        update(a).values([{"x": 1}])
    with pytest.raises(relvar.exc.ArgumentError, match="Can't pass positional and kwargs"):
        insert(a).values({"x": 1}, y="q")
    with pytest.raises(relvar.exc.InvalidRequestError, match="already inserts from a SELECT"):
        insert(a).from_select(["x"], select(a.c.x)).values(y="q")
    with pytest.raises(relvar.exc.CompileError, match="Unconsumed column names: nope"):
        insert(a).values(nope=1).compile()


def test_exists_is_built_like_a_select(pair: tuple[Table, Table]) -> None:
    a, b = pair
    made = exists().where(b.c.a_id == a.c.id).select_from(b).correlate(a)
    assert str(select(a.c.x).where(made)) == (
        "SELECT a.x \nFROM a \nWHERE EXISTS (SELECT * \nFROM b \nWHERE b.a_id = a.id)"
    )
    assert str(select(exists(select(b.c.x)))) == "SELECT EXISTS (SELECT b.x \nFROM b) AS anon_1"


def test_scalar_subqueries_have_no_columns(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    with pytest.raises(relvar.exc.InvalidRequestError, match="Scalar Select expression has no columns"):
        select(a.c.x).scalar_subquery().c
    with pytest.raises(AttributeError):
        select(a.c.x).c


def test_values_as_rows() -> None:
    rows = values(column("p", Integer), column("q", String), name="v").data([(1, "a"), (2, "b")])
    assert str(select(rows)) == (
        "SELECT v.p, v.q \nFROM (VALUES (:param_1, :param_2), (:param_3, :param_4)) AS v (p, q)"
    )


def test_options_are_kept(pair: tuple[Table, Table]) -> None:
    a, _ = pair
    made = select(a).execution_options(p=1).execution_options(q=2)
    assert dict(made.get_execution_options()) == {"p": 1, "q": 2}
    with pytest.raises(relvar.exc.ArgumentError, match="'isolation_level' execution option"):
        select(a).execution_options(isolation_level="SERIALIZABLE")
