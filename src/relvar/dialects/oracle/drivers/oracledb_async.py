"""
Oracle Database through python-oracledb, for asyncio; in Python alone ("thin"), as the driver has it.

Named ``oracle+oracledb`` where an asyncio engine is made, and ``oracle+oracledb_async`` anywhere.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from relvar import exc
from relvar.connectors.asyncio import (
    AsyncAdapt_dbapi_connection,
    AsyncAdapt_dbapi_cursor,
    AsyncAdapt_dbapi_module,
    AsyncAdapt_dbapi_ss_cursor,
    AsyncAdapt_terminate,
)
from relvar.dialects.oracle.drivers.oracledb import OracleDialect_oracledb, OracleExecutionContext_oracledb
from relvar.util.concurrency import await_only


class AsyncAdapt_oracledb_cursor(AsyncAdapt_dbapi_cursor):  # SQLAlchemy's name
    """
    A cursor that has read all its rows.
    """

    __slots__ = ()

    # it only gives its number back, with the next trip
    _awaitable_cursor_close = False

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        result = await super()._execute_async(operation, parameters)
        if self._rows:
            self._rows = deque(await self._read_lobs(self._rows))
        return result

    async def _read_lobs(self, rows: Iterable[Any]) -> list[Any]:
        """
        Read the LOBs in rows: later, when the program looks at them, nobody may wait.
        """
        described = self._cursor.description or ()
        lobs = self._adapt_connection.dbapi.lob_types
        places = [number for number, column in enumerate(described) if column[1] in lobs]
        if not places:
            return list(rows)
        read: list[Any] = []
        for row in rows:
            values = list(row)
            for place in places:
                if hasattr(values[place], "read"):
                    values[place] = await values[place].read()
            read.append(tuple(values))
        return read

    def var(self, *args: Any, **kw: Any) -> Any:
        """Make a variable."""
        return self._cursor.var(*args, **kw)

    def setinputsizes(self, *args: Any, **kw: Any) -> Any:
        """Tell the driver the types of parameters."""
        return self._cursor.setinputsizes(*args, **kw)

    def close(self) -> None:
        """Forget the rows, and close the driver's cursor."""
        self._rows.clear()
        self._cursor.close()


class AsyncAdapt_oracledb_ss_cursor(
    AsyncAdapt_dbapi_ss_cursor, AsyncAdapt_oracledb_cursor
):  # SQLAlchemy's name
    """
    A cursor that reads rows as they are asked for.
    """

    __slots__ = ()

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        row = super().fetchone()
        return None if row is None else self._wait(self._read_lobs, [row])[0]

    def fetchmany(self, size: int | None = None) -> Any:
        """Give the next *size* rows."""
        return self._wait(self._read_lobs, super().fetchmany(size))

    def fetchall(self) -> Sequence[Any]:
        """Give the rows that are left."""
        return self._wait(self._read_lobs, super().fetchall())  # type: ignore[no-any-return]  # rows

    def close(self) -> None:
        """Close the driver's cursor."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            cursor.close()


def _of_driver(name: str) -> Any:
    """An attribute of the driver's connection."""

    def set_value(self: Any, value: Any) -> None:
        setattr(self._connection, name, value)

    return property(lambda self: getattr(self._connection, name), set_value)


def _waiting(name: str) -> Any:
    """A method that waits for the driver's."""

    def call(self: Any, *args: Any) -> Any:
        return self._wait(getattr(self._connection, name), *args)

    return call


class AsyncAdapt_oracledb_connection(AsyncAdapt_terminate, AsyncAdapt_dbapi_connection):  # SQLAlchemy's name
    """
    A connection of python-oracledb.
    """

    __slots__ = ()

    _cursor_cls = AsyncAdapt_oracledb_cursor
    _ss_cursor_cls = AsyncAdapt_oracledb_ss_cursor

    autocommit: Any = _of_driver("autocommit")
    call_timeout: Any = _of_driver("call_timeout")
    max_identifier_length: Any = _of_driver("max_identifier_length")
    outputtypehandler: Any = _of_driver("outputtypehandler")
    stmtcachesize: Any = _of_driver("stmtcachesize")
    version: Any = _of_driver("version")
    ping: Any = _waiting("ping")
    tpc_begin: Any = _waiting("tpc_begin")
    tpc_commit: Any = _waiting("tpc_commit")
    tpc_prepare: Any = _waiting("tpc_prepare")
    tpc_recover: Any = _waiting("tpc_recover")
    tpc_rollback: Any = _waiting("tpc_rollback")

    def xid(self, *args: Any) -> Any:
        """Make a name for a two-phase transaction."""
        return self._connection.xid(*args)

    async def _terminate_graceful_close(self) -> None:
        await self._connection.close()

    def _terminate_force_close(self) -> None:
        # the driver's own way to drop a connection: its socket goes with it
        with contextlib.suppress(Exception):
            self._connection._impl = None


class OracledbAdaptDBAPI(AsyncAdapt_dbapi_module):  # SQLAlchemy's name
    """
    python-oracledb as a module that connects for asyncio.
    """

    _connection_cls = AsyncAdapt_oracledb_connection

    def __init__(self, driver: Any) -> None:
        super().__init__(driver)
        self.lob_types: Any = {
            driver.DB_TYPE_CLOB,
            driver.DB_TYPE_NCLOB,
            driver.DB_TYPE_BLOB,
            driver.DB_TYPE_BFILE,
        }

    def __getattr__(self, name: str) -> Any:
        return getattr(self.driver, name)

    def connect(self, *arg: Any, async_creator_fn: Any = None, **kw: Any) -> AsyncAdapt_dbapi_connection:
        """Connect."""
        return self._adapt(partial(async_creator_fn or self.driver.connect_async, *arg, **kw))


class OracleExecutionContextAsync_oracledb(OracleExecutionContext_oracledb):  # SQLAlchemy's name
    """
    One execution through python-oracledb under asyncio.
    """


class OracleDialectAsync_oracledb(OracleDialect_oracledb):  # SQLAlchemy's name
    """
    Oracle Database through python-oracledb, for asyncio.
    """

    driver = "oracledb_async"
    is_async = True
    supports_statement_cache = True
    supports_server_side_cursors: bool = True
    has_terminate = True
    _serves_one_loop = True
    minimum_dbapi_version: Any = (2,)
    execution_ctx_cls: Any = OracleExecutionContextAsync_oracledb

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        return OracledbAdaptDBAPI(super().import_dbapi())

    def _load_client(self, options: Mapping[str, Any]) -> None:
        raise exc.ArgumentError(
            "thick_mode: python-oracledb works with asyncio in thin mode only; leave it out, or "
            "use create_engine()"
        )

    def read_lob(self, value: Any) -> Any:
        """Give the text or bytes of a LOB that came back in a variable; cursors have read those of rows."""
        return await_only(value.read()) if hasattr(value, "read") else value

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, from wherever we are."""
        dbapi_connection.terminate()

    def do_cancel(self, dbapi_connection: Any) -> None:
        """Refuse: only a thread of its own could ask; the option ``timeout`` is the driver's."""
        raise NotImplementedError()

    def get_driver_connection(self, connection: Any) -> Any:
        """Give python-oracledb's connection."""
        return connection._connection


dialect = OracleDialectAsync_oracledb
