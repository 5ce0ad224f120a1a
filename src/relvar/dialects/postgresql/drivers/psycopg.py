"""
PostgreSQL through psycopg 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from relvar import types as sqltypes
from relvar.dialect.registry import registry
from relvar.dialects.postgresql.casting import CAST_COLSPECS, DecodedJSON, DecodedJSONB
from relvar.dialects.postgresql.dialect import PGExecutionContext
from relvar.dialects.postgresql.drivers._libpq import CANCEL_PATIENCE, LibpqDialect
from relvar.dialects.postgresql.drivers._notices import log_notice
from relvar.dialects.postgresql.json import JSONB
from relvar.types.base import BindProcessor
from relvar.util.memoized import memoized_property

if TYPE_CHECKING:
    from relvar.dialects.postgresql.array_elements import ElementKind

# https://www.psycopg.org/psycopg3/docs/api/connections.html#psycopg.Connection.cancel_safe
SAFE_CANCEL = (3, 2)
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


class _JSON(DecodedJSON):
    """
    JSON that the driver encodes, too.
    """

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return self._make_bind_processor(None, dialect._json_wrappers[0])


class _JSONB(DecodedJSONB):
    """
    JSONB that the driver encodes, too.
    """

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return self._make_bind_processor(None, dialect._json_wrappers[1])


class PGExecutionContext_psycopg(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through psycopg.
    """


