"""
Tables, columns and constraints, under the address that older programs use.
"""

from relvar.schema import *  # noqa: F403  # all of them
from relvar.schema import _get_table_key as _get_table_key
