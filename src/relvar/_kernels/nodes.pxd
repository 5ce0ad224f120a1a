cdef class Keeps:
    # what `keys` keeps of it; it is not copied
    cdef object kept

cdef class Compares(Keeps):
    pass

cdef class BinaryFields(Compares):
    cdef public object left
    cdef public object right
    cdef public object operator
    cdef public object negate
    cdef public object type
    cdef public object modifiers
    # what the ORM notes of it, or None
    cdef object noted

cdef class BindFields(Compares):
    cdef public object value
    cdef public object type
    cdef public bint unique
    cdef public int _modes
    cdef public object _orig_key

cdef object _new_instance(object cls)
cdef dict _copied_values(object node)
cdef object _keep(object node, object name, object value)
cdef dict _values(object node)
