"""
MySQL and MariaDB through MySQL Connector/Python, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.mysqlconnector import (
    MariaDBDialect_mysqlconnector as MariaDBDialect_mysqlconnector,
)
from relvar.dialects.mysql.drivers.mysqlconnector import (
    MySQLDialect_mysqlconnector as MySQLDialect_mysqlconnector,
)
from relvar.dialects.mysql.drivers.mysqlconnector import dialect as dialect
from relvar.dialects.mysql.drivers.mysqlconnector import mariadb_dialect as mariadb_dialect

__all__ = ["MariaDBDialect_mysqlconnector", "MySQLDialect_mysqlconnector", "dialect", "mariadb_dialect"]
