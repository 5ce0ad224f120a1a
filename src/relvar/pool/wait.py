"""
Wait for a connection to come back, in a thread or in an event loop.

A waiter is given a record, or the right to make one, by whoever returns or
drops a connection; it does not take it from a queue.  So the order of waiting
is the order of being served, and a waiter that gives up while being served
still holds what it was given and can pass it on.
"""

from __future__ import annotations

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

    __slots__ = ("_signal", "record", "served")

    def __init__(self) -> None:
        self.record: ConnectionRecord | None = None
        self.served = False
        self._signal: Any = None
        self._prepare()

    def _prepare(self) -> None:
        signal = threading.Lock()
        signal.acquire()
        self._signal = signal

    def serve(self, record: ConnectionRecord | None) -> None:
        """
        Give *record*, or with ``None`` the right to make one.
        """
        self.record = record
        self.served = True
        self._wake()

    def _wake(self) -> None:
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
