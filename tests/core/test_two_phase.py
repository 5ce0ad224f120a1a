"""Transactions in two phases: prepared, then committed or rolled back, by whoever comes later if need be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, Table, exc, insert, select
from relvar.engine import TwoPhaseTransaction
from relvar.orm import Session

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True))

pytestmark = pytest.mark.backends("postgresql18", "mariadb")


@pytest.fixture
def rows(engine: Any) -> Iterator[Any]:
    """A function: the rows that are committed.  Nothing stays prepared behind a test."""
    metadata.create_all(engine)

    def committed() -> list[int]:
        with engine.connect() as conn:
            return list(conn.scalars(select(t.c.id).order_by(t.c.id)))

    yield committed
    with engine.connect() as conn:
        for xid in conn.recover_twophase():
            conn.rollback_prepared(xid, recover=True)


def add(conn: Any, id_: int) -> None:
    conn.execute(insert(t), {"id": id_})


@pytest.mark.feature("A017")
def test_ways_through_two_phases(engine: Any, rows: Any) -> None:
    committed = []
    for id_, steps in enumerate(
        (
            ("prepare", "commit"),
            ("commit",),
            ("prepare", "rollback"),
            ("rollback",),
            ("close",),
            ("prepare", "close"),
        ),
        start=1,
    ):
        with engine.connect() as conn:
            transaction = conn.begin_twophase()
            assert isinstance(transaction, TwoPhaseTransaction) and isinstance(transaction.xid, str)
            assert (transaction.is_active, transaction.is_valid, conn.in_transaction()) == (True, True, True)
            assert conn.get_transaction() is transaction
            add(conn, id_)
            for step in steps:
                getattr(transaction, step)()
            assert (transaction.is_active, conn.in_transaction()) == (False, False)
        if "commit" in steps:
            committed.append(id_)
        assert rows() == committed


@pytest.mark.feature("A017")
def test_blocks(engine: Any, rows: Any) -> None:
    with engine.connect() as conn:
        with conn.begin_twophase():
            add(conn, 1)
        with conn.begin_twophase() as transaction:
            add(conn, 2)
            transaction.prepare()
        with pytest.raises(ZeroDivisionError), conn.begin_twophase():
            add(conn, 3)
            raise ZeroDivisionError
    assert rows() == [1, 2]


@pytest.mark.feature("A017")
def test_what_is_prepared_can_be_found_and_ended_by_others(engine: Any, rows: Any) -> None:
    for xid, id_ in (("first", 1), ("second", 2)):
        conn = engine.connect()
        transaction = conn.begin_twophase(xid)
        assert transaction.xid == xid
        add(conn, id_)
        transaction.prepare()
        conn.invalidate()  # as if the program had died
        conn.close()
    assert rows() == []
    with engine.connect() as conn:
        assert sorted(str(xid) for xid in conn.recover_twophase()) == ["first", "second"]
        conn.rollback()
        conn.commit_prepared("first", recover=True)
        conn.rollback_prepared("second", recover=True)
        assert conn.recover_twophase() == []
    assert rows() == [1]


@pytest.mark.feature("A017")
def test_what_recovery_gives_ends_what_was_prepared(engine: Any, rows: Any) -> None:
    with engine.connect() as conn:
        transaction = conn.begin_twophase('it\'s "odd" %')
        add(conn, 1)
        transaction.prepare()
        conn.invalidate()
    with engine.connect() as conn:
        (xid,) = conn.recover_twophase()
        conn.rollback()
        conn.commit_prepared(xid, recover=True)
    assert rows() == [1]


@pytest.mark.feature("A017")
def test_what_is_refused(engine: Any, rows: Any) -> None:
    with engine.connect() as conn:
        with conn.begin():
            with pytest.raises(exc.InvalidRequestError, match="Cannot start a two phase transaction when"):
                conn.begin_twophase()
        transaction = conn.begin_twophase()
        with pytest.raises(exc.InvalidRequestError, match="already initialized"):
            conn.begin()
        transaction.rollback()
        for step in ("prepare", "commit"):
            with pytest.raises(exc.InvalidRequestError, match="This transaction is inactive"):
                getattr(transaction, step)()
        with pytest.warns(exc.SAWarning, match="already deassociated"):
            transaction.rollback()
    with engine.connect() as conn, pytest.raises(exc.DBAPIError):
        conn.commit_prepared("nobody", recover=True)
    with engine.connect() as conn, pytest.raises(exc.DBAPIError):
        conn.rollback_prepared("nobody", recover=True)
    assert rows() == []


@pytest.mark.feature("A017")
@pytest.mark.backends("postgresql18")  # MariaDB has no savepoints within XA
def test_savepoints_within(engine: Any, rows: Any) -> None:
    with engine.connect() as conn:
        with conn.begin_twophase() as transaction:
            add(conn, 1)
            savepoint = conn.begin_nested()
            add(conn, 2)
            savepoint.rollback()
            with conn.begin_nested():
                add(conn, 3)
            transaction.prepare()
    assert rows() == [1, 3]


@pytest.mark.feature("A017")
def test_sessions(engine: Any, rows: Any) -> None:
    with Session(engine, twophase=True) as session:
        session.execute(insert(t), {"id": 1})
        session.prepare()
        session.commit()
        session.execute(insert(t), {"id": 2})
        session.commit()
        session.execute(insert(t), {"id": 3})
        session.prepare()
        session.rollback()
    assert rows() == [1, 2]


@pytest.mark.feature("A017")
@pytest.mark.backends("sqlite")
def test_where_there_is_none(engine: Any) -> None:
    with engine.connect() as conn:
        with pytest.raises(NotImplementedError):
            conn.begin_twophase()
        with pytest.raises(NotImplementedError):
            conn.recover_twophase()
    assert engine.dialect.create_xid().startswith("_sa_")
