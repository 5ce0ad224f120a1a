"""
The default dialect and its execution context, where dialects of others look for them.
"""

from relvar.dialect.context import DefaultExecutionContext as DefaultExecutionContext
from relvar.dialect.default import DefaultDialect as DefaultDialect
from relvar.dialect.stringify import StrCompileDialect as StrCompileDialect
