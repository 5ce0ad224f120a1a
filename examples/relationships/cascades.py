"""
Cascades: which operations on an object go on to related ones.

``save-update`` and ``merge`` by default; ``all`` is these with ``delete``, ``expunge`` and ``refresh-
expire``; ``delete-orphan`` deletes what is taken out.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    # part of the order: shares its fate
    lines: Mapped[list[Line]] = relationship(cascade="all, delete-orphan", back_populates="order")
    # a reference: saved and merged with the order, nothing else
    customer: Mapped[Customer | None] = relationship(back_populates="orders")


class Line(Base):
    __tablename__ = "line"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(back_populates="lines")


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    orders: Mapped[list[Order]] = relationship(back_populates="customer")


def count(session: Session, cls: Any) -> int:
    return session.scalar(select(func.count()).select_from(cls)) or 0


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        order = Order(customer=Customer(name="ann"), lines=[Line(text="a"), Line(text="b")])
        session.add(order)
        # save-update: from the order to all it refers to
        assert all(obj in session for obj in (order.customer, *order.lines))
        session.commit()
        # but not back from the other side of a link: the session is told of what is added to it
        customer = order.customer
        assert customer is not None and customer.orders == [order]
        late = Order(customer=customer)
        assert late in customer.orders and late not in session
        session.add(late)
        session.commit()

        # expunge and refresh-expire: the lines, not the customer
        lines = list(order.lines)
        assert order.customer is customer and customer.name == "ann" and lines[0].text == "a"
        session.refresh(order)
        assert "text" not in lines[0].__dict__ and "name" in customer.__dict__
        assert order.lines == lines
        session.expunge(order)
        assert lines[0] not in session and customer in session

        # merge: copies of the whole graph, as far as it goes
        order.lines[0].text = "A"
        merged = session.merge(order)
        assert merged is not order and merged.lines[0].text == "A" and merged.customer is customer
        session.commit()

        # delete-orphan: out of the collection, out of the database
        gone = merged.lines.pop()
        session.commit()
        assert count(session, Line) == 1 and gone not in session
        # delete: the order's lines, not its customer
        session.delete(merged)
        session.commit()
        assert (count(session, Line), count(session, Order), count(session, Customer)) == (0, 1, 1)
        # without it, what refers to a deleted row is let go of
        session.delete(customer)
        session.commit()
        assert session.scalars(select(Order.customer_id)).all() == [None]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
