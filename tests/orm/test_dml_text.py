"""
INSERT, UPDATE and DELETE of mapped classes outside of a session: as text, on a connection, inside a CTE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, delete, exc, insert, select, update
from relvar.orm import Session, aliased, composite, declarative_base, synonym, with_loader_criteria

Base: Any = declarative_base()


@dataclass
class Point:
    x: int
    y: int


class Animal(Base):
    __tablename__ = "animal"
    id = Column(Integer, primary_key=True)
    kind = Column("kind_name", String(10))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}


class Dog(Animal):
    bones = Column("number_of_bones", Integer)
    __mapper_args__ = {"polymorphic_identity": "dog"}


class Bird(Animal):
    __tablename__ = "bird"
    id = Column(ForeignKey("animal.id"), primary_key=True)
    span = Column("wing_span", Integer)
    __mapper_args__ = {"polymorphic_identity": "bird"}


class Spot(Base):
    __tablename__ = "spot"
    id = Column(Integer, primary_key=True)
    x = Column("cx", Integer)
    y = Column("cy", Integer)
    at = composite(Point, x, y)
    across = synonym("x")


def text_of(statement: Any) -> str:
    return " ".join(str(statement).split())


ONLY_DOGS = "animal.kind_name IN (__[POSTCOMPILE_kind_name_1])"
SEVEN_BONES = with_loader_criteria(Dog, Dog.bones == 7)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (insert(Spot).values(x=1), "INSERT INTO spot (cx) VALUES (:cx)"),
        (insert(Spot).values([{"x": 1}, {"x": 2}]), "INSERT INTO spot (cx) VALUES (:cx_m0), (:cx_m1)"),
        (insert(Spot).values(at=Point(1, 2)), "INSERT INTO spot (cx, cy) VALUES (:cx, :cy)"),
        (update(Spot).values(x=Spot.y + 1), "UPDATE spot SET cx=(spot.cy + :cy_1)"),
        (update(Spot).values(across=1), "UPDATE spot SET cx=:cx"),
        (update(Spot).ordered_values(("y", 1), (Spot.x, 2)), "UPDATE spot SET cy=:cy, cx=:cx"),
        (update(aliased(Spot)).values(x=1), "UPDATE spot AS spot_1 SET cx=:cx"),
        (update(aliased(Spot)).values(at=Point(1, 2)), "UPDATE spot AS spot_1 SET cx=:cx, cy=:cy"),
        (
            update(Dog).values(bones=1),
            f"UPDATE animal SET number_of_bones=:number_of_bones WHERE {ONLY_DOGS}",
        ),
        (delete(Dog), f"DELETE FROM animal WHERE {ONLY_DOGS}"),
        (
            delete(Dog).options(SEVEN_BONES),
            f"DELETE FROM animal WHERE animal.number_of_bones = :number_of_bones_1 AND {ONLY_DOGS}",
        ),
        (update(Bird).values(span=1), "UPDATE bird SET wing_span=:wing_span"),
        (delete(Bird), "DELETE FROM bird"),
        (
            select(update(Spot).values(x=1).returning(Spot.x).cte("moved")),
            "WITH moved AS (UPDATE spot SET cx=:param_1 RETURNING spot.cx) SELECT moved.cx FROM moved",
        ),
        (
            select(delete(Dog).returning(Dog.id).cte("g")),
            f"WITH g AS (DELETE FROM animal WHERE {ONLY_DOGS} RETURNING animal.id) SELECT g.id FROM g",
        ),
    ],
)
def test_text_is_about_tables_and_columns(statement: Any, text: str) -> None:
    assert text_of(statement) == text


def test_rows_of_other_classes_are_left_alone_also_where_the_class_has_an_alias() -> None:
    # SQLAlchemy adds the unaliased table here, and with it every row of the alias.
    dog = aliased(Dog, name="d")
    assert (
        text_of(delete(dog)) == "DELETE FROM animal AS d WHERE d.kind_name IN (__[POSTCOMPILE_kind_name_1])"
    )


def test_columns_of_inherited_tables_are_refused() -> None:
    with pytest.raises(exc.CompileError, match=r"cannot include columns from table\(s\) 'animal' in SET"):
        str(update(Bird).values(kind="x"))


def test_names_that_are_no_attributes_are_refused() -> None:
    with pytest.raises(exc.CompileError, match="Unconsumed column names: nix"):
        str(update(Spot).values(nix=1))


def test_connections_and_sessions_change_the_same_rows(engine: Any) -> None:
    Base.metadata.create_all(engine)
    try:
        with engine.begin() as connection:
            connection.execute(insert(Spot).values(x=1, y=2))
            connection.execute(insert(Spot).values(at=Point(3, 4)))
            assert connection.execute(select(Spot.x, Spot.y).order_by(Spot.x)).all() == [(1, 2), (3, 4)]
        with Session(engine) as session:
            session.add_all([Animal(), Dog(bones=1), Dog(bones=7), Dog(bones=7)])
            session.flush()
            session.execute(update(Dog).values(bones=8).options(SEVEN_BONES))
            assert session.scalars(select(Dog.bones).order_by(Dog.bones)).all() == [1, 8, 8]
            session.connection().execute(update(Dog).values(bones=9).where(Dog.bones == 1))
            session.commit()
            assert session.connection().execute(delete(Dog)).rowcount == 3
            assert session.scalars(select(Animal.kind)).all() == ["animal"]
    finally:
        Base.metadata.drop_all(engine)
