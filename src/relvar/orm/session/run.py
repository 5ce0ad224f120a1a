"""
Run a function in a transaction of a session, again if it fails by a conflict: ``run`` of either.

Rule 1: no object of a try that failed gets into the next one. Its objects are in no session any more, reading
them and adding them again is an error that says why.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from relvar import exc
from relvar.engine.retry import (
    Retry,
    begin_whole,
    check_function,
    check_value,
    refuse_end,
    require_intact,
    running,
)
from relvar.orm.session.transaction import BEGIN, SessionTransaction
from relvar.orm.state.flags import ABANDONED

if TYPE_CHECKING:
    from relvar.orm.session.session import Session

__all__ = ["run_in_new_sessions", "run_in_session"]

_T = TypeVar("_T")

# The key of an object that has no row: the try that inserted it, or would have, was rolled back.
_NO_KEY = ()


class RunTransaction(SessionTransaction):
    """
    A session's transaction that only `run` ends.
    """

    __slots__ = ("may_end",)

    def __init__(self, session: Session) -> None:
        self.may_end: bool = False
        super().__init__(session, BEGIN)

    def _new_link(self, bind: Any, execution_options: Any) -> Any:
        if hasattr(bind, "in_transaction") and bind.in_transaction():
            raise exc.InvalidRequestError(
                "run() was called with a session on a connection whose transaction has begun, and could "
                "neither commit it nor try it again. Call the function yourself, or end the transaction first"
            )
        link = super()._new_link(bind, execution_options)
        try:
            begin_whole(link.connection)
        except BaseException:
            link.transaction.close()
            if link.closes_connection:
                link.connection.close()
            self._links = tuple(each for each in self._links if each is not link)
            raise
        return link

    def commit(self, _to_root: bool = False) -> None:
        self._check("commit")
        super().commit(_to_root)

    def _commit_quietly(self) -> None:
        self._check("commit")
        super()._commit_quietly()

    def rollback(self, _capture_exception: BaseException | None = None, _to_root: bool = False) -> None:
        self._check("roll back")
        super().rollback(_capture_exception, _to_root)

    def _close(self, invalidate: bool = False) -> None:
        self._check("close")
        super()._close(invalidate)

    def _check(self, what: str) -> None:
        if not self.may_end:
            refuse_end(what)


def run_in_new_sessions(
    make: Callable[[], Session], bind: Any, owner: Any, fn: Callable[[Any], _T], policy: Retry
) -> _T:
    """
    Run a function in transactions of new sessions until one is committed.

    Args:
        bind: What the sessions are bound to, or None: then *owner*, who makes them, must not run in itself.
    """
    check_function(fn)

    def attempt() -> _T:
        with make() as session:
            return _try(session, fn)

    with running(_owner(bind, owner)):
        return policy.run(attempt)


def run_in_session(session: Session, fn: Callable[[Any], _T], policy: Retry) -> _T:
    """
    Run a function in transactions of a session until one is committed.

    Raises:
        InvalidRequestError: The session has a transaction.
    """
    check_function(fn)
    if session.in_transaction():
        raise exc.InvalidRequestError(
            "Session.run() was called in a transaction, which it could neither commit nor try again. Call "
            "the function yourself, use begin_nested(), or end the transaction before"
        )
    with running(_owner(session.bind, session)):
        return policy.run(lambda: _try(session, fn))


def _owner(bind: Any, otherwise: Any) -> Any:
    return otherwise if bind is None else bind.engine._option_root


def _try(session: Session, fn: Callable[[Any], _T]) -> _T:
    before = set(session.identity_map.all_states())
    transaction = RunTransaction(session)
    try:
        value = check_value(fn(session))
        session.flush()
        for connection in transaction.connections:
            require_intact(connection)
        transaction.may_end = True
        session.commit()
    except BaseException:
        transaction.may_end = True
        _abandon(session, transaction, before)
        raise
    return value


def _abandon(session: Session, transaction: SessionTransaction, before: set[Any]) -> None:
    """
    Roll back, and take the objects of the failed try out of the session, marked as such.
    """
    snapshot = transaction._kept_snapshot
    states = {*session.identity_map.all_states(), *session._new, *session._deleted}
    if snapshot is not None:
        states.update(snapshot.new, snapshot.deleted)
    # the error that ended the try is the one to be seen
    with contextlib.suppress(Exception):
        session.rollback()
    lost = [state for state in states - before if state.obj() is not None]
    session._expunge_states([state for state in lost if session._contains_state(state)])
    for state in lost:
        state.expire()
        state.session_id = ABANDONED
        if state.pk is None:
            # what has no key reads as new objects do
            state.pk = _NO_KEY
