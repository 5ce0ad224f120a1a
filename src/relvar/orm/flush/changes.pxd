cimport cython

from relvar.orm.flush.facts cimport TableFacts

cdef class Batch:
    cdef public object mask
    cdef public list rows
    cdef public list states
    cdef public object expressions

cpdef list insert_batches(TableFacts table, object states, object context)
