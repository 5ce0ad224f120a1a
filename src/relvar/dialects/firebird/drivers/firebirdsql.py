"""
Firebird through firebirdsql, a driver in Python alone: it needs no client library.

Source: https://github.com/nakagami/pyfirebirdsql
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialect.registry import registry
from relvar.dialects.firebird.dialect import FBDialect
from relvar.dialects.firebird.drivers._corrections import correct
from relvar.dialects.firebird.drivers._dsn import path_of
from relvar.dialects.firebird.transactions import State, parameter_block
from relvar.util.convert import asbool, asint

_CONVERTED: dict[str, Any] = {
    "timeout": float,
    "wire_crypt": asbool,
    "wire_compress": asbool,
    "page_size": asint,
}


class FBDialect_firebirdsql(FBDialect):  # SQLAlchemy's way to name it
    """
    Firebird through firebirdsql.
    """

    driver = "firebirdsql"
    supports_statement_cache = True
    _default_level = "READ COMMITTED"

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import firebirdsql
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "firebirdsql") from err
        return firebirdsql

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Any]:
        """Give the dialect of the driver's asyncio side."""
        # it derives from this one
        found: type[Any] = registry.load("firebird.firebirdsql_async")
        return found

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``firebirdsql.connect``."""
        opts = self._options_of(url)
        # there is none to be loaded
        opts.pop("fb_client_library", None)
        for name, convert in _CONVERTED.items():
            if name in opts:
                opts[name] = convert(opts[name])
        opts["host"] = url.host or "localhost"
        opts["database"] = path_of(url)
        opts.setdefault("charset", "UTF8")
        if url.port:
            opts["port"] = url.port
        if url.username is not None:
            opts["user"] = url.username
        if url.password is not None:
            opts["password"] = str(url.password)
        return [], opts

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect."""
        connection = super().connect(*cargs, **cparams)
        correct(self.get_driver_connection(connection), self.loaded_dbapi.__version__)
        return connection

    # -- transactions ----------------------------------------------------------------

    def _connection_of(self, cursor: Any) -> Any:
        return cursor.transaction.connection

    def _transaction_of(self, dbapi_connection: Any) -> Any:
        """
        Return the driver's transaction, which it makes with the first cursor and keeps.
        """
        if dbapi_connection._transaction is None:
            dbapi_connection.cursor().close()
        return dbapi_connection._transaction

    def _apply(self, dbapi_connection: Any, state: State) -> None:
        # the driver looks its few blocks up by number
        transaction = self._transaction_of(dbapi_connection)
        transaction.transaction_parameter_block = (parameter_block(state),)
        transaction._isolation_level = 0

    def _commit_retaining(self, dbapi_connection: Any) -> None:
        dbapi_connection.commit(retaining=True)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit."""
        self._state(dbapi_connection).ended()
        dbapi_connection.commit()

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        self._state(dbapi_connection).ended()
        dbapi_connection.rollback()

    def _fileno(self, dbapi_connection: Any) -> int | None:
        return dbapi_connection.sock._sock.fileno()  # type: ignore[no-any-return]  # a number

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is lost."""
        if super().is_disconnect(e, connection, cursor):
            return True
        text = str(e).lower()
        # what the driver tells of answers to something else than it asked last
        lost = ("can not recv", "missing socket", "op_code = ")
        return isinstance(e, self.loaded_dbapi.Error) and any(words in text for words in lost)


dialect = FBDialect_firebirdsql
