"""
Connections and cursors of pg8000, with what the driver itself lacks.
"""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from relvar.dialects.postgresql.drivers._notices import log_notice

__all__ = ["Notices", "ServerSideCursor", "naming_network_errors", "send_cancel"]

# https://www.postgresql.org/docs/current/protocol-message-formats.html: CancelRequest
_CANCEL_REQUEST = 80877102


class ServerSideCursor:
    """
    A cursor declared on the server; rows come as they are asked for.

    Args:
        dbapi_connection: The driver's connection.
        name: What the cursor is called on the server.
        hold: Whether it lives on without a transaction.
    """

    server_side = True

    def __init__(self, dbapi_connection: Any, name: str, hold: bool) -> None:
        self._connection = dbapi_connection
        self._cursor = dbapi_connection.cursor()
        self.name = name
        self._hold = hold
        self._declared = False
        self.arraysize = 1

    @property
    def description(self) -> Any:
        """The columns."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """Not known before all rows are read."""
        return -1

    def execute(self, operation: str, args: Sequence[Any] = ()) -> ServerSideCursor:
        """Declare the cursor, and learn its columns."""
        hold = " WITH HOLD" if self._hold else ""
        self._cursor.execute(f"DECLARE {self.name} NO SCROLL CURSOR{hold} FOR {operation}", args)
        self._declared = True
        self._fetch("0")
        return self

    def _fetch(self, count: str) -> Sequence[Any]:
        self._cursor.execute(f"FETCH FORWARD {count} FROM {self.name}")
        return self._cursor.fetchall()  # type: ignore[no-any-return]  # the driver's rows

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        rows = self._fetch("1")
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """Give the next *size* rows."""
        return self._fetch(str(self.arraysize if size is None else size))

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        return self._fetch("ALL")

    def close(self) -> None:
        """Close the cursor; one that a failed transaction has taken along needs no closing."""
        if self._declared:
            self._declared = False
            if self._hold or self._connection._transaction_status == b"T":
                self._cursor.execute(f"CLOSE {self.name}")
        self._cursor.close()


@cache
def naming_network_errors(connection_class: type[Any], error: type[Exception]) -> type[Any]:
    """
    Return a class of connections that raise an error of the driver where the network fails while they read.

    The driver (1.31) does so only where it writes; what it lets through is no error of a database to anyone.
    """

    class Connection(connection_class):  # type: ignore[misc]  # the class is the driver's
        def handle_messages(self, context: Any) -> None:
            try:
                super().handle_messages(context)
            except OSError as err:
                raise error("network error") from err

    return Connection


def send_cancel(dbapi_connection: Any, patience: float) -> None:
    """
    Ask the server to stop what a connection runs; returns when it has been told.

    The request carries a secret of the connection and no more; servers take it without encryption.
    """
    theirs = dbapi_connection._usock
    secret = dbapi_connection._backend_key_data
    with socket.socket(theirs.family, socket.SOCK_STREAM) as messenger:
        messenger.settimeout(patience)
        messenger.connect(theirs.getpeername())
        messenger.sendall(struct.pack("!ii", 8 + len(secret), _CANCEL_REQUEST) + secret)
        # the server answers nothing, and closes when it has sent the signal
        messenger.recv(1)


class Notices(deque[Any]):
    """
    The notices of a connection: each is logged when it comes.
    """

    def append(self, notice: Mapping[bytes, bytes]) -> None:
        log_notice(f"{notice[b'S'].decode()}: {notice[b'M'].decode()}")
        super().append(notice)
