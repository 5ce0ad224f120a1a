from relvar._kernels.attributes cimport Changes, State

cdef class IdentityMap(Changes):
    cdef public dict tables
    cdef public dict limits
    cdef public int session_id

    cpdef object get_by_key(self, object mapper, object map_key)
    cpdef dict table(self, object mapper)
    cpdef object add(self, State state)
    cpdef int tidy(self, object mapper) except -1
