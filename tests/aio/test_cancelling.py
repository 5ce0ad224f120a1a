"""Tasks that are cancelled, crowds of tasks, loops that end: nothing is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import sqlite3
import subprocess
import sys
import time
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, NullPool, String, Table, exc, insert, select, text, update
from relvar.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

metadata = MetaData()
log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task", Integer, index=True),
    Column("s", String(9)),
)

# A statement that takes its time, in seconds or in rows counted.
SLOW = {
    "postgresql": "SELECT pg_sleep(0.02)",
    "mysql": "SELECT sleep(0.02)",
    "mariadb": "SELECT sleep(0.02)",
    "sqlite": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 40000) "
    "SELECT max(n) FROM r",
}
# How many transactions others have open.
OPEN = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state = 'active')",
    "mariadb": "SELECT count(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p "
    "ON p.id = t.trx_mysql_thread_id WHERE p.db = database() AND p.id <> connection_id()",
}


async def nothing_open(engine: AsyncEngine) -> None:
    """Wait until the server has no transaction of ours; fail if there stays one."""
    if engine.name == "sqlite":
        # another one would have the lock
        async with engine.connect() as connection:
            await connection.exec_driver_sql("BEGIN EXCLUSIVE")
        return
    for _ in range(200):
        async with engine.connect() as connection:
            if not await connection.scalar(text(OPEN[engine.name])):
                return
        await asyncio.sleep(0.01)
    pytest.fail("a transaction was left open")


async def work(engine: AsyncEngine, number: int, done: set[int]) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(log), [{"task": number, "s": "new"}, {"task": number, "s": "new"}])
        await connection.execute(text(SLOW[engine.name]))
        await connection.execute(update(log).where(log.c.task == number).values(s="done"))
        # after this the transaction ends, or is cancelled, at once
        await connection.commit()
        done.add(number)


# psycopg 3.3 leaves a generator of a pipeline to the garbage collector where it is cancelled twice
@pytest.mark.filterwarnings("ignore:.*BasePipeline:pytest.PytestUnraisableExceptionWarning")
def test_a_hundred_tasks_cancelled_anywhere(opened: Any) -> None:
    chance = random.Random(7)

    async def main() -> None:
        async with opened(pool_size=5, max_overflow=0) as engine:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
            done: set[int] = set()
            for batch in range(10):
                tasks = [asyncio.create_task(work(engine, batch * 10 + n, done)) for n in range(10)]
                for task in tasks:
                    await asyncio.sleep(chance.random() * 0.006)
                    task.cancel()
                    if chance.random() < 0.3:
                        # once more, while it cleans up
                        await asyncio.sleep(0)
                        task.cancel()
                results = await asyncio.gather(*tasks, return_exceptions=True)
                for result in results:
                    assert result is None or isinstance(result, asyncio.CancelledError), repr(result)
            # connections that were given up twice say goodbye meanwhile
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            assert engine.pool.checkedout() == 0
            await nothing_open(engine)
            async with engine.connect() as connection:
                rows = (await connection.execute(select(log.c.task, log.c.s))).all()
            # a task that came to its end is there as a whole, any other as a whole or not at all
            assert all(s == "done" for _, s in rows)
            kept = [task for task, _ in rows]
            assert all(kept.count(task) == 2 for task in kept) and done <= set(kept)

    asyncio.run(main())


def test_waiting_for_a_connection_ends(opened: Any) -> None:
    async def main() -> None:
        async with opened(pool_size=1, max_overflow=0, pool_timeout=0.5) as engine:
            async with engine.connect():
                with pytest.raises(exc.TimeoutError, match="AsyncAdaptedQueuePool limit of size 1"):
                    await engine.connect()
                waiting = asyncio.create_task(engine.connect().start())
                await asyncio.sleep(0)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            async with engine.connect() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1

    asyncio.run(main())


def test_a_timeout_around_a_statement(opened: Any) -> None:
    async def main() -> None:
        async with opened(pool_size=1, max_overflow=0) as engine:
            async with engine.connect() as connection:
                first = (await connection.get_raw_connection()).driver_connection
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.02):
                        for _ in range(1000):
                            await connection.execute(text(SLOW[engine.name]))
                assert connection.invalidated
                await connection.rollback()
                # it may go on, with another connection
                assert await connection.scalar(text("SELECT 1")) == 1
                assert (await connection.get_raw_connection()).driver_connection is not first
            assert engine.pool.checkedout() == 0
            await nothing_open(engine)

    asyncio.run(main())


@pytest.mark.parametrize("limit", [0.02, 0.0001])
def test_the_limit_of_a_cancelled_statement_ends_with_it(opened: Any, limit: float) -> None:
    async def main() -> None:
        async with opened(pool_size=1, max_overflow=0) as engine:
            for steps in range(25):
                async with engine.connect() as connection:
                    await connection.scalar(text("SELECT 1"))
                    limited = asyncio.create_task(
                        connection.scalar(text("SELECT 1"), execution_options={"timeout": limit})
                    )
                    for _ in range(steps):
                        await asyncio.sleep(0)
                    limited.cancel()
                    with contextlib.suppress(asyncio.CancelledError, exc.StatementTimeout):
                        await limited
                    await connection.rollback()
                    await asyncio.sleep(limit)
                    # longer than any look at the clock is away
                    assert len((await connection.execute(text(SLOW[engine.name]))).all()) == 1
                async with engine.connect() as connection:
                    assert await connection.scalar(text("SELECT 1")) == 1

    asyncio.run(main())


def test_cancelled_while_a_limit_ends_before_the_statement_is_sent(
    opened: Any, aio_url: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection was cut, as the server may have been asked to stop: nobody gets it again."""
    dialect = type(create_async_engine(aio_url).sync_engine.dialect)
    cancel = dialect.do_cancel

    class SlowToStart(dialect.execution_ctx_cls):  # type: ignore[misc, name-defined]  # the dialect's
        def create_cursor(self) -> Any:
            if "timeout" in self.execution_options:
                time.sleep(0.02)
            return super().create_cursor()

    def slow_cancel(self: Any, dbapi_connection: Any) -> None:
        time.sleep(0.1)
        cancel(self, dbapi_connection)

    monkeypatch.setattr(dialect, "execution_ctx_cls", SlowToStart)
    monkeypatch.setattr(dialect, "do_cancel", slow_cancel)

    async def main() -> None:
        async with opened(pool_size=1, max_overflow=0) as engine:
            async with engine.connect() as connection:
                await connection.scalar(text("SELECT 1"))
                limited = asyncio.create_task(
                    connection.scalar(text("SELECT 1"), execution_options={"timeout": 0.005})
                )
                asyncio.get_running_loop().call_soon(limited.cancel)
                with pytest.raises(asyncio.CancelledError):
                    await limited
                await connection.rollback()
            for _ in range(2):
                async with engine.connect() as connection:
                    assert await connection.scalar(text("SELECT 1")) == 1

    asyncio.run(main())


