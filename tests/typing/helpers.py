"""What type checkers know of names for annotations and of Nullable, NotNullable and tuple_."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, assert_type

from typing_models import Item, Post, User, person

from relvar import (
    BinaryExpression,
    Column,
    ColumnElement,
    ColumnExpressionArgument,
    Integer,
    NotNullable,
    Nullable,
    Select,
    SQLColumnExpression,
    String,
    column,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from relvar.orm import (
    InstrumentedAttribute,
    Mapped,
    MappedClassProtocol,
    ORMDescriptor,
    QueryableAttribute,
    Session,
    SQLORMExpression,
    aliased,
)
from relvar.sql.expression import Tuple

_O = TypeVar("_O")


def doubled(number: SQLColumnExpression[int]) -> SQLColumnExpression[int]:
    return number * 2


def of_attribute(attribute: SQLORMExpression[str]) -> ColumnElement[bool]:
    return attribute == "x"


def kept(*conditions: ColumnExpressionArgument[bool]) -> Select[User]:
    return select(User).where(or_(*conditions))


def sorted_by(key: ColumnExpressionArgument[Any]) -> Select[User]:
    return select(User).order_by(key)


def named(descriptor: ORMDescriptor[str]) -> ORMDescriptor[str]:
    return descriptor


def everything(session: Session, cls: type[_O]) -> Sequence[_O]:
    return session.scalars(select(cls)).all()


def table_of(cls: MappedClassProtocol[Any]) -> str:
    return cls.__table__.description


def expressions() -> None:
    assert_type(doubled(User.id), SQLColumnExpression[int])
    assert_type(select(doubled(User.id)), Select[int])
    doubled(column("x", Integer))
    doubled(Column("x", Integer))
    doubled(User.id + 1)
    doubled(User.double)
    doubled(func.count())
    doubled(func.max(User.id))
    doubled(literal(5))
    doubled(person.c.id)
    doubled(aliased(User).id)
    doubled(select(User.id).scalar_subquery())
    doubled(User.name)  # E
    doubled(User.nick)  # E
    doubled(5)  # E
    doubled(text("x"))  # E
    of_attribute(User.name)
    of_attribute(User.title)
    of_attribute(User.also)
    of_attribute(User.loud)
    of_attribute(User.id)  # E
    of_attribute(column("x", String))  # E
    assert_type(named(User.name), ORMDescriptor[str])
    named(User.loud)
    named(User.id)  # E
    named(column("x", String))  # E


def conditions() -> None:
    assert_type(kept(User.id == 5, User.flag, User.posts.any()), Select[User])
    kept(text("x = 5"), func.coalesce(User.flag, False), lambda: User.id == 5)
    kept(User.id == "x")  # E
    kept(User.name)  # E
    kept("x")  # E
    sorted_by(User.name.desc())
    sorted_by(func.lower(User.name))
    sorted_by(User)  # E


def classes(session: Session) -> None:
    assert_type(everything(session, User), Sequence[User])
    assert_type(table_of(User), str)
    table_of(Item)
    table_of(Post)
    table_of(int)  # E
    attribute: InstrumentedAttribute[int] = User.id
    queryable: QueryableAttribute[int] = User.id
    mapped: Mapped[int] = User.id
    element: SQLColumnExpression[int] = User.id
    descriptor: ORMDescriptor[int] = User.id
    print(attribute, queryable, mapped, element, descriptor)


def nulls() -> None:
    assert_type(select(Nullable(User.name), User.id), Select[str | None, int])
    assert_type(select(Nullable(User)), Select[User | None])
    assert_type(select(User, Nullable(aliased(Post))), Select[User, Post | None])
    assert_type(select(Nullable(func.max(User.name))), Select[str | None])
    assert_type(select(Nullable(person.c.id)), Select[int | None])
    assert_type(select(NotNullable(User.nick)), Select[str])
    assert_type(select(NotNullable(func.lag(User.name))), Select[str])
    assert_type(select(NotNullable(person.c.age)), Select[int])
    assert_type(Nullable(User.name) == None, ColumnElement[bool])
    assert_type(NotNullable(User.nick).like("x%"), BinaryExpression[bool])
    select(User).where(Nullable(User.id) == "x")  # E
    Nullable("x")  # E
    NotNullable(None)  # E


def rows_of_values() -> None:
    pair = tuple_(User.id, User.name)
    assert_type(pair, Tuple)
    assert_type(pair == (1, "x"), ColumnElement[bool])
    assert_type(pair == tuple_(Post.id, Post.title), ColumnElement[bool])
    assert_type(pair > (1, "x"), ColumnElement[bool])
    assert_type(pair.in_([(1, "x"), (2, "y")]), BinaryExpression[bool])
    assert_type(pair.not_in([tuple_(1, "x")]), BinaryExpression[bool])
    assert_type(pair.in_(select(Post.id, Post.title)), BinaryExpression[bool])
    assert_type(select(tuple_(User.id, User.name, types=[Integer, String])), Select[tuple[Any, ...]])
    select(User).where(pair == 5)  # E
    pair < "x"  # E
    pair.in_([1, 2])  # E
    select(User).where(pair)  # E
