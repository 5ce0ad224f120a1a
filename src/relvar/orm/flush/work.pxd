from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock
from relvar.orm.flush.unit cimport UOWTransaction

cdef Clock clock

cpdef object flush(SessionFields session, object objects=*)
cdef list _collect(SessionFields session, UOWTransaction unit, object only)
cdef object _execute(UOWTransaction unit)
cdef object _live(UOWTransaction unit, object states)
cdef object _finish(SessionFields session, UOWTransaction unit, bint heard)
cdef object _finish_committed(SessionFields session, UOWTransaction unit)
cdef list _persist_simple(SessionFields session, object inserted)
cdef object _reset_clean(SessionFields session, object processed)
