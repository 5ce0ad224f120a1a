cimport cython

from relvar._kernels.identity cimport SessionFields, given
from relvar._kernels.keys cimport statement_key
from relvar._kernels.loader cimport LoadContext
from relvar.engine.plan cimport Plan
from relvar.engine.prepared cimport known_plan, run
from relvar.engine.transactions cimport ConnectionBase
from relvar.orm.load.draft cimport LoadPlan
from relvar.orm.load.run cimport given_by

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
