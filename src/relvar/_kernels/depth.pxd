cdef extern from *:
    """
    #if PY_VERSION_HEX < 0x030C0000
    /* an error is any number but 0, which Cython cannot be told */
    static int relvar_one_level_deeper(const char *where) {
        return Py_EnterRecursiveCall(where) ? -1 : 0;
    }
    #define relvar_one_level_up Py_LeaveRecursiveCall
    #else
    /* From 3.12 on calls of C are counted apart from Python's, to ten thousand: that many levels of ours may take
       all of a thread's stack.  So as before, no more than Python itself goes, the function included that asks,
       and see GREATEST_DEPTH in keys.py. */
    #if defined(_MSC_VER)
    static __declspec(thread) int relvar_depth = 0;
    #else
    static __thread int relvar_depth = 0;
    #endif
    static int relvar_one_level_deeper(const char *where) {
        if (relvar_depth >= 4000 || relvar_depth + 1 >= Py_GetRecursionLimit()) {
            PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
            return -1;
        }
        relvar_depth++;
        return 0;
    }
    static void relvar_one_level_up(void) {
        relvar_depth--;
    }
    #endif
    """
    int relvar_one_level_deeper(const char *where) except -1
    void relvar_one_level_up()
