"""Engines of asyncio on real databases; these tests run event loops of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from relvar import URL, make_url
from relvar.ext.asyncio import AsyncEngine, create_async_engine

DRIVERS = (
    "sqlite+aiosqlite",
    "postgresql+asyncpg",
    "postgresql+psycopg",
    "mariadb+asyncmy",
    "mariadb+aiomysql",
)


@pytest.fixture(params=DRIVERS)
def aio_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The URL of an empty database, for each driver of asyncio."""
    database = request.param.partition("+")[0]
    if database == "sqlite":
        return make_url(f"{request.param}:///{tmp_path}/test.db")
    server: Any = request.getfixturevalue("pg_engine" if database == "postgresql" else "mariadb_engine")
    url: URL = server.url.set(drivername=request.param)
    return url


@pytest.fixture
def opened(aio_url: URL) -> Callable[..., AbstractAsyncContextManager[AsyncEngine]]:
    """A function: options -> an engine on that database, disposed of at the end of the block."""

    @asynccontextmanager
    async def open_engine(**options: Any) -> AsyncIterator[AsyncEngine]:
        engine = create_async_engine(options.pop("url", aio_url), **options)
        try:
            yield engine
        finally:
            await engine.dispose()

    return open_engine
