"""
Values written into the text are read as the values they are.

Every type, on every backend: what a literal stores is what a parameter stores, and
a criterion with the literal finds the row.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import ipaddress
import math
import sqlite3
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import (
    ARRAY,
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
    TypeDecorator,
    Unicode,
    Uuid,
    bindparam,
    exc,
    insert,
    literal,
    select,
    types,
)
from relvar.dialects import mysql, postgresql

LITERAL = {"literal_binds": True}
relaxed = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Hostile(enum.Enum):
    """Names and values that mean something to SQL."""

    quote = "it's"
    slash = "back\\slash"
    percent = "50% :x %s ?"
    comment = "-- /* */ ;"


class Reversed(TypeDecorator[str]):
    """Stored backwards."""

    impl = String(400)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value and value[::-1]

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value and value[::-1]


def texts(size: int = 60) -> Any:
    """Any text a database can hold: no NUL, no half of a pair."""
    hostile = st.sampled_from(
        ["'", '"', "\\", "%", "%s", ":x", "?", "--", "/*", "\n", "\u2028", "𝄞", "$$", "`"]
    )
    plain = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    return st.lists(hostile | plain, max_size=size // 2).map("".join)


def whole(bits: int) -> Any:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def precise(kind: Any, mariadb: Any) -> Any:
    """A type with microseconds, which MariaDB must be asked for."""
    return kind.with_variant(mariadb(fsp=6), "mysql", "mariadb")


finite = st.floats(allow_nan=False, allow_infinity=False)
documents = st.recursive(
    st.none() | st.booleans() | whole(53) | st.floats(-1e9, 1e9).map(lambda f: round(f, 3)) | texts(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(10), inner, max_size=3),
    max_leaves=6,
)
moments = st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59))
# offsets, not zones: a time that a zone has twice is equal to no time of another zone (PEP 495)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
aware = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=offsets)
exact = st.decimals(allow_nan=False, allow_infinity=False)
odd = st.sampled_from(["NaN", "Infinity", "-Infinity"]).map(decimal.Decimal)
# MariaDB refuses versions that it does not know
keys = st.uuids(version=4)
pairs = st.tuples(texts(9), texts(9)).map(list)
spans = st.timedeltas(dt.timedelta(days=-300000), dt.timedelta(days=2900000))

EVERYWHERE: dict[str, tuple[Any, Any]] = {
    "Integer": (Integer(), whole(32)),
    "SmallInteger": (SmallInteger(), whole(16)),
    "BigInteger": (BigInteger(), whole(64)),
    "Numeric": (Numeric(30, 10), st.decimals(-(10**4), 10**4, places=10)),
    "Numeric as float": (Numeric(20, 3, asdecimal=False), st.floats(-1e6, 1e6).map(lambda f: round(f, 3))),
    "Double": (Double(), finite),
    "Double decimal": (Double(asdecimal=True), st.decimals(-1000, 1000, places=3)),
    "String": (String(400), texts()),
    "Text": (Text(), texts()),
    "Unicode": (Unicode(400), texts()),
    "Date": (Date(), st.dates(dt.date(1000, 1, 1))),
    "DateTime": (precise(DateTime(), mysql.DATETIME), moments),
    "Time": (precise(Time(), mysql.TIME), st.times()),
    "Interval": (Interval(), spans.map(lambda d: dt.timedelta(d.days, d.seconds))),
    "LargeBinary": (LargeBinary(), st.binary(max_size=50)),
    "Boolean": (Boolean(), st.booleans()),
    "Uuid": (Uuid(), keys),
    "Uuid str": (Uuid(as_uuid=False), keys.map(str)),
    "Uuid digits": (Uuid(native_uuid=False), keys),
    "Uuid str digits": (Uuid(as_uuid=False, native_uuid=False), keys.map(str)),
    "Enum": (Enum(Hostile, name="hostile"), st.sampled_from(Hostile)),
    "Enum by value": (
        Enum(Hostile, name="by_value", values_callable=lambda e: [m.value for m in e]),
        st.sampled_from(Hostile),
    ),
    "Enum strings": (
        Enum("it's", "b\\s", "50%", name="strings", native_enum=False),
        st.sampled_from(["it's", "b\\s", "50%"]),
    ),
    "decorated": (Reversed(), texts()),
}
# no database compares these with =
DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "JSON": (JSON(), documents),
    "JSON none as null": (JSON(none_as_null=True), documents),
    "PickleType": (PickleType(), documents),
}
POSTGRESQL: dict[str, tuple[Any, Any]] = {
    "Numeric any": (Numeric(), exact | odd),
    "Double any": (Double(), st.floats()),
    "DateTime zone": (
        DateTime(timezone=True),
        st.datetimes(timezones=st.timezones()).filter(lambda d: 1 < d.year < 9999),
    ),
    "Interval exact": (Interval(), st.timedeltas(dt.timedelta(days=-900000), dt.timedelta(days=900000))),
    "Interval not native": (Interval(native=False), spans),
    "ARRAY Integer": (ARRAY(Integer), st.lists(whole(32) | st.none(), max_size=4)),
    "ARRAY String": (ARRAY(String(90)), st.lists(texts(20) | st.none(), max_size=4)),
    "ARRAY nested": (
        ARRAY(String(90), dimensions=2),
        st.lists(st.tuples(texts(9), texts(9)).map(list), min_size=1, max_size=3),
    ),
    "ARRAY Date": (ARRAY(Date), st.lists(st.dates(), max_size=3)),
    "ARRAY Uuid": (ARRAY(Uuid), st.lists(st.uuids(), max_size=3)),
    "ARRAY Numeric": (ARRAY(Numeric(10, 3)), st.lists(st.decimals(-100, 100, places=3), max_size=3)),
    "ARRAY Enum": (ARRAY(Enum(Hostile, name="hostile")), st.lists(st.sampled_from(Hostile), max_size=3)),
    "ARRAY tuple": (ARRAY(Integer, as_tuple=True), st.lists(whole(32), max_size=3).map(tuple)),
    "JSONB": (postgresql.JSONB(), documents),
    "INET": (postgresql.INET(), st.ip_addresses(v=4)),
    "CIDR": (postgresql.CIDR(), st.ip_addresses(v=4).map(ipaddress.ip_network)),
    "MACADDR": (postgresql.MACADDR(), st.just("08:00:2b:01:02:03")),
    "OID": (postgresql.OID(), st.integers(0, 2**31)),
    "TSVECTOR": (postgresql.TSVECTOR(), st.just("'a' 'it''s'")),
    "BIT": (postgresql.BIT(8), st.text("01", min_size=8, max_size=8).map(postgresql.BitString)),
    "CITEXT": (postgresql.BYTEA(), st.binary(max_size=20)),
}
MARIADB: dict[str, tuple[Any, Any]] = {
    "SET": (mysql.SET("a", "it's", "b\\s"), st.sets(st.sampled_from(["a", "it's", "b\\s"]))),
    "ENUM": (mysql.ENUM("a", "it's", "b\\s", "50%"), st.sampled_from(["a", "it's", "b\\s", "50%"])),
    "YEAR": (mysql.YEAR(), st.integers(1901, 2155)),
    "DECIMAL": (mysql.DECIMAL(30, 20), st.decimals(-1, 1, places=20)),
    "VARBINARY": (mysql.VARBINARY(50), st.binary(max_size=50)),
    "INET6": (mysql.INET6(), st.just("2001:db8::1")),
}


def same(a: Any, b: Any) -> bool:
    """Equal, or both not a number."""
    if isinstance(a, (float, decimal.Decimal)) and isinstance(b, type(a)) and math.isnan(a):
        return math.isnan(b)
    if isinstance(a, dt.datetime) and a.tzinfo is not None:
        # Python holds times in the hour that clocks go back for unequal to all of other zones
        return a.astimezone(dt.UTC) == b.astimezone(dt.UTC)
    return bool(a == b)


def check(engine: Any, type_: Any, strategy: Any, *, compares: bool = True) -> None:
    """Store values as parameters and as literals; find them by literals."""
    # numbered by us: MariaDB takes 0 for "the next number"
    t = Table(
        "t", MetaData(), Column("id", Integer, autoincrement=False, primary_key=True), Column("x", type_)
    )
    t.create(engine)

    @relaxed
    @given(st.lists(strategy, min_size=1, max_size=10))
    def run(values: list[Any]) -> None:
        with engine.begin() as connection:
            connection.execute(t.delete())
            for number, value in enumerate(values):
                connection.execute(insert(t), {"id": 2 * number, "x": value})
                inline(connection, insert(t).values(id=2 * number + 1, x=value))
            back = connection.scalars(select(t.c.x).order_by(t.c.id)).all()
            for number, value in enumerate(values):
                bound, inlined = back[2 * number : 2 * number + 2]
                assert same(bound, inlined), f"{value!r}: {bound!r} as a parameter, {inlined!r} inline"
                assert same(inlined, value), value
                if compares:
                    found = inline(connection, select(t.c.id).where(t.c.x == value)).scalars().all()
                    assert {2 * number, 2 * number + 1} <= set(found), value
                    assert inline(connection, select(t.c.id).where(t.c.x.in_([value]))).first()

    run()


def inline(connection: Any, statement: Any) -> Any:
    text = str(statement.compile(dialect=connection.dialect, compile_kwargs=LITERAL))
    return connection.exec_driver_sql(text)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_generic_types(engine: Any, name: str) -> None:
    check(engine, *EVERYWHERE[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(engine: Any, name: str) -> None:
    check(engine, *DOCUMENTS[name], compares=False)


@pytest.mark.parametrize("name", POSTGRESQL)
def test_postgresql_types(pg_engine: Any, name: str) -> None:
    check(pg_engine, *POSTGRESQL[name], compares=name not in ("JSONB", "Numeric any"))


@pytest.mark.parametrize("name", MARIADB)
def test_mariadb_types(mariadb_engine: Any, name: str) -> None:
    check(mariadb_engine, *MARIADB[name])


def test_floats_of_sqlite(sqlite_engine: Any) -> None:
    memory = sqlite3.connect(":memory:")

    def is_read_exactly(value: float) -> bool:
        # only 15 digits are sure, 3.40 errs at 3.5723282473664296e-298 (https://www.sqlite.org/floatingpoint.html)
        return math.isinf(value) or memory.execute(f"SELECT {value!r}").fetchone()[0] == value

    # SQLite makes NULL of NaN
    check(sqlite_engine, Float(), st.floats(allow_nan=False).filter(is_read_exactly))
    memory.close()
    with sqlite_engine.connect() as connection:
        assert inline(connection, select(literal(float("nan")))).scalar() is None
        with pytest.warns(exc.LossWarning, match="NaN becomes NULL"):
            assert connection.scalar(select(literal(float("nan")))) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), decimal.Decimal("-Infinity")])
def test_what_has_no_literal_form_is_refused(value: Any) -> None:
    expression = literal(value, Numeric())
    with pytest.raises(exc.CompileError, match="Could not render literal value") as caught:
        expression.compile(dialect=mysql.dialect(), compile_kwargs=LITERAL)
    assert f"{value} cannot be written inline on dialect mysql" in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (types.NullType(), object()),
        (types.NullType(), "x"),
        (types.TupleType(Integer, Integer), (1, 2)),
        (Integer(), "1; drop table t"),
        (Numeric(), "1; drop table t"),
        (Float(), "x"),
        (Date(), "2024-01-01"),
        (Boolean(), 5),
        (Enum("a", validate_strings=True), "b"),
        (Uuid(), "x"),
        (LargeBinary(), "text"),
    ],
    ids=repr,
)
def test_what_is_no_value_of_its_type_is_refused(type_: Any, value: Any) -> None:
    from relvar.dialects import sqlite

    with pytest.raises(exc.CompileError, match=r"literal value"):
        literal(value, type_).compile(dialect=sqlite.dialect(), compile_kwargs=LITERAL)


@pytest.mark.parametrize("value", ["it's", "\\", "\\'; --", "%(x)s", "%", ":x", "?", "𝄞", "a\nb"])
def test_literals_beside_parameters(engine: Any, value: str) -> None:
    """Only some parts are inline; their percents and colons are no placeholders."""
    mixed = select(
        literal(value, literal_execute=True),
        bindparam("x", value),
        literal(value),
        literal(value.encode(), LargeBinary),
    )
    with engine.connect() as connection:
        assert connection.execute(mixed).one() == (value, value, value, value.encode())
        assert connection.execute(mixed, {"x": "other"}).one()[:2] == (value, "other")


@pytest.mark.parametrize("key", [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)])
def test_uuids_of_both_kinds_of_storage(engine: Any, key: uuid.UUID) -> None:
    t = Table(
        "t", MetaData(), Column("a", Uuid()), Column("b", Uuid(native_uuid=False)), Column("c", Uuid(False))
    )
    t.create(engine)
    with engine.begin() as connection:
        inline(connection, insert(t).values(a=key, b=key, c=str(key)))
        assert connection.execute(select(t)).one() == (key, key, str(key))
        assert inline(connection, select(t.c.a).where(t.c.a == key, t.c.b == key, t.c.c == str(key))).first()


def test_long_intervals_are_exact(pg_engine: Any) -> None:
    """The server reads a float of seconds; of those that it would round, the days stand apart."""
    seconds = [2**30, 2**31, 2**32 - 1, 2**32, 49711 * 86400, 2**33]
    values = [dt.timedelta(seconds=s, microseconds=m) for s in seconds for m in (1, 171)]
    with pg_engine.connect() as connection:
        for value in (*values, *[-value for value in values]):
            assert (
                connection.scalar(select(literal(value, postgresql.INTERVAL, literal_execute=True))) == value
            )
