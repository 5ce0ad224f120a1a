cimport cython

from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock
from relvar.orm.session.transaction cimport Link, TransactionBase

cdef Clock clock

cdef object _executed(
    SessionFields session,
    object statement,
    object params,
    object execution_options,
    object bind_arguments,
    object parent,
    object add_event,
    object load,
)
@cython.locals(transaction=TransactionBase)
cdef object _connection(
    SessionFields session, object mapper, object clause, object bind_arguments, object options, object make
)
@cython.locals(link=Link)
cdef object _used(TransactionBase transaction, object bind)
