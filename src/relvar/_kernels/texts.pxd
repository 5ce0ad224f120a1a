cimport cython

# Kinds of nodes that have a text of their own only in lists, or as FROM elements.
cdef int _COLUMN
cdef int _TABLE
cdef int _ALIAS
cdef int _JOIN

cdef dict _NO_KEYWORDS

@cython.final
cdef class PlainRules:
    cdef bint columns
    cdef bint binds
    cdef bint binaries
    cdef bint operands
    cdef bint lists
    cdef bint groupings
    cdef bint cases
    cdef bint literal_columns
    cdef bint labels
    cdef bint tables
    cdef bint aliases
    cdef bint joins
    cdef bint assignments
    cdef bint updates
    cdef bint returning
    cdef dict symbols
    cdef dict patterns
    cdef dict binary_methods
    cdef dict operand_methods
    cdef dict stems
    cdef type anonymous
    cdef type template
    cdef type binary_class
    cdef dict grouped
    cdef object quote
    cdef str list_start

cdef int _kind_of(object cls) except? -1
cdef object _grouped_text(object node, object against, object compiler, PlainRules rules, dict kw)
cdef object _place_text(object table, object compiler, PlainRules rules)
cdef object _final_name(object name, object compiler, PlainRules rules, object kind)
cdef bint _is_up_to_date(tuple memo, object column, object preparer) except? -1
cdef object _text(object node, object compiler, PlainRules rules, dict kw, int operators)
cdef object _quoted(object name, object preparer, PlainRules rules)
