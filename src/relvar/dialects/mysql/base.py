"""
The dialect of MySQL and MariaDB and its compilers, under the address that older programs use.
"""

from relvar.dialects.mysql.compiler import MySQLCompiler as MySQLCompiler
from relvar.dialects.mysql.ddl import MySQLDDLCompiler as MySQLDDLCompiler
from relvar.dialects.mysql.ddl import MySQLTypeCompiler as MySQLTypeCompiler
from relvar.dialects.mysql.dialect import MySQLDialect as MySQLDialect
from relvar.dialects.mysql.dialect import MySQLExecutionContext as MySQLExecutionContext
from relvar.dialects.mysql.names import MariaDBIdentifierPreparer as MariaDBIdentifierPreparer
from relvar.dialects.mysql.names import MySQLIdentifierPreparer as MySQLIdentifierPreparer
from relvar.dialects.mysql.types import COLSPECS as colspecs
from relvar.dialects.mysql.types import ISCHEMA_NAMES as ischema_names

__all__ = [
    "MariaDBIdentifierPreparer",
    "MySQLCompiler",
    "MySQLDDLCompiler",
    "MySQLDialect",
    "MySQLExecutionContext",
    "MySQLIdentifierPreparer",
    "MySQLTypeCompiler",
    "colspecs",
    "ischema_names",
]
