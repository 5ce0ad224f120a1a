"""
What type checkers refuse: each line marked ``# E`` is an error to mypy and to pyright, and no other line is.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from typing_models import Color, Item, Post, User, person

from relvar import (
    Column,
    Connection,
    Integer,
    String,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    union,
    update,
)
from relvar.engine import Engine
from relvar.ext.asyncio import AsyncSession
from relvar.orm import Session, aliased, scoped_session


def operands() -> None:
    select(User).where(User.id == "x")  # E
    select(User).where(User.id != "x")  # E
    select(User).where(User.name == 5)  # E
    select(User).where(User.nick == b"x")  # E
    select(User).where(User.born == "2020-01-01")  # E
    select(User).where(User.color == "RED")  # E
    select(User).where(User.token == "x")  # E
    select(User).where(User.raw == "x")  # E
    select(User).where(User.price == "5")  # E
    select(User).where(User.flag == "yes")  # E
    select(User).where(User.id == User.name)  # E
    select(User).where(User.span == 5)  # E
    select(User).filter((User.id == "x") & (User.name == "x"))  # E
    select(User).filter((User.name == "x") & (User.id == "x"))  # E
    select(User.id).having(func.count() == "x")  # E
    select(person).where(person.c.id == "x")  # E
    select(User).where(func.max(User.price) == "x")  # E
    update(User).where(User.id == "x")  # E
    delete(User).where(User.name == 5)  # E
    and_(User.id == "x", User.name == "x")  # E
    or_(User.name == "x", User.id == "x")  # E
    not_(User.id == "x")  # E
    select(User).where(User.name)  # E
    select(User).where(User.id + 1)  # E
    User.id < "x"  # E
    User.name >= 5  # E
    User.born > "2020-01-01"  # E
    User.id.in_(["a", "b"])  # E
    User.name.in_([1, 2])  # E
    User.color.not_in(["RED"])  # E
    User.id.between("a", "b")  # E
    User.name.like(5)  # E
    User.name.startswith(5)  # E


def statements(session: Session, connection: Connection, engine: Engine) -> None:
    select(User).wher(User.id == 5)  # E
    session.execute("SELECT 1")  # E
    connection.execute("SELECT 1")  # E
    session.scalars("SELECT 1")  # E
    session.get(User)  # E
    session.scalars(select(User)).frist()  # E
    session.scalars(select(User)).one().nam  # E
    session.scalar(select(User.nick)).upper()  # E
    session.execute(select(User.id, User.nick)).one()[2]  # E
    session.execute(insert(User).returning(User.id)).scalar_one().upper()  # E
    session.query(User).one().nam  # E
    session.query(User).filter(User.id == "x")  # E
    select(User, Post).outerjoin(User.posts).subquery().d  # E
    session.execute(select(User, Post).outerjoin(User.posts)).one()[1].title  # E
    session.execute(select(User, Post).join(Post, full=True)).one()[0].name  # E
    session.execute(select(User, Post).join_from(User, Post, isouter=True)).one()[1].title  # E
    select(User).join(5)  # E
    select(User).join_from(User, "posts")  # E
    select(User, Post).outerjoin(User.posts, "x = 5")  # E
    number: int = session.get_one(User, 5)  # E
    name: Column[str] = Column("x", Integer)  # E
    wrong: str = cast(User.id, Integer)  # E
    engine.conect()  # E
    union("SELECT 1", "SELECT 2")  # E
    aliased(User).nam  # E
    print(number, name, wrong)
    func.count()()  # E
    text(5)  # E
    literal()  # E


async def awaited(session: AsyncSession, scoped: scoped_session[Session]) -> None:
    await session.execute("SELECT 1")  # E
    await session.get(User, 5, option=[])  # E
    session.commit().nothing  # E
    scoped.execute("SELECT 1")  # E
    scoped.expire(User(), 5)  # E
    scoped.merge(User()).nam  # E
    (await session.get_one(User, 5)).nam  # E
    (await session.scalars(select(User.id))).one().upper()  # E


def fine(user: User) -> None:
    user.name = "x"
    user.id = User.id + 1
    user.nick = None
    select(User).where(User.id == Decimal(5), User.born > datetime.date.today(), User.color == Color.RED)
    select(User).where(User.flag, True, text("x = 5"), User.data["a"] == 5)
    Item("x", 5)
    Item(name="x")
    String(5)
