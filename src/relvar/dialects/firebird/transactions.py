"""
Transactions of Firebird.

What a transaction is like is said when it begins, in a block of parameters that the client sends: the
isolation level, and how long it waits for locks.

DDL is part of a transaction, and can be rolled back.  But tables made in a transaction can't be used in it:
Firebird prepares no statement on them before the commit.  So DDL is committed (retaining the transaction)
before the next statement that is not DDL; with it goes what the transaction did before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from relvar import exc
from relvar.dialect.characteristics import ConnectionCharacteristic
from relvar.dialect.default import DefaultDialect
from relvar.dialects.firebird.ddl import DDL_BLOCK

LEVELS = (
    "AUTOCOMMIT",
    "READ COMMITTED",
    "READ COMMITTED NO RECORD VERSION",
    "REPEATABLE READ",
    "SERIALIZABLE",
    "SNAPSHOT",
)
"""
Levels of isolation.  Since Firebird 4 each statement of a READ COMMITTED transaction sees one state of the
database, unless the server is set up to do otherwise (``ReadConsistency``).  REPEATABLE READ is another name
of SNAPSHOT; SERIALIZABLE locks whole tables (SNAPSHOT TABLE STABILITY); AUTOCOMMIT commits each statement of
a READ COMMITTED transaction.
"""

_DDL = re.compile(
    r"\s*(?:(?:CREATE|RECREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|DECLARE)\b|" + re.escape(DDL_BLOCK) + ")",
    re.IGNORECASE,
)
_RETURNS = re.compile(r"\s*(?:UPDATE|DELETE|MERGE)\b", re.IGNORECASE)

# https://github.com/FirebirdSQL/firebird/blob/master/src/include/firebird/impl/consts_pub.h
_VERSION, _WAIT, _NO_WAIT, _READ, _WRITE, _COMMITS, _TIMEOUT = 3, 6, 7, 8, 9, 16, 21
_BY_LEVEL = {
    "AUTOCOMMIT": bytes([15, 17]),
    "READ COMMITTED": bytes([15, 17]),
    "READ COMMITTED NO RECORD VERSION": bytes([15, 18]),
    "REPEATABLE READ": bytes([2]),
    "SNAPSHOT": bytes([2]),
    "SERIALIZABLE": bytes([1]),
}


def parameter_block(state: State) -> bytes:
    """
    Return what a client sends to begin a transaction.
    """
    block = bytes([_VERSION, _READ if state.read_only else _WRITE]) + _BY_LEVEL[state.level]
    if state.lock_timeout is None:
        block += bytes([_WAIT])
    elif state.lock_timeout == 0:
        block += bytes([_NO_WAIT])
    else:
        block += bytes([_WAIT, _TIMEOUT, 4]) + state.lock_timeout.to_bytes(4, "little")
    return block + bytes([_COMMITS]) if state.level == "AUTOCOMMIT" else block


class LockTimeout(ConnectionCharacteristic):
    """
    ``firebird_lock_timeout``: seconds that a transaction waits for locks; 0: it does not; None: for ever.
    """

    transactional = True

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Set it."""
        dialect._set_lock_timeout(dbapi_conn, value)

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Go back to the engine's."""
        dialect._set_lock_timeout(dbapi_conn, dialect.lock_timeout)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read it."""
        return dialect._state(dbapi_conn).lock_timeout


class ReadOnly(ConnectionCharacteristic):
    """
    ``firebird_readonly``: whether transactions only read.
    """

    transactional = True

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Set it."""
        dialect._set_read_only(dbapi_conn, bool(value))

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Let transactions write again."""
        dialect._set_read_only(dbapi_conn, False)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read it."""
        return dialect._state(dbapi_conn).read_only


class State:
    """
    What a connection's next transaction is to be like, and whether this one has DDL to commit.
    """

    __slots__ = ("has_ddl", "level", "lock_timeout", "prepared", "read_only")

    def __init__(self, level: str, lock_timeout: int | None) -> None:
        self.level: str = level
        self.lock_timeout: int | None = lock_timeout
        self.read_only: bool = False
        self.has_ddl: bool = False
        self.prepared: bool = False

    def ended(self) -> None:
        """Note that the transaction is over."""
        self.has_ddl = self.prepared = False


def check_lock_timeout(value: Any) -> int | None:
    """
    Return a number of seconds to wait for locks, or None.

    Raises:
        ArgumentError: It is neither.
    """
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 32768
    ):
        raise exc.ArgumentError(
            f"A lock time-out of Firebird is a whole number of seconds, 0 to wait for no lock, or None to "
            f"wait as long as it takes; got {value!r}"
        )
    return value


