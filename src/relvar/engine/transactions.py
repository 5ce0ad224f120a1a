"""
Transactions of a connection.

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

from types import TracebackType
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.util.warning import warn

if TYPE_CHECKING:
    from typing import Self

    from relvar.engine.base import Connection


class TransactionalContext:
    """
    Something that begins a transaction by ``with`` and ends it with the block.
    """

    __slots__ = ("_outer_trans_ctx", "_subject")

    _outer_trans_ctx: TransactionalContext | None
    _subject: Any

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
        self._outer_trans_ctx = subject._trans_context_manager
        self._subject = subject
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


class Transaction(TransactionalContext):
    """
    A transaction of a connection.
    """

    __slots__ = ("connection", "is_active")

    _is_root = False
    # a root that ends by COMMIT or ROLLBACK and nothing more
    _is_simple_root = False
    connection: Connection
    is_active: bool

    def __init__(self, connection: Any) -> None:
        raise NotImplementedError()

    @property
    def is_valid(self) -> bool:
        """Whether the transaction is active, on a connection that was not lost."""
        return self.is_active and not self.connection.invalidated

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


class RootTransaction(Transaction):
    """
    The transaction of a connection.
    """

    __slots__ = ()

    _is_root = _is_simple_root = True

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_active = True
        self._outer_trans_ctx = self._subject = None
        connection._begin_impl(self)
        connection._transaction = self

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


class NestedTransaction(Transaction):
    """
    A savepoint.
    """

    __slots__ = ("_previous_nested", "_savepoint")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._outer_trans_ctx = self._subject = None
        self._savepoint = connection._savepoint_impl()
        self.is_active = True
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

    _is_simple_root = False
    xid: Any

    def __init__(self, connection: Any, xid: Any) -> None:
        self.connection = connection
        self.is_active = True
        self._outer_trans_ctx = self._subject = None
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
