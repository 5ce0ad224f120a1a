"""
Annotations of elements.
"""

from relvar.expr.annotate import Annotated as Annotated
from relvar.expr.annotate import SupportsAnnotations as SupportsAnnotations
