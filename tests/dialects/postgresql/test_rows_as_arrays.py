"""Many rows as arrays, ``INSERT ... SELECT ... FROM unnest(...)``: the rows that VALUES would bring."""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from decorated_types import Hex
from psycopg.types.string import StrDumper

from relvar import (
    CHAR,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Time,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    exc,
    func,
    insert,
    literal_column,
    select,
    text,
    upsert,
)
from relvar.dialects import postgresql as pg
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

pytestmark = pytest.mark.backends(
    *(f"postgresql+{driver}" for driver in ("psycopg", "psycopg_async", "asyncpg")), "postgresql18"
)
COUNT = 12


class Texts(list[str]):
    """The INSERTs that an engine sends."""

    def __init__(self, engine: Any) -> None:
        super().__init__()
        event.listen(engine, "before_cursor_execute", self.note)

    def note(self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("INSERT"):
            self.append(statement)

    def are_arrays(self) -> bool:
        """Tell whether the last one has arrays."""
        return "FROM unnest(" in self[-1]


@pytest.fixture
def texts(engine: Any) -> Texts:
    return Texts(engine)


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    with engine.begin() as conn:
        yield conn


def sent(conn: Any, table: Table, rows: list[dict[str, Any]], in_order: bool = True) -> list[Any]:
    """Insert rows and return them, in order."""
    stmt = insert(table).returning(*table.c, sort_by_parameter_order=in_order)
    return [tuple(row) for row in conn.execute(stmt, rows)]


def made(conn: Any, *columns: Any, name: str = "t") -> Table:
    """Make a table that counts its rows."""
    table = Table(name, MetaData(), Column("id", Integer, primary_key=True), *columns)
    table.create(conn)
    return table


class Color(enum.Enum):
    red = 1
    green = 2


MOMENT = dt.datetime(2024, 2, 29, 23, 59, 58, 123456)
CARRIED: dict[str, tuple[Any, list[Any]]] = {
    "Integer": (Integer, [5, -5]),
    "Numeric": (Numeric(10, 2), [Decimal("1.50"), 3, Decimal("-0.01")]),
    "Float": (Float, [1.5, float("-inf"), 2]),
    "String": (String(30), ['q"\\,{}%(x)s', "NULL", "", "☃"]),
    "Boolean": (Boolean, [True, False]),
    "Date": (Date, [MOMENT.date()]),
    "DateTime": (DateTime, [MOMENT]),
    "Time": (Time, [MOMENT.time()]),
    "DateTime zone": (DateTime(timezone=True), [MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5)))]),
    "Uuid": (Uuid, [uuid.UUID(int=5)]),
    "LargeBinary": (LargeBinary, [b'\x00"\\,', b""]),
    "Enum": (Enum("a", "b%", "it's", name="letters"), ["a", "b%", "it's"]),
    "Enum class": (Enum(Color, name="colors"), [Color.red]),
    "JSON": (JSON, [{"a": ['x"', None, "\\"]}, []]),
    "JSONB": (pg.JSONB, [{"a": 1}]),
    "Hex": (Hex, [255]),
}
NOT_CARRIED: dict[str, tuple[Any, list[Any]]] = {
    "ARRAY": (pg.ARRAY(Integer), [[1, 2]]),
    "INTERVAL": (pg.INTERVAL, [dt.timedelta(days=-1, microseconds=1)]),
    "range": (pg.INT4RANGE, [pg.Range(1, 5)]),
    "Time zone": (Time(timezone=True), [MOMENT.time().replace(tzinfo=dt.UTC)]),
    "DOMAIN": (pg.DOMAIN("positive", Integer, check="VALUE > 0"), [5]),
    "NaN": (Numeric, [Decimal("NaN")]),
}


@pytest.mark.parametrize(
    ("name", "as_arrays"), [(n, True) for n in CARRIED] + [(n, False) for n in NOT_CARRIED]
)
def test_types(conn: Any, texts: Texts, name: str, as_arrays: bool) -> None:
    type_, values = (CARRIED if as_arrays else NOT_CARRIED)[name]
    table = made(conn, Column("x", type_))
    column = [*values, None] * COUNT
    found = [x for _, x in sent(conn, table, [{"x": x} for x in column])]
    assert [str(x) for x in found] == [str(x) for x in column] if name == "NaN" else found == column
    assert texts.are_arrays() is as_arrays


