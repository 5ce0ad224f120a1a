"""Statements as MySQL and MariaDB write them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    extract,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
    update,
)
from relvar.dialects import mysql

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("flag", Boolean),
    Column("data", JSON),
    Column("made", DateTime),
    Column("rate", Float),
)
orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("order", String(5)),
)
u, o = users.c, orders.c

DIALECT = mysql.dialect()

PAIRS: list[Any] = [
    (
        select(o.order, u.id.label("select")).where(u.id == o.user_id),
        (
            "SELECT orders.`order`, users.id AS `select` \nFROM orders, users \nWHERE users.id = "
            "orders.user_id"
        ),
    ),
    (select(u.id).limit(5), "SELECT users.id \nFROM users \n LIMIT %s"),
    (select(u.id).offset(5), "SELECT users.id \nFROM users \n LIMIT %s, 18446744073709551615"),
    (select(u.id).limit(3).offset(5), "SELECT users.id \nFROM users \n LIMIT %s, %s"),
    (select(u.id).with_for_update(), "SELECT users.id \nFROM users FOR UPDATE"),
    (select(u.id).with_for_update(read=True), "SELECT users.id \nFROM users LOCK IN SHARE MODE"),
    (select(u.id).with_for_update(nowait=True), "SELECT users.id \nFROM users FOR UPDATE NOWAIT"),
    (
        select(u.id).with_for_update(read=True, skip_locked=True),
        "SELECT users.id \nFROM users LOCK IN SHARE MODE SKIP LOCKED",
    ),
    (select(u.id).where(u.flag), "SELECT users.id \nFROM users \nWHERE users.flag = 1"),
    (
        select(u.id).where(u.flag == True, ~u.flag, true()),
        "SELECT users.id \nFROM users \nWHERE users.flag = true AND users.flag = 0",
    ),
    (
        select(u.id).where(u.name.is_distinct_from("x")),
        "SELECT users.id \nFROM users \nWHERE NOT (users.name <=> %s)",
    ),
    (
        select(u.id).where(u.name.is_not_distinct_from(None)),
        "SELECT users.id \nFROM users \nWHERE users.name <=> NULL",
    ),
    (
        select(u.id).where(u.name.regexp_match("a.*"), ~u.name.regexp_match("b", flags="i")),
        (
            "SELECT users.id \nFROM users \nWHERE users.name REGEXP %s AND NOT "
            "REGEXP_LIKE(users.name, %s, 'i')"
        ),
    ),
    (
        select(u.name.regexp_replace("a", "b")),
        "SELECT REGEXP_REPLACE(users.name, %s, %s) AS anon_1 \nFROM users",
    ),
    (
        select(u.id).where(u.name.match("a")),
        "SELECT users.id \nFROM users \nWHERE MATCH (users.name) AGAINST (%s IN BOOLEAN MODE)",
    ),
    (
        select(u.id).where(mysql.match(u.name, against="a b").in_boolean_mode()),
        "SELECT users.id \nFROM users \nWHERE MATCH (users.name) AGAINST (%s IN BOOLEAN MODE)",
    ),
    (
        select(u.name + "x" + u.name, u.id / 2, u.id // 2, u.id % 2),
        (
            "SELECT concat(users.name, %s, users.name) AS anon_1, users.id / %s AS anon_2, "
            "FLOOR(users.id / %s) AS anon_3, users.id %% %s AS anon_4 \nFROM users"
        ),
    ),
    (
        select(cast(u.id, String), cast(u.name, Integer), cast(u.name, DateTime), cast(u.id, JSON)),
        (
            "SELECT CAST(users.id AS CHAR) AS id, CAST(users.name AS SIGNED INTEGER) AS name, "
            "CAST(users.name AS DATETIME) AS name__1, CAST(users.id AS JSON) AS id__1 \nFROM users"
        ),
    ),
    (
        select(u.data["a"], u.data["a"].as_string(), u.data[("a", 1)].as_integer()),
        (
            "SELECT JSON_EXTRACT(users.data, %s) AS anon_1, CASE JSON_EXTRACT(users.data, %s) WHEN "
            "'null' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(users.data, %s)) END AS anon_2, CASE "
            "JSON_EXTRACT(users.data, %s) WHEN 'null' THEN NULL ELSE CAST(JSON_EXTRACT(users.data, "
            "%s) AS SIGNED INTEGER) END AS anon_3 \nFROM users"
        ),
    ),
    (
        select(extract("milliseconds", u.made), func.now(), func.random(), func.char_length(u.name)),
        (
            "SELECT EXTRACT(millisecond FROM users.made) AS anon_1, now() AS now_1, rand() AS "
            "random_1, char_length(users.name) AS char_length_1 \nFROM users"
        ),
    ),
    (
        select(func.aggregate_strings(u.name, ";"), func.rollup(u.id)),
        (
            "SELECT group_concat(users.name SEPARATOR __[POSTCOMPILE_aggregate_strings_2]) AS "
            "aggregate_strings_1, users.id WITH ROLLUP AS rollup_1 \nFROM users"
        ),
    ),
    (
        select(u.name).group_by(func.rollup(u.name, u.id)),
        "SELECT users.name \nFROM users GROUP BY users.name, users.id WITH ROLLUP",
    ),
    (
        select(users).outerjoin(orders).order_by(u.name.desc()),
        (
            "SELECT users.id, users.name, users.flag, users.data, users.made, users.rate \nFROM "
            "users LEFT OUTER JOIN orders ON users.id = orders.user_id ORDER BY users.name DESC"
        ),
    ),
    (
        select(users).join(orders, full=True),
        (
            "SELECT users.id, users.name, users.flag, users.data, users.made, users.rate \nFROM "
            "users FULL OUTER JOIN orders ON users.id = orders.user_id"
        ),
    ),
    (
        select(users).with_hint(users, "USE INDEX (x)", "mysql").prefix_with("SQL_CALC_FOUND_ROWS"),
        (
            "SELECT SQL_CALC_FOUND_ROWS users.id, users.name, users.flag, users.data, users.made, "
            "users.rate \nFROM users USE INDEX (x)"
        ),
    ),
    (
        union_all(select(u.id).limit(1), select(o.id)).limit(3),
        ("(SELECT users.id \nFROM users \n LIMIT %s) UNION ALL SELECT orders.id \nFROM orders \n LIMIT %s"),
    ),
    (select(literal("a\\b%")), "SELECT 'a\\\\b%%' AS anon_1", {"compile_kwargs": {"literal_binds": True}}),
    (insert(users), "INSERT INTO users (name) VALUES (%s)", {"column_keys": ["name"]}),
    (insert(users).values({}), "INSERT INTO users () VALUES ()"),
    (insert(users).values(name="x").prefix_with("IGNORE"), "INSERT IGNORE INTO users (name) VALUES (%s)"),
    (
        insert(users).from_select(["name"], select(o.order).cte("c").select()),
        (
            "INSERT INTO users (name) WITH c AS \n(SELECT orders.`order` AS `order` \nFROM orders)\n "
            "SELECT c.`order` \nFROM c"
        ),
    ),
    (
        update(users).values(name=u.name + "x").where(u.id == 3),
        "UPDATE users SET name=(concat(users.name, %s)) WHERE users.id = %s",
    ),
    (
        update(users).values({u.name: o.order, o.order: "y"}).where(u.id == o.user_id),
        (
            "UPDATE users, orders SET orders.`order`=%s, users.name=orders.`order` WHERE users.id = "
            "orders.user_id"
        ),
    ),
    (update(users).values(name="x").with_dialect_options(mysql_limit=5), "UPDATE users SET name=%s LIMIT 5"),
    (
        update(users).values(name="x").ext(mysql.limit(5)),
        "UPDATE users SET name=%s LIMIT __[POSTCOMPILE_param_1]",
    ),
    (
        delete(users).where(u.id > 3).ext(mysql.limit(5)),
        "DELETE FROM users WHERE users.id > %s LIMIT __[POSTCOMPILE_param_1]",
    ),
    (
        delete(users).where(u.id == o.user_id),
        "DELETE FROM users USING users, orders WHERE users.id = orders.user_id",
    ),
    (delete(users).with_dialect_options(mysql_limit=2), "DELETE FROM users LIMIT 2"),
]


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row[1][:40])
def test_text(row: Any) -> None:
    statement, text, *options = row
    assert str(statement.compile(dialect=DIALECT, **(options[0] if options else {}))) == text


@pytest.mark.feature("D033")
def test_a_change_may_be_limited(mariadb_engine: Any) -> None:
    metadata.create_all(mariadb_engine)
    with mariadb_engine.begin() as connection:
        connection.execute(insert(users), [{"id": i, "name": "x"} for i in range(1, 6)])
        connection.execute(update(users).values(name="y").ext(mysql.limit(2)))
        connection.execute(
            update(users).values(name="z").where(u.name == "x").with_dialect_options(mariadb_limit=2)
        )
        names = connection.scalars(select(u.name).order_by(u.name)).all()
        assert names == ["x", "y", "y", "z", "z"]
        connection.execute(delete(users).where(u.name == "y").ext(mysql.limit(1)))
        assert connection.scalar(select(func.count()).select_from(users)) == 4
