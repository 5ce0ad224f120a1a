"""
The pool's promise about time: connect() ends within the timeout and a second, whatever the server does.
"""

from __future__ import annotations

import contextlib
import contextvars
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from bad_servers import DRIVERS, PrivateServer, black_hole, silent_listener

from relvar import create_engine, event, exc, text
from relvar.pool import AssertionPool, NullPool, SingletonThreadPool, StaticPool

TIMEOUT = 0.4


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Iterator[PrivateServer]:
    server = PrivateServer(request.param)
    yield server
    server.close()


@contextlib.contextmanager
def in_time(doing: str, seconds: float = TIMEOUT) -> Iterator[None]:
    """
    Expect a TimeoutError that says what was waited for, when the time was up, and within a second.
    """
    started = time.monotonic()
    with pytest.raises(exc.TimeoutError, match=doing):
        yield
    assert seconds <= time.monotonic() - started + 0.01 < seconds + 1


def make_engine(url: Any, **options: Any) -> Any:
    return create_engine(url, pool_timeout=TIMEOUT, **options)


CONNECTING = r"within the timeout of 0\.40 seconds: still connecting to the database"


@pytest.mark.parametrize("where", [silent_listener, black_hole])
@pytest.mark.parametrize("driver", DRIVERS.values())
def test_a_server_that_never_answers(where: Any, driver: str) -> None:
    with where() as port:
        engine = make_engine(f"{driver}://u:p@127.0.0.1:{port}/d", pool_size=1, max_overflow=0)
        with in_time(CONNECTING):
            engine.connect()
        # the connect that was left behind may still come to something: its place is taken
        assert engine.pool.checkedout() == 1
        with in_time("QueuePool limit of size 1 overflow 0 reached"):
            engine.connect()
        engine.dispose()


@pytest.mark.parametrize("poolclass", [NullPool, StaticPool, SingletonThreadPool, AssertionPool])
def test_the_other_pools_do_not_wait_longer(poolclass: Any) -> None:
    with silent_listener() as port:
        engine = make_engine(f"postgresql+psycopg://u@127.0.0.1:{port}/d", poolclass=poolclass)
        with in_time(rf"{poolclass.__name__} could not give out a connection.*still connecting"):
            engine.connect()


def test_those_who_wait_for_the_one_connection_do_not_wait_longer() -> None:
    ended: list[float] = []

    def connect() -> None:
        started = time.monotonic()
        with pytest.raises(exc.TimeoutError):
            engine.connect()
        ended.append(time.monotonic() - started)

    with silent_listener() as port:
        engine = make_engine(f"postgresql+psycopg://u@127.0.0.1:{port}/d", poolclass=StaticPool)
        threads = [threading.Thread(target=connect) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(ended) == 4 and max(ended) < TIMEOUT + 1


def test_a_frozen_server(server: PrivateServer) -> None:
    engine = make_engine(server.url, pool_pre_ping=True, pool_size=2, max_overflow=0)
    engine.connect().close()
    with server.frozen():
        with in_time("did not answer a ping"):
            engine.connect()
        with in_time("still connecting"):
            engine.connect()
    # it goes on, and so does the program; what was asked for late came, and is used
    with engine.connect() as one, engine.connect() as two:
        assert one.scalar(text("select 1")) == two.scalar(text("select 1")) == 1
    assert (engine.pool.checkedout(), engine.pool.checkedin()) == (0, 2)
    engine.dispose()


def test_a_server_that_freezes_during_the_first_look(server: PrivateServer) -> None:
    engine = make_engine(server.url)
    with contextlib.ExitStack() as stack:
        event.listen(engine, "connect", lambda *a: stack.enter_context(server.frozen()), insert=True)
        with in_time("did not answer while a new connection was set up"):
            engine.connect()
        assert engine.pool.checkedout() == 0
    engine.dispose()


def test_a_checkout_listener_that_asks_a_frozen_server(server: PrivateServer) -> None:
    engine = make_engine(server.url)

    @event.listens_for(engine, "checkout")
    def ask(dbapi_connection: Any, record: Any, proxy: Any) -> None:
        dbapi_connection.cursor().execute("select 1")

    engine.connect().close()
    with server.frozen(), in_time("checkout listeners"):
        engine.connect()
    assert engine.pool.checkedout() == 0
    with engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1
    engine.dispose()


@pytest.fixture
def slow(url: str) -> Iterator[Any]:
    """
    An engine whose connects wait for ``go``, and what it makes.
    """
    go = threading.Event()
    plain = create_engine(url)
    made = []

    def connect() -> Any:
        go.wait(5)
        made.append(psycopg.connect(url.replace("+psycopg", "")))
        return made[-1]

    engine = create_engine(url, creator=connect, pool_timeout=0.1, pool_size=1, max_overflow=0)
    engine.go, engine.made = go, made  # type: ignore[attr-defined]  # for the test to look at
    yield engine
    go.set()
    engine.dispose()
    plain.dispose()


def wait_until(condition: Any) -> None:
    limit = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.005)


