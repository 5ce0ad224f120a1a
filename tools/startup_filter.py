"""
A proxy in front of a PostgreSQL server: of what a client says of itself, it passes on what the server knows.

redshift_connector tells its version, its system and more when it connects, which PostgreSQL refuses;
PgBouncer, where it is installed, takes no notice of it as well.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

_KNOWN = frozenset({b"user", b"database", b"application_name", b"client_encoding"})


def _received(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise ConnectionError("the client is gone")
        data += part
    return data


def known_only(message: bytes) -> bytes:
    """
    Return a StartupMessage without parameters that PostgreSQL does not know.

    Source: https://www.postgresql.org/docs/current/protocol-message-formats.html

    >>> known_only(b"\\0\\0\\0\\x1c\\0\\3\\0\\0user\\0me\\0os_version\\0x\\0\\0")
    b'\\x00\\x00\\x00\\x11\\x00\\x03\\x00\\x00user\\x00me\\x00\\x00'
    """
    words = message[8:].split(b"\0")
    pairs = [(name, value) for name, value in zip(words[::2], words[1::2]) if name in _KNOWN]
    kept = b"".join(name + b"\0" + value + b"\0" for name, value in pairs) + b"\0"
    return struct.pack(">I", len(kept) + 8) + message[4:8] + kept


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _serve(client: socket.socket, server_address: tuple[str, int]) -> None:
    with client, contextlib.suppress(OSError):
        head = _received(client, 4)
        message = head + _received(client, struct.unpack(">I", head)[0] - 4)
        with socket.create_connection(server_address) as server:
            server.sendall(known_only(message))
            answers = threading.Thread(target=_pump, args=(server, client), daemon=True)
            answers.start()
            _pump(client, server)
            answers.join()


@contextlib.contextmanager
def startup_filter(host: str, port: int) -> Iterator[int]:
    """
    Give the port of a proxy in front of a server.
    """
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=_serve, args=(client, (host, port)), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
