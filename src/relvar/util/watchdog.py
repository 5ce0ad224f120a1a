"""
Do something about a call that takes too long: one thread for the whole process, started by the first watch.

Rule 1: a watch that nobody refers to any more never acts, so an exception anywhere disarms it.
Rule 2: when `Watch.end` has returned, its action does not run and will not run.
Rule 3: an action runs in a thread of its own; one that blocks holds up no other.
"""

from __future__ import annotations

import heapq
import os
import threading
import time
import weakref
from collections.abc import Callable

# Given how often it has acted so far; returns the seconds after which to act again, None for never.
Action = Callable[[int], float | None]

# Ended watches stay in the heap until their time comes, or until there are more of them than of others.
_FEW = 64


class Watch:
    """
    The limit of one call.

    ``acted`` counts how often the time was up, and the action has been begun.

    >>> with Watch(30, lambda acted: print("too long")) as watch:
    ...     pass
    >>> watch.acted
    0
    """

    acted: int

    __slots__ = ("__weakref__", "_action", "_ended", "_running", "acted")

    def __init__(self, seconds: float, action: Action) -> None:
        self._action = action
        self._ended = False
        self._running: threading.Thread | None = None
        self.acted = 0
        _watchdog.expect(self, seconds)

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.end()

    def end(self, patience: float | None = None) -> bool:
        """
        Stop watching; wait for an action that is running, for *patience* seconds at most.

        Returns:
            False if the action still runs; it will be the last.
        """
        with _watchdog.lock:
            self._ended = True
            running = self._running
            _watchdog.forget_some()
        if running is None:
            return True
        running.join(patience)
        return not running.is_alive()

    def _begin(self) -> None:
        """Act, in a thread; the caller has the lock."""
        self.acted += 1
        self._running = threading.Thread(target=self._act, name="relvar-watchdog-action", daemon=True)
        self._running.start()

    def _act(self) -> None:
        again = self._action(self.acted - 1)
        if again is not None and not self._ended:
            _watchdog.expect(self, again)


class _Watchdog:
    """
    Waits for the next watch whose time is up.
    """

    def __init__(self) -> None:
        self._start_over()

    def _start_over(self) -> None:
        # Reentrant: the garbage collector may return a connection, and so watch, any time. Held by ``with``
        # as it is: a Condition is entered by Python code, where Ctrl-C may leave it locked for ever.
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._heap: list[tuple[float, int, weakref.ref[Watch]]] = []
        self._thread: threading.Thread | None = None
        self._number = 0
        self._ended = 0
        self._wakes_at = 0.0

    def expect(self, watch: Watch, seconds: float) -> None:
        """
        Have a watch act in so many seconds.
        """
        due = time.monotonic() + seconds
        with self.lock:
            self._number += 1
            heapq.heappush(self._heap, (due, self._number, weakref.ref(watch)))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="relvar-watchdog", daemon=True)
                self._thread.start()
            elif due < self._wakes_at:
                self.changed.notify()

    def forget_some(self) -> None:
        """
        Count one that has ended; the caller has the lock.
        """
        self._ended += 1
        if self._ended > _FEW and self._ended * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if _is_live(entry[2]())]
            heapq.heapify(self._heap)
            self._ended = 0

    def _run(self) -> None:
        with self.lock:
            while True:
                now = time.monotonic()
                while self._heap and self._heap[0][0] <= now:
                    watch = heapq.heappop(self._heap)[2]()
                    if watch is not None and _is_live(watch):
                        watch._begin()
                    del watch
                self._wakes_at = self._heap[0][0] if self._heap else now + threading.TIMEOUT_MAX
                self.changed.wait(self._heap[0][0] - now if self._heap else None)


def _is_live(watch: Watch | None) -> bool:
    return watch is not None and not watch._ended


_watchdog = _Watchdog()
if hasattr(os, "register_at_fork"):
    # the thread is not in the child, and its lock may be held there for ever
    os.register_at_fork(after_in_child=_watchdog._start_over)
