"""
Pools: lending, waiting, returning, replacing; on a driver that counts and on real databases.
"""

import contextlib
import gc
import itertools
import logging
import os
import sqlite3
import threading
import time

import pytest

from relvar import event, exc, pool
from relvar.engine import create_engine
from relvar.expr.text import text
from relvar.pool.base import PoolDialect
from relvar.pool.wait import Waiter


class Connection:
    """A driver connection that notes what happens to it."""

    numbers = itertools.count(1)

    def __init__(self, log=None):
        self.number = next(self.numbers)
        self.log = log if log is not None else []

    def rollback(self):
        self.log.append("rollback")

    def commit(self):
        self.log.append("commit")

    def close(self):
        self.log.append("close")

    def cursor(self):
        return "cursor"


class Driver:
    """Makes connections and has their common log."""

    def __init__(self):
        self.log = []
        self.made = 0

    def connect(self):
        self.made += 1
        self.log.append("connect")
        return Connection(self.log)


@pytest.fixture
def driver():
    return Driver()


def test_connection_is_kept_and_reset(driver):
    p = pool.QueuePool(driver.connect)
    connection = p.connect()
    first = connection.dbapi_connection
    assert connection.is_valid and connection.cursor() == "cursor" and connection.number == first.number
    connection.close()
    assert not connection.is_valid and connection.dbapi_connection is None
    connection.close()
    again = p.connect()
    assert again.dbapi_connection is first
    again.close()
    assert driver.log == ["connect", "rollback", "rollback"]
    with pytest.raises(exc.InvalidRequestError, match="This connection is closed"):
        again.cursor()


@pytest.mark.feature("S005")
def test_default_pool_of_an_engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    assert type(engine.pool) is pool.QueuePool and engine.pool.size() == 5
    engine.dispose()
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", poolclass=pool.NullPool)
    assert type(engine.pool) is pool.NullPool
    with engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1


@pytest.mark.feature("S006", "S007", "S009", "B001")
def test_size_overflow_and_timeout(tmp_path, driver):
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_size=1, max_overflow=1, pool_timeout=0.05)
    one, two = engine.connect(), engine.connect()
    started = time.monotonic()
    with pytest.raises(exc.TimeoutError) as caught:
        engine.connect()
    assert time.monotonic() - started >= 0.05
    assert str(caught.value) == (
        "QueuePool limit of size 1 overflow 1 reached, connection timed out, timeout 0.05 "
        "(Background on this error at: https://sqlalche.me/e/21/3o7r)"
    )
    assert engine.pool.status() == (
        "Pool size: 1  Connections in pool: 0 Current Overflow: 1 Current Checked out connections: 2"
    )
    one.close()
    two.close()
    assert (engine.pool.checkedin(), engine.pool.checkedout(), engine.pool.overflow()) == (1, 0, 0)
    engine.dispose()

    for use_lifo, expected in ((False, 0), (True, 1)):
        p = pool.QueuePool(driver.connect, pool_size=5, max_overflow=10, timeout=30, use_lifo=use_lifo)
        lent = [p.connect() for _ in range(2)]
        inner = [c.dbapi_connection for c in lent]
        for connection in lent:
            connection.close()
        assert p.connect().dbapi_connection is inner[expected]
        assert p.timeout() == 30


def test_overflow_is_closed_when_it_comes_back(driver):
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=2)
    lent = [p.connect() for _ in range(3)]
    for connection in lent:
        connection.close()
    assert driver.log.count("close") == 2 and p.checkedin() == 1


def test_no_limits(driver):
    p = pool.QueuePool(driver.connect, pool_size=0)
    lent = [p.connect() for _ in range(30)]
    for connection in lent:
        connection.close()
    assert p.checkedin() == 30
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=-1)
    assert len([p.connect() for _ in range(30)]) == 30


