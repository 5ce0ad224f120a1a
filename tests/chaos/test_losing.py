"""
Losing the database: errors say so, the pool heals, nothing is written twice, nothing acknowledged lost.
"""

from __future__ import annotations

import gc
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from sleepers import SERVERS, lost_errors, sleeping

import relvar
from relvar import Column, Integer, MetaData, String, Table, exc, insert, select, text
from relvar.orm import Session

table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


@pytest.fixture
def direct(url: str) -> Iterator[Any]:
    """An engine past the proxy; the usual driver, which the tests of the others look with as well."""
    usual = "postgresql+psycopg" if url.startswith("postgresql") else "mariadb+pymysql"
    engine = relvar.create_engine(relvar.make_url(url).set(drivername=usual))
    table.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(proxied: str) -> Iterator[Any]:
    engine = relvar.create_engine(proxied)
    yield engine
    engine.dispose()
    if engine.driver in ("cymysql", "pg8000"):
        with warnings.catch_warnings():
            # they leave the socket of a connection that fails while it is made to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


def _number(connection: Any) -> Any:
    asks = "SELECT pg_backend_pid()" if connection.dialect.name == "postgresql" else "SELECT connection_id()"
    return connection.scalar(text(asks))


def _kill(direct: Any, number: Any) -> None:
    with direct.connect() as connection:
        if direct.name == "postgresql":
            connection.execute(text(f"SELECT pg_terminate_backend({number}, 5000)"))
        else:
            connection.execute(text(f"KILL {number}"))


def _open_transactions(direct: Any) -> int:
    """How many transactions other than the one that asks are open in this database."""
    if direct.name == "postgresql":
        asks = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
    else:
        asks = (
            "SELECT count(*) FROM information_schema.innodb_trx JOIN information_schema.processlist "
            "ON id = trx_mysql_thread_id WHERE db = database()"
        )
    with direct.connect() as connection:
        return connection.scalar(text(asks))  # type: ignore[no-any-return]  # a number


def _wait_for_rollbacks(direct: Any) -> None:
    until = time.monotonic() + 5
    while _open_transactions(direct):
        assert time.monotonic() < until, "a transaction is left open on the server"
        time.sleep(0.02)


def _is_lost(error: exc.DBAPIError) -> None:
    assert error.connection_invalidated, repr(error)
    assert isinstance(error, (*lost_errors(error._dialect), exc.DatabaseError))


def _heals(engine: Any) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert engine.pool.checkedout() == 0


@pytest.mark.backends(*SERVERS)
def test_killed_between_statements(engine: Any, direct: Any) -> None:
    with engine.connect() as other:
        other.scalar(text("SELECT 1"))
    with engine.connect() as connection:
        connection.execute(insert(table), {"id": 1})
        _kill(direct, _number(connection))
        time.sleep(0.05)
        with pytest.raises(exc.DBAPIError) as caught:
            connection.scalar(text("SELECT 1"))
        _is_lost(caught.value)
        assert connection.invalidated
        with pytest.raises(exc.PendingRollbackError):
            connection.scalar(text("SELECT 1"))
        connection.rollback()
        assert connection.scalar(select(relvar.func.count()).select_from(table)) == 0
    _heals(engine)
    _wait_for_rollbacks(direct)


@pytest.mark.backends(*SERVERS)
def test_killed_during_a_statement(engine: Any, direct: Any) -> None:
    with pytest.raises(exc.DBAPIError) as caught, engine.begin() as connection:
        connection.execute(insert(table), {"id": 1})
        number = _number(connection)
        killer = threading.Timer(0.1, _kill, (direct, number))
        killer.start()
        connection.execute(text(sleeping(connection, 8))).all()
    killer.join()
    _is_lost(caught.value)
    _heals(engine)
    _wait_for_rollbacks(direct)
    with direct.connect() as connection:
        assert connection.scalars(select(table.c.id)).all() == []


@pytest.mark.backends(*SERVERS)
def test_killed_before_the_end_of_a_transaction(engine: Any, direct: Any) -> None:
    """COMMIT fails, ROLLBACK and close have nothing to say; a session goes on after its rollback."""
    for end in ("commit", "rollback", "close"):
        connection = engine.connect()
        connection.execute(insert(table), {"id": 1})
        _kill(direct, _number(connection))
        time.sleep(0.05)
        if end == "commit":
            with pytest.raises(exc.DBAPIError) as caught:
                connection.commit()
            _is_lost(caught.value)
            connection.rollback()
        elif end == "rollback":
            with pytest.raises(exc.DBAPIError) as caught:
                connection.rollback()
            _is_lost(caught.value)
        else:
            with pytest.raises(exc.DBAPIError) as caught:
                connection.close()
        connection.close()
        _heals(engine)
    with Session(engine) as session:
        session.execute(insert(table), {"id": 1})
        _kill(direct, _number(session.connection()))
        time.sleep(0.05)
        with pytest.raises(exc.DBAPIError) as caught:
            session.execute(select(table)).all()
        _is_lost(caught.value)
        session.rollback()
        assert session.execute(select(table)).all() == []
    _heals(engine)


