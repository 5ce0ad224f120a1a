"""
The text of statements on hierarchies and on expressions that a class maps, as SQLAlchemy 2.1 has it.
"""

# ruff: noqa: E501  # recorded texts are not broken

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, create_engine, func, select
from relvar.orm import (
    Bundle,
    Session,
    aliased,
    column_property,
    composite,
    contains_eager,
    declarative_base,
    joinedload,
    load_only,
    relationship,
)

Base: Any = declarative_base()


@dataclass
class Place:
    x: int
    y: int


class Firm(Base):  # type: ignore[misc]  # made at run time
    __tablename__ = "firm"
    id = Column(Integer, primary_key=True)
    people = relationship("Person")


class Person(Base):  # type: ignore[misc]  # made at run time
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    kind = Column(String(20))
    name = Column(String(20))
    firm_id = Column(ForeignKey("firm.id"))
    __mapper_args__: Any = {"polymorphic_on": kind, "polymorphic_identity": "person"}


class Engineer(Person):
    __tablename__ = "engineer"
    id = Column(ForeignKey("person.id"), primary_key=True)
    language = Column(String(20))
    __mapper_args__: Any = {"polymorphic_identity": "engineer", "polymorphic_load": "inline"}


class Lead(Engineer):
    __tablename__ = "lead"
    id = Column(ForeignKey("engineer.id"), primary_key=True)
    team = Column(String(20))
    __mapper_args__: Any = {"polymorphic_identity": "lead"}


class Spot(Base):  # type: ignore[misc]  # made at run time
    __tablename__ = "spot"
    id = Column(Integer, primary_key=True)
    x = Column(Integer)
    y = Column(Integer)
    name = Column(String(20))
    place = composite(Place, x, y)
    upper = column_property(func.upper(name))
    marked = column_property(name + "!")


flat, other = aliased(Lead, flat=True), aliased(Spot)

TEXTS: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: select(Person).options(load_only(Person.name)),
        (
            "SELECT person.id, person.kind, person.name, engineer.id AS id_1, engineer.language "
            "FROM person LEFT OUTER JOIN engineer ON person.id = engineer.id"
        ),
    ),
    (
        lambda: (
            select(Firm).join(Firm.people.of_type(Lead)).options(contains_eager(Firm.people.of_type(Lead)))
        ),
        (
            "SELECT person.id, person.kind, person.name, person.firm_id, engineer.id AS id_1, engineer.language, "
            "lead.id AS id_2, lead.team, firm.id AS id_3 FROM firm JOIN (person JOIN engineer ON "
            "person.id = engineer.id JOIN lead ON engineer.id = lead.id) ON firm.id = person.firm_id"
        ),
    ),
    (
        lambda: select(Firm).options(joinedload(Firm.people.of_type(flat))),
        (
            "SELECT firm.id, person_1.id AS id_1, person_1.kind, person_1.name, person_1.firm_id, lead_1.id AS id_2, "
            "engineer_1.id AS id_3, engineer_1.language, lead_1.team FROM firm LEFT OUTER JOIN (person AS person_1 "
            "JOIN engineer AS engineer_1 ON person_1.id = engineer_1.id JOIN lead AS lead_1 ON "
            "engineer_1.id = lead_1.id) ON firm.id = person_1.firm_id"
        ),
    ),
    (
        lambda: select(Spot.upper, other.upper).order_by(other.upper),
        "SELECT upper(spot.name) AS upper_1, upper(spot_1.name) AS upper_2 FROM spot, spot AS spot_1 ORDER BY upper_2",
    ),
    (
        lambda: select(Spot.id).join(other, Spot.marked == other.marked),
        "SELECT spot.id FROM spot JOIN spot AS spot_1 ON (spot.name || :param_1) = (spot_1.name || :param_2)",
    ),
    (
        lambda: select(Bundle("b", Spot.id, Spot.place)),
        "SELECT spot.id, spot.x, spot.y FROM spot",
    ),
]


@pytest.mark.parametrize(("statement", "expected"), TEXTS)
def test_texts(statement: Any, expected: str) -> None:
    assert " ".join(str(statement()).split()) == expected


def test_rows_of_aliased_expressions_and_of_composites_in_bundles() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Spot(id=1, name="a", place=Place(3, 4)))
        session.commit()
        assert session.execute(select(Spot.marked, other.marked).where(Spot.id == other.id)).all() == [
            ("a!", "a!")
        ]
        assert session.execute(select(Bundle("b", Spot.id, Spot.place))).one().b == (1, Place(3, 4))
        session.add(Lead(id=1, name="x", language="l", team="t", firm_id=None))
        session.commit()
        session.expunge_all()
        lead = session.scalars(select(Person).options(load_only(Person.name))).one()
        assert vars(lead)["language"] == "l" and "firm_id" not in vars(lead)
