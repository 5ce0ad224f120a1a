cdef extern from *:
    """
    /* an error is any number but 0, which Cython cannot be told */
    static int relvar_one_level_deeper(const char *where) {
        return Py_EnterRecursiveCall(where) ? -1 : 0;
    }
    """
    int relvar_one_level_deeper(const char *where) except -1
    void Py_LeaveRecursiveCall()
