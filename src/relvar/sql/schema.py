"""
Tables, columns and constraints, under the address that older programs use.
"""

from relvar.schema import *  # noqa: F403  # all of them
from relvar.schema.base import table_key as _get_table_key  # noqa: F401  # a face
