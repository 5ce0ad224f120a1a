"""
Engines, connections and transactions to be awaited.

Each stands for a blocking object, found as ``sync_engine``, ``sync_connection``
or ``sync_transaction``, and runs its methods in a greenlet: nothing is thought
of here, see `derive`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar, TypeVarTuple

from relvar import exc, inspection
from relvar.engine.base import Connection, Engine
from relvar.engine.create import create_engine, create_pool_from_url, engine_from_config
from relvar.engine.transactions import Transaction
from relvar.engine.url import URL
from relvar.ext.asyncio.derive import Proxy, Startable
from relvar.ext.asyncio.exc import AsyncMethodRequired
from relvar.ext.asyncio.faces import ConnectionFace, EngineFace, TransactionFace
from relvar.ext.asyncio.running import blocking
from relvar.util.concurrency import greenlet_spawn

if TYPE_CHECKING:
    from typing import Self, Unpack

    from relvar.engine.retry import RetryOptions
    from relvar.pool import Pool, PoolProxiedConnection

__all__ = [
    "AsyncConnection",
    "AsyncEngine",
    "AsyncTransaction",
    "async_engine_from_config",
    "create_async_engine",
    "create_async_pool_from_url",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


class AsyncConnectable:
    """
    What listeners can't be attached to.
    """

    __slots__ = ()

    @classmethod
    def _no_async_engine_events(cls) -> NoReturn:
        raise NotImplementedError(
            "asynchronous events are not implemented at this time.  Apply synchronous listeners to the "
            "AsyncEngine.sync_engine or AsyncConnection.sync_connection attributes."
        )


class AsyncTransaction(TransactionFace, Proxy[Transaction], Startable["AsyncTransaction"]):
    """
    A transaction, or a savepoint; begun by ``await`` or ``async with``.

    Made by `AsyncConnection.begin` and `AsyncConnection.begin_nested`.
    """

    __slots__ = ("connection", "nested", "sync_transaction")

    connection: AsyncConnection
    nested: bool
    sync_transaction: Transaction | None

    def __init__(self, connection: AsyncConnection, nested: bool = False) -> None:
        self.connection = connection
        self.sync_transaction = None
        self.nested = nested

    @property
    def _proxied(self) -> Transaction:
        if self.sync_transaction is None:
            self._raise_for_not_started()
        return self.sync_transaction

    @classmethod
    def _regenerate_proxy_for_target(
        cls, target: Transaction, *, async_connection: Any = None, **additional_kw: Any
    ) -> Self:
        made = cls(async_connection, nested=not target._is_root)
        made.sync_transaction = made._assign_proxied(target)
        return made

    async def start(self, is_ctxmanager: bool = False) -> AsyncTransaction:
        """Begin."""
        connection = self.connection._proxied
        begin: Callable[[], Transaction] = connection.begin_nested if self.nested else connection.begin
        self.sync_transaction = self._assign_proxied(await greenlet_spawn(begin))
        if is_ctxmanager:
            self.sync_transaction.__enter__()
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await greenlet_spawn(self._proxied.__exit__, type_, value, traceback)


class AsyncConnection(ConnectionFace, Proxy[Connection], Startable["AsyncConnection"], AsyncConnectable):
    """
    A connection to the database, begun transaction included.

    Made by `AsyncEngine.connect`; started by ``await`` or ``async with``.

    >>> import asyncio
    >>> from relvar import text
    >>> from relvar.ext.asyncio import create_async_engine
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.connect() as connection:
    ...         await connection.execute(text("CREATE TABLE users (name VARCHAR)"))
    ...         names = [{"name": "ann"}, {"name": "bob"}]
    ...         await connection.execute(text("INSERT INTO users VALUES (:name)"), names)
    ...         await connection.commit()
    ...         found = await connection.scalars(text("SELECT name FROM users"))
    ...     await engine.dispose()
    ...     return found.all()
    >>> asyncio.run(main())
    ['ann', 'bob']
    """

    __slots__ = ("engine", "sync_connection", "sync_engine")

    engine: AsyncEngine
    sync_connection: Connection | None
    sync_engine: Engine

    def __init__(self, async_engine: AsyncEngine, sync_connection: Connection | None = None) -> None:
        self.engine = async_engine
        self.sync_engine = async_engine.sync_engine
        self.sync_connection = None if sync_connection is None else self._assign_proxied(sync_connection)

    @property
    def _proxied(self) -> Connection:
        if self.sync_connection is None:
            self._raise_for_not_started()
        return self.sync_connection

    @classmethod
    def _regenerate_proxy_for_target(cls, target: Connection, **additional_kw: Any) -> Self:
        engine = AsyncEngine._retrieve_proxy_for_target(target.engine)
        assert engine is not None
        return cls(engine, target)

    async def start(self, is_ctxmanager: bool = False) -> AsyncConnection:
        """
        Take a connection out of the pool.

        Raises:
            InvalidRequestError: This was started already.
        """
        if self.sync_connection is not None:
            raise exc.InvalidRequestError("connection is already started")
        self.sync_connection = self._assign_proxied(await greenlet_spawn(self.sync_engine.connect))
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # cancelled meanwhile, it gives its connection up: no task of its own needs to see to that
        await self.close()

    async def aclose(self) -> None:
        """Roll back what is open, and give the connection back; what ``contextlib.aclosing`` calls."""
        await self.close()

    async def run_sync(
        self, fn: Callable[Concatenate[Connection, _P], _T], *arg: _P.args, **kw: _P.kwargs
    ) -> _T:
        """
        Call *fn* with the blocking connection, and let it do what blocking code does.

        >>> import asyncio
        >>> from relvar import Column, Integer, MetaData, Table, inspect
        >>> from relvar.ext.asyncio import create_async_engine
        >>> metadata = MetaData()
        >>> _ = Table("users", metadata, Column("id", Integer, primary_key=True))
        >>> async def main():
        ...     engine = create_async_engine("sqlite+aiosqlite://")
        ...     async with engine.begin() as connection:
        ...         await connection.run_sync(metadata.create_all)
        ...         names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        ...     await engine.dispose()
        ...     return names
        >>> asyncio.run(main())
        ['users']
        """
        connection = self._proxied
        return await greenlet_spawn(lambda: fn(connection, *arg, **kw))

    # -- transactions ---------------------------------------------------------------

    def begin(self) -> AsyncTransaction:
        """Begin a transaction, by ``await`` or ``async with``."""
        self._proxied  # noqa: B018  # raises where the connection is not started
        return AsyncTransaction(self)

    def begin_nested(self) -> AsyncTransaction:
        """Begin a savepoint, by ``await`` or ``async with``."""
        self._proxied  # noqa: B018  # as above
        return AsyncTransaction(self, nested=True)

    def get_transaction(self) -> AsyncTransaction | None:
        """Give the transaction, if there is one."""
        return self._transaction_of(self._proxied.get_transaction())

    def get_nested_transaction(self) -> AsyncTransaction | None:
        """Give the innermost savepoint, if there is one."""
        return self._transaction_of(self._proxied.get_nested_transaction())

    def _transaction_of(self, transaction: Transaction | None) -> AsyncTransaction | None:
        return AsyncTransaction._retrieve_proxy_for_target(transaction, async_connection=self)

    # -- the connection ---------------------------------------------------------------

    @property
    def connection(self) -> NoReturn:
        """Not here: it might have to connect again."""
        raise exc.InvalidRequestError(
            "AsyncConnection.connection accessor is not implemented as the attribute may need to reconnect "
            "on an invalidated connection.  Use the get_raw_connection() method."
        )

    async def get_raw_connection(self) -> PoolProxiedConnection:
        """
        Give the pooled DBAPI connection; its ``driver_connection`` is the driver's own.
        """
        pooled: PoolProxiedConnection = await greenlet_spawn(getattr, self._proxied, "connection")
        return pooled

    async def execution_options(self, **opt: Any) -> Self:
        """Set options for everything this connection executes from now on."""
        await greenlet_spawn(self._proxied.execution_options, **opt)
        return self


class AsyncEngine(EngineFace, Proxy[Engine], AsyncConnectable):
    """
    A pool and a dialect with an asyncio driver: where connections come from.

    Made by `create_async_engine`.

    Args:
        sync_engine: The blocking engine this one stands for; listeners and reflection want that.

    Raises:
        InvalidRequestError: Its driver is no asyncio driver.
    """

    __slots__ = ("sync_engine",)

    sync_engine: Engine

    _connection_cls: type[AsyncConnection] = AsyncConnection

    def __init__(self, sync_engine: Engine) -> None:
        if not sync_engine.dialect.is_async:
            raise exc.InvalidRequestError(
                "The asyncio extension requires an async driver to be used. The loaded "
                f"{sync_engine.dialect.driver!r} is not async."
            )
        self.sync_engine = self._assign_proxied(sync_engine)

    @property
    def _proxied(self) -> Engine:
        return self.sync_engine

    @classmethod
    def _regenerate_proxy_for_target(cls, target: Engine, **additional_kw: Any) -> Self:
        return cls(target)

    def connect(self) -> AsyncConnection:
        """
        Take a connection out of the pool, by ``await`` or ``async with``.

        >>> import asyncio
        >>> from relvar import text
        >>> from relvar.ext.asyncio import create_async_engine
        >>> async def main():
        ...     engine = create_async_engine("sqlite+aiosqlite://")
        ...     async with engine.connect() as connection:
        ...         found = await connection.scalar(text("SELECT 1"))
        ...     await engine.dispose()
        ...     return found
        >>> asyncio.run(main())
        1
        """
        return self._connection_cls(self)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Take a connection and begin a transaction, which ends with the block."""
        async with self.connect() as connection, connection.begin():
            yield connection

    async def raw_connection(self) -> PoolProxiedConnection:
        """Take a DBAPI connection out of the pool."""
        pooled: PoolProxiedConnection = await greenlet_spawn(self.sync_engine.raw_connection)
        return pooled

    def execution_options(self, **opt: Any) -> AsyncEngine:
        """Give an engine with other options that shares the pool."""
        return type(self)(self.sync_engine.execution_options(**opt))

    def update_execution_options(self, **opt: Any) -> None:
        """Set options that every connection starts with."""
        self.sync_engine.update_execution_options(**opt)

    async def run(
        self, fn: Callable[[AsyncConnection], Awaitable[_T] | _T], **options: Unpack[RetryOptions]
    ) -> _T:
        """
        Run a function in a transaction, again if that fails by a conflict, and give what it returns.

        It is as `Engine.run`, which describes the options; waiting between two tries, other tasks go on.

        Args:
            fn: Gets the connection, and is awaited if it is an ``async`` function or returns such a call. It
                may run several times, and must not end the transaction.

        >>> import asyncio
        >>> from relvar import text
        >>> from relvar.ext.asyncio import create_async_engine
        >>> async def work(connection):
        ...     return await connection.scalar(text("SELECT 1 + 1"))
        >>> async def main():
        ...     engine = create_async_engine("sqlite+aiosqlite://")
        ...     found = await engine.run(work, deadline=5)
        ...     await engine.dispose()
        ...     return found
        >>> asyncio.run(main())
        2
        """
        work = blocking(fn, lambda connection: self._connection_cls(self, connection))
        return await greenlet_spawn(self.sync_engine.run, work, **options)