def test_those_who_wait_are_served_in_order(driver):
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=0, timeout=5)
    held = p.connect()
    served = []

    def wait(n):
        connection = p.connect()
        served.append(n)
        connection.close()

    threads = []
    for n in range(6):
        thread = threading.Thread(target=wait, args=(n,))
        thread.start()
        threads.append(thread)
        while len(p._waiters) != n + 1:
            time.sleep(0.001)
    held.close()
    for thread in threads:
        thread.join()
    assert served == list(range(6)) and driver.made == 1


def test_room_that_a_failed_connect_leaves_is_given_to_those_who_wait():
    attempts = []
    may_fail = threading.Event()

    def connect():
        attempts.append(1)
        if len(attempts) == 1:
            may_fail.wait(5)
            raise RuntimeError("no server")
        return Connection()

    p = pool.QueuePool(connect, pool_size=1, max_overflow=0, timeout=5)
    errors, got = [], []

    def first():
        try:
            p.connect()
        except RuntimeError as err:
            errors.append(err)

    one = threading.Thread(target=first)
    one.start()
    while not attempts:
        time.sleep(0.001)
    two = threading.Thread(target=lambda: got.append(p.connect()))
    two.start()
    while not p._waiters:
        time.sleep(0.001)
    may_fail.set()
    one.join()
    two.join()
    assert len(errors) == len(got) == 1 and p.checkedout() == 1


@pytest.mark.parametrize("served_meanwhile", [False, True])
def test_an_interrupt_while_waiting_loses_no_place(driver, served_meanwhile):
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=0, timeout=5)
    held = p.connect()

    class Interrupted(Waiter):
        def wait(self, timeout):
            if served_meanwhile:
                held.close()
            raise KeyboardInterrupt

    p._make_waiter = Interrupted
    with pytest.raises(KeyboardInterrupt):
        p.connect()
    assert not p._waiters
    held.close()
    del p._make_waiter
    assert p.checkedin() == 1 and p.checkedout() == 0
    p.connect().close()
    assert driver.made == 1


def test_many_threads_on_few_connections(driver):
    p = pool.QueuePool(driver.connect, pool_size=2, max_overflow=2, timeout=20)
    in_use, most, failures = set(), [0], []
    lock = threading.Lock()

    def work():
        try:
            for _ in range(200):
                connection = p.connect()
                with lock:
                    assert connection.number not in in_use
                    in_use.add(connection.number)
                    most[0] = max(most[0], len(in_use))
                with lock:
                    in_use.discard(connection.number)
                connection.close()
        except BaseException as err:
            failures.append(err)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and most[0] <= 4
    assert p.checkedout() == 0 and p.checkedin() <= 2 and not p._waiters


def test_failed_connect_leaves_no_place_taken():
    def connect():
        raise RuntimeError("no server")

    p = pool.QueuePool(connect, pool_size=1, max_overflow=0, timeout=0.05)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="no server"):
            p.connect()
    assert p.checkedout() == 0


# Replacing -------------------------------------------------------------------------------------------


@pytest.mark.feature("S008", "B008")
def test_recycle(tmp_path, driver, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("relvar.pool.record.time.time", lambda: now[0])
    p = pool.QueuePool(driver.connect, recycle=60)
    connection = p.connect()
    first = connection.dbapi_connection
    connection.close()
    now[0] += 60
    connection = p.connect()
    assert connection.dbapi_connection is first
    connection.close()
    now[0] += 1
    connection = p.connect()
    assert connection.dbapi_connection is not first
    assert driver.log == ["connect", "rollback", "rollback", "close", "connect"]

    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_recycle=60)
    with engine.connect() as connection:
        inner = connection.connection.dbapi_connection
    now[0] += 61
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is not inner
    engine.dispose()


