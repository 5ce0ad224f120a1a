cimport cython

from relvar._kernels.lend cimport Clock, Loan, new_of
from relvar._kernels.own cimport is_found

cdef Clock clock
cdef object _dialect
cdef object _pool

cdef class EngineBase:
    cdef public object _compiled_cache
    cdef public object _execution_options
    cdef public object _log_levels
    cdef public long _plain_at
    cdef public bint _has_replicas
    cdef public object dialect
    cdef public object pool

cdef class TransactionalContext:
    cdef public TransactionalContext _outer_trans_ctx
    cdef public object _subject

cdef class TransactionBase(TransactionalContext):
    cdef public ConnectionBase connection
    cdef public bint is_active

    cpdef object _start(self, object connection)
    cpdef object _end(self, bint commit)

cdef class RootBase(TransactionBase):
    cpdef object _commit(self)
    cpdef object _rollback(self)
    @cython.locals(connection=ConnectionBase)
    cpdef object _end(self, bint commit)

cdef class ConnectionBase:
    cdef public object engine
    cdef public object dialect
    cdef public object _dbapi_connection
    cdef public object _execution_options
    cdef public object _dispatch
    cdef public object _logging_token
    cdef public object _overdue
    cdef public TransactionBase _transaction
    cdef public TransactionBase _nested_transaction
    cdef public TransactionalContext _trans_context_manager
    cdef public bint _has_events
    cdef public bint _echo
    cdef public object _own_strict
    cdef public bint _invalidated
    cdef public bint _can_reconnect
    cdef public bint _reentrant_error
    cdef public bint _allow_autobegin
    cdef public bint _in_begin
    cdef public long _plain_at
    cdef public int _savepoint_number

    cdef object _driver_connection(self)
    cdef object _at_hand(self)
    cpdef object _begin_root(self)
    @cython.locals(known=Loan)
    cpdef object _end_use(self)
    cpdef object _begin_impl(self, object transaction)
    cpdef object _commit_impl(self)
    @cython.locals(own=TransactionBase)
    cpdef object _close_with(self, object transaction)

@cython.locals(known=Loan)
cdef object _give_back(object loan)
cdef object _lent(Loan loan)
@cython.locals(known=dict)
cdef object _known_level(object levels)
@cython.locals(known=EngineBase)
cdef object _take_options(ConnectionBase connection, object engine, object has_events)
@cython.locals(known=EngineBase)
cdef object _connect(
    ConnectionBase connection, object engine, object lent, object has_events, bint revalidate, bint autobegin
)
cdef object _begun(ConnectionBase connection)
cdef object _begin(RootBase transaction, ConnectionBase connection)
