"""
Lost connections, forks, warnings, and the linter of FROM clauses.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    exc,
    func,
    insert,
    select,
    text,
    true,
)

a = Table("a", MetaData(), Column("id", Integer, primary_key=True))
b = Table("b", a.metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
# PostgreSQL only sends a signal, unless it is told how long (ms) to wait for the end
KILL = {
    "postgresql": ("select pg_backend_pid()", "select pg_terminate_backend({}, 5000)"),
    "mariadb": ("select connection_id()", "kill {}"),
}


def kill(engine: Any, number: Any) -> None:
    with engine.connect() as conn:
        conn.exec_driver_sql(KILL[engine.name][1].format(number))


@pytest.mark.feature("A036")
@pytest.mark.backends("postgresql", "mariadb")
def test_a_killed_connection(engine: Any) -> None:
    seen: list[Any] = []

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        seen.append((context.is_disconnect, context.invalidate_pool_on_disconnect, context.is_pre_ping))

    with engine.connect() as conn:
        kill(engine, conn.exec_driver_sql(KILL[engine.name][0]).scalar())
        with pytest.raises(exc.DBAPIError) as caught:
            conn.execute(select(1))
        assert caught.value.connection_invalidated and conn.invalidated and not conn.closed
        assert seen == [(True, True, False)]
        with pytest.raises(exc.PendingRollbackError, match="Can't reconnect until invalid transaction"):
            conn.execute(select(1))
        conn.rollback()
        assert conn.scalar(select(1)) == 1 and not conn.invalidated


@pytest.mark.feature("A036")
@pytest.mark.backends("postgresql", "mariadb")
def test_a_disconnect_empties_the_pool(engine: Any) -> None:
    with engine.connect() as one, engine.connect() as two:
        number = two.exec_driver_sql(KILL[engine.name][0]).scalar()
        old = two.connection.dbapi_connection
        one.close()
        kill(engine, number)
        with pytest.raises(exc.DBAPIError):
            two.execute(select(1))
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is not old
        assert conn.scalar(select(1)) == 1


@pytest.mark.feature("A036")
def test_invalidation_by_hand(engine: Any) -> None:
    with engine.connect() as conn:
        first = conn.connection.dbapi_connection
        conn.execute(select(1))
        conn.invalidate()
        assert conn.invalidated
        conn.rollback()
        assert conn.scalar(select(1)) == 1 and conn.connection.dbapi_connection is not first


@pytest.mark.feature("A036")
def test_what_a_disconnect_is(engine: Any) -> None:
    """The dialect decides; a listener of errors may decide otherwise."""
    error = engine.dialect.dbapi.OperationalError("nothing to do with the connection")
    assert not engine.dialect.is_disconnect(error, None, None)
    verdicts = iter([True, False])

    @event.listens_for(engine, "handle_error")
    def decide(context: Any) -> None:
        context.is_disconnect = next(verdicts)
        context.invalidate_pool_on_disconnect = False

    with engine.connect() as conn:
        for expected in (True, False):
            with pytest.raises(exc.DBAPIError) as caught:
                conn.exec_driver_sql("select nothing from nowhere")
            assert caught.value.connection_invalidated is expected is conn.invalidated
            conn.rollback()


@pytest.mark.feature("A036")
def test_closed_by_the_driver() -> None:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(":memory:", check_same_thread=False))
    with engine.connect() as conn:
        conn.connection.dbapi_connection.close()
        with pytest.raises(exc.ProgrammingError, match="closed database") as caught:
            conn.execute(select(1))
        assert caught.value.connection_invalidated
        conn.rollback()
        assert conn.scalar(select(1)) == 1
    engine.dispose()


@pytest.mark.feature("A040")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.backends("postgresql", "mariadb")
def test_a_child_leaves_the_parents_connections_alone(engine: Any) -> None:
    with engine.connect() as conn:
        number = conn.exec_driver_sql(KILL[engine.name][0]).scalar()
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            engine.dispose(close=False)
            with engine.connect() as conn:
                other = conn.exec_driver_sql(KILL[engine.name][0]).scalar()
            os.write(writable, b"own" if other != number else b"same")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(readable, 10) == b"own"
    os.close(readable)
    os.close(writable)
    with engine.connect() as conn:
        assert conn.exec_driver_sql(KILL[engine.name][0]).scalar() == number


# Warnings --------------------------------------------------------------------------------------------


@pytest.mark.feature("A035")
def test_kinds_of_warnings() -> None:
    assert issubclass(exc.SAWarning, RuntimeWarning)
    assert issubclass(exc.SADeprecationWarning, DeprecationWarning)
    assert issubclass(exc.SAPendingDeprecationWarning, PendingDeprecationWarning)
    assert issubclass(exc.Base20DeprecationWarning, exc.SADeprecationWarning)
    assert issubclass(exc.LegacyAPIWarning, exc.Base20DeprecationWarning)
    assert issubclass(exc.MovedIn20Warning, exc.Base20DeprecationWarning)
    assert exc.Base20DeprecationWarning.deprecated_since == "1.4"


@pytest.mark.feature("A035")
def test_warnings_are_sorted_by_kind() -> None:
    from relvar.ext.declarative import declarative_base as moved

    with pytest.warns(exc.MovedIn20Warning, match="declarative_base"):
        moved()
    with pytest.warns(exc.SAWarning, match="already-closed|cartesian"):
        engine = create_engine("sqlite://")
        a.metadata.create_all(engine)
        with engine.connect() as conn:
            conn.execute(select(a, b))
        engine.dispose()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        select(a.c.id).distinct(a.c.id)
    assert [w.category for w in caught] == [exc.SADeprecationWarning]
    assert caught[0].filename == __file__


# The linter ------------------------------------------------------------------------------------------


@pytest.mark.feature("A038")
def test_cartesian_products_are_warned_of(engine: Any) -> None:
    a.metadata.create_all(engine)
    other = a.alias("other")
    third = a.alias("third")
    bad = [
        select(a, b),
        select(a.c.id).where(b.c.id == 5),
        select(a, b).where(a.c.id == 1, b.c.id == 2),
        select(a, b, other).where(a.c.id == b.c.a_id),
        select(a.c.id).join_from(a, b).add_columns(other.c.id),
    ]
    good = [
        select(a, b).where(a.c.id == b.c.a_id),
        select(a, b).join_from(a, b),
        select(a, b).join_from(a, b, true()),
        select(a, other, third).where(a.c.id == other.c.id, other.c.id == third.c.id),
        select(a, b).where(a.c.id + 1 == b.c.id - 1),
        select(a.c.id, select(func.max(b.c.id)).scalar_subquery()),
        select(a.c.id).where(a.c.id.in_(select(b.c.a_id))),
        select(a.c.id).where(select(b.c.id).where(b.c.a_id == a.c.id).exists()),
    ]
    with engine.connect() as conn:
        conn.execute(insert(a), {"id": 1})
        for statement in bad:
            with pytest.warns(exc.SAWarning, match="SELECT statement has a cartesian product between FROM"):
                conn.execute(statement)
        for statement in good:
            conn.execute(statement)


@pytest.mark.feature("A038")
def test_the_linter_can_be_switched_off() -> None:
    engine = create_engine("sqlite://", enable_from_linting=False)
    a.metadata.create_all(engine)
    with engine.connect() as conn:
        assert conn.execute(select(a, b)).all() == []
        assert conn.execute(text("select * from a, b")).all() == []
    engine.dispose()
