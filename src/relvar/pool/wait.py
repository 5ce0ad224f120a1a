"""
Wait for a connection to come back, in a thread or in an event loop.

A waiter is given a record, which may have to be connected yet, by whoever
returns or drops a connection; it does not take it from a queue.  So the order
of waiting is the order of being served, and a waiter that gives up while being
served still holds what it was given and can pass it on.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from relvar.util.concurrency import await_only

if TYPE_CHECKING:
    import asyncio

    from relvar.pool.record import ConnectionRecord


class Waiter:
    """
    One thread that waits.
    """

    __slots__ = ("_records", "_signal")

    def __init__(self) -> None:
        # more than one if the garbage collector serves while somebody does
        self._records: list[ConnectionRecord] = []
        self._signal: Any = None
        self._prepare()

    def _prepare(self) -> None:
        signal = threading.Lock()
        signal.acquire()
        self._signal = signal

    @property
    def served(self) -> bool:
        """
        Whether there is a record to take.
        """
        return bool(self._records)

    def serve(self, record: ConnectionRecord) -> None:
        """
        Give a record.
        """
        self._records.append(record)
        self._wake()

    def take(self) -> ConnectionRecord:
        """
        Return what was given.
        """
        return self._records.pop()

    def _wake(self) -> None:
        # served twice, it is awake already
        with contextlib.suppress(RuntimeError):
            self._signal.release()

    def wait(self, timeout: float | None) -> None:
        """
        Return when served, or after *timeout* seconds.

        An exception such as ``KeyboardInterrupt`` ends the waiting.
        """
        self._signal.acquire(timeout=-1 if timeout is None else max(timeout, 0))


class AsyncWaiter(Waiter):
    """
    One task of an event loop that waits.
    """

    __slots__ = ("_loop",)

    def _prepare(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def _wake(self) -> None:
        loop, future = self._loop, self._signal
        if loop is not None:
            loop.call_soon_threadsafe(_finish, future)

    def wait(self, timeout: float | None) -> None:
        await_only(self._wait(timeout))

    async def _wait(self, timeout: float | None) -> None:
        import asyncio  # only programs that wait in an event loop pay for it

        self._signal = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        if self.served:
            return
        try:
            await asyncio.wait_for(self._signal, timeout)
        except TimeoutError:
            pass


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
