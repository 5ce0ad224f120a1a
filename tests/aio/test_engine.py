"""Engines, connections, transactions and results to be awaited, on each driver."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    exc,
    insert,
    inspect,
    make_url,
    pool,
    select,
    text,
    util,
)
from relvar.engine import Connection
from relvar.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncResult,
    AsyncScalarResult,
    AsyncTransaction,
    async_engine_from_config,
    create_async_engine,
    create_async_pool_from_url,
)
from relvar.ext.asyncio import exc as async_exc

metadata = MetaData()
users = Table(
    "users", metadata, Column("id", Integer, primary_key=True), Column("name", String(20), unique=True)
)
u = users.c
ROWS = [{"name": f"n{n}"} for n in range(250)]
BY_ID = select(u.id, u.name).order_by(u.id)


async def filled(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(insert(users), ROWS)


# -- executing -------------------------------------------------------------------------


def test_tasks_that_are_the_first_to_connect_do_not_wait_for_each_other_for_ever(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:

            async def task() -> Any:
                async with engine.connect() as connection:
                    return await connection.scalar(select(1))

            assert await asyncio.wait_for(asyncio.gather(*[task() for _ in range(4)]), 20) == [1] * 4

    asyncio.run(main())


@pytest.mark.feature("E005", "I002", "K002", "I013")
def test_statements(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with engine.connect() as connection:
                result = await connection.execute(BY_ID.limit(3))
                assert result.all() == [(1, "n0"), (2, "n1"), (3, "n2")]
                assert await connection.scalar(select(u.id).where(u.name == bindparam("x")), {"x": "n7"}) == 8
                assert (
                    await connection.scalars(select(u.name).where(u.id.in_([4, 2])).order_by(u.id))
                ).all() == [
                    "n1",
                    "n3",
                ]
                # one INSERT with many rows that come back
                returning = insert(users).returning(u.id, u.name, sort_by_parameter_order=True)
                returned = await connection.execute(returning, [{"name": name} for name in ("b", "a", "c")])
                assert returned.all() == [(251, "b"), (252, "a"), (253, "c")]
                one = await connection.execute(insert(users), {"name": "one"})
                assert one.inserted_primary_key == (254,)
                changed = await connection.execute(users.update().where(u.id > 250).values(name=u.name + "!"))
                assert changed.rowcount == 4
                raw = await connection.exec_driver_sql("SELECT 5, 'x'")
                assert raw.one() == (5, "x")
                await connection.rollback()
                assert await connection.scalar(select(u.id).where(u.id > 250)) is None

    asyncio.run(main())


@pytest.mark.feature("I002", "K002", "I005")
def test_streams(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with engine.connect() as connection:
                async with connection.stream(BY_ID) as result:
                    assert isinstance(result, AsyncResult) and list(result.keys()) == ["id", "name"]
                    assert result.closed is False
                    assert await result.fetchone() == (1, "n0")
                    assert await result.fetchmany(2) == [(2, "n1"), (3, "n2")]
                    assert await anext(result) == (4, "n3")
                    rest = [row.id async for row in result]
                    assert rest == list(range(5, 251))
                assert result.closed
                with pytest.raises(exc.ResourceClosedError):
                    await result.all()
                # awaited, it is the caller's to read or close
                result = await connection.stream(BY_ID)
                sizes = [len(part) async for part in result.partitions(100)]
                assert sizes == [100, 100, 50]
                result = await connection.stream(BY_ID, execution_options={"yield_per": 60})
                assert [len(part) async for part in result.partitions()] == [60, 60, 60, 60, 10]
                # left half way
                half = await connection.stream(BY_ID)
                assert await half.fetchone() == (1, "n0")
                await half.close()
                async with connection.stream_scalars(select(u.name).order_by(u.id)) as names:
                    assert isinstance(names, AsyncScalarResult)
                    assert await names.fetchmany(2) == ["n0", "n1"]
                    assert len(await names.all()) == 248
                result = await connection.stream(BY_ID)
                mappings = result.mappings()
                assert await mappings.fetchone() == {"id": 1, "name": "n0"}
                assert await mappings.fetchmany(1) == [{"id": 2, "name": "n1"}]
                assert len(await result.columns("name").all()) == 248
                assert await connection.scalar(text("SELECT 1")) == 1

    asyncio.run(main())


@pytest.mark.feature("I005")
def test_ways_to_read_a_stream() -> None:
    numbers = text("VALUES (1, 'a'), (2, 'b'), (1, 'a')").columns(Column("n", Integer), Column("s", String))
    one = text("SELECT 1 AS n")
    none = text("SELECT 1 AS n WHERE 1 = 0")

    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            for method, of_one, of_none in [
                ("first", (1,), None),
                ("one", (1,), exc.NoResultFound),
                ("one_or_none", (1,), None),
                ("scalar", 1, None),
                ("scalar_one", 1, exc.NoResultFound),
                ("scalar_one_or_none", 1, None),
            ]:
                assert await getattr(await connection.stream(one), method)() == of_one, method
                reading = getattr(await connection.stream(none), method)
                if of_none is None:
                    assert await reading() is None, method
                else:
                    with pytest.raises(of_none):
                        await reading()
                if method not in ("first", "scalar"):
                    with pytest.raises(exc.MultipleResultsFound):
                        await getattr(await connection.stream(numbers), method)()
            for method in ("one", "one_or_none", "first"):
                assert await getattr((await connection.stream(one)).scalars(), method)() == 1
                assert await getattr((await connection.stream(one)).mappings(), method)() == {"n": 1}
            assert await (await connection.stream(numbers)).unique().all() == [(1, "a"), (2, "b")]
            assert await (await connection.stream(numbers)).scalars("s").unique().all() == ["a", "b"]
            assert [row async for row in (await connection.stream(numbers)).unique()] == [(1, "a"), (2, "b")]
            assert await (await connection.stream(numbers)).yield_per(2).fetchmany() == [(1, "a"), (2, "b")]
            frozen = await (await connection.stream(numbers)).freeze()
            assert frozen().all() == frozen().all() == [(1, "a"), (2, "b"), (1, "a")]
            result = await connection.stream(one)
            with pytest.deprecated_call():
                assert result.tuples() is result.t is result
            await result.close()
        await engine.dispose()

    asyncio.run(main())


def test_rows_that_would_stay_on_the_server_have_to_be_streamed(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine, engine.connect() as connection:
            for method in (
                connection.execute,
                connection.scalar,
                connection.scalars,
                connection.exec_driver_sql,
            ):
                statement: Any = "SELECT 1" if method == connection.exec_driver_sql else text("SELECT 1")
                with pytest.raises(
                    async_exc.AsyncMethodRequired, match=r"Use the AsyncConnection.stream\(\)"
                ):
                    await method(statement, execution_options={"stream_results": True})
            assert await connection.scalar(text("SELECT 1")) == 1
        with pytest.raises(async_exc.AsyncMethodRequired, match="Can't set server_side_cursors"):
            create_async_engine(engine.url, server_side_cursors=True)

    asyncio.run(main())


# -- connections and transactions ---------------------------------------------------------


@pytest.mark.feature("I002", "K002")
def test_what_was_not_started_says_so(opened: Any) -> None:
    not_started = pytest.raises(
        async_exc.AsyncContextNotStarted,
        match="AsyncConnection context has not been started and object has not been awaited",
    )

    async def main() -> None:
        async with opened() as engine:
            connection = engine.connect()
            for call in (connection.begin, connection.in_transaction, connection.get_transaction):
                with not_started:
                    call()
            for attribute in ("closed", "invalidated", "info", "dialect", "default_isolation_level"):
                with not_started:
                    getattr(connection, attribute)
            for coroutine in (connection.close, connection.commit, connection.get_raw_connection):
                with not_started:
                    await coroutine()
            with not_started:
                await connection.execute(text("SELECT 1"))
            with not_started:
                await connection.stream(text("SELECT 1"))
            with not_started:
                await connection.run_sync(print)
            assert await connection is connection and not connection.closed
            stream = connection.stream(text("SELECT 1"))
            assert await (await stream).scalar() == 1
            with pytest.raises(async_exc.AsyncContextAlreadyStarted, match="started already"):
                await stream
            with pytest.raises(exc.InvalidRequestError, match="connection is already started"):
                await connection
            transaction = connection.begin()
            with pytest.raises(async_exc.AsyncContextNotStarted, match="AsyncTransaction context"):
                await transaction.commit()
            await connection.close()
            assert connection.closed
            with pytest.raises(exc.ResourceClosedError):
                await connection.execute(text("SELECT 1"))

    asyncio.run(main())


@pytest.mark.feature("I002", "K002")
def test_transactions(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with engine.connect() as connection:
                assert not connection.in_transaction() and connection.get_transaction() is None
                async with connection.begin() as transaction:
                    assert isinstance(transaction, AsyncTransaction)
                    assert transaction.is_active and transaction.is_valid and not transaction.nested
                    assert connection.get_transaction() is transaction
                    assert transaction.connection is connection
                    await connection.execute(insert(users), {"name": "kept"})
                    savepoint = await connection.begin_nested()
                    assert savepoint.nested and connection.get_nested_transaction() == savepoint
                    await connection.execute(insert(users), {"name": "lost"})
                    await savepoint.rollback()
                    with pytest.raises(exc.IntegrityError):
                        async with connection.begin_nested():
                            await connection.execute(insert(users), {"name": "kept"})
                    assert not connection.in_nested_transaction()
                assert not transaction.is_active and not connection.in_transaction()
                with pytest.raises(ZeroDivisionError):
                    async with connection.begin():
                        await connection.execute(insert(users), {"name": "lost"})
                        raise ZeroDivisionError
                transaction = await connection.begin()
                with pytest.raises(exc.InvalidRequestError, match="already initialized"):
                    await connection.begin()
                await transaction.close()
                await connection.execute(insert(users), {"name": "lost"})  # begins by itself
                assert connection.in_transaction()
                begun = connection.get_transaction()
                assert begun is not None and begun.sync_transaction is not None
                await connection.aclose()
            async with engine.connect() as connection:
                found = await connection.scalars(select(u.name).where(u.name.in_(["kept", "lost"])))
                assert found.all() == ["kept"]
            with pytest.raises(TypeError, match="context manager protocol"):
                with connection.begin():  # type: ignore[attr-defined]  # that is the point
                    pass

    asyncio.run(main())


@pytest.mark.feature("I002", "K002", "I007", "I009")
def test_what_is_under_a_connection(opened: Any) -> None:
    def inside(sync: Connection, name: str, *, suffix: str) -> Any:
        assert isinstance(sync, Connection)
        sync.execute(insert(users), {"name": name})
        columns = [column["name"] for column in inspect(sync).get_columns("users")]
        return columns, sync.scalar(select(u.name + suffix).where(u.name == name))

    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            async with engine.connect() as connection:
                assert await connection.run_sync(inside, "x", suffix="!") == (["id", "name"], "x!")
                assert isinstance(connection.sync_connection, Connection)
                assert connection.engine is engine and connection.sync_engine is engine.sync_engine
                pooled = await connection.get_raw_connection()
                adapted: Any = pooled.dbapi_connection
                assert pooled.driver_connection is adapted.driver_connection is adapted._connection
                with pytest.raises(exc.InvalidRequestError, match=r"Use the get_raw_connection\(\) method"):
                    connection.connection  # raises
                with pytest.raises(exc.NoInspectionAvailable, match="use ``run_sync``"):
                    inspect(connection)
                assert connection.info is connection.sync_connection.info
                assert AsyncConnection._retrieve_proxy_for_target(connection.sync_connection) is connection
                again = AsyncConnection(engine, connection.sync_connection)
                assert again == connection and hash(again) == hash(connection) and again != 5

                async def ask(driver: Any) -> str:
                    return type(driver).__name__

                name = await connection.run_sync(lambda sync: adapted.run_async(ask))
                assert name == type(adapted.driver_connection).__name__
            await engine.dispose()
            with pytest.raises(exc.MissingGreenlet, match="greenlet_spawn has not been called"):
                engine.sync_engine.connect()

    asyncio.run(main())


@pytest.mark.feature("I002", "K002")
def test_options_and_isolation(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            await filled(engine)
            level = "READ UNCOMMITTED" if engine.name == "sqlite" else "SERIALIZABLE"
            async with engine.connect() as connection:
                usual = await connection.get_isolation_level()
                assert connection.default_isolation_level == usual
                await connection.rollback()
                assert await connection.execution_options(isolation_level=level) is connection
                assert await connection.get_isolation_level() == level
            async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                await connection.execute(insert(users), {"name": "at once"})
                await connection.rollback()
                assert await connection.scalar(select(u.id).where(u.name == "at once")) == 251
            async with engine.connect() as connection:
                assert await connection.get_isolation_level() == usual

    asyncio.run(main())


@pytest.mark.feature("I002", "K002")
def test_invalid_connections(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine, engine.connect() as connection:
            first = (await connection.get_raw_connection()).driver_connection
            await connection.invalidate()
            assert connection.invalidated and not connection.closed
            assert await connection.scalar(text("SELECT 1")) == 1
            assert (await connection.get_raw_connection()).driver_connection is not first

    asyncio.run(main())


# -- engines --------------------------------------------------------------------------------


@pytest.mark.feature("I001")
def test_engines(opened: Any, aio_url: Any) -> None:
    async def main() -> None:
        async with opened(pool_size=2) as engine:
            sync = engine.sync_engine
            assert (engine.url, engine.name, engine.driver) == (sync.url, sync.dialect.name, sync.driver)
            assert engine.dialect is sync.dialect and engine.pool is sync.pool and engine.engine is sync
            assert engine.dialect.is_async and engine.dialect.has_terminate
            assert isinstance(engine.pool, pool.AsyncAdaptedQueuePool) and engine.pool.size() == 2
            assert AsyncEngine(sync) == engine and hash(AsyncEngine(sync)) == hash(engine)
            assert AsyncEngine._retrieve_proxy_for_target(sync) is engine
            engine.echo = False
            assert sync.echo is False
            other = engine.execution_options(mine=1)
            engine.update_execution_options(ours=2)
            assert other.get_execution_options()["mine"] == 1
            assert dict(engine.get_execution_options()) == {"ours": 2}
            async with engine.begin() as connection:
                assert connection.in_transaction()
                await connection.run_sync(metadata.create_all)
                assert (await connection.execute(BY_ID)).all() == []
            raw = await engine.raw_connection()
            cursor: Any = await util.greenlet_spawn(raw.cursor)
            await util.greenlet_spawn(cursor.execute, "SELECT 1")
            assert cursor.fetchall()[0][0] == 1
            await util.greenlet_spawn(raw.close)
            assert len(engine.sync_engine._compiled_cache) > 0
            engine.clear_compiled_cache()
            assert len(engine.sync_engine._compiled_cache) == 0
            before = engine.pool
            await engine.dispose()
            assert engine.pool is not before and engine.pool.checkedin() == 0
            before = engine.pool
            await engine.dispose(close=False)
            assert engine.pool is not before
            with pytest.raises(exc.NoInspectionAvailable, match="``conn.run_sync``"):
                inspect(engine)
        text_url = aio_url.render_as_string(hide_password=False)
        configured = async_engine_from_config({"db.url": text_url, "db.pool_size": "3"}, "db.")
        assert configured.pool.size() == 3 and configured.url == aio_url
        made: Any = create_async_pool_from_url(aio_url, pool_size=4)
        assert isinstance(made, pool.AsyncAdaptedQueuePool) and made.size() == 4

    asyncio.run(main())


@pytest.mark.feature("I001")
def test_connections_of_ones_own_making(aio_url: Any) -> None:
    from relvar.dialects import registry

    cls = registry.load(aio_url.drivername.replace("+", "."))
    cls = cls.get_async_dialect_cls(aio_url)
    dialect = cls(dbapi=cls.import_dbapi())
    args, kw = dialect.create_connect_args(aio_url)
    made = []

    async def connect() -> Any:
        driver = dialect.dbapi.driver
        if aio_url.drivername == "postgresql+psycopg":
            driver = driver.AsyncConnection
        connection = await driver.connect(*args, **kw)
        made.append(connection)
        return connection

    async def main() -> None:
        engine = create_async_engine(aio_url, async_creator=connect)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
            assert [(await connection.get_raw_connection()).driver_connection] == made
        await engine.dispose()

    asyncio.run(main())
    with pytest.raises(exc.ArgumentError, match="Can only specify one of 'async_creator' or 'creator'"):
        create_async_engine(aio_url, async_creator=connect, creator=connect)


@pytest.mark.feature("I001")
def test_engines_that_cannot_be() -> None:
    with pytest.raises(exc.InvalidRequestError, match="The loaded 'pysqlite' is not async"):
        create_async_engine("sqlite://")
    for kind in (pool.QueuePool, pool.SingletonThreadPool):
        with pytest.raises(exc.ArgumentError, match=f"{kind.__name__} cannot be used with asyncio engine"):
            create_async_engine("sqlite+aiosqlite:///x.db", poolclass=kind)
    with pytest.raises(exc.ArgumentError, match="cannot be used with non-asyncio engine"):
        create_engine("sqlite:///x.db", poolclass=pool.AsyncAdaptedQueuePool)
    for address, expected in {
        "sqlite+aiosqlite://": pool.StaticPool,
        "sqlite+aiosqlite:///x.db": None,
    }.items():
        assert isinstance(create_async_engine(address).pool, expected or pool.AsyncAdaptedQueuePool)
    sync = create_engine("postgresql+psycopg://")
    assert not sync.dialect.is_async
    asynchronous = create_async_engine("postgresql+psycopg://").dialect
    assert type(asynchronous) is type(create_engine("postgresql+psycopg_async://").dialect)
    assert (asynchronous.is_async, asynchronous.driver) == (True, "psycopg")
    assert make_url("postgresql+psycopg://").get_dialect(_is_async=True) is type(asynchronous)


@pytest.mark.feature("I009")
def test_events_are_for_the_blocking_side(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine:
            with pytest.raises(NotImplementedError, match="asynchronous events are not implemented"):
                event.listen(engine, "connect", print)
            with pytest.raises(NotImplementedError, match="asynchronous events are not implemented"):
                event.listen(AsyncConnection, "before_execute", print)
            seen: list[Any] = []

            @event.listens_for(engine.sync_engine, "connect")
            def connect(dbapi_connection: Any, record: Any) -> None:
                cursor = dbapi_connection.cursor()
                cursor.execute("SELECT 7")
                seen.append(cursor.fetchone()[0])
                cursor.close()
                dbapi_connection.rollback()

                async def of_driver(driver: Any) -> Any:
                    return driver

                assert dbapi_connection.run_async(of_driver) is record.driver_connection

            @event.listens_for(engine.sync_engine, "before_cursor_execute", retval=True)
            def before(conn: Any, cursor: Any, statement: str, *rest: Any) -> Any:
                seen.append(statement)
                return statement.replace("one", "two"), rest[0]

            async with engine.connect() as connection:
                assert await connection.scalar(text("SELECT 'one'")) == "two"
                assert seen[0] == 7 and seen[-1] == "SELECT 'one'"

                @event.listens_for(connection.sync_connection, "commit")
                def commit(conn: Any) -> None:
                    seen.append("commit")

                await connection.commit()
            assert seen[-1] == "commit"

    asyncio.run(main())


def test_errors_are_those_of_the_driver(opened: Any) -> None:
    async def main() -> None:
        async with opened() as engine, engine.connect() as connection:
            with pytest.raises(exc.DBAPIError) as caught:
                await connection.execute(text("SELEKT 1"))
            await connection.rollback()
            assert isinstance(caught.value.orig, engine.dialect.dbapi.Error)
            module = type(caught.value.driver_exception).__module__
            expected = {"aiosqlite": "sqlite3", "aiomysql": "pymysql"}.get(engine.driver, engine.driver)
            assert module.startswith(expected) and not caught.value.connection_invalidated
            with pytest.raises(exc.ObjectNotExecutableError):
                await connection.execute("SELECT 1")

    asyncio.run(main())


@pytest.mark.feature("I007", "I012")
def test_the_bridge() -> None:
    async def value() -> int:
        await asyncio.sleep(0)
        return 5

    async def main() -> None:
        assert await util.greenlet_spawn(lambda: util.await_(value()) + util.await_only(value())) == 10
        with pytest.raises(exc.AwaitRequired, match="The current operation required an async execution"):
            await util.greenlet_spawn(lambda: 1, _require_await=True)
        with pytest.raises(ZeroDivisionError):
            await util.greenlet_spawn(lambda: 1 // (util.await_(value()) - 5))
        with pytest.raises(exc.MissingGreenlet, match="Was IO attempted in an unexpected place"):
            util.await_(value())
        # greenlets are used again, and hold nothing of what they ran before
        subject = type("Subject", (), {})()
        gone = weakref.ref(subject)
        assert await util.greenlet_spawn(lambda given: given, subject) is subject
        del subject
        gc.collect()
        assert gone() is None

    asyncio.run(main())
