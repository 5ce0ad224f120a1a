"""Types and schema objects: their SQL per database, how they show themselves, literals, what is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from typing import Any

import relvar as sa
from relvar import (
    CheckConstraint,
    Column,
    Computed,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    cast,
    column,
    func,
    literal,
    select,
    text,
    type_coerce,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.schema import (
    DDL,
    AddConstraint,
    CreateColumn,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DropColumnComment,
    DropConstraint,
    DropConstraintComment,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
    conv,
)
from relvar.types import TypeDecorator


class Color(enum.Enum):
    """An enumeration."""

    red = 1
    blue = "b"


class Shout(TypeDecorator[str]):
    """Upper case in the database."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value and value.lower()


class Counted(TypeDecorator[int]):
    """Literals of its own."""

    impl = Integer
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Any) -> Any:
        return f"<{value}>"


class Wrapped(TypeDecorator[Any]):
    """Another decorator inside."""

    impl = Shout(5)
    cache_ok = True


class NoImpl(TypeDecorator[Any]):
    """No type."""


TYPES: dict[str, Any] = {
    "Integer": sa.Integer,
    "SmallInteger": sa.SmallInteger,
    "BigInteger": sa.BigInteger,
    "Numeric": sa.Numeric,
    "Numeric p": lambda: sa.Numeric(10),
    "Numeric ps": lambda: sa.Numeric(10, 2, asdecimal=False),
    "Float": sa.Float,
    "Float p": lambda: sa.Float(53),
    "Double": sa.Double,
    "String": sa.String,
    "String n": lambda: sa.String(5),
    "String c": lambda: sa.String(5, collation="C"),
    "Text": sa.Text,
    "Text n": lambda: sa.Text(500),
    "Unicode": lambda: sa.Unicode(5),
    "UnicodeText": sa.UnicodeText,
    "Boolean": sa.Boolean,
    "Date": sa.Date,
    "Time": sa.Time,
    "Time tz": lambda: sa.Time(timezone=True),
    "DateTime": sa.DateTime,
    "DateTime tz": lambda: sa.DateTime(timezone=True),
    "Interval": sa.Interval,
    "Interval ps": lambda: sa.Interval(second_precision=3, day_precision=2),
    "Interval no": lambda: sa.Interval(native=False),
    "LargeBinary": sa.LargeBinary,
    "LargeBinary n": lambda: sa.LargeBinary(10),
    "PickleType": sa.PickleType,
    "JSON": sa.JSON,
    "Uuid": sa.Uuid,
    "Uuid no": lambda: sa.Uuid(native_uuid=False),
    "Uuid str": lambda: sa.Uuid(as_uuid=False),
    "Enum": lambda: sa.Enum("a", "bb", name="e"),
    "Enum class": lambda: sa.Enum(Color),
    "Enum text": lambda: sa.Enum("a", "bb", native_enum=False),
    "Enum length": lambda: sa.Enum("a", native_enum=False, length=20),
    "Enum values": lambda: sa.Enum(Color, values_callable=lambda c: [str(m.value) for m in c]),
    "Enum schema": lambda: sa.Enum("a", name="e", schema="s"),
    "ARRAY": lambda: sa.ARRAY(Integer),
    "ARRAY 2": lambda: sa.ARRAY(String(5), dimensions=2),
    "BIGINT": sa.BIGINT,
    "BINARY": lambda: sa.BINARY(5),
    "VARBINARY": lambda: sa.VARBINARY(5),
    "BLOB": sa.BLOB,
    "BOOLEAN": sa.BOOLEAN,
    "CHAR": lambda: sa.CHAR(5),
    "CHAR none": sa.CHAR,
    "CLOB": sa.CLOB,
    "DATE": sa.DATE,
    "DATETIME": sa.DATETIME,
    "DECIMAL": lambda: sa.DECIMAL(5, 2),
    "DOUBLE": sa.DOUBLE,
    "DOUBLE_PRECISION": sa.DOUBLE_PRECISION,
    "FLOAT": sa.FLOAT,
    "INT": sa.INT,
    "NCHAR": lambda: sa.NCHAR(5),
    "NVARCHAR": lambda: sa.NVARCHAR(5),
    "NVARCHAR none": sa.NVARCHAR,
    "NUMERIC": sa.NUMERIC,
    "REAL": sa.REAL,
    "SMALLINT": sa.SMALLINT,
    "TEXT": sa.TEXT,
    "TIME": sa.TIME,
    "TIMESTAMP": sa.TIMESTAMP,
    "TIMESTAMP tz": lambda: sa.TIMESTAMP(timezone=True),
    "UUID": sa.UUID,
    "VARCHAR": lambda: sa.VARCHAR(5),
    "VARCHAR none": sa.VARCHAR,
    "Shout": lambda: Shout(5),
    "NullType": lambda: sa.types.NullType(),
    "variant": lambda: (
        String(5)
        .with_variant(mysql.VARCHAR(9, charset="utf8"), "mysql")
        .with_variant(sa.Text(), "postgresql")
    ),
}
PG = {
    "ARRAY": lambda: postgresql.ARRAY(Integer, dimensions=2),
    "BIT": lambda: postgresql.BIT(5),
    "BIT varying": lambda: postgresql.BIT(5, varying=True),
    "BIT all": lambda: postgresql.BIT(varying=True),
    "BYTEA": postgresql.BYTEA,
    "CIDR": postgresql.CIDR,
    "CITEXT": postgresql.CITEXT,
    "DOMAIN": lambda: postgresql.DOMAIN("d", Integer, schema="s"),
    "HSTORE": postgresql.HSTORE,
    "INET": postgresql.INET,
    "INTERVAL": lambda: postgresql.INTERVAL(precision=3, fields="DAY TO SECOND"),
    "JSON": postgresql.JSON,
    "JSONB": postgresql.JSONB,
    "JSONPATH": postgresql.JSONPATH,
    "MACADDR": postgresql.MACADDR,
    "MACADDR8": postgresql.MACADDR8,
    "MONEY": postgresql.MONEY,
    "OID": postgresql.OID,
    "REGCLASS": postgresql.REGCLASS,
    "REGCONFIG": postgresql.REGCONFIG,
    "TIME": lambda: postgresql.TIME(timezone=True, precision=3),
    "TIMESTAMP": lambda: postgresql.TIMESTAMP(precision=2),
    "TSQUERY": postgresql.TSQUERY,
    "TSVECTOR": postgresql.TSVECTOR,
}
MY = {
    "BIGINT": lambda: mysql.BIGINT(unsigned=True),
    "BIT": lambda: mysql.BIT(5),
    "BIT none": mysql.BIT,
    "CHAR": lambda: mysql.CHAR(5, collation="utf8_bin"),
    "CHAR national": lambda: mysql.CHAR(5, national=True),
    "DATETIME": lambda: mysql.DATETIME(fsp=3),
    "DECIMAL": lambda: mysql.DECIMAL(5, 2, zerofill=True),
    "DECIMAL none": mysql.DECIMAL,
    "DOUBLE": lambda: mysql.DOUBLE(5, 2),
    "ENUM": lambda: mysql.ENUM("a", "it's"),
    "FLOAT": lambda: mysql.FLOAT(5),
    "FLOAT 2": lambda: mysql.FLOAT(5, 2),
    "INTEGER": lambda: mysql.INTEGER(5, zerofill=True),
    "LONGBLOB": mysql.LONGBLOB,
    "LONGTEXT": lambda: mysql.LONGTEXT(ascii=True),
    "MEDIUMBLOB": mysql.MEDIUMBLOB,
    "MEDIUMINT": lambda: mysql.MEDIUMINT(5),
    "MEDIUMTEXT": lambda: mysql.MEDIUMTEXT(unicode=True),
    "NCHAR": lambda: mysql.NCHAR(5),
    "NUMERIC": lambda: mysql.NUMERIC(5),
    "NVARCHAR": lambda: mysql.NVARCHAR(5),
    "NVARCHAR none": lambda: sa.NVARCHAR(),
    "REAL": lambda: mysql.REAL(5, 2),
    "REAL none": mysql.REAL,
    "SET": lambda: mysql.SET("a", "b", collation="utf8_bin"),
    "SET bits": lambda: mysql.SET("a", "b", retrieve_as_bitwise=True),
    "SMALLINT": lambda: mysql.SMALLINT(5),
    "TEXT": lambda: mysql.TEXT(5, binary=True),
    "TIME": lambda: mysql.TIME(fsp=2),
    "TIMESTAMP": lambda: mysql.TIMESTAMP(fsp=2),
    "TINYBLOB": mysql.TINYBLOB,
    "TINYINT": lambda: mysql.TINYINT(1),
    "TINYTEXT": mysql.TINYTEXT,
    "VARCHAR": lambda: mysql.VARCHAR(5, charset="latin1"),
    "YEAR": lambda: mysql.YEAR(4),
    "JSON": mysql.JSON,
}
MS = {
    "BIT": mssql.BIT,
    "DATETIME2": lambda: mssql.DATETIME2(3),
    "DATETIMEOFFSET": lambda: mssql.DATETIMEOFFSET(3),
    "DATETIMEOFFSET none": mssql.DATETIMEOFFSET,
    "IMAGE": mssql.IMAGE,
    "MONEY": mssql.MONEY,
    "NTEXT": mssql.NTEXT,
    "REAL": mssql.REAL,
    "DOUBLE_PRECISION": mssql.DOUBLE_PRECISION,
    "ROWVERSION": mssql.ROWVERSION,
    "SMALLDATETIME": mssql.SMALLDATETIME,
    "SMALLMONEY": mssql.SMALLMONEY,
    "SQL_VARIANT": mssql.SQL_VARIANT,
    "TIME": lambda: mssql.TIME(3),
    "TIMESTAMP": lambda: mssql.TIMESTAMP(convert_int=True),
    "TINYINT": mssql.TINYINT,
    "UNIQUEIDENTIFIER": mssql.UNIQUEIDENTIFIER,
    "VARBINARY": lambda: mssql.VARBINARY(7),
    "VARBINARY stream bad": lambda: mssql.VARBINARY(5, filestream=True),
    "XML": mssql.XML,
}
LITE = {
    "DATE": lambda: sqlite.DATE(storage_format="%(year)d"),
    "DATETIME": sqlite.DATETIME,
    "TIME": sqlite.TIME,
    "JSON": sqlite.JSON,
}


