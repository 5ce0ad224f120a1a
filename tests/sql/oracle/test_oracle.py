"""What Oracle Database has of its own: paging, parameters, types and DDL, as text."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    UnicodeText,
    bindparam,
    exc,
    func,
    insert,
    literal,
    select,
    union,
    update,
)
from relvar.dialects import oracle
from relvar.schema import CreateIndex, CreateSequence, CreateTable, DropTableComment

ORACLE = oracle.dialect()
BEFORE_12C = oracle.dialect(enable_offset_fetch=False)
OPTIMIZED = oracle.dialect(enable_offset_fetch=False, optimize_limits=True)

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", Integer), Column("j", JSON))


def text_of(statement: Any, dialect: Any = ORACLE, **kw: Any) -> str:
    return " ".join(str(statement.compile(dialect=dialect, **kw)).split())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            select(t.c.id).order_by(t.c.a).limit(5),
            "SELECT anon_1.id FROM (SELECT t.id AS id FROM t ORDER BY t.a) anon_1 WHERE ROWNUM <= 5",
        ),
        (
            select(t.c.id).offset(3),
            (
                "SELECT anon_1.id FROM (SELECT anon_2.id AS id, ROWNUM AS ora_rn FROM (SELECT t.id AS id "
                "FROM t) anon_2) anon_1 WHERE ora_rn > 3"
            ),
        ),
        (
            select(t.c.a).limit(5).offset(2).with_for_update(of=t.c.id, skip_locked=True),
            (
                "SELECT anon_1.a FROM (SELECT anon_2.a AS a, ROWNUM AS ora_rn, anon_2.id AS id FROM (SELECT "
                "t.a AS a, t.id AS id FROM t) anon_2 WHERE ROWNUM <= 5 + 2) anon_1 WHERE ora_rn > 2 FOR "
                "UPDATE OF anon_1.id SKIP LOCKED"
            ),
        ),
        (
            select(t.c.id).fetch(5, with_ties=True),
            "SELECT t.id FROM t FETCH FIRST 5 ROWS WITH TIES",
        ),
    ],
)
def test_rows_are_counted_before_12c(statement: Any, expected: str) -> None:
    assert text_of(statement, BEFORE_12C, compile_kwargs={"literal_binds": True}) == expected


def test_the_server_is_told_how_many_rows_are_wanted() -> None:
    hinted = text_of(select(t.c.id).limit(5), OPTIMIZED, compile_kwargs={"literal_binds": True})
    assert hinted.startswith("SELECT /*+ FIRST_ROWS(5) */ anon_1.id")
    plain = text_of(select(t.c.id).limit(literal(5) + 1), OPTIMIZED)
    assert "FIRST_ROWS" not in plain


def test_a_union_is_not_cut_off_silently() -> None:
    both = union(select(t.c.id), select(t.c.a))
    with pytest.raises(exc.CompileError, match="put it into a SELECT"):
        both.limit(3).compile(dialect=BEFORE_12C)
    assert "FETCH FIRST" in text_of(both.limit(3))


def test_about_so_many_rows() -> None:
    statement = select(t.c.id).fetch(5, oracle_fetch_approximate=True)
    assert text_of(statement).endswith("FETCH APPROX FIRST __[POSTCOMPILE_param_1] ROWS ONLY")


def test_locked_tables_are_named_by_a_column() -> None:
    assert text_of(select(t.c.a).with_for_update(of=[t, t.c.a])).endswith("FOR UPDATE OF t.id, t.a")


def test_names_of_parameters_are_quoted() -> None:
    compiled = select(
        bindparam("_x", 1), bindparam("size", 2), bindparam("a b", 3), bindparam("Up", 4)
    ).compile(dialect=ORACLE)
    assert str(compiled).startswith(
        'SELECT :"_x" AS anon_1, :"size" AS anon_2, :"a b" AS anon_3, :Up AS anon_4'
    )
    assert compiled.params == {'"_x"': 1, '"size"': 2, '"a b"': 3, "Up": 4}
    listed = select(t.c.id).where(t.c.a.in_(bindparam("_a b", [1, 2])))
    expanded = listed.compile(dialect=ORACLE, compile_kwargs={"render_postcompile": True})
    assert ":D_aCb_1, :D_aCb_2" in str(expanded)
    assert expanded.params == {"D_aCb_1": 1, "D_aCb_2": 2}


def test_json_paths_follow_the_statement_not_the_cache() -> None:
    first, second = select(t.c.j["a"]), select(t.c.j["b"])
    assert first._generate_cache_key() == second._generate_cache_key()
    inline = {"render_postcompile": True}
    assert text_of(first, compile_kwargs=inline).startswith("SELECT JSON_QUERY(t.j, '$.\"a\"')")
    assert text_of(select(t.c.j[("a", 'q"', 1)]), compile_kwargs=inline).startswith(
        'SELECT JSON_QUERY(t.j, \'$."a"."q\\""[1]\')'
    )


def test_returned_columns_go_into_parameters() -> None:
    statement = insert(t).values(a=1).returning(t.c.id, (t.c.a + 1).label("next"))
    assert text_of(statement) == (
        "INSERT INTO t (a) VALUES (:a) RETURNING t.id, t.a + :a_1 INTO :ret_0, :ret_1"
    )
    computed = Table("c", MetaData(), Column("id", Integer), Column("x", Integer, Computed("id + 1")))
    with pytest.warns(exc.SAWarning, match="Computed columns don't work"):
        update(computed).values(id=2).returning(computed.c.x).compile(dialect=ORACLE)


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (BigInteger(), "NUMBER(19)"),
        (String(5), "VARCHAR2(5 CHAR)"),
        (Unicode(5), "VARCHAR2(5 CHAR)"),
        (Text(), "CLOB"),
        (LargeBinary(), "BLOB"),
        (DateTime(), "DATE"),
        (Interval(second_precision=3), "INTERVAL DAY TO SECOND(3)"),
        (Boolean(), "BOOLEAN"),
        (oracle.NUMBER(5, 2), "NUMBER(5, 2)"),
        (oracle.FLOAT(16), "FLOAT(16)"),
        (oracle.RAW(16), "RAW(16)"),
        (oracle.NUMBER(), "NUMBER"),
        (oracle.NUMBER(10), "NUMBER(10)"),
        (oracle.BINARY_DOUBLE(), "BINARY_DOUBLE"),
        (oracle.BINARY_FLOAT(), "BINARY_FLOAT"),
        (oracle.ROWID(), "ROWID"),
        (oracle.LONG(), "LONG"),
        (oracle.NCLOB(), "NCLOB"),
        (oracle.NVARCHAR2(5), "NVARCHAR2(5)"),
        (oracle.INTERVAL(day_precision=3, second_precision=4), "INTERVAL DAY(3) TO SECOND(4)"),
        (oracle.TIMESTAMP(timezone=True), "TIMESTAMP WITH TIME ZONE"),
        (oracle.JSON(), "JSON"),
        (oracle.TIMESTAMP(local_timezone=True), "TIMESTAMP WITH LOCAL TIME ZONE"),
        (oracle.JSON(use_blob=True), "BLOB"),
        (oracle.VECTOR(3, oracle.VectorStorageFormat.INT8), "VECTOR(3,INT8,*)"),
        (oracle.BFILE(), "BFILE"),
    ],
)
def test_types(type_: Any, name: str) -> None:
    assert type_.compile(dialect=ORACLE) == name


def test_types_of_other_servers() -> None:
    national = oracle.dialect(use_nchar_for_unicode=True)
    assert Unicode(5).compile(dialect=national) == "NVARCHAR2(5)"
    assert UnicodeText().compile(dialect=national) == "NCLOB"
    assert Boolean().compile(dialect=oracle.dialect(supports_native_boolean=False)) == "SMALLINT"


def test_binary_precision_is_not_guessed() -> None:
    with pytest.raises(exc.ArgumentError, match=r"oracle\.FLOAT\(binary_precision=33\)"):
        Float(10).compile(dialect=ORACLE)
    with pytest.raises(exc.ArgumentError, match="mutually exclusive"):
        oracle.TIMESTAMP(timezone=True, local_timezone=True)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (datetime.date(2026, 1, 2), Date(), "TO_DATE('2026-01-02', 'YYYY-MM-DD')"),
        (
            datetime.datetime(2026, 1, 2, 3, 4, 5),
            DateTime(),
            "TO_DATE('2026-01-02 03:04:05', 'YYYY-MM-DD HH24:MI:SS')",
        ),
        (
            datetime.datetime(2026, 1, 2, 3, 4, 5, 6),
            DateTime(),
            "TO_TIMESTAMP('2026-01-02 03:04:05.000006', 'YYYY-MM-DD HH24:MI:SS.FF')",
        ),
        (
            datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
            DateTime(timezone=True),
            "TO_TIMESTAMP_TZ('2026-01-02 00:00:00 +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')",
        ),
        (datetime.timedelta(days=1), Interval(), "NUMTODSINTERVAL(86400.0, 'SECOND')"),
        (True, Boolean(), "1"),
    ],
)
def test_literals(value: Any, type_: Any, expected: str) -> None:
    shown = text_of(select(literal(value, type_)), compile_kwargs={"literal_binds": True})
    assert shown == f"SELECT {expected} AS anon_1 FROM DUAL"


def test_tables() -> None:
    table = Table(
        "x",
        MetaData(),
        Column(
            "id", Integer, Identity(oracle_on_null=True, oracle_order=True, nominvalue=True), primary_key=True
        ),
        Column("t_id", ForeignKey(t.c.id, onupdate="CASCADE", ondelete="CASCADE")),
        Column("c", Integer, Computed("id + 1", persisted=False)),
        comment="about",
        oracle_compress=6,
        oracle_on_commit="delete_rows",
        oracle_tablespace="my space",
        prefixes=["GLOBAL TEMPORARY"],
    )
    with pytest.warns(exc.SAWarning, match="UPDATE CASCADE"):
        shown = text_of(CreateTable(table))
    assert shown == (
        "CREATE GLOBAL TEMPORARY TABLE x ( id INTEGER GENERATED BY DEFAULT ON NULL AS IDENTITY (NOMINVALUE "
        "ORDER), t_id INTEGER, c INTEGER GENERATED ALWAYS AS (id + 1) VIRTUAL, PRIMARY KEY (id), FOREIGN "
        'KEY(t_id) REFERENCES t (id) ON DELETE CASCADE ) ON COMMIT DELETE ROWS COMPRESS FOR 6 TABLESPACE "my '
        'space"'
    )
    assert text_of(DropTableComment(table)) == "COMMENT ON TABLE x IS ''"
    stored = Table("y", MetaData(), Column("id", Integer, Computed("1", persisted=True)))
    with pytest.raises(exc.CompileError, match="do not support 'stored' persistence"):
        CreateTable(stored).compile(dialect=ORACLE)


def test_indexes_and_sequences() -> None:
    config = oracle.VectorIndexConfig(
        index_type=oracle.VectorIndexType.IVF,
        distance=oracle.VectorDistanceType.DOT,
        accuracy=90,
        ivf_neighbor_partitions=5,
        parallel=4,
    )
    vectors = Table("v", MetaData(), Column("e", oracle.VECTOR(dim=2)), Column("n", Integer), schema="s")
    assert text_of(CreateIndex(Index("ix", vectors.c.e, oracle_vector=config))) == (
        "CREATE VECTOR INDEX s.ix ON s.v (e) ORGANIZATION NEIGHBOR PARTITIONS DISTANCE DOT WITH TARGET "
        "ACCURACY 90 PARAMETERS (type IVF, neighbor partitions 5) PARALLEL 4"
    )
    assert text_of(CreateIndex(Index("ix", vectors.c.n, oracle_bitmap=True, oracle_compress=2))) == (
        "CREATE BITMAP INDEX s.ix ON s.v (n) COMPRESS 2"
    )
    nearest = select(vectors.c.n).order_by(vectors.c.e.cosine_distance([1, 2]))
    assert text_of(nearest).endswith("ORDER BY s.v.e <=> :e_1")
    with pytest.raises(TypeError, match="accuracy must be an integer"):
        oracle.VectorIndexConfig(accuracy="x")  # type: ignore[arg-type]  # the error is the point
    assert str(oracle.SparseVector(3, [1], [2.0])) == "SparseVector(num_dimensions=3, size=1, typecode=d)"
    created = CreateSequence(Sequence("q", start=3, cycle=False, oracle_order=False))
    assert text_of(created) == "CREATE SEQUENCE q START WITH 3 NOCYCLE NOORDER"
    assert text_of(select(Sequence("q").next_value().label("n"))) == "SELECT q.nextval AS n FROM DUAL"


def test_functions_in_from() -> None:
    table_valued = select(func.f(func.g()).table_valued("x", name="n"))
    assert text_of(table_valued) == "SELECT n.x FROM TABLE (f(g())) n"
    assert text_of(select(func.f().column_valued("n"))) == "SELECT n.COLUMN_VALUE FROM TABLE (f()) n"
