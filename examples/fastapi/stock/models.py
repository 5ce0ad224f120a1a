"""What is stored: articles, the shelves they lie on, and how many."""

from __future__ import annotations

from relvar import ForeignKey, String
from relvar.ext.asyncio import AsyncAttrs
from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(AsyncAttrs, DeclarativeBase): ...


class Article(Base):
    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    places: Mapped[list[Place]] = relationship(
        back_populates="article", cascade="all, delete-orphan", order_by="Place.shelf"
    )


class Place(Base):
    __tablename__ = "places"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    shelf: Mapped[str] = mapped_column(String(10), primary_key=True)
    amount: Mapped[int] = mapped_column(default=0)
    article: Mapped[Article] = relationship(back_populates="places")
