"""
The places of a pool: how many connections there may be, and which are there.

Rule 1: a place is as old as its record.  It is counted by being in a set, and
leaves the set when the record is dropped, whoever drops it and why: by an
exception between any two steps, say.  `Spot` is a weak reference, and its
callback is a method of the set, so nothing can interrupt the giving back, and
no number can drift.
Rule 2: a record has one owner, which is the queue of idle ones, a line of
waiting, a loan, or the function that carries it from one to the other.
Rule 3: the driver's connection is reachable from the pool, so the garbage
collector does not finalize it together with a loan that nobody returned.
Rule 4: a child process starts with no places.  What is in its parent's is
never closed there, not even when the child ends, and what was lent is invalid.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable
from typing import Any

from relvar._kernels.lend import Loan
from relvar.event import clock


class Spot(weakref.ref[Any]):
    """
    A place: refers weakly to what it is held by, and strongly to the driver's connection.
    """

    __slots__ = ("connection",)

    connection: Any


def occupy(spots: set[Spot], holder: Any, connection: Any = None) -> Spot:
    """
    Make a place that lasts as long as *holder*, or until it is taken out of *spots*.
    """
    spot = Spot(holder, spots.discard)
    spot.connection = connection
    spots.add(spot)
    return spot


class _Forks:
    """
    Counts the forks that led to this process.
    """

    count: int

    def __init__(self) -> None:
        self.count = 0
        self.pools: weakref.WeakSet[Any] = weakref.WeakSet()

    def happened(self) -> None:
        self.count += 1
        have_lent = [pool._after_fork() for pool in list(self.pools)]
        if any(have_lent):
            self._invalidate_loans()
        # whoever kept flags looks again at everything
        clock.ticks += 1

    def _invalidate_loans(self) -> None:
        """
        Find what was lent by pools that started over; nobody keeps lists of that.
        """
        import gc  # only a process that forks in the middle of something

        for found in gc.get_objects():
            # not isinstance(), which asks proxies for their class
            if issubclass(type(found), Loan) and found._pool._forks == self.count:
                record = found._connection_record
                if record is None or record.forks != self.count:
                    found.dbapi_connection = None


forks: _Forks = _Forks()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forks.happened)

# Connections of parent processes. Closing them, even by the garbage collector,
# would end the parent's session on the server.
inherited: list[Any] = []


def keep_inherited(connections: Iterable[Any]) -> None:
    """
    Keep connections of the parent process open, also when this process ends.

    Some drivers (mysqlclient) take leave of the server when a connection
    object is freed, so these never are.
    """
    kept = [connection for connection in connections if connection is not None]
    if not kept:
        return
    inherited.extend(kept)
    import ctypes  # only a child of a process with connections

    for connection in kept:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
