from relvar.orm.load.columns cimport Columns

cdef class EntityDraft:
    cdef public object mapper
    cdef public tuple path
    cdef public tuple pk
    cdef public dict columns
    cdef public list joined
    cdef public list posts
    cdef public object discriminator
    cdef public dict polymorphic
    cdef public object unknown
    cdef public set needed
    cdef public tuple forgotten
    cdef public bint is_partial
    cdef public bint is_beyond
    cdef public bint is_refresh

    cpdef EntityDraft with_posts(self, list posts)


cdef class KeptDraft:
    cdef public EntityDraft draft
    cdef public tuple columns
    cdef public object mappings

    cpdef object planned(self, Columns columns, object adapter, object followed)


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
