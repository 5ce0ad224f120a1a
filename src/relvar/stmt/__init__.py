"""
Statements: SELECT and combinations, INSERT, UPDATE, DELETE, text with columns.

Importing the package imports all that other modules rely on: see `relvar.expr`.
"""

from relvar.stmt import compound as compound
from relvar.stmt import delete as delete
from relvar.stmt import insert as insert
from relvar.stmt import scalar as scalar
from relvar.stmt import select as select
from relvar.stmt import update as update
