cpdef dict instance_dict(object obj)
