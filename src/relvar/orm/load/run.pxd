from relvar._kernels.identity cimport SessionFields, given
from relvar._kernels.lend cimport Clock
from relvar._kernels.loader cimport LoadContext, Run, made_run

cdef Clock clock

cpdef Run new_run(SessionFields session, LoadContext context, object tree=*)
cpdef tuple given_by(object binds, object params)
cpdef Run sub_run(Run parent)
