cdef extern from "Python.h":
    bint PyUnicode_CHECK_INTERNED(object text)
