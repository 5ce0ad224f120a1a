"""Decorators, variants and cache keys: how they show, what they convert, what is refused."""

from __future__ import annotations

from typing import Any

from own_types import (
    BadCopy,
    ByImpl,
    CoerceInt,
    Geometry,
    IsNever,
    IsNothing,
    JustImpl,
    Literal,
    Nested,
    NestedInstance,
    NoImpl,
    OnlyBind,
    PerDialect,
    Point,
    Unsaid,
    Upper,
    WithArgs,
    Wrapped,
    WrappedTwice,
    bound,
    c,
    fetched,
    keyed,
    lit,
    tab,
    u,
)

from relvar import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Interval,
    Numeric,
    PickleType,
    String,
    Text,
    TypeDecorator,
    Uuid,
    case,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
    types,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect
from relvar.schema import CreateTable
from relvar.types import TypeEngine

CASES: dict[str, Any] = {
    "repr of decorators": lambda: tuple(
        repr(t)
        for t in (
            Upper(),
            Upper(5),
            WithArgs(),
            WithArgs(7, "wild"),
            Nested(),
            NestedInstance(),
            JustImpl(),
            PerDialect(),
            Wrapped(),
            WrappedTwice(),
        )
    ),
    "no impl": lambda: NoImpl(),
    "abstract": lambda: TypeDecorator(),
    "impl is instance": lambda: (
        repr(Upper().impl),
        repr(Upper(7).impl),
        repr(Upper.impl),
        repr(WithArgs(4).impl),
        repr(Nested().impl),
        repr(Upper().impl_instance),
    ),
    "impl args refused": lambda: JustImpl(5),
    "impl attributes": lambda: (
        Upper(9).length,
        Nested().length,
        WithArgs(3).mood,
        hasattr(Upper(), "nope"),
        Upper().python_type.__name__,
    ),
    "missing attribute": lambda: Upper().nope,
    "copies": lambda: (
        repr(Upper(5).copy()),
        repr(WithArgs(6, "x").copy().mood),
        WithArgs(6).copy() is not None,
    ),
    "bad copy": lambda: BadCopy().dialect_impl(DefaultDialect()),
    "compile decorators": lambda: tuple(
        t.compile(dialect=d)
        for t in (Upper(), WithArgs(6), PerDialect(), Nested(), NestedInstance(), ByImpl(), Wrapped())
        for d in (sqlite.dialect(), postgresql.dialect(), mysql.dialect())
        if not (isinstance(t, Wrapped) and d.name == "mysql")
    ),
    "mysql varchar without length": lambda: Wrapped().compile(dialect=mysql.dialect()),
    "str of decorator": lambda: (str(Upper()), str(PerDialect())),
    "str of engine": lambda: str(TypeEngine()),
    "type_engine": lambda: tuple(
        type(t.type_engine(d)).__name__
        for t in (Upper(), PerDialect(), Nested())
        for d in (sqlite.dialect(), mysql.dialect())
    ),
    "load_dialect_impl": lambda: tuple(
        repr(t.load_dialect_impl(DefaultDialect())) for t in (Upper(), PerDialect(), Nested())
    ),
    "affinity": lambda: tuple(
        t._type_affinity.__name__ for t in (Upper(), Nested(), ByImpl(), Geometry(), JustImpl())
    ),
    "generic of user type": lambda: Geometry().as_generic(),
    "generic null of user type": lambda: repr(Geometry().as_generic(allow_nulltype=True)),
    "bind": lambda: (
        bound(Upper(), "ab"),
        bound(Upper(), None),
        bound(Nested(), "ab"),
        bound(OnlyBind(), 1),
        bound(JustImpl(), 5),
        bound(Literal(), "x"),
        bound(NestedInstance(), "x"),
    ),
    "result": lambda: (
        fetched(Upper(), "AB"),
        fetched(Nested(), "AB"),
        fetched(OnlyBind(), 1),
        fetched(Upper(), None),
    ),
    "not implemented": lambda: TypeDecorator.process_bind_param(JustImpl(), 1, None),
    "not implemented result": lambda: TypeDecorator.process_result_value(JustImpl(), 1, None),
    "not implemented literal": lambda: TypeDecorator.process_literal_param(JustImpl(), 1, None),
    "literal": lambda: (
        lit(literal("a", Upper())),
        lit(literal("a", Literal())),
        lit(literal("a", Nested())),
        lit(literal(1, OnlyBind())),
        lit(literal(None, Upper())),
        lit(literal(5, JustImpl())),
    ),
    "literal of user type": lambda: lit(literal("a", Geometry())),
    "literal of user type without": lambda: lit(literal("a", Point())),
    "compared": lambda: c == "a",
    "all: decorated statement": lambda: (
        select(c, c + "x", c == "b").where(c.in_(["a", "b"]), c.like("q%")).order_by(c)
    ),
    "decorated result types": lambda: tuple(
        repr(e.type)
        for e in (
            c + "x",
            c == "x",
            c.concat("x"),
            "x" + c,
            c.op("%%")("x"),
            func.coalesce(c, "x"),
            case((c == "x", c), else_="z"),
            c.label("q"),
            cast("x", Upper()),
            type_coerce("x", Upper()),
            func.max(c),
            c.collate("C"),
            c.desc(),
            select(c).scalar_subquery(),
            -c if False else c,
        )
    ),
    "decorated operand types": lambda: tuple(
        repr(e.right.type)
        for e in (
            c + "x",
            c == "x",
            c.like("x"),
            c == 5,
            c + 5,
            c.op("%%")(5),
            c.concat("q"),
            c.is_distinct_from("x"),
            c.contains("x") if False else c == "y",
        )
    ),
    "reverse operand": lambda: repr(("x" + c).left.type),
    "coerce int": lambda: (
        repr((column("q", CoerceInt()) == 5).right.type),
        repr((column("q", CoerceInt()) == "5").right.type),
        repr((column("q", CoerceInt()) + 5).type),
        column("q", CoerceInt()) == 5,
    ),
    "coerce by impl": lambda: (
        column("q", ByImpl())["a"],
        column("q", ByImpl())["a"].as_string() == "x",
        column("q", ByImpl())[("a", 1)],
    ),
    "json decorator index default": lambda: column(
        "q", type("Plain", (TypeDecorator,), {"impl": JSON, "cache_ok": True})()
    )["a"],
    "case in where": lambda: select(case((c == "a", "b"), else_=c)),
    "cast": lambda: (
        cast("a", Upper()),
        cast(c, Integer),
        type_coerce(c, Integer) + 5,
        type_coerce("a", Upper()),
    ),
    "all: cast text": lambda: select(cast(c, WithArgs(3)), cast("a", Upper())),
    "literal binds with in": lambda: lit(select(c).where(c.in_(["a", "b"]))),
    "literal binds case": lambda: lit(
        select(case((c == "a", "b"), else_=c), cast("a", Upper()), type_coerce("a", Upper()))
    ),
    "literal binds insert": lambda: lit(insert(u).values(c0="a", c1=5)),
    "literal binds update": lambda: lit(update(u).values(c0="a").where(c != "b")),
    "literal execute": lambda: (
        select(literal("a", Upper(), literal_execute=True))
        .compile(compile_kwargs={"render_postcompile": True})
        .string
    ),
    "is types": lambda: (
        column("q", IsNothing()) == None,
        column("q", IsNothing()) == True,
        column("q", IsNothing()) != False,
        column("q", IsNever()) == None,
        column("q", IsNever()) != None,
        column("q", IsNever()).is_(None),
        column("q", Upper()) == None,
        column("q", Upper()) == True,
    ),
    "is null in decorators": lambda: (column("q", IsNever()) == null(), column("q", IsNothing()).in_([None])),
    "cache ok unsaid": lambda: keyed(select(column("q", Unsaid())).where(column("q", Unsaid()) == 5)),
    "keys": lambda: keyed(
        *[
            select(literal("q", t))
            for t in (WithArgs(5), WithArgs(5), WithArgs(6), WithArgs(5, "x"), Upper(), Upper(), Upper(5))
        ]
    ),
    "keys of json": lambda: keyed(
        *[select(literal({}, t)) for t in (JSON(), JSON(), JSON(none_as_null=True))]
    ),
    "keys of numbers": lambda: keyed(
        *[
            select(literal(1, t))
            for t in (
                Numeric(),
                Numeric(5),
                Numeric(5, 2),
                Numeric(5, 2, asdecimal=False),
                Numeric(5, 2, decimal_return_scale=3),
                Float(),
                Float(5),
                Float(asdecimal=True),
            )
        ]
    ),
    "keys of arrays": lambda: keyed(
        *[
            select(literal([1], t))
            for t in (
                ARRAY(Integer),
                ARRAY(Integer),
                ARRAY(String),
                ARRAY(Integer, dimensions=1),
                ARRAY(Integer, as_tuple=True),
                ARRAY(Integer, zero_indexes=True),
            )
        ]
    ),
    "keys of pickles": lambda: keyed(
        *[select(literal([1], t)) for t in (PickleType(), PickleType(), PickleType(2))]
    ),
    "keys of uuid and bool": lambda: keyed(
        *[
            select(literal(None, t))
            for t in (
                Uuid(),
                Uuid(),
                Uuid(as_uuid=False),
                Uuid(native_uuid=False),
                Boolean(),
                Boolean(name="x"),
                Boolean(create_constraint=True),
            )
        ]
    ),
    "keys of times": lambda: keyed(
        *[
            select(literal(None, t))
            for t in (
                DateTime(),
                DateTime(timezone=True),
                Date(),
                Interval(),
                Interval(native=False),
                Interval(second_precision=5),
            )
        ]
    ),
    # variants
    "variant repr": lambda: (
        repr(String(5).with_variant(Integer, "sqlite")),
        repr(String(5).with_variant(Integer(), "sqlite", "mysql").with_variant(Text(), "postgresql")),
    ),
    "variant twice": lambda: String().with_variant(Integer(), "sqlite").with_variant(Text(), "sqlite"),
    "variant of variant": lambda: String().with_variant(Integer().with_variant(Text(), "mysql"), "sqlite"),
    "variant no name": lambda: String().with_variant(Integer()),
    "variant name not string": lambda: repr(String().with_variant(Integer(), 5)),
    "variant none": lambda: repr(String().with_variant(None, "sqlite")._variant_mapping),
    "variant string": lambda: repr(String().with_variant("x", "sqlite")),
    "all: variant cast": lambda: select(
        cast(
            column("q"),
            String(5).with_variant(Integer(), "sqlite", "mysql").with_variant(Text(), "postgresql", "mssql"),
        )
    ),
    "all: variant ddl": lambda: CreateTable(
        tab(
            String(5).with_variant(Integer(), "sqlite", "mysql").with_variant(Text(), "postgresql"),
            Upper().with_variant(Text(), "mysql"),
            Enum("a", "b", name="e").with_variant(String(7), "postgresql"),
            Boolean(create_constraint=True, name="ck").with_variant(Integer(), "sqlite"),
        )
    ),
    "variant impl": lambda: tuple(
        type(String(5).with_variant(t, "sqlite").dialect_impl(d)).__name__.lstrip("_")
        for t in (Integer(), Upper(), Text)
        for d in (sqlite.dialect(), DefaultDialect())
    ),
    "variant bind": lambda: (
        bound(String(5).with_variant(Upper(), "sqlite"), "a", sqlite.dialect()),
        bound(String(5).with_variant(Upper(), "sqlite"), "a", DefaultDialect()),
        bound(Upper().with_variant(String(), "sqlite"), "a", sqlite.dialect()),
    ),
    "variant copy": lambda: (
        dict(String().with_variant(Integer(), "sqlite").copy()._variant_mapping).keys().__len__(),
        repr(String(5).with_variant(Integer(), "sqlite").copy()),
    ),
    "variant adapt": lambda: repr(
        String(5).with_variant(Integer(), "sqlite").adapt(Text)._variant_mapping.keys()
    ),
    "variant placeholder": lambda: types.Variant(),
    "variant wraps binds": lambda: tuple(
        str((column("q", String().with_variant(Wrapped(), "sqlite")) == "x").compile(dialect=d))
        for d in (sqlite.dialect(), DefaultDialect())
    ),
    "wrapped variant": lambda: tuple(
        str(select(column("q", Wrapped().with_variant(String(), "sqlite")) == "x").compile(dialect=d))
        for d in (sqlite.dialect(), DefaultDialect())
    ),
}
