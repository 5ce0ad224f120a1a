"""
The transactions of a `Connection`: how they begin, and what is sent for each of their steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.engine.transactions import (
    ConnectionBase,
    NestedTransaction,
    RootTransaction,
    TwoPhaseTransaction,
)

__all__ = ["TransactingConnection"]


class TransactingConnection(ConnectionBase):
    """
    The part of a `Connection` that knows of transactions; `Connection` alone has this base.
    """

    if TYPE_CHECKING:
        # what the other part has
        @property
        def dispatch(self) -> Any: ...
        @property
        def _still_open_and_dbapi_connection_is_valid(self) -> bool: ...

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
