"""
SQL Server through pymssql, under the address that older programs use.
"""

from relvar.dialects.mssql.drivers.pymssql import MSDialect_pymssql as MSDialect_pymssql
from relvar.dialects.mssql.drivers.pymssql import MSIdentifierPreparer_pymssql as MSIdentifierPreparer_pymssql
from relvar.dialects.mssql.drivers.pymssql import dialect as dialect

__all__ = ["MSDialect_pymssql", "MSIdentifierPreparer_pymssql", "dialect"]
