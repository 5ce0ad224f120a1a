cpdef tuple given_values(object values)
cpdef object bind_parameters(tuple binds, tuple extra, tuple indexes, tuple processors, tuple keys)