@pytest.mark.parametrize("row", [{"n": True}, {"at": MOMENT}], ids=str)
def test_values_of_other_classes_go_as_values(engine: Any, texts: Texts, row: dict[str, Any]) -> None:
    columns = (
        Column("n", Integer),
        Column("at", DateTime(timezone=True)),
    )
    with engine.connect() as conn:
        table = made(conn, *columns)
        rows = [{"n": 1, "at": MOMENT.replace(tzinfo=dt.UTC), **row}] * COUNT
        with contextlib.suppress(exc.DBAPIError):  # the driver says what becomes of them
            sent(conn, table, rows)
    assert not texts.are_arrays()


def test_keys_are_of_their_rows(conn: Any, texts: Texts) -> None:
    for number, key in enumerate([(), (Identity(start=7, increment=3),), (Sequence("own_seq", start=9),)]):
        table = Table(
            f"k{number}", MetaData(), Column("id", Integer, *key, primary_key=True), Column("v", Integer)
        )
        table.metadata.create_all(conn)
        values = [(i * 7) % COUNT for i in range(COUNT)]
        found = sent(conn, table, [{"v": v} for v in values])
        assert [v for _, v in found] == values
        keys = [key for key, _ in found]
        assert keys == sorted(keys)
        assert texts.are_arrays()


def test_defaults_and_expressions_of_rows(conn: Any, texts: Texts) -> None:
    table = made(
        conn,
        Column("a", Integer, server_default="5"),
        Column("b", String, default=func.lower("X")),
        Column("c", DateTime, default=func.now()),
        Column("d", Integer, default=lambda: 8),
    )
    stmt = insert(table).returning(table.c.a, table.c.b, table.c.d, table.c.c == func.now())
    assert conn.execute(stmt, [{}] * COUNT).all() == [(5, "x", 8, True)] * COUNT
    for in_order in (True, False):
        found = sent(conn, table, [{"a": i} for i in range(COUNT)], in_order)
        assert [row[1] for row in found] == list(range(COUNT))
        assert texts.are_arrays()


def test_word_default_goes_as_values(conn: Any, texts: Texts) -> None:
    table = made(conn, Column("a", Integer, server_default="5"), Column("b", Integer))
    stmt = insert(table).values(a=text("DEFAULT")).returning(table.c.a)
    assert conn.scalars(stmt, [{"b": i} for i in range(COUNT)]).all() == [5] * COUNT
    assert not texts.are_arrays()


def test_upsert(conn: Any, texts: Texts) -> None:
    table = Table("u", MetaData(), Column("id", Integer, primary_key=True), Column("v", Integer))
    table.create(conn)
    conn.execute(insert(table), {"id": 3, "v": 1})
    stmt = pg.insert(table)
    stmt = stmt.on_conflict_do_update(index_elements=["id"], set_={"v": stmt.excluded.v + table.c.v + 100})
    found = conn.execute(stmt.returning(*table.c), [{"id": i, "v": i} for i in range(COUNT)]).all()
    assert sorted(found) == [(i, 104 if i == 3 else i) for i in range(COUNT)]
    assert texts.are_arrays()


def test_names_that_need_quotes(conn: Any, texts: Texts) -> None:
    table = Table(
        "select",
        MetaData(),
        Column("order by", Integer, primary_key=True),
        Column("a%b", Integer),
        Column("p0", Integer),
        Column("$1", String),
        Column("sen_counter", String),
    )
    table.create(conn)
    rows = [{"a%b": i, "p0": -i, "$1": "$2", "sen_counter": "%(p0)s"} for i in range(COUNT)]
    assert [row[1:] for row in sent(conn, table, rows)] == [(i, -i, "$2", "%(p0)s") for i in range(COUNT)]
    # $1 may be the quoted name
    assert texts.are_arrays() is (conn.engine.driver != "asyncpg")


