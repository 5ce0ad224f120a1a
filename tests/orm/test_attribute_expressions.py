"""Attributes in statements: subqueries by attribute name, hybrids, composites, subclass criteria."""

from __future__ import annotations

import dataclasses
import operator as op
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    String,
    and_,
    case,
    cast,
    exc,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)
from relvar.ext.hybrid import Comparator, hybrid_method, hybrid_property
from relvar.orm import (
    ColumnProperty,
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    column_property,
    composite,
    declarative_base,
    mapped_column,
    synonym,
)


def flat(statement: Any) -> str:
    return " ".join(str(statement).split())


# columns of subqueries -----------------------------------------------------------------------------


def named_model() -> Any:
    Base = declarative_base()

    class Order(Base):
        __tablename__ = "orders"
        pk = Column("id", Integer, primary_key=True)
        group = Column("grp", String(9))
        keyed = Column("kk", Integer, key="other")
        plus = column_property(pk + 1)
        also = synonym("group")

    return Order


def test_columns_of_subqueries_go_by_attribute_names() -> None:
    Order = named_model()
    keys = {
        Order.group: ["group"],
        Order.plus: ["plus"],
        Order.keyed: ["keyed"],
        Order.also: ["also"],
        Order.group.label("x"): ["x"],
        Order.__table__.c.grp: ["grp"],
    }
    for column, expected in keys.items():
        statement = select(column)
        for made in (statement.subquery(), statement.cte()):
            assert made.c.keys() == expected
        assert statement.selected_columns.keys() == expected
    assert select(Order).subquery().c.keys() == ["plus", "id", "grp", "other"]
    twice = select(Order.group, Order.group)
    assert twice.subquery().c.keys() == ["group", "group_1"]
    other = aliased(Order)
    assert select(other.group, other.plus, other.keyed).subquery().c.keys() == ["group", "plus", "keyed"]
    inner = select(Order.group, Order.plus).subquery("s")
    assert flat(select(inner.c.plus, inner.c.group)) == (
        "SELECT s.anon_1, s.grp FROM (SELECT orders.grp AS grp, orders.id + :id_1 AS anon_1 FROM orders) AS s"
    )


def test_columns_of_subqueries_are_read(engine: Any) -> None:
    Order = named_model()
    Order.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Order(pk=1, group="a"), Order(pk=2, group="b")])
        session.commit()
        inner = select(Order.pk, Order.plus, Order.also).subquery()
        rows = session.execute(select(inner.c.plus, inner.c.also).where(inner.c.pk == 2)).all()
        assert rows == [(3, "b")]
        again = aliased(Order, select(Order).where(Order.pk == 1).subquery())
        assert [order.group for order in session.scalars(select(again))] == ["a"]


def test_expressions_over_columns_without_a_name_yet(engine: Any) -> None:
    Base = declarative_base()

    class Item(Base):
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        kind = column_property(case((name == "a", 1), else_=2))
        is_ab = column_property(case((name.in_(["a", "b"]), 1), else_=0))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Item(id=i, name=name) for i, name in enumerate("abc", 1)])
        session.commit()
        rows = session.execute(select(Item.kind, Item.is_ab).order_by(Item.id)).all()
        assert rows == [(1, 1), (2, 1), (2, 0)]
    assert str(Column(String) == "x") == '"<name unknown>" = :param_1'


# hybrids -------------------------------------------------------------------------------------------------


