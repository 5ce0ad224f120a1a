"""Many rows in one INSERT: how the text is put together, and that rows come back in order."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, func, insert, select
from relvar.dialects import postgresql, sqlite
from relvar.sql.compiler import InsertmanyvaluesSentinelOpts

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("hits", Integer, default=3),
)
u = users.c


def many(statement: Any, dialect: Any, keys: list[str]) -> Any:
    return statement.compile(dialect=dialect, column_keys=keys, for_executemany=True)


def test_the_values_are_known_apart() -> None:
    compiled = many(insert(users).returning(u.id), sqlite.dialect(), ["name"])
    assert str(compiled) == "INSERT INTO users (name, hits) VALUES (?, ?) RETURNING id"
    facts = compiled._insertmanyvalues
    assert facts.single_values_expr == "?, ?" and facts.num_positional_params_counted == 2
    assert [name for _, name, _, _ in facts.insert_crud_params] == ["name", "hits"]
    assert not facts.sort_by_parameter_order


def test_rows_in_order_need_a_sentinel() -> None:
    ordered = insert(users).returning(u.name, sort_by_parameter_order=True)
    compiled = many(ordered, postgresql.dialect(), ["name"])
    assert str(compiled) == (
        "INSERT INTO users (name, hits) SELECT p0::VARCHAR, p1::INTEGER FROM (VALUES (%(name)s::VARCHAR, "
        "%(hits)s::INTEGER)) AS imp_sen(p0, p1, sen_counter) ORDER BY sen_counter RETURNING users.name, "
        "users.id"
    )
    assert [column.name for column in compiled._insertmanyvalues.sentinel_columns] == ["id"]
    assert InsertmanyvaluesSentinelOpts.AUTOINCREMENT & InsertmanyvaluesSentinelOpts._SUPPORTED_OR_NOT


def test_nothing_to_batch() -> None:
    assert many(insert(users), sqlite.dialect(), ["name"])._insertmanyvalues is None
    assert (
        many(insert(users).from_select(["name"], select(u.name)), sqlite.dialect(), [])._insertmanyvalues
        is None
    )


@pytest.mark.feature("D030")
def test_rows_come_back_in_the_order_of_the_parameters(engine: Any) -> None:
    metadata.create_all(engine)
    names = [f"n{number:04}" for number in range(2500, 0, -1)]
    ordered = insert(users).returning(u.id, u.name, u.hits, sort_by_parameter_order=True)
    with engine.begin() as connection:
        rows = connection.execute(ordered, [{"name": name} for name in names]).all()
        assert [row.name for row in rows] == names and {row.hits for row in rows} == {3}
        assert len({row.id for row in rows}) == len(names)
        unordered = connection.execute(insert(users).returning(u.name), [{"name": name} for name in names])
        assert sorted(unordered.scalars()) == sorted(names)
        raised = insert(users).values(hits=func.length("four")).returning(u.name, u.hits)
        assert sorted(connection.execute(raised, [{"name": "x"}, {"name": "y"}]).all()) == [
            ("x", 4),
            ("y", 4),
        ]


@pytest.mark.feature("D027")
def test_defaults_of_every_row(engine: Any) -> None:
    numbers = iter(range(100))
    log = Table(
        "log",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("number", Integer, default=lambda: next(numbers)),
        Column("word", String(9), server_default="w"),
    )
    log.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(log), [{}, {}, {}])
        connection.execute(insert(log).values([{"word": "a"}, {"word": "b"}]))
        connection.execute(insert(log).values(number=50))
        connection.execute(insert(log))
        found = connection.execute(select(log.c.number, log.c.word).order_by(log.c.id)).all()
        expected = [(0, "w"), (1, "w"), (2, "w"), (3, "a"), (4, "b"), (50, "w"), (5, "w")]
        assert found == expected
        connection.execute(insert(log).from_select(["word"], select(log.c.word).where(log.c.word == "a")))
        assert connection.scalar(select(func.count()).where(log.c.word == "a")) == 2