def test_translated_schema(engine: Any, texts: Texts) -> None:
    metadata = MetaData()
    letters = Enum("a", name="letters_there", schema="here")
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", letters), schema="here")
    plain = Table("u", metadata, Column("id", Integer, primary_key=True), Column("x", String), schema="here")
    options = {"schema_translate_map": {"here": "there"}}
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE SCHEMA there")
        conn = conn.execution_options(**options)
        metadata.create_all(conn)
        assert len(sent(conn, table, [{"x": "a"}] * COUNT)) == COUNT
        assert "there.letters_there[])" in texts[-1]
        assert [x for _, x in sent(conn, plain, [{"x": str(i)} for i in range(COUNT)])] == [
            str(i) for i in range(COUNT)
        ]
        assert texts.are_arrays()
        assert "INSERT INTO there.u" in texts[-1]


def test_pages_and_few_rows(conn: Any, texts: Texts) -> None:
    table = made(conn, Column("x", Integer))
    stmt = insert(table).returning(table.c.x, sort_by_parameter_order=True)
    paged = conn.execution_options(insertmanyvalues_page_size=20)
    assert paged.scalars(stmt, [{"x": i} for i in range(45)]).all() == list(range(45))
    assert ["FROM unnest(" in sql for sql in texts] == [True, True, False]
    assert texts[0] == texts[1]


def test_option(url: str) -> None:
    engine = create_engine(url, writes_by_array=False)
    texts = Texts(engine)
    with engine.begin() as conn:
        table = made(conn, Column("x", Integer))
        assert len(sent(conn, table, [{"x": 1}] * COUNT)) == COUNT
        assert not texts.are_arrays()
    engine.dispose()


@pytest.mark.backends("postgresql")
def test_whoever_changes_how_a_class_is_sent_is_heard(engine: Any, texts: Texts) -> None:
    class Shouting(StrDumper):
        def dump(self, obj: Any) -> Any:
            return super().dump(obj.upper())

    with engine.begin() as conn:
        conn.connection.driver_connection.adapters.register_dumper(str, Shouting)
        table = made(conn, Column("x", String), Column("y", Integer))
        assert sent(conn, table, [{"x": "a", "y": 1}] * COUNT)[0][1:] == ("A", 1)
        assert not texts.are_arrays()


def test_errors_are_those_of_values(engine: Any, url: str) -> None:
    said = []
    for by_array in (True, False):
        other = create_engine(url, writes_by_array=by_array)
        for column, value in (
            (Column("x", Integer), 2**40),
            (Column("x", String(3)), "long"),
            (Column("x", Integer, nullable=False), None),
        ):
            with other.connect() as conn:
                table = made(conn, column._copy())
                with pytest.raises(exc.DBAPIError) as caught:
                    sent(conn, table, [{"x": value}] * COUNT)
                said.append((type(caught.value), caught.value.orig.sqlstate))
        other.dispose()
    # asyncpg itself refuses a number that is too large before it is sent
    ours, theirs = said[:3], said[3:]
    assert ours[1:] == theirs[1:]
    assert issubclass(ours[0][0], exc.DBAPIError)


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    made: Mapped[dt.datetime] = mapped_column(server_default=func.now())


@pytest.mark.parametrize("is_heard", [True, False])
def test_flush(engine: Any, is_heard: bool) -> None:
    Base.metadata.create_all(engine)
    texts = Texts(engine) if is_heard else None
    with Session(engine) as session:
        things = [Thing(name=f"n{i}" if i % 2 else None, price=Decimal(i)) for i in range(2005)]
        session.add_all(things)
        session.commit()
        if texts is not None:
            assert "FROM unnest(" in texts[0]
        keys = {thing.id: (thing.name, thing.price) for thing in things}
        assert list(keys) == list(range(1, 2006))
        assert keys == {
            key: (name, price)
            for key, name, price in session.execute(select(Thing.id, Thing.name, Thing.price))
        }


