cimport cython

from relvar._kernels.identity cimport SessionFields

@cython.final
cdef class UOWTransaction:
    cdef dict __dict__
    cdef public SessionFields session
    cdef public dict saves
    cdef public dict deletes
    cdef public set listed
    cdef public set late
    cdef public list rules
    cdef public dict post_updates
    cdef public set claimed
    cdef public dict association_rows
    cdef public dict _histories
    cdef public dict taken_over
    cdef public dict to_load
    cdef public set versioned
    cdef public set written
    cdef public bint _changed

    @cython.locals(states=dict)
    cpdef bint has_work(self) except -1
    cpdef dict saves_of(self, object base)
    cpdef object expand(self)