def made(of: Any) -> Any:
    return of()


def sql_of(of: Any, dialect: Any) -> str:
    return of().compile(dialect=dialect.dialect())


def lit(value: Any, type_: Any, dialect: Any = None) -> str:
    compiled = select(literal(value, type_)).compile(
        dialect=dialect and dialect.dialect(), compile_kwargs={"literal_binds": True}
    )
    return " ".join(str(compiled).split())


CASES: dict[str, Any] = {}
for _kind, _types, _dialects in (
    ("type", TYPES, (sqlite, postgresql, mysql, mssql)),
    ("pg", PG, (postgresql,)),
    ("my", MY, (mysql,)),
    ("ms", MS, (mssql,)),
    ("lite", LITE, (sqlite,)),
):
    for _name, _of in _types.items():
        CASES[f"{_kind} repr {_name}"] = lambda of=_of: repr(of())
        CASES[f"{_kind} str {_name}"] = lambda of=_of: str(of())
        CASES[f"{_kind} copy {_name}"] = lambda of=_of: (
            repr(of().copy()) if hasattr(of(), "copy") else "no copy"
        )
        if _kind == "type" and _name not in ("Shout", "Wrapped"):
            CASES[f"{_kind} generic {_name}"] = lambda of=_of: repr(of().as_generic(allow_nulltype=True))
        if _kind == "type":
            CASES[f"{_kind} facts {_name}"] = lambda of=_of: repr(
                (of().python_type, of()._type_affinity.__name__)
            )
        for _dialect in _dialects:
            CASES[f"{_kind} {_name} in {_dialect.__name__.rpartition('.')[2]}"] = lambda of=_of, d=_dialect: (
                sql_of(of, d)
            )
            CASES[f"{_kind} cast {_name} in {_dialect.__name__.rpartition('.')[2]}"] = (
                lambda of=_of, d=_dialect: str(select(cast(column("x"), of())).compile(dialect=d.dialect()))
            )

