"""
JSON documents: what can be asked about their inside, and how their parts come back typed.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    JSON,
    Column,
    Integer,
    MetaData,
    Table,
    cast,
    exc,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite

docs = Table("docs", MetaData(), Column("id", Integer, primary_key=True), Column("data", JSON))
d = docs.c.data

VALUES: list[dict[str, Any]] = [
    {
        "s": "text",
        "quote": 'it\'s "q" \\ %s :x ☃',
        "i": 12345678901,
        "f": 1.25,
        "n": 12.5,
        "yes": True,
        "no": False,
        "nothing": None,
        "list": [1, [2, 3], {"x": "deep"}],
        "a": {"b": {"c": "found", "num": 7}},
        'odd "key"': "odd",
        "it's": "apostrophe",
    },
    {"s": "other", "i": -1, "list": [], "a": {"b": {}}},
]


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    docs.metadata.create_all(engine)
    with engine.connect() as conn:
        conn.execute(insert(docs), [{"id": i, "data": data} for i, data in enumerate(VALUES, 1)])
        conn.execute(insert(docs), {"id": 3, "data": None})
        yield conn


def first(conn: Any, expression: Any) -> Any:
    return conn.scalar(select(expression).where(docs.c.id == 1))


@pytest.mark.feature("D052")
def test_parts_by_key_index_and_path(conn: Any) -> None:
    data = VALUES[0]
    for key in ("s", "quote", "i", "f", "yes", "no", "list", "a", "it's"):
        assert first(conn, d[key]) == data[key], key
    assert first(conn, d["missing"]) is None and first(conn, d["nothing"]) is None
    assert first(conn, d["list"][0]) == 1 and first(conn, d["list"][1]) == [2, 3]
    assert first(conn, d["list"][2]["x"]) == "deep"
    assert first(conn, d[("a", "b", "c")]) == "found"
    assert first(conn, d[("list", 1, 0)]) == 2 and first(conn, d[("list", 2, "x")]) == "deep"
    assert first(conn, d[("a", "missing")]) is None
    assert conn.scalars(select(d["a"]["b"]).where(docs.c.id < 3).order_by(docs.c.id)).all() == [
        *({"c": "found", "num": 7}, {})
    ]


@pytest.mark.feature("D052")
def test_typed_extraction(conn: Any) -> None:
    assert first(conn, d["yes"].as_boolean()) is True and first(conn, d["no"].as_boolean()) is False
    assert (
        first(conn, d["s"].as_string()) == "text"
        and first(conn, d["quote"].as_string()) == VALUES[0]["quote"]
    )
    assert first(conn, d["a"]["b"]["num"].as_integer()) == 7
    assert first(conn, d[("a", "b", "num")].as_integer()) == 7
    assert first(conn, d["f"].as_float()) == 1.25
    number = first(conn, d["n"].as_numeric(10, 2))
    assert number == decimal.Decimal("12.50") and isinstance(number, decimal.Decimal)
    assert first(conn, d["n"].as_numeric(10, 2, asdecimal=False)) == 12.5
    assert first(conn, d["a"].as_json()) == VALUES[0]["a"]
    assert first(conn, d[("a", "b")].as_json()) == VALUES[0]["a"]["b"]


@pytest.mark.feature("D052")
def test_criteria_on_parts(conn: Any) -> None:
    def ids(criterion: Any) -> list[int]:
        return list(conn.scalars(select(docs.c.id).where(criterion).order_by(docs.c.id)))

    assert ids(d["s"].as_string() == "other") == [2]
    assert ids(d["i"].as_float() < 0) == [2]
    assert ids(d["yes"].as_boolean() == True) == [1]
    assert ids(d[("a", "b", "c")].as_string().like("fou%")) == [1]
    assert ids(d["s"].as_string().in_(["text", "other"])) == [1, 2]
    assert ids(d["missing"].as_string().is_(None)) == [1, 2, 3]
    assert ids(d["quote"].as_string() == VALUES[0]["quote"]) == [1]
    ordered = select(docs.c.id).where(docs.c.id < 3).order_by(d["s"].as_string())
    assert conn.scalars(ordered).all() == [2, 1]


@pytest.mark.feature("D052")
def test_what_cannot_be_asked() -> None:
    with pytest.raises(exc.InvalidRequestError, match="only works with a JSON index expression"):
        d.as_string()
    with pytest.raises(exc.InvalidRequestError, match="only works with a JSON index expression"):
        type_coerce("x", JSON).as_integer()


@pytest.mark.feature("D052")
@pytest.mark.parametrize(
    ("dialect", "key", "path", "number"),
    [
        (
            sqlite.dialect(),
            "JSON_QUOTE(JSON_EXTRACT(docs.data, ?))",
            "JSON_QUOTE(JSON_EXTRACT(docs.data, ?))",
            "CAST(JSON_EXTRACT(docs.data, ?) AS INTEGER)",
        ),
        (
            postgresql.dialect(),
            "docs.data -> %(data_1)s::TEXT",
            "docs.data #> %(data_1)s",
            "CAST(docs.data ->> %(data_1)s::TEXT AS INTEGER)",
        ),
        (
            mysql.dialect(),
            "JSON_EXTRACT(docs.data, %s)",
            "JSON_EXTRACT(docs.data, %s)",
            (
                "CASE JSON_EXTRACT(docs.data, %s) WHEN 'null' THEN NULL "
                "ELSE CAST(JSON_EXTRACT(docs.data, %s) AS SIGNED INTEGER) END"
            ),
        ),
    ],
    ids=["sqlite", "postgresql", "mysql"],
)
def test_text_of_parts(dialect: Any, key: str, path: str, number: str) -> None:
    def text(expression: Any) -> str:
        return " ".join(str(expression.compile(dialect=dialect)).split())

    assert text(d["k"]) == key
    assert text(d[("a", 1)]) == path
    assert text(d["k"].as_integer()) == number


# PostgreSQL ------------------------------------------------------------------------------------------


@pytest.fixture(params=[postgresql.JSON, postgresql.JSONB], ids=["JSON", "JSONB"])
def pg(request: Any, pg_engine: Any) -> Iterator[Any]:
    table = Table("docs", MetaData(), Column("id", Integer, primary_key=True), Column("data", request.param))
    table.create(pg_engine)
    with pg_engine.connect() as conn:
        conn.execute(insert(table), [{"id": i, "data": data} for i, data in enumerate(VALUES, 1)])
        yield conn, table.c.data, table


@pytest.mark.feature("E017")
def test_parts_as_text(pg: Any) -> None:
    conn, data, table = pg

    def one(expression: Any) -> Any:
        return conn.scalar(select(expression).where(table.c.id == 1))

    assert one(data["s"].astext) == "text"
    assert one(data["a"]["b"]["c"].astext) == "found"
    assert one(data[("a", "b", "c")].astext) == "found"
    assert one(data[("list", 1, 0)].astext) == "2"
    assert one(data["list"][-1]["x"].astext) == "deep"
    assert one(data["i"].astext.cast(postgresql.BIGINT)) == 12345678901
    assert one(data["yes"].as_boolean()) is True and one(data["f"].as_float()) == 1.25
    assert one(data["a"]["b"]["num"].as_integer()) == 7 and one(data["s"].as_string()) == "text"
    assert one(data["n"].as_numeric(6, 1)) == decimal.Decimal("12.5")
    assert one(data["a"].as_json()) == VALUES[0]["a"]
    assert conn.scalars(select(table.c.id).where(data["s"].astext == "other")).all() == [2]


JSONB_TEXTS = [
    ("contains", lambda data: data.contains({"s": "text"}), "@> %(data_1)s::JSONB"),
    ("contained_by", lambda data: data.contained_by({"s": "text"}), "<@ %(data_1)s::JSONB"),
    ("has_key", lambda data: data.has_key("s"), "? %(data_1)s::VARCHAR"),
    ("has_any", lambda data: data.has_any(postgresql.array(["s", "t"])), "?| ARRAY["),
    ("has_all", lambda data: data.has_all(postgresql.array(["s", "t"])), "?& ARRAY["),
    ("path_exists", lambda data: data.path_exists("$.s"), "@? %(data_1)s"),
    ("path_match", lambda data: data.path_match("$.i > 0"), "@@ %(data_1)s"),
    ("delete_path", lambda data: data.delete_path(["a", "b"]), "#- CAST("),
]


@pytest.mark.feature("E017")
@pytest.mark.parametrize(("make", "text"), [row[1:] for row in JSONB_TEXTS], ids=[r[0] for r in JSONB_TEXTS])
def test_text_of_jsonb_operators(make: Any, text: str) -> None:
    column = Column("data", postgresql.JSONB)
    compiled = str(make(column).compile(dialect=postgresql.dialect()))
    assert compiled.startswith("data ") and text in compiled


@pytest.mark.feature("E017")
def test_jsonb_operators(pg_engine: Any) -> None:
    table = Table(
        "docs", MetaData(), Column("id", Integer, primary_key=True), Column("data", postgresql.JSONB)
    )
    data = table.c.data
    table.create(pg_engine)
    with pg_engine.begin() as conn:
        conn.execute(insert(table), [{"id": i, "data": value} for i, value in enumerate(VALUES, 1)])

        def ids(criterion: Any) -> list[int]:
            return list(conn.scalars(select(table.c.id).where(criterion).order_by(table.c.id)))

        assert ids(data.contains({"a": {"b": {"num": 7}}})) == [1]
        assert ids(data["a"].contained_by({"b": {}, "more": 1})) == [2]
        assert ids(data.has_key("quote")) == [1] and ids(data.has_key("s")) == [1, 2]
        assert ids(data.has_key("it's")) == [1]
        assert ids(data.has_any(postgresql.array(["quote", "none"]))) == [1]
        assert ids(data.has_all(postgresql.array(["s", "list"]))) == [1, 2]
        assert ids(data.has_all(postgresql.array(["s", "quote"]))) == [1]
        assert ids(data.path_exists("$.list[*] ? (@ == 1)")) == [1]
        assert ids(data.path_match("$.i < 0")) == [2]
        assert conn.scalar(select(data.delete_path(["a", "b", "c"])["a"]).where(table.c.id == 1)) == {
            "b": {"num": 7}
        }
        assert conn.scalar(select(data["list"][1]).where(table.c.id == 1)) == [2, 3]
        assert ids(data["a"]["b"] == func.jsonb_build_object()) == [2]
        conn.execute(update(table).where(table.c.id == 2).values({data["s"]: "changed"}))
        conn.execute(
            update(table).where(table.c.id == 2).values({data["a"]["b"]: {"new": [True]}, data["i"]: 5})
        )
        changed = conn.scalar(select(data).where(table.c.id == 2))
        assert changed == {"s": "changed", "i": 5, "list": [], "a": {"b": {"new": [True]}}}
        text = str(update(table).values({data["s"]: "x"}).compile(dialect=postgresql.dialect()))
        assert text.startswith("UPDATE docs SET data[%(data_1)s::TEXT]=")
        everything = cast(literal({"k": 1}, postgresql.JSONB), postgresql.JSONB)
        assert conn.scalar(select(everything["k"].astext)) == "1"
