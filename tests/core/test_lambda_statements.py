"""Statements made by lambdas: built once, with the values of each call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    exc,
    insert,
    lambda_stmt,
    select,
    update,
)
from relvar.orm import Session, load_only, registry
from relvar.sql import LambdaElement, StatementLambdaElement

metadata = MetaData()
t = Table(
    "t", metadata, Column("id", Integer, primary_key=True), Column("name", String(10)), Column("v", Integer)
)

WANTED = 1


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(t), [{"id": i, "name": f"n{i % 2}", "v": i * 10} for i in range(1, 5)])
        yield connection


def above(least: int, limit: int | None = None) -> StatementLambdaElement:
    statement = lambda_stmt(lambda: select(t.c.id).order_by(t.c.id))
    statement += lambda s: s.where(t.c.id > least)
    if limit:
        statement += lambda s: s.limit(limit)
    return statement


@pytest.mark.feature("A027")
def test_values_are_those_of_each_call(conn: Any) -> None:
    assert [conn.scalars(above(least)).all() for least in (1, 2, 3)] == [[2, 3, 4], [3, 4], [4]]
    assert [conn.scalars(above(0, limit)).all() for limit in (2, 3)] == [[1, 2], [1, 2, 3]]
    assert isinstance(above(1), StatementLambdaElement) and isinstance(above(1), LambdaElement)
    assert above(1).is_select
    assert str(above(1)).startswith("SELECT t.id")

    def among(ids: list[int]) -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(t.c.id.in_(ids)).order_by(t.c.id))

    assert [conn.scalars(among(ids)).all() for ids in ([1, 2], [3])] == [[1, 2], [3]]

    class Holder:
        x = 1

    def of(holder: Holder) -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(t.c.id == holder.x))

    with pytest.raises(exc.InvalidRequestError, match="Closure variable named 'holder'"):
        conn.scalar(of(Holder()))

    def called(function: Callable[[], int]) -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(t.c.id == function()))

    assert [conn.scalar(called(lambda: 1)), conn.scalar(called(lambda: 2))] == [1, 2]


@pytest.mark.feature("A027")
@pytest.mark.backends("sqlite")
def test_globals_columns_and_what_is_tracked(conn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_global() -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(t.c.id == WANTED))

    assert conn.scalar(of_global()) == 1
    monkeypatch.setitem(globals(), "WANTED", 2)
    assert conn.scalar(of_global()) == 2

    def of_column(column: Any) -> Any:
        return lambda_stmt(lambda: select(column).order_by(column))

    assert conn.scalars(of_column(t.c.id)).all() == [1, 2, 3, 4]
    assert conn.scalars(of_column(t.c.v)).all() == [10, 20, 30, 40]

    def tracked(criterion: Any) -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(criterion), track_on=[criterion])

    assert [conn.scalar(tracked(t.c.id == i)) for i in (2, 3)] == [2, 3]

    def untracked(value: int, **options: Any) -> Any:
        return lambda_stmt(lambda: select(t.c.id).where(t.c.id == value), **options)

    for options in (
        {"enable_tracking": False},
        {"global_track_bound_values": False},
        {"lambda_cache": {}},
    ):
        assert conn.scalar(untracked(1, **options)) == 1
    with pytest.raises(exc.ArgumentError):
        lambda_stmt(lambda: 5)


@pytest.mark.feature("A027")
def test_statements_of_all_kinds(conn: Any) -> None:
    def change(id_: int) -> Any:
        return lambda_stmt(lambda: update(t).where(t.c.id == id_).values(v=id_))

    assert [conn.execute(change(id_)).rowcount for id_ in (1, 2, 9)] == [1, 1, 0]
    assert conn.scalars(select(t.c.v).where(t.c.id < 3).order_by(t.c.id)).all() == [1, 2]
    named = lambda_stmt(lambda: select(t.c.id).where(t.c.id == bindparam("q")))
    assert conn.scalar(named, {"q": 3}) == 3

    def where(value: int) -> Any:
        return select(t.c.id).where(lambda: t.c.id == value)

    assert [conn.scalar(where(value)) for value in (1, 2)] == [1, 2]

    def below(most: int) -> Any:
        return above(1).add_criteria(lambda s: s.where(t.c.id < most))

    assert [conn.scalars(below(most)).all() for most in (3, 4)] == [[2], [2, 3]]
    assert conn.scalars(above(1).spoil() + (lambda s: s.where(t.c.id == 2))).all() == [2]


@pytest.mark.feature("A027")
@pytest.mark.backends("sqlite")
def test_built_once_and_found_again(conn: Any, sql_log: Any) -> None:
    built: list[int] = []

    def select_ids() -> Any:
        built.append(1)
        return select(t.c.id)

    def statement(value: int) -> Any:
        made = lambda_stmt(lambda: select_ids())
        made += lambda s: s.where(t.c.id == value)
        return made

    log = sql_log(conn.engine)
    assert [conn.scalar(statement(value)) for value in (1, 2, 3)] == [1, 2, 3]
    assert len(built) == 1
    assert len(set(log.texts())) == 1


@pytest.mark.feature("A027")
@pytest.mark.backends("sqlite")
def test_entities(conn: Any) -> None:
    class Thing:
        pass

    mapping = registry()
    mapping.map_imperatively(Thing, t)
    with Session(conn) as session:

        def by_id(id_: int) -> Any:
            return lambda_stmt(lambda: select(Thing).where(Thing.id == id_))

        assert [session.scalars(by_id(id_)).one().v for id_ in (1, 2)] == [10, 20]
        some = by_id(3) + (lambda s: s.options(load_only(Thing.name)))
        thing = session.scalars(some).one()
        assert "v" not in thing.__dict__ and thing.v == 30
    mapping.dispose()
