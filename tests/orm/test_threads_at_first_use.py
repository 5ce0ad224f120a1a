"""
Everything that is made on first use (mappers, plans, loaders, statements) may be made by threads at once.

Fresh classes and an empty cache each round, threads that change at every step: whoever comes first,
all read what is there.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relvar import Column, ForeignKey, Table, create_engine, func, or_, select, update
from relvar.ext.associationproxy import association_proxy
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    column_property,
    immediateload,
    joinedload,
    mapped_column,
    relationship,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    with_polymorphic,
)

CASCADE = "all, delete-orphan"


class Model:
    """Classes of their own: inheritance, the kinds of relationships, a deferred and a computed column."""

    def __init__(self) -> None:
        class Base(DeclarativeBase):
            pass

        links = Table(
            "links",
            Base.metadata,
            Column("user_id", ForeignKey("users.id"), primary_key=True),
            Column("tag_id", ForeignKey("tags.id"), primary_key=True),
        )

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            note: Mapped[str] = mapped_column(deferred=True, default="n")
            kind: Mapped[str]
            orders: Mapped[list[Any]] = relationship(
                "Order", back_populates="user", order_by="Order.id", cascade=CASCADE
            )
            tags: Mapped[list[Any]] = relationship("Tag", secondary=links, order_by="Tag.id")
            tag_names = association_proxy("tags", "name")
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "user"}

        class Admin(User):
            __tablename__ = "admins"
            id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
            power: Mapped[int]
            __mapper_args__ = {"polymorphic_identity": "admin"}

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user: Mapped[Any] = relationship("User", back_populates="orders")
            items: Mapped[list[Any]] = relationship("Item", order_by="Item.n", cascade=CASCADE)

        class Item(Base):
            __tablename__ = "items"
            order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
            n: Mapped[int] = mapped_column(primary_key=True)

        class Tag(Base):
            __tablename__ = "tags"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        User.order_count = column_property(
            select(func.count(Order.id))
            .where(Order.user_id == User.id)
            .correlate_except(Order)
            .scalar_subquery()
        )
        self.base = Base
        self.user, self.admin, self.order, self.item, self.tag = User, Admin, Order, Item, Tag

    def fill(self, session: Session) -> None:
        """Users 1 to 6, the odd ones admins, with two orders of three items, and i % 4 tags."""
        tags = [self.tag(id=i, name=f"t{i}") for i in range(4)]
        for i in range(1, 7):
            more = {"power": i} if i % 2 else {}
            session.add(
                (self.admin if i % 2 else self.user)(
                    id=i,
                    name=f"u{i}",
                    tags=tags[: i % 4],
                    orders=[
                        self.order(id=i * 10 + k, items=[self.item(n=m) for m in range(3)]) for k in range(2)
                    ],
                    **more,
                )
            )
        session.commit()

    def check(self, user: Any) -> None:
        """Read all there is about a user."""
        i = user.id
        assert (user.name, user.note, user.order_count) == (f"u{i}", "n", 2)
        assert [order.id for order in user.orders] == [i * 10, i * 10 + 1]
        assert [[item.n for item in order.items] for order in user.orders] == [[0, 1, 2]] * 2
        assert all(order.user is user for order in user.orders)
        assert list(user.tag_names) == [f"t{k}" for k in range(i % 4)]
        assert type(user) is (self.admin if i % 2 else self.user)
        assert getattr(user, "power", None) == (i if i % 2 else None)

    # -- what threads do ------------------------------------------------------

    def by_key(self, session: Session, i: int) -> None:
        self.check(session.get(self.user, i))

    def all_of_them(self, session: Session, i: int) -> None:
        for user in session.scalars(select(self.user)):
            self.check(user)

    def eager(self, load: Any) -> Callable[[Session, int], None]:
        def read(session: Session, i: int) -> None:
            user = self.user
            options = load(user.orders).options(selectinload(self.order.items)), load(user.tags)
            statement = select(user).options(*options).where(user.id == i)
            self.check(session.scalars(statement).unique().one())

        return read

    def subclasses(self, session: Session, i: int) -> None:
        for user in session.scalars(select(self.user).options(selectin_polymorphic(self.user, [self.admin]))):
            self.check(user)

    def with_subclasses(self, session: Session, i: int) -> None:
        both = with_polymorphic(self.user, [self.admin])
        for user in session.scalars(select(both).where(or_(both.Admin.power == i, both.id == i))):
            self.check(user)

    def legacy(self, session: Session, i: int) -> None:
        user = self.user
        self.check(session.query(user).filter(user.orders.any(self.order.id == i * 10)).one())

    def joined(self, session: Session, i: int) -> None:
        user = self.user
        statement = select(user.name, func.count(self.item.n)).join(user.orders).join(self.order.items)
        found = session.execute(statement.group_by(user.id).where(user.id == i)).all()
        assert found == [(f"u{i}", 6)]

    def again(self, session: Session, i: int) -> None:
        user = session.get_one(self.user, i)
        session.expire(user)
        self.check(user)
        session.refresh(user, ["orders", "note"])
        self.check(user)

    def written(self, session: Session, i: int) -> None:
        user = self.admin(name="x", power=3, orders=[self.order(items=[self.item(n=1)])])
        session.add(user)
        session.flush()
        assert user.order_count == 1
        user.name = "y"
        user.orders[0].items.append(self.item(n=2))
        session.flush()
        session.delete(user)
        session.flush()

    def updated(self, session: Session, i: int) -> None:
        user = session.get_one(self.user, i)
        session.execute(update(self.user).where(self.user.id == i).values(name="z"))
        assert user.name == "z"
        session.rollback()
        self.check(user)

    def core(self, session: Session, i: int) -> None:
        table = self.user.__table__
        assert session.connection().scalar(select(table.c.name).where(table.c.id.in_([i]))) == f"u{i}"


def tasks(model: Model) -> list[Callable[[Session, int], None]]:
    loads = [model.eager(load) for load in (joinedload, selectinload, subqueryload, immediateload)]
    return [
        *loads,
        *(model.by_key, model.all_of_them, model.subclasses, model.with_subclasses, model.legacy),
        *(model.joined, model.again, model.core),
    ]


@pytest.mark.backends("sqlite")
def test_threads_that_come_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    model = Model()
    engine = create_engine(url)
    model.base.metadata.create_all(engine)
    with Session(engine) as session:
        model.fill(session)
    engine.dispose()
    failures: list[BaseException] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for number in range(24):
            _round(create_engine(url), Model(), number, failures)
    finally:
        sys.setswitchinterval(before)
    assert failures == []


def _round(engine: Any, model: Model, number: int, failures: list[BaseException]) -> None:
    start = threading.Barrier(4)
    # one of them writes: SQLite has one writer at a time
    writes = [model.written, model.updated]

    def work(worker: int) -> None:
        chance = random.Random(number * 10 + worker)
        chosen = chance.sample(tasks(model), 3) + (chance.sample(writes, 1) if worker == 0 else [])
        start.wait()
        for task in chosen:
            try:
                with Session(engine) as session:
                    task(session, chance.randrange(1, 7))
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    model.base.registry.dispose()
