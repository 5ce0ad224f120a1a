cimport cython

from relvar.orm.flush.changes cimport Batch
from relvar.orm.flush.facts cimport TableFacts

cdef class Way:
    cdef public str how
    cdef public str how_one
    cdef public list refreshed
    cdef public tuple _known
    cdef public tuple computed
    cdef public list fetch
    cdef public tuple names
    cdef public tuple returning
    cdef public list stale

    cpdef tuple prepared(self, object connection, TableFacts table, bint for_key)

@cython.locals(way=Way)
cpdef Way way_for(TableFacts table, object mask, object dialect, bint is_eager)
@cython.locals(way=Way)
cpdef object emit_insert(object unit, object connection, TableFacts table, Batch batch)
