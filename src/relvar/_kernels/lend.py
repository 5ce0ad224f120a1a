"""
Lend and take back a connection while nobody listens, logs or waits.

A pool derives from `Shelf`, the face of a lent connection from `Loan`.  Both
have one fast way and leave everything else to the methods of `relvar.pool`
(``_connect_watched``, ``_return_watched``, ``_do_return_conn``), which do the
same with events, logging, limits and waiting.

Flags say whether the fast way may be taken.  They hold as long as the clock
has not ticked; it ticks when a listener comes or goes anywhere, and when the
process forks.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

from typing import Any
from weakref import ref

if cython.compiled:
    from cython.cimports.cpython.object import PyTypeObject
    from cython.cimports.cpython.ref import PyObject
    from cython.cimports.cpython.weakref import PyWeakref_NewRef
    from cython.cimports.relvar._kernels.objects import TypeWithInit

_DEBUG = 10


class Clock:
    """
    Counts the changes that make flags kept elsewhere worth a new look.
    """

    ticks: int

    def __init__(self) -> None:
        self.ticks = 0


_clock = cython.declare(Clock, Clock())
clock = _clock


@cython.cclass
class Place:
    """
    The fields of a record that lending and taking back look at.

    ``loan``: a weak reference to the last `Loan`, in pools that lend one again while it is in use.
    """

    checked_out = cython.declare(cython.bint, visibility="public")
    forks = cython.declare(cython.long, visibility="public")
    _soft_invalidate_time = cython.declare(cython.double, visibility="public")
    dbapi_connection = cython.declare(object, visibility="public")
    finalize_callback = cython.declare(object, visibility="public")
    loan = cython.declare(object, visibility="public")


@cython.cclass
class Shelf:
    """
    Where idle connections are kept, with the flags that tell what is safe.

    ``_take`` and ``_put`` are the bound methods of the queue of idle records (no ``_put``: a record stays
    where it is), ``_places`` is the set of all places there are, idle or lent, ``_checkout_listeners`` are
    those of the ``checkout`` event.
    """

    _ticks = cython.declare(cython.long, visibility="public")
    _lends_plainly = cython.declare(cython.bint, visibility="public")
    _checkout_listeners = cython.declare(tuple, visibility="public")
    _returns_plainly = cython.declare(cython.bint, visibility="public")
    _puts_plainly = cython.declare(cython.bint, visibility="public")
    _lends_again = cython.declare(cython.bint, visibility="public")
    _rollback_is_reset = cython.declare(cython.bint, visibility="public")
    _forks = cython.declare(cython.long, visibility="public")
    _size = cython.declare(cython.long, visibility="public")
    _places = cython.declare(set, visibility="public")
    _plain_reset = cython.declare(object, visibility="public")
    _log_levels = cython.declare(object, visibility="public")
    _take = cython.declare(object, visibility="public")
    _put = cython.declare(object, visibility="public")
    _waiters = cython.declare(object, visibility="public")
    _loan_class = cython.declare(object, visibility="public")
    # of a pool that keeps one record for each thread: what the thread at hand has, and all records
    _local = cython.declare(object, visibility="public")
    _all = cython.declare(set, visibility="public")

    def connect(self) -> Any:
        """
        Return a driver connection from the pool, as a `PoolProxiedConnection`.

        Its ``close()`` gives it back; so does the garbage collector.
        """
        if (
            self._ticks != _clock.ticks
            or not self._lends_plainly
            or self._waiters
            or not _is_silent(self._log_levels, _DEBUG)
        ):
            return self._connect_watched()
        try:
            record = self._take()
        except IndexError:
            return self._connect_watched()
        if not isinstance(record, Place):
            return self._check_out(record)
        place: Place = record
        if place.dbapi_connection is None or place._soft_invalidate_time:
            return self._check_out(record)
        return _lend(self, place)

    def _lend(self, record: Any) -> Any:
        """
        Lend a record whose connection needs no look.
        """
        return _lend(self, record)

    def _connect_watched(self) -> Any:
        """
        Do what `connect` does, with everything; see the derived class.
        """
        raise NotImplementedError

    def _check_out(self, record: Any) -> Any:
        """
        Lend a record whose connection needs a look; see the derived class.
        """
        raise NotImplementedError

    def _lent_by(self, loan: Any, record: Any) -> Any:
        """
        Return what is lent where a listener may have forked; see the derived class.
        """
        raise NotImplementedError

    def _do_return_conn(self, record: Any) -> None:
        """
        Take a record back; see the derived class.
        """
        raise NotImplementedError

    def _serve(self) -> None:
        """
        Give to those who wait; see the derived class.
        """
        raise NotImplementedError

    def _reset_failed(self, record: Any, err: BaseException) -> None:
        """
        Throw a connection away that could not be reset; see the derived class.
        """
        raise NotImplementedError


if cython.compiled:

    @cython.cfunc
    @cython.inline
    def _is_made_as(cls: object, base: object) -> cython.bint:
        """
        Tell whether calling a class does no more than calling *base*, one of its bases.
        """
        if not isinstance(cls, type):
            return False
        own = cython.cast(cython.pointer(TypeWithInit), cls)
        known = cython.cast(cython.pointer(TypeWithInit), base)
        kind: object = type(cls)
        kinds = cython.cast(cython.pointer(TypeWithInit), kind)
        return (
            own.tp_init == known.tp_init
            and own.tp_new == known.tp_new
            and kinds.tp_call == cython.cast(cython.pointer(TypeWithInit), type).tp_call
        )


def new_of(cls, base):
    """
    Return a new object of a class, for whoever sets its fields as the constructor of *base* does.

    Calling a class takes as long as several fields.

    Returns:
        None, if the class, which has that base, does anything else when it is called; and where calling it
        is no dearer, in pure Python.
    """
    if not cython.compiled or not _is_made_as(cls, base):
        return None
    return cython.cast(cython.pointer(PyTypeObject), cls).tp_new(
        cls, cython.cast(cython.pointer(PyObject), ()), cython.NULL
    )


@cython.cfunc
def _lend(shelf: Shelf, place: Place) -> Any:
    """
    Lend a connection, and tell those who listen.
    """
    connection = place.dbapi_connection
    place.checked_out = True
    loan = new_of(shelf._loan_class, Loan)
    if loan is None:
        loan = shelf._loan_class(shelf, connection, place)
    else:
        _lend_to(loan, shelf, connection, place)
    if shelf._checkout_listeners:
        try:
            for listener in shelf._checkout_listeners:
                listener(connection, place, loan)
        except BaseException as err:
            loan._checkout_refused(err)
    if shelf._lends_again:
        place.loan = PyWeakref_NewRef(loan, None) if cython.compiled else ref(loan)
    return loan if shelf._ticks == _clock.ticks else shelf._lent_by(loan, place)


@cython.cfunc
@cython.inline
def _is_silent(levels: Any, level: object) -> cython.bint:
    """
    Tell whether a logger is known to say nothing at a level, by what ``logging`` itself keeps.
    """
    if isinstance(levels, dict):
        known: dict = levels  # type: ignore[type-arg]  # a C type here
        return known.get(level) is False
    return levels.get(level) is False


def own_record(pool: Shelf) -> Any:
    """
    Return the idle record of a thread, of a pool that keeps one for each.
    """
    reference = pool._local.record
    record = None if reference is None else reference()
    if not isinstance(record, Place):
        raise IndexError
    place: Place = record
    if place.checked_out or record not in pool._all:
        raise IndexError
    return record


class DriverTransactions:
    """
    How a dialect begins and ends transactions of a driver that is as PEP 249 says.
    """

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction; PEP 249 does it by itself."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        if self.skip_autocommit_rollback and self.detect_autocommit_setting(dbapi_connection):
            return
        dbapi_connection.rollback()

    # the pool need not ask, unless skip_autocommit_rollback is set
    do_rollback.only_rolls_back = True  # type: ignore[attr-defined]  # a mark on the function

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit."""
        dbapi_connection.commit()


