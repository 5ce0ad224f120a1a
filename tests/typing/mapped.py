"""
What type checkers know of mapped classes, statements and their results; `make lint` checks this file.

A line that must be refused has an ignore, which is refused itself if the line is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, assert_type

from relvar import (
    BinaryExpression,
    ColumnElement,
    CursorResult,
    ForeignKey,
    Result,
    Row,
    ScalarResult,
    Select,
    UnaryExpression,
    create_engine,
    insert,
    select,
    update,
)
from relvar.orm import (
    AppenderQuery,
    DeclarativeBase,
    DynamicMapped,
    InstrumentedAttribute,
    Mapped,
    Session,
    WriteOnlyCollection,
    WriteOnlyMapped,
    aliased,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    nick: Mapped[str | None]
    price: Mapped[Decimal]
    born: Mapped[datetime]
    posts: Mapped[list[Post]] = relationship(back_populates="user")
    log: WriteOnlyMapped[Post] = relationship(viewonly=True)
    feed: DynamicMapped[Post] = relationship(viewonly=True)


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="posts")


def attributes(user: User, post: Post) -> None:
    assert_type(User.id, InstrumentedAttribute[int])
    assert_type(User.nick, InstrumentedAttribute[str | None])
    assert_type(User.posts, InstrumentedAttribute[list[Post]])
    assert_type(user.id, int)
    assert_type(user.name, str)
    assert_type(user.nick, str | None)
    assert_type(user.price, Decimal)
    assert_type(user.posts, list[Post])
    assert_type(post.user, User)
    assert_type(post.user.posts[0].user_id, int)
    assert_type(user.log, WriteOnlyCollection[Post])
    assert_type(user.feed, AppenderQuery[Post])
    user.nick = None
    user.id = User.id + 1
    user.posts.append(post)
    user.log = [post]
    user.name = None  # type: ignore[assignment]
    user.id = "one"  # type: ignore[assignment]
    user.posts.append(user)  # type: ignore[arg-type]
    user.posts = [user]  # type: ignore[list-item]
    User.agr  # type: ignore[attr-defined]
    len(user.nick)  # type: ignore[arg-type]


def operators() -> None:
    assert_type(User.id == 5, ColumnElement[bool])
    assert_type(User.id != User.id, ColumnElement[bool])
    assert_type(User.id < 5, ColumnElement[bool])
    assert_type(User.id >= 5, ColumnElement[bool])
    assert_type((User.id == 5) & (User.name == "x"), ColumnElement[bool])
    assert_type((User.id == 5) | (User.name == "x"), ColumnElement[bool])
    assert_type(~(User.id == 5), ColumnElement[bool])
    assert_type(User.name.like("a%"), BinaryExpression[bool])
    assert_type(User.id.in_([1, 2]), BinaryExpression[bool])
    assert_type(User.nick.is_(None), BinaryExpression[bool])
    assert_type(User.id.between(1, 5), BinaryExpression[bool])
    assert_type(User.name.startswith("a"), ColumnElement[bool])
    assert_type(User.name.contains("a"), ColumnElement[bool])
    assert_type(User.nick.is_distinct_from(User.name), ColumnElement[bool])
    assert_type(User.name.regexp_match("a"), ColumnElement[bool])
    assert_type(User.id.desc(), UnaryExpression[int])
    assert_type(User.nick.asc().nulls_last(), UnaryExpression[str | None])
    assert_type(User.id.distinct(), UnaryExpression[int])
    assert_type(-User.id, UnaryExpression[int])
    assert_type(User.id + 1, ColumnElement[int])
    assert_type(1 + User.id, ColumnElement[int])
    assert_type(User.id - Post.id, ColumnElement[int])
    assert_type(User.id * 2, ColumnElement[int])
    assert_type(User.id % 2, ColumnElement[int])
    assert_type(User.id // 2, ColumnElement[int])
    assert_type(User.id / 2, ColumnElement[float | Decimal])
    assert_type(User.price * 2, ColumnElement[Decimal])
    assert_type(User.price + User.id, ColumnElement[Decimal])
    assert_type(User.name + "!", ColumnElement[str])
    assert_type("!" + User.name, ColumnElement[str])
    assert_type(User.nick + "!", ColumnElement[str | None])
    assert_type(User.born + timedelta(days=1), ColumnElement[datetime])
    assert_type(User.name.op("~")("x"), BinaryExpression[Any])
    assert_type(User.name.bool_op("~")("x"), BinaryExpression[bool])


def statements() -> None:
    assert_type(select(User), Select[User])
    assert_type(select(User.id), Select[int])
    assert_type(select(User.id, User.nick), Select[int, str | None])
    assert_type(select(User, Post, Post.id), Select[User, Post, int])
    assert_type(select(User.id + 1, User.name + "x"), Select[int, str])
    assert_type(select(User.id == 5), Select[bool])
    assert_type(select(User).where(User.id == 5), Select[User])
    assert_type(
        select(User.id).join(User.posts).filter_by(id=1).order_by(User.id).group_by(User.id).limit(5),
        Select[int],
    )
    assert_type(select(User.id).having(User.id > 1).distinct().offset(1).with_for_update(), Select[int])
    assert_type(
        select(User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.name),
        Select[int, int, int, int, int, int, int, int, int, str],
    )
    other = aliased(User)
    assert_type(other, type[User])
    assert_type(select(other, other.name), Select[User, str])
    select(User).wher(User.id == 5)  # type: ignore[attr-defined]


def of_sessions(session: Session, scoped: scoped_session[Session]) -> None:
    assert_type(session.get(User, 5), User | None)
    assert_type(session.get_one(User, 5), User)
    assert_type(session.execute(select(User.id, User.nick)), Result[int, str | None])
    assert_type(session.execute(select(User)).scalars().all(), Sequence[User])
    assert_type(session.execute(update(User).values(name="x")), CursorResult[*tuple[Any, ...]])
    assert_type(session.execute(insert(User)), CursorResult[*tuple[Any, ...]])
    assert_type(session.scalars(select(User)), ScalarResult[User])
    assert_type(session.scalars(select(User, Post)), ScalarResult[User])
    assert_type(session.scalars(select(User)).all(), Sequence[User])
    assert_type(session.scalars(select(User)).first(), User | None)
    assert_type(session.scalars(select(User)).one(), User)
    assert_type(session.scalars(select(User)).one_or_none(), User | None)
    assert_type(session.scalars(select(User)).unique().all(), Sequence[User])
    assert_type(session.scalar(select(User.id)), int | None)
    assert_type(session.scalar(select(User.nick)), str | None)
    assert_type(scoped.get(User, 5), User | None)
    assert_type(scoped.scalars(select(User.name)), ScalarResult[str])
    assert_type(scoped.execute(select(User.id)), Result[int])
    assert_type(session.merge(User()), User)
    for user in session.scalars(select(User)):
        assert_type(user, User)
    for row in session.execute(select(User.id, User.nick)):
        assert_type(row[0], int)
        assert_type(row[1], str | None)
        number, nick = row
        assert_type(number, int)
        assert_type(nick, str | None)
        row[2]  # type: ignore[misc]
    with sessionmaker(create_engine("sqlite://"))() as made:
        assert_type(made, Session)
    session.get(User)  # type: ignore[call-overload]
    session.scalars(select(User)).frist()  # type: ignore[attr-defined]
    wrong: int = session.get_one(User, 5)  # type: ignore[assignment]
    assert wrong


def of_connections() -> None:
    with create_engine("sqlite://").connect() as connection:
        assert_type(connection.execute(select(User.id, User.name)), CursorResult[int, str])
        assert_type(connection.scalar(select(User.id)), int | None)
        assert_type(connection.scalars(select(User.nick)).all(), Sequence[str | None])
        found = connection.execute(select(User.id, User.name)).one()
        assert_type(found[1], str)
        rows: Sequence[Row[int, str]] = connection.execute(select(User.id, User.name)).all()
        assert rows
        found.xyz
        connection.scalars(select(User.id)).one().upper()  # type: ignore[attr-defined]
