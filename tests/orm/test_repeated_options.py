"""
Options that a program makes again and again are the same options: what that must not change.
"""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from relvar import Engine, ForeignKey, create_engine, event, inspect, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    defer,
    joinedload,
    lazyload,
    load_only,
    mapped_column,
    relationship,
    selectinload,
)
from relvar.orm.load import kept_options


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str]
    posts: Mapped[list[Post]] = relationship(order_by="Post.id", back_populates="user")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    user: Mapped[User] = relationship(back_populates="posts")


@pytest.fixture
def engine() -> Engine:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number in (1, 2):
            posts = [Post(title=f"{letter}{number}") for letter in "ab"]
            session.add(User(id=number, name=f"n{number}", note="x", posts=posts))
        session.commit()
    return engine


def sent_by(engine: Engine) -> list[str]:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: statements.append(text))
    return statements


def test_conditions_of_an_option_are_its_own(engine: Engine) -> None:
    found: dict[str, list[str]] = {}
    for title in ("a1", "b1", "a1"):
        with Session(engine) as session:
            option = selectinload(User.posts.and_(Post.title == title))
            user = session.scalars(select(User).options(option).where(User.id == 1)).one()
            found.setdefault(title, []).extend(post.title for post in user.posts)
    assert found == {"a1": ["a1", "a1"], "b1": ["b1"]}


def test_strategy_and_arguments_tell_options_apart(engine: Engine) -> None:
    statements = sent_by(engine)
    for option in (
        joinedload(User.posts),
        joinedload(User.posts, innerjoin=True),
        selectinload(User.posts),
        lazyload(User.posts),
        joinedload(User.posts).load_only(Post.title),
        joinedload(User.posts).defer(Post.title),
        joinedload(User.posts),
    ):
        with Session(engine) as session:
            session.scalars(select(User).options(option)).unique().all()
    own = "SELECT users.id, users.name, users.note"
    post, outer = (
        "posts_1.id AS id_1, posts_1.user_id, posts_1.title",
        "users LEFT OUTER JOIN posts AS posts_1",
    )
    end = "ON users.id = posts_1.user_id ORDER BY posts_1.id"
    by_keys = (
        "SELECT posts.user_id, posts.id, posts.title FROM posts "
        "WHERE posts.user_id IN (?, ?) ORDER BY posts.id"
    )
    assert [text.replace("\n", "") for text in statements] == [
        f"{own}, {post} FROM {outer} {end}",
        f"{own}, {post} FROM users JOIN posts AS posts_1 {end}",
        f"{own} FROM users",
        by_keys,
        f"{own} FROM users",
        f"{own}, posts_1.id AS id_1, posts_1.title FROM {outer} {end}",
        f"{own}, posts_1.id AS id_1, posts_1.user_id FROM {outer} {end}",
        f"{own}, {post} FROM {outer} {end}",
    ]


def test_columns_of_load_only_in_any_number(engine: Engine) -> None:
    for attributes in (
        (User.id,),
        (User.id, User.name),
        (User.id, User.note),
        (User.id, User.name, User.note),
    ):
        with Session(engine) as session:
            user = session.scalars(select(User).options(load_only(*attributes)).where(User.id == 1)).one()
            unloaded = {"name", "note"} - {attribute.key for attribute in attributes}
            assert inspect(user).unloaded - {"posts"} == unloaded


def test_aliases_keep_their_own_options(engine: Engine) -> None:
    for _ in range(3):
        one, other = aliased(User), aliased(User)
        with Session(engine) as session:
            rows = session.execute(
                select(one, other)
                .join(other, other.id == one.id + 1)
                .options(defer(one.name), defer(other.note))
            ).all()
            [(first, second)] = rows
            assert "name" in inspect(first).unloaded and "note" not in inspect(first).unloaded
            assert "note" in inspect(second).unloaded and "name" not in inspect(second).unloaded


def test_options_composed_without_end_take_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_options, "_MOST_KEPT", 50)
    alive: weakref.WeakSet[Any] = weakref.WeakSet()
    for depth in range(300):
        option = selectinload(User.posts, recursion_depth=depth)
        alive.add(option)
        option = option.joinedload(Post.user, innerjoin=bool(depth % 2))
        alive.add(option)
    del option
    gc.collect()
    assert len(alive) <= 2 * 51
