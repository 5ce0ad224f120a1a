# Reads past the class, where Python's own are calls.

cdef inline object _get(object values, object key):
    """
    Return what a dictionary has under *key*, or None.
    """
    return (<dict> values).get(key)


cdef inline object _item(object values, Py_ssize_t place):
    """
    Return an item of a tuple with names.
    """
    return (<tuple> values)[place]
