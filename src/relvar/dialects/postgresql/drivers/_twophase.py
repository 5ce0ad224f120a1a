"""
Two-phase commit by statements, for drivers that have no methods for it, or none that quote the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialects.postgresql.dialect import PGDialect

__all__ = ["TwoPhaseByText"]


class TwoPhaseByText(PGDialect):
    """
    PostgreSQL through such a driver, whose connections have ``autocommit``.
    """

    supports_statement_cache = True

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare."""
        self._run(connection.connection, f"PREPARE TRANSACTION {self._xid(xid)}")

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are."""
        return [row[0] for row in self._run_alone(connection, "SELECT gid FROM pg_prepared_xacts")]

    def _outside_transaction(self, connection: Any, text: str, recover: bool) -> None:
        if recover:
            self.do_rollback(connection.connection)
        self._run_alone(connection, text)

    def _run_alone(self, connection: Any, text: str) -> Sequence[Any]:
        """
        Run a statement without beginning a transaction.
        """
        dbapi_connection = connection.connection.dbapi_connection
        before = dbapi_connection.autocommit
        dbapi_connection.autocommit = True
        try:
            return self._run(dbapi_connection, text)
        finally:
            dbapi_connection.autocommit = before

    @staticmethod
    def _run(dbapi_connection: Any, text: str) -> Sequence[Any]:
        cursor = dbapi_connection.cursor()
        try:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else ()
        finally:
            cursor.close()
