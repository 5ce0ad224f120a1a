"""
How many statements reach the database: the exact number for what programs do all day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from relvar.orm import (
    Session,
    declarative_base,
    joinedload,
    lazyload,
    relationship,
    selectinload,
    subqueryload,
)

Base: Any = declarative_base()

user_tags = Table(
    "user_tags",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    made = Column(Integer, server_default="5")
    addresses = relationship("Address", back_populates="user", cascade="all, delete-orphan")
    tags = relationship("Tag", secondary=user_tags)


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    email = Column(String(50))
    user = relationship("User", back_populates="addresses")


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)


USERS = 20


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with engine.begin() as conn:
        conn.execute(insert(Tag), [{"id": i} for i in (1, 2, 3)])
        conn.execute(insert(User), [{"name": f"n{i}"} for i in range(1, USERS + 1)])
        rows = [{"user_id": (i - 1) % USERS + 1, "email": f"e{i}"} for i in range(1, 2 * USERS + 1)]
        conn.execute(insert(Address), rows)
        conn.execute(insert(user_tags), [{"user_id": i, "tag_id": i % 3 + 1} for i in range(1, USERS + 1)])
    with Session(engine) as session:
        yield session


@pytest.fixture
def sent(session: Any, sql_log: Any) -> Any:
    """A function: how many statements another one sends."""
    log = sql_log(session.bind)
    session.scalar(select(1))

    def count(function: Any) -> int:
        log.clear()
        function()
        return len(log)

    return count


def test_objects_by_key(session: Any, sent: Any) -> None:
    known: list[Any] = []
    assert sent(lambda: known.append(session.get(User, 1))) == 1
    assert sent(lambda: session.get(User, 1)) == 0
    assert sent(lambda: session.get(User, 999)) == 1
    assert sent(lambda: session.get_one(User, 2)) == 1
    user = known[0]
    session.commit()
    assert sent(lambda: user.name) == 1
    assert sent(lambda: (user.id, user.name, user.made)) == 0
    assert sent(lambda: session.refresh(user)) == 1


def test_relationships(session: Any, sent: Any) -> None:
    users = session.scalars(select(User).order_by(User.id)).all()
    assert sent(lambda: users[0].addresses) == 1
    assert sent(lambda: users[0].addresses) == 0
    # many to one of what is loaded already
    assert sent(lambda: [address.user for address in users[0].addresses]) == 0
    address = session.get(Address, 5)
    assert sent(lambda: address.user) == 0
    session.expunge_all()
    address = session.get(Address, 5)
    assert sent(lambda: address.user.name) == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([joinedload(User.addresses)], 1),
        ([selectinload(User.addresses)], 2),
        ([subqueryload(User.addresses)], 2),
        ([lazyload(User.addresses)], 1 + USERS),
        ([selectinload(User.addresses), selectinload(User.tags)], 3),
        ([joinedload(User.addresses), joinedload(User.tags)], 1),
        ([selectinload(User.addresses).joinedload(Address.user)], 2),
    ],
)
def test_eager_loading(session: Any, sent: Any, options: Any, expected: int) -> None:
    def load() -> None:
        for user in session.scalars(select(User).options(*options)).unique():
            assert len(user.addresses) == 2

    assert sent(load) == expected


def test_flushes(session: Any, sent: Any) -> None:
    def flushed(*objects: Any) -> int:
        session.add_all(objects)
        return int(sent(session.flush))

    assert flushed() == 0
    assert flushed(User(name="x")) == 1
    # SQLite promises no order of the rows that RETURNING gives, so each key is asked for by itself
    expected = 100 if session.bind.name == "sqlite" else 1
    assert flushed(*[Address(email="x", user_id=1) for _ in range(100)]) == expected
    assert flushed(*[Address(id=1000 + i, email="x", user_id=1) for i in range(100)]) == 1
    user = User(name="y", addresses=[Address(email="1"), Address(email="2")], tags=[session.get(Tag, 1)])
    assert flushed(user) == (4 if session.bind.name == "sqlite" else 3)
    user.name = "z"
    assert sent(session.flush) == 1
    user.name = "z"
    assert sent(session.flush) == 0
    user.name, old = "other", user.name
    user.name = old
    assert sent(session.flush) == 0
    for address in user.addresses:
        address.email += "!"
    assert sent(session.flush) == 1
    user.addresses[0].email = "a"
    user.name = "b"
    assert sent(session.flush) == 2
    session.delete(user)
    # rows of the association, addresses, the user
    assert sent(session.flush) == 3
    assert sent(session.commit) == 0


def test_what_the_database_fills_in(session: Any, sent: Any) -> None:
    user = User(name="x")
    session.add(user)
    assert sent(session.flush) == 1
    expected = 0 if session.bind.dialect.insert_returning else 1
    assert sent(lambda: user.made) == expected and user.made == 5


def test_commit_expires_and_rollback_sends_nothing(session: Any, sent: Any) -> None:
    users = session.scalars(select(User)).all()
    users[0].name = "x"
    assert sent(session.commit) == 1
    assert sent(session.rollback) == 0
    assert sent(lambda: users[0].name) == 1
    users[0].name = "y"
    assert sent(session.rollback) == 0


def test_autoflush_happens_once(session: Any, sent: Any) -> None:
    session.add(User(name="x"))
    assert sent(lambda: session.scalars(select(User.id)).all()) == 2
    assert sent(lambda: session.scalars(select(User.id)).all()) == 1


def test_changes_of_many_rows(session: Any, sent: Any) -> None:
    users = session.scalars(select(User)).all()
    assert sent(lambda: session.execute(update(User).where(User.id < 5).values(name="x"))) == 1
    assert sent(lambda: [user.name for user in users]) == 0
    assert sent(lambda: session.execute(insert(User), [{"name": str(i)} for i in range(50)])) == 1
    assert sent(lambda: session.execute(update(User), [{"id": i, "name": "y"} for i in range(1, 10)])) == 1
    assert sent(lambda: session.execute(delete(Address).where(Address.id < 9))) == 1


def test_merge(session: Any, sent: Any) -> None:
    known: list[Any] = []
    assert sent(lambda: known.append(session.merge(Tag(id=2)))) == 1
    assert sent(lambda: session.merge(Tag(id=2))) == 0
    assert sent(lambda: session.merge(Tag(id=2), load=True)) == 0


def test_queries_that_read_one_thing(session: Any, sent: Any) -> None:
    assert sent(lambda: session.scalar(select(func.count()).select_from(User))) == 1
    assert sent(lambda: session.query(User).filter_by(name="n1").first()) == 1
    assert sent(lambda: session.query(User).count()) == 1


def test_connecting_again_asks_nothing() -> None:
    engine = create_engine("sqlite://")
    with engine.connect():
        pass
    from relvar import event

    log: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: log.append(arguments[2]))
    with engine.begin() as conn:
        conn.execute(select(1))
    assert [" ".join(statement.split()) for statement in log] == ["SELECT 1"]
    engine.dispose()
