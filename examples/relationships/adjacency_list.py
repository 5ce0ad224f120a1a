"""
A tree in one table: each node refers to its parent.

Both directions join the table with itself, so one of them says which columns are those of the related
row: ``remote_side``. `composite_keys.py` has a tree whose key has two columns.
"""

from __future__ import annotations

from typing import Any

from relvar import ForeignKey, String, create_engine, event, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Node(Base):
    __tablename__ = "node"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    children: Mapped[list[Node]] = relationship(
        back_populates="parent",
        cascade="all, delete-orphan",
        order_by="Node.name",
        # loaded with the parent, but not endlessly
        lazy="selectin",
        join_depth=2,
    )
    parent: Mapped[Node | None] = relationship(back_populates="children", remote_side=[id])


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        leaf = Node(name="leaf")
        root = Node(name="root", children=[Node(name="b", children=[leaf]), Node(name="a")])
        # parents are inserted before their children, level by level
        session.add(root)
        session.commit()

    sent: list[str] = []
    with Session(engine) as session:
        event.listen(engine, "before_cursor_execute", lambda c, cur, text, *rest: sent.append(text))
        root = session.scalars(select(Node).where(Node.parent == None)).one()  # noqa: E711
        a, b = root.children
        leaf = b.children[0]
        # the root and two levels
        assert (a.name, b.name, leaf.name, len(sent)) == ("a", "b", "leaf", 3)
        assert leaf.parent is b and b.parent is root and root.parent is None and len(sent) == 3

        # the table joined with itself, by an alias
        upper = aliased(Node)
        joined = select(Node.name, upper.name).join(Node.parent.of_type(upper)).order_by(Node.name)
        assert [tuple(row) for row in session.execute(joined)] == [
            ("a", "root"),
            ("b", "root"),
            ("leaf", "b"),
        ]
        assert session.scalars(select(Node).where(Node.children.any(name="leaf"))).all() == [b]
        whole = (
            select(Node).options(selectinload(Node.children, recursion_depth=-1)).where(Node.id == root.id)
        )
        assert session.scalars(whole).one() is root

        # a branch moves; then one is cut off
        a.children.append(leaf)
        session.commit()
        assert leaf.parent is a and b.children == []
        root.children.remove(a)
        session.commit()
        assert session.scalars(select(Node.name).order_by(Node.name)).all() == ["b", "root"]
        session.delete(root)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Node)) == 0


if __name__ == "__main__":
    main(create_engine("sqlite://"))
