"""What python-oracledb is asked for, and what becomes of its values (see conftest: nothing is "
"sent to a server)."""

from __future__ import annotations

import array
import datetime as dt
import decimal
import uuid
from typing import Any

import oracledb
import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Identity,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    UnicodeText,
    Uuid,
    bindparam,
    delete,
    exc,
    insert,
    outparam,
    select,
    text,
    update,
)
from relvar.dialects import oracle
from relvar.orm import Session, registry

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, Identity(), primary_key=True), Column("s", String(30)))


def one_column(type_: Any) -> Table:
    return Table("one", MetaData(), Column("x", type_))


# -- RETURNING INTO -----------------------------------------------------------------------------------


def test_a_new_key_comes_back_in_a_variable(recorded: Any) -> None:
    engine, recorder = recorded()
    recorder.returned = [[[7]]]
    with engine.begin() as connection:
        result = connection.execute(insert(t).values(s="x"))
        assert result.inserted_primary_key == (7,)
    variable, sent = recorder.take("var", "execute", "setinputsizes")
    assert variable == ("var", int, {"arraysize": 1})
    assert sent[1] == "INSERT INTO t (s) VALUES (:s) RETURNING t.id INTO :ret_0"
    assert sent[2]["s"] == "x"
    assert sent[2]["ret_0"].type is oracledb.DB_TYPE_NUMBER


@pytest.mark.feature("E051")
def test_rows_come_back_from_update_and_delete(recorded: Any) -> None:
    engine, recorder = recorded()
    with engine.begin() as connection:
        recorder.returned = [[[1, 2]], [["a", "b"]]]
        rows = connection.execute(update(t).values(s="q").returning(t.c.id, t.c.s))
        assert (rows.keys(), rows.all()) == (["id", "s"], [(1, "a"), (2, "b")])
        recorder.returned = [[[]]]
        assert connection.scalars(delete(t).returning(t.c.id)).all() == []


@pytest.mark.feature("E051")
def test_many_rows_come_back_of_one_call(recorded: Any) -> None:
    engine, recorder = recorded()
    recorder.returned = [[[1], [2]], [["a"], ["b"]]]
    with engine.begin() as connection:
        rows = connection.execute(
            insert(t).returning(t.c.id, t.c.s, sort_by_parameter_order=True), [{"s": "a"}, {"s": "b"}]
        ).all()
    assert rows == [(1, "a"), (2, "b")]
    (call,) = recorder.take("executemany")
    assert [set(row) for row in call[2]] == [{"s", "ret_0", "ret_1"}] * 2
    recorder.returned = [[[1, 2], [], [3]]]
    with engine.begin() as connection:
        gone = delete(t).where(t.c.s == bindparam("which")).returning(t.c.id)
        assert connection.scalars(gone, [{"which": w} for w in "abc"]).all() == [1, 2, 3]


def test_a_flush_brings_back_the_keys_of_many_rows_at_once(recorded: Any) -> None:
    engine, recorder = recorded()

    class Thing:
        def __init__(self, s: str) -> None:
            self.s = s

    registry().map_imperatively(Thing, t)
    recorder.returned = [[[5], [6], [7]]]
    with Session(engine) as session:
        things = [Thing("a"), Thing("b"), Thing("c")]
        session.add_all(things)
        session.flush()
        assert [thing.id for thing in things] == [5, 6, 7]
    assert len(recorder.take("executemany")) == 1


def test_long_text_is_read_from_what_comes_back(recorded: Any) -> None:
    engine, recorder = recorded()

    class Lob:
        def read(self) -> str:
            return "long"

    recorder.returned = [[[Lob()]]]
    one = one_column(Text)
    with engine.begin() as connection:
        assert connection.scalar(insert(one).values(x="long").returning(one.c.x)) == "long"
    assert recorder.take("var") == [("var", oracledb.DB_TYPE_CLOB, {"arraysize": 1})]


def test_a_type_without_a_variable_is_refused(recorded: Any) -> None:
    engine, _ = recorded()
    statement = text("begin :a := f(); end;").bindparams(outparam("a"))
    with (
        engine.begin() as connection,
        pytest.raises(exc.InvalidRequestError, match=r"outparam\(name, Integer\)"),
    ):
        connection.execute(statement)


