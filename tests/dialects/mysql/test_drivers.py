"""Every driver on a real MariaDB: values, many rows, keys, isolation, streams, errors, two phases."""

from __future__ import annotations

import datetime as dt
import decimal
import time
import uuid
from typing import Any

import pytest

from relvar import (
    JSON,
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
    Time,
    Uuid,
    bindparam,
    exc,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
)
from relvar.dialects import mysql

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True),
    Column("n", Integer),
    Column("made", String(10), server_default="here"),
)
t = things.c


@pytest.fixture
def connection(make_engine: Any, driver: str) -> Any:
    """A connection of each driver, where `things` has five rows."""
    engine = make_engine(driver)
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(things.insert(), [{"name": f"n{n}", "n": n} for n in range(5)])
        connection.commit()
        yield connection


def ordered(connection: Any, *columns: Any) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(*columns).order_by(t.id))]


# -- values ------------------------------------------------------------------------------------------

MOMENT = dt.datetime(2024, 2, 29, 23, 59, 58)
VALUES = [
    (Integer, -(2**31)),
    (mysql.BIGINT(unsigned=True), 2**63 - 1),
    (mysql.TINYINT, -128),
    (mysql.MEDIUMINT(unsigned=True), 2**24 - 1),
    (Numeric(10, 3), decimal.Decimal("1234567.125")),
    (Numeric(10, 3, asdecimal=False), 1.125),
    (mysql.DECIMAL(6, 2, zerofill=True), decimal.Decimal("3.50")),
    (Float, 1.5),
    (mysql.DOUBLE(asdecimal=True), decimal.Decimal("1.25")),
    (Boolean, True),
    (mysql.BIT(9), 257),
    (mysql.YEAR, 2024),
    (Date, MOMENT.date()),
    (DateTime, MOMENT),
    (mysql.TIMESTAMP, MOMENT),
    (Time, MOMENT.time()),
    (String(40), "é😀 %s %(x)s %% \\ ' \" `"),
    (mysql.CHAR(3), "abc"),
    (Text, "a\0b\n\r\x1a\t"),
    (mysql.LONGTEXT, "x" * 70_000),
    (LargeBinary, b"\x00\xff'\\%s"),
    (mysql.BINARY(4), b"ab\x00c"),
    (mysql.VARBINARY(4), b"\xfe\xed"),
    (mysql.ENUM("a", "it's", "ü"), "it's"),
    (mysql.SET("x", "y", "z"), {"x", "z"}),
    (mysql.SET("x", "", retrieve_as_bitwise=True), {""}),
    (JSON, {"a": [1, None, "ü"]}),
    (Uuid, uuid.UUID(int=5)),
    (Uuid(as_uuid=False), str(uuid.UUID(int=6))),
    (mysql.INET4, "10.0.0.1"),
    (mysql.INET6, "2001:db8::1"),
]


@pytest.mark.feature("E037")
def test_values_come_back_as_they_were(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    table = Table(
        "v",
        MetaData(),
        Column("id", Integer, primary_key=True),
        *(Column(f"c{number}", type_, nullable=True) for number, (type_, _) in enumerate(VALUES)),
    )
    sent = {f"c{number}": value for number, (_, value) in enumerate(VALUES)}
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), {"id": 1, **sent})
        connection.execute(table.insert(), {"id": 2, **dict.fromkeys(sent)})
        full, empty = connection.execute(table.select().order_by(table.c.id)).mappings()
        for name, value in sent.items():
            type_ = table.c[name].type
            assert full[name] == value, (name, type_)
            assert type(full[name]) is type(value), (name, type_)
            assert empty[name] is None, (name, type_)
            if not isinstance(type_, JSON):
                found = connection.scalar(select(table.c.id).where(table.c[name] == value))
                assert found == 1, (name, type_)


@pytest.mark.feature("E037")
def test_fractions_of_seconds(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    table = Table(
        "f",
        MetaData(),
        Column("a", mysql.DATETIME(fsp=6)),
        Column("b", mysql.TIMESTAMP(fsp=2)),
        Column("c", mysql.TIME(fsp=3)),
    )
    values = (
        MOMENT.replace(microsecond=678901),
        MOMENT.replace(microsecond=670000),
        dt.time(1, 2, 3, 678000),
    )
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), dict(zip("abc", values, strict=True)))
        if driver == "pyodbc":
            # MariaDB's ODBC driver cuts them off
            values = tuple([value.replace(microsecond=0) for value in values])
        assert connection.execute(table.select()).one() == values


