"""
Mixed: within one hierarchy a class may have a table of its own or not, at every level.

A class between others that has no objects of its own is marked ``polymorphic_abstract``; one that is not
mapped at all, ``__abstract__``.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import ForeignKey, String, create_engine, exc, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, selectin_polymorphic


class Base(DeclarativeBase):
    pass


class Numbered(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class Animal(Numbered):
    __tablename__ = "animal"
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}


class Pet(Animal):
    owner: Mapped[str | None] = mapped_column(String(30))
    __mapper_args__ = {"polymorphic_abstract": True}


class Dog(Pet):
    __tablename__ = "dog"
    id: Mapped[int] = mapped_column(ForeignKey("animal.id"), primary_key=True)
    tricks: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "dog"}


class Puppy(Dog):
    weeks: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "puppy"}


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    assert set(Animal.__table__.c.keys()) == {"id", "name", "kind", "owner"}
    assert set(Dog.__table__.c.keys()) == {"id", "tricks", "weeks"}
    with pytest.raises(exc.InvalidRequestError, match="polymorphic_abstract=True"):
        Pet(name="nobody")
    with Session(engine) as session:
        session.add_all([Animal(name="fox"), Dog(name="rex", owner="ann", tricks=3)])
        session.add(Puppy(name="pip", owner="ann", tricks=0, weeks=9))
        session.commit()

    with Session(engine) as session:
        # one more statement per subclass with a table, for all its objects
        animals = select(Animal).options(selectin_polymorphic(Animal, [Dog, Puppy])).order_by(Animal.id)
        fox, rex, pip = session.scalars(animals).all()
        assert (fox.name, rex.tricks, pip.weeks) == ("fox", 3, 9)
        assert session.scalars(select(Pet).order_by(Pet.id)).all() == [rex, pip]
        pip.weeks, pip.tricks, pip.owner = 10, 1, None
        session.delete(rex)
        session.commit()
    with Session(engine) as session:
        assert session.execute(select(Puppy.weeks, Puppy.tricks, Puppy.owner)).all() == [(10, 1, None)]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