@pytest.mark.feature("B007")
def test_pre_ping_replaces_dead_connections(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", pool_pre_ping=True)
    with engine.connect() as connection:
        dead = connection.connection.dbapi_connection
    dead.close()
    with engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1
        assert connection.connection.dbapi_connection is not dead
    engine.dispose()


def test_pre_ping_of_a_fake_dialect(driver):
    class Dialect(PoolDialect):
        alive = True
        pings = 0

        def _do_ping_w_event(self, dbapi_connection):
            self.pings += 1
            return self.alive

    dialect = Dialect()
    p = pool.QueuePool(driver.connect, pre_ping=True, dialect=dialect)
    one, two = p.connect(), p.connect()
    assert dialect.pings == 0, "new connections are not pinged"
    one.close()
    two.close()
    dialect.alive = False
    third = p.connect()
    assert dialect.pings == 1 and driver.made == 3
    dialect.alive = True
    fourth = p.connect()
    assert dialect.pings == 1 and driver.made == 4, "one dead connection makes all older ones stale"
    third.close()
    fourth.close()


def test_pre_ping_needs_a_dialect(driver):
    p = pool.QueuePool(driver.connect, pre_ping=True)
    p.connect().close()
    with pytest.raises(NotImplementedError, match="requires that a dialect is passed"):
        p.connect()


def test_invalidate_hard_and_soft(driver):
    p = pool.QueuePool(driver.connect, pool_size=1)
    connection = p.connect()
    connection.info["a"] = connection.record_info["a"] = 1
    connection.invalidate(ValueError("why"))
    assert not connection.is_valid and driver.log == ["connect", "close"]
    with pytest.warns(exc.SAWarning, match="Can't invalidate an already-closed connection"):
        connection.invalidate()
    connection = p.connect()
    assert driver.made == 2 and connection.info == {} and connection.record_info == {"a": 1}
    connection.invalidate(soft=True)
    assert connection.is_valid
    connection.close()
    assert p.connect().is_valid and driver.made == 3


def test_detach(driver):
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=0, timeout=0.05)
    connection = p.connect()
    connection.detach()
    assert connection.is_detached and connection.is_valid and connection.record_info is None
    other = p.connect()
    connection.close()
    assert driver.log == ["connect", "connect", "rollback", "close"]
    other.close()


def test_reset_that_fails_throws_the_connection_away(driver, caplog):
    def connect():
        connection = driver.connect()
        connection.rollback = lambda: 1 / 0
        return connection

    p = pool.QueuePool(connect)
    with caplog.at_level(logging.ERROR, "sqlalchemy.pool"):
        p.connect().close()
    assert "Exception during reset or similar" in caplog.text
    assert driver.log == ["connect", "close"] and p.checkedin() == 1


@pytest.mark.parametrize(
    ("style", "calls"),
    [
        ("rollback", ["rollback"]),
        (True, ["rollback"]),
        ("commit", ["commit"]),
        (None, []),
        (False, []),
        (pool.reset_commit, ["commit"]),
    ],
)
def test_reset_on_return(driver, style, calls):
    p = pool.QueuePool(driver.connect, reset_on_return=style)
    p.connect().close()
    assert driver.log == ["connect", *calls]


def test_bad_arguments(driver):
    with pytest.raises(exc.ArgumentError, match="Invalid value for 'reset_on_return': 'foo'"):
        pool.QueuePool(driver.connect, reset_on_return="foo")
    with pytest.raises(TypeError):
        pool.QueuePool(driver.connect, nothing=1)


def test_left_to_the_garbage_collector(driver):
    p = pool.QueuePool(driver.connect, pool_size=1)
    connection = p.connect()
    del connection
    gc.collect()
    assert p.checkedin() == 1 and driver.log == ["connect", "rollback"]


