from relvar.orm.load.columns cimport Columns

cdef class LoadPlan:
    cdef public tuple items
    cdef public tuple keys
    cdef public Columns columns
    cdef public bint has_aliases
    cdef public bint is_single
    cdef public bint is_plain
    cdef public bint needs_unique
    cdef public bint buffers
    cdef public object layout
    cdef tuple _last_layout
    cdef tuple _bound

    cpdef object layout_of(self, object raw_columns)
    cpdef tuple bind(self, object processors)
