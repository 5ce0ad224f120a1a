"""
Engines, connections, results and sessions for ``async`` and ``await``.

>>> import asyncio
>>> from relvar import text
>>> from relvar.ext.asyncio import create_async_engine
>>> async def main():
...     engine = create_async_engine("sqlite+aiosqlite://")
...     async with engine.connect() as connection:
...         found = await connection.scalar(text("SELECT 'hello'"))
...     await engine.dispose()
...     return found
>>> asyncio.run(main())
'hello'
"""

from relvar.ext.asyncio.attrs import AsyncAttrs as AsyncAttrs
from relvar.ext.asyncio.engine import AsyncConnection as AsyncConnection
from relvar.ext.asyncio.engine import AsyncEngine as AsyncEngine
from relvar.ext.asyncio.engine import AsyncTransaction as AsyncTransaction
from relvar.ext.asyncio.engine import async_engine_from_config as async_engine_from_config
from relvar.ext.asyncio.engine import create_async_engine as create_async_engine
from relvar.ext.asyncio.engine import create_async_pool_from_url as create_async_pool_from_url
from relvar.ext.asyncio.maker import async_sessionmaker as async_sessionmaker
from relvar.ext.asyncio.result import AsyncMappingResult as AsyncMappingResult
from relvar.ext.asyncio.result import AsyncResult as AsyncResult
from relvar.ext.asyncio.result import AsyncScalarResult as AsyncScalarResult
from relvar.ext.asyncio.result import AsyncTupleResult as AsyncTupleResult
from relvar.ext.asyncio.scoping import async_scoped_session as async_scoped_session
from relvar.ext.asyncio.session import AsyncSession as AsyncSession
from relvar.ext.asyncio.session import AsyncSessionTransaction as AsyncSessionTransaction
from relvar.ext.asyncio.session import async_object_session as async_object_session
from relvar.ext.asyncio.session import async_session as async_session
from relvar.ext.asyncio.session import close_all_sessions as close_all_sessions

__all__ = [
    "AsyncAttrs",
    "AsyncConnection",
    "AsyncEngine",
    "AsyncMappingResult",
    "AsyncResult",
    "AsyncScalarResult",
    "AsyncSession",
    "AsyncSessionTransaction",
    "AsyncTransaction",
    "AsyncTupleResult",
    "async_engine_from_config",
    "async_object_session",
    "async_scoped_session",
    "async_session",
    "async_sessionmaker",
    "close_all_sessions",
    "create_async_engine",
    "create_async_pool_from_url",
]
