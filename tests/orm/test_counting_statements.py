"""
``relvar.testing``: `assert_queries` and `assert_no_lazy_loads`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import ForeignKey, String, create_engine, exc, select, text
from relvar.ext.asyncio import AsyncSession, create_async_engine
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    scoped_session,
    selectinload,
    sessionmaker,
)
from relvar.testing import assert_no_lazy_loads, assert_queries


class Base(DeclarativeBase): ...


class Country(Base):
    __tablename__ = "counted_country"
    id: Mapped[int] = mapped_column(primary_key=True)
    cities: Mapped[list[City]] = relationship(back_populates="country")


class City(Base):
    __tablename__ = "counted_city"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    history: Mapped[str] = mapped_column(String(20), deferred=True, default="long")
    country_id: Mapped[int] = mapped_column(ForeignKey("counted_country.id"))
    country: Mapped[Country] = relationship(back_populates="cities")


@pytest.fixture
def filled(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Country(cities=[City(name="a"), City(name="b")]) for _ in range(2))
        session.commit()
    yield engine
    Base.metadata.drop_all(engine)


def test_statements_are_counted_and_shown(filled: Any) -> None:
    with Session(filled) as session:
        with assert_queries(2, session) as queries:
            countries = session.scalars(select(Country).options(selectinload(Country.cities))).all()
            assert [len(country.cities) for country in countries] == [2, 2]
        assert len(queries) == 2
        assert queries.statements[1].text.startswith("SELECT counted_city")
    with Session(filled) as session:
        with pytest.raises(AssertionError) as caught, assert_queries(1):
            for city in session.scalars(select(City)):
                assert city.country
        lines = str(caught.value).splitlines()
        assert lines[0] == "3 statements were sent, expected 1:"
        assert lines[1].startswith("  1. SELECT counted_city.id, ")
        assert lines[2].startswith("  2. SELECT counted_country.id FROM ")
        with assert_queries(at_most=1):
            pass
        with pytest.raises(AssertionError, match="^0 statements were sent, expected 1$"), assert_queries(1):
            pass
        with pytest.raises(AssertionError, match="^1 statement was sent, expected at most 0:"):
            with assert_queries(at_most=0):
                session.execute(text("SELECT 1"))


def test_only_what_is_meant_is_counted(filled: Any) -> None:
    other = create_engine("sqlite://")
    with Session(filled) as session, other.connect() as connection, filled.connect() as own:
        with assert_queries(1, session), assert_queries(3), assert_queries(2, filled), assert_queries(1, own):
            session.execute(text("SELECT 1"))
            own.execute(text("SELECT 2"))
            connection.execute(text("SELECT 3"))
        # a session that has its connection already, and one in a registry
        registry = scoped_session(sessionmaker(filled))
        with assert_queries(1, session), assert_queries(0, registry):
            session.execute(text("SELECT 1"))
        with assert_queries(1, registry), assert_queries(0, connection):
            registry.execute(text("SELECT 1"))
        registry.remove()
    other.dispose()


def test_savepoints_are_not_counted(filled: Any) -> None:
    with Session(filled) as session, assert_queries(1):
        with session.begin_nested():
            session.execute(text("SELECT 1"))
        session.begin_nested().rollback()


def test_secrets_are_not_shown() -> None:
    engine = create_engine("sqlite://", hide_parameters=True)
    with (
        engine.connect() as connection,
        pytest.raises(AssertionError) as caught,
        assert_queries(0, engine),
    ):
        connection.execute(text("SELECT :word"), {"word": "secret"})
    assert "SELECT ?" in str(caught.value)
    assert "secret" not in str(caught.value)
    engine.dispose()


def test_an_error_in_the_block_is_the_error() -> None:
    with pytest.raises(ZeroDivisionError), assert_queries(1):
        raise ZeroDivisionError


def test_what_can_not_be_counted_is_refused() -> None:
    with pytest.raises(TypeError, match="or at_most=, not both"):
        assert_queries(1, at_most=2)
    with pytest.raises(TypeError, match="or at_most=, not both"):
        assert_queries()
    with pytest.raises(exc.ArgumentError, match="an engine, a connection or a session, got 'sqlite://'"):
        assert_queries(1, "sqlite://")
    with pytest.raises(exc.ArgumentError, match="takes a session, got 5"):
        assert_no_lazy_loads(5)


def test_loads_by_reading_are_refused(filled: Any) -> None:
    with Session(filled) as session:
        city = session.scalars(select(City).order_by(City.id)).first()
        assert city is not None
        with assert_no_lazy_loads():
            assert city.name == "a"
            with pytest.raises(AssertionError, match=r"^City\.country was not loaded: .* selectinload\(\)"):
                assert city.country
            with pytest.raises(AssertionError, match=r"^City\.history was not loaded"):
                assert city.history
        assert city.country.cities
        with assert_no_lazy_loads(session):
            # what is there is no load, nor is what is asked for
            assert city.country.cities[0] is city
            session.refresh(city)
            session.refresh(city, ["history"])
            assert city.history == "long"
            session.expire(city)
            with pytest.raises(AssertionError, match=r"^City\.\w+ was not loaded"):
                assert city.name
            session.get_one(City, 2)
        assert city.name == "a"


def test_only_the_session_that_is_meant(filled: Any) -> None:
    with Session(filled) as watched, Session(filled) as other:
        with assert_no_lazy_loads(watched):
            assert other.scalars(select(City)).first().country  # type: ignore[union-attr]  # there is one
            with pytest.raises(AssertionError):
                assert watched.scalars(select(City)).first().country  # type: ignore[union-attr]  # as above


def test_asyncio() -> None:
    async def main() -> None:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
            async with assert_queries(1, connection), assert_queries(1, engine):
                await connection.execute(text("SELECT 1"))
        async with AsyncSession(engine) as session:
            session.add(City(name="a", country=Country()))
            async with assert_queries(2, session):
                await session.commit()
            async with assert_no_lazy_loads(session):
                city = (await session.scalars(select(City))).one()
                with pytest.raises(AssertionError, match=r"City\.country was not loaded"):
                    await session.run_sync(lambda _: city.country)
        await engine.dispose()

    asyncio.run(main())