@pytest.mark.parametrize("is_heard", [True, False])
def test_flush_of_what_arrays_do_not_carry(engine: Any, is_heard: bool) -> None:
    Base.metadata.create_all(engine)
    if is_heard:
        Texts(engine)
    with Session(engine) as session:
        things = [Thing(name="\0" if i == 5 else "n", price=Decimal(i)) for i in range(COUNT)]
        session.add_all(things)
        with pytest.raises(exc.DBAPIError):
            session.commit()
        session.rollback()
        for thing in things:
            thing.name = "n"
        things[3].price = Decimal("NaN")
        session.add_all(things)
        session.commit()
        assert [thing.id for thing in things] == sorted(thing.id for thing in things)
        assert [str(thing.price) for thing in things][2:5] == ["2.00", "NaN", "4.00"]


def test_bulk_insert(engine: Any, texts: Texts) -> None:
    Base.metadata.create_all(engine)
    rows = [{"name": f"n{i}", "price": Decimal(i)} for i in range(1012)]
    with Session(engine) as session:
        session.execute(insert(Thing), rows)
        assert [("FROM unnest(" in sql, sql.count("ORDER BY")) for sql in texts] == [(True, 1)] * 2
        found = session.execute(select(Thing.name, Thing.price).order_by(Thing.id)).all()
        assert found == [tuple(row.values()) for row in rows]
        session.execute(insert(Thing).values(name=func.lower("A")), [{"price": 1}] * COUNT)
        assert session.scalar(select(func.count()).where(Thing.name == "a")) == COUNT
        session.execute(insert(Thing), [{"name": "x", "price": Decimal("NaN")}] * COUNT)
        assert session.scalar(select(func.count()).where(Thing.name == "x")) == COUNT
        assert not texts.are_arrays()


