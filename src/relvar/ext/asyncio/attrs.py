"""
Attributes of mapped objects that may have to be loaded, to be awaited: `AsyncAttrs`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from relvar.util.concurrency import greenlet_spawn

__all__ = ["AsyncAttrs"]


class _Awaitables:
    """
    The attributes of one object, each as an awaitable of its value.
    """

    __slots__ = ("_instance",)

    def __init__(self, instance: object) -> None:
        self._instance = instance

    def __getattr__(self, name: str) -> Awaitable[Any]:
        return greenlet_spawn(getattr, self._instance, name)


class AsyncAttrs:
    """
    A mixin for mapped classes: attributes that load themselves can be awaited.

    >>> import asyncio
    >>> from relvar import ForeignKey
    >>> from relvar.ext.asyncio import AsyncAttrs, AsyncSession, create_async_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship
    >>> class Base(AsyncAttrs, DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> async def main():
    ...     engine = create_async_engine("sqlite+aiosqlite://")
    ...     async with engine.begin() as connection:
    ...         await connection.run_sync(Base.metadata.create_all)
    ...     async with AsyncSession(engine) as session:
    ...         session.add(User(id=1, posts=[Post(id=7)]))
    ...         await session.commit()
    ...         user = await session.get_one(User, 1)
    ...         found = [post.id for post in await user.awaitable_attrs.posts]
    ...     await engine.dispose()
    ...     return found
    >>> asyncio.run(main())
    [7]
    """

    @property
    def awaitable_attrs(self) -> Any:
        """
        All attributes of this object, as awaitables: ``await user.awaitable_attrs.posts``.
        """
        return _Awaitables(self)
