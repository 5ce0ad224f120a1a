"""What type checkers know of sessions, queries, results and connections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_type

from typing_models import Post, User

from relvar import (
    Connection,
    CursorResult,
    Engine,
    Inspector,
    MappingResult,
    Result,
    Row,
    ScalarResult,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    union,
    update,
)
from relvar.ext.asyncio import AsyncSession, async_scoped_session
from relvar.orm import (
    Query,
    Session,
    SessionTransaction,
    scoped_session,
    sessionmaker,
)
from relvar.util import IdentitySet


def of_sessions(session: Session, scoped: scoped_session[Session], user: User) -> None:
    assert_type(session.get(User, 5), User | None)
    assert_type(session.get_one(User, 5), User)
    assert_type(session.execute(select(User.id, User.nick)), Result[int, str | None])
    assert_type(session.execute(select(User)).scalars().all(), Sequence[User])
    assert_type(session.execute(select(User.id)).scalar_one(), int)
    assert_type(session.execute(select(User.id)).scalar(), int | None)
    assert_type(session.execute(select(User.id)).mappings(), MappingResult)
    assert_type(session.execute(text("SELECT 1")), Result[*tuple[Any, ...]])
    assert_type(session.execute(update(User).values(name="x")).rowcount, int)
    assert_type(session.execute(delete(User)), CursorResult[*tuple[Any, ...]])
    assert_type(session.execute(insert(User).returning(User.id, User.name)), Result[int, str])
    assert_type(session.execute(union(select(User.id), select(Post.id))), Result[int])
    assert_type(session.scalars(select(User)), ScalarResult[User])
    assert_type(session.scalars(select(User, Post)), ScalarResult[User])
    assert_type(session.scalars(select(User)).all(), Sequence[User])
    assert_type(session.scalars(select(User)).first(), User | None)
    assert_type(session.scalars(select(User)).one(), User)
    assert_type(session.scalars(select(User)).unique().all(), Sequence[User])
    assert_type(session.scalars(insert(User).returning(User)), ScalarResult[User])
    assert_type(session.scalar(select(User.id)), int | None)
    assert_type(session.scalar(select(func.count(User.id))), int | None)
    assert_type(session.merge(user), User)
    assert_type(session.connection(), Connection)
    assert_type(session.get_bind(), Engine | Connection)
    assert_type(scoped.get(User, 5), User | None)
    assert_type(scoped.scalars(select(User.name)), ScalarResult[str])
    assert_type(scoped(), Session)
    for entity, other in session.execute(select(User, Post).outerjoin(User.posts)):
        assert_type(entity, User)
        assert_type(other, Post | None)
    for row in session.execute(select(User.id, User.nick)):
        assert_type(row[0], int)
        assert_type(row[1], str | None)
    with sessionmaker(create_engine("sqlite://"))() as made:
        assert_type(made, Session)


def queries(session: Session) -> None:
    assert_type(session.query(User), Query[User])
    assert_type(session.query(User).filter(User.id == 5).order_by(User.id).all(), list[User])
    assert_type(session.query(User).first(), User | None)
    assert_type(session.query(User).one(), User)
    assert_type(session.query(User).get(5), User | None)
    assert_type(session.query(User.id, User.nick).all(), list[Row[int, str | None]])
    assert_type(session.query(User.id).scalar(), int | None)
    assert_type(session.query(User)[0], User)
    assert_type(session.query(User)[0:5], list[User])
    assert_type(session.query(User).count(), int)


def of_connections(engine: Engine) -> None:
    with engine.connect() as connection:
        assert_type(connection.execute(select(User.id, User.name)), CursorResult[int, str])
        assert_type(connection.execute(insert(User).returning(User.id)), CursorResult[int])
        assert_type(connection.scalar(select(User.id)), int | None)
        assert_type(connection.scalars(select(User.nick)).all(), Sequence[str | None])
        found = connection.execute(select(User.id, User.name)).one()
        assert_type(found[1], str)
        for _first, _second in connection.execute(text("SELECT 1, 2")):
            pass
    assert_type(inspect(engine), Inspector)


async def of_async_sessions(session: AsyncSession) -> None:
    assert_type(await session.get(User, 5), User | None)
    assert_type(await session.execute(select(User.id, User.nick)), Result[int, str | None])
    assert_type((await session.scalars(select(User))).all(), Sequence[User])
    assert_type(await session.scalar(select(User.id)), int | None)
    assert_type(await session.run_sync(lambda found: 5), int)
    assert_type(await session.merge(User()), User)
    assert_type(await session.get_one(User, 5), User)
    assert_type(await session.execute(update(User).values(name="x")), CursorResult[*tuple[Any, ...]])
    assert_type(await session.execute(text("SELECT 1")), Result[*tuple[Any, ...]])
    assert_type(session.in_transaction(), bool)
    assert_type(session.new, IdentitySet)
    async with session.stream(select(User.id, User.name)) as result:
        assert_type(await result.all(), Sequence[Row[int, str]])


async def of_scoped_sessions(
    scoped: scoped_session[Session], current: async_scoped_session[AsyncSession]
) -> None:
    assert_type(scoped.execute(select(User.id, User.nick)), Result[int, str | None])
    assert_type(scoped.get_one(User, 5), User)
    assert_type(scoped.query(User.id).all(), list[Row[int]])
    assert_type(scoped.merge(User()), User)
    assert_type(scoped.begin_nested(), SessionTransaction)
    assert_type(scoped.dirty, IdentitySet)
    assert_type(await current.execute(select(User.id, User.nick)), Result[int, str | None])
    assert_type(await current.get(User, 5), User | None)
    assert_type((await current.scalars(select(User))).all(), Sequence[User])
    assert_type(await current.merge(User()), User)
    assert_type(await current.commit(), None)
    assert_type(current(), AsyncSession)
