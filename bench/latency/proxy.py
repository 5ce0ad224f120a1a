"""
A TCP proxy between a client and a server: it delays what the client sends, and counts round trips.

Data on its way does not hold up what comes after: a pipeline stays one.  A round trip is a time that
the client sends something after the server has answered.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any


class _Far(asyncio.Protocol):
    """The side of the server: what it sends goes to the client at once."""

    def __init__(self, near: _Near) -> None:
        self.near = near

    def data_received(self, data: bytes) -> None:
        self.near.answered = True
        self.near.transport.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.near.transport.close()


class _Near(asyncio.Protocol):
    """The side of a client: what it sends goes to the server late."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.answered = True
        self.transport: Any = None
        self.far: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.far = self.proxy.loop.create_task(
            self.proxy.loop.create_connection(lambda: _Far(self), *self.proxy.server)
        )

    def data_received(self, data: bytes) -> None:
        if self.answered:
            self.proxy.trips += 1
            self.answered = False
        self.proxy.loop.call_later(self.proxy.delay, self._pass_on, data)

    def _pass_on(self, data: bytes) -> None:
        self.far.add_done_callback(lambda made: made.result()[0].write(data))

    def connection_lost(self, error: Exception | None) -> None:
        close = lambda made: made.result()[0].close()  # noqa: E731  # after what is on its way
        self.proxy.loop.call_later(self.proxy.delay, self.far.add_done_callback, close)


class Proxy:
    """Listens on ``port`` of 127.0.0.1, in a thread of its own, until it is closed."""

    def __init__(self, server: tuple[str, int], delay: float) -> None:
        self.server, self.delay = server, delay
        self.trips = 0
        self.loop = asyncio.new_event_loop()
        listening = self.loop.create_server(lambda: _Near(self), "127.0.0.1", 0)
        self._listening = self.loop.run_until_complete(listening)
        self.port: int = self._listening.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; the clients have gone by then."""
        self.loop.call_soon_threadsafe(self._listening.close)
        # what is still on its way
        self.loop.call_soon_threadsafe(self.loop.call_later, 5 * self.delay + 0.05, self.loop.stop)
        self._thread.join()
        self.loop.close()
