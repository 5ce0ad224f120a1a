"""
MySQL and MariaDB through aiomysql, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.aiomysql import (
    AsyncAdapt_aiomysql_connection as AsyncAdapt_aiomysql_connection,
)
from relvar.dialects.mysql.drivers.aiomysql import AsyncAdapt_aiomysql_cursor as AsyncAdapt_aiomysql_cursor
from relvar.dialects.mysql.drivers.aiomysql import AsyncAdapt_aiomysql_dbapi as AsyncAdapt_aiomysql_dbapi
from relvar.dialects.mysql.drivers.aiomysql import (
    AsyncAdapt_aiomysql_ss_cursor as AsyncAdapt_aiomysql_ss_cursor,
)
from relvar.dialects.mysql.drivers.aiomysql import MariaDBDialect_aiomysql as MariaDBDialect_aiomysql
from relvar.dialects.mysql.drivers.aiomysql import MySQLDialect_aiomysql as MySQLDialect_aiomysql
from relvar.dialects.mysql.drivers.aiomysql import dialect as dialect

__all__ = [
    "AsyncAdapt_aiomysql_connection",
    "AsyncAdapt_aiomysql_cursor",
    "AsyncAdapt_aiomysql_dbapi",
    "AsyncAdapt_aiomysql_ss_cursor",
    "MariaDBDialect_aiomysql",
    "MySQLDialect_aiomysql",
    "dialect",
]
