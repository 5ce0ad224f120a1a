"""
SQLite through the ``sqlite3`` module of the standard library.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.dialects.sqlite.dialect import SQLiteDialect
from relvar.pool import QueuePool, SingletonThreadPool
from relvar.util.convert import coerce_kw_type
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn_deprecated

_CONNECT_TYPES: Mapping[str, Any] = {
    "timeout": float,
    "isolation_level": str,
    "detect_types": int,
    "check_same_thread": bool,
    "cached_statements": int,
    "uri": bool,
}


class SQLiteDialect_pysqlite(SQLiteDialect):  # SQLAlchemy's name
    """
    SQLite through ``sqlite3``.
    """

    driver = "pysqlite"
    supports_statement_cache = True
    default_paramstyle = "qmark"
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
        """Give the version of the SQLite library: the module has none of its own."""
        return dbapi.sqlite_version_info

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        if level == "AUTOCOMMIT":
            dbapi_connection.isolation_level = None
        else:
            dbapi_connection.isolation_level = ""
            super().set_isolation_level(dbapi_connection, level)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.isolation_level is None)

    def do_savepoint(self, connection: Any, name: str) -> None:
        """
        Create a savepoint, in a transaction.

        The driver begins one before INSERT, UPDATE and DELETE only; a savepoint
        outside of it would be a transaction of its own, and its release a commit
        (https://docs.python.org/3/library/sqlite3.html#transaction-control).
        """
        dbapi_connection = connection.connection.dbapi_connection
        if not dbapi_connection.in_transaction and dbapi_connection.isolation_level is not None:
            dbapi_connection.execute("BEGIN")
        super().do_savepoint(connection, name)

    def on_connect(self) -> Callable[[Any], Any] | None:
        """Give each connection the REGEXP function."""

        def regexp(pattern: str, value: str | None) -> bool | None:
            if value is None:
                return None
            return re.search(pattern, value) is not None

        def set_regexp(dbapi_connection: Any) -> None:
            dbapi_connection.create_function("regexp", 2, regexp, deterministic=True)

        return set_regexp

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of ``sqlite3.connect``.

        Raises:
            ArgumentError: The URL has a host or a user.
        """
        if url.username or url.host or url.password or url.port:
            raise exc.ArgumentError(
                f"Invalid SQLite URL: {url}\nValid SQLite URL forms are sqlite:///:memory: or "
                "sqlite:////absolute/path/to/file.db"
            )
        opts: dict[str, Any] = dict(url.query)
        for name, type_ in _CONNECT_TYPES.items():
            coerce_kw_type(opts, name, type_)
        if opts.get("uri", False):
            # what the driver does not take belongs to the URI
            uri_opts = {name: opts.pop(name) for name in list(opts) if name not in _CONNECT_TYPES}
            filename = url.database
            if uri_opts:
                filename += "?" + "&".join(f"{key}={uri_opts[key]}" for key in sorted(uri_opts))
        else:
            filename = url.database or ":memory:"
            if filename != ":memory:":
                filename = os.path.abspath(filename)
        opts.setdefault("check_same_thread", not self._is_url_file_db(url))
        return [filename], opts

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the database was closed."""
        return isinstance(
            e, self.loaded_dbapi.ProgrammingError
        ) and "Cannot operate on a closed database." in str(e)


dialect = SQLiteDialect_pysqlite
