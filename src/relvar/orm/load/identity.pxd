cimport cython

from relvar._kernels.attributes cimport Manager
from relvar._kernels.identity cimport SessionFields, given
from relvar._kernels.loader cimport LoadContext, Run, made_context
from relvar.orm.load.prepared cimport Prepared
from relvar.orm.load.run cimport new_run

@cython.locals(manager=Manager)
cpdef Prepared prepared_by_pk(object mapper, object tree, tuple path, bint is_lazy=*)
@cython.locals(context=LoadContext, run=Run)
cpdef object load_on_pk(
    SessionFields session,
    object mapper,
    object pk,
    object options=*,
    bint populate_existing=*,
    object with_for_update=*,
    object identity_token=*,
    object execution_options=*,
    object bind_arguments=*,
    Prepared prepared=*,
)
cpdef object only_one(object objects)
