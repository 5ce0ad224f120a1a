"""
Servers that fail: a proxy between the program and its database.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar.engine import make_url

PROXY = Path(__file__).with_name("proxy.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let drivers leave sockets to the collector: connections are cut here on purpose."""
    for item in items:
        if item.path.parent == PROXY.parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed .socket:ResourceWarning"))


class Proxy:
    """
    A TCP proxy to a database server, which can be told to fail.
    """

    def __init__(self, host: str, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROXY), host, str(port)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port, self._control = json.loads(self._process.stdout.readline())

    def tell(self, *words: Any) -> dict[str, Any]:
        """Give it an order: see ``proxy.py``."""
        with socket.create_connection(("127.0.0.1", self._control), timeout=10) as control:
            control.sendall(" ".join(map(str, words)).encode() + b"\n")
            return json.loads(control.makefile().readline())  # type: ignore[no-any-return]  # its state

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="session")
def _proxies() -> Iterator[dict[tuple[str, int], Proxy]]:
    proxies: dict[tuple[str, int], Proxy] = {}
    yield proxies
    for proxy in proxies.values():
        proxy.stop()


@pytest.fixture
def proxy(url: str, _proxies: dict[tuple[str, int], Proxy]) -> Iterator[Proxy]:
    """A proxy to the server of the backend that the test is parametrised with."""
    address = make_url(url)
    usual = 5432 if address.get_backend_name() == "postgresql" else 3306
    target = (address.host or "127.0.0.1", address.port or usual)
    proxy = _proxies.get(target) or _proxies.setdefault(target, Proxy(*target))
    yield proxy
    proxy.tell("heal")


@pytest.fixture
def proxied(url: str, proxy: Proxy) -> str:
    """The URL of the backend, through the proxy."""
    return make_url(url).set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
