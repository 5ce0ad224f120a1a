"""
``relvar.testing.rolled_back()``: one transaction around a test, on every database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, create_engine, exc, func, insert, select, text
from relvar.ext.asyncio import AsyncSession, create_async_engine
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from relvar.testing import rolled_back, scratch_database


class Base(DeclarativeBase): ...


class City(Base):
    __tablename__ = "rolled_back_city"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


cities = City.__table__
COUNT = select(func.count()).select_from(cities)


@pytest.fixture
def tables(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)


def count(engine: Any) -> Any:
    with engine.connect() as connection:
        return connection.scalar(COUNT)


def test_what_connections_commit_is_there_until_the_end(tables: Any) -> None:
    with rolled_back(tables) as connection:
        connection.execute(insert(cities), {"name": "Oslo"})
        connection.commit()
        with tables.begin() as other:
            other.execute(insert(cities), {"name": "Bergen"})
        with tables.connect() as other:
            other.execute(insert(cities), {"name": "Narvik"})
        assert count(tables) == 2
        with pytest.raises(ZeroDivisionError), tables.begin() as other:
            other.execute(insert(cities), {"name": "Bodø"})
            raise ZeroDivisionError
        assert count(tables) == 2
        assert count(tables.execution_options(logging_token="other")) == 2
    assert count(tables) == 0
    with rolled_back(tables):
        assert count(tables) == 0


def test_what_sessions_commit_is_there_until_the_end(tables: Any) -> None:
    factory = sessionmaker(tables)
    with rolled_back(tables) as connection:
        with factory.begin() as session:
            session.add(City(name="Oslo"))
            with pytest.raises(exc.IntegrityError), session.begin_nested():
                session.add(City(name="Oslo"))
                session.flush()
            session.add(City(name="Bergen"))
        with factory() as session:
            assert session.scalars(select(City.name).order_by(City.name)).all() == ["Bergen", "Oslo"]
            session.add(City(name="Narvik"))
            session.rollback()
            session.add(City(name="Bodø"))
            session.commit()
        with Session(connection) as session:
            assert session.scalar(COUNT) == 3
            session.add(City(name="Moss"))
            session.commit()
        assert count(tables) == 4
    assert count(tables) == 0


def test_a_failed_statement_is_rolled_back_and_the_test_goes_on(tables: Any) -> None:
    with rolled_back(tables):
        with tables.begin() as connection:
            connection.execute(insert(cities), {"name": "Oslo"})
        with pytest.raises(exc.IntegrityError), tables.begin() as connection:
            connection.execute(insert(cities), {"name": "Oslo"})
        with tables.connect() as connection:
            with pytest.raises(exc.DBAPIError):
                connection.execute(text("SELECT nothing FROM nowhere"))
            connection.rollback()
            assert connection.scalar(COUNT) == 1


def test_a_reader_does_not_take_away_what_others_commit(tables: Any) -> None:
    with rolled_back(tables) as reader:
        assert reader.scalar(COUNT) == 0
        with Session(tables) as session:
            session.add(City(name="Oslo"))
            session.commit()
        assert reader.scalar(COUNT) == 1
        reader.rollback()
        assert reader.scalar(COUNT) == 1
        reader.execute(insert(cities), {"name": "Bergen"})
        reader.rollback()
        assert reader.scalar(COUNT) == 1


def test_transactions_that_do_not_nest_end_in_any_order(tables: Any) -> None:
    with rolled_back(tables) as first, tables.connect() as second:
        first.execute(insert(cities), {"name": "Oslo"})
        second.execute(insert(cities), {"name": "Bergen"})
        first.commit()
        second.rollback()
        assert count(tables) == 1
        first.execute(insert(cities), {"name": "Bodø"})
        second.execute(insert(cities), {"name": "Moss"})
        with pytest.warns(exc.SAWarning, match="undid what other connections did since"):
            first.rollback()
        with pytest.raises(exc.InvalidRequestError, match="undone by the rollback of one that another"):
            second.commit()
        second.rollback()
        assert count(tables) == 1
    assert count(tables) == 0


def test_events_and_nested_blocks(tables: Any) -> None:
    with rolled_back(tables) as connection:
        with connection.begin() as transaction:
            with connection.begin_nested():
                connection.execute(insert(cities), {"name": "Oslo"})
            savepoint = connection.begin_nested()
            connection.execute(insert(cities), {"name": "Bergen"})
            savepoint.rollback()
            assert transaction.is_active
        assert connection.scalars(select(cities.c.name)).all() == ["Oslo"]


def test_what_can_not_be_rolled_back_is_refused(tables: Any) -> None:
    with rolled_back(tables) as connection:
        with pytest.raises(exc.InvalidRequestError, match="isolation_level='AUTOCOMMIT' can't be set in"):
            connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(exc.InvalidRequestError, match="can't be rolled back after the test"):
            connection.begin_twophase()
        with pytest.raises(exc.InvalidRequestError, match="commit past the rolled_back"):
            tables.raw_connection()
        with pytest.raises(exc.InvalidRequestError, match="in a rolled_back.* block already"):
            rolled_back(tables).__enter__()
        tables.dispose()
        assert connection.scalar(COUNT) == 0
        left = tables.connect()
    with pytest.raises(exc.ResourceClosedError, match="This Connection is closed"):
        connection.scalar(COUNT)
    with pytest.raises(exc.InvalidRequestError, match="has ended; connect again|is closed"):
        left.scalar(COUNT)
    with tables.raw_connection():
        pass


def test_only_engines_are_taken(sqlite_engine: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="takes an Engine or an AsyncEngine, got 'sqlite://'"):
        rolled_back("sqlite://")  # type: ignore[arg-type]  # wrong on purpose
    autocommit = create_engine("sqlite://", isolation_level="AUTOCOMMIT")
    with pytest.raises(exc.InvalidRequestError, match="has no transaction to roll back"):
        rolled_back(autocommit).__enter__()
    autocommit.dispose()


def test_the_last_error_leaves_no_trace(tables: Any) -> None:
    with pytest.raises(ZeroDivisionError), rolled_back(tables):
        with tables.begin() as connection:
            connection.execute(insert(cities), {"name": "Oslo"})
        raise ZeroDivisionError
    assert count(tables) == 0


def async_url(url: str) -> str:
    for plain, driver in (
        ("sqlite:", "sqlite+aiosqlite:"),
        ("postgresql:", "postgresql+asyncpg:"),
        ("postgresql+psycopg:", "postgresql+asyncpg:"),
        ("mariadb:", "mariadb+aiomysql:"),
        ("mysql+pymysql:", "mysql+aiomysql:"),
        ("mariadb+pymysql:", "mariadb+aiomysql:"),
    ):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    raise AssertionError(url)


@pytest.mark.one_mode
def test_asyncio(url: str) -> None:
    async def main(place: Any) -> None:
        engine = create_async_engine(place)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with rolled_back(engine) as connection:
            await connection.execute(insert(cities), {"name": "Oslo"})
            await connection.commit()
            async with AsyncSession(engine) as session:
                session.add(City(name="Bergen"))
                await session.commit()
                session.add(City(name="Narvik"))
                await session.rollback()
            async with engine.connect() as other:
                assert await other.scalar(COUNT) == 2
        async with engine.connect() as other:
            assert await other.scalar(COUNT) == 0
        with pytest.raises(TypeError, match="use 'async with rolled_back"), rolled_back(engine):
            pass
        await engine.dispose()

    with scratch_database(async_url(url)) as place:
        asyncio.run(main(place))


def test_a_blocking_engine_is_not_awaited(sqlite_engine: Any) -> None:
    async def main() -> None:
        with pytest.raises(TypeError, match="the engine is no AsyncEngine"):
            async with rolled_back(sqlite_engine):
                pass

    asyncio.run(main())


@pytest.mark.one_mode
def test_a_scratch_database_is_made_and_dropped(url: str) -> None:
    metadata = MetaData()
    Table("scratch", metadata, Column("id", Integer, primary_key=True))
    with scratch_database(url) as place, scratch_database(url) as other:
        assert place.database != other.database
        engine = create_engine(place)
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO scratch VALUES (1)"))
        if engine.dialect.name == "sqlite":
            engine.dispose()
        # elsewhere a pool that still has its connection does not keep the database
    engine.dispose()
    with pytest.raises(exc.DBAPIError):
        create_engine(place).connect()


def test_a_scratch_database_of_a_dialect_that_says_nothing() -> None:
    with (
        pytest.raises(NotImplementedError, match="SQLite, PostgreSQL, MySQL and MariaDB, not of 'oracle'"),
        scratch_database("oracle://localhost"),
    ):
        pass
