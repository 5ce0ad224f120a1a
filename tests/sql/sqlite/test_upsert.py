"""INSERT ... ON CONFLICT of SQLite: its text, and what it does."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, UniqueConstraint, exc, func, select, text
from relvar.dialects import sqlite
from relvar.dialects.sqlite import insert

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True),
    Column("hits", Integer, default=1),
    Column("note", String, onupdate="noted"),
    UniqueConstraint("note", name="one_note"),
)
u = users.c
stmt = insert(users).values(id=1, name="ann")
new = stmt.excluded

DIALECT = sqlite.dialect()

PAIRS: list[Any] = [
    (
        stmt.on_conflict_do_nothing(),
        "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=["id"]),
        "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=[u.name]),
        "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=["name"], index_where=u.hits > 3),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (name) WHERE hits > "
            "__[POSTCOMPILE_hits_1] DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": new.name}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name "
            "= excluded.name"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=[u.id], set_={u.name: new.name + "!", "hits": u.hits + 1}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name "
            "= (excluded.name || ?), hits = (users.hits + ?)"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": "x"}, where=u.hits < 9),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name "
            "= ? WHERE users.hits < ?"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": new.name, "note": None}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name "
            "= excluded.name, note = ?"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=[func.lower(u.name)], set_={"name": new.name}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (lower(name)) DO UPDATE "
            "SET name = excluded.name"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], index_where=text("hits > 1"), set_={"hits": 5}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) WHERE hits > 1 DO "
            "UPDATE SET hits = ?"
        ),
    ),
    (
        stmt.on_conflict_do_update(set_={"name": func.upper(new.name)}),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT  DO UPDATE SET name = "
            "upper(excluded.name)"
        ),
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=["name"]).on_conflict_do_update(
            index_elements=["id"], set_={"name": new.name}
        ),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING ON "
            "CONFLICT (id) DO UPDATE SET name = excluded.name"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": new.name}).returning(u.id, u.name),
        (
            "INSERT INTO users (id, name, hits) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name "
            "= excluded.name RETURNING id, name"
        ),
    ),
    (
        insert(users)
        .from_select(["id", "name"], select(u.id, u.name).where(u.id > 3))
        .on_conflict_do_nothing(),
        (
            "INSERT INTO users (id, name, hits) SELECT users.id, users.name, ? AS anon_1 \nFROM "
            "users \nWHERE users.id > ? ON CONFLICT DO NOTHING"
        ),
    ),
    (
        insert(users).values([{"id": 1}, {"id": 2}]).on_conflict_do_nothing(),
        "INSERT INTO users (id, hits) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING",
    ),
]


@pytest.mark.feature("E007", "D031")
@pytest.mark.parametrize("statement, expected", PAIRS)
def test_text(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == expected


def rows(connection: Any) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(u.id, u.name, u.hits).order_by(u.id))]


@pytest.mark.feature("E007", "D031")
def test_the_row_that_is_there_changes_or_stays(sqlite_engine: Any) -> None:
    metadata.create_all(sqlite_engine)
    add = insert(users)
    update = add.on_conflict_do_update(
        index_elements=[u.id], set_={"name": add.excluded.name, "hits": u.hits + 1}
    )
    with sqlite_engine.begin() as connection:
        run = connection.execute
        run(add, [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}])
        run(add.on_conflict_do_nothing(), {"id": 1, "name": "other"})
        assert rows(connection) == [(1, "ann", 1), (2, "bob", 1)]
        run(update, {"id": 1, "name": "anna"})
        run(update, [{"id": 2, "name": "bobby"}, {"id": 3, "name": "cat"}])
        assert rows(connection) == [(1, "anna", 2), (2, "bobby", 2), (3, "cat", 1)]
        assert run(update.returning(u.id, u.hits), {"id": 3, "name": "kat"}).all() == [(3, 2)]
        several = add.on_conflict_do_nothing(index_elements=[u.name]).on_conflict_do_update(
            index_elements=[u.id], set_={"hits": 100}
        )
        run(several, [{"id": 9, "name": "kat"}, {"id": 2, "name": "new"}])
        assert rows(connection)[1:] == [(2, "bobby", 100), (3, "kat", 2)]
        only_small = add.on_conflict_do_update(index_elements=["id"], set_={"hits": 0}, where=u.hits < 50)
        run(only_small, [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        assert rows(connection)[:2] == [(1, "anna", 0), (2, "bobby", 100)]
        multi = add.values([{"id": 1, "name": "p"}, {"id": 5, "name": "q"}])
        run(multi.on_conflict_do_update(index_elements=["id"], set_={"name": multi.excluded.name}))
        assert rows(connection)[0][1] == "p" and rows(connection)[-1][:2] == (5, "q")


@pytest.mark.feature("E007")
def test_other_dialects_cannot() -> None:
    from relvar.dialects import mysql

    with pytest.raises(exc.UnsupportedCompilationError):
        stmt.on_conflict_do_nothing().compile(dialect=mysql.dialect())
    with pytest.raises(ValueError, match="set parameter dictionary must not be empty"):
        stmt.on_conflict_do_update(index_elements=["id"], set_={})
