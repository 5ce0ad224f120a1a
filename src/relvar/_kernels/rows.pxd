from cpython.object cimport PyTypeObject

cdef extern from "Python.h":
    # Cython declares the class as an object, which C compilers refuse from GCC 14 on.
    object alloc_row "PyType_GenericAlloc" (PyTypeObject* cls, Py_ssize_t count)
