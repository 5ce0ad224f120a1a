"""What type checkers know of expressions: operators, literals, functions, CASE, casts, windows."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, assert_type

from typing_models import Color, Post, User

from relvar import (
    ARRAY,
    JSON,
    BinaryExpression,
    BindParameter,
    Boolean,
    Case,
    Cast,
    Column,
    ColumnClause,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Label,
    LargeBinary,
    Numeric,
    Over,
    String,
    TryCast,
    TypeCoerce,
    TypeDecorator,
    UnaryExpression,
    Uuid,
    WithinGroup,
    and_,
    asc,
    between,
    bindparam,
    case,
    cast,
    collate,
    column,
    desc,
    distinct,
    exists,
    extract,
    func,
    label,
    literal,
    literal_column,
    not_,
    nulls_last,
    or_,
    select,
    try_cast,
    tuple_,
    type_coerce,
)
from relvar.dialects import mysql, postgresql
from relvar.expr.functions import coalesce, count, max, now, sum
from relvar.expr.window import FunctionFilter
from relvar.sql.expression import Exists, Function


class Money(TypeDecorator[Decimal]):
    impl = Numeric


def columns() -> None:
    assert_type(Column("x", Integer), Column[int])
    assert_type(Column("x", String(5)), Column[str])
    assert_type(Column(Integer, primary_key=True), Column[int])
    assert_type(Column("x", Numeric(10, 2)), Column[Decimal])
    assert_type(Column("x", Numeric(asdecimal=False)), Column[float])
    assert_type(Column("x", Float()), Column[float])
    assert_type(Column("x", DateTime()), Column[datetime.datetime])
    assert_type(Column("x", Date), Column[datetime.date])
    assert_type(Column("x", Boolean), Column[bool])
    assert_type(Column("x", LargeBinary), Column[bytes])
    assert_type(Column("x", Enum(Color)), Column[Color])
    assert_type(Column("x", Enum("a", "b")), Column[str])
    assert_type(Column("x", JSON()), Column[Any])
    assert_type(Column("x", Money()), Column[Decimal])
    assert_type(Column("x", ForeignKey("t.id")), Column[Any])
    assert_type(Column("x"), Column[Any])
    assert_type(Column("x", type_=Integer), Column[int])
    assert_type(column("x", Integer), ColumnClause[int])
    assert_type(column("x"), ColumnClause[Any])
    assert_type(literal_column("1", Integer), ColumnClause[int])
    assert_type(Column("x", Uuid(as_uuid=False)), Column[str])
    assert_type(ARRAY(Integer), ARRAY[int])
    assert_type(Column("x", Float), Column[float])
    assert_type(Column("x", Numeric), Column[Decimal])
    assert_type(cast("5", Float), Cast[float])
    assert_type(Column("x", ARRAY(Integer)), Column[Sequence[int]])
    assert_type(Column("x", postgresql.INT4RANGE), Column[postgresql.Range[int]])
    assert_type(Column("x", postgresql.TSTZRANGE()), Column[postgresql.Range[datetime.datetime]])
    assert_type(Column("x", postgresql.DATEMULTIRANGE), Column[Sequence[postgresql.Range[datetime.date]]])
    assert_type(Column("x", postgresql.HSTORE), Column[dict[str, str | None]])
    assert_type(Column("x", postgresql.BIT(5)), Column[str])
    assert_type(Column("x", postgresql.UUID), Column[uuid.UUID])
    assert_type(Column("x", postgresql.BYTEA), Column[bytes])
    assert_type(Column("x", mysql.YEAR), Column[int])
    assert_type(Column("x", mysql.BIGINT(unsigned=True)), Column[int])
    nullable: Column[int | None] = Column("x", Integer)
    assert nullable.nullable


def values() -> None:
    assert_type(literal(5), BindParameter[int])
    assert_type(literal("x"), BindParameter[str])
    assert_type(literal("5", Integer), BindParameter[int])
    assert_type(bindparam("x"), BindParameter[Any])
    assert_type(bindparam("x", type_=Integer), BindParameter[int])
    assert_type(bindparam("x", 5, Integer()), BindParameter[int])
    assert_type(cast(User.id, String), Cast[str])
    assert_type(cast("5", Integer()), Cast[int])
    assert_type(try_cast(User.id, String), TryCast[str])
    assert_type(type_coerce(User.id, String), TypeCoerce[str])
    assert_type(User.id.cast(String), Cast[str])
    assert_type(label("x", User.id), Label[int])
    assert_type(User.nick.label("x"), Label[str | None])
    assert_type((User.id + 1).label(None), Label[int])
    assert_type(case((User.id == 5, "a"), else_="b"), Case[str])
    assert_type(case((User.id == 5, User.name), (User.id == 6, User.name)), Case[str])
    assert_type(case((User.id == 5, User.name), else_=User.nick), Case[str | None])
    assert_type(case((User.id == 5, User.name), else_="x"), Case[str])
    assert_type(case({"a": 1, "b": 2}, value=User.name), Case[int])


def conditions() -> None:
    assert_type(User.id == 5, ColumnElement[bool])
    assert_type(User.id != Post.id, ColumnElement[bool])
    assert_type(User.id < 5, ColumnElement[bool])
    assert_type(User.price >= 5, ColumnElement[bool])
    assert_type(User.ratio > Decimal(5), ColumnElement[bool])
    assert_type(User.id == Decimal(5), ColumnElement[bool])
    assert_type(User.nick == User.name, ColumnElement[bool])
    assert_type(User.name == User.nick, ColumnElement[bool])
    assert_type(User.name == None, ColumnElement[bool])
    assert_type(User.born > datetime.date.today(), ColumnElement[bool])
    assert_type(User.born > func.now(), ColumnElement[bool])
    assert_type(User.color == Color.RED, ColumnElement[bool])
    assert_type(User.raw == b"x", ColumnElement[bool])
    assert_type(User.data == {"a": 5}, ColumnElement[bool])
    assert_type(User.flag == True, ColumnElement[bool])
    assert_type(User.span > timedelta(days=1), ColumnElement[bool])
    assert_type(User.id == select(Post.id).scalar_subquery(), ColumnElement[bool])
    assert_type(User.data["x"] == "anything", ColumnElement[bool])
    assert_type((User.id == 5) & (User.name == "x"), ColumnElement[bool])
    assert_type((User.id == 5) | User.flag, ColumnElement[bool])
    assert_type(~(User.id == 5), ColumnElement[bool])
    assert_type(and_(User.id == 5, User.name == "x", True), ColumnElement[bool])
    assert_type(or_(User.id == 5, User.flag), ColumnElement[bool])
    assert_type(not_(User.id == 5), ColumnElement[bool])
    assert_type(User.name.like("a%"), BinaryExpression[bool])
    assert_type(User.id.in_([1, 2]), BinaryExpression[bool])
    assert_type(User.id.in_(select(Post.id)), BinaryExpression[bool])
    assert_type(User.name.not_in({"a", "b"}), BinaryExpression[bool])
    assert_type(User.color.in_([Color.RED]), BinaryExpression[bool])
    assert_type(User.nick.is_(None), BinaryExpression[bool])
    assert_type(User.id.between(1, Decimal(5)), BinaryExpression[bool])
    assert_type(between(User.id, 1, 5), BinaryExpression[bool])
    assert_type(User.name.startswith("a"), ColumnElement[bool])
    assert_type(User.name.contains("a"), ColumnElement[bool])
    assert_type(User.nick.is_distinct_from(User.name), ColumnElement[bool])
    assert_type(User.name.regexp_match("a"), ColumnElement[bool])
    assert_type(User.name.op("~")("x"), BinaryExpression[Any])
    assert_type(User.name.op("~", return_type=Boolean())("x"), BinaryExpression[bool])
    assert_type(User.name.bool_op("~")("x"), BinaryExpression[bool])
    assert_type(exists(select(User.id)), Exists)
    assert_type(exists().where(User.id == 5), Exists)
    assert_type(select(User.id).exists(), Exists)
    assert_type(User.posts.any(Post.id == 5), ColumnElement[bool])
    assert_type(Post.user.has(name="x"), ColumnElement[bool])
    assert_type(tuple_(User.id, User.name).in_([(1, "x")]), BinaryExpression[bool])


def arithmetic() -> None:
    assert_type(User.id + 1, ColumnElement[int])
    assert_type(1 + User.id, ColumnElement[int])
    assert_type(User.id - Post.id, ColumnElement[int])
    assert_type(User.id % 2, ColumnElement[int])
    assert_type(User.id // 2, ColumnElement[int])
    assert_type(User.id**2, ColumnElement[int])
    assert_type(User.id / 2, ColumnElement[float | Decimal])
    assert_type(User.price * 2, ColumnElement[Decimal])
    assert_type(User.price + User.id, ColumnElement[Decimal])
    assert_type(User.ratio * User.id, ColumnElement[float])
    assert_type(User.name + "!", ColumnElement[str])
    assert_type("!" + User.name, ColumnElement[str])
    assert_type(User.nick + "!", ColumnElement[str | None])
    assert_type(User.born + timedelta(days=1), ColumnElement[datetime.datetime])
    assert_type(User.day + timedelta(days=1), ColumnElement[datetime.date])
    assert_type(-User.id, UnaryExpression[int])


def order() -> None:
    assert_type(User.id.desc(), UnaryExpression[int])
    assert_type(User.nick.asc().nulls_last(), UnaryExpression[str | None])
    assert_type(User.id.distinct(), UnaryExpression[int])
    assert_type(desc(User.id), UnaryExpression[int])
    assert_type(asc(User.nick), UnaryExpression[str | None])
    assert_type(desc("total"), UnaryExpression[Any])
    assert_type(nulls_last(User.id), UnaryExpression[int])
    assert_type(distinct(User.name), UnaryExpression[str])
    assert_type(collate(User.name, "C"), BinaryExpression[str])
    assert_type(User.name.collate("C"), BinaryExpression[str])


def functions() -> None:
    assert_type(func.count(), count)
    assert_type(func.count(User.id) + 1, ColumnElement[int])
    assert_type(func.max(User.id), max[int])
    assert_type(func.sum(User.price), sum[Decimal])
    assert_type(func.coalesce(User.nick, "x"), coalesce[str])
    assert_type(func.coalesce(User.nick, User.name), coalesce[str])
    assert_type(func.coalesce(User.nick, User.nick, "x"), coalesce[str])
    assert_type(func.now(), now)
    assert_type(func.now() - timedelta(days=1), ColumnElement[datetime.datetime])
    assert_type(func.lower(User.name), Function[str])
    assert_type(func.upper(User.nick), Function[str | None])
    assert_type(func.length(User.name), Function[int])
    assert_type(func.length(User.nick), Function[int | None])
    assert_type(func.abs(User.price), Function[Decimal])
    assert_type(func.round(User.ratio, 2), Function[float])
    assert_type(func.nullif(User.id, 0), Function[int | None])
    assert_type(func.date_trunc("day", User.born), Function[datetime.datetime])
    assert_type(func.row_number(), Function[int])
    assert_type(func.lag(User.name), Function[str | None])
    assert_type(func.my_own(User.id), Function[Any])
    assert_type(func.my_own(User.id, type_=Integer), Function[int])
    assert_type(func.package.my_own(User.id), Function[Any])
    assert_type(func.cast(User.id, String), Cast[str])
    assert_type(func.count().over(partition_by=User.name), Over[int])
    assert_type(func.max(User.id).filter(User.flag), FunctionFilter[int])
    assert_type(func.rank().within_group(User.id), WithinGroup[int])
    assert_type(extract("year", User.born) + 1, ColumnElement[int])
