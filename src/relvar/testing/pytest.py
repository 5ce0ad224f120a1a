"""
A plugin of pytest: an engine, connections and sessions, whose work is rolled back after each test.

Switched on by ``pytest_plugins = ["relvar.testing.pytest"]`` in the topmost ``conftest.py``, or by
``-p relvar.testing.pytest``.  Nothing of relvar is imported where neither is said.

Override ``relvar_metadata`` to have tables, ``relvar_engine`` to say all about the engine.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from relvar.engine.base import Connection, Engine
from relvar.engine.create import create_engine
from relvar.engine.url import URL, make_url
from relvar.orm.session.session import Session
from relvar.testing.rolledback import rolled_back
from relvar.testing.scratch import scratch_database

__all__ = [
    "relvar_async_connection",
    "relvar_async_engine",
    "relvar_async_session",
    "relvar_connection",
    "relvar_engine",
    "relvar_metadata",
    "relvar_session",
    "relvar_url",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "where relvar_url makes a database for the tests; SQLite if left out"
    parser.getgroup("relvar").addoption("--relvar-url", metavar="URL", help=text)
    parser.addini("relvar_url", text, default="sqlite://")


@pytest.fixture(scope="session")
def relvar_url(request: pytest.FixtureRequest) -> Iterator[URL]:
    """
    The URL of an empty database, made on the server that ``--relvar-url`` or the ini option names.
    """
    server = request.config.getoption("--relvar-url") or request.config.getini("relvar_url")
    with scratch_database(server) as url:
        yield url


@pytest.fixture(scope="session")
def relvar_metadata() -> Any:
    """
    The MetaData whose tables the engines' database has; override it.
    """
    return None


@pytest.fixture(scope="session")
def relvar_engine(relvar_url: URL, relvar_metadata: Any) -> Iterator[Engine]:
    """
    An engine for the whole run, its tables made.
    """
    engine = create_engine(relvar_url)
    if relvar_metadata is not None:
        relvar_metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def relvar_connection(relvar_engine: Engine) -> Iterator[Connection]:
    """
    A connection; what this or any other connection of the engine does is rolled back after the test.
    """
    with rolled_back(relvar_engine) as connection:
        yield connection


@pytest.fixture
def relvar_session(relvar_connection: Connection) -> Iterator[Session]:
    """
    A session; what it commits is rolled back after the test.
    """
    with Session(relvar_connection, join_transaction_mode="create_savepoint") as session:
        yield session


def _async_fixture(fn: Callable[..., Any]) -> Any:
    """Return a fixture as pytest-asyncio wants it, if it is there; anyio takes any."""
    ours = sys.modules.get("pytest_asyncio")
    return ours.fixture(fn) if ours is not None else pytest.fixture(fn)


@_async_fixture
async def relvar_async_engine(relvar_url: URL, relvar_metadata: Any) -> AsyncIterator[Any]:
    """
    An engine of asyncio, for one test, as an event loop is; its tables are there after the first.
    """
    from relvar.ext.asyncio import create_async_engine

    engine = create_async_engine(_for_asyncio(relvar_url))
    if relvar_metadata is not None:
        async with engine.begin() as connection:
            await connection.run_sync(relvar_metadata.create_all)
    yield engine
    await engine.dispose()


@_async_fixture
async def relvar_async_connection(relvar_async_engine: Any) -> AsyncIterator[Any]:
    """
    A connection of asyncio; what this or any other of the engine does is rolled back after the test.
    """
    async with rolled_back(relvar_async_engine) as connection:
        yield connection


@_async_fixture
async def relvar_async_session(relvar_async_connection: Any) -> AsyncIterator[Any]:
    """
    A session of asyncio; what it commits is rolled back after the test.
    """
    from relvar.ext.asyncio import AsyncSession

    async with AsyncSession(
        relvar_async_connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    ) as session:
        yield session


_ASYNC_DRIVERS = {
    "sqlite": "aiosqlite",
    "postgresql": "asyncpg",
    "mysql": "aiomysql",
    "mariadb": "aiomysql",
}


def _for_asyncio(url: URL) -> URL:
    """Return the URL with a driver of asyncio, its own if that is one."""
    url = make_url(url)
    if url.get_dialect().is_async:
        return url
    backend = url.get_backend_name()
    if backend not in _ASYNC_DRIVERS:
        raise pytest.UsageError(f"name a driver of asyncio in --relvar-url: {url!r} has none")
    return url.set(drivername=f"{backend}+{_ASYNC_DRIVERS[backend]}")
