"""
SQL types, under the address that older programs use.
"""

from relvar.types import *  # noqa: F403  # all of them
from relvar.types import NULLTYPE as NULLTYPE
from relvar.types import HasExpressionLookup as HasExpressionLookup
from relvar.types import _Binary as _Binary
from relvar.types.rules import type_for_value as _resolve_value_to_type  # noqa: F401  # a face
