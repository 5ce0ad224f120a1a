"""Values of the generic types through every database: exactness, time zones, both nulls, own conversions."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import json
import math
import pickle
import random
import uuid
import warnings
from typing import Any

import pytest

import relvar
from relvar import (
    ARRAY,
    JSON,
    Boolean,
    CheckConstraint,
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
    String,
    Table,
    Time,
    Uuid,
    cast,
    column,
    exc,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
    text,
    type_coerce,
    types,
    update,
)
from relvar.dialects import mysql, postgresql
from relvar.exc import LossWarning

D = decimal.Decimal


def stored(engine: Any, type_: Any, *given: Any) -> list[Any]:
    """Insert each value, and all at once; return what comes back of the first kind."""
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", type_))
    t.drop(engine, checkfirst=True)
    t.create(engine)
    # a connection may have prepared the statement for another type of column
    engine.dispose()
    with engine.begin() as connection:
        for value in given:
            connection.execute(insert(t), {"x": value})
        one = list(connection.scalars(select(t.c.x).order_by(t.c.id)))
        connection.execute(t.delete())
        connection.execute(insert(t), [{"x": value} for value in given])
        many = list(connection.scalars(select(t.c.x).order_by(t.c.id)))
    assert repr(one) == repr(many)
    return one


# -- numbers -------------------------------------------------------------------------


@pytest.mark.feature("D075")
def test_exact_numbers(engine: Any) -> None:
    pick = random.Random(75)
    # SQLite keeps floats: fifteen digits are what they hold
    digits = 14 if engine.dialect.name == "sqlite" else 28
    given = [D(pick.randrange(-(10**digits), 10**digits)).scaleb(-8) for _ in range(60)]
    back = stored(engine, Numeric(30, 8), *given, D(0), None)
    assert back == [*given, D(0), None]
    assert all(type(value) is D for value in back[:-1])
    # the scale of the column, also where the driver gives floats
    assert {-value.as_tuple().exponent for value in back[:-1]} == {8}


@pytest.mark.feature("D075")
def test_numbers_as_floats_and_floats_as_decimals(engine: Any) -> None:
    assert stored(engine, Numeric(10, 3, asdecimal=False), 1.125, D("2.5")) == [1.125, 2.5]
    assert type(stored(engine, Numeric(10, 3, asdecimal=False), D("1.5"))[0]) is float
    back = stored(engine, Float(53, asdecimal=True, decimal_return_scale=3), D("1.125"), 2.5)
    assert [str(value) for value in back] == ["1.125", "2.500"]
    assert [str(v) for v in stored(engine, Double(asdecimal=True, decimal_return_scale=2), 1.5)] == ["1.50"]
    pick = random.Random(7)
    given = [pick.uniform(-1, 1) * 10 ** pick.randrange(-300, 300) for _ in range(50)]
    assert stored(engine, Double(), *given, None) == [*given, None]
    assert stored(engine, types.REAL(), 1.5, -0.25) == [1.5, -0.25]
    # of two kinds of numbers, neither is the other
    assert not issubclass(Float, Numeric) and issubclass(Float, types.NumericCommon)


@pytest.mark.feature("D075")
@pytest.mark.backends("postgresql")
def test_numbers_that_are_none(engine: Any) -> None:
    back = stored(engine, Numeric(), D("NaN"), D("Infinity"))
    assert back[0].is_nan() and back[1] == D("Infinity")
    back = stored(engine, Double(), float("nan"), float("-inf"))
    assert math.isnan(back[0]) and back[1] == -math.inf


@pytest.mark.feature("D075")
def test_types_of_computed_numbers(engine: Any) -> None:
    t = Table("t", MetaData(), Column("i", Integer), Column("n", Numeric(10, 2)), Column("f", Double))
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"i": 7, "n": D("2.50"), "f": 0.5})
        row = connection.execute(
            select(t.c.n + t.c.n, t.c.n * 2, t.c.i + t.c.i, t.c.f * 3, t.c.i / 2, func.sum(t.c.n)).group_by(
                t.c.i, t.c.n, t.c.f
            )
        ).one()
    assert tuple(row)[:5] == (D(5), D(5), 14, 1.5, D("3.5")) and row[5] == D("2.5")
    assert [type(value) for value in row] == [D, D, int, float, D, D]


# -- dates and times -----------------------------------------------------------------

MICRO = {
    DateTime: DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
    Time: Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb"),
}


@pytest.mark.feature("D069")
def test_microseconds(engine: Any) -> None:
    moments = [dt.datetime(2024, 2, 29, 23, 59, 59, 999999), dt.datetime(1000, 1, 1), None]
    assert stored(engine, MICRO[DateTime], *moments) == moments
    times = [dt.time(0), dt.time(23, 59, 59, 1), None]
    assert stored(engine, MICRO[Time], *times) == times
    days = [dt.date(2024, 2, 29), dt.date(9999, 12, 31), None]
    assert stored(engine, Date(), *days) == days


@pytest.mark.feature("D069")
def test_time_zones(engine: Any) -> None:
    plus_two = dt.timezone(dt.timedelta(hours=2))
    aware = dt.datetime(2024, 5, 17, 12, 30, tzinfo=plus_two)
    with warnings.catch_warnings():
        # see test_values_that_fit.py
        warnings.simplefilter("ignore", LossWarning)
        (back,) = stored(engine, DateTime(timezone=True), aware)
    if engine.dialect.name == "postgresql":
        assert back == aware and back.tzinfo is not None
        with engine.connect() as connection:
            # a plain value knows that it is aware
            assert connection.scalar(select(literal(aware))) == aware
            assert connection.scalar(select(literal(dt.time(1, tzinfo=plus_two)))) == dt.time(
                1, tzinfo=plus_two
            )
    else:
        # no zone is kept: it is the wall clock's time
        assert back == aware.replace(tzinfo=None)


@pytest.mark.feature("D069")
def test_intervals(engine: Any) -> None:
    native = engine.dialect.name == "postgresql"
    spans = [dt.timedelta(0), dt.timedelta(days=-3, seconds=7), dt.timedelta(days=2000), None]
    assert stored(engine, Interval(), *spans) == spans
    assert stored(engine, Interval(native=False), *spans) == spans
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT x FROM t").first()[0]
        assert isinstance(kept, (str, dt.datetime)), "kept as a date"
    t = Table("t", MetaData(), Column("id", Integer), Column("x", Interval(native=False)))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(t.c.x == dt.timedelta(days=2000))) == 1
        assert connection.scalar(select(func.count()).where(t.c.x > dt.timedelta(0))) == 1
    assert Interval(second_precision=3, day_precision=2).compile(dialect=engine.dialect) == (
        "INTERVAL (3)" if native else "DATETIME"
    )


# -- bytes and objects ---------------------------------------------------------------


class Pickler:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.protocols: list[int] = []

    def dumps(self, value: Any, protocol: int) -> bytes:
        self.protocols.append(protocol)
        return pickle.dumps(value, protocol)

    def loads(self, data: bytes) -> Any:
        return pickle.loads(data)


@pytest.mark.feature("D069")
def test_bytes_and_pickles(engine: Any) -> None:
    raw = [bytes(range(256)), b"", None]
    assert stored(engine, LargeBinary(300), *raw) == raw
    assert stored(engine, LargeBinary(300), bytearray(b"ab"), memoryview(b"cd")) == [b"ab", b"cd"]
    pickler = Pickler()
    things = [{"a": {1, 2}}, [None], dt.date(2024, 5, 17), None]
    assert stored(engine, PickleType(protocol=2, pickler=pickler, impl=LargeBinary(500)), *things) == things
    assert set(pickler.protocols) == {2}
    same_keys = PickleType(comparator=lambda x, y: x.keys() == y.keys())
    assert same_keys.compare_values({"a": 1}, {"a": 2}) and not same_keys.compare_values({"a": 1}, {})


# -- JSON ----------------------------------------------------------------------------


def documents() -> Table:
    return Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("j", JSON),
        Column("n", JSON(none_as_null=True)),
    )


@pytest.mark.feature("D072")
def test_both_kinds_of_null(engine: Any) -> None:
    t = documents()
    t.create(engine)
    given: list[tuple[Any, Any, bool, bool]] = [
        # value of j, of n, and whether each is SQL's NULL
        (None, None, False, True),
        (JSON.NULL, JSON.NULL, False, False),
        (null(), null(), True, True),
        ({"a": None}, {"a": None}, False, False),
        ("null", "null", False, False),
    ]
    with engine.begin() as connection:
        for number, (j, n, *_) in enumerate(given):
            connection.execute(insert(t).values(id=number + 1, j=j, n=n))
        connection.execute(insert(t), [{"id": 6, "j": None, "n": None}, {"id": 7, "j": [None], "n": [None]}])
        connection.execute(insert(t), {"id": 8})
        rows = connection.execute(
            select(t.c.j, t.c.n, t.c.j.is_(None), t.c.n.is_(None)).order_by(t.c.id)
        ).all()
        assert [tuple(map(bool, row[2:])) for row in rows[:5]] == [tuple(case[2:]) for case in given]
        assert [row[:2] for row in rows[:5]] == [(None,) * 2] * 3 + [({"a": None},) * 2, ("null",) * 2]
        assert [tuple(map(bool, row[2:])) for row in rows[5:]] == [
            (False, True),
            (False, False),
            (True, True),
        ]
        connection.execute(update(t).values(j=None, n=JSON.NULL).where(t.c.id == 8))
        assert connection.scalar(select(func.count()).where(t.c.id == 8, t.c.j.is_(None))) == 0
        if engine.dialect.name != "postgresql":
            # PostgreSQL's json has no equality
            same = select(t.c.id).where(t.c.n == JSON.NULL).order_by(t.c.id)
            assert connection.scalars(same).all() == [2, 8]


@pytest.mark.feature("D072")
def test_own_serialisers(url: str) -> None:
    seen: list[Any] = []

    def dumps(value: Any) -> str:
        seen.append(value)
        return json.dumps({"wrapped": value})

    engine = relvar.create_engine(
        url, json_serializer=dumps, json_deserializer=lambda s: json.loads(s)["wrapped"]
    )
    t = documents()
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"id": 1, "j": [1, {"a": None}]})
        assert connection.scalar(select(t.c.j)) == [1, {"a": None}]
        assert '"wrapped"' in connection.scalar(select(cast(t.c.j, String(100))))
        literal_text = insert(t).values(id=2, j=[5]).compile(engine, compile_kwargs={"literal_binds": True})
        connection.exec_driver_sql(str(literal_text))
        assert connection.scalar(select(t.c.j).where(t.c.id == 2)) == [5]
    engine.dispose()
    assert seen == [[1, {"a": None}], [5]]


# -- Enum, Boolean -------------------------------------------------------------------


class Colour(enum.Enum):
    """Values are not names."""

    red = "r"
    green = "g"
    rouge = "r"  # noqa: PIE796  # an alias, on purpose


@pytest.mark.feature("D071")
def test_enums_in_statements(engine: Any) -> None:
    by_value = Enum(Colour, values_callable=lambda e: [m.value for m in e], name="by_value")
    t = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("c", Enum(Colour)),
        Column("v", by_value),
        Column("s", Enum("it's", "b\\s", "50%", name="strings", native_enum=False, create_constraint=True)),
    )
    t.create(engine)
    rows = [
        (1, Colour.red, Colour.green, "it's"),
        (2, Colour.green, None, "b\\s"),
        (3, None, Colour.red, "50%"),
    ]
    with engine.begin() as connection:
        connection.execute(insert(t), [dict(zip(t.c.keys(), row)) for row in rows])
        assert connection.execute(select(t).order_by(t.c.id)).all() == rows
        assert connection.scalars(select(t.c.id).where(t.c.c == Colour.red)).all() == [1]
        assert connection.scalars(select(t.c.id).where(t.c.c == "red")).all() == [1]
        assert connection.scalars(
            select(t.c.id).where(t.c.v.in_([Colour.red, Colour.green])).order_by(t.c.id)
        ).all() == [1, 3]
        assert connection.scalars(select(t.c.s).where(t.c.s == "50%")).all() == ["50%"]
        assert connection.scalar(select(cast(t.c.v, String(5))).where(t.c.id == 1)) == "g"
        assert connection.execute(update(t).values(c=Colour.rouge).where(t.c.id == 3)).rowcount == 1
        assert connection.scalar(select(t.c.c).where(t.c.id == 3)) is Colour.red
        for wrong in (5, object()):
            with pytest.raises(exc.StatementError, match="is not among the defined enum values"):
                connection.execute(insert(t), {"c": wrong})
    with engine.begin() as connection, pytest.raises(exc.DBAPIError):
        connection.execute(text("insert into t (id, s) values (9, 'no')"))
    if engine.dialect.name == "postgresql":
        assert {e["name"] for e in inspect(engine).get_enums()} == {"colour", "by_value"}
        with engine.begin() as connection:
            connection.execute(text("ALTER TYPE colour ADD VALUE 'blue'"))
        with engine.begin() as connection:
            connection.execute(text("insert into t (id, c) values (10, 'blue')"))
        with engine.connect() as connection, pytest.raises(LookupError, match="'blue' is not among"):
            connection.scalars(select(t.c.c).where(t.c.id == 10)).all()


@pytest.mark.feature("D076")
@pytest.mark.parametrize(
    ("convention", "name", "found"),
    [
        (None, "flag", "flag"),
        ({"ck": "ck_%(table_name)s_%(constraint_name)s"}, "flag", "ck_t_flag"),
        ({"ck": "ck_%(table_name)s_%(column_0_name)s"}, None, "ck_t_x"),
    ],
)
def test_names_of_checks(sqlite_engine: Any, convention: Any, name: Any, found: str) -> None:
    metadata = MetaData(naming_convention=convention)
    t = Table("t", metadata, Column("x", Boolean(create_constraint=True, name=name)))
    t.create(sqlite_engine)
    (check,) = inspect(sqlite_engine).get_check_constraints("t")
    assert check == {"name": found, "sqltext": "x IN (0, 1)"}
    assert sum(isinstance(constraint, CheckConstraint) for constraint in t.constraints) == 1
    with sqlite_engine.begin() as connection, pytest.raises(exc.IntegrityError):
        connection.execute(text("insert into t values (2)"))


@pytest.mark.feature("D076")
def test_booleans(engine: Any) -> None:
    assert stored(engine, Boolean(), True, False, None, 1, 0) == [True, False, None, True, False]
    assert all(type(v) is bool for v in stored(engine, Boolean(), 1, 0))
    a, b = literal(True), literal(False)
    with engine.connect() as connection:
        assert connection.execute(
            select(a, b, a & ~b, a | b, ~a, a.is_(True), type_coerce(1, Boolean))
        ).one() == ((True, False, True, True, False, True, True))
    for wrong in (5, "yes", 0.5):
        with pytest.raises(exc.StatementError, match="Not a boolean value|is not None, True, or False"):
            stored(engine, Boolean(), wrong)


# -- UUID, ARRAY ---------------------------------------------------------------------


@pytest.mark.feature("D073")
def test_uuids_are_what_the_database_keeps(engine: Any) -> None:
    key = uuid.UUID("0123456789ab4def8123456789abcdef")
    kinds: dict[str, tuple[Any, Any]] = {
        "native": (Uuid(), key),
        "digits": (Uuid(native_uuid=False), key),
        "text": (Uuid(as_uuid=False), str(key)),
    }
    spelled = {"sqlite": key.hex, "postgresql": str(key), "mariadb": str(key)}[engine.dialect.name]
    for name, (type_, value) in kinds.items():
        assert stored(engine, type_, value, None) == [value, None]
        t = Table("t", MetaData(), Column("x", type_))
        with engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT x FROM t WHERE x IS NOT NULL").scalar()
            assert str(kept) == (key.hex if name == "digits" else spelled)
            assert connection.scalar(select(t.c.x).where(t.c.x.in_([value]))) == value
            assert connection.scalar(select(func.count()).where(t.c.x == value)) == 1


@pytest.mark.feature("D074")
@pytest.mark.backends("postgresql")
def test_arrays(engine: Any) -> None:
    cases: list[tuple[Any, list[Any]]] = [
        (ARRAY(Integer), [[1, 2, None], [], None, [[1, 2], [3, 4]]]),
        (ARRAY(String(9), dimensions=2), [[["a", "b"], ["c", 'd"{,}\\']]]),
        (ARRAY(Integer, as_tuple=True), [(1, 2), ()]),
        (ARRAY(Integer, as_tuple=True, dimensions=2), [((1, 2), (3, 4))]),
        (ARRAY(Enum(Colour)), [[Colour.red, None, Colour.green]]),
        (ARRAY(Date), [[dt.date(2024, 5, 17)]]),
        (ARRAY(Numeric(8, 2)), [[D("1.50"), None]]),
        (ARRAY(Double), [[1.5, -0.25]]),
        (ARRAY(Uuid), [[uuid.UUID(int=7)]]),
        (ARRAY(LargeBinary), [[b"\x00'", b""]]),
        (ARRAY(Boolean), [[True, False, None]]),
        (ARRAY(Interval), [[dt.timedelta(days=1)]]),
    ]
    for type_, given in cases:
        assert stored(engine, type_, *given) == given, type_
    t = Table("t", MetaData(), Column("a", ARRAY(Integer, zero_indexes=True)), Column("b", ARRAY(Integer)))
    t.drop(engine)
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"a": [5, 6, 7], "b": [5, 6, 7]})
        places = select(t.c.a[0], t.c.b[1], t.c.a[0:1], t.c.b[1:2], t.c.a[literal(1)], t.c.b[literal(1)])
        assert connection.execute(places).one() == (5, 5, [5, 6], [5, 6], 6, 5)
        assert connection.scalar(select(t.c.a + [8])) == [5, 6, 7, 8]
        connection.execute(update(t).values({t.c.a[0]: 9}))
        assert connection.scalar(select(t.c.a)) == [9, 6, 7]


# -- inference, variants, None -------------------------------------------------------


@pytest.mark.feature("D084")
def test_plain_values_come_back(engine: Any) -> None:
    values = [
        5,
        2**40,
        -(2**63),
        True,
        1.5,
        "it's",
        "日本",
        b"\x00\xff",
        dt.date(2024, 5, 17),
        dt.datetime(2024, 5, 17, 1, 2, 3),
        uuid.UUID(int=7),
        None,
    ]
    with engine.connect() as connection:
        for value in values:
            back = connection.scalar(select(literal(value)))
            if isinstance(value, dt.date) and engine.dialect.name == "mariadb":
                # a parameter is text there, until something compares it with a date
                assert back == str(value)
            else:
                assert back == value and type(back) is type(value), value
        with pytest.raises(exc.ArgumentError, match="Literal Python value expected"):
            literal(column("x"))
        with pytest.raises(exc.ArgumentError, match="Object .* is not legal as a SQL literal value|Literal"):
            connection.execute(select(literal(Table("t", MetaData()))))
        if engine.dialect.name != "mariadb":
            # pymysql sends the text of what it does not know
            with pytest.raises(exc.DBAPIError):
                connection.execute(select(literal(object())))


@pytest.mark.feature("D085")
def test_what_has_no_type(engine: Any) -> None:
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x"))
    assert isinstance(t.c.x.type, types.NullType)
    with pytest.raises(
        exc.CompileError, match=r"\(in table 't', column 'x'\): Can't generate DDL for NullType\(\)"
    ):
        t.create(engine)
    Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String(20))).create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"id": 1, "x": "as it is"})
        assert connection.scalar(select(t.c.x).where(t.c.x == "as it is")) == "as it is"
    assert types.to_instance(None) is types.NULLTYPE and repr(types.to_instance(Integer)) == "Integer()"


@pytest.mark.feature("D079")
def test_variants(engine: Any) -> None:
    name = engine.dialect.name
    varied = String(5).with_variant(Integer(), "sqlite").with_variant(postgresql.JSONB(), "postgresql")
    given: Any = {"sqlite": 5, "postgresql": {"a": 1}, "mariadb": "text"}[name]
    assert stored(engine, varied, given, None) == [given, None]
    spelled = {"sqlite": "INTEGER", "postgresql": "JSONB", "mariadb": "VARCHAR(5)"}
    assert varied.compile(dialect=engine.dialect) == spelled[name]
    for wrong, words in {
        lambda: varied.with_variant(Integer(), "sqlite"): "already present in the mapping",
        lambda: varied.with_variant(Integer()): "At least one dialect name is required",
        lambda: String().with_variant(varied, "mysql"): "can't pass a type that already has variants",
    }.items():
        with pytest.raises(exc.ArgumentError, match=words):
            wrong()


@pytest.mark.feature("D080")
def test_none_as_a_value(engine: Any) -> None:
    class Words(types.TypeDecorator[Any]):
        impl = String(20)
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return "nothing" if value is None else value

    t = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("x", Words().evaluates_none(), server_default="default"),
    )
    t.create(engine)
    assert Words().should_evaluate_none is False and t.c.x.type.should_evaluate_none is True
    with engine.begin() as connection:
        connection.execute(insert(t).values(id=1, x=None))
        connection.execute(insert(t), [{"id": 2, "x": None}])
        connection.execute(insert(t).values(id=3, x=null()))
        connection.execute(insert(t).values(id=4))
        assert connection.scalars(select(t.c.x).order_by(t.c.id)).all() == [
            "nothing",
            "nothing",
            None,
            "default",
        ]
