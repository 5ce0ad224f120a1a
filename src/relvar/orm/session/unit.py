# Compiled as it is, see setup.py.
"""
The unit of work of a session: begun, flushed, committed or rolled back, and closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from relvar import exc
from relvar._kernels.attributes import DELETED, mark_clean
from relvar._kernels.identity import AUTOBEGIN, AUTOFLUSH, TWOPHASE, given, is_clean
from relvar._kernels.lend import clock
from relvar.orm import exc as orm_exc
from relvar.orm.flush.work import flush
from relvar.orm.session.contents import SessionContents
from relvar.orm.session.execute import SessionExecution
from relvar.orm.session.transaction import SessionTransaction, transaction_of
from relvar.orm.session.transaction_states import ACTIVE
from relvar.util.warning import warn, warn_deprecated

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from relvar.orm.session.session import Session

__all__ = ["SessionUnit"]

_T = TypeVar("_T")
_SelfSession = TypeVar("_SelfSession", bound="SessionUnit")


class SessionUnit(SessionExecution, SessionContents):
    """
    The part of `Session` that begins, writes and ends its unit of work.
    """

    autoflush: bool
    autobegin: bool
    twophase: bool
    connection_callable: Any = None

    _context_transaction: SessionTransaction | None
    _nested_transaction: SessionTransaction | None

    @property
    def is_active(self) -> bool:
        """
        True unless the session waits for `rollback` after a failed flush.
        """
        if self.autobegin:
            return self._transaction is None or self._transaction.is_active
        return self._transaction is not None and self._transaction.is_active

    @property
    def no_autoflush(self) -> AbstractContextManager[Session]:
        """
        A context manager in which nothing flushes by itself.

        >>> from relvar import create_engine, select
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(User(id=1, name="ann"))
        ...     with session.no_autoflush:
        ...         session.scalars(select(User.name)).all()
        ...     session.scalars(select(User.name)).all()
        []
        ['ann']
        """
        return self._no_autoflush()

    @contextmanager
    def _no_autoflush(self) -> Iterator[Session]:
        autoflush = self.autoflush
        self.autoflush = False
        try:
            yield self  # type: ignore[misc]  # this class is the Session's base
        finally:
            self.autoflush = autoflush

    # -- transactions ------------------------------------------------------

    def in_transaction(self) -> bool:
        """
        Tell whether the session has begun a transaction.
        """
        return self._begun() is not None

    def in_nested_transaction(self) -> bool:
        """
        Tell whether the session has begun a savepoint.
        """
        return self._nested_transaction is not None

    def get_transaction(self) -> SessionTransaction | None:
        """
        Return the root transaction in progress, if any.
        """
        found = self._begun()
        while found is not None and found._parent is not None:
            found = found._parent
        return found

    def get_nested_transaction(self) -> SessionTransaction | None:
        """
        Return the savepoint in progress, if any.
        """
        return self._nested_transaction

    def _autobegin_t(self, begin: bool = False) -> SessionTransaction:
        """
        Return the innermost transaction, begun if there is none.
        """
        return transaction_of(self, begin)  # type: ignore[arg-type]  # this class is the Session's base

    def _begun(self) -> SessionTransaction | None:
        """
        Return the innermost transaction, if there is one.

        A changed attribute begins one; as nobody sees that before asking, it is begun here.
        """
        if self._transaction is None and given(self, AUTOBEGIN) and self.identity_map.modified:
            return self._autobegin_t()
        return self._transaction

    def begin(self, nested: bool = False) -> SessionTransaction:
        """
        Begin a transaction, or a savepoint with *nested*.

        Raises:
            InvalidRequestError: a transaction is already begun.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session, session.begin():
        ...     session.add(User(id=1, name="ann"))
        >>> with Session(engine) as session:
        ...     session.get(User, 1).name
        'ann'
        """
        transaction = self._begun()
        if transaction is None:
            transaction = self._autobegin_t(begin=True)
            if not nested:
                return transaction
        if nested:
            return self._autobegin_t()._begin(nested=True)
        raise exc.InvalidRequestError("A transaction is already begun on this Session.")

    def begin_nested(self) -> SessionTransaction:
        """
        Begin a savepoint.

        >>> from relvar import create_engine, select
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     savepoint = session.begin_nested()
        ...     session.add(User(id=1, name="ann"))
        ...     savepoint.rollback()
        ...     session.scalars(select(User)).all()
        []
        """
        return self.begin(nested=True)

    def commit(self) -> None:
        """
        Flush pending changes and commit the current transaction.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(User(id=1, name="ann"))
        ...     session.commit()
        >>> with Session(engine) as session:
        ...     session.get(User, 1).name
        'ann'
        """
        _commit(self)

    def rollback(self) -> None:
        """
        Roll back the current transaction; without one, do nothing.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(User(id=1, name="ann"))
        ...     session.commit()
        ...     user = session.get(User, 1)
        ...     user.name = "bob"
        ...     session.rollback()
        ...     user.name
        'ann'
        """
        transaction = self._begun()
        if transaction is not None:
            transaction.rollback(_to_root=True)

    def run(
        self,
        fn: Callable[[Any], _T],
        *,
        attempts: int = 10,
        deadline: float | None = None,
        backoff: float = 0.02,
        max_backoff: float = 2.0,
        idempotent: bool = False,
    ) -> _T:
        """
        Run a function in a transaction of this session, again if that fails by a conflict.

        The session must have no transaction. Objects of a try that failed leave it, and are unusable.
        Else it is as `Engine.run`.

        >>> from relvar import create_engine, text
        >>> from relvar.orm import Session, sessionmaker
        >>> session = Session(create_engine("sqlite://"))
        >>> session.run(lambda session: session.scalar(text("SELECT 1 + 1")), deadline=5)
        2
        """
        from relvar.engine.retry import Retry  # for programs that use it
        from relvar.orm.session.run import run_in_session

        policy = Retry(
            attempts=attempts,
            deadline=deadline,
            backoff=backoff,
            max_backoff=max_backoff,
            idempotent=idempotent,
        )
        return run_in_session(self, fn, policy)  # type: ignore[arg-type]  # this class is the Session's base

    def prepare(self) -> None:
        """
        Prepare the current transaction for a two-phase commit.
        """
        self._autobegin_t().prepare()

    def close(self) -> None:
        """
        Expunge all objects and release the transaction; the session can be
        used again, unless ``close_resets_only`` is False.
        """
        _end(self, False, True)

    def reset(self) -> None:
        """
        Close the transaction and expunge all objects; the session can always be
        used again.
        """
        _end(self, False, False)

    def invalidate(self) -> None:
        """
        Close, and invalidate the connections in use.
        """
        _end(self, True, True)

    def __enter__(self: _SelfSession) -> _SelfSession:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A Session can't be pickled or copied: it holds a transaction of this process. Pickle objects "
            "and statements; a Query goes with relvar.ext.serializer, which leaves its session outside"
        )

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # -- flush -------------------------------------------------------------

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """
        Write all object changes to the database.

        Args:
            objects: Restrict this to some objects; deprecated.

        Raises:
            InvalidRequestError: the session is flushing already.

        >>> from relvar import create_engine
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(name="ann"))
        ...     session.flush()
        ...     user.id
        1
        """
        if objects is not None:
            warn_deprecated("The `objects` parameter of `Session.flush` is deprecated", "2.1")
        _flush(self, objects or None)

    def _autoflush(self) -> None:
        """
        Flush before a query, so that it sees what is pending.
        """
        if not (self._new or self._deleted or self.identity_map.modified):
            return
        if not given(self, AUTOFLUSH) or self._flushing:
            return
        self._autoflushing = True
        try:
            self.flush()
        except exc.StatementError as err:
            err.add_detail(
                "raised as a result of Query-invoked autoflush; consider using a "
                "session.no_autoflush block if this flush is occurring prematurely"
            )
            raise
        finally:
            self._autoflushing = False

    def _flush_warning(self, method: str) -> None:
        warn(
            f"Usage of the '{method}' operation is not currently supported within the "
            "execution stage of the flush process. Results may not be consistent.  Consider "
            "using alternative event listeners or connection-level operations instead."
        )

    def _flush_error(self, text: str) -> Exception:
        return orm_exc.FlushError(text)

    def _by_connection(self, states: Collection[Any]) -> Iterable[Collection[Any]]:
        """
        Yield the states of a flush, those apart that go to other connections.
        """
        return (states,)

    def _refuse_apart(self) -> None:
        """
        Refuse bulk operations where each object may belong to another database.
        """
        if self.connection_callable is not None:
            raise NotImplementedError(
                "connection_callable / per-instance sharding not supported in bulk_insert()"
            )

    def _identity_lookup(self, mapper: Any, pk: Any, identity_token: Any, state: Any) -> Any:
        """
        Return the object with a bare primary key that a lazy load of *state* asks for, if it is here.
        """
        return self.identity_map.get_by_pk(mapper.identity_mapper, pk, identity_token)

    def _connection_for_flush(self, mapper: Any) -> Any:
        return _connection_for_flush(self, mapper)

    def _remove_newly_deleted(self, states: Iterable[Any]) -> None:
        """
        Note that rows of persistent objects were found to be gone.
        """
        transaction = self._transaction
        persistent_to_deleted = self._events.persistent_to_deleted
        for state in states:
            if transaction is not None:
                transaction._snapshot.deleted[state] = True
            obj = state()
            self.identity_map.discard(state)
            self._deleted.pop(state, None)
            mark_clean(state)
            state.flags |= DELETED
            if persistent_to_deleted and obj is not None:
                persistent_to_deleted(self, obj)


def _commit(session: Any) -> None:
    """
    Commit the transaction of a session, and those around it.
    """
    transaction = transaction_of(session, False)
    if (
        transaction._parent is None
        and transaction._state is ACTIVE
        and transaction._busy is None
        and not given(session, TWOPHASE)
        and (session._quiet_at == clock.ticks or not session._listens())
    ):
        transaction._commit_quietly()
    else:
        transaction.commit(_to_root=True)


def _connection_for_flush(session: Any, mapper: Any) -> Any:
    """
    Return the connection that objects of a mapper are written through.
    """
    transaction = session._transaction
    bind = None if session._binds else session.bind
    if bind is None:
        bind = session.get_bind(mapper)
    return transaction._connection_for_bind(bind)


def _flush(session: Any, objects: Any) -> None:
    """
    Write the changes of a session; see `SessionUnit.flush`.
    """
    if session._flushing:
        raise exc.InvalidRequestError("Session is already flushing")
    if is_clean(session):
        return
    transaction = session._transaction
    if transaction is not None and transaction._state is not ACTIVE and not transaction._can_run():
        transaction._require("begin")
    session._flushing = True
    try:
        flush(session, objects)
    finally:
        session._flushing = False


def _end(session: Any, invalidate: bool, closes: bool) -> None:
    """
    Expunge all objects of a session, and end its transactions.

    Args:
        closes: It can't be used again, if that is what closing means for it.
    """
    transaction = session._transaction
    if transaction is not None:
        transaction._check_idle("close")
    if closes and session._close_resets_only is False:
        session._closed = True
    try:
        session.expunge_all()
        while transaction is not None:
            outer = transaction._parent
            transaction._finish(invalidate)
            transaction = outer
    except BaseException as err:
        if transaction is not None:
            transaction._abandon(err)
        raise
