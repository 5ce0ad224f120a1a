"""
MySQL and MariaDB through PyMySQL, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.pymysql import MariaDBDialect_pymysql as MariaDBDialect_pymysql
from relvar.dialects.mysql.drivers.pymysql import MySQLDialect_pymysql as MySQLDialect_pymysql
from relvar.dialects.mysql.drivers.pymysql import dialect as dialect

__all__ = ["MariaDBDialect_pymysql", "MySQLDialect_pymysql", "dialect"]
