from relvar._kernels.lend cimport Clock, Loan

cdef Clock clock

cdef class TransactionalContext:
    cdef public TransactionalContext _outer_trans_ctx
    cdef public object _subject

cdef class TransactionBase(TransactionalContext):
    cdef public ConnectionBase connection
    cdef public bint is_active

cdef class RootBase(TransactionBase):
    pass

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
    cdef public bint _strict
    cdef public bint _invalidated
    cdef public bint _can_reconnect
    cdef public bint _reentrant_error
    cdef public bint _allow_autobegin
    cdef public bint _in_begin
    cdef public long _plain_at
    cdef public int _savepoint_number

    cdef object _driver_connection(self)
    cdef object _at_hand(self)

cdef object _lent(Loan loan)
