cimport cython

from relvar._kernels.attributes cimport Manager
from relvar._kernels.attributes cimport State as StateFields
from relvar._kernels.identity cimport IdentityMap, SessionFields
from relvar._kernels.lend cimport Clock
from relvar.orm.flush.emit cimport save_states
from relvar.orm.flush.facts cimport MapperFacts, facts_of
from relvar.orm.flush.unit cimport UOWTransaction

cdef Clock clock

cpdef object flush(SessionFields session, object objects=*)
@cython.locals(state=StateFields, manager=Manager, last_manager=Manager)
cdef list _collect(SessionFields session, UOWTransaction unit, object only)
cdef object _execute(UOWTransaction unit)
cdef object _live(UOWTransaction unit, object states)
@cython.locals(identity_map=IdentityMap)
cdef object _finish(SessionFields session, UOWTransaction unit, bint heard)
cdef object _finish_committed(SessionFields session, UOWTransaction unit)
@cython.locals(facts=MapperFacts, identity_map=IdentityMap)
cdef list _persist_simple(SessionFields session, object inserted, dict fresh)
cdef object _reset_clean(SessionFields session, object processed)
