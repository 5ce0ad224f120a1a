"""
Statements that only SQL Server writes like this: name -> statement, for SQL Server 2008 (R2) and 2022.

``mssql_record.py`` writes what SQLAlchemy makes of them; ``test_recorded.py`` compares, and asks a grammar.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
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
    bindparam,
    case,
    cast,
    delete,
    exists,
    extract,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    try_cast,
    tuple_,
    union,
    union_all,
    update,
)
from relvar.dialects import mssql
from relvar.schema import (
    AddConstraint,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DropColumnComment,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("name", Unicode(30), comment="what it's called"),
    Column("code", String(10)),
    Column("total", Numeric(10, 2)),
    Column("made", DateTime),
    Column("doc", JSON),
    Column("order", Integer),
    Column("ok", Boolean),
    comment="things",
)
o = Table(
    "Orders",
    m,
    Column("id", Integer, Identity(start=10, increment=5), primary_key=True),
    Column("t_id", ForeignKey("t.id", name="fk_t", ondelete="CASCADE", onupdate="SET NULL")),
    Column("n", Integer),
    schema="sales",
)
far = Table("far", m, Column("id", Integer, primary_key=True), Column("v", Integer), schema="other db.own er")
bracketed = Table("b", m, Column("id", Integer, primary_key=True), schema="[my.db].[dbo]")
trig = Table(
    "trig",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    implicit_returning=False,
)
seq = Sequence("numbers", start=5, increment=2, minvalue=1, maxvalue=900, cycle=True, data_type=BigInteger)
numbered = Table("numbered", m, Column("id", Integer, seq, primary_key=True), Column("x", Integer))
made = Table(
    "made",
    m,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("a", Integer, nullable=False, server_default="5"),
    Column("b", Integer, Computed("a + 1")),
    Column("c", Integer, Computed("a + 2", persisted=True)),
    Column("d", DateTime, server_default=func.getdate()),
    Column("e", Enum("x", "y", name="xy", create_constraint=True)),
)
keys = Table(
    "keys",
    m,
    Column("a", Integer),
    Column("b", Integer),
    Column("c", Integer, Identity()),
    PrimaryKeyConstraint("b", "a", name="pk_keys", mssql_clustered=False),
    UniqueConstraint("c", name="uq_keys", mssql_clustered=True),
    UniqueConstraint("a", name="uq_a", mssql_clustered=False),
)
old_identity = Table(
    "old_identity",
    m,
    Column("id", Integer, primary_key=True, mssql_identity_start=5, mssql_identity_increment=3),
)
temp = Table("#temp", m, Column("id", Integer), Column("x", Integer))
types = Table(
    "types",
    m,
    Column("big", mssql.BIGINT),
    Column("bin", mssql.BINARY(8)),
    Column("bit", mssql.BIT),
    Column("chr", mssql.CHAR(3)),
    Column("dat", mssql.DATE),
    Column("dtm", mssql.DATETIME),
    Column("dt2", mssql.DATETIME2),
    Column("dt2p", mssql.DATETIME2(3)),
    Column("dto", mssql.DATETIMEOFFSET),
    Column("dtop", mssql.DATETIMEOFFSET(4)),
    Column("dec", mssql.DECIMAL(10, 2)),
    Column("dbl", mssql.DOUBLE_PRECISION),
    Column("flt", mssql.FLOAT),
    Column("fltp", mssql.FLOAT(30)),
    Column("img", mssql.IMAGE),
    Column("int", mssql.INTEGER),
    Column("jsn", mssql.JSON),
    Column("mny", mssql.MONEY),
    Column("nch", mssql.NCHAR(4)),
    Column("ntx", mssql.NTEXT),
    Column("num", mssql.NUMERIC(5)),
    Column("nvc", mssql.NVARCHAR(50, collation="Latin1_General_BIN")),
    Column("nvm", mssql.NVARCHAR("max")),
    Column("nvd", mssql.NVARCHAR),
    Column("rea", mssql.REAL),
    Column("row", mssql.ROWVERSION),
    Column("sdt", mssql.SMALLDATETIME),
    Column("sml", mssql.SMALLINT),
    Column("smm", mssql.SMALLMONEY),
    Column("var", mssql.SQL_VARIANT),
    Column("txt", mssql.TEXT),
    Column("tim", mssql.TIME),
    Column("timp", mssql.TIME(5)),
    Column("tin", mssql.TINYINT),
    Column("uid", mssql.UNIQUEIDENTIFIER),
    Column("vbn", mssql.VARBINARY(20)),
    Column("vbm", mssql.VARBINARY("max")),
    Column("vbd", mssql.VARBINARY),
    Column("vbf", mssql.VARBINARY("max", filestream=True)),
    Column("vch", mssql.VARCHAR(10)),
    Column("vcm", mssql.VARCHAR("max")),
    Column("xml", mssql.XML),
)
stamped = Table("stamped", m, Column("id", Integer), Column("ts", mssql.TIMESTAMP))
generic = Table(
    "generic",
    m,
    Column("a", Integer),
    Column("b", SmallInteger),
    Column("c", BigInteger),
    Column("d", Numeric(8, 3)),
    Column("e", Float),
    Column("f", Float(20)),
    Column("g", Double),
    Column("h", String(5)),
    Column("i", String),
    Column("j", Text),
    Column("k", Unicode),
    Column("l", UnicodeText),
    Column("m", Date),
    Column("n", Time),
    Column("o", DateTime),
    Column("p", DateTime(timezone=True)),
    Column("q", Interval),
    Column("r", LargeBinary),
    Column("s", LargeBinary(9)),
    Column("t", Boolean),
    Column("u", Uuid),
    Column("v", Uuid(native_uuid=False)),
    Column("w", JSON),
    Column("x", Enum("x", "yy")),
)
a = t.alias()
cte = select(t.c.id, t.c.total).where(t.c.ok == true()).cte("good")
tree = select(o.c.id, literal(0).label("depth")).where(o.c.t_id.is_(None)).cte("tree", recursive=True)
tree = tree.union_all(select(o.c.id, tree.c.depth + 1).join(tree, tree.c.id == o.c.t_id))
new = {"name": "n", "code": "c"}
limit_bind = bindparam("lim", 3, type_=Integer)

STATEMENTS: dict[str, Any] = {
    # paging
    "top": select(t.c.id).limit(5),
    "top with order": select(t.c.id).order_by(t.c.id).limit(5),
    "top distinct": select(t.c.name).distinct().limit(5),
    "offset": select(t.c.id).order_by(t.c.id).offset(7),
    "limit offset": select(t.c.id, t.c.name).order_by(t.c.name.desc()).limit(5).offset(7),
    "offset 0": select(t.c.id).order_by(t.c.id).limit(5).offset(0),
    "limit expression": select(t.c.id).order_by(t.c.id).limit(literal(1) + 2),
    "limit of bind": select(t.c.id).order_by(t.c.id).limit(limit_bind),
    "fetch": select(t.c.id).order_by(t.c.id).fetch(3),
    "fetch ties": select(t.c.id).order_by(t.c.total).fetch(3, with_ties=True),
    "fetch percent": select(t.c.id).order_by(t.c.total).fetch(30, percent=True),
    "fetch both": select(t.c.id).order_by(t.c.total).fetch(30, percent=True, with_ties=True),
    "fetch ties offset": select(t.c.id).order_by(t.c.total).fetch(3, with_ties=True).offset(2),
    "offset without order": select(t.c.id).offset(3),
    "paged subquery": select(select(t.c.id).order_by(t.c.id).limit(3).offset(2).subquery().c.id),
    "ordered subquery": select(select(t.c.id).order_by(t.c.id).subquery().c.id),
    "topped subquery": select(select(t.c.id).order_by(t.c.id).limit(3).subquery().c.id),
    "paged by labelled": select((t.c.total + 1).label("more"))
    .order_by((t.c.total + 1).label("more").desc())
    .limit(3)
    .offset(2),
    "paged group": select(t.c.code, func.count())
    .group_by(t.c.code)
    .order_by(func.count())
    .limit(3)
    .offset(2),
    "paged join": select(t.c.id, o.c.id).join(o).order_by(o.c.n).limit(3).offset(2),
    "paged union": union(select(t.c.id), select(o.c.id)).order_by("id").limit(3).offset(2),
    "topped union": union_all(select(t.c.id), select(o.c.id)).limit(3),
    "union of topped": union_all(
        select(t.c.id).order_by(t.c.id).limit(2).subquery().select(), select(o.c.id)
    ),
    "paged cte": select(cte.c.id).order_by(cte.c.id).limit(2).offset(1),
    "top in exists": select(t.c.id).where(exists(select(o.c.id).where(o.c.t_id == t.c.id).limit(1))),
    "top in in": select(t.c.id).where(t.c.id.in_(select(o.c.t_id).order_by(o.c.n).limit(2))),
    "top scalar": select(
        t.c.id, select(func.max(o.c.n)).where(o.c.t_id == t.c.id).limit(1).scalar_subquery()
    ),
    # OUTPUT
    "insert": insert(t).values(new),
    "insert default": insert(t),
    "insert several": insert(t).values([new, {"name": "m", "code": "d"}]),
    "insert returning": insert(t).values(new).returning(t.c.id, t.c.name),
    "insert returning expression": insert(t).values(new).returning((t.c.id + 1).label("next"), t.c.total),
    "insert returning table": insert(o).values(n=1).returning(o),
    "insert from select": insert(t).from_select(["name"], select(t.c.name).where(t.c.id > 5)),
    "insert from cte": insert(t).from_select(["name"], select(cte.c.total)),
    "insert from select returning": insert(t).from_select(["name"], select(t.c.name)).returning(t.c.id),
    "insert trigger": insert(trig).values(x=1),
    "insert sequence": insert(numbered).values(x=1),
    "insert next value": insert(trig).values(x=seq.next_value()),
    "insert computed": insert(made).values(id=1).returning(made.c.b, made.c.c),
    "insert hint": insert(t).with_hint("WITH (TABLOCK)").values(new),
    "insert temp": insert(temp).values(x=1),
    "update": update(t).where(t.c.id == 5).values(name="x"),
    "update returning": update(t).where(t.c.id == 5).values(name="x").returning(t.c.id, t.c.name),
    "update from": update(t).where(t.c.id == o.c.t_id).values(total=o.c.n),
    "update from returning": update(t)
    .where(t.c.id == o.c.t_id)
    .values(total=o.c.n)
    .returning(t.c.total, o.c.n),
    "update alias": update(a).where(a.c.id == 5).values(name="x"),
    "update hint": update(t).with_hint("WITH (PAGLOCK)").where(t.c.id == 5).values(name="x"),
    "update from hint": update(t)
    .with_hint("WITH (NOLOCK)", selectable=o)
    .where(t.c.id == o.c.t_id)
    .values(total=o.c.n),
    "update subquery": update(t).values(
        total=select(func.sum(o.c.n)).where(o.c.t_id == t.c.id).scalar_subquery()
    ),
    "delete": delete(t).where(t.c.id == 5),
    "delete returning": delete(t).where(t.c.id == 5).returning(t.c.id, t.c.name),
    "delete from": delete(t).where(t.c.id == o.c.t_id),
    "delete from returning": delete(t).where(t.c.id == o.c.t_id).returning(t.c.id),
    "delete alias": delete(a).where(a.c.id == 5),
    "delete hint": delete(t).with_hint("WITH (PAGLOCK)").where(t.c.id == 5),
    "delete with cte": delete(t).where(t.c.id.in_(select(cte.c.id))),
    "update with cte": update(t).where(t.c.id == cte.c.id).values(total=cte.c.total),
    # names
    "schema": select(o.c.id, o.c.n).where(o.c.n > 1),
    "other database": select(far).join(t, t.c.id == far.c.id),
    "brackets": select(bracketed),
    "reserved": select(t.c.order).order_by(t.c.order),
    "alias of far": select(far.alias("f").c.v),
    "insert far": insert(far).values(v=1).returning(far.c.id),
    "update far": update(far).values(v=1).where(far.c.id == t.c.id),
    "delete far": delete(far).where(far.c.v == 1),
    # hints
    "hint": select(t.c.id).with_hint(t, "WITH (NOLOCK, INDEX(ix))"),
    "hint named": select(t.c.id).with_hint(t, "WITH (NOLOCK)", "mssql").with_hint(t, "X", "oracle"),
    "hint alias": select(a.c.id).with_hint(a, "WITH (FORCESEEK)"),
    "hint join": select(t.c.id).join(o).with_hint(o, "WITH (NOLOCK)"),
    "option": select(t.c.id).with_statement_hint("OPTION (RECOMPILE)"),
    "options": select(t.c.id)
    .with_statement_hint("OPTION (HASH JOIN, MAXDOP 2)", "mssql")
    .with_hint(t, "WITH (NOLOCK)"),
    "for update": select(t.c.id).with_for_update(),
    "prefix": select(t.c.id).prefix_with("TOP 5 PERCENT"),
    "suffix": select(t.c.id).suffix_with("FOR XML AUTO"),
    "recursion": select(tree).with_statement_hint("OPTION (MAXRECURSION 50)"),
    # expressions
    "concat": select(t.c.name + t.c.code + "x"),
    "mod": select(t.c.id % 5),
    "true division": select(t.c.id / 2, t.c.total / t.c.id),
    "floor division": select(t.c.id // 2, t.c.total // 3),
    "boolean": select(t.c.id).where(t.c.ok),
    "not boolean": select(t.c.id).where(~t.c.ok),
    "true": select(t.c.id).where(or_(t.c.ok == true(), t.c.ok.is_(None))),
    "case of boolean": select(case((t.c.ok, 1), else_=0)),
    "distinct from": select(t.c.id).where(t.c.name.is_distinct_from(t.c.code)),
    "not distinct from": select(t.c.id).where(t.c.name.is_not_distinct_from("x")),
    "empty in": select(t.c.id).where(t.c.id.in_([])),
    "tuple in": select(t.c.id).where(tuple_(t.c.id, t.c.code).in_([(1, "a")])),
    "like": select(t.c.id).where(t.c.name.contains("a%b", autoescape=True)),
    "ilike": select(t.c.id).where(t.c.name.ilike("A%")),
    "match": select(t.c.id).where(t.c.name.match("word")),
    "collate": select(t.c.name.collate("Latin1_General_CS_AS")),
    "now": select(func.now(), func.current_timestamp(), func.current_date(), func.localtime()),
    "length": select(func.length(t.c.name), func.char_length(t.c.name)),
    "pow": select(func.pow(t.c.id, 2)),
    "concat function": select(func.concat(t.c.name, "a", t.c.code)),
    "aggregate": select(func.aggregate_strings(t.c.name, ", ")),
    "string_agg": select(func.aggregate_strings(t.c.name, ", ").aggregate_order_by(t.c.id)),
    "extract": select(
        *[
            extract(f, t.c.made)
            for f in ("year", "month", "day", "doy", "dow", "hour", "milliseconds", "quarter")
        ]
    ),
    "cast": select(cast(t.c.id, String), cast(t.c.code, Integer), cast(t.c.made, Date)),
    "try_cast": select(try_cast(t.c.code, Integer), try_cast("5", Numeric(10, 2))),
    "try_cast of mssql": select(mssql.try_cast(t.c.code, mssql.DATETIME2)),
    "json": select(t.c.doc["a"], t.c.doc["a"].as_string(), t.c.doc[1].as_integer()),
    "json path": select(t.c.doc[("a", 1)].as_float(), t.c.doc["b"].as_boolean()),
    "json number": select(t.c.doc["a"].as_numeric(10, 2)).where(t.c.doc["a"].as_string() == "x"),
    "window": select(func.row_number().over(partition_by=t.c.code, order_by=t.c.id)),
    "window rows": select(func.sum(t.c.total).over(order_by=t.c.id, rows=(-2, 0))),
    "within group": select(func.percentile_cont(0.5).within_group(t.c.total).over(partition_by=t.c.code)),
    "next value": select(seq.next_value()),
    "literal": select(literal("é", Unicode), literal("x")),
    "swapped": select(t.c.id).where(literal(5) == t.c.id),
    "grouping sets": select(t.c.code, func.sum(t.c.total)).group_by(func.grouping_sets(t.c.code)),
    "rollup": select(t.c.code, func.sum(t.c.total)).group_by(func.rollup(t.c.code)),
    "intersect": select(t.c.id).intersect(select(o.c.id)),
    "except": select(t.c.id).except_(select(o.c.id)),
    "outer join": select(t.c.id).outerjoin(o),
    "full join": select(t.c.id).join(o, full=True),
    "cross apply": select(t.c.id, select(o.c.n).where(o.c.t_id == t.c.id).lateral("l").c.n),
    "table function": select(func.string_split(t.c.name, ",").table_valued("value")),
    "temporary": select(temp.c.id),
    "text": text("SELECT :a, [b:c]").bindparams(a=5),
    # DDL
    "create types": CreateTable(types),
    "create stamped": CreateTable(stamped),
    "create generic": CreateTable(generic),
    "create table": CreateTable(t),
    "create identity": CreateTable(o),
    "create old identity": CreateTable(old_identity),
    "insert old identity": insert(old_identity).values(id=1),
    "create keys": CreateTable(keys),
    "create made": CreateTable(made),
    "create numbered": CreateTable(numbered),
    "create far": CreateTable(far),
    "create temp": CreateTable(temp),
    "create if not exists": CreateTable(temp, if_not_exists=True),
    "drop table": DropTable(o),
    "drop if exists": DropTable(o, if_exists=True),
    "create schema": CreateSchema("new schema"),
    "drop schema": DropSchema("new schema"),
    "create sequence": CreateSequence(seq),
    "create plain sequence": CreateSequence(Sequence("plain", schema="sales")),
    "drop sequence": DropSequence(seq),
    "index": CreateIndex(Index("ix_a", t.c.name)),
    "index clustered": CreateIndex(Index("ix_b", t.c.name, mssql_clustered=True)),
    "index nonclustered": CreateIndex(Index("ix_c", t.c.name, mssql_clustered=False, unique=True)),
    "index include": CreateIndex(Index("ix_d", t.c.name, mssql_include=["code", t.c.total])),
    "index where": CreateIndex(Index("ix_e", t.c.name, mssql_where=and_(t.c.id > 5, t.c.code.is_not(None)))),
    "index all": CreateIndex(
        Index(
            "ix_f",
            t.c.name.desc(),
            t.c.code,
            unique=True,
            mssql_clustered=False,
            mssql_include=["total"],
            mssql_where=t.c.id > 5,
        )
    ),
    "columnstore": CreateIndex(Index("ix_g", t.c.name, t.c.code, mssql_columnstore=True)),
    "columnstore clustered": CreateIndex(
        Index("ix_h", mssql_clustered=True, mssql_columnstore=True, _table=t)
    ),
    "columnstore where": CreateIndex(Index("ix_i", t.c.name, mssql_columnstore=True, mssql_where=t.c.id > 5)),
    "index in schema": CreateIndex(Index("ix_j", o.c.n)),
    "index in database": CreateIndex(Index("ix_k", far.c.v)),
    "drop index": DropIndex(Index("ix_l", o.c.n)),
    "drop index if exists": DropIndex(Index("ix_m", o.c.n), if_exists=True),
    "add constraint": AddConstraint(UniqueConstraint(o.c.n, name="uq_n", mssql_clustered=False)),
    "drop constraint": DropConstraint(next(iter(o.foreign_key_constraints))),
    "comment": SetTableComment(t),
    "column comment": SetColumnComment(t.c.name),
    "drop comment": DropTableComment(t),
    "drop column comment": DropColumnComment(t.c.name),
}

LITERALS: dict[str, Any] = {
    "text": select(literal("it's")),
    "unicode": select(literal("é", Unicode)),
    "date": select(literal(dt.date(2024, 5, 17), Date)),
    "datetime": select(literal(dt.datetime(2024, 5, 17, 1, 2, 3, 450000), DateTime)),
    "time": select(literal(dt.time(1, 2, 3, 450000), Time)),
    "datetimeoffset": select(
        literal(dt.datetime(2024, 5, 17, tzinfo=dt.timezone(dt.timedelta(hours=2))), mssql.DATETIMEOFFSET)
    ),
    "boolean": select(literal(True)),
    "number": select(literal(5), literal(1.5)),
    "in": select(t.c.id).where(t.c.name.in_(["a", "b"])),
    "paged": select(t.c.id).order_by(t.c.id).limit(3).offset(2),
    "literal column": select(literal_column("@@VERSION")),
}
