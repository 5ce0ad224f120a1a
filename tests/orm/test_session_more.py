"""Merging, expunging, outer transactions, listeners of execution."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, event, exc, inspect, select, text
from relvar.orm import Session, declarative_base, relationship
from relvar.orm.exc import StaleDataError

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    version = Column(Integer, nullable=False)
    posts = relationship("Post", back_populates="user")
    __mapper_args__ = {"version_id_col": version}


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="posts")


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        made.add(User(name="ann", posts=[Post(title="one")]))
        made.commit()
        yield made


# merge ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("H015")
def test_merge_copies_onto_the_object_of_the_session(session: Session) -> None:
    ann = session.scalars(select(User)).one()
    number = ann.id
    merged = session.merge(User(id=number, name="changed"))
    assert merged is ann and ann.name == "changed"
    assert ann in session.dirty
    new = session.merge(User(name="new"))
    assert new in session.new
    session.commit()
    assert session.scalars(select(User.name).order_by(User.id)).all() == ["changed", "new"]
    unknown = session.merge(User(id=number + 50, name="unknown"))
    assert unknown in session.new and unknown.id == number + 50
    session.rollback()
    both = session.merge_all([User(id=number, name="x"), User(id=number, name="y")])
    assert both == [ann, ann] and ann.name == "y"


@pytest.mark.feature("H015")
def test_merge_without_load(session: Session, engine: Any, sql_log: Any) -> None:
    with Session(engine) as other:
        outside = other.scalars(select(User)).one()
        assert outside.posts[0].title == "one"
    log = sql_log(engine)
    merged = session.merge(outside, load=False)
    assert merged is not outside and merged in session and not session.dirty
    assert merged.name == "ann" and merged.posts[0].title == "one"
    assert merged.posts[0] is not outside.posts[0]
    assert log == []
    outside.name = "dirty"
    session.expunge_all()
    with pytest.raises(exc.InvalidRequestError, match="does not support objects marked as 'dirty'"):
        session.merge(outside, load=False)
    with pytest.raises(exc.InvalidRequestError, match="does not support objects transient"):
        session.merge(User(), load=False)


@pytest.mark.feature("H015")
def test_merge_with_another_version(session: Session) -> None:
    ann = session.scalars(select(User)).one()
    with pytest.raises(StaleDataError, match="Version id '7' on merged state <User at 0x.*> does not match"):
        session.merge(User(id=ann.id, name="x", version=7))


@pytest.mark.feature("H016")
def test_expunge(session: Session) -> None:
    ann = session.scalars(select(User)).one()
    new = User(name="n")
    session.add(new)
    session.expunge(new)
    assert inspect(new).transient
    session.expunge(ann)
    assert inspect(ann).detached
    session.add(ann)
    post = ann.posts[0]
    session.expunge_all()
    assert list(session) == [] and inspect(post).detached
    assert ann.name == "ann"


@pytest.mark.feature("H017")
def test_is_modified_and_identity_key(session: Session) -> None:
    ann = session.scalars(select(User)).one()
    assert not session.is_modified(ann)
    ann.name = ann.name
    assert ann in session.dirty and not session.is_modified(ann)
    ann.posts.append(Post())
    assert session.is_modified(ann)
    assert not session.is_modified(ann, include_collections=False)
    ann.name = "x"
    assert session.is_modified(ann, include_collections=False)
    key = (User, (ann.id,), None)
    assert Session.identity_key(User, ann.id) == key
    assert Session.identity_key(User, (ann.id,)) == key
    assert Session.identity_key(instance=ann) == key
    session.rollback()


# transactions of others -------------------------------------------------------------------------------------


@pytest.mark.feature("H026")
def test_a_session_in_a_transaction_of_the_program(session: Session, engine: Any) -> None:
    session.close()
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as inner:
            inner.add(User(name="first"))
            inner.commit()
            inner.add(User(name="second"))
            inner.rollback()
            assert inner.scalars(select(User.name).order_by(User.id)).all() == ["ann", "first"]
        outer.rollback()
    with Session(engine) as after:
        assert after.scalars(select(User.name)).all() == ["ann"]
        with pytest.raises(exc.ArgumentError, match="invalid selection for join_transaction_mode"):
            Session(engine, join_transaction_mode="nonsense")


@pytest.mark.feature("H011")
def test_connections_of_a_transaction(session: Session, engine: Any) -> None:
    connection = session.connection(execution_options={"marker": 5})
    assert connection.get_execution_options()["marker"] == 5
    assert session.connection() is connection
    transaction = session.get_transaction()
    assert transaction is not None
    assert list(transaction.connections) == [connection]
    assert transaction.connection(inspect(User)) is connection
    assert transaction.bound_connection() is connection
    with pytest.warns(exc.SAWarning, match="Connection is already established for the given bind"):
        session.connection(execution_options={"marker": 6})


def test_invalidate(session: Session) -> None:
    session.connection()
    session.invalidate()
    assert not session.in_transaction()
    assert session.scalars(select(User.name)).all() == ["ann"]


# listeners ------------------------------------------------------------------------------------------------


def test_do_orm_execute(session: Session) -> None:
    seen: list[Any] = []

    @event.listens_for(session, "do_orm_execute")
    def note(state: Any) -> None:
        seen.append((state.is_select, state.is_orm_statement, [m.class_ for m in state.all_mappers]))

    session.scalars(select(User)).all()
    session.execute(text("select 1"))
    assert seen[0] == (True, True, [User])
    assert seen[1][1] is False


def test_a_listener_can_change_the_statement_or_answer(session: Session) -> None:
    session.add(User(name="bob"))
    session.commit()

    @event.listens_for(session, "do_orm_execute")
    def only_bob(state: Any) -> Any:
        if state.is_select and state.all_mappers:
            state.statement = state.statement.where(User.name == "bob")

    assert [u.name for u in session.scalars(select(User))] == ["bob"]

    @event.listens_for(session, "do_orm_execute")
    def answer(state: Any) -> Any:
        return state.invoke_statement(state.statement.limit(0))

    assert session.scalars(select(User)).all() == []
