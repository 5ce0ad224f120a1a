cdef class Columns:
    cdef public list primary
    cdef public list secondary
    cdef public int extra
    cdef dict _primary_places
    cdef dict _secondary_places

    cpdef object add(self, object column, bint secondary=*)
    cpdef bint add_new(self, tuple columns, object adapter) except -1


cdef object _moved(object column, object adapter)


cdef class Places:
    cdef Columns _columns
    cdef public object adapter
    cdef public bint secondary
    cdef public dict known

    cpdef object add(self, object column)
    cpdef object need(self, object column)
