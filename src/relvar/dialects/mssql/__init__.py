"""
Microsoft SQL Server: the default dialect.
"""

from relvar.dialects.mssql.drivers.pyodbc import dialect as dialect
