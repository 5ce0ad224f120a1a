"""
SQLite through the ``sqlite3`` module of the standard library.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialects.sqlite.dialect import SQLiteDialect
from relvar.dialects.sqlite.types import COLSPECS, NativeDate, NativeTimestamp
from relvar.pool import QueuePool, SingletonThreadPool
from relvar.util.convert import coerce_kw_type
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn, warn_deprecated

_CONNECT_TYPES: Mapping[str, Any] = {
    "timeout": float,
    "isolation_level": str,
    "detect_types": int,
    "check_same_thread": bool,
    "cached_statements": int,
    "uri": bool,
}

# https://www.sqlite.org/rescode.html
_BUSY, _LOCKED, _INTERRUPT = 5, 6, 9


class SQLiteDialect_pysqlite(SQLiteDialect):  # SQLAlchemy's name
    """
    SQLite through ``sqlite3``.
    """

    driver = "pysqlite"
    supports_statement_cache = True
    default_paramstyle = "qmark"
    colspecs: dict[type[Any], Any | type[NativeDate] | type[NativeTimestamp]] = {
        **COLSPECS,
        sqltypes.Date: NativeDate,
        sqltypes.TIMESTAMP: NativeTimestamp,
    }
    returns_native_bytes = True
    description_encoding = None
    # The driver steps the database row by row: a chunk at a time keeps its tuples in cache.
    fetch_chunk = 64

    _isolation_lookup: Mapping[str, Any] = immutabledict(
        {"READ UNCOMMITTED": 1, "SERIALIZABLE": 0, "AUTOCOMMIT": None}
    )

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import sqlite3
        except ModuleNotFoundError as err:
            raise ModuleNotFoundError(f"{err}; this Python was built without SQLite", name=err.name) from err
        return sqlite3

    @classmethod
    def _is_url_file_db(cls, url: Any) -> bool:
        if (url.database and url.database != ":memory:") and url.query.get("mode", None) != "memory":
            return True
        return False

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Any]:
        """Give one connection per thread to a memory database, else a queue."""
        if cls._is_url_file_db(url):
            return QueuePool
        if url.query.get("mode", None) == "memory":
            warn_deprecated(
                "Selection of the SingletonThreadPool pool class based on the 'mode=memory' query string "
                "argument is "
                "deprecated; a future release will use QueuePool for this URL.  Indicate the intended pool "
                "class "
                "using the create_engine.poolclass parameter.",
                "2.1",
                code="sqmp",
            )
        return SingletonThreadPool

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        return self.loaded_dbapi.sqlite_version_info  # type: ignore[no-any-return]  # of the driver

    def retrieve_dbapi_version(self, dbapi: Any) -> Any:
        """Give the version of Python: the module comes with it."""
        from relvar.dialect.version import VersionInfo  # few programs ask

        return VersionInfo(sys.version_info[:3])

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        is_autocommit = level == "AUTOCOMMIT"
        if _has_own_transactions(dbapi_connection):
            dbapi_connection.autocommit = is_autocommit
        else:
            dbapi_connection.isolation_level = None if is_autocommit else self.begin_word
        if not is_autocommit:
            super().set_isolation_level(dbapi_connection, level)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        if _has_own_transactions(dbapi_conn):
            return bool(dbapi_conn.autocommit)
        return dbapi_conn.isolation_level is None

    def do_savepoint(self, connection: Any, name: str) -> None:
        """
        Create a savepoint, in a transaction.

        The driver begins one before INSERT, UPDATE and DELETE only; a savepoint
        outside of it would be a transaction of its own, and its release a commit
        (https://docs.python.org/3/library/sqlite3.html#transaction-control).
        """
        dbapi_connection = connection.connection.dbapi_connection
        if not (dbapi_connection.in_transaction or self.detect_autocommit_setting(dbapi_connection)):
            dbapi_connection.execute(f"BEGIN {dbapi_connection.isolation_level}")
        super().do_savepoint(connection, name)

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Give each connection the REGEXP function, and what the engine was told about it."""

        def regexp(pattern: str, value: str | None) -> bool | None:
            if value is None:
                return None
            return re.search(pattern, value) is not None

        def set_up(dbapi_connection: Any) -> None:
            dbapi_connection.create_function("regexp", 2, regexp, deterministic=True)
            if self.connection_setup is not None:
                self.connection_setup.apply(dbapi_connection, self.loaded_dbapi.OperationalError)

        return set_up

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of ``sqlite3.connect``.

        Raises:
            ArgumentError: The URL has a host or a user, or an isolation level that the driver does not know.
        """
        if url.username or url.host or url.password or url.port:
            raise exc.ArgumentError(
                f"Invalid SQLite URL: {url}\nValid SQLite URL forms are:\n"
                " sqlite:///:memory: (or, sqlite://)\n"
                " sqlite:///relative/path/to/file.db\n"
                " sqlite:////absolute/path/to/file.db"
            )
        opts: dict[str, Any] = dict(url.query)
        for name, type_ in _CONNECT_TYPES.items():
            coerce_kw_type(opts, name, type_)
        # what the driver does not take belongs to the URI
        uri_opts = {name: opts.pop(name) for name in list(opts) if name not in _CONNECT_TYPES}
        if opts.get("uri", False):
            filename = url.database
            if uri_opts:
                filename += "?" + "&".join(f"{key}={uri_opts[key]}" for key in sorted(uri_opts))
            is_read_only = uri_opts.get("mode") == "ro" or uri_opts.get("immutable") == "1"
            if is_read_only and self.connection_setup is not None:
                self.connection_setup.read_only()
        else:
            if uri_opts:
                names = ", ".join(repr(name) for name in uri_opts)
                warn(
                    f"Query string argument(s) {names} are not accepted by the pysqlite driver and are being "
                    "ignored; SQLite URI arguments require that 'uri=true' also be present in the URL.",
                    code="squa",
                )
            filename = url.database or ":memory:"
            if filename != ":memory:":
                filename = os.path.abspath(filename)
        _check_begin(opts.get("isolation_level", ""))
        opts.setdefault("check_same_thread", not self._is_url_file_db(url))
        if self.connection_setup is not None and self.connection_setup.timeout is not None:
            opts.setdefault("timeout", self.connection_setup.timeout)
        return [filename], opts

    _RETRYABLE_CODES = frozenset({_BUSY, _LOCKED})
    _CANCELLED_CODES = frozenset({_INTERRUPT})

    def _limit(self, dbapi_connection: Any, seconds: float, *, can_cancel: bool) -> Any:
        from relvar.dialects.sqlite.limit import SQLiteLimit  # few calls have a limit

        return SQLiteLimit(self, dbapi_connection, seconds)

    def _begin_whole(self, connection: Any) -> None:
        # Not DEFERRED: a transaction that reads first and then writes fails if another has written meanwhile.
        dbapi_connection = connection.connection.dbapi_connection
        if not dbapi_connection.in_transaction and dbapi_connection.isolation_level is not None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _error_code(self, e: BaseException) -> Any:
        # the low byte says what happened, the rest details; Python 3.11 and later know it
        code = getattr(e, "sqlite_errorcode", None)
        return _code_of(str(e)) if code is None else code & 0xFF

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Stop what runs on a connection, and with it every statement whose rows are not all read."""
        dbapi_connection.interrupt()

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the database was closed."""
        return isinstance(
            e, self.loaded_dbapi.ProgrammingError
        ) and "Cannot operate on a closed database." in str(e)


def _code_of(message: str) -> int | None:
    """
    Give the code that SQLite has for an error, where the driver only has its text.
    """
    if message.startswith("database is locked"):
        return _BUSY
    if message.startswith("database table is locked"):
        return _LOCKED
    return _INTERRUPT if message == "interrupted" else None


def _has_own_transactions(dbapi_connection: Any) -> bool:
    """
    Tell whether the driver was given ``autocommit``, which it has since Python 3.12.
    """
    return getattr(dbapi_connection, "autocommit", _LEGACY_TRANSACTION_CONTROL) != _LEGACY_TRANSACTION_CONTROL


# sqlite3.LEGACY_TRANSACTION_CONTROL, which older versions do not have
_LEGACY_TRANSACTION_CONTROL = -1


def _check_begin(level: str) -> None:
    """
    Refuse what the driver would refuse with every connection.
    """
    if level.upper() not in ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"):
        raise exc.ArgumentError(
            f"In a SQLite URL, isolation_level is the driver's: DEFERRED, IMMEDIATE or EXCLUSIVE, "
            f"not {level!r}. Isolation levels are given as create_engine(..., isolation_level={level!r})"
        )


dialect = SQLiteDialect_pysqlite
