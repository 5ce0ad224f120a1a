"""What type checkers know of mapped attributes: expressions in classes, values in objects."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_type

from typing_models import Base, Color, Item, Post, Stamped, User

from relvar import ColumnElement, Integer, Select, String, func, inspect, select
from relvar.orm import (
    AppenderQuery,
    DynamicMapped,
    InstanceState,
    InstrumentedAttribute,
    Load,
    Mapped,
    MappedColumn,
    Mapper,
    Session,
    WriteOnlyCollection,
    WriteOnlyMapped,
    attribute_keyed_dict,
    class_mapper,
    column_property,
    composite,
    declared_attr,
    deferred,
    mapped_column,
    object_session,
    query_expression,
    relationship,
    selectinload,
    synonym,
)


@dataclass
class Point:
    x: int
    y: int


class Named:
    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return cls.__name__.lower()

    @declared_attr
    @classmethod
    def label(cls) -> Mapped[str]:
        return mapped_column(f"{cls.__name__}_label")


class Ticket(Named, Base):
    id: Mapped[int] = mapped_column(primary_key=True)


def of_mixins(ticket: Ticket) -> None:
    assert_type(Ticket.label, InstrumentedAttribute[str])
    assert_type(ticket.label, str)
    assert_type(Ticket.__tablename__, str)


def read(user: User, post: Post, stamped: Stamped) -> None:
    assert_type(User.id, InstrumentedAttribute[int])
    assert_type(User.nick, InstrumentedAttribute[str | None])
    assert_type(User.posts, InstrumentedAttribute[list[Post]])
    assert_type(user.id, int)
    assert_type(user.nick, str | None)
    assert_type(user.price, Decimal)
    assert_type(user.color, Color)
    assert_type(user.posts, list[Post])
    assert_type(user.log, WriteOnlyCollection[Post])
    assert_type(user.feed, AppenderQuery[Post])
    assert_type(user.feed.all(), list[Post])
    assert_type(user.titles, list[str])
    assert_type(user.loud, str)
    assert_type(user.also, str)
    assert_type(user.double, int)
    assert_type(user.title, str)
    assert_type(user.beyond(5), bool)
    assert_type(post.user, User)
    assert_type(post.editor, User | None)
    assert_type(stamped.stamped, datetime.datetime)
    assert_type(Stamped.stamped, InstrumentedAttribute[datetime.datetime])
    assert_type(Item("x", 5), Item)
    assert_type(Item(name="x").count, int | None)
    assert_type(inspect(User), Mapper[User])
    assert_type(inspect(user), InstanceState[User])
    assert_type(class_mapper(User), Mapper[User])
    assert_type(object_session(user), Session | None)


def declared() -> None:
    assert_type(mapped_column(Integer), MappedColumn[Any])
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str | None] = mapped_column(String(30), default=None)
    many: Mapped[list[Post]] = relationship()
    named: Mapped[dict[str, Post]] = relationship(collection_class=attribute_keyed_dict("title"))
    one: Mapped[Post | None] = relationship(back_populates="user")
    point: Mapped[Point] = composite("x", "y")
    written: WriteOnlyMapped[Post] = relationship()
    dynamic: DynamicMapped[Post] = relationship()
    also: Mapped[str] = synonym("name")
    lazy: Mapped[str] = deferred(mapped_column(String))
    total: Mapped[int] = column_property(select(func.count(Post.id)).scalar_subquery())
    given: Mapped[int] = query_expression()
    assert len([number, text, many, named, one, point, written, dynamic, also, lazy, total, given]) == 12


def change(user: User, post: Post) -> None:
    user.posts.append(post)
    user.log.add(post)
    user.log.add_all([post])
    user.feed.append(post)
    assert_type(user.log.select(), Select[Post])
    assert_type(user.feed.filter(Post.id == 5).all(), list[Post])
    assert_type([each.title for each in user.posts], list[str])
    assert_type(User.posts.any(), ColumnElement[bool])
    assert_type(User.posts.of_type(Post).any(), ColumnElement[bool])
    assert_type(selectinload(User.posts).joinedload(Post.user), Load)
    user.nick = User.name + "x"
    user.price = Decimal(5)


def refused(user: User, post: Post, item: Item) -> None:
    user.name = None  # E
    user.id = "one"  # E
    user.nick = 5  # E
    user.color = "RED"  # E
    user.undeclared = 5  # E
    user.undeclared  # E
    User.agr  # E
    user.posts.append(user)  # E
    user.posts = [user]  # E
    user.log.add(user)  # E
    post.user = post  # E
    user.double = "x"  # E
    user.beyond("x")  # E
    len(user.nick)  # E
    item.count = "x"  # E
    user.feed.append(user)  # E
    user.log.add_all([user])  # E
    user.posts[0].nam  # E
    post.editor.name  # E
    wrong: Mapped[str] = column_property(User.id)  # E
    print(wrong)
