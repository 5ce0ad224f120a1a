"""JSON and JSONB of PostgreSQL: subscripts, paths, conversions, operators of documents, changes in place."""

from __future__ import annotations

import decimal
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, cast, func, insert, literal, null, select, update
from relvar.dialects import postgresql
from relvar.dialects.postgresql import ARRAY, JSON, JSONB, JSONPATH, array

DIALECT = postgresql.dialect()
DOC = {
    "a": {"b": [1, "two", {"c": None}]},
    "n": 5,
    "f": 2.5,
    "s": "text",
    "t": True,
    "nothing": None,
    "it's 100%": 1,
    "1": "one",
}


def table_of(kind: Any) -> Table:
    return Table(
        "docs",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("x", kind),
        Column("key", String, default="n"),
    )


@pytest.fixture(params=[JSON, JSONB], ids=["JSON", "JSONB"])
def table(request: pytest.FixtureRequest) -> Table:
    return table_of(request.param)


@pytest.fixture
def ask(pg_engine: Any, table: Table) -> Any:
    """A function: the value of an expression over the one row."""
    table.create(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": DOC, "key": "n"})
        yield lambda expression: connection.scalar(select(expression).select_from(table))


def same(found: Any, expected: Any) -> bool:
    return bool(found == expected and type(found) is type(expected))


@pytest.mark.feature("E017")
def test_subscripts_and_conversions(ask: Any, table: Table) -> None:
    x = table.c.x
    for expression, expected in [
        (x, DOC),
        (x["a"], DOC["a"]),
        (x["a"]["b"], DOC["a"]["b"]),
        (x["a"]["b"][1], "two"),
        (x["a"]["b"][-1], {"c": None}),
        (x["a", "b", 0], 1),
        (x["a", "b"][0], 1),
        (x["it's 100%"], 1),
        (x["1"], "one"),
        (x["missing"], None),
        (x["missing"]["deeper"], None),
        (x[table.c.key], 5),
        (x["s"].astext, "text"),
        (x["n"].astext, "5"),
        (x["a"]["b"][1].astext, "two"),
        (x["a", "b", 1].astext, "two"),
        (x["n"].astext.cast(Integer) + 1, 6),
        (x["s"].astext + "!", "text!"),
        (x["s"].astext.in_(["text"]), True),
        (x["s"].astext.like("t%"), True),
        (x["nothing"].astext.is_(None), True),
        (x["n"].as_integer() + 1, 6),
        (x["n"].as_integer() > 4, True),
        (x["f"].as_float() * 2, 5.0),
        (x["f"].as_numeric(10, 3), decimal.Decimal("2.500")),
        (x["n"].as_string(), "5"),
        (x["t"].as_boolean(), True),
        (~x["t"].as_boolean(), False),
        (x["a"].as_json()["b"][0], 1),
        (x["a", "b", 0].as_integer(), 1),
        (x["a"]["b"][1].as_string().concat("!"), "two!"),
        (cast({"k": [7]}, JSON)["k"][0], 7),
        (literal({"k": 7}, JSONB)["k"].as_integer(), 7),
        (func.json_build_object("k", 7, type_=JSON)["k"], 7),
    ]:
        assert same(ask(expression), expected), str(expression)


@pytest.mark.feature("E017")
def test_nulls(pg_engine: Any, table: Table) -> None:
    table.create(pg_engine)
    x = table.c.x
    with pg_engine.begin() as connection:
        run = connection.execute
        run(insert(table), {"id": 1, "x": None})
        run(insert(table), {"id": 2, "x": JSON.NULL})
        run(insert(table), {"id": 3, "x": null()})
        assert run(select(table.c.id).where(x.is_(null()))).scalars().all() == [3]
        assert run(select(cast(x, String)).order_by(table.c.id)).scalars().all() == ["null", "null", None]
    nothing = table_of(type(table.c.x.type)(none_as_null=True))
    with pg_engine.begin() as connection:
        connection.execute(insert(nothing), {"id": 4, "x": None})
        assert connection.scalar(select(nothing.c.id).where(nothing.c.x.is_(None), nothing.c.id == 4)) == 4


@pytest.mark.feature("E017")
@pytest.mark.parametrize("table", [table_of(JSONB)], ids=["JSONB"])
def test_operators_of_jsonb(ask: Any, table: Table) -> None:
    x = table.c.x
    for expression, expected in [
        (x.contains({"n": 5}), True),
        (x.contains({"n": 6}), False),
        (~x.contains({"n": 6}), True),
        (x["a"]["b"].contains([1]), True),
        (x.contained_by({"n": 5}), False),
        (x["a"].contained_by(DOC["a"]), True),
        (x.has_key("a"), True),
        (~x.has_key("a"), False),
        (x.has_key(table.c.key), True),
        (x["a"].has_key("b"), True),
        (x.has_any(["q", "n"]), True),
        (x.has_any(array(["q"])), False),
        (x.has_all(["a", "n"]), True),
        (x.has_all(array(["q", "n"])), False),
        (x.path_exists("$.a.b[*] ? (@ == 1)"), True),
        (x.path_exists("$.q"), False),
        (x.path_exists(cast("$.a", JSONPATH)), True),
        (x.path_match("$.n == 5"), True),
        (x.path_match(literal("$.n > 5", JSONPATH)), False),
        (x.delete_path(["a", "b"])["a"], {}),
        (x.delete_path(array(["a", "b", "0"]))["a"]["b"][0], "two"),
        (x.concat({"n": 6})["n"], 6),
        ((x + {"n": 7})["n"], 7),
        (x == DOC, True),
        (x["a"]["b"][0] < x["n"], True),
        (func.jsonb_path_query_array(x, cast("$.a.b", JSONPATH), type_=JSONB)[0][1], "two"),
        (func.jsonb_array_length(x["a"]["b"]), 3),
        (array([x["n"], x["s"]], type_=JSONB), [5, "text"]),
    ]:
        assert same(ask(expression), expected), str(expression)


@pytest.mark.feature("E017")
@pytest.mark.parametrize("table", [table_of(JSONB)], ids=["JSONB"])
def test_parts_are_set(pg_engine: Any, table: Table) -> None:
    table.create(pg_engine)
    x = table.c.x
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": DOC})
        for key, value, changed in [
            (x["n"], 6, lambda d: d["n"]),
            (x["n"], {"deep": [None]}, lambda d: d["n"]),
            (x["a"]["b"][0], "first", lambda d: d["a"]["b"][0]),
            (x["new"]["path"], 1, lambda d: d["new"]["path"]),
            (x["it's 100%"], None, lambda d: d["it's 100%"]),
        ]:
            found = connection.scalar(update(table).values({key: value}).returning(x))
            assert changed(found) == value, str(key)
        both = update(table).values({x["a"]["b"][1]: 2, x["s"]: x["f"]}).returning(x)
        found = connection.scalar(both)
        assert (found["a"]["b"][1], found["s"]) == (2, 2.5)


@pytest.mark.feature("E017")
def test_text() -> None:
    """Since 2.1 JSONB is read by subscript where the server knows it; JSON keeps its arrows."""
    docs, plain = table_of(JSONB).c.x, table_of(JSON).c.x
    for expression, expected in [
        (docs["a"], "docs.x[%(x_1)s::TEXT]"),
        (docs["a"][1], "docs.x[%(x_1)s::TEXT][%(param_1)s::INT]"),
        (docs["a"].astext, "docs.x ->> %(x_1)s::TEXT"),
        (docs["a"]["b"].astext, "(docs.x[%(x_1)s::TEXT]) ->> %(param_1)s::TEXT"),
        (docs["a", "b"], "docs.x #> %(x_1)s"),
        (docs["a", "b"].astext, "docs.x #>> %(x_1)s"),
        (docs["a"].as_integer(), "CAST(docs.x ->> %(x_1)s::TEXT AS INTEGER)"),
        (plain["a"], "docs.x -> %(x_1)s::TEXT"),
        (plain["a"][1].astext, "((docs.x -> %(x_1)s::TEXT)) ->> %(param_1)s::INT"),
    ]:
        assert str(expression.compile(dialect=DIALECT)) == expected
    old = postgresql.dialect()
    old._supports_jsonb_subscripting = False
    assert str(docs["a"].compile(dialect=old)) == "docs.x -> %(x_1)s::TEXT"


@pytest.mark.feature("E017")
def test_types_of_results() -> None:
    x = table_of(JSONB(astext_type=String(9))).c.x
    assert isinstance(x["a"].astext.type, String)
    assert x["a"].astext.type.length == 9
    assert isinstance(x["a"].type, JSONB)
    assert isinstance(x["a"].as_integer().type, Integer)
    assert isinstance(x.delete_path(["a"]).type, JSONB)
    assert isinstance(func.jsonb_agg(x, type_=ARRAY(JSONB))[1].type, JSONB)
    with pytest.raises(AttributeError, match="has_key"):
        table_of(JSON).c.x.has_key("a")
