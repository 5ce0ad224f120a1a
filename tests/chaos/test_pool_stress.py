"""
The pool's promises about fairness, forks, the garbage collector and counts, on real servers.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import logging
import os
import statistics
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from relvar import create_engine, event, exc, text
from relvar.pool import QueuePool

# Fairness ------------------------------------------------------------------------------------------------


class Connection:
    def rollback(self) -> None:
        pass

    def close(self) -> None:
        pass


def compete(pool: QueuePool) -> tuple[float, float]:
    """
    Have 20 threads use a pool for a second; gives Jain's index of checkouts, and the longest wait in medians.
    """
    stop = threading.Event()
    waits: list[list[float]] = [[] for _ in range(20)]

    def work(mine: list[float]) -> None:
        while not stop.is_set():
            started = time.perf_counter()
            connection = pool.connect()
            mine.append(time.perf_counter() - started)
            time.sleep(0.0005)
            connection.close()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in waits]
    for thread in threads:
        thread.start()
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    counts = [len(mine) for mine in waits]
    # the first ones did not wait
    all_waits = sorted(wait for mine in waits for wait in mine[1:])
    jain = sum(counts) ** 2 / (len(counts) * sum(n * n for n in counts))
    return jain, all_waits[-1] / statistics.median(all_waits)


@pytest.mark.parametrize("use_lifo", [False, True])
def test_those_who_wait_are_served_fairly(use_lifo: bool) -> None:
    """
    20 threads on 2 connections: everybody gets as much, and nobody waits much longer.

    A machine that stands still for a while makes somebody wait; not each time.
    """
    pool = QueuePool(Connection, pool_size=2, max_overflow=0, use_lifo=use_lifo)
    longest = []
    while len(longest) < 4:
        jain, wait = compete(pool)
        assert jain >= 0.95
        longest.append(wait)
        if wait <= 10:
            break
    assert min(longest) <= 10, longest
    assert (pool.checkedin(), pool.checkedout()) == (2, 0)


# Forks ---------------------------------------------------------------------------------------------------

NUMBER = {"postgresql": "select pg_backend_pid()", "mariadb": "select connection_id()"}

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")


def run_script(script: str, *arguments: str) -> str:
    """
    Run a program to its regular end; returns what it printed, which has no word about errors.
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout


FORKING = """
import faulthandler, os, sys
from relvar import create_engine, event, exc, pool, text
url, poolclass, number = sys.argv[1:]
engine = create_engine(url, poolclass=getattr(pool, poolclass))
ask = text(number)

def child(work):
    # runs to the regular end of the program there, which frees all objects
    pid = os.fork()
    if pid == 0:
        faulthandler.dump_traceback_later(40, exit=True)  # one that hangs says where
        work()
        sys.exit(0)
    assert os.waitpid(pid, 0)[1] == 0

with engine.connect() as lent:
    mine = lent.scalar(ask)
    detached = None
    if poolclass == "QueuePool":
        detached = engine.raw_connection()
        detached.detach()
        engine.connect().close()  # one is idle

    def nothing():
        pass

    def everything():
        # what was lent by the parent is invalid, and closing it does nothing
        assert lent.invalidated
        try:
            lent.scalar(ask)
        except exc.InvalidRequestError:
            pass
        else:
            raise AssertionError("used")
        lent.close()
        if detached is not None:
            detached.close()
        with engine.connect() as connection:
            assert connection.scalar(ask) != mine
        engine.dispose()

    def close_by_block():
        with lent:
            pass

    for work in nothing, everything, close_by_block:
        child(work)
        assert lent.scalar(ask) == mine
    if detached is not None:
        detached.cursor().execute(number)
        detached.close()
for _ in range(2):
    with engine.connect() as connection:
        assert connection.scalar(ask)
engine.dispose()
print("good")
"""


@pytest.mark.parametrize(
    "poolclass", ["QueuePool", "NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool"]
)
@pytest.mark.backends("postgresql")
@needs_fork
def test_a_child_never_uses_its_parents_connections(url: str, poolclass: str) -> None:
    assert run_script(FORKING, url, poolclass, NUMBER["postgresql"]) == "good\n"


@pytest.mark.backends(
    "postgresql+psycopg2", "postgresql+pg8000", "mariadb", "mariadb+mysqldb", "mariadb+mysqlconnector"
)
@needs_fork
def test_a_child_that_ends_does_not_take_leave_of_the_server(url: str) -> None:
    """Some drivers do when an object is freed."""
    assert run_script(FORKING, url, "QueuePool", NUMBER[url.partition("+")[0]]) == "good\n"


def in_child(work: Callable[[], Any]) -> str:
    """
    Fork, and return what *work* returns in the child, as text.
    """
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = str(work())
        except BaseException as err:
            answer = f"{type(err).__name__}: {err}"
        os.write(writable, answer.encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        answer = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return answer


def ask(engine: Any) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text(NUMBER[engine.dialect.name])))


