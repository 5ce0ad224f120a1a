"""
What the database or a flush computes: versions of rows, server defaults, SQL expressions as values.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    FetchedValue,
    ForeignKey,
    Integer,
    String,
    Uuid,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
    text,
    update,
)
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
from relvar.orm.exc import FlushError, StaleDataError


class Base(DeclarativeBase): ...


class Counted(Base):
    __tablename__ = "counted"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(10))
    __mapper_args__ = {"version_id_col": version, "polymorphic_on": kind, "polymorphic_identity": "counted"}


class SubCounted(Counted):
    __tablename__ = "sub_counted"
    id: Mapped[int] = mapped_column(ForeignKey("counted.id"), primary_key=True)
    extra: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "sub"}


class Marked(Base):
    __tablename__ = "marked"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[uuid.UUID] = mapped_column(Uuid)
    name: Mapped[str | None] = mapped_column(String(10))
    __mapper_args__ = {"version_id_col": version, "version_id_generator": lambda version: uuid.uuid4()}


class ByHand(Base):
    __tablename__ = "by_hand"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    name: Mapped[str | None] = mapped_column(String(10))
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class Lost(Base):
    __tablename__ = "lost"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int | None] = mapped_column()
    __mapper_args__ = {"version_id_col": version, "version_id_generator": lambda version: None}


class Row(Base):
    __tablename__ = "row_of_defaults"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(10))
    number: Mapped[int | None] = mapped_column(default=0)
    made: Mapped[str] = mapped_column(String(10), server_default="made")
    length: Mapped[int] = mapped_column(default=func.length("abc"))
    changed: Mapped[int | None] = mapped_column(onupdate=func.length("abcd"))
    counted: Mapped[int | None] = mapped_column(onupdate=lambda: 6)


class EagerRow(Row):
    __mapper_args__ = {"eager_defaults": True, "concrete": True}
    __tablename__ = "eager_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(10))
    number: Mapped[int | None] = mapped_column(default=0)
    made: Mapped[str] = mapped_column(String(10), server_default="made")
    length: Mapped[int] = mapped_column(default=func.length("abc"))
    changed: Mapped[int | None] = mapped_column(onupdate=func.length("abcd"))
    counted: Mapped[int | None] = mapped_column(onupdate=lambda: 6)


class LazyRow(Base):
    __tablename__ = "lazy_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[str] = mapped_column(String(10), server_default="made")
    __mapper_args__ = {"eager_defaults": False}


@pytest.fixture
def session(engine: Any) -> Iterator[Session]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def has_returning(session: Session) -> bool:
    return bool(session.get_bind().dialect.update_returning)


def test_rows_that_count_and_rows_that_the_program_counts_go_together(session: Session) -> None:
    rows = [Counted(name="a") for _ in range(4)]
    session.add_all(rows)
    session.commit()
    assert [row.version for row in rows] == [1, 1, 1, 1]
    session.expire(rows[0], ["version"])
    for row in rows[:3]:
        row.name = "b"
    rows[1].version = 10
    session.commit()
    assert [row.version for row in rows] == [2, 10, 2, 1]
    rows[1].version = 20
    for row in rows:
        session.delete(row)
    session.commit()
    assert session.scalars(select(Counted)).all() == []


def test_a_version_that_is_lost_is_noticed(session: Session) -> None:
    session.add(Lost())
    with pytest.raises(FlushError, match="does not contain a non-NULL version"):
        session.flush()


@pytest.mark.feature("F035")
@pytest.mark.parametrize("cls", [Counted, Marked])
def test_an_update_meets_its_version_or_fails(session: Session, cls: Any, sql_log: Any) -> None:
    row = cls(name="a", version=None)
    session.add(row)
    session.commit()
    first = row.version
    log = sql_log(session.bind)
    row.name = "b"
    session.commit()
    (sent,) = [text for text in log.texts() if text.startswith("UPDATE")]
    changed, _, found = sent.partition(" WHERE ")
    assert "version=" in changed and ".version = " in found
    assert row.version != first and (cls is Marked or (first, row.version) == (1, 2))
    log.clear()
    row.name = "b"
    session.commit()
    assert not [text for text in log.texts() if text.startswith("UPDATE")]
    known = row.version
    other = 99 if cls is Counted else uuid.uuid4()
    for change in (lambda: setattr(row, "name", "late"), lambda: session.delete(row)):
        row.name  # loads it, and its version
        session.connection().execute(update(cls.__table__).values(version=other))
        change()
        with pytest.raises(StaleDataError, match=f"on table '{cls.__tablename__}' expected to"):
            session.flush()
        session.rollback()
    assert (row.name, row.version) == ("b", known)
    session.delete(row)
    session.commit()
    assert session.scalars(select(cls)).all() == []


@pytest.mark.feature("F035")
def test_versions_of_joined_tables(session: Session) -> None:
    row = SubCounted(name="a", extra=1)
    session.add(row)
    session.commit()
    row.extra = 2
    session.commit()
    assert row.version == 2
    # the version is part of the key of a merge too
    stale = SubCounted(id=row.id, version=1, extra=5)
    with pytest.raises(StaleDataError, match="does not match|Version id"):
        session.merge(stale)
    session.rollback()
    session.execute(update(Counted).values(name="bulk", version=Counted.version + 1))
    assert (row.name, row.version) == ("bulk", 3)


@pytest.mark.feature("F035")
def test_versions_that_the_program_or_the_database_counts(session: Session, sql_log: Any) -> None:
    row = ByHand(name="a")
    session.add(row)
    session.commit()
    assert row.version == 1
    row.name, row.version = "b", 2
    session.commit()
    assert row.version == 2
    log = sql_log(session.bind)
    row.name = "c"
    session.flush()
    (sent,) = [text for text in log.texts() if text.startswith("UPDATE")]
    assert ("RETURNING" in sent) == has_returning(session)
    row.name = "d"
    session.flush()
    assert row.version == 2
    session.connection().execute(update(ByHand.__table__).values(version=5))
    row.name = "e"
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()
    assert (row.name, row.version) == ("b", 2)


@pytest.mark.feature("F035")
def test_versions_of_postgresql_itself(pg_engine: Any) -> None:
    class Local(DeclarativeBase): ...

    class System(Local):
        __tablename__ = "system_version"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        xmin = mapped_column("xmin", Integer, system=True, server_default=FetchedValue())
        __mapper_args__ = {"version_id_col": xmin, "version_id_generator": False}

    Local.metadata.create_all(pg_engine)
    with Session(pg_engine) as session:
        row = System(name="a")
        session.add(row)
        session.commit()
        first = row.xmin
        row.name = "b"
        session.flush()
        assert "xmin" in row.__dict__ and row.xmin != first
        session.commit()
        row.name  # loads it
        with Session(pg_engine) as other:
            other.scalars(select(System)).one().name = "other"
            other.commit()
        row.name = "late"
        with pytest.raises(StaleDataError):
            session.commit()


@pytest.mark.feature("F035")
def test_mistakes_with_versions() -> None:
    with pytest.raises(exc.ArgumentError, match="version_id_col takes a column, not a name: got 'nope'"):

        class Wrong(Base):
            __tablename__ = "wrong"
            id: Mapped[int] = mapped_column(primary_key=True)
            __mapper_args__ = {"version_id_col": "nope"}


@pytest.mark.feature("F036")
def test_server_defaults_come_with_the_flush(session: Session, sql_log: Any) -> None:
    row, lazy, eager = Row(name="a"), LazyRow(), EagerRow(name="a")
    session.add_all([row, lazy])
    session.flush()
    log = sql_log(session.bind)
    assert {"made", "length"} <= set(row.__dict__) and (row.made, row.length, row.changed) == (
        "made",
        3,
        None,
    )
    assert not log
    assert "made" not in lazy.__dict__ and lazy.made == "made" and len(log) == 1
    session.add(eager)
    session.flush()
    log.clear()
    assert (eager.made, eager.length) == ("made", 3) and not log

    row.name = eager.name = "b"
    session.flush()
    assert (
        "changed" not in row.__dict__ and eager.__dict__["changed"] == 4 and row.counted == eager.counted == 6
    )
    sent = [text for text in log.texts() if "eager_row" in text and not text.startswith("INSERT")]
    if has_returning(session):
        assert len(sent) == 1 and "RETURNING" in sent[0]
    else:
        # no RETURNING: the flush reads what it has made the database compute
        assert [text.split(" ")[0] for text in sent] == ["UPDATE", "SELECT"]
    log.clear()
    assert row.changed == 4 and len(log) == 1
    session.delete(eager)
    session.commit()
    assert session.scalars(select(EagerRow)).all() == []


@pytest.mark.feature("F036")
def test_listeners_hear_of_defaults(session: Session) -> None:
    heard: list[Any] = []

    @event.listens_for(Row, "refresh_flush")
    def refreshed(target: Any, context: Any, attrs: Any) -> None:
        heard.append((target, set(attrs)))

    row = Row(name="a")
    session.add(row)
    session.flush()
    row.name = "b"
    session.flush()
    event.remove(Row, "refresh_flush", refreshed)
    (_, inserted), (_, updated) = heard
    assert {"made", "length", "number"} <= inserted and "id" not in inserted
    assert "counted" in updated


@pytest.mark.feature("F037")
def test_expressions_are_rendered_by_the_flush(session: Session, sql_log: Any) -> None:
    rows = [Row(id=1, name=func.lower("XX"), number=literal(3) + 4), Row(id=2, name="b"), Row(id=3, name="c")]
    session.add_all(rows)
    session.flush()
    log = sql_log(session.bind)
    first = rows[0]
    assert "name" not in first.__dict__ and (first.name, first.number) == ("xx", 7) and len(log) == 1
    assert (first.made, first.length) == ("made", 3)
    log.clear()
    for row in rows:
        row.number = Row.number + 10
    assert inspect(first).attrs.number.history.added[0] is first.__dict__["number"]
    session.flush()
    updates = [text for text in log.texts() if text.startswith("UPDATE")]
    assert len(updates) == 3 and all("number=(row_of_defaults.number + " in text for text in updates)
    assert [row.number for row in rows] == [17, 10, 10]
    first.number = select(func.max(LazyRow.id)).scalar_subquery()
    first.name = func.upper("q")
    session.commit()
    assert (first.name, first.number) == ("Q", None)
    rows[1].name = null()
    rows[2].name = text("'plain'")
    session.commit()
    assert [row.name for row in rows] == ["Q", None, "plain"]
    session.execute(delete(Row).where(Row.name == None))  # SQL
    assert session.scalars(select(Row.id).order_by(Row.id)).all() == [1, 3]
    key = Row(id=func.coalesce(null(), 77), name="key")
    session.add(key)
    if has_returning(session) or session.get_bind().dialect.insert_returning:
        session.flush()
        assert inspect(key).identity == (77,)


def test_a_new_object_that_takes_over_a_row_counts_on(session: Session) -> None:
    session.add(SubCounted(id=1, name="a", extra=1))
    session.commit()
    former = session.get_one(SubCounted, 1)
    session.delete(former)
    new = SubCounted(id=1, name="b", extra=2)
    session.add(new)
    session.commit()
    assert (new.version, new.name, new.extra) == (2, "b", 2)
    former = session.get_one(SubCounted, 1)
    assert former.version == 2
    session.execute(text("UPDATE counted SET version = 9"))
    session.delete(former)
    session.add(SubCounted(id=1, name="c"))
    with pytest.raises(StaleDataError, match="UPDATE statement on table 'counted' expected to update 1 row"):
        session.flush()


def test_bulk_operations_have_versions(session: Session) -> None:
    session.execute(insert(SubCounted), [{"id": 1, "name": "a", "extra": 1}, {"id": 2, "name": "b"}])
    session.bulk_save_objects([Counted(id=3, name="c")])
    session.execute(insert(Marked), [{"id": 1, "name": "a"}])
    assert session.scalars(select(Counted.version)).all() == [1, 1, 1]
    assert isinstance(session.scalars(select(Marked.version)).one(), uuid.UUID)
    session.execute(insert(ByHand), [{"id": 1, "version": 5}])
    session.execute(update(ByHand), [{"id": 1, "version": 5, "name": "a"}])
    with pytest.raises(StaleDataError):
        session.execute(update(ByHand), [{"id": 1, "version": 4, "name": "b"}])


def test_an_expired_object_of_two_tables_is_deleted_by_its_version(session: Session) -> None:
    session.add(SubCounted(id=1, extra=1))
    session.commit()
    session.delete(session.get_one(SubCounted, 1))
    session.rollback()
    found = session.get_one(SubCounted, 1)
    session.expire(found)
    session.delete(found)
    session.commit()
    assert session.scalars(select(func.count()).select_from(Counted)).one() == 0
