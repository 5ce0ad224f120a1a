from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase

cpdef object execute_clause(ConnectionBase conn, object statement, object rows, object options)
cpdef object execute_plain(ConnectionBase conn, object statement, object rows)
