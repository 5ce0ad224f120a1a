"""
MySQL and MariaDB through asyncmy, under the address that older programs use.
"""

from relvar.dialects.mysql.drivers.asyncmy import (
    AsyncAdapt_asyncmy_connection as AsyncAdapt_asyncmy_connection,
)
from relvar.dialects.mysql.drivers.asyncmy import AsyncAdapt_asyncmy_cursor as AsyncAdapt_asyncmy_cursor
from relvar.dialects.mysql.drivers.asyncmy import AsyncAdapt_asyncmy_dbapi as AsyncAdapt_asyncmy_dbapi
from relvar.dialects.mysql.drivers.asyncmy import AsyncAdapt_asyncmy_ss_cursor as AsyncAdapt_asyncmy_ss_cursor
from relvar.dialects.mysql.drivers.asyncmy import MariaDBDialect_asyncmy as MariaDBDialect_asyncmy
from relvar.dialects.mysql.drivers.asyncmy import MySQLDialect_asyncmy as MySQLDialect_asyncmy
from relvar.dialects.mysql.drivers.asyncmy import dialect as dialect

__all__ = [
    "AsyncAdapt_asyncmy_connection",
    "AsyncAdapt_asyncmy_cursor",
    "AsyncAdapt_asyncmy_dbapi",
    "AsyncAdapt_asyncmy_ss_cursor",
    "MariaDBDialect_asyncmy",
    "MySQLDialect_asyncmy",
    "dialect",
]
