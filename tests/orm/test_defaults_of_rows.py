"""
Defaults that are computed for each row: once, in the order of the columns, on every way of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Dialect, Integer, String, TypeDecorator, func, insert, inspect, literal, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase): ...


calls: list[str] = []


def counted() -> int:
    calls.append("counted")
    return len(calls)


def derived(context: Any) -> str:
    calls.append("derived")
    known = context.get_current_parameters()
    return f"{known['name']}/{known['state']}/{known['number']}"


class Folded(TypeDecorator[str]):
    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.lower()


class Alike(TypeDecorator[str]):
    impl = String(20)
    cache_ok = True

    def compare_values(self, x: Any, y: Any) -> bool:
        return str(x).lower() == str(y).lower()


class Job(Base):
    __tablename__ = "job_defaults"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="new")
    number: Mapped[int] = mapped_column(default=counted)
    label: Mapped[str] = mapped_column(String(60), default=derived)
    size: Mapped[int | None]
    touched: Mapped[int | None] = mapped_column(onupdate=counted)
    mark: Mapped[str | None] = mapped_column(String(10), onupdate="seen")


class Item(Base):
    __tablename__ = "item_defaults"

    id: Mapped[int] = mapped_column(primary_key=True)
    folded: Mapped[str | None] = mapped_column(Folded)
    alike: Mapped[str | None] = mapped_column(Alike)
    number: Mapped[int] = mapped_column(Integer, default=counted)


@pytest.fixture
def session(engine: Any) -> Iterator[Session]:
    Base.metadata.create_all(engine)
    calls.clear()
    with Session(engine) as session:
        yield session
    Base.metadata.drop_all(engine)


def stored(session: Session) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in session.execute(
            select(Job.name, Job.state, Job.number, Job.label, Job.size).order_by(Job.name)
        )
    ]


def test_defaults_follow_the_columns_before_them(session: Session) -> None:
    jobs = [Job(name="a"), Job(name="b", state="old"), Job(name="c", number=70), Job(name="d", label="own")]
    session.add_all(jobs)
    session.flush()
    assert calls == ["counted", "derived", "counted", "derived", "derived", "counted"]
    assert [(job.state, job.number, job.label) for job in jobs] == [
        ("new", 1, "a/new/1"),
        ("old", 3, "b/old/3"),
        ("new", 70, "c/new/70"),
        ("new", 6, "own"),
    ]
    assert all("label" not in inspect(job).unloaded for job in jobs)
    assert stored(session) == [(job.name, job.state, job.number, job.label, None) for job in jobs]


def test_an_expression_behind_a_default_does_not_compute_it_twice(session: Session) -> None:
    session.add_all([Job(name="a", size=literal(2) + 3), Job(name="b", size=4)])  # type: ignore[arg-type]  # SQL
    session.flush()
    assert calls == ["counted", "derived", "counted", "derived"]
    assert stored(session) == [("a", "new", 1, "a/new/1", 5), ("b", "new", 3, "b/new/3", 4)]


@pytest.mark.parametrize("way", ["core", "orm", "mappings"])
def test_defaults_of_many_rows(session: Session, way: str) -> None:
    rows = [{"name": name, "folded": None, "alike": "x"} for name in "ab"]
    items = [{key: row[key] for key in ("folded", "alike")} for row in rows]
    if way == "core":
        session.execute(insert(Job.__table__), [{"name": row["name"]} for row in rows])
        session.execute(insert(Item.__table__), items)
    elif way == "orm":
        session.execute(insert(Job), [{"name": row["name"]} for row in rows])
        session.execute(insert(Item), items)
    else:
        session.bulk_insert_mappings(inspect(Job), [{"name": row["name"]} for row in rows])
        session.bulk_insert_mappings(inspect(Item), items)
    assert calls == ["counted", "derived", "counted", "derived", "counted", "counted"]
    assert stored(session) == [("a", "new", 1, "a/new/1", None), ("b", "new", 3, "b/new/3", None)]
    assert session.scalars(select(Item.number).order_by(Item.number)).all() == [5, 6]


def test_onupdate_where_something_else_has_changed(session: Session) -> None:
    jobs = [Job(name=name, state="s", number=0, label="l") for name in "abcd"]
    session.add_all(jobs)
    session.flush()
    assert calls == []
    jobs[0].state = "t"
    jobs[1].touched = 50
    jobs[2].name = "c"
    jobs[3].size = func.length("four")  # type: ignore[assignment]  # SQL
    session.flush()
    assert calls == ["counted", "counted"]
    assert [(job.touched, job.mark, job.size) for job in jobs] == [
        (1, "seen", None),
        (50, "seen", None),
        (None, None, None),
        (2, "seen", 4),
    ]
    session.expire_all()
    assert [(job.touched, job.mark, job.size) for job in jobs] == [
        (1, "seen", None),
        (50, "seen", None),
        (None, None, None),
        (2, "seen", 4),
    ]


def test_values_are_compared_as_their_type_says(session: Session, sql_log: Any) -> None:
    items = [Item(folded="A", alike="A") for _ in range(2)]
    session.add_all(items)
    session.flush()
    sent = sql_log(session.get_bind())
    for item in items:
        item.folded, item.alike = "A", "a"
    session.flush()
    assert sent == []
    items[0].folded, items[1].alike = "a", "b"
    session.flush()
    session.expire_all()
    assert [(item.folded, item.alike) for item in items] == [("a", "A"), ("a", "b")]
