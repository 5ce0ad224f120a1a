"""
PostgreSQL through pg8000, which is pure Python.

The driver takes ``%s`` and ``%%``, but only outside of quotes, and only where there are parameters
at all: see `PGCompiler_pg8000`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.compile.base import CompilerState, ExpandedState
from relvar.dialects.postgresql.array import parse_array
from relvar.dialects.postgresql.casting import CAST_COLSPECS, CastInterval
from relvar.dialects.postgresql.compiler import PGCompiler
from relvar.dialects.postgresql.dialect import PGDialect, PGExecutionContext
from relvar.dialects.postgresql.drivers._libpq import can_be_declared
from relvar.dialects.postgresql.drivers._notices import log_notice
from relvar.dialects.postgresql.hosts import hosts_and_ports
from relvar.dialects.postgresql.interval_text import parse_interval
from relvar.dialects.postgresql.names import PGIdentifierPreparer
from relvar.dialects.postgresql.numeric import PGFloat, PGNumeric
from relvar.types.base import BindProcessor, ResultProcessor

# type codes: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
_JSON_CODES = (114, 3802)
_ADDRESS_CODES = (869, 650)
_VECTOR_CODES = (22, 30)
_INTERVAL_CODE, _INTERVALS_CODE = 1186, 1187

# Stands for a percent sign outside of quotes while the text is made.
_PERCENT = "\x01%\x02"
# What the driver passes on as it is: strings, quoted names, comments, $$ ... $$.
_QUOTED = re.compile(r"""E'(?:[^'\\]|\\.)*'|'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\$\$.*?\$\$""", re.S)


class _Time(sqltypes.Time):
    """
    Times; the driver leaves those with a time zone as text.
    """

    render_bind_cast = True

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        if not self.timezone:
            return None

        def process(value: Any) -> Any:
            return dt.time.fromisoformat(value) if isinstance(value, str) else value

        return process


class _Boolean(sqltypes.Boolean):
    render_bind_cast = True


class _Numeric(PGNumeric):
    render_bind_cast = True


class _Float(PGFloat):
    render_bind_cast = True

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return convert.to_float


class PGCompiler_pg8000(PGCompiler):  # SQLAlchemy's name
    """
    Compile for a driver that looks for ``%`` outside of quotes only.

    A percent sign there is doubled if the statement has parameters; without any the driver does
    not look at the text.
    """

    @property
    def _percent(self) -> str:
        # expressions in DDL are no statements: they never have parameters
        return _PERCENT if self.state is CompilerState.COMPILING else "%"

    def escape_literal_column(self, text: str) -> str:
        return _outside_quotes(text, "%", self._percent)

    post_process_text = escape_literal_column

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, f" {self._percent} ", **kw)

    def _complete_text(self) -> None:
        self.string = self.string.replace(_PERCENT, "%%" if self.bind_names else "%")
        super()._complete_text()

    def _process_parameters_for_postcompile(
        self, parameters: Mapping[str, Any], _populate_self: bool = False
    ) -> ExpandedState:
        state = super()._process_parameters_for_postcompile(parameters, _populate_self)
        if state.positiontup:
            return state
        # empty lists and values written inline have left no parameter
        if _populate_self:
            self.string = _outside_quotes(self.string, "%%", "%")
        return state._replace(statement=_outside_quotes(state.statement, "%%", "%"))


def _outside_quotes(text: str, old: str, new: str) -> str:
    """
    Return *text* with *old* replaced where no quotes are around it.
    """
    if old not in text:
        return text
    parts: list[str] = []
    end = 0
    for quoted in _QUOTED.finditer(text):
        parts += text[end : quoted.start()].replace(old, new), quoted[0]
        end = quoted.end()
    return "".join(parts) + text[end:].replace(old, new)


class PGIdentifierPreparer_pg8000(PGIdentifierPreparer):  # SQLAlchemy's name
    """
    Quote names for a driver that does not look into quotes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._double_percents = False


class PGExecutionContext_pg8000(PGExecutionContext):  # SQLAlchemy's name
    """
    One execution through pg8000.
    """


