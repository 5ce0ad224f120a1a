"""
The execution option ``timeout``: a call that takes too long is stopped, and the next one is never hit.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sleepers import ALL, ASYNCIO, EACH, SERVERS, sleeping, taking

import relvar
from relvar import Column, ForeignKey, Integer, String, Table, exc, insert, select, text
from relvar.dialect import limit
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    with engine.connect() as connection:
        yield connection


SHORT = {"timeout": 0.1}

# on servers; the full number takes half a minute
RACES = 2000 if os.environ.get("RELVAR_CHAOS_FULL") else 500


# Seconds that a server has here to stop. On a machine with other work one stands still for more than two,
# the usual limit, now and then; what becomes of the connection then is tested below.
PATIENCE = 20

# Seconds of a statement that would not be stopped.
LONG = 60


def _times_out(call: Any) -> exc.StatementTimeout:
    started = time.monotonic()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(exc.StatementTimeout) as caught:
        patch.setattr(limit, "GRACE", PATIENCE)
        call()
    assert time.monotonic() - started < PATIENCE + 2
    assert not caught.value.connection_invalidated, caught.value.__notes__
    assert isinstance(caught.value, exc.OperationalError)
    return caught.value


def _goes_on(connection: Any) -> None:
    """The connection is usable, once a transaction that its database broke is rolled back."""
    if connection.dialect.name == "postgresql" and connection.in_transaction():
        with pytest.raises(exc.DBAPIError):
            connection.execute(text("SELECT 1"))
        connection.rollback()
    assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.backends(*ALL)
def test_a_statement_that_takes_too_long_is_stopped(connection: Any) -> None:
    statement = sleeping(connection, LONG)
    error = _times_out(lambda: connection.execute(text(statement), execution_options=SHORT).all())
    assert error.statement == statement
    assert connection.dialect.loaded_dbapi.Error in type(error.orig).__mro__
    _goes_on(connection)
    _times_out(lambda: connection.execute(text(statement).execution_options(timeout=0.1)).all())
    _goes_on(connection)
    _times_out(lambda: connection.exec_driver_sql(statement, execution_options=SHORT).all())
    _goes_on(connection)
    connection.execution_options(timeout=0.1)
    _times_out(lambda: connection.scalar(text(statement)))
    _goes_on(connection)
    _times_out(lambda: connection.scalars(text(statement)).all())
    _goes_on(connection)


@pytest.mark.backends(*EACH)
def test_what_a_timeout_leaves_of_the_transaction(connection: Any, metadata: Any) -> None:
    """PostgreSQL gives it up, MariaDB goes on without the statement, SQLite rolls back after a write."""
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
    metadata.create_all(connection)
    connection.commit()
    connection.execute(insert(table), {"id": 1})
    _times_out(lambda: connection.execute(text(sleeping(connection, LONG)), execution_options=SHORT).all())
    if connection.dialect.name == "postgresql":
        with pytest.raises(exc.DBAPIError):
            connection.execute(select(table.c.id))
        connection.rollback()
        connection.execute(insert(table), {"id": 1})
        with pytest.raises(exc.StatementTimeout), connection.begin_nested():
            connection.execute(text(sleeping(connection, LONG)), execution_options=SHORT).all()
    assert connection.scalars(select(table.c.id)).all() == [1]
    if connection.dialect.name == "sqlite":
        slow = f"INSERT INTO t (id) {sleeping(connection, LONG)}"
        _times_out(lambda: connection.execute(text(slow), execution_options=SHORT))
        assert connection.scalars(select(table.c.id)).all() == []
    connection.rollback()


@pytest.mark.backends(*EACH)
def test_the_engine_has_the_option_for_all_its_connections(engine: Any) -> None:
    limited = engine.execution_options(timeout=0.1)
    with limited.connect() as connection:
        _times_out(lambda: connection.execute(text(sleeping(connection, LONG))).all())
    with limited.connect() as connection:
        # a limit that is not reached changes nothing; None takes it away
        assert connection.scalar(text("SELECT 1")) == 1
        slow = text(sleeping(connection, 0.2))
        assert connection.execute(slow, execution_options={"timeout": None}).all()
        connection.commit()


@pytest.mark.parametrize("value", [0, -1, "2", True, float("nan"), [1]])
def test_a_timeout_is_a_number_of_seconds(sqlite_engine: Any, value: Any) -> None:
    said = "The execution option 'timeout' is a number of seconds, more than 0"
    for refused in (
        lambda: sqlite_engine.execution_options(timeout=value),
        lambda: relvar.create_engine("sqlite://", execution_options={"timeout": value}),
        lambda: Session(sqlite_engine, execution_options={"timeout": value}),
    ):
        with pytest.raises(exc.ArgumentError, match=said):
            refused()
    with sqlite_engine.connect() as connection:
        for refused in (
            lambda: connection.execution_options(timeout=value),
            lambda: connection.execute(text("SELECT 1"), execution_options={"timeout": value}),
            lambda: connection.exec_driver_sql("SELECT 1", execution_options={"timeout": value}),
            lambda: connection.execute(text("SELECT 1").execution_options(timeout=value)),
        ):
            with pytest.raises(exc.ArgumentError, match=said):
                refused()


@pytest.mark.backends(*EACH)
def test_many_rows_have_one_limit_together(connection: Any, metadata: Any) -> None:
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
    metadata.create_all(connection)
    connection.commit()
    nap = taking(connection, 0.02)
    rows = [{"name": str(n)} for n in range(200)]
    if connection.dialect.name != "sqlite":
        # executemany: one call for the driver
        slow = text(f"UPDATE t SET name = :name WHERE id = -1 OR {nap} IS NULL")
        connection.execute(insert(table), [{"id": 1, "name": "x"}])
        connection.commit()
        _times_out(lambda: connection.execute(slow, rows, execution_options=SHORT))
        connection.rollback()
    # batches of an INSERT that gives keys back
    sleepy = insert(table).values(name=relvar.literal_column(f"concat('a', {nap})")).returning(table.c.id)
    if connection.dialect.name != "sqlite":
        sleepy = insert(table).values(id=relvar.bindparam("id"), name=relvar.literal_column(nap))
        options = {**SHORT, "insertmanyvalues_page_size": 2}
        ids = [{"id": n + 10} for n in range(200)]
        _times_out(
            lambda: connection.execute(sleepy.returning(table.c.id), ids, execution_options=options).all()
        )
        connection.rollback()
    assert connection.scalar(select(relvar.func.count()).select_from(table)) <= 1


@pytest.mark.backends(*EACH)
def test_each_fetch_of_a_stream_has_the_limit(connection: Any) -> None:
    name = connection.dialect.name
    if name == "sqlite":
        # the driver reads a row ahead
        slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 4"
    elif name == "postgresql":
        slow = f"SELECT i, CASE WHEN i > 2 THEN pg_sleep({LONG}) END FROM generate_series(1, 3) AS g(i)"
    else:
        slow = f"SELECT seq, IF(seq > 2, sleep({LONG}), 0) FROM seq_1_to_3"
    options = {**SHORT, "stream_results": True, "yield_per": 1}
    result = connection.execute(text(slow), execution_options=options)
    assert result.fetchone()[0] == 1
    time.sleep(0.15)  # the program may take its time between the fetches
    assert result.fetchone()[0] == 2
    _times_out(result.fetchone)
    _goes_on(connection)


# -- the ORM ------------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)
    cats: Mapped[list[Cat]] = relationship(back_populates="owner", order_by="Cat.id")


class Cat(Base):
    __tablename__ = "cats"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    owner: Mapped[Owner] = relationship(back_populates="cats")


@pytest.mark.backends("postgresql", "mariadb", *ASYNCIO)
@pytest.mark.parametrize("how", ["session", "engine", "connection"])
def test_what_the_orm_sends_has_the_limit(engine: Any, how: str) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Owner(id=1, cats=[Cat(id=1)]))
        session.commit()
    options = {"timeout": 0.2}
    bind = engine.execution_options(**options) if how == "engine" else engine
    given = {"execution_options": options} if how == "session" else {}

    def connected(session: Session) -> Session:
        if how == "connection":
            session.connection(execution_options=options)
        return session

    with connected(Session(bind, expire_on_commit=False, **given)) as session, engine.connect() as locker:
        owner = session.get_one(Owner, 1)
        session.commit()
        if engine.name == "postgresql":
            # MariaDB reads what is locked
            locker.execute(text("LOCK TABLE owners, cats"))
            for read in (
                lambda: owner.cats,
                lambda: session.scalars(select(Cat)).all(),
                lambda: session.get(Cat, 1),
            ):
                connected(session)
                _times_out(read)
                session.rollback()
        locker.execute(text("UPDATE owners SET id = id"))
        connected(session)
        session.add(Cat(id=2, owner_id=1))
        _times_out(session.flush)
        session.rollback()
        locker.rollback()
    with Session(engine) as session:
        assert [cat.id for cat in session.get_one(Owner, 1).cats] == [1]


# -- waiting for a lock of SQLite -----------------------------------------------------------------------


def test_waiting_for_another_writer_has_the_limit(tmp_path: Any) -> None:
    engine = relvar.create_engine(f"sqlite:///{tmp_path}/locks.db", sqlite_concurrent=True)
    with engine.begin() as writer:
        writer.execute(text("CREATE TABLE t (a INTEGER)"))
        for options in ({}, {"timeout": 0.1}):
            with engine.connect() as other:
                if options:
                    other.execution_options(**options)
                statement = text("SELECT 1") if options else text("SELECT 1").execution_options(timeout=0.1)
                error = _times_out(lambda: other.execute(statement))  # noqa: B023  # called at once
                assert "locked" in str(error)
    with engine.begin() as writer:
        assert writer.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    engine.dispose()


# -- races ----------------------------------------------------------------------------------------------


@pytest.mark.backends("sqlite", "postgresql", "mariadb+mysqldb", "sqlite+aiosqlite", *ASYNCIO)
def test_the_next_statement_is_never_hit(engine: Any) -> None:
    """A statement that ends as its time is up gives its result or the error; the next one runs."""
    chance = random.Random(4)
    stopped = done = cut = 0
    with engine.connect() as connection:
        if engine.name != "sqlite":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        statement = text(sleeping(connection, 0.003))
        started = time.monotonic()
        for _ in range(20):
            connection.execute(statement).all()
        began = time.monotonic()
        typical = (began - started) / 20
        left = 200 if engine.dialect.is_async else RACES if engine.name != "sqlite" else 2000
        # a busy machine takes longer to have both happen often enough
        while left > 0 or (min(stopped, done) <= 20 and time.monotonic() - began < 120):
            left -= 1
            options = {"timeout": typical * chance.uniform(0.1, 1.3)}
            try:
                started = time.monotonic()
                assert len(connection.execute(statement, execution_options=options).all()) == 1
                typical += (time.monotonic() - started - typical) / 10
                done += 1
            except exc.StatementTimeout as error:
                typical *= 1.02
                stopped += 1
                if error.connection_invalidated:
                    # MariaDB's KILL QUERY may wait for the session it has just stopped; then that is cut off
                    assert engine.name in ("mysql", "mariadb")
                    cut += 1
                    connection.rollback()
            assert connection.scalar(text("SELECT 1")) == 1
    assert stopped > 20
    assert done > 20
    assert cut <= 3


@pytest.mark.backends("postgresql", "mariadb")
def test_why_a_connection_was_cut_is_noted(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to the server is shut for what would have stopped the statement, and open for the statement."""
    monkeypatch.setattr(limit, "GRACE", 0.3)
    with engine.connect() as connection:
        statement = text(sleeping(connection, LONG))
        assert connection.scalar(text("SELECT 1")) == 1
        monkeypatch.setattr(type(engine.dialect), "do_cancel", _refuse)
        with pytest.raises(exc.StatementTimeout) as caught:
            connection.execute(statement, execution_options=SHORT)
        assert caught.value.connection_invalidated
        (note,) = caught.value.__notes__
        assert note.startswith("The connection was cut: the server was asked to stop, ")
        assert note.endswith("; a request failed: ConnectionRefusedError('no way there').")
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1


def _refuse(*_arguments: Any) -> None:
    raise ConnectionRefusedError("no way there")


# -- servers that do not answer ---------------------------------------------------------------------------


@pytest.mark.backends(*SERVERS)
def test_a_connection_whose_server_is_frozen_is_cut(
    url: str, proxied: str, proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, "GRACE", 0.3)
    engine = relvar.create_engine(proxied)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        proxy.tell("frozen", "on")
        started = time.monotonic()
        with pytest.raises(exc.StatementTimeout) as caught:
            connection.execute(text("SELECT 2"), execution_options=SHORT).all()
        assert time.monotonic() - started < 4
        assert caught.value.connection_invalidated
        assert connection.invalidated
        (note,) = caught.value.__notes__
        assert note.startswith("The connection was cut: the server was asked to stop, ")
        proxy.tell("frozen", "off")
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