@pytest.mark.backends("postgresql")
def test_a_connection_that_comes_late_is_kept(slow: Any) -> None:
    heard: list[Any] = []
    event.listen(slow, "connect", lambda connection, record: heard.append(connection))
    with in_time("still connecting", 0.1):
        slow.connect()
    assert slow.pool.checkedout() == 1
    slow.go.set()
    wait_until(lambda: slow.pool.checkedin() == 1)
    assert slow.pool.checkedout() == 0 and not heard
    with slow.connect() as connection:
        assert connection.scalar(text("select 1")) == 1
    assert heard == slow.made and len(slow.made) == 1


@pytest.mark.backends("postgresql")
def test_a_connection_that_comes_late_goes_to_who_waits(slow: Any) -> None:
    with in_time("still connecting", 0.1):
        slow.connect()
    slow.pool._timeout = 5
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(slow.raw_connection()))
    thread.start()
    wait_until(lambda: slow.pool._waiters)
    slow.go.set()
    thread.join()
    assert [c.dbapi_connection for c in got] == slow.made
    got.pop().close()


@pytest.mark.backends("postgresql")
def test_a_connection_that_comes_after_dispose_is_closed(slow: Any) -> None:
    pool = slow.pool
    with in_time("still connecting", 0.1):
        slow.connect()
    slow.dispose()
    slow.go.set()
    wait_until(lambda: slow.made and slow.made[0].closed)
    assert (pool.checkedin(), pool.checkedout()) == (0, 0)


@pytest.mark.backends("postgresql")
def test_a_late_failure_gives_the_place_back(url: str) -> None:
    go = threading.Event()

    def connect() -> Any:
        go.wait(5)
        raise psycopg.OperationalError("no")

    engine = create_engine(url, creator=connect, pool_timeout=0.1, pool_size=1, max_overflow=0)
    with in_time("still connecting", 0.1):
        engine.connect()
    assert engine.pool.checkedout() == 1
    go.set()
    wait_until(lambda: engine.pool.checkedout() == 0)
    with pytest.raises(exc.OperationalError, match="no"):
        engine.connect()


variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")


@pytest.mark.backends("postgresql")
def test_where_things_run(url: str) -> None:
    """Only the driver's connect is in another thread, with the caller's context variables."""
    threads: dict[str, Any] = {}

    def connect() -> Any:
        threads["creator"] = (threading.current_thread(), variable.get())
        return psycopg.connect(url.replace("+psycopg", ""))

    token = variable.set("mine")
    for options in ({"creator": connect}, {}, {"pool_timeout": None, "creator": connect}):
        threads.clear()
        engine = create_engine(url, **options)
        for name in ("do_connect", "connect", "first_connect", "checkout"):
            event.listen(
                engine, name, lambda *a, name=name: threads.update({name: threading.current_thread()})
            )
        engine.connect().close()
        made_in, value = threads.pop("creator", (None, "mine"))
        assert value == "mine" and set(threads.values()) == {threading.current_thread()}
        assert (made_in is threading.current_thread()) is ("pool_timeout" in options)
        engine.dispose()
    variable.reset(token)


def test_sqlite_connects_where_it_is_used(sqlite_engine: Any) -> None:
    import sqlite3

    threads = []

    def connect() -> Any:
        threads.append(threading.current_thread())
        return sqlite3.connect(":memory:")

    engine = create_engine("sqlite://", creator=connect)
    engine.connect().close()
    assert threads == [threading.current_thread()]


@pytest.mark.backends("postgresql")
def test_errors_of_the_driver_are_raised_as_ever(url: str) -> None:
    engine = create_engine(url + "_does_not_exist")
    with pytest.raises(exc.OperationalError, match="does not exist") as caught:
        engine.connect()
    assert isinstance(caught.value.orig, psycopg.OperationalError)
    assert engine.pool.checkedout() == 0
