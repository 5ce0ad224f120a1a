"""
SQL Server through mssql-python, under the address that older programs use.
"""

from relvar.dialects.mssql.drivers.mssqlpython import MSDialect_mssqlpython as MSDialect_mssqlpython
from relvar.dialects.mssql.drivers.mssqlpython import dialect as dialect

__all__ = ["MSDialect_mssqlpython", "dialect"]
