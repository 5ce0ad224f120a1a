from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock
from relvar.orm.session.transaction cimport transaction_of

cdef Clock clock

cdef list _all_of(SessionFields session)
cdef bint _added(SessionFields session, object instance) except -1
