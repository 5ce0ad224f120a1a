"""SQLite's DDL: options of tables, columns, constraints and indexes, defaults, how types are spelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import relvar as sa
from relvar import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    func,
    text,
)
from relvar.dialects import sqlite
from relvar.schema import AddConstraint, CreateIndex, CreateSchema, CreateTable, DropIndex, DropTable

CASES: dict[str, Callable[[], Any]] = {}


def table(name: str, *items: Callable[[], Any], **options: Any) -> None:
    """A case: CREATE TABLE of items that are made anew."""
    CASES[f"sqlite: {name}"] = lambda: CreateTable(
        Table("t", MetaData(), *[make() for make in items], **options)
    )


def key(**options: Any) -> Callable[[], Any]:
    """A primary key column."""
    return lambda: Column("id", Integer, primary_key=True, **options)


def col(*args: Any, **options: Any) -> Callable[[], Any]:
    """A column."""
    return lambda: Column(*args, **options)


# AUTOINCREMENT

AUTO = {"sqlite_autoincrement": True}
table("autoincrement", key(), **AUTO)
table("autoincrement, no key", col("id", Integer), **AUTO)
table("autoincrement, a string key", col("id", String, primary_key=True), **AUTO)
table(
    "autoincrement, a foreign key",
    lambda: Column("id", Integer, ForeignKey("x.id"), primary_key=True),
    **AUTO,
)
table("autoincrement, two keys", key(), col("b", Integer, primary_key=True), **AUTO)
table("autoincrement=True, two keys", key(autoincrement=True), col("b", Integer, primary_key=True))
table("autoincrement=False", key(autoincrement=False), **AUTO)
table("autoincrement, BIGINT", col("id", sa.BigInteger, primary_key=True), **AUTO)
table(
    "autoincrement, a variant",
    lambda: Column("id", sa.BigInteger().with_variant(sqlite.INTEGER, "sqlite"), primary_key=True),
    **AUTO,
)
table("autoincrement, a named key", col("id", Integer), lambda: PrimaryKeyConstraint("id", name="pk"), **AUTO)

# options of tables

for with_rowid in (True, False, None):
    for strict in (True, False, None):
        table(
            f"rowid {with_rowid}, strict {strict}", key(), sqlite_with_rowid=with_rowid, sqlite_strict=strict
        )
table("an unknown option", key(), sqlite_foo=1)
table("prefixes", key(), prefixes=["TEMPORARY"])
table("in a schema", key(), schema="other")
table("comments", col("id", Integer, comment="c"), comment="t")

# ON CONFLICT

for word in ("FAIL", "ignore", ""):
    table(f"key on conflict {word}", key(sqlite_on_conflict_primary_key=word))
    table(f"numbered key on conflict {word}", key(sqlite_on_conflict_primary_key=word), **AUTO)
    table(f"not null on conflict {word}", col("a", Integer, nullable=False, sqlite_on_conflict_not_null=word))
    table(f"unique on conflict {word}", col("a", Integer, unique=True, sqlite_on_conflict_unique=word))
    table(
        f"constraints on conflict {word}",
        key(),
        col("a", Integer),
        lambda word=word: UniqueConstraint("a", "id", sqlite_on_conflict=word),
        lambda word=word: CheckConstraint("a > 1", sqlite_on_conflict=word),
    )
    table(
        f"composite key on conflict {word}",
        col("a", Integer),
        col("b", Integer),
        lambda word=word: PrimaryKeyConstraint("a", "b", sqlite_on_conflict=word),
    )
table(
    "column check on conflict",
    lambda: Column("a", Integer, CheckConstraint("a > 1", sqlite_on_conflict="FAIL")),
)
table("nullable, not null on conflict", col("a", Integer, sqlite_on_conflict_not_null="FAIL"))
table("on conflict of no unique column", col("a", Integer, sqlite_on_conflict_unique="FAIL"))
table(
    "on conflict of a column's constraint",
    col("a", Integer, sqlite_on_conflict_unique="FAIL"),
    lambda: UniqueConstraint("a"),
)
table(
    "on conflict of a column is not that of a wider constraint",
    col("a", Integer, unique=True, sqlite_on_conflict_unique="FAIL"),
    col("b", Integer),
    lambda: UniqueConstraint("a", "b"),
)
table(
    "key on conflict, twice",
    col("a", Integer, sqlite_on_conflict_primary_key="FAIL"),
    lambda: PrimaryKeyConstraint("a", sqlite_on_conflict="IGNORE"),
)

# defaults

for number, make_default in enumerate(
    (
        lambda: "5",
        lambda: "it's",
        lambda: text("5"),
        lambda: text("'x y'"),
        lambda: text("a b"),
        lambda: text("(1 + 1)"),
        lambda: text("1 + 1"),
        lambda: text("-1"),
        lambda: text("1.5"),
        lambda: text("CURRENT_TIMESTAMP"),
        lambda: text("datetime('now')"),
        lambda: text("'a' || 'b'"),
        lambda: text("NULL"),
        func.now,
        func.random,
        lambda: sa.literal("x"),
        sa.true,
        sa.null,
        sa.FetchedValue,
    )
):
    table(f"default {number}", lambda make=make_default: Column("a", Integer, server_default=make()))

# generated columns

for persisted in (None, True, False):
    table(
        f"computed, persisted={persisted}",
        lambda p=persisted: Column("b", Integer, Computed("1", persisted=p)),
    )
table("computed, not null", lambda: Column("b", Integer, Computed("1"), nullable=False))
table("identity", lambda: Column("a", Integer, Identity(start=3), primary_key=True))

# types

for name, type_ in {
    "BigInteger": sa.BigInteger(),
    "Boolean": sa.Boolean(create_constraint=True, name="b"),
    "collation": sa.String(5, collation="NOCASE"),
    "DateTime with a time zone": sa.DateTime(timezone=True),
    "Double": sa.Double(53),
    "Enum": sa.Enum("a", "bbb", create_constraint=True, name="e"),
    "Float": sa.Float(53),
    "Interval": sa.Interval(),
    "JSON": sa.JSON(),
    "JSONB": sqlite.JSONB(),
    "LargeBinary": sa.LargeBinary(5),
    "NullType": sa.types.NullType(),
    "Numeric": sa.Numeric(10, 2),
    "Text": sa.Text(10),
    "Uuid": sa.Uuid(),
    "Array": sa.ARRAY(Integer),
    "DATE of digits": sqlite.DATE(storage_format="%(year)04d%(month)02d%(day)02d"),
    "DATETIME of digits": sqlite.DATETIME(storage_format="%(year)04d"),
    "TIME of digits": sqlite.TIME(storage_format="%(hour)02d"),
    "DATETIME without microseconds": sqlite.DATETIME(truncate_microseconds=True),
}.items():
    table(f"type {name}", col("a", type_))

# indexes, foreign keys

things = Table("t", MetaData(), Column("a", Integer), Column("b", Integer), Column("c c", String))
elsewhere = Table("t", MetaData(), Column("a", Integer), Column("b", Integer), schema="s x")


def index(name: str, make: Callable[[], Any], **options: Any) -> None:
    """A case: CREATE INDEX."""
    CASES[f"sqlite: index {name}"] = lambda: CreateIndex(make(), **options)


index("unique, descending", lambda: Index("ix", things.c.a, things.c.b.desc(), unique=True))
index("partial", lambda: Index("ix", things.c.a, sqlite_where=things.c.b > 5))
index(
    "partial, two terms",
    lambda: Index("ix", things.c.a, sqlite_where=(things.c.b > 5) & (things.c["c c"] == "it's")),
)
index("partial, text", lambda: Index("ix", things.c.a, sqlite_where=text("b > 5")))
index("partial, IN", lambda: Index("ix", things.c.a, sqlite_where=things.c.b.in_([1, 2])))
index("partial, NULL", lambda: Index("ix", things.c.a, sqlite_where=things.c.b.is_(None)))
index(
    "of expressions",
    lambda: Index("ix", func.lower(things.c["c c"]), things.c.a + 1, func.abs(things.c.a).desc()),
)
index("of text", lambda: Index("ix", text("lower(a)"), _table=things))
index("with a collation", lambda: Index("ix", things.c["c c"].collate("nocase")))
index("in a schema", lambda: Index("ix", elsewhere.c.a, sqlite_where=elsewhere.c.b > 1))
index("if not there", lambda: Index("ix", things.c.a), if_not_exists=True)
index("without a name", lambda: Index(None, things.c.a))
index("with an unknown option", lambda: Index("ix", things.c.a, sqlite_foo=1))
CASES["sqlite: drop index"] = lambda: DropIndex(Index("ix", elsewhere.c.a))
CASES["sqlite: drop index if there"] = lambda: DropIndex(Index("ix", things.c.a), if_exists=True)
CASES["sqlite: drop table"] = lambda: DropTable(elsewhere)
CASES["sqlite: drop table if there"] = lambda: DropTable(things, if_exists=True)
CASES["sqlite: create table if not there"] = lambda: CreateTable(things, if_not_exists=True)
CASES["sqlite: create schema"] = lambda: CreateSchema("s")
CASES["sqlite: add constraint"] = lambda: AddConstraint(UniqueConstraint(things.c.a, name="u"))


def _referring(schema: str | None, target: str) -> Any:
    metadata = MetaData()
    Table("p", metadata, Column("id", Integer, primary_key=True), schema="s")
    Table("p", metadata, Column("id", Integer, primary_key=True))
    return CreateTable(
        Table(
            "c",
            metadata,
            Column("p_id", Integer),
            ForeignKeyConstraint(
                ["p_id"],
                [target],
                name="fk",
                onupdate="CASCADE",
                ondelete="SET NULL",
                deferrable=True,
                initially="DEFERRED",
                match="FULL",
            ),
            schema=schema,
        )
    )


CASES["sqlite: foreign key"] = lambda: _referring(None, "p.id")
CASES["sqlite: foreign key within a schema"] = lambda: _referring("s", "s.p.id")
CASES["sqlite: foreign key to another schema is left out"] = lambda: _referring(None, "s.p.id")
