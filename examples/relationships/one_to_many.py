"""
One to many: a user has addresses, and an address belongs to one user.

The foreign key is in the rows of the many. ``delete-orphan`` makes an address live only as long as a
user has it.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    addresses: Mapped[list[Address]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Address.email"
    )


class Address(Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(50))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    user: Mapped[User] = relationship(back_populates="addresses")


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann = User(name="ann", addresses=[Address(email="b@x.org"), Address(email="a@x.org")])
        # both sides know each other at once, before anything is written
        assert ann.addresses[0].user is ann
        session.add(ann)
        session.add(User(name="bob"))
        session.commit()

    with Session(engine) as session:
        users = session.scalars(select(User).options(selectinload(User.addresses)).order_by(User.name)).all()
        ann, bob = users
        assert [a.email for a in ann.addresses] == ["a@x.org", "b@x.org"] and bob.addresses == []

        # an address moves to another user, and another one goes
        ann.addresses[0].user = bob
        assert [a.email for a in ann.addresses] == ["b@x.org"]
        ann.addresses.pop()
        session.commit()
        assert [(a.email, a.user.name) for a in session.scalars(select(Address))] == [("a@x.org", "bob")]

        # rows can be found by what they are related to
        found = session.scalars(select(User).where(User.addresses.any(Address.email.startswith("a")))).all()
        assert found == [bob]

        session.delete(bob)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Address)) == 0


if __name__ == "__main__":
    main(create_engine("sqlite://"))
