"""
Engines, connections and results for ``async`` and ``await``.

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

from relvar.ext.asyncio.engine import AsyncConnection as AsyncConnection
from relvar.ext.asyncio.engine import AsyncEngine as AsyncEngine
from relvar.ext.asyncio.engine import AsyncTransaction as AsyncTransaction
from relvar.ext.asyncio.engine import async_engine_from_config as async_engine_from_config
from relvar.ext.asyncio.engine import create_async_engine as create_async_engine
from relvar.ext.asyncio.engine import create_async_pool_from_url as create_async_pool_from_url
from relvar.ext.asyncio.result import AsyncMappingResult as AsyncMappingResult
from relvar.ext.asyncio.result import AsyncResult as AsyncResult
from relvar.ext.asyncio.result import AsyncScalarResult as AsyncScalarResult
from relvar.ext.asyncio.result import AsyncTupleResult as AsyncTupleResult

__all__ = [
    "AsyncConnection",
    "AsyncEngine",
    "AsyncMappingResult",
    "AsyncResult",
    "AsyncScalarResult",
    "AsyncTransaction",
    "AsyncTupleResult",
    "async_engine_from_config",
    "create_async_engine",
    "create_async_pool_from_url",
]
