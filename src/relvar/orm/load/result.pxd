from relvar._kernels.lend cimport new_of
from relvar._kernels.loader cimport LoadContext, Loader, Run, finish, load_entities, load_rows
from relvar._kernels.unread cimport CursorRows
from relvar.orm.load.draft cimport LoadPlan
from relvar.orm.load.run cimport new_run

cdef class EntityRows:
    cdef public object _layout
    cdef public object _raw_source
    cdef public LoadPlan _plan
    cdef public tuple _items_plan
    cdef public LoadContext _load_context
    cdef public object _tree
    cdef public bint _source_supports_scalars
    cdef public bint _soft_closed
    cdef public bint _hard_closed
    cdef public object _unique
    cdef public object _pending
    cdef public object _yield_per

cdef class EntityView:
    cdef public EntityRows _real_result
    cdef public object _unique

cpdef object entity_result(
    object layout, object source, LoadPlan plan, tuple items, LoadContext context, object tree
)
cdef object _begin_rows(
    EntityRows result, object layout, object source, LoadPlan plan, tuple items, LoadContext context, object tree
)
cdef object _scalars(EntityRows result, object index)
cdef object _begin_view(EntityView view, EntityRows result)
cdef list _loaded(EntityRows result, list raw_rows)
cdef list _fetched(EntityRows result)
cdef object _raw_rows(CursorRows source)
cdef list _left(EntityRows result)
cdef list _at_once(EntityRows result)
cdef object _only_object(EntityView view, bint needed, bint single)
cdef object _close(EntityRows result, bint hard)
cdef bint _holds_one(list found, bint needed, bint single) except -1
