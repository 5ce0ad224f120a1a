"""
Names of constraints.
"""

from relvar.expr.names import NONE_NAME as _NONE_NAME  # noqa: F401  # a face
from relvar.expr.names import conv as conv
