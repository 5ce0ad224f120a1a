"""
Several foreign keys between the same tables: each relationship says which of them is its own.

A relationship may also have conditions beyond the key: then it finds fewer rows, and writes only the
key.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Address(Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str] = mapped_column(String(30))


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    billing_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    shipping_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    # columns themselves, or by name where a class is defined later
    billing: Mapped[Address | None] = relationship(foreign_keys=[billing_id])
    shipping: Mapped[Address | None] = relationship(foreign_keys="Customer.shipping_id")
    orders: Mapped[list[Order]] = relationship(back_populates="customer")
    open_orders: Mapped[list[Order]] = relationship(
        primaryjoin="and_(Customer.id == Order.customer_id, Order.state == 'open')",
        viewonly=True,
        order_by="Order.id.desc()",
    )


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        home, office = Address(city="Bergen"), Address(city="Oslo")
        orders = [Order(state=state) for state in ("open", "sent", "open")]
        session.add(Customer(billing=home, shipping=office, orders=orders))
        session.commit()

    with Session(engine) as session:
        both = select(Customer).options(joinedload(Customer.billing), joinedload(Customer.shipping))
        customer = session.scalars(both).one()
        assert customer.billing is not None and customer.shipping is not None
        assert (customer.billing.city, customer.shipping.city) == ("Bergen", "Oslo")
        assert [order.id for order in customer.open_orders] == [3, 1]

        customer.shipping = customer.billing
        customer.orders[0].state = "sent"
        session.commit()
        assert customer.shipping_id == customer.billing_id
        assert [order.id for order in customer.open_orders] == [3]
        found = select(Customer).join(Customer.shipping).where(Address.city == "Bergen")
        assert session.scalars(found.where(Customer.open_orders.any())).one() is customer


if __name__ == "__main__":
    main(create_engine("sqlite://"))
