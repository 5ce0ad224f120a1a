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

    def _is_idle(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection.get_transaction_status() == 0)


dialect = PGDialect_psycopg2cffi
