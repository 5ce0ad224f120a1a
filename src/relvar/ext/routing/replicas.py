"""
The replicas of a primary: which are up, and which has what a reader must see.

Rule 1: a replica that can't be connected to, or asked, is left out for ``retry_after`` seconds. Then one
    reader tries it again, while the others still leave it out.
Rule 2: what a connection has reached it has for good, as its server only moves on. So positions are kept
    with connections, and a server is asked only for what it was not known to have.
Rule 3: nothing is read in the transaction in which the server was asked: its snapshot may be older than
    the answer.
Rule 4: what the primary had at a time stands for all that was committed before. So a replica that has reached
    it is at most as old as that time, whatever clocks say.
Rule 5: all replicas are asked before one is waited for; who was waited for in vain is not waited for again
    for ``retry_after`` seconds.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from relvar import exc
from relvar.engine import Connection, Engine
from relvar.ext.routing.errors import NotAReplica
from relvar.ext.routing.positions import Positions, positions_of
from relvar.util.concurrency import sleep
from relvar.util.log import ClassLogger

__all__ = ["Found", "Replica", "ReplicaSet", "Routed"]

_DOWN = (exc.DBAPIError, exc.TimeoutError, OSError, NotAReplica)
_REACHED = "relvar_reached"

# Seconds: how long a server that can wait does so before the next one is asked, and the first and the
# longest pause before a server that can't is asked again.
_SLICE = 0.02
_PAUSE = 0.001
_LONGEST_PAUSE = 0.02


@dataclass(frozen=True)
class Routed:
    """
    Where a transaction, or the reads of one, went.

    Args:
        way: ``replica``, at once; ``waited``, for a replica to come up with the session; ``stale``, a replica
            however far behind; ``behind``, the primary as no replica had what the session has written;
            ``down``, the primary as no replica was up; ``primary``, by a write, by ``begin()`` or by choice.
        replica: The URL of the replica, without its password.
        seconds: How long it took to find it.
    """

    way: str
    replica: str | None = None
    seconds: float = 0.0


class Replica:
    """
    What is known about the state of one server.
    """

    __slots__ = ("behind_until", "name", "number", "out_until")

    def __init__(self, number: int, name: str) -> None:
        self.number: int = number
        self.name: str = name
        self.out_until: float = 0.0
        self.behind_until: float = 0.0


@dataclass(frozen=True)
class Found:
    """
    A connection to a replica that has what was wanted.
    """

    replica: Replica
    connection: Connection
    has_waited: bool


class ReplicaSet:
    """
    The replicas of a primary, as all engines with other options on it see them.
    """

    logger: Any = ClassLogger("ext.routing.ReplicaSet")

    def __init__(
        self,
        engines: Sequence[Engine],
        positions: Positions | None,
        wait: float,
        retry_after: float,
        max_lag: float | None,
    ) -> None:
        self.replicas: list[Replica] = [
            Replica(number, engine.url.render_as_string(hide_password=True))
            for number, engine in enumerate(engines)
        ]
        self.wait = wait
        self.retry_after = retry_after
        self.max_lag = max_lag
        # when the primary was asked, and what it said, the oldest first
        self._marks: deque[tuple[float, str]] = deque()
        self._asked_at = 0.0
        self.listeners: list[Callable[[Routed], object]] = []
        self._positions = positions
        self._turns = count()
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    # -- what happened -------------------------------------------------------------------

    def note(self, routed: Routed) -> None:
        """
        Count a way taken, and tell who listens.
        """
        with self._lock:
            self._counts[routed.way] += 1
        for listener in self.listeners:
            listener(routed)

    def counts(self) -> dict[str, int]:
        """
        Return how often each way was taken.
        """
        with self._lock:
            return dict(self._counts)

    # -- finding one ---------------------------------------------------------------------

    def positions(self, connection: Connection) -> Positions:
        """
        Return the questions for this kind of database, which a MySQL dialect knows when it is connected.
        """
        if self._positions is None:
            self._positions = positions_of(connection.dialect)
        return self._positions

    def not_covered(self, wanted: Sequence[str], token: str) -> Sequence[str]:
        """
        Return those of the positions *wanted* that a further one does not cover.

        Raises:
            ArgumentError: That is no position.
        """
        if self._positions is None:
            # a MySQL dialect that was not connected yet: the token is looked at when it is used
            return [position for position in wanted if position != token]
        self._positions.parse(token)
        return [position for position in wanted if not self._positions.covers(token, position)]

    def find(self, engines: Sequence[Engine], wanted: Sequence[str], last: Replica | None) -> Found | None:
        """
        Return a connection to a replica that has reached the positions *wanted*.

        Args:
            engines: By number of replica.
            last: The replica to try first.

        Returns:
            None: no replica is up, or has reached them in time.
        """
        opened: dict[Replica, Connection] = {}
        try:
            for replica in self._in_turn(last):
                if not (self._may_try(replica) and self._open(replica, engines, opened)):
                    continue
                if self._has_reached(replica, wanted, 0.0, opened):
                    if wanted:
                        replica.behind_until = 0.0
                    return Found(replica, opened.pop(replica), False)
            return self._wait_for(wanted, opened)
        finally:
            for connection in opened.values():
                connection.close()

    def least(self, ask: Callable[[], str]) -> Sequence[str]:
        """
        Return the position that a replica must have reached to be no older than ``max_lag``.

        Args:
            ask: Asks the primary, which is done four times in ``max_lag`` if there are readers.
        """
        if self.max_lag is None:
            return ()
        now = time.monotonic()
        marks = self._marks
        with self._lock:
            while marks and marks[0][0] < now - self.max_lag:
                marks.popleft()
            if marks and self._asked_at >= now - self.max_lag / 4:
                return (marks[0][1],)
            self._asked_at = now
        mark = (now, ask())
        with self._lock:
            marks.append(mark)
            return (marks[0][1],)

    def are_down(self) -> bool:
        """
        Tell whether all replicas are left out.
        """
        now = time.monotonic()
        return all(replica.out_until > now for replica in self.replicas)

    def _in_turn(self, last: Replica | None) -> list[Replica]:
        """
        Return the replicas in the order to be tried: the one a session had, then by turns.
        """
        start = next(self._turns) % len(self.replicas)
        in_turn = (*self.replicas[start:], *self.replicas[:start])
        return sorted(in_turn, key=lambda each: each is not last)

    def _may_try(self, replica: Replica) -> bool:
        """
        Tell whether a replica is not left out, or is to be tried by this reader, and then by no other.
        """
        if not replica.out_until:
            return True
        with self._lock:
            now = time.monotonic()
            if replica.out_until > now:
                return False
            if replica.out_until:
                replica.out_until = now + self.retry_after
            return True

    def _wait_for(self, wanted: Sequence[str], opened: dict[Replica, Connection]) -> Found | None:
        started = now = time.monotonic()
        pause = _PAUSE
        hopeful = [replica for replica in opened if replica.behind_until <= now]
        while hopeful and (left := started + self.wait - now) > 0:
            for replica in hopeful:
                if self._has_reached(replica, wanted, min(left, _SLICE), opened):
                    replica.behind_until = 0.0
                    return Found(replica, opened.pop(replica), True)
            hopeful = [replica for replica in hopeful if replica in opened]
            if hopeful and not self.positions(opened[hopeful[0]]).waits:
                sleep(min(pause, left))
                pause = min(2 * pause, _LONGEST_PAUSE)
            now = time.monotonic()
        for replica in hopeful:
            replica.behind_until = now + self.retry_after
        return None

    def _open(self, replica: Replica, engines: Sequence[Engine], opened: dict[Replica, Connection]) -> bool:
        """
        Connect to a replica, and see that it is one.
        """
        try:
            opened[replica] = connection = engines[replica.number].connect()
            if _REACHED not in connection.info:
                self.positions(connection).check(connection)
                connection.rollback()
                connection.info[_REACHED] = None
        except _DOWN as err:
            self._leave_out(replica, err, opened)
            return False
        if replica.out_until:
            replica.out_until = 0.0
            self.logger.info("Replica %s is up again", replica.name)
        return True

    def _has_reached(
        self, replica: Replica, wanted: Sequence[str], seconds: float, opened: dict[Replica, Connection]
    ) -> bool:
        connection = opened[replica]
        positions = self.positions(connection)
        known = connection.info
        try:
            for position in wanted:
                reached = known[_REACHED]
                if reached is not None and positions.covers(reached, position):
                    continue
                known[_REACHED] = positions.seen(connection, position, seconds) or reached
                if known[_REACHED] is None or not positions.covers(known[_REACHED], position):
                    break
            else:
                connection.rollback()
                return True
            connection.rollback()
        except _DOWN as err:
            self._leave_out(replica, err, opened)
        return False

    def _leave_out(self, replica: Replica, err: Exception, opened: dict[Replica, Connection]) -> None:
        replica.out_until = time.monotonic() + self.retry_after
        self.logger.warning(
            "Replica %s is left out for %g seconds: %s", replica.name, self.retry_after, _first_line(err)
        )
        connection = opened.pop(replica, None)
        if connection is not None:
            connection.close()


def _first_line(err: Any) -> str:
    return (str(err).splitlines() or [type(err).__name__])[0]
