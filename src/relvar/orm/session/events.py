"""
The events of a session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.attributes import get_state
from relvar.event.events import Events
from relvar.orm.session.maker import sessionmaker
from relvar.orm.session.session import Session

if TYPE_CHECKING:
    from relvar.orm.session.transaction import SessionTransaction

__all__ = ["SessionEvents"]

# What becomes of one instance; listeners with ``raw=True`` get its state.
_LIFECYCLE = frozenset(
    {
        "before_attach",
        "after_attach",
        "transient_to_pending",
        "pending_to_transient",
        "persistent_to_transient",
        "loaded_as_persistent",
        "pending_to_persistent",
        "persistent_to_deleted",
        "deleted_to_persistent",
        "deleted_to_detached",
        "persistent_to_detached",
        "detached_to_persistent",
    }
)


class SessionEvents(Events):
    """
    Events of `Session`; targets are sessions, `sessionmaker`, `scoped_session`
    and session classes.

    Listeners of the lifecycle events (those with an ``instance``) may be added
    with ``raw=True`` to get the `InstanceState` instead.
    """

    _target_class_doc = "SomeSessionClassOrObject"
    _dispatch_target = Session

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any:
        from relvar.orm.session.scoped import scoped_session  # few programs have one

        if isinstance(target, scoped_session):
            target = target.session_factory
            if not isinstance(target, sessionmaker) and not (
                isinstance(target, type) and issubclass(target, Session)
            ):
                raise exc.ArgumentError(
                    "Session event listen on a scoped_session requires that its creation "
                    "callable is associated with the Session class."
                )
        if isinstance(target, sessionmaker):
            return target.class_
        if isinstance(target, type):
            if issubclass(target, scoped_session):
                return Session
            return target if issubclass(target, Session) else None
        if isinstance(target, Session):
            target._events = target.dispatch
            return target
        return super()._accept_with(target, identifier)

    @classmethod
    def _listen(
        cls, event_key: Any, *, raw: bool = False, restore_load_context: bool = False, **kw: Any
    ) -> None:
        if raw and event_key.identifier in _LIFECYCLE:
            fn = event_key._listen_fn

            def with_state(session: Any, instance: Any) -> Any:
                return fn(session, get_state(instance))

            event_key = event_key.with_wrapper(with_state)
        event_key.base_listen(**kw)

    def do_orm_execute(self, orm_execute_state: Any) -> None:
        """
        Called for each statement executed through the session.
        """

    def after_transaction_create(self, session: Session, transaction: SessionTransaction) -> None:
        """
        Called when a `SessionTransaction` was made.
        """

    def after_transaction_end(self, session: Session, transaction: SessionTransaction) -> None:
        """
        Called when the span of a `SessionTransaction` ends.
        """

    def before_commit(self, session: Session) -> None:
        """
        Called before commit, before the flush that belongs to it.
        """

    def after_commit(self, session: Session) -> None:
        """
        Called after a commit has occurred.
        """

    def after_rollback(self, session: Session) -> None:
        """
        Called after a real rollback in the database.
        """

    def after_soft_rollback(self, session: Session, previous_transaction: SessionTransaction) -> None:
        """
        Called after any rollback, those of flushes that only pass on included.
        """

    def before_flush(self, session: Session, flush_context: Any, instances: Any) -> None:
        """
        Called before the flush process has started.
        """

    def after_flush(self, session: Session, flush_context: Any) -> None:
        """
        Called after statements were emitted, before the session shows it.
        """

    def after_flush_postexec(self, session: Session, flush_context: Any) -> None:
        """
        Called after the flush, when the session is in its final state.
        """

    def after_begin(self, session: Session, transaction: SessionTransaction, connection: Any) -> None:
        """
        Called when a transaction has begun on a connection.
        """

    def before_attach(self, session: Session, instance: Any) -> None:
        """
        Called before an instance comes into a session.
        """

    def after_attach(self, session: Session, instance: Any) -> None:
        """
        Called after an instance came into a session.
        """

    def after_bulk_update(self, update_context: Any) -> None:
        """
        Called after an UPDATE with criteria was executed.
        """

    def after_bulk_delete(self, delete_context: Any) -> None:
        """
        Called after a DELETE with criteria was executed.
        """

    def transient_to_pending(self, session: Session, instance: Any) -> None:
        """
        Called when ``add`` made an object pending.
        """

    def pending_to_transient(self, session: Session, instance: Any) -> None:
        """
        Called when a pending object left: rolled back or expunged.
        """

    def persistent_to_transient(self, session: Session, instance: Any) -> None:
        """
        Called when the INSERT of an object was rolled back.
        """

    def loaded_as_persistent(self, session: Session, instance: Any) -> None:
        """
        Called when an object was loaded from the database.
        """

    def pending_to_persistent(self, session: Session, instance: Any) -> None:
        """
        Called when a flush inserted an object.
        """

    def persistent_to_deleted(self, session: Session, instance: Any) -> None:
        """
        Called when a flush deleted an object.
        """

    def deleted_to_persistent(self, session: Session, instance: Any) -> None:
        """
        Called when the deletion of an object was rolled back.
        """

    def deleted_to_detached(self, session: Session, instance: Any) -> None:
        """
        Called when the deletion of an object was committed.
        """

    def persistent_to_detached(self, session: Session, instance: Any) -> None:
        """
        Called when a persistent object left the session.
        """

    def detached_to_persistent(self, session: Session, instance: Any) -> None:
        """
        Called when a detached object came into the session.
        """
