from relvar._kernels.attributes cimport Manager
from relvar._kernels.identity cimport SessionFields

cdef object _loaded(SessionFields session, object entity, object ident)
cdef object _own_mapper(Manager manager, object entity)
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
