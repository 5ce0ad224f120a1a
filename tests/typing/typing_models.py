"""What the other files of this directory map and select from."""

from __future__ import annotations

import datetime
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any

from relvar import (
    JSON,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    func,
)
from relvar.ext.associationproxy import AssociationProxy, association_proxy
from relvar.ext.hybrid import hybrid_method, hybrid_property
from relvar.orm import (
    DeclarativeBase,
    DynamicMapped,
    Mapped,
    MappedAsDataclass,
    WriteOnlyMapped,
    column_property,
    declared_attr,
    mapped_column,
    relationship,
    synonym,
)

Key = Annotated[int, mapped_column(primary_key=True)]


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Base(DeclarativeBase):
    pass


class HasStamp:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return "stamped"

    @declared_attr
    def stamped(cls) -> Mapped[datetime.datetime]:
        return mapped_column()


class User(Base):
    __tablename__ = "users"
    id: Mapped[Key]
    name: Mapped[str]
    nick: Mapped[str | None]
    price: Mapped[Decimal]
    ratio: Mapped[float]
    born: Mapped[datetime.datetime]
    day: Mapped[datetime.date]
    at: Mapped[datetime.time]
    span: Mapped[datetime.timedelta]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    raw: Mapped[bytes]
    flag: Mapped[bool]
    color: Mapped[Color]
    token: Mapped[uuid.UUID]
    posts: Mapped[list[Post]] = relationship(back_populates="user")
    log: WriteOnlyMapped[Post] = relationship(viewonly=True)
    feed: DynamicMapped[Post] = relationship(viewonly=True)
    titles: AssociationProxy[list[str]] = association_proxy("posts", "title")
    loud: Mapped[str] = column_property(func.upper("x"))
    also: Mapped[str] = synonym("name")
    bare = mapped_column(Integer)

    @hybrid_property
    def double(self) -> int:
        return self.id * 2

    @double.inplace.expression
    @classmethod
    def _double(cls) -> ColumnElement[int]:
        return cls.id * 2

    @double.inplace.setter
    def _set_double(self, value: int) -> None:
        self.id = value

    @hybrid_property
    def title(self) -> str:
        return self.name

    @hybrid_method
    def beyond(self, number: int) -> bool:
        return self.id > number


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="posts")
    editor: Mapped[User | None] = relationship(viewonly=True)


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))


class Stamped(HasStamp, Base):
    id: Mapped[int] = mapped_column(primary_key=True)


class DataBase(MappedAsDataclass, DeclarativeBase):
    pass


class Item(DataBase):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    count: Mapped[int | None] = mapped_column(default=None)
    hidden: Mapped[str] = mapped_column(init=False, default="x")


metadata = MetaData()
plain = Table("plain", metadata, Column("id", Integer, primary_key=True), Column("name", String))


class PersonColumns(TypedColumns):
    id = Column(Integer, primary_key=True)
    name: Named[str]
    age: Named[int | None]


class RowColumns(PersonColumns):
    __row_pos__: tuple[int, str, int | None]


person = Table("person", metadata, PersonColumns)
rows = Table("rows", metadata, RowColumns)
