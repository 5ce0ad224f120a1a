"""INSERT ... ON CONFLICT of PostgreSQL: its text, and what it does."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Index, Integer, MetaData, String, Table, UniqueConstraint, exc, func, select, text
from relvar.dialects import postgresql
from relvar.dialects.postgresql import insert

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("email", String(20)),
    Column("hits", Integer, server_default="1"),
    Column("note", String, onupdate="noted"),
    UniqueConstraint("name", name="one_name"),
)
u = users.c
partial = Index("one_email", u.email, unique=True, postgresql_where=u.hits < 100)
stmt = insert(users).values(id=1, name="ann")
new = stmt.excluded

DIALECT = postgresql.dialect()

PAIRS: list[Any] = [
    (
        stmt.on_conflict_do_nothing(),
        ("INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT DO NOTHING"),
    ),
    (
        stmt.on_conflict_do_nothing(constraint="one_name"),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT ON "
            "CONSTRAINT one_name DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_nothing(constraint=users.primary_key),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_nothing(constraint=partial),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(email) WHERE hits < %(hits_1)s::INTEGER DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=["id"]),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_nothing(index_elements=[u.name], index_where=u.hits > 3),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(name) WHERE hits > %(hits_1)s::INTEGER DO NOTHING"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": new.name}),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO UPDATE SET name = excluded.name"
        ),
    ),
    (
        stmt.on_conflict_do_update(constraint="one_name", set_={u.hits: u.hits + 1, "name": "x"}),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT ON "
            "CONSTRAINT one_name DO UPDATE SET name = %(param_1)s::VARCHAR, hits = (users.hits + "
            "%(hits_1)s::INTEGER)"
        ),
    ),
    (
        stmt.on_conflict_do_update(constraint=partial, set_={"email": new.email}),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(email) WHERE hits < %(hits_1)s::INTEGER DO UPDATE SET email = excluded.email"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_=new),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO UPDATE SET id = excluded.id, name = excluded.name, email = excluded.email, hits "
            "= excluded.hits, note = excluded.note"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=["id"], set_={"name": new.name}, where=u.hits < 9),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO UPDATE SET name = excluded.name WHERE users.hits < %(hits_1)s::INTEGER"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=[func.lower(u.name)], set_={"note": None}),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(lower(name)) DO UPDATE SET note = %(param_1)s::VARCHAR"
        ),
    ),
    (
        stmt.on_conflict_do_update(index_elements=[text("lower(name)")], set_={"name": func.upper(new.name)}),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(lower(name)) DO UPDATE SET name = upper(excluded.name)"
        ),
    ),
    (
        stmt.on_conflict_do_update(
            index_elements=["id"], set_={"hits": select(func.max(u.hits)).scalar_subquery()}
        ).returning(u.id, u.hits),
        (
            "INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR) ON CONFLICT "
            "(id) DO UPDATE SET hits = (SELECT max(users.hits) AS max_1 \nFROM users) RETURNING "
            "users.id, users.hits"
        ),
    ),
    (
        insert(users).from_select(["id", "name"], select(u.id, u.name)).on_conflict_do_nothing(),
        ("INSERT INTO users (id, name) SELECT users.id, users.name \nFROM users ON CONFLICT DO NOTHING"),
    ),
    (
        insert(users).values([{"id": 1}, {"id": 2}]).on_conflict_do_nothing(),
        ("INSERT INTO users (id) VALUES (%(id_m0)s::INTEGER), (%(id_m1)s::INTEGER) ON CONFLICT DO NOTHING"),
    ),
]


@pytest.mark.feature("E023", "D031")
@pytest.mark.parametrize("statement, expected", PAIRS)
def test_text(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == expected


def rows(connection: Any) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(u.id, u.name, u.hits).order_by(u.id))]


@pytest.mark.feature("E023", "D031")
def test_the_row_that_is_there_changes_or_stays(pg_engine: Any) -> None:
    metadata.create_all(pg_engine)
    add = insert(users)
    update = add.on_conflict_do_update(
        index_elements=[u.id], set_={"name": add.excluded.name, "hits": u.hits + 1}
    )
    with pg_engine.begin() as connection:
        run = connection.execute
        run(add, [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}])
        run(add.on_conflict_do_nothing(), {"id": 1, "name": "other"})
        run(add.on_conflict_do_nothing(constraint="one_name"), {"id": 7, "name": "bob"})
        assert rows(connection) == [(1, "ann", 1), (2, "bob", 1)]
        run(update, {"id": 1, "name": "anna"})
        run(update, [{"id": 2, "name": "bobby"}, {"id": 3, "name": "cat"}])
        assert rows(connection) == [(1, "anna", 2), (2, "bobby", 2), (3, "cat", 1)]
        returned = update.returning(u.id, u.hits, sort_by_parameter_order=False)
        assert run(returned, {"id": 3, "name": "kat"}).all() == [(3, 2)]
        by_constraint = add.on_conflict_do_update(constraint="one_name", set_={"hits": 50})
        run(by_constraint, {"id": 9, "name": "kat"})
        assert rows(connection)[2] == (3, "kat", 50)
        run(add, {"id": 4, "name": "dan", "email": "d@x"})
        by_index = add.on_conflict_do_update(constraint=partial, set_={"name": "by index"})
        run(by_index, {"id": 5, "name": "eve", "email": "d@x"})
        assert rows(connection)[3] == (4, "by index", 1)
        only_small = add.on_conflict_do_update(index_elements=["id"], set_={"hits": 0}, where=u.hits < 9)
        run(only_small, [{"id": 1, "name": "a"}, {"id": 3, "name": "c"}])
        assert [row[2] for row in rows(connection)] == [0, 2, 50, 1]


@pytest.mark.feature("E023")
def test_what_is_refused() -> None:
    for arguments, message in [
        (
            {"constraint": "x", "index_elements": ["id"], "set_": {"id": 1}},
            "'constraint' and 'index_elements' are mutually exclusive",
        ),
        (
            {"set_": {"id": 1}},
            "Either constraint or index_elements, but not both, must be specified unless DO NOTHING",
        ),
        ({"index_elements": ["id"], "set_": {}}, "set parameter dictionary must not be empty"),
    ]:
        with pytest.raises((ValueError, exc.ArgumentError), match=message):
            stmt.on_conflict_do_update(**arguments)
