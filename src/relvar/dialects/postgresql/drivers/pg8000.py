"""
PostgreSQL through pg8000, which is pure Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relvar import exc
from relvar.dialects.postgresql.dialect import PGExecutionContext
from relvar.dialects.postgresql.drivers._libpq import CANCEL_PATIENCE, can_be_declared
from relvar.dialects.postgresql.drivers._pg8000_compiler import (
    PGCompiler_pg8000,
    PGIdentifierPreparer_pg8000,
)
from relvar.dialects.postgresql.drivers._pg8000_connection import (
    Notices,
    ServerSideCursor,
    naming_network_errors,
    send_cancel,
)
from relvar.dialects.postgresql.drivers._pg8000_types import COLSPECS, read_interval, read_intervals
from relvar.dialects.postgresql.drivers._twophase import TwoPhaseByText
from relvar.dialects.postgresql.hosts import hosts_and_ports

# type codes: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
_JSON_CODES = (114, 3802)
_ADDRESS_CODES = (869, 650)
_VECTOR_CODES = (22, 30)
_INTERVAL_CODE, _INTERVALS_CODE = 1186, 1187


class PGExecutionContext_pg8000(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through pg8000.
    """


class PGDialect_pg8000(TwoPhaseByText):  # SQLAlchemy's name
    """
    PostgreSQL through pg8000.

    Args:
        client_encoding: What the connection speaks, as PostgreSQL calls it.

    Raises:
        NotImplementedError: ``native_inet_types=True``: the driver has such values for INET only.
    """

    driver = "pg8000"
    supports_statement_cache = True
    supports_server_side_cursors = True
    supports_sane_multi_rowcount = True
    supports_native_json_deserialization = True
    dialect_injects_custom_json_deserializer = True
    default_paramstyle = "format"
    minimum_dbapi_version: Any = (1, 16, 6)
    statement_compiler = PGCompiler_pg8000
    preparer = PGIdentifierPreparer_pg8000
    execution_ctx_cls: Any = PGExecutionContext_pg8000
    colspecs: Any = COLSPECS
    _cursor_number = 0

    def __init__(self, client_encoding: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.client_encoding = client_encoding
        if self._native_inet_types:
            raise NotImplementedError(
                "The pg8000 dialect does not fully implement ipaddress type handling; "
                "INET is supported by default, CIDR is not"
            )

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import pg8000
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "pg8000") from err
        return pg8000

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of ``pg8000.connect``.

        Raises:
            ArgumentError: The URL names several hosts; the driver tries only one.
        """
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        hosts, _ = hosts_and_ports(url.query)
        if len(hosts) > 1:
            raise exc.ArgumentError(
                f"pg8000 connects to one host, and the URL names {len(hosts)}: {', '.join(hosts)}; "
                "psycopg takes several"
            )
        opts.update(url.query)
        return [], opts

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect; where the driver lets an error of the network through, it is the driver's after all."""
        try:
            return super().connect(*cargs, **cparams)
        except OSError as err:
            raise self.loaded_dbapi.InterfaceError(f"network error: {err}") from err

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Tell the driver how values travel, set the encoding, log the notices of the server."""

        interface_error = self.loaded_dbapi.InterfaceError

        def connected(dbapi_connection: Any) -> None:
            plain: Any = type(dbapi_connection)
            dbapi_connection.__class__ = naming_network_errors(plain, interface_error)
            dbapi_connection.notices = Notices(dbapi_connection.notices, dbapi_connection.notices.maxlen)
            dbapi_connection.register_in_adapter(_INTERVAL_CODE, read_interval)
            dbapi_connection.register_in_adapter(_INTERVALS_CODE, read_intervals)
            for code in _VECTOR_CODES:
                dbapi_connection.register_in_adapter(code, str)
            if self._native_inet_types is False:
                for code in _ADDRESS_CODES:
                    dbapi_connection.register_in_adapter(code, str)
            if self._json_deserializer is not None:
                for code in _JSON_CODES:
                    dbapi_connection.register_in_adapter(code, self._json_deserializer)
            if self.client_encoding is not None:
                self._run_and_commit(dbapi_connection, f"SET CLIENT_ENCODING TO '{self.client_encoding}'")

        return connected

    @staticmethod
    def _run_and_commit(dbapi_connection: Any, *statements: str) -> None:
        cursor = dbapi_connection.cursor()
        for statement in (*statements, "COMMIT"):
            cursor.execute(statement)
        cursor.close()

    # -- isolation ----------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ("AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            super().set_isolation_level(dbapi_connection, level)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def _set_characteristic(self, dbapi_connection: Any, words: str) -> None:
        self._run_and_commit(dbapi_connection, f"SET SESSION CHARACTERISTICS AS TRANSACTION {words}")

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        self._set_characteristic(connection, "READ ONLY" if value else "READ WRITE")

    def get_readonly(self, connection: Any) -> bool:
        """Tell whether writing is forbidden."""
        return self._is_on(connection, "transaction_read_only")

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        self._set_characteristic(connection, "DEFERRABLE" if value else "NOT DEFERRABLE")

    def get_deferrable(self, connection: Any) -> bool:
        """Read DEFERRABLE."""
        return self._is_on(connection, "transaction_deferrable")

    # -- the driver -----------------------------------------------------------------

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        if not can_be_declared(statement):
            return None
        PGDialect_pg8000._cursor_number += 1
        name = f"c_{id(dbapi_connection):x}_{PGDialect_pg8000._cursor_number:x}"
        return ServerSideCursor(dbapi_connection, name, hold=dbapi_connection.autocommit)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, outside any transaction."""
        before = dbapi_connection.autocommit
        dbapi_connection.autocommit = True
        try:
            self._run(dbapi_connection, self._dialect_specific_select_one)
        finally:
            dbapi_connection.autocommit = before
        return True

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, even if the server is gone."""
        try:
            dbapi_connection.close()
        except (self.loaded_dbapi.Error, OSError):
            # nobody was there to be told; the socket is closed all the same
            pass

    def _is_failed(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection._transaction_status == b"E")

    def _error_code(self, e: BaseException) -> Any:
        fields = e.args[0] if e.args else None
        return fields.get("C") if isinstance(fields, dict) else None

    def _is_unsent(self, e: BaseException) -> bool:
        return "connection is closed" in str(e)

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Send a cancel request; waits for the server, for a limited time."""
        send_cancel(dbapi_connection, CANCEL_PATIENCE)

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection._usock.fileno()  # type: ignore[no-any-return]  # a number

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """
        Tell whether the connection is closed or broken.

        There are two cases: the driver finds nobody at the other end; or the server
        says goodbye, which is an error of a severity that ends the session.

        Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
        """
        if isinstance(e, self.loaded_dbapi.InterfaceError):
            text = str(e)
            return "network error" in text or "connection is closed" in text
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        fields = e.args[0] if e.args else None
        return isinstance(fields, dict) and fields.get("V") in ("FATAL", "PANIC")


dialect = PGDialect_pg8000
