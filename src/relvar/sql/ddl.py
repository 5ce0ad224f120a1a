"""
DDL statements, under the address that older programs use.
"""

from relvar.schema.ddl import *  # noqa: F403  # all of them
from relvar.schema.ddl import _CreateDropBase as _CreateDropBase
from relvar.schema.emit import *  # noqa: F403  # all of them
from relvar.schema.sort import sort_tables as sort_tables
from relvar.schema.sort import sort_tables_and_constraints as sort_tables_and_constraints
from relvar.schema.views import CreateTableAs as CreateTableAs
from relvar.schema.views import CreateView as CreateView
