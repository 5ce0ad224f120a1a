"""Types: what a cast, a parameter and a criterion of each type look like on each database."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Callable, Iterator
from typing import Any

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
    DOUBLE_PRECISION,
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
    UnicodeText,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    table,
    text,
    tuple_,
    type_coerce,
    union,
    update,
)
from relvar.sql import operators
from relvar.types import Concatenable, Indexable, MatchType, NullType, TypeEngine, UserDefinedType

Case = tuple[str, Any]


class Colour(enum.Enum):
    """Members in no order of their names."""

    red = "r"
    green = "g"
    blue = "b"


class Shout(TypeDecorator[str]):
    """Stored in capitals."""

    impl = String(30)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()


class ByDatabase(TypeDecorator[Any]):
    """A UUID where there is one, digits elsewhere."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID())
        return dialect.type_descriptor(String(32))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return String() if isinstance(value, str) else self


class Wrapped(TypeDecorator[Any]):
    """Goes in and comes out through functions."""

    impl = String
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.wrap_in(bindvalue, type_=self)

    def column_expression(self, column: Any) -> Any:
        return func.wrap_out(column, type_=self)


class Geometry(UserDefinedType[Any]):
    """A type from scratch, with SQL of its own."""

    cache_ok = True

    def __init__(self, srid: int = 4326) -> None:
        self.srid = srid

    def get_col_spec(self, **kw: Any) -> str:
        return f"GEOMETRY({self.srid})"

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.ST_GeomFromText(bindvalue, self.srid, type_=self)

    def column_expression(self, col: Any) -> Any:
        return func.ST_AsText(col, type_=self)


class LogInt(Integer):
    """An integer with operators of its own."""

    class comparator_factory(Integer.Comparator[Any]):
        """They are functions."""

        def log(self, other: Any) -> Any:
            """Return a logarithm."""
            return func.log(self.expr, other)

        def __mod__(self, other: Any) -> Any:
            return func.my_mod(self.expr, other)


class Path(Indexable, Concatenable, TypeEngine[Any]):
    """Can be indexed and concatenated."""

    class Comparator(Indexable.Comparator[Any], Concatenable.Comparator[Any]):
        """An element is an integer."""

        def _setup_getitem(self, index: Any) -> Any:
            return operators.getitem, index, Integer()

    comparator_factory = Comparator


GENERIC: list[tuple[str, Callable[[], Any], Any]] = [
    ("BigInteger", BigInteger, 2**40),
    ("Boolean", lambda: Boolean(create_constraint=True, name="ck"), True),
    ("Date", Date, dt.date(2024, 5, 17)),
    ("DateTime", DateTime, dt.datetime(2024, 5, 17, 1, 2, 3)),
    ("DateTime tz", lambda: DateTime(timezone=True), dt.datetime(2024, 5, 17, tzinfo=dt.UTC)),
    ("Double", Double, 1.5),
    ("Float", Float, 1.5),
    ("Float 10", lambda: Float(10), 1.5),
    ("Float decimal", lambda: Float(53, asdecimal=True, decimal_return_scale=3), decimal.Decimal("1.5")),
    ("Integer", Integer, -5),
    ("Interval", lambda: Interval(second_precision=3, day_precision=2), dt.timedelta(days=-1)),
    ("LargeBinary", lambda: LargeBinary(50), b"\x00\xff"),
    ("MatchType", MatchType, True),
    ("Numeric", lambda: Numeric(10, 2), decimal.Decimal("1.50")),
    ("Numeric float", lambda: Numeric(10, 2, asdecimal=False, decimal_return_scale=4), 1.5),
    ("PickleType", lambda: PickleType(protocol=2, impl=LargeBinary(500)), None),
    ("SmallInteger", SmallInteger, 5),
    ("String", lambda: String(50), "it's"),
    ("String collation", lambda: String(50, collation="fi_FI"), "x"),
    ("Text", Text, "x"),
    ("Time", Time, dt.time(1, 2, 3, 45)),
    ("Time tz", lambda: Time(timezone=True), dt.time(1, tzinfo=dt.UTC)),
    ("Unicode", lambda: Unicode(50), "é"),
    ("UnicodeText", UnicodeText, "é"),
    ("Uuid", Uuid, uuid.UUID(int=7)),
    ("Uuid str", lambda: Uuid(as_uuid=False), str(uuid.UUID(int=7))),
    ("Uuid not native", lambda: Uuid(native_uuid=False), uuid.UUID(int=7)),
]
STANDARD: list[tuple[str, Callable[[], Any], Any]] = [
    ("ARRAY", lambda: ARRAY(Integer), [1]),
    ("BIGINT", BIGINT, 5),
    ("BINARY", lambda: BINARY(5), b"x"),
    ("BLOB", BLOB, b"x"),
    ("BOOLEAN", BOOLEAN, True),
    ("CHAR", lambda: CHAR(5), "x"),
    ("CLOB", CLOB, "x"),
    ("DATE", DATE, dt.date(2024, 5, 17)),
    ("DATETIME", lambda: DATETIME(timezone=True), dt.datetime(2024, 5, 17)),
    ("DECIMAL", lambda: DECIMAL(5, 2), decimal.Decimal(1)),
    ("DOUBLE", DOUBLE, 1.5),
    ("DOUBLE_PRECISION", DOUBLE_PRECISION, 1.5),
    ("FLOAT", lambda: FLOAT(5), 1.5),
    ("INT", INT, 5),
    ("INTEGER", INTEGER, 5),
    ("JSON", JSON, {"a": 1}),
    ("NCHAR", lambda: NCHAR(5), "x"),
    ("NUMERIC", lambda: NUMERIC(5, 2), decimal.Decimal(1)),
    ("NVARCHAR", lambda: NVARCHAR(5), "x"),
    ("REAL", REAL, 1.5),
    ("SMALLINT", SMALLINT, 5),
    ("TEXT", TEXT, "x"),
    ("TIME", lambda: TIME(timezone=True), dt.time(1)),
    ("TIMESTAMP", lambda: TIMESTAMP(timezone=True), dt.datetime(2024, 5, 17)),
    ("UUID", UUID, uuid.UUID(int=7)),
    ("VARBINARY", lambda: VARBINARY(5), b"x"),
    ("VARCHAR", lambda: VARCHAR(5, collation="C"), "x"),
]


