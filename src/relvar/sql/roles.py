"""
What an element may stand for; each is a class for ``isinstance`` tests.
"""

from relvar.expr.rolenames import *  # noqa: F403  # all of them