def test_percent_signs_and_backslashes(connection: Any) -> None:
    odd = Table("o%d", MetaData(), Column("a%s", Integer, primary_key=True), Column("b", String(9)))
    odd.create(connection)
    connection.execute(odd.insert(), [{"a%s": 7, "b": "50%"}, {"a%s": 8, "b": "\\%s"}])
    run = connection.execute
    assert run(select(odd.c["a%s"] % 4, literal_column("'%'")).order_by(odd.c["a%s"])).all() == [
        (3, "%"),
        (0, "%"),
    ]
    assert run(select(odd.c["a%s"]).where(odd.c.b.endswith("%", autoescape=True))).scalars().all() == [7]
    assert run(select(literal("\\n'%s\"", literal_execute=True))).scalar() == "\\n'%s\""
    assert run(text("select '%', :x"), {"x": 3}).one() == ("%", 3)
    percent = "%%" if connection.dialect.identifier_preparer._double_percents else "%"
    assert connection.exec_driver_sql(f"select 5 {percent} 3").scalar() == 2


# -- rows and keys ------------------------------------------------------------------------------------


def test_many_rows_and_their_number(connection: Any) -> None:
    run = connection.execute
    assert ordered(connection, t.n, t.made) == [(n, "here") for n in range(5)]
    # rows that are the same afterwards count as well
    assert run(things.update().values(n=t.n)).rowcount == 5
    many = run(things.update().where(t.name == bindparam("x")).values(n=bindparam("y")),
               [{"x": "n0", "y": 10}, {"x": "n1", "y": 11}, {"x": "absent", "y": 0}])  # fmt: skip
    gone = run(things.delete().where(t.name == bindparam("x")), [{"x": "n2"}, {"x": "n3"}])
    assert ordered(connection, t.n) == [(10,), (11,), (4,)]
    if connection.dialect.supports_sane_multi_rowcount:
        assert (many.rowcount, gone.rowcount) == (2, 2)
    assert run(things.insert().prefix_with("IGNORE"), {"name": "n0"}).rowcount == 0


def test_rows_without_values(connection: Any) -> None:
    connection.execute(things.insert(), [{}, {}, {}])
    assert connection.scalar(select(func.count()).select_from(things)) == 8


@pytest.mark.feature("E043")
def test_what_insert_and_delete_return(connection: Any) -> None:
    run = connection.execute
    first = run(things.insert(), {"name": "a"})
    (key,) = first.inserted_primary_key
    # some drivers send many rows in a way that leaves out numbers
    assert key == first.lastrowid >= 6
    returning = things.insert().returning(t.id, t.made, func.length(t.name))
    assert run(returning, {"name": "bb"}).one() == (key + 1, "here", 2)
    made = run(things.insert().return_defaults(t.made), {"name": "c"})
    assert made.inserted_primary_key == (key + 2,)
    assert made.returned_defaults.made == "here"
    rows = [{"name": f"m{n}", "n": n} for n in (5, 3, 9)]
    many = run(things.insert().returning(t.n, t.id, sort_by_parameter_order=True), rows).all()
    assert [n for n, _ in many] == [5, 3, 9]
    assert sorted(run(things.delete().where(t.n > 2).returning(t.n)).scalars()) == [3, 3, 4, 5, 9]
    assert run(things.insert().from_select(["n"], select(t.n).where(t.n == 1))).rowcount == 1


@pytest.mark.feature("E038")
def test_upserts(connection: Any) -> None:
    run = connection.execute
    add = mysql.insert(things)
    run(add.on_duplicate_key_update(n=add.inserted.n + 1), {"name": "n0", "n": 50})
    run(
        add.on_duplicate_key_update({"n": add.inserted.n + bindparam("more")}),
        [{"name": "n1", "n": 60, "more": 1}, {"name": "new", "n": 70, "more": 2}],
    )
    assert ordered(connection, t.name, t.n)[:2] == [("n0", 51), ("n1", 61)]
    assert ordered(connection, t.name, t.n)[-1] == ("new", 70)


