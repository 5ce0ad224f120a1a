cimport cython

from relvar._kernels.identity cimport SessionFields, bind_of, given
from relvar._kernels.lend cimport Clock
from relvar._kernels.loader cimport Connecting, Connects, LoadContext
from relvar._kernels.own cimport item_of
from relvar.engine.transactions cimport EngineBase
from relvar.orm.load.execute cimport Told, execute_select, told_by
from relvar.orm.session.transaction cimport Link, TransactionBase, transaction_of

cdef Clock clock
cdef Connects connects

@cython.locals(told=Told)
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
@cython.locals(transaction=TransactionBase, context=TransactionBase, engine=EngineBase)
cdef object _connection(
    SessionFields session, object mapper, object clause, object bind_arguments, object options, object make
)
cdef object _connection_to_load(SessionFields session, LoadContext context, object mapper, object make)
cdef class _SessionConnecting(Connecting):
    cpdef object of(
        self, SessionFields session, object mapper, object clause, object bind_arguments, object options
    )
    cpdef object to_load(self, SessionFields session, LoadContext context, object mapper, object make)

@cython.locals(link=Link)
cdef object _used(TransactionBase transaction, object bind)
