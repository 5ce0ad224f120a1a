"""
Names of constraints.
"""

from relvar.expr.names import conv as conv