VALUES: list[tuple[str, Any, Any]] = [
    ("int", 5, Integer()),
    ("int text", "5", Integer()),
    ("float", 1.5, sa.Float()),
    ("decimal", decimal.Decimal("1.50"), sa.Numeric(5, 2)),
    ("text", "it's 5%", String()),
    ("bool", True, sa.Boolean()),
    ("bool int", 5, sa.Boolean()),
    ("bool str", "x", sa.Boolean()),
    ("date", dt.date(2020, 1, 2), sa.Date()),
    ("time", dt.time(1, 2, 3), sa.Time()),
    ("datetime", dt.datetime(2020, 1, 2, 3, 4, 5, 6), sa.DateTime()),
    ("uuid", uuid.UUID(int=5), sa.Uuid()),
    ("enum", Color.red, sa.Enum(Color)),
    ("enum text", "a", sa.Enum("a", "b")),
    ("enum bad", "z", sa.Enum("a", "b")),
    ("array", [1, 3, 2], sa.ARRAY(Integer)),
    ("shout", "abc", Shout()),
    ("counted", 7, Counted()),
    ("none", None, Integer()),
    ("null", None, sa.types.NullType()),
    ("wrapped", "abc", Wrapped()),
]
for _name, _value, _type in VALUES:
    for _dialect in (None, sqlite, postgresql, mysql, mssql):
        CASES[
            f"literal {_name} in {'default' if _dialect is None else _dialect.__name__.rpartition('.')[2]}"
        ] = lambda v=_value, t=_type, d=_dialect: lit(v, t, d)

m = MetaData()
full = Table(
    "full",
    m,
    Column(
        "id",
        Integer,
        Identity(
            always=True, start=3, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=5, nominvalue=False
        ),
        primary_key=True,
    ),
    Column("a", Integer, nullable=False, server_default="5", comment="it's"),
    Column("b", String(5), server_default=text("foo()"), unique=True),
    Column("c", Integer, Computed("a + 1", persisted=True)),
    Column("d", Integer, CheckConstraint("d > 0", name="pos"), index=True),
    Column(
        "e f",
        Integer,
        ForeignKey(
            "other.id",
            ondelete="CASCADE",
            onupdate="SET NULL",
            deferrable=True,
            initially="DEFERRED",
            name="fk",
        ),
    ),
    Column("g", sa.Boolean(create_constraint=True, name="g_bool")),
    Column("h", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="h_enum")),
    Column("i", sa.DateTime, server_default=func.now()),
    CheckConstraint("a > 1 AND a < 100"),
    UniqueConstraint("a", "b", name="uq", deferrable=False),
    comment="table's",
    schema="sch",
    prefixes=["TEMPORARY"],
)
other = Table("other", m, Column("id", Integer, primary_key=True), Column("x", Integer), schema="sch")
plain = Table(
    "plain",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("x", String(20)),
    Column("y", Integer),
)
seq = Sequence(
    "s",
    start=5,
    increment=-1,
    minvalue=-10,
    maxvalue=100,
    cycle=True,
    cache=3,
    schema="sch",
    metadata=MetaData(),
)
conventions = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_key)s_%(referred_table_name)s_"
        "%(referred_column_0_name)s_%(referred_column_0N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
target = Table("target", conventions, Column("id", Integer, primary_key=True), Column("z", Integer))
styled = Table(
    "styled",
    conventions,
    Column("id", Integer, primary_key=True),
    Column("a", Integer, ForeignKey("target.id")),
    Column("b", Integer, index=True),
    Column("c", Integer, unique=True),
    Column("d", sa.Boolean(create_constraint=True, name="bo")),
    CheckConstraint("a > 5", name="positive"),
    CheckConstraint("b > 5", name=conv("kept")),
    UniqueConstraint("a", "b"),
    Index(None, "a", "b"),
    ForeignKeyConstraint(["a", "b"], ["target.id", "target.z"]),
)


def table_of(*items: Any, **kw: Any) -> Any:
    return CreateTable(Table("z", MetaData(), *items, **kw))


def key_of(text_: Any, **kw: Any) -> Any:
    return Table("z", MetaData(), Column("id", Integer, ForeignKey(text_, **kw))).c.id.foreign_keys.pop()


