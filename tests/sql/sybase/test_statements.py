"""
SQL and DDL of SAP ASE and SQL Anywhere, as text: there is no server to be had.

Each group names the vendor's manual and the section that says so; pages that could be read have their
address.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    UnicodeText,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    exc,
    extract,
    func,
    insert,
    literal,
    select,
    union,
    union_all,
    update,
    upsert,
)
from relvar.dialects import sybase
from relvar.schema import CreateIndex, CreateSequence, CreateTable, DropIndex, SetTableComment
from relvar.stmt.savepoint import ReleaseSavepointClause, RollbackToSavepointClause, SavepointClause

ASE = sybase.dialect()
ASE_16 = sybase.dialect(rows_limit=True)
ANYWHERE = sybase.sqlany_dialect()

metadata = MetaData()
a = Table(
    "a",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("flag", Boolean),
    Column("name", String(30)),
)
b = Table("b", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("x", Integer))


def text_of(statement: Any, dialect: Any) -> str:
    options = {"literal_binds": True} if isinstance(statement, type(select())) else {}
    return " ".join(str(statement.compile(dialect=dialect, compile_kwargs=options)).split())


@pytest.mark.feature("E068")
def test_ase_pages_by_top() -> None:
    # https://infocenter.sybase.com/help/topic/com.sybase.help.doc.ase_docs_12.5.3.newfeatures1253_rev/html/newfeatures1253_rev/newfeatures1253_rev11.htm
    assert text_of(select(a.c.id).limit(5), ASE) == "SELECT TOP 5 a.id FROM a"
    assert text_of(select(a.c.id).distinct().order_by(a.c.x).fetch(5), ASE) == (
        "SELECT DISTINCT TOP 5 a.id FROM a ORDER BY a.x"
    )
    for statement, said in (
        (select(a.c.id).limit(5).offset(7), r"create_engine\(rows_limit=True\)"),
        (select(select(a.c.id).limit(2).subquery()), "outermost SELECT only"),
        (union(select(a.c.id), select(b.c.id)).limit(3), "can't limit a UNION"),
        (select(a.c.id).fetch(5, with_ties=True), "WITH TIES is not to be had"),
    ):
        with pytest.raises(exc.CompileError, match=said):
            statement.compile(dialect=ASE)


def test_ase_pages_by_rows_where_the_server_has_it() -> None:
    # ASE 16.0 SP02 and later, Reference Manual: Commands, select; that page could not be fetched here, so
    # this proves no row of features.tsv
    assert text_of(select(a.c.id).order_by(a.c.x).limit(5).offset(7), ASE_16) == (
        "SELECT a.id FROM a ORDER BY a.x ROWS LIMIT 5 OFFSET 7"
    )
    assert text_of(select(a.c.id).offset(7), ASE_16) == "SELECT a.id FROM a ROWS OFFSET 7"
    assert str(union(select(a.c.id), select(b.c.id)).limit(3).compile(dialect=ASE_16)).endswith(
        "\n ROWS LIMIT __[POSTCOMPILE_param_1]"
    )


@pytest.mark.feature("E068")
def test_sql_anywhere_pages_by_top_and_start_at() -> None:
    # https://dcx.sap.com/sa160/en/dbusage/first-order-formatting.html: START AT counts
    # from 1, TOP ALL are all
    assert text_of(select(a.c.id).limit(5), ANYWHERE) == "SELECT TOP 5 a.id FROM a"
    assert text_of(select(a.c.id).distinct().limit(5).offset(7), ANYWHERE) == (
        "SELECT DISTINCT TOP 5 START AT (7 + 1) a.id FROM a"
    )
    assert text_of(select(a.c.id).offset(7), ANYWHERE) == "SELECT TOP ALL START AT (7 + 1) a.id FROM a"
    by_parameter = select(a.c.id).limit(bindparam("n")).offset(bindparam("m"))
    assert "TOP ? START AT (? + 1)" in str(by_parameter.compile(dialect=ANYWHERE))
    within = select(select(a.c.id).limit(2).subquery("q"))
    assert text_of(within, ANYWHERE) == "SELECT q.id FROM (SELECT TOP 2 a.id AS id FROM a) AS q"
    with pytest.raises(exc.CompileError, match="can't limit a UNION"):
        union_all(select(a.c.id), select(b.c.id)).limit(3).compile(dialect=ANYWHERE)


def test_what_ase_does_not_have_is_refused() -> None:
    # https://infocenter.sybase.com/help/topic/com.sybase.infocenter.dc36272.1600/doc/html/san1393050951179.html
    tree = select(a.c.id).cte("tree")
    for statement, said in (
        (select(tree), "has no WITH"),
        (select(a.c.id).except_(select(b.c.id)), "has no EXCEPT"),
        (select(a.c.id).intersect(select(b.c.id)), "has no INTERSECT"),
        (select(a).select_from(a.join(b, a.c.id == b.c.id, full=True)), "has no FULL JOIN"),
        (CreateTable(a, if_not_exists=True), "checkfirst=True"),
        (upsert(b).values(id=1), "not available for the 'sybase' dialect"),
        (select(a.c.id).with_for_update(nowait=True), "no NOWAIT"),
    ):
        with pytest.raises(exc.CompileError, match=said):
            statement.compile(dialect=ASE)
    assert (
        text_of(select(tree), ANYWHERE) == "WITH tree AS (SELECT a.id AS id FROM a) SELECT tree.id FROM tree"
    )
    assert " EXCEPT " in text_of(select(a.c.id).except_(select(b.c.id)), ANYWHERE)


@pytest.mark.parametrize("dialect", [ASE, ANYWHERE], ids=["ase", "anywhere"])
def test_what_neither_has_is_refused(dialect: Any) -> None:
    for statement in (insert(a), update(a).values(x=1), delete(a)):
        with pytest.raises(exc.CompileError, match=r"has no RETURNING.*inserted_primary_key"):
            statement.returning(a.c.id).compile(dialect=dialect)
    with pytest.raises(exc.CompileError, match="has no type JSON: keep documents in a Text column"):
        CreateTable(Table("t", MetaData(), Column("doc", JSON))).compile(dialect=dialect)


def test_hints_stand_behind_tables() -> None:
    # ASE 16, Reference Manual: Commands, select; SQL Anywhere 16, SQL Reference: FROM clause
    hinted = select(a.c.id).with_hint(a, "(INDEX ix)", "sybase").with_hint(a, "WITH (NOLOCK)", "sqlany")
    assert text_of(hinted, ASE) == "SELECT a.id FROM a (INDEX ix)"
    assert text_of(hinted, ANYWHERE) == "SELECT a.id FROM a WITH (NOLOCK)"


def test_upsert_is_merge_on_sql_anywhere() -> None:
    # SQL Anywhere 16, SQL Reference: MERGE statement
    put = upsert(b).where(b.c.x < upsert(b).excluded.x)
    assert text_of(put.values(id=1, x=2), ANYWHERE) == (
        "MERGE INTO b USING (SELECT ? AS id, ? AS x) AS excluded ON (b.id = excluded.id) "
        "WHEN MATCHED AND b.x < excluded.x THEN UPDATE SET x = excluded.x "
        "WHEN NOT MATCHED THEN INSERT (id, x) VALUES (excluded.id, excluded.x)"
    )


@pytest.mark.parametrize(
    ("expression", "ase", "anywhere"),
    [
        (func.now(), "GETDATE()", "GETDATE()"),
        (extract("year", func.now()), "DATEPART(year, GETDATE())", "DATEPART(year, GETDATE())"),
        (extract("doy", func.now()), "DATEPART(dayofyear, GETDATE())", "DATEPART(dayofyear, GETDATE())"),
        (a.c.x % 5, "a.x % 5", "MOD(a.x, 5)"),
        (func.pow(a.c.x, 2), "POWER(a.x, 2)", "POWER(a.x, 2)"),
        (a.c.name + "x", "a.name || 'x'", "a.name || 'x'"),
        (a.c.flag.is_(True), "a.flag = 1", "a.flag = 1"),
        (a.c.flag.is_not(False), "a.flag != 0", "a.flag != 0"),
        (a.c.x.is_(None), "a.x IS NULL", "a.x IS NULL"),
        (literal(b"\x01\xff"), "0x01ff", "0x01ff"),
    ],
)
def test_expressions(expression: Any, ase: str, anywhere: str) -> None:
    # ASE 15.7, Reference Manual: Building Blocks, functions; SQL Anywhere 16, SQL Reference: functions
    for dialect, expected in ((ASE, ase), (ANYWHERE, anywhere)):
        compiled = expression.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        assert str(compiled) == expected


def test_lists_and_sequences_of_sql_anywhere() -> None:
    # SQL Anywhere 16, SQL Reference: LIST function;
    # https://infocenter.sybase.com/help/topic/com.sybase.help.sqlanywhere.12.0.1/dbreference/create-sequence-statement.html
    listed = select(func.aggregate_strings(a.c.name, ","))
    assert text_of(listed, ANYWHERE) == "SELECT LIST(a.name, ',') AS aggregate_strings_1 FROM a"
    numbers = Sequence("numbers", start=5, increment=2, cache=10, cycle=True)
    assert text_of(CreateSequence(numbers), ANYWHERE) == (
        "CREATE SEQUENCE numbers INCREMENT BY 2 START WITH 5 CACHE 10 CYCLE"
    )
    assert text_of(select(numbers.next_value()), ANYWHERE) == "SELECT numbers.NEXTVAL AS next_value_1"


def test_savepoints() -> None:
    # ASE 15.7, Reference Manual: Commands, save transaction; SQL Anywhere 16, SQL Reference: SAVEPOINT
    assert text_of(SavepointClause("one"), ASE) == "SAVE TRANSACTION one"
    assert text_of(RollbackToSavepointClause("one"), ASE) == "ROLLBACK TRANSACTION one"
    assert text_of(SavepointClause("one"), ANYWHERE) == "SAVEPOINT one"
    assert text_of(ReleaseSavepointClause("one"), ANYWHERE) == "RELEASE SAVEPOINT one"


@pytest.mark.feature("E068")
def test_tables_of_ase() -> None:
    # https://infocenter.sybase.com/help/topic/com.sybase.infocenter.dc32300.1570/html/sqlug/X37315.htm:
    # IDENTITY stands in place of NULL or NOT NULL, its type is NUMERIC with scale 0, or any integer
    table = Table(
        "t",
        MetaData(),
        Column("id", Numeric(10, 0), primary_key=True, autoincrement=True),
        Column("n", BigInteger, server_default="5", nullable=False),
        Column("maybe", Boolean),
        Column("sure", Boolean, nullable=False),
        Column("text", Text),
        Column("wide", Unicode(5)),
        Column("wide_text", UnicodeText),
        Column("bytes", LargeBinary),
        Column("at", DateTime),
        Column("f", Double),
        Column("uuid", Uuid),
        Column("twice", Integer, Computed("n * 2", persisted=True)),
        Column("select", Integer),
        UniqueConstraint("n", name="u"),
    )
    assert text_of(CreateTable(table), ASE) == (
        "CREATE TABLE t ( id NUMERIC(10, 0) IDENTITY, n BIGINT DEFAULT '5' NOT NULL, maybe TINYINT NULL, "
        "sure BIT NOT NULL, [text] TEXT NULL, wide UNIVARCHAR(5) NULL, wide_text UNITEXT NULL, "
        "bytes IMAGE NULL, [at] DATETIME NULL, f DOUBLE PRECISION NULL, uuid CHAR(32) NULL, "
        "twice AS n * 2 MATERIALIZED, "
        "[select] INTEGER NULL, PRIMARY KEY (id), CONSTRAINT u UNIQUE (n) )"
    ).replace("[text]", "text")
    child = Table("k", MetaData(), Column("a_id", ForeignKey(a.c.id, ondelete="CASCADE")))
    with pytest.warns(exc.SAWarning, match="no ON DELETE"):
        assert "ON DELETE" not in text_of(CreateTable(child), ASE)


@pytest.mark.feature("E068")
def test_tables_of_sql_anywhere() -> None:
    # SQL Anywhere 16, SQL Reference: CREATE TABLE statement;
    # https://dcx.sap.com/1200/en/dbusage/s5ddid.html (identity and autoincrement are the same)
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("flag", Boolean),
        Column("text", Text),
        Column("wide", Unicode(5)),
        Column("wide_text", UnicodeText),
        Column("bytes", LargeBinary),
        Column("at", DateTime(timezone=True)),
        Column("twice", Integer, Computed("id * 2")),
        Column("kind", sybase.UNSIGNED_SMALLINT),
        comment="all",
    )
    assert text_of(CreateTable(table), ANYWHERE) == (
        "CREATE TABLE t ( id INTEGER NOT NULL DEFAULT AUTOINCREMENT, flag BIT NULL, text LONG VARCHAR NULL, "
        "wide NVARCHAR(5) NULL, wide_text LONG NVARCHAR NULL, bytes LONG BINARY NULL, "
        "at TIMESTAMP WITH TIME ZONE NULL, twice INTEGER NULL COMPUTE (id * 2), kind UNSIGNED SMALLINT NULL, "
        "PRIMARY KEY (id) )"
    )
    assert text_of(SetTableComment(table), ANYWHERE) == "COMMENT ON TABLE t IS 'all'"
    assert text_of(insert(table), ANYWHERE).startswith("INSERT INTO t (id, flag")


def test_rows_of_defaults() -> None:
    # https://infocenter.sybase.com/help/topic/com.sybase.infocenter.dc36272.1600/doc/html/san1393051026775.html
    only = Table("only", MetaData(), Column("id", Integer, primary_key=True))
    assert text_of(insert(only).values({}), ASE) == "INSERT INTO only VALUES ()".replace("only", "[only]")
    assert text_of(insert(only).values({}), ANYWHERE) == "INSERT INTO only DEFAULT VALUES"


def test_indexes() -> None:
    # ASE 15.7, Reference Manual: Commands, create index; SQL Anywhere 16, SQL Reference: CREATE INDEX
    table = Table("t", MetaData(), Column("x", Integer), Column("y", Integer), schema="dbo")
    index = Index(
        "ix", table.c.x, table.c.y.desc(), unique=True, sybase_clustered=True, sqlany_clustered=False
    )
    assert text_of(CreateIndex(index), ASE) == "CREATE UNIQUE CLUSTERED INDEX ix ON dbo.t (x, y DESC)"
    assert text_of(CreateIndex(index), ANYWHERE) == "CREATE UNIQUE NONCLUSTERED INDEX ix ON dbo.t (x, y DESC)"
    for dialect in (ASE, ANYWHERE):
        assert text_of(DropIndex(index), dialect) == "DROP INDEX dbo.t.ix"


def test_changes_and_locks() -> None:
    for dialect in (ASE, ANYWHERE):
        assert "FOR UPDATE OF a.x" in text_of(select(a.c.id).with_for_update(of=a.c.x), dialect)
        assert "DELETE FROM a WHERE a.id = " in text_of(delete(a).where(a.c.id == 1), dialect)
        assert "UPDATE a SET x=" in text_of(update(a).values(x=1), dialect)
