"""
MySQL and MariaDB through CyMySQL, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.cymysql import MariaDBDialect_cymysql as MariaDBDialect_cymysql
from relvar.dialects.mysql.drivers.cymysql import MySQLDialect_cymysql as MySQLDialect_cymysql
from relvar.dialects.mysql.drivers.cymysql import dialect as dialect

__all__ = ["MariaDBDialect_cymysql", "MySQLDialect_cymysql", "dialect"]
