"""
Operators as functions, and the methods that stand for them.
"""

from relvar.expr.operate import ColumnOperators as ColumnOperators
from relvar.expr.operate import Operators as Operators
from relvar.expr.operators import *  # noqa: F403  # all of them
from relvar.expr.operators import OperatorType as OperatorType
from relvar.expr.operators import custom_op as custom_op
from relvar.types.operator_class import OperatorClass as OperatorClass
