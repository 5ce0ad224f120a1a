"""
Primary keys that change: rows that refer to them follow.

Either the database does it (``ON UPDATE CASCADE``, the default assumption), or the session
(``passive_updates=False``).
"""

from __future__ import annotations

from typing import Any

from relvar import Column, ForeignKey, String, Table, create_engine, event, select
from relvar.orm import DeclarativeBase, Mapped, Session, foreign, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    letters: Mapped[list[Letter]] = relationship(back_populates="user")
    # no foreign key, so no database would follow
    files: Mapped[list[File]] = relationship(
        primaryjoin=lambda: User.name == foreign(File.owner), passive_updates=False, order_by=lambda: File.id
    )
    groups: Mapped[list[Group]] = relationship(
        secondary=lambda: membership,
        primaryjoin=lambda: User.name == foreign(membership.c.user),
        secondaryjoin=lambda: Group.name == foreign(membership.c.group_name),
        passive_updates=False,
    )


class Letter(Base):
    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(String(20), ForeignKey("users.name", onupdate="CASCADE"))
    user: Mapped[User] = relationship(back_populates="letters")


class File(Base):
    __tablename__ = "file"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str | None] = mapped_column(String(20))


class Group(Base):
    __tablename__ = "groups_"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)


membership = Table(
    "membership",
    Base.metadata,
    Column("user", String(20), primary_key=True),
    Column("group_name", String(20), primary_key=True),
)


def main(engine: Any) -> None:
    if engine.dialect.name == "sqlite":
        # SQLite looks at foreign keys only when told to
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(
            User(name="ann", letters=[Letter()], files=[File(), File()], groups=[Group(name="staff")])
        )
        session.commit()

    with Session(engine) as session:
        ann = session.get_one(User, "ann")
        letter = session.scalars(select(Letter)).one()
        ann.name = "anna"
        session.commit()
        # the same object under its new key
        assert session.get_one(User, "anna") is ann and session.get(User, "ann") is None
        assert letter.user_name == "anna" and letter.user is ann
        assert [file.owner for file in ann.files] == ["anna", "anna"]
        assert session.execute(select(membership)).one() == ("anna", "staff")
        assert [group.name for group in ann.groups] == ["staff"]

        # a deleted row whose key comes again at once is updated instead
        sent: list[str] = []
        event.listen(
            engine, "before_cursor_execute", lambda c, cur, text, *rest: sent.append(text.split()[0])
        )
        group = ann.groups[0]
        sent.clear()
        session.delete(group)
        session.add(again := Group(name="staff"))
        session.flush()
        assert "INSERT" not in sent and session.get(Group, "staff") is again and group not in session


if __name__ == "__main__":
    main(create_engine("sqlite://"))