class PGDialect_psycopg(LibpqDialect):  # SQLAlchemy's name
    """
    PostgreSQL through psycopg 3.
    """

    driver = "psycopg"
    supports_statement_cache = True
    supports_sane_multi_rowcount = True
    writes_by_array = True
    supports_native_json_serialization = True
    supports_native_json_deserialization = True
    dialect_injects_custom_json_deserializer = True
    minimum_dbapi_version: Any = (3, 0, 2)
    execution_ctx_cls: Any = PGExecutionContext_psycopg
    colspecs: dict[type[Any], type[Any] | Any | type[_JSON] | type[_JSONB]] = {  # read-only by convention
        **LibpqDialect.colspecs,
        **CAST_COLSPECS,
        sqltypes.JSON: _JSON,
        JSONB: _JSONB,
    }

    psycopg_version: tuple[int, ...] = (0, 0)

    def __init__(self, transaction_pooling: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.transaction_pooling = transaction_pooling
        if self.dbapi is not None:
            found = _VERSION.match(self.dbapi.__version__)
            if found is not None:
                self.psycopg_version = tuple(int(part) for part in found.group(1, 2, 3) if part is not None)
            if self.psycopg_version < self.minimum_dbapi_version:
                raise ImportError("psycopg version 3.0.2 or higher is required.")

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Any]:
        """Give the class for asyncio, of the same driver."""
        # it derives from this one
        found: type[Any] = registry.load("postgresql.psycopg_async")
        return found

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import psycopg
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "psycopg[binary]") from err
        return psycopg

    # -- values -------------------------------------------------------------------

    @memoized_property
    def _json_wrappers(self) -> tuple[Any, Any]:
        """The classes that tell the driver to encode a value."""
        from psycopg.types.json import Json, Jsonb

        return Json, Jsonb

    def _range_makers(self, type_name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        """
        Give what makes psycopg's ranges and multiranges of ours.
        """
        from psycopg.types.multirange import Multirange
        from psycopg.types.range import Range

        return lambda value: Range(value.lower, value.upper, value.bounds, value.empty), Multirange

    @memoized_property
    def _adapters(self) -> Any:
        """How values travel: psycopg's way, with what the engine was told."""
        from psycopg.adapt import AdaptersMap
        from psycopg.types.json import set_json_dumps, set_json_loads
        from psycopg.types.string import TextLoader

        adapters = AdaptersMap(self.loaded_dbapi.adapters)
        if self._native_inet_types is False:
            adapters.register_loader("inet", TextLoader)
            adapters.register_loader("cidr", TextLoader)
        if self._json_deserializer is not None:
            loads: Any = self._json_deserializer
            set_json_loads(loads=loads, context=adapters)
        if self._json_serializer is not None:
            set_json_dumps(dumps=self._json_serializer, context=adapters)
        return adapters

    def _text_senders(self, dbapi_connection: Any) -> Callable[[type], bool]:
        from psycopg.adapt import PyFormat

        get_dumper = dbapi_connection.adapters.get_dumper
        return lambda class_: get_dumper(class_, PyFormat.AUTO).__module__.startswith("psycopg")

    def _element_kind(self, impl: Any, kind: ElementKind) -> ElementKind:
        """
        Give how a type's values stand in an array: those that the driver wraps.
        """
        if isinstance(impl, sqltypes.LargeBinary):
            from relvar.dialects.postgresql.array_elements import hexadecimal_elements

            return kind._replace(
                classes=frozenset({self.loaded_dbapi.Binary}),
                write=lambda values: hexadecimal_elements([value.obj for value in values]),
            )
        if isinstance(impl, sqltypes.JSON):
            from psycopg.adapt import PyFormat

            from relvar.dialects.postgresql.array_elements import quoted_elements

            class_ = self._json_wrappers[isinstance(impl, JSONB)]
            dump = self._adapters.get_dumper(class_, PyFormat.TEXT)(class_, self._adapters).dump
            return kind._replace(
                classes=frozenset({class_}),
                write=lambda values: quoted_elements([dump(value).decode() for value in values]),
            )
        return kind

    def initialize(self, connection: Any) -> None:
        """Find out what the server can do, and whether it has hstore."""
        super().initialize(connection)
        if self.use_native_hstore:
            from psycopg.types.hstore import register_hstore

            dbapi_connection = connection.connection.dbapi_connection
            was_idle = self._is_idle(dbapi_connection)
            info = self._fetch_type_info(dbapi_connection, "hstore")
            if was_idle:
                dbapi_connection.rollback()
            self._has_native_hstore = info is not None
            if info is not None:
                # connections to come, and the one that is here
                register_hstore(info, self._adapters)
                register_hstore(info, connection.connection.driver_connection)

    def _fetch_type_info(self, dbapi_connection: Any, name: str) -> Any:
        from psycopg.types import TypeInfo

        return TypeInfo.fetch(dbapi_connection, name)

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``psycopg.connect``."""
        cargs, cparams = super().create_connect_args(url)
        if self.dbapi is not None:
            cparams["context"] = self._adapters
        if self.transaction_pooling:
            # nothing is prepared
            cparams.setdefault("prepare_threshold", None)
        return cargs, cparams

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Log the notices of the server, and set the encoding."""
        encoding = self.client_encoding

        def connected(dbapi_connection: Any) -> None:
            dbapi_connection.add_notice_handler(_log_diagnostic)
            if encoding is not None:
                dbapi_connection.execute("select set_config('client_encoding', %s, false)", (encoding,))
                dbapi_connection.commit()

        return connected

    # -- isolation ----------------------------------------------------------------

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.autocommit = True
        else:
            dbapi_connection.autocommit = False
            dbapi_connection.isolation_level = self.loaded_dbapi.IsolationLevel[level.replace(" ", "_")]

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Forbid or allow writing."""
        connection.read_only = value

    def get_readonly(self, connection: Any) -> Any:
        """Tell whether writing is forbidden; None: as the server has it."""
        return connection.read_only

    # -- the driver -----------------------------------------------------------------

    def _is_idle(self, dbapi_connection: Any) -> bool:
        status = dbapi_connection.info.transaction_status
        return bool(status == self.loaded_dbapi.pq.TransactionStatus.IDLE)

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

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        if self.transaction_pooling and dbapi_connection.autocommit:
            # the next FETCH may reach another session
            return None
        return super()._server_side_cursor(dbapi_connection, statement)

    def _is_unsent(self, e: BaseException) -> bool:
        return str(e) == "the connection is closed"

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Send a cancel request; waits for the server, for a limited time where libpq can do so."""
        if self.psycopg_version >= SAFE_CANCEL:
            dbapi_connection.cancel_safe(timeout=CANCEL_PATIENCE)
        else:
            dbapi_connection.cancel()

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed or broken."""
        if isinstance(e, self.loaded_dbapi.Error) and connection is not None:
            return bool(connection.closed or connection.broken)
        return False


def _log_diagnostic(diagnostic: Any) -> None:
    log_notice(f"{diagnostic.severity}: {diagnostic.message_primary}")


dialect = PGDialect_psycopg
