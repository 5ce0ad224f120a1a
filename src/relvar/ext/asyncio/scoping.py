"""
One session to be awaited per task or scope: `async_scoped_session`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from relvar.ext.asyncio.scopedface import AsyncSessionFace
from relvar.ext.asyncio.session import AsyncSession
from relvar.orm.session.scoped import ScopedFace
from relvar.util.registry import ScopedRegistry

if TYPE_CHECKING:
    from relvar.ext.asyncio.maker import async_sessionmaker

__all__ = ["async_scoped_session"]

_S = TypeVar("_S", bound=AsyncSession)


class async_scoped_session(AsyncSessionFace, ScopedFace[_S]):
    """
    One session per scope, behind a face that has all methods of `AsyncSession`.

    The scope is what *scopefunc* returns a token for, such as ``asyncio.current_task``; the task has to
    `remove` its session.

    >>> import asyncio
    >>> from relvar.ext.asyncio import async_scoped_session, async_sessionmaker
    >>> current = async_scoped_session(async_sessionmaker(), scopefunc=asyncio.current_task)
    >>> async def main():
    ...     first = current()
    ...     assert current() is first
    ...     await current.remove()
    ...     return current() is first
    >>> asyncio.run(main())
    False
    """

    _support_async = True

    session_factory: async_sessionmaker[_S]
    registry: ScopedRegistry[_S]

    def __init__(self, session_factory: async_sessionmaker[_S], scopefunc: Callable[[], Any]) -> None:
        self.session_factory = session_factory
        self.registry = ScopedRegistry(session_factory, scopefunc)

    async def remove(self) -> None:
        """
        Close the current session, if any, and forget it.
        """
        if self.registry.has():
            await self.registry().close()
        self.registry.clear()
