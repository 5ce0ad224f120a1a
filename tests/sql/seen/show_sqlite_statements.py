"""Statements that only SQLite writes so: ON CONFLICT, JSONB, fields of dates, and what it lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import (
    JSON,
    TIMESTAMP,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    bindparam,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    literal,
    null,
    select,
    text,
    true,
    tuple_,
    update,
)
from relvar.dialects import sqlite

metadata = MetaData()
a = Table(
    "a",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("x", String(20)),
    Column("n", Integer),
    Column("at", DateTime),
    Column("j", sqlite.JSON),
    Column("b", sqlite.JSONB),
)
c = Table(
    "c", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")), Column("y")
)
new = sqlite.insert(c).values(a_id=1, y="m")

CASES: dict[str, Callable[[], Any]] = {
    # ON CONFLICT
    "nothing": lambda: new.on_conflict_do_nothing(),
    "nothing, columns": lambda: new.on_conflict_do_nothing(index_elements=["a_id", c.c.y]),
    "nothing, condition": lambda: new.on_conflict_do_nothing(index_elements=["y"], index_where=c.c.id > 5),
    "update": lambda: new.on_conflict_do_update(index_elements=[c.c.a_id], set_={"y": new.excluded.y + "!"}),
    "update, any": lambda: new.on_conflict_do_update(set_={"y": "t"}),
    "update, where": lambda: new.on_conflict_do_update(
        index_elements=["id"], set_={c.c.y: "z"}, where=c.c.id > 100
    ).returning(c.c.id),
    "update, index_where": lambda: new.on_conflict_do_update(
        index_elements=["id"], index_where=c.c.y == "it's", set_={"y": func.lower(c.c.y)}
    ),
    "update, an expression": lambda: new.on_conflict_do_update(
        index_elements=[c.c.a_id, func.lower(c.c.y)], set_={"y": "e"}
    ),
    "update, all of excluded": lambda: new.on_conflict_do_update(index_elements=["id"], set_=new.excluded),
    "update, nothing to set": lambda: new.on_conflict_do_update(index_elements=["id"], set_={}),
    "update, no column": lambda: new.on_conflict_do_update(index_elements=["id"], set_={"nope": 1}),
    "update, a list": lambda: new.on_conflict_do_update(index_elements=["id"], set_=[("y", 1)]),
    "update, JSONB": lambda: (
        sqlite.insert(a)
        .values(b={"k": 1})
        .on_conflict_do_update(index_elements=["id"], set_={"b": {"k": 2}})
        .returning(a.c.b)
    ),
    "several": lambda: (
        new.on_conflict_do_nothing(index_elements=["id"])
        .on_conflict_do_update(index_elements=["y"], set_={"y": "1"})
        .on_conflict_do_update(set_={"y": "2"})
    ),
    "several, any first": lambda: new.on_conflict_do_nothing().on_conflict_do_nothing(index_elements=["id"]),
    "several, any twice": lambda: new.on_conflict_do_update(set_={"y": 1}).on_conflict_do_nothing(),
    "several rows": lambda: (
        sqlite.insert(c)
        .values([{"y": "1"}, {"y": "2"}])
        .on_conflict_do_update(index_elements=["id"], set_={"y": "m"})
    ),
    "excluded keys": lambda: repr(sorted(new.excluded.keys())),
    # INSERT, UPDATE, DELETE
    "or replace": lambda: insert(c).prefix_with("OR REPLACE").values(y="r"),
    "or ignore": lambda: insert(c).prefix_with("OR IGNORE", dialect="sqlite").values(y="r"),
    "defaults": lambda: insert(c).values(),
    "returning": lambda: insert(c).values(y="w").returning(c.c.id, (c.c.y + "!").label("z")),
    "returning an alias": lambda: update(c).values(y="w").returning(c.c.id.label("q")),
    "update from": lambda: update(a).values(x=c.c.y).where(a.c.id == c.c.a_id),
    "update from an alias": lambda: update(a).values(x="q").where(a.c.id == c.alias("q").c.a_id),
    "update, returning from": lambda: (
        update(a).values(x=c.c.y).where(a.c.id == c.c.a_id).returning(a.c.id, c.c.y)
    ),
    "delete using": lambda: delete(c).where(c.c.a_id == a.c.id),
    "delete, returning": lambda: delete(c).where(c.c.id == 8).returning(c),
    # JSON
    "json item": lambda: select(a.c.j["k"], a.c.j["k"].as_integer(), a.c.j["k", 1].as_string()),
    "jsonb": lambda: select(a.c.b, a.c.b["k"], a.c.b["k", 1].as_float()),
    "jsonb in a subquery": lambda: select(select(a.c.b).subquery().c.b),
    "jsonb in a CASE": lambda: select(case((a.c.id == 1, a.c.b), else_=null())),
    "jsonb literal": lambda: select(literal({"z": 1}, sqlite.JSONB)),
    "jsonb cast": lambda: select(cast({"z": 1}, sqlite.JSONB), cast(a.c.b, JSON)),
    "jsonb insert": lambda: insert(a).values(b={"r": 1}, j={"r": 1}).returning(a.c.b, a.c.j),
    "jsonb update": lambda: update(a).values(b={"r": 1}).where(a.c.b["r"].as_boolean()),
    "jsonb compare": lambda: select(a.c.id).where(a.c.b == {"z": 1}, a.c.b["x"] == literal("s", JSON)),
    # SELECT
    "limit": lambda: select(a.c.id).limit(2).offset(1),
    "offset": lambda: select(a.c.id).offset(3),
    "limit of an expression": lambda: select(a.c.id).limit(bindparam("q", 1) + 1),
    "fetch": lambda: select(a.c.id).fetch(2),
    "for update": lambda: select(a.c.id).with_for_update(),
    "distinct on": lambda: select(a.c.n).distinct(a.c.n),
    "full join": lambda: select(a.c.id, c.c.id).select_from(a.outerjoin(c, full=True)),
    "tuples": lambda: select(a.c.id).where(tuple_(a.c.id, a.c.n).in_([(1, 10), (2, 5)])),
    "empty tuples": lambda: select(a.c.id).where(tuple_(a.c.id, a.c.n).in_([])),
    "empty": lambda: select(a.c.id).where(a.c.id.in_([]), a.c.id.not_in([])),
    "regexp": lambda: select(a.c.x.regexp_match("^a"), ~a.c.x.regexp_match("^a")),
    "regexp flags": lambda: select(a.c.x.regexp_match("^a", flags="i")),
    "regexp replace": lambda: select(a.c.x.regexp_replace("^a", "b")),
    "distinct from": lambda: select(a.c.n.is_distinct_from(1), a.c.n.is_not_distinct_from(a.c.id)),
    "nulls last": lambda: select(a.c.id).order_by(a.c.n.desc().nulls_last()),
    "division": lambda: select(a.c.n / 3, a.c.n // 3, a.c.n / 3.0, a.c.n % 7),
    "strings": lambda: select(
        func.aggregate_strings(a.c.x, ","), func.char_length(a.c.x), func.concat(a.c.x, "z")
    ),
    "now": lambda: select(func.now(), func.current_timestamp(), func.localtimestamp()),
    "casts": lambda: select(cast(a.c.n, String), cast(a.c.n, Numeric(5, 2)), cast("2020-01-01", Date)),
    "true": lambda: select(a.c.id).where(true()),
    "percents": lambda: select(text("'50%'"), literal("5%")),
    # dates
    "dates": lambda: select(a.c.id).where(a.c.at > dt.datetime(2020, 1, 2)),
}
for field in ("year", "month", "day", "hour", "minute", "second", "doy", "epoch", "dow", "week", "century"):
    CASES[f"extract {field}"] = lambda field=field: select(extract(field, a.c.at))


def _written(type_: Any, value: Any, **options: Any) -> str:
    statement = select(literal(value, type_))
    compiled = statement.compile(dialect=sqlite.dialect(**options), compile_kwargs={"literal_binds": True})
    return str(compiled)


MOMENT = dt.datetime(2021, 3, 15, 12, 5, 57, 105542)
for name, type_, value in (
    ("datetime", sqlite.DATETIME(), MOMENT),
    ("datetime of a date", sqlite.DATETIME(), MOMENT.date()),
    ("datetime with a zone", sqlite.DATETIME(), MOMENT.replace(tzinfo=dt.UTC)),
    ("datetime, truncated", sqlite.DATETIME(truncate_microseconds=True), MOMENT),
    ("timestamp", TIMESTAMP(), MOMENT),
    ("date", sqlite.DATE(), MOMENT.date()),
    ("date of a datetime", sqlite.DATE(), MOMENT),
    ("date in a format", sqlite.DATE(storage_format="%(month)d/%(day)d"), MOMENT),
    ("time", sqlite.TIME(), MOMENT.time()),
    ("time, truncated", sqlite.TIME(truncate_microseconds=True), MOMENT.time()),
    ("date, text", sqlite.DATE(), "2021-03-15"),
    ("time, datetime", sqlite.TIME(), MOMENT),
):
    CASES[f"written {name}"] = lambda type_=type_, value=value: _written(type_, value)

CASES = {f"sqlite: {name}" if not name.startswith("written") else name: make for name, make in CASES.items()}
