"""A flush updates many rows by one statement where that is the same as a statement for each."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Index,
    LargeBinary,
    Numeric,
    String,
    Text,
    create_engine,
    event,
    func,
    select,
    text,
    update,
)
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
from relvar.orm.exc import StaleDataError

pytestmark = pytest.mark.backends(
    *(f"mariadb+{driver}" for driver in ("pymysql", "mysqldb", "asyncmy", "aiomysql")),
    *(f"postgresql+{driver}" for driver in ("psycopg", "asyncpg")),
)
COUNT = 30


class Color(enum.Enum):
    red = 1
    green = 2


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(String(60))
    price: Mapped[Decimal | None] = mapped_column(Numeric(20, 6))
    weight: Mapped[float | None] = mapped_column(Float(53))
    moment: Mapped[dt.datetime | None] = mapped_column(DateTime)
    day: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    color: Mapped[Color | None] = mapped_column(Enum(Color, name="colors"))
    good: Mapped[bool | None] = mapped_column(Boolean)
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    image: Mapped[bytes | None] = mapped_column(LargeBinary)


class Versioned(Base):
    __tablename__ = "versioned"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class Paired(Base):
    """Keys of two columns, names that the statement has, too, and a default that the database computes."""

    __tablename__ = "sent"
    a: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int] = mapped_column(primary_key=True)
    v0: Mapped[int]
    p0: Mapped[str] = mapped_column("set where%(p0)s", String(20), key="p0")
    changed: Mapped[dt.datetime | None] = mapped_column(onupdate=func.now())
    turns: Mapped[int | None] = mapped_column(onupdate=lambda: 7)


class Plain(Base):
    __tablename__ = "plain"
    a: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int] = mapped_column(primary_key=True)
    v0: Mapped[int]
    p0: Mapped[str] = mapped_column("100%", String(20))


class Named(Base):
    __tablename__ = "named"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    x: Mapped[int]


class Numbered(Base):
    __tablename__ = "numbered"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    x: Mapped[int]


class Ordered(Base):
    __tablename__ = "ordered"
    __table_args__ = (Index("ordered_place", "place", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]


class Updates(list[str]):
    """The UPDATEs that an engine sends."""

    def __init__(self, engine: Any) -> None:
        super().__init__()
        event.listen(engine, "before_cursor_execute", self.note)

    def note(self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("UPDATE"):
            self.extend([statement] * (len(parameters) if many else 1))

    def are_listed(self) -> bool:
        """Tell whether the last one is for many rows."""
        return "UNION ALL SELECT" in self[-1] or "FROM unnest(" in self[-1]


@pytest.fixture
def engine(url: str) -> Any:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def updates(engine: Any) -> Updates:
    return Updates(engine)


MOMENT = dt.datetime(2024, 2, 29, 23, 59, 58)
CARRIED: dict[str, list[Any]] = {
    "number": [2**31 - 1, -(2**31), 0],
    "name": ["q'\"\\%s%(x)s", "", "NULL", " ☃ ", "x" * 60],
    "price": [Decimal("1.500000"), Decimal("-0.000001"), Decimal("12345678901234.123456"), Decimal(0)],
    "weight": [1.5, 0.1, 1e300, -1e-300, 3.141592653589793],
    "moment": [MOMENT, dt.datetime(1970, 1, 2)],
    "day": [MOMENT.date(), dt.date(1000, 1, 1)],
    "note": ["long" * 500, "☃"],
    "color": [Color.red, Color.green],
    "good": [True, False],
}


@pytest.mark.parametrize("name", CARRIED)
@pytest.mark.parametrize("null_at", [0, -1], ids=["NULL first", "NULL last"])
def test_values(engine: Any, updates: Updates, name: str, null_at: int) -> None:
    values: list[Any] = CARRIED[name] * COUNT
    values.insert(null_at % (len(values) + 1), None)
    with Session(engine, expire_on_commit=False) as session:
        things = [Thing(number=1) for _ in values]
        session.add_all(things)
        session.flush()
        # every object's attribute is changed
        session.execute(update(Thing).values({name: CARRIED[name][-1]}))
        for thing in things:
            session.refresh(thing, [name])
        before = len(updates)
        for thing, value in zip(things, values, strict=True):
            setattr(thing, name, value)
        session.flush()
        assert updates.are_listed()
        assert len(updates) == before + 1
        found = session.scalars(select(getattr(Thing, name)).order_by(Thing.id)).all()
        assert found == values
        assert [type(x) for x in found] == [type(x) for x in values]


@pytest.mark.parametrize(("name", "value"), [("image", b"\0\xff'"), ("data", {"a": ["☃", None]})])
def test_values_that_may_go_row_by_row(engine: Any, name: str, value: Any) -> None:
    with Session(engine, expire_on_commit=False) as session:
        things = [Thing() for _ in range(COUNT)]
        session.add_all(things)
        session.flush()
        for number, thing in enumerate(things):
            setattr(thing, name, value if number % 2 else None)
        session.commit()
        found = session.scalars(select(getattr(Thing, name)).order_by(Thing.id)).all()
        assert found == [value if number % 2 else None for number in range(COUNT)]


def test_large_texts_and_odd_numbers_go_row_by_row(engine: Any, updates: Updates) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("their arrays are one parameter")
    with Session(engine, expire_on_commit=False) as session:
        things = [Thing() for _ in range(20)]
        session.add_all(things)
        session.flush()
        for thing in things:
            thing.note = "x" * 60_000
        session.flush()
        assert not updates.are_listed()
        for thing in things:
            thing.price = Decimal("1E+2")
        session.flush()
        assert not updates.are_listed()
        assert session.scalars(select(Thing.price)).all() == [Decimal(100)] * 20


def test_versions_are_counted(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = [Versioned(x=i) for i in range(COUNT)]
        session.add_all(rows)
        session.commit()
        for row in rows:
            row.x += 1
        session.commit()
        assert updates.are_listed()
        assert len(updates) == 1
        assert {row.version for row in rows} == {2}
        for row in rows:
            row.x += 1
        session.connection().execute(text("DELETE FROM versioned WHERE x = 5"))
        with pytest.raises(StaleDataError, match=f"expected to update {COUNT} row.s.; {COUNT - 1} were"):
            session.commit()


def test_rows_that_do_not_change_are_matched(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = [Versioned(id=i, x=5) for i in range(1, COUNT + 1)]
        session.add_all(rows)
        session.commit()
        # no version is written: the rows stay what they are
        session.execute(update(Versioned), [{"id": i, "x": 5} for i in range(1, COUNT + 1)])
        assert updates.are_listed()


def stored_and_changed(session: Session, cls: Any) -> list[Any]:
    """Store rows of values with two keys, and change all of them."""
    rows = [cls(a=i, b=-i, v0=i, p0="x") for i in range(COUNT)]
    session.add_all(rows)
    session.commit()
    for row in rows:
        row.v0, row.p0 = row.v0 + 100, "y%s"
    session.commit()
    return rows


def test_composite_keys_and_defaults(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = stored_and_changed(session, Paired)
        assert [(r.v0, r.p0, r.turns, r.changed is not None) for r in rows] == [
            (i + 100, "y%s", 7, True) for i in range(COUNT)
        ]


def test_names_that_the_statement_has(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = stored_and_changed(session, Plain)
        assert [(r.v0, r.p0) for r in rows] == [(i + 100, "y%s") for i in range(COUNT)]
        assert updates.are_listed()


def test_unique_columns_go_row_by_row(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = [Ordered(id=i, place=i) for i in range(1, COUNT + 1)]
        session.add_all(rows)
        session.commit()
        for row in rows:
            row.place += 1
        session.commit()
        assert not any("UNION" in sql or "unnest" in sql for sql in updates)
        assert [row.place for row in rows] == list(range(2, COUNT + 2))


def test_keys_that_are_strings(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        rows = [Named(name=f"n{i}", x=i) for i in range(COUNT)]
        session.add_all(rows)
        session.commit()
        for row in rows:
            row.x += 1
        session.commit()
        assert updates.are_listed() is (engine.dialect.name == "postgresql")
        assert sorted(row.x for row in rows) == list(range(1, COUNT + 1))


def test_keys_that_are_uuids(engine: Any, updates: Updates) -> None:
    with Session(engine) as session:
        session.add_all([Numbered(x=i) for i in range(COUNT)])
        session.commit()
    with Session(engine, expire_on_commit=False) as session:
        rows = session.scalars(select(Numbered)).all()
        for row in rows:
            row.x += 1
        session.commit()
        assert updates.are_listed() is (engine.dialect.name == "postgresql")
        assert sorted(session.scalars(select(Numbered.x))) == list(range(1, COUNT + 1))


def test_bulk_update(engine: Any, updates: Updates) -> None:
    with Session(engine, expire_on_commit=False) as session:
        session.add_all([Thing(id=i, number=i) for i in range(1, COUNT + 1)])
        session.flush()
        session.execute(update(Thing), [{"id": i, "number": -i} for i in range(1, COUNT + 1)])
        assert updates.are_listed()
        # the last of two rows of one key holds: in their order, each for itself
        twice = [{"id": 1 + i // 2, "number": i} for i in range(COUNT)]
        session.execute(update(Thing), twice)
        assert not updates.are_listed()
        session.expire_all()
        found = session.scalars(select(Thing.number).order_by(Thing.id)).all()
        half = COUNT // 2
        assert found == [2 * i + 1 for i in range(half)] + [-i for i in range(half + 1, COUNT + 1)]


def test_option(url: str) -> None:
    option = "updates_by_list" if url.startswith("mariadb") else "writes_by_array"
    engine = create_engine(url, **{option: False})
    updates = Updates(engine)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        things = [Thing(number=i) for i in range(COUNT)]
        session.add_all(things)
        session.commit()
        for thing in things:
            thing.number = -1
        session.commit()
        assert not updates.are_listed()
        assert len(updates) == COUNT
    engine.dispose()
