"""
Pools on real databases: one connection per thread, one at a time, LIFO, logs, entries, creators, events.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import create_engine, event, exc, select, text
from relvar.pool import (
    AssertionPool,
    ConnectionPoolEntry,
    ManagesConnection,
    PoolProxiedConnection,
    PoolResetState,
    QueuePool,
    SingletonThreadPool,
)


def in_thread(work: Callable[[], Any]) -> Any:
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(work()))
    thread.start()
    thread.join()
    return got[0]


def inner(engine: Any) -> Any:
    with engine.connect() as connection:
        return connection.connection.dbapi_connection


# Kinds -----------------------------------------------------------------------------------------------


@pytest.mark.feature("B005")
def test_one_connection_per_thread(url: str) -> None:
    engine = create_engine(url, poolclass=SingletonThreadPool, pool_size=2)
    pool = engine.pool
    assert re.fullmatch(r"SingletonThreadPool id:\d+ size: 0", pool.status()) and pool.size == 2
    closed: list[Any] = []
    event.listen(engine, "close", lambda connection, record: closed.append(connection))
    mine = inner(engine)
    with engine.connect() as one, engine.connect() as two:
        assert one.connection.dbapi_connection is two.connection.dbapi_connection is mine
        one.close()
        assert two.scalar(select(1)) == 1, "it is given back when the last one is"
    assert in_thread(lambda: inner(engine)) is not mine
    assert pool.status().endswith("size: 2") and inner(engine) is mine and not closed
    # of a third thread: some other one is closed
    in_thread(lambda: inner(engine))
    assert len(closed) == 1 and pool.status().endswith("size: 2")
    again = pool.recreate()
    assert type(again) is SingletonThreadPool and again.size == 2 and again.status().endswith("size: 0")
    with engine.connect() as connection:
        assert connection.scalar(select(1)) == 1
    pool.dispose()
    assert pool.status().endswith("size: 0")
    engine.dispose()


@pytest.mark.feature("B005")
def test_a_memory_database_per_thread() -> None:
    engine = create_engine("sqlite://")
    assert type(engine.pool) is SingletonThreadPool and engine.pool.size == 5
    with engine.begin() as connection:
        connection.execute(text("create table t (a integer)"))

    def other() -> Any:
        with engine.connect() as connection:
            return connection.scalar(text("select count(*) from sqlite_master"))

    assert other() == 1 and in_thread(other) == 0
    engine.dispose()
    assert other() == 0
    engine.dispose()


@pytest.mark.feature("B006")
def test_one_checkout_at_a_time(engine: Any) -> None:
    engine = create_engine(engine.url, poolclass=AssertionPool)
    pool = engine.pool
    assert pool.status() == "AssertionPool"

    def first_checkout() -> Any:
        return engine.connect()

    with first_checkout() as connection:
        mine = connection.connection.dbapi_connection
        with pytest.raises(AssertionError) as caught:
            engine.connect()
        said = str(caught.value)
        assert said.startswith("connection is already checked out at:\n") and "first_checkout" in said
        with pytest.raises(AssertionError):
            in_thread_raising(engine.connect)
        assert connection.scalar(select(1)) == 1
    assert inner(engine) is mine
    raw = engine.raw_connection()
    raw.invalidate()
    assert inner(engine) is not mine
    again = pool.recreate()
    assert type(again) is AssertionPool
    again.dispose()
    engine.dispose()
    assert inner(engine) is not None
    engine.dispose()
    quiet = create_engine(engine.url, pool=AssertionPool(pool._creator, store_traceback=False))
    with quiet.connect(), pytest.raises(AssertionError) as caught:
        quiet.connect()
    assert str(caught.value) == "connection is already checked out"
    quiet.dispose()


def in_thread_raising(work: Callable[[], Any]) -> None:
    def caught() -> BaseException | None:
        try:
            work()
        except BaseException as err:
            return err
        return None

    error = in_thread(caught)
    if error is not None:
        raise error


@pytest.mark.feature("B010")
@pytest.mark.parametrize("use_lifo", [False, True])
def test_last_in_first_out(engine: Any, use_lifo: bool) -> None:
    """With it, connections that are not needed are never used, so that the server may end them."""
    engine = create_engine(engine.url, pool_size=3, pool_use_lifo=use_lifo, pool_pre_ping=use_lifo)
    lent = [engine.raw_connection() for _ in range(3)]
    made = [one.dbapi_connection for one in lent]
    for one in lent:
        one.close()
    used = [inner(engine) for _ in range(6)]
    assert used == ([made[2]] * 6 if use_lifo else made * 2)
    assert engine.pool.recreate()._use_lifo is use_lifo
    if use_lifo and engine.dialect.name != "sqlite":
        # the server ended the others; the next ones are replaced
        made[0].close()
        made[1].close()
        with engine.connect() as one, engine.connect() as two, engine.connect() as three:
            for connection in one, two, three:
                assert connection.scalar(select(1)) == 1
    engine.dispose()


ENDED = {"postgresql": "select pg_terminate_backend({}, 5000)", "mariadb": "kill {}"}
NUMBER = {"postgresql": "select pg_backend_pid()", "mariadb": "select connection_id()"}


@pytest.mark.feature("B007")
def test_connections_that_the_server_ended_are_replaced(engine: Any) -> None:
    """All of them: the first one that is found dead speaks for those made before."""
    name = engine.dialect.name
    pinged = create_engine(engine.url, pool_pre_ping=True)
    pings: list[Any] = []
    ping = pinged.dialect.do_ping
    pinged.dialect.do_ping = lambda connection: (pings.append(connection), ping(connection))[1]
    connections = [pinged.connect() for _ in range(3)]
    dead = [connection.connection.dbapi_connection for connection in connections]
    assert not pings, "new ones are not asked"
    numbers = [] if name == "sqlite" else [c.scalar(text(NUMBER[name])) for c in connections]
    for connection in connections:
        connection.close()
    with engine.connect() as connection:
        for number in numbers:
            connection.execute(text(ENDED[name].format(number)))
    if name == "sqlite":
        for one in dead:
            one.close()
    with pinged.connect() as one, pinged.connect() as two:
        assert one.scalar(select(1)) == two.scalar(select(1)) == 1
        assert not {one.connection.dbapi_connection, two.connection.dbapi_connection} & set(dead)
    # the third one is known to be older than the first failure
    assert inner(pinged) not in dead and pings == dead[:1]
    assert inner(pinged) not in dead and len(pings) == 2
    pinged.dispose()


@pytest.mark.feature("B008")
def test_old_connections_are_replaced(engine: Any, monkeypatch: Any) -> None:
    now = [1000.0]
    monkeypatch.setattr("relvar.pool.record.time.time", lambda: now[0])
    recycled = create_engine(engine.url, pool_recycle=60)
    closed: list[Any] = []
    event.listen(recycled, "close", lambda connection, record: closed.append(connection))
    first = inner(recycled)
    now[0] += 60
    assert inner(recycled) is first and not closed
    now[0] += 1
    with recycled.connect() as connection:
        assert connection.connection.dbapi_connection is not first and closed == [first]
        # one that is out is not taken away
        now[0] += 100
        assert connection.scalar(select(1)) == 1
    recycled.dispose()
    kept = create_engine(engine.url)
    first = inner(kept)
    now[0] += 1_000_000
    assert inner(kept) is first
    kept.dispose()


# Logging ---------------------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[list[tuple[str, str, str]]]:
    """What the pools log: logger, level, text without addresses."""
    lines: list[tuple[str, str, str]] = []

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = re.sub(r"<.* at 0x[0-9a-f]+>", "C", record.getMessage())
            lines.append((record.name, record.levelname, message))

    logger = logging.getLogger("sqlalchemy.pool")
    notes = Notes()
    logger.addHandler(notes)
    logger.propagate = False
    yield lines
    logger.propagate = True
    logger.removeHandler(notes)


def use(engine: Any) -> None:
    engine.raw_connection().close()
    raw = engine.raw_connection()
    raw.invalidate(ValueError("why"))
    raw = engine.raw_connection()
    raw.invalidate(soft=True)
    raw.close()
    engine.raw_connection().close()
    engine.dispose()


DISPOSED = (
    "Pool disposed. Pool size: 5  Connections in pool: 0 Current Overflow: -5 "
    "Current Checked out connections: 0"
)
INFO = [
    "Invalidate connection C (reason: ValueError:why)",
    "Soft Invalidate connection C",
    "Connection C invalidated due to local soft invalidation; recycling",
    DISPOSED,
    "Pool recreating",
]


@pytest.mark.feature("B011")
def test_echo_of_the_pool(logged: list[tuple[str, str, str]], tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    use(create_engine(url))
    assert not logged
    engine = create_engine(url, echo_pool=True, pool_logging_name="mine")
    assert engine.pool.logging_name == "mine" and engine.pool.echo is True
    use(engine)
    assert [line[2] for line in logged] == INFO
    assert {line[:2] for line in logged} == {("sqlalchemy.pool.impl.QueuePool.mine", "INFO")}
    logged.clear()
    use(create_engine(url, echo_pool="debug", pool_logging_name="other"))
    checkout, back = "Connection C checked out from pool", "Connection C being returned to pool"
    new, reset = "Created new connection C", "Connection C rollback-on-return"
    assert [line[2] for line in logged] == [
        *(new, checkout, back, reset),
        *(checkout, INFO[0], "Hard-closing connection C"),
        *(new, checkout, INFO[1], back, reset),
        *(INFO[2], "Hard-closing connection C", new, checkout, back, reset),
        *("Closing connection C", DISPOSED, "Pool recreating"),
    ]
    assert {line[0] for line in logged} == {"sqlalchemy.pool.impl.QueuePool.other"}


@pytest.mark.feature("B011")
def test_the_pool_is_logged_as_logging_is_set_up(logged: list[tuple[str, str, str]], tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_pre_ping=True, pool_reset_on_return="commit")
    logger = logging.getLogger("sqlalchemy.pool")
    logger.setLevel(logging.DEBUG)
    try:
        engine.raw_connection().close()
        engine.raw_connection().close()
        failing = create_engine("sqlite://", creator=lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            failing.connect()
    finally:
        logger.setLevel(logging.NOTSET)
    assert [line[2] for line in logged] == [
        "Created new connection C",
        "Connection C checked out from pool",
        "Connection C is fresh, skipping pre-ping",
        "Connection C being returned to pool",
        "Connection C commit-on-return",
        "Connection C checked out from pool",
        "Pool pre-ping on connection C",
        "Connection C being returned to pool",
        "Connection C commit-on-return",
        "Error on connect(): division by zero",
    ]
    engine.dispose()


# Entries ---------------------------------------------------------------------------------------------


@pytest.mark.feature("B014")
def test_the_entry_behind_a_connection(engine: Any) -> None:
    told: list[Any] = []
    event.listen(engine, "connect", lambda connection, record: told.append((record, record.in_use)))
    raw = engine.raw_connection()
    entry = raw._connection_record
    assert told == [(entry, False)]
    assert isinstance(entry, ConnectionPoolEntry) and isinstance(entry, ManagesConnection)
    assert isinstance(raw, PoolProxiedConnection) and isinstance(raw, ManagesConnection)
    assert entry.in_use and entry.dbapi_connection is raw.dbapi_connection
    assert entry.driver_connection is raw.driver_connection
    entry.info["of"] = "connection"
    entry.record_info["of"] = "place"
    assert raw.info == {"of": "connection"} and raw.record_info == {"of": "place"}
    raw.close()
    assert not entry.in_use
    entry.close()
    assert entry.dbapi_connection is None and entry.driver_connection is None
    raw = engine.raw_connection()
    assert raw._connection_record is entry and raw.info == {} and raw.record_info == {"of": "place"}
    first = raw.dbapi_connection
    entry.invalidate(soft=True)
    assert raw.is_valid
    raw.close()
    raw = engine.raw_connection()
    assert raw.dbapi_connection is not first and raw._connection_record is entry
    raw.cursor().execute("select 1")
    entry.invalidate(ValueError("why"))
    assert entry.dbapi_connection is None
    raw.close()
    with engine.connect() as connection:
        assert connection.scalar(select(1)) == 1
    assert (engine.pool.checkedin(), engine.pool.checkedout()) == (1, 0)


@pytest.mark.feature("B018")
def test_soft_invalidation(engine: Any) -> None:
    heard: list[Any] = []
    why = ValueError("why")
    for name in ("soft_invalidate", "invalidate", "close"):
        event.listen(engine, name, lambda *args, name=name: heard.append((name, args[0], *args[2:])))
    raw = engine.raw_connection()
    first = raw.dbapi_connection
    raw.invalidate(why, soft=True)
    assert heard == [("soft_invalidate", first, why)]
    # it goes on until it is back
    assert raw.is_valid and raw.dbapi_connection is first
    raw.cursor().execute("select 1")
    raw.close()
    assert heard == [("soft_invalidate", first, why)] and engine.pool.checkedin() == 1
    with engine.connect() as connection:
        second = connection.connection.dbapi_connection
        assert second is not first and connection.scalar(select(1)) == 1
    assert heard[1:] == [("close", first)]
    assert inner(engine) is second
    # of one that is out, by its entry
    raw = engine.raw_connection()
    raw._connection_record.invalidate(soft=True)
    raw.close()
    assert inner(engine) is not second
    raw = engine.raw_connection()
    third = raw.dbapi_connection
    raw.invalidate()
    with pytest.warns(exc.SAWarning, match="Can't invalidate an already-closed connection"):
        raw.invalidate(soft=True)
    assert heard[-2:] == [("invalidate", third, None), ("close", third)]


@pytest.mark.feature("B019")
def test_a_creator_of_ones_own(engine: Any) -> None:
    """It takes the place of the driver's connect; the URL says the dialect only."""
    connect = engine.pool._invoke_creator
    made: list[Any] = []

    def creator() -> Any:
        made.append(connect(None))
        return made[-1]

    url = f"{engine.dialect.name}+{engine.dialect.driver}://"
    # SQLite has no hosts
    for place in [""] if engine.dialect.name == "sqlite" else ["", "no:one@nowhere/at_all"]:
        made.clear()
        own = create_engine(url + place, creator=creator, poolclass=QueuePool, pool_size=1)
        called: list[Any] = []
        event.listen(own, "do_connect", lambda *args, called=called: called.append(1))
        with own.connect() as connection:
            assert connection.connection.dbapi_connection is made[0]
            assert connection.scalar(select(1)) == 1
            with own.connect():
                pass
        assert len(made) == 2 and not called
        own.dispose()
        with own.connect():
            pass
        assert len(made) == 3
        own.dispose()


