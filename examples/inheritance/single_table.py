"""
Single table: all classes of a hierarchy share one table; columns of a subclass are NULL for the others.

Fast to read, no joins; NOT NULL is not possible for what only a subclass has. Two subclasses that need the
same column say ``use_existing_column=True``.
"""

from __future__ import annotations

from typing import Any

from relvar import String, create_engine, select, update
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Vehicle(Base):
    __tablename__ = "vehicle"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "vehicle"}


class Car(Vehicle):
    doors: Mapped[int | None]
    tank: Mapped[int | None] = mapped_column(use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "car"}


class Boat(Vehicle):
    tank: Mapped[int | None] = mapped_column(use_existing_column=True)
    __mapper_args__ = {"polymorphic_identity": "boat"}


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    assert Vehicle.__table__.c.keys() == ["id", "name", "kind", "doors", "tank"]
    with Session(engine) as session:
        session.add_all([Vehicle(name="sled"), Car(name="mini", doors=3, tank=30), Boat(name="dory", tank=5)])
        session.commit()

    with Session(engine) as session:
        # a row tells its class; a subclass is read with a condition on the discriminator
        found = session.scalars(select(Vehicle).order_by(Vehicle.id)).all()
        assert [type(each) for each in found] == [Vehicle, Car, Boat]
        assert session.scalars(select(Car.doors)).all() == [3]
        session.execute(update(Boat).values(tank=6))
        session.delete(session.scalars(select(Car)).one())
        session.commit()
    with Session(engine) as session:
        assert session.scalars(select(Boat.tank)).one() == 6
        assert session.scalars(select(Vehicle.name).order_by(Vehicle.name)).all() == ["dory", "sled"]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
