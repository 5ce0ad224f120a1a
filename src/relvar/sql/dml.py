"""
INSERT, UPDATE and DELETE, under the address that older programs use.
"""

from relvar.compile.compilestate import DMLState as DMLState
from relvar.stmt.delete import Delete as Delete
from relvar.stmt.delete import delete as delete
from relvar.stmt.dml import DMLWhereBase as DMLWhereBase
from relvar.stmt.dml import UpdateBase as UpdateBase
from relvar.stmt.dml import ValuesBase as ValuesBase
from relvar.stmt.insert import Insert as Insert
from relvar.stmt.insert import insert as insert
from relvar.stmt.update import DMLTargetCopy as DMLTargetCopy
from relvar.stmt.update import Update as Update
from relvar.stmt.update import from_dml_column as from_dml_column
from relvar.stmt.update import update as update
