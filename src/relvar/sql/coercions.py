"""
Taking arguments for a role, under the address that older programs use.
"""

from relvar.expr.expect import expect as expect