# -- making engines -----------------------------------------------------------------


def _asynchronous(options: Mapping[str, Any]) -> dict[str, Any]:
    """
    Turn the keywords of `create_async_engine` into those of `create_engine`.
    """
    kw = dict(options)
    if kw.get("server_side_cursors", False):
        raise AsyncMethodRequired(
            "Can't set server_side_cursors for async engine globally; use the connection.stream() method "
            "for an async streaming result set"
        )
    kw["_is_async"] = True
    async_creator = kw.get("async_creator")
    if async_creator is not None and kw.get("creator", None):
        raise exc.ArgumentError("Can only specify one of 'async_creator' or 'creator', not both.")
    return kw


def create_async_engine(url: str | URL, **kw: Any) -> AsyncEngine:
    """
    Make an engine to be awaited; nothing is connected until it is used.

    Args:
        url: Names an asyncio driver: ``sqlite+aiosqlite``, ``postgresql+asyncpg``,
            ``postgresql+psycopg``, ``mysql+asyncmy``, ``mysql+aiomysql``.
        async_creator: A coroutine function that gives a connection of the driver.
        kw: All else is as for `create_engine`.

    Raises:
        InvalidRequestError: The driver is no asyncio driver.

    >>> import asyncio
    >>> from relvar import text
    >>> from relvar.ext.asyncio import create_async_engine
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.begin() as connection:
    ...         found = await connection.scalar(text("SELECT 'hello'"))
    ...     await engine.dispose()
    ...     return found
    >>> asyncio.run(main())
    'hello'
    """
    return AsyncEngine(create_engine(url, **_asynchronous(kw)))


