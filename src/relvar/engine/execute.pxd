cimport cython

from relvar._kernels.binds cimport bind_parameters
from relvar._kernels.keys cimport statement_key
from relvar._kernels.lend cimport Clock, new_of
from relvar._kernels.own cimport instance_dict
from relvar._kernels.rows cimport CursorReading, begin_reading
from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase, EngineBase
from relvar.util.lru cimport Recent

cdef Clock clock
cdef dict _ways

cdef class Way:
    cdef bint in_dict
    cdef bint is_clause
    cdef bint is_function
    cdef object options
    cdef object params

@cython.locals(way=Way, own=dict)
cpdef object execute(ConnectionBase conn, object statement, object parameters, object options)
@cython.locals(way=Way)
cdef Way _way_of(object statement)
cpdef object execute_clause(ConnectionBase conn, object statement, object rows, object options)
@cython.locals(engine=EngineBase, plan=Plan, known=Recent, result=CursorReading)
cpdef object execute_plain(ConnectionBase conn, object statement, object rows)
