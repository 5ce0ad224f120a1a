"""
Joined tables: each class has a table for what it adds, whose key refers to the table of its superclass.

Every column can be NOT NULL; an object is a row in each table of its class. The key may have the same name,
as here, or one of its own.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, with_polymorphic


class Base(DeclarativeBase):
    pass


class Company(Base):
    __tablename__ = "company"
    id: Mapped[int] = mapped_column(primary_key=True)
    staff: Mapped[list[Employee]] = relationship(back_populates="company", cascade="all, delete-orphan")


class Employee(Base):
    __tablename__ = "employee"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    company: Mapped[Company] = relationship(back_populates="staff")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "employee"}


class Manager(Employee):
    __tablename__ = "manager"
    id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    budget: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Director(Manager):
    __tablename__ = "director"
    id: Mapped[int] = mapped_column(ForeignKey("manager.id"), primary_key=True)
    shares: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "director"}


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        staff = [
            Employee(name="ann"),
            Manager(name="bob", budget=5),
            Director(name="cleo", budget=9, shares=3),
        ]
        session.add(Company(staff=staff))
        session.commit()

    with Session(engine) as session:
        # the columns of subclasses come when they are asked for, or at once with with_polymorphic()
        everyone = with_polymorphic(Employee, "*")
        rich = session.scalars(select(everyone).where(everyone.Manager.budget > 5)).one()
        assert isinstance(rich, Director) and (rich.name, rich.shares) == ("cleo", 3)
        # a change goes to the table that has the column
        rich.name, rich.shares = "cleopatra", 4
        session.commit()
        assert session.scalars(select(Company).join(Company.staff.of_type(Director))).one().staff[2] is rich
        session.delete(rich)
        session.commit()
        for table in (Manager.__table__, Director.__table__):
            assert session.scalar(select(func.count()).select_from(table)) == (table is Manager.__table__)


if __name__ == "__main__":
    main(create_engine("sqlite://"))
