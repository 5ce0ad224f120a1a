"""
The `Session`: a unit of work over mapped objects.

It collects pending, changed and deleted objects (`contents`), writes them as one
unit (`relvar.orm.flush`), runs statements in its transaction (`execute`) and gives
every row one object.

Rule 1: there is a transaction from the first use on, unless ``autobegin`` is off;
    connections join it when they are needed.
Rule 2: a session is used by one thread or task at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

from relvar import exc
from relvar._kernels.attributes import (
    DELETED,
    EXPIRED,
    MODIFIED,
    WAS_DELETED,
    extras,
    mark_clean,
    sessions,
)
from relvar._kernels.identity import IdentityMap
from relvar._kernels.lend import clock
from relvar.expr.options import report_unknown_options
from relvar.orm import exc as orm_exc
from relvar.orm.flush.work import flush
from relvar.orm.load.refresh import refresh_state
from relvar.orm.session import binds as bind_rules
from relvar.orm.session.cascade import session_of
from relvar.orm.session.contents import SessionContents, forget_identity, state_of, state_str
from relvar.orm.session.execute import SessionExecution, _session_get_bind
from relvar.orm.session.transaction import AUTOBEGIN, BEGIN, SessionTransaction
from relvar.orm.state import hooks
from relvar.util.immutable import immutabledict
from relvar.util.memoized import memoized_property
from relvar.util.symbol import symbol
from relvar.util.warning import warn, warn_deprecated

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from relvar.engine.base import Connection, Engine
    from relvar.orm.load.lazy_modes import LazyReport

__all__ = [
    "Session",
    "close_all_sessions",
    "make_transient",
    "make_transient_to_detached",
    "object_session",
    "was_deleted",
]

_O = TypeVar("_O")
_T = TypeVar("_T")
_SelfSession = TypeVar("_SelfSession", bound="Session")

_session_numbers = count(1)

_JOIN_MODES = frozenset({"conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"})
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()
NO_ARG: Any = symbol("NO_ARG")


class _SessionClassMethods:
    """
    Functions that `Session` and `sessionmaker` offer on the class.
    """

    @classmethod
    def identity_key(
        cls,
        class_: Any = None,
        ident: Any = None,
        *,
        instance: Any = None,
        row: Any = None,
        identity_token: Any = None,
    ) -> Any:
        """
        Return an identity key, see `relvar.orm.identity_key`.
        """
        if class_ is not None:
            mapper = bind_rules.mapper_of(class_)
            if row is None:
                if ident is None:
                    raise exc.ArgumentError("ident or row is required")
                values = ident if isinstance(ident, (tuple, list)) else (ident,)
                return mapper.identity_key_from_primary_key(tuple(values), identity_token=identity_token)
            return mapper.identity_key_from_row(row, identity_token=identity_token)
        if instance is not None:
            return state_of(instance).mapper.identity_key_from_instance(instance)
        raise exc.ArgumentError("class or instance is required")

    @classmethod
    def object_session(cls, instance: object) -> Session | None:
        """
        Return the session that an object belongs to.
        """
        return object_session(instance)


class ClassEvents:
    """
    The events of a class of sessions, and when it was last found that
    somebody or nobody listens to them.
    """

    __slots__ = ("_heard_at", "_quiet_at", "cls", "dispatch")

    def __init__(self, cls: Any) -> None:
        self.cls: Any = cls
        self.dispatch: Any = None if cls is None else cls.dispatch
        self._heard_at = self._quiet_at = -1


class Session(SessionExecution, SessionContents, _SessionClassMethods):
    """
    Manages persistence operations for ORM-mapped objects.

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
    ...     session.add(User(name="ann"))
    ...     session.commit()
    ...     user = session.scalars(select(User)).one()
    ...     user.id, user.name
    (1, 'ann')
    """

    autoflush: bool

    hash_key: int

    _is_asyncio = False
    _context_transaction: SessionTransaction | None = None
    _nested_transaction: SessionTransaction | None = None
    _flushing = _autoflushing = _warn_on_events = _closed = False
    strict: bool = False
    "Whether what would be lost is an error, a `LossError`, in this session."
    lazy_loading: str | None = None
    """
    What happens when an attribute loads itself: None as in SQLAlchemy, ``peers`` for all objects of its
    result at once, ``report`` to have it counted, ``strict`` for an error.
    """
    # The run of a loader whose objects are read one by one: what those need is loaded for all together.
    _reading: Any = None
    connection_callable: Any = None
    _query_cls: Any = None
    # of the class that has it in its own right; a new subclass gets its own
    _class_events = ClassEvents(None)
    _heard_at = -1

    dispatch: Any

    def __init__(
        self,
        bind: Any = None,
        *,
        autoflush: bool = True,
        future: bool = True,
        expire_on_commit: bool = True,
        autobegin: bool = True,
        twophase: bool = False,
        binds: Mapping[Any, Any] | None = None,
        enable_baked_queries: bool = True,
        info: dict[Any, Any] | None = None,
        query_cls: Any = None,
        autocommit: bool = False,
        join_transaction_mode: str = "conditional_savepoint",
        close_resets_only: Any = NO_ARG,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        strict: bool = False,
        lazy_loading: Literal["select", "peers", "report", "strict"] | None = None,
    ) -> None:
        if lazy_loading is not None:
            from relvar.orm.load.lazy_modes import checked  # few programs say it

            self.lazy_loading = checked(lazy_loading)
        if strict:
            self.strict = True
        if execution_options:
            report_unknown_options(execution_options, strict)
        if autocommit:
            raise exc.ArgumentError("autocommit=True is no longer supported")
        if not future:
            raise exc.ArgumentError("The 'future' parameter passed to Session() may only be set to True.")
        if join_transaction_mode not in _JOIN_MODES:
            raise exc.ArgumentError(f'invalid selection for join_transaction_mode: "{join_transaction_mode}"')
        if isinstance(bind, (str, int)):
            raise exc.ArgumentError(f"Session() is bound to an Engine or a Connection, got {bind!r}")
        self.hash_key = number = next(_session_numbers)
        self.identity_map: IdentityMap = IdentityMap(number, self)
        self.bind = bind
        self._binds: dict[Any, Any] = {}
        self._new = {}
        self._deleted = {}
        self._transaction = None
        known = self._class_events
        if known.cls is not type(self):
            known = type(self)._class_events = ClassEvents(type(self))
        self._events = known.dispatch
        self._quiet_at = known._quiet_at
        self.autoflush = autoflush
        self.autobegin = autobegin
        if not autobegin:
            self.identity_map.guard = _require_begun
        self.expire_on_commit = expire_on_commit
        self.enable_baked_queries = enable_baked_queries
        self.twophase = twophase
        self.join_transaction_mode = join_transaction_mode
        self._close_resets_only = close_resets_only
        self.execution_options: Mapping[str, Any] = (
            immutabledict(execution_options) if execution_options else _NO_OPTIONS
        )
        if query_cls is not None:
            self._query_cls = query_cls
        if info:
            self.info.update(info)
        if binds is not None:
            for key, value in binds.items():
                bind_rules.add_bind(self._binds, key, value)

    # -- facts -------------------------------------------------------------

    def _listens(self) -> bool:
        """
        Tell whether anybody listens to this session; asked anew only after a
        listener came or went anywhere.
        """
        ticks = clock.ticks
        if self._quiet_at == ticks:
            return False
        if self._heard_at == ticks:
            return True
        known = self._class_events
        events = self._events
        holder = self if events is not known.dispatch else known
        if holder._heard_at == ticks or events._any():
            self._heard_at = holder._heard_at = ticks
            return True
        self._quiet_at = holder._quiet_at = ticks
        return False

    @property
    def binds(self) -> dict[Any, Any]:
        """
        Binds by class and table.
        """
        return self._binds

    @property
    def info(self) -> dict[Any, Any]:
        """
        A dictionary for the program's own use.
        """
        found: dict[Any, Any] = self.__dict__.setdefault("_info", {})
        return found

    @memoized_property
    def _merged_new(self) -> dict[Any, Any]:
        """
        States that `merge` made for keys that are in no row.
        """
        return {}

    @memoized_property
    def lazy_report(self) -> LazyReport:
        """
        What was loaded one object at a time; of sessions with ``lazy_loading="report"``.
        """
        from relvar.orm.load.lazy_modes import LazyReport  # few programs ask

        return LazyReport()

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
            yield self
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
        transaction = self._transaction
        context = self._context_transaction
        if context is not None and context._session is None:
            raise exc.InvalidRequestError(
                "Can't operate on closed transaction inside context manager.  Please complete "
                "the context manager before emitting further commands."
            )
        if transaction is not None:
            return transaction
        if not begin and not self.autobegin:
            raise exc.InvalidRequestError(
                "Autobegin is disabled on this Session; please call session.begin() to start "
                "a new transaction"
            )
        if self._closed:
            raise exc.InvalidRequestError(
                "This Session has been permanently closed and is unable to handle any more "
                "transaction requests."
            )
        return SessionTransaction(self, BEGIN if begin else AUTOBEGIN)

    def _begun(self) -> SessionTransaction | None:
        """
        Return the innermost transaction, if there is one.

        A changed attribute begins one; as nobody sees that before asking, it is begun here.
        """
        if self._transaction is None and self.autobegin and self.identity_map.modified:
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
            return transaction._begin(nested=True)
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
        transaction = self._autobegin_t()
        if (
            transaction._parent is None
            and transaction.is_active
            and transaction._busy is None
            and not self.twophase
            and not self._listens()
        ):
            transaction._commit_quietly()
        else:
            transaction.commit(_to_root=True)

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
        return run_in_session(self, fn, policy)

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
        self._close_impl(invalidate=False)

    def reset(self) -> None:
        """
        Close the transaction and expunge all objects; the session can always be
        used again.
        """
        self._close_impl(invalidate=False, is_reset=True)

    def invalidate(self) -> None:
        """
        Close, and invalidate the connections in use.
        """
        self._close_impl(invalidate=True)

    def _close_impl(self, invalidate: bool, is_reset: bool = False) -> None:
        transaction = self._transaction
        if transaction is not None:
            transaction._check_idle("close")
        if not is_reset and self._close_resets_only is False:
            self._closed = True
        try:
            self.expunge_all()
            while transaction is not None:
                outer = transaction._parent
                transaction.close(invalidate)
                transaction = outer
        except BaseException as err:
            if transaction is not None:
                transaction._abandon(err)
            raise

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
        if self._flushing:
            raise exc.InvalidRequestError("Session is already flushing")
        if self._is_clean():
            return
        transaction = self._transaction
        if transaction is not None and not transaction.is_active:
            transaction._require("begin")
        self._flushing = True
        try:
            flush(self, objects or None)
        finally:
            self._flushing = False

    def _autoflush(self) -> None:
        """
        Flush before a query, so that it sees what is pending.
        """
        if not (self._new or self._deleted or self.identity_map.modified):
            return
        if not self.autoflush or self._flushing:
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
        transaction = self._transaction
        assert transaction is not None
        if not self._binds and self.bind is not None:
            return transaction._connection_for_bind(self.bind)
        return transaction._connection_for_bind(self.get_bind(mapper))

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

    # -- one object --------------------------------------------------------

    def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """
        Load attributes of a persistent instance again, all or the named ones.

        Raises:
            InvalidRequestError: it is not persistent in this session, or its
                row is gone.

        >>> from relvar import create_engine, text
        >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
        >>> class Base(DeclarativeBase): ...
        >>> class User(Base):
        ...     __tablename__ = "users"
        ...     id: Mapped[int] = mapped_column(primary_key=True)
        ...     name: Mapped[str]
        >>> engine = create_engine("sqlite://")
        >>> Base.metadata.create_all(engine)
        >>> with Session(engine) as session:
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     _ = session.execute(text("UPDATE users SET name = 'bob'"))
        ...     session.refresh(user)
        ...     user.name
        'bob'
        """
        state = state_of(instance)
        if state.flags & DELETED:
            raise exc.InvalidRequestError(f"Instance '{state_str(state)}' is not persisted")
        names = list(attribute_names or ()) or None
        self._expire_state(state, names)
        self._autoflush()
        if not refresh_state(self, state, names, with_for_update=with_for_update):
            raise exc.InvalidRequestError(f"Could not refresh instance '{state_str(state)}'")

    def merge(self, instance: _O, *, load: bool = True, options: Sequence[Any] | None = None) -> _O:
        """
        Copy the state of an instance onto its counterpart in this session and
        return that.

        Args:
            load: Look for the counterpart in the database; with False, the
                given object must be unchanged, and nothing is emitted.

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
        ...     session.add(kept := User(id=1, name="ann"))
        ...     session.flush()
        ...     session.merge(User(id=1, name="bob")) is kept, kept.name
        (True, 'bob')
        """
        from relvar.orm.session.merge import merge  # few programs merge

        merged: _O = merge(self, instance, load, options)
        return merged

    def merge_all(
        self, instances: Iterable[_O], *, load: bool = True, options: Sequence[Any] | None = None
    ) -> Sequence[_O]:
        """
        Merge several instances, see `merge`.
        """
        from relvar.orm.session.merge import merge_many  # as above

        return merge_many(self, list(instances), load, options)

    def _merge_rows(self, rows: Iterable[Any], load: bool) -> list[tuple[Any, ...]]:
        """
        Return rows with the objects in them merged.
        """
        from relvar.orm.session.merge import merge_rows  # as above

        return merge_rows(self, rows, load)

    def is_modified(self, instance: object, include_collections: bool = True) -> bool:
        """
        Tell whether the instance has a net change that a flush would write.

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
        ...     session.add(user := User(id=1, name="ann"))
        ...     session.flush()
        ...     user.name = "bob"
        ...     session.is_modified(user)
        True
        """
        state = state_of(instance)
        if not state.flags & MODIFIED:
            return False
        obj = state()
        for impl in state.manager.impls.values():
            if not include_collections and impl.collection:
                continue
            history = impl.get_history(state, obj, _NO_LOAD)
            if history.added or history.deleted:
                return True
        return False

    def enable_relationship_loading(self, obj: object) -> None:
        """
        Let a transient object load relationships from the foreign keys it has,
        without being in the session otherwise.
        """
        state = state_of(obj)
        to_attach = self._before_attach(state, obj)
        extras(state)["load_pending"] = True
        if to_attach:
            self._after_attach(state, obj)

    # -- bulk operations of the older kind -----------------------------------

    def bulk_save_objects(
        self,
        objects: Iterable[object],
        return_defaults: bool = False,
        update_changed_only: bool = True,
        preserve_order: bool = True,
    ) -> None:
        """
        Insert or update the rows of objects that need not be in the session.
        """
        from relvar.orm.session.bulk import save_objects  # few programs write in bulk

        self._refuse_apart()
        with self._as_flush():
            save_objects(
                self,
                objects,
                return_defaults=return_defaults,
                update_changed_only=update_changed_only,
                preserve_order=preserve_order,
            )

    def bulk_insert_mappings(
        self,
        mapper: Any,
        mappings: Iterable[dict[str, Any]],
        return_defaults: bool = False,
        render_nulls: bool = False,
    ) -> None:
        """
        Insert rows given as dictionaries by attribute name.
        """
        from relvar.orm.session.bulk import insert_mappings  # as above

        self._refuse_apart()
        mapper = bind_rules.mapper_of(mapper)
        with self._as_flush():
            given = list(mappings)
            made = insert_mappings(
                self._connection_for(mapper, None),
                mapper,
                given,
                render_nulls=render_nulls,
                return_keys=return_defaults,
            )
            if return_defaults:
                for mapping, row in zip(given, made, strict=True):
                    mapping.update(row)

    def bulk_update_mappings(self, mapper: Any, mappings: Iterable[dict[str, Any]]) -> None:
        """
        Update rows given as dictionaries with their primary key.
        """
        from relvar.orm.session.bulk import update_mappings  # as above

        self._refuse_apart()
        mapper = bind_rules.mapper_of(mapper)
        with self._as_flush():
            update_mappings(self._connection_for(mapper, None), mapper, mappings)

    @contextmanager
    def _as_flush(self) -> Iterator[None]:
        """
        Run a block as a flush runs: alone, and rolled back as a whole.
        """
        if self._flushing:
            raise exc.InvalidRequestError("Session is already flushing")
        subtransaction = self._autobegin_t()._begin()
        self._flushing = True
        try:
            yield
            subtransaction.commit()
        except BaseException as err:
            subtransaction.rollback(_capture_exception=err)
            raise
        finally:
            self._flushing = False

    # -- binds -------------------------------------------------------------

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """
        Use *bind* for a mapper or mapped class.
        """
        bind_rules.add_bind(self._binds, mapper, bind)

    def bind_table(self, table: Any, bind: Any) -> None:
        """
        Use *bind* for a table.
        """
        bind_rules.add_bind(self._binds, table, bind)

    def get_bind(
        self,
        mapper: Any = None,
        *,
        clause: Any = None,
        bind: Any = None,
        _sa_skip_events: bool | None = None,
        _sa_skip_for_implicit_returning: bool = False,
        **kw: Any,
    ) -> Engine | Connection:
        """
        Return the engine or connection for a mapper and a statement.

        Raises:
            UnboundExecutionError: there is none.
        """
        if kw:
            bind_rules.report_misspelt(kw, self.strict)
        if bind is not None:
            return bind  # type: ignore[no-any-return]  # as declared
        return bind_rules.locate_bind(self.bind, self._binds, mapper, clause)  # type: ignore[no-any-return]  # as declared


def _require_begun(session: Session | None) -> None:
    """
    Raise if an object is changed in a session that waits for `begin`.
    """
    if session is not None and not session.autobegin:
        session._autobegin_t()


_NO_LOAD = 22
"""
``PassiveFlag.PASSIVE_NO_INITIALIZE``.
"""


def object_session(instance: object) -> Session | None:
    """
    Return the session to which an instance belongs, or None.

    Raises:
        UnmappedInstanceError: it is not of a mapped class.

    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, object_session
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> session, user = Session(), User(name="ann")
    >>> print(object_session(user))
    None
    >>> session.add(user)
    >>> object_session(user) is session
    True
    """
    found: Session | None = session_of(state_of(instance))
    return found


def was_deleted(object_: object) -> bool:
    """
    Tell whether the row of an object was deleted by a flush of its session.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, was_deleted
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(user := User(id=1, name="ann"))
    ...     session.flush()
    ...     session.delete(user)
    ...     session.flush()
    ...     was_deleted(user)
    True
    """
    return bool(state_of(object_).flags & (DELETED | WAS_DELETED))


def close_all_sessions() -> None:
    """
    Close all sessions in memory.
    """
    for reference in list(sessions.values()):
        identity_map = reference()
        session = None if identity_map is None else identity_map.owner()
        if session is not None:
            session.close()


def make_transient(instance: object) -> None:
    """
    Take identity and session off an instance: it is as if it was just made.

    >>> from relvar import create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, make_transient, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(user := User(id=1, name="ann"))
    ...     session.flush()
    ...     make_transient(user)
    ...     user.id = 2
    ...     session.add(user)
    ...     session.flush()
    ...     session.scalars(select(User.id)).all()
    [1, 2]
    """
    state: Any = instance._sa_instance_state  # type: ignore[attr-defined]  # every mapped object has it
    has_values = not state.flags & (EXPIRED | DELETED)
    session = session_of(state)
    if session is not None:
        session._expunge_states([state])
    forget_identity(state)
    state.flags &= ~(EXPIRED | DELETED | WAS_DELETED)
    if has_values:
        state.flags |= MODIFIED


def make_transient_to_detached(instance: object) -> None:
    """
    Make a transient instance detached, as if it had been loaded and expunged;
    attributes that have no value are expired.

    Raises:
        InvalidRequestError: it is in a session or has an identity already.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column
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
    >>> user = User(id=1)
    >>> make_transient_to_detached(user)
    >>> with Session(engine) as session:
    ...     session.add(user)
    ...     user.name
    'ann'
    """
    state = state_of(instance)
    if session_of(state) is not None or state.pk is not None:
        raise exc.InvalidRequestError("Given object must be transient")
    mapper = state.manager.mapper
    values = mapper.primary_key_from_instance(instance)
    state.pk = values[0] if len(values) == 1 else tuple(values)
    state.flags &= ~(DELETED | WAS_DELETED)
    state.commit_all()
    state.expire(list(state.unloaded))


hooks.session_hook[0] = session_of
_session_get_bind[0] = Session.get_bind
