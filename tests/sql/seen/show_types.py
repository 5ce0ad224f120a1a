"""Types: how they show, what they are on each dialect, what copies, variants and values make of them."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import pickle
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from seeing import DIALECTS, without_addresses

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
    Text,
    Time,
    TupleType,
    Unicode,
    UnicodeText,
    Uuid,
    literal,
    types,
)
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.sql import operators
from relvar.types import MatchType, NullType

DIALECTS = {**DIALECTS, "mariadb": MariaDBDialect}


class Colour(enum.Enum):
    red = 1
    green = 2
    blue = 3
    rot = 1  # noqa: PIE796  # an alias, on purpose


class Level(enum.IntEnum):
    low = 1
    high = 2


class Word(str, enum.Enum):  # noqa: UP042  # as programs have them
    one = "uno"
    two = "dos"


class Flagged(enum.Flag):
    a = 1
    b = 2


def values_of(cls: Any) -> list[str]:
    return [str(m.value) for m in cls]


TYPES: dict[str, Callable[[], Any]] = {
    "BigInteger": lambda: BigInteger(),
    "Boolean": lambda: Boolean(),
    "Boolean ck": lambda: Boolean(create_constraint=True),
    "Boolean ck name": lambda: Boolean(create_constraint=True, name="ck"),
    "Boolean name": lambda: Boolean(name="ck"),
    "Date": lambda: Date(),
    "DateTime": lambda: DateTime(),
    "DateTime tz": lambda: DateTime(timezone=True),
    "Enum": lambda: Enum("a", "b", "long word"),
    "Enum name": lambda: Enum("a", "b", name="e"),
    "Enum schema": lambda: Enum("a", "b", name="e", schema="s"),
    "Enum quote": lambda: Enum("a", "b", name="e", quote=True),
    "Enum length": lambda: Enum("a", "b", name="e", length=10),
    "Enum length none": lambda: Enum("a", "b", name="e", length=None),
    "Enum length none not native": lambda: Enum("a", "b", name="e", length=None, native_enum=False),
    "Enum length not native": lambda: Enum("a", "b", name="e", length=10, native_enum=False),
    "Enum not native": lambda: Enum("a", "b", native_enum=False),
    "Enum not native ck": lambda: Enum("a", "b", native_enum=False, create_constraint=True, name="ck"),
    "Enum class": lambda: Enum(Colour),
    "Enum class aliases": lambda: Enum(Colour, omit_aliases=False),
    "Enum class by value": lambda: Enum(Colour, values_callable=values_of),
    "Enum int": lambda: Enum(Level),
    "Enum str": lambda: Enum(Word, validate_strings=True),
    "Enum flag": lambda: Enum(Flagged),
    "Enum sort": lambda: Enum(Colour, sort_key_function=lambda v: v.value),
    "Enum no sort": lambda: Enum(Colour, sort_key_function=None),
    "Enum not created": lambda: Enum("a", name="e", create_type=False),
    "Enum metadata": lambda: Enum("a", "b", name="e", metadata=MetaData(schema="ms")),
    "Enum of quotes": lambda: Enum("it's", 'a"b', "p%q", "back\\slash", "", name="e"),
    "Enum empty": lambda: Enum(name="e"),
    "Enum reserved name": lambda: Enum("a", name="select", schema="Order"),
    "Double": lambda: Double(),
    "Double decimal": lambda: Double(asdecimal=True, decimal_return_scale=4),
    "Float": lambda: Float(),
    "Float 10": lambda: Float(10),
    "Float 53 decimal": lambda: Float(53, asdecimal=True),
    "Float scale": lambda: Float(asdecimal=True, decimal_return_scale=3),
    "Integer": lambda: Integer(),
    "Interval": lambda: Interval(),
    "Interval not native": lambda: Interval(native=False),
    "Interval precisions": lambda: Interval(second_precision=3, day_precision=4),
    "LargeBinary": lambda: LargeBinary(),
    "LargeBinary 5": lambda: LargeBinary(5),
    "MatchType": lambda: MatchType(),
    "Numeric": lambda: Numeric(),
    "Numeric 10": lambda: Numeric(10),
    "Numeric 10 0": lambda: Numeric(10, 0),
    "Numeric 10 2": lambda: Numeric(10, 2),
    "Numeric None 2": lambda: Numeric(None, 2),
    "Numeric 5 -2": lambda: Numeric(5, -2),
    "Numeric float": lambda: Numeric(10, 2, asdecimal=False),
    "Numeric return": lambda: Numeric(10, 2, decimal_return_scale=6),
    "PickleType": lambda: PickleType(),
    "PickleType 2": lambda: PickleType(protocol=2),
    "PickleType all": lambda: PickleType(protocol=2, pickler=pickle, comparator=min, impl=LargeBinary(50)),
    "PickleType impl class": lambda: PickleType(impl=VARBINARY),
    "SmallInteger": lambda: SmallInteger(),
    "String": lambda: String(),
    "String 5": lambda: String(5),
    "String collation": lambda: String(5, collation="fi_FI"),
    "String collation only": lambda: String(collation="de-x"),
    "String collation schema": lambda: String(5, collation="fi_FI", collation_schema="pg_catalog"),
    "String reserved collation": lambda: String(collation="select"),
    "Text": lambda: Text(),
    "Text 5": lambda: Text(5, collation="C"),
    "Time": lambda: Time(),
    "Time tz": lambda: Time(timezone=True),
    "Unicode": lambda: Unicode(),
    "Unicode 5": lambda: Unicode(5, collation="x"),
    "UnicodeText": lambda: UnicodeText(),
    "UnicodeText 5": lambda: UnicodeText(5),
    "Uuid": lambda: Uuid(),
    "Uuid str": lambda: Uuid(as_uuid=False),
    "Uuid not native": lambda: Uuid(native_uuid=False),
    "Uuid str not native": lambda: Uuid(as_uuid=False, native_uuid=False),
    "UUID": lambda: UUID(),
    "UUID str": lambda: UUID(as_uuid=False),
    "ARRAY": lambda: ARRAY(Integer),
    "ARRAY of String": lambda: ARRAY(String(5)),
    "ARRAY 2": lambda: ARRAY(Integer(), dimensions=2, as_tuple=True, zero_indexes=True),
    "ARRAY of Enum": lambda: ARRAY(Enum(Colour)),
    "ARRAY of Numeric": lambda: ARRAY(Numeric(5, 2)),
    "JSON": lambda: JSON(),
    "JSON null": lambda: JSON(none_as_null=True),
    "NullType": lambda: NullType(),
    "TupleType": lambda: TupleType(Integer, String(5)),
    "BIGINT": lambda: BIGINT(),
    "BINARY": lambda: BINARY(),
    "BINARY 5": lambda: BINARY(5),
    "BLOB": lambda: BLOB(),
    "BLOB 5": lambda: BLOB(5),
    "BOOLEAN": lambda: BOOLEAN(),
    "CHAR": lambda: CHAR(),
    "CHAR 5": lambda: CHAR(5, collation="C"),
    "CLOB": lambda: CLOB(),
    "CLOB 5": lambda: CLOB(5),
    "DATE": lambda: DATE(),
    "DATETIME": lambda: DATETIME(),
    "DATETIME tz": lambda: DATETIME(timezone=True),
    "DECIMAL": lambda: DECIMAL(),
    "DECIMAL 5 2": lambda: DECIMAL(5, 2),
    "DECIMAL 5": lambda: DECIMAL(5),
    "DOUBLE": lambda: DOUBLE(),
    "DOUBLE_PRECISION": lambda: DOUBLE_PRECISION(),
    "FLOAT": lambda: FLOAT(),
    "FLOAT 5": lambda: FLOAT(5),
    "INT": lambda: INT(),
    "INTEGER": lambda: INTEGER(),
    "NCHAR": lambda: NCHAR(),
    "NCHAR 5": lambda: NCHAR(5),
    "NUMERIC": lambda: NUMERIC(),
    "NUMERIC 5 2": lambda: NUMERIC(5, 2),
    "NVARCHAR": lambda: NVARCHAR(),
    "NVARCHAR 5": lambda: NVARCHAR(5, collation="C"),
    "REAL": lambda: REAL(),
    "REAL 5": lambda: REAL(5),
    "SMALLINT": lambda: SMALLINT(),
    "TEXT": lambda: TEXT(),
    "TEXT 5": lambda: TEXT(5),
    "TIME": lambda: TIME(),
    "TIME tz": lambda: TIME(timezone=True),
    "TIMESTAMP": lambda: TIMESTAMP(),
    "TIMESTAMP tz": lambda: TIMESTAMP(timezone=True),
    "VARBINARY": lambda: VARBINARY(),
    "VARBINARY 5": lambda: VARBINARY(5),
    "VARCHAR": lambda: VARCHAR(),
    "VARCHAR 5": lambda: VARCHAR(5, collation="C"),
    "class Integer": lambda: Integer,
}


def told(make: Callable[[], Any]) -> str:
    """Return what comes out, or the error."""
    try:
        v = make()
        return v if isinstance(v, str) else repr(v)
    except Exception as error:  # the error is what is seen
        return f"{type(error).__name__}: {error}"


VALUES: dict[str, Any] = {
    "int": 5,
    "negative": -5,
    "big": 2**40,
    "str": "it's %",
    "backslash": "a\\b",
    "bytes": b"\x00\xff'",
    "float": 1.5,
    "bool": True,
    "false": False,
    "none": None,
    "decimal": decimal.Decimal("1.50"),
    "date": dt.date(2024, 5, 17),
    "datetime": dt.datetime(2024, 5, 17, 1, 2, 3, 45),
    "time": dt.time(1, 2, 3, 45),
    "aware": dt.datetime(2024, 5, 17, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "delta": dt.timedelta(days=-3, seconds=5, microseconds=7),
    "uuid": uuid.UUID(int=7),
    "uuid str": str(uuid.UUID(int=7)),
    "enum": Colour.green,
    "list": [1, 2],
    "dict": {"a": None},
    "tuple": (1, "x"),
}


def fitting(t: Any) -> list[tuple[str, Any]]:
    """Return the values that the type is made for."""
    kinds: tuple[type, ...] = (type(None),)
    if isinstance(t, (Numeric, Float, Integer)):
        kinds += (int, decimal.Decimal)
    if isinstance(t, (Numeric, Float)):
        kinds += (float,)
    if isinstance(t, JSON):
        kinds += (list, dict, str, int)
    if isinstance(t, DateTime):
        kinds += (dt.date,)
    if not isinstance(t, (types.PickleType, NullType, TupleType, JSON)):
        kinds += (t.python_type,)
    is_bool = isinstance(t, Boolean)
    return [
        (n, v) for n, v in VALUES.items() if isinstance(v, kinds) and (is_bool or not isinstance(v, bool))
    ]


def compared(t: Any) -> str:
    """Return which values take the type when compared with it, and which take another than their own."""
    found = {n: t.coerce_compared_value(operators.eq, v) for n, v in VALUES.items()}
    own = ", ".join(n for n, other in found.items() if other is t)
    odd = {
        n: other
        for n, other in found.items()
        if other is not t and repr(other) != repr(literal(VALUES[n]).type)
    }
    return f"{own}; else {odd}"


def facts(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a case: what the type says of itself."""

    def show() -> Any:
        t = types.to_instance(make())
        return (
            "repr " + told(lambda: t),
            "python_type " + told(lambda: t.python_type),
            "as_generic " + told(lambda: t.as_generic()),
            "as_generic null " + told(lambda: t.as_generic(allow_nulltype=True)),
            "copy " + told(lambda: t.copy()),
            "sort " + told(lambda: t.sort_key_function is None),
            "none "
            + told(
                lambda: (t.should_evaluate_none, t.evaluates_none().should_evaluate_none, t.evaluates_none())
            ),
            "hashable " + told(lambda: t.hashable),
            "affinity " + told(lambda: t._type_affinity.__name__),
            "operator classes " + told(lambda: t.operator_classes),
            "key same "
            + told(lambda: make()._static_cache_key == t._static_cache_key == t.copy()._static_cache_key),
            "variant " + told(lambda: t.with_variant(String(7), "sqlite", "mysql")),
            "str " + told(lambda: str(t)),
            "repr_struct " + told(lambda: str(t.repr_struct().set_class_name("Other"))),
            "pickle " + told(lambda: pickle.loads(pickle.dumps(t))),
            "kind " + told(lambda: (t._isnull, t._is_array, t._is_tuple_type, t._is_type_decorator)),
            "cmp " + told(lambda: t.compare_values(1, 1)),
            "compared " + told(lambda: compared(t)),
        )

    return show


