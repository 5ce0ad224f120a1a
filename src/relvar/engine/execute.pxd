cimport cython

from relvar._kernels.rows cimport CursorReading
from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase

cpdef object execute_clause(ConnectionBase conn, object statement, object rows, object options)
@cython.locals(plan=Plan, result=CursorReading)
cpdef object execute_plain(ConnectionBase conn, object statement, object rows)
