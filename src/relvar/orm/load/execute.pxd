cimport cython

from relvar._kernels.identity cimport SessionFields, given
from relvar._kernels.keys cimport entities_key, statement_key
from relvar._kernels.loader cimport Connects, LoadContext, made_context
from relvar._kernels.own cimport instance_dict, item_of
from relvar.engine.plan cimport Plan
from relvar.engine.prepared cimport known_plan, run
from relvar.engine.transactions cimport ConnectionBase
from relvar.orm.load.draft cimport LoadPlan
from relvar.orm.load.result cimport entity_result
from relvar.orm.load.run cimport given_by

cdef Connects connects
cdef dict _by_class

cdef class Told:
    cdef readonly bint can_run
    cdef readonly bint in_dict
    cdef readonly bint is_dml
    cdef readonly bint is_from_statement
    cdef readonly bint is_select
    cdef readonly object columns
    cdef readonly object execution_options
    cdef readonly object options
    cdef readonly object params
    cdef readonly object propagated
    cdef readonly object resolved
    cdef readonly bint resolves

@cython.locals(known=Told, told=Told, own=dict)
cpdef Told told_by(object statement)
@cython.locals(told=Told)
cdef Told _told_by_class(object cls)
@cython.locals(told=Told)
cdef Told _read(object statement, bint can_run)
cpdef object execute_select(
    SessionFields session,
    object statement,
    Told told,
    object params,
    object execution_options,
    object bind_arguments,
)
@cython.locals(load=LoadPlan, plan=Plan)
cdef object _result(
    SessionFields session,
    ConnectionBase connection,
    object statement,
    Told told,
    object params,
    object options,
    object running,
)
