"""
Keys of several columns, and foreign keys that share one of them.

Every row belongs to a tenant, which is part of each key: so a chapter can't refer to the author of
another tenant. A tree within a tenant compares the shared column with itself.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, ForeignKeyConstraint, String, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, foreign, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Tenant(Base):
    __tablename__ = "tenant"
    id: Mapped[int] = mapped_column(primary_key=True)


class Author(Base):
    __tablename__ = "author"
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[Tenant] = relationship()


class Chapter(Base):
    __tablename__ = "chapter"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "author_id"], ["author.tenant_id", "author.id"]),
        ForeignKeyConstraint(["tenant_id", "part_of"], ["chapter.tenant_id", "chapter.id"]),
    )
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int | None]
    part_of: Mapped[int | None]
    tenant: Mapped[Tenant] = relationship()
    # tenant_id is written by ``tenant`` alone: here only author_id is marked as foreign
    author: Mapped[Author | None] = relationship(
        primaryjoin=lambda: (
            (Author.id == foreign(Chapter.author_id)) & (Author.tenant_id == Chapter.tenant_id)
        )
    )
    parts: Mapped[list[Chapter]] = relationship(
        back_populates="whole",
        order_by="Chapter.id",
        overlaps="tenant",
        foreign_keys="Chapter.part_of",
        primaryjoin="and_(remote(Chapter.tenant_id) == Chapter.tenant_id,"
        "Chapter.id == remote(Chapter.part_of))",
    )
    whole: Mapped[Chapter | None] = relationship(
        back_populates="parts",
        overlaps="tenant",
        foreign_keys="Chapter.part_of",
        primaryjoin="and_(remote(Chapter.tenant_id) == Chapter.tenant_id,"
        "remote(Chapter.id) == Chapter.part_of)",
    )


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number in (1, 2):
            tenant = Tenant(id=number)
            author = Author(id=1, tenant=tenant)
            book = Chapter(id=1, title="book", tenant=tenant, author=author)
            book.parts = [
                Chapter(id=2, title="one", tenant=tenant),
                Chapter(id=3, title="two", tenant=tenant),
            ]
            session.add(book)
        session.commit()

    with Session(engine) as session:
        book = session.get_one(Chapter, (2, 1))
        assert [(part.tenant_id, part.title) for part in book.parts] == [(2, "one"), (2, "two")]
        assert book.parts[0].whole is book and book.author is session.get_one(Author, (2, 1))
        loaded = select(Chapter).options(joinedload(Chapter.parts), joinedload(Chapter.author))
        tops = session.scalars(loaded.where(Chapter.part_of == None)).unique().all()  # noqa: E711
        assert sorted((top.tenant_id, len(top.parts)) for top in tops) == [(1, 2), (2, 2)]

        # the author goes, the tenant stays
        book.author = None
        book.parts[0].whole = None
        session.commit()
        assert (book.tenant_id, book.author_id) == (2, None)
        assert [part.title for part in book.parts] == ["two"]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
