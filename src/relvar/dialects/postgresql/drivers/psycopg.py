"""
PostgreSQL through psycopg 3.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialects.postgresql.casting import CAST_COLSPECS
from relvar.dialects.postgresql.dialect import PGDialect, PGExecutionContext
from relvar.dialects.postgresql.numeric import NUMERIC_COLSPECS
from relvar.util.memoized import memoized_property

logger = logging.getLogger("sqlalchemy.dialects.postgresql")

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


class PGExecutionContext_psycopg(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through psycopg.
    """


class PGDialect_psycopg(PGDialect):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg 3.
    """

    driver = "psycopg"
    supports_statement_cache = True
    supports_server_side_cursors = True
    default_paramstyle = "pyformat"
    supports_sane_multi_rowcount = True
    supports_native_json_deserialization = True
    dialect_injects_custom_json_deserializer = True
    execution_ctx_cls = PGExecutionContext_psycopg
    colspecs = {**PGDialect.colspecs, **NUMERIC_COLSPECS, **CAST_COLSPECS}  # read-only by convention
    _cursor_number = 0

    psycopg_version: tuple[int, ...] = (0, 0)

    def __init__(self, use_native_hstore: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_native_hstore = use_native_hstore
        if self.dbapi is not None:
            found = _VERSION.match(self.dbapi.__version__)
            if found is not None:
                self.psycopg_version = tuple(int(part) for part in found.group(1, 2, 3) if part is not None)
            if self.psycopg_version < (3, 0, 2):
                raise ImportError("psycopg version 3.0.2 or higher is required.")

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import psycopg
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "psycopg[binary]") from err
        return psycopg

    @memoized_property
    def _adapters(self) -> Any:
        """How values travel: psycopg's way, with the dialect's JSON functions."""
        from psycopg.adapt import AdaptersMap
        from psycopg.types.json import set_json_dumps, set_json_loads

        adapters = AdaptersMap(self.loaded_dbapi.adapters)
        if self._json_deserializer is not None:
            loads: Any = self._json_deserializer
            set_json_loads(loads=loads, context=adapters)
        if self._json_serializer is not None:
            set_json_dumps(dumps=self._json_serializer, context=adapters)
        return adapters

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``psycopg.connect``."""
        cargs, cparams = super().create_connect_args(url)
        if self.dbapi is not None:
            cparams["context"] = self._adapters
        return cargs, cparams

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Log the notices of the server."""

        def notices(dbapi_connection: Any) -> None:
            dbapi_connection.add_notice_handler(_log_notice)

        return notices

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ("AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            dbapi_connection.isolation_level = self.loaded_dbapi.IsolationLevel[level.replace(" ", "_")]

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level, leaving the transaction as it was."""
        if dbapi_connection.autocommit:
            return "AUTOCOMMIT"
        idle = dbapi_connection.info.transaction_status == self.loaded_dbapi.pq.TransactionStatus.IDLE
        level = super().get_isolation_level(dbapi_connection)
        if idle:
            dbapi_connection.rollback()
        return level

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        connection.read_only = value

    def get_readonly(self, connection: Any) -> bool:
        """Tell whether writing is forbidden."""
        return bool(connection.read_only)

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        connection.deferrable = value

    def get_deferrable(self, connection: Any) -> bool:
        """Read DEFERRABLE."""
        return bool(connection.deferrable)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, outside any transaction."""
        before = None
        if not dbapi_connection.autocommit:
            before = False
            dbapi_connection.autocommit = True
        try:
            cursor = dbapi_connection.execute("")
            cursor.close()
        finally:
            if before is not None and not dbapi_connection.closed:
                dbapi_connection.autocommit = before
        return True

    def _outside_transaction(self, connection: Any, text: str, recover: bool) -> None:
        dbapi_connection = connection.connection.dbapi_connection
        if dbapi_connection.info.transaction_status != self.loaded_dbapi.pq.TransactionStatus.IDLE:
            self.do_rollback(dbapi_connection)
        before = dbapi_connection.autocommit
        dbapi_connection.autocommit = True
        try:
            connection.exec_driver_sql(text)
        finally:
            dbapi_connection.autocommit = before

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        # Only queries can be declared as cursors.
        PGDialect_psycopg._cursor_number += 1
        return dbapi_connection.cursor(f"c_{id(dbapi_connection):x}_{PGDialect_psycopg._cursor_number:x}")

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed or broken."""
        if isinstance(e, self.loaded_dbapi.Error) and connection is not None:
            return bool(connection.closed or connection.broken)
        return False


def _log_notice(diagnostic: Any) -> None:
    logger.info("%s: %s", diagnostic.severity, diagnostic.message_primary)


dialect = PGDialect_psycopg
