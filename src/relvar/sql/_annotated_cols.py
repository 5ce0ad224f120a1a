"""
Columns listed by a class, under the address that other programs use.
"""

from relvar.schema.typedcolumns import HasRowPos as HasRowPos
from relvar.schema.typedcolumns import Named as Named
from relvar.schema.typedcolumns import TypedColumns as TypedColumns
