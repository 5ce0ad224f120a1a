from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock

cdef Clock clock

cdef class Link:
    cdef public object bind
    cdef public object connection
    cdef public object engine
    cdef public object transaction
    cdef public bint owns_transaction
    cdef public bint closes_connection

cdef class TransactionBase:
    cdef public object origin
    cdef public bint nested
    cdef public SessionFields _session
    cdef public TransactionBase _parent
    cdef public bint _is_boundary
    cdef public tuple _links
    cdef public object _rollback_exception
    cdef public tuple _context
    cdef public TransactionBase _previous_nested
    cdef public object _state
    cdef public bint _has_committed
    cdef public object _busy
    cdef public object _kept_snapshot
    cdef object __weakref__