def casts(t: Any, dialect: Any) -> tuple[bool, bool]:
    """Return whether parameters and literals are cast on *dialect*."""
    impl = t.dialect_impl(dialect)
    return impl.render_bind_cast, impl.render_literal_cast


def sent(t: Any, value: Any, dialect: Any) -> Any:
    """Return what the driver gets for *value*."""
    process = t._cached_bind_processor(dialect)
    return value if process is None else process(value)


def inlined(t: Any, value: Any, dialect: Any) -> str:
    """Return how *value* is written into the text."""
    return str(literal(value, t).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def by_dialect(what: str, look: Callable[[Any], Any]) -> str:
    """Return what *look* says of each dialect; dialects that say the same are named together."""
    said: dict[str, list[str]] = {}
    for name, factory in DIALECTS.items():
        said.setdefault(without_addresses(told(partial(look, factory()))), []).append(name)
    return f"{what} " + "; ".join(f"[{' '.join(names)}] {text}" for text, names in said.items())


def on_dialects(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a case: how every dialect spells the type."""

    def show() -> Any:
        t = types.to_instance(make())
        return by_dialect("ddl", t.compile), by_dialect("casts", partial(casts, t))

    return show


def of_values(look: Callable[[Any, Any, Any], Any], make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a case: what *look* says of each fitting value on every dialect."""

    def show() -> Any:
        t = types.to_instance(make())
        return tuple(by_dialect(n, partial(look, t, v)) for n, v in fitting(t))

    return show


# Written differently on purpose; see docs/from-sqlalchemy.md and test_literals_on_servers.py.
_OTHER_LITERALS = ("JSON", "Interval", "LargeBinary", "BLOB", "BINARY", "VARBINARY", "PickleType", "ARRAY")
_OTHER_BINDS = (
    "JSON",
    "ARRAY",
    "Float",
    "FLOAT",
    "REAL",
    "UUID",
    "Uuid",
    "Time",
    "TIME",
    "DateTime",
    "TupleType",
    "MatchType",
    "Enum",
)
_OTHER_FACTS = ("TupleType", "Enum not created", "Interval not native")
_OTHER_DDL = ("TupleType", "VARBINARY", "PickleType impl class")

CASES: dict[str, Any] = {}
for _n, _m in TYPES.items():
    if _n not in _OTHER_FACTS:
        CASES[f"facts of {_n}"] = facts(_m)
    if _n not in _OTHER_DDL:
        CASES[f"dialects of {_n}"] = on_dialects(_m)
    if not _n.startswith(_OTHER_LITERALS):
        CASES[f"literals of {_n}"] = of_values(inlined, _m)
    if not _n.startswith(_OTHER_BINDS):
        CASES[f"binds of {_n}"] = of_values(sent, _m)
