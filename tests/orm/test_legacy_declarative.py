"""Declarative mapping by its names of before SQLAlchemy 1.4, which are told to have moved."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, MetaData, String, Table, exc, orm, select
from relvar.ext import declarative
from relvar.orm import Session


@pytest.mark.feature("K006")
def test_functions_that_moved(engine: Any) -> None:
    with pytest.warns(exc.MovedIn20Warning, match="available as sqlalchemy.orm.as_declarative"):

        @declarative.as_declarative()
        class Base:
            @declarative.declared_attr
            def __tablename__(cls) -> str:
                return cls.__name__.lower()

    with pytest.warns(exc.MovedIn20Warning, match="available as sqlalchemy.orm.synonym_for"):

        class Place(Base):
            id = Column(Integer, primary_key=True)
            name = Column(String(10))

            @declarative.synonym_for("name")
            @property
            def title(self) -> str:
                return str(self.name).title()

    class City(Place):
        id = Column(ForeignKey("place.id"), primary_key=True)
        mayor = Column(String(10))

    with pytest.warns(exc.MovedIn20Warning, match="available as sqlalchemy.orm.has_inherited_table"):
        assert not declarative.has_inherited_table(Place)
        assert declarative.has_inherited_table(City)
    with pytest.warns(exc.MovedIn20Warning, match="available as sqlalchemy.orm.declarative_base"):
        other = declarative.declarative_base(metadata=MetaData())
    assert type(other) is declarative.DeclarativeMeta is orm.DeclarativeMeta

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(City(name="rome", mayor="ann"))
        session.commit()
        city = session.scalars(select(City).where(City.title == "rome")).one()
        assert (city.title, city.mayor) == ("Rome", "ann")


@pytest.mark.feature("K006")
def test_concrete_and_reflected_bases(engine: Any) -> None:
    Base = orm.declarative_base()

    class Worker(declarative.ConcreteBase, Base):
        __tablename__ = "worker"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        __mapper_args__ = {"polymorphic_identity": "worker", "concrete": True}

    class Manager(Worker):
        __tablename__ = "manager"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        desk = Column(String(10))
        __mapper_args__ = {"polymorphic_identity": "manager", "concrete": True}

    class Thing(declarative.AbstractConcreteBase, Base):
        strict_attrs = True
        label = Column(String(10))

    class Chair(Thing):
        __tablename__ = "chair"
        id = Column(Integer, primary_key=True)
        legs = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "chair", "concrete": True}

    orm.configure_mappers()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Worker(id=1, name="w"), Manager(id=2, name="m", desk="d"), Chair(label="c", legs=3)])
        session.commit()
        found = session.scalars(select(Worker).order_by(Worker.name)).all()
        assert [type(one) for one in found] == [Manager, Worker]
        assert [(one.label, one.legs) for one in session.scalars(select(Thing))] == [("c", 3)]

    Other = orm.declarative_base()

    class Reflected(declarative.DeferredReflection, Other):
        __abstract__ = True

    class Seat(Reflected):
        __tablename__ = "chair"

    Reflected.prepare(engine)
    with Session(engine) as session:
        assert session.scalars(select(Seat.legs)).all() == [3]
    assert isinstance(Seat.__table__, Table) and set(Seat.__table__.c.keys()) == {"id", "legs", "label"}
