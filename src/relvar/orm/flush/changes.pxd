cimport cython

from relvar.orm.flush.facts cimport TableFacts

cdef class Batch:
    cdef public object mask
    cdef public list rows
    cdef public list states
    cdef public object expressions

cpdef list insert_batches(TableFacts table, object states, object context)
@cython.locals(batch=Batch)
cdef object _add_row(
    list batches, dict shapes, object state, object mask, object row, object expressions, bint in_order=*
)
