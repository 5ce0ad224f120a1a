"""
MariaDB's dialect under its own module name.
"""

from relvar.dialects.mysql.dialect import MariaDBDialect as MariaDBDialect
from relvar.dialects.mysql.drivers.mysqldb import MariaDBDialect_mysqldb as dialect

__all__ = ["MariaDBDialect", "dialect"]
