"""Each driver of Firebird on Firebird 3 by wire."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

import relvar
from relvar import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exc,
    func,
    insert,
    select,
    text,
    update,
)
from relvar.dialects import firebird as fb
from relvar.ext.asyncio import create_async_engine

ROW = {
    "s": "a€",
    "n": Decimal("1.25"),
    "f": 1.5,
    "b": True,
    "d": dt.date(2020, 1, 2),
    "ts": dt.datetime(2020, 1, 2, 3, 4, 5, 678900),
    "tx": "long €" * 20_000,
    "bl": b"\x00\xff" * 40_000,
    "big": 1 << 60,
}


def check(engine: Any) -> None:
    metadata = MetaData()
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("s", String(20)),
        Column("n", Numeric(10, 2)),
        Column("f", Float),
        Column("b", Boolean),
        Column("d", Date),
        Column("ts", DateTime),
        Column("tx", Text),
        Column("bl", LargeBinary),
        Column("big", BigInteger),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert connection.execute(insert(table), ROW).inserted_primary_key == (1,)
        connection.execute(insert(table), [ROW, {**ROW, "s": None}])
        assert connection.execute(select(table).order_by(table.c.id)).first()._asdict() == {"id": 1, **ROW}
        nobody = update(table).where(table.c.id == 99).values(s="x").returning(table.c.id)
        assert connection.execute(nobody).all() == []
        assert connection.execute(update(table).values(s="y")).rowcount == 3
        nested = connection.begin_nested()
        connection.execute(delete(table))
        nested.rollback()
        assert connection.scalar(select(func.count()).select_from(table)) == 3
        assert list(connection.execute(text("SELECT id FROM t ORDER BY id")).first()._mapping) == ["id"]
    with engine.connect() as connection, pytest.raises(exc.IntegrityError):
        connection.execute(insert(table), {"id": 1})
    with engine.connect() as connection, pytest.raises(exc.ProgrammingError):
        connection.execute(text("SELECT nothing FROM t"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(insert(table), {"id": 70})
        connection.rollback()
        assert connection.scalar(select(table.c.id).where(table.c.id == 70)) == 70
    options = {"isolation_level": "SNAPSHOT", "firebird_lock_timeout": 0}
    with engine.connect().execution_options(**options) as reader, engine.begin() as writer:
        assert reader.scalar(select(func.count()).select_from(table)) == 4
        writer.execute(delete(table).where(table.c.id == 70))
        with pytest.raises(exc.OperationalError) as caught:
            reader.execute(update(table).where(table.c.id == 70).values(s="z"))
        assert engine.dialect.is_retryable(caught.value.orig)
    assert [column["name"] for column in relvar.inspect(engine).get_columns("t")][:2] == ["id", "s"]


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql", "firebird5")
@pytest.mark.feature("S012")
def test_a_driver(engine: Any) -> None:
    check(engine)


def check_many_parameters(connection: Any) -> None:
    """Answers about a statement have room for few columns and parameters: what goes on is read as well."""
    metadata = MetaData()
    table = Table(
        "wide",
        metadata,
        Column("id", Integer, primary_key=True),
        *[Column(f"c{i}", Integer) for i in range(90)],
    )
    metadata.create_all(connection)
    row = {f"c{i}": i for i in range(90)}
    connection.execute(insert(table), [{"id": n, **row} for n in range(300)])
    for many in (1, 15, 16, 17, 20, 300, 1400):
        found = select(table.c.id).where(table.c.id.in_(range(many)))
        assert len(connection.execute(found).all()) == min(many, 300), many
    # columns and parameters, in any proportion
    for columns in range(1, 90, 4):
        shown = [table.c.id, *list(table.c)[1:columns]]
        for many in (1, 3, 9, 25):
            rows = connection.execute(select(*shown).where(table.c.id.in_(range(many)))).all()
            assert sorted(rows) == [(n, *range(columns - 1)) for n in range(many)]
    returned = insert(table).returning(table.c.id, table.c.c5, sort_by_parameter_order=True)
    rows = connection.execute(returned, [{"id": n, **row} for n in range(300, 600)]).all()
    assert rows == [(n, 5) for n in range(300, 600)]
    connection.rollback()


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql")
def test_any_number_of_parameters(engine: Any) -> None:
    with engine.connect() as connection:
        check_many_parameters(connection)


def check_numbers(connection: Any) -> None:
    metadata = MetaData()
    table = Table(
        "numbers",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("f", Float(53)),
        Column("n", Numeric(18, 4)),
        Column("big", BigInteger),
        Column("s", String(10)),
    )
    metadata.create_all(connection)
    floats = [
        0.0,
        -0.0,
        0.1,
        0.1 + 0.2,
        1 / 3,
        1e300,
        -1.7976931348623157e308,
        1e-200,
        2.5e-223,
        5e-324,
        2.0**60,
    ]
    for number, value in enumerate(floats):
        # the types of what stands before and behind a float are as they were
        row = {"id": number, "f": value, "n": Decimal("12345678901234.5678"), "big": -(2**63), "s": "é"}
        connection.execute(insert(table), row)
        found = connection.execute(select(table).where(table.c.id == number)).one()._asdict()
        assert found == row and str(found["f"]) == str(value)
        assert connection.scalar(select(table.c.id).where(table.c.f == value, table.c.s == "é")) is not None
    n = table.c.n
    assert connection.scalar(select(func.count()).where(n > Decimal("1E-200"))) == len(floats)
    for values in ({"big": 2**64 + 1}, {"n": Decimal("123456789012345678901234567890.5")}):
        with pytest.raises((exc.DataError, OverflowError, ValueError)), connection.begin_nested():
            connection.execute(insert(table), {"id": 100, **values})
    assert connection.scalar(select(func.count()).select_from(table)) == len(floats)
    connection.rollback()


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql")
def test_numbers_arrive_as_they_are(engine: Any) -> None:
    with engine.connect() as connection:
        check_numbers(connection)


def check_octets(connection: Any) -> None:
    metadata = MetaData()
    table = Table(
        "octets",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("v", fb.FBVARBINARY(8)),
        Column("c", fb.FBBINARY(4)),
        Column("s", String(4)),
        Column("t", fb.FBCHAR(4)),
    )
    metadata.create_all(connection)
    row = {"id": 1, "v": b"\xff\x00 ", "c": b"\xfe\n \n", "s": "é ", "t": " é\t\n"}
    returned = connection.execute(insert(table).returning(*table.c), row)
    assert returned.one()._asdict() == row
    found = connection.execute(select(table)).one()._asdict()
    assert found == row and (type(found["c"]), type(found["t"])) == (bytes, str)
    connection.execute(update(table).values(t="a\n"))
    # but for firebirdsql, drivers give CHAR columns filled up with blanks
    assert connection.scalar(select(table.c.t)).rstrip(" ") == "a\n"
    connection.rollback()


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql", "firebird5")
def test_texts_and_bytes_of_a_length(engine: Any) -> None:
    with engine.connect() as connection:
        check_octets(connection)


def check_errors(connection: Any) -> None:
    # the server's message has the first byte of é
    with pytest.raises(exc.ProgrammingError, match="Token unknown"):
        connection.execute(text("SELECT é FROM rdb$database"))
    connection.rollback()
    assert connection.scalar(text("SELECT 1 FROM rdb$database")) == 1


def check_statements(connection: Any) -> None:
    table = Table("many", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))
    table.create(connection)
    for number in range(30):
        connection.execute(insert(table), {"n": number})
        connection.execute(update(table).where(table.c.id == bindparam("key")), [{"key": 1, "n": 1}] * 3)
        with pytest.raises(exc.IntegrityError), connection.begin_nested():
            connection.execute(insert(table), {"id": 1})
    connection.commit()
    held = text("SELECT COUNT(*) FROM mon$statements WHERE mon$attachment_id = CURRENT_CONNECTION")
    assert connection.scalar(held) < 10


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql")
def test_servers_do_not_keep_statements(engine: Any) -> None:
    with engine.connect() as connection:
        check_statements(connection)


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql")
def test_an_error_that_can_not_be_decoded(engine: Any) -> None:
    with engine.connect() as connection:
        check_errors(connection)


@pytest.mark.backends("firebird", "firebird+fdb", "firebird+firebirdsql")
def test_a_text_that_is_too_long_is_a_data_error(engine: Any) -> None:
    table = Table("narrow", MetaData(), Column("s", String(3)))
    table.create(engine)
    with pytest.raises(exc.DataError), engine.begin() as connection:
        connection.execute(insert(table), {"s": "too long"})


@pytest.mark.backends("firebird+fdb")
def test_fdb_cuts_no_statement_off(engine: Any) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text(f"SELECT 1 FROM rdb$database /* {'x' * 65_000} */")) == 1
        with pytest.raises(exc.InvalidRequestError, match="more than 65535 bytes, this one has 66033"):
            connection.execute(text(f"SELECT 1 FROM rdb$database /* {'x' * 66_000} */"))


@pytest.mark.backends("firebird+fdb", "firebird+firebirdsql")
def test_a_driver_without_two_phases_says_so(engine: Any) -> None:
    with engine.connect() as connection:
        with pytest.raises(NotImplementedError, match=r"has no two-phase transactions; use begin\(\)"):
            connection.begin_twophase()
        with pytest.raises(
            NotImplementedError, match="can't end a prepared transaction; firebird-driver can"
        ):
            connection.commit_prepared("x", recover=True)


@pytest.mark.backends("firebird+firebirdsql")
def test_the_driver_of_asyncio(url: str) -> None:
    async def main() -> None:
        engine = create_async_engine(url)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(lambda sync: check(sync.engine))
                await connection.run_sync(check_many_parameters)
                await connection.run_sync(check_numbers)
                await connection.run_sync(check_octets)
                await connection.run_sync(check_errors)
                await connection.run_sync(check_statements)
        finally:
            await engine.dispose()

    asyncio.run(main())


@pytest.mark.backends("firebird+fdb", "firebird+firebirdsql")
def test_a_limit_stops_a_statement(engine: Any) -> None:
    slow = "SELECT COUNT(*) FROM rdb$fields a, rdb$fields b, rdb$fields c, rdb$fields d"
    with engine.connect() as connection:
        with pytest.raises(exc.StatementTimeout) as caught:
            connection.execute(text(slow), execution_options={"timeout": 0.2}).all()
        # firebirdsql can't ask the server to stop
        assert caught.value.connection_invalidated == (engine.driver == "firebirdsql")
        connection.rollback()
        assert connection.scalar(text("SELECT 1 FROM rdb$database")) == 1


def test_urls() -> None:
    dialect = relvar.make_url("firebird://").get_dialect()()
    makes = {
        "firebird://u:p@h:3051//data/x.fdb": ("h/3051:/data/x.fdb", {"user": "u", "password": "p"}),
        "firebird+firebird://u@h///data/x.fdb?role=r": ("h:/data/x.fdb", {"user": "u", "role": "r"}),
        "firebird://u@/c:/data/x.fdb?charset=WIN1252": ("c:/data/x.fdb", {"user": "u", "charset": "WIN1252"}),
    }
    for url, (dsn, options) in makes.items():
        assert dialect.create_connect_args(relvar.make_url(url)) == ([dsn], {"charset": "UTF8", **options})
    assert relvar.make_url("firebird+fdb://").get_dialect().driver == "fdb"
    with pytest.raises(exc.NoSuchModuleError, match="known drivers of firebird: fdb, firebird, firebirdsql"):
        relvar.create_engine("firebird+other://")
