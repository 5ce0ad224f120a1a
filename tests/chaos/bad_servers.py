"""
Servers that behave badly: frozen ones, and listeners that never answer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from databases import Absent

from relvar import create_engine, text

DRIVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mariadb+pymysql"}


def _is_stopped(pid: int) -> bool:
    """Tell whether all threads of a process stand still, or it has ended."""
    try:
        states = [state.read_text() for state in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False
    # one that ended stays a zombie as long as its parent is stopped
    return all(state.rpartition(")")[2].split()[0] in ("T", "Z", "X") for state in states)


class PrivateServer:
    """
    A server of our own, which can be frozen.
    """

    def __init__(self, name: str) -> None:
        if name == "postgresql":
            found = databases.start_postgresql(
                databases.system_postgresql() or databases.embedded_postgresql(), name
            )
        else:
            found = databases.start_mariadb()
        if isinstance(found, Absent):
            pytest.skip(found.reason)
        self._database = found
        self.url = found.with_driver(DRIVERS[name])
        engine = create_engine(self.url)
        with engine.connect() as connection:
            if name == "postgresql":
                folder = connection.scalar(text("show data_directory"))
                self._pid = int(Path(folder, "postmaster.pid").read_text().split()[0])
            else:
                self._pid = int(Path(connection.scalar(text("select @@pid_file"))).read_text())
        engine.dispose()

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return [self._pid, *map(int, children)]

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """
        Stop all processes of the server; the kernel goes on to accept connections and bytes.
        """
        stopped = self._processes()
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            # threads stop one by one
            while not all(map(_is_stopped, stopped)):
                time.sleep(0.001)
            yield
        finally:
            for pid in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        for close in self._database.close:
            close()


@contextlib.contextmanager
def silent_listener() -> Iterator[int]:
    """
    A port that accepts connections and never says a word.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """
    A port where packets vanish: the queue of connections is full, so the kernel drops what comes.
    """
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
