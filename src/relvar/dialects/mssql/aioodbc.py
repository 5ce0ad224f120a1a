"""
SQL Server through aioodbc, under the address that older programs use.
"""

from relvar.dialects.mssql.drivers.aioodbc import MSDialectAsync_aioodbc as MSDialectAsync_aioodbc
from relvar.dialects.mssql.drivers.aioodbc import MSExecutionContext_aioodbc as MSExecutionContext_aioodbc
from relvar.dialects.mssql.drivers.aioodbc import dialect as dialect

__all__ = ["MSDialectAsync_aioodbc", "MSExecutionContext_aioodbc", "dialect"]
