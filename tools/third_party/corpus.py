"""
Statements, tables and types of every kind, for comparing what a dialect writes for them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DropColumnComment,
    DropConstraint,
    DropIndex,
    DropTable,
    SetColumnComment,
    SetTableComment,
)

metadata = sa.MetaData()
plain = sa.Table(
    "plain", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9))
)
t = sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(30), nullable=False, comment="c"),
    sa.Column("x", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("day", sa.Date),
    sa.Column("yes", sa.Boolean),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("big", sa.BigInteger),
    sa.Column("f", sa.Float),
    sa.Column("long", sa.Text),
)
u = sa.Table(
    "Order",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("t_id", sa.ForeignKey("t.id", name="fk_t", ondelete="CASCADE")),
    sa.Column("select", sa.Integer, server_default="7"),
    sa.UniqueConstraint("select", name="uq_select"),
    sa.CheckConstraint("id > 0", name="ck_id"),
    schema="s2",
    comment="what was ordered",
)
made = sa.Table(
    "made",
    sa.MetaData(),
    sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True),
    sa.Column("n", sa.Integer),
    sa.Column("twice", sa.Integer, sa.Computed("n * 2")),
)
of_t = u.c.t_id == t.c.id
cte = sa.select(t.c.id).where(t.c.x > 1).cte("c")
values = sa.values(sa.column("a", sa.Integer), name="v").data([(1,), (2,)])
document = sa.column("j", sa.JSON)
fk = next(iter(u.foreign_key_constraints))

STATEMENTS: dict[str, Any] = {
    "select": sa.select(t),
    "limit": sa.select(t.c.id).order_by(t.c.id).limit(5).offset(3),
    "limit alone": sa.select(t.c.id).limit(5),
    "offset": sa.select(t.c.id).offset(3),
    "fetch": sa.select(t.c.id).order_by(t.c.id).fetch(5),
    "join": sa.select(t.c.id, u.c["select"]).join(u, of_t, isouter=True),
    "lateral": sa.select(t.c.id, sa.select(u.c.id).where(of_t).lateral("l").c.id),
    "cte": sa.select(cte),
    "in": sa.select(t.c.id).where(t.c.id.in_([1, 2])),
    "in nothing": sa.select(t.c.id).where(t.c.id.in_([])),
    "tuples": sa.select(t.c.id).where(sa.tuple_(t.c.id, t.c.x).in_([(1, 2)])),
    "like": sa.select(t.c.id).where(t.c.name.ilike("a%"), t.c.name.contains("%", autoescape=True)),
    "regexp": sa.select(t.c.name.regexp_match("a")),
    "regexp replace": sa.select(t.c.name.regexp_replace("a", "b")),
    "case": sa.select(sa.case((t.c.yes, 1), else_=2)),
    "cast": sa.select(sa.cast(t.c.x, sa.String), sa.cast(t.c.name, sa.DateTime)),
    "functions": sa.select(sa.func.count(), sa.func.now(), sa.func.coalesce(t.c.name, "x")),
    "strings": sa.select(sa.func.aggregate_strings(t.c.name, ","), t.c.name + "x"),
    "window": sa.select(sa.func.row_number().over(partition_by=t.c.yes, order_by=t.c.id.desc())),
    "union": sa.union_all(sa.select(t.c.id), sa.select(u.c.id)).order_by("id").limit(2),
    "except": sa.except_(sa.select(t.c.id), sa.select(u.c.id)),
    "distinct": sa.select(t.c.name).distinct(),
    "exists": sa.select(sa.exists().where(of_t)),
    "group": sa.select(sa.func.upper(t.c.name).label("Größe")).group_by("Größe"),
    "extract": sa.select(sa.extract("year", t.c.at)),
    "literals": sa.select(sa.literal("it's"), sa.literal(1.5), sa.true(), sa.null()),
    "booleans": sa.select(t.c.id).where(t.c.yes.is_(True), ~t.c.yes),
    "numbers": sa.select(t.c.id % 3, t.c.id / 2, t.c.id // 2),
    "bits": sa.select(t.c.id.bitwise_and(1), t.c.id.bitwise_xor(1), t.c.id.bitwise_not()),
    "distinct from": sa.select(t.c.x.is_distinct_from(1)),
    "json": sa.select(document["a"], document[("a", "b")], document["a"].as_string()),
    "nulls last": sa.select(t.c.id).order_by(t.c.x.desc().nulls_last()),
    "for update": sa.select(t.c.id).with_for_update(nowait=True),
    "collate": sa.select(t.c.name.collate("de_DE")),
    "percent": sa.select(sa.text("'%' || :a"), sa.literal_column("'%'"), sa.func.f(t.c.x, type_=sa.Date)),
    "values": sa.select(values),
    "insert": sa.insert(t).values(name="a", x=1),
    "insert nothing": sa.insert(t).values(),
    "insert many": sa.insert(t).values([{"name": "a"}, {"name": "b"}]),
    "insert select": sa.insert(u).from_select(["id", "t_id"], sa.select(t.c.id, t.c.id)),
    "insert returning": sa.insert(t).values(name="a").returning(t.c.id),
    "update": sa.update(t).where(t.c.id == 1).values(name="z"),
    "update from": sa.update(t).where(of_t).values(name="z"),
    "delete": sa.delete(t).where(t.c.id == 1),
    "delete using": sa.delete(t).where(of_t),
    "create table": CreateTable(t),
    "create table in schema": CreateTable(u),
    "create table, identity": CreateTable(made),
    "drop table": DropTable(t, if_exists=True),
    "create index": CreateIndex(sa.Index("ix", t.c.name)),
    "drop index": DropIndex(sa.Index("ix2", plain.c.name)),
    "create schema": CreateSchema("Other"),
    "create sequence": CreateSequence(sa.Sequence("q", start=3)),
    "next value": sa.select(sa.Sequence("q").next_value()),
    "add constraint": AddConstraint(fk),
    "drop constraint": DropConstraint(fk),
    "comment": SetTableComment(u),
    "column comment": SetColumnComment(t.c.name),
    "no column comment": DropColumnComment(t.c.name),
}

TYPES: dict[str, Any] = {
    repr(type_): type_
    for type_ in (
        *(sa.Integer(), sa.SmallInteger(), sa.BigInteger(), sa.Numeric(), sa.Numeric(8, 3), sa.Float()),
        *(sa.Float(53), sa.Double(), sa.Boolean(), sa.String(), sa.String(5), sa.Unicode(5), sa.Text()),
        *(sa.UnicodeText(), sa.LargeBinary(), sa.LargeBinary(9), sa.Date(), sa.Time(), sa.DateTime()),
        *(sa.DateTime(timezone=True), sa.Interval(), sa.JSON(), sa.Uuid(), sa.Uuid(native_uuid=False)),
        *(sa.Enum("a", "it's", name="e"), sa.ARRAY(sa.Integer), sa.CHAR(3), sa.NCHAR(3), sa.NVARCHAR(3)),
        *(sa.VARCHAR(3, collation="de"), sa.BINARY(3), sa.VARBINARY(3), sa.CLOB(), sa.BLOB(), sa.REAL()),
        *(sa.DOUBLE_PRECISION(), sa.TIMESTAMP(timezone=True), sa.DECIMAL(5, 2), sa.UUID(), sa.PickleType()),
    )
}

IDENTIFIERS = [
    "a",
    "A",
    "a b",
    "select",
    "user",
    "1a",
    "_a",
    "a$",
    'a"b',
    "a`b",
    "a]b",
    "größe",
    "a%b",
    "A.b",
]
