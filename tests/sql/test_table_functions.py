"""Functions as FROM elements: table, column and scalar valued; derived columns, ordinality, LATERAL: run."""

from __future__ import annotations

import datetime
import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    ARRAY,
    JSON,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    column,
    exc,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from relvar.dialects import postgresql

metadata = MetaData()
docs = Table(
    "docs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("body", String(200)),
    Column("count", Integer),
)
d = docs.c
BODIES: list[list[Any]] = [[1, 2, 3], [], ["a"], [4, 2]]
DOCS = [{"id": n, "body": json.dumps(body), "count": n} for n, body in enumerate(BODIES, 1)]


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(docs), DOCS)
        yield connection


def rows(connection: Any, statement: Any) -> list[Any]:
    """Return the rows, asked for twice: the second time the plan is known."""
    first, second = ([tuple(row) for row in connection.execute(statement)] for _ in "12")
    assert first == second
    return second


@pytest.mark.backends("sqlite")
def test_json_on_sqlite(connection: Any) -> None:
    each = func.json_each(d.body).table_valued("key", "value", name="each")
    statement = select(d.id, each.c.key, each.c.value).select_from(docs, each).order_by(d.id, each.c.key)
    with pytest.warns(
        exc.SAWarning, match='cartesian product between FROM element.s. "each" and FROM element "docs"'
    ):
        found = [tuple(row) for row in connection.execute(statement)]
    expected = [(n, key, value) for n, body in enumerate(BODIES, 1) for key, value in enumerate(body)]
    assert found == expected
    implicit = func.json_each(d.body).table_valued("value", name="each", joins_implicitly=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(rows(connection, select(d.id, implicit.c.value))) == len(expected)
    joined = select(d.id, each.c.value).join(each, true()).order_by(d.id, each.c.key)
    assert rows(connection, joined) == [(n, value) for n, _, value in expected]
    outer = select(d.id, each.c.value).outerjoin_from(docs, each, true()).order_by(d.id, each.c.key)
    assert rows(connection, outer)[3] == (2, None)
    has = exists().where(each.c.value == 2)
    assert connection.scalars(select(d.id).where(has).order_by(d.id)).all() == [1, 4]
    total = select(func.sum(each.c.value)).scalar_subquery()
    assert connection.scalars(select(total).select_from(docs).where(d.id == 1)).all() == [6]
    again = each.alias("again")
    pairs = select(each.c.value, again.c.value).select_from(docs).join(each, true()).join(again, true())
    assert len(rows(connection, pairs.where(d.id == 1))) == 9
    values = func.json_each("[7, 8]").column_valued("item")
    with pytest.raises(exc.OperationalError, match="no such column: item"):
        connection.execute(select(values))  # SQLite does not take a table's name for its row
    tree = func.json_tree('{"a": {"b": 5}}').table_valued(column("fullkey", String), column("atom", Integer))
    atoms = select(tree.c.fullkey + "!", tree.c.atom + 1).where(tree.c.atom.is_not(None))
    assert rows(connection, atoms) == [("$.a.b!", 6)]


@pytest.mark.backends("sqlite")
def test_changes_from_functions(connection: Any) -> None:
    each = func.json_each("[10, 20, 30]").table_valued("key", "value", name="each")
    connection.execute(insert(docs).from_select(["id", "count"], select(each.c.value, each.c.key)))
    assert rows(connection, select(d.id, d.count).where(d.id >= 10).order_by(d.id)) == [
        (10, 0),
        (20, 1),
        (30, 2),
    ]
    changed = update(docs).values(count=each.c.key + 100).where(d.id == each.c.value)
    assert connection.execute(changed).rowcount == 3
    assert connection.scalars(select(d.count).where(d.id >= 10).order_by(d.id)).all() == [100, 101, 102]


@pytest.mark.backends("postgresql")
def test_series(connection: Any) -> None:
    series = func.generate_series(1, 5, type_=Integer)
    value = series.column_valued("n")
    assert connection.scalars(select(value)).all() == [1, 2, 3, 4, 5]
    assert rows(connection, select(value, value * 2).where(value > 3)) == [(4, 8), (5, 10)]
    assert connection.scalar(select(func.sum(value))) == 15
    anonymous = func.generate_series(1, 2).column_valued()
    assert connection.scalars(select(anonymous)).all() == [1, 2]
    assert connection.scalars(select(func.generate_series(1, 2).alias("s").column)).all() == [1, 2]
    table = series.table_valued("n", name="s").render_derived()
    assert rows(connection, select(table.c.n, table.c.n + 1).where(table.c.n < 3)) == [(1, 2), (2, 3)]
    renamed = series.table_valued("N N").render_derived(name="Odd Name")
    assert connection.scalars(select(renamed.c["N N"]).where(renamed.c["N N"] == 2)).all() == [2]
    day = datetime.datetime(2024, 1, 1)
    days = func.generate_series(day, day + datetime.timedelta(days=2), datetime.timedelta(days=1))
    assert connection.scalars(select(days.column_valued("day"))).all() == [
        day + datetime.timedelta(days=n) for n in range(3)
    ]
    for_each = func.generate_series(1, d.count).table_valued("n", name="g").render_derived().lateral("l")
    assert rows(
        connection, select(d.id, for_each.c.n).join(for_each, true()).order_by(d.id, for_each.c.n)
    ) == [(n, i) for n in range(1, 5) for i in range(1, n + 1)]


@pytest.mark.backends("postgresql")
def test_ordinality(connection: Any) -> None:
    names = literal(["b", "a", "c"], ARRAY(String))
    numbered = func.unnest(names).table_valued("name", with_ordinality="place", name="t").render_derived()
    assert rows(connection, select(numbered.c.name, numbered.c.place).order_by(numbered.c.name)) == [
        *(("a", 2), ("b", 1), ("c", 3))
    ]
    assert rows(connection, select(numbered).where(numbered.c.place + 1 == 2)) == [("b", 1)]
    two = func.unnest(names, literal([1, 2], ARRAY(Integer))).table_valued("s", "n").render_derived()
    assert rows(connection, select(two)) == [("b", 1), ("a", 2), ("c", None)]


@pytest.mark.backends("postgresql")
def test_rows_of_json(connection: Any) -> None:
    given = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    typed = (column("a", Integer), column("b", String))
    records = func.json_to_recordset(literal(given, JSON)).table_valued(*typed)
    derived = records.render_derived(name="r", with_types=True)
    assert rows(connection, select(derived.c.a + 1, derived.c.b)) == [(2, "x"), (3, None)]
    keys = func.json_object_keys(literal({"k": 1, "l": 2}, JSON)).table_valued("k").render_derived()
    assert sorted(connection.scalars(select(keys))) == ["k", "l"]
    each = func.json_each(literal({"k": [1], "l": 2}, JSON)).table_valued("key", column("value", JSON))
    assert rows(connection, select(each.c.key, each.c.value)) == [("k", [1]), ("l", 2)]
    part = func.json_populate_record(cast(None, postgresql.JSON), literal({}, JSON))
    assert str(part.scalar_table_valued("x").compile(connection)).endswith(")).x")
    elements = func.json_array_elements(cast(d.body, postgresql.JSON)).column_valued("element")
    total = select(func.count(elements)).scalar_subquery()
    assert connection.scalars(select(total).select_from(docs).order_by(d.id)).all() == [3, 0, 1, 2]


@pytest.mark.backends("postgresql")
def test_rows_as_values(connection: Any) -> None:
    whole = select(func.row_to_json(docs.table_valued())).order_by(d.id)
    assert connection.scalars(whole).all() == DOCS
    alias = docs.alias("a")
    assert connection.scalars(select(func.to_json(alias.table_valued())).order_by(alias.c.id)).all() == DOCS
    below = select(d.id, (d.count * 2).label("twice")).subquery("s")
    assert connection.scalars(select(func.row_to_json(below.table_valued())).order_by(below.c.id)).all() == [
        {"id": row["id"], "twice": row["count"] * 2} for row in DOCS
    ]
    pair = func.json_each_text(literal({"k": 1}, JSON))
    columns = select(pair.scalar_table_valued("key"), pair.scalar_table_valued("value", String))
    assert rows(connection, columns) == [("k", "1")]
