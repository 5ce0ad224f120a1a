"""Where values come from: defaults of client and server, autoincrement, identity, computed, sequences."""

from __future__ import annotations

from typing import Any

import relvar as sa
from relvar import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    DefaultClause,
    FetchedValue,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    null,
    quoted_name,
    select,
    text,
    true,
    update,
)
from relvar.schema import CreateColumn, CreateSequence, CreateTable, DropSequence
from relvar.types import TypeDecorator


class Counted(TypeDecorator[int]):
    """An integer inside."""

    impl = Integer
    cache_ok = True


def made(*items: Any, **kw: Any) -> Any:
    """CREATE TABLE of these items."""
    return CreateTable(Table("t", MetaData(), *items, **kw))


def numbered(*items: Any) -> Any:
    """CREATE TABLE, and which column the database numbers."""
    table = Table("t", MetaData(), *items)
    found = table.autoincrement_column
    return (CreateTable(table), repr(found is not None and found.name))


def written(**kw: Any) -> Any:
    """INSERT and UPDATE of a table with a column of these arguments."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("a", Integer, **kw))
    return (insert(table), insert(table).values(id=1), update(table), update(table).values(id=2))


def default(value: Any) -> str:
    """What a default says of itself."""
    one = Column("a", Integer, default=value).default
    return repr(
        (
            type(one).__name__,
            one.has_arg,
            one.is_callable,
            one.is_clause_element,
            one.is_scalar,
            one.is_sequence,
            one.is_server_default,
            one.for_update,
        )
    )


def server(value: Any, *args: Any, type_: Any = Integer, **kw: Any) -> Any:
    """A column with a server default."""
    return CreateColumn(Column("a", type_, *args, server_default=value, **kw))


def identity(**kw: Any) -> Any:
    """A column with an identity."""
    return made(Column("a", Integer, Identity(**kw)))


def sequence(*args: Any, **kw: Any) -> Any:
    """CREATE and DROP of a sequence."""
    one = Sequence("s q", *args, **kw)
    return (
        CreateSequence(one),
        CreateSequence(one, if_not_exists=True),
        DropSequence(one),
        DropSequence(one, if_exists=True),
    )


class Maker:
    """A callable object."""

    def __call__(self) -> int:
        return 5

    def method(self, context: Any) -> int:
        """With a context."""
        return 6


def one(context: Any) -> int:
    """Take a context."""
    return 1


def two(context: Any, other: Any) -> int:
    """Take one too many."""
    return 1


CASES: dict[str, Any] = {
    # C015
    "ddl: auto": lambda: numbered(Column("a", Integer, primary_key=True)),
    "ddl: auto kinds": lambda: tuple(
        CreateTable(Table("t", MetaData(), Column("a", kind, primary_key=True)))
        for kind in (SmallInteger, BigInteger, Counted, Numeric(10, 0), String(5), sa.Uuid)
    ),
    "ddl: auto variants": lambda: numbered(
        Column("a", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    ),
    "ddl: auto false": lambda: numbered(Column("a", Integer, primary_key=True, autoincrement=False)),
    "ddl: auto true": lambda: numbered(Column("a", Integer, primary_key=True, autoincrement=True)),
    "ddl: auto composite": lambda: numbered(
        Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)
    ),
    "ddl: auto composite true": lambda: numbered(
        Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True, autoincrement=True)
    ),
    "ddl: auto fk": lambda: numbered(
        Column("a", Integer, ForeignKey("t.b"), primary_key=True), Column("b", Integer)
    ),
    "ddl: auto ignore fk": lambda: numbered(
        Column("a", Integer, ForeignKey("t.b"), primary_key=True, autoincrement="ignore_fk"),
        Column("b", Integer),
    ),
    "ddl: auto default": lambda: numbered(Column("a", Integer, primary_key=True, default=5)),
    "ddl: auto server default": lambda: numbered(Column("a", Integer, primary_key=True, server_default="5")),
    "ddl: auto fetched": lambda: numbered(
        Column("a", Integer, primary_key=True, server_default=FetchedValue())
    ),
    "ddl: auto sequence": lambda: numbered(Column("a", Integer, Sequence("s"), primary_key=True)),
    "ddl: auto optional sequence": lambda: numbered(
        Column("a", Integer, Sequence("s", optional=True), primary_key=True)
    ),
    "ddl: auto identity": lambda: numbered(Column("a", Integer, Identity(), primary_key=True)),
    "ddl: auto identity off": lambda: numbered(
        Column("a", Integer, Identity(), primary_key=True, autoincrement=False)
    ),
    "auto no key": lambda: numbered(Column("a", Integer, autoincrement=True)),
    "ddl: auto no key": lambda: made(Column("a", Integer, autoincrement=True), Column("b", Integer)),
    "auto text": lambda: numbered(Column("a", String(5), primary_key=True, autoincrement=True)),
    "auto text ignore fk": lambda: numbered(
        Column("a", String(5), primary_key=True, autoincrement="ignore_fk")
    ),
    "auto twice": lambda: numbered(
        Column("a", Integer, primary_key=True, autoincrement=True),
        Column("b", Integer, primary_key=True, autoincrement=True),
    ),
    "auto server default true": lambda: numbered(
        Column("a", Integer, primary_key=True, autoincrement=True, server_default="5")
    ),
    "auto default true": lambda: numbered(
        Column("a", Integer, primary_key=True, autoincrement=True, default=5)
    ),
    "ddl: auto integer in decimal": lambda: numbered(Column("a", Numeric(10, 2), primary_key=True)),
    "auto numeric true": lambda: numbered(Column("a", Numeric(10, 0), primary_key=True, autoincrement=True)),
    "auto numeric scaled true": lambda: numbered(
        Column("a", Numeric(10, 2), primary_key=True, autoincrement=True)
    ),
    "sqlite: sqlite autoincrement": lambda: (
        made(Column("a", Integer, primary_key=True), sqlite_autoincrement=True),
        made(
            Column("a", Integer, primary_key=True),
            Column("b", Integer, primary_key=True),
            sqlite_autoincrement=True,
        ),
        made(
            Column("a", Integer, ForeignKey("t.b"), primary_key=True),
            Column("b", Integer),
            sqlite_autoincrement=True,
        ),
        made(Column("a", BigInteger, primary_key=True), sqlite_autoincrement=True),
    ),
    "mssql: start and step": lambda: (
        made(Column("a", Integer, Identity(start=5, increment=2), primary_key=True)),
        made(Column("a", Integer, Identity(always=True, start=0), primary_key=True)),
        made(Column("a", Integer, primary_key=True, mssql_identity_start=3, mssql_identity_increment=2)),
    ),
    # C016
    "ddl: identity": lambda: identity(),
    "ddl: identity always": lambda: identity(always=True),
    "ddl: identity numbers": lambda: identity(start=0, increment=-1, minvalue=-5, maxvalue=0, cache=1),
    "ddl: identity no limits": lambda: identity(nominvalue=True, nomaxvalue=True, cycle=False),
    "ddl: identity false limits": lambda: identity(nominvalue=False, nomaxvalue=False, cycle=True),
    "ddl: identity zero": lambda: identity(start=0, minvalue=0, maxvalue=0, cache=0),
    "ddl: identity nullable": lambda: made(Column("a", Integer, Identity(), nullable=True)),
    "ddl: identity key": lambda: made(
        Column("a", Integer, Identity(always=True, start=42), primary_key=True)
    ),
    "ddl: identity text": lambda: made(Column("a", String(5), Identity())),
    "ddl: identity two": lambda: made(Column("a", Integer, Identity()), Column("b", Integer, Identity())),
    "identity on null": lambda: identity(on_null=True),
    "identity order": lambda: identity(order=True),
    "oracle: identity": lambda: (
        identity(oracle_on_null=True),
        identity(always=True, oracle_order=True, cache=5),
        identity(oracle_on_null=True, oracle_order=False, cycle=True, nomaxvalue=True),
    ),
    "oracle: identity old": lambda: identity(on_null=True, order=True),
    "identity positional": lambda: Identity(True),
    "identity told": lambda: (
        lambda i: repr(
            (
                i.always,
                i.on_null,
                i.start,
                i.increment,
                i.minvalue,
                i.maxvalue,
                i.nominvalue,
                i.nomaxvalue,
                i.cycle,
                i.cache,
                i.order,
            )
        )
    )(
        Identity(
            always=True,
            start=1,
            increment=2,
            minvalue=3,
            maxvalue=4,
            nominvalue=True,
            nomaxvalue=True,
            cycle=True,
            cache=9,
        )
    ),
    "identity unknown": lambda: Identity(foo=5),
    "identity server default": lambda: made(Column("a", Integer, Identity(), server_default="5")),
    "identity server onupdate": lambda: made(
        Column("a", Integer, Identity(), server_onupdate=FetchedValue())
    ),
    "identity default": lambda: made(Column("a", Integer, Identity(), default=5)),
    "identity twice": lambda: made(Column("a", Integer, Identity(), Identity(always=True))),
    # C017
    "ddl: computed": lambda: made(Column("a", Integer), Column("b", Integer, Computed("a + 1"))),
    "ddl: computed stored": lambda: made(Column("a", Integer), Column("b", Integer, Computed("a + 1", True))),
    "ddl: computed virtual": lambda: made(
        Column("a", Integer), Column("b", Integer, Computed("a + 1", persisted=False))
    ),
    "ddl: computed not null": lambda: made(
        Column("a", Integer), Column("b", Integer, Computed("a"), nullable=False)
    ),
    "ddl: computed expression": lambda: made(
        Column("a", Integer), Column("b", String(9), Computed(column("a") + 5 - func.abs(column("a"))))
    ),
    "ddl: computed text": lambda: made(
        Column("a", String(5)), Column("b", String(20), Computed(column("a") + "it's 5% :x \\"))
    ),
    "ddl: computed cast": lambda: made(
        Column("a", String(5)), Column("b", Integer, Computed(cast(column("a"), Integer)))
    ),
    "ddl: computed key": lambda: made(Column("a", Integer, Computed("5"), primary_key=True)),
    "computed odd": lambda: Computed(5),
    "computed none": lambda: Computed(),
    "computed default": lambda: made(Column("a", Integer, Computed("1"), default=5)),
    "computed server default": lambda: made(Column("a", Integer, Computed("1"), server_default="5")),
    "computed onupdate": lambda: made(Column("a", Integer, Computed("1"), onupdate=5)),
    "computed twice": lambda: made(Column("a", Integer, Computed("1"), Computed("2"))),
    "computed told": lambda: (lambda c: repr((c.persisted, str(c.sqltext), c.column)))(
        Computed("a + 1", persisted=True)
    ),
    "computed values": lambda: (lambda t: (insert(t), update(t), insert(t).values(a=1), select(t)))(
        Table("t", MetaData(), Column("a", Integer), Column("b", Integer, Computed("a")))
    ),
    # C018
    "ddl: sequence": lambda: sequence(),
    "ddl: sequence all": lambda: sequence(
        start=0,
        increment=-2,
        minvalue=-9,
        maxvalue=0,
        cycle=True,
        cache=0,
        data_type=SmallInteger,
        schema="S x",
    ),
    "ddl: sequence positional": lambda: sequence(5, 3),
    "ddl: sequence no limits": lambda: sequence(nominvalue=True, nomaxvalue=True, cycle=False),
    "ddl: sequence types": lambda: tuple(
        CreateSequence(Sequence("s", data_type=kind)) for kind in (BigInteger, Integer(), Numeric(5))
    ),
    "oracle: sequence order": lambda: (sequence(oracle_order=True), sequence(oracle_order=False, cache=3)),
    "sequence order": lambda: sequence(order=True),
    "oracle: sequence order old": lambda: sequence(order=True),
    "ddl: next value": lambda: (
        select(Sequence("s").next_value()),
        select(Sequence("S", schema="x y").next_value() + 5),
        select(func.next_value(Sequence("s"))),
        select(Sequence("s").next_value().label("n")),
    ),
    "next value of text": lambda: select(func.next_value("x")),
    "next value of nothing": lambda: select(func.next_value()),
    "ddl: sequence default": lambda: (lambda t: (CreateTable(t), insert(t), insert(t).values(id=5)))(
        Table(
            "t",
            MetaData(),
            Column("id", Integer, Sequence("s"), primary_key=True),
            Column("a", Integer, Sequence("s2")),
        )
    ),
    "ddl: sequence server default": lambda: (
        lambda s: (lambda t: (CreateTable(t), insert(t)))(
            Table("t", MetaData(), Column("id", Integer, s, server_default=s.next_value(), primary_key=True))
        )
    )(Sequence("s")),
    "ddl: sequence in values": lambda: (
        lambda t: (
            insert(t).values(a=Sequence("s").next_value()),
            update(t).values(a=func.next_value(Sequence("s"))),
        )
    )(Table("t", MetaData(), Column("a", Integer))),
    "sequence of metadata": lambda: (
        lambda m: (lambda s: repr((s.schema, s.metadata is m, m._sequences.keys())))(
            Sequence("s", metadata=m)
        )
    )(MetaData(schema="d")),
    "sequence schema quoted": lambda: (
        CreateSequence(Sequence("s", schema="x", quote_schema=True)),
        CreateSequence(Sequence("S", quote=False)),
        CreateSequence(Sequence(quoted_name("s", True))),
    ),
    "sequence told": lambda: (
        lambda s: repr(
            (
                s.name,
                s.start,
                s.increment,
                s.minvalue,
                s.maxvalue,
                s.nominvalue,
                s.nomaxvalue,
                s.cycle,
                s.cache,
                s.order,
                s.optional,
                s.schema,
                s.data_type,
                s.is_sequence,
            )
        )
    )(Sequence("s", 1, 2, 3, 4, cycle=True, schema="x", cache=7, data_type=Integer(), optional=True)),
    "sequence data type": lambda: repr(
        (Sequence("s").data_type, Sequence("s", data_type=BigInteger).data_type)
    ),
    "sequence repr": lambda: (repr(Sequence("s", start=5)), repr(Sequence("s", schema="x", cycle=True))),
    "sequence unknown": lambda: Sequence("s", foo=5),
    "sequence no name": lambda: Sequence(),
    "sequence in select": lambda: select(Sequence("s")),
    "sequence in where": lambda: select(column("a")).where(column("a") == Sequence("s")),
    "sequence twice": lambda: made(Column("a", Integer, Sequence("s"), default=5)),
    "sequence to metadata": lambda: (
        lambda m: (
            CreateTable(
                Table(
                    "t", MetaData(), Column("a", Integer, Sequence("s", schema="q"), primary_key=True)
                ).to_metadata(m, schema="z")
            ),
            repr(sorted(m._sequences)),
        )
    )(MetaData()),
    # C019
    "default kinds": lambda: tuple(
        default(v)
        for v in (
            5,
            "x",
            0,
            func.now(),
            text("5"),
            literal(5),
            select(column("x")).scalar_subquery(),
            null(),
            Sequence("s"),
            list,
            dict,
            one,
            Maker(),
            Maker().method,
            lambda: 5,
            lambda c: 5,
            lambda c, d=5: 5,
            lambda *a: 5,
            lambda *, k=5: 5,
            [1],
            {"a": 1},
        )
    ),
    "default too many": lambda: Column("a", default=two),
    "default class": lambda: default(Maker),
    "default column": lambda: default(Column("x")),
    "default table": lambda: Column("a", default=Table("t", MetaData())),
    "default select": lambda: Column("a", default=select(column("x"))),
    "default bound": lambda: default(bindparam("x", 5)),
    "default server clause": lambda: Column("a", Integer, default=DefaultClause("x")),
    "default object": lambda: repr(Column("a", Integer, sa.ColumnDefault(5)).default),
    "default object callable": lambda: repr(
        Column("a", Integer, sa.ColumnDefault(lambda: 5)).default.arg(None)
    ),
    "default object update": lambda: repr(
        Column("a", Integer, sa.ColumnDefault(5, for_update=True)).onupdate
    ),
    "default as item": lambda: repr(
        (
            Column("a", Integer, FetchedValue()).server_default,
            Column("a", Integer, DefaultClause("5")).server_default.arg,
        )
    ),
    "default as item update": lambda: repr(
        Column("a", Integer, FetchedValue(for_update=True)).server_onupdate
    ),
    "default called": lambda: repr(
        (
            Column("a", default=lambda: 5).default.arg(None),
            Column("a", default=lambda c: c).default.arg("C"),
            Column("a", default=list).default.arg(None),
            Column("a", default=Maker()).default.arg(None),
            Column("a", default=Maker().method).default.arg(None),
        )
    ),
    "default repr": lambda: (
        repr(Column("a", default=5).default),
        repr(Column("a", default=func.now()).default),
        repr(Column("a", onupdate=5).onupdate),
    ),
    "all: written scalar": lambda: written(default=5, onupdate=6),
    "all: written callable": lambda: written(default=lambda: 5, onupdate=lambda c: 6),
    "all: written sql": lambda: written(
        default=func.foo(1, "x"), onupdate=select(func.max(column("q"))).scalar_subquery()
    ),
    "all: written server": lambda: written(server_default="5", server_onupdate=FetchedValue()),
    "all: written insert default": lambda: written(insert_default=7),
    "onupdate and default objects": lambda: repr(
        [(c.default is None, c.onupdate is None) for c in (Column("a", default=5), Column("a", onupdate=5))]
    ),
    # C020
    "ddl: server text": lambda: (server("5"), server("it's"), server(""), server("a%b :c \\d")),
    "ddl: server sql": lambda: (
        server(text("5")),
        server(func.now(), type_=DateTime),
        server(text("now()"), type_=DateTime),
        server(literal(5)),
        server(literal("it's"), type_=String(5)),
        server(true(), type_=Boolean),
        server(null()),
        server(cast("5", Integer)),
        server(func.foo(1, "x")),
        server(literal(5) + literal(6)),
        server(-literal(5)),
        server(text("(1 + 2)")),
        server(text("CURRENT_TIMESTAMP"), type_=DateTime),
        server(func.current_timestamp(), type_=DateTime),
        server(func.current_date(), type_=sa.Date),
        server(sa.case((literal(1) == 1, 5), else_=6)),
    ),
    "ddl: server fetched": lambda: (
        server(FetchedValue()),
        server(DefaultClause("5")),
        server(DefaultClause(text("6"))),
    ),
    "mysql,mariadb: on update": lambda: (
        server(text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"), type_=sa.TIMESTAMP),
        server(text("NULL ON UPDATE CURRENT_TIMESTAMP"), type_=sa.TIMESTAMP, nullable=True),
        server(func.now(), type_=sa.TIMESTAMP, nullable=False),
        server(text("CURRENT_TIMESTAMP(6)"), type_=sa.TIMESTAMP),
        server(text("5")),
        server(text("'x'"), type_=sa.Text),
        server("x", type_=sa.Text),
        server(func.uuid(), type_=String(36)),
    ),
    "ddl: server json": lambda: server("{}", type_=sa.JSON),
    "server number": lambda: server(5),
    "server boolean": lambda: server(True, type_=Boolean),
    "server callable": lambda: server(lambda: 5),
    "server list": lambda: server([1]),
    "server onupdate text": lambda: repr(Column("a", Integer, server_onupdate="x").server_onupdate),
    "server clause odd": lambda: DefaultClause(5),
    "server clause told": lambda: repr(
        (
            DefaultClause("5"),
            DefaultClause("5", for_update=True).for_update,
            DefaultClause(text("x"), _reflected=True).reflected,
        )
    ),
    "fetched told": lambda: (
        lambda f: repr(
            (f.for_update, f.reflected, f.has_argument, f.is_clause_element, f.is_identity, f.column)
        )
    )(FetchedValue()),
    "fetched as update": lambda: (
        lambda f: repr((f._as_for_update(True) is f, f._as_for_update(True).for_update))
    )(FetchedValue()),
    "passive": lambda: repr(
        issubclass(sa.PassiveDefault, DefaultClause) if hasattr(sa, "PassiveDefault") else None
    ),
    "server bound": lambda: server(bindparam("x", 5)),
    "server column": lambda: server(column("x") + 5),
    "server select": lambda: server(select(func.max(column("x"))).scalar_subquery()),
}
