cimport cython

from relvar._kernels.attributes cimport Manager, State
from relvar._kernels.identity cimport IdentityMap, SessionFields

cdef class Loader:
    cdef public object mapper
    cdef public object base
    cdef public Manager manager
    cdef public tuple pk
    cdef public tuple keys
    cdef public tuple indexes
    cdef public tuple processors
    cdef public tuple joined
    cdef public tuple posts
    cdef public tuple discriminator
    cdef public object polymorphic
    cdef public object unknown
    cdef public tuple forgotten
    cdef public bint is_partial
    cdef public bint is_beyond
    cdef public bint is_refresh
    cdef public bint is_special
    cdef public bint overwrites
    cdef public bint repeats
    cdef public object gathers
    cdef public bint allow_partial_pks
    cdef public tuple path
    cdef public frozenset key_set
    cdef Py_ssize_t pk_index
    cdef object pk_processor
    cdef Py_ssize_t count
    cdef bint has_processors
    cdef int* slots

@cython.final
cdef class LoadContext:
    cdef public SessionFields session
    cdef public object connection
    cdef public object statement
    cdef public object binds
    cdef public object execution_options
    cdef public object bind_arguments
    cdef public object site

cdef class Run:
    cdef public SessionFields session
    cdef public IdentityMap identity_map
    cdef public int session_id
    cdef public bint populate
    cdef public State refresh
    cdef public bint refreshed
    cdef public object only
    cdef public object token
    cdef public object tree
    cdef public object on_persistent
    cdef public LoadContext context
    cdef public list actives
    cdef public dict queue
    cdef public object cohorts
    cdef public tuple given

cdef class Connecting:
    cpdef object of(
        self, SessionFields session, object mapper, object clause, object bind_arguments, object options
    )
    cpdef object to_load(self, SessionFields session, LoadContext context, object mapper, object make)

@cython.final
cdef class Connects:
    cdef public Connecting by

cpdef Run made_run(
    SessionFields session, IdentityMap identity_map, LoadContext context=*, object tree=*, object on_persistent=*
)
cpdef LoadContext made_context(
    SessionFields session, object connection=*, object statement=*, object binds=*, object execution_options=*
)
cpdef object finish(Run run)
cpdef list load_entities(list rows, Loader loader, Run run)
cpdef list load_rows(object rows, object items, Run run)
