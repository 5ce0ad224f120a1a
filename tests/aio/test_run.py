"""``run()`` of asyncio: transactions that heal, whose functions await."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from relvar import exc, select, text, update
from relvar.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from relvar.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]


async def _cents(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        found: int = await connection.scalar(select(Account.cents))
        return found


@pytest.fixture
def bank(opened: Any) -> Any:
    """A function: an engine with an account, until the end of the block."""

    @asynccontextmanager
    async def open_bank(**options: Any) -> AsyncIterator[AsyncEngine]:
        async with opened(**options) as engine:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            async with AsyncSession(engine) as session:
                session.add(Account(id=1, cents=100))
                await session.commit()
            yield engine

    return open_bank


def _runs(engine: AsyncEngine) -> list[Callable[..., Awaitable[Any]]]:
    make = async_sessionmaker(engine, expire_on_commit=False)
    return [engine.run, make().run, make.run]


ADD = update(Account).values(cents=Account.cents + 1)


def test_it_commits_and_gives_what_the_function_returns(bank: Any) -> None:
    async def main() -> None:
        async with bank() as engine:

            async def pay(given: Any) -> int:
                assert isinstance(given, AsyncConnection | AsyncSession)
                await given.execute(ADD)
                found: int = await given.scalar(select(Account.cents))
                return found

            for number, run in enumerate(_runs(engine), 1):
                assert await run(pay) == 100 + number == await _cents(engine)
            # a function that gives what is to be awaited; one with nothing to await; one for blocking code
            assert await engine.run(lambda connection: pay(connection)) == 104
            session = AsyncSession(engine)
            assert await session.run(lambda given: given is session)
            assert (
                await engine.run(lambda given: given.run_sync(lambda sync: sync.scalar(text("SELECT 5"))))
                == 5
            )

            async def fails(given: Any) -> None:
                await given.execute(ADD)
                1 // 0

            async def ends(given: Any) -> None:
                await given.execute(ADD)
                await given.commit()

            async def leaves(given: Any) -> Any:
                await given.execute(ADD)
                return await given.stream(select(Account))

            async def again(given: Any) -> Any:
                return await engine.run(pay)

            for run in _runs(engine):
                for function, error, match in (
                    (fails, ZeroDivisionError, "division"),
                    (ends, exc.InvalidRequestError, "must not end its transaction"),
                    (leaves, exc.InvalidRequestError, "whose rows are not read"),
                    (again, exc.InvalidRequestError, "run.. was called by a function"),
                ):
                    with pytest.raises(error, match=match):
                        await run(function)
                with pytest.raises(exc.ArgumentError, match="generator function"):
                    await run(lambda given: (yield))
                with pytest.raises(exc.ArgumentError, match="attempts is a whole number"):
                    await run(pay, attempts=0)
            assert await _cents(engine) == 104 and engine.pool.checkedout() == 0

    asyncio.run(main())


LOSE = {"postgresql": "SELECT pg_terminate_backend(pg_backend_pid())", "mariadb": "KILL CONNECTION_ID()"}


def test_it_tries_again_while_the_loop_goes_on(bank: Any, aio_url: Any) -> None:
    """The first time a server ends the connection, or somebody else has the lock of the file."""

    async def main() -> None:
        is_file = aio_url.get_backend_name() == "sqlite"
        async with bank(**{"connect_args": {"timeout": 0}} if is_file else {}) as engine:
            runs = 0

            async def add(given: Any) -> None:
                nonlocal runs
                runs += 1
                await given.execute(ADD)
                if runs == 1 and not is_file:
                    await given.execute(text(LOSE[engine.name]))

            for number, run in enumerate(_runs(engine), 1):
                runs = 0
                happened = asyncio.Event()
                if is_file:
                    other = sqlite3.connect(aio_url.database, isolation_level=None)
                    other.execute("BEGIN IMMEDIATE")
                    asyncio.get_running_loop().call_later(0.05, other.close)
                asyncio.get_running_loop().call_later(0.001, happened.set)
                await run(add, backoff=0.05, max_backoff=0.05, attempts=50)
                assert (is_file or runs == 2) and happened.is_set()
                assert await _cents(engine) == 100 + number
                with pytest.raises(exc.DBAPIError):
                    await run(lambda given: given.execute(text("SELEKT")), backoff=60)
            assert engine.pool.checkedout() == 0

    asyncio.run(main())


def test_a_task_that_is_cancelled_in_it(bank: Any) -> None:
    async def main() -> None:
        async with bank(pool_size=1, max_overflow=0) as engine:
            for run in _runs(engine):

                async def hangs(given: Any) -> None:
                    await given.execute(ADD)
                    await asyncio.sleep(60)

                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await run(hangs)
                assert engine.pool.checkedout() == 0
                assert await _cents(engine) == 100

    asyncio.run(main())
