"""SELECT and expressions as SQLite writes them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    extract,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from relvar.dialects import sqlite

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("flag", Boolean),
    Column("data", JSON),
    Column("made", DateTime),
)
orders = Table(
    "orders", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id"))
)
u, o = users.c, orders.c

DIALECT = sqlite.dialect()

PAIRS: list[Any] = [
    (select(u.id).limit(5), "SELECT users.id \nFROM users\n LIMIT ? OFFSET ?"),
    (select(u.id).offset(5), "SELECT users.id \nFROM users\n LIMIT ? OFFSET ?"),
    (select(u.id).limit(3).offset(5), "SELECT users.id \nFROM users\n LIMIT ? OFFSET ?"),
    (select(u.id).with_for_update(), "SELECT users.id \nFROM users"),
    (select(u.id).where(u.flag), "SELECT users.id \nFROM users \nWHERE users.flag = 1"),
    (select(u.id).where(~u.flag, true()), "SELECT users.id \nFROM users \nWHERE users.flag = 0"),
    (select(u.id).where(u.flag == True), "SELECT users.id \nFROM users \nWHERE users.flag = 1"),
    (
        select(u.id).where(u.name.is_distinct_from("x")),
        "SELECT users.id \nFROM users \nWHERE users.name IS NOT ?",
    ),
    (
        select(u.id).where(u.name.is_not_distinct_from("x")),
        "SELECT users.id \nFROM users \nWHERE users.name IS ?",
    ),
    (
        select(u.id).where(u.name.regexp_match("a.*")),
        "SELECT users.id \nFROM users \nWHERE users.name REGEXP ?",
    ),
    (
        select(u.id).where(~u.name.regexp_match("a.*")),
        "SELECT users.id \nFROM users \nWHERE users.name NOT REGEXP ?",
    ),
    (select(u.id).where(u.name.match("a")), "SELECT users.id \nFROM users \nWHERE users.name MATCH ?"),
    (
        select(u.id).where(u.name.ilike("A%")),
        "SELECT users.id \nFROM users \nWHERE lower(users.name) LIKE lower(?)",
    ),
    (
        select(u.id).where(u.data["a"].as_string() == "x"),
        "SELECT users.id \nFROM users \nWHERE CAST(JSON_EXTRACT(users.data, ?) AS VARCHAR) = ?",
    ),
    (
        select(u.data["a"], u.data[("a", "b")], u.data["n"].as_integer()),
        (
            "SELECT JSON_QUOTE(JSON_EXTRACT(users.data, ?)) AS anon_1, "
            "JSON_QUOTE(JSON_EXTRACT(users.data, ?)) AS anon_2, CAST(JSON_EXTRACT(users.data, ?) AS "
            "INTEGER) AS anon_3 \nFROM users"
        ),
    ),
    (
        select(u.id).where(tuple_(u.id, u.name).in_([(1, "a")])),
        "SELECT users.id \nFROM users \nWHERE (users.id, users.name) IN (__[POSTCOMPILE_param_1])",
    ),
    (
        select(extract("year", u.made), extract("epoch", u.made)),
        (
            "SELECT CAST(STRFTIME('%Y', users.made) AS INTEGER) AS anon_1, CAST(STRFTIME('%s', "
            "users.made) AS INTEGER) AS anon_2 \nFROM users"
        ),
    ),
    (
        select(func.now(), func.char_length(u.name)),
        "SELECT CURRENT_TIMESTAMP AS now_1, length(users.name) AS char_length_1 \nFROM users",
    ),
    (
        select(cast(u.id, String), u.id / 2, u.id // 2, u.name + "x"),
        (
            "SELECT CAST(users.id AS VARCHAR) AS id, users.id / (? + 0.0) AS anon_1, users.id / ? AS "
            "anon_2, users.name || ? AS anon_3 \nFROM users"
        ),
    ),
    (select(literal("it's")), "SELECT 'it''s' AS anon_1", {"compile_kwargs": {"literal_binds": True}}),
    (
        select(u.id).where(u.name.collate("NOCASE") == "x"),
        'SELECT users.id \nFROM users \nWHERE (users.name COLLATE "NOCASE") = ?',
    ),
    (
        select(users).outerjoin(orders).order_by(u.name.desc().nulls_last()),
        (
            "SELECT users.id, users.name, users.flag, users.data, users.made \nFROM users LEFT OUTER "
            "JOIN orders ON users.id = orders.user_id ORDER BY users.name DESC NULLS LAST"
        ),
    ),
    (
        union_all(select(u.id).limit(1), select(o.id)),
        ("(SELECT users.id \nFROM users\n LIMIT ? OFFSET ?) UNION ALL SELECT orders.id \nFROM orders"),
    ),
    (
        union_all(select(u.id), select(o.id)).order_by("id").limit(3),
        (
            "SELECT users.id \nFROM users UNION ALL SELECT orders.id \nFROM orders ORDER BY id\n "
            "LIMIT ? OFFSET ?"
        ),
    ),
    (
        select(select(u.id).cte("c", recursive=True)),
        "WITH RECURSIVE c(id) AS \n(SELECT users.id AS id \nFROM users)\n SELECT c.id \nFROM c",
    ),
]


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row[1][:40])
def test_text(row: Any) -> None:
    statement, text, *options = row
    assert str(statement.compile(dialect=DIALECT, **(options[0] if options else {}))) == text
