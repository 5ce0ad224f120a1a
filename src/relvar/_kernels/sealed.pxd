cdef extern from "Python.h":
    ctypedef struct TypeWithFlags "PyTypeObject":
        unsigned long tp_flags

    const unsigned long Py_TPFLAGS_IMMUTABLETYPE
