"""One statement, and what each dialect makes of it; then the same on the servers that are here."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from relvar import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    exc,
    extract,
    from_dml_column,
    func,
    insert,
    select,
    try_cast,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)),
    Column("made", DateTime),
)
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("text", String(40)),
)
u, n = users.c, notes.c

DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mssql": mssql.dialect(),
}


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    when = datetime.datetime(2024, 5, 17, 13, 45, 30)
    with engine.begin() as connection:
        names = ["ann", "Bob", "cat", "dän"]
        connection.execute(
            insert(users), [{"id": i, "name": x, "made": when} for i, x in enumerate(names, 1)]
        )
        yield connection


def texts(statement: Any, *names: str) -> dict[str, str]:
    return {name: str(statement.compile(dialect=DIALECTS[name])) for name in names or DIALECTS}


@pytest.mark.feature("S011")
def test_the_number_of_rows(connection: Any) -> None:
    ten = select(u.id).order_by(u.id).limit(10)
    assert texts(ten) == {
        "sqlite": "SELECT users.id \nFROM users ORDER BY users.id\n LIMIT ? OFFSET ?",
        "postgresql": "SELECT users.id \nFROM users ORDER BY users.id \n LIMIT %(param_1)s::INTEGER",
        "mysql": "SELECT users.id \nFROM users ORDER BY users.id \n LIMIT %s",
        "mssql": "SELECT TOP __[POSTCOMPILE_param_1] users.id \nFROM users ORDER BY users.id",
    }
    shown = {"compile_kwargs": {"literal_binds": True}}
    assert str(ten.compile(dialect=DIALECTS["mssql"], **shown)).startswith("SELECT TOP 10 users.id \n")
    assert str(ten.compile(dialect=DIALECTS["mysql"], **shown)).endswith("\n LIMIT 10")
    assert connection.scalars(ten.limit(2)).all() == [1, 2]
    assert connection.scalars(ten.limit(2).offset(1)).all() == [2, 3]
    assert connection.scalars(ten.limit(None).offset(3)).all() == [4]
    assert connection.scalars(ten.slice(1, 2)).all() == [2]


@pytest.mark.feature("D032")
@pytest.mark.backends("sqlite", "postgresql")
def test_changes_with_common_tables(connection: Any) -> None:
    run = connection.execute
    old = select(u.id).where(u.id < 3).cte("old")
    run(update(users).values(name="old").where(u.id.in_(select(old.c.id))))
    assert run(select(u.name).order_by(u.id)).scalars().all() == ["old", "old", "cat", "dän"]
    run(delete(users).where(u.id.in_(select(old.c.id))))
    assert run(select(u.id).order_by(u.id)).scalars().all() == [3, 4]
    copied = insert(notes).from_select(["user_id"], select(select(u.id).cte("all_users").c.id))
    run(copied)
    assert sorted(run(select(n.user_id)).scalars()) == [3, 4]
    if connection.dialect.name == "postgresql":
        gone = delete(notes).where(n.user_id == 3).returning(n.user_id).cte("gone")
        assert run(select(gone.c.user_id)).scalars().all() == [3]
        moved = delete(notes).returning(n.user_id).cte("moved")
        run(update(users).values(name="moved").where(u.id == moved.c.user_id).add_cte(moved))
        assert run(select(u.name).order_by(u.id)).scalars().all() == ["cat", "moved"]


@pytest.mark.feature("D039")
def test_patterns(connection: Any) -> None:
    def ids(criterion: Any) -> list[int]:
        return list(connection.scalars(select(u.id).where(criterion).order_by(u.id)))

    assert ids(u.name.regexp_match("^[ac]")) == [1, 3]
    assert ids(~u.name.regexp_match("^[ac]")) == [2, 4]
    if connection.dialect.name == "postgresql":
        assert ids(u.name.regexp_match("^b", flags="i")) == [2]
        assert connection.scalar(select(u.name.regexp_replace("a", "o", flags="g")).where(u.id == 3)) == "cot"
        assert ids(u.name.match("cat")) == [3]
    if connection.dialect.name == "mariadb":
        assert connection.scalar(select(u.name.regexp_replace("a", "o")).where(u.id == 3)) == "cot"
    with pytest.raises(exc.CompileError, match="mssql dialect does not support regular expressions"):
        u.name.regexp_match("x").compile(dialect=mssql.dialect())
    assert texts(u.name.regexp_match("x"), "sqlite", "postgresql", "mysql") == {
        "sqlite": "users.name REGEXP ?",
        "postgresql": "users.name ~ %(name_1)s::VARCHAR",
        "mysql": "users.name REGEXP %s",
    }
    assert texts(u.name.match("x")) == {
        "sqlite": "users.name MATCH ?",
        "postgresql": "users.name @@ plainto_tsquery(%(name_1)s::VARCHAR)",
        "mysql": "MATCH (users.name) AGAINST (%s IN BOOLEAN MODE)",
        "mssql": "CONTAINS (users.name, :name_1)",
    }


@pytest.mark.feature("D043")
def test_bits(connection: Any) -> None:
    found = connection.execute(
        select(
            u.id.bitwise_and(6),
            u.id.bitwise_or(8),
            u.id.bitwise_lshift(2),
            (u.id + 8).bitwise_rshift(1),
            u.id.bitwise_and(5) == 1,
        ).where(u.id == 3)
    ).one()
    assert tuple(found) == (2, 11, 12, 5, True)
    if connection.dialect.name != "sqlite":
        assert connection.scalar(select(u.id.bitwise_xor(1)).where(u.id == 3)) == 2
    assert connection.scalar(select(u.id.bitwise_not().bitwise_and(7)).where(u.id == 3)) == 4
    assert texts(u.id.bitwise_xor(1))["postgresql"] == "users.id # %(id_1)s::INTEGER"
    assert texts(u.id.bitwise_xor(1))["mysql"] == "users.id ^ %s"


@pytest.mark.feature("D044")
def test_strings(connection: Any) -> None:
    both = select(u.name + "-" + u.name, u.name.concat("!"), "<" + u.name).where(u.id == 2)
    assert tuple(connection.execute(both).one()) == ("Bob-Bob", "Bob!", "<Bob")
    collation = {"sqlite": "NOCASE", "postgresql": "C", "mariadb": "utf8mb4_bin"}[connection.dialect.name]
    ordered = connection.scalars(select(u.name).where(u.id < 4).order_by(u.name.collate(collation))).all()
    assert ordered == (["ann", "Bob", "cat"] if collation == "NOCASE" else ["Bob", "ann", "cat"])
    assert texts(u.name + "x") == {
        "sqlite": "users.name || ?",
        "postgresql": "users.name || %(name_1)s::VARCHAR",
        "mysql": "concat(users.name, %s)",
        "mssql": "users.name + :name_1",
    }
    assert str(u.name.collate("de_DE")) == 'users.name COLLATE "de_DE"'
    assert str(u.name.collate("x", collation_schema="My")) == 'users.name COLLATE "My".x'


@pytest.mark.feature("D047")
def test_parts_of_times(connection: Any) -> None:
    parts = ["year", "month", "day", "hour", "minute", "second"]
    row = connection.execute(select(*(extract(part, u.made) for part in parts)).where(u.id == 1)).one()
    assert [int(part) for part in row] == [2024, 5, 17, 13, 45, 30]
    assert connection.scalars(select(u.id).where(extract("month", u.made) == 5, u.id < 2)).all() == [1]
    assert texts(extract("year", u.made)) == {
        "sqlite": "CAST(STRFTIME('%Y', users.made) AS INTEGER)",
        "postgresql": "EXTRACT(year FROM users.made)",
        "mysql": "EXTRACT(year FROM users.made)",
        "mssql": "DATEPART(year, users.made)",
    }


@pytest.mark.feature("D046")
def test_casts(connection: Any) -> None:
    assert connection.scalar(select(cast(u.id, String(5)) + "!").where(u.id == 3)) == "3!"
    assert texts(cast(u.id, String(5))) == {
        "sqlite": "CAST(users.id AS VARCHAR(5))",
        "postgresql": "CAST(users.id AS VARCHAR(5))",
        "mysql": "CAST(users.id AS CHAR(5))",
        "mssql": "CAST(users.id AS VARCHAR(5))",
    }
    assert (
        str(try_cast(u.name, Integer).compile(dialect=DIALECTS["mssql"]))
        == "TRY_CAST (users.name AS INTEGER)"
    )


@pytest.mark.feature("D034")
@pytest.mark.backends("sqlite", "postgresql")
def test_a_new_value_is_used_again(connection: Any) -> None:
    pairs = Table("pairs", MetaData(), Column("x", Integer), Column("y", Integer))
    pairs.create(connection)
    made = insert(pairs).values(x=func.abs(-3), y=from_dml_column(pairs.c.x) + 5)
    assert str(made) == "INSERT INTO pairs (x, y) VALUES (abs(:abs_1), (abs(:abs_1) + :param_1))"
    connection.execute(made)
    assert connection.execute(select(pairs)).one() == (3, 8)
    connection.execute(update(pairs).values(x=pairs.c.y * 2, y=from_dml_column(pairs.c.x) + 1))
    assert connection.execute(select(pairs)).one() == (16, 17)
