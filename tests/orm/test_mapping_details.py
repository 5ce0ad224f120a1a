"""Smaller things that mappings can be told: strings, collections, defaults, values set as loaded."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    exc,
    inspect,
    select,
    text,
)
from relvar.ext.associationproxy import association_proxy
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    Query,
    Session,
    aliased,
    composite,
    declarative_base,
    mapped_column,
    relationship,
)
from relvar.orm.attributes import set_committed_value


def rows_of(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    """Return rows as the database has them."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_what_strings_may_mean() -> None:
    def mapped(**given: Any) -> Any:
        Base = declarative_base()
        Table("a.b", Base.metadata, Column("a_id", ForeignKey("a.id")), Column("b_id", ForeignKey("b.id")))

        class A(Base):
            __tablename__ = "a"
            id = Column(Integer, primary_key=True)
            b_id = Column(ForeignKey("b.id"))
            bs = relationship("B", **given)

        class B(Base):
            __tablename__ = "b"
            id = Column(Integer, primary_key=True)
            s = Column(String(9))

        try:
            return A.bs.property  # configures
        finally:
            Base.registry.dispose()

    for order, shown in {
        "cast(B.s, Integer)": "CAST(b.s AS INTEGER)",
        "type_coerce(B.s, types.Integer)": None,
        "collate(B.s, 'x')": "b.s COLLATE x",
        "cast(B.s, Numeric(10, 2)).desc()": "CAST(b.s AS NUMERIC(10, 2)) DESC",
        "Cast(B.s, Integer)": "CAST(b.s AS INTEGER)",
        "bitwise_not(B.id)": "~b.id",
        "create_engine('sqlite://')": None,
        "inspect(B)": None,
        "exc": None,
        "open('x')": None,
    }.items():
        if shown is None:
            with pytest.raises(exc.InvalidRequestError, match="failed to locate a name"):
                mapped(order_by=order)
        else:
            assert [str(one) for one in mapped(order_by=order).order_by] == [shown]
    for no_column in ("text('x')", "table('x')", "select(B.id)", "Select", "Integer", "func"):
        with pytest.raises(exc.ArgumentError, match="Column expression expected for argument 'order_by'"):
            mapped(order_by=no_column)
    assert mapped(secondary="a.b").secondary.name == "a.b"
    for no_table in ("join(A, B)", "a.join(b)", "func.x(1)", "func"):
        with pytest.raises(exc.InvalidRequestError, match="failed to locate a name"):
            mapped(secondary=no_table)


class Things(list[Any]):
    """A collection of one's own."""


class Pair:
    """A value of two columns."""

    def __init__(self, x: int | None, y: int | None) -> None:
        self.x, self.y = x, y

    def __composite_values__(self) -> tuple[int | None, int | None]:
        return self.x, self.y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and (other.x, other.y) == (self.x, self.y)

    __hash__ = None  # type: ignore[assignment]  # a value that changes


def test_a_collection_class_for_an_annotation_of_its_own(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("parents.id"))

    class Parent(Base):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)
        children: Mapped[Things] = relationship("Child", collection_class=Things)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Parent(children=Things([Child(), Child()])))
        session.commit()
    with Session(engine) as session:
        parent = session.scalars(select(Parent)).one()
        assert type(parent.children) is Things and len(parent.children) == 2
        parent.children.pop()
        session.commit()
    assert len(rows_of(engine, "SELECT id FROM children WHERE parent_id IS NOT NULL")) == 1


def test_defaults_of_fields_are_for_dataclasses() -> None:
    class Base(DeclarativeBase):
        pass

    with pytest.raises(exc.ArgumentError, match="Only 'None' is accepted as dataclass default"):
        relationship("Other", default=5)
    for made in (
        lambda: relationship("Other", default=None),
        lambda: composite(Pair, Column("x", Integer), Column("y", Integer), default=None),
        lambda: association_proxy("others", "name", default=None),
    ):
        with pytest.raises(exc.ArgumentError, match="includes dataclasses argument.s.: 'default'"):
            type("A", (Base,), {"__tablename__": "a", "id": Column(Integer, primary_key=True), "x": made()})
        Base.metadata.clear()


def test_committed_values_of_composites(engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Dot(Base):
        __tablename__ = "dots"
        id: Mapped[int] = mapped_column(primary_key=True)
        at: Mapped[Pair] = composite(mapped_column("x", Integer), mapped_column("y", Integer))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Dot(at=Pair(1, 2)))
        session.commit()
        dot = session.scalars(select(Dot)).one()
        set_committed_value(dot, "at", Pair(3, 4))
        assert dot.at == Pair(3, 4) and not session.dirty
        session.commit()
        assert dot.at == Pair(1, 2)
        set_committed_value(dot, "at", None)
        assert dot.at is None and not session.dirty
        dot.at = Pair(5, 6)
        session.commit()
        with pytest.raises(KeyError):
            set_committed_value(dot, "nothing", 1)
    assert rows_of(engine, "SELECT x, y FROM dots") == [(5, 6)]


def test_names_of_mapped_things_and_their_loggers() -> None:
    class Base(DeclarativeBase):
        pass

    class Dot(Base):
        __tablename__ = "dots"
        id: Mapped[int] = mapped_column(primary_key=True)
        next_id: Mapped[int | None] = mapped_column(ForeignKey("dots.id"))
        next: Mapped[Dot | None] = relationship(remote_side=[id])

    mapper = inspect(Dot)
    shown = (mapper, mapper.attrs.id, mapper.attrs.next, inspect(aliased(Dot, name="d")))
    assert [one.path_string() for one in shown] == ["Dot", "Dot.id", "Dot.next", "aliased(Dot)"]
    logging = (mapper, mapper.attrs.id, mapper.attrs.next, Query(Dot))
    assert [(one.logger.name, one.logging_name) for one in logging] == [
        ("sqlalchemy.orm.mapper.Mapper", None),
        ("sqlalchemy.orm.properties.ColumnProperty", None),
        ("sqlalchemy.orm.relationships.RelationshipProperty", None),
        ("sqlalchemy.orm.query.Query", None),
    ]
    assert Mapper.logger is mapper.logger
