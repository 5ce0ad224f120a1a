"""
PostgreSQL through psycopg2.

The driver writes values into the text itself, so only values whose text could be that of several
types are told apart by a cast: JSON, arrays, ranges, bits, UUIDs.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.driver import ignores_context
from relvar.dialects.postgresql.casting import CastUuid, DecodedJSON, DecodedJSONB
from relvar.dialects.postgresql.dialect import PGExecutionContext
from relvar.dialects.postgresql.drivers._libpq import CANCEL_PATIENCE, LibpqDialect, require_answer
from relvar.dialects.postgresql.drivers._notices import log_notice
from relvar.dialects.postgresql.json import JSONB
from relvar.dialects.postgresql.range_text import range_text
from relvar.util.memoized import memoized_property

# libpq tells of a lost connection in words only
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

# type -> the driver's class of its ranges, in psycopg2.extras
_RANGE_CLASSES = {
    "INT4RANGE": "NumericRange",
    "INT8RANGE": "NumericRange",
    "NUMRANGE": "NumericRange",
    "DATERANGE": "DateRange",
    "TSRANGE": "DateTimeRange",
    "TSTZRANGE": "DateTimeTZRange",
}


class ExecutemanyMode(enum.Enum):
    """
    How psycopg2 runs a statement for many rows of parameters.

    INSERT goes as ``INSERT ... VALUES (...), (...)`` either way; with ``VALUES_PLUS_BATCH`` the
    statements of UPDATE and DELETE are sent many at a time.
    """

    VALUES_ONLY = "values_only"
    VALUES_PLUS_BATCH = "values_plus_batch"


class _Notices(list[str]):
    """
    The notices of a connection: each is logged when it comes, and the last few are kept.
    """

    # as many as the driver's own list keeps
    _kept: ClassVar[int] = 50

    def append(self, notice: str) -> None:
        log_notice(notice.rstrip())
        super().append(notice)
        del self[: -self._kept]


@cache
def _knowing_columns(factory: type[Any]) -> type[Any]:
    """
    Return a class of named cursors that know their columns once executed, not after the first fetch.
    """

    class ServerSideCursor(factory):  # type: ignore[misc]  # the class is the driver's, or the user's
        def execute(self, query: Any, vars: Any = None) -> Any:
            super().execute(query, vars)
            return self.fetchmany(0)

    return ServerSideCursor


class PGExecutionContext_psycopg2(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through psycopg2.
    """