@pytest.mark.feature("I015")
def test_one_engine_in_loop_after_loop(opened: Any, aio_url: Any) -> None:
    pooled = create_async_engine(aio_url)
    unpooled = create_async_engine(aio_url, poolclass=NullPool)

    async def ask(engine: AsyncEngine, dispose: bool) -> int:
        async with engine.connect() as connection:
            found: int = await connection.scalar(text("SELECT 1"))
        if dispose:
            await engine.dispose()
        return found

    for _ in range(3):
        assert asyncio.run(ask(pooled, dispose=True)) == 1
        assert asyncio.run(ask(unpooled, dispose=False)) == 1


LOOPS = """
import asyncio, gc, sys
from relvar import exc, text
from relvar.ext.asyncio import create_async_engine
engine = create_async_engine(sys.argv[1], pool_size=2)
async def ask():
    async with engine.connect() as one, engine.connect() as two:
        return await one.scalar(text("SELECT 1")) + await two.scalar(text("SELECT 1"))
# not disposed of: the connections belong to loops that are closed
print([asyncio.run(ask()) for _ in range(3)], engine.pool.checkedin())
asyncio.run(engine.dispose())
# the first goes on
first = asyncio.new_event_loop()
print(first.run_until_complete(ask()))
try:
    print(asyncio.run(ask()))
except exc.InvalidRequestError as error:
    print(str(error).partition(".")[0])
first.run_until_complete(ask())
first.run_until_complete(engine.dispose())
print(asyncio.run(ask()))
asyncio.run(engine.dispose())
first.close()
gc.collect()
"""


