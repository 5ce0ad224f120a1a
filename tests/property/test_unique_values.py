"""
Any rows can become any other rows in one flush, whatever unique values go from one to another.

What is drawn is the content before and after: two unique constraints (one over two columns), in one table or
over the two of a subclass, with values loaded or not.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relvar import Column, ForeignKey, Integer, String, UniqueConstraint, create_engine, inspect, select
from relvar.orm import Session, declarative_base
from relvar.pool import StaticPool

Base: Any = declarative_base()


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    a = Column(Integer)
    b = Column(Integer, nullable=False)
    note = Column(Integer)
    __table_args__ = (UniqueConstraint("a", "b"),)
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "thing"}


class Special(Thing):
    __tablename__ = "specials"
    id = Column(ForeignKey("things.id"), primary_key=True)
    code = Column(String(40), unique=True, nullable=False)
    __mapper_args__ = {"polymorphic_identity": "special"}


engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base.metadata.create_all(engine)

Row = tuple[int, bool, "int | None", int, str, int]
"Key, whether it is special, a, b, code and note."

row = st.tuples(
    st.integers(1, 6),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 2)),
    st.integers(0, 2),
    st.sampled_from(["p", "q", "r", "s"]),
    st.integers(0, 1),
)
content = st.lists(
    row,
    max_size=6,
    unique_by=(
        lambda r: r[0],
        lambda r: (r[2], r[3]) if r[2] is not None else r,
        lambda r: r[4] if r[1] else r[0],
    ),
)


def make(given: Row) -> Any:
    number, special, a, b, code, note = given
    if special:
        return Special(id=number, a=a, b=b, code=code, note=note)
    return Thing(id=number, a=a, b=b, note=note)


@settings(max_examples=150, deadline=None)
@given(content, content, st.booleans())
def test_any_content_can_follow_any_other(before: list[Row], after: list[Row], loaded: bool) -> None:
    with Session(engine) as session:
        try:
            session.add_all([make(one) for one in before])
            session.commit()
            objects = {thing.id: thing for thing in session.scalars(select(Thing))}
            if not loaded:
                session.expire_all()
            wanted = {one[0]: one for one in after}
            for number, thing in objects.items():
                now = wanted.get(number)
                if now is None or now[1] != isinstance(thing, Special):
                    session.delete(thing)
                    if now is not None:
                        # a row of another class under the same key is another key here
                        wanted[number + 10] = (number + 10, *wanted.pop(number)[1:])
                else:
                    thing.a, thing.b, thing.note = now[2], now[3], now[5]
                    if now[1]:
                        thing.code = now[4]
            session.add_all([make(one) for number, one in wanted.items() if number not in objects])
            session.commit()
            assert {
                (t.id, isinstance(t, Special), t.a, t.b, t.code if isinstance(t, Special) else None, t.note)
                for t in session.scalars(select(Thing))
            } == {(n, s, a, b, code if s else None, note) for n, s, a, b, code, note in wanted.values()}
            assert not any(inspect(t).modified for t in session)
        finally:
            session.rollback()
            with engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(table.delete())
