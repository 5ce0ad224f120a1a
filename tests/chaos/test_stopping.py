"""
What a watchdog does to a call that takes too long, on real servers: stop it, or cut the connection.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sleepers import SERVERS, lost_errors, sleeping

import relvar
from relvar import exc, text
from relvar.util.watchdog import Watch


@pytest.fixture
def connection(url: str) -> Iterator[Any]:
    engine = relvar.create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _blocked(connection: Any, statement: str, act: Any) -> tuple[Any, float]:
    """Run a statement that takes too long, acting on its connection meanwhile; gives error and seconds."""
    dbapi_connection = connection.connection.dbapi_connection
    started = time.monotonic()
    with Watch(0.2, lambda acted: act(dbapi_connection)) as watch, pytest.raises(exc.DBAPIError) as caught:
        connection.execute(text(statement)).all()
    assert watch.acted == 1
    return caught.value, time.monotonic() - started


@pytest.mark.backends(*SERVERS)
def test_a_cancelled_statement_ends_and_the_connection_goes_on(connection: Any) -> None:
    error, seconds = _blocked(connection, sleeping(connection, 8), connection.dialect.do_cancel)
    assert seconds < 4
    assert not error.connection_invalidated
    connection.rollback()
    assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.backends(*SERVERS)
def test_a_severed_connection_ends_its_statement_with_an_error(connection: Any) -> None:
    error, seconds = _blocked(connection, sleeping(connection, 8), connection.dialect.do_sever)
    assert seconds < 4
    assert error.connection_invalidated
    assert isinstance(error, lost_errors(connection.dialect)), type(error)
    connection.rollback()
    assert connection.scalar(text("SELECT 1")) == 1


def test_a_statement_of_sqlite_is_interrupted(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        error, seconds = _blocked(connection, sleeping(connection, 8), connection.dialect.do_cancel)
        assert seconds < 4
        assert not error.connection_invalidated
        assert connection.scalar(text("SELECT 1")) == 1
