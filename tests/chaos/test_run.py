"""
Transactions that heal: ``run()`` of engines and sessions.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sleepers import POSTGRESQL

import relvar
from relvar import exc, select, text, update
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from relvar.orm.exc import DetachedInstanceError


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]


def _made(engine: Any, *cents: int) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Account(id=n + 1, cents=each) for n, each in enumerate(cents))
        session.commit()


@pytest.fixture
def bank(engine: Any) -> Iterator[Any]:
    """An engine with two accounts."""
    _made(engine, 100, 100)
    yield engine


def _cents(engine: Any) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(Account.cents).order_by(Account.id)))


def _add(cents: int, id_: int = 1) -> Any:
    return update(Account).where(Account.id == id_).values(cents=Account.cents + cents)


# -- what it gives -----------------------------------------------------------------------------------


def test_it_commits_and_gives_what_the_function_returns(bank: Any) -> None:
    def pay(connection: Any) -> int:
        connection.execute(_add(-10))
        return connection.scalar(select(Account.cents).where(Account.id == 1))  # type: ignore[no-any-return]

    assert bank.run(pay) == 90
    assert _cents(bank) == [90, 100]
    assert sessionmaker(bank).run(lambda session: session.get_one(Account, 1).cents) == 90
    with Session(bank) as session:

        def earn(given: Any) -> None:
            assert given is session
            given.get_one(Account, 1).cents += 5

        session.run(earn)
        assert not session.in_transaction()
    assert _cents(bank) == [95, 100]


def test_it_rolls_back_and_passes_on_what_the_function_raises(bank: Any) -> None:
    def fail(given: Any) -> None:
        given.execute(_add(-10))
        raise KeyError("mine")

    for run in (bank.run, sessionmaker(bank).run, Session(bank).run):
        with pytest.raises(KeyError, match="mine"):
            run(fail)
    assert _cents(bank) == [100, 100]
    assert bank.pool.checkedout() == 0 if hasattr(bank.pool, "checkedout") else True


@pytest.mark.parametrize("face", ["engine", "sessionmaker"])
def test_deadlocks_are_tried_again(bank: Any, face: str) -> None:
    """Two transactions that take the same two rows crosswise both succeed."""
    run = bank.run if face == "engine" else sessionmaker(bank).run
    meeting = threading.Barrier(2)
    tries = []

    def move(given: Any, first: int, second: int) -> None:
        tries.append(first)
        given.execute(_add(-1, first))
        if len(tries) <= 2 and bank.name != "sqlite":
            meeting.wait(5)
        given.execute(_add(1, second))

    threads = [
        threading.Thread(target=lambda pair=pair: run(lambda given: move(given, *pair)))  # type: ignore[misc]
        for pair in ((1, 2), (2, 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(tries) == (2 if bank.name == "sqlite" else 3)
    assert _cents(bank) == [100, 100]


@pytest.mark.backends("postgresql", "mariadb")
def test_failures_to_serialize_are_tried_again(bank: Any) -> None:
    serializable = bank.execution_options(isolation_level="SERIALIZABLE")
    tries = []

    def read_and_write(connection: Any) -> None:
        tries.append(1)
        cents = connection.scalar(select(Account.cents).where(Account.id == 1))
        if len(tries) == 1 and bank.name == "postgresql":
            bank.run(lambda other: other.execute(_add(7)) and None) if False else _elsewhere(bank)
        connection.execute(update(Account).where(Account.id == 1).values(cents=cents + 1))

    serializable.run(read_and_write)
    if bank.name == "postgresql":
        assert len(tries) == 2
        assert _cents(bank) == [108, 100]


def _elsewhere(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(_add(7))


def test_a_wait_for_a_lock_in_vain_is_tried_again(url: str, tmp_path: Any) -> None:
    engine = relvar.create_engine(url, connect_args={"timeout": 0.05} if url.startswith("sqlite") else {})
    _made(engine, 100)
    tries = []

    def pay(connection: Any) -> None:
        tries.append(time.monotonic())
        if engine.name == "mariadb":
            connection.exec_driver_sql("SET innodb_lock_wait_timeout = 0")
        connection.execute(_add(-1))

    if engine.name == "postgresql":
        # there a limit to waiting is the program's own wish, and its error final
        def pay(connection: Any) -> None:
            tries.append(time.monotonic())
            connection.exec_driver_sql("SET LOCAL lock_timeout = 10")
            connection.execute(_add(-1))

    with engine.connect() as locker:
        locker.execute(_add(0))
        if engine.name == "postgresql":
            with pytest.raises(exc.OperationalError, match="lock timeout"):
                engine.run(pay)
            assert len(tries) == 1
        else:
            with pytest.raises(exc.OperationalError, match="locked|Lock wait"):
                engine.run(pay, attempts=4, backoff=0.01)
            assert len(tries) == 4 if engine.name == "mariadb" else not tries
        locker.rollback()
    engine.run(pay)
    assert _cents(engine) == [99]
    engine.dispose()


# -- how long -------------------------------------------------------------------------------------------


class _Conflict:
    """A function that always fails by a conflict, as the driver would say it."""

    def __init__(self, engine: Any) -> None:
        self.calls: list[float] = []
        dbapi = engine.dialect.loaded_dbapi
        self.error = dbapi.OperationalError(1213, "Deadlock found")
        if engine.name == "sqlite":
            self.error = dbapi.OperationalError("database is locked")
        if engine.name == "postgresql":
            self.error = dbapi.errors.SerializationFailure("could not serialize")

    def __call__(self, connection: Any) -> Any:
        self.calls.append(time.monotonic())
        connection._handle_error(self.error, "SELECT 1", None, None, None)


def test_attempts_and_the_deadline_are_kept(bank: Any) -> None:
    conflict = _Conflict(bank)
    with pytest.raises(exc.OperationalError):
        bank.run(conflict, attempts=3, backoff=0)
    assert len(conflict.calls) == 3
    conflict = _Conflict(bank)
    started = time.monotonic()
    with pytest.raises(exc.OperationalError):
        bank.run(conflict, attempts=10_000, deadline=0.3, backoff=0.02, max_backoff=0.05)
    assert time.monotonic() - started < 1
    assert len(conflict.calls) > 3
    pauses = [after - before for before, after in zip(conflict.calls, conflict.calls[1:], strict=False)]
    assert max(pauses) < 0.5


def test_pauses_double_up_to_a_limit_with_full_jitter() -> None:
    from relvar.engine.retry import Retry

    policy = Retry(backoff=0.1, max_backoff=1)
    for number, most in ((1, 0.1), (2, 0.2), (4, 0.8), (5, 1), (50, 1), (5000, 1)):
        pauses = [policy.pause(number) for _ in range(300)]
        assert 0 <= min(pauses) < most / 10
        assert most * 0.9 < max(pauses) <= most


@pytest.mark.parametrize(
    "options",
    [
        {"attempts": 0},
        {"attempts": True},
        {"attempts": 1.5},
        {"deadline": -1},
        {"backoff": "1"},
        {"max_backoff": None},
    ],
)
def test_numbers_that_make_no_sense_are_refused(sqlite_engine: Any, options: Any) -> None:
    for run in (sqlite_engine.run, sessionmaker(sqlite_engine).run, Session(sqlite_engine).run):
        with pytest.raises(exc.ArgumentError, match=next(iter(options))):
            run(lambda given: None, **options)


# -- what the function must not do ---------------------------------------------------------------------


def test_the_function_must_not_end_its_transaction(bank: Any) -> None:
    for how in ("commit", "rollback", "close"):
        for run in (bank.run, sessionmaker(bank).run, Session(bank).run):

            def end(given: Any, how: str = how) -> None:
                given.execute(_add(-10))
                getattr(given, how)()

            with pytest.raises(
                exc.InvalidRequestError, match=r"must not end its transaction: run\(\) commits"
            ):
                run(end)
    assert _cents(bank) == [100, 100]


def test_savepoints_work_within(bank: Any) -> None:
    def part(given: Any) -> None:
        given.execute(_add(-10))
        with pytest.raises(KeyError), given.begin_nested():
            given.execute(_add(-10))
            raise KeyError

    bank.run(part)
    sessionmaker(bank).run(part)
    assert _cents(bank) == [80, 100]


def test_functions_whose_work_comes_later_are_refused(bank: Any) -> None:
    def generator(given: Any) -> Iterator[int]:
        yield given.execute(_add(-10)).rowcount

    async def coroutine(given: Any) -> None:
        given.execute(_add(-10))

    for run in (bank.run, sessionmaker(bank).run, Session(bank).run):
        with pytest.raises(exc.ArgumentError, match="is a generator function"):
            run(generator)
        with pytest.raises(exc.ArgumentError, match="is an async function"):
            run(coroutine)
        with pytest.raises(exc.ArgumentError, match="takes a function, not 3"):
            run(3)
        for late in (generator, coroutine):
            with pytest.raises(exc.InvalidRequestError, match="whose work is not done"):
                run(lambda given, late=late: (given.execute(_add(-10)), late(given))[1])
        for rows in (
            lambda given: given.execute(select(Account.id)),
            lambda given: given.scalars(select(Account.id)),
            lambda given: given.execute(select(Account.id)).mappings(),
        ):
            with pytest.raises(exc.InvalidRequestError, match="rows are not read"):
                run(rows)
        # what was read, or has no rows, may be given
        assert run(lambda given: given.execute(_add(0))).rowcount == 1
    assert _cents(bank) == [100, 100]


def test_nesting_is_refused(bank: Any) -> None:
    maker = sessionmaker(bank)
    for outer in (bank.run, maker.run, Session(bank).run):
        for inner in (bank.run, maker.run, Session(bank).run):
            with pytest.raises(exc.InvalidRequestError, match="by a function that run"):
                outer(lambda given, inner=inner: inner(lambda again: None))
    with Session(bank) as session:
        session.get(Account, 1)
        with pytest.raises(exc.InvalidRequestError, match="was called in a transaction"):
            session.run(lambda given: None)
    with bank.connect() as connection, connection.begin(), Session(connection) as session:
        with pytest.raises(exc.InvalidRequestError, match="whose transaction has begun"):
            session.run(lambda given: given.get(Account, 1))
    # another database is no nesting
    other = relvar.create_engine("sqlite://")
    assert bank.run(lambda given: other.run(lambda inner: inner.scalar(text("SELECT 1")))) == 1


def test_autocommit_has_no_transactions(bank: Any) -> None:
    loose = bank.execution_options(isolation_level="AUTOCOMMIT")
    for run in (loose.run, sessionmaker(loose).run):
        with pytest.raises(exc.InvalidRequestError, match="isolation level is AUTOCOMMIT"):
            run(lambda given: given.execute(_add(-1)))
    assert _cents(bank) == [100, 100]


@pytest.mark.backends(*POSTGRESQL, "postgresql+asyncpg", "postgresql+psycopg_async")
def test_an_error_passed_over_is_no_commit(engine: Any) -> None:
    """PostgreSQL answers COMMIT by rolling back, and calls it a success."""
    _made(engine, 100)

    def careless(given: Any) -> None:
        given.execute(_add(-1))
        try:
            given.execute(text("SELECT 1 / 0"))
        except exc.DBAPIError:
            pass

    for run in (engine.run, sessionmaker(engine).run):
        with pytest.raises(exc.InvalidRequestError, match="went on nevertheless"):
            run(careless)


# -- SQLite ---------------------------------------------------------------------------------------------


@pytest.mark.backends("sqlite")
def test_on_sqlite_reads_and_ddl_are_in_the_transaction(bank: Any, sql_log: Any) -> None:
    log = sql_log(bank)

    def ddl(given: Any) -> None:
        given.execute(select(Account.id)).all()
        given.execute(text("CREATE TABLE left_behind (a INTEGER)"))
        raise KeyError

    for run in (bank.run, sessionmaker(bank).run, Session(bank).run):
        del log[:]
        with pytest.raises(KeyError):
            run(ddl)
        assert log.texts()[0] == "BEGIN IMMEDIATE"
        assert not relvar.inspect(bank).has_table("left_behind")
    # an engine that begins by itself does it its own way
    deferred = relvar.create_engine(bank.url, sqlite_begin="deferred")
    log = sql_log(deferred)
    deferred.run(lambda given: given.execute(select(Account.id)).all())
    assert log.texts()[0].startswith("SELECT")
    deferred.dispose()


# -- objects of a try that failed ----------------------------------------------------------------------


@pytest.mark.parametrize("face", ["session", "sessionmaker"])
def test_objects_of_a_failed_try_say_so(bank: Any, face: str) -> None:
    session = Session(bank)
    run = session.run if face == "session" else sessionmaker(bank).run
    kept: list[Any] = []

    def work(given: Any) -> int:
        if kept:
            for each in kept:
                assert each not in given
            assert given.get_one(Account, 1) is not kept[0]
            assert given.get_one(Account, 1).cents == 100
            return 1
        loaded, new = given.get_one(Account, 1), Account(id=9, cents=9)
        loaded.cents = 1
        given.add(new)
        given.flush()
        pending = Account(id=10, cents=10)
        given.add(pending)
        kept.extend((loaded, new, pending))
        return _Conflict(bank)(given.connection())  # type: ignore[no-any-return]

    assert run(work, backoff=0.001) == 1
    assert _cents(bank) == [100, 100]
    for each in kept:
        with pytest.raises(DetachedInstanceError, match=r"belongs to a try of run\(\) that failed"):
            _ = each.cents
        with pytest.raises(exc.InvalidRequestError, match=r"belongs to a try of run\(\) that failed"):
            session.add(each)
    session.close()


def test_objects_from_before_stay_in_the_session(bank: Any) -> None:
    with Session(bank) as session:
        account = session.get_one(Account, 1)
        session.commit()
        tries = []

        def pay(given: Any) -> None:
            tries.append(account.cents)
            account.cents -= 1
            if len(tries) < 3:
                given.flush()
                _Conflict(bank)(given.connection())

        session.run(pay, backoff=0.001)
        assert tries == [100, 100, 100]
        assert account.cents == 99
    gc.collect()
