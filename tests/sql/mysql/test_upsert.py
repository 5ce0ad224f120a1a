"""INSERT ... ON DUPLICATE KEY UPDATE of MySQL and MariaDB: its text, and what it does."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, exc, func, literal_column, select
from relvar.dialects import mysql
from relvar.dialects.mysql import insert

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("hits", Integer, server_default="1"),
    Column("note", String(20), onupdate="noted"),
)
u = users.c
stmt = insert(users).values(id=1, name="ann")
new = stmt.inserted

DIALECT = mysql.dialect()
WITH_ALIAS = mysql.dialect()
WITH_ALIAS._requires_alias_for_on_duplicate_key = True
DIALECTS = {"PAIRS": DIALECT, "PAIRS_WITH_ALIAS": WITH_ALIAS}

PAIRS: list[Any] = [
    (
        stmt.on_duplicate_key_update(name="x"),
        "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = %s",
    ),
    (
        stmt.on_duplicate_key_update(name=new.name, hits=u.hits + 1),
        (
            "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = "
            "VALUES(name), hits = (users.hits + %s)"
        ),
    ),
    (
        stmt.on_duplicate_key_update({"name": new.name}),
        "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = VALUES(name)",
    ),
    (
        stmt.on_duplicate_key_update([("hits", 5), ("name", func.upper(new.name))]),
        (
            "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE hits = %s, name = "
            "upper(VALUES(name))"
        ),
    ),
    (
        stmt.on_duplicate_key_update(name=None),
        "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = %s",
    ),
    (
        stmt.on_duplicate_key_update(hits=select(func.max(u.hits)).scalar_subquery()),
        (
            "INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE hits = (SELECT "
            "max(users.hits) AS max_1 \nFROM users)"
        ),
    ),
    (
        insert(users).values([{"id": 1}, {"id": 2}]).on_duplicate_key_update(name="x"),
        "INSERT INTO users (id) VALUES (%s), (%s) ON DUPLICATE KEY UPDATE name = %s",
    ),
]

PAIRS_WITH_ALIAS: list[Any] = [
    (
        stmt.on_duplicate_key_update(name="x"),
        "INSERT INTO users (id, name) VALUES (%s, %s) AS new ON DUPLICATE KEY UPDATE name = %s",
    ),
    (
        stmt.on_duplicate_key_update(name=new.name, hits=u.hits + new.hits),
        (
            "INSERT INTO users (id, name) VALUES (%s, %s) AS new ON DUPLICATE KEY UPDATE name = "
            "new.name, hits = (users.hits + new.hits)"
        ),
    ),
    (
        stmt.on_duplicate_key_update(name=func.concat(new.name, "!")),
        (
            "INSERT INTO users (id, name) VALUES (%s, %s) AS new ON DUPLICATE KEY UPDATE name = "
            "concat(new.name, %s)"
        ),
    ),
]


@pytest.mark.feature("E038", "D031")
@pytest.mark.parametrize("statement, expected", PAIRS)
def test_text(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == expected


@pytest.mark.feature("E038", "D031")
@pytest.mark.parametrize("statement, expected", PAIRS_WITH_ALIAS)
def test_text_of_newer_servers(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=WITH_ALIAS)) == expected


@pytest.mark.feature("E038", "D031")
def test_the_row_that_is_there_changes(mariadb_engine: Any) -> None:
    metadata.create_all(mariadb_engine)
    add = insert(users)
    update = add.on_duplicate_key_update(name=add.inserted.name, hits=u.hits + literal_column("1"))
    with mariadb_engine.begin() as connection:
        run = connection.execute
        run(add, [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}])
        run(update, {"id": 1, "name": "anna"})
        run(update, [{"id": 2, "name": "bobby"}, {"id": 3, "name": "cat"}])
        rows = run(select(u.id, u.name, u.hits).order_by(u.id)).all()
        assert rows == [(1, "anna", 2), (2, "bobby", 2), (3, "cat", 1)]


@pytest.mark.feature("E038")
def test_what_is_refused() -> None:
    for positional, named, message in [
        (({},), {}, "update parameter dictionary must not be empty"),
        (([],), {}, "update parameter must be a non-empty dictionary or a ColumnCollection"),
        (({"name": 1},), {"hits": 2}, "Can't pass kwargs and positional arguments simultaneously"),
        (({"name": 1}, {"hits": 2}), {}, "Only a single dictionary or list of tuples"),
    ]:
        with pytest.raises((ValueError, exc.ArgumentError), match=message):
            stmt.on_duplicate_key_update(*positional, **named)
