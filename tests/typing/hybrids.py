"""What type checkers know of hybrids: values in objects, expressions in classes, parts written in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type

from relvar import Boolean, ColumnElement, Float, Select, SQLColumnExpression, cast, func, select
from relvar.ext.hybrid import Comparator, hybrid_method, hybrid_property
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

if TYPE_CHECKING:
    from collections.abc import Sequence


class Base(DeclarativeBase):
    pass


class WithoutCase(Comparator[str]):
    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]  # pyright: ignore
        lowered: ColumnElement[str] = func.lower(self.__clause_element__())
        return lowered.op("=", return_type=Boolean())(func.lower(other))


class Interval(Base):
    __tablename__ = "intervals"
    id: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[int]
    end: Mapped[int]
    name: Mapped[str]
    note: Mapped[str | None]

    @hybrid_property
    def length(self) -> int:
        return self.end - self.start

    @length.inplace.setter
    def _set_length(self, value: int) -> None:
        self.end = self.start + value

    @length.inplace.deleter
    def _delete_length(self) -> None:
        self.end = self.start

    @hybrid_property
    def radius(self) -> float:
        return self.length / 2

    @radius.inplace.expression
    @classmethod
    def _radius(cls) -> SQLColumnExpression[float]:
        return cast(cls.end - cls.start, Float) / 2

    @radius.inplace.update_expression
    @classmethod
    def _update_radius(cls, value: float) -> list[tuple[Any, Any]]:
        return [(cls.end, cls.start + value * 2)]

    @hybrid_property
    def loose(self) -> str:
        return self.name.lower()

    @loose.inplace.comparator
    @classmethod
    def _loose(cls) -> WithoutCase:
        return WithoutCase(cls.name)

    @hybrid_property
    def remark(self) -> str | None:
        return self.note

    @hybrid_method
    def contains(self, point: int) -> bool:
        return (self.start <= point) & (point < self.end)

    @contains.inplace.expression
    @classmethod
    def _contains(cls, point: int) -> ColumnElement[bool]:
        return (cls.start <= point) & (cls.end > point)


def objects(interval: Interval) -> None:
    assert_type(interval.length, int)
    assert_type(interval.radius, float)
    assert_type(interval.loose, str)
    assert_type(interval.remark, str | None)
    assert_type(interval.contains(5), bool)
    interval.length = 5
    del interval.length
    interval.length = "x"  # E
    interval.contains("x")  # E
    interval.contains()  # E
    interval.remark.upper()  # E


def classes(session: Session) -> None:
    assert_type(select(Interval.length), Select[int])
    assert_type(select(Interval.radius, Interval.remark), Select[float, str | None])
    assert_type(Interval.length > 5, ColumnElement[bool])
    assert_type(Interval.length + 1, ColumnElement[int])
    assert_type(select(Interval).order_by(Interval.radius.desc()), Select[Interval])
    assert_type(select(Interval).where(Interval.contains(5)), Select[Interval])
    assert_type(select(Interval).where(Interval.loose == "x"), Select[Interval])
    assert_type(select(func.max(Interval.length)), Select[int])
    found: Sequence[float] = session.scalars(select(Interval.radius)).all()
    print(found)
    select(Interval).where(Interval.length == "x")  # E
    select(Interval).where(Interval.radius)  # E
    select(Interval).where(Interval.contains("x"))  # E
    Interval.length < "x"  # E
