cimport cython

from relvar._kernels.identity cimport SessionFields, given, is_clean
from relvar._kernels.lend cimport Clock
from relvar.orm.session.transaction cimport TransactionBase, transaction_of

cdef Clock clock

@cython.locals(transaction=TransactionBase)
cdef object _commit(SessionFields session)
@cython.locals(transaction=TransactionBase, outer=TransactionBase)
cdef object _end(SessionFields session, bint invalidate, bint for_good)
