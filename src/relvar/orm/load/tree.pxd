cimport cython

cdef class Twig:
    cdef public object parent
    cdef public object prop
    cdef public object target
    cdef public tuple more
    cdef public object criteria
    cdef public object element
    cdef public Branch branch

cdef class Branch:
    cdef public object kept_drafts
    cdef public bint is_checked
    cdef public dict twigs
    cdef public object relationships
    cdef public object columns
    cdef public frozenset groups
    cdef public object polymorphic

cdef class AliasRoot:
    cdef public object mapper
    cdef public object index

cdef class OptionTree:
    cdef public tuple options
    cdef public tuple criteria
    cdef public tuple told
    cdef public Branch anywhere
    cdef public list roots
    cdef public bint gathers
    cdef public bint is_by_entity
    cdef public bint names_aliases
    cdef dict _starts
    cdef public object source
    cdef bint _propagates
    cdef tuple _binds
    cdef object _key
    cdef object _bound

    @cython.locals(made=OptionTree)
    cpdef OptionTree again(self)

@cython.locals(found=OptionTree, trees=dict)
cpdef OptionTree option_tree(object options)
