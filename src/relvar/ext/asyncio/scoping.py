"""
One session to be awaited per task or scope: `async_scoped_session`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from relvar.ext.asyncio.derive import Attribute, called
from relvar.ext.asyncio.session import AsyncSession
from relvar.orm.session.scoped import ScopedFace
from relvar.util.generics import subscriptable
from relvar.util.registry import ScopedRegistry

if TYPE_CHECKING:
    # overloads do not pass through `called`
    from relvar.ext.asyncio.executing import AsyncExecution as _Executing
    from relvar.ext.asyncio.maker import async_sessionmaker
else:
    _Executing = subscriptable()

__all__ = ["async_scoped_session"]

_S = TypeVar("_S", bound=AsyncSession)


class async_scoped_session(_Executing, ScopedFace[_S]):
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

    # -- the current session's own methods and attributes, passed on --------

    aclose = called(AsyncSession.aclose)
    add = called(AsyncSession.add)
    add_all = called(AsyncSession.add_all)
    begin = called(AsyncSession.begin)
    begin_nested = called(AsyncSession.begin_nested)
    close = called(AsyncSession.close)
    commit = called(AsyncSession.commit)
    connection = called(AsyncSession.connection)
    delete = called(AsyncSession.delete)
    delete_all = called(AsyncSession.delete_all)
    expire = called(AsyncSession.expire)
    expire_all = called(AsyncSession.expire_all)
    expunge = called(AsyncSession.expunge)
    expunge_all = called(AsyncSession.expunge_all)
    flush = called(AsyncSession.flush)
    get_async_bind = called(AsyncSession.get_async_bind)
    get_bind = called(AsyncSession.get_bind)
    invalidate = called(AsyncSession.invalidate)
    is_modified = called(AsyncSession.is_modified)
    merge = called(AsyncSession.merge)
    merge_all = called(AsyncSession.merge_all)
    refresh = called(AsyncSession.refresh)
    reset = called(AsyncSession.reset)
    rollback = called(AsyncSession.rollback)
    if not TYPE_CHECKING:
        execute = called(AsyncSession.execute)
        get = called(AsyncSession.get)
        get_one = called(AsyncSession.get_one)
        scalar = called(AsyncSession.scalar)
        scalars = called(AsyncSession.scalars)
        stream = called(AsyncSession.stream)
        stream_scalars = called(AsyncSession.stream_scalars)

    autoflush = Attribute[bool](AsyncSession, "autoflush")
    bind = Attribute[Any](AsyncSession, "bind")
    binds = Attribute[Mapping[Any, Any]](AsyncSession, "binds")
    deleted = Attribute[Any](AsyncSession, "deleted")
    dirty = Attribute[Any](AsyncSession, "dirty")
    execution_options = Attribute[Mapping[str, Any]](AsyncSession, "execution_options")
    identity_map = Attribute[Any](AsyncSession, "identity_map")
    info = Attribute[dict[Any, Any]](AsyncSession, "info")
    is_active = Attribute[bool](AsyncSession, "is_active")
    new = Attribute[Any](AsyncSession, "new")
    no_autoflush = Attribute[Any](AsyncSession, "no_autoflush")

    close_all = AsyncSession.close_all
    identity_key = AsyncSession.identity_key
    object_session = AsyncSession.object_session
