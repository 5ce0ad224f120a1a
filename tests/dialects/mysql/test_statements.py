"""UPDATE, DELETE and SELECT as only MySQL and MariaDB have them: what the server does with them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    exc,
    func,
    insert,
    literal,
    select,
    update,
)
from relvar.dialects import mysql
from relvar.dialects.mysql.mariadb import MariaDBDialect

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("n", Integer),
    Index("ix_n", "n"),
)
orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("price", Integer),
)
u, o = users.c, orders.c


@pytest.fixture
def connection(mariadb_engine: Any) -> Any:
    metadata.create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        connection.execute(
            users.insert(), [{"id": n, "name": name, "n": n % 2} for n, name in enumerate("abcd", 1)]
        )
        connection.execute(
            orders.insert(),
            [{"user_id": 1, "price": 5}, {"user_id": 1, "price": 7}, {"user_id": 2, "price": 9}],
        )
        connection.commit()
        yield connection


def text(statement: Any, name: str = "mysql") -> str:
    dialect: Any = mysql.dialect() if name == "mysql" else MariaDBDialect()
    return " ".join(str(statement.compile(dialect=dialect)).split())


# -- LIMIT ------------------------------------------------------------------------------------------


@pytest.mark.feature("E042")
def test_limit_of_update_and_delete(connection: Any) -> None:
    run = connection.execute
    assert run(update(users).values(n=9).ext(mysql.limit(2))).rowcount == 2
    assert run(update(users).values(n=8).where(u.n == 9).with_dialect_options(mariadb_limit=1)).rowcount == 1
    assert (
        run(
            update(users).values(n=7).ext(mysql.limit(bindparam("most", type_=Integer))), {"most": 3}
        ).rowcount
        == 3
    )
    connection.execute(orders.delete())
    assert run(delete(users).where(u.n == 7).ext(mysql.limit(2))).rowcount == 2
    assert run(delete(users).with_dialect_options(mariadb_limit=1)).rowcount == 1
    assert run(delete(users).ext(mysql.limit(0))).rowcount == 0
    assert connection.scalar(select(func.count()).select_from(users)) == 1


@pytest.mark.feature("E042")
def test_text_of_limit() -> None:
    assert text(update(users).values(n=1).with_dialect_options(mysql_limit=5)) == (
        "UPDATE users SET n=%s LIMIT 5"
    )
    assert text(delete(users).where(u.n == 1).ext(mysql.limit(5))) == (
        "DELETE FROM users WHERE users.n = %s LIMIT __[POSTCOMPILE_param_1]"
    )
    again = update(users).values(n=1).ext(mysql.limit(5)).ext(mysql.limit(6))
    assert text(again).count("LIMIT") == 1
    # each name has its own
    assert "LIMIT" not in text(update(users).values(n=1).with_dialect_options(mysql_limit=5), "mariadb")
    assert text(update(users).values(n=1).with_dialect_options(mariadb_limit=5), "mariadb").endswith(
        "LIMIT 5"
    )
    for statement in (insert(users), select(users)):
        with pytest.raises((exc.ArgumentError, AttributeError)):
            statement.with_dialect_options(mysql_limit=5)
    with pytest.raises(NotImplementedError, match="Extension DMLLimitClause cannot be applied to select"):
        select(users).ext(mysql.limit(3))
    with pytest.raises(ValueError, match="many"):
        mysql.limit("many")


# -- several tables -----------------------------------------------------------------------------------


@pytest.mark.feature("E044")
def test_update_of_several_tables(connection: Any) -> None:
    joined = users.update().where(u.id == o.user_id)
    assert text(joined.values({u.n: o.price, o.price: 0})) == (
        "UPDATE users, orders SET orders.price=%s, users.n=orders.price WHERE users.id = orders.user_id"
    )
    connection.execute(joined.where(o.price > 5).values({u.n: o.price, u.name: u.name + "!"}))
    found = connection.execute(select(u.name, u.n).order_by(u.id)).all()
    assert found == [("a!", 7), ("b!", 9), ("c", 1), ("d", 0)]
    connection.execute(joined.values({u.n: 1, o.price: o.price * 10}))
    assert connection.scalars(select(o.price).order_by(o.id)).all() == [50, 70, 90]


@pytest.mark.feature("E044")
def test_delete_from_several_tables(connection: Any) -> None:
    statement = delete(orders).where(o.user_id == u.id).where(u.name == "a")
    assert text(statement) == (
        "DELETE FROM orders USING orders, users WHERE orders.user_id = users.id AND users.name = %s"
    )
    assert connection.execute(statement).rowcount == 2
    again = orders.alias("x")
    assert connection.execute(delete(orders).where(o.id < again.c.id)).rowcount == 0
    assert connection.scalars(select(o.user_id)).all() == [2]


@pytest.mark.feature("E043")
def test_returning(connection: Any) -> None:
    run = connection.execute
    made = run(insert(users).values(name="e").returning(u.id, func.upper(u.name))).one()
    assert made == (5, "E")
    replaced = insert(users).prefix_with("IGNORE").values(id=5, name="f").returning(u.id)
    assert run(replaced).all() in ([], [(5,)])
    connection.exec_driver_sql("delete from orders")
    gone = run(delete(users).where(u.id > 2).returning(u.name)).scalars().all()
    assert sorted(gone) == ["c", "d", "e"]
    add = mysql.insert(users)
    upsert = add.on_duplicate_key_update(name=add.inserted.name).returning(u.id, u.name)
    assert run(upsert, {"id": 1, "name": "z"}).all() == [(1, "z")]
    # the server has no UPDATE ... RETURNING
    assert text(update(users).values(n=1).returning(u.id), "mariadb").endswith("RETURNING users.id")
    with pytest.raises(exc.ProgrammingError, match="RETURNING users.id"):
        run(update(users).values(n=1).returning(u.id))
    assert not connection.dialect.update_returning


def test_returning_of_replace(connection: Any) -> None:
    """REPLACE has no construct of its own; its text can be run."""
    rows = connection.exec_driver_sql(
        "replace into users (id, name) values (4, 'x') returning id, name"
    ).all()
    assert rows == [(4, "x")]


# -- hints -------------------------------------------------------------------------------------------


@pytest.mark.feature("E044")
def test_hints(connection: Any) -> None:
    straight = select(u.id).prefix_with("STRAIGHT_JOIN").join_from(users, orders).order_by(u.id)
    assert text(straight).startswith("SELECT STRAIGHT_JOIN users.id FROM users INNER JOIN orders ON")
    assert connection.scalars(straight).all() == [1, 1, 2]
    for hint in ("USE INDEX (ix_n)", "FORCE INDEX (ix_n)", "IGNORE INDEX (ix_n)"):
        for dialect_name in ("mariadb", "*"):
            statement = select(u.id).with_hint(users, hint, dialect_name).where(u.n == 0).order_by(u.id)
            assert f"FROM users {hint} WHERE" in text(statement, "mariadb")
            assert connection.scalars(statement).all() == [2, 4]
    assert "INDEX" not in text(select(u.id).with_hint(users, "USE INDEX (ix_n)", "mariadb"))
    alias = users.alias("x")
    assert "FROM users AS x USE INDEX (ix_n)" in text(select(alias).with_hint(alias, "USE INDEX (ix_n)"))
    fast = select(u.id).prefix_with("HIGH_PRIORITY", "SQL_NO_CACHE", dialect="mariadb").order_by(u.id)
    assert connection.scalars(fast).all() == [1, 2, 3, 4]
    limited = select(u.id).prefix_with("/*+ MAX_EXECUTION_TIME(1000) */")
    assert text(limited) == "SELECT /*+ MAX_EXECUTION_TIME(1000) */ users.id FROM users"


@pytest.mark.feature("E044")
def test_hints_of_insert_update_and_delete(connection: Any) -> None:
    run = connection.execute
    ignored = insert(users).prefix_with("IGNORE").values(id=1, name="again")
    assert text(ignored) == "INSERT IGNORE INTO users (id, name) VALUES (%s, %s)"
    assert run(ignored).rowcount == 0
    assert run(update(users).prefix_with("LOW_PRIORITY", "IGNORE").values(n=3)).rowcount == 4
    run(orders.delete().prefix_with("QUICK"))
    assert connection.scalar(select(func.count()).select_from(orders)) == 0
    replaced = insert(users).values(id=1, name="new")
    assert text(replaced.prefix_with("IGNORE", dialect="mysql"), "mariadb").startswith("INSERT INTO users")


@pytest.mark.feature("E044")
def test_rollup(connection: Any) -> None:
    statement = select(u.n, func.count()).group_by(func.rollup(u.n))
    assert text(statement).endswith("GROUP BY users.n WITH ROLLUP")
    assert connection.execute(statement).all() == [(0, 2), (1, 2), (None, 4)]
    two = select(u.n, u.name, func.count()).group_by(func.rollup(u.n, u.name))
    assert len(connection.execute(two).all()) == 4 + 2 + 1


@pytest.mark.feature("E044")
def test_locks(connection: Any, mariadb_engine: Any) -> None:
    one = select(u.id).where(u.id == 1)
    everything = select(u.id).order_by(u.id)
    with mariadb_engine.connect() as other:
        assert connection.scalar(one.with_for_update()) == 1
        with pytest.raises(exc.OperationalError, match="Lock wait timeout|NOWAIT"):
            other.execute(one.with_for_update(nowait=True))
        other.rollback()
        assert other.scalars(everything.with_for_update(skip_locked=True)).all() == [2, 3, 4]
        other.rollback()
        connection.rollback()
        # those who share a lock do not keep each other out
        assert connection.scalar(one.with_for_update(read=True)) == 1
        assert other.scalar(one.with_for_update(read=True, nowait=True)) == 1
        with pytest.raises(exc.OperationalError):
            other.execute(one.with_for_update(nowait=True))
        other.rollback()
    assert text(one.with_for_update(read=True)).endswith("LOCK IN SHARE MODE")


# -- ON DUPLICATE KEY UPDATE ---------------------------------------------------------------------------


@pytest.mark.feature("E038")
def test_inserted_of_any_copy(connection: Any) -> None:
    """Whichever statement of a chain was asked for `inserted`, it is the same row."""
    base = mysql.insert(users)
    with_values = base.values(id=1, name="new")
    chains = [
        with_values.on_duplicate_key_update(name=base.inserted.name),
        with_values.on_duplicate_key_update(name=with_values.inserted.name),
        with_values.on_duplicate_key_update(name=base.values(id=2).inserted.name),
        base.values(id=1, name="new").on_duplicate_key_update(
            name=func.concat(base.inserted_alias.c.name, literal(""))
        ),
    ]
    for statement in chains:
        assert "VALUES(name)" in text(statement)
        connection.execute(users.update().values(name="old"))
        connection.execute(statement)
        assert connection.scalar(select(u.name).where(u.id == 1)) == "new"
    part = select(func.max(u.n)).where(u.name == base.inserted.name).scalar_subquery()
    assert "users AS inserted" not in text(with_values.on_duplicate_key_update(n=part))
