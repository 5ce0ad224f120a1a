"""
Many to many: posts and tags, by way of a table that has nothing but the two keys.

The rows of that table are written and deleted by the relationship. Link objects with columns of their
own are in `association_object.py`.
"""

from __future__ import annotations

from typing import Any

from relvar import Column, ForeignKey, String, Table, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


post_tag = Table(
    "post_tag",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(30))
    tags: Mapped[set[Tag]] = relationship(secondary=post_tag, back_populates="posts")


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    # the table may be named, as it may be defined later
    posts: Mapped[list[Post]] = relationship(
        secondary="post_tag", back_populates="tags", order_by="Post.title"
    )


def links(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(post_tag)) or 0


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        python, sql = Tag(name="python"), Tag(name="sql")
        session.add_all([Post(title="a", tags={python, sql}), Post(title="b", tags={sql}), Post(title="c")])
        session.commit()
        assert links(session) == 3

    with Session(engine) as session:
        tags = session.scalars(select(Tag).options(selectinload(Tag.posts)).order_by(Tag.name)).all()
        assert [(tag.name, [post.title for post in tag.posts]) for tag in tags] == [
            ("python", ["a"]),
            ("sql", ["a", "b"]),
        ]
        python, sql = tags
        a = python.posts[0]
        untagged = session.scalars(select(Post).where(~Post.tags.any())).one()
        assert untagged.title == "c"
        assert session.scalars(select(Post).where(Post.tags.contains(python))).all() == [a]

        # from either side, one row each
        a.tags.discard(python)
        sql.posts.append(untagged)
        assert python.posts == [] and untagged.tags == {sql}
        session.commit()
        assert links(session) == 3

        # with a post or a tag its links are deleted, the other side stays
        session.delete(sql)
        session.commit()
        assert links(session) == 0 and a.tags == set()
        assert session.scalar(select(func.count()).select_from(Post)) == 3


if __name__ == "__main__":
    main(create_engine("sqlite://"))