def interval_model() -> Any:
    Base = declarative_base()

    class Interval(Base):
        __tablename__ = "intervals"
        id = Column(Integer, primary_key=True)
        start = Column(Integer)
        end = Column("stop", Integer)
        name = Column(String(9))

        @hybrid_property
        def length(self) -> Any:
            return self.end - self.start

        @length.inplace.setter
        def _length_setter(self, value: int) -> None:
            self.end = self.start + value

        @length.inplace.update_expression
        def _length_update(cls, value: Any) -> Any:
            return [(cls.end, cls.start + value)]

        @hybrid_method
        def contains(self, point: Any) -> Any:
            return (self.start <= point) & (point < self.end)

        @hybrid_property
        def lower(self) -> Any:
            return self.name.lower() if self.name else None

        @lower.inplace.expression
        @classmethod
        def _lower_expression(cls) -> Any:
            return func.lower(cls.name)

        @lower.inplace.deleter
        def _lower_deleter(self) -> None:
            self.name = None

        @hybrid_property
        def caseless(self) -> Any:
            return self.name

        class Caseless(Comparator[str]):
            def __eq__(self, other: Any) -> Any:  # type: ignore[override]
                return func.lower(self.__clause_element__()) == func.lower(other)

        @caseless.inplace.comparator
        @classmethod
        def _caseless_comparator(cls) -> Any:
            return Interval.Caseless(cls.name)

        @hybrid_property
        def text(self) -> Any:
            return str(self.start)

        @text.inplace.expression
        @classmethod
        def _text_expression(cls) -> Any:
            return cast(cls.start, String(9))

        @hybrid_property
        def negative(self) -> Any:
            return -self.start

    return Interval


def test_hybrids(engine: Any) -> None:
    Interval = interval_model()
    Interval.metadata.create_all(engine)
    with Session(engine) as session:
        one = Interval(id=1, start=5, end=10, name="ABC")
        session.add(one)
        session.commit()
        assert (one.length, one.contains(7), one.contains(11), one.lower) == (5, True, False, "abc")
        one.length = 7
        session.commit()
        assert one.end == 12

        def ids(condition: Any) -> list[int]:
            return list(session.scalars(select(Interval.id).where(condition)))

        assert session.scalars(select(Interval.length)).all() == [7]
        assert ids(Interval.contains(6)) == [1] and ids(Interval.contains(60)) == []
        assert ids(Interval.caseless == "aBc") == [1] and ids(Interval.caseless == "x") == []
        assert session.query(Interval).filter_by(length=7).count() == 1
        assert session.scalars(select(Interval.lower)).all() == ["abc"]
        other = aliased(Interval)
        row = session.execute(select(other.length, other.lower).order_by(other.length)).one()
        assert row._mapping == {"length": 7, "lower": "abc"}
        session.execute(update(Interval).values({Interval.length: 1}))
        session.refresh(one)
        assert one.end == 6
        del one.lower
        session.commit()
        assert one.name is None and one.lower is None
        for change in (lambda: setattr(one, "lower", 1), lambda: delattr(one, "length")):
            with pytest.raises(AttributeError, match="can't (set|delete) attribute"):
                change()
        assert Interval(start=1, length=3).end == 4


def test_how_hybrids_are_named() -> None:
    Interval = interval_model()
    texts = {
        "length": "intervals.stop - intervals.start AS length",
        "text": "CAST(intervals.start AS VARCHAR(9)) AS text",
        "negative": "-intervals.start AS negative",
        "lower": "lower(intervals.name) AS lower_1",
    }
    for name, text in texts.items():
        statement = select(getattr(Interval, name))
        assert flat(statement) == f"SELECT {text} FROM intervals"
        assert statement.subquery().c.keys() == [name]


# what stands for several columns ------------------------------


@dataclasses.dataclass
class Point:
    x: int | None
    y: int | None


class Shapes(DeclarativeBase):
    pass


