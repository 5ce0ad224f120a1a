"""
Operations of asyncio that are cancelled anywhere: no session, transaction, task or warning is left behind.

`RELVAR_CHAOS_FULL=1`: 10,000 operations on each driver.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import random
import sys
import warnings
from collections.abc import Iterator

import pytest

from relvar import URL, NullPool, exc, func, insert, select, text
from relvar.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from relvar.orm import DeclarativeBase, Mapped, mapped_column

OPERATIONS = 10_000 if os.environ.get("RELVAR_CHAOS_FULL") else 500
# What others have on the server: sessions, and transactions or statements among them.
SESSIONS = {
    "postgresql": "SELECT count(*), count(xact_start) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mariadb": "SELECT count(*), count(t.trx_id) FROM information_schema.processlist p "
    "LEFT JOIN information_schema.innodb_trx t ON p.id = t.trx_mysql_thread_id "
    "WHERE p.db = database() AND p.id <> connection_id()",
}


class Base(DeclarativeBase): ...


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]


# -- what is cancelled ---------------------------------------------------------------------------------


async def _core(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(Thing).values(x=1))
        await connection.execute(insert(Thing), [{"x": 1}, {"x": 2}])
        async with connection.begin_nested():
            await connection.execute(select(Thing.id).limit(3))


async def _reading(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.scalar(select(Thing.x).limit(1))
        await connection.rollback()
        with contextlib.suppress(exc.StatementTimeout):
            await connection.execute(text("SELECT 1"), execution_options={"timeout": 0.001})


async def _streaming(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        options = {"yield_per": 7}
        async with connection.stream(select(Thing.id), execution_options=options) as result:
            async for _ in result:
                pass
        async with connection.stream_scalars(select(Thing.id)) as result:
            async for _ in result:
                break


async def _session(engine: AsyncEngine) -> None:
    async with AsyncSession(engine) as session:
        session.add(Thing(x=5))
        await session.flush()
        async with session.begin_nested():
            session.add(Thing(x=6))
        await session.commit()
        await session.scalars(select(Thing).limit(5))


async def _running(engine: AsyncEngine) -> None:
    async def work(session: AsyncSession) -> None:
        session.add(Thing(x=7))
        await session.flush()
        await session.scalar(select(Thing.x).limit(1))

    await async_sessionmaker(engine).run(work, attempts=2)


WAYS = (_core, _reading, _streaming, _session, _running)


async def _one(engine: AsyncEngine, chance: random.Random) -> bool:
    """Run one operation and cancel it; tell whether it came to that."""
    operation = chance.choice(WAYS)
    how = chance.random()
    try:
        if how < 0.4:
            # at a certain step of the loop, perhaps once more while it cleans up
            task = asyncio.create_task(operation(engine))
            for _ in range(int(chance.expovariate(1 / 15))):
                await asyncio.sleep(0)
            task.cancel()
            if chance.random() < 0.3:
                for _ in range(chance.randrange(3)):
                    await asyncio.sleep(0)
                task.cancel()
            await task
        elif how < 0.8:
            async with asyncio.timeout(chance.expovariate(1 / 0.004)):
                await operation(engine)
        else:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(operation(engine))
                await asyncio.sleep(chance.expovariate(1 / 0.004))
                raise ZeroDivisionError
    except (asyncio.CancelledError, TimeoutError):
        return True
    except ExceptionGroup as group:
        assert [type(each) for each in group.exceptions] == [ZeroDivisionError]
        return True
    return False


@pytest.fixture
def noises(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What loops, the collector, warnings and loggers say that nobody asked for."""
    heard: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda found: heard.append(repr(found.exc_value)))
    # these tests collect often; what other tests keep takes a second each time
    gc.collect()
    gc.freeze()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield heard
    finally:
        gc.unfreeze()
    # psycopg tells of each task that is cancelled once more while it asks the server to stop
    heard.extend(
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name != "psycopg"
    )
    assert heard == []


def test_operations_cancelled_anywhere(aio_url: URL, noises: list[str]) -> None:
    chance = random.Random(8)
    # SQLite has one writer
    width = 1 if aio_url.get_backend_name() == "sqlite" else 20

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, found: noises.append(repr(found)))
        engine = create_async_engine(aio_url, pool_size=5, max_overflow=5)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
            await connection.execute(insert(Thing), [{"x": n} for n in range(30)])
        cancelled = 0

        async def worker() -> None:
            nonlocal cancelled
            for _ in range(OPERATIONS // width):
                was = await _one(engine, chance)
                cancelled += was

        await asyncio.gather(*[worker() for _ in range(width)])
        assert cancelled > OPERATIONS / 2
        await _all_is_quiet(engine)
        # all places are there
        connections = [await engine.connect() for _ in range(10)]
        assert engine.pool.checkedout() == 10
        for connection in connections:
            assert await connection.scalar(text("SELECT 1")) == 1
            await connection.close()
        await engine.dispose()

    asyncio.run(main())
    gc.collect()


async def _all_is_quiet(engine: AsyncEngine) -> None:
    """Wait for what goes on in the background; then nothing is open but what waits in the pool."""
    until = asyncio.get_running_loop().time() + 30
    watch = create_async_engine(engine.url, poolclass=NullPool)
    while True:
        gc.collect()
        tasks = len(asyncio.all_tasks()) - 1
        async with watch.connect() as connection:
            if engine.name == "sqlite":
                await connection.exec_driver_sql("BEGIN EXCLUSIVE")
                sessions, open_ = 0, 0
            else:
                sessions, open_ = (await connection.execute(text(SESSIONS[engine.name]))).one()
        found = (engine.pool.checkedout(), tasks, open_, max(sessions - engine.pool.checkedin(), 0))
        if found == (0, 0, 0, 0):
            return
        assert asyncio.get_running_loop().time() < until, f"left behind: {found}, {asyncio.all_tasks()}"
        await asyncio.sleep(0.05)


# -- crowds --------------------------------------------------------------------------------------------


def test_a_thousand_tasks_on_ten_connections(aio_url: URL) -> None:
    """They are served in the order in which they came; some that give up hold up nobody."""
    chance = random.Random(3)

    async def main() -> None:
        engine = create_async_engine(aio_url, pool_size=10, max_overflow=0, pool_timeout=60)
        # ten connections that are there, as each takes a time of its own to be made
        connections = await asyncio.gather(*(engine.connect().start() for _ in range(10)))
        for connection in connections:
            await connection.scalar(text("SELECT 1"))
            await connection.close()
        served: list[int] = []
        most = 0

        async def task(number: int) -> None:
            nonlocal most
            async with engine.connect() as connection:
                served.append(number)
                most = max(most, engine.pool.checkedout())
                await connection.scalar(select(func.count()).where(text("1 = 1")))

        tasks = []
        for number in range(1000):
            tasks.append(asyncio.create_task(task(number)))
            if number % 10 == 0:
                await asyncio.sleep(0)
        given_up = set(chance.sample(range(200, 1000), 200))
        for number in given_up:
            tasks[number].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(result is None or number in given_up for number, result in enumerate(results))
        waited = [number for number in served if number not in given_up]
        assert len(waited) == 800 and most == 10
        assert all(b - a > -20 for a, b in zip(waited, waited[1:], strict=False))
        assert engine.pool.checkedout() == 0 and engine.pool.checkedin() == 10
        await engine.dispose()

    asyncio.run(main())
