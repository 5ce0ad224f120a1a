"""
The dialect of Microsoft SQL Server and its compilers, under the address that older programs use.
"""

from relvar.dialects.mssql.compiler import MSSQLCompiler as MSSQLCompiler
from relvar.dialects.mssql.ddl import MSDDLCompiler as MSDDLCompiler
from relvar.dialects.mssql.dialect import MSDialect as MSDialect
from relvar.dialects.mssql.execution import MSExecutionContext as MSExecutionContext
from relvar.dialects.mssql.names import MSIdentifierPreparer as MSIdentifierPreparer
from relvar.dialects.mssql.types import COLSPECS as colspecs
from relvar.dialects.mssql.types import ISCHEMA_NAMES as ischema_names
from relvar.dialects.mssql.typesql import MSTypeCompiler as MSTypeCompiler

__all__ = [
    "MSDDLCompiler",
    "MSDialect",
    "MSExecutionContext",
    "MSIdentifierPreparer",
    "MSSQLCompiler",
    "MSTypeCompiler",
    "colspecs",
    "ischema_names",
]
