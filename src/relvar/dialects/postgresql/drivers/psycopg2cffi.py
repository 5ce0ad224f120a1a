"""
PostgreSQL through psycopg2cffi, which is psycopg2 for PyPy.
"""

from __future__ import annotations

from typing import Any

from relvar.dialects.postgresql.drivers.psycopg2 import PGDialect_psycopg2
from relvar.util.memoized import memoized_property


class PGDialect_psycopg2cffi(PGDialect_psycopg2):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg2cffi.
    """

    driver = "psycopg2cffi"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import psycopg2cffi
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "psycopg2cffi") from err
        return psycopg2cffi

    @memoized_property
    def _extras(self) -> Any:
        """The driver's module of additions."""
        from psycopg2cffi import extras

        return extras

    # Its connections have no attributes for these two.

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        connection.set_session(readonly=value)

    def get_readonly(self, connection: Any) -> bool:
        """Tell whether writing is forbidden."""
        return self._is_on(connection, "transaction_read_only")

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        connection.set_session(deferrable=value)

    def get_deferrable(self, connection: Any) -> bool:
        """Read DEFERRABLE."""
        return self._is_on(connection, "transaction_deferrable")

    def _is_idle(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection.get_transaction_status() == 0)


dialect = PGDialect_psycopg2cffi
