"""
MySQL and MariaDB through mysqlclient, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.mysqldb import MariaDBDialect_mysqldb as MariaDBDialect_mysqldb
from relvar.dialects.mysql.drivers.mysqldb import MySQLDialect_mysqldb as MySQLDialect_mysqldb
from relvar.dialects.mysql.drivers.mysqldb import dialect as dialect

__all__ = ["MariaDBDialect_mysqldb", "MySQLDialect_mysqldb", "dialect"]
