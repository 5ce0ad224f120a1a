"""What python-oracledb is asked for under asyncio: its own classes, never connected, as in conftest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import oracledb
import pytest
from oracledb import thin_impl

from relvar import Column, Identity, Integer, LargeBinary, MetaData, String, Table, Text, exc, insert, select
from relvar.ext.asyncio import create_async_engine

t = Table("t", MetaData(), Column("id", Integer, Identity(), primary_key=True), Column("s", String(30)))


class Lob:
    async def read(self) -> bytes:
        await asyncio.sleep(0)
        return b"long"


class AsyncCursor(oracledb.AsyncCursor):
    description: Any = None
    rowcount = 1
    lastrowid = None

    async def execute(self, statement: Any, parameters: Any = None, **kw: Any) -> Any:
        await asyncio.sleep(0)
        recorder = self.connection.recorder
        recorder.note("execute", " ".join(statement.split()), parameters)
        self.description, self.waiting = None, []
        for part, (columns, rows) in recorder.answers.items():
            if part in statement:
                self.description = [(name, type_, None, None, None, None, None) for name, type_ in columns]
                self.waiting = list(rows)

    async def executemany(self, statement: Any, parameters: Any, **kw: Any) -> None:
        await asyncio.sleep(0)
        self.connection.recorder.note("executemany", " ".join(statement.split()), parameters)

    def var(self, *args: Any, **kw: Any) -> Any:
        recorder = self.connection.recorder
        made: Any = super().var(*args, **kw)
        return recorder.returned_as(made) if recorder.returned else made

    async def fetchone(self) -> Any:
        await asyncio.sleep(0)
        return self.waiting.pop(0) if self.waiting else None

    async def fetchmany(self, size: Any = None) -> Any:
        self.connection.recorder.note("fetchmany", size)
        rows, self.waiting = self.waiting[:size], self.waiting[size:]
        return rows

    async def fetchall(self) -> Any:
        rows, self.waiting = self.waiting, []
        return rows

    def close(self) -> None: ...


class AsyncConnection(oracledb.AsyncConnection):
    version: Any = "23.4.0.0.0"
    autocommit: Any = False
    call_timeout: Any = 0
    outputtypehandler: Any = None
    max_identifier_length: Any = 128

    def __init__(self, recorder: Any) -> None:
        self._impl = thin_impl.ThinConnImpl(is_async=True)
        self.recorder = recorder

    def __del__(self) -> None: ...

    def cursor(self, scrollable: bool = False) -> Any:
        return AsyncCursor(self)

    def _noting(name: str) -> Any:  # type: ignore[misc]  # called in the class body
        async def call(self: Any, *args: Any) -> Any:
            await asyncio.sleep(0)
            self.recorder.note(name, *args)
            return True

        return call

    close = _noting("close")
    commit = _noting("commit")
    rollback = _noting("rollback")
    ping = _noting("ping")
    tpc_begin = _noting("tpc_begin")
    tpc_commit = _noting("tpc_commit")
    tpc_prepare = _noting("tpc_prepare")


@pytest.fixture
def run(make_recorder: Any) -> Callable[..., Any]:
    """A function: coroutine function -> its result, called with an engine and its recorder."""

    def call(work: Callable[[Any, Any], Coroutine[Any, Any, Any]], **options: Any) -> Any:
        recorder = make_recorder("23.4.0.0.0")

        async def connect() -> Any:
            return AsyncConnection(recorder)

        async def main() -> Any:
            engine = create_async_engine(
                "oracle://scott:tiger@h/?service_name=x", async_creator=connect, **options
            )
            try:
                return await work(engine, recorder)
            finally:
                await engine.dispose()

        return asyncio.run(main())

    return call


@pytest.mark.feature("I013")
def test_rows_come_back_in_variables(run: Any) -> None:
    async def work(engine: Any, recorder: Any) -> None:
        recorder.returned = [[[7]]]
        async with engine.begin() as connection:
            result = await connection.execute(insert(t).values(s="x"))
            assert result.inserted_primary_key == (7,)
            recorder.returned = [[[1], [2]]]
            rows = await connection.execute(insert(t).returning(t.c.id), [{"s": "a"}, {"s": "b"}])
            assert rows.scalars().all() == [1, 2]
            one = Table("one", MetaData(), Column("x", Text))
            recorder.returned = [[[Lob()]]]
            found = await connection.execute(insert(one).values(x="y").returning(one.c.x))
            assert found.scalar_one() == b"long"

    run(work)


def test_lobs_are_awaited_where_the_driver_gives_them(run: Any) -> None:
    async def work(engine: Any, recorder: Any) -> None:
        one = Table("one", MetaData(), Column("x", LargeBinary))
        recorder.answer("SELECT one.x", [("X", oracledb.DB_TYPE_BLOB)], [(Lob(),), (None,)])
        async with engine.connect() as connection:
            assert (await connection.scalars(select(one.c.x))).all() == [b"long", None]
            assert [row async for row in await connection.stream_scalars(select(one.c.x))] == [b"long", None]

    run(work, auto_convert_lobs=False)


def test_streams_and_deadlines(run: Any) -> None:
    async def work(engine: Any, recorder: Any) -> None:
        recorder.answer("SELECT t.s", [("S", oracledb.DB_TYPE_VARCHAR)], [(str(n),) for n in range(5)])
        async with engine.connect() as connection:
            assert (await connection.execute(select(t.c.s))).scalars().all() == list("01234")
            recorder.take()
            result = await connection.stream_scalars(select(t.c.s).execution_options(yield_per=2))
            assert [part async for part in result.partitions()] == [["0", "1"], ["2", "3"], ["4"]]
            assert recorder.take("fetchmany")[0] == ("fetchmany", 2)
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, oracledb.AsyncConnection)
            limited = await connection.execution_options(timeout=1)
            assert (await limited.execute(select(t.c.s))).scalars().first() == "0"
            assert driver.call_timeout == 0

    run(work)


def test_two_phase_and_pings(run: Any) -> None:
    async def work(engine: Any, recorder: Any) -> None:
        async with engine.connect() as connection:
            recorder.take()

            def both(sync_connection: Any) -> None:
                transaction = sync_connection.begin_twophase()
                transaction.prepare()
                transaction.commit()

            await connection.run_sync(both)
        kinds = [call[0] for call in recorder.take()]
        assert kinds[:3] == ["tpc_begin", "tpc_prepare", "tpc_commit"]
        async with engine.connect():
            pass
        assert recorder.take("ping") == [("ping",)]

    run(work, pool_pre_ping=True)


def test_there_is_no_thick_mode(run: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="thin mode only"):
        create_async_engine("oracle://h/x", thick_mode={})
