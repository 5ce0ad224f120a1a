"""Parts of JSON values, as elements and as values of other types."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from relvar import JSON, Column, Integer, MetaData, Table, insert, null, select

metadata = MetaData()
docs = Table("docs", metadata, Column("id", Integer, primary_key=True), Column("data", JSON))
d = docs.c

ROWS = [
    {"id": 1, "data": {"s": "text", "i": 5, "f": 2.5, "b": True, "a": [10, {"x": "deep"}], "n": None}},
    {"id": 2, "data": [1, "two", 3.5]},
    {"id": 3, "data": JSON.NULL},
    {"id": 4, "data": null()},
]


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(insert(docs).values(row))
        yield connection


@pytest.mark.feature("D052")
def test_parts(connection: Any) -> None:
    def of(expression: Any, id_: int = 1) -> Any:
        return connection.scalar(select(expression).where(d.id == id_))

    data = d.data
    assert of(data["s"]) == "text" and of(data["i"]) == 5 and of(data["b"]) in (True, 1)
    assert of(data["a"]) == [10, {"x": "deep"}] and of(data["a"][0]) == 10
    assert of(data[("a", 1, "x")]) == "deep" and of(data["a"][1]["x"]) == "deep"
    assert of(data["missing"]) is None and of(data["n"]) is None
    assert of(data[1], 2) == "two" and of(data[2], 2) == 3.5
    assert of(data["s"].as_string()) == "text" and of(data[("a", 1, "x")].as_string()) == "deep"
    assert of(data["i"].as_integer()) == 5 and of(data["f"].as_float()) == 2.5
    assert of(data["b"].as_boolean()) in (True, 1)
    assert of(data["f"].as_numeric(10, 2)) == Decimal("2.50")
    assert of(data["a"].as_json()) == [10, {"x": "deep"}]


@pytest.mark.feature("D052")
def test_criteria(connection: Any) -> None:
    def ids(criterion: Any) -> list[int]:
        return list(connection.scalars(select(d.id).where(criterion).order_by(d.id)))

    data = d.data
    assert ids(data["s"].as_string() == "text") == [1] and ids(data["i"].as_integer() > 4) == [1]
    assert ids(data["i"].as_integer() > 5) == [] and ids(data["f"].as_float() < 3) == [1]
    assert ids(data["b"].as_boolean() == True) == [1]
    assert ids(data["s"].as_string().in_(["x", "text"])) == [1]
    assert ids(data["a"][0].as_integer() + 1 == 11) == [1]
    assert ids(data.is_(None)) == [4]
    assert connection.scalar(select(data).where(d.id == 2)) == [1, "two", 3.5]
    assert connection.scalars(select(data).where(d.id > 2).order_by(d.id)).all() == [None, None]
