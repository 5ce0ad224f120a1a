"""What type checkers know of mapped dataclasses: constructors are as PEP 681 says."""

from __future__ import annotations

import datetime
from typing import Annotated, assert_type

from typing_models import Item

from relvar import ForeignKey, String, func
from relvar.ext.associationproxy import AssociationProxy, association_proxy
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    column_property,
    mapped_as_dataclass,
    mapped_column,
    query_expression,
    registry,
    relationship,
    synonym,
    unmapped_dataclass,
)

Key = Annotated[int, mapped_column(primary_key=True)]
reg = registry()


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    born: Mapped[datetime.date | None] = mapped_column(default=None)
    score: Mapped[int] = mapped_column(default=0, kw_only=True)
    made: Mapped[datetime.datetime] = mapped_column(init=False, server_default=func.now())
    books: Mapped[list[Book]] = relationship(default_factory=list, back_populates="author", repr=False)
    titles: AssociationProxy[list[str]] = association_proxy("books", "title", init=False)
    alias: Mapped[str] = synonym("name", init=False)
    loud: Mapped[str] = column_property(func.upper("x"))
    given: Mapped[int] = query_expression()


class Book(Base, kw_only=True):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), init=False)
    author: Mapped[Author | None] = relationship(default=None, back_populates="books")


@mapped_as_dataclass(reg)
class Mark:
    __tablename__ = "marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None] = mapped_column(default=None)


@mapped_as_dataclass(reg, kw_only=True)
class Label:
    __tablename__ = "labels"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    text: Mapped[str] = mapped_column(String(30))


@unmapped_dataclass
class Noted:
    note: Mapped[str]


def made() -> None:
    assert_type(Item("x", 5), Item)
    assert_type(Author("ann"), Author)
    assert_type(Author("ann", datetime.date.today(), [], score=5).born, datetime.date | None)
    assert_type(Author(name="ann", books=[Book(title="x")]).books, list[Book])
    assert_type(Book(title="x", author=Author("ann")).author, Author | None)
    assert_type(Label(text="x").text, str)
    assert_type(Mark(5), Mark)
    assert_type(Mark(5, "x").text, str | None)
    assert_type(Noted("x"), Noted)


def refused() -> None:
    Author()  # E
    Author(5)  # E
    Author("ann", None, [], 5)  # E
    Author("ann", score="x")  # E
    Author("ann", id=5)  # E
    Author("ann", made=datetime.datetime.now())  # E
    Author("ann", alias="x")  # E
    Author("ann", loud="x")  # E
    Author("ann", given=5)  # E
    Author("ann", nme="x")  # E
    Author("ann", books=[5])  # E
    Book("x")  # E
    Book(title="x", author=5)  # E
    Label("x")  # E
    Mark("x")  # E
    Mark(5, 5)  # E
    Noted()  # E