def test_fetching_in_parts(connection: Any) -> None:
    statement = select(t.n).order_by(t.id)
    result = connection.execute(statement)
    assert (result.fetchmany(2), result.fetchone(), result.all()) == ([(0,), (1,)], (2,), [(3,), (4,)])
    assert connection.execute(statement).first() == (0,)
    assert connection.scalar(select(func.count()).select_from(things)) == 5
    assert connection.execute(select(t.n).where(t.id.in_(range(2000)))).scalars().all() == [0, 1, 2, 3, 4]
    assert connection.execute(select(t.n).where(t.id.in_([]))).all() == []


@pytest.mark.feature("E045")
def test_rows_that_stay_on_the_server(connection: Any) -> None:
    statement = select(t.n).order_by(t.id)
    streaming = connection.execution_options(stream_results=True)
    result = streaming.execute(statement)
    unbuffered = connection.dialect.supports_server_side_cursors
    if connection.dialect.driver in ("pymysql", "mysqldb"):
        assert type(result.cursor).__name__ == "SSCursor"
    assert list(result.partitions(2)) == [[(0,), (1,)], [(2,), (3,)], [(4,)]]
    half = streaming.execute(statement)
    assert half.fetchone() == (0,)
    half.close()
    parts = connection.execution_options(yield_per=3).execute(statement).partitions()
    assert [len(part) for part in parts] == [3, 2]
    assert unbuffered is (
        connection.dialect.driver in ("pymysql", "mysqldb", "mariadbconnector", "asyncmy", "aiomysql")
    )


# -- transactions --------------------------------------------------------------------------------------


