"""
Tables, columns and constraints, under the address that older programs use.
"""

from relvar.schema import *  # noqa: F403  # all of them
from relvar.schema.base import NULL_UNSPECIFIED as NULL_UNSPECIFIED
from relvar.schema.base import RETAIN_SCHEMA as RETAIN_SCHEMA
from relvar.schema.base import HasSchemaAttr as HasSchemaAttr
from relvar.schema.base import SchemaEventTarget as SchemaEventTarget
from relvar.schema.base import table_key as _get_table_key  # noqa: F401  # a face
from relvar.schema.sequence import IdentityOptions as IdentityOptions
