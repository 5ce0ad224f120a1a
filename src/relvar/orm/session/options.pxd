from relvar._kernels.identity cimport IdentityMap, SessionFields

cdef class ClassEvents:
    cdef public object cls
    cdef public object dispatch
    cdef public long _heard_at
    cdef public long _quiet_at

cdef object _begin_empty(SessionFields session, ClassEvents known)
