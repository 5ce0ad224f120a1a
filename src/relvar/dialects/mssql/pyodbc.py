"""
SQL Server through pyodbc, under the address that older programs use.
"""

from relvar.dialects.mssql.drivers.pyodbc import MSDialect_pyodbc as MSDialect_pyodbc
from relvar.dialects.mssql.drivers.pyodbc import dialect as dialect

__all__ = ["MSDialect_pyodbc", "dialect"]
