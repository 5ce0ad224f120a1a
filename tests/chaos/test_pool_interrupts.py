"""
The pool's promise about interrupts: wherever one comes, no place is lost and nobody waits for ever.

CPython lets a signal handler, or an exception for a thread, in after calls, at the start of functions
and at backward jumps.  In pure mode every such point of the pool is tried; in both modes thousands are hit
at random by real signals.
"""

from __future__ import annotations

import contextlib
import ctypes
import dis
import gc
import logging
import random
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import relvar
from relvar import event, exc
from relvar.pool import AssertionPool, NullPool, Pool, QueuePool, SingletonThreadPool, StaticPool
from relvar.pool.base import PoolDialect


class Interrupt(KeyboardInterrupt):
    pass


class Connection:
    """
    A driver connection; ``open`` has those that nobody closed or dropped.
    """

    open: weakref.WeakSet[Connection] = weakref.WeakSet()
    fails = False

    def __init__(self) -> None:
        self.open.add(self)

    def rollback(self) -> None:
        if self.fails:
            raise ValueError("no rollback")

    commit = rollback

    def close(self) -> None:
        self.open.discard(self)


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    """
    What is logged keeps the traceback, and so whatever its frames hold.
    """
    logger = logging.getLogger("sqlalchemy.pool")
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(logging.NOTSET)


POOL = tuple(str(Path(relvar.__file__).parent / name) for name in ("pool", "_kernels/lend.py"))
# where CPython 3.11 to 3.14 looks for signals when it has run them
LOOKS = {"RESUME", "CALL", "CALL_KW", "CALL_FUNCTION_EX", "JUMP_BACKWARD"} | {
    name for name in dis.opmap if name.startswith("POP_JUMP_BACKWARD")
}