@pytest.mark.feature("E051")
def test_out_parameters(recorded: Any) -> None:
    engine, recorder = recorded("23.4.0.0.0")
    # not returned by DML: a value, not rows of values
    recorder.returned = [[3], ["x"], [dt.datetime(2026, 1, 2)]]  # type: ignore[list-item]  # see above
    statement = text("begin f(:a, :n, :s, :d); end;").bindparams(
        bindparam("a", 1), outparam("n", Integer), outparam("s", String), outparam("d", Date)
    )
    with engine.begin() as connection:
        result = connection.execute(statement)
        assert result.out_parameters == {"n": 3, "s": "x", "d": dt.date(2026, 1, 2)}
    assert [call[1] for call in recorder.take("var")] == [int, oracledb.STRING, oracledb.DATETIME]


# -- types of parameters --------------------------------------------------------------------------------

UUID = uuid.UUID(int=5)


@pytest.mark.feature("E048")
@pytest.mark.parametrize(
    ("type_", "value", "told", "sent"),
    [
        (String(30), "x", None, "x"),
        (Unicode(30), "x", None, "x"),
        (oracle.NVARCHAR2(30), "x", oracledb.DB_TYPE_NVARCHAR, "x"),
        (oracle.CHAR(3), "x", oracledb.DB_TYPE_CHAR, "x"),
        (oracle.NCHAR(3), "x", oracledb.DB_TYPE_NCHAR, "x"),
        (Text(), "x", oracledb.DB_TYPE_NVARCHAR, "x"),
        (UnicodeText(), "x", oracledb.DB_TYPE_NVARCHAR, "x"),
        (oracle.NCLOB(), "x", oracledb.DB_TYPE_NVARCHAR, "x"),
        (oracle.LONG(), "x", None, "x"),
        (LargeBinary(), b"x", oracledb.DB_TYPE_RAW, b"x"),
        (oracle.RAW(3), b"x", None, b"x"),
        (Enum("a", "b"), "a", None, "a"),
        (Uuid(), UUID, None, UUID.hex),
        (Integer(), 2**70, None, 2**70),
        (Numeric(10, 2), decimal.Decimal("1.5"), None, decimal.Decimal("1.5")),
        (Float(), 1.5, None, 1.5),
        (oracle.BINARY_DOUBLE(), float("inf"), oracledb.DB_TYPE_BINARY_DOUBLE, float("inf")),
        (oracle.BINARY_FLOAT(), 1.5, oracledb.DB_TYPE_BINARY_DOUBLE, 1.5),
        (Date(), dt.date(2026, 1, 2), oracledb.DATETIME, dt.date(2026, 1, 2)),
        (DateTime(), dt.datetime(2026, 1, 2), oracledb.DATETIME, dt.datetime(2026, 1, 2)),
        (oracle.TIMESTAMP(), dt.datetime(2026, 1, 2), oracledb.DB_TYPE_TIMESTAMP, dt.datetime(2026, 1, 2)),
        (Interval(), dt.timedelta(1), oracledb.DB_TYPE_INTERVAL_DS, dt.timedelta(1)),
        (oracle.VECTOR(2), [1.0, 2.0], None, array.array("d", [1.0, 2.0])),
        (oracle.ROWID(), "AAA", None, "AAA"),
    ],
    ids=str,
)
def test_parameters(recorded: Any, type_: Any, value: Any, told: Any, sent: Any) -> None:
    engine, recorder = recorded()
    with engine.begin() as connection:
        connection.execute(insert(one_column(type_)).values(x=value))
    calls = recorder.take("setinputsizes", "execute")
    assert calls[-1][2] == {"x": sent}
    assert calls[:-1] == ([] if told is None else [("setinputsizes", {"x": told})])


def test_what_depends_on_the_server(recorded: Any) -> None:
    table = Table("one", MetaData(), Column("b", Boolean), Column("j", JSON))
    sent = []
    for version in ("11.2.0.4.0", "19.3.0.0.0", "21.3.0.0.0", "23.4.0.0.0"):
        engine, recorder = recorded(version)
        with engine.begin() as connection:
            connection.execute(insert(table).values(b=True, j={"a": 1}))
        sent.append(recorder.take("execute")[0][2])
        dialect = engine.dialect
        assert dialect.supports_identity_columns is dialect._supports_offset_fetch is (version > "12")
        assert dialect.max_identifier_length == (30 if version < "12" else 128)
    assert [row["b"] for row in sent] == [1, 1, 1, True]
    assert [type(row["b"]) for row in sent] == [int, int, int, bool]
    assert [row["j"] for row in sent] == [b'{"a": 1}', b'{"a": 1}', '{"a": 1}', '{"a": 1}']


