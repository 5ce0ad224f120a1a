"""Transactions of Firebird: levels, locks, conflicts, two phases, limits."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import relvar
from relvar import Column, Integer, MetaData, Table, exc, insert, select, text, update

pytestmark = pytest.mark.backends("firebird", "firebird5")

_MODE = (
    "SELECT mon$isolation_mode, mon$lock_timeout, mon$read_only FROM mon$transactions "
    "WHERE mon$transaction_id = CURRENT_TRANSACTION"
)


@pytest.fixture
def accounts(engine: Any, metadata: MetaData) -> Any:
    """A table with two rows."""
    table = Table("accounts", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [{"id": 1, "n": 0}, {"id": 2, "n": 0}])
    return table


def test_levels_and_options_reach_the_server(engine: Any) -> None:
    read_committed = 2 if engine.connect().close() or engine.dialect.server_version_info < (4,) else 4
    expected = {
        "SNAPSHOT": 1,
        "REPEATABLE READ": 1,
        "SERIALIZABLE": 0,
        "READ COMMITTED": read_committed,
    }
    for level, mode in expected.items():
        with engine.connect().execution_options(isolation_level=level) as connection:
            assert connection.exec_driver_sql(_MODE).one()[0] == mode
            assert connection.get_isolation_level() == level
    options = {"firebird_lock_timeout": 0, "firebird_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        assert tuple(connection.exec_driver_sql(_MODE).one()[1:]) == (0, 1)
    with engine.connect() as connection:
        assert tuple(connection.exec_driver_sql(_MODE).one()[1:]) == (10, 0)
    with pytest.raises(exc.ArgumentError, match="whole number of seconds"):
        relvar.create_engine(engine.url, lock_timeout=-1)


def test_a_conflict_is_tried_again(engine: Any, accounts: Any) -> None:
    impatient = engine.execution_options(firebird_lock_timeout=0)
    tries = []
    with engine.connect() as other:
        other.execute(update(accounts).where(accounts.c.id == 1).values(n=5))

        def add(connection: Any) -> None:
            tries.append(1)
            if len(tries) == 2:
                other.commit()
            connection.execute(update(accounts).where(accounts.c.id == 1).values(n=accounts.c.n + 1))

        impatient.run(add, attempts=5)
    assert len(tries) > 1
    with engine.connect() as connection:
        assert connection.scalar(select(accounts.c.n).where(accounts.c.id == 1)) == 6


def test_a_deadlock_is_an_operational_error_to_be_tried_again(engine: Any, accounts: Any) -> None:
    failed: list[Any] = []
    both_hold = threading.Barrier(2)

    def swap(first: int, second: int) -> None:
        with engine.connect().execution_options(firebird_lock_timeout=2) as connection:
            connection.execute(update(accounts).where(accounts.c.id == first).values(n=first))
            both_hold.wait(10)
            try:
                connection.execute(update(accounts).where(accounts.c.id == second).values(n=first))
                connection.commit()
            except exc.OperationalError as error:
                failed.append(error)

    threads = [threading.Thread(target=swap, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed
    assert all(engine.dialect.is_retryable(error.orig) for error in failed)


def test_autocommit_and_savepoints(engine: Any, accounts: Any) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(insert(accounts), {"id": 3, "n": 3})
    with engine.begin() as connection:
        nested = connection.begin_nested()
        connection.execute(insert(accounts), {"id": 4, "n": 4})
        nested.rollback()
        with connection.begin_nested():
            connection.execute(insert(accounts), {"id": 5, "n": 5})
    with engine.connect() as connection:
        assert connection.scalars(select(accounts.c.id).order_by(accounts.c.id)).all() == [1, 2, 3, 5]


@pytest.mark.parametrize("commit", [True, False])
def test_a_prepared_transaction_outlives_its_connection(engine: Any, accounts: Any, commit: bool) -> None:
    connection = engine.connect()
    transaction = connection.begin_twophase("moved-1")
    connection.execute(insert(accounts), {"id": 7, "n": 7})
    transaction.prepare()
    connection.invalidate()
    connection.close()
    with engine.connect() as other:
        assert other.recover_twophase() == ["moved-1"]
        end = other.commit_prepared if commit else other.rollback_prepared
        end("moved-1", recover=True)
    with engine.connect() as other:
        assert other.recover_twophase() == []
        assert other.scalars(select(accounts.c.id).where(accounts.c.id == 7)).all() == ([7] if commit else [])


def test_two_phases_in_one_connection(engine: Any, accounts: Any) -> None:
    with engine.connect() as connection:
        for number, end in ((8, "commit"), (9, "rollback")):
            transaction = connection.begin_twophase()
            connection.execute(insert(accounts), {"id": number, "n": number})
            transaction.prepare()
            getattr(transaction, end)()
        assert connection.scalars(select(accounts.c.id).where(accounts.c.id > 2)).all() == [8]


def test_a_limit_stops_a_statement_and_leaves_the_connection(engine: Any) -> None:
    slow = "SELECT COUNT(*) FROM rdb$fields a, rdb$fields b, rdb$fields c, rdb$fields d"
    with engine.connect() as connection:
        with pytest.raises(exc.StatementTimeout):
            connection.execute(text(slow), execution_options={"timeout": 0.3}).all()
        connection.rollback()
        assert connection.exec_driver_sql("SELECT 1 FROM rdb$database").scalar() == 1


def test_a_connection_that_was_ended_is_replaced(engine: Any, accounts: Any) -> None:
    with engine.connect() as connection, engine.connect() as killer:
        number = connection.exec_driver_sql("SELECT CURRENT_CONNECTION FROM rdb$database").scalar()
        connection.rollback()
        killer.exec_driver_sql("DELETE FROM mon$attachments WHERE mon$attachment_id = ?", (number,))
        killer.commit()
        with pytest.raises(exc.DBAPIError) as caught:
            connection.execute(select(accounts)).all()
        assert caught.value.connection_invalidated
    with engine.connect() as connection:
        assert len(connection.execute(select(accounts)).all()) == 2


def test_errors_have_classes(engine: Any, accounts: Any) -> None:
    wrong = {
        exc.IntegrityError: insert(accounts).values(id=1),
        exc.ProgrammingError: text("SELECT nothing FROM accounts"),
        exc.DataError: text("SELECT 1/0 FROM rdb$database"),
    }
    for expected, statement in wrong.items():
        with engine.connect() as connection, pytest.raises(expected) as caught:
            connection.execute(statement).all()
        assert type(caught.value) is expected
    with engine.connect().execution_options(firebird_readonly=True) as connection:
        with pytest.raises(exc.OperationalError):
            connection.execute(insert(accounts), {"id": 10})
