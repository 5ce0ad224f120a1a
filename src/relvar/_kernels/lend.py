"""
The part of a pooled connection's face that every checkout goes through.

`Loan` is made when a connection is lent and gone soon after; between, it is
asked for its driver connection.  Making it, returning what nobody listens
for, and being collected are here; everything else is in `relvar.pool.record`,
whose class derives from it.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

from typing import Any

_DEBUG = 10


class Ticks:
    """
    Counts the changes that make flags kept elsewhere worth a new look.
    """

    __slots__ = ("ticks",)

    def __init__(self) -> None:
        self.ticks = 0


clock = Ticks()


@cython.cclass
class Loan:
    """
    A driver connection on loan: the connection, its record and its pool.
    """

    _pool = cython.declare(object, visibility="public")
    _connection_record = cython.declare(object, visibility="public")
    dbapi_connection = cython.declare(object, visibility="public")

    def __init__(self, pool: Any, dbapi_connection: Any, record: Any) -> None:
        self._pool = pool
        self.dbapi_connection = dbapi_connection
        self._connection_record = record

    def close(self) -> None:
        """
        Give the connection back to its pool.
        """
        pool = self._pool
        record = self._connection_record
        if (
            pool._ticks != clock.ticks
            or not pool._returns_plainly
            or pool._log_levels.get(_DEBUG) is not False
            or record is None
            or record.finalize_callback
            or record.forks != pool._forks
        ):
            self._return_watched(False)
            return
        # nobody listens or logs: reset and put back
        connection = self.dbapi_connection
        self.dbapi_connection = None
        self._connection_record = None
        reset = pool._plain_reset
        if reset is not None and connection is not None:
            try:
                reset(connection)
            except BaseException as err:
                pool._reset_failed(record, err)
        record.checked_out = False
        pool._do_return_conn(record)

    def _close_special(self, transaction_reset: bool = False) -> None:
        """
        Return the connection; *transaction_reset* if it was rolled back.
        """
        pool = self._pool
        record = self._connection_record
        if (
            not transaction_reset
            or not pool._rollback_is_reset
            or pool._ticks != clock.ticks
            or not pool._returns_plainly
            or pool._log_levels.get(_DEBUG) is not False
            or record is None
            or record.finalize_callback
            or record.forks != pool._forks
        ):
            self._return_watched(transaction_reset)
            return
        self.dbapi_connection = None
        self._connection_record = None
        record.checked_out = False
        pool._do_return_conn(record)

    def _return_watched(self, transaction_was_reset: bool) -> None:
        """
        Return the connection with events and logging; see the derived class.
        """
        raise NotImplementedError

    def _return_abandoned(self) -> None:
        """
        Return the connection from the garbage collector; see the derived class.
        """
        raise NotImplementedError

    def __del__(self) -> None:
        if self.dbapi_connection is not None or self._connection_record is not None:
            self._return_abandoned()
