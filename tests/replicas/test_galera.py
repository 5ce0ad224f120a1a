"""
Galera with three nodes: conflicts at COMMIT, a node that dies under load, reads from the other nodes.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from clusters import Server, galera, is_synced, query, wait_until
from pairs import THREADS, in_threads, make_numbers, metadata, numbers, read, stale_pairs, write

from relvar import Column, Integer, String, Table, create_engine, event, exc, func, insert, select, update
from relvar.ext.routing import GaleraPositions, ReplicatedEngine, causal_token
from relvar.orm import Session, sessionmaker

pytestmark = pytest.mark.one_mode

IS_FULL = bool(os.environ.get("RELVAR_CHAOS_FULL"))
PAIRS = 10_000 if IS_FULL else 200
SECONDS = 20 if IS_FULL else 1.5

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("written", String(40), nullable=False),
)


@pytest.fixture(scope="module")
def nodes() -> Iterator[list[Server]]:
    with galera(3) as nodes:
        make_numbers(nodes[0].url("mariadb+pymysql", "test_replicas"))
        yield nodes


@pytest.fixture
def engines(nodes: list[Server]) -> Iterator[list[Any]]:
    for node in nodes:
        wait_until(lambda node=node: is_synced(node))
    engines = [
        create_engine(node.url("mariadb+pymysql", "test_replicas"), pool_pre_ping=True) for node in nodes
    ]
    yield engines
    for engine in engines:
        engine.dispose()


def add_one(session: Session) -> int:
    n = session.scalars(select(numbers.c.n).where(numbers.c.id == 0)).one()
    session.execute(update(numbers).where(numbers.c.id == 0).values(n=numbers.c.n + 1))
    return int(n)


def test_conflicts_with_other_nodes_are_tried_again(engines: list[Any]) -> None:
    conflicts: Counter[int] = Counter()
    for engine in engines:

        @event.listens_for(engine, "handle_error")
        def note(context: Any) -> None:
            conflicts[context.original_exception.args[0]] += 1

    with Session(engines[0]) as session:
        write(session, 0, 0)
    makers = [sessionmaker(engines[number % 3]) for number in range(THREADS)]
    in_threads(lambda thread: [makers[thread].run(add_one, attempts=1000) for _ in range(25)])
    for engine in engines:
        with Session(engine, execution_options={"timeout": 10}) as session:
            wait_until(lambda session=session: read(session, 0) == 25 * THREADS, 5)
    # a deadlock is what a failed certification is called, at COMMIT or before it
    assert conflicts[1213] > 0


def test_no_session_reads_what_is_older_than_it_wrote(nodes: list[Server], engines: list[Any]) -> None:
    engine = ReplicatedEngine(engines[0], engines[1:], positions=GaleraPositions(), wait=1.0)
    stale, _ = stale_pairs(engine, PAIRS)
    assert stale == []
    counts = engine.counts()
    assert counts["primary"] == PAIRS
    assert sum(counts.get(way, 0) for way in ("replica", "waited")) > PAIRS * 0.9
    with Session(engine) as session:
        write(session, 0, 1)
        assert str(causal_token(session)).count(":") == 1


def test_a_node_without_its_cluster_is_waited_for(nodes: list[Server], engines: list[Any]) -> None:
    with Session(engines[0]) as session:
        write(session, 0, 0)
    NewSession = sessionmaker(engines[0])
    acknowledged = unknown = 0
    for node in nodes[1:]:
        node.freeze()
    try:
        with pytest.raises(exc.DBAPIError) as failed:
            while True:
                try:
                    NewSession.run(add_one, attempts=2)
                    acknowledged += 1
                except exc.CommitUnknown:
                    # the node found out with this COMMIT that the others are gone
                    unknown += 1
        assert failed.value.orig.args[0] == 1047
        assert failed.value.connection_invalidated
    finally:
        for node in nodes[1:]:
            node.thaw()
    NewSession.run(add_one, attempts=1000, deadline=60, max_backoff=0.2)
    with Session(engines[0]) as session:
        assert acknowledged + 1 <= read(session, 0) <= acknowledged + 1 + unknown


def test_nothing_is_lost_or_doubled_when_a_node_dies(nodes: list[Server], engines: list[Any]) -> None:
    acknowledged: list[str] = []
    unknown: list[str] = []
    is_over = threading.Event()

    def work(thread: int) -> None:
        makers = [sessionmaker(engine) for engine in (*engines[thread % 3 :], *engines[: thread % 3])]
        n = 0
        while not is_over.is_set():
            n += 1
            note = f"{thread}-{n}"

            def add(session: Session, note: str = note) -> None:
                session.execute(insert(notes).values(written=note))

            while True:
                try:
                    makers[0].run(add, attempts=3, max_backoff=0.1)
                    acknowledged.append(note)
                except exc.CommitUnknown:
                    unknown.append(note)
                except exc.DBAPIError:
                    # the node is gone: nothing of the transaction is left, so the next one gets it
                    makers.append(makers.pop(0))
                    time.sleep(0.05)
                    continue
                break

    def kill_one() -> None:
        time.sleep(SECONDS / 3)
        before = len(acknowledged)
        nodes[2].kill()
        wait_until(lambda: len(acknowledged) > before + 100)
        time.sleep(SECONDS / 3)
        is_over.set()

    metadata.create_all(engines[0], [notes])
    killer = threading.Thread(target=kill_one)
    killer.start()
    try:
        in_threads(work)
    finally:
        is_over.set()
        killer.join()
    with Session(engines[0]) as session:
        found = Counter(session.scalars(select(notes.c.written)))
        assert session.scalar(select(func.count()).select_from(notes)) == found.total()
    assert [note for note, times in found.items() if times > 1] == []
    assert set(acknowledged) - set(found) == set()
    assert set(found) - set(acknowledged) <= set(unknown)
    wait_until(lambda: query(nodes[1], "SELECT count(*) FROM test_replicas.notes") == len(found), 5)
    nodes[2].start()
    if not IS_FULL:
        return  # who needs it next waits for it
    wait_until(lambda: is_synced(nodes[2]))
    assert query(nodes[2], "SELECT count(*) FROM test_replicas.notes") == len(found)
