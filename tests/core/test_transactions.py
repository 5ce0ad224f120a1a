"""Transactions begin by themselves, end when told, and nest in savepoints, on every database."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, Table, event, exc, func, insert, select, text
from relvar.engine import Connection, RootTransaction, Transaction

INACTIVE = "This transaction is inactive"
CLOSED_BLOCK = "Can't operate on closed transaction inside context manager"


@pytest.fixture
def table(engine: Any) -> Any:
    made = Table("things", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False))
    made.create(engine)
    return made


@pytest.fixture
def conn(engine: Any, table: Any) -> Iterator[Any]:
    with engine.connect() as connection:
        yield connection


def put(conn: Any, table: Any, *ids: int) -> None:
    for id_ in ids:
        conn.execute(insert(table), {"id": id_})


def seen(engine: Any, table: Any) -> list[int]:
    """What another connection sees."""
    with engine.connect() as other:
        return list(other.scalars(select(table.c.id).order_by(table.c.id)))


def test_autobegin_and_commit_as_you_go(engine: Any, conn: Any, table: Any) -> None:
    assert not conn.in_transaction() and conn.get_transaction() is None
    put(conn, table, 1)
    assert conn.in_transaction() and conn.get_transaction().is_active
    conn.commit()
    assert not conn.in_transaction()
    put(conn, table, 2)
    conn.rollback()
    put(conn, table, 3)
    conn.commit()
    assert seen(engine, table) == [1, 3]


def test_commit_and_rollback_without_a_transaction_do_nothing(conn: Any) -> None:
    conn.commit()
    conn.rollback()
    assert not conn.in_transaction()


def test_closing_rolls_back(engine: Any, table: Any) -> None:
    with engine.connect() as conn:
        put(conn, table, 1)
    assert seen(engine, table) == []


def test_begin_blocks(engine: Any, table: Any) -> None:
    with engine.begin() as conn:
        put(conn, table, 1)
    with pytest.raises(ZeroDivisionError), engine.begin() as conn:
        put(conn, table, 2)
        raise ZeroDivisionError
    with engine.connect() as conn, conn.begin():
        put(conn, table, 3)
    assert seen(engine, table) == [1, 3]


def test_begin_twice(conn: Any) -> None:
    with (
        conn.begin(),
        pytest.raises(exc.InvalidRequestError, match="already initialized a SQLAlchemy Transaction"),
    ):
        conn.begin()
    conn.execute(select(1))
    with pytest.raises(exc.InvalidRequestError, match="autobegin"):
        conn.begin()


def test_ended_transaction(conn: Any) -> None:
    transaction = conn.begin()
    assert transaction.is_active and transaction.is_valid
    transaction.commit()
    assert not transaction.is_active
    with pytest.raises(exc.InvalidRequestError, match=INACTIVE):
        transaction.commit()
    with pytest.warns(exc.SAWarning, match="already deassociated"):
        transaction.rollback()
    transaction.close()
    conn.execute(select(1))


def test_nothing_runs_in_a_block_after_its_end(conn: Any) -> None:
    with conn.begin():
        conn.commit()
        with pytest.raises(exc.InvalidRequestError, match=CLOSED_BLOCK):
            conn.execute(select(1))
    with conn.begin() as transaction:
        transaction.rollback()
        with pytest.raises(exc.InvalidRequestError, match=CLOSED_BLOCK):
            conn.begin_nested()
    assert conn.scalar(select(1)) == 1


def test_savepoints(engine: Any, conn: Any, table: Any) -> None:
    put(conn, table, 1)
    with conn.begin_nested() as outer:
        put(conn, table, 2)
        assert conn.in_nested_transaction() and conn.get_nested_transaction() is outer
        inner = conn.begin_nested()
        put(conn, table, 3)
        inner.rollback()
        assert conn.get_nested_transaction() is outer
        put(conn, table, 4)
    assert not conn.in_nested_transaction()
    with pytest.raises(ZeroDivisionError), conn.begin_nested():
        put(conn, table, 5)
        raise ZeroDivisionError
    conn.commit()
    assert seen(engine, table) == [1, 2, 4]


def test_savepoint_begins_the_transaction_around_it(engine: Any, conn: Any, table: Any) -> None:
    savepoint = conn.begin_nested()
    assert conn.in_transaction()
    put(conn, table, 1)
    savepoint.commit()
    assert seen(engine, table) == []
    conn.commit()
    assert seen(engine, table) == [1]


def test_savepoint_saves_from_an_error(engine: Any, conn: Any, table: Any) -> None:
    put(conn, table, 1)
    with pytest.raises(exc.IntegrityError), conn.begin_nested():
        put(conn, table, 1)
    put(conn, table, 2)
    conn.commit()
    assert seen(engine, table) == [1, 2]


def test_ending_the_root_ends_its_savepoints(conn: Any) -> None:
    root = conn.begin()
    savepoint = conn.begin_nested()
    root.rollback()
    assert not savepoint.is_active and not conn.in_nested_transaction()
    with pytest.warns(exc.SAWarning, match="already deassociated"):
        savepoint.rollback()
    with pytest.raises(exc.InvalidRequestError, match="nested transaction is inactive"):
        savepoint.commit()


def test_outer_savepoint_ends_inner_ones(conn: Any) -> None:
    outer = conn.begin_nested()
    inner = conn.begin_nested()
    outer.rollback()
    assert not inner.is_active and conn.get_nested_transaction() is None
    assert conn.scalar(select(1)) == 1


def test_events_tell_the_story(engine: Any, table: Any) -> None:
    story: list[str] = []
    for name in ("begin", "commit", "rollback", "savepoint", "rollback_savepoint", "release_savepoint"):
        event.listen(engine, name, lambda *args, name=name: story.append(name))
    with engine.connect() as conn:
        put(conn, table, 1)
        with conn.begin_nested():
            pass
        conn.begin_nested().rollback()
        conn.commit()
        conn.execute(select(1))
    assert story == [
        "begin",
        "savepoint",
        "release_savepoint",
        "savepoint",
        "rollback_savepoint",
        "commit",
        "begin",
        "rollback",
    ]


def test_autocommit(engine: Any, table: Any) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        put(conn, table, 1)
        conn.rollback()
    assert seen(engine, table) == [1]
    with engine.connect() as conn:
        put(conn, table, 2)
    assert seen(engine, table) == [1]


def test_isolation_level(engine: Any) -> None:
    with engine.connect() as conn:
        default = conn.get_isolation_level()
        assert conn.default_isolation_level == default
        conn.execution_options(isolation_level="READ UNCOMMITTED")
        assert conn.get_isolation_level() == "READ UNCOMMITTED"
        conn.execute(select(1))
        with pytest.raises(exc.InvalidRequestError, match="isolation_level may not be altered"):
            conn.execution_options(isolation_level="SERIALIZABLE")
    with engine.connect() as conn:
        assert conn.get_isolation_level() == default
        with pytest.raises(exc.ArgumentError, match="Invalid value 'SOME' for isolation_level"):
            conn.execution_options(isolation_level="SOME")
    other = engine.execution_options(isolation_level="SERIALIZABLE")
    assert other.pool is engine.pool
    with other.connect() as conn:
        assert conn.get_isolation_level() == "SERIALIZABLE"


@pytest.mark.backends("postgresql", "mariadb")
def test_two_phases(engine: Any, conn: Any, table: Any) -> None:
    if (
        engine.name == "postgresql"
        and int(conn.exec_driver_sql("show max_prepared_transactions").scalar()) == 0
    ):
        pytest.skip("the server allows no prepared transactions")
    conn.rollback()
    transaction = conn.begin_twophase()
    put(conn, table, 1)
    transaction.prepare()
    assert seen(engine, table) == []
    transaction.commit()
    assert seen(engine, table) == [1]
    with conn.begin_twophase():
        put(conn, table, 2)
    transaction = conn.begin_twophase()
    put(conn, table, 3)
    transaction.rollback()
    assert seen(engine, table) == [1, 2]
    conn.execute(select(1))
    with pytest.raises(exc.InvalidRequestError, match="already in progress"):
        conn.begin_twophase()


def test_two_phases_where_there_are_none(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as conn, pytest.raises(NotImplementedError):
        conn.begin_twophase()


def test_invalidated_connection(engine: Any, conn: Any, table: Any) -> None:
    put(conn, table, 1)
    conn.invalidate()
    assert conn.invalidated and not conn.closed
    with pytest.raises(
        exc.PendingRollbackError, match="Can't reconnect until invalid transaction is rolled back"
    ):
        conn.execute(select(1))
    conn.rollback()
    assert conn.scalar(select(func.count()).select_from(table)) == 0
    assert not conn.invalidated


@pytest.mark.backends("postgresql", "mariadb")
def test_lost_connection_is_replaced(engine: Any, table: Any) -> None:
    ask, kill = {
        "postgresql": ("select pg_backend_pid()", "select pg_terminate_backend({}, 5000)"),
        "mariadb": ("select connection_id()", "kill {}"),
    }[engine.name]
    with engine.connect() as conn, engine.connect() as idle:
        idle.close()
        number = conn.exec_driver_sql(ask).scalar()
        with engine.connect() as killer:
            killer.exec_driver_sql(kill.format(number))
            killer.commit()
        with pytest.raises(exc.DBAPIError) as caught:
            conn.execute(text("select 1"))
        assert caught.value.connection_invalidated
        assert conn.invalidated
        conn.rollback()
        assert conn.scalar(select(1)) == 1


def test_programs_set_attributes_of_the_classes(
    conn: Any, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for cls in (Transaction, RootTransaction):
        with monkeypatch.context() as patched:
            patched.setattr(cls, "commit", lambda self, cls=cls: seen.append((cls, self)))
            transaction = conn.begin()
            conn.commit()
            assert seen.pop() == (cls, transaction)
        transaction.rollback()
    with monkeypatch.context() as patched:
        patched.setattr(Connection, "begin", lambda self: seen.append(self))
        conn.begin()
        assert seen == [conn]
    assert isinstance(conn.begin(), RootTransaction)


def test_a_connection_takes_attributes_and_is_referred_to_weakly_and_copied(conn: Any) -> None:
    conn.note = "its own"
    assert weakref.ref(conn)() is conn
    transaction = conn.begin()
    other = copy.copy(conn)
    assert type(other) is Connection and other.note == "its own"
    assert other.engine is conn.engine and other.get_transaction() is transaction
    with pytest.raises(AttributeError):
        transaction.note = "its own"