@pytest.mark.feature("I015")
def test_an_engine_meets_another_loop(aio_url: Any) -> None:
    # a program of its own: what a closed loop leaves of its transports, the collector complains of any time
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", LOOPS, aio_url.render_as_string(hide_password=False)],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    refused = "This engine has connections of another event loop, which is not closed"
    meanwhile = "2" if aio_url.get_driver_name() in ("aiosqlite", "psycopg") else refused
    assert (done.stdout.splitlines(), done.stderr) == (["[2, 2, 2] 2", "2", meanwhile, "2"], "")


@pytest.mark.feature("B016")
def test_what_the_garbage_collector_finds_is_terminated(opened: Any) -> None:
    async def main() -> None:
        async with opened(pool_size=1, max_overflow=0) as engine:
            connection: AsyncConnection | None = await engine.connect()
            await connection.execute(text("SELECT 1"))  # type: ignore[union-attr]  # not None yet
            with pytest.warns(exc.SAWarning, match="non-checked-in connection .* which will be terminated"):
                connection = None
                gc.collect()
            await asyncio.sleep(0.01)
            assert engine.pool.checkedout() == 0
            async with engine.connect() as connection:
                assert await connection.scalar(text("SELECT 1")) == 1
            await nothing_open(engine)

    asyncio.run(main())


def test_a_program_may_end_with_a_connection_open(tmp_path: Any) -> None:
    program = (
        "import asyncio\n"
        "from relvar import text\n"
        "from relvar.ext.asyncio import create_async_engine\n"
        "async def main():\n"
        "    global connection\n"
        f"    connection = await create_async_engine('sqlite+aiosqlite:///{tmp_path}/x.db').connect()\n"
        "    return await connection.scalar(text('SELECT 1'))\n"
        "print(asyncio.run(main()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        # the driver reminds of what was not closed
        [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", program],
        env=environment, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_a_transaction_of_a_cancelled_task_ends_with_the_connection(tmp_path: Any) -> None:
    # its INSERT begins a transaction when nobody waits for it any more
    async def main() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/x.db", pool_size=1, max_overflow=0)
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE t (a INTEGER)"))
        for delay in (0, 0.0001, 0.001, 0.005):
            async with engine.connect() as connection:
                slow = (
                    "INSERT INTO t WITH RECURSIVE n(i) AS "
                    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n"
                )
                task = asyncio.ensure_future(connection.execute(text(slow)))
                await asyncio.sleep(delay)
                task.cancel()
                await asyncio.wait([task])
            async with engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None and not driver.in_transaction
                assert await connection.scalar(text("SELECT count(*) FROM t")) == 0
        await engine.dispose()

    asyncio.run(main())


def test_a_loop_that_closes_while_a_cancelled_statement_waits_for_a_lock(tmp_path: Any) -> None:
    # The driver's thread would end when it cannot tell the loop what came of it, the connection stay open.
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"

    async def cancelled() -> tuple[Any, Any]:
        engine = create_async_engine(url, connect_args={"timeout": 30})
        connection = await engine.connect()
        await connection.execute(text("SELECT 1"))
        driver = (await connection.get_raw_connection()).driver_connection
        task = asyncio.ensure_future(connection.execute(text("INSERT INTO t VALUES (1)")))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])
        return engine, driver

    holder = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    holder.execute("CREATE TABLE t (a INTEGER)")
    holder.execute("BEGIN IMMEDIATE")
    engine, driver = asyncio.run(cancelled())
    holder.execute("ROLLBACK")
    thread = getattr(driver, "_thread", driver)
    thread.join(10)
    assert not thread.is_alive()
    assert holder.execute("SELECT count(*) FROM t").fetchall() == [(0,)]
    holder.execute("BEGIN EXCLUSIVE")
    holder.close()
    asyncio.run(engine.dispose())
