"""
Joins without foreign keys: any condition, where `foreign()` and `remote()` say what the columns are.

``foreign`` is the column that refers to the other side, ``remote`` the one in the related row. A
relationship whose condition can't be written back is ``viewonly``.
"""

from __future__ import annotations

from typing import Any

from relvar import String, cast, create_engine, func, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    foreign,
    mapped_column,
    relationship,
    remote,
    selectinload,
)


class Base(DeclarativeBase):
    pass


class Folder(Base):
    """Found by path, without any key between them."""

    __tablename__ = "folder"
    path: Mapped[str] = mapped_column(String(50), primary_key=True)
    inside: Mapped[list[Folder]] = relationship(
        primaryjoin=lambda: remote(foreign(Folder.path)).like(Folder.path.concat("/%")),
        viewonly=True,
        order_by=lambda: Folder.path,
    )


class Host(Base):
    """Related by the text of a number."""

    __tablename__ = "host"
    id: Mapped[int] = mapped_column(primary_key=True)
    notes: Mapped[list[Note]] = relationship(
        primaryjoin=lambda: cast(Host.id, String(20)) == foreign(Note.about), viewonly=True
    )


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(20))
    # the case of letters does not matter; what is written is the word itself
    word: Mapped[Word | None] = relationship(
        primaryjoin=lambda: func.lower(remote(Word.text)) == func.lower(foreign(Note.about)), uselist=False
    )


class Word(Base):
    __tablename__ = "word"
    text: Mapped[str] = mapped_column(String(20), primary_key=True)


class Price(Base):
    """Ranges: the custom operator must be told that it compares."""

    __tablename__ = "price"
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    lower: Mapped[list[Price]] = relationship(
        primaryjoin=lambda: foreign(Price.amount).op(">", is_comparison=True)(remote(Price.amount)),
        viewonly=True,
        uselist=True,
        order_by=lambda: Price.amount,
    )


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Folder(path=path) for path in ("/a", "/a/b", "/a/b/c", "/d")])
        session.add_all([Host(id=12), Note(about="12"), Note(about="Tea", word=Word(text="tea"))])
        session.add_all([Price(amount=amount) for amount in (1, 2, 3)])
        session.commit()

    with Session(engine) as session:
        folders = session.scalars(
            select(Folder).options(selectinload(Folder.inside)).order_by(Folder.path)
        ).all()
        assert [len(folder.inside) for folder in folders] == [2, 1, 0, 0]
        assert [folder.path for folder in folders[0].inside] == ["/a/b", "/a/b/c"]
        number = session.scalars(select(Note).where(Note.about == "12")).one()
        assert session.get_one(Host, 12).notes == [number]
        assert session.scalars(select(Note).join(Note.word)).one().about == "tea"
        dear = session.scalars(select(Price).where(Price.amount == 3)).one()
        assert [price.amount for price in dear.lower] == [1, 2]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
