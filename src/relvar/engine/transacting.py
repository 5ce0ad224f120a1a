"""
The transactions of a `Connection`: how they begin, and what is sent for each of their steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar.engine.errors import COMMITTING
from relvar.engine.transactions import (
    NestedTransaction,
    RootTransaction,
    Transaction,
    TransactionalContext,
    TwoPhaseTransaction,
)
from relvar.expr.options import seconds_of
from relvar.util.immutable import EMPTY_DICT

if TYPE_CHECKING:
    from relvar.dialect.default import DefaultDialect
    from relvar.engine.base import Engine
    from relvar.pool import PoolProxiedConnection

__all__ = ["TransactingConnection"]

_NO_OPTIONS: Mapping[str, Any] = EMPTY_DICT


class TransactingConnection:
    """
    The part of a `Connection` that knows of transactions; `Connection` alone has this base.
    """

    # What a new connection has, unless said otherwise.
    _allow_autobegin = True
    _in_begin = False
    _transaction: RootTransaction | None = None
    _nested_transaction: NestedTransaction | None = None
    _trans_context_manager: TransactionalContext | None = None
    _savepoint_number = 0

    if TYPE_CHECKING:
        # what the other part has
        engine: Engine
        dialect: DefaultDialect
        _dbapi_connection: Any
        _execution_options: Mapping[str, Any]
        _echo: bool
        _has_events: bool
        _invalidated: bool
        _overdue: Any

        @property
        def connection(self) -> PoolProxiedConnection: ...
        @property
        def dispatch(self) -> Any: ...
        @property
        def _still_open_and_dbapi_connection_is_valid(self) -> bool: ...
        def _revalidate(self) -> Any: ...
        def _raise_invalid_transaction(self) -> NoReturn: ...
        def _log(self, message: str, *args: Any) -> None: ...
        def _handle_error(
            self, err: BaseException, statement: str | None, parameters: Any, cursor: Any, context: Any
        ) -> NoReturn: ...

    def in_transaction(self) -> bool:
        """Tell whether there is a transaction."""
        return self._transaction is not None and self._transaction.is_active

    def in_nested_transaction(self) -> bool:
        """Tell whether there is a savepoint."""
        return self._nested_transaction is not None and self._nested_transaction.is_active

    def get_transaction(self) -> RootTransaction | None:
        """Give the transaction, if there is one."""
        return self._transaction

    def get_nested_transaction(self) -> NestedTransaction | None:
        """Give the innermost savepoint, if there is one."""
        return self._nested_transaction

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
        if self._transaction is None:
            connection = self._dbapi_connection
            if connection is None or self._invalidated or connection.dbapi_connection is None:
                self._dbapi_checked()
            return RootTransaction(self)
        raise exc.InvalidRequestError(
            "This connection has already initialized a SQLAlchemy Transaction() object via begin() or "
            "autobegin; "
            "can't call begin() here unless rollback() or commit() is called first."
        )

    def begin_nested(self) -> NestedTransaction:
        """
        Begin a savepoint, and a transaction around it if there is none.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").begin() as connection:
        ...     _ = connection.execute(text("CREATE TABLE users (name VARCHAR)"))
        ...     savepoint = connection.begin_nested()
        ...     _ = connection.execute(text("INSERT INTO users VALUES ('ann')"))
        ...     savepoint.rollback()
        ...     connection.scalar(text("SELECT count(*) FROM users"))
        0
        """
        if self._transaction is None:
            self._autobegin()
        return NestedTransaction(self)

    def begin_twophase(self, xid: Any = None) -> TwoPhaseTransaction:
        """
        Begin a transaction that can be prepared.

        Raises:
            InvalidRequestError: There is a transaction already.
        """
        if self._transaction is not None:
            raise exc.InvalidRequestError(
                "Cannot start a two phase transaction when a transaction is already in progress."
            )
        return TwoPhaseTransaction(self, self.dialect.create_xid() if xid is None else xid)

    def commit(self) -> None:
        """
        Commit the transaction, if there is one.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     _ = connection.execute(text("CREATE TABLE kept (id INTEGER)"))
        ...     connection.commit()
        ...     connection.in_transaction()
        False
        """
        if self._transaction is not None:
            self._transaction.commit()

    def rollback(self) -> None:
        """
        Roll back the transaction, if there is one.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     _ = connection.execute(text("CREATE TABLE users (name VARCHAR)"))
        ...     connection.commit()
        ...     _ = connection.execute(text("INSERT INTO users VALUES ('ann')"))
        ...     connection.rollback()
        ...     connection.scalar(text("SELECT count(*) FROM users"))
        0
        """
        if self._transaction is not None:
            self._transaction.rollback()

    def recover_twophase(self) -> list[Any]:
        """List the prepared transactions there are."""
        return self._twophase_step(self.dialect.do_recover_twophase)  # type: ignore[no-any-return]  # of the dialect

    def rollback_prepared(self, xid: Any, recover: bool = False) -> None:
        """Roll back a prepared transaction."""
        self._twophase_step(self.dialect.do_rollback_twophase, xid, recover=recover)

    def commit_prepared(self, xid: Any, recover: bool = False) -> None:
        """Commit a prepared transaction."""
        self._twophase_step(self.dialect.do_commit_twophase, xid, recover=recover)

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
        RootTransaction(self)

    def _ready(self, options: Mapping[str, Any] = _NO_OPTIONS) -> Any:
        """
        Give the DBAPI connection to execute on, in a transaction; *options* are those of the execution.

        Raises:
            ResourceClosedError: This connection is closed.
            PendingRollbackError: It was lost, and a transaction is still open.
            InvalidRequestError: The block's transaction ended.
        """
        connection = self._dbapi_connection
        dbapi_connection = None if connection is None else connection.dbapi_connection
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
        own = self._execution_options
        self._execution_options = options
        try:
            self._autobegin()
        finally:
            self._execution_options = own

    def _call_within(
        self, call: Callable[[Any], Any], dbapi_connection: Any, can_cancel: bool = False
    ) -> None:
        """Call the driver within the option ``timeout``; a COMMIT is no statement that could be stopped."""
        from relvar.engine.deadline import call_within  # few connections have a limit

        seconds = seconds_of(self._execution_options["timeout"])
        call_within(self, dbapi_connection, seconds, call, dbapi_connection, can_cancel=can_cancel)

    def _is_autocommit(self) -> bool:
        options = self._execution_options
        level = options.get("isolation_level") or self.dialect._on_connect_isolation_level
        return bool(level == "AUTOCOMMIT")

    def _begin_impl(self, transaction: Transaction) -> None:
        if self._echo:
            if self._is_autocommit():
                self._log("BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)")
            else:
                self._log("BEGIN (implicit)")
        if self._has_events or self.engine._has_events:
            # A listener may send its own BEGIN: that must not begin a transaction in turn.
            self._in_begin = True
            try:
                self.dispatch.begin(self)
            finally:
                self._in_begin = False
        connection = self._dbapi_connection
        dbapi_connection = None if connection is None else connection.dbapi_connection
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
        if self._has_events or self.engine._has_events:
            self.dispatch.commit(self)
        if self._echo:
            if self._is_autocommit():
                self._log("COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode")
            else:
                self._log("COMMIT")
        try:
            if "timeout" in self._execution_options:
                self._call_within(self.dialect.do_commit, self.connection.dbapi_connection)
            else:
                self.dialect.do_commit(self.connection.dbapi_connection)
        except BaseException as err:
            self._handle_error(err, None, None, None, COMMITTING)

    def _rollback_impl(self) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.rollback(self)
        connection = self._dbapi_connection
        dbapi_connection = None if connection is None else connection.dbapi_connection
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

    def _savepoint_impl(self) -> str:
        self._savepoint_number += 1
        name = f"sa_savepoint_{self._savepoint_number}"
        if self._has_events or self.engine._has_events:
            self.dispatch.savepoint(self, name)
        self.dialect.do_savepoint(self, name)
        return name

    def _rollback_to_savepoint_impl(self, name: str) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.rollback_savepoint(self, name, None)
        if self._still_open_and_dbapi_connection_is_valid:
            self.dialect.do_rollback_to_savepoint(self, name)

    def _release_savepoint_impl(self, name: str) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.release_savepoint(self, name, None)
        self.dialect.do_release_savepoint(self, name)

    def _begin_twophase_impl(self, transaction: TwoPhaseTransaction) -> None:
        if self._echo:
            self._log("BEGIN TWOPHASE (implicit)")
        if self._has_events or self.engine._has_events:
            self.dispatch.begin_twophase(self, transaction.xid)
        self._dbapi_checked()
        self._in_begin = True
        try:
            self.dialect.do_begin_twophase(self, transaction.xid)
        except NotImplementedError:
            raise
        except BaseException as err:
            self._handle_error(err, None, None, None, None)
        finally:
            self._in_begin = False

    def _twophase_step(self, step: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """
        Run a step of a dialect that may call the driver itself; the driver's errors are wrapped.
        """
        try:
            return step(self, *args, **options)
        except exc.StatementError:
            raise
        except BaseException as err:
            self._handle_error(err, None, None, None, None)

    def _prepare_twophase_impl(self, xid: Any) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.prepare_twophase(self, xid)
        self._twophase_step(self.dialect.do_prepare_twophase, xid)

    def _commit_twophase_impl(self, xid: Any, is_prepared: bool) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.commit_twophase(self, xid, is_prepared)
        self._twophase_step(self.dialect.do_commit_twophase, xid, is_prepared)

    def _rollback_twophase_impl(self, xid: Any, is_prepared: bool) -> None:
        if self._has_events or self.engine._has_events:
            self.dispatch.rollback_twophase(self, xid, is_prepared)
        if self._still_open_and_dbapi_connection_is_valid:
            self._twophase_step(self.dialect.do_rollback_twophase, xid, is_prepared)
