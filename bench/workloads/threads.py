"""
Eight threads on one engine: each with sessions of its own, and all on one pool.

The work of a round is the same as without threads (the row ``one thread``): a lock that threads
queue for shows as processor time beyond that, and as wall time beyond processor time.  The raw
driver does the same on as many connections: what it takes beyond its own ``one thread`` is what
CPython needs to hand over its lock, which ``sqlite3`` gives up in each call.
"""

from __future__ import annotations

import os
import queue
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.library import SCHEMA, Library, item_values, make_model
from bench.workloads.registry import Job, row, sibling
from bench.workloads.servers.places import PSYCOPG
from bench.workloads.writes import INSERT

THREADS, POINTS, SIZE, LOADS = 8, 50, 500, 4


def _together(work: Callable[[int], Any], threads: int) -> Callable[[], Any]:
    """Return a function that calls ``work(i)`` in threads at once; without threads, one after the other."""

    def run() -> Any:
        failed: list[BaseException] = []

        def guarded(i: int) -> None:
            try:
                work(i)
            except BaseException as error:
                failed.append(error)

        if threads == 1:
            for i in range(THREADS):
                work(i)
            return THREADS
        started = [threading.Thread(target=guarded, args=(i,)) for i in range(THREADS)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
        if failed:
            raise failed[0]
        return len(started)

    return run


def _file() -> str:
    """Make a filled file, in memory where the system has such a place."""
    memory = Path("/dev/shm")
    handle, path = tempfile.mkstemp(suffix=".sqlite", dir=memory if memory.is_dir() else None)
    os.close(handle)
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.executemany(INSERT, map(item_values, range(1, SIZE + 1)))
    connection.commit()
    connection.close()
    return path


def _raw(
    text: str, rounds: int, threads: int, connections: int = THREADS, rows: int = 1
) -> Callable[[], Job]:
    """Run a statement with a number from 1 on, each time on a connection that is free."""

    def build() -> Job:
        path = _file()
        free: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(connections):
            connection = sqlite3.connect(path, check_same_thread=False)
            # SQLite opens the file when it is first read
            connection.execute("select count(*) from item").fetchall()
            free.put(connection)
        os.unlink(path)

        def work(i: int) -> None:
            for n in range(rounds):
                connection = free.get()
                assert len(connection.execute(text, (n + 1,)).fetchall()) == rows
                free.put(connection)

        return Job(_together(work, threads), THREADS * rounds * rows, THREADS)

    return build


def _raw_get(threads: int, connections: int = THREADS) -> Callable[[], Job]:
    return _raw("select * from item where id = ?", POINTS, threads, connections)


def _raw_load(threads: int) -> Callable[[], Job]:
    return _raw("select * from item where id >= 1 or id = ?", LOADS, threads, rows=SIZE)


def _sqlite(lib: Library, **options: Any) -> Any:
    """Return an engine with a pool on a filled file."""
    path = _file()
    engine = lib.sa.create_engine(f"sqlite:///{path}", **options)
    connections = [engine.connect() for _ in range(options["pool_size"])]
    for connection in connections:
        connection.close()
    # the connections that are open keep the file
    os.unlink(path)
    return engine


def _gets(lib: Library, engine: Any, threads: int) -> Job:
    Item, Session = make_model(lib).Item, lib.orm.Session

    def work(i: int) -> None:
        for n in range(POINTS):
            with Session(engine) as session:
                assert session.get(Item, n * THREADS + i + 1).c0 == n * THREADS + i + 1

    return Job(_together(work, threads), THREADS * POINTS, THREADS)


@row("session.get, one thread, a session each", 0.12, 0.05, raw=_raw_get(1), rounds=7)
def gets_one(lib: Library) -> Job:
    return _gets(lib, _sqlite(lib, pool_size=THREADS), 1)


@sibling("session.get, one thread, a session each", "8 threads on 8 connections", raw=_raw_get(THREADS))
def gets_many(lib: Library) -> Job:
    return _gets(lib, _sqlite(lib, pool_size=THREADS), THREADS)


@sibling("session.get, one thread, a session each", "8 threads on 4 connections", raw=_raw_get(THREADS, 4))
def gets_few(lib: Library) -> Job:
    return _gets(lib, _sqlite(lib, pool_size=4, max_overflow=0), THREADS)


def _loads(lib: Library, threads: int) -> Job:
    Item, select, Session = make_model(lib).Item, lib.sa.select, lib.orm.Session
    engine = _sqlite(lib, pool_size=THREADS)

    def work(i: int) -> None:
        for _ in range(LOADS):
            with Session(engine) as session:
                assert len(session.scalars(select(Item)).all()) == SIZE

    return Job(_together(work, threads), THREADS * LOADS * SIZE, THREADS)


@row("load entities, one thread, per entity", 0.45, 0.22, raw=_raw_load(1), rounds=7)
def loads_one(lib: Library) -> Job:
    return _loads(lib, 1)


@sibling("load entities, one thread, per entity", "8 threads on 8 connections", raw=_raw_load(THREADS))
def loads_many(lib: Library) -> Job:
    return _loads(lib, THREADS)


def _statements(lib: Library, threads: int) -> Job:
    """Build and compile statements that the cache has, from all threads."""
    item, select = make_model(lib).Item.__table__, lib.sa.select
    engine = _sqlite(lib, pool_size=THREADS)

    def work(i: int) -> None:
        with engine.connect() as connection:
            for n in range(POINTS):
                c = item.c[f"c{n % 9}"]
                assert len(connection.execute(select(c).where(item.c.id == n + 1)).all()) == 1

    return Job(_together(work, threads), THREADS * POINTS, THREADS)


@row("nine Core selects in turn, one thread", 0.20, 0.10, raw=_raw_get(1), rounds=7)
def statements_one(lib: Library) -> Job:
    return _statements(lib, 1)


@sibling(
    "nine Core selects in turn, one thread", "8 threads on one cache of statements", raw=_raw_get(THREADS)
)
def statements_many(lib: Library) -> Job:
    return _statements(lib, THREADS)


def _server(lib: Library, threads: int) -> Job:
    engine = lib.sa.create_engine(PSYCOPG.url, pool_size=THREADS)
    Session, select, literal = lib.orm.Session, lib.sa.select, lib.sa.literal

    def work(i: int) -> None:
        for n in range(POINTS):
            with Session(engine) as session:
                assert session.scalar(select(literal(n, lib.sa.Integer))) == n

    return Job(_together(work, threads), THREADS * POINTS, THREADS)


@row("PostgreSQL: a select, one thread, a session each", 0.30, 0.18, rounds=7, server=PSYCOPG.address)
def server_one(lib: Library) -> Job:
    return _server(lib, 1)


@sibling("PostgreSQL: a select, one thread, a session each", "8 threads on 8 connections")
def server_many(lib: Library) -> Job:
    return _server(lib, THREADS)
