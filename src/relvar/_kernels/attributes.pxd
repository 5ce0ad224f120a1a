cimport cython
from cpython.object cimport PyObject

cdef extern from "Python.h":
    # `State` is a weak reference with more fields: one allocation instead of two per object.
    ctypedef class weakref.ReferenceType [object PyWeakReference, check_size ignore]:
        pass

cdef extern from "Python.h":
    # NULL as value means "delete", which Cython's own declaration cannot say
    int generic_delete "PyObject_GenericSetAttr" (object obj, object name, PyObject* value) except -1

    void PyObject_GC_Track(PyObject* obj)
    void PyObject_GC_UnTrack(PyObject* obj)
    int PyObject_GC_IsTracked(PyObject* obj)
    bint PyObject_IS_GC(object obj)

cdef extern from *:
    """
    static CYTHON_INLINE PyObject *relvar_referent(PyObject *reference) {
        PyObject *found;
    #if PY_VERSION_HEX >= 0x030D0000
        if (PyWeakref_GetRef(reference, &found) < 0)
            return NULL;
        if (found == NULL)
            found = Py_NewRef(Py_None);
    #else
        found = PyWeakref_GET_OBJECT(reference);
        Py_INCREF(found);
    #endif
        return found;
    }

    // GenericGetAttr, with what stands for an attribute that is not there: an `except` costs as much again
    static CYTHON_INLINE PyObject *relvar_attribute(PyObject *obj, PyObject *name, PyObject *otherwise) {
        PyObject *found = PyObject_GenericGetAttr(obj, name);
        if (found == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            found = Py_NewRef(otherwise);
        }
        return found;
    }
    """
    object attribute_or "relvar_attribute" (object obj, object name, object otherwise)
    # what a weak reference gives when it is called, without the call
    object referent "relvar_referent" (object reference)

# bits of State.flags, see attributes.py
cpdef enum:
    MODIFIED = 1
    EXPIRED = 2
    DELETED = 4
    WAS_DELETED = 8
    ORPHANED = 16
    TOKEN = 32
    PARTIAL = 64
    INSERTED = 128

# The object being probed: AttributeDescriptor.__get__ answers NO_VALUE for it, so `probe` gets a value without
# loading it.  Only CPython's own attribute lookup runs meanwhile, under the GIL.
cdef PyObject* _probed
cdef bint _elsewhere
cdef dict _sessions

cdef class LoadListeners:
    cdef public tuple load
    cdef public tuple refresh

cdef class Manager:
    cdef public object class_
    cdef public dict impls
    cdef public object mapper
    cdef public object base
    cdef public bint is_kept
    cdef public bint prepared
    cdef public bint plain_new
    cdef public bint plain_set
    cdef public object state_class
    cdef public tuple expirable
    cdef public frozenset expirable_set
    cdef public Py_ssize_t loaded_count
    cdef public object cascading
    cdef public bint deletes_alone
    cdef public object by_pk
    cdef public object on_new
    cdef public str discriminator
    cdef public object identity
    cdef public object values_of
    cdef public LoadListeners listeners

cdef class Changes:
    cdef public dict modified
    cdef public object guard
    cdef public object owner
    cdef object __weakref__

cdef class AttributeImpl:
    cdef public str key
    cdef public bint plain
    cdef public bint active_history
    cdef public object loader

# An old value of a state: a link of a chain, which the cyclic collector need not know of.
@cython.final
cdef class Before:
    cdef str key
    cdef object value
    cdef Before further
    cdef int count

    cdef bint has(self, object key) except -1
    cpdef list items(self)

cdef class State(ReferenceType):
    cdef public Manager manager
    cdef public object pk
    cdef public object load_options
    cdef public object peers
    # a `Before` or a dict, see `State.old`
    cdef object changes
    cdef public object expired_keys
    cdef public dict extra
    cdef public int session_id
    cdef public unsigned int flags
    cpdef object unexpire(self, str key)
    cpdef object expire_all(self, object obj)

cdef class AttributeDescriptor:
    cdef public str key
    cdef public object impl
    cdef public object _known_expression

cdef class DataDescriptor(AttributeDescriptor):
    pass

cdef class MappedObject:
    pass

cdef class ConstructedObject(MappedObject):
    pass

cdef int store(Manager manager, object obj, str name, object value) except -1
cpdef State get_state(object obj)
cpdef dict values_of(object obj)
cpdef object probe(object obj, str name)
cpdef int set_loaded(object obj, str name, object value) except -1
cpdef bint forget(object obj, str name) except -1
cdef int track(State state) except -1
cdef dict old_values(State state)
cdef int keep_old(State state, str key, object value) except -1
cpdef dict extras(State state)
cpdef State attach_state(object obj, Manager manager)
cpdef int begin(State state, object obj) except -1
cpdef object new_instance(Manager manager)
cpdef int mark_modified(State state, object obj) except -1
cpdef bint remembers(State state, str key) except -1
cpdef int remember(State state, str key, object value) except -1
cpdef int mark_clean(State state) except -1
cpdef int write_plain(State state, AttributeImpl impl, object obj, str name, object value) except -1
cpdef int write(object obj, str name, object value) except -1
cpdef int erase(object obj, str name) except -1
cpdef int construct(object obj, dict values) except -1