@pytest.mark.feature("B019")
def test_what_a_creator_is_given() -> None:
    given: list[Any] = []

    def with_record(connection_record: Any) -> Any:
        given.append(connection_record)
        return sqlite3.connect(":memory:")

    engine = create_engine("sqlite://", creator=with_record)
    raw = engine.raw_connection()
    assert given == [raw._connection_record]
    raw.close()
    engine.dispose()

    def failing() -> Any:
        raise sqlite3.OperationalError("no such place")

    engine = create_engine("sqlite://", creator=failing)
    with pytest.raises(exc.OperationalError, match="no such place"):
        engine.connect()


# Events ----------------------------------------------------------------------------------------------

NAMES = (
    "first_connect connect checkout checkin reset invalidate soft_invalidate detach close close_detached"
).split()


@pytest.mark.feature("B009", "B013")
def test_events_have_these_arguments_in_this_order(engine: Any) -> None:
    heard: list[tuple[Any, ...]] = []
    for name in NAMES:
        event.listen(engine, name, lambda *args, name=name: heard.append((name, *args)))
    back = PoolResetState(transaction_was_reset=False, terminate_only=False, asyncio_safe=True)

    raw = engine.raw_connection()
    one, record = raw.dbapi_connection, raw._connection_record
    raw.close()
    new = [("first_connect", one, record), ("connect", one, record)]
    assert heard == [
        *new,
        ("checkout", one, record, raw),
        ("reset", one, record, back),
        ("checkin", one, record),
    ]
    heard.clear()

    raw, why = engine.raw_connection(), ValueError("why")
    raw.invalidate(why)
    assert heard == [
        *(("checkout", one, record, raw), ("invalidate", one, record, why)),
        *(("close", one, record), ("checkin", None, record)),
    ]
    heard.clear()

    raw = engine.raw_connection()
    two = raw.dbapi_connection
    raw.invalidate(soft=True)
    raw.close()
    assert heard == [
        *(("connect", two, record), ("checkout", two, record, raw), ("soft_invalidate", two, record, None)),
        *(("reset", two, record, back), ("checkin", two, record)),
    ]
    heard.clear()

    raw = engine.raw_connection()
    three = raw.dbapi_connection
    raw.info["kept"] = 1
    raw.detach()
    assert raw.info == {"kept": 1} and raw.record_info is None and raw.is_detached and raw.is_valid
    raw.close()
    alone = PoolResetState(transaction_was_reset=False, terminate_only=True, asyncio_safe=True)
    assert heard == [
        *(("close", two, record), ("connect", three, record), ("checkout", three, record, raw)),
        *(("detach", three, record), ("reset", three, None, alone), ("close_detached", three)),
    ]
    heard.clear()

    with engine.connect() as connection:
        connection.execute(select(1))
        raw = connection.connection
    rolled_back = PoolResetState(transaction_was_reset=True, terminate_only=False, asyncio_safe=True)
    four = heard[0][1]
    assert heard == [
        *(("connect", four, record), ("checkout", four, record, raw)),
        *(("reset", four, record, rolled_back), ("checkin", four, record)),
    ]
    heard.clear()
    engine.dispose()
    assert heard == [("close", four, record)]
