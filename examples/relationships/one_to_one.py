"""
One to one: a book has one cover, and a cover belongs to one book.

It is a one to many whose many is one: the annotation says so (``Mapped[Cover | None]``), and a UNIQUE
constraint makes sure of it. Many to one without a way back is a reference: an edition has a publisher.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Publisher(Base):
    __tablename__ = "publisher"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(30))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("publisher.id"))
    publisher: Mapped[Publisher | None] = relationship()
    cover: Mapped[Cover | None] = relationship(back_populates="book", cascade="all, delete-orphan")


class Cover(Base):
    __tablename__ = "cover"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[str] = mapped_column(String(30))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), unique=True)
    book: Mapped[Book] = relationship(back_populates="cover")


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        red = Book(title="Sea", cover=Cover(colour="red"), publisher=Publisher(name="North"))
        session.add_all([red, Book(title="Sky")])
        session.commit()

    with Session(engine) as session:
        books = session.scalars(select(Book).options(joinedload(Book.cover)).order_by(Book.title)).all()
        sea, sky = books
        assert sea.cover is not None and sea.cover.book is sea and sky.cover is None
        assert sea.publisher is not None and sea.publisher.name == "North"

        # the cover of one book becomes that of the other; the foreign key moves with it
        sky.cover = sea.cover
        sea.publisher = None
        session.commit()
        assert sea.cover is None
        assert session.scalars(select(Book).where(Book.cover.has(colour="red"))).one() is sky
        unpublished = select(Book).where(Book.publisher == None).order_by(Book.title)  # noqa: E711
        assert session.scalars(unpublished).all() == [sea, sky]

        # an orphan goes
        sky.cover = None
        session.commit()
        assert session.scalar(select(func.count()).select_from(Cover)) == 0
        # a publisher is not part of a book, so it stays
        session.delete(sea)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Publisher)) == 1


if __name__ == "__main__":
    main(create_engine("sqlite://"))
