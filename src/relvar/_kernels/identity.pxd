# places in SessionFields._given, see OPTIONS in identity.py
cpdef enum:
    AUTOFLUSH = 0
    AUTOBEGIN = 1
    EXPIRE_ON_COMMIT = 2
    TWOPHASE = 4
    JOIN_TRANSACTION_MODE = 5
    EXECUTION_OPTIONS = 6
    STRICT = 7
    LAZY_LOADING = 8

from relvar._kernels.attributes cimport Changes, State

cdef class IdentityMap(Changes):
    cdef public dict tables
    cdef public dict limits
    cdef public int session_id

    cpdef object get_by_key(self, object mapper, object map_key)
    cpdef object get_by_pk(self, object mapper, object pk, object token=*)
    cpdef dict table(self, object mapper)
    cpdef object add(self, State state)
    cpdef int tidy(self, object mapper) except -1
    cpdef list all_states(self)
    cpdef object clear(self)
    cpdef object get_loaded(self, object class_, object pk)

cdef class SessionFields:
    cdef public object bind
    cdef public IdentityMap identity_map
    cdef public int hash_key
    cdef public dict _binds
    cdef public dict _new
    cdef public dict _deleted
    cdef public object _transaction
    cdef public object _context_transaction
    cdef public object _nested_transaction
    cdef public object _events
    cdef public long _quiet_at
    cdef public bint _flushing
    cdef public bint _autoflushing
    cdef public bint _closed
    cdef public bint _warn_on_events
    cdef public object _close_resets_only
    cdef public object _causality
    cdef public tuple _given

cdef class Option:
    cdef readonly str name
    cdef readonly Py_ssize_t place

cpdef IdentityMap new_identity_map(int session_id, object owner)
cpdef bint is_clean(SessionFields session) except -1
cpdef object given(SessionFields session, Py_ssize_t place)
cpdef object bind_of(SessionFields session)
