"""
The pool against a model: after any steps the numbers, and the connections that are open, are the model's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from relvar import exc
from relvar.pool import QueuePool


class Driver:
    """
    Makes connections that fail when told to.
    """

    def __init__(self) -> None:
        self.open: set[Connection] = set()
        self.refuses = False

    def connect(self) -> Connection:
        if self.refuses:
            raise ConnectionRefusedError
        return Connection(self)


class Connection:
    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.fails = False
        driver.open.add(self)

    def rollback(self) -> None:
        if self.fails:
            raise ValueError("no rollback")

    def close(self) -> None:
        self.driver.open.discard(self)


@dataclass
class Place:
    """
    A place of the model's pool: its connection, or none, and whether that is to be replaced.
    """

    connection: Connection | None = None
    stale: bool = False


@dataclass
class Loan:
    proxy: Any
    place: Place | None
    connection: Connection


class PoolModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.driver = Driver()
        self.idle: list[Place] = []
        self.out: list[Loan] = []
        self.open: set[Connection] = set()

    @initialize(size=st.integers(0, 3), overflow=st.integers(-1, 2), lifo=st.booleans())
    def start(self, size: int, overflow: int, lifo: bool) -> None:
        if size == 0:
            overflow = -1
        elif size + overflow < 1:
            overflow = 1
        self.size, self.overflow, self.lifo = size, overflow, lifo
        self.pool = QueuePool(
            self.driver.connect, pool_size=size, max_overflow=overflow, use_lifo=lifo, timeout=0
        )

    # What the model thinks

    @property
    def lent(self) -> list[Loan]:
        return [loan for loan in self.out if loan.place is not None]

    def _closed(self, connection: Connection | None) -> None:
        if connection is not None:
            self.open.discard(connection)

    def _returned(self, place: Place) -> None:
        existing = len(self.idle) + len(self.lent) + 1
        if self.size == 0 or existing <= self.size or len(self.idle) < self.size:
            self.idle.append(place)
        else:
            self._closed(place.connection)

    # What can happen

    @rule(refuses=st.booleans())
    def connect(self, refuses: bool) -> None:
        self.driver.refuses = refuses
        place = Place()
        if self.idle:
            place = self.idle.pop(-1 if self.lifo else 0)
        elif self.overflow >= 0 and len(self.lent) >= self.size + self.overflow:
            with pytest.raises(exc.TimeoutError, match="limit of size"):
                self.pool.connect()
            return
        else:
            place.stale = True
        is_new = place.stale and place.connection is None
        if place.connection is not None and not place.stale:
            proxy = self.pool.connect()
            assert proxy.dbapi_connection is place.connection
        elif refuses:
            with pytest.raises(ConnectionRefusedError):
                self.pool.connect()
            self._closed(place.connection)
            if not is_new:
                self._returned(Place())
            return
        else:
            self._closed(place.connection)
            proxy = self.pool.connect()
            place = Place(proxy.dbapi_connection)
            self.open.add(proxy.dbapi_connection)
        self.out.append(Loan(proxy, place, proxy.dbapi_connection))

    def _pick(self, which: int) -> Loan:
        return self.out.pop(which % len(self.out))

    @precondition(lambda self: self.out)
    @rule(which=st.integers(0, 9), fails=st.booleans(), leaks=st.booleans())
    def give_back(self, which: int, fails: bool, leaks: bool) -> None:
        loan = self._pick(which)
        loan.connection.fails = fails
        if leaks:
            loan.proxy = None
        else:
            loan.proxy.close()
        if loan.place is None:
            self._closed(loan.connection)
        elif fails:
            self._closed(loan.connection)
            self._returned(Place())
        else:
            self._returned(loan.place)

    @precondition(lambda self: self.out)
    @rule(which=st.integers(0, 9))
    def invalidate(self, which: int) -> None:
        loan = self._pick(which)
        loan.proxy.invalidate()
        self._closed(loan.connection)
        assert not loan.proxy.is_valid
        if loan.place is not None:
            self._returned(Place())
        loan.proxy.close()

    @precondition(lambda self: self.lent)
    @rule(which=st.integers(0, 9))
    def invalidate_softly(self, which: int) -> None:
        loan = self.lent[which % len(self.lent)]
        loan.proxy.invalidate(soft=True)
        loan.place.stale = True  # type: ignore[union-attr]  # those that are lent have one

    @precondition(lambda self: self.lent)
    @rule(which=st.integers(0, 9))
    def detach(self, which: int) -> None:
        loan = self.lent[which % len(self.lent)]
        loan.proxy.detach()
        loan.place = None
        self._returned(Place())

    @rule()
    def dispose(self) -> None:
        self.pool.dispose()
        for place in self.idle:
            self._closed(place.connection)
        self.idle.clear()

    @precondition(lambda self: not self.out)
    @rule()
    def recreate(self) -> None:
        self.dispose()
        self.pool = self.pool.recreate()

    # What can be seen

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "pool"):
            return
        existing = len(self.idle) + len(self.lent)
        overflow = existing - self.size if self.size else 0
        assert (self.pool.checkedin(), self.pool.checkedout(), self.pool.overflow()) == (
            len(self.idle),
            len(self.lent),
            overflow,
        )
        assert self.pool.status() == (
            f"Pool size: {self.size}  Connections in pool: {len(self.idle)} Current Overflow: {overflow} "
            f"Current Checked out connections: {len(self.lent)}"
        )
        assert self.driver.open == self.open
        for loan in self.out:
            assert loan.proxy.is_valid and loan.proxy.is_detached == (loan.place is None)


def test_the_pool_is_as_its_model(caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "sqlalchemy.pool")
    run_state_machine_as_test(
        PoolModel,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
