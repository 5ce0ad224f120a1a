"""
Collections of other kinds than lists: sets, dictionaries by attribute, column or function, and classes
of your own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar import ForeignKey, String, create_engine
from relvar.orm import (
    DeclarativeBase,
    KeyFuncDict,
    Mapped,
    Session,
    attribute_keyed_dict,
    column_keyed_dict,
    keyfunc_mapping,
    mapped_column,
    relationship,
)
from relvar.orm.collections import collection


class Base(DeclarativeBase):
    pass


class Shelf:
    """A collection that knows nothing of lists: its methods say what they do."""

    def __init__(self) -> None:
        self.by_title: dict[str, Any] = {}

    @collection.appender
    def put(self, item: Any) -> None:
        self.by_title[item.title] = item

    @collection.remover
    def take(self, item: Any) -> None:
        del self.by_title[item.title]

    @collection.iterator
    def items(self) -> Iterator[Any]:
        return iter(list(self.by_title.values()))

    @collection.removes_return()
    def take_first(self) -> Any:
        return self.by_title.pop(min(self.by_title))


class ByLength(KeyFuncDict[int, Any]):
    """A dictionary that says itself how its keys are found."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(lambda item: len(item.title), *args, **kw)


class Library(Base):
    __tablename__ = "library"
    id: Mapped[int] = mapped_column(primary_key=True)
    titles: Mapped[dict[str, Book]] = relationship(
        collection_class=attribute_keyed_dict("title"), cascade="all, delete-orphan", back_populates="library"
    )
    unordered: Mapped[set[Book]] = relationship(viewonly=True)
    by_shelf: Mapped[dict[Any, Book]] = relationship(
        collection_class=keyfunc_mapping(lambda b: (b.title[0], b.id)),
        viewonly=True,
    )
    by_length: Mapped[dict[int, Book]] = relationship(collection_class=ByLength, viewonly=True)
    shelf: Mapped[Shelf] = relationship("Book", collection_class=Shelf, viewonly=True)


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(20))
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    library: Mapped[Library] = relationship(back_populates="titles")


class Drawer(Base):
    __tablename__ = "drawer"
    id: Mapped[int] = mapped_column(primary_key=True)
    # the class that Shelf is, written to as well
    papers: Mapped[Shelf] = relationship("Paper", collection_class=Shelf, cascade="all, delete-orphan")


class Paper(Base):
    __tablename__ = "paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(20))
    drawer_id: Mapped[int] = mapped_column(ForeignKey("drawer.id"))


Drawer.by_title = relationship(
    Paper, collection_class=column_keyed_dict(Paper.__table__.c.title), viewonly=True
)


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        library = Library(titles={"Emma": Book(title="Emma")})
        library.titles["Dune"] = Book(title="Dune")
        # from the other side the key is found by itself
        it = Book(title="It", library=library)
        assert library.titles["It"] is it
        drawer = Drawer()
        for title in ("b", "a", "c"):
            drawer.papers.put(Paper(title=title))
        session.add_all([library, drawer])
        session.commit()

    with Session(engine) as session:
        library = session.get_one(Library, 1)
        assert sorted(library.titles) == ["Dune", "Emma", "It"]
        assert {book.title for book in library.unordered} == {"Dune", "Emma", "It"}
        assert sorted(key[0] for key in library.by_shelf) == ["D", "E", "I"]
        assert sorted(library.by_length) == [2, 4] and set(library.shelf.by_title) == set(library.titles)

        # taken out, replaced: the row goes
        del library.titles["It"]
        library.titles["Emma"] = Book(title="Emma")
        session.commit()
        assert sorted(library.titles) == ["Dune", "Emma"] and len(library.unordered) == 2
        library.titles = {"Ulysses": Book(title="Ulysses")}
        session.commit()
        assert [book.title for book in library.unordered] == ["Ulysses"]

        drawer = session.get_one(Drawer, 1)
        assert drawer.papers.take_first().title == "a"
        session.commit()
        assert sorted(drawer.papers.by_title) == sorted(drawer.by_title) == ["b", "c"]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