def test_upserts(engine: Any, texts: Texts) -> None:
    Base.metadata.create_all(engine)
    stmt = pg.insert(Thing)
    stmt = stmt.on_conflict_do_update(index_elements=["id"], set_={"name": stmt.excluded.name})
    with Session(engine) as session:
        rows = [{"id": 1 + i, "name": str(i), "price": i} for i in range(COUNT)]
        for sign in ("+", "-"):
            session.execute(stmt, [{**row, "name": sign + row["name"]} for row in rows])
            assert texts.are_arrays()
            found = session.scalars(select(Thing.name).order_by(Thing.id)).all()
            assert found == [f"{sign}{i}" for i in range(COUNT)]
        # one statement may not meet a row twice
        session.execute(stmt, [{"id": 1 + i // 2, "name": str(i), "price": i} for i in range(2 * COUNT)])
        assert not texts.are_arrays()
        found = session.scalars(select(Thing.name).order_by(Thing.id)).all()
        assert found == [str(2 * i + 1) for i in range(COUNT)]


def _tallies(conn: Any) -> tuple[Table, list[dict[str, Any]]]:
    tally = Table(
        "tally",
        MetaData(),
        Column("place", Integer, primary_key=True),
        Column("code", CHAR(4), primary_key=True),
        Column("n", Integer),
        Column("note", String(20)),
    )
    tally.create(conn)
    return tally, [{"place": i % 3, "code": f"c{i}", "n": i, "note": None} for i in range(COUNT)]


def _totals(conn: Any, tally: Table) -> list[tuple[Any, ...]]:
    found = conn.execute(select(tally.c.place, func.trim(tally.c.code), tally.c.n).order_by(tally.c.n)).all()
    return [tuple(row) for row in found]


def test_upserts_of_core(conn: Any, texts: Texts) -> None:
    tally, rows = _tallies(conn)
    stmt = pg.insert(tally)
    adding = stmt.on_conflict_do_update(
        index_elements=[tally.c.code, tally.c.place],
        set_={"n": tally.c.n + stmt.excluded.n, "note": func.coalesce(stmt.excluded.note, tally.c.note)},
        where=tally.c.note.is_(None),
    )
    for times in (1, 2, 3):
        result = conn.execute(adding, rows)
        assert texts.are_arrays() and result.rowcount == COUNT
        assert _totals(conn, tally) == [(row["place"], row["code"], times * row["n"]) for row in rows]
    # by the statement that all databases have
    conn.execute(upsert(tally), rows)
    assert texts.are_arrays() and _totals(conn, tally)[-1] == (2, "c11", 11)
    skipping = stmt.on_conflict_do_nothing()
    twice = [*rows, *([{"place": 9, "code": "x", "n": 99, "note": "first"}] * 2)]
    assert conn.execute(skipping, twice).rowcount == 1
    assert texts.are_arrays() and _totals(conn, tally)[-1] == (9, "x", 99)


@pytest.mark.parametrize(
    ("code", "other"),
    [("c1", "c1 "), ("c1", "c1"), ("\u00e9", "e\u0301"), ("a", "A")],
    ids=["CHAR has no blanks at its end", "same", "not ASCII", "case"],
)
def test_upserts_of_keys_that_may_be_the_same_go_row_by_row(
    conn: Any, texts: Texts, code: str, other: str
) -> None:
    tally, rows = _tallies(conn)
    stmt = pg.insert(tally)
    stmt = stmt.on_conflict_do_update(
        index_elements=["place", "code"], set_={"n": stmt.excluded.n + tally.c.n}
    )
    pair = [{"place": 7, "code": text, "n": 50, "note": ""} for text in (code, other)]
    conn.execute(stmt, [*rows, *pair])
    assert not texts.are_arrays()
    is_one = conn.scalar(select(func.count()).where(tally.c.place == 7)) == 1
    assert conn.scalar(select(func.max(tally.c.n))) == (100 if is_one else 50)


def test_upserts_that_look_at_other_rows_go_row_by_row(conn: Any, texts: Texts) -> None:
    tally, rows = _tallies(conn)
    conn.execute(insert(tally), rows)
    stmt = pg.insert(tally)
    most = select(func.max(tally.c.n)).scalar_subquery()
    keys = ["place", "code"]
    conn.execute(stmt.on_conflict_do_update(index_elements=keys, set_={"n": most + 1}), rows)
    assert not texts.are_arrays()
    assert [n for _, _, n in _totals(conn, tally)] == list(range(COUNT, 2 * COUNT))
    most_as_text = literal_column("(SELECT max(n) FROM tally)", Integer)
    conn.execute(stmt.on_conflict_do_update(index_elements=keys, set_={"n": most_as_text + 1}), rows)
    assert not texts.are_arrays()
    # a row whose key is changed may be met by one that follows
    moved = {"place": stmt.excluded.place + 1, "n": 0}
    conn.execute(stmt.on_conflict_do_update(index_elements=keys, set_=moved), rows)
    assert not texts.are_arrays()
    by_name = stmt.on_conflict_do_update(constraint="tally_pkey", set_={"n": 1})
    conn.execute(by_name, rows)
    assert not texts.are_arrays()


def test_inserts_of_core(conn: Any, texts: Texts) -> None:
    tally, _ = _tallies(conn)
    rows = [{"place": i, "code": "x", "n": i} for i in range(1012)]
    result = conn.execute(insert(tally).values(note="of all"), rows)
    assert [("FROM unnest(" in sql) for sql in texts] == [True, True] and result.rowcount == 1012
    assert conn.scalar(select(func.count()).where(tally.c.note == "of all")) == 1012
    with pytest.raises(exc.StatementError, match="A value is required for bind parameter 'n'"):
        conn.execute(insert(tally), [*rows, {"place": 5000, "code": "y"}])


class Unlucky(TypeDecorator[int]):
    """A type that refuses a value."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value == 7:
            raise ValueError("seven")
        return value


def test_a_value_that_a_type_refuses_is_told_once(engine: Any, conn: Any) -> None:
    table = made(conn, Column("n", Unlucky))
    heard: list[Any] = []
    event.listen(engine, "handle_error", lambda context: heard.append(context.original_exception))
    with pytest.raises(exc.StatementError, match=r"^\(builtins.ValueError\) seven") as caught:
        conn.execute(insert(table), [{"id": i, "n": i} for i in range(COUNT)])
    assert heard == [caught.value.orig] and isinstance(caught.value.orig, ValueError)