def roll_back(connection: Any) -> None:
    """
    Reset a connection in the usual way; as ``_plain_reset`` it is not even called.
    """
    connection.rollback()


# how `Loan.close` recognises it
_roll_back = cython.declare(object, roll_back)


@cython.cfunc
@cython.inline
def _is_plain(shelf: Shelf, record: Any) -> cython.bint:
    """
    Tell whether a record can be returned without anybody noticing.
    """
    if (
        shelf._ticks != _clock.ticks
        or not shelf._returns_plainly
        or not isinstance(record, Place)
        or not _is_silent(shelf._log_levels, _DEBUG)
    ):
        return False
    place: Place = record
    return not place.finalize_callback and place.forks == shelf._forks


@cython.cfunc
@cython.inline
def _put_back(shelf: Shelf, record: Any) -> cython.void:
    """
    Return a record to its shelf.
    """
    place: Place = record
    place.checked_out = False
    if shelf._puts_plainly and (len(shelf._places) <= shelf._size or shelf._size == 0):
        # all places fit, so this one does
        if shelf._put is not None:
            shelf._put(record)
        if shelf._waiters:
            shelf._serve()
    else:
        shelf._do_return_conn(record)


class Loan:
    """
    A driver connection on loan: the connection, its record and its pool.

    ``_reentered``: how many times more its pool gave it out while it was in use.
    """

    _reentered: int
    _pool: Any
    _connection_record: Any
    dbapi_connection: Any

    def __init__(self, pool: Any, dbapi_connection: Any, record: Any) -> None:
        _lend_to(self, pool, dbapi_connection, record)

    def close(self) -> None:
        """
        Give the connection back to its pool.
        """
        if self._reentered:
            self._reentered -= 1
            return
        shelf: Shelf = self._pool
        record = self._connection_record
        if not _is_plain(shelf, record):
            self._return_watched(False)
            return
        connection = self.dbapi_connection
        self.dbapi_connection = None
        self._connection_record = None
        reset = shelf._plain_reset
        if reset is not None and connection is not None:
            try:
                if reset is _roll_back:
                    connection.rollback()
                else:
                    reset(connection)
            except BaseException as err:
                shelf._reset_failed(record, err)
                if not isinstance(err, Exception):
                    raise
        _put_back(shelf, record)

    def _close_rolled_back(self) -> None:
        """
        Give the connection back after a rollback; rolls back again only if somebody watches.
        """
        if self._reentered:
            self._reentered -= 1
            return
        shelf: Shelf = self._pool
        record = self._connection_record
        if not shelf._rollback_is_reset or not _is_plain(shelf, record):
            self.close()
            return
        self.dbapi_connection = None
        self._connection_record = None
        _put_back(shelf, record)

    def _close_special(self, transaction_reset: bool = False) -> None:
        """
        Return the connection; *transaction_reset* if it was rolled back.
        """
        if self._reentered:
            self._reentered -= 1
            return
        shelf: Shelf = self._pool
        record = self._connection_record
        if not transaction_reset or not shelf._rollback_is_reset or not _is_plain(shelf, record):
            self._return_watched(transaction_reset)
            return
        self.dbapi_connection = None
        self._connection_record = None
        _put_back(shelf, record)

    def _checkout_refused(self, err: BaseException) -> None:
        """
        Replace a connection that a listener found dead; see the derived class.
        """
        raise NotImplementedError

    def _return_watched(self, transaction_was_reset: bool) -> None:
        """
        Do what `close` does, with everything; see the derived class.
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


@cython.cfunc
@cython.inline
def _lend_to(loan: Loan, pool: object, dbapi_connection: object, record: object) -> cython.void:
    """
    Set the fields of a new loan.
    """
    loan._pool = pool
    # first the record: a loan without one is detached
    loan._connection_record = record
    loan.dbapi_connection = dbapi_connection
    loan._reentered = 0
