"""What None is, which type a value has, types with DDL, and the values each type refuses."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import operator as py
import uuid
from typing import Any

from own_types import (
    Colour,
    Upper,
    bound,
    fetched,
    lit,
    tab,
)

from relvar import (
    ARRAY,
    INTEGER,
    JSON,
    VARCHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
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
    Text,
    Unicode,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    table,
    types,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect
from relvar.schema import CreateTable
from relvar.types import NullType, SchemaType

CASES: dict[str, Any] = {
    # None
    "evaluates none": lambda: (
        JSON().should_evaluate_none,
        JSON(none_as_null=True).should_evaluate_none,
        PickleType().should_evaluate_none,
        Upper().evaluates_none().should_evaluate_none,
        Upper().should_evaluate_none,
        repr(Upper().evaluates_none()),
    ),
    "evaluates none insert": lambda: tuple(
        insert(table("t", column("q", ty))).values(q=None)
        for ty in (String().evaluates_none(), String(), JSON(), JSON(none_as_null=True), PickleType())
    ),
    "json null": lambda: tuple(
        insert(table("t", column("q", JSON()))).values(q=v)
        for v in (None, null(), JSON.NULL, "null", {"a": None}, [])
    ),
    "json null bound": lambda: tuple(
        bound(ty, v, postgresql.dialect() if False else DefaultDialect())
        for ty in (JSON(), JSON(none_as_null=True))
        for v in (None, null(), JSON.NULL, "null", {"a": None}, [], 5, "é\u2028", float("nan"))
    ),
    "json fetched": lambda: tuple(
        fetched(JSON(), v, DefaultDialect()) for v in (None, "null", "5", '"x"', "[1]", b"{}")
    ),
    "json bad": lambda: bound(JSON(), object()),
    "json bad text": lambda: fetched(JSON(), "{"),
    "json null repr": lambda: (
        repr(JSON.NULL),
        str(JSON.NULL),
        bool(JSON.NULL),
        JSON.NULL is JSON.NULL,
        JSON().copy().none_as_null,
    ),
    "json null compared": lambda: (
        column("q", JSON) == None,
        column("q", JSON) == JSON.NULL,
        column("q", JSON) == null(),
        column("q", JSON)["a"] == None,
        column("q", JSON).is_(None),
        column("q", JSON)["a"] == JSON.NULL,
    ),
    # python types and inference
    "inferred": lambda: tuple(
        repr(literal(v).type)
        for v in (
            5,
            2**31 - 1,
            2**31,
            -(2**31),
            -(2**31) - 1,
            2**40,
            True,
            1.5,
            decimal.Decimal(1),
            "x",
            "é",
            b"x",
            bytearray(b"x"),
            memoryview(b"x"),
            None,
            dt.date(2020, 1, 1),
            dt.datetime(2020, 1, 1),
            dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
            dt.time(1),
            dt.time(1, tzinfo=dt.UTC),
            dt.timedelta(1),
            uuid.UUID(int=1),
            Colour.red,
            (1, 2),
            [1],
            {"a": 1},
            {1},
            frozenset(),
            complex(1, 2),
            range(3),
            object,
            py,
        )
    ),
    "inferred subclasses": lambda: tuple(
        repr(literal(v).type)
        for v in (
            type("I", (int,), {})(5),
            type("S", (str,), {})("x"),
            type("D", (dt.datetime,), {})(2020, 1, 1),
            type("F", (float,), {})(1.5),
            enum.IntEnum("N", "a b").a,
        )
    ),
    "inferred sql object": lambda: literal(column("q")),
    "inferred table": lambda: literal(table("q")),
    "inferred select": lambda: literal(select(column("q"))),
    "inferred type": lambda: literal(Integer()),
    "bindparam types": lambda: tuple(
        repr(b.type)
        for b in (
            bindparam("q"),
            bindparam("q", 5),
            bindparam("q", type_=Integer),
            bindparam("q", [1, 2], expanding=True),
            bindparam("q", [(1, "a")], expanding=True),
            bindparam("q", callable_=lambda: 5),
            bindparam("q", None),
            bindparam("q", []),
            bindparam("q", "x", type_=Integer()),
        )
    ),
    "case types": lambda: tuple(
        repr(e.type)
        for e in (
            case((column("a"), 5), else_="x"),
            case((column("a"), None), else_=5),
            case((column("a"), None)),
            func.coalesce(None, 5),
            func.max(5),
            literal(None) + 5,
            column("a") + 5,
            column("a") == 5,
            5 + column("a"),
        )
    ),
    "to instance": lambda: tuple(
        repr(types.to_instance(v)) for v in (Integer, Integer(), None, NullType, String(5))
    ),
    "to instance args": lambda: repr(types.to_instance(String, 5)),
    "to instance function": lambda: repr(types.to_instance(lambda: Integer())),
    "to instance nonsense": lambda: repr(types.to_instance("x")),
    "adapt type": lambda: tuple(
        repr(types.adapt_type(v, {String: Text, Integer: BigInteger}))
        for v in (String, String(5), Integer(), VARCHAR(3), Boolean(), INTEGER)
    ),
    "null type ddl": lambda: CreateTable(tab(NullType())),
    "null type ddl table": lambda: CreateTable(Table("t", MetaData(), Column("id", Integer), Column("q"))),
    "null type compile": lambda: NullType().compile(),
    "null type str": lambda: (str(NullType()), repr(NullType()), str(column("q").type)),
    "null type cast": lambda: cast("x", NullType()),
    "null type cast text": lambda: str(cast("x", NullType()).compile(dialect=sqlite.dialect())),
    "null type literal": lambda: lit(literal(object(), NullType())),
    "all: null type": lambda: select(
        column("q") + 5,
        column("q") == "x",
        column("q").concat("z"),
        column("q")["a"] if False else column("q"),
    ),
    "null index": lambda: column("q")["a"],
    "null contains": lambda: column("q").contains("a"),
    "null operators": lambda: tuple(
        repr(e.type)
        for e in (
            column("q") + column("r", Integer),
            column("q", Integer) + column("r"),
            column("q") - column("r", Integer),
            column("q") * 5,
            column("q") / 5,
            column("q").op("@")(5),
            -column("q"),
            ~column("q"),
            column("q") & column("r"),
        )
    ),
    "null type literal none": lambda: (
        lit(literal(None)),
        lit(select(null())),
        repr(null().type),
        repr(literal_column("x").type),
        repr(func.foo().type),
    ),
    "column type refused": lambda: Column("q", "nonsense"),
    "column type number": lambda: Column("q", 5),
    "column type class": lambda: repr(Column("q", dict)),
    "array item refused": lambda: ARRAY("x").compile(dialect=postgresql.dialect()),
    "array no item": lambda: ARRAY(),
    # SchemaType
    "schema type repr": lambda: (repr(SchemaType()), repr(SchemaType(name="x", schema="s"))),
    "schema type attributes": lambda: tuple(
        (t.name, t.schema, t.metadata is not None, t.create_type)
        for t in (
            SchemaType(),
            SchemaType(name="x", schema="s", metadata=MetaData(schema="m")),
            SchemaType(name="x", metadata=MetaData(schema="m")),
            SchemaType("n", create_type=False),
        )
    ).__repr__(),
    "schema type inherit": lambda: SchemaType(name="x", inherit_schema=True),
    "schema type inherit property": lambda: Enum("a", name="x").inherit_schema,
    "schema type quote": lambda: tuple(
        CreateTable(Table("t", MetaData(), Column("q", Enum("a", name=nm, quote=q))))
        .compile(dialect=postgresql.dialect())
        .string
        for nm, q in (("Ab", None), ("ab", True), ("Ab", False), ("select", None))
    ),
    "enum schemas": lambda: tuple(
        str(
            CreateTable(
                Table("t", MetaData(schema=ms), Column("q", Enum("a", name="e", **kw)), schema=ts)
            ).compile(dialect=postgresql.dialect())
        )
        for ms in (None, "m")
        for ts in (None, "t")
        for kw in ({}, {"schema": "s"}, {"schema": None}, {"metadata": MetaData(schema="em")})
    ),
    "enum inherit schema": lambda: (
        CreateTable(
            Table("t", MetaData(), Column("q", Enum("a", name="e", inherit_schema=True)), schema="ts")
        )
        .compile(dialect=postgresql.dialect())
        .string
    ),
    "postgresql: enum translate map": lambda: str(
        CreateTable(Table("t", MetaData(), Column("q", Enum("a", name="e")))).compile(
            dialect=postgresql.dialect(), schema_translate_map={None: "z"}
        )
    ),
    "enum to_metadata": lambda: repr(
        Table("t", MetaData(), Column("q", Enum("a", name="e", schema="s")))
        .to_metadata(MetaData(schema="n"), schema="w")
        .c.q.type
    ),
    "boolean ck": lambda: tuple(
        str(
            CreateTable(
                Table(
                    "t", MetaData(naming_convention=nc), Column("q", Boolean(create_constraint=True, name=nm))
                )
            ).compile(dialect=d)
        )
        for nc in (
            None,
            {"ck": "ck_%(table_name)s_%(constraint_name)s"},
            {"ck": "ck_%(table_name)s_%(column_0_name)s"},
        )
        for nm in (None, "flag")
        for d in (DefaultDialect(), sqlite.dialect())
        if not (nc and nm is None and "constraint" in nc["ck"])
    ),
    "boolean ck no name": lambda: (
        CreateTable(
            Table(
                "t",
                MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
                Column("q", Boolean(create_constraint=True)),
            )
        )
        .compile(dialect=sqlite.dialect())
        .string
    ),
    "enum ck": lambda: tuple(
        str(
            CreateTable(
                Table(
                    "t",
                    MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
                    Column(
                        "q", Enum("a", "it's", "50%", native_enum=False, create_constraint=True, name="flag")
                    ),
                )
            ).compile(dialect=d)
        )
        for d in (DefaultDialect(), sqlite.dialect(), postgresql.dialect(), mysql.dialect())
    ),
    "boolean constraint list": lambda: (
        tuple(
            f"{k.name} {k.sqltext}"
            for k in Table(
                "t",
                MetaData(),
                Column("q", Boolean(create_constraint=True, name="x")),
                Column("r", Enum("a", "b", native_enum=False, create_constraint=True, name="y")),
            ).constraints
            if isinstance(k, CheckConstraint)
        ).__class__.__name__
    ),
    "boolean in literals": lambda: (
        literal(True),
        literal(False),
        column("b", Boolean) == True,
        column("b", Boolean).is_(True),
        ~column("b", Boolean),
        column("b", Boolean) & column("d", Boolean),
    ),
    "all: boolean where": lambda: select(column("b", Boolean)).where(
        column("b", Boolean), ~column("d", Boolean), column("e", Boolean).is_(False)
    ),
    "boolean bad": lambda: tuple(bound(Boolean(), v) for v in (True, False, None, 1, 0, 1.0)),
    "boolean bad 2": lambda: bound(Boolean(), 2),
    "boolean bad str": lambda: bound(Boolean(), "true"),
    "boolean fetched": lambda: tuple(fetched(Boolean(), v) for v in (1, 0, None, True, 5)),
    # Enum
    "enum class with other": lambda: Enum(Colour, "x").enums,
    "enum length": lambda: Enum("abc", length=2),
    "enum length class": lambda: Enum(Colour, length=3),
    "enum unknown argument": lambda: repr(Enum("a", bogus=1)),
    "enum bound": lambda: tuple(bound(Enum(Colour), v) for v in (Colour.red, "red", "nope", None)),
    "enum bound bad": lambda: bound(Enum(Colour), 5),
    "enum bound bad object": lambda: bound(Enum(Colour, validate_strings=True), "nope"),
    "enum bound unhashable": lambda: bound(Enum("a"), []),
    "enum fetched": lambda: tuple(fetched(Enum(Colour), v) for v in ("red", "green", None)),
    "enum fetched bad": lambda: fetched(Enum(Colour), "nope"),
    "enum fetched bad strings": lambda: fetched(Enum("a", "b"), "nope"),
    "enum many": lambda: bound(
        Enum(*[f"value number {i}" * (1 + i % 2) for i in range(9)], validate_strings=True), "x"
    ),
    "enum values callable": lambda: (
        bound(Enum(Colour, values_callable=lambda e: ["r", "g"]), Colour.red),
        fetched(Enum(Colour, values_callable=lambda e: ["r", "g"]), "g"),
        bound(Enum(Colour, values_callable=lambda e: ["r", "g"]), "red"),
        repr(Enum(Colour, values_callable=lambda e: ["r", "g"])),
    ),
    "enum values callable bad": lambda: bound(
        Enum(Colour, values_callable=lambda e: ["r", "g"], validate_strings=True), "red"
    ),
    "enum literal": lambda: (
        lit(literal(Colour.red, Enum(Colour))),
        lit(column("q", Enum(Colour)) == Colour.green),
        lit(column("q", Enum(Colour)).in_([Colour.red, "green"])),
    ),
    "enum compared": lambda: (
        column("q", Enum(Colour)) == Colour.red,
        column("q", Enum(Colour)) == "red",
        column("q", Enum(Colour)) + "x",
        column("q", Enum(Colour)).like("r%"),
        repr((column("q", Enum(Colour)) + "x").type),
        repr((column("q", Enum(Colour)) == "red").right.type),
    ),
    "enum sort": lambda: (
        Enum(Colour).sort_key_function(Colour.red),
        Enum("b", "a").sort_key_function("b"),
        Enum(Colour, sort_key_function=None).sort_key_function,
        Enum(Colour, sort_key_function=lambda v: v.value).sort_key_function(Colour.green),
    ).__repr__(),
    "enum of values": lambda: (repr(Enum(1, 2)),),
    "enum duplicates": lambda: Enum("a", "a").enums,
    "enum list": lambda: Enum(["a", "b"]).enums,
    "all: enum ddl": lambda: CreateTable(
        tab(
            Enum(Colour),
            Enum("x", "y", name="e2"),
            Enum("x", native_enum=False),
            Enum(Colour, length=30, native_enum=False, create_constraint=True, name="ck"),
        )
    ),
    "postgresql: enum without name": lambda: CreateTable(tab(Enum("x", "y"))),
    "mysql: enum quoting": lambda: CreateTable(tab(Enum("it's", "a\\b", "50%", '"q"'))),
    # Interval, Uuid, Pickle
    "interval epoch": lambda: (
        bound(Interval(), dt.timedelta(days=1)),
        fetched(Interval(), dt.datetime(1970, 1, 3)),
        repr(Interval.epoch),
        bound(Interval(), None),
        bound(Interval(), dt.timedelta(days=1), postgresql.dialect()),
        bound(Interval(native=False), dt.timedelta(days=1), sqlite.dialect()),
    ),
    "interval bad": lambda: bound(Interval(), 5),
    "interval types": lambda: tuple(
        repr(e.type)
        for e in (
            column("a", DateTime) - column("b", DateTime),
            column("a", Date) - column("b", Date),
            column("a", DateTime) + dt.timedelta(1),
            column("a", Interval) + column("b", Interval),
            column("a", Interval) * 5,
            column("a", Date) + column("b", Interval),
            func.now() - column("a", DateTime),
        )
    ),
    "uuid bound": lambda: tuple(
        bound(ty, v, d)
        for ty, v in (
            (Uuid(), uuid.UUID(int=5)),
            (Uuid(as_uuid=False), str(uuid.UUID(int=5))),
            (Uuid(native_uuid=False), uuid.UUID(int=5)),
            (Uuid(), None),
        )
        for d in (DefaultDialect(), sqlite.dialect(), postgresql.dialect())
    ),
    "uuid bad": lambda: bound(Uuid(), "x"),
    "uuid bad 2": lambda: bound(Uuid(as_uuid=False), uuid.UUID(int=5)),
    "uuid fetched": lambda: (
        fetched(Uuid(), "0" * 31 + "5"),
        fetched(Uuid(as_uuid=False), "0" * 31 + "5"),
        fetched(Uuid(), None),
    ),
    "uuid fetched bad": lambda: fetched(Uuid(), "zz"),
    "uuid compared": lambda: (
        column("q", Uuid()) == uuid.UUID(int=5),
        column("q", Uuid()) == "x",
        repr((column("q", Uuid()) == "x").right.type),
        repr((column("q", Uuid()) == 5).right.type),
    ),
    "pickle compare": lambda: (
        PickleType().compare_values([1], [1]),
        PickleType(comparator=lambda a, b: False).compare_values(1, 1),
        PickleType().compare_values(1, 2),
        PickleType().hashable,
    ),
    "pickle impl": lambda: (
        repr(PickleType(impl=LargeBinary(7)).impl),
        repr(PickleType(impl=String).impl),
        PickleType(impl=LargeBinary(7)).compile(),
    ),
    "pickle bad": lambda: bound(PickleType(), lambda: 1),
    # Numeric
    "numeric fetched": lambda: tuple(
        fetched(ty, v)
        for ty in (
            Numeric(),
            Numeric(10, 2),
            Numeric(asdecimal=False),
            Numeric(10, 2, decimal_return_scale=4),
            Float(),
            Float(asdecimal=True),
            Float(asdecimal=True, decimal_return_scale=2),
        )
        for v in (1.5, 1, None, 1.23456789012345)
    ),
    "numeric bound": lambda: tuple(
        bound(ty, v) for ty in (Numeric(), Float()) for v in (decimal.Decimal("1.50"), 1.5, 1, None, "1.5")
    ),
    "numeric bound bad": lambda: bound(Numeric(), "x"),
    "numeric common": lambda: (
        issubclass(Numeric, types.NumericCommon),
        issubclass(Float, types.NumericCommon),
        issubclass(Float, Numeric),
        isinstance(Float(), Numeric),
        Float().scale,
        Numeric(5).scale,
        Numeric()._effective_decimal_return_scale,
        Float()._effective_decimal_return_scale,
        Numeric(5, 3)._effective_decimal_return_scale,
    ).__repr__(),
    "integer literal": lambda: (
        lit(literal(5)),
        lit(literal(-5)),
        lit(literal(True, Integer())),
        lit(literal("7", Integer())),
    ),
    "integer literal bad": lambda: lit(literal("1; drop", Integer())),
    "large int": lambda: (
        repr((column("q", Integer) == 2**40).right.type),
        lit(column("q", Integer) == 2**40),
    ),
    "string processing": lambda: (
        bound(String(), 5),
        bound(String(), b"x"),
        bound(Unicode(), "é"),
        fetched(String(), b"x"),
    ),
    "sqlite: date bad": lambda: bound(Date(), "2020-01-01", sqlite.dialect()),
    "sqlite: datetime bad": lambda: bound(DateTime(), "2020-01-01", sqlite.dialect()),
    "sqlite: time bad": lambda: bound(types.Time(), "10:00", sqlite.dialect()),
    "sqlite: fetched bad": lambda: fetched(DateTime(), "nonsense", sqlite.dialect()),
    "sqlite: fetched bad number": lambda: fetched(Date(), 5, sqlite.dialect()),
}
