cimport cython

cpdef object fetch_all(object connection, object cursor)

@cython.final
cdef class CursorRows:
    cdef public object connection
    cdef public object cursor
    cdef public bint _soft_closed

    cpdef object _raw_all(self)