class Interrupter:
    """
    Raises at the point number *at* where the interpreter looks for signals, in the pool's functions.
    """

    def __init__(self, at: int) -> None:
        self.left = at
        self.where: tuple[str, int] | None = None
        # by id: no reference may keep a frame, and so a record, alive
        self._last: dict[int, int] = {}

    def __call__(self, frame: FrameType, what: str, _argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(POOL):
            return None
        if what == "call":
            self._last.pop(id(frame), None)
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        elif what == "opcode":
            last = self._last.get(id(frame))
            self._last[id(frame)] = frame.f_lasti
            if last is not None and dis.opname[frame.f_code.co_code[last]] in LOOKS:
                self.left -= 1
                if not self.left:
                    self.where = (Path(frame.f_code.co_filename).name, frame.f_lineno)
                    raise Interrupt
        elif what == "exception":
            # a call that raises is not followed by a look
            self._last.pop(id(frame), None)
        return self


def print_nothing(_arguments: object) -> None:
    pass


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """
    Nobody hears what is raised in a finalizer.
    """
    before, sys.unraisablehook = sys.unraisablehook, print_nothing
    try:
        yield
    finally:
        sys.unraisablehook = before


def run_interrupted(work: Callable[[], object], at: int) -> tuple[str, int] | None:
    """
    Run *work* with an interrupt at a point; returns which, None when there are not so many.
    """
    interrupter = Interrupter(at)
    before = sys.gettrace()
    sys.settrace(interrupter)
    try:
        work()
    except (Interrupt, ValueError, exc.InvalidRequestError):
        pass
    finally:
        sys.settrace(before)
    return interrupter.where


def kept_unreset(record: Any) -> bool:
    """
    Tell whether a record has a connection whose rollback fails.
    """
    return record.dbapi_connection is not None and record.dbapi_connection.fails


def check_whole(pool: QueuePool, where: Any) -> None:
    """
    See that the pool has all its places, no connection is open that it does not have, and none is idle that
    could not be reset.
    """
    assert not any(kept_unreset(record) for record in list(pool._idle)), where
    assert pool.checkedout() == 0, where
    assert not pool._waiters, where
    pool._timeout = 5
    lent = [pool.connect() for _ in range(2)]
    assert pool.checkedout() == 2, where
    pool._timeout = 0.001
    with pytest.raises(exc.TimeoutError):
        pool.connect()
    assert len({id(c.dbapi_connection) for c in lent}) == 2
    for connection in lent:
        connection.close()
    assert (pool.checkedin(), pool.checkedout()) == (1, 0), where
    assert len(Connection.open) == sum(r.dbapi_connection is not None for r in pool._idle), where


def listen_to_all(pool: Pool) -> None:
    for name in (
        "first_connect connect checkout checkin reset invalidate soft_invalidate detach close close_detached"
    ).split():
        event.listen(pool, name, lambda *_: None)


def close(pool: QueuePool) -> None:
    pool.connect().close()


def both(pool: QueuePool) -> None:
    one = pool.connect()
    two = pool.connect()
    one.close()
    two.close()


def invalidate(pool: QueuePool) -> None:
    pool.connect().invalidate()
    connection = pool.connect()
    connection.invalidate(soft=True)
    connection.close()
    pool.connect().close()


def detach(pool: QueuePool) -> None:
    connection = pool.connect()
    connection.detach()
    connection.close()


def abandon(pool: QueuePool) -> None:
    pool.connect()


def fail_to_reset(pool: QueuePool) -> None:
    connection = pool.connect()
    connection.dbapi_connection.fails = True
    connection.close()


def dispose(pool: QueuePool) -> None:
    pool.connect().close()
    pool.dispose()


def time_out(pool: QueuePool) -> None:
    one, two = pool.connect(), pool.connect()
    with contextlib.suppress(exc.TimeoutError):
        pool.connect()
    one.close()
    two.close()


def wait(pool: QueuePool) -> None:
    """
    Another thread returns what this one waits for.
    """
    held = [pool.connect(), pool.connect()]
    pool._timeout = 5
    returned = threading.Thread(target=lambda: [c.close() for c in held])
    waiting = threading.Event()
    make = type(pool)._make_waiter

    def make_waiter() -> Any:
        waiting.set()
        return make(pool)

    pool._make_waiter = make_waiter  # type: ignore[method-assign]  # to know when it waits
    starter = threading.Thread(target=lambda: (waiting.wait(5), returned.start()))
    starter.start()
    try:
        pool.connect().close()
    finally:
        waiting.set()
        starter.join()
        returned.join()
        del pool._make_waiter
        pool._timeout = 0.001


only_pure = pytest.mark.skipif(
    relvar.is_compiled(), reason="nothing interrupts the compiled kernel between two lines"
)


class OverNetwork(PoolDialect):
    """
    A dialect whose connects are made in a thread that can be left behind.
    """

    connects_in_place = False

    def do_sever(self, dbapi_connection: Any) -> None:
        pass

    def _do_ping_w_event(self, dbapi_connection: Any) -> bool:
        return True


def every_point(
    make: Callable[[], Any], work: Callable[[Any], None], check: Callable[[Any, Any], None]
) -> int:
    """
    Do the work on a new pool as often as there are points to interrupt it at; gives the number of lines.
    """
    points = set()
    for at in range(1, 2000):
        Connection.open = weakref.WeakSet()
        pool = make()
        pool.connect().close()
        with quiet():
            where = run_interrupted(lambda pool=pool: work(pool), at)
        if where is None:
            return len(points)
        points.add(where)
        check(pool, where)
    raise AssertionError("it never ran to the end")


@only_pure
@pytest.mark.parametrize("watched", [False, True], ids=["plain", "with listeners"])
@pytest.mark.parametrize(
    "work", [close, both, invalidate, detach, abandon, fail_to_reset, dispose, time_out, wait]
)
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_an_interrupt_anywhere(work: Callable[[QueuePool], None], watched: bool) -> None:
    def make() -> QueuePool:
        pool = QueuePool(Connection, pool_size=1, max_overflow=1, timeout=0.001)
        if watched:
            listen_to_all(pool)
        return pool

    assert every_point(make, work, check_whole) > 5


@only_pure
@pytest.mark.parametrize("work", [both, invalidate, dispose])
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_an_interrupt_while_a_thread_connects(work: Callable[[QueuePool], None]) -> None:
    def make() -> QueuePool:
        pool = QueuePool(
            Connection, pool_size=1, max_overflow=1, timeout=5, dialect=OverNetwork(), pre_ping=True
        )
        listen_to_all(pool)
        return pool

    def check(pool: QueuePool, where: Any) -> None:
        limit = time.monotonic() + 2
        while (pool.checkedout() or len(Connection.open) > 1) and time.monotonic() < limit:
            time.sleep(0.0001)
        check_whole(pool, where)

    assert every_point(make, work, check) > 50


@only_pure
@pytest.mark.parametrize("kind", [NullPool, StaticPool, SingletonThreadPool, AssertionPool])
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_an_interrupt_in_another_pool(kind: type[Pool]) -> None:
    def make() -> Pool:
        pool = kind(Connection)
        listen_to_all(pool)
        return pool

    def work(pool: Pool) -> None:
        pool.connect().close()
        connection = pool.connect()
        connection.invalidate()
        pool.connect().close()
        pool.dispose()
        pool.connect().close()

    def check(pool: Pool, where: Any) -> None:
        # a second one at a time is refused by AssertionPool
        for _ in range(2):
            connection = pool.connect()
            assert connection.is_valid and len(Connection.open) == 1, where
            connection.close()
        pool.dispose()
        assert not Connection.open, where

    assert every_point(make, work, check) > 50


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_signals_at_random(size: int) -> None:
    """
    Thousands of signals in one thread, while another lends and returns.
    """
    Connection.open = weakref.WeakSet()
    pool = QueuePool(Connection, pool_size=size, max_overflow=1, timeout=5)
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            for _ in range(50):
                close(pool)
            time.sleep(0)

    awaited = False

    def interrupt(*_arguments: object) -> None:
        # the system may hand the signal to the other thread; the main one then hears of it past the block
        nonlocal awaited
        if awaited:
            awaited = False
            raise Interrupt

    works = [close, both, invalidate, detach, abandon, fail_to_reset]
    other = threading.Thread(target=go_on)
    before = signal.signal(signal.SIGALRM, interrupt)
    seed = random.Random(size)
    interrupted = 0
    other.start()
    try:
        with quiet():
            while interrupted < (5_000 if relvar.is_compiled() else 2_000):
                work = seed.choice(works)
                try:
                    awaited = True
                    signal.setitimer(signal.ITIMER_REAL, seed.uniform(1e-6, 5e-5))
                    # it may be lost in a finalizer
                    for _ in range(500):
                        work(pool)
                    awaited = False
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except Interrupt:
                    interrupted += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        stop.set()
        other.join(10)
        signal.signal(signal.SIGALRM, before)
    assert not other.is_alive()
    gc.collect()
    assert pool.checkedout() == 0 and not pool._waiters
    pool._timeout = 0.001
    lent = [pool.connect() for _ in range(size + 1)]
    with pytest.raises(exc.TimeoutError):
        pool.connect()
    for connection in lent:
        connection.close()
    assert (pool.checkedin(), len(Connection.open)) == (size, size)


@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_exceptions_from_another_thread() -> None:
    """
    Exceptions that one thread puts into others (``PyThreadState_SetAsyncExc``), as programs do to end them.
    """
    Connection.open = weakref.WeakSet()
    pool = QueuePool(Connection, pool_size=2, max_overflow=0, timeout=5)
    stop = threading.Event()
    works = [close, invalidate, detach, abandon]

    def go_on() -> None:
        while not stop.is_set():
            random.choice(works)(pool)

    def begin() -> threading.Thread:
        thread = threading.Thread(target=go_on)
        thread.start()
        return thread

    put = ctypes.pythonapi.PyThreadState_SetAsyncExc
    before, threading.excepthook = threading.excepthook, print_nothing
    threads = [begin() for _ in range(3)]
    ended = 0
    try:
        with quiet():
            limit = time.monotonic() + 120
            while ended < 600 and time.monotonic() < limit:
                for n, thread in enumerate(threads):
                    if thread.is_alive():
                        put(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interrupt))
                    else:
                        ended += 1
                        threads[n] = begin()
                time.sleep(0.0005)
            stop.set()
            for thread in threads:
                thread.join(10)
    finally:
        threading.excepthook = before
    # CPython 3.11 goes on looking for exceptions of threads that ended; while traced it would do nothing else
    with pytest.raises(Interrupt):
        put(ctypes.c_ulong(threading.get_ident()), ctypes.py_object(Interrupt))
        for _ in range(1_000):
            pass
    assert not any(thread.is_alive() for thread in threads)
    assert ended >= 600
    gc.collect()
    assert pool.checkedout() == 0 and not pool._waiters
    lent = [pool.connect() for _ in range(2)]
    pool._timeout = 0.001
    with pytest.raises(exc.TimeoutError):
        pool.connect()
    for connection in lent:
        connection.close()
    assert (pool.checkedin(), len(Connection.open)) == (2, 2)
