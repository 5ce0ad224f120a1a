"""
MySQL and MariaDB through pyodbc, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.pyodbc import MariaDBDialect_pyodbc as MariaDBDialect_pyodbc
from relvar.dialects.mysql.drivers.pyodbc import MySQLDialect_pyodbc as MySQLDialect_pyodbc
from relvar.dialects.mysql.drivers.pyodbc import dialect as dialect

__all__ = ["MariaDBDialect_pyodbc", "MySQLDialect_pyodbc", "dialect"]
