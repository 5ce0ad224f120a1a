cimport cython

from relvar._kernels.identity cimport SessionFields
from relvar._kernels.loader cimport LoadContext
from relvar.engine.plan cimport Plan
from relvar.engine.transactions cimport ConnectionBase
from relvar.orm.load.draft cimport LoadPlan

cpdef object execute_select(
    SessionFields session,
    object statement,
    object params=*,
    object execution_options=*,
    object bind_arguments=*,
)
@cython.locals(load=LoadPlan, plan=Plan)
cdef object _result(
    SessionFields session,
    ConnectionBase connection,
    object statement,
    object params,
    object options,
    object running,
)
