"""
Oracle Database through python-oracledb: in Python alone ("thin"), or by Oracle's client library ("thick").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from relvar import exc
from relvar.dialect.registry import registry
from relvar.dialects.oracle.drivers.cx_oracle import OracleDialect_cx_oracle, OracleExecutionContext_cx_oracle

# The format of our names of two-phase transactions: any number that is not -1, which means none.
_XID_FORMAT = 0x1234
_PREPARED = "oracledb_should_commit"


class OracleExecutionContext_oracledb(OracleExecutionContext_cx_oracle):  # SQLAlchemy's name
    """
    One execution through python-oracledb.
    """


class OracleDialect_oracledb(OracleDialect_cx_oracle):  # SQLAlchemy's name
    """
    Oracle Database through python-oracledb.

    Args:
        thick_mode: Load Oracle's client library: True, or what ``init_oracle_client()`` is to be told. It
            is loaded
            once for the whole process.
    """

    driver = "oracledb"
    supports_statement_cache = True
    minimum_dbapi_version: Any = (1,)
    execution_ctx_cls: Any = OracleExecutionContext_oracledb
    _encoding_errors_word = "encoding_errors"

    def __init__(self, thick_mode: bool | Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.thick_mode = thick_mode
        if self.dbapi is not None and (thick_mode or isinstance(thick_mode, Mapping)):
            self._load_client({} if thick_mode is True else dict(thick_mode))

    def _load_client(self, options: Mapping[str, Any]) -> None:
        self.loaded_dbapi.init_oracle_client(**options)

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import oracledb
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "oracledb") from err
        return oracledb

    @classmethod
    def get_async_dialect_cls(cls, url: Any) -> type[Any]:
        """Give the class for asyncio, of the same driver."""
        # it derives from this one
        found: type[Any] = registry.load("oracle.oracledb_async")
        return found

    def _word_readers(self) -> Mapping[str, Callable[[str], Any]]:
        # the driver reads numbers and booleans itself
        readers = super()._word_readers()
        return {
            **{name: readers[name] for name in ("purity", "events")},
            "mode": lambda word: self._constant("mode", word, "AUTH_MODE_"),
        }

    def _output_handler(self) -> Callable[..., Any]:
        variable = self._column_variables

        def handle(cursor: Any, metadata: Any) -> Any:
            return variable(
                cursor, metadata.type_code, metadata.internal_size, metadata.precision, metadata.scale
            )

        return handle

    def _check_max_identifier_length(self, connection: Any) -> int | None:
        # it depends on the setting COMPATIBLE, too, which the driver was told
        known = getattr(connection.connection.dbapi_connection, "max_identifier_length", None)
        return known or super()._check_max_identifier_length(connection)

    # -- two-phase: https://python-oracledb.readthedocs.io/en/latest/user_guide/two_phase_commit.html

    def create_xid(self) -> Any:
        """Make a name for a two-phase transaction: format, global and branch part."""
        return (_XID_FORMAT, uuid4().hex, "1")

    def _driver_xid(self, connection: Any, xid: Any) -> Any:
        """
        Return a name as the driver has it; text is the global part.
        """
        if isinstance(xid, (str, bytes)):
            xid = (_XID_FORMAT, xid, "1")
        elif len(xid) != 3:
            raise exc.ArgumentError(
                f"A two-phase transaction of Oracle Database is named by text, or by (format, "
                f"global part, branch "
                f"part), got {xid!r}"
            )
        return connection.connection.dbapi_connection.xid(*xid)

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin."""
        connection.connection.dbapi_connection.tpc_begin(self._driver_xid(connection, xid))

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare; the server may say that there is nothing to commit."""
        connection.info[_PREPARED] = connection.connection.dbapi_connection.tpc_prepare()

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back, prepared or not."""
        name = self._driver_xid(connection, xid) if recover else None
        connection.connection.dbapi_connection.tpc_rollback(name)

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit, prepared or not."""
        if is_prepared and not recover and not connection.info.pop(_PREPARED, True):
            return
        name = self._driver_xid(connection, xid) if recover else None
        connection.connection.dbapi_connection.tpc_commit(name)

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are: names in three parts."""
        return [tuple(xid) for xid in connection.connection.dbapi_connection.tpc_recover()]


dialect = OracleDialect_oracledb