@pytest.mark.backends(*SERVERS)
def test_the_first_error_is_the_one_to_be_seen(engine: Any, direct: Any) -> None:
    """What fails when a block is left on a dead connection hides nothing."""
    with pytest.raises(KeyError, match="mine"), engine.begin() as connection:
        connection.execute(insert(table), {"id": 1})
        _kill(direct, _number(connection))
        time.sleep(0.05)
        with pytest.raises(exc.DBAPIError):
            connection.scalar(text("SELECT 1"))
        raise KeyError("mine")
    _heals(engine)


@pytest.mark.backends(*SERVERS)
def test_a_commit_whose_answer_is_lost_says_so(engine: Any, direct: Any, proxy: Any) -> None:
    with engine.connect() as connection:
        connection.execute(insert(table), {"id": 1})
        proxy.tell("lose_answers", "on")
        with pytest.raises(exc.CommitUnknown) as caught:
            connection.commit()
        _is_lost(caught.value)
        assert isinstance(caught.value, exc.OperationalError)
        assert connection.invalidated
        proxy.tell("lose_answers", "off")
        connection.rollback()
        # here it was committed; pg8000 sends COMMIT in several steps, and lost the answer to the first
        committed = [] if engine.driver == "pg8000" else [1]
        assert connection.scalars(select(table.c.id)).all() == committed
    runs = []

    def add(given: Any) -> None:
        runs.append(1)
        given.execute(insert(table), {"id": 1 + len(runs)})
        proxy.tell("lose_answers", "on" if len(runs) < 2 else "off")

    with pytest.raises(exc.CommitUnknown):
        engine.run(add)
    assert len(runs) == 1
    proxy.tell("lose_answers", "off")
    runs.clear()

    def put(given: Any) -> None:
        runs.append(1)
        given.execute(text("DELETE FROM t"))
        given.execute(insert(table), {"id": 7})
        proxy.tell("lose_answers", "on" if len(runs) == 1 else "off")

    with pytest.raises(exc.CommitUnknown):
        engine.run(put)
    runs.clear()
    proxy.tell("lose_answers", "off")
    healer = threading.Timer(0.3, proxy.tell, ("lose_answers", "off"))
    healer.start()
    engine.run(put, idempotent=True, attempts=30, backoff=0.1, max_backoff=0.1)
    healer.join()
    with direct.connect() as connection:
        assert connection.scalars(select(table.c.id)).all() == [7]


@pytest.mark.backends(*SERVERS)
def test_a_commit_that_is_not_answered_in_time_says_so(engine: Any, direct: Any, proxy: Any) -> None:
    with engine.connect().execution_options(timeout=0.2) as connection:
        connection.execute(insert(table), {"id": 1})
        proxy.tell("frozen", "on")
        started = time.monotonic()
        with pytest.raises(exc.CommitUnknown):
            connection.commit()
        assert time.monotonic() - started < 4
        proxy.tell("frozen", "off")
    _heals(engine)
    _wait_for_rollbacks(direct)


@pytest.mark.backends(*SERVERS)
@pytest.mark.parametrize("what", ["answers", "requests"])
def test_a_connection_cut_after_any_number_of_bytes(engine: Any, direct: Any, proxy: Any, what: str) -> None:
    """Whatever the byte: what was acknowledged is there, once; what failed is not; else the error says so."""
    acknowledged, failed, unknown = set(), set(), set()
    with engine.connect() as connection:
        connection.scalar(text("SELECT 1"))
    # every sixth is enough where the protocol is the same
    step = 6 if engine.dialect.is_async else 1
    for number in (*range(1, 60, step), *range(60, 700, 20 * step)):
        try:
            with engine.connect() as connection:
                connection.scalar(text("SELECT 1"))
                proxy.tell("cut_" + what, number)
                connection.execute(insert(table), {"id": number, "name": "x"})
                connection.commit()
            acknowledged.add(number)
        except exc.CommitUnknown as error:
            _is_lost(error)
            unknown.add(number)
        except exc.DBAPIError as error:
            _is_lost(error)
            failed.add(number)
        proxy.tell("cut_" + what, "off")
    _heals(engine)
    _wait_for_rollbacks(direct)
    with direct.connect() as connection:
        there = connection.scalars(select(table.c.id)).all()
    assert len(there) == len(set(there))
    assert acknowledged <= set(there) <= acknowledged | unknown
    assert failed
    assert unknown or acknowledged
