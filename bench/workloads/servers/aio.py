"""
Work through drivers of asyncio: asyncpg, psycopg, asyncmy.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Any

from bench.library import Library, make_model
from bench.workloads.registry import Job
from bench.workloads.servers.places import ITEMS, MIXED, POINTS, ROWS, WRITES, Build, Driver, many

Step = Callable[[], Awaitable[Any]]


def _job(set_up: Step, main: Step, operations: int, before: Step | None = None) -> Job:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(set_up())
    prepared = None if before is None else (lambda: loop.run_until_complete(before()))
    return Job(lambda: loop.run_until_complete(main()), operations, operations, before=prepared)


class _Place:
    """An engine with one connection, which has the tables; and the classes of a library's asyncio face."""

    def __init__(self, lib: Library, driver: Driver, items: int = 0, mixed: int = 0) -> None:
        aio = importlib.import_module(f"{lib.sa.__name__}.ext.asyncio")
        self.engine = aio.create_async_engine(driver.url, pool_size=1, max_overflow=0)
        self.Session = aio.AsyncSession
        self.statements = driver.set_up(items, mixed)

    async def set_up(self) -> None:
        async with self.engine.begin() as connection:
            for statement in self.statements:
                await connection.exec_driver_sql(statement)

    async def empty(self) -> None:
        async with self.engine.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM item")


def core_point(lib: Library, driver: Driver) -> Job:
    """Read rows one by one."""
    item, select = make_model(lib).Item.__table__, lib.sa.select
    place = _Place(lib, driver, POINTS)

    async def main() -> Any:
        async with place.engine.connect() as connection:
            for i in range(1, POINTS + 1):
                row = (await connection.execute(select(item).where(item.c.id == i))).one()
        return row.c0

    return _job(place.set_up, main, POINTS)


def points(get: bool, new_session: bool) -> Build:
    """Find objects one by one."""

    def build(lib: Library, driver: Driver) -> Job:
        Item, select = make_model(lib).Item, lib.sa.select
        place = _Place(lib, driver, POINTS)

        async def one(session: Any, i: int) -> Any:
            if get:
                return (await session.get(Item, i)).c0
            return (await session.scalars(select(Item).where(Item.id == i))).one().c0

        async def main() -> Any:
            if new_session:
                for i in range(1, POINTS + 1):
                    async with place.Session(place.engine) as session:
                        value = await one(session, i)
                return value
            async with place.Session(place.engine) as session:
                for i in range(1, POINTS + 1):
                    value = await one(session, i)
            return value

        return _job(place.set_up, main, POINTS)

    return build


def load(name: str, count: int) -> Build:
    """Load all objects of a class."""

    def build(lib: Library, driver: Driver) -> Job:
        entity, select = getattr(make_model(lib), name), lib.sa.select
        place = _Place(lib, driver, ITEMS, MIXED)

        async def main() -> Any:
            async with place.Session(place.engine) as session:
                return len((await session.scalars(select(entity))).all())

        return _job(place.set_up, main, count)

    return build


def add_all(lib: Library, driver: Driver) -> Job:
    """Write objects whose keys the server makes."""
    Item, place = make_model(lib).Item, _Place(lib, driver)

    async def main() -> Any:
        async with place.Session(place.engine) as session:
            made = [Item(**row) for row in ROWS]
            session.add_all(made)
            await session.commit()
        return len(made)

    return _job(place.set_up, main, WRITES, before=place.empty)


def update(lib: Library, driver: Driver) -> Job:
    """Change objects that were loaded before the clock starts."""
    Item, place = make_model(lib).Item, _Place(lib, driver, WRITES)
    held: list[Any] = []
    turns = iter(range(1_000_000))
    session = place.Session(place.engine)

    async def before() -> None:
        await session.rollback()
        held[:] = (await session.scalars(lib.sa.select(Item))).all()

    async def main() -> Any:
        turn = next(turns)
        for i, item in enumerate(held):
            item.c0 = -i - turn
        await session.commit()
        return len(held)

    return _job(place.set_up, main, WRITES, before=before)


def in_session(statement: Callable[[Library, Any], Any], rows: list[dict[str, Any]], there: int) -> Build:
    """Execute an ORM statement with many rows, *there* of which are there already."""

    def build(lib: Library, driver: Driver) -> Job:
        Item, place = make_model(lib).Item, _Place(lib, driver, there)

        async def main() -> Any:
            async with place.Session(place.engine) as session:
                await session.execute(statement(lib, Item), rows)
                await session.commit()
            return len(rows)

        return _job(place.set_up, main, len(rows), before=None if there else place.empty)

    return build


