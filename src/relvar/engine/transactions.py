# Compiled as it is, see setup.py.
"""
Transactions of a connection, and the part of the connection that they begin and end with.

States, and what leads from one to the other:

| state      | commit()          | rollback() / close() | error while committing |
|------------|-------------------|----------------------|------------------------|
| active     | -> done           | -> done              | -> inactive            |
| inactive   | raises            | -> done              |                        |
| done       | raises            | nothing (warns)      |                        |

Rule 1: a connection has at most one root transaction; savepoints nest in it.
Rule 2: ending the root ends all savepoints in it.
Rule 3: inside ``with connection.begin():`` nothing may run after the
transaction ended, until the block is left.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar._kernels.lend import Loan, new_of
from relvar._kernels.own import is_found
from relvar.engine.errors import COMMITTING, STARTED, handle_connect_error, handle_error
from relvar.event import clock
from relvar.expr.options import seconds_of
from relvar.util.immutable import EMPTY_DICT
from relvar.util.log import ERROR as _ERROR
from relvar.util.log import INFO as _INFO
from relvar.util.log import enabled, say
from relvar.util.warning import warn

if TYPE_CHECKING:
    from typing import Self

    from relvar.dialect.default import DefaultDialect
    from relvar.engine.base import Connection, Engine

_NO_OPTIONS: Mapping[str, Any] = EMPTY_DICT

# Options of a connection that the shortest path does not look at.
PLAIN_OPTIONS = frozenset(
    {
        "compiled_cache",
        "schema_translate_map",
        "stream_results",
        "max_row_buffer",
        "yield_per",
        "no_parameters",
        "insertmanyvalues_page_size",
        "preserve_rowcount",
        "logging_token",
        "driver_column_names",
        "timeout",
    }
)


class EngineBase:
    """
    What connections ask their engine for; the base of `Engine`.

    ``_log_levels``: what ``logging`` itself keeps per level, and empties when it is configured; reading it is
    cheaper than asking.  ``_plain_at``: the tick at which connections with the engine's own options were
    found to be plain.
    """

    _compiled_cache: Any
    _execution_options: Mapping[str, Any]
    dialect: Any
    pool: Any
    # see `relvar.ext.routing`
    _has_replicas: bool
    _log_levels: dict[int, bool]
    _plain_at: int

    def connect(self) -> Connection:
        """
        Take a connection out of the pool.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.scalar(text("SELECT 1"))
        1
        """
        own: Any = self  # an Engine
        cls = own._connection_cls
        made: Connection | None = new_of(cls, ConnectionBase)
        if made is None:
            return cls(own)  # type: ignore[no-any-return]  # as declared
        _connect(made, own, None, None, True, True)
        return made

    def __copy__(self) -> Any:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._compiled_cache = self._compiled_cache
        made._execution_options = self._execution_options
        made._log_levels = self._log_levels
        made._plain_at = self._plain_at
        made._has_replicas = self._has_replicas
        for name in ("dialect", "pool"):
            if name in vars(EngineBase) and is_found(self, name, vars(EngineBase)[name]):
                setattr(made, name, getattr(self, name))
        return made


# The descriptors of what is a field in C, for which subclasses may have properties.
_dialect: Any = vars(EngineBase).get("dialect")
_pool: Any = vars(EngineBase).get("pool")


# What of a `Connection` each transaction and statement passes; compiled, its fields are laid out in C.
#
# `Connection` alone has this base.  It is a class written in Python, whose attributes programs can set and
# whose properties they can look into.  What stands in the place of docstrings here tells `inspect` the
# parameters of a class, as C code does.
class ConnectionBase:
    "ConnectionBase(engine, connection=None, _has_events=None, \
_allow_revalidate=True, _allow_autobegin=True)\n--\n\n"

    __slots__ = (
        "_allow_autobegin",
        "_can_reconnect",
        "_dbapi_connection",
        "_dispatch",
        "_echo",
        "_execution_options",
        "_has_events",
        "_in_begin",
        "_invalidated",
        "_logging_token",
        "_nested_transaction",
        "_overdue",
        "_own_strict",
        "_plain_at",
        "_reentrant_error",
        "_savepoint_number",
        "_trans_context_manager",
        "_transaction",
        "dialect",
        "engine",
    )

    engine: Engine
    dialect: DefaultDialect
    _allow_autobegin: bool
    _can_reconnect: bool
    _dbapi_connection: Any
    _dispatch: Any
    _echo: bool
    _execution_options: Mapping[str, Any]
    _has_events: bool
    _in_begin: bool
    _invalidated: bool
    _logging_token: str | None
    _nested_transaction: NestedTransaction | None
    # the limit of the call that has just failed
    _overdue: Any
    # what a session says in the dialect's place
    _own_strict: bool | None
    _plain_at: int
    _reentrant_error: bool
    _savepoint_number: int
    _trans_context_manager: TransactionalContext | None
    _transaction: RootTransaction | None

    def __init__(
        self,
        engine: Engine,
        connection: Any = None,
        _has_events: bool | None = None,
        _allow_revalidate: bool = True,
        _allow_autobegin: bool = True,
    ) -> None:
        _connect(self, engine, connection, _has_events, _allow_revalidate, _allow_autobegin)

    @property
    def _strict(self) -> bool:
        """See `Connection.is_strict`."""
        own = self._own_strict
        return self.dialect.strict if own is None else own

    def _events(self) -> Any:
        """
        Give the events of this connection; see `Connection.dispatch`.
        """
        return self.engine.dispatch if self._dispatch is None else self._dispatch

    def _is_plain(self) -> bool:
        """
        Tell whether statements can run without events, logging, hooks or options to look at.

        The answer is kept until a listener comes or goes, anywhere.
        """
        ticks = clock.ticks
        if self._plain_at == ticks:
            return True
        engine, dialect = self.engine, self.dialect
        if (
            self._has_events
            or engine._has_events
            or dialect._has_events
            or self._echo
            or engine._context_always
            or dialect.server_side_cursors
            or not PLAIN_OPTIONS.isdisjoint(self._execution_options)
        ):
            return False
        self._plain_at = ticks
        if self._execution_options is engine._execution_options:
            engine._plain_at = ticks
        return True

    # -- the DBAPI connection --

    def _loan(self) -> Any:
        """
        Give the pooled DBAPI connection, taking a new one if it was lost; see `Connection.connection`.
        """
        connection = self._dbapi_connection
        if connection is None or self._invalidated:
            return self._revalidate()
        return connection

    def _revalidate(self) -> Any:
        if not self._invalidated:
            raise exc.ResourceClosedError("This Connection is closed")
        if self._transaction is not None:
            self._raise_invalid_transaction()
        if not self._can_reconnect:
            raise exc.ResourceClosedError("This Connection is closed")
        self._dbapi_connection = self.engine.raw_connection()
        self._invalidated = False
        return self._dbapi_connection

    def _raise_invalid_transaction(self) -> NoReturn:
        kind = "savepoint " if self._nested_transaction is not None and self._transaction is None else ""
        raise exc.PendingRollbackError(
            f"Can't reconnect until invalid {kind}transaction is rolled back.  Please rollback() fully "
            "before "
            "proceeding",
            code="8s2b",
        )

    def _close_with(self, transaction: Transaction) -> None:
        """
        Roll *transaction* back, which is the connection's own, and close.
        """
        loan = self._dbapi_connection
        own = self._transaction
        dbapi_connection = self._driver_connection()
        if (
            self._plain_at != clock.ticks
            or own is None
            or own is not transaction
            or type(own) is not RootTransaction
            or self._nested_transaction is not None
            or self._invalidated
            or dbapi_connection is None
        ):
            try:
                transaction.close()
                self._close_rolled_back()
            except BaseException as err:
                self._abandon(err)
                raise
            return
        # the same in one step, as nobody watches
        try:
            self.dialect.do_rollback(dbapi_connection)
        except BaseException as err:
            try:
                self._handle_error(err, None, None, None, None)
            finally:
                self._abandon(err)
        finally:
            own.is_active = False
            self._transaction = None
        self._dbapi_connection = None
        _give_back(loan)
        self._can_reconnect = False

    def _close_rolled_back(self) -> None:
        """
        Close, where the transaction was just rolled back by whoever calls.

        Unless somebody watches the pool, it need not roll back once more.
        """
        connection = self._dbapi_connection
        if connection is None or self._transaction is not None or self._invalidated:
            self.close()
            return
        self._dbapi_connection = None
        connection._close_rolled_back()
        self._can_reconnect = False

    def close(self) -> None:
        """Roll back what is open, and give the DBAPI connection back to the pool."""
        self._end_use()

    def _end_use(self) -> None:
        try:
            if self._transaction is not None:
                self._transaction.close()
                connection = self._dbapi_connection
                if connection is not None:
                    self._dbapi_connection = None
                    connection._close_special(transaction_reset=True)
            else:
                connection = self._dbapi_connection
                if connection is not None:
                    self._dbapi_connection = None
                    if isinstance(connection, Loan):
                        known: Loan = connection
                        known.close()
                    else:
                        connection.close()
        except BaseException as err:
            self._abandon(err)
            raise
        if self._invalidated:
            self._invalidated = False
        self._can_reconnect = False

    def _abandon(self, err: BaseException) -> None:
        """
        Throw the DBAPI connection away, where giving it back failed or was interrupted half way.
        """
        connection = self._dbapi_connection
        self._transaction = self._nested_transaction = self._dbapi_connection = None
        if connection is not None and connection.is_valid:
            with contextlib.suppress(Exception):
                connection.invalidate(err)

    def _handle_error(
        self, err: BaseException, statement: str | None, parameters: Any, cursor: Any, context: Any
    ) -> NoReturn:
        own: Any = self  # a Connection
        handle_error(own, err, statement, parameters, cursor, context)

    def _driver_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        """Open a cursor; an error of the driver is wrapped, as one of *statement*."""
        try:
            return dbapi_connection.cursor()
        except BaseException as err:
            self._handle_error(err, statement, None, None, STARTED)

    def _close_cursor(self, cursor: Any) -> None:
        """Close a cursor; a failure is logged, not raised."""
        try:
            cursor.close()
        except BaseException as err:
            self._close_failed(err)

    def _fetch_failed(self, err: BaseException, cursor: Any) -> NoReturn:
        self._handle_error(err, None, None, cursor, STARTED)

    def _close_failed(self, err: BaseException) -> None:
        if not isinstance(err, Exception):
            # nobody knows how far it came
            self._handle_error(err, None, None, None, None)
        with contextlib.suppress(Exception):
            say(self.engine.pool.logger, _ERROR, "Error closing cursor", exc_info=True)

    def _log(self, message: str, *args: Any) -> None:
        if self._logging_token:
            message = f"[{self._logging_token}] {message}"
        say(self.engine.logger, _INFO, message, *args)

    # -- the transaction --

    def begin(self) -> RootTransaction:
        """
        Begin a transaction; usable as a context manager.

        Raises:
            InvalidRequestError: There is one already.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     with connection.begin():
        ...         _ = connection.execute(text("CREATE TABLE kept (id INTEGER)"))
        ...     connection.in_transaction()
        False
        """
        return self._begin_root()  # type: ignore[no-any-return]  # a `RootTransaction`

    def _begin_root(self) -> Any:
        if self._transaction is None:
            if self._invalidated or self._driver_connection() is None:
                self._dbapi_checked()
            return _begun(self)
        raise exc.InvalidRequestError(
            "This connection has already initialized a SQLAlchemy Transaction() object via begin() or "
            "autobegin; "
            "can't call begin() here unless rollback() or commit() is called first."
        )

    def _driver_connection(self) -> Any:
        """Give the DBAPI connection at hand, or None."""
        loan = self._dbapi_connection
        if isinstance(loan, Loan):
            return _lent(loan)
        return None if loan is None else loan.dbapi_connection

    def _at_hand(self) -> Any:
        """
        Give what `_ready` gives where that is simple, in a transaction without savepoint or block; else None.
        """
        transaction = self._transaction
        if (
            transaction is None
            or not transaction.is_active
            or self._trans_context_manager is not None
            or self._nested_transaction is not None
        ):
            return None
        return self._driver_connection()

    def _dbapi_checked(self) -> Any:
        """Give the DBAPI connection, taking a new one if it was lost."""
        connection = self._dbapi_connection
        if connection is None or self._invalidated:
            connection = self._revalidate()
        dbapi_connection = connection.dbapi_connection
        if dbapi_connection is None:
            # invalidated behind our back, by the pool or another holder
            self._dbapi_connection = None
            self._invalidated = True
            dbapi_connection = self._revalidate().dbapi_connection
        return dbapi_connection

    def _autobegin(self) -> None:
        if not self._allow_autobegin or self._in_begin:
            return
        TransactionalContext.check(self)
        self._dbapi_checked()
        _begun(self)

    def _ready(self, options: Mapping[str, Any] = _NO_OPTIONS) -> Any:
        """
        Give the DBAPI connection to execute on, in a transaction; *options* are those of the execution.

        Raises:
            ResourceClosedError: This connection is closed.
            PendingRollbackError: It was lost, and a transaction is still open.
            InvalidRequestError: The block's transaction ended.
        """
        dbapi_connection = self._driver_connection()
        if dbapi_connection is None or self._invalidated:
            dbapi_connection = self._dbapi_checked()
        transaction = self._transaction
        if transaction is None:
            if "timeout" in options:
                self._begin_with(options)
            else:
                self._autobegin()
        else:
            nested = self._nested_transaction
            if not transaction.is_active or (nested is not None and not nested.is_active):
                self._raise_invalid_transaction()
            if self._trans_context_manager is not None:
                TransactionalContext.check(self)
        return dbapi_connection

    def _begin_with(self, options: Mapping[str, Any]) -> None:
        """Begin, within the option ``timeout`` of the statement that needs it."""
        own, plain_at = self._execution_options, self._plain_at
        self._execution_options = options
        self._plain_at = -1
        try:
            self._autobegin()
        finally:
            self._execution_options, self._plain_at = own, plain_at

    def _call_within(
        self, call: Callable[[Any], Any], dbapi_connection: Any, can_cancel: bool = False
    ) -> None:
        """Call the driver within the option ``timeout``; a COMMIT is no statement that could be stopped."""
        from relvar.engine.deadline import call_within  # few connections have a limit

        seconds = seconds_of(self._execution_options["timeout"])
        own: Any = self  # a Connection
        call_within(own, dbapi_connection, seconds, call, dbapi_connection, can_cancel=can_cancel)

    def _is_autocommit(self) -> bool:
        options = self._execution_options
        level = options.get("isolation_level") or self.dialect._on_connect_isolation_level
        return bool(level == "AUTOCOMMIT")

    def _begin_impl(self, transaction: Transaction) -> None:
        if self._plain_at == clock.ticks and not self._invalidated:
            # nobody listens, nothing is logged, and there is no limit
            dbapi_connection = self._driver_connection()
            if dbapi_connection is not None:
                try:
                    self.dialect.do_begin(dbapi_connection)
                except BaseException as err:
                    self._handle_error(err, None, None, None, None)
                return
        if self._echo:
            if self._is_autocommit():
                self._log("BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)")
            else:
                self._log("BEGIN (implicit)")
        if self._has_events or self.engine._has_events:
            # A listener may send its own BEGIN: that must not begin a transaction in turn.
            self._in_begin = True
            try:
                self._events().begin(self)
            finally:
                self._in_begin = False
        dbapi_connection = self._driver_connection()
        try:
            if dbapi_connection is None or self._invalidated:
                dbapi_connection = self._dbapi_checked()
            if "timeout" in self._execution_options:
                self._call_within(self.dialect.do_begin, dbapi_connection)
            else:
                self.dialect.do_begin(dbapi_connection)
        except BaseException as err:
            self._handle_error(err, None, None, None, None)

    def _commit_impl(self) -> None:
        if self._plain_at == clock.ticks and not self._invalidated:
            # as above
            dbapi_connection = self._driver_connection()
            if dbapi_connection is not None:
                try:
                    self.dialect.do_commit(dbapi_connection)
                except BaseException as err:
                    self._handle_error(err, None, None, None, COMMITTING)
                return
        if self._has_events or self.engine._has_events:
            self._events().commit(self)
        if self._echo:
            if self._is_autocommit():
                self._log("COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode")
            else:
                self._log("COMMIT")
        try:
            if "timeout" in self._execution_options:
                self._call_within(self.dialect.do_commit, self._loan().dbapi_connection)
            else:
                self.dialect.do_commit(self._loan().dbapi_connection)
        except BaseException as err:
            self._handle_error(err, None, None, None, COMMITTING)

    def _rollback_impl(self) -> None:
        if self._has_events or self.engine._has_events:
            self._events().rollback(self)
        dbapi_connection = self._driver_connection()
        if dbapi_connection is not None and not self._invalidated:
            if self._echo:
                if not self._is_autocommit():
                    self._log("ROLLBACK")
                elif self.dialect.skip_autocommit_rollback:
                    self._log("ROLLBACK will be skipped by skip_autocommit_rollback")
                else:
                    self._log(
                        "ROLLBACK using DBAPI connection.rollback(); set skip_autocommit_rollback to "
                        "prevent fully"
                    )
            try:
                if "timeout" in self._execution_options:
                    self._call_within(self.dialect.do_rollback, dbapi_connection)
                else:
                    self.dialect.do_rollback(dbapi_connection)
            except BaseException as err:
                self._handle_error(err, None, None, None, None)


def _lent(loan: Loan) -> Any:
    """
    Give what a pool lends; reading it from its derived class, which has a `__getattr__`, is dear.
    """
    return loan.dbapi_connection


def _give_back(loan: Any) -> None:
    """
    Return what a pool lends, after a rollback.
    """
    if isinstance(loan, Loan):
        known: Loan = loan
        known._close_rolled_back()
    else:
        loan._close_rolled_back()


def _connect(
    connection: ConnectionBase,
    engine: Any,
    lent: Any,
    has_events: bool | None,
    revalidate: bool,
    autobegin: bool,
) -> None:
    """
    Set the fields of a new connection, which is taken out of the pool.

    Args:
        lent: What was taken out before, and then
        revalidate, autobegin: whether the connection may take another, and begin by itself.
    """
    known: EngineBase = engine
    is_usual = _dialect is not None and is_found(engine, "dialect", _dialect)
    dialect = known.dialect if is_usual else engine.dialect
    if lent is None:
        is_usual = _pool is not None and is_found(engine, "pool", _pool)
        pool = known.pool if is_usual else engine.pool
        try:
            lent = pool.connect()
        except dialect.loaded_dbapi.Error as err:
            handle_connect_error(err, dialect, engine)
            raise
        revalidate = autobegin = True
    connection.engine = engine
    connection.dialect = dialect
    connection._allow_autobegin = autobegin
    connection._can_reconnect = revalidate
    connection._dbapi_connection = lent
    connection._invalidated = connection._in_begin = connection._reentrant_error = False
    connection._transaction = connection._nested_transaction = connection._trans_context_manager = None
    connection._savepoint_number = 0
    connection._overdue = connection._own_strict = connection._logging_token = connection._dispatch = None
    _take_options(connection, engine, has_events)
    if connection._has_events:
        engine.dispatch.engine_connect(connection)


def _take_options(connection: ConnectionBase, engine: Any, has_events: bool | None) -> None:
    """
    Have the options of an engine, and know whether somebody listens or statements are logged.
    """
    known: EngineBase = engine
    connection._execution_options = known._execution_options
    if has_events is None:
        # nobody listened at that tick
        has_events = known._plain_at != clock.ticks and bool(engine._has_events)
    connection._has_events = has_events
    echo = _known_level(known._log_levels)
    connection._echo = enabled(engine.logger, _INFO) if echo is None else echo
    # what it found out for another connection with the same options
    connection._plain_at = -1 if connection._has_events or connection._echo else known._plain_at


def _known_level(levels: Any) -> Any:
    """
    Return whether a logger says what happens, None if ``logging`` has not found out.
    """
    if isinstance(levels, dict):
        known: dict[int, bool] = levels
        return known.get(_INFO)
    return levels.get(_INFO)


class TransactionalContext:
    """
    Something that begins a transaction by ``with`` and ends it with the block.
    """

    __slots__ = ("_outer_trans_ctx", "_subject")

    # -- what subclasses say ---------------------------------------------------

    def _is_usable(self) -> bool:
        """Whether the transaction can still be committed."""
        raise NotImplementedError

    def _needs_rollback(self) -> bool:
        """Whether leaving the block by an error has something to roll back."""
        raise NotImplementedError

    def _context_subject(self) -> Any:
        """The connection or session whose statements the block guards."""
        raise NotImplementedError

    def commit(self) -> None:
        """Commit."""
        raise NotImplementedError

    def rollback(self) -> None:
        """Roll back."""
        raise NotImplementedError

    def close(self) -> None:
        """Roll back, if there is something to roll back."""
        raise NotImplementedError

    # -- the block ---------------------------------------------------------------

    @staticmethod
    def check(subject: Any) -> None:
        """
        Refuse to run a statement in a block whose transaction ended (Rule 3).
        """
        context = subject._trans_context_manager
        if context is not None and not context._is_usable():
            raise exc.InvalidRequestError(
                "Can't operate on closed transaction inside context manager.  Please complete the context "
                "manager "
                "before emitting further commands."
            )

    def __enter__(self) -> Self:
        subject = self._context_subject()
        self._outer_trans_ctx: TransactionalContext | None = subject._trans_context_manager
        self._subject: Any = subject
        subject._trans_context_manager = self
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        subject = self._subject
        # A nested block may have changed the manager; ours is only put back if it is ours still.
        ours = subject is not None and subject._trans_context_manager is self
        try:
            if type_ is None and self._is_usable():
                try:
                    self.commit()
                except BaseException:
                    if self._needs_rollback():
                        self.rollback()
                    raise
            elif self._is_usable() or self._needs_rollback():
                if type_ is None:
                    self.close()
                else:
                    self.rollback()
        finally:
            if ours:
                subject._trans_context_manager = self._outer_trans_ctx
            self._subject = self._outer_trans_ctx = None


# What a `Transaction` keeps and does; it alone has this base, and `RootBase`.
class TransactionBase(TransactionalContext):
    "TransactionBase(connection)\n--\n\n"

    __slots__ = ("connection", "is_active")

    _is_root = False

    def __init__(self, connection: Any) -> None:
        raise NotImplementedError()

    def _start(self, connection: Any) -> None:
        """Be the active transaction of a connection."""
        self.connection: Connection = connection
        self.is_active: bool = True
        self._outer_trans_ctx = self._subject = None

    def _context_subject(self) -> Any:
        return self.connection

    def _is_usable(self) -> bool:
        return self.is_active

    def _needs_rollback(self) -> bool:
        return self._is_current()

    def _is_current(self) -> bool:
        """Whether the connection still has this transaction."""
        raise NotImplementedError

    def _end(self, commit: bool) -> None:
        raise NotImplementedError

    def commit(self) -> None:
        """
        Commit.

        Raises:
            InvalidRequestError: The transaction is over.
        """
        self._end(commit=True)

    def rollback(self) -> None:
        """Roll back."""
        self._end(commit=False)

    def close(self) -> None:
        """Roll back, if the transaction is not over yet."""
        if self._is_current():
            self._end(commit=False)
        else:
            self.is_active = False


# What a `RootTransaction` does; it alone has this base.
class RootBase(TransactionBase):
    "RootBase(connection)\n--\n\n"

    __slots__ = ()

    _is_root = True

    def __init__(self, connection: Any) -> None:
        _begin(self, connection)

    def _commit(self) -> None:
        self.connection._commit_impl()

    def _rollback(self) -> None:
        self.connection._rollback_impl()

    def _is_current(self) -> bool:
        return self.connection._transaction is self

    def _end(self, commit: bool) -> None:
        connection = self.connection
        if connection._transaction is not self:
            if commit:
                self._raise_inactive()
            warn("transaction already deassociated from connection")
            self.is_active = False
            return
        if commit and not self.is_active:
            self._raise_inactive()
        nested = connection._nested_transaction
        while nested is not None:
            nested.is_active = False
            nested = nested._previous_nested
        done = False
        try:
            if commit:
                self._commit()
            elif connection._still_open_and_dbapi_connection_is_valid:
                self._rollback()
            done = True
        finally:
            self.is_active: bool = False
            if done or not commit:
                connection._transaction = None
                connection._nested_transaction = None

    def _raise_inactive(self) -> None:
        if self.connection._transaction is self:
            raise exc.PendingRollbackError(
                "Can't operate on an inactive transaction.  Please rollback() fully before proceeding",
                code="8s2a",
            )
        raise exc.InvalidRequestError("This transaction is inactive")


def _begun(connection: ConnectionBase) -> Any:
    """
    Return a new transaction of a connection.
    """
    made = new_of(RootTransaction, RootBase)
    if made is None:
        return RootTransaction(connection)
    _begin(made, connection)
    return made


def _begin(transaction: Any, connection: ConnectionBase) -> None:
    """
    Begin the transaction of a connection.
    """
    transaction._start(connection)
    connection._begin_impl(transaction)
    connection._transaction = transaction


class Transaction(TransactionBase):
    """
    A transaction of a connection.
    """

    __slots__ = ()

    connection: Connection
    is_active: bool

    @property
    def is_valid(self) -> bool:
        """Whether the transaction is active, on a connection that was not lost."""
        return self.is_active and not self.connection.invalidated


class RootTransaction(RootBase, Transaction):
    """
    The transaction of a connection.
    """

    __slots__ = ()


class NestedTransaction(Transaction):
    """
    A savepoint.
    """

    __slots__ = ("_previous_nested", "_savepoint")

    def __init__(self, connection: Any) -> None:
        self._start(connection)
        self._savepoint = connection._savepoint_impl()
        self._previous_nested = connection._nested_transaction
        connection._nested_transaction = self

    def _is_current(self) -> bool:
        nested = self.connection._nested_transaction
        while nested is not None:
            if nested is self:
                return True
            nested = nested._previous_nested
        return False

    def _deactivate(self) -> None:
        """Take this savepoint, and those inside it, from the connection."""
        connection = self.connection
        nested = connection._nested_transaction
        while nested is not None:
            nested.is_active = False
            if nested is self:
                break
            nested = nested._previous_nested
        self.is_active = False
        connection._nested_transaction = self._previous_nested

    def _end(self, commit: bool) -> None:
        connection = self.connection
        if not self._is_current():
            self.is_active = False
            if commit:
                raise exc.InvalidRequestError("This nested transaction is inactive")
            warn("nested transaction already deassociated from connection")
            return
        if commit and not self.is_active:
            raise exc.InvalidRequestError("This nested transaction is inactive")
        try:
            if commit:
                connection._release_savepoint_impl(self._savepoint)
            elif self.is_active and connection._transaction is not None and connection._transaction.is_active:
                connection._rollback_to_savepoint_impl(self._savepoint)
        except BaseException:
            self.is_active: bool = False
            if not commit:
                self._deactivate()
            raise
        self._deactivate()


class TwoPhaseTransaction(RootTransaction):
    """
    A transaction that is prepared before it is committed.
    """

    __slots__ = ("_is_prepared", "xid")

    xid: Any

    def __init__(self, connection: Any, xid: Any) -> None:
        self._start(connection)
        self._is_prepared = False
        self.xid = xid
        connection._begin_twophase_impl(self)
        connection._transaction = self

    def prepare(self) -> None:
        """
        Prepare: after this, a commit can not fail.

        Raises:
            InvalidRequestError: The transaction is over.
        """
        if not self.is_active:
            raise exc.InvalidRequestError("This transaction is inactive")
        self.connection._prepare_twophase_impl(self.xid)
        self._is_prepared = True

    def _commit(self) -> None:
        self.connection._commit_twophase_impl(self.xid, self._is_prepared)

    def _rollback(self) -> None:
        self.connection._rollback_twophase_impl(self.xid, self._is_prepared)
