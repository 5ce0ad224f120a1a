"""
Composites: value objects over several columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from relvar import Column, Integer, String, Table, event, exc, insert, inspect, select, update
from relvar.ext.mutable import MutableComposite
from relvar.orm import (
    CompositeProperty,
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    attributes,
    composite,
    configure_mappers,
    defer,
    load_only,
    mapped_column,
    registry,
)


class Base(DeclarativeBase): ...


@dataclass
class Point:
    x: int | None
    y: int | None


@dataclass
class Street:
    name: str
    number: int


class Pair:
    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b

    def __composite_values__(self) -> tuple[Any, Any]:
        return self.a, self.b

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and (other.a, other.b) == (self.a, self.b)


@dataclass
class Spot(MutableComposite):
    x: int | None
    y: int | None

    def __setattr__(self, key: str, value: Any) -> None:
        object.__setattr__(self, key, value)
        self.changed()


class Bigger(CompositeProperty.Comparator):
    def __gt__(self, other: Any) -> Any:
        return self.__clause_element__().exprs[0] > other.x


class Line(Base):
    __tablename__ = "line"
    id: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[Point] = composite(mapped_column("x1"), mapped_column("y1"), comparator_factory=Bigger)
    end: Mapped[Point | None] = composite(column_template="end_%s", active_history=True)
    never_none: Mapped[Point | None] = composite(column_template="n_%s", return_none_on=None)
    own_rule: Mapped[Point | None] = composite(column_template="o_%s", return_none_on=lambda x, y: x is None)
    street: Mapped[Street | None] = composite(
        mapped_column("st", String(10), nullable=True), deferred=True, group="late"
    )
    a: Mapped[str | None] = mapped_column(String(5))
    b: Mapped[str | None] = mapped_column(String(5))
    pair = composite(Pair, "a", b)
    spot: Mapped[Spot | None] = composite(column_template="spot_%s")


Line.__table__.c.number.nullable = True


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def text_of(statement: Any) -> str:
    return " ".join(str(statement).split())


@pytest.mark.feature("F029")
def test_a_flow_through_the_database(session: Session, sql_log: Any) -> None:
    line = Line(
        start=Point(1, 2), end=None, own_rule=Point(None, 5), street=Street("S", 3), pair=Pair("a", "b")
    )
    session.add_all([line, Line(start=Point(9, 9), end=Point(3, 4), spot=Spot(1, 1))])
    session.commit()
    session.expunge_all()
    line, other = session.scalars(select(Line).order_by(Line.start)).all()
    assert (line.start, line.end, line.never_none, line.own_rule) == (
        Point(1, 2),
        None,
        Point(None, None),
        None,
    )
    assert (line.pair, line.x1, line.end_x, line.o_y) == (Pair("a", "b"), 1, None, 5)
    assert line.start is line.start
    log = sql_log(session.bind)
    assert line.street == Street("S", 3) and len(log) == 1
    assert log.texts()[0].startswith("SELECT line.st")

    line.start = Point(1, 2)
    assert not session.is_modified(line)
    line.start = Point(5, 6)
    assert inspect(line).attrs.start.history == ([Point(5, 6)], (), [Point(1, 2)])
    assert attributes.get_history(line, "end") == ((), [None], ())
    line.x1 = 7
    assert line.start == Point(7, 6)
    other.spot.y = 8
    other.end = None
    log.clear()
    session.commit()
    sent = [text.partition(" WHERE ")[0] for text in log.texts() if text.startswith("UPDATE")]
    assert [re.findall(r"(\w+)=", text) for text in sent] == [["x1", "y1"], ["end_x", "end_y", "spot_y"]]
    assert (line.start, other.end, other.spot) == (Point(7, 6), None, Spot(1, 8))
    del line.start
    session.commit()
    assert (line.start, line.x1) == (Point(None, None), None)
    line.start.x = 3  # in place: not seen, and gone with the next load
    session.commit()
    assert line.start == Point(None, None)
    merged = session.merge(Line(id=line.id, start=Point(1, 1)))
    session.commit()
    assert merged is line and line.start == Point(1, 1)
    session.delete(line)
    session.commit()
    assert session.scalars(select(Line.start)).all() == [Point(9, 9)]


@pytest.mark.feature("F029")
def test_in_statements(session: Session) -> None:
    session.execute(
        insert(Line), [{"start": Point(1, 2), "end": Point(3, 4)}, {"start": Point(5, 6), "end": None}]
    )
    session.execute(insert(Line).values({Line.start: Point(7, 8)}))
    alias = aliased(Line)
    assert session.execute(select(Line.start, Line.end).order_by(Line.start.desc())).all() == [
        (Point(7, 8), None),
        (Point(5, 6), None),
        (Point(1, 2), Point(3, 4)),
    ]
    for criterion, found in (
        (Line.start == Point(1, 2), [1]),
        (Line.start != Point(1, 2), [5, 7]),
        (Line.end == None, [5, 7]),  # SQL
        (Line.end != None, [1]),  # SQL
        (Line.start > Point(5, 0), [7]),
        (Line.start <= Point(5, 6), [1, 5]),
        (Line.start < Line.end, [1]),
    ):
        assert session.scalars(select(Line.x1).where(criterion).order_by(Line.x1)).all() == found, text_of(
            criterion
        )
    assert session.scalars(select(alias.start).where(alias.start == Point(1, 2))).all() == [Point(1, 2)]
    line = session.scalars(select(Line).where(Line.x1 == 5)).one()
    assert line.start == Point(5, 6)
    session.execute(
        update(Line).where(Line.x1 == 5).values({Line.start: Point(50, 60), Line.end: Point(0, 0)})
    )
    assert (line.start, line.end) == (Point(50, 60), Point(0, 0))
    assert (
        text_of(select(Line).options(load_only(Line.start))) == "SELECT line.id, line.x1, line.y1 FROM line"
    )
    assert "line.x1" not in text_of(select(Line).options(defer(Line.start)))
    session.rollback()


@pytest.mark.feature("F029")
def test_setting_it_is_an_event() -> None:
    class Local(DeclarativeBase): ...

    class Dot(Local):
        __tablename__ = "dot"
        id: Mapped[int] = mapped_column(primary_key=True)
        at: Mapped[Point] = composite()

    heard = []

    @event.listens_for(Dot.at, "set", retval=True)
    def set_(target: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        heard.append((value, oldvalue, initiator.key))
        return Point(value.x, 0)

    dot = Dot(at=Point(1, 2))
    dot.at = Point(3, 4)
    assert (dot.at, dot.y) == (Point(3, 0), 0)
    assert heard == [(Point(1, 2), attributes.NO_VALUE, "at"), (Point(3, 4), Point(1, 0), "at")]


@pytest.mark.feature("F029")
def test_imperative_mapping_and_what_it_tells() -> None:
    mapping = registry()
    table = Table("dot", mapping.metadata, Column("id", Integer, primary_key=True), Column("x"), Column("y"))

    class Dot:
        at: Any

    mapping.map_imperatively(
        Dot, table, properties={"at": composite(Point, table.c.x, table.c.y, info={"k": 1})}
    )
    configure_mappers()
    dot = Dot()
    dot.at = Point(1, 2)
    assert (dot.at, inspect(Dot).composites.keys()) == (Point(1, 2), ["at"])
    prop = inspect(Dot).attrs.at
    assert ([p.key for p in prop.props], prop.columns, prop.info) == (
        ["x", "y"],
        [table.c.x, table.c.y],
        {"k": 1},
    )
    assert (prop.composite_class, str(Dot.at), Dot.at.property) == (Point, "Dot.at", prop)


@pytest.mark.feature("F029")
def test_mistakes_are_explained() -> None:
    class Local(DeclarativeBase): ...

    def mapped(annotation: Any, **attributes: Any) -> Any:
        name = f"T{len(Local.registry.mappers)}"
        namespace = {
            "__tablename__": name.lower(),
            "id": mapped_column(Integer, primary_key=True),
            **attributes,
        }
        annotations = {} if annotation is None else {"at": annotation}
        return type(name, (Local,), {**namespace, "__annotations__": annotations, "__module__": __name__})

    for template in ("p_", "p_%s_%s", "p_{}", "p_%q"):
        with pytest.raises(
            exc.ArgumentError, match="expected a string containing exactly one '%s' placeholder"
        ):
            composite(column_template=template)
    for wrong, message in (
        (lambda: composite(5), "expects a class, or a column to start with, got 5"),
        (lambda: composite(Point, 5, 6), "Composite expects Column objects or mapped attributes.*, got: 5"),
        (lambda: mapped(None, at=composite()), 'annotation is required for attribute "T0.at"'),
        (
            lambda: mapped(Mapped[Point], at=composite("a", "b", "c")),
            "number of composite attributes 3 exceeds",
        ),
    ):
        with pytest.raises(exc.ArgumentError, match=message):
            wrong()
    with pytest.raises(
        exc.ArgumentError, match="Composite attribute Line.start takes Point objects or None, got 5"
    ):
        Line(start=5)

    class Bare:
        def __init__(self, a: Any, b: Any) -> None: ...

    made = mapped(None, at=composite(Bare, mapped_column("a", Integer), mapped_column("b", Integer)))
    with pytest.raises(
        exc.InvalidRequestError, match="Composite class Bare is not a dataclass and does not define"
    ):
        made(at=Bare(1, 2))
    few = mapped(Mapped[Point], at=composite(mapped_column("only")))
    assert few.__table__.c.keys() == ["id", "only", "y"]
