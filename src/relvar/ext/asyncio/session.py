"""
Sessions to be awaited.

An `AsyncSession` stands for a `Session`, found as ``sync_session``, and runs its
methods in a greenlet: what a session does is thought of there, see `derive`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, NoReturn, ParamSpec, TypeVar

from relvar import exc
from relvar.ext.asyncio.derive import Proxy, Startable
from relvar.ext.asyncio.engine import AsyncConnection, AsyncEngine
from relvar.ext.asyncio.exc import AsyncBindNotFound
from relvar.ext.asyncio.faces import SessionFace, SessionTransactionFace
from relvar.ext.asyncio.running import blocking
from relvar.orm.session.instances import close_all_sessions as _close_all_sessions
from relvar.orm.session.instances import object_session
from relvar.orm.session.session import Session
from relvar.orm.session.transaction import SessionTransaction
from relvar.orm.state import hooks
from relvar.util.concurrency import greenlet_spawn
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from typing import Self, Unpack

    from relvar.engine.retry import RetryOptions

__all__ = [
    "AsyncSession",
    "AsyncSessionTransaction",
    "async_object_session",
    "async_session",
    "close_all_sessions",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def sync_bind(bind: Any) -> Any:
    """
    Give the blocking engine or connection that *bind* stands for.

    Raises:
        ArgumentError: It is not of asyncio.
    """
    if bind is None:
        return None
    if not isinstance(bind, AsyncEngine | AsyncConnection):
        raise exc.ArgumentError(f"AsyncEngine expected, got {bind!r}")
    return bind._proxied


class AsyncSessionTransaction(
    SessionTransactionFace, Proxy[SessionTransaction], Startable["AsyncSessionTransaction"]
):
    """
    The transaction of a session, or a savepoint; begun by ``await`` or ``async with``.

    Made by `AsyncSession.begin` and `AsyncSession.begin_nested`.
    """

    __slots__ = ("nested", "session", "sync_transaction")

    session: AsyncSession
    nested: bool
    sync_transaction: SessionTransaction | None

    def __init__(self, session: AsyncSession, nested: bool = False) -> None:
        self.session = session
        self.nested = nested
        self.sync_transaction = None

    @property
    def _proxied(self) -> SessionTransaction:
        if self.sync_transaction is None:
            self._raise_for_not_started()
        return self.sync_transaction

    @classmethod
    def _regenerate_proxy_for_target(
        cls, target: SessionTransaction, *, async_session: Any = None, **additional_kw: Any
    ) -> Self:
        made = cls(async_session, nested=target.nested)
        made.sync_transaction = made._assign_proxied(target)
        return made

    async def start(self, is_ctxmanager: bool = False) -> AsyncSessionTransaction:
        """Begin."""
        session = self.session.sync_session
        begin: Callable[[], SessionTransaction] = session.begin_nested if self.nested else session.begin
        self.sync_transaction = self._assign_proxied(await greenlet_spawn(begin))
        if is_ctxmanager:
            self.sync_transaction.__enter__()
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await greenlet_spawn(self._proxied.__exit__, type_, value, traceback)

    @property
    def connections(self) -> frozenset[AsyncConnection]:
        """The connections that take part."""
        return frozenset(
            [_async_connection(self.session, each) for each in self._proxied.connections],
        )

    def bound_connection(self, bindkey: Any = None, *, bind: Any = None, **kw: Any) -> AsyncConnection:
        """
        Return the connection of this transaction for *bindkey* or *bind*, which must be in use already.

        Raises:
            InvalidRequestError: No connection was made for that bind yet.
        """
        if bind is not None:
            kw["bind"] = sync_bind(bind)
        return _async_connection(self.session, self._proxied.bound_connection(bindkey, **kw))


def _async_connection(session: AsyncSession, connection: Any) -> AsyncConnection:
    """
    Give what stands for a connection of a session, with the engine that the session was given.
    """
    found = AsyncConnection._retrieve_proxy_for_target(connection, regenerate=False)
    if found is None:
        given = session._async_binds.get(connection.engine)
        engine = given if isinstance(given, AsyncEngine) else None
        engine = engine or AsyncEngine._retrieve_proxy_for_target(connection.engine)
        assert engine is not None
        found = engine._connection_cls(engine, connection)
    return found


class AsyncSession(SessionFace, Proxy[Session]):
    """
    A `Session` whose work with the database is awaited.

    It is used by one task at a time.

    Args:
        bind: An `AsyncEngine` or `AsyncConnection`.
        binds: Those by class, mapper or table.
        sync_session_class: The class of ``sync_session``; else the attribute of this name says.
        kw: All else is as for `Session`.

    >>> import asyncio
    >>> from relvar import select
    >>> from relvar.ext.asyncio import AsyncSession, create_async_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.begin() as connection:
    ...         await connection.run_sync(Base.metadata.create_all)
    ...     async with AsyncSession(engine) as session:
    ...         session.add_all([User(name="ann"), User(name="bob")])
    ...         await session.commit()
    ...         names = await session.scalars(select(User.name).order_by(User.name))
    ...     await engine.dispose()
    ...     return names.all()
    >>> asyncio.run(main())
    ['ann', 'bob']
    """

    _is_asyncio = True

    sync_session_class: ClassVar[type[Session]] = Session
    "The class of ``sync_session``, unless the constructor is told another one."

    sync_session: Session
    "The blocking session that this one stands for; listeners and `object_session` know that."

    def __init__(
        self,
        bind: Any = None,
        *,
        binds: Mapping[Any, Any] | None = None,
        sync_session_class: type[Session] | None = None,
        **kw: Any,
    ) -> None:
        # blocking bind -> what it was given as
        self._async_binds: dict[Any, Any] = {}
        made = sync_session_class or self.sync_session_class
        if binds is not None:
            kw["binds"] = {key: self._known_bind(each) for key, each in binds.items()}
        self.sync_session = self._assign_proxied(made(bind=self._known_bind(bind), **kw))

    @property
    def _proxied(self) -> Session:
        return self.sync_session

    @classmethod
    def _no_async_engine_events(cls) -> NoReturn:
        raise NotImplementedError(
            "asynchronous events are not implemented at this time.  Apply synchronous listeners to the "
            "AsyncSession.sync_session, or to the class of it."
        )

    # -- the block, and the end ---------------------------------------------------------

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # cancelled meanwhile, it gives its connection up: no task of its own needs to see to that
        await self.close()

    async def aclose(self) -> None:
        """Close; what ``contextlib.aclosing`` calls."""
        await self.close()

    @classmethod
    async def close_all(cls) -> None:
        """Close all sessions."""
        warn_deprecated(
            "The AsyncSession.close_all() method is deprecated and will be removed in a future release.  "
            "Please refer to close_all_sessions().",
            "2.0",
        )
        await close_all_sessions()

    # -- transactions -------------------------------------------------------------------

    def begin(self) -> AsyncSessionTransaction:
        """Begin a transaction, by ``await`` or ``async with``."""
        return AsyncSessionTransaction(self)

    def begin_nested(self) -> AsyncSessionTransaction:
        """Begin a savepoint, by ``await`` or ``async with``."""
        return AsyncSessionTransaction(self, nested=True)

    def get_transaction(self) -> AsyncSessionTransaction | None:
        """Return the root transaction in progress, if any."""
        return AsyncSessionTransaction._retrieve_proxy_for_target(
            self.sync_session.get_transaction(), async_session=self
        )

    def get_nested_transaction(self) -> AsyncSessionTransaction | None:
        """Return the savepoint in progress, if any."""
        return AsyncSessionTransaction._retrieve_proxy_for_target(
            self.sync_session.get_nested_transaction(), async_session=self
        )

    async def connection(
        self,
        /,
        bind_arguments: Mapping[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
        **kw: Any,
    ) -> AsyncConnection:
        """
        Return the connection of the current transaction, begun if there is none.

        Args:
            execution_options: For the connection, if it is only made now.
        """
        connection = await greenlet_spawn(
            self.sync_session.connection,
            bind_arguments=bind_arguments,
            execution_options=execution_options,
            **kw,
        )
        return _async_connection(self, connection)

    # -- objects ------------------------------------------------------------------------

    async def run_sync(
        self, fn: Callable[Concatenate[Session, _P], _T], *arg: _P.args, **kw: _P.kwargs
    ) -> _T:
        """
        Call *fn* with the blocking session, and let it do what blocking code does: load attributes, too.
        """
        session = self.sync_session
        return await greenlet_spawn(lambda: fn(session, *arg, **kw))

    async def run(self, fn: Callable[[Self], Awaitable[_T] | _T], **options: Unpack[RetryOptions]) -> _T:
        """
        Run a function in a transaction of this session, again if that fails by a conflict.

        The session must have no transaction. Objects of a try that failed leave it, and are unusable.
        Else it is as `AsyncEngine.run`.
        """
        return await greenlet_spawn(self.sync_session.run, blocking(fn, lambda _: self), **options)

    def __contains__(self, instance: object) -> bool:
        return instance in self.sync_session

    def __iter__(self) -> Iterator[object]:
        return iter(self.sync_session)

    # -- binds --------------------------------------------------------------------------

    def _known_bind(self, bind: Any) -> Any:
        blocking = sync_bind(bind)
        if blocking is not None:
            self._async_binds[blocking] = bind
        return blocking

    def _given_bind(self, blocking: Any) -> Any:
        try:
            return self._async_binds[blocking]
        except KeyError:
            raise AsyncBindNotFound(
                f"Can't translate bind {blocking!r}; it is not among the binds established for this "
                "AsyncSession.  Binds should be established on the AsyncSession rather than directly on its "
                "sync_session, so that the asyncio object each one was derived from is known."
            ) from None

    @property
    def bind(self) -> Any:
        """The engine or connection of asyncio for all that `binds` does not name."""
        blocking = self.sync_session.bind
        return None if blocking is None else self._given_bind(blocking)

    @bind.setter
    def bind(self, value: Any) -> None:
        self.sync_session.bind = self._known_bind(value)

    @property
    def binds(self) -> Mapping[Any, Any]:
        """Engines and connections of asyncio by class and table."""
        blocking = self.sync_session.binds
        return immutabledict({key: self._given_bind(each) for key, each in blocking.items()})

    def get_bind(self, /, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any) -> Any:
        """
        Return the blocking engine or connection for *mapper* and *clause*.

        To choose one yourself override `Session.get_bind`, in a class for ``sync_session_class``.
        """
        return self.sync_session.get_bind(mapper=mapper, clause=clause, bind=bind, **kw)

    def get_async_bind(
        self, /, mapper: Any = None, clause: Any = None, bind: Any = None, **kw: Any
    ) -> AsyncEngine | AsyncConnection:
        """
        Return the engine or connection of asyncio for *mapper* and *clause*.

        Raises:
            AsyncBindNotFound: The session was not given it.
        """
        if bind is not None:
            sync_bind(bind)
            given: AsyncEngine | AsyncConnection = bind
            return given
        found: AsyncEngine | AsyncConnection = self._given_bind(self.get_bind(mapper, clause, **kw))
        return found

    def bind_mapper(self, mapper: Any, bind: Any) -> None:
        """Have a mapped class, or any class it inherits from, use *bind*."""
        self.sync_session.bind_mapper(mapper, self._known_bind(bind))

    def bind_table(self, table: Any, bind: Any) -> None:
        """Have a table use *bind*."""
        self.sync_session.bind_table(table, self._known_bind(bind))


def async_session(session: Session) -> AsyncSession | None:
    """
    Return the session of asyncio that stands for *session*, if there is one.
    """
    return AsyncSession._retrieve_proxy_for_target(session, regenerate=False)


def async_object_session(instance: object) -> AsyncSession | None:
    """
    Return the session of asyncio that an object belongs to, if there is one.
    """
    session = object_session(instance)
    return None if session is None else async_session(session)


async def close_all_sessions() -> None:
    """
    Close all sessions in memory.
    """
    await greenlet_spawn(_close_all_sessions)


hooks.async_session_hook[0] = async_session
