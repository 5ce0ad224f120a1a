"""
Discriminators: what tells the class of a row can be any expression, such as a CASE or a subquery.

Nothing is written for an expression: the program sets the columns that it is made of.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, case, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, column_property, mapped_column


class Base(DeclarativeBase):
    pass


class Payment(Base):
    __tablename__ = "payment"
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column()
    __mapper_args__ = {
        "polymorphic_on": case((amount < 0, "refund"), else_="payment"),
        "polymorphic_identity": "payment",
    }


class Refund(Payment):
    __mapper_args__ = {"polymorphic_identity": "refund"}


class Shape(Base):
    __tablename__ = "shape"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


class Part(Base):
    __tablename__ = "part"
    id: Mapped[int] = mapped_column(primary_key=True)
    shape_id: Mapped[int] = mapped_column(ForeignKey("shape.id"))
    shape: Mapped[str] = column_property(select(Shape.name).where(Shape.id == shape_id).scalar_subquery())
    __mapper_args__ = {"polymorphic_on": shape, "polymorphic_identity": "part"}


class Wheel(Part):
    __mapper_args__ = {"polymorphic_identity": "wheel"}


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Shape(id=1, name="part"), Shape(id=2, name="wheel")])
        session.flush()
        session.add_all([Payment(amount=5), Refund(amount=-5), Part(shape_id=1), Wheel(shape_id=2)])
        session.commit()

    with Session(engine) as session:
        payments = session.scalars(select(Payment).order_by(Payment.id)).all()
        assert [type(each) for each in payments] == [Payment, Refund]
        assert session.scalars(select(Refund.amount)).all() == [-5]
        assert [type(each) for each in session.scalars(select(Part).order_by(Part.id))] == [Part, Wheel]
        payments[1].amount = 3
        session.delete(session.scalars(select(Wheel)).one())
        session.commit()
    with Session(engine) as session:
        # what was a refund is a payment now
        assert [type(each) for each in session.scalars(select(Payment))] == [Payment, Payment]
        assert [type(each) for each in session.scalars(select(Part))] == [Part]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
