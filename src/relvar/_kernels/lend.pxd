cimport cython

@cython.final
cdef class Clock:
    cdef public long ticks

cdef class Loan:
    cdef public long _reentered
    cdef public object _pool
    cdef public object _connection_record
    cdef public object dbapi_connection

    cpdef object close(self)
    cpdef object _close_rolled_back(self)

cpdef object new_of(object cls, object base)