@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@needs_fork
def test_a_fork_while_another_thread_connects(url: str) -> None:
    """It holds the pool's place, and what only one thread may do: the first look at the server."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=5)
    initialize = engine.dialect.initialize
    looking, go_on = threading.Event(), threading.Event()

    def slow(connection: Any) -> None:
        looking.set()
        go_on.wait(10)
        initialize(connection)

    engine.dialect.initialize = slow
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(ask(engine)))
    thread.start()
    looking.wait(10)
    engine.dialect.initialize = initialize
    answer = in_child(lambda: ask(engine))
    go_on.set()
    thread.join()
    assert answer.isdigit() and answers != [answer]
    assert [ask(engine)] == answers
    engine.dispose()


@pytest.mark.parametrize("where", ["checkout", "connect", "checkin"])
@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@needs_fork
def test_a_fork_in_the_middle_of_a_checkout(url: str, where: str) -> None:
    engine = create_engine(url)
    forked: list[int] = []
    readable, writable = os.pipe()

    @event.listens_for(engine, where)
    def fork(*_arguments: Any) -> None:
        if not forked:
            forked.append(os.fork())

    mine = ""
    try:
        mine = ask(engine)
        if not forked[0]:
            # the child took its own way out of the listener
            mine = ask(engine)
    finally:
        if forked and not forked[0]:
            os.write(writable, mine.encode())
            os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        answer = pipe.read()
    assert os.waitpid(forked[0], 0)[1] == 0
    assert answer.isdigit() and answer != mine
    assert ask(engine) == mine
    engine.dispose()


# The garbage collector ------------------------------------------------------------------------------------

EVERY_DRIVER = (
    "sqlite",
    "postgresql",
    "postgresql+psycopg2",
    "postgresql+pg8000",
    "mariadb",
    "mariadb+mysqldb",
    "mariadb+mysqlconnector",
    "mariadb+mariadbconnector",
    "mariadb+cymysql",
)


class Circle:
    """
    Garbage that only the cyclic collector finds.
    """

    def __init__(self, thing: Any) -> None:
        self.me = self
        self.thing = thing


@pytest.mark.feature("B016")
@pytest.mark.backends(*EVERY_DRIVER)
@pytest.mark.parametrize("use", [False, True], ids=["raw", "in a transaction"])
def test_a_connection_lost_in_a_cycle_comes_back(url: str, use: bool, caplog: Any) -> None:
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=10)
    thing = engine.connect() if use else engine.raw_connection()
    if use:
        thing.execute(text("create table t (a integer)"))
    inner = (thing.connection if use else thing).dbapi_connection
    Circle(thing)
    del thing
    gc.collect()
    assert (engine.pool.checkedin(), engine.pool.checkedout()) == (1, 0)
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is inner
        assert connection.scalar(text("select 1")) == 1
    assert not caplog.records
    engine.dispose()


@pytest.mark.backends(*EVERY_DRIVER)
def test_a_detached_connection_lost_in_a_cycle_is_closed(url: str, caplog: Any) -> None:
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=10)
    closed: list[Any] = []
    event.listen(engine, "close_detached", closed.append)
    thing = engine.raw_connection()
    inner = thing.dbapi_connection
    thing.detach()
    Circle(thing)
    del thing
    gc.collect()
    assert closed == [inner] and not caplog.records
    with pytest.raises(engine.dialect.dbapi.Error):
        inner.cursor().execute("select 1")
    engine.dispose()


@pytest.mark.backends("postgresql")
def test_who_waits_gets_a_connection_lost_in_a_cycle(url: str) -> None:
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=10)
    Circle(engine.connect())
    got: list[str] = []
    thread = threading.Thread(target=lambda: got.append(ask(engine)))
    thread.start()
    while not engine.pool._waiters:
        time.sleep(0.001)
    gc.collect()
    thread.join()
    assert len(got) == 1 and engine.pool.checkedin() == 1
    engine.dispose()


@pytest.mark.backends("sqlite", "postgresql", "mariadb")
def test_a_detached_connection_that_cannot_be_reset_is_closed(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    closed: list[Any] = []
    event.listen(engine, "reset", lambda *_: 1 / 0)
    engine.dialect.do_terminate = closed.append
    thing = engine.raw_connection()
    inner = thing.dbapi_connection
    thing.detach()
    thing.close()
    assert closed == [inner]
    inner.close()
    engine.dispose()


LEAVING = """
import sys
from relvar import create_engine, pool, text
url, poolclass = sys.argv[1:]
engine = create_engine(url, poolclass=getattr(pool, poolclass))
lent = engine.connect()
lent.execute(text("select 1"))
if poolclass == "QueuePool":
    idle = engine.connect()
    idle.close()
    raw = engine.raw_connection()
    detached = engine.raw_connection()
    detached.detach()
    circle = [engine.connect()]
    circle.append(circle)
    del circle
