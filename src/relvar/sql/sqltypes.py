"""
SQL types, under the address that older programs use.
"""

from relvar.types import *  # noqa: F403  # all of them
from relvar.types import NULLTYPE as NULLTYPE
from relvar.types import _Binary as _Binary
