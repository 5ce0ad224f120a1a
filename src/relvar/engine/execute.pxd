cimport cython

from relvar._kernels.binds cimport bind_parameters
from relvar._kernels.keys cimport statement_key
from relvar._kernels.lend cimport new_of
from relvar._kernels.rows cimport CursorReading, begin_reading
from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase, EngineBase
from relvar.util.lru cimport Recent

cpdef object execute_clause(ConnectionBase conn, object statement, object rows, object options)
@cython.locals(engine=EngineBase, plan=Plan, known=Recent, result=CursorReading)
cpdef object execute_plain(ConnectionBase conn, object statement, object rows)
