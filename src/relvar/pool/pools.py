"""
The pools.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar.pool.base import Creator, Pool, ThreadRecords
from relvar.pool.plan import keeps_returned, may_connect
from relvar.pool.record import ConnectionFairy, ConnectionRecord, PoolProxiedConnection
from relvar.pool.wait import AsyncWaiter, Waiter


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

    _waiter_class: type[Waiter] = Waiter

    # kept where the kernel finds them
    _size: int
    _existing: int
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
        super().__init__(creator, **kw)
        self._size = pool_size
        self._max_overflow = -1 if pool_size == 0 else max_overflow
        self._timeout = timeout
        self._use_lifo = use_lifo
        # reentrant: the garbage collector may return a connection any time
        self._lock = threading.RLock()
        self._waiters = deque()
        self._start_over()

    def _start_over(self) -> None:
        self._idle: deque[ConnectionRecord] = deque()
        self._take = self._idle.pop if self._use_lifo else self._idle.popleft
        self._put = self._idle.append
        # places there are: idle, lent, or just being connected
        self._existing = 0

    # ----------------------------------------------------------------- lending

    def _look_around(self) -> None:
        super()._look_around()
        # a subclass with a way of its own to lend is not gone around
        kind = type(self)
        self._loan_class = kind._fairy_class
        self._lends_plainly = self._checks_out_plainly and kind._do_get is QueuePool._do_get
        self._puts_plainly = kind._do_return_conn is QueuePool._do_return_conn

    def _do_get(self) -> ConnectionRecord:
        if not self._waiters:
            try:
                return self._take()
            except IndexError:
                pass
        return self._create_or_wait()

    def _create_or_wait(self) -> ConnectionRecord:
        """
        Return a record when there is no idle one.

        Cases:
          1. there is room: make one;
          2. else stand in line, look once more (one may have come back
             before we stood there), and wait.
        """
        with self._lock:
            if not self._waiters and may_connect(
                existing=self._existing, size=self._size, max_overflow=self._max_overflow
            ):
                self._existing += 1
                waiter = None
            else:
                waiter = self._waiter_class()
                self._waiters.append(waiter)
        if waiter is None:
            return self._create_counted()
        self._serve()
        try:
            if not waiter.served:
                waiter.wait(self._timeout)
        except BaseException:
            self._leave(waiter)
            if waiter.served:
                self._pass_on(waiter)
            raise
        if not waiter.served:
            self._leave(waiter)
        if not waiter.served:
            raise exc.TimeoutError(
                f"{type(self).__name__} limit of size {self.size()} overflow {self._max_overflow} reached, "
                f"connection timed out, timeout {self._timeout:0.2f}",
                code="3o7r",
            )
        return waiter.record if waiter.record is not None else self._create_counted()

    def _create_counted(self) -> ConnectionRecord:
        """
        Make a connection whose place is counted already.
        """
        try:
            return self._create_connection()
        except BaseException:
            with self._lock:
                self._existing -= 1
            self._serve()
            raise

    def _leave(self, waiter: Waiter) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._waiters.remove(waiter)

    def _pass_on(self, waiter: Waiter) -> None:
        """
        Let the next one have what a waiter does not want any more.
        """
        if waiter.record is not None:
            self._do_return_conn(waiter.record)
        else:
            with self._lock:
                self._existing -= 1
            self._serve()

    def _serve(self) -> None:
        """
        Give idle connections, or room for new ones, to those in line.
        """
        with self._lock:
            while self._waiters:
                try:
                    record = self._take()
                except IndexError:
                    if not may_connect(
                        existing=self._existing, size=self._size, max_overflow=self._max_overflow
                    ):
                        return
                    self._existing += 1
                    record = None
                try:
                    waiter = self._waiters.popleft()
                except IndexError:
                    # the collector ran in between and served the last one
                    if record is None:
                        self._existing -= 1
                    else:
                        self._idle.append(record)
                    return
                waiter.serve(record)

    # --------------------------------------------------------------- returning

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        if self._size == 0 or self._existing <= self._size:
            # all places fit, so this one does
            self._idle.append(record)
            if self._waiters:
                self._serve()
            return
        with self._lock:
            kept = bool(self._waiters) or keeps_returned(idle=len(self._idle), size=self._size)
            if kept:
                self._idle.append(record)
            else:
                self._existing -= 1
        if kept:
            if self._waiters:
                self._serve()
            return
        try:
            record.close()
        finally:
            self._serve()

    def dispose(self) -> None:
        while True:
            try:
                record = self._take()
            except IndexError:
                break
            with self._lock:
                self._existing -= 1
            record.close()
        self._serve()
        self.logger.info("Pool disposed. %s", self.status())

    def recreate(self) -> QueuePool:
        self.logger.info("Pool recreating")
        return type(self)(
            self._creator,
            pool_size=self._size,
            max_overflow=self._max_overflow,
            timeout=self._timeout,
            use_lifo=self._use_lifo,
            **self._arguments(),
        )

    def _after_fork(self) -> None:
        self._keep_inherited(self._idle)
        self._lock = threading.RLock()
        self._waiters = deque()
        self._start_over()

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
        return self._existing - self._size if self._size else 0

    def checkedout(self) -> int:
        """
        Return the number of connections in use.
        """
        return self._existing - len(self._idle)


class AsyncAdaptedQueuePool(QueuePool):
    """
    A `QueuePool` for asyncio engines: waiting does not block the event loop.
    """

    _waiter_class = AsyncWaiter


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
        self.logger.info("Pool recreating")
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

    def __init__(self, creator: Creator, pool_size: int = 5, **kw: Any) -> None:
        super().__init__(creator, **kw)
        self._local = ThreadRecords()
        self._all: set[ConnectionRecord] = set()
        self.size = pool_size

    def recreate(self) -> SingletonThreadPool:
        self.logger.info("Pool recreating")
        return type(self)(self._creator, pool_size=self.size, **self._arguments())

    def _is_inherited(self, record: ConnectionRecord | None) -> bool:
        # what is kept in memory goes on in the child
        return False

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

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        self._local.fairy = None

    def _do_get(self) -> ConnectionRecord:
        reference = self._local.record
        record: ConnectionRecord | None = reference() if reference is not None else None
        if record is not None and record in self._all:
            return record
        record = self._create_connection()
        self._local.record = weakref.ref(record)
        if len(self._all) >= self.size:
            self._cleanup()
        self._all.add(record)
        return record

    def connect(self) -> PoolProxiedConnection:
        """
        Return the thread's connection; while it is in use, the same object.
        """
        local = self._local
        reference = local.fairy
        fairy: ConnectionFairy | None = reference() if reference is not None else None
        if fairy is not None and fairy.dbapi_connection is not None and not fairy.is_detached:
            fairy._reentered += 1
            return fairy
        made = self._connect_watched()
        local.fairy = weakref.ref(made)
        return made


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
        self._lock = threading.Lock()

    def status(self) -> str:
        return "StaticPool"

    def _is_inherited(self, record: ConnectionRecord | None) -> bool:
        return False

    def dispose(self) -> None:
        record, self._record = self._record, None
        if record is not None and record.dbapi_connection is not None:
            record.close()

    def recreate(self) -> StaticPool:
        self.logger.info("Pool recreating")
        return type(self)(self._creator, **self._arguments())

    def _do_get(self) -> ConnectionRecord:
        record = self._record
        if record is None:
            with self._lock:
                record = self._record
                if record is None:
                    record = self._record = self._create_connection()
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
        self._record: ConnectionRecord | None = None
        self._checked_out = False
        self._store_traceback = store_traceback
        self._traceback: list[str] | None = None

    def status(self) -> str:
        return "AssertionPool"

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        if not self._checked_out:
            raise AssertionError("connection is not checked out")
        self._checked_out = False

    def dispose(self) -> None:
        self._checked_out = False
        if self._record is not None:
            self._record.close()

    def recreate(self) -> AssertionPool:
        self.logger.info("Pool recreating")
        return type(self)(self._creator, store_traceback=self._store_traceback, **self._arguments())

    def _do_get(self) -> ConnectionRecord:
        if self._checked_out:
            suffix = f" at:\n{''.join(self._traceback)}" if self._traceback else ""
            raise AssertionError("connection is already checked out" + suffix)
        if self._record is None:
            self._record = self._create_connection()
        self._checked_out = True
        if self._store_traceback:
            import traceback  # few programs ask for it, and it reads a good deal

            self._traceback = traceback.format_stack()[:-1]
        return self._record
