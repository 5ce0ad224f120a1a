"""
The transactions of a Connection against a model, on real databases: after any steps the rows that another
connection sees, and what the connection says of itself, are the model's.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from relvar import Column, Integer, MetaData, Table, create_engine, exc, insert, select, text

table = Table("t", MetaData(), Column("a", Integer))


class TransactionModel(RuleBasedStateMachine):
    engine: Any
    aborts: bool
    "Whether a statement that fails makes its transaction, or the savepoint, useless."

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            connection.execute(table.delete())
        self.committed: list[int] = []
        # per level, the root first: its object, if the program has it, and the rows it added
        self.levels: list[tuple[Any, list[int]]] = []
        self.is_lost = False
        self.is_aborted = False
        self.number = 0
        self.connection = self.engine.connect()

    def teardown(self) -> None:
        self.connection.close()

    def _can_work(self) -> bool:
        return not self.is_lost and not self.is_aborted

    def _begun(self) -> None:
        if not self.levels:
            self.levels.append((self.connection.get_transaction(), []))

    def _over(self) -> None:
        for transaction, _ in self.levels:
            assert not transaction.is_active
        self.levels.clear()
        self.is_lost = self.is_aborted = False

    def _refused(self, call: Any) -> None:
        with pytest.raises(exc.PendingRollbackError, match="Can't reconnect until invalid"):
            call()

    # Statements

    @rule()
    def insert(self) -> None:
        self.number += 1
        statement = insert(table).values(a=self.number)
        if self.is_lost:
            self._refused(lambda: self.connection.execute(statement))
        elif self.is_aborted:
            with pytest.raises(exc.DBAPIError):
                self.connection.execute(statement)
        else:
            self.connection.execute(statement)
            self._begun()
            self.levels[-1][1].append(self.number)

    @precondition(lambda self: self._can_work())
    @rule()
    def fail(self) -> None:
        with pytest.raises(exc.DBAPIError) as caught:
            self.connection.execute(text("select * from nowhere"))
        assert not caught.value.connection_invalidated
        self._begun()
        self.is_aborted = self.aborts

    @precondition(lambda self: self._can_work())
    @rule()
    def read(self) -> None:
        rows = self.connection.scalars(select(table.c.a).order_by(table.c.a)).all()
        self._begun()
        assert rows == sorted(self.committed + [n for _, added in self.levels for n in added])

    @rule()
    def invalidate(self) -> None:
        """The connection is lost, and with it the transaction."""
        self.connection.invalidate()
        assert self.connection.invalidated
        if self.levels:
            self.is_lost = True

    # Begin

    @rule()
    def begin(self) -> None:
        if self.levels:
            with pytest.raises(exc.InvalidRequestError):
                self.connection.begin()
        else:
            self.levels.append((self.connection.begin(), []))

    @precondition(lambda self: len(self.levels) < 4)
    @rule()
    def begin_nested(self) -> None:
        if self.is_lost:
            self._refused(self.connection.begin_nested)
        elif self.is_aborted:
            pass
        else:
            nested = self.connection.begin_nested()
            self._begun()
            self.levels.append((nested, []))

    # End

    @precondition(lambda self: not self.is_aborted)
    @rule(by_object=st.booleans())
    def commit(self, by_object: bool) -> None:
        call = self.levels[0][0].commit if by_object and self.levels else self.connection.commit
        if self.is_lost:
            self._refused(call)
            # it can only be rolled back
            self.connection.rollback()
        else:
            call()
            self.committed += [n for _, added in self.levels for n in added]
        self._over()

    @rule(how=st.sampled_from(["connection", "rollback", "close"]))
    def rollback(self, how: str) -> None:
        if how == "connection" or not self.levels:
            self.connection.rollback()
        else:
            getattr(self.levels[0][0], how)()
        self._over()

    @precondition(lambda self: len(self.levels) > 1 and self._can_work())
    @rule()
    def release(self) -> None:
        nested, added = self.levels.pop()
        nested.commit()
        assert not nested.is_active
        self.levels[-1][1].extend(added)

    @precondition(lambda self: len(self.levels) > 1)
    @rule(how=st.sampled_from(["rollback", "close"]))
    def roll_back_to_savepoint(self, how: str) -> None:
        nested, _ = self.levels.pop()
        getattr(nested, how)()
        assert not nested.is_active
        self.is_aborted = False

    @rule()
    def close(self) -> None:
        self.connection.close()
        assert self.connection.closed
        with pytest.raises(exc.ResourceClosedError):
            self.connection.execute(select(1))
        self._over()
        self.connection = self.engine.connect()

    # What can be seen

    @invariant()
    def agrees(self) -> None:
        connection = self.connection
        assert connection.in_transaction() == bool(self.levels)
        assert connection.in_nested_transaction() == (len(self.levels) > 1)
        if self.levels:
            assert connection.get_transaction() is self.levels[0][0]
        else:
            assert connection.get_transaction() is None
        with self.engine.connect() as other:
            assert other.scalars(select(table.c.a).order_by(table.c.a)).all() == sorted(self.committed)
        assert self.engine.pool.checkedout() == (not connection.invalidated)


@pytest.mark.backends("sqlite", "postgresql")
def test_transactions_are_as_their_model(url: str) -> None:
    engine = create_engine(url)
    table.metadata.create_all(engine)
    model = type(
        "Model", (TransactionModel,), {"engine": engine, "aborts": engine.dialect.name == "postgresql"}
    )
    run_state_machine_as_test(
        model,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    engine.dispose()
