"""
The legacy ``Query``: the interface of old programs, over ``select()``.
"""

from relvar.orm.query.query import Query as Query

__all__ = ["Query"]
