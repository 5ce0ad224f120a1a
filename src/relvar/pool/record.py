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
from relvar.pool.plan import OnReturn, Reuse, plan_reset, plan_reuse
from relvar.pool.reset import FOR_RETURN, PoolResetState

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

    starttime: float

    def __init__(self, pool: Pool, connect: bool = True) -> None:
        self._pool = pool
        self._info: dict[Any, Any] | None = None
        self._record_info: dict[Any, Any] | None = None
        self._soft_invalidate_time: float = 0
        self.checked_out = False
        self.dbapi_connection: Any = None
        self.finalize_callback: list[Callable[[Any], Any]] = []
        self.fresh = False
        self.forks = pool._forks
        self.starttime = 0
        if connect:
            self._connect()

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
        return self.starttime

    # ----------------------------------------------------------- connections

    def get_connection(self) -> Any:
        """
        Return a driver connection that is not known to be stale.
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
        if decision.reconnects:
            pool.logger.info(decision.value, self.dbapi_connection)
            self._close(terminate=True)
        if self._info is not None:
            self._info.clear()
        self._connect()
        return self.dbapi_connection

    def _connect(self) -> None:
        pool = self._pool
        # a connect that fails must leave nothing of the one before
        self.dbapi_connection = None
        try:
            self.starttime = time.time()
            self.dbapi_connection = connection = pool._invoke_creator(self)
            pool.logger.debug("Created new connection %r", connection)
            self.fresh = True
        except BaseException as err:
            pool.logger.debug("Error on connect(): %s", err)
            raise
        self._soft_invalidate_time = 0
        dispatch = pool.dispatch
        try:
            if dispatch.first_connect:
                dispatch.first_connect.exec_once_unless_exception(connection, self)
            dispatch.connect(connection, self)
        except BaseException:
            if self.dbapi_connection is not None:
                self._close(terminate=True)
            raise

    def _close(self, *, terminate: bool = False) -> None:
        self.finalize_callback.clear()
        connection = self.dbapi_connection
        pool = self._pool
        if pool.dispatch.close:
            pool.dispatch.close(connection, self)
        self.dbapi_connection = None
        pool._close_connection(connection, terminate=terminate)

    def close(self) -> None:
        if self.dbapi_connection is not None:
            self._close()

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        if self.dbapi_connection is None:
            return
        pool = self._pool
        event = pool.dispatch.soft_invalidate if soft else pool.dispatch.invalidate
        if event:
            event(self.dbapi_connection, self, e)
        if e is not None:
            pool.logger.info(
                "%sInvalidate connection %r (reason: %s:%s)",
                "Soft " if soft else "",
                self.dbapi_connection,
                e.__class__.__name__,
                e,
            )
        else:
            pool.logger.info("%sInvalidate connection %r", "Soft " if soft else "", self.dbapi_connection)
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
        while self.finalize_callback:
            finalizer = self.finalize_callback.pop()
            if connection is not None:
                finalizer(connection)
        if pool.dispatch.checkin:
            pool.dispatch.checkin(connection, self)
        pool._return_conn(self)

    def _checkin_failed(self, err: BaseException) -> None:
        """
        Go back to the pool after a checkout that failed.
        """
        self.invalidate(e=err)
        self.checked_out = True
        self.checkin()


class ConnectionFairy(Loan, PoolProxiedConnection):
    """
    A driver connection on loan from a pool.

    Making it, and returning it while nobody listens, is in the kernel.
    """

    _detached_info: dict[Any, Any] | None = None

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

    def _check(self) -> ConnectionFairy:
        """
        Ping, run the checkout listeners, replace what turns out dead.

        Up to two replacements, for a server that restarts right now.

        Raises:
            InvalidRequestError: those were dead too.
        """
        pool = self._pool
        record = self._connection_record
        assert record is not None
        if not pool.dispatch.checkout and not pool._pre_ping:
            record.fresh = False
            return self
        was_fresh = record.fresh
        record.fresh = False
        for _attempt in range(2):
            try:
                if pool._pre_ping and not was_fresh:
                    if not pool._ping(self.dbapi_connection):
                        pool.logger.info(
                            "Pool pre-ping on connection %s failed, will invalidate pool",
                            self.dbapi_connection,
                        )
                        raise exc.InvalidatePoolError()
                pool.dispatch.checkout(self.dbapi_connection, record, self)
                return self
            except exc.DisconnectionError as err:
                self._replace_dead(record, err)
                was_fresh = record.fresh
                record.fresh = False
            except BaseException as err:
                self._give_up()
                record._checkin_failed(err)
                raise
        pool.logger.info("Reconnection attempts exhausted on checkout")
        self.invalidate()
        raise exc.InvalidRequestError("This connection is closed")

    def _replace_dead(self, record: ConnectionRecord, err: exc.DisconnectionError) -> None:
        pool = self._pool
        if err.invalidate_pool:
            pool.logger.info(
                "Disconnection detected on checkout, invalidating all pooled connections "
                "prior to current timestamp (reason: %r)",
                err,
            )
            record.invalidate(err)
            pool._invalidate(self, err, _checkin=False)
        else:
            pool.logger.info(
                "Disconnection detected on checkout, invalidating individual connection %s (reason: %r)",
                self.dbapi_connection,
                err,
            )
            record.invalidate(err)
        try:
            self.dbapi_connection = record.get_connection()
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
            give_back(pool, connection, record, state)

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        if self.dbapi_connection is None:
            util.warn("Can't invalidate an already-closed connection.")
            return
        record = self._connection_record
        if record is not None:
            record.invalidate(e=e, soft=soft)
        if not soft:
            if record is None:
                self._pool._close_connection(self.dbapi_connection, terminate=True)
            self.dbapi_connection = None
            self._checkin(FOR_RETURN)

    def detach(self) -> None:
        record = self._connection_record
        if record is None:
            return
        pool = self._pool
        self._detached_info = dict(record.info)
        record.checked_out = False
        record.dbapi_connection = None
        record._info = None
        pool._do_return_conn(record)
        self._connection_record = None
        if pool.dispatch.detach:
            pool.dispatch.detach(self.dbapi_connection, record)

    def _return_abandoned(self) -> None:
        connection = self.dbapi_connection
        record = self._connection_record
        self.dbapi_connection = None
        self._connection_record = None
        pool = self._pool
        give_back(
            pool,
            connection,
            record,
            PoolResetState(False, record is None, not pool._dialect.is_async),
        )


def give_back(
    pool: Pool,
    connection: Any,
    record: ConnectionRecord | None,
    state: PoolResetState,
) -> None:
    """
    Reset a connection, and return it or (if it is detached) close it.

    Cases:
      1. it was invalidated: only the place goes back;
      2. I/O is not possible (an asyncio connection in the garbage
         collector): it is terminated, if the driver can, with a warning;
      3. the reset fails: it is invalidated, the place goes back;
      4. it was made by the parent of this process, who will return it.
    """
    if pool._is_inherited(record):
        pool._keep_inherited(connection)
        return
    if connection is not None:
        detached = record is None
        if detached and not state.terminate_only:
            state = PoolResetState(state.transaction_was_reset, True, state.asyncio_safe)
        if not detached and pool._should_log_debug():
            pool.logger.debug(
                "Connection %r being returned to pool%s",
                connection,
                ", transaction state was already reset by caller" if state.transaction_was_reset else "",
            )
        if not state.asyncio_safe:
            state = PoolResetState(state.transaction_was_reset, True, False)
            if record is not None:
                # the place goes on without it
                record.dbapi_connection = None
                record.invalidate()
        try:
            reset(pool, connection, record, state)
            if state.terminate_only:
                _end(pool, connection, state)
        except BaseException as err:
            pool._reset_failed(record, err)
    if record is not None and record.checked_out:
        record.checkin()


def _end(pool: Pool, connection: Any, state: PoolResetState) -> None:
    if state.asyncio_safe:
        if pool.dispatch.close_detached:
            pool.dispatch.close_detached(connection)
        pool._close_connection(connection)
        return
    if pool._dialect.has_terminate:
        pool._close_connection(connection, terminate=True)
        how = "which will be terminated."
    else:
        how = "which will be dropped, as it cannot be safely terminated."
    util.warn(
        "The garbage collector is trying to clean up non-checked-in connection "
        f"{connection!r}, {how}  Please ensure that SQLAlchemy pooled connections are returned to "
        "the pool explicitly, either by calling ``close()`` or by using appropriate context "
        "managers to manage their lifecycle."
    )


def reset(pool: Pool, connection: Any, record: ConnectionRecord | None, state: PoolResetState) -> None:
    """
    Reset the transaction of a connection as the pool is set up to.
    """
    if pool.dispatch.reset:
        pool.dispatch.reset(connection, record, state)
    decision = plan_reset(
        pool._on_return,
        transaction_was_reset=state.transaction_was_reset,
        is_usable=state.asyncio_safe,
    )
    logs = pool._should_log_debug()
    if decision is OnReturn.ROLLBACK:
        if logs:
            pool.logger.debug("Connection %s rollback-on-return", connection)
        pool._dialect.do_rollback(connection)
    elif decision is OnReturn.COMMIT:
        if logs:
            pool.logger.debug("Connection %s commit-on-return", connection)
        pool._dialect.do_commit(connection)
    elif decision is OnReturn.ALREADY_DONE and logs:
        pool.logger.debug("Connection %s reset, transaction already reset", connection)
