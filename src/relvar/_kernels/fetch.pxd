from cpython.object cimport PyObject

cdef extern from *:
    """
    #if defined(__GNUC__)
    /* an object's fields and the address of its dictionary are on both sides of where it begins */
    #define relvar_fetch(object) (__builtin_prefetch((char *)(object) - 16), __builtin_prefetch((char *)(object) + 48))
    #else
    #define relvar_fetch(object) ((void)(object))
    #endif
    """
    void relvar_fetch(PyObject* object)
