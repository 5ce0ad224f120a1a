"""
Redshift through its drivers: Amazon's own, and those of PostgreSQL.

Connections are encrypted, as Redshift's own driver has it; ``?sslmode=verify-full&sslrootcert=...`` makes
sure of the server, too, ``?sslmode=disable`` is for servers that stand in for Redshift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.dialects.postgresql.dialect import PGExecutionContext
from relvar.dialects.postgresql.drivers._twophase import TwoPhaseByText
from relvar.dialects.postgresql.drivers.pg8000 import PGDialect_pg8000
from relvar.dialects.postgresql.drivers.psycopg import PGDialect_psycopg
from relvar.dialects.postgresql.drivers.psycopg2 import PGDialect_psycopg2
from relvar.dialects.postgresql.drivers.psycopg2cffi import PGDialect_psycopg2cffi
from relvar_redshift.compiler import RedshiftCompiler_redshift_connector
from relvar_redshift.dialect import RedshiftDialectMixin, colspecs
from relvar_redshift.names import RedshiftIdentifierPreparer_redshift_connector

__all__ = [
    "RedshiftDialect_psycopg",
    "RedshiftDialect_psycopg2",
    "RedshiftDialect_psycopg2cffi",
    "RedshiftDialect_redshift_connector",
    "dialect",
]

# arguments of the driver that are numbers
_NUMBERS = frozenset(
    {"timeout", "client_protocol_version", "max_prepared_statements", "idp_response_timeout", "listen_port"}
)


class _LibpqMixin(RedshiftDialectMixin):
    """
    What the drivers of PostgreSQL have in common.
    """

    def __init__(self, use_native_hstore: bool = False, **kwargs: Any) -> None:
        # there is no such type
        super().__init__(use_native_hstore=use_native_hstore, **kwargs)  # type: ignore[call-arg]  # of the driver's

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of libpq; connections are encrypted unless it says otherwise."""
        args, opts = super().create_connect_args(url)  # type: ignore[misc]  # of the driver's dialect
        opts.setdefault("sslmode", "require")
        return args, opts


class RedshiftDialect_psycopg(_LibpqMixin, PGDialect_psycopg):  # type: ignore[misc]  # names of arguments differ
    """
    Redshift through psycopg 3.
    """

    supports_statement_cache = True
    colspecs: Any = colspecs(PGDialect_psycopg.colspecs)

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """
        Turn a URL into the arguments of the driver.

        Redshift calls UTF-8 "UNICODE", which the driver does not know, and has no DEALLOCATE ALL.

        Source: https://github.com/psycopg/psycopg/issues/122
        """
        args, opts = super().create_connect_args(url)
        opts.setdefault("client_encoding", "utf8")
        opts.setdefault("prepare_threshold", None)
        return args, opts


class RedshiftDialect_psycopg2(_LibpqMixin, PGDialect_psycopg2):  # type: ignore[misc]  # names of arguments differ
    """
    Redshift through psycopg2.
    """

    supports_statement_cache = True
    colspecs: Any = colspecs(PGDialect_psycopg2.colspecs)


class RedshiftDialect_psycopg2cffi(_LibpqMixin, PGDialect_psycopg2cffi):  # type: ignore[misc]  # names of arguments differ
    """
    Redshift through psycopg2cffi, for PyPy.
    """

    supports_statement_cache = True
    colspecs: Any = colspecs(PGDialect_psycopg2cffi.colspecs)


class RedshiftDialect_redshift_connector(RedshiftDialectMixin, TwoPhaseByText):  # type: ignore[misc]  # names of arguments differ
    """
    Redshift through Amazon's redshift_connector, also by IAM.

    ``redshift+redshift_connector://host:5439/database?iam=true&cluster_identifier=...``: what is in the
    query goes to ``redshift_connector.connect()``.
    """

    driver = "redshift_connector"
    supports_statement_cache = True
    default_paramstyle = "format"
    supports_sane_multi_rowcount: bool = False
    minimum_dbapi_version: Any = (2, 0)
    statement_compiler: Any = RedshiftCompiler_redshift_connector
    preparer: Any = RedshiftIdentifierPreparer_redshift_connector
    execution_ctx_cls: Any = PGExecutionContext
    colspecs: Any = colspecs(PGDialect_pg8000.colspecs)

    @classmethod
    def import_dbapi(cls) -> Any:
        """Import the driver."""
        try:
            import redshift_connector
        except ModuleNotFoundError as err:
            raise cls._missing_driver(err, "redshift_connector") from err
        return redshift_connector

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``redshift_connector.connect``."""
        opts: dict[str, Any] = url.translate_connect_args(username="user")
        given = {"true": True, "false": False}
        opts.update({name: given.get(str(value).lower(), value) for name, value in url.query.items()})
        for name in _NUMBERS & opts.keys():
            opts[name] = int(opts[name])
        return [], opts

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level; AUTOCOMMIT is the driver's."""
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        if level != "AUTOCOMMIT":
            super().set_isolation_level(dbapi_connection, level)

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close, even if the server is gone."""
        try:
            dbapi_connection.close()
        except (self.loaded_dbapi.Error, OSError):
            # nobody was there to be told; the socket is closed all the same
            pass

    def _error_code(self, e: BaseException) -> Any:
        fields = e.args[0] if e.args else None
        return fields.get("C") if isinstance(fields, dict) else None

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        """Tell whether the connection is closed or broken: by the driver, or a goodbye of the server."""
        if isinstance(e, OSError):
            return True
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        fields = e.args[0] if e.args else None
        if isinstance(fields, dict):
            return fields.get("S") in ("FATAL", "PANIC")
        said = str(e)
        return any(
            words in said for words in ("connection is closed", "network error", "Server socket closed")
        )


dialect = RedshiftDialect_redshift_connector
