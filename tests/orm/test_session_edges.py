"""
What sessions do at their edges: defaults of columns that no attribute has, ends of transactions within
flushes, attributes that do not load themselves, objects taken out.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    event,
    exc,
    insert,
    inspect,
    literal,
    select,
    update,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    lazyload,
    make_transient,
    mapped_column,
    raiseload,
    relationship,
)
from relvar.orm.exc import StaleDataError


class Base(DeclarativeBase):
    pass


class Counter:
    """Makes a number of its own each time."""

    count = 0

    @classmethod
    def next(cls) -> int:
        cls.count += 1
        return cls.count


links = Table(
    "links",
    Base.metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    Column("weight", Integer, default=3, nullable=False),
)


class Item(Base):
    __table__ = Table(
        "items",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("n", Integer),
        Column("fixed", Integer, default=7),
        Column("made", Integer, default=Counter.next),
        Column("after", Integer, default=lambda context: context.get_current_parameters()["n"] + 1),
        Column("touched", Integer, onupdate=9),
    )
    __mapper_args__ = {"exclude_properties": ["fixed", "made", "after", "touched"]}

    id: Mapped[int]
    n: Mapped[int | None]
    tags: Mapped[list[Tag]] = relationship(secondary=links)
    parts: Mapped[list[Part]] = relationship(
        back_populates="item", lazy="raise", cascade="all, delete-orphan", order_by="Part.id"
    )


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)


class Part(Base):
    __tablename__ = "parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    item: Mapped[Item | None] = relationship(back_populates="parts", lazy="raise_on_sql")


class Staff(Base):
    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    n: Mapped[int | None]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "staff"}


class Engineer(Staff):
    grade: Mapped[int | None] = mapped_column(default=4)
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Lead(Engineer):
    level: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "lead"}


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        yield made


@pytest.fixture
def small(sqlite_engine: Any) -> Any:
    """A session where the database makes no difference, with an item and two parts."""
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as made:
        made.add(Item(id=1, n=1, parts=[Part(id=1), Part(id=2)]))
        made.commit()
        yield made


# -- columns without an attribute ----------------------------------------------------------------


def test_defaults_of_columns_without_attribute(session: Any) -> None:
    Counter.count = 0
    table = Item.__table__
    in_order = select(table).order_by(table.c.made)
    session.add_all([Item(n=1), Item(n=2)])
    session.flush()
    session.execute(insert(Item), [{"n": 3}, {"n": 4}])
    session.bulk_save_objects([Item(n=5)])
    rows = session.execute(in_order).all()
    assert [row[1:] for row in rows] == [(n, 7, n, n + 1, None) for n in range(1, 6)]
    session.get_one(Item, rows[0].id).n = 10
    session.flush()
    session.execute(update(Item), [{"id": rows[1].id, "n": 20}])
    assert [row[1:] for row in session.execute(in_order)][:2] == [(10, 7, 1, 2, 9), (20, 7, 2, 3, 9)]


def test_defaults_of_an_association_table(session: Any) -> None:
    session.add(Item(id=1, n=1, tags=[Tag(id=1), Tag(id=2)]))
    session.flush()
    assert session.execute(select(links)).all() == [(1, 1, 3), (1, 2, 3)]


def test_defaults_of_columns_of_subclasses(session: Any) -> None:
    session.add_all([Staff(n=1), Engineer(n=2), Lead(n=3, grade=6)])
    session.flush()
    session.execute(insert(Staff), [{"n": 4}])
    table = Staff.__table__
    found = session.execute(select(table.c.kind, table.c.grade).order_by(table.c.n)).all()
    # the table has the column, whatever class a row is of
    assert found == [("staff", 4), ("engineer", 4), ("lead", 6), ("staff", 4)]


@pytest.mark.parametrize(
    "cls, columns",
    [(Staff, "id, kind, n"), (Engineer, "id, kind, n, grade"), (Lead, "id, kind, n, grade, level")],
)
def test_returning_of_a_class_has_its_own_columns(
    sqlite_engine: Any, sql_log: Any, cls: Any, columns: str
) -> None:
    Base.metadata.create_all(sqlite_engine)
    log = sql_log(sqlite_engine)
    log.clear()
    with Session(sqlite_engine) as session:
        session.scalars(insert(cls).returning(cls), [{"n": 1}]).one()
        found = session.scalars(update(cls).values(n=5).returning(cls)).one()
        assert (type(found), found.n) == (cls, 5)
        session.scalars(delete(cls).returning(cls)).one()
        assert [sql.partition(" RETURNING ")[2] for sql, *_ in log] == [columns] * 3


# -- transactions ended within a flush -------------------------------------------------------------


def test_commit_in_after_flush(small: Any) -> None:
    @event.listens_for(small, "after_flush", once=True)
    def end(session: Any, context: Any) -> None:
        session.commit()

    new, old = Item(id=2, n=2), small.get_one(Item, 1)
    gone = small.get_one(Part, 2)
    old.n = 5
    small.add(new)
    small.delete(gone)
    with pytest.raises(exc.ResourceClosedError):
        small.flush()
    assert inspect(new).persistent and inspect(old).persistent and inspect(gone).detached
    assert not small.new and not small.dirty and not small.deleted
    small.rollback()
    assert inspect(new).persistent
    assert (new.n, old.n, small.get(Part, 2)) == (2, 5, None)


def test_rollback_in_after_flush(small: Any) -> None:
    @event.listens_for(small, "after_flush", once=True)
    def end(session: Any, context: Any) -> None:
        session.rollback()

    new = Item(id=2, n=2)
    small.add(new)
    with pytest.raises(exc.ResourceClosedError):
        small.flush()
    assert inspect(new).transient
    assert small.get(Item, 2) is None


def test_nothing_is_changed_before_begin(sqlite_engine: Any) -> None:
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine, autobegin=False) as session:
        with session.begin():
            session.add(item := Item(id=1, n=1))
        with session.begin():
            assert item.n == 1
        with pytest.raises(exc.InvalidRequestError, match="Autobegin is disabled"):
            item.n = 2
        with session.begin():
            item.n = 3
        with session.begin():
            assert item.n == 3


# -- attributes that do not load themselves --------------------------------------------------------


@pytest.mark.parametrize("mode", [None, "strict", "report", "peers"])
def test_merge_compares_with_a_collection_that_does_not_load_itself(small: Any, mode: Any) -> None:
    with Session(small.get_bind(), lazy_loading=mode) as session:
        merged = session.merge(Item(id=1, n=1, parts=[Part(id=2)]))
        assert [part.id for part in merged.parts] == [2]
        session.flush()
        assert session.scalars(select(Part.id)).all() == [2]


def test_refresh_loads_what_it_names(small: Any) -> None:
    for options in ([], [raiseload("*")], [lazyload(Item.parts)]):
        item = small.get_one(Item, 1, options=options)
        small.refresh(item, ["parts"])
        assert [part.id for part in inspect(item).dict["parts"]] == [1, 2]
        small.expunge_all()
    part = small.get_one(Part, 1)
    small.refresh(part, ["item"])
    assert part.item.n == 1


# -- states ----------------------------------------------------------------------------------------


def test_relationships_are_expired_with_the_object(small: Any) -> None:
    item = small.get_one(Item, 1)
    assert inspect(item).expired_attributes == set()
    small.expire(item)
    assert inspect(item).expired_attributes == {"id", "n", "tags", "parts"}
    assert item.n == 1
    assert inspect(item).expired_attributes == set()
    small.expire(item, ["n"])
    assert inspect(item).expired_attributes == {"n"}


def test_make_transient_takes_changes_along(small: Any) -> None:
    item = small.get_one(Item, 1)
    item.n = 8
    make_transient(item)
    assert inspect(item).transient and inspect(item).modified
    assert item not in small and not small.dirty
    part = small.get_one(Part, 2)
    small.delete(part)
    small.flush()
    make_transient(part)
    assert inspect(part).transient and not inspect(part).modified and not inspect(part).was_deleted


def test_delete_of_a_detached_object_attaches_it(small: Any) -> None:
    told: list[Any] = []
    part = small.get_one(Part, 2)
    small.expunge(part)
    event.listen(small, "detached_to_persistent", lambda session, obj: told.append(obj))
    small.delete(part)
    assert told == [part] and part in small.deleted
    small.flush()
    assert inspect(part).deleted and told == [part]


@pytest.mark.parametrize("is_heard", [False, True], ids=["unheard", "heard"])
def test_a_committed_deletion_detaches_what_was_deleted_and_nothing_else(small: Any, is_heard: bool) -> None:
    told: list[Any] = []
    if is_heard:
        event.listen(small, "deleted_to_detached", lambda session, obj: told.append(obj))
    deleted, kept, changed = small.get_one(Part, 1), small.get_one(Item, 1), small.get_one(Part, 2)
    small.delete(deleted)
    small.flush()
    assert inspect(deleted).deleted and not inspect(deleted).detached
    small.delete(changed)
    changed.item_id = None
    small.commit()
    for part in (deleted, changed):
        assert inspect(part).detached and inspect(part).was_deleted and part not in small
    assert inspect(kept).persistent and kept in small and not small.dirty
    assert told == ([deleted, changed] if is_heard else [])


# -- versions and values of the database -----------------------------------------------------------


class Counted(Base):
    __tablename__ = "counted"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=0)
    __mapper_args__ = {"version_id_col": version}


def test_bulk_operations_count_versions(session: Any) -> None:
    session.bulk_save_objects([Counted(id=1, x=1)])
    session.execute(insert(Counted), [{"id": 2, "x": 2}])
    if session.get_bind().dialect.insert_returning:
        assert session.scalars(insert(Counted).returning(Counted.version), [{"id": 3}]).all() == [1]
    session.commit()
    first, second = session.get_one(Counted, 1), session.get_one(Counted, 2)
    session.expunge_all()
    first.x = 5
    session.bulk_save_objects([first, second])
    found = select(Counted.x, Counted.version).where(Counted.id < 3).order_by(Counted.id)
    assert session.execute(found).all() == [(5, 2), (2, 1)]
    # the object has the version from before
    with pytest.raises(StaleDataError):
        session.bulk_save_objects([first])


def test_an_expression_is_read_as_soon_as_its_row_is_there(session: Any) -> None:
    read: list[Any] = []
    listener = lambda mapper, connection, target: read.append(target.x)  # noqa: E731  # removed below
    event.listen(Counted, "after_insert", listener)
    try:
        session.add(Counted(x=literal(5) + 1))
        session.flush()
    finally:
        event.remove(Counted, "after_insert", listener)
    assert read == [6]
