"""
PostgreSQL through psycopg2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialect.interface import BindTyping
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.numeric import NUMERIC_COLSPECS

_LOST = (
    "terminating connection",
    "closed the connection",
    "connection not open",
    "could not receive data from server",
    "could not send data to server",
    "connection already closed",
    "cursor already closed",
    "losed the connection unexpectedly",
    "connection has been closed unexpectedly",
    "SSL error: decryption failed or bad record mac",
    "SSL SYSCALL error: Bad file descriptor",
    "SSL SYSCALL error: EOF detected",
    "SSL SYSCALL error: Operation timed out",
    "SSL SYSCALL error: Bad address",
    "SSL SYSCALL error: Success",
)


class PGDialect_psycopg2(PGDialect):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg2.
    """

    driver = "psycopg2"
    supports_statement_cache = True
    supports_server_side_cursors = True
    default_paramstyle = "pyformat"
    # The driver writes values into the text itself: only values whose text could be
    # that of several types are told apart (JSON, arrays, ranges, bits).
    bind_typing = BindTyping.RENDER_CASTS
    supports_sane_multi_rowcount = False
    colspecs = {**PGDialect.colspecs, **NUMERIC_COLSPECS}  # read-only by convention
    _cursor_number = 0

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import psycopg2
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "psycopg2-binary") from err
        return psycopg2

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ("AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            dbapi_connection.set_session(isolation_level=level)

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level."""
        return "AUTOCOMMIT" if dbapi_connection.autocommit else super().get_isolation_level(dbapi_connection)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        connection.readonly = value

    def get_readonly(self, connection: Any) -> bool:
        """Tell whether writing is forbidden."""
        return bool(connection.readonly)

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        connection.deferrable = value

    def get_deferrable(self, connection: Any) -> bool:
        """Read DEFERRABLE."""
        return bool(connection.deferrable)

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        PGDialect_psycopg2._cursor_number += 1
        return dbapi_connection.cursor(f"c_{id(dbapi_connection):x}_{PGDialect_psycopg2._cursor_number:x}")

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed, by the driver's word or the message."""
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        if connection is not None and getattr(connection, "closed", False):
            return True
        text = str(e).partition("\n")[0]
        return any(known in text and f'"{known}' not in text for known in _LOST)


dialect = PGDialect_psycopg2