@pytest.mark.feature("E049")
def test_sparse_vectors(recorded: Any) -> None:
    engine, recorder = recorded("23.4.0.0.0")
    one = one_column(oracle.VECTOR(4, storage_type=oracle.VectorStorageType.SPARSE))
    with engine.begin() as connection:
        connection.execute(insert(one).values(x=oracle.SparseVector(4, [1], [2.0])))
        sent = recorder.take("execute")[0][2]["x"]
        assert isinstance(sent, oracledb.SparseVector)
        recorder.answer("SELECT one.x", [("X", oracledb.DB_TYPE_VECTOR)], [(sent,)])
        found = connection.scalar(select(one.c.x))
    assert isinstance(found, oracle.SparseVector)
    assert (found.num_dimensions, list(found.indices), list(found.values)) == (4, [1], [2.0])


def test_national_text_where_unicode_is_that(recorded: Any) -> None:
    engine, recorder = recorded(use_nchar_for_unicode=True)
    with engine.begin() as connection:
        connection.execute(insert(one_column(Unicode(30))).values(x="x"))
    assert recorder.take("setinputsizes") == [("setinputsizes", {"x": oracledb.DB_TYPE_NVARCHAR})]


def test_the_driver_hears_of_types_by_the_names_in_the_text(recorded: Any) -> None:
    engine, recorder = recorded()
    table = Table("one", MetaData(), Column("raw", oracle.CHAR(3)), Column("_x", oracle.CHAR(3)))
    with engine.begin() as connection:
        connection.execute(insert(table).values({"raw": "a", "_x": "b"}))
    sizes, sent = recorder.take("setinputsizes", "execute")
    assert set(sizes[1]) == set(sent[2])


def test_elements_of_a_list_have_the_type_of_their_parameter(recorded: Any) -> None:
    engine, recorder = recorded()
    one = one_column(oracle.CHAR(3))
    recorder.returned = [[["a"]]]
    with engine.begin() as connection:
        gone = delete(one).where(one.c.x.in_(["a", "b"])).returning(one.c.x)
        assert connection.scalars(gone).all() == ["a"]
    sizes, sent = recorder.take("setinputsizes", "execute")
    assert sizes[1] == {"x_1_1": oracledb.DB_TYPE_CHAR, "x_1_2": oracledb.DB_TYPE_CHAR}
    assert set(sent[2]) == {"x_1_1", "x_1_2", "ret_0"}


# -- values of columns --------------------------------------------------------------------------------------


@pytest.mark.feature("E048")
@pytest.mark.parametrize(
    ("type_", "kind", "given", "value"),
    [
        (Integer(), oracledb.DB_TYPE_NUMBER, 5, 5),
        (Numeric(10, 2), oracledb.DB_TYPE_NUMBER, decimal.Decimal("1.5"), decimal.Decimal("1.5")),
        (Numeric(10, 2), oracledb.DB_TYPE_NUMBER, 5, decimal.Decimal(5)),
        (Numeric(10, 2, asdecimal=False), oracledb.DB_TYPE_NUMBER, decimal.Decimal("1.5"), 1.5),
        (Float(), oracledb.DB_TYPE_NUMBER, decimal.Decimal("1.5"), 1.5),
        (oracle.NUMBER(), oracledb.DB_TYPE_NUMBER, 5, 5),
        (oracle.NUMBER(10, 2), oracledb.DB_TYPE_NUMBER, 5, decimal.Decimal(5)),
        (Boolean(), oracledb.DB_TYPE_NUMBER, 1, True),
        (Boolean(), oracledb.DB_TYPE_BOOLEAN, True, True),
        (Date(), oracledb.DB_TYPE_DATE, dt.datetime(2026, 1, 2), dt.date(2026, 1, 2)),
        (DateTime(), oracledb.DB_TYPE_DATE, dt.datetime(2026, 1, 2, 3), dt.datetime(2026, 1, 2, 3)),
        (Uuid(), oracledb.DB_TYPE_CHAR, UUID.hex, UUID),
        (JSON(), oracledb.DB_TYPE_JSON, {"a": 1}, {"a": 1}),
        (JSON(), oracledb.DB_TYPE_JSON, "text", "text"),
        (JSON(), oracledb.DB_TYPE_LONG_RAW, b'{"a": 1}', {"a": 1}),
        (oracle.VECTOR(2), oracledb.DB_TYPE_VECTOR, array.array("d", [1.0, 2.0]), [1.0, 2.0]),
    ],
    ids=str,
)
def test_values(recorded: Any, type_: Any, kind: Any, given: Any, value: Any) -> None:
    engine, recorder = recorded("23.4.0.0.0")
    recorder.answer("SELECT one.x", [("X", kind)], [(given,), (None,)])
    with engine.connect() as connection:
        found = connection.scalars(select(one_column(type_).c.x)).all()
    assert found == [value, None]
    assert type(found[0]) is type(value)


