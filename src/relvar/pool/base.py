"""
What all pools have in common.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from relvar._kernels.lend import Shelf, roll_back
from relvar.event import EventTarget, clock, listen
from relvar.pool.places import Spot, forks, keep_inherited, occupy
from relvar.pool.plan import NEVER, OnReturn
from relvar.pool.record import ConnectionFairy, ConnectionRecord, PoolProxiedConnection
from relvar.pool.reset import AS_PLANNED, ResetStyle, parse_style
from relvar.util.log import DEBUG, ERROR, INFO, enabled, instance_logger, say
from relvar.util.signature import parameters_of

Creator = Callable[..., Any]


class PoolDialect:
    """
    What a pool needs of a dialect; used by pools that have none.
    """

    is_async = False
    has_terminate = False
    # what the creator makes may belong to the thread that made it
    connects_in_place = True
    is_in_process = False
    _serves_one_loop = False

    def do_rollback(self, dbapi_connection: Any) -> None:
        dbapi_connection.rollback()

    do_rollback.only_rolls_back = True  # type: ignore[attr-defined]  # see Pool._look_around

    def do_commit(self, dbapi_connection: Any) -> None:
        dbapi_connection.commit()

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()

    def do_close(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()

    def _do_ping_w_event(self, dbapi_connection: Any) -> bool:
        raise NotImplementedError(
            "The ping feature requires that a dialect is passed to the connection pool."
        )

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


def _level(err: BaseException) -> int:
    """
    Tell how loud an error of cleaning up is to be logged: a cancelled task, an interrupted program is none.
    """
    return ERROR if isinstance(err, Exception) else DEBUG


class Pool(Shelf, EventTarget):
    """
    Base of connection pools.

    Args:
        creator: Makes a driver connection; may take the pool's record of it.
        recycle: Replace connections older than this many seconds; -1: never.
        echo: Log invalidations; ``"debug"`` logs checkouts and returns too.
        logging_name: Appended to the name of the logger.
        reset_on_return: ``"rollback"`` (``True``), ``"commit"`` or ``None``.
        events: ``(function, event name)`` pairs to listen with.
        dialect: Says how to roll back, close and ping.
        pre_ping: Test connections before they are given out.
        timeout: Seconds after which `connect` ends, also when the server does
            not answer; ``None``: never.
    """

    logging_name: str | None = None

    # Whether waiting, or what is kept, belongs to an event loop (True) or to threads (False).
    _is_asyncio: bool | None = None

    _area = "pool.impl"
    _fairy_class: type[ConnectionFairy] = ConnectionFairy

    # what connect() and close() of the kernel look at
    _ticks: int
    _forks: int
    _returns_plainly: bool
    _rollback_is_reset: bool
    _plain_reset: Callable[[Any], Any] | None
    _log_levels: dict[int, bool]

    # whether the timeout counts for what the server is asked
    _is_limited = False
    # calls call_driver() of the record itself
    _creator_calls_driver = False

    def __init__(
        self,
        creator: Creator,
        recycle: int = -1,
        echo: Any = None,
        logging_name: str | None = None,
        reset_on_return: Any = True,
        events: Iterable[tuple[Callable[..., Any], str]] | None = None,
        dialect: Any = None,
        pre_ping: bool = False,
        _dispatch: Any = None,
        timeout: float | None = 30.0,
    ) -> None:
        self._orig_logging_name = logging_name
        if logging_name:
            self.logging_name = logging_name
        self._echo_arg = echo
        self._set_logger()
        self._creator = creator
        self._recycle = recycle
        self._invalidate_time: float = 0
        self._pre_ping = pre_ping
        self._reset_on_return = parse_style(reset_on_return)
        self._dialect = dialect if dialect is not None else PoolDialect()
        self._ticks = -1
        self._forks = forks.count
        self._timeout = timeout
        # how often; a connection asked for before is not kept after
        self._disposals = 0
        self._places: set[Spot] = set()
        self._detached: set[Spot] = set()
        forks.pools.add(self)
        if _dispatch is not None:
            self.dispatch._update(_dispatch, only_propagate=False)
        for fn, target in events or ():
            listen(self, target, fn)

    # ---------------------------------------------------------------- logging

    @property
    def echo(self) -> Any:
        """
        What ``echo`` was set to.
        """
        return self._echo_arg

    @echo.setter
    def echo(self, value: Any) -> None:
        self._echo_arg = value
        self._set_logger()

    def _set_logger(self) -> None:
        self.logger: Any = instance_logger(
            self._area, type(self).__name__, self._orig_logging_name, self._echo_arg
        )
        # what ``logging`` itself keeps per level, and empties when it is
        # configured; reading it is cheaper than asking
        self._log_levels = getattr(self.logger, "_cache", {})

    def _should_log_debug(self) -> bool:
        return enabled(self.logger, DEBUG)

    def _should_log_info(self) -> bool:
        return enabled(self.logger, INFO)

    # ------------------------------------------------------------- what it is

    @property
    def _dialect(self) -> Any:
        return self.__dialect

    @_dialect.setter
    def _dialect(self, dialect: Any) -> None:
        self.__dialect = dialect
        self._ticks = -1

    @property
    def _creator(self) -> Creator:
        return self._creator_arg

    @_creator.setter
    def _creator(self, creator: Creator) -> None:
        self._creator_arg = creator
        self._invoke_creator = _taking_record(creator)
        self._creator_calls_driver = getattr(creator, "_calls_driver", False)

    @property
    def _reset_on_return(self) -> ResetStyle:
        return self.__reset_style

    @_reset_on_return.setter
    def _reset_on_return(self, style: ResetStyle) -> None:
        self.__reset_style = style
        self._on_return = AS_PLANNED[style]
        self._ticks = -1

    def _look_around(self) -> None:
        """
        Find out again what can be skipped on checkout and return.

        Called when listeners changed anywhere, the dialect was set, or the
        process is a new one.
        """
        ticks = clock.ticks
        dispatch = self.dispatch
        dialect = self._dialect
        self._is_limited = self._timeout is not None and not (
            dialect.is_in_process or dialect.connects_in_place
        )
        # a subclass with a face of its own is not gone around
        self._loan_class = type(self)._fairy_class
        self._checkout_listeners = tuple(dispatch.checkout)
        self._checks_out_plainly = not (
            self._pre_ping
            or self._recycle > -1
            or self._invalidate_time
            # what they ask a server has to end in time
            or (self._checkout_listeners and self._is_limited)
        )
        self._returns_plainly = not (dispatch.checkin or dispatch.reset)
        self._plain_reset = self._reset_function()
        self._rollback_is_reset = self._on_return is not OnReturn.COMMIT
        self._ticks = ticks

    def _reset_function(self) -> Callable[[Any], Any] | None:
        """
        Return what resets a connection.

        A dialect whose ``do_rollback`` says that it ``only_rolls_back`` is not
        asked each time.
        """
        if self._on_return is OnReturn.NOTHING:
            return None
        if self._on_return is OnReturn.COMMIT:
            return self._dialect.do_commit  # type: ignore[no-any-return]  # a method of the dialect
        do_rollback = self._dialect.do_rollback
        if getattr(do_rollback, "only_rolls_back", False) and not getattr(
            self._dialect, "skip_autocommit_rollback", False
        ):
            return roll_back
        return do_rollback  # type: ignore[no-any-return]  # as above

    def _after_fork(self) -> bool:
        """
        Let go of what belongs to the parent process.

        Returns:
            Whether some of it is lent.
        """
        self._forks = forks.count
        spots = list(self._places)
        is_lent = bool(self._detached)
        for spot in spots:
            record = spot()
            is_lent = is_lent or record is not None and record.checked_out
        keep_inherited(spot.connection for spot in (*spots, *self._detached))
        self._places = set()
        self._detached = set()
        return is_lent

    def _is_inherited(self, record: ConnectionRecord | None) -> bool:
        """
        Tell whether a connection was made by a parent process.
        """
        return record is not None and record.forks != self._forks

    # ------------------------------------------------------------ connections

    if TYPE_CHECKING:

        def connect(self) -> PoolProxiedConnection: ...

    def _until(self) -> float:
        """
        Return when a checkout that begins now has to end.
        """
        return NEVER if self._timeout is None else time.monotonic() + self._timeout

    def _connect_watched(self) -> PoolProxiedConnection:
        if self._ticks != clock.ticks:
            self._look_around()
        until = self._until()
        record = self._do_get()
        if (
            self._checks_out_plainly
            and record.dbapi_connection is not None
            and not record._soft_invalidate_time
            and (self._log_levels.get(DEBUG) is False or not self._should_log_debug())
        ):
            return self._lend(record)  # type: ignore[no-any-return]  # of the class it was told
        return self._check_out(record, until)

    def _check_out(self, record: ConnectionRecord, until: float | None = None) -> PoolProxiedConnection:
        if until is None:
            until = self._until()
        try:
            connection = record.get_connection(until)
        except BaseException as err:
            record._checkin_failed(err)
            raise
        record.checked_out = True
        say(self.logger, DEBUG, "Connection %r checked out from pool", connection)
        loan = self._fairy_class(self, connection, record)
        loan._check(until)
        return self._lent_by(loan, record)

    def _lent_by(self, loan: PoolProxiedConnection, record: ConnectionRecord) -> PoolProxiedConnection:
        # the child of a listener that forked has no use for its parent's connection
        return self.connect() if self._is_inherited(record) else loan

    def _ping(self, dbapi_connection: Any) -> bool:
        say(self.logger, DEBUG, "Pool pre-ping on connection %s", dbapi_connection)
        return bool(self._dialect._do_ping_w_event(dbapi_connection))

    def _create_connection(self, until: float | None = None) -> ConnectionRecord:
        """
        Make a connection, in a new place of the pool.

        Args:
            until: When this has to end; by default the timeout begins now.
        """
        record = ConnectionRecord(self, connect=False)
        record.get_connection(until)
        return record

    def _forget(self, record: ConnectionRecord) -> None:
        """
        Count a place no more.
        """
        self._places.discard(record._place)

    def _readmit(self, record: ConnectionRecord) -> bool:
        """
        Count a place again; False if there is no room.
        """
        record._place = occupy(self._places, record, record.dbapi_connection)
        return True

    def _adopt(self, record: ConnectionRecord) -> None:
        """
        Take a connection that was made too late for who asked for it.
        """
        self._forget(record)
        record.close()

    def _close_connection(self, connection: Any, *, terminate: bool = False) -> None:
        say(self.logger, DEBUG, "%s connection %r", "Hard-closing" if terminate else "Closing", connection)
        try:
            if terminate:
                self._dialect.do_terminate(connection)
            else:
                self._dialect.do_close(connection)
        except BaseException as err:
            say(
                self.logger,
                _level(err),
                f"Exception {'terminating' if terminate else 'closing'} connection %r",
                connection,
                exc_info=True,
            )
            if not isinstance(err, Exception):
                raise

    def _invalidate(
        self, connection: Any, exception: BaseException | None = None, _checkin: bool = True
    ) -> None:
        """
        Declare all connections made before now stale.

        Each is replaced when it is used next.

        Args:
            connection: Where it was noticed; it is invalidated at once.
        """
        record = getattr(connection, "_connection_record", None)
        if record is None or self._invalidate_time < record.starttime:
            self._invalidate_time = time.time()
            self._ticks = -1
        if _checkin and getattr(connection, "is_valid", False):
            connection.invalidate(exception)

    def _reset_failed(self, record: ConnectionRecord | None, err: BaseException) -> None:
        """
        Throw a connection away that could not be reset.

        Args:
            err: Why; if it is to end the program, the caller raises it again, and the place goes back here.
        """
        stays = isinstance(err, Exception)
        try:
            say(self.logger, _level(err), "Exception during reset or similar", exc_info=True)
            if record is not None:
                record.invalidate(e=err)
        except BaseException:
            # a task that is cancelled once more, while its connection is closed
            stays = False
            raise
        finally:
            if not stays and record is not None and record.checked_out:
                record._checkin_unreset()

    def _return_conn(self, record: ConnectionRecord) -> None:
        if not self._is_inherited(record):
            # a listener may have forked
            self._do_return_conn(record)

    # ------------------------------------------------------- to be overridden

    def _do_get(self) -> ConnectionRecord:
        """
        Return a record out of the pool, waiting if need be.
        """
        raise NotImplementedError

    def _do_return_conn(self, record: ConnectionRecord) -> None:
        """
        Take a record back.
        """
        raise NotImplementedError

    def recreate(self) -> Pool:
        """
        Return a new pool with the arguments and listeners of this one.
        """
        raise NotImplementedError

    def dispose(self) -> None:
        """
        Close the connections that are not in use.
        """
        raise NotImplementedError

    def status(self) -> str:
        """
        Return a line about the pool.
        """
        raise NotImplementedError

    def _arguments(self) -> dict[str, Any]:
        """
        Return the arguments to make a pool like this one.
        """
        return {
            "recycle": self._recycle,
            "echo": self._echo_arg,
            "logging_name": self._orig_logging_name,
            "reset_on_return": self._reset_on_return,
            "dialect": self._dialect,
            "pre_ping": self._pre_ping,
            "timeout": self._timeout,
            "_dispatch": self.dispatch,
        }


def _taking_record(creator: Creator) -> Callable[[ConnectionRecord | None], Any]:
    """
    Return *creator* as a function of the record.

    It gets the record if it has one required argument, or one named
    ``connection_record``.
    """
    parameters = parameters_of(creator)
    if parameters is not None and (
        parameters.required == 1 or parameters.positional[:1] == ("connection_record",)
    ):
        return creator
    return lambda record: creator()


class ThreadRecords(threading.local):
    """
    What a thread has of a pool.
    """

    record: Any = None
