cdef class Recent:
    cdef public dict _data
    cdef public object _tick

    cdef object _value(self, object key)
