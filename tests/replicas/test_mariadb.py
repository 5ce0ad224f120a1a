"""
MariaDB with two replicas that follow by global transaction ids, one of them late.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from clusters import Server, mariadb, query, wait_until
from pairs import make_numbers, read, stale_pairs, write

from relvar import create_engine, exc
from relvar.ext.routing import ReplicatedEngine, follow
from relvar.orm import Session

pytestmark = pytest.mark.one_mode

PAIRS = 10_000 if os.environ.get("RELVAR_CHAOS_FULL") else 200


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    with mariadb(2) as servers:
        make_numbers(servers[0].url("mariadb+pymysql", "test_replicas"))
        for server in servers[1:]:
            wait_until(lambda server=server: query(server, "SELECT max(id) FROM test_replicas.numbers"))
        yield servers


@pytest.fixture(params=["mariadb+pymysql", "mysql+mysqldb"])
def engine(request: pytest.FixtureRequest, servers: list[Server]) -> Iterator[ReplicatedEngine]:
    engines = [
        create_engine(server.url(request.param, "test_replicas"), pool_pre_ping=True) for server in servers
    ]
    engine = ReplicatedEngine(engines[0], engines[1:], retry_after=0.5, wait=0.2)
    yield engine
    engine.dispose()


@pytest.fixture
def late(servers: list[Server]) -> Iterator[None]:
    """Have the replay of the second replica stop and go."""
    is_over = threading.Event()

    def stop_and_go() -> None:
        while not is_over.wait(0.1):
            query(servers[2], "STOP SLAVE SQL_THREAD")
            is_over.wait(0.1)
            query(servers[2], "START SLAVE SQL_THREAD")

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    yield
    is_over.set()
    thread.join()


def test_no_session_reads_what_is_older_than_it_wrote(engine: ReplicatedEngine, late: None) -> None:
    stale, _ = stale_pairs(engine, PAIRS)
    assert stale == []
    counts = engine.counts()
    assert counts["primary"] == PAIRS
    assert sum(counts.get(way, 0) for way in ("replica", "waited")) > PAIRS / 5


def test_a_stopped_replica_is_read_from_only_by_choice(
    servers: list[Server], engine: ReplicatedEngine
) -> None:
    with Session(engine) as session:
        write(session, 0, 1)
        assert read(session, 0, read_from="replica") == 1
        for server in servers[1:]:
            query(server, "STOP SLAVE")
        try:
            write(session, 0, 2)
            assert read(session, 0) == 2
            assert read(session, 0, read_from="stale_replica") == 1
        finally:
            for server in servers[1:]:
                query(server, "START SLAVE")
    assert engine.counts()["behind"] == 1


def test_a_forged_token_is_no_sql(engine: ReplicatedEngine) -> None:
    with Session(engine) as session, pytest.raises(exc.ArgumentError, match="is no position"):
        follow(session, "0-1-1'); DROP TABLE numbers; --")
        read(session, 0)
    with Session(engine) as session:
        follow(session, "0-1-99999999999999")
        assert isinstance(read(session, 0), int)
    assert engine.counts() == {"behind": 1}


def test_a_replica_that_dies_is_left_out(servers: list[Server], engine: ReplicatedEngine) -> None:
    servers[2].kill()
    try:
        with Session(engine) as session:
            for n in range(5):
                write(session, 0, n)
                assert read(session, 0) == n
        assert sum(engine.counts().get(way, 0) for way in ("replica", "waited")) == 5
    finally:
        servers[2].start()
        wait_until(lambda: query(servers[2], "SELECT 1"))