def used(kinds: list[tuple[str, Callable[[], Any], Any]]) -> Iterator[Case]:
    """Cast to each type, compare with a value of it, insert and select it."""
    for name, make, value in kinds:
        type_ = make()
        c = column("x", type_)
        t = table("t", c)
        yield f"{name} cast", select(cast(column("y"), type_), cast(value, type_))
        yield f"{name} compared", select(c).where(c == value, c != bindparam("p", value, type_), c.is_(None))
        yield f"{name} in", select(c).where(c.in_([value, None]))
        yield f"{name} insert", insert(t).values(x=value).returning(t.c.x)
        yield f"{name} update", update(t).values(x=value)
        yield (
            f"{name} value",
            select(literal(value, type_), func.f(c), type_coerce(value, type_)),
        )


def enums() -> Iterator[Case]:
    """Python enums, strings, native or not."""
    kinds = {
        "class": Enum(Colour),
        "values": Enum(Colour, values_callable=lambda e: [m.value for m in e], name="v", schema="s"),
        "strings": Enum("a", "it's", "50%", name="e", validate_strings=True),
        "not native": Enum(Colour, native_enum=False, create_constraint=True, length=20),
        "quoted": Enum("a", name="Mixed", quote=True),
    }
    for name, type_ in kinds.items():
        c = column("x", type_)
        value: Any = Colour.red if type_.enum_class else "a"
        yield f"{name} compared", select(c == value, c != value, c.in_([value]), c.is_(None))
        yield f"{name} text", select(c.like("r%"), c + "x", "x" + c, c.concat(c), func.lower(c))
        yield f"{name} cast", select(cast(c, String), cast(column("y"), type_), cast(value, type_))
        yield f"{name} case", select(case((c == value, value), else_=c))
        yield f"{name} insert", insert(table("t", c)).values(x=value)


def json() -> Iterator[Case]:
    """Both kinds of null; elements are in the cases of expressions."""
    for name, type_ in {"json": JSON(), "none as null": JSON(none_as_null=True)}.items():
        c = column("x", type_)
        t = table("t", c)
        for shown, value in {"None": None, "NULL": JSON.NULL, "null()": null(), "dict": {"a": None}}.items():
            yield f"{name} insert {shown}", insert(t).values(x=value)
            yield f"{name} update {shown}", update(t).values(x=value)
            yield f"{name} compared {shown}", select(c == value)
        yield f"{name} cast", select(cast({"a": 1}, type_), cast(c, String), cast(c, JSON))


def uuids() -> Iterator[Case]:
    """Compared with objects and strings."""
    value = uuid.UUID(int=7)
    for name, type_ in {
        "objects": Uuid(),
        "strings": Uuid(as_uuid=False),
        "digits": Uuid(native_uuid=False),
        "standard": UUID(),
    }.items():
        c = column("x", type_)
        given: Any = value if type_.as_uuid else str(value)
        yield f"{name} compared", select(c == given, c.in_([given]), c < given)
        yield f"{name} text", select(c == str(value), cast(c, String), func.lower(c))


