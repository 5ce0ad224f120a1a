from relvar._kernels.attributes cimport State

cdef class IdentityMap:
    cdef public dict tables
    cdef public dict modified
    cdef public dict limits
    cdef public object owner
    cdef public object guard
    cdef public int session_id
    cdef object __weakref__

    cpdef object get_by_key(self, object mapper, object map_key)
    cpdef dict table(self, object mapper)
    cpdef object add(self, State state)
    cpdef int tidy(self, object mapper) except -1
