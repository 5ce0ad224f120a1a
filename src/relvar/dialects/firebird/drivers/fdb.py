"""
Firebird through fdb, the older driver of the Firebird project, for servers up to Firebird 3.

It knows none of the types that came with Firebird 4.

Source: https://fdb.readthedocs.io/en/latest/
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.dialects.firebird.dialect import FBDialect
from relvar.dialects.firebird.drivers._dsn import dsn_of
from relvar.dialects.firebird.transactions import State, parameter_block
from relvar.util.convert import asbool, asint

# isc_info_...: what is asked about a statement, and the counts of rows that were selected, inserted,
# updated and deleted
_RECORDS, _END, _SELECTED, _COUNTS = 23, 1, 13, (13, 14, 15, 16)
# fb_cancel_...: the statement, the connection
_RAISE, _ABORT = 3, 4
_CONVERTED = {"sql_dialect": asint, "no_gc": asbool, "no_db_triggers": asbool, "no_linger": asbool}


class FBDialect_fdb(FBDialect):  # SQLAlchemy's way to name it
    """
    Firebird through fdb.
    """

    driver = "fdb"
    supports_statement_cache = True
    _default_level = "READ COMMITTED"
    # it hands over the length in 16 bits
    _longest_statement = 0xFFFF

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import fdb
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "fdb") from err
        return fdb

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``fdb.connect``."""
        opts = self._options_of(url)
        library = opts.pop("fb_client_library", None)
        if library is not None:
            opts.setdefault("fb_library_name", library)
        for name, convert in _CONVERTED.items():
            if name in opts:
                opts[name] = convert(opts[name])
        opts.setdefault("charset", "UTF8")
        if url.username is not None:
            opts["user"] = url.username
        if url.password is not None:
            opts["password"] = str(url.password)
        return [dsn_of(url)], opts

    # -- transactions ----------------------------------------------------------------

    def _connection_of(self, cursor: Any) -> Any:
        return cursor._connection

    def _apply(self, dbapi_connection: Any, state: State) -> None:
        dbapi_connection.main_transaction.default_tpb = parameter_block(state)

    def _commit_retaining(self, dbapi_connection: Any) -> None:
        if dbapi_connection.main_transaction.active:
            dbapi_connection.commit(retaining=True)

    def _changed_rows(self, cursor: Any) -> int:
        # the driver counts by the kind of the statement, which RETURNING changes
        from fdb.fbcore import api, bs  # the driver is there when statements run

        statement = cursor._ps
        info = ctypes.create_string_buffer(64)
        api.isc_dsql_sql_info(
            statement._isc_status, statement._stmt_handle, 2, bs([_RECORDS, _END]), len(info), info
        )
        total, at = 0, 3
        while info.raw[at] in _COUNTS:
            size = int.from_bytes(info.raw[at + 1 : at + 3], "little")
            if info.raw[at] != _SELECTED:
                total += int.from_bytes(info.raw[at + 3 : at + 3 + size], "little")
            at += 3 + size
        return total

    def _before(self, cursor: Any, statement: str) -> None:
        # of a longer one, the first few bytes would be run
        size = len(statement.encode())
        if size > self._longest_statement:
            raise exc.InvalidRequestError(
                f"fdb can't send a statement of more than {self._longest_statement} bytes, this one has "
                f"{size}: use firebird-driver, or send fewer values at a time"
            )
        super()._before(cursor, statement)

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement."""
        super().do_execute(cursor, statement, parameters, context)
        # long texts and bytes are values, not streams
        cursor.set_stream_blob_treshold(-1)

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Stop the statement that runs."""
        self._stop(dbapi_connection, _RAISE)

    def do_sever(self, dbapi_connection: Any) -> None:
        """Cut the connection."""
        self._stop(dbapi_connection, _ABORT)

    @staticmethod
    def _stop(dbapi_connection: Any, how: int) -> None:
        # a function of the client library that the driver does not offer
        from fdb.fbcore import api  # the driver is there when statements run

        status = (ctypes.c_ssize_t * 20)()
        handle = ctypes.byref(dbapi_connection._db_handle)
        api.client_library.fb_cancel_operation(status, handle, ctypes.c_ushort(how))

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit."""
        self._state(dbapi_connection).ended()
        if dbapi_connection.main_transaction.active:
            dbapi_connection.commit()

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        self._state(dbapi_connection).ended()
        if dbapi_connection.main_transaction.active:
            dbapi_connection.rollback()

    def do_close(self, dbapi_connection: Any) -> None:
        """Close; what is not committed is rolled back."""
        self.do_rollback(dbapi_connection)
        dbapi_connection.close()


dialect = FBDialect_fdb
