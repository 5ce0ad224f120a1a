"""
How much Python runs on the warm path: function calls, not seconds, so that a slow machine changes nothing.

Ceilings are a little above what was counted when they were set; a change that exceeds one either
put work on the warm path or has a reason to raise it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from counting import python_calls

import relvar
from relvar import Column, ForeignKey, Integer, String, create_engine, insert, select
from relvar.orm import Session, declarative_base, relationship, selectinload

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    addresses = relationship("Address", back_populates="user")


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    email = Column(String(50))
    user = relationship("User", back_populates="addresses")


USERS = 50
users = User.__table__


@pytest.fixture
def engine() -> Iterator[Any]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as conn:
        conn.execute(insert(users), [{"id": i, "name": f"n{i}"} for i in range(1, USERS + 1)])
        rows = [{"id": i, "user_id": i % USERS + 1, "email": "e"} for i in range(1, 2 * USERS + 1)]
        conn.execute(insert(Address), rows)
    yield engine
    engine.dispose()


def within(pure: int, compiled: int, function: Callable[[], Any], warm: int = 3) -> None:
    """Assert that *function*, once warm, runs no more Python functions than that."""
    for _ in range(warm):
        function()
    counts = python_calls(function)
    total, ceiling = sum(counts.values()), compiled if relvar.is_compiled() else pure
    report = "\n".join(f"{n:>6}  {name}" for name, n in counts.most_common(25))
    assert total <= ceiling, f"{total} calls, more than {ceiling}:\n{report}"


def test_core_select_by_key(engine: Any) -> None:
    with engine.connect() as conn:

        def by_key() -> None:
            row = conn.execute(select(users).where(users.c.id == 7)).one()
            assert row.name == "n7"

        within(118, 1, by_key)


def test_core_select_of_a_kept_statement(engine: Any) -> None:
    statement = select(users).where(users.c.id == 7)
    with engine.connect() as conn:
        within(22, 0, lambda: conn.execute(statement).one())


def test_core_rows_cost_nothing_each(engine: Any) -> None:
    with engine.connect() as conn:
        within(106, 3, lambda: conn.execute(select(users)).all())


def test_core_insert(engine: Any) -> None:
    with engine.connect() as conn:
        within(60, 14, lambda: conn.execute(insert(users), {"name": "x"}))


def test_core_insert_of_many_rows(engine: Any) -> None:
    with engine.connect() as conn:
        rows = [{"name": "x"} for _ in range(100)]
        within(160, 16, lambda: conn.execute(insert(users), rows))


def test_connection_and_transaction(engine: Any) -> None:
    def begin() -> None:
        with engine.begin():
            pass

    within(52, 8, begin)


def test_get_of_a_loaded_object(engine: Any) -> None:
    with Session(engine) as session:
        known = session.get(User, 7)
        assert known is not None
        within(3, 0, lambda: session.get(User, 7))


def test_get_of_an_object_that_is_not_loaded(engine: Any) -> None:
    with Session(engine) as session:

        def get() -> None:
            found = session.get(User, 7)
            assert found is not None
            session.expunge(found)

        within(58, 3, get)


def test_orm_select_per_object(engine: Any) -> None:
    with Session(engine) as session:

        def load() -> None:
            assert len(session.scalars(select(User)).all()) == USERS

        within(393, 1, load)


def test_orm_select_with_collections(engine: Any) -> None:
    with Session(engine) as session:

        def load() -> None:
            found = session.scalars(select(User).options(selectinload(User.addresses))).all()
            assert len(found[0].addresses) == 2
            session.expunge_all()

        within(2162, 413, load)


def test_refreshing(engine: Any) -> None:
    with Session(engine) as session:
        user = session.get(User, 7)
        within(55, 4, lambda: session.refresh(user))

        def expire_and_read() -> None:
            session.expire(user)
            assert user.name == "n7"

        within(72, 9, expire_and_read)


def test_reading_and_writing_attributes(engine: Any) -> None:
    with Session(engine) as session:
        user = session.get(User, 7)

        def read_and_write() -> None:
            user.name = user.name
            assert user.name == "n7"

        within(3, 0, read_and_write)


def test_making_an_object() -> None:
    within(7, 0, lambda: User(name="x"))


def test_flush_of_one_insert(engine: Any) -> None:
    with Session(engine) as session:

        def flush() -> None:
            session.add(User(name="x"))
            session.flush()

        within(108, 10, flush)


def test_flush_of_one_update(engine: Any) -> None:
    with Session(engine) as session:
        user = session.get(User, 7)
        names = iter(range(100))

        def flush() -> None:
            user.name = f"name {next(names)}"
            session.flush()

        within(103, 14, flush)


def test_flush_of_many_inserts(engine: Any) -> None:
    with Session(engine) as session:

        def flush() -> None:
            session.add_all([User(name="x") for _ in range(100)])
            session.flush()

        within(3477, 606, flush)


def test_one_object_in_a_session_of_its_own(engine: Any) -> None:
    def write() -> None:
        with Session(engine) as session:
            session.add(User(name="x"))
            session.commit()

    within(188, 10, write)


def test_one_select_in_a_session_of_its_own(engine: Any) -> None:
    def read() -> None:
        with Session(engine) as session:
            session.scalars(select(User).where(User.id == 7)).one()

    within(230, 1, read)


def test_flush_of_nothing(engine: Any) -> None:
    with Session(engine) as session:
        session.get(User, 7)
        within(2, 0, session.flush)