class ServerSideCursor:
    """
    A cursor declared on the server; rows come as they are asked for.

    Args:
        dbapi_connection: The driver's connection.
        name: What the cursor is called on the server.
        hold: Whether it lives on without a transaction.
    """

    server_side = True

    def __init__(self, dbapi_connection: Any, name: str, hold: bool) -> None:
        self._connection = dbapi_connection
        self._cursor = dbapi_connection.cursor()
        self.name = name
        self._hold = hold
        self._declared = False
        self.arraysize = 1

    @property
    def description(self) -> Any:
        """The columns."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """Not known before all rows are read."""
        return -1

    def execute(self, operation: str, args: Sequence[Any] = ()) -> ServerSideCursor:
        """Declare the cursor, and learn its columns."""
        hold = " WITH HOLD" if self._hold else ""
        self._cursor.execute(f"DECLARE {self.name} NO SCROLL CURSOR{hold} FOR {operation}", args)
        self._declared = True
        self._fetch("0")
        return self

    def _fetch(self, count: str) -> Sequence[Any]:
        self._cursor.execute(f"FETCH FORWARD {count} FROM {self.name}")
        return self._cursor.fetchall()  # type: ignore[no-any-return]  # the driver's rows

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        rows = self._fetch("1")
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """Give the next *size* rows."""
        return self._fetch(str(self.arraysize if size is None else size))

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        return self._fetch("ALL")

    def close(self) -> None:
        """Close the cursor; one that a failed transaction has taken along needs no closing."""
        if self._declared:
            self._declared = False
            if self._hold or self._connection._transaction_status == b"T":
                self._cursor.execute(f"CLOSE {self.name}")
        self._cursor.close()


def _read_interval(text: str) -> Any:
    """
    Read an interval; the driver (1.31) loses the sign of ``-00:00:05``.

    Returns:
        A timedelta, or the driver's own class where there are months.
    """
    from pg8000.converters import interval_in

    parts = parse_interval(text)
    if parts is not None and not parts.months:
        return parts.time + dt.timedelta(days=parts.days)
    made = interval_in(text)
    if parts is not None and parts.time < dt.timedelta(0):
        made.minutes = made.minutes and -made.minutes
        made.seconds = made.seconds and -made.seconds
    return made


def _read_intervals(text: str) -> Any:
    def read(item: Any) -> Any:
        if isinstance(item, list):
            return [read(inner) for inner in item]
        return None if item is None else _read_interval(item)

    return read(parse_array(text))


@cache
def _naming_network_errors(connection_class: type[Any], error: type[Exception]) -> type[Any]:
    """
    Return a class of connections that raise an error of the driver where the network fails while they read.

    The driver (1.31) does so only where it writes; what it lets through is no error of a database to anyone.
    """

    class Connection(connection_class):  # type: ignore[misc]  # the class is the driver's
        def handle_messages(self, context: Any) -> None:
            try:
                super().handle_messages(context)
            except OSError as err:
                raise error("network error") from err

    return Connection


class _Notices(deque[Any]):
    """
    The notices of a connection: each is logged when it comes.
    """

    def append(self, notice: Mapping[bytes, bytes]) -> None:
        log_notice(f"{notice[b'S'].decode()}: {notice[b'M'].decode()}")
        super().append(notice)


class PGDialect_pg8000(PGDialect):  # SQLAlchemy's name
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
    minimum_dbapi_version = (1, 16, 6)
    statement_compiler = PGCompiler_pg8000
    preparer = PGIdentifierPreparer_pg8000
    execution_ctx_cls = PGExecutionContext_pg8000
    colspecs = {  # read-only by convention
        **PGDialect.colspecs,
        **CAST_COLSPECS,
        sqltypes.Numeric: _Numeric,
        sqltypes.Float: _Float,
        sqltypes.Interval: CastInterval,
        sqltypes.Boolean: _Boolean,
        sqltypes.Time: _Time,
    }
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

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Tell the driver how values travel, set the encoding, log the notices of the server."""

        interface_error = self.loaded_dbapi.InterfaceError

        def connected(dbapi_connection: Any) -> None:
            plain: Any = type(dbapi_connection)
            dbapi_connection.__class__ = _naming_network_errors(plain, interface_error)
            dbapi_connection.notices = _Notices(dbapi_connection.notices, dbapi_connection.notices.maxlen)
            dbapi_connection.register_in_adapter(_INTERVAL_CODE, _read_interval)
            dbapi_connection.register_in_adapter(_INTERVALS_CODE, _read_intervals)
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

    # -- two-phase --------------------------------------------------------------------

    # The driver's own methods do not quote the name.

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
