"""
Deadlines that the driver keeps: pyodbc and mssql-python have ``Connection.timeout``, and show no socket.
"""

from __future__ import annotations

from contextlib import suppress
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Any

from relvar.dialects.mssql.dialect import MSDialect

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["DriverTimeout"]


class DriverTimeout(MSDialect):
    """
    A dialect whose driver ends statements that take too long.

    The driver asks the server to stop, and counts whole seconds; what is set holds for cursors made from
    then on.
    """

    def _set_query_timeout(self, dbapi_connection: Any) -> None:
        """Set the engine's ``query_timeout`` on a new connection."""
        if self.query_timeout:
            dbapi_connection.timeout = self.query_timeout

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        return _DriverLimit(self, dbapi_connection, seconds)


class _DriverLimit:
    """
    A context manager that has the ODBC driver end a call after so many seconds, rounded up.

    Attributes:
        severed: The connection is never cut.
    """

    severed = False

    def __init__(self, dialect: Any, dbapi_connection: Any, seconds: float) -> None:
        self._dialect = dialect
        self._connection = dbapi_connection
        self._seconds = max(1, ceil(seconds))
        self._ends_at = monotonic() + seconds

    @property
    def acted(self) -> bool:
        """Whether the time was up."""
        return monotonic() >= self._ends_at

    def explains(self, err: BaseException, is_lost: bool) -> bool:
        """Tell whether an error of the call is due to the limit."""
        return self.acted and bool(self._dialect._is_cancelled(err))

    def __enter__(self) -> Self:
        self._before = self._connection.timeout
        self._connection.timeout = self._seconds
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # a closed connection has no attributes
        with suppress(self._dialect.loaded_dbapi.Error):
            self._connection.timeout = self._before
