cimport cython

from relvar._kernels.identity cimport SessionFields, given, is_clean
from relvar._kernels.lend cimport Clock, new_of
from relvar.engine.transactions cimport ConnectionBase, EngineBase
from relvar.engine.transactions cimport TransactionBase as DatabaseTransaction

cdef Clock clock

cdef class Snapshot:
    cdef public dict new
    cdef public dict deleted
    cdef public dict dirty
    cdef public dict key_switches
    cdef public Py_ssize_t sweep_at

@cython.freelist(8)
cdef class Link:
    cdef public object bind
    cdef public object connection
    cdef public object engine
    cdef public object transaction
    cdef public bint owns_transaction
    cdef public bint closes_connection

cdef class TransactionBase:
    cdef public object origin
    cdef public bint nested
    cdef public SessionFields _session
    cdef public TransactionBase _parent
    cdef public bint _is_boundary
    cdef public tuple _links
    cdef public object _rollback_exception
    cdef public tuple _context
    cdef public TransactionBase _previous_nested
    cdef public object _state
    cdef public bint _has_committed
    cdef public object _busy
    cdef public Snapshot _kept_snapshot
    cdef object __weakref__

    cpdef object _open_session(self)
    cpdef bint _can_run(self)
    @cython.locals(found=TransactionBase)
    cpdef TransactionBase _boundary(self)
    @cython.locals(outer=TransactionBase)
    cpdef object _check_idle(self, object method)
    @cython.locals(link=Link)
    cpdef object _link_for(self, object bind)
    @cython.locals(link=Link)
    cpdef object _connection_for_bind(self, object bind, object execution_options=*)
    @cython.locals(session=SessionFields, link=Link)
    cpdef object _connect_to(self, object bind, object execution_options)
    @cython.locals(session=SessionFields, link=Link)
    cpdef object _new_link(self, object bind, object execution_options)
    @cython.locals(session=SessionFields, link=Link)
    cpdef object _commit_quietly(self)
    cpdef object _finish(self, bint invalidate)
    @cython.locals(session=SessionFields, parent=TransactionBase, link=Link)
    cpdef object _close(self, bint invalidate=*)
    cpdef object _keep(self, SessionFields session)

@cython.locals(boundary=TransactionBase)
cdef Snapshot _snapshot_of(TransactionBase transaction)
@cython.locals(known=ConnectionBase)
cdef object _begun(object connection)
@cython.locals(known=ConnectionBase)
cdef object _engine_of(object connection)
@cython.locals(known=DatabaseTransaction)
cdef bint _is_active(Link link) except -1
@cython.locals(known=ConnectionBase)
cdef object _roll_back_and_close(Link link)
@cython.locals(known=ConnectionBase)
cdef object _give_back(Link link)
@cython.locals(known=DatabaseTransaction)
cdef object _commit(Link link)
@cython.locals(transaction=TransactionBase, context=TransactionBase)
cpdef object transaction_of(SessionFields session, bint begin)
cdef object _new_transaction(SessionFields session, object origin, TransactionBase parent)
cdef object _set_up(TransactionBase transaction, SessionFields session, object origin, TransactionBase parent)
