cimport cython

from relvar._kernels.binds cimport given_values
from relvar._kernels.identity cimport SessionFields
from relvar._kernels.lend cimport Clock
from relvar._kernels.loader cimport Connects, Run, finish, load_entities, load_rows
from relvar._kernels.unread cimport fetch_all
from relvar.engine.plan cimport Plan as EnginePlan
from relvar.engine.prepared cimport known_plan
from relvar.engine.prepared cimport run as run_plan
from relvar.orm.load.draft cimport LoadPlan

cdef Clock clock
cdef Connects connects

cdef class Prepared:
    cdef public object statement
    cdef public object plan
    cdef public tuple binds
    cdef public object followed
    cdef public tuple key

    @cython.locals(plan=EnginePlan)
    cpdef tuple fetch(self, Run run, object conn, object values, tuple followed, object options)
    @cython.locals(session=SessionFields, plan=LoadPlan)
    cpdef list objects(self, Run run, object values, object tree, tuple told)
    @cython.locals(session=SessionFields, plan=LoadPlan)
    cpdef list tuples(self, Run run, object values, object tree, tuple told)
