"""
asyncio on PostgreSQL through asyncpg: one row at a time, and many.

The server is that of ``RELVAR_TEST_POSTGRESQL``, or the local one; the table is temporary.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Awaitable, Callable
from typing import Any

from bench.library import ITEM_COLUMNS, Library, make_model
from bench.workloads.registry import Job, row

POINTS = 200
TABLE_SIZE = 10_000
SERVER = os.environ.get("RELVAR_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
FILL = (
    f"CREATE TEMPORARY TABLE item (id INTEGER PRIMARY KEY, {ITEM_COLUMNS})",
    f"INSERT INTO item SELECT n, n, n, n, n, n, 'a', 'b', 'c', 'd' FROM generate_series(1, {TABLE_SIZE}) n",
)


def _job(main: Callable[[], Awaitable[Any]], set_up: Callable[[], Awaitable[Any]], operations: int) -> Job:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(set_up())
    return Job(lambda: loop.run_until_complete(main()), operations, operations)


def _raw(work: Callable[[Any], Awaitable[Any]], operations: int) -> Callable[[], Job]:
    def build() -> Job:
        connection: Any = None

        async def set_up() -> None:
            nonlocal connection
            import asyncpg  # not everybody has it

            connection = await asyncpg.connect(SERVER)
            for statement in FILL:
                await connection.execute(statement)

        return _job(lambda: work(connection), set_up, operations)

    return build


def _engine(lib: Library) -> tuple[Any, Callable[[], Awaitable[None]]]:
    aio = importlib.import_module(f"{lib.sa.__name__}.ext.asyncio")
    url = "postgresql+asyncpg" + SERVER[SERVER.index("://") :]
    # one connection, which has the table
    engine = aio.create_async_engine(url, pool_size=1, max_overflow=0)

    async def set_up() -> None:
        async with engine.begin() as connection:
            for statement in FILL:
                await connection.exec_driver_sql(statement)

    return engine, set_up


async def _raw_points(connection: Any) -> Any:
    for i in range(1, POINTS + 1):
        row = await connection.fetchrow("SELECT * FROM item WHERE id = $1", i)
    return row[1]


async def _raw_rows(connection: Any) -> Any:
    return len(await connection.fetch("SELECT * FROM item"))


@row("asyncpg: Core select by primary key", 0.50, 0.32, raw=_raw(_raw_points, POINTS))
def core_point(lib: Library) -> Job:
    item, select = make_model(lib).Item.__table__, lib.sa.select
    engine, set_up = _engine(lib)

    async def main() -> Any:
        async with engine.connect() as connection:
            for i in range(1, POINTS + 1):
                row = (await connection.execute(select(item).where(item.c.id == i))).one()
        return row.c0

    return _job(main, set_up, POINTS)


def _get(lib: Library, new_session: bool) -> Job:
    Item = make_model(lib).Item
    engine, set_up = _engine(lib)
    Session = importlib.import_module(f"{lib.sa.__name__}.ext.asyncio").AsyncSession

    async def same() -> Any:
        async with Session(engine) as session:
            for i in range(1, POINTS + 1):
                value = (await session.get(Item, i)).c0
        return value

    async def new() -> Any:
        for i in range(1, POINTS + 1):
            async with Session(engine) as session:
                value = (await session.get(Item, i)).c0
        return value

    return _job(new if new_session else same, set_up, POINTS)


@row("asyncpg: session.get, same session", 0.35, 0.18, raw=_raw(_raw_points, POINTS))
def get_same(lib: Library) -> Job:
    return _get(lib, new_session=False)


@row("asyncpg: session.get, new session", 0.35, 0.18, raw=_raw(_raw_points, POINTS))
def get_new(lib: Library) -> Job:
    return _get(lib, new_session=True)


@row("asyncpg: load 10,000 entities, per entity", 0.60, 0.45, raw=_raw(_raw_rows, TABLE_SIZE))
def load(lib: Library) -> Job:
    Item, select = make_model(lib).Item, lib.sa.select
    engine, set_up = _engine(lib)
    Session = importlib.import_module(f"{lib.sa.__name__}.ext.asyncio").AsyncSession

    async def main() -> Any:
        async with Session(engine) as session:
            return len((await session.scalars(select(Item))).all())

    return _job(main, set_up, TABLE_SIZE)