def on_connection(
    statement: Callable[[Library, Driver, Any], Any], rows: list[dict[str, Any]], there: int
) -> Build:
    """Execute a Core statement with many rows, *there* of which are there already."""

    def build(lib: Library, driver: Driver) -> Job:
        item, place = make_model(lib).Item.__table__, _Place(lib, driver, there)

        async def main() -> Any:
            async with place.engine.begin() as connection:
                result = await connection.execute(statement(lib, driver, item), rows)
                return len(result.all()) if result.returns_rows else len(rows)

        return _job(place.set_up, main, len(rows), before=None if there else place.empty)

    return build


class _Bare:
    """One of the drivers alone, called the way its manual does."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.connection: Any = None
        self.transaction: Any = None

    async def connect(self, items: int, mixed: int) -> None:
        module = importlib.import_module(self.driver.module)
        if self.driver.name == "asyncpg":
            self.connection = await module.connect(self.driver.server)
        elif self.driver.is_postgresql:
            self.connection = await module.AsyncConnection.connect(self.driver.server)
        else:
            self.connection = await module.connect(**self.driver.arguments())
        for statement in self.driver.set_up(items, mixed):
            await self.run(statement)
        await self.commit()

    async def commit(self) -> None:
        if self.driver.name != "asyncpg":
            await self.connection.commit()

    async def begin(self) -> None:
        """Begin a transaction, which other drivers than asyncpg do by themselves."""
        if self.driver.name == "asyncpg":
            self.transaction = self.connection.transaction()
            await self.transaction.start()

    async def rollback(self) -> None:
        await (self.transaction if self.driver.name == "asyncpg" else self.connection).rollback()

    async def run(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        """Execute a statement and return its rows."""
        if self.driver.name == "asyncpg":
            return await self.connection.fetch(sql.replace("%s", "$1"), *values)
        async with self.connection.cursor() as cursor:
            await cursor.execute(sql, values)
            if not cursor.description:
                return []
            return await cursor.fetchall()

    async def run_many(self, sql: str, values: list[tuple[Any, ...]], keys: bool) -> int:
        """Execute a statement for many rows, in one transaction; return how many keys it gave, or rows."""
        if self.driver.name == "asyncpg":
            for i in range(1, sql.count("%s") + 1):
                sql = sql.replace("%s", f"${i}", 1)
            async with self.connection.transaction():
                if keys:
                    return len(await self.connection.fetchmany(sql, values))
                await self.connection.executemany(sql, values)
            return len(values)
        found = 0
        async with self.connection.cursor() as cursor:
            if keys and self.driver.is_postgresql:
                await cursor.executemany(sql, values, returning=True)
                found = len(await cursor.fetchall())
                while cursor.nextset():
                    found += len(await cursor.fetchall())
            else:
                # MySQL drivers give no keys of many rows at once
                await cursor.executemany(sql.removesuffix(" RETURNING id"), values)
                found = len(values)
        await self.commit()
        return found


def raw_point(each_apart: bool) -> Callable[[Driver], Job]:
    """Read rows one by one, in one transaction or, as a new session does, each in its own."""

    def build(driver: Driver) -> Job:
        bare = _Bare(driver)

        async def main() -> Any:
            await bare.begin()
            for i in range(1, POINTS + 1):
                (row,) = await bare.run("SELECT * FROM item WHERE id = %s", (i,))
                if each_apart:
                    await bare.rollback()
                    await bare.begin()
            await bare.rollback()
            return row[1]

        return _job(lambda: bare.connect(POINTS, 0), main, POINTS)

    return build


def raw_load(table: str, count: int) -> Callable[[Driver], Job]:
    """Read all rows of a table."""

    def build(driver: Driver) -> Job:
        bare = _Bare(driver)

        async def main() -> Any:
            return len(await bare.run(f"SELECT * FROM {table}"))

        return _job(lambda: bare.connect(ITEMS, MIXED), main, count)

    return build


def raw_many(kind: str) -> Callable[[Driver], Job]:
    """Execute a statement with many rows."""

    def build(driver: Driver) -> Job:
        there = WRITES if kind in ("update", "upsert") else 0
        bare = _Bare(driver)
        sql, rows = many(driver, kind)

        async def empty() -> None:
            await bare.run("DELETE FROM item")
            await bare.commit()

        async def main() -> Any:
            return await bare.run_many(sql, [tuple(row.values()) for row in rows], kind == "keys")

        return _job(lambda: bare.connect(there, 0), main, WRITES, before=None if there else empty)

    return build
