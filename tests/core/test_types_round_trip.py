"""Values of every generic type survive the way into each database and back."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any

import pytest

from relvar import (
    ARRAY,
    BIGINT,
    BINARY,
    BLOB,
    BOOLEAN,
    CHAR,
    CLOB,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INT,
    INTEGER,
    JSON,
    NCHAR,
    NUMERIC,
    NVARCHAR,
    REAL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    UUID,
    VARBINARY,
    VARCHAR,
    BigInteger,
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
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Unicode,
    UnicodeText,
    Uuid,
    cast,
    exc,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
    types,
)

D = decimal.Decimal


class Colour(enum.Enum):
    """Stored by name, unless told otherwise."""

    red = "r"
    green = "g"


def round_trip(engine: Any, type_: Any, *values: Any) -> list[Any]:
    """Store values in a column of a type; return what comes back, in order."""
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", type_))
    t.drop(engine, checkfirst=True)
    t.create(engine)
    with engine.begin() as connection:
        for value in values:
            connection.execute(insert(t), {"x": value})
        return list(connection.scalars(select(t.c.x).order_by(t.c.id)))


GENERIC = [
    (BigInteger, [2**40, -(2**40), None]),
    (Boolean, [True, False, None]),
    (Boolean(create_constraint=True, name="ck_bool"), [True, False]),
    (Date, [datetime.date(2026, 1, 2), datetime.date(1000, 1, 1), None]),
    (DateTime, [datetime.datetime(2026, 1, 2, 3, 4, 5), None]),
    (Double, [1.5, -2.25e10, None]),
    (Enum("a", "b", name="letters"), ["a", "b", None]),
    (Enum(Colour), [Colour.red, Colour.green, None]),
    (Float, [1.5, None]),
    (Float(precision=53, asdecimal=True, decimal_return_scale=3), [D("1.125")]),
    (Integer, [0, -5, 2**31 - 1, None]),
    (Interval, [datetime.timedelta(days=3, seconds=5), None]),
    (LargeBinary, [b"\x00\xff'", b"", None]),
    (LargeBinary(100), [b"abc"]),
    (Numeric(10, 2), [D("12345678.91"), D("-0.01"), None]),
    (Numeric(10, 2, asdecimal=False), [1.25]),
    (PickleType, [{"a": [1, 2]}, None]),
    (SmallInteger, [5, -5]),
    (String(20), ["it's", "", "ünï \\ % :x", None]),
    (Text, ["long " * 100]),
    (Time, [datetime.time(3, 4, 5), None]),
    (Unicode(20), ["日本語"]),
    (UnicodeText, ["日本語"]),
    (Uuid, [uuid.UUID("12345678123456781234567812345678"), None]),
    (Uuid(as_uuid=False), ["12345678-1234-5678-1234-567812345678"]),
    (Uuid(native_uuid=False), [uuid.UUID("12345678123456781234567812345678")]),
    (JSON, [{"a": [1, 2.5, None, "x"]}, [1], "text", 5, True]),
]


@pytest.mark.feature("D069", "S021")
@pytest.mark.parametrize(
    ("type_", "values"), GENERIC, ids=lambda v: repr(v)[:30] if not isinstance(v, list) else ""
)
def test_generic_types(engine: Any, type_: Any, values: list[Any]) -> None:
    back = round_trip(engine, type_, *values)
    assert back == values
    assert [type(v) for v in back] == [type(v) for v in values]


@pytest.mark.feature("D069")
def test_match_type_and_time_zones(engine: Any) -> None:
    assert types.MatchType()._type_affinity is Boolean
    if engine.dialect.name == "postgresql":
        aware = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
        (back,) = round_trip(engine, DateTime(timezone=True), aware)
        assert back == aware and back.tzinfo is not None


@pytest.mark.feature("D070")
def test_standard_types_render_exactly() -> None:
    expected = {
        BIGINT: "BIGINT",
        BINARY(5): "BINARY(5)",
        BLOB: "BLOB",
        BOOLEAN: "BOOLEAN",
        CHAR(3): "CHAR(3)",
        CLOB: "CLOB",
        DATE: "DATE",
        DATETIME: "DATETIME",
        DECIMAL(5, 2): "DECIMAL(5, 2)",
        DOUBLE: "DOUBLE",
        types.DOUBLE_PRECISION: "DOUBLE PRECISION",
        FLOAT: "FLOAT",
        INT: "INTEGER",
        INTEGER: "INTEGER",
        JSON: "JSON",
        NCHAR(4): "NCHAR(4)",
        NUMERIC(5): "NUMERIC(5)",
        NVARCHAR(6): "NVARCHAR(6)",
        REAL: "REAL",
        SMALLINT: "SMALLINT",
        TEXT: "TEXT",
        TIME: "TIME",
        TIMESTAMP: "TIMESTAMP",
        UUID: "UUID",
        VARBINARY(7): "VARBINARY(7)",
        VARCHAR(8): "VARCHAR(8)",
        VARCHAR(8, collation="c"): "VARCHAR(8) COLLATE c",
    }
    found = {}
    for type_ in expected:
        made = type_() if isinstance(type_, type) else type_
        found[type_] = str(made) if not isinstance(made, JSON) else "JSON"
    assert found == expected
    assert str(ARRAY(Integer).compile(dialect=postgresql())) == "INTEGER[]"


def postgresql() -> Any:
    from relvar.dialects import postgresql

    return postgresql.dialect()


@pytest.mark.feature("D071")
def test_enum(engine: Any) -> None:
    by_value = Enum(
        Colour, values_callable=lambda e: [m.value for m in e], name="colours", native_enum=False, length=10
    )
    assert round_trip(engine, by_value, Colour.green, None) == [Colour.green, None]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select x from t where id = 1").scalar() == "g"
    checked = Enum("a", "b", native_enum=False, create_constraint=True, name="ck_ab", validate_strings=True)
    assert round_trip(engine, checked, "a") == ["a"]
    with engine.connect() as connection, pytest.raises(exc.DBAPIError):
        connection.exec_driver_sql("insert into t (id, x) values (5, 'z')")
    with pytest.raises(exc.StatementError, match="'z' is not among the defined enum values"):
        round_trip(engine, checked, "z")
    with pytest.raises(exc.StatementError, match="is not among the defined enum values"):
        round_trip(engine, Enum(Colour), 5)

    class Alias(enum.Enum):
        one = 1
        uno = 1  # noqa: PIE796  # an alias on purpose
        two = 2

    assert Enum(Alias).enums == ["one", "two"]
    assert Enum(Alias, omit_aliases=False).enums == ["one", "uno", "two"]
    assert (
        Enum(Colour).name == "colour" and Enum(Colour).enum_class is Colour and Enum("a", "bbb").length == 3
    )
    assert Enum(Colour, sort_key_function=lambda v: v.value).sort_key_function(Colour.red) == "r"
    named = Enum("x", name="n", schema="s", inherit_schema=False, quote=True, metadata=MetaData())
    assert (named.name, named.schema, named.native_enum) == ("n", "s", True)


@pytest.mark.feature("D072", "S022")
def test_json(engine: Any) -> None:
    t = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("j", JSON),
        Column("n", JSON(none_as_null=True)),
    )
    t.create(engine)
    data = {"a": {"b": [10, 20]}, "s": "x", "i": 5, "f": 1.5, "t": True}
    with engine.begin() as connection:
        connection.execute(insert(t), [{"id": 1, "j": data, "n": None}])
        connection.execute(insert(t), [{"id": 2, "j": None, "n": [1]}])
        connection.execute(insert(t).values(id=3, j=null(), n=JSON.NULL))
        rows = connection.execute(select(t.c.j, t.c.n).order_by(t.c.id)).all()
        assert rows == [(data, None), (None, [1]), (None, None)]
        sql_null = select(t.c.id).where(t.c.j.is_(null())).order_by(t.c.id)
        assert connection.scalars(sql_null).all() == [3]
        assert connection.scalars(select(t.c.id).where(t.c.n.is_(null()))).all() == [1]
        j = t.c.j

        def value(expression: Any) -> Any:
            return connection.scalar(select(expression).where(t.c.id == 1))

        assert value(j["s"]) == "x" and value(j["a"]) == {"b": [10, 20]} and value(j["a"]["b"][1]) == 20
        assert value(j[("a", "b", 0)]) == 10
        assert (
            value(j["s"].as_string()) == "x"
            and value(j["i"].as_integer()) == 5
            and value(j["f"].as_float()) == 1.5
        )
        assert value(j["t"].as_boolean()) is True and value(j["a"].as_json()) == {"b": [10, 20]}
        assert value(j["f"].as_numeric(10, 2)) == D("1.50")
        assert connection.scalars(select(t.c.id).where(j["i"].as_integer() > 4)).all() == [1]


@pytest.mark.feature("D073")
def test_uuid(engine: Any) -> None:
    key = uuid.uuid4()
    assert round_trip(engine, Uuid(), key) == [key]
    t = Table("t", MetaData(), Column("id", Integer), Column("x", Uuid()))
    with engine.connect() as connection:
        assert connection.scalar(select(t.c.x).where(t.c.x == key)) == key
        stored = connection.exec_driver_sql("select x from t").scalar()
    assert str(stored).replace("-", "") == key.hex
    with pytest.raises(exc.StatementError):
        round_trip(engine, Uuid(), "not a uuid at all" if engine.dialect.name != "postgresql" else 5.5)


@pytest.mark.feature("D076")
def test_boolean(engine: Any) -> None:
    t = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("x", Boolean(create_constraint=True, name="ck_x")),
    )
    t.create(engine)
    checks = [c for c in t.constraints if isinstance(c, CheckConstraint)]
    assert len(checks) == 1
    with engine.begin() as connection:
        connection.execute(insert(t), [{"id": 1, "x": True}, {"id": 2, "x": False}])
        assert connection.scalars(select(t.c.id).where(t.c.x)).all() == [1]
        assert connection.scalars(select(t.c.id).where(t.c.x == False)).all() == [2]
    with (
        pytest.raises(exc.StatementError, match="Not a boolean value|Value 5 is not None, True, or False"),
        engine.begin() as connection,
    ):
        connection.execute(insert(t), {"id": 3, "x": 5})
    if engine.dialect.name != "postgresql":
        with engine.begin() as connection, pytest.raises(exc.DBAPIError):
            connection.exec_driver_sql("insert into t (id, x) values (4, 5)")


@pytest.mark.feature("D077")
def test_type_decorator(engine: Any) -> None:
    class Lower(types.TypeDecorator[str]):
        impl = String
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value.lower() + "!"

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value.rstrip("!")

        def process_literal_param(self, value: Any, dialect: Any) -> str:
            return str(value).lower() + "!"

        def coerce_compared_value(self, op: Any, value: Any) -> Any:
            return self.impl_instance if op.__name__ == "like_op" else self

        def load_dialect_impl(self, dialect: Any) -> Any:
            return dialect.type_descriptor(String(30))

        class comparator_factory(types.TypeDecorator.Comparator):
            def shout(self) -> Any:
                return func.upper(self.expr)

    class Wrapped(types.TypeDecorator[str]):
        impl = String(40)
        cache_ok = True

        def bind_expression(self, bindvalue: Any) -> Any:
            return func.upper(type_coerce(bindvalue, String))

        def column_expression(self, col: Any) -> Any:
            return func.lower(col, type_=String)

    assert round_trip(engine, Lower, "ABC", None) == ["abc", None]
    t = Table("t", MetaData(), Column("id", Integer), Column("x", Lower))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select x from t where id = 1").scalar() == "abc!"
        assert connection.scalar(select(t.c.id).where(t.c.x == "ABC")) == 1
        assert connection.scalar(select(t.c.id).where(t.c.x.like("ab%"))) == 1
        assert connection.scalar(select(t.c.x.shout()).where(t.c.id == 1)) in ("ABC!", "ABC")
    inlined = select(t.c.id).where(t.c.x == "ABC").compile(engine, compile_kwargs={"literal_binds": True})
    assert "'abc!'" in str(inlined)
    assert round_trip(engine, Wrapped, "Abc") == ["abc"]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select x from t").scalar() == "ABC"
    assert Lower().copy().compare_values("a", "a") and Lower(20).impl.length == 20
    assert isinstance(Lower().type_engine(engine.dialect), String)
    assert Lower().sort_key_function is None

    class Silent(types.TypeDecorator[str]):
        impl = String(20)

    with pytest.warns(
        exc.SAWarning, match="will not produce a cache key because the ``cache_ok`` attribute is not set"
    ):
        t = Table("t", MetaData(), Column("x", Silent))
        assert select(t.c.x).where(t.c.x == "x")._generate_cache_key() is None


@pytest.mark.feature("S023")
def test_custom_and_redefined_types(engine: Any) -> None:
    from relvar.ext.compiler import compiles

    class Point(types.UserDefinedType[Any]):
        cache_ok = True

        def __init__(self, size: int = 20) -> None:
            self.size = size

        def get_col_spec(self, **kw: Any) -> str:
            return f"VARCHAR({self.size})"

        def bind_processor(self, dialect: Any) -> Any:
            return lambda value: None if value is None else f"{value[0]},{value[1]}"

        def result_processor(self, dialect: Any, coltype: Any) -> Any:
            return lambda value: None if value is None else tuple(map(int, value.split(",")))

    assert round_trip(engine, Point(30), (1, 2), None) == [(1, 2), None]

    class Ten(types.TypeDecorator[str]):
        impl = String
        cache_ok = True

    class Special(String):
        inherit_cache = True

    @compiles(Special)
    def special(type_: Any, compiler: Any, **kw: Any) -> str:
        return "VARCHAR(11)"

    @compiles(Special, "postgresql")
    def special_postgresql(type_: Any, compiler: Any, **kw: Any) -> str:
        return "VARCHAR(12)"

    size = "VARCHAR(12)" if engine.dialect.name == "postgresql" else "VARCHAR(11)"
    assert Special().compile(dialect=engine.dialect) == size
    assert round_trip(engine, Special(), "x") == ["x"]
    varied = String(5).with_variant(Text(), "postgresql").with_variant(String(7), "mysql", "mariadb")
    expected = {"postgresql": "TEXT", "mariadb": "VARCHAR(7)", "mysql": "VARCHAR(7)", "sqlite": "VARCHAR(5)"}
    assert varied.compile(dialect=engine.dialect) == expected[engine.dialect.name]
    assert round_trip(engine, varied, "y") == ["y"]


@pytest.mark.feature("D084")
def test_types_of_python_values(engine: Any) -> None:
    expected = {
        5: Integer,
        2**40: BigInteger,
        "x": String,
        True: Boolean,
        1.5: Double,
        D("2.5"): Numeric,
        b"x": LargeBinary,
        datetime.date(2026, 1, 2): Date,
        datetime.datetime(2026, 1, 2): DateTime,
        datetime.time(1): Time,
        datetime.timedelta(1): Interval,
        uuid.UUID(int=1): Uuid,
    }
    for value, type_ in expected.items():
        assert isinstance(literal(value).type, type_), value
    assert isinstance(literal(None).type, types.NullType)
    assert Integer().python_type is int and String().python_type is str and Numeric().python_type is D
    assert DateTime().python_type is datetime.datetime and Boolean().python_type is bool
    with engine.connect() as connection:
        values = [5, "x", 1.5, None]
        assert list(connection.execute(select(*map(literal, values))).one()) == values
        assert connection.scalar(select(cast(literal(7), String(10)))) == "7"
