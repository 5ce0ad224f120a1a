"""A dialect of another project over the adapter classes, as its author would write it."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import pytest

from relvar import Column, Integer, MetaData, String, Table, exc, insert, inspect, select, text
from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_Error,
    AsyncAdapt_terminate,
)
from relvar.dialects import registry
from relvar.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from relvar.ext.asyncio import create_async_engine
from relvar.pool import AsyncAdaptedQueuePool
from relvar.util import await_

closed: list[str] = []


class TheirError(AsyncAdapt_Error):
    """An error in the name of a driver that has none."""


class TheirConnection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):
    __slots__ = ()

    @classmethod
    def _handle_exception_no_connection(cls, dbapi: Any, error: Exception) -> NoReturn:
        if isinstance(error, dbapi.driver.OperationalError):
            raise TheirError(f"theirs: {error}", error) from error
        super()._handle_exception_no_connection(dbapi, error)

    async def _terminate_graceful_close(self) -> None:
        closed.append("politely")
        await self._connection.close()

    def _terminate_force_close(self) -> None:
        closed.append("at once")
        self._connection.stop()


class TheirModule(AsyncAdapt_dbapi_module):
    paramstyle = "qmark"

    def __init__(self, driver: Any) -> None:
        super().__init__(driver)
        assert self.exceptions_module is driver
        self.Error = Exception
        self.ProgrammingError = driver.ProgrammingError
        self.sqlite_version_info = driver.sqlite_version_info

    def connect(self, *arg: Any, **kw: Any) -> Any:
        creator = kw.pop("async_creator_fn", self.driver.connect)
        return await_(TheirConnection.create(self, creator(*arg, **kw)))


class TheirDialect(SQLiteDialect_pysqlite):
    driver = "theirs"
    supports_statement_cache = True
    supports_server_side_cursors = True
    is_async = True
    has_terminate = True

    @classmethod
    def import_dbapi(cls) -> Any:
        import aiosqlite

        return TheirModule(aiosqlite)

    @classmethod
    def get_pool_class(cls, url: Any) -> Any:
        return AsyncAdaptedQueuePool

    def on_connect(self) -> None:
        return None

    def create_connect_args(self, url: Any) -> Any:
        return [url.database], {}

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.terminate()

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(server_side=True)


@pytest.mark.feature("E004")
def test_a_driver_behind_the_face(tmp_path: Any) -> None:
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String))

    async def main() -> None:
        engine = create_async_engine(f"sqlite+theirs:///{tmp_path}/x.db")
        async with engine.begin() as connection:
            await connection.run_sync(table.create)
            assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["t"]
            one = await connection.execute(insert(table), {"x": "a"})
            assert one.inserted_primary_key == (1,) and one.rowcount == 1
            await connection.execute(insert(table), [{"x": "b"}, {"x": "c"}])
            returned = await connection.execute(insert(table).returning(table.c.id), [{"x": "d"}, {"x": "e"}])
            assert returned.scalars().all() == [4, 5]
        async with engine.connect() as connection:
            result = await connection.execute(select(table.c.x).order_by(table.c.id))
            assert isinstance(result.cursor, AsyncAdapt_dbapi_cursor) and not result.cursor.server_side
            assert (result.fetchone(), result.fetchmany(2), result.scalars().all()) == (
                ("a",),
                [("b",), ("c",)],
                ["d", "e"],
            )
            async with connection.stream(select(table.c.x).order_by(table.c.id)) as stream:
                assert isinstance(stream._proxied.cursor, AsyncAdapt_dbapi_ss_cursor)  # type: ignore[attr-defined]
                assert await stream.fetchone() == ("a",)
                assert await stream.fetchmany(2) == [("b",), ("c",)]
                assert [row async for row in stream] == [("d",), ("e",)]
            with pytest.raises(exc.DBAPIError, match="theirs: .*syntax error") as caught:
                await connection.execute(text("SELEKT"))
            assert isinstance(caught.value.orig, TheirError)
            assert type(caught.value.driver_exception).__module__ == "sqlite3"
            # again on the same cursor, and row by row
            adapted: Any = (await connection.get_raw_connection()).dbapi_connection

            def by_hand(sync: Any) -> list[Any]:
                with adapted.cursor() as cursor:
                    assert cursor.description is None
                    cursor.execute("SELECT 1 UNION SELECT 2")
                    first = list(cursor)
                    cursor.execute("SELECT 3")
                    assert [column[0] for column in cursor.description] == ["3"] and cursor.rowcount == -1
                    cursor.arraysize = 5
                    return [*first, *cursor.fetchmany()]

            assert await connection.run_sync(by_hand) == [(1,), (2,), (3,)]
            assert repr(adapted) == f"<AdaptedConnection {adapted.driver_connection}>"
            await connection.invalidate()
            assert closed == ["politely"]
            await connection.rollback()
            await connection.scalar(text("SELECT 1"))
            adapted = (await connection.get_raw_connection()).dbapi_connection
            adapted.terminate()  # where nobody can wait
            assert closed == ["politely", "at once"]
            await connection.invalidate()
        await engine.dispose()

    registry.register("sqlite.theirs", __name__, "TheirDialect")
    registry.impls["sqlite.theirs"] = lambda: TheirDialect
    try:
        asyncio.run(main())
    finally:
        registry.deregister("sqlite.theirs")