def async_engine_from_config(
    configuration: Mapping[str, Any], prefix: str = "sqlalchemy.", **kwargs: Any
) -> AsyncEngine:
    """
    Make an engine to be awaited out of text settings, as in a configuration file.

    Args:
        configuration: Has ``<prefix>url`` and more settings with the prefix.
        kwargs: Override the settings.
    """
    return AsyncEngine(engine_from_config(configuration, prefix, **_asynchronous(kwargs)))


def create_async_pool_from_url(url: str | URL, **kwargs: Any) -> Pool:
    """
    Make only the pool that `create_async_engine` would make.
    """
    pool: Pool = create_pool_from_url(url, **_asynchronous(kwargs))
    return pool


@inspection._inspects(AsyncEngine)
def _refuse_engine(subject: AsyncEngine) -> NoReturn:
    raise exc.NoInspectionAvailable(
        "Inspection on an AsyncEngine is currently not supported. Please obtain a connection then use "
        "``conn.run_sync`` to pass a callable where it's possible to call ``inspect`` on the passed "
        "connection.",
        code="xd3s",
    )


@inspection._inspects(AsyncConnection)
def _refuse_connection(subject: AsyncConnection) -> NoReturn:
    raise exc.NoInspectionAvailable(
        "Inspection on an AsyncConnection is currently not supported. Please use ``run_sync`` to pass a "
        "callable where it's possible to call ``inspect`` on the passed connection.",
        code="xd3s",
    )
