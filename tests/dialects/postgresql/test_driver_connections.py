"""Connections by each driver: isolation, READ ONLY, lost ones, notices, streams, two-phase."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import create_engine, event, exc, text
from relvar.orm import Session

pytestmark = pytest.mark.backends(
    *(
        f"postgresql18+{driver}"
        for driver in ("psycopg", "psycopg_async", "asyncpg", "psycopg2", "pg8000", "psycopg2cffi")
    )
)
LEVELS = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")


@pytest.fixture
def engine(url: str) -> Iterator[Any]:
    """An engine on an empty database; psycopg2cffi may not be here."""
    if "psycopg2cffi" in url:
        pytest.importorskip("psycopg2cffi")
    engine = create_engine(url)
    yield engine
    engine.dispose()


def facts(conn: Any) -> tuple[str, str, str]:
    """What the server says of the transaction: isolation, read only, deferrable."""
    settings = ("transaction_isolation", "transaction_read_only", "transaction_deferrable")
    return tuple(conn.exec_driver_sql(f"SHOW {setting}").scalar() for setting in settings)  # type: ignore[return-value]  # three


NORMAL = ("read committed", "off", "off")


@pytest.mark.feature("E032")
def test_isolation_levels(engine: Any, url: str) -> None:
    for level in (*LEVELS, "serializable", "READ_COMMITTED"):
        with engine.connect().execution_options(isolation_level=level) as conn:
            name = level.replace("_", " ").upper()
            assert conn.get_isolation_level() == name and conn.default_isolation_level == "READ COMMITTED"
            for _ in range(2):  # also in the next transaction
                assert facts(conn) == (name.lower(), "off", "off")
                conn.commit()
        with engine.connect() as conn:
            assert facts(conn) == NORMAL, level
    with pytest.raises(exc.ArgumentError, match="Valid isolation levels for 'postgresql' are AUTOCOMMIT, "):
        engine.connect().execution_options(isolation_level="CHAOS")
    serializable = create_engine(url, isolation_level="SERIALIZABLE")
    with serializable.connect() as conn:
        assert facts(conn) == ("serializable", "off", "off")
    with serializable.connect().execution_options(isolation_level="READ COMMITTED") as conn:
        assert facts(conn) == NORMAL
    with serializable.connect() as conn:
        assert conn.get_isolation_level() == "SERIALIZABLE"
    serializable.dispose()


@pytest.mark.feature("E032")
def test_read_only_and_deferrable(engine: Any) -> None:
    for options, expected in [
        ({"postgresql_readonly": True}, ("read committed", "on", "off")),
        ({"postgresql_deferrable": True}, ("read committed", "off", "on")),
        (
            {"isolation_level": "SERIALIZABLE", "postgresql_readonly": True, "postgresql_deferrable": True},
            ("serializable", "on", "on"),
        ),
        ({"postgresql_readonly": False, "postgresql_deferrable": False}, NORMAL),
    ]:
        with engine.connect().execution_options(**options) as conn:
            for _ in range(2):
                assert facts(conn) == expected
                conn.rollback()
            dbapi_connection = conn.connection.dbapi_connection
            read_only = bool(engine.dialect.get_readonly(dbapi_connection))
            assert read_only is (expected[1] == "on")
            assert bool(engine.dialect.get_deferrable(dbapi_connection)) is (expected[2] == "on")
            conn.rollback()
            if read_only:
                with pytest.raises(exc.DBAPIError, match="read-only transaction"):
                    conn.exec_driver_sql("CREATE TABLE t (i int)")
                conn.rollback()
        with engine.connect() as conn:
            assert facts(conn) == NORMAL, options
    with engine.execution_options(postgresql_readonly=True).connect() as conn:
        assert facts(conn)[1] == "on"
    with engine.connect() as conn:
        assert facts(conn) == NORMAL
        with pytest.raises(exc.InvalidRequestError, match="postgresql_readonly may not be altered"):
            conn.execution_options(postgresql_readonly=True)


@pytest.mark.feature("E032")
def test_a_serializable_transaction_gives_way(engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t AS SELECT 1 AS i")
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    with serializable.connect() as one, serializable.connect() as other:
        for conn in (one, other):
            total = conn.exec_driver_sql("SELECT sum(i) FROM t").scalar()
            conn.exec_driver_sql(f"INSERT INTO t VALUES ({total})")
        one.commit()
        with pytest.raises(exc.DBAPIError, match="could not serialize access"):
            other.commit()


@pytest.mark.feature("E015", "E032")
def test_autocommit(engine: Any) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        assert engine.dialect.detect_autocommit_setting(conn.connection.dbapi_connection)
        conn.exec_driver_sql("CREATE TABLE t (i int)")
        conn.exec_driver_sql("VACUUM t")
        conn.exec_driver_sql("INSERT INTO t VALUES (1)")
        conn.rollback()
    with engine.connect() as conn:
        assert not engine.dialect.detect_autocommit_setting(conn.connection.dbapi_connection)
        assert conn.exec_driver_sql("SELECT i FROM t").scalar() == 1
        conn.exec_driver_sql("INSERT INTO t VALUES (2)")
        conn.rollback()
        assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1


# -- lost connections ------------------------------------------------------------------


def pid(conn: Any) -> int:
    return conn.exec_driver_sql("SELECT pg_backend_pid()").scalar()  # type: ignore[no-any-return]  # a number


def kill(engine: Any, number: int) -> None:
    """End a session from another one."""
    with engine.begin() as conn:
        assert conn.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 5000)").scalar()


@pytest.mark.parametrize("level", ["READ COMMITTED", "AUTOCOMMIT"])
def test_a_lost_connection_is_replaced(engine: Any, url: str, level: str) -> None:
    tested = create_engine(url, isolation_level=level)
    for moment in ("between transactions", "in one", "at the commit"):
        with tested.connect() as conn:
            number = pid(conn)
            if moment == "between transactions":
                conn.commit()
            kill(engine, number)
            if moment == "at the commit" and level != "AUTOCOMMIT":
                with pytest.raises(exc.DBAPIError) as caught:
                    conn.commit()
            else:
                with pytest.raises(exc.DBAPIError) as caught:
                    conn.exec_driver_sql("SELECT 1")
            assert caught.value.connection_invalidated and conn.invalidated, moment
        with tested.connect() as conn:
            assert pid(conn) != number
    tested.dispose()


def test_a_ping_finds_lost_connections(engine: Any, url: str) -> None:
    pinging = create_engine(url, pool_pre_ping=True)
    with pinging.connect() as conn:
        number = pid(conn)
    with pinging.connect() as conn:
        assert pid(conn) == number
        # the ping left no transaction behind, and the mode as it was
        dbapi_connection = conn.connection.dbapi_connection
        conn.rollback()
        assert pinging.dialect.do_ping(dbapi_connection) and not dbapi_connection.autocommit
        assert facts(conn) == NORMAL
    kill(engine, number)
    with pinging.connect() as conn:
        assert pid(conn) != number
    pinging.dispose()


def test_what_is_no_disconnect(engine: Any) -> None:
    with engine.connect() as conn:
        for statement in ('SELECT "connection not open"', 'SELECT "network error"', "SELECT 1 / 0"):
            with pytest.raises(exc.DBAPIError) as caught:
                conn.exec_driver_sql(statement)
            assert not caught.value.connection_invalidated
            conn.rollback()
        conn.connection.dbapi_connection.close()
        with pytest.raises(exc.DBAPIError) as caught:
            conn.exec_driver_sql("SELECT 1")
        assert caught.value.connection_invalidated


def test_servers_that_cannot_be_reached(engine: Any) -> None:
    for url in (
        engine.url.set(port=1),
        engine.url.set(database="no such"),
        engine.url.set(username="nobody"),
    ):
        failing = create_engine(url)
        if engine.driver == "asyncpg" and url.port == 1:
            # that driver does not call it an error of a database, and so does nobody who uses it
            with pytest.raises(ConnectionRefusedError):
                failing.connect()
            continue
        with pytest.raises(exc.DBAPIError) as caught:
            failing.connect()
        assert isinstance(caught.value.orig, engine.dialect.dbapi.Error)


# -- what new connections are told ---------------------------------------------------------


def test_search_path(url: str, engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE SCHEMA elsewhere")
        conn.exec_driver_sql("CREATE TABLE elsewhere.here (i int)")
    told = create_engine(url)

    @event.listens_for(told, "connect", insert=True)
    def set_search_path(dbapi_connection: Any, connection_record: Any) -> None:
        before = dbapi_connection.autocommit
        dbapi_connection.autocommit = True
        cursor = dbapi_connection.cursor()
        cursor.execute("SET SESSION search_path = 'elsewhere'")
        cursor.close()
        dbapi_connection.autocommit = before

    with told.connect() as conn:
        assert told.dialect.default_schema_name == "elsewhere"
        assert conn.exec_driver_sql("SELECT count(*) FROM here").scalar() == 0
    told.dispose()


def test_client_encoding(url: str, engine: Any) -> None:
    if engine.driver == "asyncpg":
        pytest.skip("this driver speaks UTF-8 only")
    latin = create_engine(url, client_encoding="latin1")
    with latin.connect() as conn:
        assert conn.exec_driver_sql("SHOW client_encoding").scalar() == "LATIN1"
        conn.rollback()
        assert conn.exec_driver_sql("SHOW client_encoding").scalar() == "LATIN1"
        assert conn.scalar(text("SELECT CAST(:x AS text)"), {"x": "é"}) == "é"
    latin.dispose()


def test_notices_are_logged(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    if engine.driver == "psycopg2cffi":
        pytest.skip("this driver keeps its notices to itself")
    with caplog.at_level(logging.INFO, "sqlalchemy.dialects.postgresql"), engine.connect() as conn:
        caplog.clear()
        conn.exec_driver_sql("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$")
        conn.exec_driver_sql("DROP TABLE IF EXISTS nowhere")
    logged = [(record.name, " ".join(record.getMessage().split())) for record in caplog.records]
    assert logged == [
        ("sqlalchemy.dialects.postgresql", message)
        for message in (
            "NOTICE: hello",
            "WARNING: careful",
            'NOTICE: table "nowhere" does not exist, skipping',
        )
    ]


# -- streams -----------------------------------------------------------------------------


MANY = text("SELECT generate_series(1, 2500) AS n")


def cursors(conn: Any) -> int:
    """How many cursors are declared in the session."""
    asking = text("SELECT count(*) FROM pg_cursors WHERE name LIKE :mine")
    mine = "\\_\\_asyncpg\\_portal%" if conn.dialect.driver == "asyncpg" else "c\\_%"
    return conn.scalar(asking, {"mine": mine}, execution_options={"stream_results": False})  # type: ignore[no-any-return]  # a number


def test_rows_stay_on_the_server(engine: Any) -> None:
    with engine.connect() as conn:
        for options in (
            {"stream_results": True},
            {"stream_results": True, "max_row_buffer": 7},
            {"yield_per": 100},
        ):
            result = conn.execute(MANY, execution_options=options)
            assert cursors(conn) == 1
            assert result.keys() == ["n"]
            assert result.fetchone() == (1,)
            assert result.fetchmany(3) == [(2,), (3,), (4,)]
            assert len(result.all()) == 2496
        sizes = [len(part) for part in conn.execute(MANY, execution_options={"yield_per": 1000}).partitions()]
        assert sizes == [1000, 1000, 500]
        # two at a time, and one that is left half way
        streaming = conn.execution_options(stream_results=True)
        one, other = streaming.execute(MANY), streaming.execute(MANY)
        assert [one.fetchone(), other.fetchone(), one.fetchone()] == [(1,), (1,), (2,)]
        other.close()
        assert len(one.all()) == 2498
    with Session(engine) as session:
        assert sum(1 for _ in session.execute(MANY, execution_options={"yield_per": 500})) == 2500


def test_streams_of_what_has_no_cursor(engine: Any) -> None:
    with engine.connect() as conn:
        conn = conn.execution_options(stream_results=True)
        conn.exec_driver_sql("CREATE TEMPORARY TABLE t (i int)")
        assert conn.exec_driver_sql("INSERT INTO t VALUES (1), (2) RETURNING i").all() == [(1,), (2,)]
        assert conn.exec_driver_sql("WITH x AS (DELETE FROM t RETURNING i) SELECT i FROM x").all() == [
            (1,),
            (2,),
        ]
        assert conn.exec_driver_sql("WITH x AS (SELECT 1 AS i) SELECT i FROM x").all() == [(1,)]
        assert conn.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"
        with pytest.raises(exc.DBAPIError):
            conn.exec_driver_sql("SELECT nothing")
        conn.rollback()
        assert conn.exec_driver_sql("SELECT 1 WHERE false").all() == []


def test_streams_without_a_transaction(engine: Any, url: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT", stream_results=True) as conn:
        assert len(conn.execute(MANY).all()) == 2500
        assert cursors(conn) == 0
        result = conn.execute(MANY)
        # asyncpg's live in transactions only: there all rows are here
        assert result.fetchone() == (1,) and cursors(conn) == (engine.driver != "asyncpg")
        result.close()
        assert cursors(conn) == 0


@pytest.mark.filterwarnings("ignore:The create_engine.server_side_cursors parameter is deprecated")
def test_an_engine_that_always_streams(engine: Any, url: str) -> None:
    always = create_engine(url, server_side_cursors=True)
    with always.connect() as conn:
        result = conn.execute(MANY)
        assert cursors(conn) == 1
        assert len(result.all()) == 2500
    always.dispose()


# -- two-phase ---------------------------------------------------------------------------


def test_two_phase(engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (i int)")
    with engine.connect() as conn:
        for number, xid in enumerate(["it's %x:y", None, "c", "d"]):
            transaction = conn.begin_twophase(xid)
            assert transaction.xid == (xid or transaction.xid)
            conn.exec_driver_sql(f"INSERT INTO t VALUES ({number})")
            if number < 2:
                transaction.prepare()
            if number % 2:
                transaction.rollback()
            else:
                transaction.commit()
        assert conn.exec_driver_sql("SELECT i FROM t ORDER BY i").scalars().all() == [0, 2]
    with Session(engine, twophase=True) as session:
        session.execute(text("INSERT INTO t VALUES (7)"))
        session.commit()
        assert session.scalar(text("SELECT max(i) FROM t")) == 7


def test_recovery_of_two_phase(engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (i int)")
    for number, xid in [(1, "to commit"), (2, "to roll back"), (3, "it's mine")]:
        with engine.connect() as conn:
            transaction = conn.begin_twophase(xid)
            conn.exec_driver_sql(f"INSERT INTO t VALUES ({number})")
            transaction.prepare()
            conn.invalidate()  # as after a crash
    with engine.connect() as conn:
        assert sorted(conn.recover_twophase()) == ["it's mine", "to commit", "to roll back"]
        assert not conn.in_transaction()
        conn.commit_prepared("to commit", recover=True)
        conn.rollback_prepared("to roll back", recover=True)
        # in the middle of something else
        conn.exec_driver_sql("SELECT 1")
        conn.commit_prepared("it's mine", recover=True)
        assert conn.recover_twophase() == []
        with pytest.raises(exc.DBAPIError, match="does not exist"):
            conn.commit_prepared("nothing", recover=True)
    with engine.connect() as conn:
        assert conn.exec_driver_sql("SELECT i FROM t ORDER BY i").scalars().all() == [1, 3]
        assert not conn.connection.dbapi_connection.autocommit
