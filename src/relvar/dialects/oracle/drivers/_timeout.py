"""
The limit of one call: the driver's own ``call_timeout``.

Source: https://python-oracledb.readthedocs.io/en/latest/api_manual/connection.html#oracledb.Connection.call_timeout
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["CallTimeout"]


class CallTimeout:
    """
    A context manager that lets each trip of a call to the server take so many seconds.

    An execution, and a fetch, are one trip, but for LOBs.  When the time is up the driver asks the server
    to stop;
    if that does not answer, the driver closes the connection.  Both is an error, which `explains` knows.
    """

    # the driver cuts the connection, and says so in its error
    severed = False

    def __init__(self, dialect: Any, dbapi_connection: Any, seconds: float) -> None:
        self._dialect = dialect
        self._connection = dbapi_connection
        self._seconds = seconds
        self._until = math.inf

    @property
    def acted(self) -> bool:
        """Whether the time was up."""
        return time.monotonic() >= self._until

    def explains(self, err: BaseException, is_lost: bool) -> bool:
        """Tell whether an error of the call is due to the limit."""
        return self._dialect._is_cancelled(err) or (is_lost and self.acted)

    def __enter__(self) -> Self:
        # 0 would be no limit
        milliseconds = max(1, math.ceil(self._seconds * 1000))
        self._before = self._connection.call_timeout
        self._connection.call_timeout = milliseconds
        # a timer of the driver may be a little early
        self._until = time.monotonic() + self._seconds * 0.98
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if type_ is None or not self._dialect.is_disconnect(value, self._connection, None):
            self._connection.call_timeout = self._before
