"""
A graph: a many to many of a class with itself.

Both foreign keys of the table between lead to the same table, so the two joins are written out.
"""

from __future__ import annotations

from typing import Any

from relvar import Column, ForeignKey, String, Table, create_engine, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, relationship


class Base(DeclarativeBase):
    pass


edge = Table(
    "edge",
    Base.metadata,
    Column("from_id", ForeignKey("place.id"), primary_key=True),
    Column("to_id", ForeignKey("place.id"), primary_key=True),
)


class Place(Base):
    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    onward: Mapped[list[Place]] = relationship(
        secondary=edge,
        primaryjoin=lambda: Place.id == edge.c.from_id,
        secondaryjoin=lambda: Place.id == edge.c.to_id,
        back_populates="backward",
        order_by="Place.name",
    )
    backward: Mapped[list[Place]] = relationship(
        secondary=edge,
        primaryjoin="Place.id == edge.c.to_id",
        secondaryjoin="Place.id == edge.c.from_id",
        back_populates="onward",
        order_by="Place.name",
    )


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        a, b, c = [Place(name=name) for name in "abc"]
        a.onward = [b, c]
        b.onward = [c, b]
        session.add(a)
        session.commit()

    with Session(engine) as session:
        a, b, c = session.scalars(select(Place).order_by(Place.name))
        assert a.onward == [b, c] and b.onward == [b, c] and c.onward == []
        assert c.backward == [a, b] and b.backward == [a, b] and a.backward == []
        far = aliased(Place)
        ends = select(Place.name, far.name).join(Place.onward.of_type(far)).order_by(Place.name, far.name)
        assert [x + y for x, y in session.execute(ends)] == ["ab", "ac", "bb", "bc"]

        c.backward.remove(a)
        session.commit()
        assert a.onward == [b]
        # the edges of either direction go with the place
        session.delete(b)
        session.commit()
        assert session.scalar(select(func.count()).select_from(edge)) == 0


if __name__ == "__main__":
    main(create_engine("sqlite://"))
