"""
An engine whose reads may go to replicas.

It is the engine of the primary. Whoever knows no better has the primary: `connect`, flushes, DDL, inspection.
A session that is bound to it, and is about to run what is known to only read, asks it for a better place
(`_bind_for`), and tells it when it begins to write (`_begin_writing`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.engine import Connection, Engine
from relvar.engine.base import OptionEngine
from relvar.ext.routing.causality import Causality, Reading, causality_of
from relvar.ext.routing.errors import NoReplica
from relvar.ext.routing.positions import Positions, positions_of
from relvar.ext.routing.reads import is_read, where_to_read
from relvar.ext.routing.replicas import ReplicaSet, Routed
from relvar.orm.session.transaction import BEGIN, SessionTransaction

__all__ = ["ReplicatedEngine", "Routed"]


class ReplicatedEngine(OptionEngine):
    """
    The engine of a primary, with those of its replicas: sessions bound to it read from replicas.

    Sessions see what they have written: a replica serves if it has replayed that, or does so within *wait*
    seconds; else the primary serves. See ``docs/replicas.md``.

    Args:
        primary: An engine, or one of asyncio: then ``AsyncEngine(ReplicatedEngine(...))`` is for sessions.
        replicas: Engines of servers that replicate the primary, each of one server.
        positions: How to ask servers how far they are, if it is not PostgreSQL, MariaDB or MySQL.
        wait: Seconds that a read waits for a replica to have what it must see.
        retry_after: Seconds for which a replica that is down is left out.
        max_lag: Seconds by which a replica may be older than the primary, also for sessions that have written
            nothing; None: there is no limit.

    Raises:
        ArgumentError: An engine is none, or nothing is known about replicas of such a database.
    """

    replicas: tuple[Engine, ...]
    "The engines of the replicas."

    def __init__(
        self,
        primary: Any,
        replicas: Sequence[Any],
        *,
        positions: Positions | None = None,
        wait: float = 0.1,
        retry_after: float = 10.0,
        max_lag: float | None = None,
    ) -> None:
        primary, *others = (_blocking(each) for each in (primary, *replicas))
        if not others:
            raise exc.ArgumentError("ReplicatedEngine() wants at least one engine of a replica")
        if positions is None and primary.dialect.name != "mysql":
            # which of MySQL and MariaDB it is, that dialect knows when it is connected
            positions = positions_of(primary.dialect)
        for name, seconds in (("wait", wait), ("retry_after", retry_after), ("max_lag", max_lag)):
            if seconds is None and name == "max_lag":
                continue
            if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
                raise exc.ArgumentError(f"{name} is a number of seconds, 0 or more; got {seconds!r}")
        self._set(primary, others, ReplicaSet(others, positions, wait, retry_after, max_lag))

    def _set(self, primary: Engine, replicas: Sequence[Engine], group: ReplicaSet) -> None:
        self._group = group
        self.replicas = tuple(replicas)
        # not the engine itself, so that connections to read with are told from those to write with
        self._primary_to_read = OptionEngine(primary, {})
        super().__init__(primary, {})
        self._has_replicas = True

    def __repr__(self) -> str:
        return f"ReplicatedEngine({self._proxied!r}, {list(self.replicas)!r})"

    # -- as an engine --------------------------------------------------------------------

    def execution_options(self, **opt: Any) -> ReplicatedEngine:
        """
        Give an engine with other options, of the replicas too, that shares the pools and what is known of
        the replicas.
        """
        made = type(self).__new__(type(self))
        made._set(self._proxied, self.replicas, self._group)
        made._take_options(self._execution_options)
        made._take_options(opt)
        return made

    def update_execution_options(self, **opt: Any) -> None:
        """Set options that every connection starts with, those to replicas too."""
        super().update_execution_options(**opt)
        if opt:
            self._primary_to_read.update_execution_options(**opt)
            self.replicas = tuple(each.execution_options(**opt) for each in self.replicas)

    def _take_options(self, options: Mapping[str, Any]) -> None:
        if options:
            self.update_execution_options(**options)

    def dispose(self, close: bool = True) -> None:
        """
        Close the pooled connections, to replicas too, and start with new pools.
        """
        super().dispose(close)
        for each in self.replicas:
            each.dispose(close)

    # -- without a session ---------------------------------------------------------------

    def token(self) -> str:
        """
        Ask the primary for a position that covers all that was committed until now.
        """
        with self._primary_to_read.connect() as connection:
            return self._group.positions(connection).now(connection)

    def connect_to_read(self, after: str | None = None, read_from: str = "auto") -> Connection:
        """
        Take a connection to read with: to a replica, or the primary if none serves.

        Args:
            after: The `token` of what must be seen.
            read_from: As the execution option of this name.
        """
        known = Causality()
        if after is not None:
            known.wanted = (after,)
        if read_from == "primary":
            return self.connect()
        return self._connect_to_read(known, read_from)

    # -- what was done -------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """
        Return how often each way was taken, by the names in `Routed`; those not taken are left out.
        """
        return self._group.counts()

    def on_routed(self, listener: Callable[[Routed], object]) -> Callable[[Routed], object]:
        """
        Call a function with a `Routed` each time that a way is chosen; fit to decorate it.
        """
        self._group.listeners.append(listener)
        return listener

    # -- what sessions ask ---------------------------------------------------------------

    def _bind_for(self, transaction: SessionTransaction, statement: Any, options: Mapping[str, Any]) -> Any:
        """
        Return what a statement of a session is executed through: a `Reading`, or an engine of the primary.

        1. what does not only read, or is to be read from the primary: the primary;
        2. the transaction has written: where it has, unless the statement says that stale rows are good;
        3. the program has begun it (``begin()``, ``run()``): it may write, so the primary;
        4. else a replica.
        """
        if not is_read(statement):
            return self
        session = transaction.session
        place = where_to_read(session, statement, options)
        chain = list(transaction._chain())
        binds = [link.bind for each in chain for link in each._links]
        if place != "stale_replica":
            for bind in binds:
                if isinstance(bind, ReplicatedEngine) and bind._group is self._group:
                    return bind
        # a replica prepares no transaction
        if place == "primary" or session.twophase or (place == "auto" and chain[-1].origin is BEGIN):
            return self
        for bind in binds:
            if isinstance(bind, Reading) and bind.engine is self and bind.serves(place):
                return bind
        return Reading(self, causality_of(session, self), place)

    def _begin_writing(self, transaction: SessionTransaction) -> None:
        """
        Note that a session's transaction is about to use the primary, for more than what only reads.
        """
        chain = list(transaction._chain())
        known = causality_of(transaction.session, self)
        known.is_due = True
        if known.writing is not chain[-1]:
            known.writing = chain[-1]
            self._group.note(Routed("primary"))
        for each in chain:
            for link in each._links:
                bind = link.bind
                if isinstance(bind, Reading) and bind.engine is self:
                    if link.connection.engine is self._primary_to_read:
                        # it has read from the primary already, in the same transaction
                        link.bind = link.engine = self

    def _connect_to_read(self, known: Causality, place: str) -> Connection:
        group = self._group
        started = time.monotonic()
        wanted: tuple[str, ...] = ()
        if place != "stale_replica":
            wanted = (*known.now_wanted(self), *group.least(self.token))
        found = group.find(self.replicas, wanted, known.last)
        seconds = time.monotonic() - started
        if found is not None:
            known.last = found.replica
            way = "stale" if place == "stale_replica" else "waited" if found.has_waited else "replica"
            group.note(Routed(way, found.replica.name, seconds))
            return found.connection
        way = "down" if group.are_down() else "behind"
        if place != "auto":
            names = ", ".join(replica.name for replica in group.replicas)
            what = "is up" if way == "down" else f"had what must be seen within {group.wait} seconds"
            raise NoReplica(
                f"No replica {what}, and the statement is to be read from one; asked were {names}. With "
                "read_from='auto' it would be read from the primary"
            )
        group.note(Routed(way, seconds=seconds))
        return self._primary_to_read.connect()


def _blocking(engine: Any) -> Engine:
    found = getattr(engine, "sync_engine", engine)
    if not isinstance(found, Engine) or isinstance(found, ReplicatedEngine):
        raise exc.ArgumentError(f"ReplicatedEngine() is made of engines, each of one server; got {engine!r}")
    return found
