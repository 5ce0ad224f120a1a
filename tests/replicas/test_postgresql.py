"""
PostgreSQL with two streaming replicas, one that replays late and one whose replay stops and goes.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from clusters import Server, sql, wait_until
from pairs import THREADS, in_threads, numbers, read, stale_pairs, write

from relvar import create_engine, exc, select, text, update
from relvar.ext.asyncio import AsyncEngine, async_sessionmaker
from relvar.ext.routing import ReplicatedEngine, causal_token, follow
from relvar.orm import Session, sessionmaker

pytestmark = pytest.mark.one_mode

IS_FULL = bool(os.environ.get("RELVAR_CHAOS_FULL"))
PAIRS = 10_000 if IS_FULL else 400


def engines_of(servers: list[Server], driver: str = "psycopg", **options: Any) -> list[Any]:
    return [
        create_engine(server.url(f"postgresql+{driver}", "test_replicas"), pool_pre_ping=True, **options)
        for server in servers
    ]


@pytest.fixture
def engine(postgresql_servers: list[Server]) -> Iterator[ReplicatedEngine]:
    engines = engines_of(postgresql_servers, pool_timeout=5)
    engine = ReplicatedEngine(engines[0], engines[1:], retry_after=0.5)
    yield engine
    engine.dispose()


@pytest.fixture
def late(postgresql_servers: list[Server]) -> Iterator[None]:
    """Have one replica replay 10 ms late, and the other one's replay stop and go."""
    sql(postgresql_servers[1], "ALTER SYSTEM SET recovery_min_apply_delay = '10ms'")
    sql(postgresql_servers[1], "SELECT pg_reload_conf()")
    is_over = threading.Event()

    def stop_and_go() -> None:
        while not is_over.wait(random.uniform(0, 0.05)):
            sql(postgresql_servers[2], "SELECT pg_wal_replay_pause()")
            is_over.wait(random.uniform(0, 0.15))
            sql(postgresql_servers[2], "SELECT pg_wal_replay_resume()")

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    yield
    is_over.set()
    thread.join()
    sql(postgresql_servers[1], "ALTER SYSTEM RESET recovery_min_apply_delay")
    sql(postgresql_servers[1], "SELECT pg_reload_conf()")


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
def test_no_session_reads_what_is_older_than_it_wrote(
    engine: ReplicatedEngine, late: None, level: Any
) -> None:
    stale, stale_without = stale_pairs(engine.execution_options(isolation_level=level), PAIRS // 2)
    assert stale == []
    counts = {"replica": 0, "waited": 0, "behind": 0, **engine.counts()}
    # it is not by luck: replicas were read from, and were behind
    assert counts["replica"] + counts["waited"] > PAIRS / 20
    assert counts["behind"] + counts["waited"] > PAIRS / 20
    assert stale_without


def test_replicas_that_stand_still_are_too_old_after_a_while(postgresql_servers: list[Server]) -> None:
    engines = engines_of(postgresql_servers)
    engine = ReplicatedEngine(engines[0], engines[1:], max_lag=0.5, retry_after=0.1)
    with Session(engines[0]) as other:
        write(other, 0, 1)
    with Session(engine) as session:
        wait_until(lambda: read(session, 0, read_from="replica") == 1)
        for server in postgresql_servers[1:]:
            sql(server, "SELECT pg_wal_replay_pause()")
        try:
            with Session(engines[0]) as other:
                write(other, 0, 2)
            assert read(session, 0, read_from="stale_replica") == 1
            time.sleep(0.6)
            for _ in range(3):
                assert read(session, 0) == 2
        finally:
            for server in postgresql_servers[1:]:
                sql(server, "SELECT pg_wal_replay_resume()")
        wait_until(lambda: read(session, 0, read_from="replica") == 2)
    assert engine.counts()["behind"] == 3
    engine.dispose()


def test_a_replica_takes_no_writes(engine: ReplicatedEngine) -> None:
    with Session(engine) as session:
        with pytest.raises(exc.DBAPIError, match="read-only transaction"):
            write_text = text("UPDATE numbers SET n = 0").execution_options(read_from="stale_replica")
            session.execute(write_text)


def test_a_transaction_reads_what_it_wrote(engine: ReplicatedEngine, late: None) -> None:
    with Session(engine) as session:
        for n in range(20):
            session.execute(update(numbers).values(n=n))
            assert set(session.scalars(select(numbers.c.n))) == {n}
        session.rollback()
    assert engine.counts() == {"primary": 1}


def test_a_replica_that_dies_is_left_out_and_used_again(
    postgresql_servers: list[Server], engine: ReplicatedEngine
) -> None:
    chosen: list[str | None] = []
    engine.on_routed(lambda routed: chosen.append(routed.replica))

    def read_often() -> set[str | None]:
        chosen.clear()
        for _ in range(10):
            with Session(engine) as session:
                read(session, 0)
        return set(chosen)

    assert len(read_often()) == 2
    postgresql_servers[1].kill()
    assert read_often() == {str(engine.replicas[1].url)}
    assert engine.counts() == {"replica": 20}
    postgresql_servers[1].start()
    wait_until(lambda: sql(postgresql_servers[1], "SELECT 1"))
    time.sleep(0.6)
    assert len(read_often()) == 2


def test_a_frozen_replica_holds_nobody_up_for_long(postgresql_servers: list[Server]) -> None:
    engines = engines_of(postgresql_servers, pool_timeout=0.5)
    engine = ReplicatedEngine(engines[0], engines[1:2], retry_after=30)
    postgresql_servers[1].freeze()
    try:
        started = time.monotonic()
        for _ in range(5):
            with Session(engine) as session:
                read(session, 0)
        assert time.monotonic() - started < 4
        assert engine.counts() == {"down": 5}
    finally:
        postgresql_servers[1].thaw()
        engine.dispose()


def test_a_server_that_follows_nobody_is_no_replica(
    postgresql_servers: list[Server], caplog: pytest.LogCaptureFixture
) -> None:
    one, other = engines_of([postgresql_servers[0], postgresql_servers[0]])
    engine = ReplicatedEngine(one, [other])
    with Session(engine) as session:
        read(session, 0)
    assert engine.counts() == {"down": 1}
    assert "The server replays no log of another one" in caplog.text
    engine.dispose()


# not as text: the tests' own loop is for those that are written as if they blocked
@pytest.mark.parametrize("driver", [["psycopg_async"], ["asyncpg"]], ids=lambda driver: driver[0])
def test_sessions_of_asyncio_read_what_they_wrote(
    postgresql_servers: list[Server], late: None, driver: list[str]
) -> None:
    async def main() -> dict[str, int]:
        engines = engines_of(postgresql_servers, *driver)
        engine = ReplicatedEngine(engines[0], engines[1:])
        NewSession = async_sessionmaker(AsyncEngine(engine))

        async def pairs(task: int) -> None:
            for n in range(1, PAIRS // 40 + 1):
                async with NewSession() as session:
                    await session.execute(update(numbers).where(numbers.c.id == task).values(n=n))
                    await session.commit()
                    token = await session.run_sync(causal_token)
                async with NewSession() as session:
                    follow(session, token)
                    assert await session.scalar(select(numbers.c.n).where(numbers.c.id == task)) == n

        await asyncio.gather(*[pairs(task) for task in range(THREADS)])
        await AsyncEngine(engine).dispose()
        return engine.counts()

    counts = asyncio.run(main())
    assert counts["primary"] == PAIRS // 40 * THREADS
    assert counts.get("replica", 0) + counts.get("waited", 0) > PAIRS / 40


def test_what_run_repeats_is_not_lost(engine: ReplicatedEngine) -> None:
    NewSession = sessionmaker(engine)

    def add_one(session: Session) -> None:
        n = session.scalars(select(numbers.c.n).where(numbers.c.id == 0)).one()
        session.execute(update(numbers).where(numbers.c.id == 0).values(n=n + 1))

    with Session(engine) as session:
        write(session, 0, 0)
    NewSession.configure(bind=engine.execution_options(isolation_level="REPEATABLE READ"))
    in_threads(lambda thread: [NewSession.run(add_one, attempts=100) for _ in range(10)])
    with Session(engine) as session:
        assert read(session, 0, read_from="primary") == 10 * THREADS