class Shape(Shapes):
    __tablename__ = "shapes"
    id: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[Point] = composite(mapped_column("sx"), mapped_column("sy"))
    end: Mapped[Point | None] = composite(mapped_column("ex"), mapped_column("ey"))
    size: Mapped[int | None] = mapped_column("siz")
    extent = synonym("size")

    @hybrid_property
    def double(self) -> Any:
        return self.size * 2

    @double.inplace.bulk_dml
    @classmethod
    def _double_bulk(cls, mapping: dict[str, Any], value: int) -> None:
        mapping["size"] = value // 2

    @double.inplace.update_expression
    @classmethod
    def _double_update(cls, value: Any) -> Any:
        return [(cls.size, value / 2 if not isinstance(value, int) else value // 2)]


def shape_rows(session: Session) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(select(Shape.__table__).order_by(Shape.id))]


def test_bulk_rows_with_composites_and_hybrids(engine: Any) -> None:
    Shapes.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(
            insert(Shape),
            [{"id": 1, "start": Point(1, 2)}, {"id": 2, "start": Point(3, 4), "end": Point(5, 6)}],
        )
        session.execute(insert(Shape), [{"id": 3, "double": 8}])
        assert shape_rows(session) == [
            (1, 1, 2, None, None, None),
            (2, 3, 4, 5, 6, None),
            (3, None, None, None, None, 4),
        ]
        session.execute(update(Shape), [{"id": 1, "start": Point(7, 7)}, {"id": 3, "double": 10}])
        session.bulk_update_mappings(Shape, [{"id": 2, "end": Point(0, 0)}])
        session.bulk_insert_mappings(Shape, [{"id": 4, "start": Point(9, 9)}])
        assert shape_rows(session) == [
            (1, 7, 7, None, None, None),
            (2, 3, 4, 0, 0, None),
            (3, None, None, None, None, 5),
            (4, 9, 9, None, None, None),
        ]
        with pytest.raises(exc.InvalidRequestError, match="No primary key value supplied for column"):
            session.execute(update(Shape), [{"start": Point(1, 1)}])


def test_values_with_composites_synonyms_and_hybrids(engine: Any) -> None:
    Shapes.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(insert(Shape).values(id=1, start=Point(1, 2)))
        session.execute(insert(Shape).values([{"id": 2, "start": Point(3, 4)}]))
        first = update(Shape).where(Shape.id == 1)
        session.execute(first.values(start=Point(8, 8)))
        session.execute(first.values({Shape.end: Point(6, 6)}))
        session.execute(first.values({Shape.extent: 8}))
        assert shape_rows(session)[0] == (1, 8, 8, 6, 6, 8)
        session.execute(first.values(extent=9))
        assert shape_rows(session)[0][-1] == 9
        session.execute(first.values(double=24))
        assert shape_rows(session) == [(1, 8, 8, 6, 6, 12), (2, 3, 4, None, None, None)]
        for statement in (insert(Shape).values(id=3, nope=5), first.values(nope=5)):
            with pytest.raises(exc.CompileError, match="Unconsumed column names: nope"):
                session.execute(statement)


def test_composites_that_are_none(engine: Any) -> None:
    Shapes.metadata.create_all(engine)
    with Session(engine) as session:
        shape = Shape(id=1)
        session.add(shape)
        session.commit()
        assert shape.start == Point(None, None) and shape.end is None
        assert session.execute(select(Shape.start, Shape.end)).all() == [(Point(None, None), None)]
        shape.start, shape.end = Point(1, 2), Point(3, 4)
        session.commit()
        found = select(Shape.id).where(Shape.end == Point(3, 4))
        assert session.scalars(found).all() == [1]
        assert session.scalars(select(Shape).where(Shape.end == None)).all() == []
        assert shape.start == Point(1, 2)
        shape.start = Point(1, 2)
        assert not session.is_modified(shape)
        # expiring one by its name is no error: it is made from its columns
        session.expire(shape, ["start"])
        assert shape.start == Point(1, 2)
        with pytest.raises(KeyError, match="double"):
            session.expire(shape, ["double"])
        merged = session.merge(Shape(id=1, end=None, start=Point(5, 5)))
        session.commit()
        assert (merged.start, merged.end) == (Point(5, 5), None)


# which subclass ------------------------------------------------


def vehicle_model() -> Any:
    Base = declarative_base()

    class Vehicle(Base):
        __tablename__ = "vehicles"
        id = Column(Integer, primary_key=True)
        kind = Column(String(5))
        name = Column(String(5))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "v"}

    class Car(Vehicle):
        doors = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "car"}

    class Ticket(Base):
        __tablename__ = "tickets"
        id = Column(Integer, primary_key=True)

    return Vehicle, Car, Ticket


