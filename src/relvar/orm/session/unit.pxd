cimport cython

from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock
from relvar.orm.session.transaction cimport TransactionBase

cdef Clock clock

cdef object _transaction_of(SessionFields session, bint begin)
@cython.locals(transaction=TransactionBase)
cdef object _commit(SessionFields session)
@cython.locals(transaction=TransactionBase, outer=TransactionBase)
cdef object _end(SessionFields session, bint invalidate, bint for_good)
