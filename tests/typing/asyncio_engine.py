"""What type checkers know of engines, connections and results of asyncio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_type

from relvar import (
    URL,
    Column,
    Connection,
    CursorResult,
    Integer,
    MetaData,
    Pool,
    Row,
    ScalarResult,
    Table,
    select,
    text,
)
from relvar.ext.asyncio import AsyncScalarResult, AsyncTransaction, create_async_engine
from relvar.orm import DeclarativeBase, Mapped, mapped_column

table = Table("t", MetaData(), Column("id", Integer))


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def reflect(connection: Connection, name: str, *, deep: bool = False) -> list[str]:
    return [name]


async def main() -> None:
    engine = create_async_engine("sqlite+aiosqlite://")
    pairs, names = select(User.id, User.name), select(User.name)
    async with engine.begin() as connection:
        assert_type(await connection.execute(pairs), CursorResult[int, str])
        assert_type(await connection.scalar(names), str | None)
        assert_type(await connection.scalars(names), ScalarResult[str])
        assert_type(await connection.execute(text("SELECT 1")), CursorResult[*tuple[Any, ...]])
        async with connection.stream(pairs) as result:
            rows: Sequence[Row[int, str]] = await result.fetchmany(size=3)
            async for number, name in result:
                assert_type(number, int)
                assert_type(name, str)
            assert rows
        assert_type(await connection.stream_scalars(names), AsyncScalarResult[str])
        values = await connection.stream_scalars(names)
        assert_type(await values.one(), str)
        assert_type(await values.first(), str | None)
        assert_type(await values.all(), Sequence[str])
        assert_type(await (await connection.stream(names)).scalar_one(), str)
        assert_type(await (await connection.stream(pairs)).fetchone(), Row[int, str] | None)
        assert_type(await connection.get_isolation_level(), str)
        assert_type(connection.info, dict[Any, Any])
        assert_type(await connection.run_sync(reflect, "x", deep=True), list[str])
        assert_type(connection.begin_nested(), AsyncTransaction)
        assert_type(connection.closed, bool)
        assert_type(connection.in_transaction(), bool)
        await connection.commit()
    assert_type(engine.driver, str)
    assert_type(engine.url, URL)
    assert_type(engine.pool, Pool)
    await engine.dispose(close=False)
