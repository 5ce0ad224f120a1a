"""
DDL whose text is a contract, per row of features.tsv.

Each entry is ``(name, function that makes the element, dialects or None for all)``.
``expected.json`` holds what each must compile to on each dialect.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PickleType,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    Uuid,
    and_,
    false,
    func,
    literal,
    select,
    text,
    true,
)
from relvar import types as t
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.schema import (
    DDL,
    AddConstraint,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    CreateTableAs,
    CreateView,
    DropColumnComment,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    DropView,
    FetchedValue,
    SetColumnComment,
    SetTableComment,
)

Case = tuple[str, Callable[[], Any], tuple[str, ...] | None]

CASES: dict[str, list[Case]] = {}


def case(row: str, name: str, make: Callable[[], Any], *dialects: str) -> None:
    CASES.setdefault(row, []).append((name, make, dialects or None))


def table(*items: Any, name: str = "t", **kw: Any) -> Table:
    return Table(name, MetaData(), *items, **kw)


def created(row: str, label: str, /, *items: Any, dialects: tuple[str, ...] = (), **kw: Any) -> None:
    """Add the case of a table; *items* are functions, so that each dialect gets its own."""
    case(row, label, lambda: CreateTable(table(*[item() for item in items], **kw)), *dialects)


def column(*args: Any, **kw: Any) -> Callable[[], Any]:
    return lambda: Column(*args, **kw)


# -- tables and columns ---------------------------------------------

created(
    "C003",
    "plain",
    column("id", Integer, primary_key=True),
    column("name", String(30), nullable=False),
    column("d", DateTime),
    name="users",
)
created("C003", "no key", column("id", Integer), column("name", String(30)))
created("C003", "empty")
created("C003", "prefixes", column("a", Integer), prefixes=["TEMPORARY", "FOO"])
created("C003", "schema", column("a", Integer), schema="my.Schema")
created(
    "C003",
    "reserved words",
    column("select", Integer, primary_key=True),
    column("From", Integer),
    column("a b", Integer),
    column('x"y', Integer),
    column("user", Integer),
    name="order",
)
case("C003", "if not exists", lambda: CreateTable(table(Column("a", Integer)), if_not_exists=True))
case("C003", "drop", lambda: DropTable(table(Column("a", Integer))))
case("C003", "drop if exists", lambda: DropTable(table(Column("a", Integer), schema="x"), if_exists=True))
created("C004", "comments", column("id", Integer, primary_key=True, comment="it's"), comment="ta'ble %")
created("C004", "quote", column("x", Integer, quote=True), quote=True, schema="foo", quote_schema=True)
created("C004", "system", column("a", Integer, system=True), column("b", Integer))

# -- keys ---------------------------------------------

created("C010", "composite", column("a", Integer, primary_key=True), column("b", Integer, primary_key=True))
created(
    "C010",
    "named",
    column("a", Integer),
    column("b", Integer),
    lambda: PrimaryKeyConstraint("a", "b", name="mypk"),
)
created("C010", "string", column("a", String(10), primary_key=True))
created("C015", "big", column("a", BigInteger, primary_key=True))
created("C015", "small", column("a", SmallInteger, primary_key=True))
created("C015", "off", column("a", Integer, primary_key=True, autoincrement=False))
created(
    "C015",
    "composite",
    column("a", Integer, primary_key=True),
    column("b", Integer, primary_key=True, autoincrement=True),
)
created("C015", "default", column("a", Integer, primary_key=True, default=5))
created(
    "C015",
    "sqlite keyword",
    column("id", Integer, primary_key=True),
    dialects=("sqlite",),
    sqlite_autoincrement=True,
)
created("E031", "identity", lambda: Column("a", Integer, Identity(), primary_key=True))
created(
    "E031",
    "identity options",
    lambda: Column(
        "a",
        Integer,
        Identity(always=True, start=5, increment=2, minvalue=1, maxvalue=90, cycle=True, cache=7),
        primary_key=True,
    ),
)
created(
    "E031",
    "identity without limits",
    lambda: Column("a", Integer, Identity(nominvalue=True, nomaxvalue=True, cycle=False)),
    column("b", Integer, primary_key=True),
)
created("E031", "identity null", lambda: Column("a", Integer, Identity(), nullable=True))
created("E031", "sequence", lambda: Column("a", Integer, Sequence("sq"), primary_key=True))
created(
    "E031", "optional sequence", lambda: Column("a", Integer, Sequence("sq", optional=True), primary_key=True)
)
created("E059", "identity", lambda: Column("a", Integer, Identity(start=3)), dialects=("mssql",))
created(
    "E059", "identity both", lambda: Column("a", Integer, Identity(start=3, increment=4)), dialects=("mssql",)
)
created("E059", "autoincrement", column("a", Integer, primary_key=True), dialects=("mssql",))


def _foreign_key(**kw: Any) -> Any:
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer, primary_key=True))
    return CreateTable(
        Table(
            "c",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("pid", Integer, ForeignKey("p.id", **kw)),
        )
    )


def _composite_key() -> Any:
    metadata = MetaData()
    Table(
        "p",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("q", Integer, primary_key=True),
        schema="s1",
    )
    return CreateTable(
        Table(
            "c",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a", Integer),
            Column("b", Integer),
            ForeignKeyConstraint(["a", "b"], ["s1.p.id", "s1.p.q"], name="zz"),
            schema="s2",
        )
    )


def _node() -> Table:
    return Table(
        "node",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("parent", Integer, ForeignKey("node.id", name="fkx", ondelete="CASCADE")),
    )


def _node_key() -> Any:
    return next(iter(_node().foreign_key_constraints))


case("C006", "plain", _foreign_key)
case("C006", "composite, other schema", _composite_key)
case("C006", "self-referential", lambda: CreateTable(_node()))
case("C006", "add", lambda: AddConstraint(_node_key()))
case("C006", "drop", lambda: DropConstraint(_node_key()))
case("C006", "drop cascade", lambda: DropConstraint(_node_key(), cascade=True, if_exists=True))
case("C008", "cascade", lambda: _foreign_key(ondelete="CASCADE", onupdate="SET NULL"))
case(
    "C008",
    "all options",
    lambda: _foreign_key(
        name="fk1",
        ondelete="CASCADE",
        onupdate="SET NULL",
        deferrable=True,
        initially="DEFERRED",
        match="FULL",
    ),
)
case("C008", "injection", lambda: _foreign_key(ondelete="FOO BAR 7;"))
case("C008", "not deferrable", lambda: _foreign_key(deferrable=False))

# -- other constraints ---------------------------------------------


def _attached(constraint: Any) -> Any:
    table(Column("a", Integer), Column("b", Integer)).append_constraint(constraint)
    return constraint


created("C011", "column", column("a", Integer, unique=True))
created(
    "C011",
    "deferrable",
    column("a", Integer),
    lambda: UniqueConstraint("a", name="q", deferrable=True, initially="DEFERRED"),
)
case("C011", "add", lambda: AddConstraint(_attached(UniqueConstraint("a", "b", name="uq1"))))
case("C011", "drop", lambda: DropConstraint(_attached(UniqueConstraint("a", "b", name="uq1"))))
created(
    "check",
    "column and table",
    lambda: Column("a", Integer, CheckConstraint("a > 1", name="foo")),
    lambda: CheckConstraint("a > 5", name="c1"),
    lambda: CheckConstraint("a < 50"),
)


def _check_expression() -> Any:
    made = table(Column("a", Integer), Column("b", String(5)))
    made.append_constraint(CheckConstraint(and_(made.c.a > 5, made.c.b == "x")))
    return CreateTable(made)


case("check", "expression", _check_expression)
case("check", "drop", lambda: DropConstraint(_attached(CheckConstraint("a > b", name="ck1"))))

# -- indexes ---------------------------------------------


def _index(*elements: Any, name: Any = "ix1", schema: str | None = None, **kw: Any) -> Any:
    made = table(Column("a", Integer), Column("b", String(20)), schema=schema)
    return Index(name, *[made.c[e] if isinstance(e, str) else e(made) for e in elements], **kw)


case("C013", "two columns", lambda: CreateIndex(_index("a", "b")))
case("C013", "unique", lambda: CreateIndex(_index("a", unique=True), if_not_exists=True))
case("C013", "functions", lambda: CreateIndex(_index(lambda x: func.lower(x.c.b), lambda x: x.c.a.desc())))
case("C013", "expressions", lambda: CreateIndex(_index(lambda x: x.c.a + 5, lambda x: text("foo(a)"))))
case("C013", "schema", lambda: CreateIndex(_index("a", schema="sch")))
case("C013", "no name", lambda: CreateIndex(_index("a", name=None)))
case("C013", "drop", lambda: DropIndex(_index("a")))
case("C013", "drop if exists", lambda: DropIndex(_index("a", schema="sch"), if_exists=True))
case("C013", "where", lambda: CreateIndex(_index("a", postgresql_where=text("a > 5"))), "postgresql")
for option, value in {
    "using": "btree",
    "include": ["b"],
    "concurrently": True,
    "nulls_not_distinct": True,
    "with": {"fillfactor": 50},
    "tablespace": "ts",
    "ops": {"a": "int4_ops"},
}.items():
    case(
        "C013",
        f"postgresql {option}",
        lambda option=option, value=value: CreateIndex(_index("a", **{f"postgresql_{option}": value})),  # type: ignore[misc]
        "postgresql",
    )
for option, value in {"length": 5, "using": "hash", "prefix": "FULLTEXT", "with_parser": "ngram"}.items():
    case(
        "C013",
        f"mysql {option}",
        lambda option=option, value=value: CreateIndex(_index("b", **{f"mysql_{option}": value})),  # type: ignore[misc]
        "mysql",
    )
case("C013", "sqlite where", lambda: CreateIndex(_index("a", sqlite_where=text("a > 5"))), "sqlite")
case("C013", "mssql", lambda: CreateIndex(_index("a", mssql_clustered=True, mssql_include=["b"])), "mssql")

# -- defaults, computed columns ---------------------------------------------

created(
    "C020",
    "kinds",
    column("a", Integer, server_default="5"),
    column("b", String(5), server_default="it's"),
    lambda: Column("c", DateTime, server_default=func.now()),
    lambda: Column("d", Integer, server_default=text("7+1")),
    lambda: Column("e", Integer, server_default=literal(5)),
    lambda: Column("f", Boolean, server_default=true()),
    lambda: Column("g", DateTime, server_default=FetchedValue()),
    column("h", Integer, server_default="x", nullable=False),
    lambda: Column("i", Boolean, server_default=false()),
    lambda: Column("j", DateTime, server_default=text("CURRENT_TIMESTAMP")),
    lambda: Column("k", Integer, server_default=text("(1 + 1)")),
)
created(
    "computed",
    "kinds",
    column("a", Integer),
    lambda: Column("b", Integer, Computed("a+1")),
    lambda: Column("c", Integer, Computed("a+2", persisted=True)),
    lambda: Column("d", Integer, Computed("a+3", persisted=False), nullable=False),
)

# -- sequences, schemas, free text, comments, views ------------------------------------------------------

case(
    "sequence",
    "all options",
    lambda: CreateSequence(
        Sequence(
            "sq",
            start=1,
            increment=2,
            minvalue=3,
            maxvalue=4,
            cycle=True,
            cache=9,
            data_type=BigInteger,
            schema="f",
        )
    ),
)
case(
    "sequence",
    "no limits",
    lambda: CreateSequence(Sequence("sq", nominvalue=True, nomaxvalue=True, cycle=False)),
)
case("sequence", "if not exists", lambda: CreateSequence(Sequence("sq"), if_not_exists=True))
case("sequence", "drop", lambda: DropSequence(Sequence("sq", schema="f"), if_exists=True))
case("schema", "create", lambda: CreateSchema("Foo bar", if_not_exists=True))
case("schema", "drop", lambda: DropSchema("foo", cascade=True, if_exists=True))
case(
    "ddl",
    "context",
    lambda: DDL("foo %(table)s %(fullname)s %(schema)s %(x)s 5%%", context={"x": "y"}).against(
        table(schema="ss", name="T a")
    ),
)


def _commented() -> Table:
    return table(Column("a", Integer, comment="x'y"), comment="tc 'q' \\", schema="s")


case("comment", "set table", lambda: SetTableComment(_commented()))
case("comment", "drop table", lambda: DropTableComment(_commented()))
case("comment", "set column", lambda: SetColumnComment(_commented().c.a))
# on MySQL, see tests/core/test_schema_statements.py: SQLAlchemy's text is not valid there
case(
    "comment",
    "drop column",
    lambda: DropColumnComment(_commented().c.a),
    "default",
    "sqlite",
    "postgresql",
    "mssql",
)


def _query() -> Any:
    made = table(Column("a", Integer), Column("b", String(5)))
    return select(made).where(made.c.a > 5)


case("view", "plain", lambda: CreateView(_query(), "vv"))
case("view", "replace", lambda: CreateView(_query(), "vv", schema="s", or_replace=True))
case("view", "materialized", lambda: CreateView(_query(), "vv", materialized=True))
case("view", "drop", lambda: DropView(CreateView(_query(), "vv").table, if_exists=True))
case("view", "table as", lambda: CreateTableAs(_query(), "ct", schema="s"))

# -- options of tables ---------------------------------------------

created(
    "options",
    "mysql",
    column("id", Integer, primary_key=True),
    dialects=("mysql",),
    mysql_engine="InnoDB",
    mysql_charset="utf8mb4",
    mysql_collate="utf8mb4_bin",
    mysql_comment="x y",
    mysql_auto_increment="5",
    mysql_row_format="DYNAMIC",
    mysql_partition_by="HASH(id)",
    mysql_partitions="6",
    mysql_default_charset="q",
)
created(
    "options",
    "postgresql",
    column("id", Integer, primary_key=True),
    dialects=("postgresql",),
    postgresql_with={"fillfactor": 50},
    postgresql_on_commit="DROP",
    postgresql_tablespace="ts",
    postgresql_partition_by="LIST (id)",
    postgresql_inherits=("a", "b"),
    postgresql_using="heap",
)
created(
    "options",
    "sqlite",
    column("id", Integer, primary_key=True),
    dialects=("sqlite",),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
created(
    "options",
    "sqlite conflicts",
    column("id", Integer, primary_key=True, sqlite_on_conflict_primary_key="FAIL"),
    column("n", Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
    column("u", Integer, unique=True, sqlite_on_conflict_unique="ROLLBACK"),
    lambda: UniqueConstraint("n", sqlite_on_conflict="REPLACE"),
    lambda: CheckConstraint("n>1", sqlite_on_conflict="REPLACE"),
    dialects=("sqlite",),
)
created(
    "options",
    "exclude",
    column("a", Integer),
    lambda: postgresql.ExcludeConstraint(
        ("a", "="),
        (text("foo"), "&&"),
        name="ex",
        using="gist",
        where=text("a>5"),
        deferrable=True,
        ops={"a": "q"},
    ),
    dialects=("postgresql",),
)
case(
    "named type",
    "create enum",
    lambda: postgresql.CreateEnumType(postgresql.ENUM("a", "b'c", name="e1", schema="s")),
    "postgresql",
)
case(
    "named type", "drop enum", lambda: postgresql.DropEnumType(postgresql.ENUM("a", name="e1")), "postgresql"
)
case(
    "named type",
    "create domain",
    lambda: postgresql.CreateDomainType(
        postgresql.DOMAIN(
            "d1", Integer, collation="c", default="5", not_null=True, constraint_name="cn", check="VALUE > 5"
        )
    ),
    "postgresql",
)

# -- types ---------------------------------------------


class Color(enum.Enum):
    red = 1
    green = 2


def typed(row: str, *types: Callable[[], Any], dialects: tuple[str, ...] = ()) -> None:
    for index, make in enumerate(types):
        case(row, f"type {index}", lambda make=make: CreateTable(table(Column("a", make()))), *dialects)  # type: ignore[misc]


typed(
    "D069",
    Integer,
    SmallInteger,
    BigInteger,
    Float,
    lambda: Float(5),
    Double,
    Numeric,
    lambda: Numeric(10),
    lambda: Numeric(10, 2),
    lambda: String(5),
    lambda: String(5, collation="utf8_bin"),
    Text,
    lambda: Text(50),
    lambda: Unicode(5),
    UnicodeText,
    Boolean,
    Date,
    Time,
    lambda: Time(timezone=True),
    DateTime,
    lambda: DateTime(timezone=True),
    Interval,
    LargeBinary,
    lambda: LargeBinary(5),
    PickleType,
    lambda: String(3).with_variant(Text(), "postgresql").with_variant(Integer(), "mysql", "sqlite"),
)
typed("S026", lambda: String(32), Text, lambda: Unicode(10), Boolean, DateTime)
typed(
    "D070",
    t.CHAR,
    lambda: t.CHAR(5),
    lambda: t.NCHAR(5),
    lambda: t.NVARCHAR(5),
    lambda: t.VARCHAR(5),
    t.TEXT,
    t.CLOB,
    t.BLOB,
    lambda: t.BINARY(5),
    lambda: t.VARBINARY(5),
    lambda: t.DECIMAL(5, 2),
    lambda: t.NUMERIC(5, 2),
    t.REAL,
    lambda: t.FLOAT(3),
    t.DOUBLE,
    t.DOUBLE_PRECISION,
    t.TIMESTAMP,
    lambda: t.TIMESTAMP(timezone=True),
    t.DATETIME,
    t.TIME,
    t.DATE,
    t.BOOLEAN,
    t.INTEGER,
    t.INT,
    t.BIGINT,
    t.SMALLINT,
    t.UUID,
    t.JSON,
)
typed(
    "D071",
    lambda: Enum("a", "bcd", name="en"),
    lambda: Enum(Color),
    lambda: Enum("a", "b", native_enum=False),
    lambda: Enum("a", "b", native_enum=False, length=8),
    lambda: Enum("x", "y", create_constraint=True, native_enum=False, name="en"),
    lambda: Enum(Color, create_constraint=True, native_enum=False),
)
typed("D072", JSON)
typed("D073", Uuid, lambda: Uuid(native_uuid=False))
typed(
    "D076",
    Boolean,
    lambda: Boolean(create_constraint=True),
    lambda: Boolean(create_constraint=True, name="bn"),
)
typed(
    "E006",
    sqlite.DATETIME,
    sqlite.DATE,
    sqlite.TIME,
    sqlite.JSON,
    sqlite.JSONB,
    lambda: sqlite.DATE(storage_format="%(year)04d%(month)02d%(day)02d"),
    lambda: sqlite.DATETIME(storage_format="%(year)04d%(month)02d%(day)02d"),
    dialects=("sqlite",),
)
typed(
    "E016",
    lambda: postgresql.ARRAY(Integer),
    lambda: postgresql.ARRAY(String(5), dimensions=2),
    lambda: postgresql.ARRAY(String(5, collation="x")),
    postgresql.BIT,
    lambda: postgresql.BIT(5, varying=True),
    lambda: postgresql.BIT(varying=True),
    postgresql.BYTEA,
    postgresql.CIDR,
    postgresql.CITEXT,
    postgresql.DOUBLE_PRECISION,
    lambda: postgresql.ENUM("a", "b", name="e1", schema="s"),
    postgresql.HSTORE,
    postgresql.INET,
    postgresql.INTERVAL,
    lambda: postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
    postgresql.JSON,
    postgresql.JSONB,
    postgresql.JSONPATH,
    postgresql.MACADDR,
    postgresql.MACADDR8,
    postgresql.MONEY,
    postgresql.OID,
    postgresql.REGCLASS,
    postgresql.REGCONFIG,
    lambda: postgresql.TIME(timezone=True, precision=3),
    lambda: postgresql.TIMESTAMP(precision=3),
    postgresql.TSQUERY,
    postgresql.TSVECTOR,
    postgresql.UUID,
    lambda: postgresql.DOMAIN("d1", Integer),
    dialects=("postgresql",),
)
typed(
    "E037",
    lambda: mysql.BIGINT(20, zerofill=True, unsigned=True),
    lambda: mysql.INTEGER(unsigned=True),
    lambda: mysql.TINYINT(1),
    lambda: mysql.SMALLINT(4),
    lambda: mysql.MEDIUMINT(4, unsigned=True),
    lambda: mysql.BIT(5),
    lambda: mysql.YEAR(4),
    lambda: mysql.DATETIME(fsp=6),
    lambda: mysql.TIME(fsp=3),
    lambda: mysql.TIMESTAMP(fsp=3),
    lambda: mysql.DECIMAL(5, 2, unsigned=True),
    lambda: mysql.NUMERIC(5, 2, zerofill=True),
    lambda: mysql.DOUBLE(5, 2),
    lambda: mysql.FLOAT(5, 2, unsigned=True),
    mysql.REAL,
    lambda: mysql.ENUM("a", "b'c"),
    lambda: mysql.SET("a", "b"),
    lambda: mysql.VARCHAR(5, charset="utf8", collation="utf8_bin"),
    lambda: mysql.VARCHAR(5, ascii=True),
    lambda: mysql.VARCHAR(5, binary=True),
    lambda: mysql.VARCHAR(5, national=True),
    lambda: mysql.CHAR(5, unicode=True),
    lambda: mysql.TEXT(charset="latin1"),
    mysql.TINYTEXT,
    lambda: mysql.MEDIUMTEXT(collation="x"),
    mysql.LONGTEXT,
    mysql.TINYBLOB,
    mysql.MEDIUMBLOB,
    mysql.LONGBLOB,
    lambda: mysql.NCHAR(5),
    lambda: mysql.NVARCHAR(5, collation="x"),
    mysql.JSON,
    mysql.INET4,
    mysql.INET6,
    lambda: mysql.VARCHAR(),
    dialects=("mysql",),
)
typed(
    "mssql types",
    mssql.BIT,
    lambda: mssql.DATETIME2(3),
    lambda: mssql.DATETIMEOFFSET(3),
    mssql.SMALLDATETIME,
    lambda: mssql.TIME(3),
    mssql.MONEY,
    mssql.UNIQUEIDENTIFIER,
    mssql.SQL_VARIANT,
    mssql.XML,
    mssql.NTEXT,
    mssql.IMAGE,
    mssql.ROWVERSION,
    mssql.TINYINT,
    lambda: mssql.VARBINARY("max"),
    mssql.JSON,
    lambda: mssql.NVARCHAR(50),
    dialects=("mssql",),
)
