"""
Make sessions to be awaited with the same arguments each time: `async_sessionmaker`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from relvar.engine.retry import Retry
from relvar.ext.asyncio.running import blocking
from relvar.ext.asyncio.session import AsyncSession, sync_bind
from relvar.orm.session.maker import SessionFactory
from relvar.orm.session.run import run_in_new_sessions
from relvar.util.concurrency import greenlet_spawn

if TYPE_CHECKING:
    from typing import Unpack

    from relvar.engine.retry import RetryOptions
    from relvar.orm.session.session import Session

__all__ = ["async_sessionmaker"]

_S = TypeVar("_S", bound=AsyncSession)
_T = TypeVar("_T")


class async_sessionmaker(SessionFactory[_S]):
    """
    A configurable `AsyncSession` factory: call it, or use its `begin` for a transaction.

    >>> import asyncio
    >>> from relvar.ext.asyncio import async_sessionmaker, create_async_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     NewSession = async_sessionmaker(engine)
    ...     async with engine.begin() as connection:
    ...         await connection.run_sync(Base.metadata.create_all)
    ...     async with NewSession.begin() as session:
    ...         session.add(User(id=1, name="ann"))
    ...     async with NewSession() as session:
    ...         found = (await session.get_one(User, 1)).name
    ...     await engine.dispose()
    ...     return found
    >>> asyncio.run(main())
    'ann'
    """

    @overload
    def __init__(
        self,
        bind: Any = ...,
        *,
        class_: type[_S],
        autoflush: bool = ...,
        expire_on_commit: bool = ...,
        info: dict[Any, Any] | None = ...,
        **kw: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: async_sessionmaker[AsyncSession],
        bind: Any = ...,
        *,
        autoflush: bool = ...,
        expire_on_commit: bool = ...,
        info: dict[Any, Any] | None = ...,
        **kw: Any,
    ) -> None: ...

    def __init__(
        self,
        bind: Any = None,
        *,
        class_: type[_S] = cast("type[Any]", AsyncSession),
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: dict[Any, Any] | None = None,
        **kw: Any,
    ) -> None:
        self._keep(bind, autoflush, expire_on_commit, info, kw)
        self.class_ = class_

    def begin(self) -> AbstractAsyncContextManager[_S]:
        """
        Make a session in a context manager that commits at the end of the
        block, or rolls back, and closes.
        """
        return self._begin()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[_S]:
        session = self()
        async with session, session.begin():
            yield session

    async def run(self, fn: Callable[[_S], Awaitable[_T] | _T], **options: Unpack[RetryOptions]) -> _T:
        """
        Run a function in a transaction of a new session, again with another one if it fails by a conflict.

        Objects that the function returns are detached; ``expire_on_commit=False`` lets them keep values.
        Else it is as `AsyncEngine.run`.

        >>> import asyncio
        >>> from relvar import text
        >>> from relvar.ext.asyncio import async_sessionmaker, create_async_engine
        >>> async def work(session):
        ...     return await session.scalar(text("SELECT 1 + 1"))
        >>> async def main():
        ...     engine = create_async_engine("sqlite+aiosqlite://")
        ...     found = await async_sessionmaker(engine).run(work, deadline=5)
        ...     await engine.dispose()
        ...     return found
        >>> asyncio.run(main())
        2
        """
        # the session of the try that is being made
        session: _S

        def make() -> Session:
            nonlocal session
            session = self()
            return session.sync_session

        work = blocking(fn, lambda _: session)
        bind = sync_bind(self.kw.get("bind"))
        return await greenlet_spawn(run_in_new_sessions, make, bind, self, work, Retry(**options))
