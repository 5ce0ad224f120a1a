"""
Make sessions to be awaited with the same arguments each time: `async_sessionmaker`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, cast, overload

from relvar.ext.asyncio.session import AsyncSession
from relvar.orm.session.maker import SessionFactory

__all__ = ["async_sessionmaker"]

_S = TypeVar("_S", bound=AsyncSession)


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
