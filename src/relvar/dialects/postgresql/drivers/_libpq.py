"""
What the drivers built on libpq share: psycopg, psycopg2 and its relatives.

They take the same words of a URL, keep isolation, READ ONLY and DEFERRABLE as attributes of the
connection, and have named cursors and the two-phase methods of PEP 249.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from typing import Any

from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.hosts import hosts_and_ports
from relvar.dialects.postgresql.numeric import NUMERIC_COLSPECS

__all__ = ["CANCEL_PATIENCE", "LibpqDialect", "can_be_declared", "require_answer"]

# PQTRANS_INERROR
_IN_ERROR = 3

# Seconds that the server has to take a cancel request.
CANCEL_PATIENCE = 5.0

_QUERY = re.compile(r"(?:\s|/\*.*?\*/|--[^\n]*\n|\()*(select|values|table|with)\b", re.I | re.S)
_CHANGES = re.compile(r"\)\s*(?:insert|update|delete|merge)\b|\(\s*(?:insert|update|delete|merge)\b", re.I)


def can_be_declared(statement: str) -> bool:
    """
    Tell whether a cursor can be declared for *statement*: a query that changes nothing.

    >>> can_be_declared("SELECT 1"), can_be_declared("INSERT INTO t VALUES (1) RETURNING id")
    (True, False)

    Source: https://www.postgresql.org/docs/current/sql-declare.html
    """
    found = _QUERY.match(statement)
    return found is not None and (found[1].lower() != "with" or _CHANGES.search(statement) is None)


# https://www.postgresql.org/docs/current/protocol-message-formats.html: SSLRequest
_SSL_REQUEST = b"\0\0\0\x08\x04\xd2\x16\x2f"


def require_answer(connected: socket.socket, patience: float) -> None:
    """
    Ask the server at the other end of a socket something harmless, on another connection.

    Raises:
        OSError: It does not answer for *patience* seconds.
    """
    with socket.socket(connected.family, socket.SOCK_STREAM) as another:
        another.settimeout(patience)
        another.connect(connected.getpeername())
        another.sendall(_SSL_REQUEST)
        if not another.recv(1):
            raise ConnectionError("the server closed the connection")


class LibpqDialect(PGDialect):
    """
    PostgreSQL through a driver built on libpq.
    """

    supports_statement_cache = True
    supports_server_side_cursors = True
    default_paramstyle = "pyformat"
    colspecs: dict[type[Any], type[Any]] = {
        **PGDialect.colspecs,
        **NUMERIC_COLSPECS,
    }  # read-only by convention

    # Found out on the first connection: whether the driver makes dictionaries of hstore.
    _has_native_hstore = False
    _cursor_number = 0

    def __init__(
        self, use_native_hstore: bool = True, client_encoding: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.use_native_hstore = use_native_hstore
        self.client_encoding = client_encoding

    # -- connecting ---------------------------------------------------------------

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of libpq."""
        opts: dict[str, Any] = url.translate_connect_args(username="user", database="dbname")
        if not opts and not url.query:
            return [""], {}
        hosts, ports = hosts_and_ports(url.query)
        opts.update(url.query)
        if hosts:
            opts["host"] = ",".join(hosts)
        if len(hosts) > 1 or any(ports):
            opts["port"] = ",".join(ports)
        return [], opts

    # -- isolation ----------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return ("AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Read the isolation level, leaving the transaction as it was."""
        was_idle = self._is_idle(dbapi_connection)
        level = super().get_isolation_level(dbapi_connection)
        if was_idle:
            dbapi_connection.rollback()
        return level

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether the connection is in autocommit mode."""
        return bool(dbapi_conn.autocommit)

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Set DEFERRABLE."""
        connection.deferrable = value

    def get_deferrable(self, connection: Any) -> Any:
        """Read DEFERRABLE; None: as the server has it."""
        return connection.deferrable

    def _is_failed(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection.info.transaction_status == _IN_ERROR)

    # -- cursors --------------------------------------------------------------------

    def _server_side_cursor(self, dbapi_connection: Any, statement: str) -> Any:
        if not can_be_declared(statement):
            return None
        LibpqDialect._cursor_number += 1
        name = f"c_{id(dbapi_connection):x}_{LibpqDialect._cursor_number:x}"
        # without a transaction the cursor has to outlive its statement
        return self._named_cursor(dbapi_connection, name, withhold=bool(dbapi_connection.autocommit))

    def _named_cursor(self, dbapi_connection: Any, name: str, withhold: bool) -> Any:
        return dbapi_connection.cursor(name, withhold=withhold)

    # -- two-phase --------------------------------------------------------------------

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin."""
        connection.connection.tpc_begin(xid)

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare."""
        try:
            connection.connection.tpc_prepare()
        except Exception as error:
            # psycopg takes the transaction for prepared nevertheless, and can't end it any more
            connection.invalidate(error)
            raise

    def _end_twophase(self, connection: Any, end: Callable[..., None], xid: Any, recover: bool) -> None:
        if not recover:
            end()
            return
        dbapi_connection = connection.connection
        if not self._is_idle(dbapi_connection.dbapi_connection):
            dbapi_connection.rollback()
        end(xid)

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back, prepared or not."""
        self._end_twophase(connection, connection.connection.tpc_rollback, xid, recover)

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit, prepared or not."""
        self._end_twophase(connection, connection.connection.tpc_commit, xid, recover)

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are."""
        dbapi_connection = connection.connection
        was_idle = self._is_idle(dbapi_connection.dbapi_connection)
        found = [str(xid) for xid in dbapi_connection.tpc_recover()]
        if was_idle:
            dbapi_connection.rollback()
        return found

    def _is_idle(self, dbapi_connection: Any) -> bool:
        """
        Tell whether the connection is outside of any transaction.
        """
        raise NotImplementedError
