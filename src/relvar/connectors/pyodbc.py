"""
Databases reached through pyodbc, under the address that older programs use.
"""

from relvar.dialect.odbc import PyODBCConnector as PyODBCConnector

__all__ = ["PyODBCConnector"]
