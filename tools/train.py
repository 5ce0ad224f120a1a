"""
Run what programs do, for a build that counts what runs: setup.py lays the kernels out by it.

The examples of the reference come first, all of the library once; then the days of a shop, what programs do
often: requests that read and write a little, each with a session of its own, and reports that read a lot.
"""

from __future__ import annotations

import datetime
import decimal
import random

from examples import NOT_EVERYWHERE, run_examples

import relvar
from relvar import (
    ForeignKey,
    String,
    bindparam,
    case,
    delete,
    event,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
    subqueryload,
    with_polymorphic,
)
from relvar.types import JSON, TypeDecorator

REQUESTS = 400
CUSTOMERS = 300


class Lowered(TypeDecorator[str]):
    """Text in small letters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Return what is stored."""
        return value.lower() if value is not None else None


class Base(DeclarativeBase):
    """All of the shop."""


class Party(Base):
    """Somebody, in two tables."""

    __tablename__ = "party"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    mail: Mapped[str | None] = mapped_column(Lowered(50))
    since: Mapped[datetime.datetime] = mapped_column(default=lambda: datetime.datetime(2024, 5, 17, 9, 30))
    active: Mapped[bool] = mapped_column(default=True)
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "party"}


class Customer(Party):
    """Who buys."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    limit: Mapped[decimal.Decimal] = mapped_column(default=decimal.Decimal("100.00"))
    wishes: Mapped[dict[str, object] | None] = mapped_column(JSON)
    orders: Mapped[list[Order]] = relationship(back_populates="customer", cascade="all, delete-orphan")
    __mapper_args__ = {"polymorphic_identity": "customer"}


class Supplier(Party):
    """Who sells to the shop."""

    discount: Mapped[float | None]
    __mapper_args__ = {"polymorphic_identity": "supplier"}


class Product(Base):
    """What is sold, by a key of two columns."""

    __tablename__ = "product"
    brand: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    price: Mapped[decimal.Decimal]
    stock: Mapped[int] = mapped_column(default=10, server_default="10")


class Order(Base):
    """What a customer wants, with a version."""

    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    placed: Mapped[datetime.datetime] = mapped_column(default=lambda: datetime.datetime(2024, 6, 1, 12, 0, 7))
    paid: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    version: Mapped[int] = mapped_column()
    customer: Mapped[Customer] = relationship(back_populates="orders")
    lines: Mapped[list[Line]] = relationship(back_populates="order", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class Line(Base):
    """One product of an order."""

    __tablename__ = "line"
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str]
    number: Mapped[int]
    pieces: Mapped[int]
    price: Mapped[float]
    order: Mapped[Order] = relationship(back_populates="lines")


def order_of(customer: int, chance: random.Random) -> Order:
    """Make an order of three lines."""
    lines = [
        Line(position=at, brand="acme", number=chance.randrange(50), pieces=at + 1, price=1.5)
        for at in range(3)
    ]
    return Order(customer_id=customer, note=None, lines=lines)


def open_shop(engine: relvar.Engine) -> None:
    """Fill the tables, by each of the ways that rows go in."""
    Base.metadata.create_all(engine)
    chance = random.Random(1)
    with Session(engine) as session:
        session.add_all(
            Customer(name=f"customer {at}", mail=f"C{at}@example.com", wishes={"colour": "red", "size": at})
            for at in range(CUSTOMERS)
        )
        session.add_all(Supplier(name=f"supplier {at}", discount=at / 7) for at in range(50))
        session.commit()
        session.execute(
            insert(Product),
            [
                {"brand": brand, "number": at, "title": f"product {at}", "price": decimal.Decimal(at) / 4}
                for brand in ("acme", "bolt")
                for at in range(50)
            ],
        )
        session.add_all(order_of(customer, chance) for customer in range(1, CUSTOMERS + 1) for _ in range(3))
        session.commit()
    lines = Line.__table__
    with engine.begin() as connection:
        connection.execute(
            insert(lines),
            [
                {"order_id": at, "position": 9, "brand": "bolt", "number": 1, "pieces": 1, "price": 2.5}
                for at in range(1, 500)
            ],
        )


def requests(make: sessionmaker[Session], chance: random.Random) -> None:
    """Answer requests, each with a session of its own."""
    for _ in range(REQUESTS):
        one = chance.randrange(1, CUSTOMERS + 1)
        with make() as session:
            customer = session.get(Customer, one)
            assert customer is not None
            session.get(Product, ("acme", one % 50))
            session.scalars(select(Order).where(Order.customer_id == one).order_by(Order.id)).all()
            session.scalars(select(Product).where(Product.brand == "bolt", Product.number == one % 50)).one()
            session.get(Customer, one)
        with make.begin() as session:
            session.add(order_of(one, chance))
        with make.begin() as session:
            session.add(Supplier(name="new", discount=None))
        with make() as session:
            order = session.scalars(select(Order).where(Order.id == one)).one()
            order.paid = not order.paid
            order.note = "changed"
            product = session.get_one(Product, ("bolt", one % 50))
            product.stock -= 1
            session.commit()
            session.refresh(order)
            order.customer.name += "."
            for line in order.lines:
                line.pieces += 1
            session.commit()
            if one % 3 == 0 and order.lines:
                session.delete(order.lines[-1])
                session.commit()
            session.rollback()


def core(engine: relvar.Engine) -> None:
    """Read and write rows without classes."""
    product, order, line = Product.__table__, Order.__table__, Line.__table__
    for at in range(REQUESTS):
        with engine.connect() as connection:
            connection.execute(
                select(product).where(product.c.brand == "acme", product.c.number == at % 50)
            ).one()
            connection.execute(select(order.c.id, order.c.placed).where(order.c.id.in_([at, at + 1]))).all()
            for row in connection.execute(
                select(line.c.brand, line.c.pieces.label("n")).limit(20)
            ).mappings():
                row["n"]
            connection.execute(
                text("SELECT count(*) FROM product WHERE stock > :least"), {"least": at}
            ).scalar_one()
        with engine.begin() as connection:
            connection.execute(
                update(product).where(product.c.number == at % 50).values(stock=product.c.stock + 1)
            )
            connection.execute(
                insert(order).values(customer_id=1, version=1, note="core").returning(order.c.id)
            )
            connection.execute(
                update(product).where(product.c.brand == bindparam("b")),
                [{"b": "acme", "stock": 5}, {"b": "x", "stock": 6}],
            )
            connection.execute(delete(order).where(order.c.note == "core"))


def reports(engine: relvar.Engine) -> None:
    """Read a lot, by each of the ways that objects come in, and write what are new statements each time."""
    for round_ in range(8):
        with Session(engine) as session:
            session.scalars(select(Customer)).all()
            session.scalars(select(Line)).all()
            session.execute(select(Order, Customer).join(Order.customer)).all()
            session.scalars(select(with_polymorphic(Party, "*"))).all()
            for option in (joinedload, selectinload, subqueryload):
                orders = session.scalars(select(Order).options(option(Order.lines)).limit(600)).unique().all()
                assert sum(len(order.lines) for order in orders)
                session.expunge_all()
            for order in session.scalars(select(Order).limit(200)):
                assert order.customer.limit + len(order.lines) > 0
            for number, line in enumerate(session.scalars(select(Line))):
                line.pieces = number % 7
            session.flush()
            keys = session.execute(select(Line.order_id, Line.position).limit(300))
            session.execute(update(Line), [{**key._mapping, "pieces": 3} for key in keys])
            for order in session.scalars(
                select(Order).where(Order.id % 9 == round_).options(selectinload(Order.lines))
            ):
                session.delete(order)
            session.rollback()
        engine.clear_compiled_cache()
        for at in range(50):
            per_order = (
                select(Line.order_id, func.sum(Line.pieces * Line.price).label("total"))
                .where(or_(Line.brand == "acme", Line.brand.like("b%")), Line.order_id < 5)
                .group_by(Line.order_id)
                .cte(f"totals{at}")
            )
            other = aliased(Order)
            statement = (
                select(
                    Order.id,
                    Customer.name,
                    case((per_order.c.total > at, "much"), else_=literal("little")).label("size"),
                )
                .join(per_order, per_order.c.order_id == Order.id)
                .join(Order.customer)
                .where(exists().where(other.id == Order.id), Order.paid.is_(False), Order.id < 5)
                .order_by(per_order.c.total.desc(), Order.id)
                .limit(10)
            )
            with engine.connect() as connection:
                connection.execute(statement).all()
                for _ in range(20):
                    statement.where(Customer.active)._generate_cache_key()


def main() -> None:
    """Run the training; what goes wrong in it is for the tests to find."""
    if not relvar.is_compiled():
        raise SystemExit("the kernels are not compiled")
    run_examples(NOT_EVERYWHERE)
    engine = relvar.create_engine("sqlite://")
    open_shop(engine)
    chance = random.Random(2)
    requests(sessionmaker(engine), chance)
    core(engine)
    event.listen(engine, "checkout", lambda *_: None)
    requests(sessionmaker(engine, expire_on_commit=False), chance)
    reports(engine)


if __name__ == "__main__":
    main()