def described(**fields: Any) -> Any:
    """A column as the driver describes it to output type handlers."""

    class Metadata:
        type_code = oracledb.DB_TYPE_NUMBER
        internal_size: Any = None
        precision: Any = None
        scale: Any = None

    for name, value in fields.items():
        setattr(Metadata, name, value)
    return Metadata


def columns_read(recorded: Any, columns: list[Any], **options: Any) -> list[Any]:
    """Say what the driver is told to read columns into: the type of the variable, None if nothing."""
    engine, _ = recorded(**options)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        cursor = raw.cursor()
        made = [raw.outputtypehandler(cursor, column) for column in columns]
    return [None if variable is None else variable.type for variable in made]


NUMBERS = [
    described(precision=10, scale=0),
    described(precision=10, scale=2),
    described(precision=126, scale=-127),
    described(precision=0, scale=-127),
]
LOBS = [
    described(type_code=kind)
    for kind in (oracledb.DB_TYPE_CLOB, oracledb.DB_TYPE_NCLOB, oracledb.DB_TYPE_BLOB)
]


@pytest.mark.feature("E055")
def test_options_of_the_driver(recorded: Any) -> None:
    number, varchar = oracledb.DB_TYPE_NUMBER, oracledb.DB_TYPE_VARCHAR
    double = oracledb.DB_TYPE_BINARY_DOUBLE
    assert columns_read(recorded, NUMBERS) == [None, number, double, varchar]
    assert columns_read(recorded, NUMBERS, coerce_to_decimal=False) == [None] * 4
    assert columns_read(recorded, LOBS) == [
        oracledb.DB_TYPE_LONG,
        oracledb.DB_TYPE_LONG_NVARCHAR,
        oracledb.DB_TYPE_LONG_RAW,
    ]
    assert columns_read(recorded, LOBS, auto_convert_lobs=False) == [None] * 3
    texts = [described(type_code=oracledb.DB_TYPE_VARCHAR, internal_size=5)]
    assert columns_read(recorded, texts) == [None]
    assert columns_read(recorded, texts, encoding_errors="replace") == [oracledb.DB_TYPE_VARCHAR]
    engine, recorder = recorded(arraysize=7, exclude_tablespaces=["A"], enable_offset_fetch=False)
    assert not engine.dialect._supports_offset_fetch
    recorder.answer("SELECT t.s", [("S", oracledb.DB_TYPE_VARCHAR)], [("x",)])
    with engine.connect() as connection:
        result = connection.execute(select(t.c.s))
        assert result.cursor.arraysize == 7
        result.close()
    recorder.take()
    recorder.answer("all_tables", [("N", oracledb.DB_TYPE_VARCHAR)], [("T",), ("Mixed",)])
    with engine.connect() as connection:
        assert engine.dialect.get_table_names(connection) == ["t", "Mixed"]
    assert recorder.take("execute")[0][2] == {"owner": "SCOTT", "space_0": "A"}