def test_dispose_and_recreate(driver):
    p = pool.QueuePool(driver.connect, pool_size=3, max_overflow=1, timeout=7, use_lifo=True, recycle=9)
    heard = []
    event.listen(p, "checkout", lambda *a: heard.append(1))
    lent = p.connect()
    p.connect().close()
    p.dispose()
    assert driver.log.count("close") == 1 and p.checkedout() == 1
    lent.close()
    again = p.recreate()
    assert (again.size(), again._max_overflow, again.timeout(), again._use_lifo, again._recycle) == (
        3,
        1,
        7,
        True,
        9,
    )
    again.connect().close()
    assert len(heard) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_child_process_does_not_touch_the_parents_connections(driver):
    p = pool.QueuePool(driver.connect, pool_size=2)
    idle, lent = p.connect(), p.connect()
    inner = idle.dbapi_connection
    idle.close()
    driver.log.clear()
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            fresh = p.connect()
            ok = fresh.dbapi_connection is not inner
            lent.close()
            del lent
            gc.collect()
            ok = ok and driver.log == ["connect"] and p.checkedin() == 0
            os.write(writable, b"y" if ok else repr(driver.log).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(readable, 200) == b"y"
    os.close(readable)
    os.close(writable)
    lent.close()
    assert p.checkedin() == 2


# Other pools -----------------------------------------------------------------------------------------


@pytest.mark.feature("S010")
def test_each_kind_of_pool_with_common_options(driver):
    for cls in (
        pool.QueuePool,
        pool.NullPool,
        pool.StaticPool,
        pool.SingletonThreadPool,
        pool.AssertionPool,
        pool.AsyncAdaptedQueuePool,
    ):
        p = cls(driver.connect, recycle=100, reset_on_return="commit", logging_name="x", pre_ping=False)
        connection = p.connect()
        assert isinstance(connection, pool.PoolProxiedConnection) and connection.is_valid
        assert isinstance(connection._connection_record, pool.ConnectionPoolEntry)
        connection.close()
        assert driver.log[:2] == ["connect", "commit"]
        assert p.status()
        again = p.recreate()
        assert type(again) is cls and again._recycle == 100
        p.dispose()
        driver.log.clear()


def test_null_pool_closes(driver):
    p = pool.NullPool(driver.connect)
    p.connect().close()
    assert driver.log == ["connect", "rollback", "close"] and p.status() == "NullPool"


def test_static_pool_shares(driver):
    p = pool.StaticPool(driver.connect)
    one, two = p.connect(), p.connect()
    assert one.dbapi_connection is two.dbapi_connection
    one.close()
    two.close()
    assert p.connect().is_valid and driver.made == 1


def test_assertion_pool_lends_once(driver):
    p = pool.AssertionPool(driver.connect)
    connection = p.connect()
    with pytest.raises(AssertionError, match="connection is already checked out at:"):
        p.connect()
    connection.close()
    p.connect().close()


def test_singleton_thread_pool(driver):
    p = pool.SingletonThreadPool(driver.connect, pool_size=2)
    one, two = p.connect(), p.connect()
    assert one is two
    one.close()
    assert two.is_valid
    two.close()
    assert driver.log == ["connect", "rollback"]
    others = []

    def work():
        connection = p.connect()
        others.append(connection.dbapi_connection)
        connection.close()

    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(set(map(id, others))) == 3
    assert p.status().endswith("size: 2")
    p.dispose()
    assert p.status().endswith("size: 0")


@pytest.mark.feature("B002")
def test_async_adapted_queue_pool_waits_in_the_event_loop(driver):
    import asyncio

    from relvar.util.concurrency import greenlet_spawn

    p = pool.AsyncAdaptedQueuePool(driver.connect, pool_size=1, max_overflow=0, timeout=2)
    served = []

    async def use(n):
        connection = await greenlet_spawn(p.connect)
        await asyncio.sleep(0.01)
        served.append(n)
        connection.close()

    async def main():
        await asyncio.gather(*[use(n) for n in range(4)])
        connection = await greenlet_spawn(p.connect)
        p._timeout = 0.02
        with pytest.raises(exc.TimeoutError, match="AsyncAdaptedQueuePool limit of size 1"):
            await greenlet_spawn(p.connect)
        connection.close()

    asyncio.run(main())
    assert served == [0, 1, 2, 3] and driver.made == 1
    held = p.connect()
    with pytest.raises(exc.MissingGreenlet):
        p.connect()
    held.close()
    assert p.checkedin() == 1


# Events and logging ----------------------------------------------------------------------------------


def test_events_in_their_order(driver):
    p = pool.QueuePool(driver.connect)
    heard = []
    for name in (
        "first_connect connect checkout checkin reset invalidate soft_invalidate detach close close_detached"
    ).split():
        event.listen(p, name, lambda *a, name=name: heard.append(name), named=False)
    p.connect().close()
    assert heard == ["first_connect", "connect", "checkout", "reset", "checkin"]
    heard.clear()
    connection = p.connect()
    connection.invalidate()
    assert heard == ["checkout", "invalidate", "close", "checkin"]
    heard.clear()
    connection = p.connect()
    connection.invalidate(soft=True)
    connection.close()
    p.connect().close()
    assert heard == [
        *("connect", "checkout", "soft_invalidate", "reset", "checkin"),
        *("close", "connect", "checkout", "reset", "checkin"),
    ]
    heard.clear()
    connection = p.connect()
    connection.detach()
    connection.close()
    assert heard == ["checkout", "detach", "reset", "close_detached"]


def test_events_of_all_pools_and_of_an_engine(driver):
    heard = []

    def on_checkout(dbapi_connection, record, proxy):
        heard.append(dbapi_connection)

    event.listen(pool.Pool, "checkout", on_checkout)
    try:
        p = pool.QueuePool(driver.connect)
        p.connect().close()
    finally:
        event.remove(pool.Pool, "checkout", on_checkout)
    p.connect().close()
    assert len(heard) == 1
    engine = create_engine("sqlite://")
    event.listen(engine, "checkout", on_checkout)
    with engine.connect():
        pass
    assert len(heard) == 2
    engine.dispose()


@pytest.mark.parametrize("timeout", [30, None])  # with one, what listeners do has to end in time
def test_checkout_listener_can_have_the_connection_replaced(driver, timeout):
    p = pool.QueuePool(driver.connect, timeout=timeout)
    dead = []

    def check(dbapi_connection, record, proxy):
        if len(dead) < 1:
            dead.append(dbapi_connection)
            raise exc.DisconnectionError("dead")

    event.listen(p, "checkout", check)
    connection = p.connect()
    assert connection.dbapi_connection is not dead[0] and driver.log == ["connect", "close", "connect"]
    connection.close()

    def always(dbapi_connection, record, proxy):
        raise exc.DisconnectionError("dead")

    event.listen(p, "checkout", always)
    with pytest.raises(exc.InvalidRequestError, match="This connection is closed"):
        p.connect()
    assert p.checkedout() == 0


@pytest.mark.parametrize("timeout", [30, None])
def test_checkout_listener_finds_an_idle_connection_dead(driver, timeout):
    p = pool.QueuePool(driver.connect, timeout=timeout)
    p.connect().close()
    heard = []

    def check(dbapi_connection, record, proxy):
        heard.append((dbapi_connection, record.dbapi_connection, proxy.dbapi_connection))
        if len(heard) == 2:
            raise exc.DisconnectionError("dead")

    event.listen(p, "checkout", check)
    p.connect().close()
    with contextlib.closing(p.connect()) as connection:
        assert connection.dbapi_connection is heard[2][0] is not heard[1][0] is heard[0][0]
    assert all(one is other is third for one, other, third in heard)
    assert driver.log.count("connect") == 2 and p.checkedin() == 1


def test_checkout_listener_that_goes_leaves_one_connection_to_its_thread():
    p = pool.SingletonThreadPool(lambda: sqlite3.connect(":memory:"))
    heard = []

    def passing(dbapi_connection, record, proxy):
        heard.append(dbapi_connection)
        if len(heard) == 2:
            event.remove(p, "checkout", passing)

    event.listen(p, "checkout", passing)
    p.connect().close()
    first = p.connect()
    assert p.connect() is first and len(heard) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("timeout", [30, None])
def test_checkout_listener_that_forks(driver, timeout):
    p = pool.QueuePool(driver.connect, timeout=timeout)
    p.connect().close()
    children = []
    event.listen(p, "checkout", lambda *args: children or children.append(os.fork()))
    parents = p._idle[0].dbapi_connection
    connection = p.connect()
    if children[0] == 0:
        os._exit(0 if connection.dbapi_connection is not parents else 1)
    assert connection.dbapi_connection is parents
    assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 0
    connection.close()


def test_checkout_listener_that_fails_leaves_no_place_taken(driver):
    p = pool.QueuePool(driver.connect, pool_size=1, max_overflow=0, timeout=0.05)

    def check(*args):
        raise ValueError("no")

    event.listen(p, "checkout", check)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            p.connect()
    event.remove(p, "checkout", check)
    p.connect().close()


def test_reset_state_is_told(driver):
    p = pool.QueuePool(driver.connect, reset_on_return=None)
    states = []
    event.listen(p, "reset", lambda dbapi_connection, record, state: states.append(state))
    p.connect().close()
    p.connect()._close_special(transaction_reset=True)
    connection = p.connect()
    connection.detach()
    connection.close()
    assert states == [
        pool.PoolResetState(False, False, True),
        pool.PoolResetState(True, False, True),
        pool.PoolResetState(False, True, True),
    ]
    with pytest.warns(exc.SADeprecationWarning, match="PoolEvents.reset"):
        event.listen(p, "reset", lambda dbapi_connection, record: states.append(None))
        p.connect().close()


def test_already_reset_connections_are_not_reset_again(driver):
    p = pool.QueuePool(driver.connect)
    p.connect()._close_special(transaction_reset=True)
    assert driver.log == ["connect"] and p.checkedin() == 1
    p = pool.QueuePool(driver.connect, reset_on_return="commit")
    p.connect()._close_special(transaction_reset=True)
    assert driver.log == ["connect", "connect", "commit"]


def test_echo_logs_what_the_pool_does(driver, caplog):
    p = pool.QueuePool(driver.connect, echo="debug", logging_name="mine")
    p.logger.logger.propagate = True
    with caplog.at_level(logging.DEBUG, "sqlalchemy.pool"):
        p.connect().close()
        connection = p.connect()
        connection.invalidate(ValueError("why"))
    messages = [record.getMessage().replace(repr(connection), "C") for record in caplog.records]
    assert {record.name for record in caplog.records} == {"sqlalchemy.pool.impl.QueuePool.mine"}
    assert messages[0].startswith("Created new connection")
    assert any("checked out from pool" in m for m in messages)
    assert any("rollback-on-return" in m for m in messages)
    assert any("(reason: ValueError:why)" in m for m in messages)
    assert p.echo == "debug"


def test_creator_may_take_the_record(driver):
    records = []

    def connect(record):
        records.append(record)
        return driver.connect()

    connection = pool.QueuePool(connect).connect()
    assert records == [connection._connection_record]
    assert pool.QueuePool(lambda x=5: Connection([x])).connect().log == [5]


def test_finalizers_run_on_return(driver):
    p = pool.QueuePool(driver.connect)
    connection = p.connect()
    done = []
    connection._connection_record.finalize_callback.append(done.append)
    inner = connection.dbapi_connection
    connection.close()
    p.connect().close()
    assert done == [inner]


@pytest.mark.parametrize("overridden", ["__init__", "__new__", "close"])
def test_a_face_with_methods_of_its_own_is_made_and_closed_by_them(overridden):
    seen = []

    def method(self, *args):
        seen.append(overridden)
        return (
            super(Face, self).__new__(self)
            if overridden == "__new__"
            else getattr(super(Face, self), overridden)(*args)
        )

    Face = type("Face", (pool.base.ConnectionFairy,), {overridden: method})
    Own = type("Own", (pool.SingletonThreadPool,), {"_fairy_class": Face})
    engine = create_engine("sqlite://", poolclass=Own)
    for times in (1, 2):
        with engine.connect() as connection:
            assert type(connection.connection) is Face
            assert connection.scalar(text("SELECT 1")) == 1
            connection.rollback()
        assert seen == [overridden] * times
    engine.dispose()