class PGDialect_psycopg2(LibpqDialect):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg2.

    Args:
        executemany_mode: ``"values_only"``, also if None, or ``"values_plus_batch"``; see
            `ExecutemanyMode`.
        executemany_batch_page_size: How many statements are sent at a time.

    Raises:
        ArgumentError: There is no such mode.
        NotImplementedError: ``native_inet_types=True``: the driver has no such values.
    """

    driver = "psycopg2"
    supports_statement_cache = True
    returns_native_bytes = False
    use_insertmanyvalues_wo_returning = True
    supports_sane_multi_rowcount: bool = False
    minimum_dbapi_version: Any = (2, 7)
    execution_ctx_cls: Any = PGExecutionContext_psycopg2
    colspecs: dict[
        type[Any], type[Any] | type[DecodedJSON] | type[DecodedJSONB] | type[CastUuid]
    ] = {  # read-only by convention
        **LibpqDialect.colspecs,
        sqltypes.JSON: DecodedJSON,
        JSONB: DecodedJSONB,
        sqltypes.Uuid: CastUuid,
    }

    psycopg2_version: tuple[int, ...] = (0, 0)

    def __init__(
        self,
        executemany_mode: str | None = "values_only",
        executemany_batch_page_size: int = 100,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if self._native_inet_types:
            raise NotImplementedError(
                f"The {self.driver} dialect does not implement ipaddress type handling; native_inet_types "
                "cannot be set to ``True`` when using this dialect."
            )
        try:
            self.executemany_mode: ExecutemanyMode | None = (
                None if executemany_mode is None else ExecutemanyMode(executemany_mode)
            )
        except ValueError:
            raise exc.ArgumentError(
                f"Invalid value for 'executemany_mode': {executemany_mode!r} (it is "
                "'values_only', 'values_plus_batch' or None)"
            ) from None
        self.executemany_batch_page_size = executemany_batch_page_size
        # execute_batch() counts the rows of its last page only
        self.supports_sane_multi_rowcount = self.executemany_mode is not ExecutemanyMode.VALUES_PLUS_BATCH
        if self.dbapi is not None:
            # what stands in for psycopg2 may say no version
            self.psycopg2_version = (self.retrieve_dbapi_version(self.dbapi) or self.minimum_dbapi_version)[
                :3
            ]
            if self.psycopg2_version < self.minimum_dbapi_version:
                raise ImportError(f"{self.driver} version 2.7 or higher is required.")

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import psycopg2
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "psycopg2-binary") from err
        return psycopg2

    @memoized_property
    def _extras(self) -> Any:
        """The driver's module of additions."""
        from psycopg2 import extras

        return extras

    # -- values -------------------------------------------------------------------

    def _range_makers(self, type_name: str) -> tuple[Callable[[Any], Any] | None, None]:
        """
        Give what makes psycopg2's ranges of ours; of multiranges it knows nothing.
        """
        class_name = _RANGE_CLASSES.get(type_name)
        if class_name is None:
            return range_text, None
        make = getattr(self._extras, class_name)
        return lambda value: make(value.lower, value.upper, value.bounds, value.empty), None

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Tell the driver how values travel, set the encoding, log the notices of the server."""
        extras, encoding = self._extras, self.client_encoding

        def connected(dbapi_connection: Any) -> None:
            dbapi_connection.notices = _Notices(dbapi_connection.notices)
            if encoding is not None:
                dbapi_connection.set_client_encoding(encoding)
            extras.register_uuid(None, dbapi_connection)
            if self.use_native_hstore:
                self._register_hstore(dbapi_connection)
            if self._json_deserializer is not None:
                for register in (extras.register_default_json, extras.register_default_jsonb):
                    register(dbapi_connection, loads=self._json_deserializer)

        return connected

    def _register_hstore(self, dbapi_connection: Any) -> None:
        oids, array_oids = self._extras.HstoreAdapter.get_oids(dbapi_connection)
        self._has_native_hstore = bool(oids)
        if oids:
            self._extras.register_hstore(
                dbapi_connection, oid=tuple(oids), array_oid=tuple(array_oids) or None
            )

    # -- isolation ----------------------------------------------------------------

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            dbapi_connection.set_session(isolation_level=level)

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        connection.readonly = value

    def get_readonly(self, connection: Any) -> Any:
        """Tell whether writing is forbidden; None: as the server has it."""
        return connection.readonly

    # -- the driver -----------------------------------------------------------------

    def _is_idle(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection.info.transaction_status == 0)

    def _named_cursor(self, dbapi_connection: Any, name: str, withhold: bool) -> Any:
        factory: type[Any] = dbapi_connection.cursor_factory or self.loaded_dbapi.extensions.cursor
        cursor = dbapi_connection.cursor(name, cursor_factory=_knowing_columns(factory))  # type: ignore[arg-type]  # mypy: a class has no hash
        cursor.withhold = withhold
        return cursor

    @ignores_context
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows of parameters, in batches if so told."""
        if self.executemany_mode is ExecutemanyMode.VALUES_PLUS_BATCH:
            self._extras.execute_batch(
                cursor, statement, parameters, page_size=self.executemany_batch_page_size
            )
        else:
            cursor.executemany(statement, parameters)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, outside any transaction."""
        before = dbapi_connection.autocommit
        if not before:
            dbapi_connection.autocommit = True
        try:
            cursor = dbapi_connection.cursor()
            try:
                cursor.execute(self._dialect_specific_select_one)
            finally:
                cursor.close()
        finally:
            if not before and not dbapi_connection.closed:
                dbapi_connection.autocommit = before
        return True

    def _error_code(self, e: BaseException) -> Any:
        return getattr(e, "pgcode", None)

    def _is_unsent(self, e: BaseException) -> bool:
        return isinstance(e, self.loaded_dbapi.InterfaceError)

    def do_cancel(self, dbapi_connection: Any) -> None:
        """
        Send a cancel request; waits for the server, which must answer another connection first.

        While psycopg2 (2.9) waits for its cancel request, no thread of the process runs.
        """
        shared = self._shared_socket(dbapi_connection)
        if shared is not None:
            with shared:
                require_answer(shared, CANCEL_PATIENCE)
        dbapi_connection.cancel()

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed, by the driver's word or the message."""
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        if connection is not None and getattr(connection, "closed", False):
            return True
        text = str(e).partition("\n")[0]
        return any(known in text and f'"{known}' not in text for known in _LOST)


dialect = PGDialect_psycopg2
