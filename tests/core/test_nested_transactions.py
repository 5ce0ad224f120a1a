"""Transactions within transactions: whatever ends first, and however, the rest is as it should be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, Table, exc, insert, select

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True))

WAYS = ("commit", "rollback", "close")


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


def add(conn: Any, *ids: int) -> None:
    for id_ in ids:
        conn.execute(insert(t), {"id": id_})


def rows(conn: Any) -> list[int]:
    """What the next transaction sees."""
    found = list(conn.scalars(select(t.c.id).order_by(t.c.id)))
    conn.rollback()
    return found


def clear(conn: Any) -> None:
    conn.execute(t.delete())
    conn.commit()


@pytest.mark.feature("A014", "A015", "A016", "A018")
def test_inner_then_outer(conn: Any) -> None:
    for inner, outer in itertools.product(WAYS, WAYS):
        root = conn.begin()
        add(conn, 1)
        nested = conn.begin_nested()
        assert conn.get_nested_transaction() is nested and conn.in_nested_transaction()
        add(conn, 2)
        getattr(nested, inner)()
        assert (nested.is_active, nested.is_valid) == (False, False)
        assert conn.get_nested_transaction() is None and conn.get_transaction() is root
        getattr(root, outer)()
        assert (root.is_active, root.is_valid, conn.in_transaction()) == (False, False, False)
        kept = ([1, 2] if inner == "commit" else [1]) if outer == "commit" else []
        assert rows(conn) == kept, (inner, outer)
        clear(conn)


@pytest.mark.feature("A016", "A018")
def test_outer_then_inner(conn: Any) -> None:
    for outer, inner in itertools.product(WAYS, WAYS):
        root = conn.begin()
        add(conn, 1)
        nested = conn.begin_nested()
        add(conn, 2)
        getattr(root, outer)()
        assert (root.is_active, nested.is_active) == (False, False)
        if inner == "commit":
            with pytest.raises(exc.InvalidRequestError, match="This nested transaction is inactive"):
                nested.commit()
        elif inner == "rollback":
            with pytest.warns(exc.SAWarning, match="nested transaction already deassociated"):
                nested.rollback()
        else:
            nested.close()
        assert rows(conn) == ([1, 2] if outer == "commit" else []), (outer, inner)
        clear(conn)


@pytest.mark.feature("A016")
def test_an_outer_savepoint_ends_those_within(conn: Any) -> None:
    for outer in WAYS:
        root = conn.begin()
        add(conn, 1)
        first = conn.begin_nested()
        add(conn, 2)
        second = conn.begin_nested()
        add(conn, 3)
        getattr(first, outer)()
        assert (first.is_active, second.is_active) == (False, False)
        with pytest.raises(exc.InvalidRequestError, match="inactive"):
            second.commit()
        add(conn, 4)
        root.commit()
        assert rows(conn) == ([1, 2, 3, 4] if outer == "commit" else [1, 4]), outer
        clear(conn)


@pytest.mark.feature("A014", "A018")
def test_ending_twice(conn: Any) -> None:
    for first in WAYS:
        root = conn.begin()
        getattr(root, first)()
        with pytest.raises(exc.InvalidRequestError, match="This transaction is inactive"):
            root.commit()
        with pytest.warns(exc.SAWarning, match="transaction already deassociated"):
            root.rollback()
        root.close()
        conn.commit()
        conn.rollback()  # nothing is there: nothing happens
        assert not conn.in_transaction()


@pytest.mark.feature("A015", "A016")
def test_blocks_and_errors(conn: Any) -> None:
    with conn.begin():
        add(conn, 1)
        with conn.begin_nested():
            add(conn, 2)
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            add(conn, 3)
            raise ZeroDivisionError
        with pytest.raises(exc.IntegrityError), conn.begin_nested():
            add(conn, 4, 4)
        with conn.begin_nested() as savepoint:
            add(conn, 5)
            savepoint.rollback()
        add(conn, 6)
    assert rows(conn) == [1, 2, 6]
    with pytest.raises(exc.IntegrityError), conn.begin():
        add(conn, 7, 7)
    assert not conn.in_transaction() and rows(conn) == [1, 2, 6]


@pytest.mark.feature("A015", "A018")
def test_blocks_whose_transaction_ends_early(conn: Any) -> None:
    for end in ("commit", "rollback"):
        with pytest.raises(
            exc.InvalidRequestError, match="Can't operate on closed transaction inside context manager"
        ):
            with conn.begin() as transaction:
                add(conn, 1)
                getattr(transaction, end)()
                add(conn, 2)
        assert rows(conn) == ([1] if end == "commit" else [])
        clear(conn)
    with conn.begin():
        add(conn, 1)
        conn.commit()
    assert rows(conn) == [1]


@pytest.mark.feature("A014", "A018")
def test_one_transaction_at_a_time(conn: Any) -> None:
    add(conn, 1)
    for begin in (conn.begin, conn.begin):
        with pytest.raises(exc.InvalidRequestError, match="already initialized a SQLAlchemy Transaction"):
            begin()
    conn.rollback()
    nested = conn.begin_nested()  # begins one around it
    add(conn, 2)
    nested.commit()
    assert conn.in_transaction() and not conn.in_nested_transaction()
    conn.rollback()
    assert rows(conn) == []
    transaction = conn.begin()
    add(conn, 3)
    conn.close()
    assert (transaction.is_active, conn.closed) == (False, True)
    for call in (conn.begin, conn.begin_nested, lambda: conn.execute(select(1))):
        with pytest.raises(exc.ResourceClosedError, match="This Connection is closed"):
            call()


@pytest.mark.feature("A018", "A036")
@pytest.mark.backends("postgresql", "mariadb")
def test_a_lost_connection_within_a_savepoint(conn: Any) -> None:
    root = conn.begin()
    nested = conn.begin_nested()
    add(conn, 1)
    conn.invalidate()
    with pytest.raises(exc.PendingRollbackError, match="Can't reconnect until invalid"):
        add(conn, 2)
    nested.rollback()
    with pytest.raises(exc.PendingRollbackError):
        add(conn, 2)
    root.rollback()
    add(conn, 3)
    conn.commit()
    assert rows(conn) == [3]
