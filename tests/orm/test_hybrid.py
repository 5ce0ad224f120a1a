"""
Hybrids: one definition, read on objects and in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    case,
    exc,
    func,
    insert,
    inspect,
    literal,
    select,
    type_coerce,
    update,
)
from relvar.ext.hybrid import Comparator, hybrid_method, hybrid_property
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    declarative_base,
    mapped_column,
    relationship,
)

Base: Any = declarative_base()


class CaseInsensitive(Comparator):
    def __eq__(self, other: Any) -> Any:  # type: ignore[override]  # SQL
        return func.lower(self.__clause_element__()) == func.lower(other)


class Interval(Base):
    __tablename__ = "intervals"
    id = Column(Integer, primary_key=True)
    start = Column(Integer, nullable=False)
    end = Column("stop", Integer, nullable=False)
    word = Column(String(20))
    owner_id = Column(ForeignKey("owners.id"))
    owner = relationship("Owner", back_populates="intervals")

    @hybrid_property
    def length(self) -> Any:
        return self.end - self.start

    @length.setter
    def length(self, value: int) -> None:
        self.end = self.start + value

    @length.deleter
    def length(self) -> None:
        self.end = self.start

    @length.update_expression
    def length(cls, value: Any) -> Any:
        return [(cls.end, cls.start + value)]

    @hybrid_method
    def contains(self, point: Any) -> Any:
        return (self.start <= point) & (point < self.end)

    @hybrid_method
    def longer_than(self, n: int) -> Any:
        return self.length > n

    @longer_than.expression
    def longer_than(cls, n: int) -> Any:
        return type_coerce(cls.end - cls.start > n, Integer)

    @hybrid_property
    def size(self) -> str:
        return "big" if self.length > 5 else "small"

    @size.inplace.expression
    @classmethod
    def _size_expression(cls) -> Any:
        return case((cls.length > 5, "big"), else_="small")

    @size.inplace.setter
    def _size_setter(self, value: str) -> None:
        self.length = {"big": 100, "small": 1}[value]

    @hybrid_property
    def folded(self) -> Any:
        return self.word.lower()

    @folded.comparator
    def folded(cls) -> Any:
        return CaseInsensitive(cls.word)


class Owner(Base):
    __tablename__ = "owners"
    id = Column(Integer, primary_key=True)
    intervals = relationship("Interval", back_populates="owner", order_by="Interval.id")

    @hybrid_property
    def total(self) -> int:
        return sum(interval.length for interval in self.intervals)

    @total.expression
    def total(cls) -> Any:
        return select(func.sum(Interval.length)).where(Interval.owner_id == cls.id).label("total")

    @hybrid_property
    def parts(self) -> Any:
        return self.intervals

    def _doubled(self) -> Any:
        return self.id * 2

    twice = hybrid_property(_doubled)


class Special(Interval):
    """A subclass gives the inherited hybrid another setter."""

    @Interval.length.setter
    def length(self, value: int) -> None:
        self.end = self.start + 2 * value


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Owner(id=1, intervals=[Interval(id=1, start=0, end=10, word="Ten")]))
        session.add(Owner(id=2, intervals=[Interval(id=2, start=5, end=8, word="THREE")]))
        session.commit()
        yield session


def folded(expression: Any) -> str:
    return " ".join(str(expression).split())


@pytest.mark.feature("K008")
def test_on_objects() -> None:
    interval = Interval(start=5, end=10, word="AbC")
    assert interval.length == 5 and interval.contains(7) and not interval.contains(10)
    assert interval.size == "small" and interval.folded == "abc" and not interval.longer_than(5)
    interval.length = 12
    assert interval.end == 17 and interval.size == "big"
    interval.size = "small"
    assert interval.end == 6
    del interval.length
    assert interval.end == 5
    special = Special(start=1)
    special.length = 3
    assert special.end == 7
    made = Interval(start=1, length=4)
    assert made.end == 5


@pytest.mark.feature("K008")
def test_in_sql() -> None:
    assert folded(Interval.length + 1) == "(intervals.stop - intervals.start) + :param_1"
    assert folded(Interval.contains(3)) == "intervals.start <= :start_1 AND intervals.stop > :stop_1"
    assert folded(select(Interval.size)) == (
        "SELECT CASE WHEN (intervals.stop - intervals.start > :param_1) THEN :param_2 ELSE :param_3 END "
        "AS size FROM intervals"
    )
    assert folded(Interval.folded == "X") == "lower(intervals.word) = lower(:lower_1)"
    assert folded(Interval.longer_than(4)) == "intervals.stop - intervals.start > :param_1"
    alias = aliased(Interval, name="i")
    assert folded(alias.length < 4) == "i.stop - i.start < :param_1"
    assert folded(select(Interval.length)) == (
        "SELECT intervals.stop - intervals.start AS length FROM intervals"
    )
    assert folded(update(Interval).values({Interval.length: 5})) == (
        "UPDATE intervals SET stop=(intervals.start + :start_1)"
    )
    descriptor = inspect(Interval).all_orm_descriptors["length"]
    assert descriptor.extension_type.name == "HYBRID_PROPERTY"
    assert inspect(Interval).all_orm_descriptors["contains"].extension_type.name == "HYBRID_METHOD"


@pytest.mark.feature("K008")
def test_with_rows(session: Any) -> None:
    def ids(*criteria: Any) -> list[int]:
        return list(session.scalars(select(Interval.id).where(*criteria).order_by(Interval.id)))

    assert ids(Interval.length > 5) == [1] and ids(Interval.size == "small") == [2]
    assert ids(Interval.contains(6)) == [1, 2] and ids(Interval.contains(1)) == [1]
    assert ids(Interval.folded == "three") == [2]
    assert session.scalars(select(Interval).order_by(Interval.length)).first().id == 2
    assert session.query(Interval).filter_by(length=3).one().id == 2
    assert session.execute(select(Interval.id, Interval.length).order_by(Interval.id)).all() == [
        (1, 10),
        (2, 3),
    ]
    assert session.scalars(select(Owner.id).where(Owner.total > 5)).all() == [1]
    assert [owner.total for owner in session.scalars(select(Owner).order_by(Owner.id))] == [10, 3]
    alias = aliased(Interval)
    assert session.scalars(select(alias.id).where(alias.length == 3)).all() == [2]
    joined = select(Owner.id).join(Owner.intervals).where(Interval.length == 10)
    assert session.scalars(joined).all() == [1]
    session.execute(update(Interval).where(Interval.id == 1).values({Interval.length: 50}))
    assert session.get(Interval, 1).end == 50
    session.query(Interval).filter(Interval.length == 3).update({Interval.length: 4})
    session.expire_all()
    assert session.get(Interval, 2).length == 4


@pytest.mark.feature("F031")
def test_rows_of_bulk_statements(session: Any) -> None:
    class Local(DeclarativeBase): ...

    class Name(Local):
        __tablename__ = "name"
        id: Mapped[int] = mapped_column(primary_key=True)
        first: Mapped[str] = mapped_column(String(10))
        last: Mapped[str] = mapped_column(String(10))

        @hybrid_property
        def full(self) -> Any:
            return self.first + " " + self.last

        @full.inplace.update_expression
        @classmethod
        def _full_update(cls, value: str) -> Any:
            first, last = value.split(" ")
            return [(cls.first, first), (cls.last, last)]

        @full.inplace.bulk_dml
        @classmethod
        def _full_bulk(cls, mapping: Any, value: str) -> None:
            mapping["first"], mapping["last"] = value.split(" ")

    class Formal(Name):
        @Name.full.overrides.getter
        def full(self) -> Any:
            return "Dr " + self.first

        @full.overrides.expression
        def full(cls) -> Any:
            return literal("Dr ") + cls.first

    Local.metadata.create_all(session.bind)
    session.execute(insert(Name), [{"full": "a b"}, {"full": "c d"}])
    session.execute(update(Name), [{"id": 1, "full": "e f"}])
    session.execute(update(Name).where(Name.id == 2).values({Name.full: "g h"}))
    assert session.scalars(select(Name.full).order_by(Name.full)).all() == ["e f", "g h"]
    assert session.scalars(select(Formal.full).order_by(Formal.id)).all() == ["Dr e", "Dr g"]
    assert Formal(first="x").full == "Dr x"
    name = session.get(Name, 1)
    name.first = "z"
    session.commit()
    assert session.scalars(select(Name.id).where(Name.full == "z f")).all() == [1]
    session.delete(name)
    session.commit()
    assert session.scalars(select(Name.full)).all() == ["g h"]


@pytest.mark.feature("F031")
def test_hybrids_of_relationships_and_other_names(session: Any) -> None:
    joined = select(Interval.id).select_from(Owner).join(Owner.parts)
    assert session.scalars(joined.order_by(Interval.id)).all() == [1, 2]
    assert session.scalars(select(Owner.id).where(Owner.parts.any(Interval.word == "Ten"))).all() == [1]
    # under another name than its function's, it has none in statements
    assert folded(select(Owner.twice)) == "SELECT owners.id * :id_1 AS anon_1 FROM owners"
    assert session.scalars(select(Owner.twice).order_by(Owner.twice)).all() == [2, 4]
    with pytest.raises(exc.CompileError, match="Unconsumed column names: total"):
        session.execute(update(Owner).values({Owner.total: 5}))
