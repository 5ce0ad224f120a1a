"""HSTORE: values, operators, functions, and the type in SQL."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    any_,
    cast,
    column,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import HSTORE, array, hstore

metadata = MetaData()
table = Table(
    "t", metadata, Column("id", Integer, primary_key=True), Column("h", HSTORE), Column("k", String)
)
h = table.c.h
VALUE = {"a": "1", "b": None, 'q"u\\o': "it's => 100%, ok", "": ""}


@pytest.fixture
def connection(pg_engine: Any) -> Any:
    with pg_engine.begin() as connection:
        available = text("SELECT 1 FROM pg_available_extensions WHERE name = 'hstore'")
        if not connection.scalar(available):
            pytest.skip("the server has no extension hstore")
        connection.execute(text("CREATE EXTENSION hstore"))
    pg_engine.dispose()  # drivers look for the extension when they connect
    with pg_engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(table), {"id": 1, "h": VALUE, "k": "a"})
        yield connection


@pytest.mark.feature("E019")
def test_values(connection: Any) -> None:
    run = connection.execute
    run(insert(table), [{"id": 2, "h": None, "k": "x"}, {"id": 3, "h": {}, "k": "x"}])
    assert run(select(h).order_by(table.c.id)).scalars().all() == [VALUE, None, {}]
    assert [c["type"].__class__ for c in inspect(connection).get_columns("t")][1] is HSTORE
    for bad, message in [({"a": 1}, "1 in value position is not a string"), ({1: "a"}, "1 in key position")]:
        with pytest.raises((exc.StatementError, exc.DBAPIError), match=message):
            connection.execute(insert(table), {"id": 4, "h": bad, "k": "x"})


@pytest.mark.feature("E019")
def test_operators_and_functions(connection: Any) -> None:
    def ask(expression: Any) -> Any:
        return connection.scalar(select(expression).where(table.c.id == 1))

    rest = {key: value for key, value in VALUE.items() if key != "a"}
    for expression, expected in [
        (h["a"], "1"),
        (h["b"], None),
        (h["missing"], None),
        (h[table.c.k], "1"),
        (h["a"] == "1", True),
        (h["a"] + "x", "1x"),
        (h["a"].cast(Integer) + 1, 2),
        (h.has_key("a"), True),
        (~h.has_key("z"), True),
        (h.has_all(["a", "b"]), True),
        (h.has_all(array(["a", "z"])), False),
        (h.has_any(["z", "b"]), True),
        (h.has_any(array(["z"])), False),
        (h.contains({"a": "1"}), True),
        (h.contains(hstore("a", "2")), False),
        (h.contained_by(VALUE), True),
        (h.contained_by({"a": "1"}), False),
        (h.defined("a"), True),
        (h.defined("b"), False),
        (h.delete("a"), rest),
        (h.delete(array(["a", "b"])), {k: v for k, v in rest.items() if k != "b"}),
        (h.delete({"a": "1"}), rest),
        (h.delete(hstore("a", "other")), VALUE),
        (h.slice(["a", "b"]), {"a": "1", "b": None}),
        (h.slice(array(["a"]))["a"], "1"),
        (h + {"a": "2"}, {**VALUE, "a": "2"}),
        (h.concat(hstore("z", "9"))["z"], "9"),
        (h == VALUE, True),
        (hstore("x", "y"), {"x": "y"}),
        (hstore("x", table.c.k), {"x": "a"}),
        (hstore(array(["x", "1", "y", "2"])), {"x": "1", "y": "2"}),
        (hstore(array(["x", "y"]), array(["1", "2"])), {"x": "1", "y": "2"}),
        (hstore("x", "y")["x"], "y"),
        (func.hstore("x", "y"), {"x": "y"}),
        (cast({"x": "y"}, HSTORE)["x"], "y"),
        (cast({"x": None}, HSTORE), {"x": None}),
        (any_(h.keys()) == "a", True),
    ]:
        assert ask(expression) == expected, str(expression)
    assert sorted(ask(h.keys())) == sorted(VALUE)
    assert sorted(ask(h.vals()), key=str) == sorted(VALUE.values(), key=str)
    assert ask(hstore("x", "y").keys()[1]) == "x"
    assert ask(hstore("x", "y").array()) == ["x", "y"]
    assert ask(hstore(array(["x", "1", "y", "2"])).matrix()) == [["x", "1"], ["y", "2"]]
    each = func.each(h).table_valued("key", column("value", String), joins_implicitly=True)
    pairs = select(each).select_from(table).order_by(each.c.key).limit(2)
    assert connection.execute(pairs).all() == [("", ""), ("a", "1")]


@pytest.mark.feature("E019")
def test_parts_are_set(connection: Any) -> None:
    changed = update(table).values(h=h + {"a": "5", "new": "6"}).returning(h)
    assert connection.scalar(changed) == {**VALUE, "a": "5", "new": "6"}
    added = connection.scalar(update(table).values({h["a"]: "7"}).returning(h["a"]))
    assert added == "7"


@pytest.mark.feature("E019")
def test_types() -> None:
    sized = Column("h", HSTORE(text_type=String(7)))
    assert sized["a"].type.length == 7
    assert isinstance(Column("h", HSTORE)["a"].type, Text)
    assert isinstance(h.keys().type, postgresql.ARRAY)
    assert isinstance(h.defined("a").type.python_type(), bool)
    assert isinstance(h.delete("a").type, HSTORE)
    assert isinstance(hstore("a", "b").type, HSTORE)
    dialect = postgresql.dialect()
    assert HSTORE().compile(dialect=dialect) == "HSTORE"
    assert str(h.has_key("a").compile(dialect=dialect)) == "t.h ? %(h_1)s::VARCHAR"


def test_a_key_is_asked_for_as_the_server_can() -> None:
    old = postgresql.dialect()
    old._supports_jsonb_subscripting = False  # PostgreSQL 13
    assert str(h["a"].compile(dialect=old)) == "t.h -> %(h_1)s::VARCHAR"
    assert str((h["a"] == "b").compile(dialect=old)) == "(t.h -> %(h_1)s::VARCHAR) = %(param_1)s::VARCHAR"
    assert str(h["a"].compile(dialect=postgresql.dialect())) == "t.h[%(h_1)s::VARCHAR]"
    assert str(h[table.c.k]) == "t.h -> t.k"
