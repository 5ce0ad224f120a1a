"""
Many to many with columns of its own: the link is a class, with a relationship to either side.

`association_proxy` leads past the link where only the other side matters.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, func, select
from relvar.ext.associationproxy import AssociationProxy, association_proxy
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Membership(Base):
    __tablename__ = "membership"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), default="member")
    person: Mapped[Person] = relationship(back_populates="memberships")
    club: Mapped[Club] = relationship(back_populates="memberships")


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )
    clubs: AssociationProxy[list[Club]] = association_proxy(
        "memberships", "club", creator=lambda club: Membership(club=club)
    )


class Club(Base):
    __tablename__ = "club"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    memberships: Mapped[list[Membership]] = relationship(back_populates="club", cascade="all, delete-orphan")
    # read only: the links are written by the relationships above
    people: Mapped[list[Person]] = relationship(secondary="membership", viewonly=True, order_by="Person.name")


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        chess, rowing = Club(name="chess"), Club(name="rowing")
        ann = Person(name="ann", memberships=[Membership(club=chess, role="chair")])
        ann.clubs.append(rowing)
        bob = Person(name="bob", clubs=[chess])
        session.add_all([ann, bob])
        session.commit()

    with Session(engine) as session:
        chess = session.scalars(
            select(Club).options(selectinload(Club.people)).where(Club.name == "chess")
        ).one()
        assert [person.name for person in chess.people] == ["ann", "bob"]
        ann, bob = chess.people
        assert sorted((m.club.name, m.role) for m in ann.memberships) == [
            ("chess", "chair"),
            ("rowing", "member"),
        ]
        chairs = select(Person).join(Person.memberships).where(Membership.role == "chair")
        assert session.scalars(chairs).all() == [ann]

        # a link is changed like any object, and goes with either side
        bob.memberships[0].role = "treasurer"
        ann.clubs.remove(chess)
        session.commit()
        assert [(m.person.name, m.role) for m in chess.memberships] == [("bob", "treasurer")]
        assert chess.people == [bob]
        session.delete(chess)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Membership)) == 1 and bob.clubs == []


if __name__ == "__main__":
    main(create_engine("sqlite://"))
