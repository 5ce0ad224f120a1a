"""Values of every type go there and come back, by each driver, in each way a statement can carry them."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import relvar
from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PickleType,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Uuid,
    bindparam,
    cast,
    insert,
    literal,
    select,
)
from relvar.dialects import postgresql as pg

pytestmark = pytest.mark.backends(
    *(f"postgresql18+{driver}" for driver in ("psycopg", "psycopg_async", "asyncpg", "psycopg2", "pg8000")),
    *(f"postgresql+{driver}" for driver in ("psycopg2", "pg8000")),
)

UTC = dt.UTC
MOMENT = dt.datetime(2024, 2, 29, 23, 59, 58, 123456)
Range = pg.Range


class Color(enum.Enum):
    red = 1
    green = 2


# name: (type, values); none of the values is NULL, which is added.
SCALARS: dict[str, tuple[Any, list[Any]]] = {
    "Integer": (Integer, [0, -5, 2**31 - 1]),
    "SmallInteger": (SmallInteger, [-7]),
    "BigInteger": (BigInteger, [2**62, -(2**62)]),
    "Numeric": (Numeric(20, 6), [Decimal("1.500000"), Decimal("-3.000001"), Decimal("123456789012.345678")]),
    "Numeric float": (Numeric(20, 6, asdecimal=False), [1.5, -2.25]),
    "Float": (Float, [1.5, -0.1, float("inf")]),
    "Float decimal": (Float(asdecimal=True), [Decimal("1.25")]),
    "Double": (Double, [1e-300, 1.7e308]),
    "String": (String(60), ["a%b %s %(x)s :c \\ 'q' \"d\" ☃", "", "NULL", "100%"]),
    "Text": (Text, ["line\nline\ttab" * 50]),
    "Boolean": (Boolean, [True, False]),
    "Date": (Date, [MOMENT.date(), dt.date(1, 1, 1)]),
    "Time": (Time, [MOMENT.time(), dt.time(0)]),
    "Time zone": (Time(timezone=True), [MOMENT.time().replace(tzinfo=UTC)]),
    "DateTime": (DateTime, [MOMENT, dt.datetime(1900, 1, 1)]),
    "DateTime zone": (
        DateTime(timezone=True),
        [MOMENT.replace(tzinfo=UTC), MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5)))],
    ),
    "Interval": (Interval, [dt.timedelta(days=3, seconds=5, microseconds=7), dt.timedelta(seconds=-5)]),
    "INTERVAL": (pg.INTERVAL, [dt.timedelta(hours=30), dt.timedelta(days=-1, microseconds=1)]),
    "LargeBinary": (LargeBinary, [b"\x00\xff%a'\\", b"", bytes(range(256))]),
    "BYTEA": (pg.BYTEA, [b"abc"]),
    "Uuid": (Uuid, [uuid.UUID(int=5)]),
    "Uuid text": (Uuid(as_uuid=False), [str(uuid.UUID(int=7))]),
    "UUID": (pg.UUID, [uuid.UUID(int=5)]),
    "Enum": (Enum("a", "b%", "it's", name="letters"), ["a", "b%", "it's"]),
    "Enum class": (Enum(Color, name="colors"), [Color.red, Color.green]),
    "Enum text": (Enum(Color, native_enum=False), [Color.green]),
    "PickleType": (PickleType, [{"a": (1, 2)}]),
    "MACADDR": (pg.MACADDR, ["08:00:2b:01:02:03"]),
    "OID": (pg.OID, [5]),
    "BIT": (pg.BIT(4), [pg.BitString("0101")]),
    "BIT VARYING": (pg.BIT(8, varying=True), [pg.BitString("01"), pg.BitString("11111111")]),
    "TSVECTOR": (pg.TSVECTOR, ["'a' 'b'"]),
    "TSQUERY": (pg.TSQUERY, ["'a' & 'b'"]),
    "REGCONFIG": (pg.REGCONFIG, ["english"]),
    "MONEY": (pg.MONEY, ["$5.00"]),
    "DOMAIN": (pg.DOMAIN("positive", Integer, check="VALUE > 0"), [5]),
    "HSTORE": (pg.HSTORE, [{"a": "1", "b": None, 'q"': "x\\y", "%": "☃"}, {}]),
    "CITEXT": (pg.CITEXT, ["AbC"]),
}
ATOMS = ["s", 5, True, 1.5]
DOCUMENTS = [{"a": [1, 2.5, None, "☃%:x"]}, [1, [2]], {}, []]
CONTAINERS: dict[str, tuple[Any, list[Any]]] = {
    "JSON": (JSON, DOCUMENTS),
    "JSONB": (pg.JSONB, DOCUMENTS),
    "JSON atoms": (JSON, ATOMS),
    "JSONB atoms": (pg.JSONB, ATOMS),
    "JSONB None": (pg.JSONB(none_as_null=True), [{"a": None}]),
    "ARRAY Integer": (pg.ARRAY(Integer), [[1, 2, None], []]),
    "ARRAY String": (pg.ARRAY(String), [["a,b", 'q"', None, "NULL", "%s:{}", "\\", ""]]),
    "ARRAY two": (pg.ARRAY(Integer, dimensions=2), [[[1, 2], [3, 4]]]),
    "ARRAY Numeric": (pg.ARRAY(Numeric(10, 2)), [[Decimal("1.50"), None]]),
    "ARRAY Float": (pg.ARRAY(Float), [[1.5, -0.1]]),
    "ARRAY Date": (pg.ARRAY(Date), [[MOMENT.date()]]),
    "ARRAY DateTime": (pg.ARRAY(DateTime(timezone=True)), [[MOMENT.replace(tzinfo=UTC)]]),
    "ARRAY Interval": (pg.ARRAY(Interval), [[dt.timedelta(1), dt.timedelta(seconds=-5)]]),
    "ARRAY Uuid": (pg.ARRAY(Uuid), [[uuid.UUID(int=1)]]),
    "ARRAY Boolean": (pg.ARRAY(Boolean), [[True, None, False]]),
    "ARRAY Enum": (pg.ARRAY(Enum(Color, name="colors")), [[Color.red, Color.green, None]]),
    "ARRAY JSONB": (pg.ARRAY(pg.JSONB), [[{"a": 1}, {"b": ["x,y"]}]]),
    "ARRAY bytes": (pg.ARRAY(LargeBinary), [[b"\x00\x01", b""]]),
    "ARRAY tuple": (pg.ARRAY(Integer, as_tuple=True), [(3, 4)]),
    "INT4RANGE": (pg.INT4RANGE, [Range(1, 5), Range(None, None, bounds="()"), Range(empty=True)]),
    "INT8RANGE": (pg.INT8RANGE, [Range(2**40, 2**41)]),
    "NUMRANGE": (pg.NUMRANGE, [Range(Decimal("1.5"), Decimal("2"), bounds="[]")]),
    "DATERANGE": (pg.DATERANGE, [Range(dt.date(2024, 1, 1), dt.date(2024, 2, 1))]),
    "TSRANGE": (pg.TSRANGE, [Range(MOMENT, None)]),
    "TSTZRANGE": (pg.TSTZRANGE, [Range(dt.datetime(2024, 1, 1, tzinfo=UTC), MOMENT.replace(tzinfo=UTC))]),
    "ARRAY range": (pg.ARRAY(pg.INT4RANGE), [[Range(1, 4), Range(5, None)]]),
    "INT4MULTIRANGE": (pg.INT4MULTIRANGE, [pg.MultiRange([Range(1, 3), Range(5, None)]), pg.MultiRange()]),
    "NUMMULTIRANGE": (pg.NUMMULTIRANGE, [pg.MultiRange([Range(Decimal("1"), Decimal("2"))])]),
    "DATEMULTIRANGE": (
        pg.DATEMULTIRANGE,
        [pg.MultiRange([Range(dt.date(2024, 1, 1), dt.date(2024, 2, 1))])],
    ),
    "TSMULTIRANGE": (pg.TSMULTIRANGE, [pg.MultiRange([Range(MOMENT, None)])]),
    "TSTZMULTIRANGE": (
        pg.TSTZMULTIRANGE,
        [pg.MultiRange([Range(dt.datetime(2024, 1, 1, tzinfo=UTC), None)])],
    ),
}
# The server cannot compare them, or not with what is written.
INCOMPARABLE = {
    "JSON",
    "JSON atoms",
    "JSONB atoms",
    "Float",
    "Double",
    "MONEY",
    "TSVECTOR",
    "TSQUERY",
    "REGCONFIG",
}


@pytest.fixture
def engine(url: str) -> Iterator[Any]:
    """An engine on an empty database with the extensions that hstore and citext need."""
    plain = relvar.create_engine(relvar.make_url(url).set(drivername="postgresql+psycopg"))
    with plain.begin() as conn:
        conn.exec_driver_sql("CREATE EXTENSION hstore")
        conn.exec_driver_sql("CREATE EXTENSION citext")
    plain.dispose()
    engine = relvar.create_engine(url)
    yield engine
    engine.dispose()


def plain_type(value: Any) -> type:
    """The class of a value; asyncpg has a faster one of its own, derived from UUID."""
    return uuid.UUID if isinstance(value, uuid.UUID) else type(value)


def check(conn: Any, name: str, type_: Any, values: list[Any]) -> None:
    """Carry *values* through each kind of statement; raise where they do not come back."""
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", type_))
    metadata.create_all(conn)
    every = [*values, None]
    # one by one, with RETURNING
    for value in every:
        found = conn.scalar(insert(table).values(x=value).returning(table.c.x))
        assert found == value and plain_type(found) is type(value), (name, "RETURNING", found)
    # many, without and with RETURNING
    conn.execute(insert(table), [{"x": value} for value in every])
    returned = conn.scalars(
        insert(table).returning(table.c.x, sort_by_parameter_order=True), [{"x": value} for value in every]
    ).all()
    assert returned == every, (name, "insertmanyvalues", returned)
    rows = conn.scalars(select(table.c.x).order_by(table.c.id)).all()
    assert rows == every * 3, (name, "executemany", rows)
    # so many that drivers may send them as arrays
    more = conn.scalars(
        insert(table).returning(table.c.x, sort_by_parameter_order=True), [{"x": v} for v in every * 10]
    ).all()
    assert more == every * 10, (name, "as arrays", more)
    conn.execute(table.delete().where(table.c.id > len(rows)))
    # changed, by a named parameter
    changed = table.update().where(table.c.id == 1).values(x=bindparam("new"))
    conn.execute(changed, {"new": values[-1]})
    assert conn.scalar(select(table.c.x).where(table.c.id == 1)) == values[-1]
    if name not in INCOMPARABLE:
        # as a criterion, and in a list of such
        for value in values:
            assert conn.scalars(select(table.c.id).where(table.c.x == value)).all(), (name, "WHERE", value)
        assert conn.scalars(select(table.c.id).where(table.c.x.in_(values))).all(), (name, "IN")
    if name.split()[0] not in ("JSON", "JSONB"):  # there None is a value
        nulls = conn.scalars(select(table.c.id).where(table.c.x.is_(None)).order_by(table.c.id)).all()
        assert nulls == [len(every) * n for n in (1, 2, 3)], (name, "IS NULL")
    assert conn.scalar(select(cast(literal(values[0], type_), type_))) == values[0], (name, "CAST")
    metadata.drop_all(conn)


@pytest.mark.parametrize("kinds", [SCALARS, CONTAINERS], ids=["scalars", "containers"])
def test_values_come_back(engine: Any, kinds: dict[str, tuple[Any, list[Any]]]) -> None:
    with engine.connect() as conn:
        for name, (type_, values) in kinds.items():
            check(conn, name, type_, values)
            conn.commit()


def test_addresses(engine: Any) -> None:
    hosts, networks = [ipaddress.ip_address("10.0.0.1")], [ipaddress.ip_network("10.0.0.0/8")]
    texts = {"psycopg2": (["10.0.0.1"], ["10.0.0.0/8"]), "pg8000": (hosts, ["10.0.0.0/8"])}
    hosts, networks = texts.get(engine.driver, (hosts, networks))
    with engine.connect() as conn:
        check(conn, "INET", pg.INET, hosts)
        check(conn, "CIDR", pg.CIDR, networks)


def test_types_of_what_comes_back_untyped(engine: Any) -> None:
    values = {
        "1": int, "1.5": Decimal, "1.5::float8": float, "'a'::text": str, "true": bool, "now()": dt.datetime,
        "current_date": dt.date, "'1 day'::interval": dt.timedelta, "array[1]": list, "'{}'::jsonb": dict,
        "gen_random_uuid()": uuid.UUID,
    }  # fmt: skip
    with engine.connect() as conn:
        row = conn.exec_driver_sql(f"SELECT {', '.join(values)}").one()
        assert [plain_type(value) for value in row] == list(values.values())


def test_negative_intervals_and_months(engine: Any) -> None:
    with engine.connect() as conn:
        found = conn.exec_driver_sql("SELECT '-00:00:05'::interval, '1 day -01:02:03.5'::interval").one()
        assert tuple(found) == (
            dt.timedelta(seconds=-5),
            dt.timedelta(days=1, hours=-1, minutes=-2, seconds=-3.5),
        )
        found = conn.exec_driver_sql("SELECT array['-00:00:05'::interval, null]").scalar()
        assert found == [dt.timedelta(seconds=-5), None]
        months = conn.exec_driver_sql("SELECT '1 mon -00:00:05'::interval").scalar()
        if engine.driver == "pg8000":
            assert (months.months, months.seconds) == (1, -5)
        else:
            assert months == dt.timedelta(days=30, seconds=-5)


def test_python_values_find_their_types(engine: Any) -> None:
    values = [
        "x%",
        5,
        2**40,
        1.5,
        Decimal("1.5"),
        True,
        MOMENT.date(),
        MOMENT,
        dt.timedelta(1),
        uuid.UUID(int=1),
        b"\0",
    ]
    with engine.connect() as conn:
        row = conn.execute(select(*(cast(literal(value), literal(value).type) for value in values))).one()
        assert list(row) == values
