"""Joined and single table inheritance: what is written, and which class comes back."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, ForeignKeyConstraint, Integer, String, event, func, select, update
from relvar.orm import Session, declarative_base, relationship, with_polymorphic
from relvar.orm.exc import StaleDataError


class Zoo:
    """Animals in one table, dogs in a second one, cats in the first."""

    def __init__(self, engine: Any) -> None:
        Base = declarative_base()

        class Keeper(Base):
            __tablename__ = "keepers"
            id = Column(Integer, primary_key=True)
            animals = relationship("Animal", back_populates="keeper", order_by="Animal.id")

        class Animal(Base):
            __tablename__ = "animals"
            id = Column(Integer, primary_key=True)
            kind = Column(String(10))
            name = Column(String(10))
            keeper_id = Column(ForeignKey("keepers.id"))
            keeper = relationship("Keeper", back_populates="animals")
            __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}

        class Dog(Animal):
            __tablename__ = "dogs"
            id = Column(ForeignKey("animals.id"), primary_key=True)
            bark = Column(Integer)
            __mapper_args__ = {"polymorphic_identity": "dog"}

        class Cat(Animal):
            lives = Column(Integer)
            __mapper_args__ = {"polymorphic_identity": "cat"}

        self.Keeper, self.Animal, self.Dog, self.Cat = Keeper, Animal, Dog, Cat
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            session.add(Keeper(animals=[Dog(name="rex", bark=3), Cat(name="tom", lives=9), Animal(name="x")]))
            session.commit()


@pytest.fixture
def zoo(engine: Any) -> Zoo:
    return Zoo(engine)


def test_new_objects_know_their_class_at_once(zoo: Zoo) -> None:
    assert (zoo.Dog().kind, zoo.Cat().kind, zoo.Animal(kind="x").kind) == ("dog", "cat", "x")


def test_listeners_hear_of_the_class_of_a_new_object(zoo: Zoo) -> None:
    heard: list[Any] = []
    event.listen(zoo.Dog.kind, "set", lambda target, value, *_: heard.append((type(target), value)))
    zoo.Dog()
    zoo.Cat()
    assert heard == [(zoo.Dog, "dog")]


def test_rows_become_objects_of_their_class(engine: Any, zoo: Zoo, sql_log: Any) -> None:
    with Session(engine) as session:
        found = session.scalars(select(zoo.Animal).order_by(zoo.Animal.id)).all()
        assert [type(a) for a in found] == [zoo.Dog, zoo.Cat, zoo.Animal]
        assert [a.name for a in found] == ["rex", "tom", "x"]
        assert found[0].bark == 3 and found[1].lives == 9
        keeper = session.scalars(select(zoo.Keeper)).one()
        assert keeper.animals == found
        assert session.get(zoo.Animal, found[0].id) is session.get(zoo.Dog, found[0].id) is found[0]
        assert session.get(zoo.Cat, found[0].id) is None


def test_subclass_criteria(engine: Any, zoo: Zoo) -> None:
    with Session(engine) as session:
        assert session.scalars(select(zoo.Dog).where(zoo.Dog.bark > 1, zoo.Dog.name == "rex")).one().bark == 3
        assert session.scalars(select(zoo.Cat)).one().name == "tom"
        assert session.scalars(select(zoo.Cat.name)).all() == ["tom"]
        # Also where the subclass stands inside an expression only.
        assert session.scalar(select(func.count(zoo.Cat.id))) == 1
        assert session.scalar(select(func.count()).select_from(zoo.Cat)) == 1
        assert session.scalar(select(func.count(zoo.Dog.id))) == 1
        assert session.scalar(select(func.count(zoo.Animal.id))) == 3


def test_with_polymorphic_loads_all_columns_at_once(engine: Any, zoo: Zoo, sql_log: Any) -> None:
    with Session(engine) as session:
        log = sql_log(engine)
        every = with_polymorphic(zoo.Animal, [zoo.Dog, zoo.Cat])
        found = session.scalars(select(every).order_by(every.id)).all()
        assert [getattr(a, "bark", None) or getattr(a, "lives", None) for a in found] == [3, 9, None]
        assert len(log) == 1
        loud = session.scalars(select(every).where(every.Dog.bark == 3)).one()
        assert loud is found[0]


def test_changes_go_to_their_tables(engine: Any, zoo: Zoo, sql_log: Any) -> None:
    with Session(engine) as session:
        dog = session.scalars(select(zoo.Dog)).one()
        log = sql_log(engine)
        dog.bark = 4
        session.flush()
        assert [t.split()[1] for t in log.texts()] == ["dogs"]
        del log[:]
        dog.name = "max"
        session.flush()
        assert [t.split()[1] for t in log.texts()] == ["animals"]
        session.commit()
        assert (dog.name, dog.bark) == ("max", 4)
        del log[:]
        session.delete(dog)
        session.flush()
        assert [t.split()[2] for t in log.texts() if t.startswith("DELETE")] == ["dogs", "animals"]
        session.commit()
        assert [type(a) for a in session.scalars(select(zoo.Animal).order_by(zoo.Animal.id))] == [
            zoo.Cat,
            zoo.Animal,
        ]


def test_version_counter(engine: Any) -> None:
    Base = declarative_base()

    class Page(Base):
        __tablename__ = "pages"
        id = Column(Integer, primary_key=True)
        version = Column(Integer, nullable=False)
        text = Column(String(10))
        __mapper_args__ = {"version_id_col": version}

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        page = Page(text="a")
        session.add(page)
        session.commit()
        page.text = "b"
        session.commit()
        assert page.version == 2
        session.execute(update(Page.__table__).values(version=50))
        page.text = "c"
        with pytest.raises(StaleDataError, match=r"expected to update 1 row\(s\)"):
            session.commit()
        session.rollback()
        assert page.version == 2


@pytest.mark.backends("sqlite")
def test_children_in_memory_follow_a_changed_key(engine: Any) -> None:
    Base = declarative_base()

    class Employee(Base):
        __tablename__ = "employees"
        company = Column(String(10), primary_key=True)
        number = Column(Integer, primary_key=True, autoincrement=False)
        boss_company = Column(String(10))
        boss_number = Column(Integer)
        boss = relationship("Employee", remote_side=[company, number], back_populates="staff")
        staff = relationship("Employee", back_populates="boss", order_by="Employee.number")
        __table_args__ = (
            ForeignKeyConstraint(["boss_company", "boss_number"], ["employees.company", "employees.number"]),
        )

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        boss = Employee(company="x", number=1)
        session.add_all(
            [boss, Employee(company="x", number=2, boss=boss), Employee(company="y", number=3, boss=boss)]
        )
        session.commit()
        assert [e.number for e in boss.staff] == [2, 3]
        boss.number = 9
        session.commit()
        rows = session.execute(select(Employee.number, Employee.boss_number).order_by(Employee.number)).all()
        assert rows == [(2, 9), (3, 9), (9, None)]
        assert session.get(Employee, ("x", 9)) is boss


def test_rows_of_several_classes_share_a_statement(engine: Any, zoo: Zoo, sql_log: Any) -> None:
    with Session(engine) as session:
        session.add_all([zoo.Cat(name="kit"), zoo.Dog(name="bob")])
        session.commit()
        animals = session.scalars(select(zoo.Animal).order_by(zoo.Animal.id)).all()
        log = sql_log(engine)
        for animal in animals:
            animal.name += "!"
        animals[1].lives = 8
        session.flush()
        # but the one whose other column changes, too
        assert [" lives" in statement for statement, _ in log].count(True) == 1
        assert len(log) == 2
        session.expire_all()
        names = session.scalars(select(zoo.Animal.name).order_by(zoo.Animal.id)).all()
        assert sorted(names) == ["bob!", "kit!", "rex!", "tom!", "x!"]
        assert session.scalars(select(zoo.Cat.lives).where(zoo.Cat.name == "tom!")).one() == 8
