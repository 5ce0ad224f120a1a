from relvar._kernels.identity cimport IdentityMap, SessionFields, new_identity_map

cdef class ClassEvents:
    cdef public bint has_own_bind
    cdef public bint has_own_options
    cdef public object cls
    cdef public object dispatch
    cdef public long _heard_at
    cdef public long _quiet_at

cdef object _begin_empty(SessionFields session, ClassEvents known)
cdef object _take_options(SessionFields session, ClassEvents known, object bind, tuple options)
