cpdef dict instance_dict(object obj)
cpdef object item_of(object mapping, object name)
cpdef bint is_found(object obj, object name, object known) except -1
