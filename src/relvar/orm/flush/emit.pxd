cimport cython

from relvar._kernels.attributes cimport State as StateFields
from relvar._kernels.lend cimport Clock
from relvar._kernels.own cimport instance_dict
from relvar.orm.flush.changes cimport Batch, insert_batches
from relvar.orm.flush.facts cimport ColumnFacts, MapperFacts, TableFacts, facts_of, has_uniques
from relvar.orm.flush.inserts cimport emit_insert
from relvar.orm.flush.unit cimport UOWTransaction

cdef Clock clock

cdef class Contexts:
    cdef object connection
    cdef bint isinsert

cpdef object save_states(UOWTransaction unit, object base, object states)
@cython.locals(facts=MapperFacts, table=TableFacts)
cdef object _save_together(UOWTransaction unit, object base, object states)
cdef object _set_discriminator(MapperFacts facts, object states)
@cython.locals(version=ColumnFacts, batch=Batch)
cdef object _insert(UOWTransaction unit, object connection, MapperFacts facts, TableFacts table, list states)
@cython.locals(state=StateFields)
cdef dict _take_overs(UOWTransaction unit, object base, list pending)
@cython.locals(own=dict)
cdef bint _anybody_listens(object base) except -1
