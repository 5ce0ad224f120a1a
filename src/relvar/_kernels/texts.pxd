cdef extern from *:
    """
    /* an error is any number but 0, which Cython cannot be told */
    static int relvar_one_level_deeper(void) {
        return Py_EnterRecursiveCall(" while a statement is compiled") ? -1 : 0;
    }
    """
    int relvar_one_level_deeper() except -1
    void Py_LeaveRecursiveCall()
