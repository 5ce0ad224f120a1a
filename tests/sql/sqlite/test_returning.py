"""RETURNING on SQLite."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, delete, func, insert, select, update
from relvar.dialects import sqlite

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("hits", Integer, server_default="7"),
)
u = users.c

DIALECT = sqlite.dialect()

PAIRS: list[Any] = [
    (
        insert(users).values(name="x").returning(users),
        "INSERT INTO users (name) VALUES (?) RETURNING id, name, hits",
    ),
    (
        insert(users).values(name="x").returning(u.id, (u.id + 1).label("next"), func.lower(u.name)),
        "INSERT INTO users (name) VALUES (?) RETURNING id, id + ? AS next, lower(name) AS lower_1",
    ),
    (insert(users).values(name="x"), "INSERT INTO users (name) VALUES (?)"),
    (
        insert(users).values(name="x").return_defaults(),
        "INSERT INTO users (name) VALUES (?) RETURNING id, hits",
    ),
    (
        update(users).where(u.id == 1).values(name="y").returning(u.name),
        "UPDATE users SET name=? WHERE users.id = ? RETURNING name",
    ),
    (
        update(users).where(u.id == 1).values(name=u.name + "y").return_defaults(u.name),
        "UPDATE users SET name=(users.name || ?) WHERE users.id = ? RETURNING name",
    ),
    (
        delete(users).where(u.id == 1).returning(u.id, u.name),
        "DELETE FROM users WHERE users.id = ? RETURNING id, name",
    ),
]


@pytest.mark.feature("E008")
@pytest.mark.parametrize("statement, expected", PAIRS)
def test_text(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == expected


@pytest.mark.feature("E008")
def test_rows_come_back(sqlite_engine: Any) -> None:
    metadata.create_all(sqlite_engine)
    with sqlite_engine.begin() as connection:
        run = connection.execute
        assert run(insert(users).values(name="a").returning(users)).one() == (1, "a", 7)
        many = insert(users).returning(u.id, u.name, sort_by_parameter_order=True)
        assert run(many, [{"name": n} for n in "bcd"]).all() == [(2, "b"), (3, "c"), (4, "d")]
        multi = insert(users).values([{"name": "e"}, {"name": "f"}]).returning(u.name)
        assert sorted(run(multi).scalars()) == ["e", "f"]
        copied = insert(users).from_select(["name"], select(u.name + "2").where(u.id < 3)).returning(u.name)
        assert sorted(run(copied).scalars()) == ["a2", "b2"]
        changed = update(users).where(u.id < 3).values(hits=u.hits + u.id).returning(u.id, u.hits)
        assert sorted(run(changed).all()) == [(1, 8), (2, 9)]
        assert run(delete(users).where(u.id == 1).returning(u.name)).scalar_one() == "a"
        defaults = run(insert(users).values(name="z").return_defaults(u.hits))
        assert defaults.returned_defaults.hits == 7 and defaults.inserted_primary_key == (9,)