@pytest.mark.feature("E045")
def test_isolation_levels(make_engine: Any, driver: str, server: Any) -> None:
    engine = make_engine(driver)
    metadata.create_all(engine)
    count = select(func.count()).select_from(things)
    with engine.connect() as connection:
        assert connection.default_isolation_level == "REPEATABLE READ"
        levels = engine.dialect.get_isolation_level_values(None)
        assert levels == (
            "SERIALIZABLE",
            "READ UNCOMMITTED",
            "READ COMMITTED",
            "REPEATABLE READ",
            "AUTOCOMMIT",
        )
        for level in levels[:-1]:
            connection.execution_options(isolation_level=level)
            assert connection.get_isolation_level() == level
            assert server.exec_driver_sql(
                "select count(*) from information_schema.processlist where id = "
                + str(connection.scalar(text("select connection_id()")))
            ).scalar()
            connection.rollback()
        with pytest.raises(exc.ArgumentError, match="Invalid value 'FOO' for isolation_level"):
            connection.execution_options(isolation_level="FOO")
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "REPEATABLE READ"
        connection.execute(things.insert(), {"name": "mine"})
        assert server.scalar(count) == 0
        connection.rollback()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert engine.dialect.detect_autocommit_setting(connection.connection.dbapi_connection)
        connection.execute(things.insert(), {"name": "everyone's"})
        assert server.scalar(count) == 1
    with engine.connect() as connection:
        assert not engine.dialect.detect_autocommit_setting(connection.connection.dbapi_connection)
    with make_engine(driver, isolation_level="SERIALIZABLE").connect() as connection:
        assert connection.get_isolation_level() == "SERIALIZABLE"
    autocommits = make_engine(driver, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    with autocommits.connect() as connection:
        connection.execute(things.insert(), {"name": "at once"})
    assert server.scalar(count) == 2


def test_savepoints(connection: Any) -> None:
    connection.execute(things.insert(), {"name": "kept"})
    with pytest.raises(exc.IntegrityError), connection.begin_nested():
        connection.execute(things.insert(), {"name": "lost"})
        connection.execute(things.insert(), {"name": "kept"})
    connection.commit()
    assert [name for (name,) in ordered(connection, t.name)][-1] == "kept"


@pytest.mark.feature("E045")
def test_two_phases(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    metadata.create_all(engine)
    if driver == "pyodbc":
        # ODBC prepares statements, which the server refuses for XA
        with engine.connect() as connection, pytest.raises(exc.ProgrammingError, match="SQL syntax"):
            connection.begin_twophase()
        return
    names = select(t.name).order_by(t.name)

    def begin(connection: Any, xid: str | None, name: str) -> Any:
        transaction = connection.begin_twophase(xid)
        connection.execute(things.insert(), {"name": name})
        return transaction

    with engine.connect() as connection:
        begin(connection, None, "a").commit()
        begin(connection, "relvar's", "b").rollback()
        prepared = begin(connection, "relvar 1", "c")
        prepared.prepare()
        prepared.commit()
        prepared = begin(connection, "relvar 2", "d")
        prepared.prepare()
        prepared.rollback()
        assert connection.scalars(names).all() == ["a", "c"]
    for end, name in (("commit_prepared", "e"), ("rollback_prepared", "f")):
        connection = engine.connect()
        begin(connection, f"lost {name}", name).prepare()
        connection.invalidate()
        connection.close()
        with engine.connect() as connection:
            deadline = time.monotonic() + 5
            while f"lost {name}" not in connection.recover_twophase() and time.monotonic() < deadline:
                time.sleep(0.02)
            getattr(connection, end)(f"lost {name}", recover=True)
            assert f"lost {name}" not in connection.recover_twophase()
            assert not engine.dialect.detect_autocommit_setting(connection.connection.dbapi_connection)
    with engine.connect() as connection:
        assert connection.scalars(names).all() == ["a", "c", "e"]


# -- errors --------------------------------------------------------------------------------------------


def test_kinds_of_errors(connection: Any) -> None:
    def refused(statement: Any, values: Any = None) -> exc.DBAPIError:
        with pytest.raises(exc.DBAPIError) as caught:
            connection.execute(statement, values)
        connection.rollback()
        assert not caught.value.connection_invalidated
        return caught.value

    assert isinstance(refused(things.insert(), {"name": "n1"}), exc.IntegrityError)
    assert isinstance(refused(things.insert(), [{"name": "q"}, {"name": "n1"}]), exc.IntegrityError)
    assert isinstance(refused(things.insert(), {"name": "x" * 30}), exc.DataError)
    assert isinstance(refused(text("selekt 1")), exc.ProgrammingError)
    missing = refused(text("select * from missing"))
    assert connection.dialect._extract_error_code(missing.orig) == 1146
    assert inspect(connection).has_table("things")
    assert not inspect(connection).has_table("missing")
    with pytest.raises(exc.NoSuchTableError):
        inspect(connection).get_columns("missing")


def test_a_connection_that_was_killed(connection: Any, server: Any) -> None:
    number = connection.scalar(text("select connection_id()"))
    connection.rollback()
    server.exec_driver_sql(f"kill {number}")
    time.sleep(0.1)
    with pytest.raises(exc.DBAPIError) as caught:
        connection.execute(select(t.id))
    assert caught.value.connection_invalidated
    assert connection.invalidated
    connection.rollback()
    assert connection.scalar(text("select connection_id()")) != number


def test_a_connection_that_was_closed(connection: Any) -> None:
    connection.connection.dbapi_connection.close()
    with pytest.raises(exc.DBAPIError) as caught:
        connection.execute(select(t.id))
    assert caught.value.connection_invalidated
    connection.rollback()
    assert connection.scalar(select(func.count()).select_from(things)) == 5


def test_a_pool_that_asks_first(make_engine: Any, driver: str, server: Any) -> None:
    engine = make_engine(driver, pool_pre_ping=True)
    with engine.connect() as connection:
        number = connection.scalar(text("select connection_id()"))
    server.exec_driver_sql(f"kill {number}")
    time.sleep(0.1)
    with engine.connect() as connection:
        assert connection.scalar(text("select connection_id()")) != number


# -- which server, which driver -------------------------------------------------------------------------


@pytest.mark.feature("E036")
def test_names_of_the_server(make_engine: Any, driver: str) -> None:
    asked = make_engine(driver)
    found = make_engine(driver, name="mysql")
    assert (asked.dialect.name, found.dialect.name) == ("mariadb", "mysql")
    assert asked.dialect.is_mariadb and not found.dialect.is_mariadb
    for engine in (asked, found):
        with engine.connect():
            pass
        assert engine.dialect.is_mariadb
        assert engine.dialect.server_version_info >= (10,)
        assert engine.dialect.insert_returning
        assert engine.driver == driver
        assert engine.dialect.default_schema_name == engine.url.database or driver == "pyodbc"