def arrays() -> Iterator[Case]:
    """Indexes, slices and comparisons."""
    for name, type_ in {
        "plain": ARRAY(Integer),
        "zero": ARRAY(Integer, zero_indexes=True),
        "two": ARRAY(Integer, dimensions=2),
        "tuples": ARRAY(String(5), as_tuple=True),
        "enum": ARRAY(Enum(Colour)),
    }.items():
        c = column("x", type_)
        yield f"{name} index", select(c[1], c[1:3], c[column("i")])
        yield f"{name} cast", select(cast(column("y"), type_))
        yield f"{name} null", select(c.is_(None), c == c, c + c)


def numbers() -> Iterator[Case]:
    """Exact and floating point numbers together."""
    kinds = {
        "integer": column("i", Integer),
        "numeric": column("n", Numeric(10, 2)),
        "float": column("f", Float),
        "double": column("d", Double),
    }
    for first, a in kinds.items():
        yield f"{first} unary", select(-a, func.abs(a), func.sum(a), func.avg(a))
        for second, b in kinds.items():
            yield f"{first} {second}", select(a + b, a - b, a * b, a / b, a // b, a % b)
        for value in (2, 2.5, decimal.Decimal("2.5")):
            yield f"{first} and {value!r}", select(a + value, a / value, value - a, a == value)


def booleans() -> Iterator[Case]:
    """As criteria and as values."""
    b, d = column("b", Boolean), column("d", Boolean(create_constraint=True, name="ck"))
    yield "criteria", select(b).where(b, ~d)
    yield "values", select(b == True, b != False, b.is_(True), d.is_not(False), b & d, b | ~d)
    yield "literals", select(literal(True), literal(False), cast(True, Boolean), type_coerce(1, Boolean))
    yield "case", select(case((b, True), else_=False))
    yield "insert", insert(table("t", b, d)).values(b=True, d=False)
    yield "match", select(column("s", String).match("x"))


def decorators() -> Iterator[Case]:
    """Decorated columns in every place."""
    for name, type_, value in (("shout", Shout(), "a"), ("by database", ByDatabase(), uuid.UUID(int=7).hex)):
        c = column("x", type_)
        t = table("t", c, column("y", Integer))
        yield f"{name} select", select(c, c.label("z"), func.max(c)).where(c == value, c.in_([value]))
        yield (
            f"{name} operators",
            select(c + "b", c.like("q%"), c.is_(None), c == None, c.between(value, "z")),
        )
        yield f"{name} case", select(case((c == value, value), else_=c))
        yield f"{name} cast", select(cast(value, type_), cast(c, Integer), type_coerce(c, String) + "q")
        yield f"{name} insert", insert(t).values(x=value, y=1).returning(t.c.x)
        yield f"{name} many", insert(t).values([{"x": value, "y": 1}, {"x": None, "y": 2}])
        yield f"{name} update", update(t).values(x=value).where(t.c.x != "b")
        yield f"{name} subquery", select(select(c).subquery().c.x).where(text("1 = 1"))
        yield f"{name} variant", select(cast("q", type_.with_variant(Text(), "mysql", "sqlite")))


def user_types() -> Iterator[Case]:
    """A type that spells itself."""
    for name, type_ in {"geometry": Geometry(), "argument": Geometry(5)}.items():
        c = column("g", type_)
        yield f"{name} cast", select(cast("p", type_), cast(c, String))
        yield f"{name} compared", select(c).where(c == "p", c != 5)
        yield f"{name} operators", select(c + "p", c.op("<->")("p"))


def variants() -> Iterator[Case]:
    """One type here, another there."""
    type_ = String(5).with_variant(Integer(), "sqlite").with_variant(Text(), "postgresql", "mssql")
    wrapped = String().with_variant(Wrapped(), "postgresql", "mysql")
    yield "cast", select(cast(column("x"), type_))
    yield "compared", select(column("x", type_) == "5", column("x", type_).in_(["5"]))
    yield "wrapped", select(column("x", wrapped) == "5")
    yield "wrapped otherwise", select(column("x", Wrapped().with_variant(String(), "postgresql")) == "5")
    yield "insert", insert(table("t", column("x", wrapped))).values(x="5")


def nones() -> Iterator[Case]:
    """None as a value of its type, or as NULL."""
    for name, type_ in {"string": String(), "evaluated": String().evaluates_none(), "json": JSON()}.items():
        t = table("t", column("x", type_))
        yield f"{name} insert", insert(t).values(x=None)
        yield f"{name} null", insert(t).values(x=null())
        yield f"{name} update", update(t).values(x=None)


def wrapped() -> Iterator[Case]:
    """SQL around parameters and around selected columns."""
    t = Table(
        "t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Wrapped), Column("g", Geometry)
    )
    x, g = t.c.x, t.c.g
    yield "select", select(x, g, t.c.id)
    yield "where", select(t.c.id).where(x == "a", x.in_(["a", "b"]), x.in_([]), x.between("a", "b"))
    yield "label", select(x.label("q"), func.lower(x), x + "y").order_by(x).group_by(x)
    yield "subquery", select(select(x, g).subquery().c.x)
    yield "cte", select(select(x).cte("q"))
    yield "scalar", select(select(x).scalar_subquery())
    yield "alias", select(t.alias("z").c.x).where(t.alias("z").c.x == "a")
    yield "union", union(select(x), select(x))
    yield "union subquery", union(select(x), select(x)).subquery().select()
    yield "insert", insert(t).values(x="a", g="p")
    yield "insert many", insert(t).values([{"x": "a"}, {"x": "b"}])
    yield "insert from", insert(t).from_select(["x"], select(x))
    yield "insert returning", insert(t).values(x="a").returning(x, g.label("q"))
    yield "update", update(t).values(x="a", g="p").where(x == "b").returning(x)
    yield "delete", delete(t).where(x == "a").returning(x)
    yield "case", select(case((x == "a", "b"), else_=x), func.coalesce(x, "z"))
    yield (
        "cast",
        select(cast(x, String), cast("a", Wrapped()), type_coerce("a", Wrapped())),
    )
    yield "tuple", select(t.c.id).where(tuple_(x, t.c.id).in_([("a", 1)]))
    yield "text", select(text("select x from t").columns(x).subquery())


def comparators() -> Iterator[Case]:
    """Operators that only a type has."""
    n, path = column("n", LogInt), column("p", Path)
    yield "log", select(n.log(5), n % 7, n + 1, (n + 1).log(2), func.max(n, type_=LogInt()).log(3))
    yield "cast", select(cast("5", LogInt()).log(2), literal(5, LogInt()).log(2))
    yield "index", select(path[5], path + "x", path.concat("y"))
    yield "concatenable", select(column("a", String) + "x", column("a", Integer) + "x", column("a", Text) + 5)


def schema_types() -> Iterator[Case]:
    """Types that live in a schema."""
    for name, type_ in {
        "schema": Enum("a", name="e", schema="s"),
        "metadata": Enum("a", name="e", metadata=MetaData(schema="m")),
        "quoted": Enum("a", name="Select", schema="My Schema"),
        "boolean": Boolean(create_constraint=True, name="b"),
    }.items():
        value: Any = True if name == "boolean" else "a"
        yield f"{name} cast", select(cast(column("x"), type_), cast(value, type_))
        yield f"{name} compared", select(column("x", type_) == value)


def inferred() -> Iterator[Case]:
    """Which type a plain value has."""
    for value in (
        5,
        2**31,
        2**40,
        -(2**63),
        True,
        1.5,
        decimal.Decimal("1.5"),
        "x",
        "é",
        b"x",
        None,
        dt.date(2024, 5, 17),
        dt.datetime(2024, 5, 17),
        dt.datetime(2024, 5, 17, tzinfo=dt.UTC),
        dt.time(1),
        dt.timedelta(1),
        uuid.UUID(int=7),
    ):
        yield f"literal {value!r}", select(literal(value))
        yield f"bind {value!r}", select(bindparam("p", value), func.f(value))
        yield f"compared {value!r}", select(column("x") == value)


def null_types() -> Iterator[Case]:
    """Columns of which nothing is known."""
    x, y = column("x"), column("y", Integer)
    yield "operators", select(x + y, y + x, x - y, x * 5, x / 5, x == "a", x.concat("b"), -x)
    yield "values", select(literal(None), cast(None, Integer), bindparam("p"))
    yield "given later", select(type_coerce(x, Integer) / 2, type_coerce(x, String) + "q")
    yield "null type", select(column("x", NullType()) == 5)
    yield "case", select(case((x, 5), else_="a"), func.coalesce(None, 5), case((x, None), else_=5))


CASES: dict[str, Callable[[], Iterator[Case]]] = {
    "D069": lambda: used(GENERIC),
    "D070": lambda: used(STANDARD),
    "D071": enums,
    "D072": json,
    "D073": uuids,
    "D074": arrays,
    "D075": numbers,
    "D076": booleans,
    "D077": decorators,
    "D078": user_types,
    "D079": variants,
    "D080": nones,
    "D081": wrapped,
    "D082": comparators,
    "D083": schema_types,
    "D084": inferred,
    "D085": null_types,
}
