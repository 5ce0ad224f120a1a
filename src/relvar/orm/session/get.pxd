cimport cython

from relvar._kernels.attributes cimport Manager
from relvar._kernels.identity cimport SessionFields
from relvar.orm.load.identity cimport load_on_pk
from relvar.orm.load.prepared cimport Prepared

cdef object _loaded(SessionFields session, object entity, object ident)
cdef object _own_mapper(Manager manager, object entity)
@cython.locals(found=Prepared)
cdef Prepared _by_one_value(Manager manager)
cdef object _found(SessionFields session, Manager manager, object pk)
cpdef object find(
    SessionFields session,
    object entity,
    object ident,
    object options=*,
    object populate_existing=*,
    object with_for_update=*,
    object identity_token=*,
    object execution_options=*,
    object bind_arguments=*,
)