def test_numbers_of_unknown_kind_are_what_they_are(recorded: Any) -> None:
    engine, recorder = recorded()
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        recorder.take()
        raw.outputtypehandler(raw.cursor(), NUMBERS[3])
    (call,) = recorder.take("var")
    read = call[-1]["outconverter"]
    assert [read(text) for text in ("5", "-5", "1.50", "1E+40")] == [
        5,
        -5,
        decimal.Decimal("1.50"),
        decimal.Decimal("1E+40"),
    ]


def test_lobs_are_read_where_the_driver_gives_them(recorded: Any) -> None:
    class Lob:
        def read(self) -> bytes:
            return b"long"

    engine, recorder = recorded(auto_convert_lobs=False)
    recorder.answer("SELECT one.x", [("X", oracledb.DB_TYPE_BLOB)], [(Lob(),), (None,)])
    with engine.connect() as connection:
        assert connection.scalars(select(one_column(LargeBinary).c.x)).all() == [b"long", None]


def test_files_of_the_server_are_read_in_any_case(recorded: Any) -> None:
    class File:
        def read(self) -> bytes:
            return b"of the server"

    engine, recorder = recorded()
    recorder.answer("SELECT one.x", [("X", oracledb.DB_TYPE_BFILE)], [(File(),), (None,)])
    with engine.connect() as connection:
        found = connection.scalars(select(one_column(oracle.BFILE).c.x)).all()
    assert found == [b"of the server", None]


@pytest.mark.feature("E054")
def test_names_of_columns_are_in_our_case_unless_the_drivers_are_wanted(recorded: Any) -> None:
    engine, recorder = recorded()
    number = oracledb.DB_TYPE_NUMBER
    names = ["FOO", "Bar", "A_B", "low", "SELECT"]
    recorder.answer("from somewhere", [(name, number) for name in names], [(1, 2, 3, 4, 5)])
    with engine.connect() as connection:
        for run in (lambda sql: connection.execute(text(sql)), connection.exec_driver_sql):
            row = run("select * from somewhere").one()
            assert list(row._mapping) == ["foo", "Bar", "a_b", "low", "SELECT"]
            assert row.foo == 1
        plain = connection.execution_options(driver_column_names=True)
        assert list(plain.exec_driver_sql("select * from somewhere").keys()) == names


# -- transactions ------------------------------------------------------------------------------------------


@pytest.mark.feature("E056")
def test_two_phase(recorded: Any) -> None:
    engine, recorder = recorded()
    with engine.connect() as connection:
        transaction = connection.begin_twophase("abc")
        connection.execute(insert(one_column(String(3))).values(x="x"))
        transaction.prepare()
        transaction.commit()
        calls = [call[0] for call in recorder.take() if call[0] != "rollback"]
        assert calls == ["tpc_begin", "execute", "tpc_prepare", "tpc_commit"]
        transaction = connection.begin_twophase()
        begun = recorder.take("tpc_begin")[0][1]
        assert isinstance(begun, oracledb.Xid)
        assert begun.global_transaction_id == transaction.xid[1]
        transaction.rollback()
        assert recorder.take("tpc_rollback") == [("tpc_rollback", None)]
        assert connection.recover_twophase() == [(1, b"g", b"b")]
        connection.rollback()
        connection.commit_prepared((1, "g", "b"), recover=True)
        assert recorder.take("tpc_commit")[0][1] == oracledb.Xid(1, "g", "b")
        connection.rollback_prepared("abc", recover=True)
        assert recorder.take("tpc_rollback")[0][1].global_transaction_id == "abc"
        with pytest.raises(exc.ArgumentError, match="format, global part"):
            connection.commit_prepared((1, 2), recover=True)


@pytest.mark.feature("E056")
def test_isolation_levels(recorded: Any) -> None:
    engine, recorder = recorded()
    assert engine.dialect.get_isolation_level_values(None) == ["READ COMMITTED", "SERIALIZABLE", "AUTOCOMMIT"]
    with engine.connect() as connection:
        connection.execution_options(isolation_level="SERIALIZABLE")
        assert recorder.take("execute")[0][1] == "ALTER SESSION SET ISOLATION_LEVEL=SERIALIZABLE"
    assert recorder.take("execute")[0][1] == "ALTER SESSION SET ISOLATION_LEVEL=READ COMMITTED"
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        connection.execution_options(isolation_level="AUTOCOMMIT")
        assert raw.autocommit
    assert not raw.autocommit
    with pytest.raises(exc.ArgumentError, match="READ COMMITTED, SERIALIZABLE, AUTOCOMMIT"):
        engine.connect().execution_options(isolation_level="REPEATABLE READ")
    recorder.returned = [["3.7.5"]]  # type: ignore[list-item]  # a value, not rows of values
    recorder.answer("v$transaction", [("L", oracledb.DB_TYPE_VARCHAR)], [("SERIALIZABLE",)])
    recorder.take()
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "SERIALIZABLE"
    assert recorder.take("execute")[1][2] == {"usn": 3, "slot": 7, "sqn": 5}


