"""
Keys and comparison of elements.
"""

from relvar.expr.node import CacheKey as CacheKey
from relvar.expr.node import HasCacheKey as HasCacheKey
