"""
PostgreSQL through asyncpg, for asyncio.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.dialects.postgresql.dialect import PGExecutionContext
from relvar.dialects.postgresql.drivers._asyncpg_connection import AUTOCOMMIT, AsyncAdapt_asyncpg_dbapi
from relvar.dialects.postgresql.drivers._asyncpg_types import COLSPECS
from relvar.dialects.postgresql.drivers._libpq import CANCEL_PATIENCE, can_be_declared
from relvar.dialects.postgresql.drivers._notices import log_notice
from relvar.dialects.postgresql.drivers._twophase import TwoPhaseByText
from relvar.dialects.postgresql.hosts import hosts_and_ports
from relvar.util.convert import coerce_kw_type
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from relvar.dialects.postgresql.array_elements import ElementKind

# Classes of errors after which the session is over: connections, and the server going away.
# Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
_LOST = ("08", "57P01", "57P02", "57P03")


class PGExecutionContext_asyncpg(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through asyncpg.
    """


class PGDialect_asyncpg(TwoPhaseByText):  # SQLAlchemy's name
    """
    PostgreSQL through asyncpg.
    """

    driver = "asyncpg"
    is_async = True
    _serves_one_loop = True
    has_terminate = True
    supports_statement_cache = True
    supports_server_side_cursors = True
    supports_sane_multi_rowcount = False
    writes_by_array = True
    supports_native_json_deserialization = True
    supports_native_json_serialization = False
    dialect_injects_custom_json_deserializer = True
    default_paramstyle = "numeric_dollar"
    # the first that takes the name of a prepared statement
    minimum_dbapi_version: Any = (0, 25)
    execution_ctx_cls: Any = PGExecutionContext_asyncpg
    colspecs: Any = COLSPECS

    _isolation_lookup: Mapping[str, str] = immutabledict(
        {
            "AUTOCOMMIT": AUTOCOMMIT,
            "READ COMMITTED": "read_committed",
            "READ UNCOMMITTED": "read_uncommitted",
            "REPEATABLE READ": "repeatable_read",
            "SERIALIZABLE": "serializable",
        }
    )

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import asyncpg
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "asyncpg") from err
        return AsyncAdapt_asyncpg_dbapi(asyncpg)

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the driver's version."""
        return super().retrieve_dbapi_version(dbapi.driver)

    def __init__(self, transaction_pooling: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.transaction_pooling = transaction_pooling

    # -- values -------------------------------------------------------------------

    def _range_makers(self, type_name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        """
        Give what makes asyncpg's ranges of ours; several of them are a list.
        """
        of_driver = self.loaded_dbapi.driver.Range

        def make(value: Any) -> Any:
            return of_driver(
                value.lower,
                value.upper,
                lower_inc=value.bounds[0] == "[",
                upper_inc=value.bounds[1] == "]",
                empty=value.empty,
            )

        return make, list

    def _element_kind(self, impl: Any, kind: ElementKind) -> ElementKind:
        """
        Give how a type's values stand in an array: the driver's UUIDs are of a class of its own.
        """
        if not isinstance(impl, sqltypes.Uuid):
            return kind
        from asyncpg.pgproto.pgproto import UUID

        return kind._replace(classes=kind.classes | {UUID})

    async def setup_asyncpg_json_codec(self, conn: Any) -> None:
        """
        Tell a new connection how JSON is read; dialects may override this.

        Args:
            conn: The adapted connection; ``conn._connection`` is the driver's.
        """
        loads = self._json_deserializer
        await conn._connection.set_type_codec(
            "json",
            encoder=str.encode,
            decoder=convert.json_loads if loads is None else lambda value: loads(value.decode()),
            schema="pg_catalog",
            format="binary",
        )

    async def setup_asyncpg_jsonb_codec(self, conn: Any) -> None:
        """Do so for JSONB, where a byte with the version of the format comes first."""
        loads: Any = self._json_deserializer
        await conn._connection.set_type_codec(
            "jsonb",
            encoder=lambda text: b"\x01" + text.encode(),
            decoder=(
                (lambda value: convert.json_loads(value[1:]))
                if loads is None
                else lambda value: loads(value[1:].decode())
            ),
            schema="pg_catalog",
            format="binary",
        )

    async def _disable_asyncpg_inet_codecs(self, conn: Any) -> None:
        for name in ("inet", "cidr"):
            await conn._connection.set_type_codec(
                name, encoder=str, decoder=str, schema="pg_catalog", format="text"
            )

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of ``asyncpg.connect``.

        Raises:
            ArgumentError: Of several hosts, not each has a port.
        """
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        hosts, ports = hosts_and_ports(url.query)
        opts.update(url.query)
        coerce_kw_type(opts, "prepared_statement_cache_size", int)
        if len(hosts) > 1:
            if not all(ports):
                raise exc.ArgumentError("All ports are required to be present for asyncpg multiple host URL")
            opts["host"], opts["port"] = hosts, [int(port) for port in ports]
        else:
            if hosts:
                opts["host"] = hosts[0]
            if any(ports):
                opts["port"] = ports[0]
            coerce_kw_type(opts, "port", int)
        if self.transaction_pooling:
            # Without its own cache the driver sends each statement anew, unnamed, in one message; with ours
            # it would not notice that a table was changed.
            opts.setdefault("statement_cache_size", 0)
            opts.setdefault("prepared_statement_cache_size", 0)
        return [], opts

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Tell the driver how values travel, and log the notices of the server."""

        async def set_up(adapted: Any) -> None:
            adapted._connection.add_log_listener(_log_message)
            await self.setup_asyncpg_json_codec(adapted)
            await self.setup_asyncpg_jsonb_codec(adapted)
            if self._native_inet_types is False:
                await self._disable_asyncpg_inet_codecs(adapted)

        def connected(dbapi_connection: Any) -> None:
            dbapi_connection.run_async(lambda _: set_up(dbapi_connection))

        return connected

    # -- isolation ----------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return tuple(self._isolation_lookup)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT begins no transactions."""
        dbapi_connection.set_isolation_level(self._isolation_lookup[level])

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level, leaving the transaction as it was."""
        was_idle = dbapi_connection._transaction is None
        level = super().get_isolation_level(dbapi_connection)
        if was_idle:
            dbapi_connection.rollback()
        return level

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

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare."""
        super().do_prepare_twophase(connection, xid)
        # the transaction is the server's now, which the driver has to be told
        self.do_rollback(connection.connection)

    # -- the driver -----------------------------------------------------------------

    def get_driver_connection(self, connection: Any) -> Any:
        """Give asyncpg's connection."""
        return connection._connection

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        return dbapi_connection.cursor(server_side=True) if can_be_declared(statement) else None

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server whether it is there, outside any transaction."""
        dbapi_connection.ping()
        return True

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Send a cancel request, from another thread; waits for the server, for a limited time."""
        from asyncpg.connect_utils import _cancel  # few statements are stopped

        connection = dbapi_connection._connection

        async def send() -> None:
            async with asyncio.timeout(CANCEL_PATIENCE):
                # some servers reset the connection in place of closing it
                with contextlib.suppress(ConnectionResetError):
                    await _cancel(
                        loop=asyncio.get_running_loop(),
                        addr=connection._addr,
                        params=connection._params,
                        backend_pid=connection._protocol.backend_pid,
                        backend_secret=connection._protocol.backend_secret,
                    )

        asyncio.run(send())

    def _is_failed(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection._failed)

    def _is_unsent(self, e: BaseException) -> bool:
        return "connection is closed" in str(e)

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection._connection._transport.get_extra_info("socket").fileno()  # type: ignore[no-any-return]  # a number

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed or broken, or the server says goodbye."""
        if connection is not None and connection._connection.is_closed():
            return True
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        code = getattr(e, "sqlstate", None)
        return code is not None and code.startswith(_LOST) or "connection is closed" in str(e)


def _log_message(connection: Any, message: Any) -> None:
    log_notice(f"{message.severity}: {message.message}")


dialect = PGDialect_asyncpg