CASES.update(
    {
        "all: create table": lambda: CreateTable(full),
        "all: create styled": lambda: CreateTable(styled),
        "styled names": lambda: repr(
            (sorted(str(i.name) for i in styled.indexes), sorted(str(c.name) for c in styled.constraints))
        ),
        "all: create if not exists": lambda: CreateTable(plain, if_not_exists=True),
        "all: drop table": lambda: (DropTable(full), DropTable(plain, if_exists=True)),
        "all: create index": lambda: (
            CreateIndex(Index("ix", plain.c.x, plain.c.y.desc(), unique=True)),
            CreateIndex(Index("ix f", func.lower(plain.c.x)), if_not_exists=True),
        ),
        "all: drop index": lambda: (
            DropIndex(Index("ix2", plain.c.x)),
            DropIndex(Index("ix3", plain.c.x), if_exists=True),
        ),
        "all: drop index no name": lambda: DropIndex(Index(None, plain.c.x)),
        "all: create index no name": lambda: CreateIndex(Index(None, plain.c.x)),
        "all: create sequence": lambda: (
            CreateSequence(seq),
            CreateSequence(Sequence("q"), if_not_exists=True),
            DropSequence(seq),
            DropSequence(seq, if_exists=True),
        ),
        "all: create schema": lambda: (
            CreateSchema("s"),
            CreateSchema("s", if_not_exists=True),
            DropSchema("s", cascade=True, if_exists=True),
        ),
        "all: constraints": lambda: tuple(
            AddConstraint(c) for c in sorted(full.constraints, key=lambda c: (type(c).__name__, str(c.name)))
        ),
        "all: drop constraint": lambda: (
            DropConstraint(
                UniqueConstraint("x", name="u", _create_rule=None)
                if False
                else [c for c in full.constraints if c.name == "uq"][0]
            ),
            DropConstraint([c for c in full.constraints if c.name == "fk"][0], cascade=True),
        ),
        "all: drop constraint exists": lambda: DropConstraint(
            [c for c in full.constraints if c.name == "uq"][0], if_exists=True
        ),
        "all: drop primary key": lambda: DropConstraint(styled.primary_key),
        "all: drop check": lambda: DropConstraint([c for c in full.constraints if c.name == "pos"][0]),
        "all: comments": lambda: (
            SetTableComment(full),
            DropTableComment(full),
            SetColumnComment(full.c.a),
            DropColumnComment(full.c.a),
        ),
        "all: constraint comments": lambda: (
            SetConstraintComment([c for c in full.constraints if c.name == "uq"][0]),
            DropConstraintComment([c for c in full.constraints if c.name == "uq"][0]),
        ),
        "all: create column": lambda: CreateColumn(full.c.a),
        "all: next value": lambda: select(seq.next_value()),
        "ddl": lambda: (DDL("x %(table)s").against(plain), "ddl"),
        "repr": lambda: (
            repr(full.c.a),
            repr(full.c.c),
            repr(MetaData()),
            repr(plain.primary_key),
        ),
        "repr index": lambda: (repr(Index("ix", plain.c.x)), repr(Index("iy", plain.c.x, unique=True))),
        "repr key": lambda: repr(ForeignKey("a.b")),
        "str": lambda: (str(full), str(full.c.a), str(Column()), str(Column("x")), str(styled.c.a)),
        "no table": lambda: Table("nope", MetaData(), must_exist=True),
        "table twice": lambda: Table("full", m, Column("x", Integer)),
        "table twice same": lambda: repr(Table("full", m, schema="sch") is full),
        "table keep existing": lambda: repr(
            Table("full", m, Column("zz", Integer), schema="sch", keep_existing=True) is full
        ),
        "table extend quote": lambda: (
            lambda md: (
                Table("q", md, Column("a", Integer)),
                Table("q", md, extend_existing=True, quote=True),
            )[1]
        )(MetaData()),
        "table both": lambda: Table("q", MetaData(), keep_existing=True, extend_existing=True),
        "table no metadata": lambda: Table("q", Column("a")),
        "table odd": lambda: Table("q", MetaData(), 5),
        "table keyword": lambda: Table("q", MetaData(), nope=5),
        "table none item": lambda: table_of(Column("a", Integer), None),
        "table string": lambda: Table("q", "x"),
        "tometadata": lambda: repr(plain.tometadata(MetaData())),
        "to metadata": lambda: CreateTable(full.to_metadata(MetaData(), schema="new")),
        "to metadata name": lambda: CreateTable(full.to_metadata(MetaData(), name="renamed", schema=None)),
        "to metadata key": lambda: (lambda md: (other.to_metadata(md), CreateTable(full.to_metadata(md)))[1])(
            MetaData()
        ),
        "copy column": lambda: repr(full.c.a.copy()),
        "column key": lambda: repr(
            (Column("a", key="b").key, Column("a").key, Column("a", Integer, key="q"))
        ),
        "column no name": lambda: table_of(Column(Integer)),
        "column quote": lambda: Column(quote=True),
        "column two types": lambda: Column("a", Integer, type_=Integer),
        "column two names": lambda: Column("a", name="b"),
        "column odd": lambda: Column("a", Integer, nope=5),
        "column in two": lambda: (lambda c: (Table("a", MetaData(), c), Table("b", MetaData(), c)))(
            Column("x", Integer)
        ),
        "column identity and default": lambda: table_of(Column("a", Integer, Identity(), server_default="5")),
        "column computed and default": lambda: table_of(
            Column("a", Integer, Computed("1"), server_default="5")
        ),
        "column computed and python default": lambda: table_of(
            Column("a", Integer, Computed("1"), default=5)
        ),
        "column default and insert default": lambda: Column("a", Integer, default=5, insert_default=6),
        "column index name": lambda: table_of(Column("a", Integer, index="x")),
        "column unique name": lambda: table_of(Column("a", Integer, unique="x")),
        "column same": lambda: table_of(Column("a", Integer), Column("a", String)),
        "column pk replaced": lambda: table_of(Column("a", Integer, primary_key=True), Column("a", String)),
        "column autoincrement": lambda: (
            table_of(Column("a", Integer, primary_key=True, autoincrement=False)),
            table_of(Column("a", String(5), primary_key=True, autoincrement=True)),
        ),
        "all: column autoincrement composite": lambda: table_of(
            Column("a", Integer, primary_key=True, autoincrement=True), Column("b", Integer, primary_key=True)
        ),
        "column autoincrement twice": lambda: repr(
            Table(
                "z",
                MetaData(),
                Column("a", Integer, primary_key=True, autoincrement=True),
                Column("b", Integer, primary_key=True, autoincrement=True),
            ).autoincrement_column
        ),
        "column autoincrement default": lambda: repr(
            Table(
                "z", MetaData(), Column("a", Integer, primary_key=True, server_default="5")
            ).autoincrement_column
        ),
        "column default select": lambda: Column("a", default=select(plain)),
        "column default scalar": lambda: repr(
            (
                Column("a", default=5).default.is_scalar,
                Column("a", default=lambda: 5).default.is_callable,
                Column("a", default=func.x()).default.is_clause_element,
                Column("a", default=Sequence("q")).default.is_sequence,
            )
        ),
        "column default callable": lambda: Column("a", default=lambda a, b: 5),
        "column default column": lambda: Column("a", default=Column("b")),
        "defaults repr": lambda: (
            repr(Column("a", default=5).default),
            repr(Column("a", server_default="x").server_default.arg),
            repr(Column("a", server_default=FetchedValue()).server_default.reflected),
        ),
        "column primary nullable": lambda: table_of(Column("a", Integer, primary_key=True, nullable=True)),
        "pk twice": lambda: table_of(
            Column("a", Integer, primary_key=True), Column("b", Integer), PrimaryKeyConstraint("b")
        ),
        "pk named": lambda: table_of(
            Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("b", "a", name="pk")
        ),
        "pk missing": lambda: table_of(Column("a", Integer), PrimaryKeyConstraint("nope")),
        "unique missing": lambda: table_of(Column("a", Integer), UniqueConstraint("nope")),
        "unique two tables": lambda: UniqueConstraint(plain.c.x, full.c.a),
        "index two tables": lambda: Index("x", plain.c.x, full.c.a),
        "index other": lambda: (
            lambda i: plain.append_constraint(i) if False else Table("b", MetaData(), Column("x"), i)
        )(Index("y", plain.c.x)),
        "index string alone": lambda: CreateIndex(Index("z", "x")),
        "index text": lambda: (lambda t: CreateIndex(Index("z", text("lower(x)"), _table=t)))(plain),
        "all: index literal": lambda: CreateIndex(Index("lit", plain.c.x + "a", plain.c.y)),
        "index info": lambda: repr(Index("z", plain.c.x, info={"a": 1}).info),
        "check text": lambda: table_of(Column("a", Integer), CheckConstraint(column("a") > 5, name="n")),
        "check columns": lambda: repr(
            [
                c.name
                for c in Table(
                    "z",
                    MetaData(),
                    Column("a", Integer),
                    Column("b", Integer),
                    CheckConstraint(text("a > 5")),
                ).constraints
            ]
        ),
        "fk string": lambda: (
            repr(key_of("a.b")),
            repr(key_of("s.a.b").target_fullname),
            repr(key_of("a").target_fullname),
        ),
        "fk bad": lambda: key_of(5),
        "fk column": lambda: repr((key_of(plain.c.id).target_fullname, str(key_of(plain.c.id).column))),
        "fk unbound column": lambda: key_of(Column("loose", Integer)).column,
        "fk alias column": lambda: key_of(plain.alias().c.id),
        "fk missing table": lambda: key_of("nope.id").column,
        "fk missing column": lambda: (
            lambda md: (
                Table("a", md, Column("id")),
                Table("b", md, Column("x", ForeignKey("a.nope"))).c.x.foreign_keys.pop().column,
            )
        )(MetaData()),
        "fk no table": lambda: ForeignKey("a.b").column,
        "fk no metadata": lambda: (lambda c: list(c.foreign_keys)[0].column)(Column("x", ForeignKey("a.b"))),
        "fk table only": lambda: (
            lambda md: (
                Table("a", md, Column("x", Integer, primary_key=True)),
                str(Table("b", md, Column("x", ForeignKey("a"))).c.x.foreign_keys.pop().column),
            )[1]
        )(MetaData()),
        "fk copy schema": lambda: (
            lambda md: CreateTable(
                Table("b", md, Column("x", Integer, ForeignKey("a.x"))).to_metadata(MetaData(), schema="n")
            )
        )(MetaData()),
        "fk twice": lambda: (lambda k: (Column("a", k), Column("b", k)))(ForeignKey("x.y")),
        "fk references": lambda: repr(
            (
                list(styled.c.a.foreign_keys)[0].references(target),
                list(styled.c.a.foreign_keys)[0].references(plain),
            )
        ),
        "fk compares": lambda: repr(str(list(styled.c.a.foreign_keys)[0].get_referent(target))),
        "fk options": lambda: AddConstraint(
            list(table_keys("CASCADE", match="FULL", use_alter=True, name="q"))[0]
        ),
        "fk bad option": lambda: AddConstraint(list(table_keys("DROP; x"))[0]),
        "fk constraint lengths": lambda: ForeignKeyConstraint(["a", "b"], ["x.a"]),
        "fk constraint tables": lambda: table_of(
            Column("a"), Column("b"), ForeignKeyConstraint(["a", "b"], ["x.a", "y.b"])
        ),
        "fk constraint missing": lambda: table_of(Column("a"), ForeignKeyConstraint(["nope"], ["x.a"])),
        "fk constraint facts": lambda: (
            lambda c: repr((c.column_keys, c.referred_table.name, [e.target_fullname for e in c.elements]))
        )([c for c in styled.constraints if isinstance(c, ForeignKeyConstraint) and len(c.elements) == 2][0]),
        "fk constraint keys early": lambda: repr(ForeignKeyConstraint(["a"], ["x.a"]).column_keys),
        "metadata": lambda: (
            repr(sorted(m.tables)),
            repr([t.name for t in m.sorted_tables]),
            repr("sch.full" in m),
            repr(m.tables)[:10],
        ),
        "metadata change": lambda: m.tables.__setitem__("x", 5),
        "metadata remove": lambda: (
            lambda md: (lambda t: (md.remove(t), repr(list(md.tables)))[1])(Table("a", md))
        )(MetaData()),
        "metadata schema": lambda: (
            repr(Table("a", MetaData(schema="q")).schema),
            repr(Table("a", MetaData(schema="q"), schema=sa.BLANK_SCHEMA).schema),
            repr(Sequence("a", metadata=MetaData(schema="q")).schema),
        ),
        "naming odd": lambda: Table(
            "a", MetaData(naming_convention={"uq": "%(nope)s"}), Column("x", Integer, unique=True)
        ),
        "naming own": lambda: repr(
            [
                str(c.name)
                for c in Table(
                    "a",
                    MetaData(
                        naming_convention={
                            "foo": lambda c, t: f"F{t.name}",
                            "uq": "%(foo)s_%(column_0_name)s%(column_1_name)s",
                        }
                    ),
                    Column("x", Integer, unique=True),
                ).constraints
                if isinstance(c, UniqueConstraint)
            ]
        ),
        "naming many": lambda: repr(
            [
                str(c.name)
                for c in Table(
                    "a",
                    MetaData(
                        naming_convention={"uq": "%(column_0N_name)s__%(column_0_N_key)s__%(column_0_label)s"}
                    ),
                    Column("x", Integer, key="k"),
                    Column("y", Integer),
                    UniqueConstraint("k", "y"),
                ).constraints
                if isinstance(c, UniqueConstraint)
            ]
        ),
        "naming check without name": lambda: CreateTable(
            Table(
                "a",
                MetaData(naming_convention={"ck": "ck_%(constraint_name)s"}),
                Column("x", Integer),
                CheckConstraint("x > 1"),
            )
        ),
        "naming column": lambda: repr(
            sorted(
                [
                    str(c.name)
                    for c in Table(
                        "a",
                        MetaData(naming_convention={"ck": "ck_%(column_0_name)s"}),
                        Column("x", Integer),
                        CheckConstraint(text("x > 1")),
                    ).constraints
                ]
            )
        ),
        "long names": lambda: CreateIndex(Index("i" * 80, plain.c.x)),
        "postgresql,mysql: long names": lambda: CreateIndex(Index("i" * 80, plain.c.x)),
        "all: long convention names": lambda: CreateTable(
            Table(
                "t" * 40,
                MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}),
                Column("c" * 40, Integer, unique=True),
            )
        ),
        "sequence": lambda: (
            repr(Sequence("a", 5, 2).start),
            seq.next_value(),
            repr(Sequence("a", optional=True).optional),
        ),
        "sequence as expression": lambda: select(seq),
        "sequence default": lambda: table_of(Column("a", Integer, Sequence("q", start=3), primary_key=True)),
        "identity": lambda: (
            repr(full.c.id.identity.start),
            CreateColumn(Column("a", Integer, Identity(on_null=True))),
        ),
        "computed": lambda: (
            CreateColumn(full.c.c),
            repr(full.c.c.computed.persisted),
            repr(str(full.c.c.computed.sqltext)),
        ),
        "postgresql: tables": lambda: (
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer),
                    postgresql_partition_by="LIST (a)",
                    postgresql_with={"fillfactor": 50},
                    postgresql_tablespace="ts",
                    postgresql_on_commit="DROP",
                    postgresql_using="heap",
                    postgresql_inherits=("x", "y"),
                )
            ),
            CreateTable(Table("p", MetaData(), Column("a", Integer), postgresql_with_oids=True)),
            CreateTable(
                Table(
                    "p", MetaData(), Column("a", Integer), postgresql_with_oids=False, prefixes=["UNLOGGED"]
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer),
                    UniqueConstraint("a", postgresql_nulls_not_distinct=True, postgresql_include=["a"]),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", sa.SmallInteger, primary_key=True),
                    Column("b", sa.BigInteger, Sequence("q")),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", sa.Integer),
                    postgresql.ExcludeConstraint(
                        (column("a"), "&&"), where=text("a > 5"), using="gist", name="ex"
                    ),
                )
            ),
        ),
        "postgresql: indexes": lambda: (
            CreateIndex(
                Index(
                    "i",
                    plain.c.x,
                    postgresql_using="gin",
                    postgresql_concurrently=True,
                    postgresql_where=plain.c.y > 5,
                    postgresql_include=["y"],
                    postgresql_with={"fillfactor": 50},
                    postgresql_tablespace="t",
                    postgresql_ops={"x": "text_ops"},
                    postgresql_nulls_not_distinct=True,
                )
            ),
            CreateIndex(Index("i", plain.c.x.desc().nulls_last(), postgresql_nulls_not_distinct=False)),
            DropIndex(Index("j", plain.c.x, postgresql_concurrently=True), if_exists=True),
        ),
        "postgresql: types ddl": lambda: (
            postgresql.CreateEnumType(postgresql.ENUM("a", "b", name="e")),
            postgresql.DropEnumType(postgresql.ENUM("a", name="e")),
            postgresql.CreateDomainType(
                postgresql.DOMAIN(
                    "d",
                    Integer,
                    check="VALUE > 0",
                    default="5",
                    not_null=True,
                    collation="C",
                    constraint_name="k",
                )
            ),
            postgresql.DropDomainType(postgresql.DOMAIN("d", Integer)),
        ),
        "postgresql: enum no name": lambda: postgresql.CreateEnumType(postgresql.ENUM("a", "b")),
        "postgresql: array": lambda: select(
            postgresql.array([1, 2]) + postgresql.array([3]),
            postgresql.array([], type_=Integer),
            postgresql.array([postgresql.array([1]), postgresql.array([2])]),
            postgresql.array([1, 2])[1],
            postgresql.array(["a"]).contains(["b"]),
        ),
        "postgresql: array empty": lambda: postgresql.array([]),
        "postgresql: array types": lambda: repr(
            [
                postgresql.array([1]).type,
                postgresql.array([postgresql.array([1])]).type,
                postgresql.array(["a"], type_=String(5)).type,
                postgresql.array([1], type_=postgresql.ARRAY(Integer)).type,
            ]
        ),
        "postgresql: functions": lambda: select(
            func.substring(plain.c.x, 1, 2),
            func.substring(plain.c.x, 2),
            func.aggregate_strings(plain.c.x, ","),
        ),
        "postgresql: match": lambda: select(
            plain.c.x.match("q", postgresql_regconfig="english"),
            plain.c.x.regexp_match("a", flags="ig"),
            plain.c.x.regexp_replace("a", "b", flags="g"),
            ~plain.c.x.regexp_match("a", flags="i"),
        ),
        "mysql: tables": lambda: (
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, primary_key=True),
                    Column("b", sa.TIMESTAMP, nullable=False),
                    Column("c", sa.TIMESTAMP, nullable=True),
                    mysql_engine="InnoDB",
                    mysql_charset="utf8mb4",
                    mysql_auto_increment="5",
                    mysql_comment="x",
                )
            ),
            CreateTable(Table("p", MetaData(), Column("a", Integer, Identity()), comment="it's")),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer),
                    mysql_partition_by="HASH(a)",
                    mysql_partitions="4",
                    mysql_row_format="COMPRESSED",
                    mysql_key_block_size="8",
                )
            ),
        ),
        "mysql: indexes": lambda: (
            CreateIndex(
                Index(
                    "i",
                    plain.c.x,
                    mysql_length=5,
                    mysql_prefix="FULLTEXT",
                    mysql_with_parser="ngram",
                    mysql_using="btree",
                )
            ),
            CreateIndex(Index("i", plain.c.x, plain.c.y, mysql_length={"x": 3})),
            CreateIndex(Index("i", func.lower(plain.c.x), plain.c.y, mysql_length={"y": 3})),
        ),
        "mysql: drop": lambda: (
            DropConstraint(styled.primary_key),
            DropConstraint([c for c in styled.constraints if c.name == "uq_styled_a_b"][0]),
            DropConstraint([c for c in styled.constraints if c.name == "ck_styled_positive"][0]),
        ),
        "mysql: match": lambda: select(
            mysql.match(plain.c.x, against="a"),
            mysql.match(plain.c.x, plain.c.y, against="a").in_boolean_mode(),
            mysql.match(plain.c.x, against="a").in_natural_language_mode().with_query_expansion(),
        ),
        "mysql: match none": lambda: mysql.match(against="a"),
        "mysql: match bad": lambda: mysql.match(plain.c.x, nope="a"),
        "mysql: match two modes": lambda: select(
            mysql.match(plain.c.x, against="a").in_boolean_mode().with_query_expansion()
        ),
        "mysql: match odd": lambda: select(mysql.match(plain.c.x + "a", against="a")),
        "mysql: from dual": lambda: select(literal(1)).where(text("a")),
        "mysql: limit": lambda: (
            select(plain.c.x).limit(5),
            select(plain.c.x).offset(5),
            select(plain.c.x).limit(5).offset(3),
            plain.update().values(x="a").with_dialect_options(mysql_limit=3),
            plain.delete().with_dialect_options(mysql_limit=3),
        ),
        "mysql: for update": lambda: (
            select(plain.c.x).with_for_update(read=True),
            select(plain.c.x).with_for_update(of=plain, nowait=True),
            select(plain.c.x).with_for_update(skip_locked=True, of=[plain.c.x]),
        ),
        "mysql: casts": lambda: select(
            cast("a", mysql.CHAR(5, charset="utf8")),
            cast("a", sa.LargeBinary),
            cast("a", sa.TIMESTAMP),
            cast(plain.c.x, mysql.BIT),
            cast(plain.c.x, Shout()),
        ),
        "mysql: cast no": lambda: select(cast(plain.c.x, mysql.YEAR)),
        "mysql: strings": lambda: select(func.aggregate_strings(plain.c.x, ","), literal("a\\b")),
        "mysql: on duplicate": lambda: (
            mysql.insert(plain).values(x="a").on_duplicate_key_update(x="b", y=func.foo()),
            mysql.insert(plain).values(x="a").on_duplicate_key_update([("y", 5), ("x", "c")]),
        ),
        "mysql: on duplicate inserted": lambda: (
            lambda s: s.on_duplicate_key_update(x=s.inserted.x, y=s.inserted.y + 5)
        )(mysql.insert(plain).values(x="a")),
        "mysql: on duplicate unknown": lambda: (
            mysql.insert(plain).values(x="a").on_duplicate_key_update(nope="b")
        ),
        "mysql: on duplicate none": lambda: mysql.insert(plain).on_duplicate_key_update(),
        "mysql: on duplicate both": lambda: mysql.insert(plain).on_duplicate_key_update({"x": 1}, y=2),
        "mssql: tables": lambda: (
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, Identity(start=3), primary_key=True, mssql_clustered=True)
                    if False
                    else Column("a", Integer, Identity(start=3), primary_key=True),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, nullable=True),
                    PrimaryKeyConstraint("a", mssql_clustered=False),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, Computed("1", persisted=True)),
                    UniqueConstraint("a", mssql_clustered=True),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", sa.Text),
                    Column("b", sa.UnicodeText),
                    Column("c", sa.LargeBinary),
                )
            ),
        ),
        "mssql: indexes": lambda: (
            CreateIndex(
                Index("i", plain.c.x, mssql_clustered=True, mssql_include=["y"], mssql_where=plain.c.y > 1)
            ),
            CreateIndex(Index("i", plain.c.x, mssql_columnstore=True)),
            CreateIndex(Index("i", mssql_clustered=True, mssql_columnstore=True, _table=plain)),
        ),
        "mssql: functions": lambda: select(
            func.char_length(plain.c.x),
            func.length(plain.c.x),
            func.now(),
            func.current_date(),
            func.coalesce(plain.c.x, "a"),
        ),
        "mssql: json": lambda: select(
            type_coerce(plain.c.x, sa.JSON)["a"].as_string(),
            type_coerce(plain.c.x, sa.JSON)[1].as_integer(),
            type_coerce(plain.c.x, sa.JSON)[("a", 1)],
        ),
        "mssql: empty in": lambda: select(plain.c.x).where(plain.c.x.in_([])),
        "mssql: schema": lambda: select(
            Table("a", MetaData(), Column("x"), schema="db.sch"),
            Table("b", MetaData(), Column("x"), schema="[my.db].sch"),
        ),
        "sqlite: tables": lambda: (
            CreateTable(
                Table("p", MetaData(), Column("a", Integer, primary_key=True), sqlite_autoincrement=True)
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, primary_key=True),
                    sqlite_with_rowid=False,
                    sqlite_strict=True,
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, primary_key=True, sqlite_on_conflict_primary_key="FAIL"),
                    Column(
                        "b",
                        Integer,
                        nullable=False,
                        unique=True,
                        sqlite_on_conflict_not_null="FAIL",
                        sqlite_on_conflict_unique="IGNORE",
                    ),
                    CheckConstraint("b > 1", sqlite_on_conflict="FAIL"),
                )
            ),
            CreateTable(
                Table(
                    "p",
                    MetaData(),
                    Column("a", Integer, Computed("1", persisted=False)),
                    Column("b", Integer, server_default=text("1 + 2")),
                )
            ),
            CreateIndex(Index("i", plain.c.x, sqlite_where=plain.c.y > 5)),
        ),
        "sqlite: autoincrement wrong": lambda: CreateTable(
            Table("p", MetaData(), Column("a", String, primary_key=True), sqlite_autoincrement=True)
        ),
        "sqlite: on conflict": lambda: (
            sqlite.insert(plain).values(x="a").on_conflict_do_nothing(),
            sqlite.insert(plain)
            .values(x="a")
            .on_conflict_do_update(
                index_elements=["id"], set_={"x": "b"}, where=plain.c.y > 1, index_where=plain.c.id > 0
            ),
        ),
        "postgresql: on conflict": lambda: (
            postgresql.insert(plain).values(x="a").on_conflict_do_nothing(constraint=plain.primary_key),
            postgresql.insert(plain)
            .values(x="a")
            .on_conflict_do_update(constraint="k", set_={"x": "b", plain.c.y: 4}),
            (lambda s: s.on_conflict_do_update(index_elements=[plain.c.id], set_=s.excluded))(
                postgresql.insert(plain).values(x="a")
            ),
        ),
        "postgresql: on conflict unknown": lambda: (
            postgresql.insert(plain)
            .values(x="a")
            .on_conflict_do_update(index_elements=["id"], set_={"nope": "b"})
        ),
        "postgresql: on conflict twice": lambda: (
            postgresql.insert(plain).on_conflict_do_nothing().on_conflict_do_nothing()
        ),
        "postgresql: on conflict both": lambda: postgresql.insert(plain).on_conflict_do_update(
            constraint="a", index_elements=["b"], set_={"x": 1}
        ),
        "postgresql: on conflict none": lambda: postgresql.insert(plain).on_conflict_do_update(set_={"x": 1}),
        "postgresql: on conflict empty": lambda: postgresql.insert(plain).on_conflict_do_update(
            index_elements=["id"], set_={}
        ),
        "postgresql: on conflict odd": lambda: postgresql.insert(plain).on_conflict_do_update(
            index_elements=["id"], set_=5
        ),
        # Types
        "decorator no impl": lambda: NoImpl(),
        "decorator bind": lambda: (
            repr(Shout().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())("a")),
            repr(Shout().result_processor(sqlite.dialect(), None)("A")),
            repr(Wrapped().bind_processor(sqlite.dialect())("a")),
        ),
        "decorator coerce": lambda: (
            type_coerce(column("x"), Shout) + "a",
            repr((column("x", Shout) + "a").right.type),
        ),
        "decorator variant": lambda: repr(
            Shout().with_variant(Integer(), "mysql").dialect_impl(mysql.dialect())
        ),
        "variant class": lambda: sa.types.Variant(),
        "variant twice": lambda: String().with_variant(Integer(), "mysql").with_variant(Integer(), "mysql"),
        "variant none": lambda: String().with_variant(Integer()),
        "variant of variant": lambda: String().with_variant(String().with_variant(Integer(), "x"), "mysql"),
        "compare types": lambda: repr(
            [
                String(5)._compare_type_affinity(sa.Text()),
                String()._compare_type_affinity(Integer()),
                sa.Integer().compare_values(1, 1),
                sa.PickleType(comparator=lambda a, b: True).compare_values(1, 2),
                sa.PickleType().compare_values([1], [1]),
                sa.ARRAY(Integer).compare_values([1], [1]),
            ]
        ),
        "evaluates none": lambda: repr(
            (
                String().evaluates_none().should_evaluate_none,
                sa.JSON(none_as_null=True).should_evaluate_none,
                sa.JSON().should_evaluate_none,
            )
        ),
        "enum": lambda: repr(
            (
                sa.Enum(Color).enums,
                sa.Enum("a", "b").length,
                sa.Enum(Color).name,
                sa.Enum("a", name="q").name,
                sa.Enum(Color, length=20).length,
            )
        ),
        "enum empty": lambda: (repr(sa.Enum().enums), repr(sa.Enum())),
        "enum short": lambda: sa.Enum("long one", length=3, native_enum=False),
        "enum odd": lambda: sa.Enum(5),
        "enum processors": lambda: (
            lambda e: repr(
                (
                    e.bind_processor(sqlite.dialect())(Color.red),
                    e.bind_processor(sqlite.dialect())("blue"),
                    e.result_processor(sqlite.dialect(), None)("red"),
                )
            )
        )(sa.Enum(Color)),
        "enum bad value": lambda: sa.Enum(Color).bind_processor(sqlite.dialect())("nope"),
        "enum bad result": lambda: sa.Enum(Color).result_processor(sqlite.dialect(), None)("nope"),
        "enum no validate": lambda: repr(
            sa.Enum("a", validate_strings=False).bind_processor(sqlite.dialect())("nope")
        ),
        "enum omit aliases": lambda: repr(sa.Enum(Color, omit_aliases=False).enums),
        "enum many": lambda: sa.Enum(*[f"value{i}" for i in range(30)]).bind_processor(sqlite.dialect())(
            "nope"
        ),
        "enum inherit schema": lambda: repr(
            (
                sa.Enum("a", name="e", inherit_schema=True).inherit_schema,
                Table(
                    "z", MetaData(), Column("a", sa.Enum("a", name="e", inherit_schema=True)), schema="s"
                ).c.a.type.schema,
                Table("z", MetaData(schema="q"), Column("a", sa.Enum("a", name="e"))).c.a.type.schema,
            )
        ),
        "enum as generic": lambda: (
            repr(mysql.ENUM("a", "b").as_generic()),
            repr(postgresql.ENUM("a", name="q").as_generic()),
        ),
        "boolean odd": lambda: sa.Boolean().bind_processor(sqlite.dialect())(5),
        "boolean string": lambda: sa.Boolean().bind_processor(sqlite.dialect())("x"),
        "type no class": lambda: Column("a", 5),
        "type class": lambda: repr((Column("a", String).type, Column("a", Integer()).type, Column("a").type)),
        "literal types": lambda: repr(
            [
                literal(v).type
                for v in (
                    dt.time(1, tzinfo=dt.UTC),
                    dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
                    2**40,
                    decimal.Decimal("1"),
                    Color.red,
                    uuid.UUID(int=1),
                    dt.timedelta(1),
                    "ü",
                    {"a": 1},
                    (1, 2),
                )
            ]
        ),
        "json types": lambda: repr(
            (sa.JSON.NULL, sa.JSON().python_type, sa.JSON.JSONIndexType(), sa.JSON.JSONPathType())
        ),
        "coerce compared": lambda: repr(
            [
                Integer().coerce_compared_value(None, "a"),
                String().coerce_compared_value(None, 5),
                sa.DateTime().coerce_compared_value(None, dt.timedelta(1)),
                sa.JSON().coerce_compared_value(None, 5),
                Shout().coerce_compared_value(None, 5),
                sa.Enum("a").coerce_compared_value(None, "a"),
                sa.Enum("a").coerce_compared_value(None, 5),
            ]
        ),
        "processors": lambda: repr(
            (
                sa.Numeric(5, 2).result_processor(sqlite.dialect(), None)(1.5),
                sa.Float(asdecimal=True, decimal_return_scale=3).result_processor(sqlite.dialect(), None)(
                    1.5
                ),
                sa.Uuid().bind_processor(sqlite.dialect())(uuid.UUID(int=3)),
                sa.Uuid().result_processor(sqlite.dialect(), None)("00000000000000000000000000000003"),
                sa.Interval().bind_processor(sqlite.dialect())(dt.timedelta(1)),
                sa.Interval().result_processor(sqlite.dialect(), None)("1970-01-02 00:00:00.000000"),
                sa.JSON().bind_processor(sqlite.dialect())({"a": None}),
                sa.JSON(none_as_null=True).bind_processor(sqlite.dialect())(None),
                sa.JSON().bind_processor(sqlite.dialect())(sa.null()),
                sa.JSON().result_processor(sqlite.dialect(), None)(None),
                mysql.SET("a", "b", retrieve_as_bitwise=True).bind_processor(mysql.dialect())({"a", "b"}),
                mysql.SET("a", "b", retrieve_as_bitwise=True).bind_processor(mysql.dialect())("b"),
                mysql.BIT(8).result_processor(mysql.dialect(), None)(b"\x05"),
                mssql.DATE().bind_processor(mssql.dialect())(dt.date(2020, 1, 1)),
                mssql.DATE().bind_processor(mssql.dialect())(dt.datetime(2020, 1, 1)),
                mssql.DATE().result_processor(mssql.dialect(), None)("2020-01-01"),
                mssql.DATE().result_processor(mssql.dialect(), None)(dt.datetime(2020, 1, 1)),
                mssql.TIME().bind_processor(mssql.dialect())(dt.time(1, 2)),
                mssql.TIME().bind_processor(mssql.dialect())(dt.datetime(2020, 1, 1, 5)),
                mssql.TIME().result_processor(mssql.dialect(), None)("01:02:03"),
                mssql.TIMESTAMP(convert_int=True).result_processor(mssql.dialect(), None)(b"\x01\x00"),
            )
        ),
    }
)


def table_keys(ondelete: str, **kw: Any) -> Any:
    made_table = Table("z", MetaData(), Column("a", Integer, ForeignKey("x.y", ondelete=ondelete, **kw)))
    return made_table.foreign_key_constraints


def referring(convention: Any) -> Any:
    md = MetaData(naming_convention=convention)
    Table("r", md, Column("id", Integer, primary_key=True, key="rk"), Column("z", Integer))
    return Table(
        "q", md, Column("a", Integer), Column("b", Integer), ForeignKeyConstraint(["a", "b"], ["r.rk", "r.z"])
    )
