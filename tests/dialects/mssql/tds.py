"""
The beginning of a TDS server: it negotiates, takes or refuses the login, and answers requests with errors.

It is no database: whatever is asked, the answer is the error or the row it was given, as SQL Server would
send it.

Source: [MS-TDS], https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

_PRELOGIN, _LOGIN, _ANSWER, _ATTENTION = 0x12, 0x10, 0x04, 0x06
_LAST = 0x01
_ERROR, _LOGIN_ACK, _CHANGE, _DONE = 0xAA, 0xAD, 0xE3, 0xFD
_FAILED, _COUNTED, _STOPPED = 0x02, 0x10, 0x20
# of errors that the user can correct
_SEVERITY = 14
# TDS 7.4, as the server writes it
_TDS_74 = b"\x74\x00\x00\x04"


def _packet(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBHHBB", kind, _LAST, len(data) + 8, 0, 1, 0) + data


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def _b_text(text: str) -> bytes:
    return bytes([len(text)]) + _wide(text)


def _us_text(text: str) -> bytes:
    return struct.pack("<H", len(text)) + _wide(text)


def _token(kind: int, data: bytes) -> bytes:
    return struct.pack("<BH", kind, len(data)) + data


def _error(number: int, message: str) -> bytes:
    data = struct.pack("<iBB", number, 1, _SEVERITY) + _us_text(message)
    return _token(_ERROR, data + _b_text("stub") + _b_text("") + struct.pack("<i", 1))


def _done(status: int, rows: int = 0) -> bytes:
    return struct.pack("<BHHQ", _DONE, status, 0, rows)


def _prelogin() -> bytes:
    """Say which version this is, and that nothing is encrypted."""
    options = [(0x00, struct.pack(">IH", 0x10000000, 0)), (0x01, b"\x02"), (0x02, b"\x00")]
    offset = 5 * len(options) + 1
    head, body = b"", b""
    for kind, value in options:
        head += struct.pack(">BHH", kind, offset + len(body), len(value))
        body += value
    return head + b"\xff" + body


def _login_ack() -> bytes:
    name = "Microsoft SQL Server"
    ack = b"\x01" + _TDS_74 + _b_text(name) + b"\x10\x00\x00\x01"
    # of database, language and packet size, new and old
    changes = [(0x01, "d", "master"), (0x02, "us_english", ""), (0x04, "4096", "4096")]
    said = b"".join(
        _token(_CHANGE, bytes([what]) + _b_text(new) + _b_text(old)) for what, new, old in changes
    )
    return said + _token(_LOGIN_ACK, ack) + _done(0)


def _one_row(number: int, text: str) -> bytes:
    """
    The answer to a query of two columns, ``n`` INT and ``s`` NVARCHAR(30): one row of them.

    Source: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/, COLMETADATA and ROW
    """
    collation = b"\x09\x04\xd0\x00\x34"
    said = text.encode("utf-16-le")
    columns = struct.pack("<H", 2)
    columns += struct.pack("<IHBB", 0, 1, 0x26, 4) + _b_text("n")
    columns += struct.pack("<IHBH", 0, 1, 0xE7, 60) + collation + _b_text("s")
    row = struct.pack("<Bi", 4, number) + struct.pack("<H", len(said)) + said
    return b"\x81" + columns + b"\xd1" + row + _done(_COUNTED, rows=1)


class Server:
    """
    Listens on a free port of the loopback.

    Attributes:
        login_error: Number and message that logins are refused with; None: they succeed.
        answer: Number and message that each request is answered with; empty: that it is done; None: the
            connection is dropped.
        row: Instead, each request is answered with one row of a number and a text.
        hangs: Requests are not answered, until the client asks to stop.
    """

    def __init__(self) -> None:
        self.login_error: tuple[int, str] | None = (18456, "Login failed for user 'u'.")
        self.answer: tuple[int, str] | tuple[()] | None = ()
        self.row: tuple[int, str] | None = None
        self.hangs = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, struct.error):
            while True:
                kind, data = self._read(client)
                if kind == _PRELOGIN:
                    client.sendall(_packet(_ANSWER, _prelogin()))
                elif kind == _LOGIN:
                    if self.login_error is not None:
                        client.sendall(_packet(_ANSWER, _error(*self.login_error) + _done(_FAILED)))
                        return
                    client.sendall(_packet(_ANSWER, _login_ack()))
                elif kind == _ATTENTION:
                    client.sendall(_packet(_ANSWER, _done(_STOPPED)))
                elif not self.hangs:
                    if self.answer is None:
                        return
                    if self.row is not None:
                        client.sendall(_packet(_ANSWER, _one_row(*self.row)))
                        continue
                    says = _error(*self.answer) + _done(_FAILED) if self.answer else _done(0)
                    client.sendall(_packet(_ANSWER, says))

    def _read(self, client: socket.socket) -> tuple[int, bytes]:
        data = b""
        while True:
            head = self._exactly(client, 8)
            kind, status, length = struct.unpack(">BBH", head[:4])
            data += self._exactly(client, length - 8)
            if status & _LAST:
                return kind, data

    @staticmethod
    def _exactly(client: socket.socket, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = client.recv(count - len(data))
            if not piece:
                raise OSError("the client is gone")
            data += piece
        return data

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server, for as long as the block runs."""
    server = Server()
    try:
        yield server
    finally:
        server.close()
