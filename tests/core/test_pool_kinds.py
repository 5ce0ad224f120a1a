"""
The pools an engine can have, and what their connections say of themselves.
"""

from __future__ import annotations

import gc
import sqlite3
from typing import Any

import pytest

from relvar import create_engine, event, exc, select, text
from relvar.pool import (
    AsyncAdaptedQueuePool,
    NullPool,
    PoolResetState,
    QueuePool,
    SingletonThreadPool,
    StaticPool,
)


@pytest.fixture
def url(tmp_path: Any) -> str:
    return f"sqlite:///{tmp_path}/x.db"


@pytest.mark.feature("B003")
def test_no_pool(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    closed: list[Any] = []
    event.listen(engine, "close", lambda dbapi_connection, record: closed.append(dbapi_connection))
    with engine.connect() as conn:
        first = conn.connection.dbapi_connection
        assert conn.scalar(select(1)) == 1 and not closed
    assert closed == [first] and engine.pool.status() == "NullPool"
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is not first
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute("select 1")
    assert isinstance(engine.pool.recreate(), NullPool)


@pytest.mark.feature("B004")
def test_one_connection_for_all() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with engine.begin() as conn:
        conn.execute(text("create table t (a integer)"))
        conn.execute(text("insert into t values (5)"))
    with engine.connect() as one, engine.connect() as two:
        assert one.connection.dbapi_connection is two.connection.dbapi_connection
        assert one.scalar(text("select a from t")) == two.scalar(text("select a from t")) == 5
    assert engine.pool.status() == "StaticPool"
    engine.dispose()
    with engine.connect() as conn, pytest.raises(exc.OperationalError, match="no such table"):
        conn.execute(text("select a from t"))
    engine.dispose()


class Calls(sqlite3.Connection):
    log: list[str] = []

    def rollback(self) -> None:
        self.log.append("rollback")
        super().rollback()

    def commit(self) -> None:
        self.log.append("commit")
        super().commit()


@pytest.mark.feature("B009")
@pytest.mark.parametrize(
    ("style", "expected"),
    [("rollback", ["rollback"]), ("commit", ["commit"]), (None, []), (True, ["rollback"])],
)
def test_reset_on_return(url: str, style: Any, expected: list[str]) -> None:
    engine = create_engine(url, pool_reset_on_return=style, connect_args={"factory": Calls})
    states: list[PoolResetState] = []
    event.listen(engine, "reset", lambda dbapi_connection, record, reset_state: states.append(reset_state))
    raw = engine.raw_connection()
    Calls.log.clear()
    raw.close()
    assert Calls.log == expected
    assert states == [PoolResetState(transaction_was_reset=False, terminate_only=False, asyncio_safe=True)]
    engine.dispose()


@pytest.mark.feature("B009")
def test_own_way_to_reset(url: str) -> None:
    engine = create_engine(url, pool_reset_on_return=None)

    @event.listens_for(engine, "reset")
    def reset(dbapi_connection: Any, connection_record: Any, reset_state: Any) -> None:
        if not reset_state.terminate_only:
            dbapi_connection.execute("drop table if exists t")
            dbapi_connection.rollback()

    with engine.connect() as conn:
        conn.execute(text("create table t (a integer)"))
        conn.commit()
    with engine.connect() as conn, pytest.raises(exc.OperationalError, match="no such table"):
        conn.execute(text("select * from t"))
    engine.dispose()


@pytest.mark.feature("B012")
def test_life_of_a_pool(url: str) -> None:
    engine = create_engine(url, pool_size=2, max_overflow=1, pool_timeout=7)
    pool = engine.pool
    assert (pool.size(), pool.checkedin(), pool.checkedout(), pool.overflow(), pool.timeout()) == (
        2,
        0,
        0,
        -2,
        7,
    )
    taken = [pool.connect() for _ in range(3)]
    assert (pool.checkedin(), pool.checkedout(), pool.overflow()) == (0, 3, 1)
    assert pool.status() == (
        "Pool size: 2  Connections in pool: 0 Current Overflow: 1 Current Checked out connections: 3"
    )
    for connection in taken:
        connection.close()
    assert (pool.checkedin(), pool.checkedout(), pool.overflow()) == (2, 0, 0)
    again = pool.recreate()
    assert again is not pool and (again.size(), again.checkedin()) == (2, 0)
    pool.dispose()
    assert pool.checkedin() == 0
    engine.dispose()
    assert engine.pool is not pool


@pytest.mark.feature("B013")
def test_the_lent_connection(url: str) -> None:
    engine = create_engine(url, pool_size=1, max_overflow=1)
    proxy = engine.raw_connection()
    inner = proxy.dbapi_connection
    assert proxy.driver_connection is inner and proxy.is_valid and not proxy.is_detached
    cursor = proxy.cursor()
    cursor.execute("select 1")
    assert cursor.fetchone() == (1,)
    assert proxy.total_changes == inner.total_changes
    proxy.info["a"] = 1
    assert proxy.record_info is not None
    proxy.record_info["b"] = 2
    proxy.close()
    assert not proxy.is_valid and proxy.dbapi_connection is None
    proxy = engine.raw_connection()
    assert proxy.dbapi_connection is inner and proxy.info == {"a": 1} and proxy.record_info == {"b": 2}
    proxy.invalidate()
    assert not proxy.is_valid
    proxy.close()
    proxy = engine.raw_connection()
    assert proxy.dbapi_connection is not inner and proxy.info == {} and proxy.record_info == {"b": 2}
    second = proxy.dbapi_connection
    proxy.invalidate(soft=True)
    assert proxy.is_valid
    proxy.close()
    proxy = engine.raw_connection()
    assert proxy.dbapi_connection is not second
    proxy.detach()
    assert proxy.is_detached and proxy.is_valid and engine.pool.checkedout() == 0
    proxy.close()
    engine.dispose()


@pytest.mark.feature("B016")
def test_lost_connections_come_back(url: str) -> None:
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    raw = engine.raw_connection()
    with pytest.raises(exc.TimeoutError):
        engine.connect()
    del raw
    gc.collect()
    assert engine.pool.checkedin() == 1
    conn = engine.connect()
    conn.execute(select(1))
    del conn
    gc.collect()
    with engine.connect() as conn:
        assert conn.scalar(select(1)) == 1
    engine.dispose()


@pytest.mark.feature("B017")
def test_pools_that_dialects_choose(url: str, pg_engine: Any, mariadb_engine: Any) -> None:
    assert type(create_engine("sqlite://").pool) is SingletonThreadPool
    assert type(create_engine("sqlite:///:memory:").pool) is SingletonThreadPool
    assert type(create_engine(url).pool) is QueuePool
    assert type(pg_engine.pool) is type(mariadb_engine.pool) is QueuePool
    for engine in (create_engine(url), pg_engine):
        assert engine.dialect.get_dialect_pool_class(engine.url) is QueuePool
    own = type("Own", (type(create_engine(url).dialect),), {"supports_statement_cache": True})
    assert own.get_pool_class(create_engine(url).url) in (QueuePool, AsyncAdaptedQueuePool)
