"""PgBouncer in transaction mode: each transaction may be in another session of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pgbouncer
import pytest

from relvar import JSON, exc, func, insert, literal, make_url, select, text
from relvar.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from relvar.orm import DeclarativeBase, Mapped, mapped_column

pytestmark = pytest.mark.skipif(
    pgbouncer.program() is None, reason="PgBouncer is not installed (make servers)"
)


class Base(DeclarativeBase): ...


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


@pytest.fixture
def pooled_url(pg_engine: Any) -> Iterator[Any]:
    url = pg_engine.url
    with pgbouncer.transaction_pooler(url.host, url.port or 5432, url.username, url.password) as port:
        yield url.set(host="127.0.0.1", port=port)


async def _writes(engine: AsyncEngine, number: int) -> None:
    async with AsyncSession(engine) as session:
        session.add_all([Thing(x=number, facts={"n": number}) for _ in range(3)])
        await session.commit()
        assert number in await session.scalars(select(Thing.x))


async def _reads(engine: AsyncEngine, number: int) -> None:
    async with engine.connect() as connection:
        for _ in range(5):
            assert await connection.scalar(select(literal(str(number)))) == str(number)
        async with connection.stream(select(Thing.facts), execution_options={"yield_per": 2}) as rows:
            assert all([isinstance(facts, dict) async for (facts,) in rows])


async def _commits_each(engine: AsyncEngine, number: int) -> None:
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for _ in range(5):
            assert await connection.scalar(select(literal(number))) == number
        await connection.execute(insert(Thing), [{"x": number, "facts": {}}, {"x": number, "facts": {}}])
        async with connection.stream(select(Thing.x).where(Thing.x == number)) as rows:
            assert {x async for (x,) in rows} == {number}


async def _is_stopped(engine: AsyncEngine, number: int) -> None:
    async with engine.connect() as connection:
        with pytest.raises(exc.StatementTimeout):
            await connection.execute(select(func.pg_sleep(9)), execution_options={"timeout": 0.05})
        await connection.rollback()
        assert await connection.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_many_connections_share_few_sessions(pooled_url: Any, driver: str) -> None:
    url = make_url(pooled_url).set(drivername=f"postgresql+{driver}")

    async def main() -> None:
        engine = create_async_engine(url, transaction_pooling=True, pool_size=9)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

        async def task(number: int) -> None:
            for n in range(8):
                work = (_writes, _reads, _commits_each, _is_stopped if n == number else _reads)[
                    (number + n) % 4
                ]
                await work(engine, number)

        await asyncio.gather(*[task(number) for number in range(9)])
        # what was prepared for the old table is nowhere
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE things ALTER COLUMN x TYPE VARCHAR"))
        async with engine.connect() as connection:
            assert isinstance(await connection.scalar(text("SELECT x FROM things")), str)
        assert engine.pool.checkedout() == 0
        await engine.dispose()

    asyncio.run(main())
