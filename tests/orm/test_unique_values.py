"""Unique values that go from one row to another within a flush: swapped, shifted, given up and taken."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    Uuid,
    event,
    exc,
    func,
    select,
)
from relvar.orm import Session, declarative_base, relationship


def writes(log: Any) -> list[str]:
    """The first words of what was sent, and with how many rows; the log is emptied."""
    found = [
        f"{text.split()[0]} {len(parameters) if isinstance(parameters, list) else 1}"
        for text, parameters in log
    ]
    log.clear()
    return found


KINDS: dict[str, tuple[Any, list[Any]]] = {
    "nullable": (Column(String(20)), ["a", "b", "c", "d"]),
    "text": (Column(String(20), nullable=False), ["a", "b", "c", "d"]),
    "integer": (Column(Integer, nullable=False), [1, 2, 3, 4]),
    "big integer": (Column(BigInteger, nullable=False), [2**40, 2, 3, 4]),
    "numeric": (Column(Numeric(8, 2), nullable=False), [Decimal(n) for n in (1, 2, 3, 4)]),
    "uuid": (Column(Uuid, nullable=False), [uuid.UUID(int=n) for n in (1, 2, 3, 4)]),
    "date": (Column(Date, nullable=False), [dt.date(2020, 1, n) for n in (1, 2, 3, 4)]),
    "time": (Column(DateTime, nullable=False), [dt.datetime(2020, 1, n) for n in (1, 2, 3, 4)]),
}


@pytest.fixture(params=KINDS)
def things(request: pytest.FixtureRequest, engine: Any) -> tuple[Any, list[Any]]:
    """A class with a unique attribute ``code``, and values; four objects have them."""
    template, values = KINDS[request.param]
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        code = Column(template.type, nullable=template.nullable, unique=True)
        note = Column(String(20))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(id=i, code=code) for i, code in enumerate(values, 1)])
        session.commit()
    return Thing, values


def test_values_are_handed_over(things: tuple[Any, list[Any]], engine: Any) -> None:
    Thing, (a, b, c, d) = things

    def codes() -> dict[int, Any]:
        return dict(session.execute(select(Thing.id, Thing.code)).all())

    with Session(engine) as session:
        things = session.scalars(select(Thing).order_by(Thing.id)).all()
        one, two, three, four = things
        one.code, two.code = b, a
        session.commit()
        assert codes() == {1: b, 2: a, 3: c, 4: d}
        # a circle, while another one swaps back
        one.code, three.code, four.code = three.code, four.code, one.code
        session.commit()
        assert codes() == {1: c, 2: a, 3: d, 4: b}
        session.delete(three)
        session.add(Thing(id=9, code=d))
        session.commit()
        assert codes() == {1: c, 2: a, 4: b, 9: d}
        # two goes, one takes its value, a new one takes that of one
        session.delete(two)
        one.code = a
        session.add(Thing(id=10, code=c))
        session.commit()
        assert codes() == {1: a, 4: b, 9: d, 10: c}


def test_other_flushes_are_as_they_were(sqlite_engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        code = Column(String(20), unique=True)
        note = Column(String(20))

    Base.metadata.create_all(sqlite_engine)
    log = sql_log(sqlite_engine)
    with Session(sqlite_engine, expire_on_commit=False) as session:
        things = [Thing(id=i, code=f"c{i}") for i in range(6)]
        session.add_all(things)
        session.commit()
        assert writes(log) == ["INSERT 6"]
        things[0].code, things[1].code, things[2].note = "x", "y", "n"
        session.delete(things[3])
        session.add(Thing(id=9, code="z"))
        session.commit()
        assert writes(log) == ["UPDATE 2", "UPDATE 1", "INSERT 1", "DELETE 1"]
        # a chain goes in the order of what is free, with as many rows
        things[0].code, things[1].code, things[2].code = "y", "c2", "c9"
        session.commit()
        assert [p for t, p in log] == [[("c9", 2), ("c2", 1), ("y", 0)]]
        log.clear()
        # a circle wants one row more
        things[0].code, things[1].code, things[2].code = "c2", "c9", "y"
        session.commit()
        assert writes(log) == ["UPDATE 1", "UPDATE 3"]
        # what nobody refers to is deleted first
        session.delete(things[4])
        session.add(Thing(id=10, code="c4"))
        session.commit()
        assert writes(log) == ["DELETE 1", "INSERT 1"]


def test_values_that_were_not_loaded(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Item(Base):
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        list_id = Column(Integer, nullable=False)
        position = Column(Integer, nullable=False)
        note = Column(String(20))
        __table_args__ = (UniqueConstraint("list_id", "position"),)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        items = [Item(list_id=n % 2, position=n) for n in range(10)]
        session.add_all(items)
        session.commit()
        log = sql_log(engine)
        # nothing is loaded: one question, then the rows in an order that is free
        for item in items:
            item.position += 1
        session.rollback()
        log.clear()
        ids = session.scalars(select(Item.id).order_by(Item.id)).all()
        items = [session.get(Item, i) for i in ids]
        session.expire_all()
        log.clear()
        for n, item in enumerate(reversed(items)):
            item.position = n
        session.flush()
        assert writes(log)[0] == "SELECT 1"
        rows = session.execute(select(Item.position, Item.list_id).order_by(Item.id)).all()
        assert rows == [(9 - n, n % 2) for n in range(10)]
        # one row alone cannot be in anybody's way
        session.commit()
        log.clear()
        items[0].position = 77
        session.flush()
        assert writes(log) == ["UPDATE 1"]
        # a deleted row of which nothing is known
        session.commit()
        session.expire_all()
        session.delete(items[1])
        session.add(Item(list_id=1, position=8))
        session.commit()
        assert session.scalar(select(func.count()).select_from(Item)) == 10
        # insert at the front of a list
        first = session.scalars(select(Item).where(Item.list_id == 0).order_by(Item.position)).all()
        for n, item in enumerate(first):
            item.position = first[n + 1].position if n + 1 < len(first) else 99
        session.commit()
        assert [item.position for item in first] == sorted(item.position for item in first)


def test_columns_that_change_with_others(engine: Any) -> None:
    """Rows of different shapes wait for each other; half of a key, NULL in it, two constraints at once."""
    Base = declarative_base()

    class Seat(Base):
        __tablename__ = "seats"
        id = Column(Integer, primary_key=True)
        a = Column(Integer)
        b = Column(Integer, nullable=False)
        code = Column(String(10), nullable=False)
        note = Column(String(10))
        __table_args__ = (Index("one_place", "a", "b", unique=True), UniqueConstraint("code"))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two, three = seats = [Seat(id=i + 1, a=1, b=i, code=f"c{i}") for i in range(3)]
        session.add_all(seats)
        session.commit()
        one.b, one.note, two.b, two.code, three.b = 1, "x", 2, "c0", 0
        one.code = "c1"
        session.commit()
        assert [(s.a, s.b, s.code) for s in seats] == [(1, 1, "c1"), (1, 2, "c0"), (1, 0, "c2")]
        # NULLs are in nobody's way
        one.a = two.a = None
        one.b = two.b = three.b = 7
        session.commit()
        assert [(s.a, s.b) for s in seats] == [(None, 7), (None, 7), (1, 7)]
        one.a, three.a = 1, None
        session.commit()
        assert [(s.a, s.b) for s in seats] == [(1, 7), (None, 7), (None, 7)]


def test_a_row_that_others_refer_to_steps_aside(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Owner(Base):
        __tablename__ = "owners"
        id = Column(Integer, primary_key=True)
        name = Column(String(40), unique=True, nullable=False)
        pets = relationship("Pet", back_populates="owner")

    class Pet(Base):
        __tablename__ = "pets"
        id = Column(Integer, primary_key=True)
        owner_id = Column(ForeignKey("owners.id"), nullable=False)
        owner = relationship(Owner, back_populates="pets")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        old = Owner(name="ann", pets=[Pet(), Pet()])
        session.add(old)
        session.commit()
        pets = list(old.pets)
        new = Owner(name="ann")
        session.add(new)
        for pet in pets:
            pet.owner = new
        session.delete(old)
        log = sql_log(engine)
        session.commit()
        # MySQL and MariaDB write both pets in one UPDATE, which begins with their values
        table = re.compile(r"(UPDATE|INSERT INTO|DELETE FROM) (?:\(.* STRAIGHT_JOIN )?(\w+)")
        found = [table.match(text) for text in log.texts() if not text.startswith("SELECT")]
        written = [match and match.groups() for match in found]
        assert written == [
            ("UPDATE", "owners"), ("INSERT INTO", "owners"), ("UPDATE", "pets"), ("DELETE FROM", "owners")
        ]  # fmt: skip
        assert session.scalars(select(Owner.name)).all() == ["ann"]
        assert sorted(pet.id for pet in new.pets) == sorted(pet.id for pet in pets)


def test_children_replaced_by_equal_ones(engine: Any) -> None:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        emails = relationship("Email", cascade="all, delete-orphan", order_by="Email.address")

    class Email(Base):
        __tablename__ = "emails"
        id = Column(Integer, primary_key=True)
        user_id = Column(ForeignKey("users.id"), nullable=False)
        address = Column(String(40), unique=True, nullable=False)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(emails=[Email(address="a"), Email(address="b")])
        session.add(user)
        session.commit()
        user.emails = [Email(address="b"), Email(address="c")]
        session.commit()
        assert [email.address for email in user.emails] == ["b", "c"]
        # with the case changed, which some collations do not see
        user.emails = [Email(address="B")]
        session.commit()
        assert [email.address for email in user.emails] == ["B"]


def test_joined_tables(engine: Any) -> None:
    Base = declarative_base()

    class Person(Base):
        __tablename__ = "people"
        id = Column(Integer, primary_key=True)
        kind = Column(String(10))
        badge = Column(String(10), unique=True, nullable=False)
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}

    class Engineer(Person):
        __tablename__ = "engineers"
        id = Column(ForeignKey("people.id"), primary_key=True)
        desk = Column(Integer, unique=True, nullable=False)
        __mapper_args__ = {"polymorphic_identity": "engineer"}

    class Manager(Person):
        __mapper_args__ = {"polymorphic_identity": "manager"}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann, bob, cyd = Engineer(badge="a", desk=1), Engineer(badge="b", desk=2), Manager(badge="c")
        session.add_all([ann, bob, cyd])
        session.commit()
        ann.badge, bob.badge, cyd.badge = "b", "c", "a"
        ann.desk, bob.desk = 2, 1
        session.commit()
        assert [p.badge for p in (ann, bob, cyd)] == ["b", "c", "a"]
        assert (ann.desk, bob.desk) == (2, 1)
        session.delete(ann)
        session.add(Engineer(badge="b", desk=2))
        session.commit()
        rows = session.execute(select(Engineer.badge, Engineer.desk).order_by(Engineer.desk)).all()
        assert rows == [("c", 1), ("b", 2)]


def test_rows_that_are_written_one_by_one(engine: Any) -> None:
    """A tree, whose rows go level by level, and a mapper with ``batch=False``; versions count once."""
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nodes.id"))
        name = Column(String(40), unique=True, nullable=False)
        version = Column(Integer, nullable=False)
        parent = relationship("Node", remote_side=id, back_populates="children")
        children = relationship("Node", back_populates="parent", order_by=id)
        __mapper_args__ = {"version_id_col": version}

    class Single(Base):
        __tablename__ = "singles"
        id = Column(Integer, primary_key=True)
        name = Column(String(40), unique=True)
        __mapper_args__ = {"batch": False}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        root = Node(id=1, name="root", children=[Node(id=2, name="left"), Node(id=3, name="right")])
        session.add(root)
        singles = [Single(id=i + 1, name=f"s{i}") for i in range(3)]
        session.add_all(singles)
        session.commit()
        left, right = root.children
        left.parent = right
        root.name, left.name, right.name = "left", "right", "root"
        new = Node(id=4, name="new", parent=left)
        session.add(new)
        session.add(Node(id=5, name="newer", parent=right))
        session.commit()
        assert [node.name for node in (root, left, right, new)] == ["left", "right", "root", "new"]
        assert [node.version for node in (root, left, right, new)] == [2, 2, 2, 1]
        session.delete(new)
        left.children.append(Node(id=6, name="new"))
        singles[0].name, singles[1].name, singles[2].name = "s1", "s2", "s0"
        session.commit()
        assert [single.name for single in singles] == ["s1", "s2", "s0"]
        assert [(node.id, node.name) for node in left.children] == [(6, "new")]


def test_a_row_taken_over_gives_its_value_away(engine: Any) -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        code = Column(String(20), unique=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(id=1, code="a"), Thing(id=2, code="b")])
        session.commit()
        for thing in session.scalars(select(Thing)):
            session.delete(thing)
        session.add(Thing(id=1, code="b"))
        session.commit()
        assert session.execute(select(Thing.id, Thing.code)).all() == [(1, "b")]


def test_values_that_no_row_can_leave(engine: Any) -> None:
    """Where nothing fits to step aside to, the database says what is wrong, and the session goes on."""
    Base = declarative_base()

    class Blob(Base):
        __tablename__ = "blobs"
        id = Column(Integer, primary_key=True)
        digest = Column(LargeBinary(8) if engine.dialect.name == "sqlite" else String(8), nullable=False)
        ref = Column(ForeignKey("blobs.id"), unique=True, nullable=False)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        value = b"x" if engine.dialect.name == "sqlite" else "x"
        one, two = Blob(id=1, ref=1, digest=value), Blob(id=2, ref=2, digest=value)
        session.add_all([one, two])
        session.commit()
        one.ref, two.ref = 2, 1
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        assert (one.ref, two.ref) == (1, 2)


@pytest.mark.backends("postgresql")
def test_constraints_checked_at_the_end_want_nothing(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        code = Column(Integer, nullable=False)
        __table_args__ = (UniqueConstraint("code", deferrable=True, initially="DEFERRED"),)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Thing(code=1), Thing(code=2)
        session.add_all([one, two])
        session.flush()
        log = sql_log(engine)
        one.code, two.code = 2, 1
        session.commit()
        assert writes(log) == ["UPDATE 2"]


def test_listeners_hear_of_each_row_once(engine: Any) -> None:
    Base = declarative_base()

    class Thing(Base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        code = Column(String(20), unique=True)

    Base.metadata.create_all(engine)
    heard: list[tuple[str, int]] = []
    for name in ("insert", "update", "delete"):
        for when in ("before", "after"):

            @event.listens_for(Thing, f"{when}_{name}")
            def note(mapper: Any, connection: Any, target: Any, name: str = f"{when} {name}") -> None:
                heard.append((name, target.id))

    with Session(engine) as session:
        session.add_all([Thing(id=i + 1, code=f"c{i}") for i in range(3)])
        session.commit()
        heard.clear()
        one, two, three = session.scalars(select(Thing).order_by(Thing.id)).all()
        one.code, two.code = two.code, one.code
        session.delete(three)
        session.add(Thing(id=9, code="c2"))
        session.commit()
    assert sorted(heard) == sorted(
        (f"{when} {what}", number)
        for when in ("before", "after")
        for what, number in (("insert", 9), ("update", 1), ("update", 2), ("delete", 3))
    )