print("good")
"""


@pytest.mark.parametrize("poolclass", ["QueuePool", "NullPool", "StaticPool"])
@pytest.mark.backends("sqlite", "postgresql", "mariadb")
def test_a_program_that_ends_with_connections_out(url: str, poolclass: str) -> None:
    assert run_script(LEAVING, url, poolclass) == "good\n"


# Counts --------------------------------------------------------------------------------------------------

OURS = {
    "postgresql": "select pid from pg_stat_activity where datname = current_database() "
    "and pid <> pg_backend_pid() and backend_type = 'client backend'",
    "mariadb": "select id from information_schema.processlist "
    "where db = database() and id <> connection_id()",
}
KILL = {"postgresql": "select pg_terminate_backend({})", "mariadb": "kill {}"}


@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.parametrize("pre_ping", [False, True])
def test_no_place_is_lost_while_the_server_kills_connections(url: str, pre_ping: bool) -> None:
    """
    8 threads, 1,000 checkouts each, while connections are killed and the pool is disposed of.
    """
    engine = create_engine(url, pool_size=3, max_overflow=2, pool_pre_ping=pre_ping)
    killer = create_engine(url, isolation_level="AUTOCOMMIT")
    name = engine.dialect.name
    unexpected: list[BaseException] = []
    rounds = 0
    # to connect to MariaDB takes ten times as long
    pause = {"postgresql": 0.02, "mariadb": 0.2}[name]

    def work() -> None:
        for n in range(1_000):
            try:
                with engine.connect() as connection:
                    if n % 10 == 0:
                        connection.execute(text("select 1"))
            except exc.DBAPIError as err:
                # without a statement it was killed while it was being set up: there was no connection yet
                if not err.connection_invalidated and err.statement is not None:
                    unexpected.append(err)
            except BaseException as err:
                unexpected.append(err)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    with killer.connect() as connection:
        while any(thread.is_alive() for thread in threads):
            for victim in connection.scalars(text(OURS[name])).all()[:2]:
                try:
                    connection.execute(text(KILL[name].format(victim)))
                except exc.DBAPIError:
                    pass  # it has gone meanwhile
            rounds += 1
            if rounds % 2:
                engine.pool.dispose()
            time.sleep(pause)
        for thread in threads:
            thread.join()
        pool = engine.pool
        assert not unexpected and rounds > 1
        assert pool.checkedout() == 0 and pool.checkedin() <= 3 and not pool._waiters
        pool._invalidate(None)
        lent = [engine.raw_connection() for _ in range(5)]
        pool._timeout = 0.01
        with pytest.raises(exc.TimeoutError):
            engine.raw_connection()
        for one in lent:
            one.close()
        assert (pool.checkedin(), pool.checkedout(), pool.overflow()) == (3, 0, 0)
        engine.dispose()
        assert (pool.checkedin(), pool.checkedout(), pool.overflow()) == (0, 0, -3)
        limit = time.monotonic() + 5
        while connection.scalars(text(OURS[name])).all():
            assert time.monotonic() < limit, "a connection is open that no pool has"
            time.sleep(0.01)
    killer.dispose()


EVENTS = (
    "first_connect connect checkout checkin reset invalidate soft_invalidate detach close close_detached"
).split()


class Counted:
    """
    A driver connection that knows which are open.
    """

    open: set[Counted] = set()

    def __init__(self) -> None:
        self.open.add(self)

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        self.open.discard(self)


@pytest.mark.parametrize("error", [ValueError, exc.DisconnectionError, KeyboardInterrupt])
@pytest.mark.parametrize("where", [*EVENTS, "creator"])
# one that fails for a loan left to the collector is heard by nobody
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_place_is_lost_by_listeners_that_fail(where: str, error: type[BaseException], caplog: Any) -> None:
    """Each does, half of the times; connections that are open are in the pool."""
    caplog.set_level(logging.CRITICAL, "sqlalchemy.pool")
    Counted.open.clear()
    calls = itertools.count()
    heard = []

    def fail(*_arguments: Any) -> None:
        heard.append(1)
        if next(calls) % 3 != 1:
            raise error("no")

    def connect() -> Counted:
        if where == "creator":
            fail()
        return Counted()

    pool = QueuePool(connect, pool_size=1, max_overflow=1, timeout=0.001)
    if where != "creator":
        event.listen(pool, where, fail)

    def use(how: str) -> None:
        connection = pool.connect()
        if how == "both":
            other = pool.connect()
            other.close()
        elif how == "invalidate":
            connection.invalidate()
        elif how == "soft":
            connection.invalidate(soft=True)
        elif how == "detach":
            connection.detach()
        connection.close()

    for how in ["plain", "both", "invalidate", "soft", "detach"] * 8:
        with contextlib.suppress(error, exc.InvalidRequestError):
            use(how)
        assert pool.checkedout() == 0, how
        assert len(Counted.open) <= pool.checkedin(), how
    assert len(heard) > 1
    if where != "creator":
        event.remove(pool, where, fail)
    where = ""
    lent = [pool.connect() for _ in range(2)]
    with pytest.raises(exc.TimeoutError):
        pool.connect()
    for connection in lent:
        connection.close()
    assert (pool.checkedin(), pool.checkedout(), len(Counted.open)) == (1, 0, 1)
