cimport cython

from relvar._kernels.binds cimport bind_parameters
from relvar._kernels.keys cimport statement_key
from relvar._kernels.lend cimport Clock
from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase, EngineBase
from relvar.util.lru cimport Recent

cdef Clock clock

@cython.locals(engine=EngineBase, known=Recent)
cpdef object known_plan(ConnectionBase conn, object key)
cpdef object run(ConnectionBase conn, Plan plan, object binds, object params=*, object options=*)
cpdef object run_rows(ConnectionBase conn, Plan plan, object binds, object params=*, object options=*)
cpdef object run_each(ConnectionBase conn, Plan plan, object rows)
