"""Statements of SQL Server that other dialects write differently."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from relvar.dialects import mssql

metadata = MetaData()
users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
orders = Table(
    "Orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("total", Numeric(10, 2)),
    Column("order", Integer),
    schema="sales",
)
u, o = users.c, orders.c

DIALECT = mssql.dialect()

PAIRS: list[Any] = [
    (
        select(orders),
        (
            "SELECT sales.[Orders].id, sales.[Orders].user_id, sales.[Orders].total, "
            "sales.[Orders].[order] \nFROM sales.[Orders]"
        ),
    ),
    (select(orders.alias("o")), "SELECT o.id, o.user_id, o.total, o.[order] \nFROM sales.[Orders] AS o"),
    (
        select(u.name + "x", u.id / 2, u.id // 2, u.id % 2),
        (
            "SELECT users.name + :name_1 AS anon_1, users.id / (:id_1 + 0.0) AS anon_2, users.id / "
            ":id_2 AS anon_3, users.id % :id_3 AS anon_4 \nFROM users"
        ),
    ),
    (
        select(u.id).where(u.name.is_distinct_from("x")),
        ("SELECT users.id \nFROM users \nWHERE NOT EXISTS (SELECT users.name INTERSECT SELECT :name_1)"),
    ),
    (
        select(func.now(), func.current_date(), func.char_length(u.name)),
        (
            "SELECT CURRENT_TIMESTAMP AS now_1, GETDATE() AS current_date_1, LEN(users.name) AS "
            "char_length_1 \nFROM users"
        ),
    ),
    (
        select(func.aggregate_strings(u.name, ",")),
        (
            "SELECT string_agg(users.name, __[POSTCOMPILE_aggregate_strings_2]) AS "
            "aggregate_strings_1 \nFROM users"
        ),
    ),
    (
        select(extract("dow", u.name), extract("year", u.name)),
        ("SELECT DATEPART(weekday, users.name) AS anon_1, DATEPART(year, users.name) AS anon_2 \nFROM users"),
    ),
    (select(u.id).with_for_update(), "SELECT users.id \nFROM users"),
    (
        select(users).with_hint(users, "WITH (NOLOCK)", "mssql"),
        "SELECT users.id, users.name \nFROM users WITH (NOLOCK)",
    ),
    (
        select(cast(u.id, String(5)), case((u.id == 1, "a"), else_="b")),
        (
            "SELECT CAST(users.id AS VARCHAR(5)) AS id, CASE WHEN (users.id = :id_1) THEN :param_1 "
            "ELSE :param_2 END AS anon_1 \nFROM users"
        ),
    ),
    (select(u.id).where(true()), "SELECT users.id \nFROM users \nWHERE 1 = 1"),
    (select(literal(True)), "SELECT :param_1 AS anon_1"),
    (insert(users), "INSERT INTO users (id, name) VALUES (:id, :name)"),
    (insert(users).values(name="x"), "INSERT INTO users (name) OUTPUT inserted.id VALUES (:name)"),
    (
        insert(users).values(name="x").returning(u.id, u.name),
        "INSERT INTO users (name) OUTPUT inserted.id, inserted.name VALUES (:name)",
    ),
    (insert(users).values(id=3, name="x"), "INSERT INTO users (id, name) VALUES (:id, :name)"),
    (
        insert(users).values([{"name": "a"}, {"name": "b"}]),
        "INSERT INTO users (name) VALUES (:name_m0), (:name_m1)",
    ),
    (
        insert(users).from_select(["name"], select(u.name)),
        "INSERT INTO users (name) SELECT users.name \nFROM users",
    ),
    (update(users).values(name="x").where(u.id == 3), "UPDATE users SET name=:name WHERE users.id = :id_1"),
    (
        update(users).values(name="x").where(u.id == 3).returning(u.id, u.name),
        "UPDATE users SET name=:name OUTPUT inserted.id, inserted.name WHERE users.id = :id_1",
    ),
    (
        update(users).values(name="x").where(u.id == o.user_id, o.total > 5),
        (
            "UPDATE users SET name=:name FROM users, sales.[Orders] WHERE users.id = "
            "sales.[Orders].user_id AND sales.[Orders].total > :total_1"
        ),
    ),
    (delete(users).where(u.id == 3), "DELETE FROM users WHERE users.id = :id_1"),
    (
        delete(users).where(u.id == 3).returning(u.id),
        "DELETE FROM users OUTPUT deleted.id WHERE users.id = :id_1",
    ),
    (
        delete(users).where(u.id == o.user_id).where(o.total > 5),
        (
            "DELETE FROM users FROM users, sales.[Orders] WHERE users.id = sales.[Orders].user_id "
            "AND sales.[Orders].total > :total_1"
        ),
    ),
    (
        select(select(u.id).where(u.id > 1).cte("c")),
        ("WITH c AS \n(SELECT users.id AS id \nFROM users \nWHERE users.id > :id_1)\n SELECT c.id \nFROM c"),
    ),
]


@pytest.mark.parametrize("statement, text", PAIRS)
def test_text(statement: Any, text: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == text
