# Compiled as it is, see setup.py.
"""
A session's transaction: its connections, and how it ends.

A `SessionTransaction` is a node of a short chain: the root, a savepoint
(``nested``) on it, a subtransaction around each flush.  The innermost one is
``session._transaction``.

Rule 1: an operation is allowed in the states that ``transaction_states.py`` lists, and in no other.
Rule 2: the root and every savepoint are *boundaries*: they own database
    transactions and a snapshot (objects that became persistent, deleted, were
    changed, or got another key since it began).  A subtransaction shares those
    of the boundary around it.
    What ends a transaction is not done within what ends it (``_busy``).
Rule 3: committing a savepoint hands its snapshot to the boundary outside;
    rolling back a boundary restores its own snapshot, nothing else.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar._kernels.identity import (
    AUTOBEGIN,
    EXECUTION_OPTIONS,
    EXPIRE_ON_COMMIT,
    JOIN_TRANSACTION_MODE,
    STRICT,
    TWOPHASE,
    given,
    is_clean,
)
from relvar._kernels.lend import clock, new_of
from relvar.engine.transactions import ConnectionBase, EngineBase
from relvar.engine.transactions import TransactionBase as DatabaseTransaction
from relvar.orm.flush.work import SWEPT_FROM
from relvar.orm.session.transaction_states import (
    ACTIVE,
    ALLOWED,
    CLOSED,
    COMMITTED,
    DEACTIVE,
    PREPARED,
    PROVISIONING,
    REFUSALS,
)
from relvar.util.warning import warn

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from relvar.orm.session.session import Session

__all__ = ["SessionTransaction", "SessionTransactionOrigin", "transaction_of"]

State = Any
"An `InstanceState`."


class SessionTransactionOrigin(enum.Enum):
    """
    How a `SessionTransaction` came to be.
    """

    AUTOBEGIN = 0
    "Started by the first use of the session."

    BEGIN = 1
    "Started by `Session.begin`."

    BEGIN_NESTED = 2
    "Started by `Session.begin_nested`: a savepoint."

    SUBTRANSACTION = 3
    "Internal: the frame of a flush."


# Members of an enumeration are slow to look up.
BEGUN_BY_USE = SessionTransactionOrigin.AUTOBEGIN
BEGIN = SessionTransactionOrigin.BEGIN
BEGIN_NESTED = SessionTransactionOrigin.BEGIN_NESTED
SUBTRANSACTION = SessionTransactionOrigin.SUBTRANSACTION

_CONNECTING = "_connection_for_bind"
_ENDS = frozenset({"prepare", "commit", "rollback"})


class Snapshot:
    """
    What happened to objects since a boundary began.

    The sets hold states, not objects, so that unused objects may go away; the
    sets are swept of those each time they have doubled.
    """

    sweep_at: int

    __slots__ = ("deleted", "dirty", "key_switches", "new", "sweep_at")

    def __init__(self) -> None:
        self.new: dict[State, bool] = {}
        self.deleted: dict[State, bool] = {}
        self.dirty: dict[State, bool] = {}
        self.key_switches: dict[State, tuple[Any, Any]] = {}
        self.sweep_at = SWEPT_FROM

    def sweep(self) -> None:
        """
        Forget states whose objects are gone, once there are many.
        """
        for name in ("new", "dirty"):
            states = getattr(self, name)
            if len(states) > self.sweep_at:
                alive = {s: True for s in states if s.obj() is not None}
                setattr(self, name, alive)
                self.sweep_at = max(SWEPT_FROM, 2 * len(alive))

    def merge_into(self, outer: Snapshot) -> None:
        """
        Hand everything to the boundary outside, as a savepoint commits.
        """
        outer.new.update(self.new)
        outer.dirty.update(self.dirty)
        outer.deleted.update(self.deleted)
        for state, (old, new) in self.key_switches.items():
            known = outer.key_switches.get(state)
            outer.key_switches[state] = (known[0] if known else old, new)


class Link:
    """
    One database connection in use by a boundary: found by what it was asked
    for with, by itself, and by its engine.
    """

    __slots__ = ("bind", "closes_connection", "connection", "engine", "owns_transaction", "transaction")

    bind: Any
    closes_connection: bool
    connection: Any
    engine: Any
    owns_transaction: bool
    transaction: Any


# What a `SessionTransaction` keeps and does; compiled, its fields are laid out in C.
#
# `SessionTransaction` alone has this base.  It is a class written in Python, whose attributes programs can
# set and whose properties they can look into.  What stands in the place of a docstring tells `inspect` the
# parameters, as C code does.
class TransactionBase:
    "TransactionBase(session, origin, parent=None)\n--\n\n"

    __slots__ = (
        "__weakref__",
        "_busy",
        "_context",
        "_has_committed",
        "_is_boundary",
        "_kept_snapshot",
        "_links",
        "_parent",
        "_previous_nested",
        "_rollback_exception",
        "_session",
        "_state",
        "nested",
        "origin",
    )

    origin: SessionTransactionOrigin
    nested: bool
    _session: Session | None
    _parent: SessionTransaction | None
    # whether it owns a database transaction (or a savepoint); asked for each object of a flush
    _is_boundary: bool
    _links: tuple[Link, ...]
    _rollback_exception: BaseException | None
    _context: tuple[Session, SessionTransaction | None] | None
    _previous_nested: SessionTransaction | None
    _state: Any
    _has_committed: bool
    _busy: str | None
    _kept_snapshot: Snapshot | None

    def __init__(
        self,
        session: Session,
        origin: SessionTransactionOrigin,
        parent: SessionTransaction | None = None,
    ) -> None:
        _set_up(self, session, origin, parent)

    # -- what it is ------------------------------------------------------

    def _open_session(self) -> Session:
        """
        Return the session, as long as the transaction is not closed.
        """
        session = self._session
        if session is None:
            self._refuse()
        return session

    def _can_run(self) -> bool:
        """
        Tell whether statements can run in it.
        """
        return self._session is not None and (self._state is ACTIVE or self._state is PREPARED)

    @property
    def _snapshot(self) -> Snapshot:
        """
        What happened to objects since the boundary around began; made when
        first asked for.
        """
        return _snapshot_of(self)

    def _boundary(self) -> TransactionBase:
        """
        Return the transaction that owns the database transaction.
        """
        found: TransactionBase = self
        while not found._is_boundary:
            assert found._parent is not None
            found = found._parent
        return found

    def _chain(self, upto: TransactionBase | None = None) -> Iterator[TransactionBase]:
        """
        Yield self and the parents, the last one being *upto* if given.
        """
        current: TransactionBase | None = self
        while current is not None:
            yield current
            if current is upto:
                return
            current = current._parent
        if upto is not None:
            raise exc.InvalidRequestError(f"Transaction {upto} is not on the active transaction list")

    def _require(self, operation: str) -> None:
        """
        Raise unless *operation* is allowed now.
        """
        if self._state not in ALLOWED[operation]:
            self._refuse()
        if operation in _ENDS:
            self._check_idle(operation)

    def _check_idle(self, method: str) -> None:
        """
        Raise if a listener or another thread calls what ends the transaction within what ends it.
        """
        busy = self._busy
        if busy is None:
            outer: TransactionBase | None = self
            # a flush may fail within commit(), not while it waits for a connection
            while (
                outer is not None
                and outer._state is not PROVISIONING
                and (outer._busy is None or outer._busy != _CONNECTING)
            ):
                outer = outer._parent
            if outer is None:
                return
            busy = _CONNECTING
        raise exc.IllegalStateChangeError(
            f"Method '{method}()' can't be called here; method '{busy}()' is already in progress and this "
            "would cause an unexpected state change to <SessionTransactionState.CLOSED: 5>",
            code="isce",
        )

    def _refuse(self) -> NoReturn:
        if self._state is DEACTIVE and self._rollback_exception is not None:
            raise exc.PendingRollbackError(
                "This Session's transaction has been rolled back due to a previous "
                "exception during flush. To begin a new transaction with this "
                "Session, first issue Session.rollback(). Original exception was: "
                f"{self._rollback_exception}",
                code="7s2a",
            )
        kind, text = REFUSALS[self._state]
        raise kind(text, code="isce" if self._state is PROVISIONING else None)

    # -- begin -----------------------------------------------------------

    def _begin(self, nested: bool = False) -> SessionTransaction:
        """
        Start a savepoint or a subtransaction inside this transaction.
        """
        self._require("begin")
        kind = BEGIN_NESTED if nested else SUBTRANSACTION
        return _new_transaction(self._open_session(), kind, self)

    def connection(
        self,
        bindkey: Any,
        execution_options: Any = None,
        **kwargs: Any,
    ) -> Any:
        """
        Return the connection for a mapper, in this transaction.
        """
        self._require("connection")
        bind = self._open_session().get_bind(bindkey, **kwargs)
        return self._connection_for_bind(bind, execution_options)

    def bound_connection(self, bindkey: Any = None, **kwargs: Any) -> Any:
        """
        Return the connection of this transaction for *bindkey*, which must be
        in use already.

        Raises:
            InvalidRequestError: no connection was made for that bind yet.
        """
        self._require("connection")
        bind = self._open_session().get_bind(bindkey, **kwargs)
        link = self._boundary()._link_for(bind)
        if link is None:
            raise exc.InvalidRequestError(f"This transaction has not acquired a connection for bind {bind!r}")
        return link.connection

    def _link_for(self, bind: Any) -> Link | None:
        """
        Return the connection in use for an engine or connection, if there is one.
        """
        for link in self._links:
            if link.bind is bind or link.engine is bind or link.connection is bind:
                return link
        return None

    def _connection_for_bind(self, bind: Any, execution_options: Any = None) -> Any:
        """
        Return the connection for an engine, with its transaction begun.
        """
        if self._state is not ACTIVE:
            self._refuse()
        link = self._link_for(bind) if self._links else None
        if link is not None:
            if execution_options:
                warn("Connection is already established for the given bind; execution_options ignored")
            return link.connection
        if self._parent is not None and not self.nested:
            return self._parent._connection_for_bind(bind, execution_options)
        if getattr(bind, "_has_replicas", False):
            bind._begin_writing(self)
            link = self._link_for(bind)
            if link is not None:
                return link.connection
        return self._connect_to(bind, execution_options)

    def _connect_to(self, bind: Any, execution_options: Any) -> Any:
        """
        Return a connection for a bind that has none in this boundary, which is in use from now on.
        """
        self._state = PROVISIONING
        try:
            link = self._new_link(bind, execution_options)
        finally:
            if self._state is PROVISIONING:
                self._state = ACTIVE
        session = self._session
        if session is not None and session._quiet_at != clock.ticks and session._listens():
            self._busy = _CONNECTING
            try:
                session._events.after_begin(session, self, link.connection)
            finally:
                self._busy = None
        return link.connection

    def _new_link(self, bind: Any, execution_options: Any) -> Link:
        """
        Connect to *bind* and begin the fitting kind of transaction.
        """
        session = self._session
        if session is None:
            self._refuse()
        connects = False
        if self._parent is not None:
            connection = self._parent._connection_for_bind(bind, execution_options)
        elif not isinstance(bind, EngineBase) and hasattr(bind, "in_transaction"):
            connection = bind
            if self._link_for(connection.engine) is not None:
                raise exc.InvalidRequestError(
                    "Session already has a Connection associated for the given Connection's Engine"
                )
        else:
            connection = bind.connect()
            connects = True
            wide = given(session, EXECUTION_OPTIONS)
            if wide:
                # flushes and loads have no options of their own
                execution_options = {**wide, **(execution_options or {})}
        if given(session, STRICT):
            connection._own_strict = True
        try:
            if execution_options and self._parent is None:
                connection = connection.execution_options(**execution_options)
            transaction, owns = None, True
            if connects and not given(session, TWOPHASE):
                transaction = _begun(connection)
            if transaction is None:
                transaction, owns = self._begin_on(connection)
        except:
            if connects:
                connection.close()
            raise
        link = Link.__new__(Link)
        link.bind = bind
        link.connection = connection
        link.engine = _engine_of(connection)
        link.transaction = transaction
        link.owns_transaction = owns
        link.closes_connection = connects
        self._links = (*self._links, link) if self._links else (link,)
        return link

    def _begin_on(self, connection: Any) -> tuple[Any, bool]:
        """
        Begin on *connection*.

        Returns:
            The transaction, and whether ending it is this session's business.
            A connection that comes with a transaction is joined as
            ``join_transaction_mode`` says.
        """
        session = self._open_session()
        if given(session, TWOPHASE) and self._parent is None:
            return connection.begin_twophase(), True
        if self.nested:
            return connection.begin_nested(), True
        if not connection.in_transaction():
            return connection.begin(), True
        mode = given(session, JOIN_TRANSACTION_MODE)
        if mode == "conditional_savepoint":
            mode = "create_savepoint" if connection.in_nested_transaction() else "rollback_only"
        if mode == "create_savepoint":
            return connection.begin_nested(), True
        transaction = connection.get_nested_transaction() or connection.get_transaction()
        return transaction, mode == "control_fully"

    # -- ends ------------------------------------------------------------

    def prepare(self) -> None:
        """
        Prepare for a two-phase commit.
        """
        if self._parent is not None or not given(self._open_session(), TWOPHASE):
            raise exc.InvalidRequestError(
                "'twophase' mode not enabled, or not root transaction; can't prepare."
            )
        self._prepare()

    def _prepare(self) -> None:
        """
        Write out everything that is pending, so that commit can follow.
        """
        self._require("prepare")
        self._busy = "_prepare_impl"
        try:
            self._write_out()
        finally:
            self._busy = None
        if self._parent is None and given(self._open_session(), TWOPHASE):
            try:
                for link in self._links:
                    link.transaction.prepare()
            except BaseException:
                self.rollback()
                raise
        self._state = PREPARED

    def _write_out(self) -> None:
        """
        Flush until nothing is left, with the savepoints inside.
        """
        session = self._open_session()
        if self._is_boundary:
            if session._listens():
                session._events.before_commit(session)
        innermost = session._transaction
        assert innermost is not None
        if innermost is not self:
            for inner in list(innermost._chain(upto=self))[:-1]:
                inner.commit()
        if not session._flushing:
            for _ in range(100):
                if is_clean(session):
                    break
                session.flush()
            else:
                from_hooks = (
                    "Over 100 subsequent flushes have occurred within session.commit() "
                    "- is an after_flush() hook creating new objects?"
                )
                raise session._flush_error(from_hooks)

    def commit(self, _to_root: bool = False) -> None:
        """
        Flush, then commit this transaction (or release this savepoint).
        """
        if self._state is not PREPARED:
            self._require("commit")
            self._prepare()
        parent = self._parent
        if parent is None or self.nested:
            session = self._open_session()
            self._busy = "commit"
            try:
                for link in self._links:
                    if link.owns_transaction:
                        _commit(link)
                self._state = COMMITTED
                self._has_committed = True
                if session._listens():
                    session._events.after_commit(session)
                self._keep(session)
            finally:
                self._busy = None
        self.close()
        if _to_root and parent is not None:
            parent.commit(_to_root=True)

    def _commit_quietly(self) -> None:
        """
        Commit the root when nobody listens and nothing is nested in it: what
        `commit` does, less what cannot be the case.
        """
        session = self._session
        assert session is not None
        self._busy = "_prepare_impl"
        try:
            for _ in range(100):
                if is_clean(session):
                    break
                session.flush()
            self._busy = "commit"
            for link in self._links:
                if link.owns_transaction:
                    _commit(link)
            self._state = COMMITTED
            self._keep(session)
        finally:
            self._busy = None
        # committed just now, by who could: neither closed yet nor in use
        self._close()

    def rollback(self, _capture_exception: BaseException | None = None, _to_root: bool = False) -> None:
        """
        Roll back to where the boundary around began and restore objects.

        A subtransaction (a flush) rolls back the whole boundary and leaves it
        inactive, remembering ``_capture_exception``, until the user has
        rolled that back as well.
        """
        self._require("rollback")
        session = self._open_session()
        self._busy = "rollback"
        try:
            failure = self._undo(_to_root)
        finally:
            self._busy = None
        parent = self._parent
        self.close()
        if parent is not None and _capture_exception is not None:
            parent._rollback_exception = _capture_exception
        if failure is not None:
            raise failure
        if session._listens():
            session._events.after_soft_rollback(session, self)
        if _to_root and parent is not None:
            parent.rollback(_to_root=True)

    def _undo(self, to_root: bool) -> BaseException | None:
        """
        Roll back the boundary around, with all that is inside, and restore objects; return what failed.
        """
        session = self._open_session()
        innermost = session._transaction
        assert innermost is not None
        if innermost is not self:
            for inner in list(innermost._chain(upto=self))[:-1]:
                inner.close()

        boundary: TransactionBase = self
        failure: BaseException | None = None
        was_active = self._state is not DEACTIVE
        if was_active:
            for transaction in self._chain():
                if not transaction._is_boundary:
                    transaction._state = DEACTIVE
                    continue
                boundary = transaction
                failure = transaction._rollback_database(to_root)
                break
        # what the boundaries around will let go of is still changed
        if failure is None and not was_active and not is_clean(session):
            warn(
                "Session's state has been changed on a non-active transaction - this state will be discarded."
            )
            boundary._restore(to_root)
        return failure

    def _rollback_database(self, to_root: bool) -> BaseException | None:
        """
        Roll back what this boundary owns, then restore objects in any case.
        """
        session = self._open_session()
        failure: BaseException | None = None
        try:
            for link in self._links:
                link.transaction.rollback()
            self._state = DEACTIVE
            if session._listens():
                session._events.after_rollback(session)
        except BaseException as err:
            failure = err
            self._state = DEACTIVE
        self._restore(to_root)
        return failure

    def close(self, invalidate: bool = False) -> None:
        """
        End without committing; does nothing when already closed.
        """
        self._finish(invalidate)

    def _finish(self, invalidate: bool) -> None:
        if self._state is CLOSED:
            return
        self._check_idle("close")
        self._close(invalidate)

    def _close(self, invalidate: bool = False) -> None:
        """
        Let go of connections and leave the session.
        """
        session = self._session
        assert session is not None
        parent = self._parent
        if self.nested:
            session._nested_transaction = self._previous_nested
        elif parent is None:
            session._nested_transaction = None
        session._transaction = parent
        if self.nested or parent is None:
            for link in self._links:
                if invalidate and parent is None:
                    link.connection.invalidate()
                to_roll_back = link.owns_transaction and _is_active(link)
                if not link.closes_connection or parent is not None:
                    if parent is None and given(session, STRICT):
                        # the connection lives on, as it came
                        link.connection._own_strict = None
                    if to_roll_back:
                        link.transaction.close()
                elif to_roll_back:
                    _roll_back_and_close(link)
                else:
                    _give_back(link)
        self._state = CLOSED
        if session._quiet_at != clock.ticks and session._listens():
            session._events.after_transaction_end(session, self)
        self._session = None
        self._links = ()

    def _abandon(self, err: BaseException) -> None:
        """
        Let go of the connections of this session where closing it failed or was interrupted half way.
        """
        for transaction in self._chain():
            for link in transaction._links:
                if link.closes_connection:
                    link.connection._abandon(err)

    # -- objects ---------------------------------------------------------

    def _keep(self, session: Session) -> None:
        """
        Make the changes of objects final, as this boundary has committed.
        """
        if self.nested:
            assert self._parent is not None
            if self._kept_snapshot is not None:
                self._kept_snapshot.merge_into(self._parent._snapshot)
            return
        if given(session, EXPIRE_ON_COMMIT):
            session._expire_all_states()
        snapshot = self._kept_snapshot
        if snapshot is not None and snapshot.deleted:
            session._detach_deleted(list(snapshot.deleted))
        self._kept_snapshot = None

    def _restore(self, to_root: bool) -> None:
        """
        Put objects back to where they were as this boundary began.

        Pending objects and those that became persistent are transient again,
        deleted ones persistent; switched keys switch back; changed attributes
        (all attributes, at the root) are expired.

        Args:
            to_root: All boundaries around will be rolled back as well.
        """
        session = self._open_session()
        snapshot = self._snapshot
        fresh = dict.fromkeys(snapshot.new)
        fresh.update(dict.fromkeys(session._new))
        session._expunge_states(list(fresh), to_transient=True)
        for state, (old, new) in snapshot.key_switches.items():
            if state not in fresh:
                session._switch_key_back(state, old, new)
        for state in list({**snapshot.deleted, **session._deleted}):
            if state not in fresh:
                session._revert_deletion(state)
        session._deleted.clear()
        if self.nested:
            session._expire_dirty_states(snapshot.dirty, self._new_around() if to_root else ())
        else:
            session._expire_all_states()
        self._kept_snapshot = None

    def _new_around(self) -> set[State]:
        """
        Return the objects that became persistent in the transactions around this one.
        """
        return {state for outer in self._chain() if outer is not self for state in outer._snapshot.new}

    # -- as a context manager --------------------------------------------

    def __enter__(self) -> Self:
        session = self._open_session()
        self._context = (session, session._context_transaction)
        session._context_transaction = self  # type: ignore[assignment]  # as above
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._context is not None
        session, outer = self._context
        self._context = None
        try:
            if type_ is None and self._can_run():
                try:
                    self.commit()
                except BaseException:
                    if self._state in ALLOWED["rollback"]:
                        self.rollback()
                    raise
            elif self._state is CLOSED:
                pass
            elif type_ is not None and self._state in ALLOWED["rollback"]:
                self.rollback()
            else:
                self.close()
        finally:
            session._context_transaction = outer


def _snapshot_of(transaction: TransactionBase) -> Snapshot:
    boundary = transaction._boundary()
    found = boundary._kept_snapshot
    if found is None:
        found = boundary._kept_snapshot = Snapshot()
    return found


def _begun(connection: Any) -> Any:
    """
    Begin on a connection; None if it has begun.
    """
    if isinstance(connection, ConnectionBase):
        known: ConnectionBase = connection
        return known._begin_root() if known._transaction is None else None
    return connection.begin() if connection._transaction is None else None


def _engine_of(connection: Any) -> Any:
    if isinstance(connection, ConnectionBase):
        known: ConnectionBase = connection
        return known.engine
    return connection.engine


def _is_active(link: Link) -> bool:
    """
    Tell whether the transaction of a connection is not over.
    """
    if isinstance(link.transaction, DatabaseTransaction):
        known: DatabaseTransaction = link.transaction
        return known.is_active
    return bool(link.transaction.is_active)


def _roll_back_and_close(link: Link) -> None:
    if isinstance(link.connection, ConnectionBase):
        known: ConnectionBase = link.connection
        known._close_with(link.transaction)
    else:
        link.connection._close_with(link.transaction)


def _give_back(link: Link) -> None:
    if isinstance(link.connection, ConnectionBase):
        known: ConnectionBase = link.connection
        known._end_use()
    else:
        link.connection.close()


def _commit(link: Link) -> None:
    if isinstance(link.transaction, DatabaseTransaction):
        known: DatabaseTransaction = link.transaction
        known._end(True)
    else:
        link.transaction.commit()


def transaction_of(session: Session, begin: bool) -> SessionTransaction:
    """
    Return the innermost transaction of a session, begun if there is none; see `SessionUnit._autobegin_t`.
    """
    transaction: SessionTransaction | None = session._transaction
    context = session._context_transaction
    if context is not None and context._session is None:
        raise exc.InvalidRequestError(
            "Can't operate on closed transaction inside context manager.  Please complete "
            "the context manager before emitting further commands."
        )
    if transaction is not None:
        return transaction
    if not begin and not given(session, AUTOBEGIN):
        raise exc.InvalidRequestError(
            "Autobegin is disabled on this Session; please call session.begin() to start a new transaction"
        )
    if session._closed:
        raise exc.InvalidRequestError(
            "This Session has been permanently closed and is unable to handle any more transaction requests."
        )
    return _new_transaction(session, BEGIN if begin else BEGUN_BY_USE, None)


def _new_transaction(
    session: Session, origin: SessionTransactionOrigin, parent: TransactionBase | None
) -> SessionTransaction:
    """
    Return a new transaction of a session.
    """
    made: Any = new_of(SessionTransaction, TransactionBase)
    if made is None:
        return SessionTransaction(session, origin, parent)  # type: ignore[arg-type]  # it alone has this base
    _set_up(made, session, origin, parent)
    return made  # type: ignore[no-any-return]  # of that class


def _set_up(
    transaction: Any, session: Session, origin: SessionTransactionOrigin, parent: TransactionBase | None
) -> None:
    """
    Set the fields of a new transaction, and be the innermost of its session.
    """
    nested = origin is BEGIN_NESTED
    transaction.origin = origin
    transaction.nested = nested
    transaction._session = session
    transaction._parent = parent
    transaction._is_boundary = nested or parent is None
    transaction._links = ()
    transaction._state = ACTIVE
    transaction._has_committed = False
    transaction._rollback_exception = transaction._context = transaction._previous_nested = None
    transaction._busy = transaction._kept_snapshot = None
    if parent is None:
        if nested or origin is SUBTRANSACTION:
            raise exc.InvalidRequestError(
                "Can't start a savepoint transaction when no existing transaction is in progress"
            )
    elif nested:
        transaction._previous_nested = session._nested_transaction
        session._nested_transaction = transaction
        if not session._flushing:
            session.flush()
    session._transaction = transaction
    if session._quiet_at != clock.ticks and session._listens():
        session._events.after_transaction_create(session, transaction)


class SessionTransaction(TransactionBase):
    """
    A `Session`-level transaction.

    Made by `Session.begin`, `Session.begin_nested` and on first use; as a
    context manager it commits, or rolls back when the block raises.
    """

    nested: bool
    origin: SessionTransactionOrigin

    __slots__ = ()

    @property
    def session(self) -> Session:
        """
        The session, as long as the transaction is not closed.
        """
        return self._open_session()

    @property
    def parent(self) -> SessionTransaction | None:
        """
        The transaction around this one, None for the root.
        """
        return self._parent

    @property
    def is_active(self) -> bool:
        """
        True while statements can run in it.
        """
        return self._can_run()

    @property
    def connections(self) -> Iterator[Any]:
        """
        The connections that take part.
        """
        return iter([link.connection for link in self._boundary()._links])
