"""
Related across several tables, and by way of a query: a join as ``secondary``, and a class seen through
an alias.

All of these are read only.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, and_, create_engine, func, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)


class Base(DeclarativeBase):
    pass


class School(Base):
    __tablename__ = "school"
    id: Mapped[int] = mapped_column(primary_key=True)
    # school - course - enrolment - pupil, in one step
    pupils: Mapped[list[Pupil]] = relationship(
        secondary=lambda: Course.__table__.join(Enrolment.__table__),
        primaryjoin=lambda: School.id == Course.school_id,
        secondaryjoin=lambda: Pupil.id == Enrolment.pupil_id,
        viewonly=True,
        order_by=lambda: Pupil.name,
    )


class Course(Base):
    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))


class Enrolment(Base):
    __tablename__ = "enrolment"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True)


class Pupil(Base):
    __tablename__ = "pupil"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    marks: Mapped[list[Mark]] = relationship()


class Mark(Base):
    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    points: Mapped[int]


# the two best marks of each pupil: rows numbered by a window, and Mark seen through that query
ranked = select(
    Mark, func.row_number().over(partition_by=Mark.pupil_id, order_by=Mark.points.desc()).label("place")
).subquery("ranked")
RankedMark = aliased(Mark, ranked)
Pupil.best_marks = relationship(
    RankedMark,
    primaryjoin=and_(RankedMark.pupil_id == Pupil.id, ranked.c.place <= 2),
    viewonly=True,
    order_by=ranked.c.place,
)


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann = Pupil(name="ann", marks=[Mark(points=points) for points in (3, 9, 5)])
        bob = Pupil(name="bob", marks=[Mark(points=1)])
        session.add_all([ann, bob, Pupil(name="cid"), School(id=1), School(id=2)])
        session.flush()
        session.add_all([Course(id=1, school_id=1), Course(id=2, school_id=2)])
        session.flush()
        session.add_all([Enrolment(course_id=1, pupil_id=pupil.id) for pupil in (bob, ann)])
        session.commit()

    for load in (selectinload, joinedload):
        with Session(engine) as session:
            schools = (
                session.scalars(select(School).options(load(School.pupils)).order_by(School.id))
                .unique()
                .all()
            )
            assert [[pupil.name for pupil in school.pupils] for school in schools] == [["ann", "bob"], []]
            pupils = session.scalars(
                select(Pupil).options(load(Pupil.best_marks)).order_by(Pupil.name)
            ).unique()
            assert [[mark.points for mark in pupil.best_marks] for pupil in pupils] == [[9, 5], [1], []]
    with Session(engine) as session:
        first = session.get_one(School, 1)
        assert [pupil.name for pupil in first.pupils] == ["ann", "bob"]
        assert [mark.points for mark in first.pupils[0].best_marks] == [9, 5]
        assert session.scalars(select(School).where(School.pupils.any(name="bob"))).all() == [first]
        good = select(Pupil.name).join(Pupil.best_marks).where(RankedMark.points > 4).order_by(ranked.c.place)
        assert session.scalars(good).all() == ["ann", "ann"]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
