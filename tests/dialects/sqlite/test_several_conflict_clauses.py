"""Several ON CONFLICT clauses: the first that is about the violated constraint decides."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, exc, insert, select
from relvar.dialects import sqlite

t = Table(
    "t",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("code", Integer, unique=True),
    Column("n", Integer),
)
needs_several = pytest.mark.skipif(
    sqlite3.sqlite_version_info < (3, 35), reason="SQLite takes several clauses since 3.35"
)


@needs_several
@pytest.mark.feature("E007")
def test_each_constraint_has_its_clause(sqlite_engine: Any) -> None:
    new = sqlite.insert(t)
    put = (
        new.on_conflict_do_nothing(index_elements=["id"])
        .on_conflict_do_update(
            index_elements=[t.c.name], set_={"n": t.c.n + new.excluded.n}, where=t.c.n < 100
        )
        .on_conflict_do_update(set_={"n": -1})
    )
    with sqlite_engine.begin() as connection:
        t.create(connection)
        connection.execute(insert(t), {"id": 1, "name": "a", "code": 1, "n": 10})
        connection.execute(put, {"id": 1, "name": "b", "code": 2, "n": 5})
        assert connection.execute(select(t)).all() == [(1, "a", 1, 10)]
        connection.execute(put, {"id": 2, "name": "a", "code": 2, "n": 5})
        assert connection.execute(select(t)).all() == [(1, "a", 1, 15)]
        found = connection.execute(put.returning(t.c.n), {"id": 2, "name": "b", "code": 1, "n": 5})
        assert found.all() == [(-1,)]
        rows = [{"id": 7, "name": "c", "code": 7, "n": 1}, {"id": 8, "name": "c", "code": 8, "n": 2}]
        connection.execute(put, rows)
        assert connection.scalar(select(t.c.n).where(t.c.id == 7)) == 3


@pytest.mark.feature("E007")
def test_a_clause_about_any_constraint_is_the_last() -> None:
    new = sqlite.insert(t).values(id=1)
    any_of_them = (new.on_conflict_do_nothing(), new.on_conflict_do_update(set_={"n": 1}))
    for statement in (
        *any_of_them,
        new.on_conflict_do_nothing(index_elements=["id"]).on_conflict_do_nothing(),
    ):
        for more in (
            lambda s: s.on_conflict_do_nothing(index_elements=["name"]),
            lambda s: s.on_conflict_do_update(index_elements=["name"], set_={"n": 2}),
        ):
            with pytest.raises(exc.InvalidRequestError, match="must be the last ON CONFLICT clause"):
                more(statement)