class Transactions(DefaultDialect):
    """
    The part of the dialect that is about transactions; a driver's dialect says how it is sent.
    """

    lock_timeout: int | None
    _has_version_5: bool
    _default_level = "SNAPSHOT"
    _has_two_phases: ClassVar[bool] = False

    # -- what a driver's dialect gives ----------------------------------------------

    def _apply(self, dbapi_connection: Any, state: State) -> None:
        """
        Have the next transaction of a connection be as its state says.
        """
        raise NotImplementedError

    def _commit_retaining(self, dbapi_connection: Any) -> None:
        """
        Commit, and go on with the same transaction.
        """
        raise NotImplementedError

    def _connection_of(self, cursor: Any) -> Any:
        return cursor.connection

    def _prepare(self, dbapi_connection: Any, message: bytes) -> None:
        """
        Prepare the transaction of a connection for COMMIT, under a name.
        """
        raise NotImplementedError

    def _end_prepared(self, dbapi_connection: Any, number: int, commit: bool) -> None:
        """
        End the prepared transaction of a number, whosever it was.
        """
        raise NotImplementedError

    # -- two phases ------------------------------------------------------------------

    def do_begin_twophase(self, connection: Any, xid: Any) -> None:
        """Begin: as any transaction, where the driver can prepare it."""
        if not self._has_two_phases:
            super().do_begin_twophase(connection, xid)

    def do_prepare_twophase(self, connection: Any, xid: Any) -> None:
        """Prepare; then it outlives its connection, in limbo."""
        dbapi_connection = connection.connection.dbapi_connection
        self._prepare(dbapi_connection, xid.encode() if isinstance(xid, str) else bytes(xid))
        self._state(dbapi_connection).prepared = True

    def do_rollback_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Roll back, prepared or not."""
        self._end_twophase(connection, xid, False, recover)

    def do_commit_twophase(
        self, connection: Any, xid: Any, is_prepared: bool = True, recover: bool = False
    ) -> None:
        """Commit, prepared or not."""
        self._end_twophase(connection, xid, True, recover)

    def _end_twophase(self, connection: Any, xid: Any, commit: bool, recover: bool) -> None:
        dbapi_connection = connection.connection.dbapi_connection
        if recover:
            if not self._has_two_phases:
                raise NotImplementedError(
                    f"{self.dialect_description} can't end a prepared transaction; firebird-driver can"
                )
            name = xid.decode() if isinstance(xid, bytes) else xid
            for number, found in self._in_limbo(connection):
                if found == name:
                    self._end_prepared(dbapi_connection, number, commit)
                    return
            raise exc.InvalidRequestError(f"There is no prepared transaction {name!r} in this database")
        end = self.do_commit if commit else self.do_rollback
        end(dbapi_connection)

    def do_recover_twophase(self, connection: Any) -> list[Any]:
        """List the prepared transactions there are."""
        return [name for _, name in self._in_limbo(connection)]

    def _in_limbo(self, connection: Any) -> list[tuple[int, str]]:
        rows = connection.exec_driver_sql(
            "SELECT rdb$transaction_id, rdb$transaction_description FROM rdb$transactions "
            "WHERE rdb$transaction_state = 1"
        ).all()
        return [
            (number, name.decode(errors="replace") if isinstance(name, bytes) else name)
            for number, name in rows
            if name
        ]

    # -- state ---------------------------------------------------------------------

    def _state(self, dbapi_connection: Any) -> State:
        try:
            return dbapi_connection._relvar_state  # type: ignore[no-any-return]  # as set here
        except AttributeError:
            state = dbapi_connection._relvar_state = State(self._default_level, self.lock_timeout)
            if self.lock_timeout is not None:
                self._apply(dbapi_connection, state)
            return state

    def get_isolation_level_values(self, dbapi_connection: Any) -> Sequence[str]:
        """List the isolation levels there are."""
        return LEVELS

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the isolation level of the transactions to come."""
        state = self._state(dbapi_connection)
        state.level = level
        self._apply(dbapi_connection, state)

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Give the isolation level."""
        return self._state(dbapi_connection).level

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """Tell whether each statement is committed."""
        return self._state(dbapi_conn).level == "AUTOCOMMIT"

    def _set_lock_timeout(self, dbapi_connection: Any, value: Any) -> None:
        state = self._state(dbapi_connection)
        state.lock_timeout = check_lock_timeout(value)
        self._apply(dbapi_connection, state)

    def _set_read_only(self, dbapi_connection: Any, value: bool) -> None:
        state = self._state(dbapi_connection)
        state.read_only = value
        self._apply(dbapi_connection, state)

    # -- rows that come back ----------------------------------------------------------

    def _changed_rows(self, cursor: Any) -> int:
        """
        Return how many rows a statement inserted, updated and deleted.
        """
        return int(cursor.rowcount)

    def _drop_phantom(self, cursor: Any, statement: str) -> None:
        """
        Read the row of NULLs that RETURNING gives before Firebird 5 where no row was met.
        """
        if _RETURNS.match(statement) and cursor.description and not self._changed_rows(cursor):
            cursor.fetchone()

    # -- DDL -------------------------------------------------------------------------

    def _before(self, cursor: Any, statement: str) -> None:
        """
        Commit DDL that came before, if *statement* is something else.
        """
        connection = self._connection_of(cursor)
        state = self._state(connection)
        if _DDL.match(statement):
            state.has_ddl = True
        elif state.has_ddl:
            state.has_ddl = False
            self._commit_retaining(connection)

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement."""
        self._before(cursor, statement)
        cursor.execute(statement, parameters)
        if not self._has_version_5:
            self._drop_phantom(cursor, statement)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        """Run a statement without parameters."""
        self._before(cursor, statement)
        cursor.execute(statement)
        if not self._has_version_5:
            self._drop_phantom(cursor, statement)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for many rows of parameters."""
        self._before(cursor, statement)
        cursor.executemany(statement, parameters)
