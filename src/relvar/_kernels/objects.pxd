from cpython.object cimport PyObject, PyTypeObject

cdef extern from "Python.h":
    # Cython's own declaration of PyTypeObject has neither
    ctypedef struct TypeWithInit "PyTypeObject":
        void* tp_call
        void* tp_init
        void* tp_new

    # what a class has under a name, a borrowed reference; CPython keeps what it found for each class
    PyObject* _PyType_Lookup(PyTypeObject* cls, object name)

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

cdef extern from *:
    """
    /* What setting an attribute by the name of __dict__ comes to.  Not so from 3.13 on: the function does not
       know that the object may keep its values without a dictionary there (python/cpython issue 133912), and
       reads go on with those. */
    #if PY_VERSION_HEX < 0x030D0000
    #define relvar_set_values(node, name, values) PyObject_GenericSetDict(node, values, NULL)
    #else
    #define relvar_set_values(node, name, values) PyObject_GenericSetAttr(node, name, values)
    #endif
    """
    int relvar_set_values(object node, object name, object values) except -1

cdef extern from *:
    """
    /* see own.py */
    static PyObject *relvar_own_dict(PyObject *object)
    {
    #if PY_VERSION_HEX < 0x030C0000
        int enabled = PyGC_Disable();
        PyObject *own = PyObject_GenericGetDict(object, NULL);
        if (enabled) PyGC_Enable();
        return own;
    #else
        return PyObject_GenericGetDict(object, NULL);
    #endif
    }
    """
    dict relvar_own_dict(object object)