def test_savepoints_are_not_released(recorded: Any) -> None:
    engine, recorder = recorded()
    with engine.begin() as connection, connection.begin_nested():
        pass
    assert [call[1] for call in recorder.take("execute")] == ["SAVEPOINT sa_savepoint_1"]


@pytest.mark.feature("E050")
def test_sequences(recorded: Any) -> None:
    engine, recorder = recorded()
    recorder.answer("nextval FROM DUAL", [("N", oracledb.DB_TYPE_NUMBER)], [(5,)])
    with engine.begin() as connection:
        assert connection.scalar(Sequence("numbers", schema="other")) == 5
    assert recorder.take("execute")[0][1] == "SELECT other.numbers.nextval FROM DUAL"


def test_a_ping_is_the_drivers(recorded: Any) -> None:
    engine, recorder = recorded(pool_pre_ping=True)
    with engine.connect():
        pass
    assert recorder.take("ping", "execute") == [("ping",)]


# -- errors ------------------------------------------------------------------------------------------


def driver_error(code: int = 0, full: str = "", message: str = "") -> Exception:
    class Told:
        def __init__(self) -> None:
            self.code, self.full_code, self.message = code, full or f"ORA-{code:05}", message

        def __str__(self) -> str:
            return message

    return oracledb.OperationalError(Told())


@pytest.mark.parametrize(
    ("error", "lost", "retryable"),
    [
        (driver_error(60), False, True),
        (driver_error(8177), False, True),
        (driver_error(30006), False, True),
        (driver_error(54), False, False),
        (driver_error(1), False, False),
        (driver_error(28), True, False),
        (driver_error(3113), True, False),
        (driver_error(1012), True, False),
        (driver_error(0, "DPY-4011"), True, False),
        (driver_error(0, "DPY-1001"), True, False),
        (driver_error(0, "DPI-1080"), True, False),
        (driver_error(0, "DPI-1010"), True, False),
        (driver_error(0, "DPY-4024"), False, False),
        (oracledb.InterfaceError("not connected"), True, False),
        (ValueError("not connected"), False, False),
    ],
    ids=repr,
)
def test_errors_are_told_apart(recorded: Any, error: Exception, lost: bool, retryable: bool) -> None:
    dialect = recorded()[0].dialect
    assert dialect.is_disconnect(error, None, None) is lost
    assert dialect.is_retryable(error) is retryable


def test_a_deadlock_is_tried_again(recorded: Any) -> None:
    engine, recorder = recorded()
    recorder.fails["UPDATE"] = driver_error(60, message="ORA-00060: deadlock detected")
    tries = []

    def work(connection: Any) -> str:
        tries.append(1)
        if len(tries) == 2:
            recorder.fails.clear()
        connection.execute(update(t).values(s="x"))
        return "done"

    assert engine.run(work) == "done"
    assert len(tries) == 2


def test_a_limit_is_the_drivers_own(recorded: Any) -> None:
    engine, recorder = recorded()
    recorder.answer("SELECT t.s", [("S", oracledb.DB_TYPE_VARCHAR)], [("x",)])
    seen = []
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        recorder.note = lambda *call: seen.append((call[0], raw.call_timeout))  # type: ignore[method-assign]  # to look on
        assert connection.execution_options(timeout=1.5).scalar(select(t.c.s)) == "x"
        assert raw.call_timeout == 0
        assert ("execute", 1500) in seen
        recorder.fails["SELECT"] = driver_error(0, "DPY-4024", "DPY-4024: call timeout of 1500 ms exceeded")
        with pytest.raises(exc.StatementTimeout):
            connection.scalar(select(t.c.s))
        assert not connection.invalidated
        assert raw.call_timeout == 0
