cimport cython

from relvar._kernels.own cimport instance_dict

cdef class ColumnFacts:
    cdef public object column
    cdef public object default
    cdef public object onupdate
    cdef public object key
    cdef public object name
    cdef public Py_ssize_t index
    cdef public int when_missing
    cdef public bint eval_none
    cdef public bint is_pk
    cdef public bint is_server_set
    cdef public bint is_server_updated
    cdef public bint write

cdef class TableFacts:
    cdef public object table
    cdef public dict by_key
    cdef public dict by_name
    cdef public tuple columns
    cdef public tuple copied
    cdef public list counted
    cdef public tuple find
    cdef public bint follows_key
    cdef public ColumnFacts generated
    cdef public bint has_values_after_update
    cdef public tuple insert_arguments
    cdef public bint is_plain_key
    cdef public bint is_plain_update
    cdef public tuple pk
    cdef public tuple pk_keys
    cdef public tuple plain_on_update
    cdef public dict positions
    cdef public tuple server_set
    cdef public tuple server_updated
    cdef public tuple signature
    cdef public tuple uniques
    cdef public ColumnFacts version
    cdef public dict ways
    cdef public tuple with_onupdate

cdef class MapperFacts:
    cdef public object mapper
    cdef public object spreading
    cdef public Py_ssize_t size
    cdef public bint can_be_orphan
    cdef public dict cascades
    cdef public tuple column_keys
    cdef public frozenset known_keys
    cdef public tuple pk_keys
    cdef public object pk_of_pair
    cdef public tuple polymorphic
    cdef public tuple relationships
    cdef public tuple tables
    cdef public tuple touched_by_insert
    cdef public tuple touched_by_update
    cdef public object version_generator

@cython.locals(facts=MapperFacts, own=dict)
cpdef MapperFacts facts_of(object mapper)
@cython.locals(own=dict)
cpdef bint has_uniques(object base) except -1
