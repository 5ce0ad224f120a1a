"""
The part of a dialect that is about what goes wrong: stop a call, cut a connection, tell errors apart.
"""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

from relvar.dialect.limit import Limit

# socket.SHUT_RDWR, without importing the module
_BOTH_WAYS = 2


class FailureMethods:
    """
    What a dialect does with its driver when a call takes too long or fails.
    """

    # Codes as `_error_code` gives them: the whole transaction may succeed if it is tried again ...
    _RETRYABLE_CODES: ClassVar[frozenset[Any]] = frozenset()
    # ... and the statement was stopped because somebody asked for it.
    _CANCELLED_CODES: ClassVar[frozenset[Any]] = frozenset()

    # -- stopping -----------------------------------------------------------------

    def do_cancel(self, dbapi_connection: Any) -> None:
        """
        Stop the statement that runs on a connection, from another thread; the connection stays usable.

        Raises:
            NotImplementedError: The driver has no way to do it.
        """
        raise NotImplementedError()

    def do_sever(self, dbapi_connection: Any) -> None:
        """
        Cut a connection, from another thread, so that a call that waits for its server ends with an error.

        Does not wait for the server, which may be frozen or out of reach.
        """
        shared = self._shared_socket(dbapi_connection)
        if shared is not None:
            with shared, contextlib.suppress(OSError):
                shared.shutdown(_BOTH_WAYS)

    def _fileno(self, dbapi_connection: Any) -> int | None:
        """Give the descriptor of the socket to the server; None or an error: there is none."""
        return dbapi_connection.fileno()  # type: ignore[no-any-return]  # a number

    def _shared_socket(self, dbapi_connection: Any) -> Any:
        """
        Give an object for the socket to the server, to be closed by the caller, or None.

        It has a descriptor of its own: what the driver does to its one can't make ours another file.
        """
        import os  # only a call that hangs is cut off
        import socket

        try:
            fileno = self._fileno(dbapi_connection)
            return None if fileno is None else socket.socket(fileno=os.dup(fileno))
        except Exception:
            # closed already, or a driver that does not show it
            return None

    def _peer(self, dbapi_connection: Any) -> Any:
        """Give the address of the server a connection is to, or None where there is none to be had."""
        shared = self._shared_socket(dbapi_connection)
        if shared is None:
            return None
        with shared:
            try:
                return shared.getpeername()
            except OSError:
                return None

    def _connect_again(self) -> Any:
        """
        Connect once more, as the pool does; the connection is the caller's to close.  Replaced by the engine.

        Raises:
            NotImplementedError: There is no engine that says where to.
        """
        raise NotImplementedError()

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        """
        Make a context manager that lets the call in it take so many seconds.

        Args:
            can_cancel: Whether to ask the server to stop; else the connection is cut at once.
        """
        return Limit(self, dbapi_connection, seconds, can_cancel)

    # -- telling errors apart -----------------------------------------------------

    def _error_code(self, e: BaseException) -> Any:
        """Give the database's own code for an error of the driver, or None."""
        return None

    def is_retryable(self, e: BaseException) -> bool:
        """
        Tell whether a transaction that ended with an error of the driver may succeed if it is tried again.

        These are conflicts with other transactions: deadlocks, failed serialization, locks waited for.
        """
        return self._error_code(e) in self._RETRYABLE_CODES

    def _is_cancelled(self, e: BaseException) -> bool:
        """Tell whether an error of the driver says that the statement was stopped on request."""
        return self._error_code(e) in self._CANCELLED_CODES

    def _is_unsent(self, e: BaseException) -> bool:
        """Tell whether an error of a lost connection says that nothing was sent."""
        return False
