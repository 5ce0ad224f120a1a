"""
The methods and attributes of a session of asyncio, passed on: the face of `async_scoped_session`.

Type checkers read the stub beside this, which ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

from relvar.ext.asyncio.derive import Attribute, called
from relvar.ext.asyncio.session import AsyncSession

__all__ = ["AsyncSessionFace"]


class AsyncSessionFace:
    """
    All that the current session has.
    """

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
    execute = called(AsyncSession.execute)
    expire = called(AsyncSession.expire)
    expire_all = called(AsyncSession.expire_all)
    expunge = called(AsyncSession.expunge)
    expunge_all = called(AsyncSession.expunge_all)
    flush = called(AsyncSession.flush)
    get = called(AsyncSession.get)
    get_async_bind = called(AsyncSession.get_async_bind)
    get_bind = called(AsyncSession.get_bind)
    get_one = called(AsyncSession.get_one)
    invalidate = called(AsyncSession.invalidate)
    is_modified = called(AsyncSession.is_modified)
    merge = called(AsyncSession.merge)
    merge_all = called(AsyncSession.merge_all)
    refresh = called(AsyncSession.refresh)
    reset = called(AsyncSession.reset)
    rollback = called(AsyncSession.rollback)
    scalar = called(AsyncSession.scalar)
    scalars = called(AsyncSession.scalars)
    stream = called(AsyncSession.stream)
    stream_scalars = called(AsyncSession.stream_scalars)

    autoflush = Attribute(AsyncSession, "autoflush")
    bind = Attribute(AsyncSession, "bind")
    binds = Attribute(AsyncSession, "binds")
    deleted = Attribute(AsyncSession, "deleted")
    dirty = Attribute(AsyncSession, "dirty")
    execution_options = Attribute(AsyncSession, "execution_options")
    identity_map = Attribute(AsyncSession, "identity_map")
    info = Attribute(AsyncSession, "info")
    is_active = Attribute(AsyncSession, "is_active")
    new = Attribute(AsyncSession, "new")
    no_autoflush = Attribute(AsyncSession, "no_autoflush")

    close_all = AsyncSession.close_all
    identity_key = AsyncSession.identity_key
    object_session = AsyncSession.object_session
