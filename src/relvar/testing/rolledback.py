"""
Run a test in one transaction that is rolled back, whatever the code under test commits.

All connections of an engine share one DBAPI connection meanwhile.  What begins a transaction begins a
savepoint, committing it releases the savepoint, rolling it back goes back to it:

Rule 1: a connection's transaction is a `Place`; the transaction that holds them all is the test's own.
Rule 2: the newest place ends with its savepoint; an older one that is committed is kept until the newer end.
Rule 3: rolling back an older one in which nothing was written leaves what newer ones did.  If something
    was, or a statement failed, theirs goes with it, and a warning says so.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar.engine.base import Connection, Engine
from relvar.event import listen
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.ext.asyncio import AsyncConnection, AsyncEngine

__all__ = ["RolledBack", "rolled_back"]

# statements that leave the database as it was, whatever they name
_READS = re.compile(r"\s*(?:SELECT|SHOW|EXPLAIN|VALUES|PRAGMA)\b", re.IGNORECASE)


class RolledBack:
    """
    What `rolled_back` returns: a block in which an engine writes nothing that stays.
    """

    def __init__(self, engine: Engine | AsyncEngine) -> None:
        asynchronous = getattr(engine, "sync_engine", None)
        self._async_engine: AsyncEngine | None = None if asynchronous is None else engine  # type: ignore[assignment]  # has a sync_engine
        plain: Any = engine if asynchronous is None else asynchronous
        if not isinstance(plain, Engine):
            raise exc.ArgumentError(
                f"rolled_back() takes an Engine or an AsyncEngine, got {engine!r}; sessions and "
                "connections of the engine are included"
            )
        self._engine = plain._option_root
        self._around = ExitStack()

    # -- blocking -----------------------------------------------------------------------------

    def __enter__(self) -> Connection:
        if self._async_engine is not None:
            raise TypeError("the engine is one of asyncio: use 'async with rolled_back(engine)'")
        outer = self._around.enter_context(self._engine.connect())
        return self._begin(outer)

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._around.close()

    # -- asyncio ------------------------------------------------------------------------------

    async def __aenter__(self) -> AsyncConnection:
        if self._async_engine is None:
            raise TypeError("the engine is no AsyncEngine: use 'with rolled_back(engine)'")
        self._outer = await self._async_engine.connect()
        try:
            inner = await self._outer.run_sync(self._begin)
        except BaseException:
            await self._outer.close()
            raise
        return self._async_engine._connection_cls(self._async_engine, inner)

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self._outer.run_sync(lambda connection: self._around.close())
        finally:
            await self._outer.close()

    # -- both ---------------------------------------------------------------------------------

    def _begin(self, outer: Connection) -> Connection:
        engine = self._engine
        if isinstance(engine.pool, _NoPool):
            raise exc.InvalidRequestError("this engine is in a rolled_back() block already")
        if outer._is_autocommit():
            raise exc.InvalidRequestError(
                "an engine with isolation_level='AUTOCOMMIT' has no transaction to roll back: make one "
                "without it for rolled_back()"
            )
        self._around.callback(outer.rollback)
        outer.begin()
        _begin_at_once(outer)
        shared = SharedTransaction(outer)
        self._around.callback(shared.close)
        self._around.callback(setattr, engine, "pool", engine.pool)
        self._around.callback(engine.__dict__.pop, "_connection_cls", None)
        engine.pool = _NoPool(engine.pool)  # type: ignore[assignment]  # answers as the pool does
        engine.__dict__["_connection_cls"] = shared.connect
        inner = engine.connect()
        self._around.callback(inner.close)
        return inner


def rolled_back(engine: Engine | AsyncEngine) -> RolledBack:
    """
    Let an engine write nothing that stays: a block for ``with``, or for ``async with`` and an AsyncEngine.

    Args:
        engine: Sessions and connections of it, and of ``engine.execution_options()``, are included, also
            those that the code under test makes by itself.

    Returns:
        A block that gives a connection to begin with.

    >>> from relvar import create_engine, text
    >>> from relvar.testing import rolled_back
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE city (name TEXT)"))
    >>> with rolled_back(engine):
    ...     with engine.begin() as connection:
    ...         _ = connection.execute(text("INSERT INTO city VALUES ('Oslo')"))
    ...     with engine.connect() as connection:
    ...         connection.scalar(text("SELECT count(*) FROM city"))
    1
    >>> with engine.connect() as connection:
    ...     connection.scalar(text("SELECT count(*) FROM city"))
    0
    """
    return RolledBack(engine)


def _begin_at_once(outer: Connection) -> None:
    """Begin where the driver would wait for the first statement that writes: it takes savepoints for none."""
    if outer.dialect.name == "sqlite" and not outer.connection.driver_connection.in_transaction:
        outer.exec_driver_sql("BEGIN")


class Place:
    """
    A transaction of one connection: a savepoint in that of the test.
    """

    __slots__ = ("holds_others", "is_committed", "is_lost", "name", "wrote")

    def __init__(self, name: str) -> None:
        self.name: str = name
        self.wrote: bool = False
        self.holds_others: bool = False
        self.is_committed: bool = False
        self.is_lost: bool = False


class SharedTransaction:
    """
    The transaction of a test, and the savepoints that its connections believe to be theirs.
    """

    def __init__(self, outer: Connection) -> None:
        self.outer = outer
        self.is_over: bool = False
        self._open: list[Place] = []
        self._count = 0

    def connect(self, engine: Engine) -> Connection:
        """
        Make another connection; stands for the engine's own class meanwhile.
        """
        return InnerConnection(engine, self)

    def close(self) -> None:
        """
        Let no connection that is still there do anything more.
        """
        self.is_over = True

    def begin(self) -> Place:
        """
        Begin a transaction of a connection.
        """
        self._count += 1
        place = Place(f"relvar_test_{self._count}")
        self.outer.dialect.do_savepoint(self.outer, place.name)
        self._open.append(place)
        return place

    def commit(self, place: Place) -> None:
        """
        Keep what a transaction did, until the test ends.

        Raises:
            InvalidRequestError: It went with the rollback of an older one.
        """
        if place.is_lost:
            raise exc.InvalidRequestError(
                "This transaction was undone by the rollback of one that another connection began before it; "
                "in a rolled_back() block all connections share one transaction, so end the newer one first"
            )
        place.is_committed = True
        self._release_committed()

    def rollback(self, place: Place) -> None:
        """
        Undo what a transaction did.
        """
        if place.is_lost or self.is_over:
            return
        place.is_committed = True
        if not place.wrote:
            self._release_committed()
            return
        newer = self._open[self._open.index(place) + 1 :]
        if newer or place.holds_others:
            warn(
                "A rollback in a rolled_back() block undid what other connections did since, as all share "
                "one transaction; end their transactions, and begin this one, in the order in which they nest"
            )
        for each in newer:
            each.is_lost = True
            self._open.remove(each)
        self.outer.dialect.do_rollback_to_savepoint(self.outer, place.name)
        place.wrote = place.holds_others = False
        self._release_committed()

    def _release_committed(self) -> None:
        while self._open and self._open[-1].is_committed:
            ended = self._open.pop()
            if ended.wrote or ended.holds_others:
                for older in self._open:
                    older.holds_others = True
            self.outer.dialect.do_release_savepoint(self.outer, ended.name)


class _SharedLoan:
    """
    The DBAPI connection of a test as one of its connections holds it: giving it back does nothing.
    """

    def __init__(self, loan: Any) -> None:
        self._loan = loan

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loan, name)

    def close(self, *_how: Any, **_ever: Any) -> None:
        """
        Leave the DBAPI connection to the test.
        """

    _close_special = _close_rolled_back = close


class InnerConnection(Connection):
    """
    A connection in a `rolled_back` block: its transactions are savepoints.
    """

    def __init__(self, engine: Engine, shared: SharedTransaction) -> None:
        self._shared = shared
        self._place: Place | None = None
        super().__init__(engine, _SharedLoan(shared.outer.connection))
        listen(self, "before_cursor_execute", self._note_write)

    def _note_write(
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self._place is not None and not _READS.match(statement):
            self._place.wrote = True

    def _handle_error(self, *args: Any, **kw: Any) -> NoReturn:
        if self._place is not None:
            # PostgreSQL goes on only after a rollback to where it was well
            self._place.wrote = True
        super()._handle_error(*args, **kw)

    def execution_options(self, **opt: Any) -> Any:
        if "isolation_level" in opt:
            raise exc.InvalidRequestError(
                f"isolation_level={opt['isolation_level']!r} can't be set in a rolled_back() block, whose "
                "connections are all in one transaction; test this outside of it"
            )
        return super().execution_options(**opt)

    def _begin_impl(self, transaction: Any) -> None:
        if self._shared.is_over:
            raise exc.InvalidRequestError(
                "the rolled_back() block that this connection is of has ended; connect again"
            )
        self.dispatch.begin(self)
        self._place = self._shared.begin()

    def _commit_impl(self) -> None:
        self.dispatch.commit(self)
        place, self._place = self._place, None
        if place is not None:
            self._shared.commit(place)

    def _rollback_impl(self) -> None:
        self.dispatch.rollback(self)
        place, self._place = self._place, None
        if place is not None:
            self._shared.rollback(place)

    def _close_with(self, transaction: Any) -> None:
        transaction.close()
        self.close()

    def begin_twophase(self, xid: Any = None) -> NoReturn:
        """
        Refuse: what is prepared outlives the connection.
        """
        raise exc.InvalidRequestError(
            "a transaction of two phases can't be rolled back after the test; use it outside of rolled_back()"
        )


class _NoPool:
    """
    The pool of an engine whose connections are all one: it lends no other.
    """

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def connect(self) -> NoReturn:
        """
        Refuse: what a DBAPI connection of its own commits would stay.
        """
        raise exc.InvalidRequestError(
            "raw_connection() would commit past the rolled_back() block; take engine.connect().connection"
        )

    def dispose(self) -> None:
        """
        Keep the connection of the test, in which an engine is not disposed of.
        """

    def recreate(self) -> _NoPool:
        """
        Return the same pool, see `dispose`.
        """
        return self