def test_subclasses_that_only_where_names(engine: Any) -> None:
    Vehicle, Car, Ticket = vehicle_model()
    Vehicle.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Vehicle(id=1), Car(id=2, doors=4), Ticket(id=1), Ticket(id=2), Ticket(id=3)])
        session.commit()
        ids = select(Ticket.id).order_by(Ticket.id)
        same = Car.id == Ticket.id
        conditions = {
            same: [2],
            exists().where(same): [2],
            ~exists().where(same): [1, 3],
            exists().where(same).where(Car.doors > 1): [2],
            and_(same, Car.doors > 5): [],
            or_(same, and_(Ticket.id == 3, Car.id == 1)): [2],
            exists(1).where(and_(same)): [2],
            not_(exists().where(same)): [1, 3],
        }
        for condition, expected in conditions.items():
            assert session.scalars(ids.where(condition)).all() == expected, str(condition)
        assert session.scalar(select(func.count()).where(Car.id > 0)) == 1
        assert session.scalar(select(literal(1)).where(Car.id == 1)) is None
        other = aliased(Car)
        assert session.scalars(ids.where(other.id == Ticket.id)).all() == [2]
        # an entity of the outer statement keeps its own condition
        inner = exists().where(Ticket.id == Car.id)
        assert session.scalars(select(Car.id).where(inner)).all() == [2]
        assert session.scalars(select(Vehicle.id).where(~exists().where(Ticket.id == Vehicle.id))).all() == []


def test_where_the_subclass_condition_goes() -> None:
    Vehicle, Car, Ticket = vehicle_model()
    kind = "vehicles.kind IN (__[POSTCOMPILE_kind_1])"
    inner = select(Ticket.id).where(exists().where(Car.id == Ticket.id))
    assert flat(inner) == (
        "SELECT tickets.id FROM tickets WHERE EXISTS (SELECT * FROM vehicles "
        f"WHERE vehicles.id = tickets.id AND {kind})"
    )
    outer = select(Car.id).where(exists().where(Ticket.id == Car.id))
    assert flat(outer) == (
        "SELECT vehicles.id FROM vehicles WHERE (EXISTS (SELECT * FROM tickets "
        f"WHERE tickets.id = vehicles.id)) AND {kind}"
    )


def test_each_comparison_is_the_attributes_own_whether_its_expression_is_known_or_not() -> None:
    class Reversed(ColumnProperty.Comparator[Any]):
        def __eq__(self, other: Any) -> Any:
            return func.reverse(self.__clause_element__()) == other

        __hash__ = ColumnProperty.Comparator.__hash__

    Base: Any = declarative_base()

    class Pair(Base):
        __tablename__ = "pair"
        id = Column(Integer, primary_key=True)
        a = Column(Integer)
        b = Column(Integer)
        word = column_property(Column(String), comparator_factory=Reversed)

    operators = {"=": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}
    for _ in range(2):  # the first asks for the expression
        for sign, operator in operators.items():
            assert str(operator(Pair.a, 5)) == f"pair.a {sign} :a_1"
            assert str(operator(Pair.a, Pair.b)) == f"pair.a {sign} pair.b"
            assert str(operator(Pair.a, Pair.__table__.c.b)) == f"pair.a {sign} pair.b"
            assert str(operator(aliased(Pair, name="p").a, Pair.b)) == f"p.a {sign} pair.b"
        assert str(Pair.a == None) == "pair.a IS NULL"  # SQL
        assert str(Pair.word == "x") == "reverse(pair.word) = :reverse_1"
        assert str(Pair.word < "x") == "pair.word < :word_1"
    # and attributes stay keys of dictionaries
    assert {Pair.a: 1, Pair.b: 2}[Pair.b] == 2 and hash(Pair.a) != hash(Pair.b)
