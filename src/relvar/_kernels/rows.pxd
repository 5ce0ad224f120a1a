from cpython.object cimport PyTypeObject

cdef extern from "Python.h":
    # Cython declares the class as an object, which C compilers refuse from GCC 14 on.
    object alloc_row "PyType_GenericAlloc" (PyTypeObject* cls, Py_ssize_t count)

cdef class CursorReading:
    cdef public object _layout
    cdef public object connection
    cdef public object cursor
    cdef public object _plan
    cdef public object _statement
    cdef public object _parameters
    cdef public bint _soft_closed
    cdef public bint _hard_closed
    cdef public object _positions
    cdef public object _pending
    cdef public object _unique
    cdef public object _rowcount
    cdef public Py_ssize_t _buffer_size

    cpdef bint _is_touched(self) except -1
    cdef object _row(self, object raw)

cpdef object begin_reading(CursorReading reading, object connection, object plan, object cursor, object layout)
cdef object _only_row(CursorReading result, bint needed, bint single)
cdef object _close(CursorReading result, bint hard)
