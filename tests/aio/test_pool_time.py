"""
The pool's promise about time, in event loops.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

import pytest
from bad_servers import PrivateServer, silent_listener

from relvar import exc, make_url, text
from relvar.ext.asyncio import create_async_engine

TIMEOUT = 0.4
DRIVERS = {"asyncpg": "postgresql", "psycopg": "postgresql", "asyncmy": "mariadb", "aiomysql": "mariadb"}


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, PrivateServer]]:
    made = {name: PrivateServer(name) for name in ("postgresql", "mariadb")}
    yield made
    for server in made.values():
        server.close()


@contextlib.contextmanager
def in_time(doing: str) -> Iterator[None]:
    started = time.monotonic()
    with pytest.raises(exc.TimeoutError, match=doing):
        yield
    assert TIMEOUT <= time.monotonic() - started + 0.01 < TIMEOUT + 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_server_that_never_answers(driver: str) -> None:
    async def main(port: int) -> None:
        engine = create_async_engine(
            f"{DRIVERS[driver]}+{driver}://u:p@127.0.0.1:{port}/d", pool_timeout=TIMEOUT
        )
        with in_time("still connecting to the database"):
            await engine.connect()
        assert engine.pool.checkedout() == 0
        await engine.dispose()

    with silent_listener() as port:
        asyncio.run(main(port))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_frozen_server(servers: dict[str, PrivateServer], driver: str) -> None:
    server = servers[DRIVERS[driver]]

    async def main() -> None:
        engine = create_async_engine(
            make_url(server.url).set(drivername=f"{DRIVERS[driver]}+{driver}"),
            pool_timeout=TIMEOUT,
            pool_pre_ping=True,
        )
        async with engine.connect() as connection:
            assert await connection.scalar(text("select 1")) == 1
        with server.frozen(), in_time("did not answer a ping"):
            await engine.connect()
        assert engine.pool.checkedout() == 0
        async with engine.connect() as connection:
            assert await connection.scalar(text("select 1")) == 1
        await engine.dispose()

    asyncio.run(main())
