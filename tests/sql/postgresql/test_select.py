"""SELECT and expressions as PostgreSQL writes them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from relvar import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    lateral,
    literal,
    select,
    tuple_,
    union_all,
    update,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import aggregate_order_by, array, distinct_on

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("flag", Boolean),
    Column("made", DateTime),
    Column("price", Numeric(10, 2)),
    Column("rate", Float),
    Column("big", BigInteger),
    Column("raw", LargeBinary),
    Column("key", Uuid),
    Column("doc", postgresql.JSONB),
    Column("tags", postgresql.ARRAY(String)),
)
orders = Table(
    "orders", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id"))
)
u, o = users.c, orders.c

DIALECT = postgresql.dialect()

PAIRS: list[Any] = [
    (select(u.id).limit(5), "SELECT users.id \nFROM users \n LIMIT %(param_1)s::INTEGER"),
    (select(u.id).offset(5), "SELECT users.id \nFROM users\n LIMIT ALL OFFSET %(param_1)s::INTEGER"),
    (
        select(u.id).order_by(u.id).fetch(5, with_ties=True),
        (
            "SELECT users.id \nFROM users ORDER BY users.id\n FETCH FIRST (%(param_1)s::INTEGER) "
            "ROWS WITH TIES"
        ),
    ),
    (
        select(u.id, u.name).ext(distinct_on(u.name)),
        "SELECT DISTINCT ON (users.name) users.id, users.name \nFROM users",
    ),
    (
        select(u.id, u.name).ext(distinct_on(u.name, u.id)).order_by(u.name),
        ("SELECT DISTINCT ON (users.name, users.id) users.id, users.name \nFROM users ORDER BY users.name"),
    ),
    (select(u.id).with_for_update(), "SELECT users.id \nFROM users FOR UPDATE"),
    (select(u.id).with_for_update(read=True, nowait=True), "SELECT users.id \nFROM users FOR SHARE NOWAIT"),
    (
        select(u.id).with_for_update(key_share=True, skip_locked=True),
        "SELECT users.id \nFROM users FOR NO KEY UPDATE SKIP LOCKED",
    ),
    (
        select(u.id).with_for_update(read=True, key_share=True, of=users),
        "SELECT users.id \nFROM users FOR KEY SHARE OF users",
    ),
    (
        select(u.id, o.id).join(orders).with_for_update(of=[u.id, orders]),
        (
            "SELECT users.id, orders.id AS id_1 \nFROM users JOIN orders ON users.id = "
            "orders.user_id FOR UPDATE OF users, orders"
        ),
    ),
    (
        select(u.id).where(u.name == "x", u.price > 5, u.rate < 1.5, u.big == 3),
        (
            "SELECT users.id \nFROM users \nWHERE users.name = %(name_1)s::VARCHAR AND users.price > "
            "%(price_1)s::INTEGER AND users.rate < %(rate_1)s AND users.big = %(big_1)s::BIGINT"
        ),
    ),
    (
        select(u.id).where(u.made > datetime.datetime(2020, 1, 1), u.flag.is_(True), u.raw == b"x"),
        (
            "SELECT users.id \nFROM users \nWHERE users.made > %(made_1)s::TIMESTAMP WITHOUT TIME "
            "ZONE AND users.flag IS true AND users.raw = %(raw_1)s"
        ),
    ),
    (
        select(u.id).where(u.name.in_(["a", "b"]), u.id.in_([1, 2])),
        (
            "SELECT users.id \nFROM users \nWHERE users.name IN (%(name_1_1)s::VARCHAR, "
            "%(name_1_2)s::VARCHAR) AND users.id IN (%(id_1_1)s::INTEGER, %(id_1_2)s::INTEGER)"
        ),
        {"compile_kwargs": {"render_postcompile": True}},
    ),
    (
        select(u.id).where(tuple_(u.id, u.name).in_([(1, "a")])),
        (
            "SELECT users.id \nFROM users \nWHERE (users.id, users.name) IN ((%(param_1_1_1)s, "
            "%(param_1_1_2)s))"
        ),
        {"compile_kwargs": {"render_postcompile": True}},
    ),
    (
        select(u.id).where(u.id.in_([])),
        "SELECT users.id \nFROM users \nWHERE users.id IN (NULL) AND (1 != 1)",
        {"compile_kwargs": {"render_postcompile": True}},
    ),
    (
        select(u.id).where(u.name.ilike("A%", escape="/"), u.name.not_ilike("b")),
        (
            "SELECT users.id \nFROM users \nWHERE users.name ILIKE %(name_1)s::VARCHAR ESCAPE '/' "
            "AND users.name NOT ILIKE %(name_2)s::VARCHAR"
        ),
    ),
    (
        select(u.id).where(u.name.icontains("a%", autoescape=True)),
        (
            "SELECT users.id \nFROM users \nWHERE (users.name ILIKE '%%' || %(name_1)s::VARCHAR || "
            "'%%' ESCAPE '/')"
        ),
    ),
    (
        select(u.id).where(u.name.regexp_match("a.*"), ~u.name.regexp_match("b", flags="i")),
        (
            "SELECT users.id \nFROM users \nWHERE users.name ~ %(name_1)s::VARCHAR AND users.name "
            "!~* %(name_2)s::VARCHAR"
        ),
    ),
    (
        select(u.name.regexp_replace("a", "b"), u.name.regexp_replace("a", "b", flags="g")),
        (
            "SELECT REGEXP_REPLACE(users.name, %(name_1)s::VARCHAR, %(name_2)s::VARCHAR) AS anon_1, "
            "REGEXP_REPLACE(users.name, %(name_3)s::VARCHAR, %(name_4)s::VARCHAR, 'g') AS anon_2 "
            "\nFROM users"
        ),
    ),
    (
        select(u.id).where(u.name.match("a"), u.id.between(5, 1, symmetric=True)),
        (
            "SELECT users.id \nFROM users \nWHERE users.name @@ plainto_tsquery(%(name_1)s::VARCHAR) "
            "AND users.id BETWEEN SYMMETRIC %(id_1)s::INTEGER AND %(id_2)s::INTEGER"
        ),
    ),
    (
        select(u.doc["a"], u.doc["a"].astext, u.doc[("a", "b")], u.doc[("a", "b")].as_integer()),
        (
            "SELECT users.doc[%(doc_1)s::TEXT] AS anon_1, users.doc ->> %(doc_2)s::TEXT AS anon_2, "
            "users.doc #> %(doc_3)s AS anon_3, CAST(users.doc #>> %(doc_4)s AS INTEGER) AS anon_4 "
            "\nFROM users"
        ),
    ),
    (
        select(u.id).where(u.doc.contains({"a": 1}), u.doc.has_key("b"), u.doc.has_any(array(["c"]))),
        (
            "SELECT users.id \nFROM users \nWHERE users.doc @> %(doc_1)s::JSONB AND users.doc ? "
            "%(doc_2)s::VARCHAR AND users.doc ?| ARRAY[%(param_1)s::VARCHAR]"
        ),
    ),
    (
        select(u.tags[1], u.tags[1:2], array([1, 2]), array([u.id, 3])),
        (
            "SELECT users.tags[%(tags_1)s::INTEGER] AS anon_1, "
            "users.tags[%(tags_2)s::INTEGER:%(tags_3)s::INTEGER] AS anon_2, "
            "ARRAY[%(param_1)s::INTEGER, %(param_2)s::INTEGER] AS anon_3, ARRAY[users.id, "
            "%(param_3)s::INTEGER] AS anon_4 \nFROM users"
        ),
    ),
    (
        select(u.id).where(u.tags.contains(["a"]), u.tags.overlap(["b"]), u.name == u.tags.any_()),
        (
            "SELECT users.id \nFROM users \nWHERE users.tags @> %(tags_1)s::VARCHAR[] AND users.tags "
            "&& %(tags_2)s::VARCHAR[] AND users.name = ANY (users.tags)"
        ),
    ),
    (
        select(func.array_agg(aggregate_order_by(u.name, u.id.desc()))),
        "SELECT array_agg(users.name ORDER BY users.id DESC) AS array_agg_1 \nFROM users",
    ),
    (
        select(func.count(u.id).filter(u.id > 3), func.percentile_cont(0.5).within_group(u.id)),
        (
            "SELECT count(users.id) FILTER (WHERE users.id > %(id_1)s::INTEGER) AS anon_1, "
            "percentile_cont(%(percentile_cont_2)s) WITHIN GROUP (ORDER BY users.id) AS "
            "percentile_cont_1 \nFROM users"
        ),
    ),
    (
        select(extract("epoch", u.made), u.id / 2, u.id // 2, u.rate // 2, u.id % 2),
        (
            "SELECT EXTRACT(epoch FROM users.made) AS anon_1, users.id / CAST(%(id_1)s::INTEGER AS "
            "NUMERIC) AS anon_2, users.id / %(id_2)s::INTEGER AS anon_3, FLOOR(users.rate / "
            "%(rate_1)s::INTEGER) AS anon_4, users.id %% %(id_3)s::INTEGER AS anon_5 \nFROM users"
        ),
    ),
    (
        select(cast(u.id, String), cast("5", Integer), u.name + "x", literal(5)),
        (
            "SELECT CAST(users.id AS VARCHAR) AS id, CAST(%(param_1)s::INTEGER AS INTEGER) AS "
            "anon_1, users.name || %(name_1)s::VARCHAR AS anon_2, %(param_2)s::INTEGER AS anon_3 "
            "\nFROM users"
        ),
    ),
    (
        select(case((u.id == 1, "a"), else_=u.name)),
        (
            "SELECT CASE WHEN (users.id = %(id_1)s::INTEGER) THEN %(param_1)s::VARCHAR ELSE "
            "users.name END AS anon_1 \nFROM users"
        ),
    ),
    (
        select(u.name.collate("C")).order_by(u.name.collate("de_DE").desc().nulls_first()),
        (
            'SELECT users.name COLLATE "C" AS anon_1 \nFROM users ORDER BY users.name COLLATE '
            '"de_DE" DESC NULLS FIRST'
        ),
    ),
    (
        select(u.id, lateral(select(o.id).where(o.user_id == u.id), "l").c.id),
        (
            "SELECT users.id, l.id AS id_1 \nFROM users, LATERAL (SELECT orders.id AS id \nFROM "
            "orders \nWHERE orders.user_id = users.id) AS l"
        ),
    ),
    (
        select(func.json_each(u.doc).table_valued("key", "value", name="e")),
        "SELECT e.key, e.value \nFROM json_each(users.doc) AS e",
    ),
    (select(func.unnest(u.tags).column_valued("x")), "SELECT x \nFROM unnest(users.tags) AS x"),
    (
        select(func.generate_series(1, 3).table_valued("n", with_ordinality="i").render_derived(name="g")),
        (
            "SELECT g.n, g.i \nFROM generate_series(%(generate_series_1)s::INTEGER, "
            "%(generate_series_2)s::INTEGER) WITH ORDINALITY AS g(n, i)"
        ),
    ),
    (
        select(users.tablesample(func.bernoulli(10), seed=func.random()).c.id),
        (
            "SELECT users_1.id \nFROM users AS users_1 TABLESAMPLE "
            "bernoulli(%(bernoulli_1)s::INTEGER) REPEATABLE (random())"
        ),
    ),
    (
        union_all(select(u.id).limit(1), select(o.id)).order_by("id"),
        (
            "(SELECT users.id \nFROM users \n LIMIT %(param_1)s::INTEGER) UNION ALL SELECT orders.id "
            "\nFROM orders ORDER BY id"
        ),
    ),
    (
        select(insert(users).values(name="x").returning(u.id).cte("made")),
        (
            "WITH made AS \n(INSERT INTO users (name) VALUES (%(param_1)s::VARCHAR) RETURNING "
            "users.id)\n SELECT made.id \nFROM made"
        ),
    ),
    (
        select(delete(users).where(u.id == 3).returning(u.id).cte("gone")),
        (
            "WITH gone AS \n(DELETE FROM users WHERE users.id = %(id_1)s::INTEGER RETURNING "
            "users.id)\n SELECT gone.id \nFROM gone"
        ),
    ),
    (
        update(users).values(name="x").where(u.id == o.user_id),
        "UPDATE users SET name=%(name)s::VARCHAR FROM orders WHERE users.id = orders.user_id",
    ),
    (
        delete(users).where(u.id == o.user_id),
        "DELETE FROM users USING orders WHERE users.id = orders.user_id",
    ),
    (
        delete(users).using(orders).where(u.id == o.user_id).returning(u.id),
        "DELETE FROM users USING orders WHERE users.id = orders.user_id RETURNING users.id",
    ),
    (
        insert(users).values(name="50%"),
        "INSERT INTO users (name) VALUES ('50%%') RETURNING users.id",
        {"compile_kwargs": {"literal_binds": True}},
    ),
    (select(literal("a%b")), "SELECT 'a%%b' AS anon_1", {"compile_kwargs": {"literal_binds": True}}),
]


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row[1][:40])
def test_text(row: Any) -> None:
    statement, text, *options = row
    assert str(statement.compile(dialect=DIALECT, **(options[0] if options else {}))) == text


@pytest.mark.feature("D007")
def test_distinct_on_keeps_the_first_row_of_each(pg_engine: Any) -> None:
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(users), [{"id": i, "name": "ab"[i % 2]} for i in range(4)])
        first = select(u.name, u.id).ext(distinct_on(u.name)).order_by(u.name, u.id)
        assert connection.execute(first).all() == [("a", 0), ("b", 1)]
        assert connection.scalars(select(u.name).distinct().order_by(u.name)).all() == ["a", "b"]
