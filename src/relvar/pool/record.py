"""
A place in the pool, and the face of its connection while it is in use.

`ConnectionRecord` lives as long as its place in the pool; connections come and
go in it.  `ConnectionFairy` lives from checkout to return.  It may be left to
the garbage collector: then ``__del__`` returns the connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from relvar import exc, util
from relvar._kernels.lend import Loan, Place
from relvar.event import clock
from relvar.pool.places import forks, occupy
from relvar.pool.plan import NEVER, Reuse, plan_reuse
from relvar.pool.reset import FOR_RETURN, PoolResetState, give_back
from relvar.util.log import DEBUG, INFO, say

if TYPE_CHECKING:
    from relvar.pool.base import Pool


class ManagesConnection:
    """
    What has a driver connection that the pool manages.
    """

    __slots__ = ()

    dbapi_connection: Any
    "The driver's connection (PEP 249), or its adapted form for asyncio drivers."

    @property
    def driver_connection(self) -> Any:
        """
        The connection as the driver itself made it.
        """
        raise NotImplementedError

    @property
    def info(self) -> dict[Any, Any]:
        """
        A dictionary that goes with the driver connection.
        """
        raise NotImplementedError

    @property
    def record_info(self) -> dict[Any, Any] | None:
        """
        A dictionary that goes with the place in the pool.
        """
        raise NotImplementedError

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        """
        Mark the connection as unusable.

        Args:
            e: Why; for the log and for listeners.
            soft: Keep it open; it is replaced when used next.
        """
        raise NotImplementedError


class ConnectionPoolEntry(ManagesConnection):
    """
    One connection's place in a pool.
    """

    __slots__ = ()

    @property
    def in_use(self) -> bool:
        """
        Whether the connection is checked out.
        """
        raise NotImplementedError

    def close(self) -> None:
        """
        Close the driver connection.
        """
        raise NotImplementedError


class PoolProxiedConnection(ManagesConnection):
    """
    A driver connection on loan from a pool; has the driver's methods too.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def commit(self) -> None: ...

        def rollback(self) -> None: ...

        def cursor(self, *args: Any, **kwargs: Any) -> Any: ...

    @property
    def is_valid(self) -> bool:
        """
        Whether there is a driver connection, neither returned nor invalidated.
        """
        raise NotImplementedError

    @property
    def is_detached(self) -> bool:
        """
        Whether the pool knows of this connection no more.
        """
        raise NotImplementedError

    def detach(self) -> None:
        """
        Take the connection from the pool; closing it will really close it.
        """
        raise NotImplementedError

    def close(self) -> None:
        """
        Return the connection to its pool.
        """
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class ConnectionRecord(Place, ConnectionPoolEntry):
    """
    One connection's place in a pool.
    """

    fresh: bool
    is_new: bool

    starttime: float

    # made in the place of one whose caller did not wait, not set up yet
    _late_arrival: Any = None
    # when the checkout that goes on has to end
    _until: float = NEVER

    def __init__(self, pool: Pool, connect: bool = True) -> None:
        self._pool = pool
        self._info: dict[Any, Any] | None = None
        self._record_info: dict[Any, Any] | None = None
        self._soft_invalidate_time: float = 0
        self.checked_out = False
        self.dbapi_connection: Any = None
        self.finalize_callback: list[Callable[[Any], Any]] = []
        self.fresh = False
        self.is_new = True
        self.forks: int = pool._forks
        self.starttime = 0
        self.disposals: int = pool._disposals
        self._place = occupy(pool._places, self)
        if connect:
            self._until = pool._until()
            self._set_up()

    @property
    def driver_connection(self) -> Any:
        if self.dbapi_connection is None:
            return None
        return self._pool._dialect.get_driver_connection(self.dbapi_connection)

    @property
    @util.deprecated(
        "2.0", "The _ConnectionRecord.connection attribute is deprecated; please use 'driver_connection'"
    )
    def connection(self) -> Any:
        return self.dbapi_connection

    @property
    def info(self) -> dict[Any, Any]:
        if self._info is None:
            self._info = {}
        return self._info

    @property
    def record_info(self) -> dict[Any, Any]:
        if self._record_info is None:
            self._record_info = {}
        return self._record_info

    @property
    def in_use(self) -> bool:
        return bool(self.checked_out)

    @property
    def last_connect_time(self) -> float:
        """
        When the driver's connection was made, in seconds since 1970; 0 before there was one.
        """
        return self.starttime

    # ----------------------------------------------------------- connections

    def get_connection(self, until: float | None = None) -> Any:
        """
        Return a driver connection that is not known to be stale.

        Args:
            until: When this has to end, in seconds of `time.monotonic`; by
                default the pool's timeout begins now.

        Raises:
            TimeoutError: The server did not let us connect by then.
        """
        pool = self._pool
        decision = plan_reuse(
            connected=self.dbapi_connection is not None,
            started=self.starttime,
            now=time.time() if pool._recycle > -1 else 0,
            recycle=pool._recycle,
            pool_invalidated=pool._invalidate_time,
            soft_invalidated=self._soft_invalidate_time,
        )
        if decision is Reuse.KEEP:
            return self.dbapi_connection
        self._until = pool._until() if until is None else until
        if decision.reconnects:
            say(pool.logger, INFO, decision.value, self.dbapi_connection)
            self._close(terminate=True)
        if self._info is not None:
            self._info.clear()
        self._set_up()
        return self.dbapi_connection

    def _set_up(self) -> None:
        """
        Connect, and have the listeners set the connection up.
        """
        pool = self._pool
        # a connect that fails must leave nothing of the one before
        self._let_go()
        try:
            connection = self._connect()
            self.dbapi_connection = self._place.connection = connection
            say(pool.logger, DEBUG, "Created new connection %r", connection)
            self.fresh = True
        except BaseException as err:
            say(pool.logger, DEBUG, "Error on connect(): %s", err)
            raise
        self._soft_invalidate_time = 0
        try:
            if pool._is_limited:
                from relvar.pool.limit import limit  # a program with SQLite alone does without threads

                with limit(self, self._until, "it did not answer while a new connection was set up"):
                    self._tell_connected(connection)
            else:
                self._tell_connected(connection)
        except BaseException:
            if self.dbapi_connection is not None:
                # nobody has heard of it
                self._let_go()
                pool._close_connection(connection, terminate=True)
            raise
        self.is_new = False

    def _tell_connected(self, connection: Any) -> None:
        dispatch = self._pool.dispatch
        if dispatch.first_connect:
            dispatch.first_connect.exec_once_unless_exception(connection, self)
        dispatch.connect(connection, self)

    def _connect(self) -> Any:
        """
        Make a driver connection, or take the one that came too late for the caller before.
        """
        pool = self._pool
        arrived, self._late_arrival = self._late_arrival, None
        if arrived is not None:
            if pool._invalidate_time <= self.starttime:
                return arrived
            pool._close_connection(arrived, terminate=True)
        self.starttime = time.time()
        if pool._creator_calls_driver:
            return pool._invoke_creator(self)
        return self.call_driver(pool._invoke_creator, self)

    def call_driver(self, connect: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
        """
        Return what *connect* returns; over a network, it is left behind when it takes too long.
        """
        pool = self._pool
        if not pool._is_limited:
            return connect(*args, **keywords)
        from relvar.pool.limit import call_in_time, limit  # as above

        if pool._dialect.is_async:
            with limit(self, self._until, "still connecting to the database"):
                return connect(*args, **keywords)

        return call_in_time(
            lambda: connect(*args, **keywords), self, self._until, "still connecting to the database"
        )

    def _bequeath(self) -> ConnectionRecord:
        """
        Give the place to a new record, which is returned.
        """
        pool = self._pool
        heir = type(self)(pool, connect=False)
        heir.starttime = self.starttime
        pool._places.discard(self._place)
        return heir

    def _arrive(self, connection: Any) -> None:
        """
        Take a connection that nobody waits for any more, ``None`` if there is none.
        """
        if connection is None:
            self._pool._forget(self)
            return
        self._late_arrival = self._place.connection = connection
        self._pool._adopt(self)

    def _let_go(self) -> None:
        """
        Have no connection.
        """
        self.dbapi_connection = self._place.connection = None

    def _close(self, *, terminate: bool = False) -> None:
        self.finalize_callback.clear()
        connection = self.dbapi_connection
        pool = self._pool
        try:
            if pool.dispatch.close:
                pool.dispatch.close(connection, self)
        finally:
            self._let_go()
            pool._close_connection(connection, terminate=terminate)

    def close(self) -> None:
        if self.dbapi_connection is not None:
            self._close()
        arrived, self._late_arrival = self._late_arrival, None
        if arrived is not None:
            self._pool._close_connection(arrived, terminate=True)

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        if self.dbapi_connection is None:
            return
        pool = self._pool
        event = pool.dispatch.soft_invalidate if soft else pool.dispatch.invalidate
        try:
            if event:
                event(self.dbapi_connection, self, e)
        finally:
            reason = () if e is None else (e.__class__.__name__, e)
            say(
                pool.logger,
                INFO,
                f"%sInvalidate connection %r{' (reason: %s:%s)' if reason else ''}",
                "Soft " if soft else "",
                self.dbapi_connection,
                *reason,
            )
            if soft:
                self._soft_invalidate_time = time.time()
            else:
                self._close(terminate=True)

    def checkin(self) -> None:
        """
        Go back to the pool.
        """
        if not self.checked_out:
            util.warn(f"Double checkin attempted on {self}")
            return
        self.checked_out = False
        connection = self.dbapi_connection
        pool = self._pool
        try:
            while self.finalize_callback:
                finalizer = self.finalize_callback.pop()
                if connection is not None:
                    finalizer(connection)
            if pool.dispatch.checkin:
                pool.dispatch.checkin(connection, self)
        except BaseException as err:
            # nobody knows what state it is in
            try:
                self.invalidate(e=err)
            finally:
                pool._return_conn(self)
            raise
        pool._return_conn(self)

    def _checkin_unreset(self) -> None:
        """
        Go back to the pool without the connection, which nobody has reset.
        """
        try:
            if self.dbapi_connection is not None:
                self._close(terminate=True)
        finally:
            self.checkin()

    def _checkin_failed(self, err: BaseException) -> None:
        """
        Go back to the pool after a checkout that failed.
        """
        pool = self._pool
        if self._place not in pool._places:
            # an heir has it
            return
        if self.is_new:
            pool._forget(self)
            return
        self.invalidate(e=err)
        self.checked_out: bool = True
        self.checkin()


class ConnectionFairy(Loan, PoolProxiedConnection):
    """
    A driver connection on loan from a pool.

    Making it, and returning it while nobody listens, is in the kernel.
    """

    _detached_info: dict[Any, Any] | None = None
    _detached_place: Any = None
    # the process, as a number of forks
    _detached_in = 0

    @property
    def driver_connection(self) -> Any:
        record = self._connection_record
        if record is not None:
            return record.driver_connection
        if self.dbapi_connection is None:
            return None
        return self._pool._dialect.get_driver_connection(self.dbapi_connection)

    @property
    @util.deprecated(
        "2.0", "The _ConnectionFairy.connection attribute is deprecated; please use 'driver_connection'"
    )
    def connection(self) -> Any:
        return self.dbapi_connection

    @property
    def _logger(self) -> Any:
        return self._pool.logger

    @property
    def is_valid(self) -> bool:
        return self.dbapi_connection is not None

    @property
    def is_detached(self) -> bool:
        return self._connection_record is None

    @property
    def info(self) -> dict[Any, Any]:
        if self._connection_record is not None:
            return self._connection_record.info  # type: ignore[no-any-return]  # a record's
        if self._detached_info is None:
            self._detached_info = {}
        return self._detached_info

    @property
    def record_info(self) -> dict[Any, Any] | None:
        return None if self._connection_record is None else self._connection_record.record_info

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """
        Return a new cursor of the driver.
        """
        if self.dbapi_connection is None:
            raise exc.InvalidRequestError("This connection is closed")
        return self.dbapi_connection.cursor(*args, **kwargs)

    def __getattr__(self, key: str) -> Any:
        """
        Read everything else from the driver connection.
        """
        if key.startswith("__"):
            raise AttributeError(key)
        return getattr(self.dbapi_connection, key)

    # -------------------------------------------------------------- checkout

    def _check(self, until: float) -> None:
        """
        Ping, run the checkout listeners, replace what turns out dead.

        Args:
            until: When this has to end, in seconds of `time.monotonic`.

        Raises:
            InvalidRequestError: The replacements were dead too.
            TimeoutError: The server did not answer in time.
        """
        pool = self._pool
        record = self._connection_record
        assert record is not None
        pings = pool._pre_ping and not record.fresh
        if pool._pre_ping and not pings:
            say(pool.logger, DEBUG, "Connection %s is fresh, skipping pre-ping", self.dbapi_connection)
        if not pool.dispatch.checkout and not pings:
            record.fresh = False
            return
        if not pool._is_limited:
            self._replace_until_alive(record, until)
            return
        from relvar.pool.limit import limit  # as above

        try:
            with limit(record, until, "it did not answer a ping, or what the checkout listeners asked"):
                self._replace_until_alive(record, until)
        except exc.TimeoutError as err:
            if self._connection_record is not None:
                self._give_up()
                record._checkin_failed(err)
            raise

    def _checkout_refused(self, err: BaseException) -> None:
        record: Any = self._connection_record
        record.fresh = False
        self._replace_until_alive(record, self._pool._until(), err)

    def _replace_until_alive(
        self, record: ConnectionRecord, until: float, refused: BaseException | None = None
    ) -> None:
        """
        Up to two replacements, for a server that restarts right now.

        Args:
            refused: What a listener raised already.
        """
        pool = self._pool
        for _attempt in range(2):
            try:
                if refused is not None:
                    raise refused
                self._tell_checkout(record)
                return
            except exc.DisconnectionError as err:
                refused = None
                self._replace_dead(record, err, until)
            except BaseException as err:
                self._give_up()
                record._checkin_failed(err)
                raise
        say(pool.logger, INFO, "Reconnection attempts exhausted on checkout")
        self.invalidate()
        raise exc.InvalidRequestError("This connection is closed")

    def _tell_checkout(self, record: ConnectionRecord) -> None:
        """
        Ping, but for a connection that was made just now, and run the checkout listeners.
        """
        pool = self._pool
        was_fresh = record.fresh
        record.fresh = False
        if pool._pre_ping and not was_fresh and not pool._ping(self.dbapi_connection):
            say(
                pool.logger,
                DEBUG,
                "Pool pre-ping on connection %s failed, will invalidate pool",
                self.dbapi_connection,
            )
            raise exc.InvalidatePoolError()
        pool.dispatch.checkout(self.dbapi_connection, record, self)

    def _replace_dead(self, record: ConnectionRecord, err: exc.DisconnectionError, until: float) -> None:
        pool = self._pool
        if err.invalidate_pool:
            say(
                pool.logger,
                INFO,
                "Disconnection detected on checkout, invalidating all pooled connections "
                "prior to current timestamp (reason: %r)",
                err,
            )
            record.invalidate(err)
            pool._invalidate(self, err, _checkin=False)
        else:
            say(
                pool.logger,
                INFO,
                "Disconnection detected on checkout, invalidating individual connection %s (reason: %r)",
                self.dbapi_connection,
                err,
            )
            record.invalidate(err)
        try:
            self.dbapi_connection = record.get_connection(until)
        except BaseException as failed:
            self._give_up()
            record._checkin_failed(failed)
            raise

    def _give_up(self) -> None:
        self.dbapi_connection = None
        self._connection_record = None

    # ---------------------------------------------------------------- return

    def _return_watched(self, transaction_was_reset: bool) -> None:
        if transaction_was_reset:
            self._checkin(PoolResetState(True, False, True))
        else:
            self._checkin(FOR_RETURN)

    def _checkin(self, state: PoolResetState) -> None:
        pool = self._pool
        if pool._ticks != clock.ticks:
            pool._look_around()
        connection = self.dbapi_connection
        record = self._connection_record
        self.dbapi_connection = None
        self._connection_record = None
        if connection is not None or record is not None:
            self._give_back(connection, record, state)

    def _give_back(self, connection: Any, record: ConnectionRecord | None, state: PoolResetState) -> None:
        pool = self._pool
        if record is None:
            if self._detached_in != pool._forks:
                # the parent process will close it
                return
            pool._detached.discard(self._detached_place)
        give_back(pool, connection, record, state)

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        if self.dbapi_connection is None:
            util.warn("Can't invalidate an already-closed connection.")
            return
        record = self._connection_record
        try:
            if record is not None:
                record.invalidate(e=e, soft=soft)
            elif not soft:
                self._pool._close_connection(self.dbapi_connection, terminate=True)
        finally:
            # also where closing is interrupted, or a task cancelled once more
            if not soft:
                if record is None:
                    self._pool._detached.discard(self._detached_place)
                self.dbapi_connection = None
                self._checkin(FOR_RETURN)

    def detach(self) -> None:
        record = self._connection_record
        if record is None:
            return
        pool = self._pool
        connection = self.dbapi_connection
        self._detached_info = dict(record.info)
        self._detached_place = occupy(pool._detached, self, connection)
        self._detached_in = pool._forks
        # from here on it is one's own, and the record nobody's until it is back
        self._connection_record = None
        record.checked_out = False
        record._let_go()
        record._info = None
        pool._do_return_conn(record)
        if pool.dispatch.detach:
            pool.dispatch.detach(connection, record)

    def _return_abandoned(self) -> None:
        connection = self.dbapi_connection
        record = self._connection_record
        self.dbapi_connection: Any = None
        self._connection_record = None
        pool = self._pool
        if record is not None and record.forks == forks.count and record._place not in pool._places:
            # the collector found the record before the loan
            if not pool._readmit(record):
                record.close()
                return
        self._give_back(connection, record, PoolResetState(False, record is None, not pool._dialect.is_async))
