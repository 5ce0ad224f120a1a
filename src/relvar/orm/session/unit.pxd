cimport cython

from relvar._kernels.identity cimport SessionFields, given, is_clean
from relvar._kernels.lend cimport Clock
from relvar.orm.flush.work cimport flush
from relvar.orm.session.transaction cimport TransactionBase, transaction_of

cdef Clock clock

@cython.locals(transaction=TransactionBase)
cdef object _commit(SessionFields session)
@cython.locals(transaction=TransactionBase)
cdef object _connection_for_flush(SessionFields session, object mapper)
@cython.locals(transaction=TransactionBase)
cdef object _flush(SessionFields session, object objects)
@cython.locals(transaction=TransactionBase, outer=TransactionBase)
cdef object _end(SessionFields session, bint invalidate, bint closes)
