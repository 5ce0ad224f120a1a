"""``sqlite_concurrent``: many threads and processes on one file, and what it does where it can't do much."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

metadata = MetaData()
counter = Table("counter", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("who", String, unique=True),
    Column("counter_id", ForeignKey("counter.id")),
)
THREADS, PROCESSES, TURNS = 8, 4, 6


def write(engine: Any, name: str, threads: int, failures: list[str]) -> None:
    """Count up and leave notes, in transactions that read first."""

    def one(thread: int) -> None:
        for turn in range(TURNS):
            try:
                with engine.begin() as connection:
                    n = connection.scalar(select(counter.c.n).where(counter.c.id == 1))
                    connection.execute(insert(notes), {"who": f"{name}.{thread}.{turn}", "counter_id": 1})
                    connection.execute(update(counter).values(n=n + 1))
            except exc.DBAPIError as error:
                failures.append(str(error))

    workers = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def process(path: str, name: str, results: Any) -> None:
    """One process, with an engine of its own."""
    engine = create_engine(f"sqlite:///{path}", sqlite_concurrent=True)
    failures: list[str] = []
    write(engine, name, THREADS, failures)
    engine.dispose()
    results.put(failures)


def counted(engine: Any) -> tuple[int | None, int | None]:
    with engine.connect() as connection:
        return connection.scalar(select(counter.c.n)), connection.scalar(
            select(func.count()).select_from(notes)
        )


def prepared(path: Path, **options: Any) -> Any:
    engine = create_engine(f"sqlite:///{path}", **options)
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(counter), {"id": 1, "n": 0})
    return engine


@pytest.mark.feature("E013")
def test_threads_and_processes_lose_no_row(tmp_path: Path) -> None:
    """Each process comes to a file that has no write-ahead log yet: all of them ask for it at once."""
    path = tmp_path / "x.db"
    prepared(path).dispose()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=process, args=(str(path), str(number), results)) for number in range(PROCESSES)
    ]
    for started in processes:
        started.start()
    failures = [failure for _ in processes for failure in results.get(timeout=300)]
    for started in processes:
        started.join()
    assert failures == []
    expected = THREADS * PROCESSES * TURNS
    engine = create_engine(f"sqlite:///{path}", sqlite_concurrent=True)
    assert counted(engine) == (expected, expected)
    engine.dispose()


def count_up_both(engine: Any) -> None:
    """Two connections read, and then write what they read plus one."""
    with engine.connect() as one, engine.connect() as two:
        seen = [connection.scalar(select(counter.c.n)) for connection in (one, two)]
        for connection, n in zip((one, two), seen):
            connection.execute(update(counter).values(n=n + 1))
            connection.commit()


def test_what_it_is_for(tmp_path: Path) -> None:
    """Without the option one of two is lost; with it the second one waits before it reads."""
    engine = prepared(tmp_path / "x.db")
    count_up_both(engine)
    assert counted(engine)[0] == 1
    engine.dispose()
    engine = create_engine(f"sqlite:///{tmp_path}/x.db?timeout=0.05", sqlite_concurrent=True)
    with pytest.raises(exc.OperationalError, match="database is locked"):
        count_up_both(engine)
    assert counted(engine)[0] == 1
    engine.dispose()


def test_many_create_the_tables_at_once(tmp_path: Path) -> None:
    """As workers of a server do when they start: looking for tables and creating them is one transaction."""
    failures: list[str] = []
    barrier = threading.Barrier(THREADS)

    def start() -> None:
        engine = create_engine(f"sqlite:///{tmp_path}/x.db", sqlite_concurrent=True)
        barrier.wait()
        try:
            metadata.create_all(engine)
        except exc.DBAPIError as error:
            failures.append(str(error))
        engine.dispose()

    workers = [threading.Thread(target=start) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = prepared(tmp_path / "x.db", sqlite_concurrent=True, connect_args={"timeout": 0.05})
    readers = engine.execution_options(sqlite_begin="deferred")
    with engine.begin() as writer:
        writer.execute(update(counter).values(n=5))
        with readers.connect() as one, readers.connect() as two:
            assert [c.scalar(select(counter.c.n)) for c in (one, two)] == [0, 0]
        with pytest.raises(exc.OperationalError, match="database is locked"):
            engine.connect().execute(select(counter))
    assert counted(readers)[0] == 5
    engine.dispose()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork()")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_goes_on_with_the_engine(tmp_path: Path) -> None:
    engine = prepared(tmp_path / "x.db", sqlite_concurrent=True)
    children = []
    for number in range(3):
        child = os.fork()
        if child == 0:
            failures: list[str] = []
            write(engine, f"child {number}", 2, failures)
            os._exit(1 if failures else 0)
        children.append(child)
    failures = []
    write(engine, "parent", 2, failures)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert failures == []
    assert counted(engine) == (4 * 2 * TURNS, 4 * 2 * TURNS)
    engine.dispose()


# What the option sets ---------------------------------------------------------------------------------


def test_what_it_sets(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", sqlite_concurrent=True)
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
        # synchronous stays FULL: what was committed survives a power cut
        assert found == ["wal", 1, 30000, 2]
        assert connection.connection.dbapi_connection.isolation_level == "IMMEDIATE"
    engine.dispose()


def test_what_was_given_wins(tmp_path: Path) -> None:
    engine = create_engine(
        f"sqlite:///{tmp_path}/x.db?timeout=2",
        sqlite_concurrent=True,
        sqlite_begin="exclusive",
        sqlite_pragmas={"foreign_keys": False, "synchronous": "normal", "journal_mode": "delete"},
    )
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
        assert found == ["delete", 0, 2000, 1]
        assert connection.connection.dbapi_connection.isolation_level == "EXCLUSIVE"
    engine.dispose()


@pytest.mark.feature("E013")
def test_a_file_that_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    prepared(path).dispose()
    for _ in range(2):
        engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", sqlite_concurrent=True)
        with engine.connect() as connection:
            assert connection.scalar(select(counter.c.n)) == 0
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            connection.rollback()
            with pytest.raises(exc.OperationalError, match="readonly"):
                connection.execute(update(counter).values(n=1))
        engine.dispose()
        # the second time, it has a write-ahead log
        prepared_again = create_engine(f"sqlite:///{path}", sqlite_concurrent=True)
        with prepared_again.connect() as connection:
            connection.execute(text("SELECT 1"))
        prepared_again.dispose()


def test_a_database_in_memory(tmp_path: Path) -> None:
    engine = create_engine("sqlite://", sqlite_concurrent=True)
    metadata.create_all(engine)
    with engine.connect() as connection, pytest.raises(exc.IntegrityError):
        connection.execute(insert(notes), {"counter_id": 7})
    assert inspect(engine).has_table("notes")
    engine.dispose()


def test_a_file_that_can_have_no_log(tmp_path: Path) -> None:
    """Such is a file on a network, or one that another program keeps to itself."""
    path = tmp_path / "x.db"
    prepared(path).dispose()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM counter").fetchall()
    engine = create_engine(f"sqlite:///{path}?timeout=0.1", sqlite_concurrent=True)
    with pytest.raises(exc.OperationalError, match="locked"):
        engine.connect()
    other.execute("COMMIT")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    other.close()
    engine.dispose()
    # without shared memory there is no log
    engine = create_engine(
        f"sqlite:///file:{tmp_path}/y.db?vfs=unix-none&uri=true",
        sqlite_concurrent=True,
    )
    with pytest.warns(exc.SAWarning, match="journal mode is 'delete'"):
        engine.connect().close()
    engine.dispose()
