"""
What only Oracle Database has, as statements: ``python cases.py`` writes ``cases.json``.

Run with SQLAlchemy importable as ``relvar``; its text is the contract.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
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
    null,
    or_,
    outparam,
    select,
    text,
    true,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from relvar.dialects import oracle
from relvar.schema import (
    AddConstraint,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DropColumnComment,
    DropIndex,
    DropSequence,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

DIALECTS: dict[str, Any] = {
    "newest": oracle.dialect(),
    "rownum": oracle.dialect(enable_offset_fetch=False),
    "hinted": oracle.dialect(enable_offset_fetch=False, optimize_limits=True),
    "oracle 8": oracle.dialect(use_ansi=False, enable_offset_fetch=False),
    "nchar": oracle.dialect(use_nchar_for_unicode=True),
}

m = MetaData()
a = Table("a", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(30)))
b = Table(
    "b", m, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")), Column("x", Integer)
)
c = Table("c", m, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id")))
odd = Table(
    "Odd Table",
    m,
    Column("id", Integer, Sequence("odd_numbers"), primary_key=True),
    Column("select", String(10)),
    Column("Mixed", Integer),
    Column("_first", Integer),
    Column("with space", Integer),
    schema="Other",
)
doc = Table(
    "doc", m, Column("id", Integer, primary_key=True), Column("j", JSON), Column("v", oracle.VECTOR(3))
)
numbered = Table("numbered", m, Column("id", Integer, Identity(), primary_key=True), Column("s", String(5)))


def pages() -> Iterator[tuple[str, Any]]:
    plain = select(a.c.id, a.c.s)
    for name, statement in {
        "plain": plain,
        "ordered": plain.order_by(a.c.x.desc()),
        "distinct": plain.distinct(),
        "grouped": select(a.c.x, func.count()).group_by(a.c.x).having(func.count() > 1),
        "labelled": select(a.c.id.label("one"), (a.c.x + 1).label("two")),
        "joined": select(a, b).select_from(a.join(b)),
        "within": select(plain.limit(3).subquery()),
    }.items():
        yield f"{name} limit", statement.limit(5)
        yield f"{name} offset", statement.offset(7)
        yield f"{name} both", statement.limit(5).offset(7)
        yield f"{name} by parameter", statement.limit(bindparam("n")).offset(bindparam("m"))
        yield f"{name} by expression", statement.limit(literal(2) + 3)
    yield "fetch", plain.fetch(5)
    yield "fetch ties", plain.order_by(a.c.x).fetch(5, with_ties=True)
    yield "fetch percent", plain.order_by(a.c.x).fetch(5, percent=True).offset(2)
    yield "fetch approximate", plain.fetch(5, oracle_fetch_approximate=True)
    yield "locked page", plain.limit(5).with_for_update()
    yield "locked page of", plain.limit(5).offset(2).with_for_update(of=a.c.x, nowait=True)
    yield "scalar page", select(select(a.c.id).limit(1).scalar_subquery())
    yield "in page", plain.where(a.c.id.in_(select(b.c.a_id).limit(2)))


def locks() -> Iterator[tuple[str, Any]]:
    plain = select(a.c.id)
    yield "plain", plain.with_for_update()
    yield "nowait", plain.with_for_update(nowait=True)
    yield "skip", plain.with_for_update(skip_locked=True)
    yield "of column", plain.with_for_update(of=a.c.x)
    yield "of table", plain.with_for_update(of=a)
    yield "of several", select(a, b).with_for_update(of=[a.c.x, b])
    yield "of alias", select(a.alias("q")).with_for_update(of=a.alias("q").c.x)
    yield "read", plain.with_for_update(read=True)
    yield "key share", plain.with_for_update(key_share=True)
    yield "in subquery", select(plain.with_for_update().subquery())


def joins() -> Iterator[tuple[str, Any]]:
    yield "inner", select(a, b).select_from(a.join(b))
    yield "outer", select(a, b).select_from(a.outerjoin(b)).where(a.c.x > 5)
    yield "two conditions", select(a).select_from(a.outerjoin(b, and_(a.c.id == b.c.a_id, b.c.x == 5)))
    yield (
        "or",
        select(a).select_from(a.outerjoin(b, and_(a.c.id == b.c.a_id, or_(b.c.x == 5, b.c.x.is_(None))))),
    )
    yield "chain", select(a.c.id, c.c.id).select_from(a.outerjoin(b).outerjoin(c))
    yield "mixed chain", select(a.c.id, c.c.id).select_from(a.join(b).outerjoin(c))
    sub = select(b).where(b.c.x == 1).subquery()
    yield "subquery", select(a, sub).select_from(a.outerjoin(sub, a.c.id == sub.c.a_id))
    alias = b.alias("bb")
    yield "alias", select(a, alias).select_from(a.outerjoin(alias, a.c.id == alias.c.a_id))
    yield "within IN", select(a.c.id).where(a.c.id.in_(select(b.c.a_id).select_from(b.outerjoin(c))))
    yield "exists", select(a.c.id).where(exists().where(b.c.a_id == a.c.id))
    yield "lateral", select(a.c.id, select(b.c.x).where(b.c.a_id == a.c.id).lateral("l").c.x)


def expressions() -> Iterator[tuple[str, Any]]:
    for name, expression in {
        "modulo": a.c.x % 5,
        "divide": a.c.x / 2,
        "floor divide": a.c.x // 2,
        "concat": a.c.s + "x",
        "and": a.c.x.bitwise_and(3),
        "or": a.c.x.bitwise_or(3),
        "xor": a.c.x.bitwise_xor(3),
        "not": a.c.x.bitwise_not(),
        "shift": a.c.x.bitwise_lshift(1),
        "distinct from": a.c.x.is_distinct_from(b.c.x),
        "not distinct from": a.c.x.is_not_distinct_from(None),
        "match": a.c.s.match("word"),
        "regexp": a.c.s.regexp_match("^x"),
        "regexp flags": a.c.s.regexp_match("^x", flags="i"),
        "not regexp": ~a.c.s.regexp_match("^x"),
        "replace": a.c.s.regexp_replace("x", "y", flags="i"),
        "like": a.c.s.like("x%", escape="/"),
        "ilike": a.c.s.ilike("X%"),
        "icontains": a.c.s.icontains("x"),
        "startswith": a.c.s.startswith("x_y", autoescape=True),
        "case": case((a.c.x > 1, "big"), else_="small"),
        "cast": cast(a.c.x, String),
        "cast length": cast(a.c.x, String(5)),
        "cast number": cast(a.c.s, Numeric(10, 2)),
        "cast text": cast(a.c.s, Text),
        "extract": extract("year", literal_column("d")),
        "now": func.now(),
        "today": func.current_date(),
        "sysdate": func.sysdate(),
        "length": func.char_length(a.c.s),
        "power": func.pow(a.c.x, 2),
        "nvl": func.coalesce(a.c.x, 0),
        "strings": func.aggregate_strings(a.c.s, ","),
        "rank": func.rank().over(partition_by=a.c.x, order_by=a.c.id),
        "filter": func.sum(a.c.x).filter(a.c.id > 1),
        "within group": func.percentile_cont(0.5).within_group(a.c.x),
        "null": null(),
        "true": true(),
        "tuple": tuple_(a.c.id, a.c.x).in_([(1, 2)]),
        "empty in": a.c.id.in_([]),
        "next value": Sequence("numbers", schema="Other").next_value(),
    }.items():
        yield name, select(expression)
    yield "boolean", select(a.c.id).where(true())
    yield "json item", select(doc.c.j["a"])
    yield "json index", select(doc.c.j[1])
    yield "json path", select(doc.c.j["a", 1, "b c"])
    yield "json text", select(doc.c.j["a"].as_string())
    yield "json number", select(doc.c.j["a"].as_integer(), doc.c.j["b"].as_float(), doc.c.j["c"].as_boolean())
    yield "json numeric", select(doc.c.j["a"].as_numeric(10, 2))
    yield "l2", select(doc.c.id).order_by(doc.c.v.l2_distance([1, 2, 3]))
    yield "cosine", select(doc.c.v.cosine_distance([1, 2, 3]))
    yield "inner product", select(doc.c.v.inner_product([1, 2, 3]))
    yield "hint", select(a).with_hint(a, "INDEX(%(name)s ix)")
    yield "hint of a dialect", select(a).with_hint(a, "FULL(%(name)s)", "oracle").with_hint(a, "X", "mssql")
    yield "hints", select(a, b).with_hint(a, "FULL(%(name)s)").with_hint(b, "INDEX(%(name)s)")
    yield "statement hint", select(a).with_statement_hint("/* end */")
    yield "prefix", select(a.c.id).prefix_with("/*+ PARALLEL */")
    yield "functions as tables", select(func.numbers(3).table_valued("n"))
    yield "column value", select(func.numbers(3).column_valued("n"))
    yield "scalars as tables", select(func.numbers(3).alias("n").column)
    yield "minus", select(a.c.id).except_(select(b.c.id))
    yield "union", union(select(a.c.id), select(b.c.id)).order_by("id").limit(3)
    yield "union all", union_all(select(a.c.id).limit(1), select(b.c.id))
    tree = select(a.c.id).cte("tree", recursive=True)
    yield "cte", select(tree.union_all(select(b.c.id).where(b.c.a_id == tree.c.id)))
    yield "values", select(values(Column("n", Integer), name="v").data([(1,), (2,)]))
    yield "no from", select(literal(1))
    yield "odd names", select(odd).where(odd.c["select"] == "x", odd.c.Mixed == 1, odd.c._first == 2)
    yield "odd parameter", select(a.c.id).where(a.c.id == bindparam("with space"), a.c.x == bindparam("_u"))
    yield "reserved parameter", select(a.c.id).where(a.c.id == bindparam("date"), a.c.x == bindparam("SIZE"))
    yield "list", select(a.c.id).where(a.c.id.in_([1, 2, 3]))
    yield "text", text("select :a, :b from dual").bindparams(a=1, b=2)
    yield "out", text("begin :a := f(:b); end;").bindparams(outparam("a", Integer), bindparam("b", 2))
    yield "sample", select(func.count()).select_from(a.tablesample(func.x(5)))


def changes() -> Iterator[tuple[str, Any]]:
    yield "insert", insert(a).values(id=1, x=2)
    yield "insert returning", insert(a).values(x=2).returning(a.c.id, a.c.s)
    yield "insert returning expression", insert(a).values(x=2).returning(a.c.id, (a.c.x + 1).label("y"))
    yield "insert sequence", insert(odd).values(Mixed=1)
    yield "insert identity", insert(numbered).values(s="x")
    yield "insert nothing", insert(numbered)
    yield "insert select", insert(a).from_select(["id", "x"], select(b.c.id, b.c.x))
    yield "insert several", insert(a).values([{"id": 1}, {"id": 2}])
    yield "insert odd", insert(odd).values({"select": "x", "with space": 1, "_first": 2})
    yield "update", update(a).values(x=a.c.x + 1).where(a.c.id == 1)
    yield "update returning", update(a).values(x=1).returning(a.c.x)
    yield "update subquery", update(a).values(x=select(b.c.x).where(b.c.a_id == a.c.id).scalar_subquery())
    yield "update from", update(a).values(x=b.c.x).where(b.c.a_id == a.c.id)
    yield "delete", delete(a).where(a.c.id == 1)
    yield "delete returning", delete(a).returning(a.c.id)
    yield "delete using", delete(a).where(b.c.a_id == a.c.id)


def tables() -> Iterator[tuple[str, Any]]:
    def table(*columns: Any, **options: Any) -> Any:
        return CreateTable(Table("t", MetaData(), *columns, **options))

    for number, type_ in enumerate((
        Integer(), BigInteger(), SmallInteger(), Numeric(), Numeric(10, 2), Float(), Double(), Boolean(),
        String(5),
        String(), Unicode(5), Text(), UnicodeText(), LargeBinary(), Date(), DateTime(), Time(), Interval(),
        Interval(second_precision=3, day_precision=2), Uuid(), Uuid(native_uuid=False), Enum("a", "b"),
        JSON(),
        oracle.BFILE(), oracle.BINARY_DOUBLE(), oracle.BINARY_FLOAT(), oracle.BLOB(), oracle.BOOLEAN(),
        oracle.CHAR(3),
        oracle.CLOB(), oracle.DATE(), oracle.DOUBLE_PRECISION(), oracle.DOUBLE_PRECISION(10), oracle.FLOAT(),
        oracle.FLOAT(binary_precision=24), oracle.INTERVAL(), oracle.INTERVAL(day_precision=3), oracle.JSON(),
        oracle.JSON(use_blob=True), oracle.LONG(), oracle.NCHAR(3), oracle.NCLOB(), oracle.NUMBER(),
        oracle.NUMBER(10), oracle.NUMBER(10, 2), oracle.NVARCHAR(5), oracle.NVARCHAR2(5), oracle.RAW(5),
        oracle.REAL(),
        oracle.ROWID(), oracle.TIMESTAMP(), oracle.TIMESTAMP(timezone=True),
        oracle.TIMESTAMP(local_timezone=True),
        oracle.VARCHAR(5), oracle.VARCHAR2(5), oracle.VECTOR(), oracle.VECTOR(3),
        oracle.VECTOR(3, oracle.VectorStorageFormat.INT8),
        oracle.VECTOR(3, oracle.VectorStorageFormat.FLOAT32, oracle.VectorStorageType.SPARSE),
        oracle.VECTOR(storage_type=oracle.VectorStorageType.SPARSE), Float(5), Float(53),
    )):  # fmt: skip
        yield f"type {number} {type_!r}", table(Column("c", type_))
    key = {"primary_key": True}
    yield "identity", table(Column("id", Integer, Identity(), **key))
    yield "identity always", table(Column("id", Integer, Identity(always=True, start=5, increment=2), **key))
    yield "identity on null", table(Column("id", Integer, Identity(oracle_on_null=True), **key))
    yield (
        "identity order",
        table(Column("id", Integer, Identity(oracle_order=True, cycle=False, cache=5), **key)),
    )
    yield "identity limits", table(Column("id", Integer, Identity(nominvalue=True, nomaxvalue=True), **key))
    yield "computed", table(Column("a", Integer), Column("b", Integer, Computed("a * 2")))
    yield (
        "computed virtual",
        table(Column("a", Integer), Column("b", Integer, Computed("a", persisted=False))),
    )
    yield "computed stored", table(Column("a", Integer), Column("b", Integer, Computed("a", persisted=True)))
    yield (
        "default",
        table(Column("a", Integer, server_default="5"), Column("d", Date, server_default=func.sysdate())),
    )
    yield "default on null", table(Column("a", Integer, server_default=text("5"), nullable=False))
    yield "sequence default", table(Column("a", Integer, server_default=Sequence("s").next_value()))
    for option in (True, 6, "OLTP", "ARCHIVE HIGH"):
        yield f"compress {option}", table(Column("a", Integer), oracle_compress=option)
    for option in ("DELETE ROWS", "preserve_rows"):
        yield (
            f"on commit {option}",
            table(Column("a", Integer), prefixes=["GLOBAL TEMPORARY"], oracle_on_commit=option),
        )
    yield "tablespace", table(Column("a", Integer), oracle_tablespace="SPACE ONE")
    yield (
        "all options",
        table(
            Column("a", Integer),
            oracle_compress=True,
            oracle_on_commit="DROP DEFINITION",
            oracle_tablespace="space",
        ),
    )
    yield "if not exists", CreateTable(a, if_not_exists=True)
    yield "drop if exists", DropTable(a, if_exists=True)
    yield "odd", CreateTable(odd)
    parent = Table("p", MetaData(), Column("id", Integer, primary_key=True))
    for options in (
        {"ondelete": "CASCADE"},
        {"onupdate": "CASCADE"},
        {"deferrable": True, "initially": "DEFERRED"},
    ):
        child = Table("k", MetaData(), Column("p_id", ForeignKey(parent.c.id, **options)))
        yield f"foreign key {options}", CreateTable(child)
    unique = UniqueConstraint("a", "b", name="u", deferrable=True)
    Table("u_t", MetaData(), Column("a", Integer), Column("b", Integer), unique)
    yield "unique", AddConstraint(unique)


def indexes() -> Iterator[tuple[str, Any]]:
    t = Table(
        "t", MetaData(), Column("a", Integer), Column("b", Integer), Column("v", oracle.VECTOR(3)), schema="s"
    )

    def index(*columns: Any, **options: Any) -> Any:
        return CreateIndex(Index("ix", *columns, **options))

    yield "plain", index(t.c.a, t.c.b)
    yield "unique", index(t.c.a, unique=True)
    yield "bitmap", index(t.c.a, oracle_bitmap=True)
    yield "compress", index(t.c.a, t.c.b, oracle_compress=True)
    yield "compress one", index(t.c.a, t.c.b, oracle_compress=1)
    yield "expression", index(func.lower(t.c.a), t.c.b.desc())
    yield "if not exists", CreateIndex(Index("ix2", t.c.a), if_not_exists=True)
    yield "drop", DropIndex(Index("ix3", t.c.a), if_exists=True)
    kind, distance = oracle.VectorIndexType, oracle.VectorDistanceType
    config = oracle.VectorIndexConfig
    yield "vector", index(t.c.v, oracle_vector=True)
    yield (
        "hnsw",
        index(
            t.c.v,
            oracle_vector=config(
                index_type=kind.HNSW,
                distance=distance.COSINE,
                accuracy=90,
                hnsw_neighbors=40,
                hnsw_efconstruction=500,
            ),
        ),
    )
    yield "ivf", index(
        t.c.v,
        oracle_vector=config(
            index_type=kind.IVF, distance=distance.DOT, ivf_neighbor_partitions=10,
            ivf_sample_per_partition=5,
            ivf_min_vectors_per_partition=2, parallel=4,
        ),
    )  # fmt: skip
    yield (
        "sequence",
        CreateSequence(Sequence("q", start=5, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=3)),
    )
    yield "sequence order", CreateSequence(Sequence("q", oracle_order=True, nominvalue=True, nomaxvalue=True))
    yield "sequence if", CreateSequence(Sequence("q", schema="s"), if_not_exists=True)
    yield "drop sequence", DropSequence(Sequence("q"))
    commented = Table("n", MetaData(), Column("a", Integer, comment="it's a"), comment="all: 100%")
    yield "table comment", SetTableComment(commented)
    yield "no table comment", DropTableComment(commented)
    yield "column comment", SetColumnComment(commented.c.a)
    yield "no column comment", DropColumnComment(commented.c.a)


CASES = {
    "E052 pages": pages,
    "locks": locks,
    "joins": joins,
    "expressions": expressions,
    "changes": changes,
    "E048 tables": tables,
    "E053 indexes": indexes,
}


def outcome(statement: Any, dialect: str) -> Any:
    """Return the text, or the class of the error."""
    try:
        compiled = statement.compile(dialect=DIALECTS[dialect])
        parameters = {key: repr(value) for key, value in (compiled.params or {}).items()}
        return [str(compiled), parameters]
    except Exception as error:  # the kind of error is the outcome
        return type(error).__name__


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {
        f"{row}: {name}": {dialect: outcome(statement, dialect) for dialect in DIALECTS}
        for row, cases in CASES.items()
        for name, statement in cases()
    }
    (Path(__file__).parent / "cases.json").write_text(json.dumps(found, indent=1) + "\n")
