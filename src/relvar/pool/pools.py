"""
The pools.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.lend import own_record
from relvar.pool.base import Creator, Pool, ThreadRecords
from relvar.pool.plan import keeps_returned, may_connect
from relvar.pool.record import ConnectionFairy, ConnectionRecord, PoolProxiedConnection
from relvar.util.concurrency import running_loop
from relvar.util.log import INFO, say

if TYPE_CHECKING:
    from relvar.pool.wait import Waiter

# Seconds after which who waits looks for a connection without having been called.
_LOOK_AGAIN = 1.0


class QueuePool(Pool):
    """
    Keeps up to *pool_size* connections, and lends *max_overflow* more.

    The default pool.  Taking an idle connection and returning it touch no
    lock.  Whoever finds none waits in line.

    Args:
        creator: Makes a driver connection.
        pool_size: Connections kept; 0 for no limit.
        max_overflow: Connections beyond that at most, closed when they come
            back; -1 for no limit.
        timeout: Seconds to wait for a connection.
        use_lifo: Lend the connection that came back last; unused ones then
            grow old and can be timed out by the server.

    Raises:
        TimeoutError: *timeout* passed; from `relvar.exc`.

    >>> import sqlite3
    >>> from relvar import QueuePool
    >>> pool = QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=1, max_overflow=0)
    >>> with pool.connect() as connection:
    ...     pool.checkedout(), pool.checkedin()
    (1, 0)
    >>> pool.checkedout(), pool.checkedin()
    (0, 1)
    >>> pool.dispose()
    """

    _is_asyncio = False

    # kept where the kernel finds them
    _size: int
    _waiters: deque[Waiter]
    _take: Callable[[], ConnectionRecord]

    def __init__(
        self,
        creator: Creator,
        pool_size: int = 5,
        max_overflow: int = 10,
        timeout: float | None = 30.0,
        use_lifo: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(creator, timeout=timeout, **kw)
        self._size = pool_size
        self._max_overflow = -1 if pool_size == 0 else max_overflow
        self._use_lifo = use_lifo
        self._start_over()

    def _start_over(self) -> None:
        # reentrant: the garbage collector may return a connection any time
        self._lock = threading.RLock()
        self._waiters = deque()
        self._idle: deque[ConnectionRecord] = deque()
        self._take = self._idle.pop if self._use_lifo else self._idle.popleft
        self._put = self._idle.append

    # ----------------------------------------------------------------- lending

    def _look_around(self) -> None:
        super()._look_around()
        # a subclass with a way of its own to lend is not gone around
        kind = type(self)
        self._lends_plainly = self._checks_out_plainly and kind._do_get is QueuePool._do_get
        self._puts_plainly = kind._do_return_conn is QueuePool._do_return_conn

    def _do_get(self) -> ConnectionRecord:
        if not self._waiters:
            try:
                return self._take()
            except IndexError:
                pass
        return self._make_or_wait()

    def _make(self) -> ConnectionRecord | None:
        """
        Return a record in a new place, not connected yet, if there is room; the caller has the lock.
        """
        if may_connect(existing=len(self._places), size=self._size, max_overflow=self._max_overflow):
            return ConnectionRecord(self, connect=False)
        return None

    def _make_waiter(self) -> Waiter:
        from relvar.pool.wait import Waiter  # few programs have more threads than connections

        return Waiter()

    def _make_or_wait(self) -> ConnectionRecord:
        """
        Return a record when there is no idle one.

        Cases:
          1. there is room: make one;
          2. else stand in line, look once more (one may have come back
             before we stood there), and wait.

        Whoever should have served us may have been interrupted just then, so
        those who wait look for themselves now and then.
        """
        with self._lock:
            record = None if self._waiters else self._make()
            if record is not None:
                return record
            waiter = self._make_waiter()
            self._waiters.append(waiter)
        try:
            self._wait_in_line(waiter)
            if waiter.served:
                return waiter.take()
        finally:
            self._leave(waiter)
        raise exc.TimeoutError(
            f"{type(self).__name__} limit of size {self.size()} overflow {self._max_overflow} reached, "
            f"connection timed out, timeout {self._timeout:0.2f}",
            code="3o7r",
        )

    def _wait_in_line(self, waiter: Waiter) -> None:
        until = self._until()
        while True:
            self._serve()
            if waiter.served:
                return
            left = until - time.monotonic()
            waiter.wait(max(min(left, _LOOK_AGAIN), 0))
            if waiter.served or left <= _LOOK_AGAIN:
                return

    def _leave(self, waiter: Waiter) -> None:
        """
        Go out of the line, and let the next one have what was not taken.
        """
        with self._lock, contextlib.suppress(ValueError):
            self._waiters.remove(waiter)
        while waiter.served:
            self._pass_on(waiter.take())

    def _pass_on(self, record: ConnectionRecord) -> None:
        if record.is_new and record._late_arrival is None:
            self._forget(record)
        else:
            self._do_return_conn(record)

    def _serve(self) -> None:
        """
        Give idle connections, or places for new ones, to those in line.

        Whoever was served is out of the line only after that: there is no
        moment when an exception could leave it waiting for nothing.
        """
        with self._lock:
            while self._waiters:
                # the collector may run, and serve, at any moment
                try:
                    waiter = self._waiters[0]
                    if waiter.served:
                        self._waiters.popleft()
                        continue
                    try:
                        record: ConnectionRecord | None = self._take()
                    except IndexError:
                        record = self._make()
                    if record is None:
                        return
                    waiter.serve(record)
                except IndexError:
                    return

    # --------------------------------------------------------------- returning

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        if self._size == 0 or len(self._places) <= self._size:
            # all places fit, so this one does
            self._put(record)
            if self._waiters:
                self._serve()
            return
        with self._lock:
            kept = bool(self._waiters) or keeps_returned(idle=len(self._idle), size=self._size)
            if kept:
                self._put(record)
        if kept:
            if self._waiters:
                self._serve()
            return
        self._let_go(record)

    def _let_go(self, record: ConnectionRecord) -> None:
        """
        Close a connection, and count its place no more.
        """
        try:
            # first the place: whoever waits does not wait for the closing
            self._places.discard(record._place)
            record.close()
        finally:
            self._serve()

    def _forget(self, record: ConnectionRecord) -> None:
        super()._forget(record)
        self._serve()

    def _readmit(self, record: ConnectionRecord) -> bool:
        with self._lock:
            room = may_connect(existing=len(self._places), size=self._size, max_overflow=self._max_overflow)
            return room and super()._readmit(record)

    def _adopt(self, record: ConnectionRecord) -> None:
        if record.disposals == self._disposals:
            self._do_return_conn(record)
        else:
            self._let_go(record)

    def dispose(self) -> None:
        self._disposals += 1
        while True:
            try:
                record = self._take()
            except IndexError:
                break
            self._places.discard(record._place)
            record.close()
        self._serve()
        say(self.logger, INFO, "Pool disposed. %s", self.status())

    def recreate(self) -> QueuePool:
        say(self.logger, INFO, "Pool recreating")
        return type(self)(
            self._creator,
            pool_size=self._size,
            max_overflow=self._max_overflow,
            use_lifo=self._use_lifo,
            **self._arguments(),
        )

    def _after_fork(self) -> bool:
        is_lent = super()._after_fork()
        self._start_over()
        return is_lent

    # ------------------------------------------------------------------ status

    def status(self) -> str:
        return (
            f"Pool size: {self.size()}  Connections in pool: {self.checkedin()} "
            f"Current Overflow: {self.overflow()} "
            f"Current Checked out connections: {self.checkedout()}"
        )

    def size(self) -> int:
        """
        Return the number of connections kept.
        """
        return self._size

    def timeout(self) -> float | None:
        """
        Return the seconds to wait for a connection.
        """
        return self._timeout

    def checkedin(self) -> int:
        """
        Return the number of connections in the pool.
        """
        return len(self._idle)

    def overflow(self) -> int:
        """
        Return the connections beyond the size; negative while there is room.
        """
        return len(self._places) - self._size if self._size else 0

    def checkedout(self) -> int:
        """
        Return the number of connections in use.
        """
        return len(self._places) - len(self._idle)


class AsyncAdaptedQueuePool(QueuePool):
    """
    A `QueuePool` for asyncio engines: waiting does not block the event loop.

    Its connections belong to one event loop. In another one it begins anew, if the first is closed.

    Raises:
        InvalidRequestError: It is not, and may go on with them.
    """

    _is_asyncio = True
    _loop: Any = None

    def connect(self) -> PoolProxiedConnection:
        loop = running_loop()
        if loop is not self._loop and loop is not None:
            self._enter(loop)
        loan: PoolProxiedConnection = super().connect()
        return loan

    def _enter(self, loop: Any) -> None:
        before = self._loop
        if before is not None and self._places and self._dialect._serves_one_loop:
            if not before.is_closed():
                raise exc.InvalidRequestError(
                    "This engine has connections of another event loop, which is not closed. Give each loop "
                    "an engine of its own, await engine.dispose() in the other loop first, or use "
                    "poolclass=NullPool"
                )
            self._drop_all()
        self._loop = loop

    def _drop_all(self) -> None:
        """
        Have no connections; nobody can say goodbye to the server any more, as their loop is closed.
        """
        for record in list(self._idle):
            connection = record.dbapi_connection
            record._let_go()
            if connection is not None:
                self._dialect._outlive_loop(connection)
        self._start_over()

    def dispose(self) -> None:
        if self._loop is not None and self._loop.is_closed() and self._dialect._serves_one_loop:
            self._drop_all()
        super().dispose()

    def _make_waiter(self) -> Waiter:
        from relvar.pool.wait import AsyncWaiter  # as above

        return AsyncWaiter()


class NullPool(Pool):
    """
    Keeps nothing: opens a connection each time and closes it after.

    >>> from relvar import NullPool, create_engine, text
    >>> engine = create_engine("sqlite://", poolclass=NullPool)
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE gone (id INTEGER)"))
    >>> with engine.connect() as connection:
    ...     connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar()
    0
    """

    def status(self) -> str:
        return "NullPool"

    def _do_get(self) -> ConnectionRecord:
        return self._create_connection()

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        record.close()

    def recreate(self) -> NullPool:
        say(self.logger, INFO, "Pool recreating")
        return type(self)(self._creator, **self._arguments())

    def dispose(self) -> None:
        pass


class SingletonThreadPool(Pool):
    """
    Keeps one connection per thread; for in-memory databases and tests.

    Args:
        creator: Makes a driver connection.
        pool_size: When more threads than this have one, some are closed.
    """

    _is_asyncio = False

    def __init__(self, creator: Creator, pool_size: int = 5, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._local = ThreadRecords()
        self._all: set[ConnectionRecord] = set()
        self.size = pool_size
        self._take = partial(own_record, self)
        # as many as come
        self._size = 0
        self._lends_again = True

    def recreate(self) -> SingletonThreadPool:
        say(self.logger, INFO, "Pool recreating")
        return type(self)(self._creator, pool_size=self.size, **self._arguments())

    def _after_fork(self) -> bool:
        if self._dialect.is_in_process:
            # what is kept in memory goes on in the child
            return False
        is_lent = super()._after_fork()
        self._local = ThreadRecords()
        self._all = set()
        return is_lent

    def dispose(self) -> None:
        for record in list(self._all):
            with contextlib.suppress(Exception):
                record.close()
        self._all.clear()

    def _cleanup(self) -> None:
        while len(self._all) >= self.size:
            self._all.pop().close()

    def status(self) -> str:
        return f"SingletonThreadPool id:{id(self)} size: {len(self._all)}"

    def _look_around(self) -> None:
        super()._look_around()
        # a subclass with a way of its own to lend is not gone around
        kind = type(self)
        self._lends_plainly = self._checks_out_plainly and kind._do_get is SingletonThreadPool._do_get
        self._puts_plainly = kind._do_return_conn is SingletonThreadPool._do_return_conn

    def _own(self) -> ConnectionRecord | None:
        """
        Return what this thread has.
        """
        reference = self._local.record
        record: ConnectionRecord | None = None if reference is None else reference()
        return None if record is None or record not in self._all else record

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        """
        Leave it to its thread.
        """

    def _do_get(self) -> ConnectionRecord:
        record = self._own()
        if record is None:
            record = self._create_connection()
            self._local.record = weakref.ref(record)
            if len(self._all) >= self.size:
                self._cleanup()
            self._all.add(record)
        return record

    def _connect_watched(self) -> PoolProxiedConnection:
        """
        Return the thread's connection; while it is in use, the same object.
        """
        record = self._own()
        if record is not None and record.checked_out and record.loan is not None:
            loan: ConnectionFairy | None = record.loan()
            if loan is not None and loan.dbapi_connection is not None and not loan.is_detached:
                loan._reentered += 1
                return loan
        return self._noted(super()._connect_watched())

    def _check_out(self, record: ConnectionRecord, until: float | None = None) -> PoolProxiedConnection:
        return self._noted(super()._check_out(record, until))

    def _noted(self, loan: PoolProxiedConnection) -> PoolProxiedConnection:
        record: Any = loan._connection_record  # type: ignore[attr-defined]  # of the pool's own class
        if record is not None:
            record.loan = weakref.ref(loan)
        return loan


class StaticPool(Pool):
    """
    Has exactly one connection, which all share.

    >>> from relvar import StaticPool, create_engine
    >>> engine = create_engine("sqlite://", poolclass=StaticPool)
    >>> with engine.connect() as one, engine.connect() as two:
    ...     one.connection.dbapi_connection is two.connection.dbapi_connection
    True
    """

    def __init__(self, creator: Creator, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._record: ConnectionRecord | None = None
        self._lock = threading.RLock()

    def status(self) -> str:
        return "StaticPool"

    def _after_fork(self) -> bool:
        self._lock = threading.RLock()
        if self._dialect.is_in_process:
            # as above
            return False
        is_lent = super()._after_fork()
        self._record = None
        return is_lent

    def dispose(self) -> None:
        record, self._record = self._record, None
        if record is not None and record.dbapi_connection is not None:
            record.close()

    def recreate(self) -> StaticPool:
        say(self.logger, INFO, "Pool recreating")
        return type(self)(self._creator, **self._arguments())

    def _do_get(self) -> ConnectionRecord:
        record = self._record
        if record is None:
            # what another thread takes to connect counts for this one too
            until = self._until()
            with self._lock:
                record = self._record
                if record is None:
                    record = self._record = self._create_connection(until)
        return record

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        pass


class AssertionPool(Pool):
    """
    Lends one connection at a time; a second checkout raises.

    The error shows where the first one was checked out.
    """

    def __init__(self, creator: Creator, store_traceback: bool = True, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._idle: list[ConnectionRecord] = []
        self._store_traceback = store_traceback
        self._traceback: list[str] | None = None

    def status(self) -> str:
        return "AssertionPool"

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        if self._idle or record._place not in self._places:
            raise AssertionError("connection is not checked out")
        self._idle.append(record)

    def dispose(self) -> None:
        records = [spot() for spot in self._places]
        self._idle.clear()
        self._places.clear()
        for record in records:
            if record is not None:
                record.close()

    def recreate(self) -> AssertionPool:
        say(self.logger, INFO, "Pool recreating")
        return type(self)(self._creator, store_traceback=self._store_traceback, **self._arguments())

    def _after_fork(self) -> bool:
        is_lent = super()._after_fork()
        self._idle = []
        return is_lent

    def _do_get(self) -> ConnectionRecord:
        if self._idle:
            record = self._idle.pop()
        elif self._places:
            suffix = f" at:\n{''.join(self._traceback)}" if self._traceback else ""
            raise AssertionError("connection is already checked out" + suffix)
        else:
            record = self._create_connection()
        if self._store_traceback:
            import traceback  # few programs ask for it, and it reads a good deal

            self._traceback = traceback.format_stack()[:-1]
        return record
