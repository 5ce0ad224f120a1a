"""
MySQL and MariaDB through MariaDB Connector/Python, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.mariadbconnector import (
    MariaDBDialect_mariadbconnector as MariaDBDialect_mariadbconnector,
)
from relvar.dialects.mysql.drivers.mariadbconnector import (
    MySQLDialect_mariadbconnector as MySQLDialect_mariadbconnector,
)
from relvar.dialects.mysql.drivers.mariadbconnector import dialect as dialect
from relvar.dialects.mysql.drivers.mariadbconnector import mariadb_dialect as mariadb_dialect

__all__ = ["MariaDBDialect_mariadbconnector", "MySQLDialect_mariadbconnector", "dialect", "mariadb_dialect"]
